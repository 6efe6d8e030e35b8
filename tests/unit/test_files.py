from __future__ import annotations

import errno
import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from kyodo_geo.errors import DataFileError
from kyodo_geo.figures.build import district_table
from kyodo_geo.present.files import district_frame, geojson_bytes, geopackage_bytes, write_whole


@pytest.fixture
def frame(fictional_city, today):
    """The districts of the fictional city as a frame for a GIS."""
    return district_frame(district_table(fictional_city, today), fictional_city.shapes(today))


def test_a_file_is_written_whole_and_over_the_old_one(tmp_path):
    path = tmp_path / "出力.csv"
    for content in (b"old and long", b"new"):
        write_whole(path, content)
        assert path.read_bytes() == content
    assert [found.name for found in tmp_path.iterdir()] == ["出力.csv"]


def test_a_full_disk_leaves_the_old_file_and_no_half_of_the_new(tmp_path, monkeypatch):
    path = tmp_path / "出力.csv"
    path.write_bytes(b"old")
    whole = Path.write_bytes

    def half(self, content):
        whole(self, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(DataFileError, match=r"出力\.csv.*空きがありません"):
        write_whole(path, b"new and long")
    assert {found.name: found.read_bytes() for found in tmp_path.iterdir()} == {"出力.csv": b"old"}


def test_a_place_that_cannot_be_written_is_refused_by_name(tmp_path):
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "nai" / "a.csv", tmp_path / "folder"):
        with pytest.raises(DataFileError, match="書き込めません") as refused:
            write_whole(path, b"x")
        assert str(path) in str(refused.value)
    assert [found.name for found in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize("name", [".", "/", "a.csv/b.csv"])
def test_a_place_that_is_no_place_is_refused_like_any_other(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_bytes(b"old")
    with pytest.raises(DataFileError, match="書き込めません"):
        write_whole(Path(name), b"new")
    assert {found.name: found.read_bytes() for found in tmp_path.iterdir()} == {"a.csv": b"old"}


def test_the_longest_name_that_a_system_takes_can_be_written(tmp_path):
    path = tmp_path / f"{'架' * 83}.csv"  # 253 bytes of 255
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"


def test_the_frame_has_a_row_a_district_with_day_and_sources(frame):
    assert frame.crs == "EPSG:4326"
    assert frame["district_code"].tolist() == ["1", "2", "3", "4", "5"]
    assert set(frame["on"]) == {"2024-06-01"}
    assert frame["sources"].str.contains("架空出版").all()
    assert frame.geometry.is_valid.all()


def test_geojson_is_read_back_with_names_and_shapes(frame, tmp_path):
    path = tmp_path / "d.geojson"
    path.write_bytes(geojson_bytes(frame))
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert [feature["properties"]["district"] for feature in features] == frame["district"].tolist()
    back = gpd.GeoDataFrame.from_features(features, crs="EPSG:4326")
    assert back.geometry.geom_equals_exact(frame.geometry, 1e-9).all()


def test_a_geopackage_is_read_back_with_its_crs_and_rows(frame, tmp_path):
    path = tmp_path / "d.gpkg"
    path.write_bytes(geopackage_bytes(frame))
    back = gpd.read_file(path, layer="districts")
    assert back.crs == "EPSG:4326"
    assert back["district_code"].tolist() == frame["district_code"].tolist()
    assert back["population"].tolist() == [1200, 300, 501, 0, 300]
    assert back.geometry.is_valid.all()
    assert back.geometry.geom_type.eq("MultiPolygon").sum() >= 1


@pytest.mark.parametrize("name", ["population_change", "household_size"])
def test_a_rate_stays_a_number_for_a_gis_where_one_district_has_none(frame, name):
    assert pd.api.types.is_float_dtype(frame[name])
    assert frame[name].isna().tolist() == [False, False, False, True, False]
    assert f"{name}: " in frame["unknown"][3]
