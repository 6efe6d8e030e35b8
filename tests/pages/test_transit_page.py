"""交通 as a script: what is known as text on opening, everything once a timetable is open, and what a removal does."""

from __future__ import annotations

import pytest
from fictional.gtfs import FEED, zipped
from opened import csv_rows, errors_of, press, table_of, tables_of, text_of, words_of

from kyodo_geo.transit import routes

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
    assert [people(cell) for cell in table["tfoot"][0][2:7]] == [2301, 1400, 0, 21, 880]
    assert sum(people(row[2]) for row in table["tbody"]) == 2301


def test_every_table_of_figures_says_day_threshold_measure_and_estimate(opened):
    for caption in tables_of(opened()):
        if caption.startswith(("読まなかった", "注意して", "ことばで")):
            continue
        if caption.startswith("日の種類"):  # counts of days, whatever the threshold: it says which days
            assert caption == "日の種類と代表の日(2024-04-01 から 2025-03-31 までの 365 日を数えた)"
            continue
        assert all(word in caption for word in ("2024-06-03(月) 平日", "50 m", "直線距離", "架空")), caption


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
    assert people(table_of(app, "地区ごとの交通")["tfoot"][0][4]) == 400
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


def test_on_call_areas_say_what_their_people_are(opened):
    app = opened()
    app.session_state["visit_on_call_kept"] = ("区域.csv", "区域名,小地域コード\n架空デマンド,k12\n".encode())
    app = app.run()
    (caption,) = [one for one in tables_of(app) if one.startswith("予約制(デマンド)の区域")]
    words = ("2024-06-03(月) 平日", "50 m", "直線距離", "架空", "区域の重なる所はどの区域にも数える")
    assert all(word in caption for word in words), caption


def test_an_area_of_small_area_codes_is_refused_among_mesh_cells(opened):
    app = opened(demand="mesh")
    assert errors_of(app) == []
    app.session_state["visit_on_call_kept"] = ("区域.csv", "区域名,小地域コード\n架空デマンド,k12\n".encode())
    (said,) = errors_of(app.run())
    assert "小地域コードだけの区域は、1kmメッシュの点では数えられません: 架空デマンド" in said
    assert "小地域の点" in said


def test_hours_beyond_the_slider_open_all_the_same(opened):
    app = opened(window="05:00-40:00")
    assert errors_of(app) == []
    assert app.slider(key="transit_hours").value == (5, 40)
    app.number_input(key="transit_runs").set_value(3).run()
    assert words_of(app)["window"] == "05:00-40:00"
    app.slider(key="transit_hours").set_value((5, 12)).run()
    assert (words_of(app)["window"], app.slider(key="transit_hours").value) == ("05:00-12:00", (5, 12))


def test_minutes_of_the_address_outlive_an_edit_of_another_field(opened):
    app = opened(window="07:30-08:15")
    app.number_input(key="transit_runs").set_value(1).run()
    assert words_of(app)["window"] == "07:30-08:15"
    app.slider(key="transit_hours").set_value((7, 10)).run()
    assert words_of(app)["window"] == "07:00-10:00"


def test_the_field_takes_as_many_runs_as_the_address(opened):
    app = opened(runs="200")
    app.checkbox(key="transit_stations").set_value(True).run()
    assert (errors_of(app), words_of(app)["runs"]) == ([], "200")


def test_a_day_outside_the_timetable_is_unknown_and_not_without_a_bus(opened):
    text = text_of(opened(day="2030-06-03"))
    assert "選んだ日 2030-06-03 は時刻表の期間(2024-04-01〜2025-03-31)の外です。便数は不明です。" in text
    assert "往復できる便が一つもありません" not in text


def test_departures_that_cannot_be_placed_are_named(opened):
    assert "位置のない停留所の発車 1 便は数えていません。" in text_of(opened())


def test_stations_are_said_to_be_left_out_or_counted(opened):
    caption = next(one for one in tables_of(opened(within="1500")) if one.startswith("地区ごと"))
    assert "駅の便数は不明のため数えていない(1,500 m以内に駅のある人 " in caption
    counted = next(one for one in tables_of(opened(stations="1")) if one.startswith("地区ごと"))
    assert "1日2往復以上ある停留所か駅" in counted


def test_a_threshold_does_not_count_the_routes_anew(opened, monkeypatch):
    asked = []
    real = routes.usable_runs
    monkeypatch.setattr(routes, "usable_runs", lambda *a, **k: asked.append(1) or real(*a, **k))
    opened(window="06:10-26:20")  # hours of no other test: nothing is kept of them yet
    first = len(asked)
    opened(window="06:10-26:20", within="700")
    assert (first, len(asked)) == (3, 3)
