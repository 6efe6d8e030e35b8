"""The transit gap: the nearest stop with enough runs, and what the loss of a route or a run does to whom."""

from __future__ import annotations

import numpy as np
import pytest
from fictional.timetables import fictional, timetables
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.transit.departures import departures_per_place, usable_runs
from kyodo_geo.model.transit.gap import DistrictGap, gap_change, nearest_usable, usable_distance, without

SCHOOL_DAY = frozenset({"平日", "通学日"})
EVERY_DAY = frozenset({"毎日"})


def test_the_nearest_stop_with_enough_runs_is_not_the_nearest_stop():
    """Stops on a line at 0, 300 and 1,000 m with 1, 3 and 8 pairs; people at 100 m and 700 m."""
    distance = np.array([[100.0, 200.0, 900.0], [700.0, 400.0, 300.0]])
    pairs = np.array([1, 3, 8])
    for n, nearest in ((1, [100, 300]), (2, [200, 300]), (3, [200, 300]), (4, [900, 300]), (9, [np.inf] * 2)):
        assert usable_distance(distance, pairs, n).tolist() == nearest
    found, stop = nearest_usable(distance, pairs, 2)
    assert (found.tolist(), stop.tolist()) == ([200, 300], [1, 2])
    assert nearest_usable(distance, pairs, 9)[1].tolist() == [-1, -1]


def test_of_equally_near_stops_the_first_and_of_none_reachable_none():
    distance = np.array([[5.0, 5.0], [np.inf, np.inf]])
    found, stop = nearest_usable(distance, np.array([2, 2]), 2)
    assert (found.tolist(), stop.tolist()) == ([5, np.inf], [0, -1])
    assert usable_distance(np.empty((3, 0)), np.empty(0, dtype=int), 1).tolist() == [np.inf] * 3


def test_without_a_route_its_runs_are_gone_and_the_rest_is_as_it_was():
    feed = fictional()
    less = without(feed, routes=["R1"])
    assert [route.id for route in less.routes] == ["R2", "R3"]
    assert [(trip.id, less.routes[trip.route].id) for trip in less.trips] == [
        ("N1", "R2"),
        ("G1", "R3"),
        ("G2", "R3"),
    ]
    assert (less.stops, less.places, less.services) == (feed.stops, feed.places, feed.services)
    # N1 and the two of the school line: departures as in the fictional feed's table, less W1 to W5
    assert departures_per_place(less, SCHOOL_DAY).departures.tolist() == [0, 1, 0, 1, 1, 3, 1]
    assert (less.arrival_s <= 16 * 3600 + 1800).all()


def test_without_one_run_only_that_run_is_gone():
    feed = fictional()
    less = without(feed, trips=["W4"])
    assert {trip.id for trip in feed.trips} - {trip.id for trip in less.trips} == {"W4"}
    assert less.routes == feed.routes
    # W4 was the way home at 17:30 and 17:40; see the pairs in test_departures. 飛地役場前 and 本町病院 lose W3–W4, and W5
    # is no way home for W3: it comes from the west, where W3 does not go
    assert usable_runs(less, SCHOOL_DAY).pairs.tolist() == [1, 2, 2, 2, 0, 1, 1]
    both = without(feed, routes=["R3"], trips=["W4", "G1"])
    assert {trip.id for trip in less.trips} - {trip.id for trip in both.trips} == {"G1", "G2"}


def test_nothing_taken_away_changes_nothing_and_everything_leaves_nothing():
    feed = fictional()
    same = without(feed)
    for name in ("trip", "stop", "arrival_s", "departure_s", "boards", "alights"):
        np.testing.assert_array_equal(getattr(same, name), getattr(feed, name))
        assert getattr(same, name).dtype == getattr(feed, name).dtype
    assert (same.routes, same.trips) == (feed.routes, feed.trips)
    nothing = without(feed, routes=[route.id for route in feed.routes])
    assert (nothing.routes, nothing.trips, len(nothing.trip)) == ((), (), 0)
    assert usable_runs(nothing, SCHOOL_DAY).pairs.tolist() == [0] * 7


def test_what_is_not_in_the_timetable_is_named_all_of_it():
    with pytest.raises(InputRefused) as refused:
        without(fictional(), routes=["R9", "R1"], trips=["X1", "W1", "X0"])
    assert [str(fault) for fault in refused.value.faults] == [
        "路線「R9」は時刻表にありません",
        "便「X0」は時刻表にありません",
        "便「X1」は時刻表にありません",
    ]
    assert "trip_id を確かめてください" in str(refused.value)


def test_who_loses_and_who_gains_on_paper():
    """Within 500 m; before and after: 100→600 loses 10, 500→100 stays 20, 501→500 gains 4, inf→inf is out 8."""
    change = gap_change(
        np.array([100.0, 500.0, 501.0, np.inf]),
        np.array([600.0, 100.0, 500.0, np.inf]),
        weight=np.array([10.0, 20.0, 4.0, 8.0]),
        districts=["02", "01", "02", "01"],
        within=500.0,
    )
    assert change.total == DistrictGap("", 42, 30, 24, 10, 4)
    assert change.districts == (DistrictGap("01", 28, 20, 20, 0, 0), DistrictGap("02", 14, 10, 4, 10, 4))
    assert (change.loses.tolist(), change.gains.tolist()) == (
        [True, False, False, False],
        [False, False, True, False],
    )


def test_lists_of_different_length_are_refused():
    one, two = np.zeros(1), np.zeros(2)
    with pytest.raises(ValueError, match="one length"):
        gap_change(one, two, weight=one, districts=["01"], within=1)


some_distances = st.lists(st.sampled_from([0.0, 100.0, 500.0, 900.0, np.inf]), min_size=5, max_size=5)


@given(some_distances, some_distances, st.lists(st.integers(0, 50), min_size=5, max_size=5))
def test_people_are_conserved_between_districts_and_the_city(before, after, weight):
    change = gap_change(
        np.array(before),
        np.array(after),
        weight=np.array(weight, dtype=float),
        districts=["03", "01", "02", "01", "03"],
        within=500,
    )
    for one in (change.total, *change.districts):
        assert one.within_before - one.lost + one.gained == one.within_after
        assert 0 <= one.within_after <= one.people
    for name in ("people", "within_before", "within_after", "lost", "gained"):
        assert sum(getattr(one, name) for one in change.districts) == getattr(change.total, name)
    assert change.total.people == sum(weight)


@given(timetables(most_runs=6), st.data())
def test_taking_runs_away_brings_nobody_nearer_to_a_usable_stop(feed, data):
    gone = data.draw(st.lists(st.sampled_from([trip.id for trip in feed.trips]), unique=True))
    n = data.draw(st.integers(1, 3))
    distance = np.array([data.draw(st.permutations([100.0, 300.0, 500.0, 900.0]))[: len(feed.places)]])
    before, after = (
        usable_distance(distance, usable_runs(one, EVERY_DAY, stay_s=0).pairs, n)
        for one in (feed, without(feed, trips=gone))
    )
    assert (after >= before).all()
    change = gap_change(before, after, weight=np.array([7.0]), districts=["01"], within=400)
    assert change.total.gained == 0
