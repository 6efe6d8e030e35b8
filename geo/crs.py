"""Coordinate reference systems: demand one, choose Japan's plane one by location, go to plane and to lon/lat.

Areas and lengths are only ever measured in one of the 19 plane rectangular systems (JGD2011, metres) or on
the ellipsoid, never in degrees.
"""

from __future__ import annotations

import math
from typing import NamedTuple, TypeVar

from geopandas import GeoDataFrame, GeoSeries
from pyproj import CRS

from geo.errors import BadGeometry, CrsMismatch, CrsMissing, OutsideJapan

LONLAT = "EPSG:4326"

F = TypeVar("F", GeoDataFrame, GeoSeries)


class _Zone(NamedTuple):
    number: int
    origin_lon: float
    origin_lat: float
    west: float
    south: float
    east: float
    north: float


# Origins: 国土交通省告示 平成14年第9号(平面直角座標系). Extents: area of use of EPSG:6669-6687 in the EPSG
# dataset; III and XIII reach further so that 隠岐(竹島) and 北方領土, which the notice counts there, are
# not refused, and XIV-XIX follow the meridians and parallels that the notice itself draws.
_ZONES = (
    _Zone(1, 129.5, 33.0, 128.17, 26.96, 130.46, 34.74),
    _Zone(2, 131.0, 33.0, 129.76, 30.18, 132.05, 33.99),
    _Zone(3, 132 + 10 / 60, 36.0, 130.81, 33.72, 133.49, 37.30),
    _Zone(4, 133.5, 33.0, 131.95, 32.69, 134.81, 34.45),
    _Zone(5, 134 + 20 / 60, 36.0, 133.13, 34.13, 135.47, 35.71),
    _Zone(6, 136.0, 36.0, 134.86, 33.40, 136.99, 36.33),
    _Zone(7, 137 + 10 / 60, 36.0, 136.22, 34.51, 137.84, 37.58),
    _Zone(8, 138.5, 36.0, 137.32, 34.54, 139.91, 38.58),
    _Zone(9, 139 + 50 / 60, 36.0, 138.40, 29.31, 141.11, 37.98),
    _Zone(10, 140 + 50 / 60, 40.0, 139.49, 37.73, 142.14, 41.58),
    _Zone(11, 140.25, 44.0, 139.34, 41.34, 141.46, 43.42),
    _Zone(12, 142.25, 44.0, 140.89, 42.15, 143.61, 45.54),
    _Zone(13, 144.25, 44.0, 142.61, 41.87, 149.00, 45.60),
    _Zone(14, 142.0, 26.0, 140.50, 24.00, 143.00, 28.00),
    _Zone(15, 127.5, 26.0, 126.00, 25.50, 130.00, 27.00),
    _Zone(16, 124.0, 26.0, 122.80, 23.90, 126.00, 26.00),
    _Zone(17, 131.0, 26.0, 130.00, 24.00, 132.00, 26.50),
    _Zone(18, 136.0, 20.0, 135.50, 20.00, 140.50, 21.00),
    _Zone(19, 154.0, 26.0, 153.50, 24.00, 154.50, 25.00),
)
_FIRST_EPSG = 6669
_PLANE_EPSG = range(_FIRST_EPSG, _FIRST_EPSG + len(_ZONES))


def require_crs(frame: GeoDataFrame | GeoSeries, *, where: str) -> CRS:
    """Give the frame's CRS, or raise `CrsMissing`; `where` names the file or argument in the message."""
    if frame.crs is None:
        raise CrsMissing(
            f"{where}: 座標系が書かれていません。",
            todo="シェープファイルなら .prj を同じフォルダに置くか、set_crs で座標系を与えてください。",
        )
    return CRS.from_user_input(frame.crs)


def require_plane(frame: GeoDataFrame | GeoSeries, *, where: str) -> CRS:
    """Give the frame's CRS if areas in it are square metres, or raise `CrsMissing` or `CrsMismatch`.

    Web Mercator is refused although its unit is the metre: at 39°N it shows areas 1.65 times too large.
    """
    crs = require_crs(frame, where=where)
    operation = crs.coordinate_operation
    method = operation.method_name if operation is not None else ""
    mercator = "Mercator" in method and "Transverse" not in method
    if not crs.is_projected or mercator or crs.axis_info[0].unit_name != "metre":
        raise CrsMismatch(
            f"{where}: 平面直角座標系(メートル)が必要ですが、{crs.name} です。",
            todo="geo.crs.to_plane で平面直角座標系にしてから渡してください。",
        )
    return crs


