"""Facility files as people have them: what is read, what stays without a position, what is left out, and why."""

from __future__ import annotations

import json

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import DataFileError, TableError
from kyodo_geo.model.reach.choice import HAZARDS
from kyodo_geo.sources.visit.coordinates import position_of
from kyodo_geo.sources.visit.facility_file import read_facilities, read_facilities_file

GOOD = "名称,緯度,経度\n架空館,38.93,141.13\n"
GSI = (
    "NO,共通ID,都道府県名及び市町村名,施設・場所名,住所,洪水,崖崩れ、土石流及び地滑り,高潮,地震,津波,大規模な火事,内水氾濫,"
    "火山現象,指定避難所との住所同一,緯度,経度,備考\n"
    "1,E9900000001201,架空県架空市,架空寺,架空市1,1,1,,1,,,1,,,38.794662,141.226147,建物のほか敷地を含む\n"
    "2,E9900000002201,架空県架空市,架空館,架空市2,,1,,1,,,,,1,38.791433,141.240417,\n"
)
STANDARD_A = (
    "都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,介護サービス事業所名称,介護サービス事業所名称_カナ,実施サービス,住所,方書,"
    "緯度,経度,備考\n990001,0000001,架空県,架空市,架空苑,カクウエン,通所,架空市3,,38.93,141.13,\n"
)
MHLW = (
    "ID,正式名称,機関区分,所在地,所在地座標（緯度）,所在地座標（経度）\n"
    "0310000001,架空病院,1,架空市4,38.93,141.13\n0310000002,零病院,1,架空市5,0,0\n"
)


def rows_of(table):
    return read_facilities(table.encode(), name="架空.csv")


