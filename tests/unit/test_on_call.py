"""On-call areas: as a list of small areas or as outlines, with what is said of the service; unknown codes are listed."""

from __future__ import annotations

import json

import pytest
import shapely
from fictional.city import SMALL_AREAS, box
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import TableError
from kyodo_geo.sources.visit.on_call import read_on_call

KEYS = [f"{key}-{part}" if part else key for key, part, *_ in SMALL_AREAS]
HEAD = "区域名,小地域コード,曜日,時間帯,予約方法,備考\n"


def read(text, keys=KEYS, name="demand.csv"):
    return read_on_call(text.encode() if isinstance(text, str) else text, name=name, small_areas=keys)


def collection(*features, **more):
    shapes = [
        {"type": "Feature", "properties": said, "geometry": shape and json.loads(shapely.to_geojson(shape))}
        for said, shape in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": shapes, **more}, ensure_ascii=False)


@pytest.mark.parametrize("depth", [700, 5_000, 100_000])
@pytest.mark.parametrize("where", ["properties", "geometry"])
def test_what_is_nested_beyond_reading_is_refused_in_words(depth, where):
    feature = {"type": "Feature", "properties": {"区域名": "北"}, "geometry": None, where: "@"}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    with pytest.raises(TableError, match=r"入れ子が深すぎて読めません|使える予約制の区域が1つもありません"):
        read(text.replace('"@"', f'{{"区域名": {"[" * depth}{"]" * depth}}}'), name="demand.geojson")


def test_one_code_a_row_and_several_in_a_cell_are_the_same_area():
    service = "月・水,9:00-15:00,前日までに電話,"
    rows = read(f"{HEAD}北,k11,{service}\n北,k12,{service}\n南,k21,火,,,\n")[0]
    cells = read(f"{HEAD}北,k11; k12,{service}\n南,k21,火,,,\n")[0]
    continued = read(f"{HEAD}北,k11,{service}\n南,k21,火,,,\n北,k12,,,,\n")[0]
    assert rows == cells == continued
    assert rows[0].keys == ("k11", "k12")
    assert (rows[0].days, rows[0].hours, rows[0].booking) == ("月・水", "9:00-15:00", "前日までに電話")
    assert rows[0].polygon is None
    assert (rows[1].days, rows[1].hours, rows[1].note) == ("火", "記載なし", "")


def test_two_services_in_one_area_stay_two():
    areas, opened = read(f"{HEAD}北,k11,月,,,\n北,k11,火,,,\n")
    assert [(area.name, area.keys, area.days) for area in areas] == [
        ("北", ("k11",), "月"),
        ("北", ("k11",), "火"),
    ]
    assert opened.counts == (("予約制の区域", 2), ("小地域", 1), ("面", 0))


def test_a_code_stands_for_all_its_parts():
    assert read("区域名,key_code\n両端,k31\n")[0][0].keys == ("k31-E1", "k31-E2")
    assert read("区域名,key_code\n両端,k31-E2\n")[0][0].keys == ("k31-E2",)


def test_a_lost_zero_is_restored_and_said():
    areas, opened = read("区域名,小地域コード\n北,3209001\n", keys=["03209001"])
    assert areas[0].keys == ("03209001",)
    assert [str(fault) for fault in opened.cautions] == [
        "demand.csv 2 行目 列「小地域コード」: 「3209001」の前に消えた 0 を補いました"
    ]


def test_blank_names_and_unknown_codes_are_left_out_by_row():
    areas, opened = read(f"{HEAD}北,k11;x9,月,,,\n,k12,火,,,\n南,,水,,,\n東,3.2E+10,水,,,\n")
    assert [(area.name, area.keys) for area in areas] == [("北", ("k11",))]
    assert [str(fault) for fault in opened.left_out] == [
        "demand.csv 2 行目 列「小地域コード」: 「x9」は市の小地域コードにありません",
        "demand.csv 3 行目 列「区域名」: 区域名が空欄です",
        "demand.csv 4 行目 列「小地域コード」: 小地域コードが空欄です",
        "demand.csv 5 行目 列「小地域コード」: 「3.2E+10」は市の小地域コードにありません",
    ]


@given(st.lists(st.sampled_from([*KEYS, "x1", "x2"]), min_size=1, max_size=8))
def test_every_code_is_either_in_the_area_or_left_out(codes):
    text = "区域名,小地域コード\n北,k11\n" + "".join(f"北,{code}\n" for code in codes)
    areas, opened = read(text)
    assert set(areas[0].keys) == {"k11", *codes} - {"x1", "x2"}
    assert len(opened.left_out) == sum(code.startswith("x") for code in codes)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_the_tables_of_excel_are_read(encoding):
    areas, _ = read(f"{HEAD}髙台,ｋ１１,月,,,\n".replace("\n", "\r\n").encode(encoding))
    assert (areas[0].name, areas[0].keys) == ("髙台", ("k11",))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("区域,小地域コード\n北,k11\n", "区域名"),
        ("区域名,町\n北,k11\n", "小地域コード"),
        (HEAD, "使える予約制の区域が1つもありません"),
        (f"{HEAD}北,x9,月,,,\n", "「x9」は市の小地域コードにありません"),
        ("", "ファイルが空です"),
        ("{", "GeoJSON の FeatureCollection として読めません"),
        ('{"type": "Polygon"}', "GeoJSON の FeatureCollection として読めません"),
        ('{"features": [1]}', "GeoJSON の FeatureCollection として読めません"),
        ('{"features": [{"properties": [], "geometry": 3}]}', "区域名が空欄です"),
    ],
)
def test_a_file_without_one_area_is_refused_in_words(text, words):
    with pytest.raises(TableError) as caught:
        read(text)
    assert words in str(caught.value)
    assert caught.value.todo


