"""Writing results to a file: whole or not at all, and the formats that need a file of their own."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import geopandas as gpd

from kyodo_geo.districts import Districts
from kyodo_geo.errors import DataFileError, os_reason
from kyodo_geo.present.reports import source_line
from kyodo_geo.provenance import Unknown


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is either the old one or the new one; DataFileError when the place cannot be written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise DataFileError(
            f"{path} に書き込めません({os_reason(error)})。",
            todo="フォルダーがあるか、書き込みが許されているか、空き容量を確かめてください",
        ) from error


def district_frame(districts: Districts, shapes: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Join the table and the outlines of the same day for a GIS: unknown values become their text."""
    table = districts.table.map(lambda value: str(value) if isinstance(value, Unknown) else value)
    frame = gpd.GeoDataFrame(table.infer_objects(), geometry=shapes.reindex(table.index), crs=shapes.crs)
    said = {"on": districts.on.isoformat(), "restated": districts.restated, "basis": districts.basis().label}
    return frame.assign(**said, sources=source_line(districts.sources())).reset_index()


def geojson_bytes(frame: gpd.GeoDataFrame) -> bytes:
    """Return a frame as GeoJSON (RFC 7946, EPSG:4326)."""
    return (str(frame.to_json(drop_id=True, ensure_ascii=False)) + "\n").encode("utf-8")


def geopackage_bytes(frame: gpd.GeoDataFrame) -> bytes:
    """Return a frame as a GeoPackage with one layer `districts`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "districts.gpkg"
        frame.to_file(path, layer="districts", driver="GPKG")
        return path.read_bytes()
