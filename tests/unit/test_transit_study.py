"""The transit of the fictional city, worked out on paper.

People (tests/fictional/city.py) live right at three stops of tests/fictional/gtfs.py: 800 at 架空駅 (k11), 300 at
飛地役場前 (k21), 300 at 新田 (k51), and 21 at 両端北 (k31-E2); 480 (k31-E1) 455 m from 学校前(701); 400 (k12) far from all.
On a school weekday, with an hour's stay, the pairs of runs there and back are:

    架空駅     away 7:00 13:00 23:50          home 7:50 8:40 17:40        2 pairs (7:00–8:40, 13:00–17:40)
    新田       away 7:25 8:00 17:00           home 7:25 7:40 13:40 24:30  2 pairs (7:25–13:40, 17:00–24:30)
    学校前701  away 7:30                      home 16:30                  1 pair
    両端北     away 7:15                      home none                   0 pairs
"""

from dataclasses import replace

import pytest
from fictional.transit import DAY, WALK_M, numbers

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach.choice import ReachChoice
from kyodo_geo.model.transit.choice import TransitChoice, transit_from_query, window_of, window_text
from kyodo_geo.sources.visit.on_call import OnCallArea
from kyodo_geo.transit.bus_stops import WHAT, bus_stop_study
from kyodo_geo.transit.export import gap_csv, stops_csv, transit_json
from kyodo_geo.transit.feed import service_day
from kyodo_geo.transit.payload import transit_payload
from kyodo_geo.transit.routes import route_rows
from kyodo_geo.transit.study import TransitGiven, versions
from kyodo_geo.transit.tables import (
    gap_rows,
    kind_rows,
    on_call_rows,
    service_rows,
    stop_rows,
)
from kyodo_geo.transit.trips import (
    example_rows,
    trip_rows,
    trips_of,
    worst_first,
)


def test_people_on_a_school_weekday_as_on_paper(fictional_city, ask):
    _, city = gap_rows(fictional_city, ask())
    # 両端北 has a bus away and none home: 21 people are near a stop, though not near one that is of use
    assert numbers(city) == [2301, 1400, 0, 21, 880]
    assert city[-1] == "39.2"  # 901 of 2,301


def test_a_stop_with_one_pair_a_day_is_no_coverage_but_is_told_apart(fictional_city, ask):
    _, city = gap_rows(fictional_city, ask(within=500.0))
    assert numbers(city) == [2301, 1400, 0, 501, 400]
    _, with_one = gap_rows(fictional_city, ask(TransitChoice(runs=1), within=500.0))
    assert numbers(with_one) == [2301, 1880, 0, 21, 400]


def test_districts_add_up_to_the_city(fictional_city, ask):
    for within in (WALK_M, 500.0, 3000.0):
        rows, city = gap_rows(fictional_city, ask(within=within))
        assert [sum(column) for column in zip(*map(numbers, rows), strict=True)] == numbers(city)


def test_on_a_saturday_one_pair_is_left(fictional_city, ask):
    _, two = gap_rows(fictional_city, ask(TransitChoice(day="saturday")))
    _, one = gap_rows(fictional_city, ask(TransitChoice(day="saturday", runs=1)))
    assert numbers(two) == [2301, 0, 0, 1400, 901]
    assert numbers(one) == [2301, 1100, 0, 300, 901]


def test_a_public_holiday_is_a_sunday(ask):
    study = ask(TransitChoice(day="2024-11-04"))  # 文化の日の振替休日, a Monday
    assert study.day.services == {"日曜・祝日", "通学日"}
    assert study.day.label == "2024-11-04(月) 日曜・祝日"


def test_hours_cut_the_runs(fictional_city, ask):
    _, city = gap_rows(fictional_city, ask(TransitChoice(window=window_of("07:00-12:00"), runs=1)))
    # 架空駅 7:00–8:40 and 飛地役場前 are left; 新田 has no run home an hour after one away before noon
    assert numbers(city) == [2301, 1100, 0, 321, 880]