def one_row(lat, lon):
    """Read one facility whose position is in question, beside one that has one."""
    facilities, opened = rows_of(f"{GOOD}疑い,{lat},{lon}\n")
    return facilities[1], opened


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (GOOD, ["1"]),
        (GSI, ["E9900000001201", "E9900000002201"]),
        (STANDARD_A, ["0000001"]),
        (MHLW, ["0310000001", "0310000002"]),
        ("code,name,lat,lng\nx,y,38.93,141.13\n", ["x"]),
        ("ＩＤ,施設名,緯 度,経度(世界測地系)\n７,架空館,３８．９３,141.13\n", ["7"]),
    ],
)  # fmt: skip
def test_columns_are_found_by_the_names_that_are_in_use(table, codes):
    facilities, _ = rows_of(table)
    assert [one.code for one in facilities] == codes
    assert facilities[0].kind == "own"
    assert (facilities[0].point, facilities[0].lon) in {("exact", 141.13), ("exact", 141.226147)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t"])
def test_encoding_and_separator_change_nothing(encoding, separator):
    table = GOOD.replace(",", separator).encode(encoding)
    assert read_facilities(table, name="架空.csv")[0] == rows_of(GOOD)[0]


def test_titles_above_and_notes_below_the_table_are_no_facilities():
    facilities, opened = rows_of(f"架空市の施設一覧,,\n令和6年4月1日現在\n,,\n{GOOD}※出典は架空市,,\n")
    assert [one.name for one in facilities] == ["架空館"]
    assert [(fault.row, "注記の行" in fault.what) for fault in opened.left_out] == [(6, True)]


@pytest.mark.parametrize(
    ("lat", "lon", "words"),
    [
        ("", "", "緯度と経度が空欄"),
        ("38.93", "", "経度が空欄"),
        ("38.93", "141264748", "小数点が落ちている"),
        ("141.13", "38.93", "入れ替わっています"),
        ("0", "0", "緯度も経度も 0"),
        ("999", "999", "日本の外"),
        ("369.56056", "141.13", "日本の外"),
        ("-38.93", "141.13", "日本の外"),
        ("不明", "141.13", "「不明」は度の数"),
        ("nan", "141.13", "「nan」は度の数"),
        ("38°75'00\"", "141.13", "60 以上"),
    ],
)  # fmt: skip
def test_a_position_that_cannot_be_read_leaves_the_facility_in_the_list(lat, lon, words):
    facility, opened = one_row(lat, lon.replace(",", ""))
    assert (facility.name, facility.point, facility.lon, facility.lat) == ("疑い", "none", None, None)
    assert words in facility.note
    assert "位置なし" in facility.note
    (fault,) = opened.left_out
    assert (fault.row, fault.file) == (3, "架空.csv")
    assert words in fault.what
    assert dict(opened.counts) == {"位置のある施設": 1, "位置なし": 1}
    assert opened.source.rows == 2


@given(lat=st.floats(24, 45.5), lon=st.floats(123, 153))
def test_swapped_axes_are_never_swapped_back(lat, lon):
    right, swapped = position_of(f"{lat:.6f}", f"{lon:.6f}"), position_of(f"{lon:.6f}", f"{lat:.6f}")
    assert (right.lat, right.lon) == (float(f"{lat:.6f}"), float(f"{lon:.6f}"))
    assert (swapped.lat, swapped.lon) == (None, None)
    assert "入れ替わっています" in swapped.wrong


@pytest.mark.parametrize("signs", ["°'\"", "度分秒", "°′″", "゜’”", "°'''"])  # fmt: skip
@pytest.mark.parametrize("wrapped", ["{}", "北緯{}", "{}N"])
def test_degrees_minutes_and_seconds_are_read_and_said(signs, wrapped):
    degree, minute, second = signs[0], signs[1], signs[2:]
    lat = wrapped.format(f"38{degree}56{minute}24{second}")
    lon = f"141{degree}7{minute}30.0{second}"
    found = position_of(lat, lon)
    assert (found.lat, found.lon) == (38.94, 141.125)
    assert "度分秒を度に直しました" in found.remark


@given(st.integers(24, 45), st.integers(0, 59), st.integers(0, 5999))
def test_degrees_minutes_seconds_mean_what_they_say(degree, minute, hundredths):
    found = position_of(f"{degree}°{minute}'{hundredths / 100:.2f}\"", "141.13")
    assert found.lat == pytest.approx(degree + minute / 60 + hundredths / 360_000, abs=1e-7)


def test_what_was_converted_stands_among_the_cautions():
    facility, opened = one_row('38°56\'24""'.replace('""', "″"), "141°7'30″")
    assert facility.point == "exact"
    assert opened.left_out == ()
    assert [(fault.row, "度分秒" in fault.what) for fault in opened.cautions] == [(3, True)]


def test_the_hazards_of_a_shelter_list_are_read_by_their_names():
    temple, hall = rows_of(GSI)[0]
    assert set(temple.hazards) == set(HAZARDS)
    assert {hazard for hazard, marked in temple.hazards.items() if marked} == {
        "洪水", "崖崩れ、土石流及び地滑り", "地震", "内水氾濫",
    }  # fmt: skip
    assert hall.hazards["洪水"] is False
    assert rows_of(GOOD)[0][0].hazards is None


def test_a_row_without_any_mark_is_not_stated_and_a_strange_mark_is_not_guessed():
    table = "名称,緯度,経度,災害種別_洪水,災害種別_地震\nあ,38.93,141.13,,\nい,38.93,141.13,2階,○\nう,38.93,141.13,×,1\n"
    facilities, opened = rows_of(table)
    assert [one.hazards for one in facilities] == [None, {"地震": True}, {"洪水": False, "地震": True}]
    assert [(fault.row, "「2階」" in fault.what) for fault in opened.cautions] == [(3, True)]


def test_a_code_stands_once_and_the_second_row_is_refused_by_its_line():
    facilities, opened = rows_of(
        "ID,名称,緯度,経度\n1,あ,38.93,141.13\n１,い,38.94,141.14\n2,う,38.95,141.15\n"
    )
    assert [(one.code, one.name) for one in facilities] == [("1", "あ"), ("2", "う")]
    (fault,) = opened.left_out
    assert (fault.row, fault.column) == (3, "ID")
    assert "2 行目にもあります" in fault.what


@pytest.mark.parametrize(("code", "words"), [("", "空欄"), ("a;b", "使えない記号"), ("新1", "使えない記号"), ("x@y", "使えない記号")])  # fmt: skip
def test_a_code_that_cannot_stand_in_an_address_is_replaced_and_said(code, words):
    facilities, opened = rows_of(f"ID,名称,緯度,経度\n{code},あ,38.93,141.13\n")
    assert [one.code for one in facilities] == ["行2"]
    assert words in opened.cautions[0].what
    assert opened.cautions[0].row == 2


def test_names_that_look_like_formulas_stay_text():
    facilities, opened = rows_of(
        '名称,緯度,経度\n"=HYPERLINK(""http://x"")",38.93,141.13\n-1+2,38.93,141.13\n'
    )
    assert [one.name for one in facilities] == ['=HYPERLINK("http://x")', "-1+2"]
    assert opened.left_out == ()


def test_rows_without_a_name_or_with_a_comma_too_many_are_left_out_by_line():
    facilities, opened = rows_of(f"{GOOD},38.93,141.13\nあ,い,38.93,141.13\n短い,38.93\n")
    assert [one.name for one in facilities] == ["架空館", "短い"]
    assert [fault.row for fault in opened.left_out] == [3, 4, 5]
    assert "名称が空欄" in opened.left_out[0].what
    assert "3 個の値が必要ですが 4 個" in opened.left_out[1].what
    assert "経度が空欄" in opened.left_out[2].what


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("施設コード,所在,北\n1,2,3\n".encode(), ["施設の名称の列", "緯度の列", "lat", "来た列: 施設コード、所在、北"]),
        ("名称,住所\nあ,い\n".encode(), ["緯度の列がありません", "経度の列がありません", "1 行目", "来た列: 名称、住所"]),
        ("名称,緯度,経度\nあ,0,0\nい,,\n".encode(), ["位置の分かる施設が1つもありません", "2 行目", "3 行目"]),
        ("名称,緯度,経度\n".encode(), ["施設の行がありません"]),
        (b"", ["空です"]),
        (b" \r\n,,\r\n", ["空です"]),
        (b"PK\x03\x04xx", ["Excel か ZIP"]),
        (b"\xef\xbb\xbf<!DOCTYPE html>", ["HTML"]),
        (b"%PDF-1.7", ["PDF"]),
        (b"\xff\xfe\x00", ["UTF-16"]),
        (b"a,\x81\x00\xff\n", ["UTF-8 でも Shift_JIS"]),
        (b'"' + b"a" * 200_000, ["引用符"]),
        (b"{", ["GeoJSON として読めません"]),
        (b'{"a": 1}', ["地物(features)がありません"]),
        (b'{"features": []}', ["地物(features)がありません"]),
        (b'{"features": [1, null]}', ["名称の項目がありません"]),
        (b"[" * 100_000, ["列がありません"]),
        (b'{"a":' + b"[" * 100_000, ["GeoJSON として読めません"]),
    ],
)  # fmt: skip
def test_a_file_without_anything_usable_is_refused_in_japanese(content, words):
    with pytest.raises(TableError) as caught:
        read_facilities(content, name="架空.csv")
    assert "架空.csv" in str(caught.value)
    assert caught.value.todo
    assert [word for word in words if word not in str(caught.value)] == []


