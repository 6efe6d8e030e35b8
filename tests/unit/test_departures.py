"""Departures by stop and hour, runs there and back, and the classes they make."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from fictional.timetables import fictional, seconds, timetable, timetables
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.model.transit.departures import (
    COVERING_PAIRS,
    SERVICE_CLASSES,
    WHOLE_DAY,
    active_trips,
    departures_per_place,
    departures_per_stop,
    service_class,
    usable_runs,
)

SCHOOL_DAY = frozenset({"平日", "通学日"})
EVERY_DAY = frozenset({"毎日"})
windows = st.sampled_from([WHOLE_DAY, (8 * 3600, 9 * 3600), (0, 24 * 3600), (0, 30 * 3600), (36000, 36000)])


def by_place(feed, values):
    return {place.name: int(value) for place, value in zip(feed.places, values, strict=True)}


def test_the_departures_of_a_school_day_are_those_on_paper():
    feed = fictional()
    found = departures_per_place(feed, SCHOOL_DAY)
    # in brackets the calls that are no departure, being the end of their run
    assert by_place(feed, found.departures) == {
        "架空駅": 3,  # W1 W3 W5 (W2 W4 N1)
        "飛地役場前": 6,  # W1-W5 G2 (G1)
        "本町病院": 5,  # W1-W5
        "新田": 3,  # W2 W4 N1 (W1 W3 W5)
        "両端北": 1,  # N1
        "学校前(700)": 3,  # N1 G1 G2
        "学校前(701)": 1,  # G1 (G2)
    }
    assert by_place(feed, found.arrivals) == {
        "架空駅": 3,
        "飛地役場前": 6,
        "本町病院": 5,
        "新田": 4,
        "両端北": 0,
        "学校前(700)": 3,
        "学校前(701)": 1,
    }
    assert found.unplaced == 1  # N1 at 空地口, which has no position
    assert found.first_s[0] == seconds("7:00")
    assert found.last_s[0] == seconds("23:50")


def test_by_hour_past_midnight_and_first_and_last():
    feed = fictional()
    found = departures_per_place(feed, SCHOOL_DAY)
    hospital = by_place(feed, range(len(feed.places)))["本町病院"]
    # W1 7:20, W2 8:20, W3 13:20, W4 17:20, W5 24:10
    assert found.by_hour.shape == (7, 27)
    assert {hour: n for hour, n in enumerate(found.by_hour[hospital]) if n} == {
        7: 1,
        8: 1,
        13: 1,
        17: 1,
        24: 1,
    }
    assert (found.first_s[hospital], found.last_s[hospital]) == (seconds("7:20"), seconds("24:10"))
    morning = departures_per_place(feed, SCHOOL_DAY, window=(seconds("7:20"), seconds("8:20")))
    assert (morning.departures[hospital], morning.last_s[hospital]) == (1, seconds("7:20"))


def test_a_stop_without_a_bus_has_no_first_and_no_last():
    found = departures_per_place(fictional(), frozenset({"土曜"}))
    assert (found.departures[4], found.first_s[4], found.last_s[4]) == (0, -1, -1)


def test_poles_are_counted_apart():
    feed = fictional()
    found = departures_per_stop(feed, SCHOOL_DAY)
    by_stop = {stop.id: int(n) for stop, n in zip(feed.stops, found.departures, strict=True)}
    # 200_1: W1 W3 W5; 200_2: W2 W4 G2; the station's second pole is only got off at
    assert (by_stop["200_1"], by_stop["200_2"], by_stop["100_1"], by_stop["100_2"]) == (3, 3, 3, 0)
    assert by_stop["600"] == 1
    assert found.unplaced == 0


def test_where_one_may_not_board_is_no_departure_and_where_not_get_off_no_arrival():
    feed = timetable(
        {
            "T": (
                "R",
                "毎日",
                [("a", "8:00"), ("b", "8:10", "8:10", "x"), ("c", "8:20", "8:20", "o"), ("d", "8:30")],
            )
        }
    )
    found = departures_per_place(feed, EVERY_DAY)
    assert (found.departures.tolist(), found.arrivals.tolist()) == ([1, 0, 1, 0], [0, 1, 0, 1])


def test_a_call_without_a_time_is_in_no_window():
    feed = timetable({"T": ("R", "毎日", [("a", "8:00"), ("b", None), ("c", "8:20")])})
    found = departures_per_place(feed, EVERY_DAY, window=(-3600, 27 * 3600))
    assert (found.departures.tolist(), found.arrivals.tolist()) == ([1, 0, 0], [0, 0, 1])


def test_a_run_calling_twice_departs_twice_but_is_one_run_to_use():
    loop = [("a", "8:00"), ("b", "8:10"), ("a2", "8:20"), ("c", "8:30")]
    home = [("c", "10:00"), ("a", "10:10"), ("a2", "10:12"), ("b", "10:20")]
    feed = timetable({"L": ("R", "毎日", loop), "H": ("R", "毎日", home)}, places={"a": "a", "a2": "a"})
    assert by_place(feed, departures_per_place(feed, EVERY_DAY).departures)["a"] == 4
    runs = usable_runs(feed, EVERY_DAY)
    assert [int(n[0]) for n in (runs.there, runs.back, runs.pairs)] == [2, 2, 1]


def test_the_pairs_of_a_school_day_are_those_on_paper():
    """Stay one hour; each arrival takes the earliest departure still free.

    飛地役場前: away 7:10 8:30 13:10 16:10 17:30 24:00; home 7:10 7:50 8:30 13:10 17:30 24:00
                8:30 < 7:10, 13:10 < 8:30, 17:30 < 13:10, 24:00 < 16:10                                  4 pairs
    本町病院:   away and home 7:20 8:20 13:20 17:20 24:10                                                 4 pairs
    架空駅:     away 7:00 13:00 23:50; home 7:50 8:40 17:40: 8:40 < 7:00, 17:40 < 13:00                   2 pairs
    新田:       away 7:25 8:00 17:00; home 7:25 7:40 13:40 24:30: 13:40 < 7:25, 24:30 < 8:00              2 pairs
    学校前(700): away and home 7:35 7:40 16:25                                                            1 pair
    学校前(701): away 7:30, home 16:30                                                                    1 pair
    両端北:     away 7:15, no bus home                                                                    0 pairs
    """
    feed = fictional()
    runs = usable_runs(feed, SCHOOL_DAY)
    assert by_place(feed, runs.pairs) == {
        "架空駅": 2,
        "飛地役場前": 4,
        "本町病院": 4,
        "新田": 2,
        "両端北": 0,
        "学校前(700)": 1,
        "学校前(701)": 1,
    }
    assert (by_place(feed, runs.there)["両端北"], by_place(feed, runs.back)["両端北"]) == (1, 0)
    until_six = usable_runs(feed, SCHOOL_DAY, window=(0, seconds("18:00")))
    assert by_place(feed, until_six.pairs)["飛地役場前"] == 3


def test_just_the_stay_is_long_enough():
    feed = timetable(
        {
            "A": ("R", "毎日", [("a", "8:00"), ("b", "8:10")]),
            "B": ("R", "毎日", [("b", "8:50"), ("a", "9:00")]),
        }
    )
    assert usable_runs(feed, EVERY_DAY, stay_s=3600).pairs.tolist() == [1, 0]
    assert usable_runs(feed, EVERY_DAY, stay_s=3601).pairs.tolist() == [0, 0]


def test_a_bus_that_never_comes_back_makes_no_pair():
    """Two lines in one direction: one leaves 駅 for 町, another arrives from 村."""
    feed = timetable(
        {
            "A": ("R", "毎日", [("駅", "8:00"), ("町", "8:30")]),
            "B": ("R", "毎日", [("村", "10:00"), ("駅", "10:30")]),
            "C": ("R", "毎日", [("町", "8:20"), ("駅", "12:00")]),
        }
    )
    # C leaves 町 at 8:20, before A is there at 8:30
    assert by_place(feed, usable_runs(feed, EVERY_DAY).pairs)["駅"] == 0


def test_a_round_run_alone_is_no_pair_with_itself():
    round_run = [("a", "8:00"), ("b", "9:00"), ("a", "10:00")]
    assert usable_runs(timetable({"T": ("R", "毎日", round_run)}), EVERY_DAY).pairs.tolist() == [0, 0]
    # Two that overlap: only away with the first and home with the second is late enough and not the same run
    later = [("a", "9:30"), ("b", "9:50"), ("a", "10:40")]
    both = timetable({"T": ("R", "毎日", round_run), "U": ("R", "毎日", later)})
    assert usable_runs(both, EVERY_DAY).pairs[0] == 1


def most_pairs(away, home, fits):
    """The most pairs by trying every choice: away and home are {run: second}, fits says of two runs whether they pair."""
    if not away:
        return 0
    run, leaves = next(iter(away.items()))
    rest = {other: time for other, time in away.items() if other != run}
    chances = [most_pairs(rest, home, fits)]
    for back, comes in home.items():
        if fits(run, leaves, back, comes):
            chances.append(1 + most_pairs(rest, {k: v for k, v in home.items() if k != back}, fits))
    return max(chances)


def there_and_back(feed, place, stay_s):
    """Say of a run away and a run home whether one gets off the first somewhere and on the second there, in time."""
    numbers = {trip.id: number for number, trip in enumerate(feed.trips)}

    def fits(run, leaves, back, comes):
        if run == back or comes - leaves < stay_s:
            return False
        for off in np.flatnonzero(feed.trip == numbers[run]):
            for on in np.flatnonzero(feed.trip == numbers[back]):
                where = feed.stops[feed.stop[off]].place
                same = where == feed.stops[feed.stop[on]].place and where not in {-1, place}
                gets_off = feed.alights[off] and leaves <= feed.arrival_s[off] != -1
                gets_on = feed.boards[on] and -1 != feed.departure_s[on] <= comes
                if same and gets_off and gets_on and feed.arrival_s[off] <= feed.departure_s[on]:
                    return True
        return False

    return fits


def calls_of(feed, window):
    """Every call one by one: (place, run, departure or None, arrival or None) within the window."""
    for run, trip in enumerate(feed.trips):
        rows = np.flatnonzero(feed.trip == run)
        for row in rows:
            leave, arrive = int(feed.departure_s[row]), int(feed.arrival_s[row])
            leaves = row != rows[-1] and feed.boards[row] and window[0] <= leave < window[1]
            comes = row != rows[0] and feed.alights[row] and window[0] <= arrive < window[1]
            place = feed.stops[feed.stop[row]].place
            yield place, trip.id, leave if leaves else None, arrive if comes else None


@given(timetables(most_runs=6, stops="ab"), windows, st.sampled_from([0, 600, 3600]))
def test_counts_and_pairs_are_those_of_counting_one_by_one(feed, window, stay_s):
    found, runs = (
        departures_per_place(feed, EVERY_DAY, window=window),
        usable_runs(feed, EVERY_DAY, window=window, stay_s=stay_s),
    )
    calls = list(calls_of(feed, window))
    for place in range(len(feed.places)):
        leaves = [time for where, _, time, _ in calls if where == place and time is not None]
        comes = [time for where, _, _, time in calls if where == place and time is not None]
        assert (found.departures[place], found.arrivals[place]) == (len(leaves), len(comes))
        assert found.first_s[place] == min(leaves, default=-1)
        assert found.last_s[place] == max(leaves, default=-1)
        assert found.by_hour[place].tolist() == [
            sum(time // 3600 == hour for time in leaves) for hour in range(found.by_hour.shape[1])
        ]
        away, home = {}, {}
        for where, run, leave, arrive in calls:
            if where == place and leave is not None:
                away[run] = min(leave, away.get(run, leave))
            if where == place and arrive is not None:
                home[run] = max(arrive, home.get(run, arrive))
        assert (runs.there[place], runs.back[place]) == (len(away), len(home))
        assert runs.pairs[place] == most_pairs(away, home, there_and_back(feed, place, stay_s))
    assert found.unplaced == sum(where == -1 and time is not None for where, _, time, _ in calls)


@given(timetables(most_runs=6, stops="ab"), windows)
def test_poles_add_up_to_their_places(feed, window):
    by_stop = departures_per_stop(feed, EVERY_DAY, window=window)
    found = departures_per_place(feed, EVERY_DAY, window=window)
    for place in range(len(feed.places)):
        own = [index for index, stop in enumerate(feed.stops) if stop.place == place]
        assert by_stop.departures[own].sum() == found.departures[place]
        assert by_stop.arrivals[own].sum() == found.arrivals[place]
        np.testing.assert_array_equal(by_stop.by_hour[own].sum(axis=0), found.by_hour[place])


@given(timetables(most_runs=6, stops="ab"))
def test_a_longer_stay_gives_no_more_pairs_and_no_more_than_runs_either_way(feed):
    found = [usable_runs(feed, EVERY_DAY, stay_s=stay) for stay in (0, 600, 1800, 3600, 7200)]
    for shorter, longer in pairwise(found):
        assert (longer.pairs <= shorter.pairs).all()
    assert (found[0].pairs <= np.minimum(found[0].there, found[0].back)).all()


def test_only_the_services_of_the_day_count():
    feed = fictional()
    assert active_trips(feed, frozenset({"土曜"})).sum() == 2
    assert departures_per_place(feed, frozenset()).departures.sum() == 0
    assert usable_runs(feed, frozenset()).pairs.tolist() == [0] * 7
    empty = timetable({})
    assert departures_per_place(empty, EVERY_DAY).by_hour.shape == (0, 27)
    assert usable_runs(empty, EVERY_DAY).pairs.tolist() == []


@pytest.mark.parametrize(
    ("pairs", "label"),
    [
        (0, "往復できる便なし"),
        (1, "1日1往復"),
        (2, "1日2～4往復"),
        (4, "1日2～4往復"),
        (5, "1日5～9往復"),
        (9, "1日5～9往復"),
        (10, "1日10～29往復"),
        (29, "1日10～29往復"),
        (30, "1日30往復以上"),
        (500, "1日30往復以上"),
    ],
)
def test_the_class_of_a_number_of_pairs(pairs, label):
    index = service_class(np.array([pairs]))[0]
    assert SERVICE_CLASSES[index].label == label
    # one bus there and one back a day is no coverage
    assert (SERVICE_CLASSES[index].least >= COVERING_PAIRS) == (pairs >= 2)
