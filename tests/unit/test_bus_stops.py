"""国土数値情報 P11 in both editions: the same field number means another thing in each; every form gives the same stops."""

from __future__ import annotations

import json
import zipfile

import geopandas as gpd
import pytest
import shapely

from kyodo_geo.errors import DataFileError, TableError
from kyodo_geo.sources.visit.bus_stops import BusStop, read_bus_stops

POINTS = [shapely.Point(135.005, 35.005), shapely.Point(135.05, 35.025)]
# Edition 2010: P11_002 is the class, 003 the operators, 004 the routes, one field each
OLD = {
    "P11_001": ["架空駅前", "髙橋商店前"],
    "P11_002": ["1", "3"],
    "P11_003_1": ["架空・本町バス", "架空市"],
    "P11_003_2": ["架空交通", None],
    "P11_003_19": [None, None],
    "P11_004_1": ["中央線", "北線"],
    "P11_004_2": ["中央線", None],
    "P11_004_19": [None, None],
}
# Edition 2022: P11_002 is the operators joined by ・, 003 the routes joined by commas, 004 the classes
NEW = {
    "P11_001": ["架空駅前", "髙橋商店前"],
    "P11_002": ["架空交通・架空市", "架空市"],
    "P11_003_01": ["中央線,南線", "北線"],
    "P11_003_35": ["夜行線", None],
    "P11_004_01": ["1", "3"],
    "P11_004_02": ["3", "3"],
    "P11_005": [None, "備考"],
}


def frame(columns, points=POINTS, crs="EPSG:6668"):
    return gpd.GeoDataFrame(columns, geometry=points, crs=crs)


def written(folder, columns, form, **options):
    """Write the stops in a form and return the file to open."""
    table = frame(columns, **options)
    if form in {"geojson", "gpkg"}:
        path = folder / f"P11.{form}"
        table.to_file(path, layer="P11") if form == "gpkg" else table.to_file(path)
        return path
    inner = folder / "inner"
    inner.mkdir()
    table.to_file(inner / "P11-22_03.shp", encoding="cp932")
    (inner / "P11-22_03.cpg").unlink()
    if form == "shp":
        return inner / "P11-22_03.shp"
    path = folder / "P11-22_03_SHP.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in inner.iterdir():
            archive.write(file, f"P11-22_03_SHP/バス/{file.name}")
        archive.writestr("KS-META-P11.xml", "<x/>")
    return path


def said(opened):
    return [str(fault) for fault in opened.cautions]


@pytest.mark.parametrize("form", ["geojson", "gpkg", "shp", "zip"])
def test_the_edition_of_2022_is_read_from_every_form(tmp_path, form):
    stops, opened = read_bus_stops(written(tmp_path, NEW, form))
    assert stops == (
        BusStop(
            "P11-22:1",
            "架空駅前",
            ("架空交通", "架空市"),
            ("中央線", "南線", "夜行線"),
            ("民間バス", "コミュニティバス"),
            135.005,
            35.005,
        ),
        BusStop("P11-22:2", "髙橋商店前", ("架空市",), ("北線",), ("コミュニティバス",), 135.05, 35.025),
    )
    assert "P11-22" in opened.title
    assert opened.counts == (("バス停", 2), ("位置のあるバス停", 2))
    assert opened.cautions == ()
    assert opened.reference_date.startswith("2022")


@pytest.mark.parametrize("form", ["geojson", "gpkg", "shp", "zip"])
def test_the_edition_of_2010_is_read_from_every_form(tmp_path, form):
    stops, opened = read_bus_stops(written(tmp_path, OLD, form))
    assert stops == (
        # A dot within one field of this edition belongs to the operator's name
        BusStop(
            "P11-10:1",
            "架空駅前",
            ("架空・本町バス", "架空交通"),
            ("中央線",),
            ("民間バス",),
            135.005,
            35.005,
        ),
        BusStop("P11-10:2", "髙橋商店前", ("架空市",), ("北線",), ("コミュニティバス",), 135.05, 35.025),
    )
    assert "P11-10" in opened.title
    assert opened.cautions == ()


def test_class_codes_that_came_as_numbers_are_codes_still(tmp_path):
    stops, opened = read_bus_stops(written(tmp_path, {**OLD, "P11_002": [1.0, None]}, "gpkg"))
    assert [stop.kinds for stop in stops] == [("民間バス",), ()]
    assert opened.cautions == ()