def geojson(*features, **more):
    collection = {"type": "FeatureCollection", "features": list(features), **more}
    return read_facilities(json.dumps(collection, ensure_ascii=False).encode(), name="架空.geojson")


def feature(name, kind, at, **properties):
    return {
        "type": "Feature",
        "properties": {"name": name, **properties},
        "geometry": {"type": kind, "coordinates": at},
    }


def test_the_points_of_a_geojson_are_read_and_other_shapes_have_no_position():
    facilities, opened = geojson(
        feature("あ", "Point", [141.13, 38.93], code=7),
        feature("い", "MultiPoint", [[141.14, 38.94]], code=8.0, 備考="x"),
        feature("う", "Polygon", [[[141, 38], [142, 38], [142, 39], [141, 38]]], code="9"),
        feature("え", "Point", [38.93, 141.13], code=10),
        {"type": "Feature", "properties": {"name": "お", "code": 11}, "geometry": None},
    )
    assert [(one.code, one.lon) for one in facilities] == [
        ("7", 141.13), ("8", 141.14), ("9", None), ("10", None), ("11", None),
    ]  # fmt: skip
    assert [fault.what.split(":")[0] for fault in opened.left_out] == [f"{n} 番目の地物" for n in (3, 4, 5)]
    assert "入れ替わっています" in facilities[3].note


