"""Read data/boundaries: district outlines and the assignment of small areas."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import LONLAT
from kyodo_geo.sources.manifest import Store
from kyodo_geo.sources.tables import one_of, small_area_key

CONFIDENCES = ("high", "medium", "low", "provisional")


def load_outlines(store: Store) -> tuple[gpd.GeoSeries, pd.DataFrame]:
    """Return the latest outlines (EPSG:4326) and the names (columns district, area), both by district_code."""
    with store.reading("districts"):
        features = json.loads(store.bytes_of("districts"))["features"]
        codes = pd.Index(
            [feature["properties"]["district_code"] for feature in features], name="district_code"
        )
        shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
        names = pd.DataFrame([feature["properties"] for feature in features], index=codes)[
            ["district", "area"]
        ]
        return gpd.GeoSeries(shapes, index=codes, crs=LONLAT), names


def load_small_areas(store: Store) -> pd.DataFrame:
    """Return one row a small area, indexed by key (see small_area_key): text columns, and km2 as a number."""
    with store.reading("small_areas"):
        table = store.table("small_areas")
        keys = pd.Index([small_area_key(row) for row in table], name="key")
        frame = pd.DataFrame([row.cells for row in table], index=keys)
        for word in frame["confidence"].unique():
            one_of(word, CONFIDENCES)
        return frame.assign(km2=frame["km2"].astype(float))
