"""Journeys there and back: on paper in the fictional city, and against every chain of runs tried one by one."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from fictional.timetables import fictional, seconds, timetable, timetables
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.transit.gap import without
from kyodo_geo.model.transit.journeys import Example, JourneySettings, Walks, journeys
from kyodo_geo.model.transit.timetable import NO_TIME

SCHOOL_DAY = frozenset({"平日", "通学日"})
EVERY_DAY = frozenset({"毎日"})
FAR = np.inf


def plain(**changes):
    """Return settings of 1 m/s, so that metres on foot are seconds."""
    return JourneySettings(**({"within_s": 3600, "walk_m": 600, "walk_mps": 1.0} | changes))


def at_stops(feed, places, destinations, direct=FAR):
    """Return walks of people and destinations that live at a stop, `metres` from it: {stop place: metres}."""

    def row(one):
        return [one.get(place.name, FAR) for place in feed.places]

    return Walks(
        np.array([row(one) for one in places], dtype=float),
        np.array([row(one) for one in destinations], dtype=float),
        np.full((len(places), len(destinations)), direct, dtype=float),
    )


def times(found, place=0, destination=0):
    return tuple(
        int(one[place, destination]) for one in (found.depart_s, found.arrive_s, found.return_s, found.home_s)
    )


def clocks(*words):
    return tuple(seconds(word) for word in words)


def test_to_the_hospital_and_home_on_paper():
    """From 飛地役場前 (120 s on foot) to 本町病院 (60 s on foot), 300 s of wait before the first bus.

    There: W1 leaves 7:10, so the door at 7:03, and arrives 7:20 + 1 min = 7:21. The last bus home, W4, leaves 17:20, so
    the hospital's door at 17:14 (1 min and 5 min before), and is at the stop at 17:30, home 17:32.
    """
    feed = fictional()
    found = journeys(feed, SCHOOL_DAY, at_stops(feed, [{"飛地役場前": 120}], [{"本町病院": 60}]), plain())
    assert times(found) == clocks("7:03", "7:21", "17:14", "17:32")
    assert found.count.tolist() == [1]
    assert found.example(0) == Example(0, False, *clocks("7:03", "7:21", "17:14", "17:32"))


def test_the_last_bus_past_midnight_brings_people_home_the_same_day():
    """From 本町病院 to 架空駅: there W2 8:20 to 8:40; home W5 23:50 to 24:10 (no other run goes home later)."""
    feed = fictional()
    walks = at_stops(feed, [{"本町病院": 0}], [{"架空駅": 0}])
    assert times(journeys(feed, SCHOOL_DAY, walks, plain())) == clocks("8:15", "8:40", "23:45", "24:10")
    until_midnight = plain(window=(0, 24 * 3600))
    assert times(journeys(feed, SCHOOL_DAY, walks, until_midnight)) == clocks(
        "8:15", "8:40", "12:55", "13:20"
    )


def test_a_run_at_ten_past_twenty_five_is_a_run_of_the_day_before():
    runs = {
        "A": ("R", "毎日", [("a", "23:00"), ("b", "23:30")]),
        "B": ("R", "毎日", [("b", "25:10"), ("a", "25:40")]),
    }
    feed = timetable(runs)
    found = journeys(feed, EVERY_DAY, at_stops(feed, [{"a": 0}], [{"b": 0}]), plain())
    assert times(found) == clocks("22:55", "23:30", "25:05", "25:40")
    assert found.reachable.all()


def test_a_bus_away_and_none_home_is_no_journey():
    """両端北 has N1 at 7:15 and nothing back."""
    feed = fictional()
    found = journeys(feed, SCHOOL_DAY, at_stops(feed, [{"両端北": 0}], [{"架空駅": 0}]), plain())
    assert times(found) == (*clocks("7:10", "7:50"), NO_TIME, NO_TIME)
    assert not found.reachable.any()
    assert found.no_return.all()
    assert found.example(0) is None


def test_one_changes_at_the_same_place_and_needs_the_time_for_it():
    """両端北 7:15 to 新田 7:25, on by W2 8:00 to 本町病院 8:20: 35 minutes to change, 70 minutes in all from the door."""
    feed = fictional()
    walks = at_stops(feed, [{"両端北": 0}], [{"本町病院": 0}])
    found = journeys(feed, SCHOOL_DAY, walks, plain(within_s=70 * 60, change_s=35 * 60))
    assert times(found)[:2] == clocks("7:10", "8:20")
    for short in (plain(within_s=70 * 60 - 1), plain(within_s=70 * 60, change_s=35 * 60 + 1)):
        assert times(journeys(feed, SCHOOL_DAY, walks, short))[:2] == (NO_TIME, NO_TIME)


def test_calls_in_the_same_minute_are_ridden_through_either_way():
    calls = [("a", "8:00"), ("b", "8:10"), ("c", "8:20"), ("d", "8:20"), ("e", "8:30"), ("f", "8:40")]
    feed = timetable({"T": ("R", "毎日", calls)})
    found = journeys(feed, EVERY_DAY, at_stops(feed, [{"c": 0}, {"d": 0}], [{"f": 0}, {"a": 0}]), plain())
    assert times(found) == (*clocks("8:15", "8:40"), NO_TIME, NO_TIME)
    assert times(found, 1, 1) == (NO_TIME, NO_TIME, *clocks("7:55", "8:20"))


@pytest.mark.parametrize(
    ("off", "on", "joined"),
    [
        pytest.param("", "", True, id="both allowed"),
        pytest.param("o", "", False, id="no getting off"),
        pytest.param("", "x", False, id="no getting on"),
    ],
)
def test_one_changes_only_where_one_may_get_off_and_on(off, on, joined):
    runs = {
        "A": ("R", "毎日", [("a", "8:00"), ("b", "8:10", "8:10", off), ("x", "8:15")]),
        "B": ("R", "毎日", [("y", "8:10"), ("b", "8:20", "8:20", on), ("c", "8:30")]),
    }
    feed = timetable(runs)
    there = journeys(feed, EVERY_DAY, at_stops(feed, [{"a": 0}], [{"c": 0}]), plain())
    assert (times(there)[0] != NO_TIME) == joined
    back = journeys(feed, EVERY_DAY, at_stops(feed, [{"c": 0}], [{"a": 0}]), plain())
    assert (times(back)[2] != NO_TIME) == joined


def test_one_may_leave_home_when_the_window_begins_and_be_home_when_it_ends():
    feed = fictional()
    walks = at_stops(feed, [{"飛地役場前": 120}], [{"本町病院": 60}])
    just = journeys(feed, SCHOOL_DAY, walks, plain(window=clocks("7:03", "17:32")))
    assert times(just) == clocks("7:03", "7:21", "17:14", "17:32")
    later = journeys(feed, SCHOOL_DAY, walks, plain(window=(seconds("7:03") + 1, seconds("17:32") - 1)))
    # the next run there is W3, and no other run goes home
    assert times(later) == (*clocks("13:03", "13:21"), *clocks("8:14", "8:32"))
    assert later.no_return.all()


def test_walks_are_rounded_up_to_whole_seconds():
    feed = fictional()
    walks = at_stops(feed, [{"飛地役場前": 1}], [{"本町病院": 1}])  # 1 m at 0.7 m/s is 1.43 s
    start, there, back, home = times(journeys(feed, SCHOOL_DAY, walks, plain(walk_mps=0.7)))
    assert (start, there) == (seconds("7:05") - 2, seconds("7:20") + 2)
    assert (back, home) == (seconds("17:15") - 2, seconds("17:30") + 2)


def test_where_the_bus_does_not_bring_one_home_the_example_is_on_foot():
    feed = fictional()
    walks = at_stops(feed, [{"両端北": 0}], [{"架空駅": 0}], direct=600)
    found = journeys(feed, SCHOOL_DAY, walks, plain())
    assert found.example(0) == Example(0, True, NO_TIME, NO_TIME, NO_TIME, NO_TIME)
    assert not found.no_return.any()


def test_a_footpath_between_places_joins_two_lines():
    runs = {
        "A": ("R", "毎日", [("a", "8:00"), ("b", "8:10")]),
        "B": ("R", "毎日", [("c", "8:20"), ("d", "8:30")]),
        "C": ("R", "毎日", [("d", "12:00"), ("c", "12:10")]),
        "D": ("R", "毎日", [("b", "12:20"), ("a", "12:30")]),
    }
    feed = timetable(runs)
    walks = at_stops(feed, [{"a": 0}], [{"d": 0}])
    assert not journeys(feed, EVERY_DAY, walks, plain()).reachable.any()
    # 10 minutes to change, 2 of them the change itself: a footpath of 8 minutes is just short enough
    for walk_s, joined in ((480, True), (481, False)):
        both_ways = csr_array(([walk_s, walk_s], ([1, 2], [2, 1])), shape=(4, 4))
        found = journeys(feed, EVERY_DAY, walks, plain(), footpaths=both_ways)
        assert found.reachable.all() == joined
    one_way = csr_array(([60], ([1], [2])), shape=(4, 4))
    found = journeys(feed, EVERY_DAY, walks, plain(), footpaths=one_way)
    assert times(found) == (*clocks("7:55", "8:30"), NO_TIME, NO_TIME)


def test_where_times_run_backwards_nobody_rides_through():
    # on-call services may be written so; a connection that arrives before it leaves helps nobody
    run = [("a", "8:00"), ("b", "7:50"), ("c", "8:10")]
    feed = timetable({"T": ("R", "毎日", run)})
    found = journeys(feed, EVERY_DAY, at_stops(feed, [{"a": 0}, {"b": 0}], [{"c": 0}]), plain())
    assert found.arrive_s.tolist() == [[NO_TIME], [seconds("8:10")]]
    dwell = [("a", "8:00"), ("b", "8:10", "8:05"), ("c", "8:20")]
    feed = timetable({"T": ("R", "毎日", dwell)})
    found = journeys(feed, EVERY_DAY, at_stops(feed, [{"a": 0}, {"b": 0}], [{"c": 0}]), plain())
    assert found.arrive_s.tolist() == [[NO_TIME], [seconds("8:20")]]


def test_walking_alone_is_enough_within_the_time_both_ways():
    feed = fictional()
    for metres, reached in ((3600, True), (3601, False), (FAR, False)):
        found = journeys(feed, SCHOOL_DAY, at_stops(feed, [{}], [{}], direct=metres), plain())
        assert (bool(found.reachable[0, 0]), bool(found.on_foot[0, 0])) == (reached, reached)
    found = journeys(feed, SCHOOL_DAY, at_stops(feed, [{}], [{}], direct=600), plain())
    assert found.example(0) == Example(0, True, NO_TIME, NO_TIME, NO_TIME, NO_TIME)
    # two walks of ten minutes and an hour's stay do not fit into 79 minutes
    for minutes, reached in ((80, True), (79, False)):
        short = plain(window=(0, minutes * 60))
        found = journeys(feed, frozenset(), at_stops(feed, [{}], [{}], direct=600), short)
        assert found.reachable.all() == reached


def test_the_example_is_the_journey_least_under_way():
    """From 本町病院: 飛地役場前 is 15 minutes away each way with the wait, 新田 25, 架空駅 25."""
    feed = fictional()
    walks = at_stops(feed, [{"本町病院": 0}], [{"新田": 0}, {"飛地役場前": 0}, {"架空駅": 0}])
    found = journeys(feed, SCHOOL_DAY, walks, plain())
    assert found.count.tolist() == [3]
    assert found.example(0).destination == 1


def test_too_far_to_walk_to_the_stop_is_no_way():
    feed = fictional()
    for metres, reached in ((600, True), (601, False)):
        walks = at_stops(feed, [{"飛地役場前": metres}], [{"本町病院": 60}])
        assert journeys(feed, SCHOOL_DAY, walks, plain()).reachable.all() == reached
        walks = at_stops(feed, [{"飛地役場前": 60}], [{"本町病院": metres}])
        assert journeys(feed, SCHOOL_DAY, walks, plain()).reachable.all() == reached


def test_without_a_bus_a_place_or_a_destination():
    feed = fictional()
    assert not journeys(
        feed, frozenset(), at_stops(feed, [{"新田": 0}], [{"本町病院": 0}]), plain()
    ).count.any()
    none = Walks(np.empty((0, 7)), np.empty((2, 7)), np.empty((0, 2)))
    assert journeys(feed, SCHOOL_DAY, none, plain()).reachable.shape == (0, 2)
    none = Walks(np.empty((2, 7)), np.empty((0, 7)), np.empty((2, 0)))
    assert journeys(feed, SCHOOL_DAY, none, plain()).count.tolist() == [0, 0]
    empty = timetable({})
    alone = Walks(np.empty((1, 0)), np.empty((1, 0)), np.array([[60.0]]))
    assert journeys(empty, EVERY_DAY, alone, plain()).reachable.all()


def test_settings_that_mean_nothing_are_refused_all_at_once():
    with pytest.raises(InputRefused) as refused:
        JourneySettings(
            within_s=0, walk_m=-1, walk_mps=0, stay_s=-1, buffer_s=-1, change_s=0, window=(3600, 3600)
        )
    assert len(refused.value.faults) == 7
    assert "乗り換えの時間は 1 秒以上。「0」は使えません" in str(refused.value)


def test_arrays_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"walks\.direct: shape \(1, 2\), expected \(1, 1\)"):
        journeys(
            fictional(), SCHOOL_DAY, Walks(np.zeros((1, 7)), np.zeros((1, 7)), np.zeros((1, 2))), plain()
        )


# --- every chain of runs, one by one -------------------------------------------------------------------------------


def rides_of(feed):
    """Every ride without leaving the seat: (run, from, leave, to, arrive), getting on and off where one may."""
    for run in range(len(feed.trips)):
        calls = [
            (feed.stops[feed.stop[row]].place, int(feed.arrival_s[row]), int(feed.departure_s[row]), row)
            for row in np.flatnonzero(feed.trip == run)
        ]
        known = [call for call in calls if call[0] >= 0 and call[2] != NO_TIME]
        for number, (start, _, leave, row) in enumerate(known):
            for goal, arrive, _, end in known[number + 1 :]:
                if feed.boards[row] and feed.alights[end]:
                    yield run, start, leave, goal, arrive


def chains(rides, place, ready, used, change):
    """Every arrival (place, second) after one more ride or several, no run taken twice."""
    for run, start, leave, goal, arrive in rides:
        gap = change(place, start)
        if run not in used and gap is not None and leave >= ready + gap:
            yield goal, arrive
            yield from chains(rides, goal, arrive, used | {run}, change)


def ways(feed, access, egress, change):
    """Every journey from door to door: (leave, arrive). `access` and `egress` are seconds by stopping place."""
    rides = list(rides_of(feed))
    for run, start, leave, goal, arrive in rides:
        ends = [(goal, arrive), *chains(rides, goal, arrive, frozenset({run}), change)]
        for end, time in ends:
            if np.isfinite(access[start]) and np.isfinite(egress[end]):
                yield leave - access[start], time + egress[end]


def expected(feed, walks, chosen, paths):
    """The answer by trying everything: reachable and the four times of place 0 and destination 0."""

    def change(start, end):
        if start == end:
            return chosen.change_s
        return chosen.change_s + paths[start, end] if paths[start, end] else None

    near = [np.where(one[0] <= chosen.walk_m, one[0], FAR) for one in (walks.to_stop, walks.from_stop)]
    there = [
        (arrive, -leave)
        for leave, arrive in ways(feed, near[0] + chosen.buffer_s, near[1], change)
        if arrive - leave <= chosen.within_s and leave >= chosen.window[0]
    ]
    back = [
        (-leave, arrive)
        for leave, arrive in ways(feed, near[1] + chosen.buffer_s, near[0], change)
        if arrive - leave <= chosen.within_s and arrive <= chosen.window[1]
    ]
    arrive, depart = min(there, default=(NO_TIME, -NO_TIME))
    leave, home = min(back, default=(-NO_TIME, NO_TIME))
    fits = bool(there and back and arrive + chosen.stay_s <= -leave)
    return fits, (-depart, arrive, -leave, home)


# mostly far, so that the runs have to join: near every stop nobody needs to change
metres = st.lists(st.sampled_from([0.0, 60.0, 500.0, 900.0, *[FAR] * 6]), min_size=4, max_size=4)
one_door = st.permutations([0.0, FAR, FAR, FAR]) | metres
chosen_settings = st.builds(
    plain,
    within_s=st.sampled_from([1200, 3600, 9000, 9000]),
    stay_s=st.sampled_from([0, 600, 3600]),
    buffer_s=st.sampled_from([0, 300]),
    change_s=st.sampled_from([1, 120, 300]),
    window=st.sampled_from([(0, 27 * 3600), (8 * 3600 + 600, 24 * 3600)]),
)
footpath_tables = st.lists(st.sampled_from([0, 0, 0, 60, 400]), min_size=16, max_size=16)


def at_most_four(feed, row):
    """The walks of one door, as many as the timetable has stopping places."""
    return np.array([row[: len(feed.places)]])


@given(timetables(), one_door, one_door, chosen_settings, footpath_tables)
@settings(max_examples=200)
def test_the_scan_finds_what_trying_every_chain_of_runs_finds(feed, to_stop, from_stop, chosen, table):
    n = len(feed.places)
    paths = np.array(table).reshape(4, 4)[:n, :n] * ~np.eye(n, dtype=bool)
    walks = Walks(at_most_four(feed, to_stop), at_most_four(feed, from_stop), np.array([[FAR]]))
    found = journeys(feed, EVERY_DAY, walks, chosen, footpaths=csr_array(paths) if paths.any() else None)
    assert (bool(found.reachable[0, 0]), times(found)) == expected(feed, walks, chosen, paths)


def joined_lines(seed):
    """Return two lines that share a place or a footpath, out in the morning and home later, and walks end to end."""
    random = Random(seed)
    runs, names = {}, "abcdef"
    shuffled = random.sample(names, 6)
    first = shuffled[:3]
    second = random.choice([shuffled[3:], [*random.sample(shuffled[:5], 2), shuffled[5]]])
    for number, line in enumerate([first, second, second[::-1], first[::-1]]):
        minute = (480, 510, 740, 770)[number] + random.randint(0, 30)
        hops = [minute, minute + random.randint(5, 20), minute + random.randint(20, 40)]
        runs[f"T{number}"] = (
            "R",
            "毎日",
            [(s, f"{t // 60}:{t % 60:02}") for s, t in zip(line, hops, strict=True)],
        )
    feed = timetable(runs, places=dict(zip(names, names, strict=True)))
    paths = np.zeros((6, 6), dtype=int)
    for _ in range(random.randint(0, 8)):
        start, end = random.sample(range(6), 2)
        paths[start, end] = paths[end, start] = random.randint(60, 600)
    walks = at_stops(feed, [{first[0]: 60}], [{second[2]: 60}])
    return feed, walks, paths


def test_lines_that_have_to_be_joined_are_joined_as_trying_every_chain_joins_them():
    chosen, changed, walked = plain(within_s=7200, stay_s=1800), 0, 0
    for seed in range(400):
        feed, walks, paths = joined_lines(seed)
        found = journeys(feed, EVERY_DAY, walks, chosen, footpaths=csr_array(paths))
        assert (bool(found.reachable[0, 0]), times(found)) == expected(feed, walks, chosen, paths), seed
        never = replace(chosen, change_s=100_000)
        changed += times(journeys(feed, EVERY_DAY, walks, never)) != times(found)
        walked += times(journeys(feed, EVERY_DAY, walks, chosen)) != times(found)
    # so that it is known what was tried: many of them need a change, many of these a footpath
    assert changed > 150
    assert walked > 80


many = st.integers(1, 3).flatmap(lambda n: st.lists(one_door, min_size=n, max_size=n))


def walks_of(feed, places, destinations, direct=FAR):
    n = len(feed.places)
    return Walks(
        np.array([row[:n] for row in places]),
        np.array([row[:n] for row in destinations]),
        np.full((len(places), len(destinations)), direct),
    )


@given(timetables(most_runs=6), many, many, chosen_settings)
def test_all_at_once_is_each_alone(feed, places, destinations, chosen):
    walks = walks_of(feed, places, destinations)
    found = journeys(feed, EVERY_DAY, walks, chosen)
    for place in range(len(places)):
        for destination in range(len(destinations)):
            alone = walks_of(feed, [places[place]], [destinations[destination]])
            one = journeys(feed, EVERY_DAY, alone, chosen)
            assert times(one) == times(found, place, destination)
            assert one.reachable[0, 0] == found.reachable[place, destination]


@given(timetables(most_runs=6), many, many, chosen_settings, st.data())
def test_taking_a_run_or_a_route_away_never_helps_anyone(feed, places, destinations, chosen, data):
    walks = walks_of(feed, places, destinations, direct=data.draw(st.sampled_from([FAR, 900.0])))
    before = journeys(feed, EVERY_DAY, walks, chosen)
    gone = data.draw(st.sampled_from([trip.id for trip in feed.trips]))
    for less in (without(feed, trips=[gone]), without(feed, routes=[feed.routes[0].id])):
        after = journeys(less, EVERY_DAY, walks, chosen)
        assert (after.reachable <= before.reachable).all()
        assert (after.count <= before.count).all()


@given(timetables(most_runs=6), many, many)
def test_a_longer_stay_wait_or_change_never_helps_and_more_time_never_hurts(feed, places, destinations):
    walks = walks_of(feed, places, destinations, direct=900.0)
    for name, values in (
        ("stay_s", (0, 600, 3600, 14400)),
        ("buffer_s", (0, 300, 900)),
        ("change_s", (1, 120, 900)),
        ("within_s", (9000, 3600, 1200)),
        ("walk_m", (900, 500, 0)),
    ):
        found = [journeys(feed, EVERY_DAY, walks, plain(**{name: value})) for value in values]
        for easier, harder in pairwise(found):
            assert (harder.reachable <= easier.reachable).all(), name


@given(timetables(most_runs=6), many, many, chosen_settings)
def test_every_journey_found_keeps_its_settings(feed, places, destinations, chosen):
    found = journeys(feed, EVERY_DAY, walks_of(feed, places, destinations), chosen)
    there, back = found.arrive_s != NO_TIME, found.return_s != NO_TIME
    assert ((found.arrive_s - found.depart_s)[there] <= chosen.within_s).all()
    assert ((found.home_s - found.return_s)[back] <= chosen.within_s).all()
    assert (found.depart_s[there] >= chosen.window[0]).all()
    assert (found.home_s[back] <= chosen.window[1]).all()
    assert ((found.return_s - found.arrive_s)[found.reachable] >= chosen.stay_s).all()
    assert not (found.no_return & found.reachable).any()
    for place in range(len(places)):
        assert (found.example(place) is None) == (found.count[place] == 0)
