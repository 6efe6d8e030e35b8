"""A file becomes a frame with a unique key, a CRS and valid shapes in Japan, or is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
from geopandas import GeoDataFrame, GeoSeries
from pyogrio.errors import DataLayerError, DataSourceError

from geo.crs import require_crs, to_lonlat
from geo.errors import (
    ColumnMissing,
    FileUnreadable,
    GeoError,
    KeyNotUnique,
    OutsideJapan,
    listed,
    raise_gathered,
)
from geo.require import geometry_error, key_error

# Minami-Torishima to Yonaguni, Okinotorishima to 択捉島.
_LON = (122.0, 154.0)
_LAT = (20.0, 46.0)
_DEGREES_AS_METRES = "緯度経度(度)が平面直角座標(メートル)として読まれたようです"


class Layer(NamedTuple):
    """A layer of a file: its name, the geometry type it declares ("" for a table), and its columns."""

    name: str
    kind: str
    columns: tuple[str, ...]


def read_frame(
    path: Path, *, key: str | tuple[str, ...], encoding: str | None = None, layer: str | None = None
) -> GeoDataFrame:
    """Shapes of a file in its own CRS, indexed by a unique text key.

    A single `key` column becomes the index; several are joined by `text_key` and stay as columns. GeoJSON
    has a CRS by definition (RFC 7946: CRS84); a shapefile without .prj is refused. A shapefile without .cpg
    is read as cp932 unless `encoding` says otherwise, because GDAL would read Japanese names as mojibake
    without an error.

    Raises `FileUnreadable`, `ColumnMissing`, `CrsMissing`; then, gathered over the whole file,
    `KeyNotUnique`, `OutsideJapan`, `BadGeometry`, or `FileRefused` if there are several kinds.
    """
    columns = (key,) if isinstance(key, str) else key
    frame = _read(path, encoding=encoding or _shapefile_encoding(path), layer=layer)
    require_crs(frame, where=path.name)
    _require_columns(frame, columns, where=path.name)
    keys = text_key(frame, columns, where=path.name)
    found: list[GeoError | None] = [key_error(keys, where=path.name)]
    frame = frame.set_axis(pd.Index(keys, name="-".join(columns)), axis="index")
    if len(columns) == 1:
        frame = frame.drop(columns=columns[0])
    found += [_place_error(frame, where=path.name), geometry_error(frame, where=path.name)]
    raise_gathered(path.name, [error for error in found if error is not None])
    return frame


def read_shapes(path: Path, *, encoding: str | None = None, layer: str | None = None) -> GeoDataFrame:
    """Shapes of a file without a key, in its own CRS, numbered from 1 in the file's order.

    Nothing is asked of the single shapes: they may be missing, invalid or outside Japan (`outside_japan`), so that
    the caller can use the rest and name these. Encoding as in `read_frame`.
    Raises `FileUnreadable`, `CrsMissing`.
    """
    frame = _read(path, encoding=encoding or _shapefile_encoding(path), layer=layer)
    require_crs(frame, where=path.name)
    return frame.set_axis(pd.RangeIndex(1, len(frame) + 1), axis="index")


def layers(path: Path) -> tuple[Layer, ...]:
    """The layers of a file in its order, without reading shapes. Raises `FileUnreadable`."""
    source = _source(path)
    try:
        found = [(str(name), str(kind or "")) for name, kind in pyogrio.list_layers(source)]
        return tuple(
            Layer(name, kind, tuple(str(field) for field in pyogrio.read_info(source, layer=name)["fields"]))
            for name, kind in found
        )
    except (DataSourceError, DataLayerError) as error:
        raise _unreadable(path, error) from error


def outside_japan(frame: GeoDataFrame | GeoSeries) -> npt.NDArray[np.bool_]:
    """Say of every shape whether it lies outside 122-154°E, 20-46°N; an empty one does not.

    All do when degrees stand under a plane CRS. Raises `CrsMissing`.
    """
    bounds = to_lonlat(frame).bounds.to_numpy()
    judged = ~np.isnan(bounds).any(axis=1)
    return np.asarray(judged & (_degrees_as_metres(frame) | ~_inside(bounds, _LON, _LAT)))


def text_key(table: pd.DataFrame, columns: tuple[str, ...], *, where: str) -> pd.Series:
    """One text key a row: the columns' texts joined by "-", empty parts left out, on the table's index.

    Whole numbers become their digits (a leading zero that the file has lost stays lost); other numbers are
    refused with `KeyNotUnique`, because 3209.0 is nobody's code. A row whose parts are all empty gets the
    key "".
    """
    floats = [name for name in columns if pd.api.types.is_float_dtype(table[name])]
    if floats:
        raise KeyNotUnique(
            f"{where}: キーの列「{listed(floats)}」が小数として読まれました。",
            todo="キーの列を文字として保存し直してください(先頭の 0 も消えていないか確かめてください)。",
        )
    rows = zip(*(table[name] for name in columns), strict=True)
    joined = ["-".join(str(part) for part in row if not (pd.isna(part) or part == "")) for row in rows]
    return pd.Series(joined, index=table.index, dtype=object)


def require_in_japan(frame: GeoDataFrame | GeoSeries, where: str) -> None:
    """Raise `OutsideJapan` unless all shapes lie in 122-154°E, 20-46°N; says if swapped or in metres.

    Raises `CrsMissing` for a frame without CRS. Empty shapes are not judged.
    """
    require_crs(frame, where=where)
    error = _place_error(frame, where=where)
    if error is not None:
        raise error


def _read(path: Path, *, encoding: str | None, layer: str | None) -> GeoDataFrame:
    source = _source(path)
    try:
        frame = gpd.read_file(
            source, layer=layer or _only_layer(path, source), encoding=encoding, engine="pyogrio"
        )
    except (DataSourceError, DataLayerError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error
    if not isinstance(frame, GeoDataFrame) or frame.empty:
        raise FileUnreadable(
            f"{path}: 図形が一つも入っていません。", todo="正しいファイルか確かめてください。"
        )
    return frame


def _source(path: Path) -> str:
    """What GDAL is to open: the file itself, or the one file of shapes within the folders of a zip."""
    if not path.exists():
        raise FileUnreadable(f"{path}: ファイルがありません。", todo="場所と名前を確かめてください。")
    if path.suffix.lower() == ".zip" and zipfile.is_zipfile(path):
        names = _zip_names(path)
        for suffix in (".shp", ".gpkg", ".geojson"):
            inner = [name for name in names if name.lower().endswith(suffix)]
            if len(inner) == 1 and "/" in inner[0]:
                return f"/vsizip/{path.resolve()}/{inner[0]}"
            if inner:
                break
    return str(path)


def _zip_names(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except zipfile.BadZipFile as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> FileUnreadable:
    return FileUnreadable(
        f"{path}: 図形のファイルとして読めません({error})。",
        todo="ファイルの形式と、文字コード(encoding)・層(layer)の指定を確かめてください。",
    )


def _only_layer(path: Path, source: str) -> str:
    names = [str(name) for name, _ in pyogrio.list_layers(source)]
    if len(names) != 1:
        raise FileUnreadable(
            f"{path}: 層が {len(names)} あります({listed(names)})。",
            todo="layer で一つを指定してください。",
        )
    return names[0]


def _shapefile_encoding(path: Path) -> str | None:
    if path.suffix.lower() == ".shp" and path.exists():
        names = [sibling.name for sibling in path.parent.iterdir() if sibling.stem == path.stem]
    elif path.suffix.lower() == ".zip" and zipfile.is_zipfile(path):
        names = _zip_names(path)
    else:
        return None
    suffixes = {Path(name).suffix.lower() for name in names}
    return "cp932" if ".shp" in suffixes and ".cpg" not in suffixes else None


def _require_columns(frame: GeoDataFrame, columns: tuple[str, ...], *, where: str) -> None:
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        has = [name for name in frame.columns if name != frame.geometry.name]
        raise ColumnMissing(
            f"{where}: キーの列「{listed(missing)}」がありません。ある列: {listed(has, limit=30)}。",
            todo="キーの列の名前を確かめてください。文字化けなら encoding を指定してください。",
        )


def _place_error(frame: GeoDataFrame | GeoSeries, *, where: str) -> OutsideJapan | None:
    outside = outside_japan(frame)
    if not outside.any():
        return None
    west, south, east, north = frame.geometry[outside].total_bounds
    came = f"x は {west:.6g}〜{east:.6g}、y は {south:.6g}〜{north:.6g}"
    return OutsideJapan(
        f"{where}: 日本(東経 122〜154 度、北緯 20〜46 度)の外の図形が {outside.sum()} 件あります({came})。",
        faults=[
            _DEGREES_AS_METRES if _degrees_as_metres(frame) else _cause(frame[outside]),
            f"キー: {listed(frame.index[outside])}",
        ],
        todo="座標の順(経度、緯度)と座標系を確かめて、ファイルを作り直してください。",
    )


def _degrees_as_metres(frame: GeoDataFrame | GeoSeries) -> bool:
    # Degrees under a plane CRS would fall within 200 m of the system's origin, inside Japan and unnoticed.
    return bool(frame.crs.is_projected and (np.abs(frame.total_bounds) <= 180).all())


def _cause(frame: GeoDataFrame | GeoSeries) -> str:
    bounds = to_lonlat(frame).bounds.to_numpy()
    if _inside(bounds, _LAT, _LON).all():
        return "緯度と経度が入れ替わっています"
    if not np.isfinite(bounds).all() or (np.abs(bounds) > 360).any():
        return "平面直角座標(メートル)が度として読まれたようです"
    return "座標系の取り違え、または日本の外の図形です"


def _inside(
    bounds: npt.NDArray[np.float64], xs: tuple[float, float], ys: tuple[float, float]
) -> npt.NDArray[np.bool_]:
    west, south, east, north = bounds.T
    return np.asarray((west >= xs[0]) & (east <= xs[1]) & (south >= ys[0]) & (north <= ys[1]))
