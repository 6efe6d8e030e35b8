"""Coverage on grids whose answers are known in closed form, and what a what-if can never do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach.coverage import (
    NEVER_BOTH,
    NOBODY,
    NONE_REACH,
    curve,
    difference,
    groups_of,
    most_hurt,
    nearest,
    outside,
    quantile,
    steps_up_to,
    straight_m,
    summarise,
    summarise_change,
)
from kyodo_geo.provenance import Unknown

LINE = np.array([[float(x), 0.0] for x in range(0, 1000, 100)])  # ten places, 100 m apart, on a line
ONE = np.ones(len(LINE))
INF = float("inf")


def test_distances_of_a_grid_are_those_of_pythagoras():
    grid = np.array([[300.0 * x, 400.0 * y] for x in range(4) for y in range(4)])
    found = straight_m(grid, np.array([[0.0, 0.0]]))[:, 0]
    assert found.reshape(4, 4).tolist() == [
        [float(np.hypot(300 * x, 400 * y)) for y in range(4)] for x in range(4)
    ]
    assert found[5] == 500.0


def test_a_detour_factor_lengthens_every_way_alike_and_never_shortens_one():
    straight = straight_m(LINE, LINE[:1])
    assert np.allclose(straight_m(LINE, LINE[:1], factor=1.3), straight * 1.3)
    with pytest.raises(InputRefused, match="1 以上"):
        straight_m(LINE, LINE[:1], factor=0.9)


def test_coverage_of_a_line_is_a_count():
    near = nearest(straight_m(LINE, LINE[:1]), [True])
    row = summarise(near.distance, ONE, within=300)
    assert (row.people, row.within, row.outside, row.unreachable) == (10, 4, 6, 0)
    assert (row.share, row.mean, row.p90) == (40.0, 450.0, 800.0)


def test_of_equally_far_facilities_the_first_is_taken():
    near = nearest(straight_m(LINE, np.array([[0.0, 0.0], [400.0, 0.0]])), [True, True])
    assert near.facility.tolist() == [0, 0, 0, 1, 1, 1, 1, 1, 1, 1]


def test_the_curve_counts_people_within_each_step_and_ends_with_all_who_have_a_way():
    distance = np.array([0.0, 250.0, 250.0, 900.0, INF])
    weight = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    assert curve(distance, weight, [0, 100, 250, 899, 900, 5000]).tolist() == [1, 1, 6, 6, 10, 10]


def test_people_without_a_way_are_counted_apart_and_never_lost():
    row = summarise(np.array([100.0, INF]), np.array([3.0, 7.0]), within=500)
    assert (row.within, row.outside, row.unreachable, row.people) == (3, 0, 7, 10)
    assert row.mean == 100.0
    assert row.p90 == Unknown("届かない人が1割を超えています")


def test_nobody_and_no_facility_are_unknown_not_zero():
    assert summarise(np.array([5.0]), np.array([0.0]), within=9).share == NOBODY
    assert summarise(np.zeros(0), np.zeros(0), within=9).mean == NOBODY
    none = nearest(np.zeros((3, 0)), [])
    assert none.facility.tolist() == [-1, -1, -1]
    assert summarise(none.distance, np.ones(3), within=9).mean == NONE_REACH


def test_nine_in_ten_is_reached_exactly_in_spite_of_fractions():
    weight = np.full(10, 0.1)
    assert quantile(np.arange(10.0), weight, 0.9) == 8.0
    assert quantile(np.arange(10.0), weight, 1.0) == 9.0


def test_places_outside_come_without_a_way_first_then_the_farthest_and_empty_ones_never():
    near = nearest(np.array([[100.0], [900.0], [INF], [700.0], [950.0]]), [True])
    assert outside(near, np.array([1.0, 1.0, 2.0, 1.0, 0.0]), within=500).tolist() == [2, 1, 3]


def test_a_closure_is_told_by_people_who_walk_farther_and_who_lose_every_way():
    before, after = np.array([100.0, 100.0, 100.0, INF, INF]), np.array([100.0, 400.0, INF, 50.0, INF])
    weight = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    row = summarise_change(before, after, weight)
    assert (row.people, row.longer, row.shorter, row.lost, row.gained) == (31, 2, 0, 4, 8)
    assert (row.mean, row.most) == (200.0, INF)  # somebody loses the only way
    assert summarise_change(before[:2], after[:2], weight[:2]).most == 300.0
    assert most_hurt(before, after, weight).tolist() == [2, 1]
    assert difference(before, after).tolist() == [0, 300, INF, -INF, 0]


def test_where_nobody_has_a_way_before_and_after_the_reason_is_not_that_nobody_lives_there():
    row = summarise_change(np.array([100.0]), np.array([INF]), np.array([5.0]))
    assert (row.lost, row.mean) == (5.0, NEVER_BOTH)
    assert summarise_change(np.array([100.0]), np.array([INF]), np.array([0.0])).mean == NOBODY


def test_the_steps_of_the_slider_end_at_the_first_that_holds_everybody():
    assert steps_up_to(350, [(500, 100), (2000, 500)]) == (100, 200, 300, 400)
    assert steps_up_to(1200, [(500, 100), (2000, 500)]) == (100, 200, 300, 400, 500, 1000, 1500)
    assert steps_up_to(9_999, [(500, 100), (2000, 500)])[-1] == 2000


def test_groups_keep_the_order_of_first_appearance():
    assert {code: at.tolist() for code, at in groups_of(["b", "a", "b"]).items()} == {"b": [0, 2], "a": [1]}


SIZES = st.tuples(st.integers(1, 8), st.integers(1, 5))


@st.composite
def cities(draw):
    """Distances (some without a way), people and which facilities are open."""
    places, facilities = draw(SIZES)
    cell = st.one_of(st.integers(0, 20).map(float), st.just(INF))
    distance = np.array(
        draw(
            st.lists(
                st.lists(cell, min_size=facilities, max_size=facilities), min_size=places, max_size=places
            )
        )
    )
    weight = np.array(draw(st.lists(st.integers(0, 9).map(float), min_size=places, max_size=places)))
    usable = np.array(draw(st.lists(st.booleans(), min_size=facilities, max_size=facilities)))
    return distance, weight, usable


@given(cities(), st.integers(0, 20))
def test_people_are_kept_and_the_curve_agrees_with_the_count(city, within):
    distance, weight, usable = city
    near = nearest(distance, usable)
    row = summarise(near.distance, weight, within=within)
    assert row.within + row.outside + row.unreachable == weight.sum() == row.people
    assert curve(near.distance, weight, [within]).tolist() == [row.within]


@given(cities())
def test_closing_never_helps_anyone_and_opening_never_hurts(city):
    distance, weight, usable = city
    all_open = np.ones(len(usable), dtype=bool)
    fewer, more = nearest(distance, usable).distance, nearest(distance, all_open).distance
    closing, opening = summarise_change(more, fewer, weight), summarise_change(fewer, more, weight)
    assert (closing.shorter, closing.gained) == (0, 0)
    assert (opening.longer, opening.lost) == (0, 0)
    assert (closing.longer, closing.lost) == (opening.shorter, opening.gained)


@given(cities(), st.integers(0, 20), st.integers(0, 20))
def test_a_wider_radius_never_reaches_fewer(city, one, other):
    distance, weight, usable = city
    near = nearest(distance, usable).distance
    small, large = sorted((one, other))
    assert summarise(near, weight, within=small).within <= summarise(near, weight, within=large).within
