"""Writing results to a file: whole or not at all, and the formats that need a file of their own."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

import geopandas as gpd
import pandas as pd

from kyodo_geo.districts import Districts
from kyodo_geo.errors import DataFileError, os_reason
from kyodo_geo.present.reports import source_line
from kyodo_geo.provenance import Unknown


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is either the old one or the new one; DataFileError when the place cannot be written."""
    if not path.name or path.is_dir():
        raise _cannot_write(path, "ファイルの名前ではありません")
    part = path.parent / f".{os.getpid()}.part"
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):  # the place itself may be what is wrong
            part.unlink(missing_ok=True)
        raise _cannot_write(path, os_reason(error)) from error


def make_folder(path: Path) -> None:
    """Make a folder where there is none; DataFileError when the place cannot hold one."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(path, os_reason(error)) from error


def _cannot_write(path: Path, reason: str) -> DataFileError:
    todo = "フォルダーがあるか、書き込みが許されているか、空き容量を確かめてください"
    return DataFileError(f"{path} に書き込めません({reason})。", todo=todo)


def district_frame(districts: Districts, shapes: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Join the table and the outlines of the same day for a GIS.

    A column of numbers stays one: an unknown number is null, and the column `unknown` says which and why. In a
    column of words an unknown value is its text.
    """
    table = districts.table.apply(_for_gis).assign(unknown=districts.table.apply(_unknown_of, axis="columns"))
    frame = gpd.GeoDataFrame(table, geometry=shapes.reindex(table.index), crs=shapes.crs)
    said = {"on": districts.on.isoformat(), "restated": districts.restated, "basis": districts.basis().label}
    return frame.assign(**said, sources=source_line(districts.sources())).reset_index()


def _for_gis(column: pd.Series) -> pd.Series:
    known = [value for value in column if not isinstance(value, Unknown)]
    if known and all(isinstance(value, int | float) for value in known):
        return pd.to_numeric(column.map(lambda value: None if isinstance(value, Unknown) else value))
    return column.map(lambda value: str(value) if isinstance(value, Unknown) else value)


def _unknown_of(row: pd.Series) -> str:
    return "; ".join(f"{name}: {value.reason}" for name, value in row.items() if isinstance(value, Unknown))


def geojson_bytes(frame: gpd.GeoDataFrame) -> bytes:
    """Return a frame as GeoJSON (RFC 7946, EPSG:4326)."""
    return (str(frame.to_json(drop_id=True, ensure_ascii=False)) + "\n").encode("utf-8")


def geopackage_bytes(frame: gpd.GeoDataFrame) -> bytes:
    """Return a frame as a GeoPackage with one layer `districts`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "districts.gpkg"
        frame.to_file(path, layer="districts", driver="GPKG")
        return path.read_bytes()
