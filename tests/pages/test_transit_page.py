"""交通 as a script: what is known as text on opening, everything once a timetable is open, and what a removal does."""

from __future__ import annotations

import pytest
from fictional.gtfs import FEED, zipped
from opened import csv_rows, errors_of, press, table_of, tables_of, text_of, words_of

TIMETABLE = "visit_gtfs"


@pytest.fixture
def opened(run, fictional):
    """The page with the fictional timetable open, asked on a school weekday within 50 m."""

    def with_file(content=None, key=TIMETABLE, name="架空.zip", **address):
        app = run("transit", **{"day": "2024-06-03", "within": "50", **address})
        app.session_state[f"{key}_kept"] = (name, zipped(FEED) if content is None else content)
        return app.run()

    return with_file


def people(cell):
    return int(cell.replace(",", ""))


def test_without_a_timetable_the_page_teaches_what_is_missing(run, fictional):
    app = run("transit")
    assert errors_of(app) == []
    assert "時刻表がまだ開かれていません" in text_of(app)
    rows = table_of(app, "ことばで分かっている便")["tbody"]
    assert rows[0][0] == "架空デマンド"
    assert "便数は不明" in str([one.value for one in app.caption])


def test_with_a_timetable_people_are_counted_as_on_paper(opened):
    app = opened()
    assert errors_of(app) == []
    table = table_of(app, "地区ごとの交通")
    assert [people(cell) for cell in table["tfoot"][0][2:7]] == [2301, 1400, 0, 0, 901]
    assert sum(people(row[2]) for row in table["tbody"]) == 2301


def test_every_table_of_figures_says_day_threshold_measure_and_estimate(opened):
    for caption in tables_of(opened()):
        if caption.startswith(("読まなかった", "注意して", "日の種類", "ことばで")):
            continue
        assert all(word in caption for word in ("2024-06-03(月) 平日", "50 m", "直線距離", "推計")), caption


def test_an_expired_timetable_is_said_to_be_one(opened):
    assert "有効期間が過ぎています" in text_of(opened())


def test_what_was_left_out_stands_with_file_and_row(opened):
    rows = table_of(opened(), "注意して使うもの")["tbody"]
    assert ["stops.txt", "10", "stop_lat"] in [row[:3] for row in rows]


def test_removing_a_route_names_who_loses_it_and_can_be_taken_back(opened):
    app = opened()
    app.multiselect(key="transit_no_routes").set_value(["R1"]).run()
    assert words_of(app)["no_routes"] == "R1"
    assert people(table_of(app, "地区ごとの交通")["tfoot"][0][3]) == 0
    assert "もしもの後" in str(list(tables_of(app)))
    app = press(app, "もしもをすべて元に戻す")
    assert "no_routes" not in words_of(app)


def test_hours_and_runs_change_the_answer_and_the_address(opened):
    app = opened(window="07:00-12:00", runs="1")
    assert people(table_of(app, "地区ごとの交通")["tfoot"][0][3]) == 1100
    assert app.slider(key="transit_hours").value == (7, 12)
    app.number_input(key="transit_runs").set_value(3).run()
    assert words_of(app)["runs"] == "3"


def test_return_trips_are_calculated_on_request(opened):
    app = opened(within="500")
    app = press(app, "計算する")
    table = table_of(app, "日帰りできる人")
    assert [people(cell) for cell in table["tfoot"][0][2:5]] == [2301, 1400, 300]
    assert "用事に 60 分以上いて" in text_of(app)


def test_a_web_page_in_place_of_a_timetable_is_said_as_such(opened):
    app = opened(b"<!DOCTYPE html><html></html>")
    (said,) = errors_of(app)
    assert "HTML" in said
    assert "時刻表がまだ開かれていません" in text_of(app)


def test_an_area_on_call_is_shown_as_a_class_of_its_own(opened):
    app = opened()
    app.session_state["visit_on_call_kept"] = ("区域.csv", "区域名,小地域コード\n架空デマンド,k12\n".encode())
    app = app.run()
    assert people(table_of(app, "地区ごとの交通")["tfoot"][0][5]) == 400
    assert table_of(app, "予約制(デマンド)の区域")["tbody"][0][:2] == ["架空デマンド", "400"]


def test_downloads_hold_stops_with_their_hours(opened, downloads):
    opened()
    head, *rows = csv_rows(downloads["停留所の表をダウンロード(CSV)"][1])
    station = next(row for row in rows if row[head.index("name")] == "架空駅")
    assert (station[head.index("pairs")], station[head.index("7時")], station[head.index("23時")]) == (
        "2",
        "1",
        "1",
    )
