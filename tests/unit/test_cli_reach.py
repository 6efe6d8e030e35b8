"""reach, site and transit on the command line: the shapes they write, the files they read, the words they refuse."""

from __future__ import annotations

import csv
import io
import json

import geopandas as gpd
import pyogrio
import pytest
import shapely
from fictional.gtfs import FEED, zipped

DAY = ["--on", "2024-06-03"]


@pytest.fixture
def reach(kyodo, fictional_data):
    """Run `reach` in the fictional city and return its output."""

    def command(*words, name="reach"):
        code, out, err = kyodo(name, "--data", fictional_data, *DAY, *words)
        assert (code, err) == (0, "")
        return out

    return command


@pytest.fixture
def refused(kyodo_refuses, fictional_data):
    return lambda *words, name="reach": kyodo_refuses(name, "--data", fictional_data, *DAY, *words)


@pytest.fixture
def gtfs(tmp_path):
    path = tmp_path / "架空.zip"
    path.write_bytes(zipped(FEED))
    return path


@pytest.fixture
def roads(tmp_path):
    """One road from the west to the east of the city, and a piece that hangs on nothing."""
    lines = [
        shapely.LineString([(135.0 + x / 1000, 35.005) for x in range(0, 61, 5)]),
        shapely.LineString([(135.05, 35.035), (135.051, 35.035)]),
    ]
    path = tmp_path / "道路.gpkg"
    gpd.GeoDataFrame({"highway": ["primary", "service"]}, geometry=lines, crs=4326).to_file(
        path, driver="GPKG"
    )
    return path


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_shipped_city_is_counted_whole(kyodo):
    code, out, _ = kyodo("reach", "--format", "json", "--on", "2026-11-24")
    report = json.loads(out)
    city = report["city"]
    assert (code, city["people"]) == (0, 111_932)
    assert city["within_people"] + city["outside_people"] + city["unreachable_people"] == 111_932
    assert sum(row["people"] for row in report["districts"]) == 111_932
    assert sum(one["point"] == "town" for one in report["facility_list"]) == 5
    assert report["basis"] == "estimated"


def test_every_set_of_facilities_answers(reach):
    for name in ("centres", "centres+branches", "shelters", "clinics", "stations"):
        report = json.loads(reach("--facilities", name, "--format", "json"))
        assert report["city"]["people"] == 2301
        assert report["facility_list"]


def test_districts_and_places_as_csv_agree(reach):
    districts = rows(reach("--format", "csv", "--within", "1500"))
    places = rows(reach("--format", "csv", "--places", "--within", "1500"))
    assert sum(int(row["people"]) for row in places) == int(districts[-1]["people"]) == 2301
    within = sum(int(row["people"]) for row in places if row["within"] == "はい")
    assert within == int(districts[-1]["within_people"])
    for row in (*districts, *places):
        assert (row["basis"], row["reference_date"], row["lines_on"]) == ("架空", "2020-10-01", "2024-06-03")
        assert "直線距離" in row["measure"]
        assert row["sources"]


def test_a_closure_is_told_in_the_table_and_in_json(reach):
    text = reach("--close", "4")
    assert "もしもの変化" in text
    assert "最も遠くなる所" in text
    report = json.loads(reach("--close", "4", "--format", "json"))
    assert report["what_if"] == {"close": "4"}
    assert sum(row["longer"] for row in report["change"]) > 0
    assert sum(row["shorter"] for row in report["change"]) == 0


def test_the_detour_factor_is_named_with_its_source(reach):
    text = reach("--detour")
    assert "直線距離 × 1.3(道路の距離の目安)" in text
    assert "腰塚・小林" in text
    assert "直線距離 × 1.5" in reach("--detour", "1.5")


def test_people_whom_no_road_reaches_are_listed_and_not_dropped(reach, roads):
    report = json.loads(reach("--roads", roads, "--format", "json"))
    city = report["city"]
    assert (
        city["people"] == city["within_people"] + city["outside_people"] + city["unreachable_people"] == 2301
    )
    assert city["unreachable_people"] > 0
    text = reach("--roads", roads)
    assert "届かない" in text
    assert "道がつながっていない部分が 1 か所" in text
    assert "道路の所要時間(車)" in reach("--roads", roads, "--by", "time", "--mode", "car")