def test_without_the_main_route_everybody_loses_the_stop(fictional_city, ask):
    study = ask(TransitChoice(no_routes=("R1",)))
    _, city = gap_rows(fictional_city, study)
    assert numbers(city)[1] == 0
    assert {row[0]: row[3] for row in route_rows(ask())} == {"R1": "5", "R2": "1", "R3": "2"}
    lost = {row[0]: row[4] for row in route_rows(ask())}
    assert lost == {"R1": "1,400 人", "R2": "0 人", "R3": "0 人"}


def test_without_one_run_the_pairs_fall_by_one(fictional_city, ask):
    study = ask(TransitChoice(no_trips=("N1",)))
    # without N1 新田 has away 8:00 and 17:00 and home 7:40, 13:40 and 24:30: still two pairs
    _, city = gap_rows(fictional_city, study)
    assert numbers(city)[1] == 1400
    _, gone = gap_rows(fictional_city, ask(TransitChoice(no_trips=("N1", "W4"))))
    assert numbers(gone)[1] == 300  # 架空駅 has only 8:40 to come home, 新田 only 8:00 to leave


def test_removal_never_helps_anyone(ask, feed):
    now = ask(within=900.0).reach.after.distance
    for trip in feed.timetable.trips:
        assert (ask(TransitChoice(no_trips=(trip.id,)), within=900.0).reach.after.distance >= now).all()


def test_an_unknown_route_is_refused_by_name(ask):
    with pytest.raises(InputRefused, match="R9"):
        ask(TransitChoice(no_routes=("R9",)))


def test_on_call_areas_stand_apart_from_fixed_service(fictional_city, ask):
    areas = (OnCallArea("架空デマンド", ("k12", "k11"), None, "平日", "8時から17時", "前日までに電話", ""),)
    study = ask(given=TransitGiven(areas=areas))
    _, city = gap_rows(fictional_city, study)
    assert numbers(city) == [2301, 1400, 400, 21, 480]  # k11 has a fixed stop and is counted there
    assert on_call_rows(study) == [["架空デマンド", "1,200", "平日", "8時から17時", "前日までに電話", ""]]


def test_stations_count_only_when_asked_and_their_runs_stay_unknown(fictional_city, ask):
    study = ask(TransitChoice(stations=True), within=1500.0)
    assert study.usable_words == "1日2往復以上ある停留所か駅"
    without = ask(within=1500.0)
    assert (study.reach.after.distance <= without.reach.after.distance).all()
    points = transit_payload(fictional_city, study)["places"]
    station = next(place for place in points if place["kind"] == "station")
    assert "便数は不明" in station["note"]


def test_the_ways_of_measuring_stand_side_by_side(ask, travel):
    rows = versions(ask(within=500.0), travel, None)
    assert [one.label for one in rows] == ["直線距離", "直線距離 × 1.3(道路の距離の目安)"]
    assert rows[0].row.within >= rows[1].row.within
    assert {(one.within, one.unit) for one in rows} == {(500.0, "m")}


def test_stops_come_with_runs_hours_and_district(fictional_city, ask):
    rows = {row[0]: row[1:] for row in stop_rows(fictional_city, ask())}
    assert rows["架空駅"] == ["架空本町", "3", "3", "2", "1日2～4往復", "07:00", "23:50", "3", "1", "1"]
    assert rows["両端北"][:5] == ["架空両端", "1", "0", "0", "往復できる便なし"]


def test_school_holidays_show_as_another_pattern_of_weekdays(feed):
    weekday = kind_rows(feed)[0]
    assert weekday[:2] == ["平日", "2024-06-03"]
    assert "5日(2024-08-05・2024-08-06・2024-08-07 など。便 +0・−2)" in weekday[4]


