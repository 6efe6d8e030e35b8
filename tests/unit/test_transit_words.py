"""What a transit study says of itself, and of what nobody knows, on the figures of tests/unit/test_transit_study.py."""

import csv
import io
import json
from datetime import date

import pyogrio
import pytest
import shapely
from fictional.gtfs import FEED, zipped
from fictional.transit import DAY, WALK_M, numbers

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach.choice import ReachChoice
from kyodo_geo.model.transit.choice import TransitChoice, window_of
from kyodo_geo.reach.export import places_csv, study_geopackage
from kyodo_geo.sources.visit.on_call import OnCallArea
from kyodo_geo.transit.export import gap_csv, stops_csv, transit_json
from kyodo_geo.transit.feed import open_feed
from kyodo_geo.transit.routes import pairs_without, route_columns, route_rows
from kyodo_geo.transit.study import TransitGiven, transit_study
from kyodo_geo.transit.tables import (
    CLASSES,
    gap_columns,
    gap_rows,
    on_call_columns,
    on_call_rows,
    stop_columns,
)
from kyodo_geo.transit.text import cautions, counted_days, stations_words
from kyodo_geo.transit.trips import (
    example_columns,
    trip_columns,
    trips_of,
)


def call(name, keys, polygon=None):
    return OnCallArea(name, keys, polygon, "平日", "8時から17時", "電話", "")


def test_people_of_overlapping_areas_count_in_both_and_once_in_the_class(fictional_city, ask):
    study = ask(given=TransitGiven(areas=(call("西", ("k12", "k11")), call("全部", ("k11", "k12", "k21")))))
    assert [row[:2] for row in on_call_rows(study)] == [["西", "1,200"], ["全部", "1,500"]]
    _, city = gap_rows(fictional_city, study)
    assert numbers(city)[2] == 400  # k11 and k21 have a stop of use


def test_an_area_on_call_comes_before_a_stop_with_too_few_runs(fictional_city, ask):
    # 480 people of k31-E1 are 455 m from 学校前 with its one pair a day
    study = ask(within=500.0, given=TransitGiven(areas=(call("東", ("k31-E1",)),)))
    assert numbers(gap_rows(fictional_city, study)[1]) == [2301, 1400, 480, 21, 400]
    assert CLASSES[1] == "予約制がある(定時は足りない)"


def test_an_area_of_codes_alone_cannot_be_placed_among_mesh_cells(fictional_city, ask):
    mesh = TransitChoice(reach=ReachChoice(demand="mesh"))
    with pytest.raises(InputRefused, match="1kmメッシュの点では数えられません: 東") as refused:
        ask(mesh, given=TransitGiven(areas=(call("東", ("k12",)),)))
    assert "小地域の点" in refused.value.todo
    outline = call("面", (), shapely.box(134.9, 34.9, 135.2, 35.2))
    study = ask(mesh, given=TransitGiven(areas=(outline,)))
    assert study.on_call.all()


def test_any_departure_makes_a_stop_and_hours_without_one_make_none(fictional_city, ask):
    # 両端北 (21 people): 7:15 away, nothing home
    for window, few in (("07:00-08:00", 1421), ("08:00-09:00", 1400), ("03:00-04:00", 0)):
        _, city = gap_rows(fictional_city, ask(TransitChoice(window=window_of(window))))
        assert numbers(city)[1] + numbers(city)[3] == few


def test_people_near_a_station_are_told_that_it_is_not_counted(ask):
    study = ask(within=1500.0)
    first = len(study.timetable.places)
    near = (study.reach.distance[:, first:] <= 1500).any(axis=1)
    people = int(study.reach.demand.weight[near].sum())
    assert people > 0
    assert stations_words(study) == f"駅の便数は不明のため数えていない(1,500 m以内に駅のある人 {people:,} 人)"
    assert CLASSES[-1] == "使える便が近くにない"
    assert "不明のまま" in stations_words(ask(TransitChoice(stations=True)))