def test_an_outline_is_an_area_with_or_without_codes():
    text = collection(
        ({"区域名": "北", "曜日": "月", "予約方法": "電話", "小地域コード": "k11;x9"}, box(0, 0, 1, 1)),
        ({"区域名": "南", "備考": None}, shapely.MultiPolygon([box(2, 0, 3, 1), box(4, 0, 5, 1)])),
    )
    areas, opened = read(text, name="demand.geojson")
    assert areas[0].polygon.equals(box(0, 0, 1, 1))
    assert (areas[0].keys, areas[0].days, areas[0].booking, areas[0].hours) == (
        ("k11",),
        "月",
        "電話",
        "記載なし",
    )
    assert (areas[1].keys, areas[1].note) == ((), "")
    assert [str(fault) for fault in opened.left_out] == [
        "demand.geojson 1 行目 列「小地域コード」: 「x9」は市の小地域コードにありません"
    ]
    assert opened.counts == (("予約制の区域", 2), ("小地域", 1), ("面", 2))


def test_outlines_that_cannot_be_used_are_left_out_and_a_crossed_one_is_repaired():
    bow = shapely.Polygon([(135.0, 35.0), (135.01, 35.01), (135.01, 35.0), (135.0, 35.01)])
    swapped = shapely.transform(box(0, 0, 1, 1), lambda points: points[:, ::-1])
    areas, opened = read(
        collection(
            ({"区域名": "蝶"}, bow),
            ({"区域名": "点"}, shapely.Point(135, 35)),
            ({"区域名": "逆"}, swapped),
            ({"区域名": "無"}, None),
            ({}, box(0, 0, 1, 1)),
        )
    )
    assert [area.name for area in areas] == ["蝶"]
    assert areas[0].polygon.is_valid
    assert areas[0].polygon.area == pytest.approx(0.5e-4)
    assert "輪郭が自分と交わっている" in opened.cautions[0].what
    assert [(fault.row, fault.what.split(": ")[-1].split("(緯度")[0]) for fault in opened.left_out] == [
        (2, "面(ポリゴン)ではありません"),
        (3, "位置は緯度と経度が入れ替わっています"),
        (4, "面(ポリゴン)ではありません"),
        (5, "区域名が空欄です"),
    ]


@pytest.mark.parametrize(
    ("crs", "fine"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", True),
        ("urn:ogc:def:crs:EPSG::6668", True),
        ("urn:ogc:def:crs:EPSG::6678", False),
    ],
)
def test_an_outline_in_plane_metres_is_refused(crs, fine):
    text = collection(({"区域名": "北"}, box(0, 0, 1, 1)), crs={"type": "name", "properties": {"name": crs}})
    if fine:
        assert len(read(text)[0]) == 1
        return
    with pytest.raises(TableError, match="経緯度"):
        read(text)