def test_what_is_odd_is_said_by_row_and_the_stop_is_kept(tmp_path):
    points = [shapely.Point(35.005, 135.005), shapely.Point(0, 0), shapely.Point(2.35, 48.85), None]
    columns = {
        "P11_001": ["逆", None, "遠く", "なし"],
        "P11_002": ["架空市"] * 4,
        "P11_003_01": ["中央線"] * 4,
        "P11_004_01": ["3", "3", "9", "3"],
        "P11_099": ["?"] * 4,
    }
    stops, opened = read_bus_stops(written(tmp_path, columns, "gpkg", points=points))
    assert [stop.name for stop in stops] == ["逆", "名前なし", "遠く", "なし"]
    assert {(stop.lon, stop.lat) for stop in stops} == {(None, None)}
    assert stops[2].kinds == ("区分不明(9)",)
    assert opened.counts == (("バス停", 4), ("位置のあるバス停", 0))
    assert said(opened) == [
        "P11.gpkg: P11-22 にない列は読みませんでした: P11_099",
        "P11.gpkg 1 行目: 位置は緯度と経度が入れ替わっています(緯度 135.005、経度 35.005)(位置なし)",
        "P11.gpkg 2 行目 列「P11_001」: 名前が空欄です(「名前なし」と表示します)",
        "P11.gpkg 2 行目: 位置は緯度も経度も 0 です(位置なし)",
        "P11.gpkg 3 行目: バス区分「9」は 1〜5 ではありません",
        "P11.gpkg 3 行目: 位置は日本の外です(緯度 48.85、経度 2.35)(位置なし)",
        "P11.gpkg 4 行目: 点がありません(位置なし)",
    ]


def test_a_shapefile_without_a_crs_is_read_as_degrees_and_says_so(tmp_path):
    path = written(tmp_path, OLD, "shp")
    path.with_suffix(".prj").unlink()
    stops, opened = read_bus_stops(path)
    assert stops[0].lon == 135.005
    assert said(opened) == ["P11-22_03.shp: 座標系が書かれていないので、経緯度(JGD2011)として読みました"]


def test_plane_coordinates_become_degrees(tmp_path):
    path = tmp_path / "plane.gpkg"
    frame(NEW).to_crs(6673).to_file(path, layer="P11")
    stops, _ = read_bus_stops(path)
    assert (stops[1].lon, stops[1].lat) == pytest.approx((135.05, 35.025), abs=1e-7)


@pytest.mark.parametrize(
    "columns",
    [
        {"N02_001": ["11", "12"]},
        {"P11_001": ["a", "b"], "P11_002": ["1", "1"]},
        {"P11_003_01": ["a", "b"]},
    ],
)
def test_another_dataset_is_refused_with_the_columns_that_came(tmp_path, columns):
    with pytest.raises(TableError, match=r"バス停留所\(P11\)の列がありません") as caught:
        read_bus_stops(written(tmp_path, columns, "geojson"))
    assert next(iter(columns)) in str(caught.value)


def test_a_missing_file_a_text_and_an_empty_collection_are_refused_in_words(tmp_path):
    with pytest.raises(DataFileError, match=r"開けません.*ファイルかフォルダーがありません"):
        read_bus_stops(tmp_path / "none.geojson")
    text = tmp_path / "P11.geojson"
    text.write_text("<html>")
    with pytest.raises(TableError, match="図形のファイルとして読めません"):
        read_bus_stops(text)
    text.write_text(json.dumps({"type": "FeatureCollection", "features": []}))
    with pytest.raises(TableError, match="点が1つも入っていません"):
        read_bus_stops(text)


@pytest.mark.parametrize(
    ("names", "words"), [(["a.xml"], r"0 つあります"), (["a.shp", "b/c.SHP"], r"2 つあります")]
)
def test_a_zip_without_one_file_of_shapes_is_refused(tmp_path, names, words):
    path = tmp_path / "P11.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    with pytest.raises(TableError, match=words):
        read_bus_stops(path)


def test_the_shapefile_is_taken_from_a_zip_that_also_holds_the_geojson(tmp_path):
    path = written(tmp_path, NEW, "zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("P11-22_03.geojson", "{}")
    stops, _ = read_bus_stops(path)
    assert len(stops) == 2


def test_a_locked_zip_and_a_damaged_one_are_refused_in_words(tmp_path):
    path = written(tmp_path, NEW, "zip")
    content = path.read_bytes()
    # Bit 0 of the flags of every entry of the directory says: encrypted
    path.write_bytes(content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"))
    with pytest.raises(TableError, match="パスワード"):
        read_bus_stops(path)
    at = content.index(b".dbf") + 40
    path.write_bytes(content[:at] + b"\xff" * 20 + content[at + 20 :])
    with pytest.raises(TableError, match="zip が壊れています"):
        read_bus_stops(path)


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_zip_is_refused_in_words_whatever_packed_it(tmp_path, packing):
    inner = written(tmp_path, NEW, "zip").parent / "inner"
    path = tmp_path / "packed.zip"
    with zipfile.ZipFile(path, "w", packing) as archive:
        for file in sorted(inner.iterdir()):
            archive.write(file, file.name)
    content = path.read_bytes()
    at = content.index(b".dbf") + 4
    for spoilt in range(at, at + 60, 4):
        path.write_bytes(
            content[:spoilt]
            + bytes(byte ^ 0xFF for byte in content[spoilt : spoilt + 8])
            + content[spoilt + 8 :]
        )
        with pytest.raises(TableError, match="zip が壊れています"):
            read_bus_stops(path)


def test_of_several_layers_the_first_is_read_and_named(tmp_path):
    path = written(tmp_path, NEW, "gpkg")
    frame(OLD).to_file(path, layer="other")
    stops, opened = read_bus_stops(path)
    assert len(stops) == 2
    assert "層が 2 あります(P11、other)" in said(opened)[0]
