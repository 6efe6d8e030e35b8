"""Mesh codes of JIS X 0410 (地域メッシュコード) and their cells, 80 km down to 125 m.

A cell is counted in units of the finest one (1/960 of a degree of latitude, 1/640 of longitude), in whole
numbers, so that neighbouring cells have exactly the same corners and together are a coverage.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoSeries

from geo.crs import LONLAT
from geo.errors import MeshCodeInvalid, listed
from geo.require import require_unique

if TYPE_CHECKING:
    from collections.abc import Iterable

_LAT_UNITS = 960  # 30 seconds / 8 = 3.75 seconds
_LON_UNITS = 640  # 45 seconds / 8 = 5.625 seconds
_FIRST_LON = 100
# Units along one side of a cell, by the length of its code and by its nominal size in metres.
_SIDES = {4: 640, 6: 80, 8: 8, 9: 4, 10: 2, 11: 1}
_LENGTHS = {80_000: 4, 10_000: 6, 1_000: 8, 500: 9, 250: 10, 125: 11}
# The standard's first two digits are 1.5 times the latitude and the longitude less 100: 20-46°N, 122-154°E
# here.
_CODE = re.compile(
    r"(3[0-9]|[45][0-9]|6[0-8])(2[2-9]|[34][0-9]|5[0-3])(?:[0-7]{2}(?:[0-9]{2}[1-4]{0,3})?)?", re.ASCII
)
# A point this close below a border, in units (0.1 µm), is on it: degrees written as decimals are rarely
# exact.
_ON_BORDER = 1e-9


def mesh_bounds(code: str) -> tuple[float, float, float, float]:
    """West, south, east, north of a cell in degrees; raises `MeshCodeInvalid`.

    Source: JIS X 0410:2002, 昭和48年行政管理庁告示第143号.
    """
    south, west, side = _units(code)
    return (
        _FIRST_LON + west / _LON_UNITS,
        south / _LAT_UNITS,
        _FIRST_LON + (west + side) / _LON_UNITS,
        (south + side) / _LAT_UNITS,
    )


def mesh_cells(codes: Iterable[str]) -> GeoSeries:
    """The cells as rectangles in EPSG:4326, indexed by code in the order given; levels may be mixed.

    Raises `MeshCodeInvalid` naming all codes that are none, `KeyNotUnique` if a code occurs twice.
    """
    index = pd.Index(list(codes), name="mesh_code", dtype=object)
    invalid = [code for code in index if not _is_code(code)]
    if invalid:
        raise _invalid(invalid)
    require_unique(index, where="mesh_cells")
    west, south, east, north = np.array([mesh_bounds(code) for code in index]).reshape(-1, 4).T
    cells = shapely.box(west, south, east, north)
    return GeoSeries(cells, index=index, crs=LONLAT, name="geometry")


def mesh_code(lon: float, lat: float, *, level_m: int = 1000) -> str:
    """Code of the cell that holds a place given in degrees; its south and west borders belong to a cell.

    `level_m` is the nominal size: 80000, 10000, 1000, 500, 250 or 125. Raises `MeshCodeInvalid` for another
    size or a place that has no code.
    """
    if level_m not in _LENGTHS:
        raise MeshCodeInvalid(
            f"メッシュの大きさ {level_m} m はありません。",
            todo=f"{listed(_LENGTHS)} のどれかを指定してください(メートル)。",
        )
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise _no_code(lon, lat)
    south = math.floor(lat * _LAT_UNITS + _ON_BORDER)
    west = math.floor((lon - _FIRST_LON) * _LON_UNITS + _ON_BORDER)
    code = _digits(south, west)[: _LENGTHS[level_m]]
    if not _is_code(code):
        raise _no_code(lon, lat)
    return code


def _digits(south: int, west: int) -> str:
    text = f"{south // 640:02d}{west // 640:02d}"
    text += f"{south // 80 % 8}{west // 80 % 8}{south // 8 % 10}{west // 8 % 10}"
    return text + "".join(str(1 + 2 * (south // side % 2) + west // side % 2) for side in (4, 2, 1))


def _units(code: str) -> tuple[int, int, int]:
    if not _is_code(code):
        raise _invalid([code])
    south, west = 640 * int(code[0:2]), 640 * int(code[2:4])
    for lat_digit, lon_digit, side in ((code[4:5], code[5:6], 80), (code[6:7], code[7:8], 8)):
        south += side * int(lat_digit or 0)
        west += side * int(lon_digit or 0)
    for quarter, side in zip(code[8:], (4, 2, 1), strict=False):
        north_half, east_half = divmod(int(quarter) - 1, 2)
        south += side * north_half
        west += side * east_half
    return south, west, _SIDES[len(code)]


def _is_code(code: object) -> bool:
    return isinstance(code, str) and _CODE.fullmatch(code) is not None


def _invalid(codes: list[str]) -> MeshCodeInvalid:
    return MeshCodeInvalid(
        f"地域メッシュコード(JIS X 0410)でないものが {len(codes)} 件あります: {listed(map(repr, codes))}。",
        todo="4・6・8・9・10・11 桁の半角数字の文字列(5・6 桁目は 0〜7、9 桁目以降は 1〜4)にしてください。",
    )


def _no_code(lon: float, lat: float) -> MeshCodeInvalid:
    return MeshCodeInvalid(
        f"経度 {lon}、緯度 {lat} には日本の地域メッシュコードがありません。",
        todo="経度・緯度の順と単位(度)を確かめてください。",
    )