def test_a_file_of_facilities_is_read_and_its_gaps_are_said(reach, tmp_path):
    path = tmp_path / "店.csv"
    path.write_text("名称,緯度,経度\n架空商店,35.01,135.01\n位置なし商店,,\n", encoding="cp932")
    text = reach("--facilities", path)
    assert "開いたファイルの施設への近さ" in text
    assert "位置が分からず測れない施設 1 か所: 位置なし商店" in text
    assert "3 行目" in text


def test_a_geopackage_holds_places_facilities_and_districts(reach, tmp_path):
    path = tmp_path / "近さ.gpkg"
    reach("--format", "gpkg", "-o", path)
    assert [name for name, _ in pyogrio.list_layers(path)] == ["places", "facilities", "districts"]
    assert gpd.read_file(path, layer="places")["people"].sum() == 2301


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "gpkg"], "GeoPackage はファイルにしか書けません"),
        (["--places"], "--places は CSV だけです"),
        (["--mode", "car"], "道路のファイルが要ります"),
        (["--close", "99"], "「99」はありません"),
        (["--within", "-5"], "半径 -5 は使えません"),
        (["--detour", "0.5"], "係数は 1 から 5 まで"),
        (["--detour", "0"], "係数は 1 から 5 まで"),
        (["--facilities", "clinics", "--hazard", "洪水"], "災害ごとに使えるかどうかの資料がありません"),
        (["--open", "35.0,135.0"], "緯度と経度が入れ替わっています"),
        (["--open", "135.0"], "位置「135.0」を読めません"),
        (["--facilities", "なし.csv"], "なし.csv"),
        (["--roads", "なし.gpkg"], "なし.gpkg"),
        (["--demand", "mesh", "--count", "households"], "世帯数は手元の資料にありません"),
    ],
)
def test_what_cannot_be_done_is_said_in_japanese(refused, words, said):
    assert said in refused(*words)


def test_every_form_names_the_disaster_and_what_is_tried_out(reach):
    for form in ("table", "csv", "json"):
        assert "地震のとき使えると分かっている市民センター" in reach("--hazard", "地震", "--format", form)
        text = reach("--close", "4", "--move", "1@135.02,35.02", "--format", form)
        if form != "json":
            assert "もしもの後(4 架空空地センターを閉じる、1 架空本町センターを" in text
    assert json.loads(reach("--hazard", "地震", "--format", "json"))["hazard"] == "地震"


def test_closing_everything_gives_reasons_and_no_false_zeros(reach):
    text = reach("--close", "1", "2", "3", "4", "5")
    assert "今ももしもの後も届く人がいません" in text
    report = json.loads(reach("--close", "1", "2", "3", "4", "5", "--format", "json"))
    assert sum(row["lost"] for row in report["change"]) == 2301
    assert all(row["most"] is None for row in report["change"] if row["people"])


def test_a_hazard_keeps_only_designated_shelters(reach):
    assert "洪水のときは使えない施設 1 か所: 架空本町センター" in reach("--hazard", "洪水")


def test_site_gives_the_exact_and_the_greedy_answer(reach):
    text = reach("--p", "2", "--objective", "cover", name="site")
    assert "最適(証明ずみ)" in text
    assert "順に選んだ答え(貪欲法)" in text
    report = json.loads(reach("--p", "2", "--objective", "distance", "--format", "json", name="site"))
    assert (len(report["chosen"]), len(report["given_up"]), report["gap"]) == (2, 3, 0)
    assert {"radius", "unit", "measure", "counted", "reference_date", "lines_on", "basis", "sources"} <= set(
        report
    )
    more = json.loads(
        reach("--p", "1", "--objective", "cover", "--candidates", "places", "--format", "json", name="site")
    )
    assert [one["exists"] for one in more["chosen"]] == [True] * 5 + [False]


def test_site_refuses_what_cannot_be_chosen(refused):
    assert "今の施設は 5 か所です" in refused("--p", "5", "--objective", "cover", name="site")


def test_without_a_timetable_the_services_known_as_text_are_shown(reach, refused):
    text = reach(name="transit")
    assert "停留所の位置と時刻は公表資料として手元にありません" in text
    assert "便: 架空デマンド" in text
    (row,) = rows(reach("--format", "csv", name="transit"))
    assert row["いつの話か"] == "2022年4月から"
    assert "--gtfs FILE" in refused("--day", "2024-06-03", name="transit")


def test_a_timetable_is_counted_and_its_account_is_given(reach, gtfs):
    text = reach("--gtfs", gtfs, "--within", "50", name="transit")
    assert "便 12" in text
    assert "停留所「600」の緯度・経度が空欄です(位置なし)" in text
    city = rows(
        reach("--gtfs", gtfs, "--within", "50", "--day", "2024-06-03", "--format", "csv", name="transit")
    )[-1]
    assert (city["人口"], city["使える停留所がある"], city["空白の割合 %"]) == ("2301", "1400", "39.2")


