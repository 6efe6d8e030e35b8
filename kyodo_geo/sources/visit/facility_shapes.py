"""Points with properties: GeoJSON from bytes; GeoPackage and shapefiles from disk."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from geo.crs import to_lonlat
from kyodo_geo.errors import TableError
from kyodo_geo.sources.visit.coordinates import Position, checked

# GeoJSON is in degrees by definition (RFC 7946); older files may say so, or name another system
_DEGREES = ("CRS84", "4326", "6668", "4612")

Features = list[tuple[Mapping[str, str], Position]]


def read_features(content: bytes, *, name: str) -> Features:
    """Return the properties (as text) and the position of every feature of a GeoJSON; what is no point has none.

    Raises TableError when it is no GeoJSON, has no feature, or names a coordinate system that is not in degrees.
    """
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (
        ValueError,
        RecursionError,
    ) as error:  # also bytes that are no UTF-8, and numbers of thousands of digits
        raise TableError(
            f"{name} を GeoJSON として読めません。", todo="ファイルが途中で切れていないか確かめてください"
        ) from error
    features = document.get("features", [document] if document.get("type") == "Feature" else None)
    if not isinstance(features, list) or not features:
        raise TableError(
            f"{name} に地物(features)がありません。", todo="点の GeoJSON(FeatureCollection)を使ってください"
        )
    system = json.dumps(document.get("crs"), ensure_ascii=False)
    if document.get("crs") and not any(known in system for known in _DEGREES):
        raise TableError(
            f"{name} の座標系({system[:80]})は緯度経度ではありません。",
            todo="緯度経度(WGS 84・JGD2011)の GeoJSON か、GeoPackage で保存し直してください",
        )
    return [_feature(one if isinstance(one, dict) else {}) for one in features]


def _feature(feature: Mapping[str, Any]) -> tuple[Mapping[str, str], Position]:
    properties = feature.get("properties")
    cells = (
        {str(key): _as_text(value) for key, value in properties.items()}
        if isinstance(properties, dict)
        else {}
    )
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict):
        return cells, Position(wrong="図形がありません")
    kind, at = geometry.get("type"), geometry.get("coordinates")
    if kind == "MultiPoint" and isinstance(at, list) and len(at) == 1:
        kind, at = "Point", at[0]
    if kind != "Point":
        return cells, Position(wrong=f"点ではありません({kind})")
    if not isinstance(at, list) or len(at) < 2 or not all(_is_number(axis) for axis in at[:2]):
        return cells, Position(wrong="座標が2つの数ではありません")
    return cells, checked(float(at[0]), float(at[1]))


def _is_number(value: object) -> bool:
    # No coordinate is that large, in degrees or in metres, and a float would not hold some whole numbers of JSON
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _as_text(value: object) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN, which is not itself, is how a table library says blank
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def read_shapes(path: Path) -> Features:
    """Return the same of a GeoPackage or shapefile (.shp, .zip); its points are brought to degrees.

    A shapefile without .cpg is read as cp932. Raises TableError when it cannot be read, has no layer of points or
    several, or names no coordinate system.
    """
    try:
        layers = [str(layer) for layer, kind in pyogrio.list_layers(path) if "Point" in str(kind)]
        frame = gpd.read_file(path, layer=_only(layers, path), encoding=_encoding(path), engine="pyogrio")
    except (DataSourceError, DataLayerError, UnicodeDecodeError, zipfile.BadZipFile) as error:
        raise TableError(
            f"{path.name} を図形のファイルとして読めません。",
            todo="GeoPackage(.gpkg)、シェープファイル(.shp か、それを入れた .zip)か確かめてください",
        ) from error
    if frame.crs is None:
        raise TableError(
            f"{path.name} に座標系の記載がありません。",
            todo=".prj を添えるか、GeoPackage で保存し直してください",
        )
    columns = [str(name) for name in frame.columns if name != frame.geometry.name]
    points = to_lonlat(frame).geometry
    rows = zip(*(frame[name] for name in columns), strict=True) if columns else ((),) * len(frame)
    return [
        ({name: _as_text(value) for name, value in zip(columns, row, strict=True)}, _of_shape(point))
        for row, point in zip(rows, points, strict=True)
    ]  # fmt: skip


def _only(layers: Sequence[str], path: Path) -> str:
    if len(layers) == 1:
        return layers[0]
    raise TableError(
        f"{path.name}: 点の層が {len(layers)} あります({'、'.join(layers) or 'なし'})。",
        todo="点の層を1つだけ入れたファイルにしてください",
    )


def _encoding(path: Path) -> str | None:
    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as archive:
            suffixes = {Path(name).suffix.lower() for name in archive.namelist()}
    else:
        suffixes = {one.suffix.lower() for one in path.parent.iterdir() if one.stem == path.stem}
    return "cp932" if ".shp" in suffixes and ".cpg" not in suffixes else None


def _of_shape(shape: shapely.Geometry | None) -> Position:
    if isinstance(shape, shapely.MultiPoint) and len(shape.geoms) == 1:
        shape = shape.geoms[0]  # many programs write every point as a group of one
    if shape is None or shapely.is_empty(shape):
        return Position(wrong="図形がありません")
    return (
        checked(shape.x, shape.y) if isinstance(shape, shapely.Point) else Position(wrong="点ではありません")
    )
