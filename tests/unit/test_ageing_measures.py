"""What is measured from people by age: counts add up, rates name their divisor, places are ranges that hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.ageing.measures import add_up, measure_ages, percents, pyramid, rate_places, weak_units
from kyodo_geo.model.ageing.values import AgeTable, Band
from kyodo_geo.model.ranking import rank_ranges, wilson
from kyodo_geo.provenance import Unknown

BROAD = (Band(0, 14), Band(15, 64), Band(65, 74), Band(75, 84), Band(85, None))


def table(rows, *, bands=BROAD, unknown=None, male=None):
    both = np.array(rows, dtype=np.float64)
    units = tuple(f"U{row}" for row in range(len(rows)))
    men = None if male is None else np.array(male, dtype=np.float64)
    return AgeTable(
        units, bands, both, np.zeros(len(rows)) if unknown is None else np.array(unknown, dtype=np.float64),
        men, None if men is None else both - men,
    )  # fmt: skip


def test_counts_and_rates_are_those_worked_by_hand():
    found = measure_ages(table([[10, 50, 20, 15, 5]], unknown=[7]))
    assert (found.children, found.working, found.old, found.older, found.oldest) == (
        (10.0,), (50.0,), (40.0,), (20.0,), (5.0,),
    )  # fmt: skip
    # 100 people of known age: the 7 of unknown age are in no divisor
    assert found.known_age == (100.0,)
    assert found.ageing_rate == (40.0,)
    assert found.older_rate == (20.0,)
    assert found.child_rate == (10.0,)
    assert found.old_age_dependency == (80.0,)
    assert found.child_dependency == (20.0,)


def test_a_band_the_table_does_not_have_is_unknown_with_its_reason():
    found = measure_ages(table([[10, 50, 20, 20]], bands=(*BROAD[:3], Band(75, None))))
    assert found.older == (20.0,)
    (oldest,) = found.oldest
    assert isinstance(oldest, Unknown)
    assert "85歳以上" in oldest.reason
    whole = measure_ages(table([[10, 90]], bands=(Band(0, 19), Band(20, None))))
    assert all(isinstance(one, Unknown) for one in (*whole.children, *whole.working, *whole.ageing_rate))


def test_nobody_has_no_rate():
    found = measure_ages(table([[0, 0, 0, 0, 0], [5, 0, 5, 0, 0]]))
    assert found.old == (0.0, 5.0)
    assert isinstance(found.ageing_rate[0], Unknown)
    assert found.ageing_rate[1] == 50.0
    assert all(isinstance(one, Unknown) for one in found.old_age_dependency)


def test_a_percentage_of_an_unknown_stays_unknown():
    nobody_said = Unknown("未公表")
    assert percents([nobody_said, 1.0, 1.0], [2.0, nobody_said, 4.0]) == (nobody_said, nobody_said, 25.0)


people = hnp.arrays(np.int64, st.tuples(st.integers(1, 6), st.just(5)), elements=st.integers(0, 500))


@given(people, st.data())
def test_groups_lose_nobody_and_their_counts_are_the_sums(rows, data):
    of = data.draw(st.lists(st.integers(0, 2), min_size=len(rows), max_size=len(rows)))
    groups = {f"G{one}": [row for row, group in enumerate(of) if group == one] for one in sorted(set(of))}
    whole = table(rows.tolist(), unknown=rows[:, 0].tolist(), male=(rows // 2).tolist())
    grouped = add_up(whole, groups)
    assert grouped.units == tuple(groups)
    assert grouped.total.sum() == whole.total.sum()
    assert grouped.male.sum() == whole.male.sum()
    for row, members in enumerate(groups.values()):
        assert np.array_equal(grouped.both[row], whole.both[members].sum(axis=0))
        assert measure_ages(grouped).old[row] == sum(measure_ages(whole).old[one] for one in members)


def test_a_group_without_rows_is_refused_with_all_other_faults():
    with pytest.raises(InputRefused) as caught:
        add_up(table([[1, 1, 1, 1, 1]] * 2), {"空": [], "外": [2], "負": [-1], "重": [0, 0], "良": [0, 1]})
    message = str(caught.value)
    assert "空: 年齢の表に行がありません" in message
    assert "重: 同じ行が2回" in message
    assert message.count("年齢の表にない行") == 2
    assert "良" not in message


@given(people)
def test_a_pyramid_adds_up_to_a_hundred(rows):
    whole = table(rows.tolist(), male=(rows // 3).tolist())
    for row in range(len(rows)):
        bars = pyramid(whole, row)
        if rows[row].sum() == 0:
            assert isinstance(bars, Unknown)
            continue
        assert [label for label, _, _ in bars] == [band.label for band in BROAD]
        assert sum(male + female for _, male, female in bars) == pytest.approx(100)


def test_a_table_without_sexes_has_no_pyramid():
    assert isinstance(pyramid(table([[1, 1, 1, 1, 1]]), 0), Unknown)


def test_units_of_few_people_are_weak_and_the_limit_itself_is_not():
    whole = table([[0, 99, 0, 0, 0], [0, 100, 0, 0, 0], [0, 0, 0, 0, 0]], unknown=[50, 0, 0])
    assert weak_units(whole, 100) == {"U0", "U2"}


def test_wilson_is_the_published_interval():
    # Newcombe, R. G. (1998), Statistics in Medicine 17, table I: 81 of 263 and 15 of 148, without continuity correction
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


@given(st.integers(1, 10_000), st.data())
def test_the_interval_holds_the_share_and_mirrors(whole, data):
    part = data.draw(st.integers(0, whole))
    low, high = wilson(part, whole)
    assert 0 <= low <= part / whole <= high <= 1
    assert low < high
    assert wilson(whole - part, whole) == pytest.approx((1 - high, 1 - low))
    assert (low == 0) == (part == 0)
    assert (high == 1) == (part == whole)


@pytest.mark.parametrize(("part", "whole"), [(1, 0), (-1, 5), (6, 5), (float("nan"), 5), (1, float("inf"))])
def test_a_share_of_nothing_is_refused(part, whole):
    with pytest.raises(InputRefused, match="割合の幅"):
        wilson(part, whole)


intervals = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 8)).map(lambda ends: (min(ends), max(ends))), max_size=8
)


@given(intervals, st.data())
def test_the_place_of_any_values_inside_lies_in_the_range(ends, data):
    places = rank_ranges(
        np.array([low for low, _ in ends], dtype=np.float64), np.array([high for _, high in ends], dtype=np.float64)
    )  # fmt: skip
    values = [data.draw(st.floats(low, high)) for low, high in ends]
    for value, (best, worst) in zip(values, places, strict=True):
        above = sum(other > value for other in values)
        below = sum(other < value for other in values)
        # with ties, the first and the last place they could share
        assert best <= 1 + above <= len(values) - below <= worst


@given(intervals)
def test_the_ends_of_a_range_are_those_of_its_definition(ends):
    low, high = (np.array([pair[end] for pair in ends], dtype=np.float64) for end in (0, 1))
    for unit, found in enumerate(rank_ranges(low, high)):
        best = 1 + sum(other > high[unit] for other in low)
        worst = len(ends) - sum(other < low[unit] for other in high)
        assert found == (best, worst)


@given(st.lists(st.integers(0, 100), unique=True, min_size=1, max_size=8))
def test_sure_and_different_values_have_one_place_each(values):
    sure = np.array(values, dtype=np.float64)
    order = sorted(values, reverse=True)
    assert rank_ranges(sure, sure) == tuple((order.index(one) + 1,) * 2 for one in values)


@pytest.mark.parametrize(("low", "high"), [([2.0], [1.0]), ([np.nan], [1.0]), ([1.0, 2.0], [3.0])])
def test_ends_that_are_no_interval_are_refused(low, high):
    with pytest.raises(InputRefused, match="順位の幅"):
        rank_ranges(np.array(low), np.array(high))


def test_few_people_have_many_places_and_unknown_ones_none():
    places = rate_places(
        ("大", "中", "小", "空", "不明"),
        [5000.0, 3000.0, 4.0, 0.0, Unknown("未公表")],
        [10_000.0, 10_000.0, 10.0, 0.0, 10.0],
    )
    assert places == {"大": (1, 2), "中": (2, 3), "小": (1, 3)}