def test_a_route_and_hours_can_be_taken_out(reach, gtfs):
    common = ["--gtfs", gtfs, "--within", "50", "--day", "2024-06-03", "--format", "json"]
    assert json.loads(reach(*common, "--without-route", "R1", name="transit"))["city"][3] == "0"
    one = json.loads(reach(*common, "--window", "07:00-12:00", "--min-runs", "1", name="transit"))
    assert one["city"][3] == "1100"


def test_an_area_on_call_is_a_class_of_its_own(reach, gtfs, tmp_path):
    path = tmp_path / "区域.csv"
    path.write_text("区域名,小地域コード,曜日\n架空デマンド,k12,平日\n", encoding="utf-8")
    common = ["--gtfs", gtfs, "--within", "50", "--day", "2024-06-03", "--format", "json"]
    assert json.loads(reach(*common, "--on-call", path, name="transit"))["city"][4] == "400"


def test_bus_stops_without_times_say_that_runs_are_unknown(reach, tmp_path):
    path = tmp_path / "p11.geojson"
    columns = {"P11_001": ["架空駅"], "P11_002": ["架空交通"], "P11_003_01": ["中央線"], "P11_004_01": ["1"]}
    point = [shapely.Point(135.005, 35.005)]
    gpd.GeoDataFrame(columns, geometry=point, crs=4326).to_file(path, driver="GeoJSON")
    text = reach("--stops", path, "--within", "50", name="transit")
    assert "バス停(便数は不明)への近さ(架空)" in text
    assert (
        rows(reach("--stops", path, "--within", "50", "--format", "csv", name="transit"))[-1]["within_people"]
        == "800"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--without-route", "R9"], "R9"),
        (["--day", "2024-13-01"], "2024-13-01"),
        (["--window", "9-5"], "時間帯「9-5」"),
        (["--min-runs", "0"], "1 以上の整数ではありません"),
    ],
)
def test_a_wrong_word_of_transit_is_said_in_japanese(kyodo, fictional_data, gtfs, words, said):
    code, _, err = kyodo("transit", "--data", fictional_data, *DAY, "--gtfs", gtfs, *words)
    assert (code in {1, 2}, said in err) == (True, True)


def test_a_web_page_instead_of_a_zip_is_said_as_such(refused, tmp_path):
    path = tmp_path / "feed.zip"
    path.write_text("<!DOCTYPE html><html></html>", encoding="utf-8")
    assert "HTML" in refused("--gtfs", path, name="transit")
    assert "ファイルを開けません" in refused("--gtfs", tmp_path / "なし.zip", name="transit")


@pytest.mark.parametrize(
    "words",
    [
        ("--gtfs", "f.zip"), ("--day", "2024-06-03"), ("--window", "07:00-12:00"), ("--min-runs", "2"),
        ("--without-route", "R1"), ("--without-trip", "W1"), ("--on-call", "f.csv"),
    ],
)  # fmt: skip
def test_bus_stops_alone_refuse_by_name_what_needs_a_timetable(refused, words):
    said = refused("--stops", "p11.geojson", *words, name="transit")
    assert f"--stops と {words[0]} は同時に使えません" in said


@pytest.mark.parametrize(
    "words", [("--window", "07:00-12:00"), ("--min-runs", "2"), ("--within", "300"), ("--on-call", "f.csv")]
)
def test_without_any_file_what_needs_one_is_refused_by_name(refused, words):
    assert f"時刻表のファイルがないため {words[0]} は計算できません" in refused(*words, name="transit")


def test_a_terminal_says_what_is_taken_out_and_what_is_doubtful(reach, gtfs):
    text = reach(
        "--gtfs", gtfs, "--day", "2030-06-03", "--without-route", "R1", "--without-trip", "N1", name="transit"
    )
    for said in (
        "もしもの後: 路線 R1、便 N1 をなくす",
        "注意: 選んだ日 2030-06-03 は時刻表の期間(2024-04-01〜2025-03-31)の外です。便数は不明です。",
        "駅の便数は不明のため数えていない(",
        "平日の便(2024-04-01)",
    ):
        assert said in text, said
    assert "注意: 位置のない停留所の発車 1 便は数えていません。" in reach("--gtfs", gtfs, name="transit")