def records(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_stations_that_count_are_named_wherever_figures_go(fictional_city, ask):
    study = ask(TransitChoice(stations=True))
    assert {row["usable"] for row in records(gap_csv(fictional_city, study))} == {
        "1日2往復以上ある停留所か駅"
    }
    assert json.loads(transit_json(fictional_city, study))["usable"] == "1日2往復以上ある停留所か駅"


def test_every_row_of_the_general_exports_says_day_hours_and_what_is_taken_out(fictional_city, ask, tmp_path):
    study = ask(TransitChoice(window=window_of("07:00-25:00"), no_routes=("R1",), no_trips=("N1",)))
    words = ("2024-06-03(月) 平日", "07:00-25:00", "路線 R1、便 N1 をなくす")
    rows = records(places_csv(fictional_city, study.reach))
    assert rows
    assert all(word in row["measure"] for row in rows for word in words)
    path = tmp_path / "study.gpkg"
    path.write_bytes(study_geopackage(fictional_city, study.reach))
    for layer in ("places", "districts"):
        frame = pyogrio.read_dataframe(path, layer=layer)
        assert all(word in cell for cell in frame["measure"] for word in words)


def test_households_are_called_so(fictional_city, ask, travel):
    study = ask(TransitChoice(reach=ReachChoice(counted="households")))
    report = json.loads(transit_json(fictional_city, study))
    assert (report["counted"], report["unit"], report["columns"][2]) == ("世帯数", "世帯", "世帯数")
    assert report["reference_date"] == study.reach.demand.reference_date
    assert records(gap_csv(fictional_city, study))[0]["reference_date"] == study.reach.demand.reference_date
    trips = trips_of(fictional_city, study, travel, kind="clinics", minutes=60)
    heads = (
        *gap_columns(study),
        *route_columns(study),
        *on_call_columns(study),
        *trip_columns(trips),
        *example_columns(trips),
    )
    assert {"世帯数", "なくなると外れる世帯", "世帯"} <= set(heads)
    assert not any("人" in head for head in heads)


def test_files_say_what_is_taken_out(fictional_city, ask):
    study = ask(TransitChoice(no_routes=("R2", "R3"), no_trips=("W1",)))
    for text in (gap_csv(fictional_city, study), stops_csv(study)):
        assert {row["taken_out"] for row in records(text)} == {"路線 R2・R3、便 W1 をなくす"}
    assert json.loads(transit_json(fictional_city, study))["taken_out"] == "路線 R2・R3、便 W1 をなくす"
    assert TransitChoice().taken_out == ""


def test_routes_count_the_runs_that_leave_within_the_hours(ask):
    def runs(window):
        return [row[3] for row in route_rows(ask(TransitChoice(window=window_of(window))))]

    assert runs("00:00-27:00") == ["5", "1", "2"]
    # W5 leaves 架空駅 at 23:50 and 飛地役場前 at 24:00; at 24:30 it only arrives
    assert runs("24:05-24:10") == ["0", "0", "0"]
    assert runs("24:00-24:05") == ["1", "0", "0"]
    assert runs("24:20-27:00") == ["0", "0", "0"]
    assert runs("07:00-08:00") == ["1", "1", "1"]


def test_kept_pairs_give_the_same_rows_at_another_threshold(ask):
    kept = pairs_without(ask())
    for within in (WALK_M, 900.0):
        study = ask(within=within)
        assert route_rows(study, kept) == route_rows(study)


def test_kinds_of_day_name_their_dates(feed, ask):
    assert stop_columns(ask())[-3:] == (
        "平日の便(2024-06-03)",
        "土曜の便(2024-06-08)",
        "日曜・祝日の便(2024-06-09)",
    )
    assert "平日(2024-06-03)" in stops_csv(ask()).splitlines()[0]
    assert counted_days(feed).startswith("2024-06-03 から 2025-03-31 まで")
    expired = open_feed(zipped(FEED), name="架空.zip", today=date(2026, 11, 24))
    assert counted_days(expired).startswith("2024-04-01 から 2025-03-31 まで")


@pytest.mark.parametrize(
    ("day", "inside"), [("2025-03-31", True), ("2025-04-01", False), ("2024-03-31", False)]
)
def test_a_day_outside_the_period_is_unknown(fictional_city, ask, day, inside):
    study = ask(TransitChoice(day=day))
    assert json.loads(transit_json(fictional_city, study))["in_period"] is inside
    said = f"選んだ日 {day} は時刻表の期間(2024-04-01〜2025-03-31)の外です。便数は不明です。"
    assert (said in cautions(fictional_city, study)) is not inside
    assert ("時刻表の期間の外" in gap_csv(fictional_city, study).splitlines()[1]) is not inside


def feed_with(stops):
    return open_feed(zipped({**FEED, "stops.txt": stops}), name="架空.zip", today=DAY)


def test_stops_that_are_nowhere_or_elsewhere_are_said_so(fictional_city, travel):
    lines = [line.split(",") for line in FEED["stops.txt"].splitlines()]
    bare = (
        "\n".join(",".join([*row[:2], "", "", *row[4:]] if at else row) for at, row in enumerate(lines))
        + "\n"
    )
    nowhere = transit_study(fictional_city, feed_with(bare), TransitChoice(), travel, on=DAY)
    said = cautions(fictional_city, nowhere)
    assert any("位置の分かる停留所が一つもありません" in one for one in said)
    assert any("位置のない停留所の発車" in one for one in said)
    away = feed_with(FEED["stops.txt"].replace(",135.", ",139."))
    elsewhere = transit_study(fictional_city, away, TransitChoice(), travel, on=DAY)
    assert any("停留所 7 か所は、すべて市外です" in one for one in cautions(fictional_city, elsewhere))


def test_departures_at_stops_without_a_position_are_counted_as_left_out(fictional_city, ask):
    assert cautions(fictional_city, ask()) == ["位置のない停留所の発車 1 便は数えていません。"]


def test_a_calendar_longer_than_what_is_counted_holds_its_last_days_too(fictional_city, travel):
    long = {name: text.replace("20250331", "20991231") for name, text in FEED.items()}
    feed = open_feed(zipped(long), name="架空.zip", today=DAY)
    for day, inside in (("2090-06-05", True), ("2024-03-31", False)):
        study = transit_study(fictional_city, feed, TransitChoice(day=day), travel, on=DAY)
        assert study.in_period is inside
    assert "選んだ日 2024-03-31 は時刻表の期間(2024-04-01〜)の外です。便数は不明です。" in cautions(
        fictional_city, study
    )