def test_a_clinic_is_reached_and_left_the_same_day(fictional_city, ask, travel):
    # the clinic is at 135.045, 35.025, 456 m west of 新田; one walks 500 m at most
    study = ask(within=500.0)
    trips = trips_of(fictional_city, study, travel, kind="clinics", minutes=60)
    _, city = trip_rows(fictional_city, trips)
    # 架空駅 7:00 → 新田 7:40, 456 m on foot are 5.7 minutes → 7:45; back 17:00 → 17:40: 800 people; 飛地役場前 300; 新田 on foot 300
    assert numbers(city)[:3] == [2301, 1400, 300]
    rows = {row[0]: row for row in example_rows(fictional_city, trips, worst_first(trips))}
    assert rows["架空本町1丁目(架空町)"][4:] == ["架空医院", "06:55", "07:45", "16:49", "17:40"]


def test_too_short_a_time_reaches_only_those_on_foot(fictional_city, ask, travel):
    trips = trips_of(fictional_city, ask(within=500.0), travel, kind="clinics", minutes=20)
    _, city = trip_rows(fictional_city, trips)
    assert numbers(city)[:3] == [2301, 300, 300]


def test_no_time_at_all_is_refused(fictional_city, ask, travel):
    with pytest.raises(InputRefused, match="1 から 360 分"):
        trips_of(fictional_city, ask(), travel, kind="clinics", minutes=0)


def test_a_kind_of_day_the_timetable_lacks_is_refused(fictional_city, feed):
    weekdays = replace(feed, kinds=tuple(one for one in feed.kinds if one.kind == "weekday"))
    with pytest.raises(InputRefused, match="その種類の日がありません"):
        service_day(weekdays, TransitChoice(day="saturday"))


def test_files_say_on_every_row_what_they_are(fictional_city, ask):
    study = ask()
    for text in (gap_csv(fictional_city, study), stops_csv(study)):
        for line in text.splitlines()[1:]:
            assert all(
                word in line for word in ("2024-06-03(月) 平日", "00:00-27:00", "50 m", "直線距離", "架空")
            )
    assert '"validity": "valid"' in transit_json(fictional_city, study)


def test_services_known_as_text_keep_their_day_and_source(fictional_city):
    (row,) = service_rows(fictional_city, fictional_city.services)
    assert row[:3] == [
        "架空デマンド",
        "デマンド型乗合タクシー",
        "架空両端地区、架空新田地区、架空村地域、架空沢",
    ]
    assert row[7:9] == ["2022年4月から", "資料の時点で運行"]


def test_bus_stops_without_a_timetable_say_that_runs_are_unknown(fictional_city, travel):
    from kyodo_geo.sources.visit.bus_stops import BusStop  # noqa: PLC0415 - only here
    from kyodo_geo.sources.visit.opened import Opened  # noqa: PLC0415 - only here

    stops = (BusStop("P1", "架空駅", ("架空交通",), ("R1",), ("民間バス",), 135.005, 35.005),
             BusStop("P2", "位置なし", (), (), (), None, None))  # fmt: skip
    opened = Opened("p11.zip", "国土数値情報 バス停留所", "0" * 64, (("バス停", 2),))
    study = bus_stop_study(fictional_city, stops, opened, ReachChoice(within=50.0), travel, on=DAY)
    assert (study.what, len(study.targets), len(study.unplaced)) == (WHAT, 1, 1)
    assert study.demand.weight[study.after.distance <= 50].sum() == 800


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"day": "someday"}, "日「someday」を読めません"),
        ({"window": "9時から"}, "時間帯「9時から」を読めません"),
        ({"window": "10:00-09:00"}, "終わりが始まりより前"),
        ({"runs": "二"}, "往復の数「二」は整数ではありません"),
        ({"runs": "0"}, "1 から 200 まで"),
    ],
)
def test_what_cannot_be_read_is_named(words, said):
    with pytest.raises(InputRefused, match=said):
        transit_from_query(words)


def test_an_address_gives_the_choice_back():
    choice = TransitChoice(
        "2024-11-04", (25_200, 90_000), 3, ("R;1", "R 2"), ("T,1",), stations=True, reach=ReachChoice(measure="detour", within=400)
    )  # fmt: skip
    assert transit_from_query(choice.to_query()) == choice
    assert TransitChoice().to_query() == {}
    assert window_text((25_200, 90_000)) == "07:00-25:00"
