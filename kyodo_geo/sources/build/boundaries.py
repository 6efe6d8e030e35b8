"""Build data/boundaries: district outlines dissolved from small areas, and the table that assigns them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import to_lonlat, to_plane
from geo.measure import area_km2
from geo.read import read_frame
from geo.topology import clean_coverage, round_lonlat, simplify_coverage
from geo.transfer import dissolve
from kyodo_geo.districts import require_same_keys
from kyodo_geo.sources.build.writing import Notes, csv_bytes, read_source
from kyodo_geo.sources.tables import Row, small_area_key

SIMPLIFY_M = 40.0  # half a millimetre on a 1:80,000 print: not seen on an A4 map of a city
_SMALL_AREA_COLUMNS = (
    "key_code", "part", "name", "area", "district_code", "confidence", "evidence", "lat", "lon", "km2", "ward_hint",
)  # fmt: skip


def build_boundaries(sources: Path, notes: Notes) -> dict[str, bytes]:
    """Return the files of data/boundaries by name.

    Raises KeyMismatch when the assignment and the polygons do not speak of the same small areas.
    """
    polygons = read_frame(sources / "small_areas_2020.geojson", key=("key_code", "part"))
    assigned = _assignment(sources)
    require_same_keys(polygons.index, assigned.index, what="district_assignment.csv")
    cleaned = clean_coverage(to_plane(polygons).geometry)
    areas = assigned["area"].groupby(assigned["district_code"]).unique()
    return {
        "districts.geojson": _geojson(_outlines(cleaned, assigned["district_code"]), sources, areas),
        "small_areas.csv": _small_areas(assigned, area_km2(cleaned), notes),
    }


def _assignment(sources: Path) -> pd.DataFrame:
    places = read_source(
        sources, "small_areas_2020.csv", ("key_code", "part", "name", "area", "lat", "lon", "ward_hint")
    )
    given = read_source(
        sources, "district_assignment.csv", ("key_code", "part", "district_code", "confidence", "evidence")
    )
    frames = [_indexed(table.rows) for table in (places, given)]
    require_same_keys(frames[0].index, frames[1].index, what="district_assignment.csv")
    right = frames[1][["district_code", "confidence", "evidence"]].reindex(frames[0].index)
    return frames[0].join(right)


def _indexed(rows: Sequence[Row]) -> pd.DataFrame:
    return pd.DataFrame([row.cells for row in rows], index=[small_area_key(row) for row in rows])


def _outlines(cleaned: gpd.GeoSeries, codes: pd.Series) -> gpd.GeoSeries:
    whole = dissolve(cleaned, codes).sort_index()
    return round_lonlat(to_lonlat(simplify_coverage(whole, tolerance_m=SIMPLIFY_M)), decimals=5)


def _geojson(outlines: gpd.GeoSeries, sources: Path, areas: pd.Series) -> bytes:
    centres = read_source(sources, "centres.csv", ("code", "short_name", "area"))
    names = {row["code"]: (row["short_name"], row["area"]) for row in centres}
    require_same_keys(names, outlines.index, what="centres.csv")
    strays = [code for code, (_, area) in names.items() if list(areas[code]) != [area]]
    require_same_keys([], strays, what="地域と地区の入れ子(地区が2つの地域にまたがる)")
    features = [_feature(str(code), *names[str(code)], shape) for code, shape in outlines.items()]
    body = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'.encode()


def _feature(code: str, name: str, area: str, shape: shapely.Geometry) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"district_code": code, "district": name, "area": area},
        "geometry": json.loads(shapely.to_geojson(shapely.normalize(shape))),
    }


def _small_areas(assigned: pd.DataFrame, km2: pd.Series, notes: Notes) -> bytes:
    table = assigned.assign(
        evidence=notes.translate(assigned["evidence"]), km2=km2.map("{:.6f}".format)
    ).sort_values(["key_code", "part"])
    rows = table[list(_SMALL_AREA_COLUMNS)].to_numpy()
    return csv_bytes(_SMALL_AREA_COLUMNS, [dict(zip(_SMALL_AREA_COLUMNS, row, strict=True)) for row in rows])
