from __future__ import annotations

import json
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, Polygon, box

from geo.errors import (
    BadGeometry,
    ColumnMissing,
    CrsMissing,
    FileRefused,
    FileUnreadable,
    KeyNotUnique,
    OutsideJapan,
)
from geo.read import layers, outside_japan, read_frame, read_shapes, require_in_japan, text_key

WEST, EAST = box(141.0, 38.9, 141.1, 39.0), box(141.1, 38.9, 141.2, 39.0)
BOW = Polygon([(141, 38.9), (141.1, 39), (141.1, 38.9), (141, 39)])


@pytest.fixture
def geojson(tmp_path):
    """Write a GeoJSON without a "crs" member, as RFC 7946 has it."""

    def write(rows, name="areas.geojson"):
        features = [
            {"type": "Feature", "properties": properties, "geometry": shape.__geo_interface__}
            for properties, shape in rows
        ]
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        return path

    return write


@pytest.fixture
def shapefile(tmp_path):
    """Write a cp932 shapefile with a Japanese name; remove the side files named."""

    def write(*without, encoding="cp932"):
        frame = gpd.GeoDataFrame(
            {"code": ["01", "02"], "name": ["一関", "花泉"]}, geometry=[WEST, EAST], crs=6668
        )
        path = tmp_path / "towns.shp"
        frame.to_file(path, encoding=encoding)
        for suffix in without:
            path.with_suffix(suffix).unlink()
        return path

    return write


def test_geojson_gets_its_crs_by_definition_and_a_text_index(geojson):
    frame = read_frame(geojson([({"code": "01", "n": 5}, WEST), ({"code": "02", "n": 6}, EAST)]), key="code")
    assert frame.crs.to_epsg() == 4326
    assert frame.index.tolist() == ["01", "02"]
    assert frame.index.name == "code"
    assert list(frame.columns) == ["n", "geometry"]


def test_several_columns_make_one_key(geojson):
    path = geojson([({"code": "01", "part": "E1"}, WEST), ({"code": "01", "part": ""}, EAST)])
    frame = read_frame(path, key=("code", "part"))
    assert frame.index.tolist() == ["01-E1", "01"]
    assert frame["part"].tolist() == ["E1", ""]


def test_text_key_keeps_digits_and_refuses_decimals():
    table = pd.DataFrame({"n": [1, 20], "x": [1.0, 2.0], "t": ["a", None]})
    assert text_key(table, ("n", "t"), where="f").tolist() == ["1-a", "20"]
    with pytest.raises(KeyNotUnique, match="小数"):
        text_key(table, ("x",), where="f")


def test_a_missing_or_foreign_file_is_unreadable(tmp_path):
    with pytest.raises(FileUnreadable, match="ありません"):
        read_frame(tmp_path / "none.geojson", key="code")
    text = tmp_path / "text.geojson"
    text.write_text("これは地図ではない", encoding="utf-8")
    with pytest.raises(FileUnreadable, match="読めません"):
        read_frame(text, key="code")


def test_a_file_without_shapes_is_unreadable(geojson, tmp_path):
    with pytest.raises(FileUnreadable, match="一つも入っていません"):
        read_frame(geojson([]), key="code")
    table = tmp_path / "table.csv"
    table.write_text("code,n\n01,1\n", encoding="utf-8")
    with pytest.raises(FileUnreadable, match="一つも入っていません"):
        read_frame(table, key="code")


def test_a_missing_key_column_lists_the_columns_there_are(geojson):
    with pytest.raises(ColumnMissing, match=r"「code」.*id_no"):
        read_frame(geojson([({"id_no": "01"}, WEST)]), key="code")


def test_one_kind_of_fault_is_raised_as_itself(geojson):
    with pytest.raises(KeyNotUnique, match="「01」が 2 回"):
        read_frame(geojson([({"code": "01"}, WEST), ({"code": "01"}, EAST)]), key="code")
    with pytest.raises(BadGeometry, match="01: 図形が正しくありません"):
        read_frame(geojson([({"code": "01"}, BOW)]), key="code")


def test_faults_of_several_kinds_are_raised_at_once(geojson):
    path = geojson([({"code": ""}, BOW), ({"code": "02"}, box(0, 0, 1, 1))])
    with pytest.raises(FileRefused) as caught:
        read_frame(path, key="code")
    message = str(caught.value)
    assert "3 種類" in message
    for part in ("areas.geojson", "キーが空: 1 番目", "日本", "Self-intersection"):
        assert part in message


@pytest.mark.parametrize("side", [(), (".cpg",)], ids=["with cpg", "without cpg"])
def test_japanese_in_a_shapefile_is_read(shapefile, side):
    frame = read_frame(shapefile(*side), key="code")
    assert frame["name"].tolist() == ["一関", "花泉"]


