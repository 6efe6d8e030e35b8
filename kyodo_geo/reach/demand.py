"""Where the people of a city are: small areas as points, or pieces of 1 km mesh cells, each in a district of a day."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import LONLAT, to_lonlat, to_plane
from geo.mesh import mesh_cells
from geo.transfer import overlap_weights
from kyodo_geo.city import City
from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach.choice import COUNTED
from kyodo_geo.model.reach.values import Demand, Floats
from kyodo_geo.provenance import Basis

MESH_KIND = "1kmメッシュの区画"
_UNITS = {"population": "人", "households": "世帯"}


def demand_of(city: City, on: date, *, kind: str, counted: str) -> Demand:
    """Return the demand of a kind (areas, mesh) on the lines of a day; InputRefused for what is not published."""
    if kind == "areas":
        return small_area_demand(city, on, counted=counted)
    if counted != "population":
        raise InputRefused(
            f"1kmメッシュの{COUNTED[counted]}は手元の資料にありません。", todo="小地域の点で数えてください"
        )
    return mesh_demand(city, on)


def small_area_demand(city: City, on: date, *, counted: str = "population") -> Demand:
    """Return every small area with its people (or households) of the latest census at its representative point."""
    census = city.latest
    areas = city.small_areas
    values = census.counts[counted].reindex(areas.index)
    known = areas[values.notna().to_numpy()]
    lonlat = known[["lon", "lat"]].astype(float).to_numpy()
    lines = city.lines(on)
    missing = len(areas) - len(known)
    return Demand(
        keys=tuple(map(str, known.index)),
        names=tuple(
            _area_name(str(name), str(area)) for name, area in zip(known["name"], known["area"], strict=True)
        ),
        districts=tuple(lines[str(code)] for code in known["district_code"]),
        lonlat=lonlat,
        xy=plane_xy(lonlat, epsg=plane_of(city)),
        epsg=plane_of(city),
        weight=values.dropna().to_numpy(dtype=float),
        counted=COUNTED[counted],
        unit=_UNITS[counted],
        kind="小地域",
        method="小地域の全員がその代表点に住むとみなす",
        reference_date=census.day.isoformat(),
        basis=Basis.ESTIMATED,
        sources=(census.source, city.sources["small_areas"]),
        unplaced=f"値のない小地域 {missing} か所は数えていない" if missing else "",
    )


def _area_name(name: str, area: str) -> str:
    """Names of small areas repeat within a city: the former municipality stands beside them."""
    return f"{name}({area})"


def mesh_demand(city: City, on: date) -> Demand:
    """Return the people of 1 km cells; a cell over a border is cut, its people shared out by area (推計)."""
    plane = plane_of(city)
    cells = to_plane(mesh_cells(map(str, city.mesh.index)), epsg=plane)
    shapes = to_plane(city.shapes(on), epsg=plane)
    pieces = overlap_weights(cells, shapes).table()
    people = pieces["source"].map(city.mesh["population"]).to_numpy(dtype=float)
    weight = people * pieces["share"].to_numpy(dtype=float)
    points = _middles(cells, shapes, pieces)
    names = [f"メッシュ {code}" for code in pieces["source"]]
    placed, total, census = weight.sum(), float(city.mesh["population"].sum()), city.latest
    published = int(census.counts["population"].sum())
    source = city.sources["mesh1km_2020"]
    return Demand(
        keys=tuple(f"{cell}-{code}" for cell, code in zip(pieces["source"], pieces["target"], strict=True)),
        names=tuple(names),
        districts=tuple(map(str, pieces["target"])),
        lonlat=shapely.get_coordinates(to_lonlat(points).to_numpy()),
        xy=shapely.get_coordinates(points.to_numpy()),
        epsg=plane,
        weight=weight,
        counted=COUNTED["population"],
        unit=_UNITS["population"],
        kind=MESH_KIND,
        method="メッシュの人を面積の割合で地区と市の外に分け、区画の中心にいるとみなす",
        reference_date=source.reference_date,
        basis=Basis.ESTIMATED,
        sources=(source, city.sources["districts"]),
        unplaced=(
            f"市域にかかるメッシュの {total:,.0f} 人のうち {placed:,.0f} 人を地区に分けた。"
            f"残り {total - placed:,.0f} 人は市の外とみなした。小地域の合計 {published:,} 人との差は {placed - published:+,.0f} 人"
        ).replace("-", "−"),
    )


def _middles(cells: gpd.GeoSeries, shapes: gpd.GeoSeries, pieces: pd.DataFrame) -> gpd.GeoSeries:
    """Return the middle of each piece: of the whole cell where it lies in one district, else of the part cut off."""
    found = cells.reindex(pieces["source"]).to_numpy()
    cut = pieces["share"].to_numpy() < 1
    within = shapes.reindex(pieces["target"]).to_numpy()
    parts = shapely.intersection(found[cut], within[cut])
    # A part in the shape of a bow may have its centroid outside itself: the point is kept on the piece
    middle = shapely.centroid(found)
    middle[cut] = shapely.point_on_surface(parts)
    return gpd.GeoSeries(middle, crs=cells.crs)


def plane_of(city: City) -> int:
    """Return the EPSG code of the plane system of a city."""
    epsg = to_plane(city.outlines).crs.to_epsg()
    return int(epsg)


def plane_xy(lonlat: Floats, *, epsg: int) -> Floats:
    """Return points given in degrees (n, 2) in metres of a plane system."""
    points = gpd.GeoSeries(shapely.points(lonlat), crs=LONLAT)
    return np.asarray(shapely.get_coordinates(to_plane(points, epsg=epsg).to_numpy()))