def test_a_geojson_in_metres_is_refused_and_one_that_says_degrees_is_read():
    at = feature("あ", "Point", [141.13, 38.93])
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert len(geojson(at, crs=named)[0]) == 1
    with pytest.raises(TableError, match="緯度経度ではありません"):
        geojson(at, crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::6678"}})


@pytest.fixture
def points():
    """Two facilities in degrees, one of them without a place."""
    return gpd.GeoDataFrame(
        {"名称": ["架空館", "無し"], "備考": ["x", None]},
        geometry=[shapely.Point(141.13, 38.93), None],
        crs="EPSG:6668",
    )


@pytest.mark.parametrize("epsg", [6668, 6678])
def test_a_geopackage_is_brought_to_degrees(tmp_path, points, epsg):
    path = tmp_path / "架空.gpkg"
    points.to_crs(epsg).to_file(path, layer="points", engine="pyogrio")
    facilities, opened = read_facilities_file(path)
    assert (facilities[0].name, facilities[0].note) == ("架空館", "x")
    assert (facilities[0].lon, facilities[0].lat) == pytest.approx((141.13, 38.93), abs=1e-7)
    assert facilities[1].point == "none"
    assert "2 番目の地物" in opened.left_out[0].what


def test_a_shapefile_without_cpg_is_read_as_cp932(tmp_path, points):
    path = tmp_path / "kakuu.shp"
    points.iloc[:1].to_file(path, encoding="cp932", engine="pyogrio")
    path.with_suffix(".cpg").unlink()
    assert [(one.name, one.note) for one in read_facilities_file(path)[0]] == [("架空館", "x")]


def test_shape_files_that_cannot_be_used_are_refused_in_japanese(tmp_path, points):
    path = tmp_path / "架空.gpkg"
    for content in (b"", b"PK\x03\x04", GOOD.encode()):
        path.write_bytes(content)
        with pytest.raises(TableError, match="図形のファイルとして読めません"):
            read_facilities_file(path)
    path.unlink()
    points.iloc[:1].to_file(path, layer="a", engine="pyogrio")
    points.iloc[:1].to_file(path, layer="b", engine="pyogrio")
    with pytest.raises(TableError, match="点の層が 2"):
        read_facilities_file(path)


def test_a_zip_that_is_none_is_refused(tmp_path):
    path = tmp_path / "架空.zip"
    path.write_bytes(b"<html>")
    with pytest.raises(TableError, match="図形のファイルとして読めません"):
        read_facilities_file(path)


def test_a_file_on_disk_is_read_like_its_bytes_and_a_missing_one_is_said(tmp_path):
    path = tmp_path / "架空.csv"
    path.write_text(GOOD, encoding="utf-8")
    assert read_facilities_file(path) == read_facilities(GOOD.encode(), name="架空.csv")
    with pytest.raises(DataFileError, match="ファイルかフォルダーがありません"):
        read_facilities_file(tmp_path / "無い.csv")


@given(st.binary(max_size=200))
def test_whatever_bytes_come_they_are_read_or_refused_in_japanese(content):
    try:
        facilities, _ = read_facilities(content, name="架空.csv")
    except TableError as error:
        assert "架空.csv" in str(error)  # noqa: PT017 - either outcome is right, but never another error
    else:
        assert facilities


@given(st.text(max_size=120))
def test_whatever_stands_in_a_row_no_facility_is_lost_without_a_word(text):
    facilities, opened = read_facilities(f"{GOOD}{text}".encode("utf-8", "replace"), name="架空.csv")
    assert all(fault.row is not None for fault in opened.left_out)
    assert all(one.name for one in facilities)
    unplaced = sum(one.lon is None for one in facilities)
    assert sum("位置なし" in fault.what for fault in opened.left_out) >= unplaced