def test_a_given_encoding_beats_the_guess(shapefile):
    path = shapefile(".cpg", encoding="utf-8")
    assert read_frame(path, key="code", encoding="utf-8")["name"].tolist() == ["一関", "花泉"]


def test_a_zipped_shapefile_without_cpg_is_read(shapefile, tmp_path):
    shapefile(".cpg")
    packed = tmp_path / "towns.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in tmp_path.glob("towns.[sdp]*"):
            archive.write(file, file.name)
    assert read_frame(packed, key="code")["name"].tolist() == ["一関", "花泉"]


def test_a_shapefile_without_prj_is_refused(shapefile):
    with pytest.raises(CrsMissing, match=r"towns\.shp.*(?s:.)*\.prj"):
        read_frame(shapefile(".prj"), key="code")


def test_one_layer_of_several_must_be_named(tmp_path):
    path = tmp_path / "city.gpkg"
    frame = gpd.GeoDataFrame({"code": ["01"]}, geometry=[WEST], crs=4326)
    for layer in ("old", "new"):
        frame.to_file(path, layer=layer)
    with pytest.raises(FileUnreadable, match="層が 2 あります"):
        read_frame(path, key="code")
    assert read_frame(path, key="code", layer="new").index.tolist() == ["01"]
    with pytest.raises(FileUnreadable, match="読めません"):
        read_frame(path, key="code", layer="none")


@pytest.mark.parametrize(
    ("shape", "epsg", "cause"),
    [
        (Point(38.9, 141.1), 4326, "緯度と経度が入れ替わっています"),
        (Point(23000, -118000), 4326, "平面直角座標"),
        (Point(2.35, 48.86), 4326, "座標系の取り違え"),
        (Point(141.1, 38.9), 6678, "として読まれたようです"),
        (Point(9e6, 9e6), 6678, "外の図形"),
    ],
    ids=["swapped", "metres as degrees", "Paris", "degrees as metres", "far"],
)
def test_shapes_outside_japan_are_refused_with_the_likely_cause(shape, epsg, cause):
    frame = gpd.GeoSeries([shape], index=["p"], crs=epsg)
    with pytest.raises(OutsideJapan, match=cause):
        require_in_japan(frame, "f")


def test_only_the_shapes_outside_are_named():
    frame = gpd.GeoSeries([Point(141.1, 38.9), Point(10, 50)], index=["here", "there"], crs=4326)
    with pytest.raises(OutsideJapan, match="there") as caught:
        require_in_japan(frame, "f")
    assert "here、" not in str(caught.value)
    assert "1 件" in str(caught.value)


def test_shapes_in_japan_pass_in_any_crs(four):
    for epsg in (4326, 6678, 6668, 3857):
        require_in_japan(four.to_crs(epsg), "f")
    with pytest.raises(CrsMissing):
        require_in_japan(four.set_crs(None, allow_override=True), "f")


def test_shapes_without_a_key_are_numbered_from_one_and_not_judged(geojson):
    frame = read_shapes(geojson([({"n": 5}, BOW), ({"n": 6}, Point(10, 50))]))
    assert frame.index.tolist() == [1, 2]
    assert outside_japan(frame).tolist() == [False, True]
    with pytest.raises(CrsMissing):
        outside_japan(frame.set_crs(None, allow_override=True))


def test_degrees_under_a_plane_system_all_lie_outside_and_empty_shapes_do_not():
    frame = gpd.GeoSeries([Point(141.1, 38.9), None], crs=6678)
    assert outside_japan(frame).tolist() == [True, False]


def test_layers_are_told_with_their_columns(tmp_path):
    path = tmp_path / "city.gpkg"
    gpd.GeoDataFrame({"code": ["01"]}, geometry=[WEST], crs=4326).to_file(path, layer="towns")
    assert layers(path) == (("towns", "Polygon", ("code",)),)
    path.write_text("これは地図ではない", encoding="utf-8")
    with pytest.raises(FileUnreadable, match="読めません"):
        layers(path)


def test_the_one_file_in_the_folders_of_a_zip_is_read(shapefile, tmp_path):
    shapefile(".cpg")
    packed = tmp_path / "N03_GML.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in tmp_path.glob("towns.[sdp]*"):
            archive.write(file, f"N03_GML/{file.name}")
        archive.writestr("N03_GML/meta.xml", "<x/>")
    assert read_shapes(packed)["name"].tolist() == ["一関", "花泉"]


def test_a_broken_zip_is_unreadable(tmp_path):
    path = tmp_path / "towns.zip"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(FileUnreadable, match="読めません"):
        read_shapes(path)