def require_same_crs(
    first: GeoDataFrame | GeoSeries, second: GeoDataFrame | GeoSeries, *, where: str
) -> None:
    """Raise `CrsMismatch` unless both have the same CRS."""
    one, other = require_crs(first, where=where), require_crs(second, where=where)
    if one != other:
        raise CrsMismatch(
            f"{where}: 二つの図形の座標系が違います({one.name} と {other.name})。",
            todo="geo.crs.to_plane(…, epsg=…) で同じ座標系に揃えてください。",
        )


def plane_epsg(lon: float, lat: float) -> int:
    """EPSG code (6669 to 6687) of the plane rectangular system for a place given in degrees.

    Among the systems whose extent contains the place, the one with the nearest origin; a tie goes to the
    lower number. The notice divides by prefecture, this function by location only: near a prefecture's
    border (Kobe, Hamamatsu, Shimonoseki) it may give the neighbour's system, in which areas are as good.
    Pass `epsg` to `to_plane` where the prefecture's own system is wanted.

    Raises `OutsideJapan` for a place in none of the extents.
    Source: 国土交通省告示 平成14年第9号.
    """
    found = [zone for zone in _ZONES if _contains(zone, lon, lat)]
    if not found:
        raise OutsideJapan(
            f"経度 {lon}、緯度 {lat} は日本の平面直角座標系(1〜19系)のどの範囲にも入りません。",
            todo="経度・緯度の順と単位(度)を確かめてください。海上の点なら epsg で系を指定してください。",
        )
    nearest = min(found, key=lambda zone: _degrees_to_origin(zone, lon, lat))
    return _FIRST_EPSG + nearest.number - 1


def to_plane(frame: F, *, epsg: int | None = None) -> F:
    """Give the frame in a plane rectangular system (metres).

    Without `epsg` the system is chosen by the middle of the frame's extent; a frame that already is in one
    of the 19 is returned as it is. Longitudes and latitudes of JGD2000 and JGD2011 are taken as equal: for
    old data in the area of the 2011 earthquake that is up to 5 m, which does not touch areas.

    Raises `CrsMissing`, `BadGeometry` (no shapes), `OutsideJapan`, `CrsMismatch` (`epsg` is none of the 19).
    """
    crs = require_crs(frame, where="to_plane")
    if epsg is None:
        if crs.to_epsg() in _PLANE_EPSG:
            return frame
        epsg = plane_epsg(*_middle(to_lonlat(frame)))
    if epsg not in _PLANE_EPSG:
        raise CrsMismatch(
            f"to_plane: EPSG:{epsg} は平面直角座標系(JGD2011)ではありません。",
            todo=f"EPSG:{_PLANE_EPSG[0]}(1系)から EPSG:{_PLANE_EPSG[-1]}(19系)までを指定してください。",
        )
    return frame.to_crs(epsg)


def to_lonlat(frame: F) -> F:
    """Give the frame in longitude and latitude (EPSG:4326, x is longitude); raises `CrsMissing`."""
    crs = require_crs(frame, where="to_lonlat")
    return frame if crs == CRS.from_user_input(LONLAT) else frame.to_crs(LONLAT)


def _contains(zone: _Zone, lon: float, lat: float) -> bool:
    return zone.west <= lon <= zone.east and zone.south <= lat <= zone.north


def _degrees_to_origin(zone: _Zone, lon: float, lat: float) -> float:
    return math.hypot((lon - zone.origin_lon) * math.cos(math.radians(lat)), lat - zone.origin_lat)


def _middle(frame: GeoDataFrame | GeoSeries) -> tuple[float, float]:
    west, south, east, north = (float(bound) for bound in frame.total_bounds)
    if math.isnan(west):
        raise BadGeometry("to_plane: 図形が一つもありません。", todo="空でない図形を渡してください。")
    return (west + east) / 2, (south + north) / 2
