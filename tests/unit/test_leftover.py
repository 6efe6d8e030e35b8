"""Handing out what rounding leaves over: ties, the Alabama paradox, a named unit, the first instalment."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.as_rule import by_people, equal, plain, run
from oracle.slow import highest_averages, largest_remainder

from kyodo_geo.model.exact import Exact
from kyodo_geo.model.leftover import Bounds, alabama_units, largest_remainders, sainte_lague

LARGEST, WEBSTER = ("largest-remainder", ""), ("sainte-lague", "")
ALABAMA = [6, 6, 2]  # of 10: 4, 4, 2; of 11: 5, 5, 1
quotas = st.lists(st.fractions(0, 60, max_denominator=20), min_size=1, max_size=8)


def codes_of(some):
    return [f"{number:02}" for number in range(1, len(some) + 1)]


def divide(people, budget, leftover=LARGEST, unit_yen=1):
    return list(
        run(
            plain(people, [by_people()], budget=budget, rounding=(unit_yen, "floor"), leftover=leftover)
        ).totals_yen
    )


def test_ties_go_to_the_lower_code():
    for leftover in (LARGEST, WEBSTER):
        assert divide([5, 5, 5], 100, leftover) == [34, 33, 33]
    assert divide([15, 15, 17, 3], 5) == [2, 1, 2, 0]
    assert divide([15, 15, 17, 3], 5_000, unit_yen=1_000) == [2_000, 1_000, 2_000, 0]


def test_the_lower_code_wins_wherever_it_stands_in_the_list():
    case = plain([5, 5, 5], [by_people()], budget=100, leftover=LARGEST)
    for leftover in (LARGEST, WEBSTER):
        for units in (case["units"], case["units"][::-1]):
            result = run(case | {"units": units, "leftover": leftover})
            assert {line.unit.code: line.total_yen for line in result.lines} == {"01": 34, "02": 33, "03": 33}


def test_who_would_lose_by_a_larger_sum_is_named():
    assert divide(ALABAMA, 10) == [4, 4, 2]
    assert divide(ALABAMA, 11) == [5, 5, 1]
    shares = Exact.of(Fraction(10 * one, 14) for one in ALABAMA)
    assert alabama_units(shares, codes_of(ALABAMA), 1) == ("03",)
    assert alabama_units(Exact.of(Fraction(9 * one, 14) for one in ALABAMA), codes_of(ALABAMA), 1) == ()
    assert alabama_units(Exact.of([0, 0]), ["01", "02"], 1) == ()
    assert [divide(ALABAMA, budget, WEBSTER)[2] for budget in (10, 11)] == [1, 1]


@given(st.lists(st.integers(0, 60), min_size=2, max_size=6).filter(any), st.integers(1, 80))
def test_those_named_are_just_those_who_would_get_less(people, budget):
    shares = Exact.of(Fraction(budget * one, sum(people)) for one in people)
    codes = codes_of(people)
    now, then = divide(people, budget), divide(people, budget + 1)
    lose = tuple(code for code, one, other in zip(codes, now, then, strict=True) if other < one)
    assert alabama_units(shares, codes, 1) == lose


@given(quotas, st.sampled_from((1, 10)))
def test_largest_remainders_one_at_a_time_give_the_same(some, unit_yen):
    codes = codes_of(some)
    more = largest_remainders(Exact.of(some), codes, unit_yen)
    whole = [int(one // unit_yen) * unit_yen for one in some]
    assert [one + extra for one, extra in zip(whole, more, strict=True)] == largest_remainder(
        some, codes, unit_yen
    )
    assert set(more) <= {0, unit_yen}


@given(quotas, st.sampled_from((1, 10)), st.data())
def test_seat_by_seat_gives_the_same_within_bounds(some, unit_yen, data):
    codes = codes_of(some)
    wild = st.none() | st.integers(0, 6)
    low, high = [], []
    for quota in some:  # bounds that the quotas keep, as limits make them
        below, above = data.draw(wild), data.draw(wild)
        units = int(quota // unit_yen)
        low.append(None if below is None else Fraction(max(units - below, 0) * unit_yen))
        high.append(None if above is None else Fraction((units + 1 + above) * unit_yen))
    assert list(sainte_lague(Exact.of(some), codes, unit_yen, Bounds(low, high))) == highest_averages(
        some, codes, unit_yen, low, high
    )
    free = [None] * len(some)
    assert list(sainte_lague(Exact.of(some), codes, unit_yen)) == highest_averages(
        some, codes, unit_yen, free, free
    )


def test_sainte_lague_of_nothing_is_nothing_and_zero_gets_nothing():
    assert divide([3, 0, 5], 0, WEBSTER) == [0, 0, 0]
    assert divide([3, 0, 5], 100, WEBSTER)[1] == 0
    assert sainte_lague(Exact.of([0, 0]), ["01", "02"], 1_000) == (0, 0)


def test_sainte_lague_may_give_less_than_the_quota_rounded_down():
    # one very large and many small: all the halves go up, and the large one pays for them
    people = [*[6] * 8, 1_000]
    webster, largest = divide(people, 105, WEBSTER), divide(people, 105)
    assert sum(webster) == sum(largest) == 105
    assert webster[8] < Fraction(105 * 1_000, 1_048) // 1 <= largest[8]


def test_a_named_unit_takes_the_yen_of_all_roundings():
    assert divide([1, 1, 1], 100, ("unit", "02")) == [33, 34, 33]
    assert divide([1, 1, 1], 100_000, ("unit", "03"), unit_yen=1_000) == [33_000, 33_000, 34_000]
    result = run(plain([3, 5], [by_people("rate", Fraction("0.5"))], leftover=("unit", "01")))
    assert result.totals_yen == (2, 2)  # 1.5 and 2.5: together 4 whole yen
    assert result.leftover_yen == 0
    result = run(plain([3, 5], [by_people("rate", 100)], budget=1_000, leftover=("unit", "01")))
    assert (result.totals_yen, result.leftover_yen) == ((300, 500), 200)  # what no rate asked for is nobody's


def test_the_first_instalment_takes_the_odd_yen_of_the_unit_rounding_too():
    case = plain(
        [1_234_567, 3], [by_people("rate", 1)], leftover=("first-instalment", ""), instalments=(2, 1)
    )
    assert run(case).instalments_yen == ((617_284, 617_283), (2, 1))
    coarse = case | {"rounding": (1_000, "floor")}
    assert run(coarse).totals_yen == (1_234_567, 3)
    assert run(coarse).instalments_yen == ((617_567, 617_000), (3, 0))


def test_four_instalments_with_the_odd_amounts_in_the_first():
    result = run(plain([1_003], [by_people("rate", 1)], instalments=(4, 100)))
    assert result.instalments_yen == ((403, 200, 200, 200),)
    assert [column.label for column in result.columns[-4:]] == [f"第{i}回({i + 3}月)" for i in (1, 2, 3, 4)]


def test_the_rest_of_the_budget_takes_in_the_roundings_of_the_others_when_it_is_handed_out():
    terms = [equal("share", 50, rounding=(1_000, "floor")), by_people(rounding=(1_000, "floor"))]
    case = plain([3, 4, 5], terms, budget=100_000)
    handed = run(case | {"leftover": LARGEST})
    assert handed.totals_yen == (29_000, 33_000, 38_000)
    assert [one.id for one in handed.balances] == ["budget", "left_rounding", "handed_out"]
    reported = run(case)
    assert reported.totals_yen == (28_000, 32_000, 36_000)
    assert reported.leftover_yen == 4_000


def test_a_rounding_of_the_unit_comes_after_that_of_the_rest():
    terms = [by_people(rounding=(10, "floor"))]
    result = run(plain([1, 1, 1], terms, budget=10_000, rounding=(1_000, "floor"), leftover=LARGEST))
    assert (result.totals_yen, result.leftover_yen) == ((3_000, 3_000, 3_000), 1_000)


@pytest.mark.parametrize("leftover", [LARGEST, WEBSTER, ("unit", "01"), ("report", "")])
def test_nothing_to_divide_gives_nobody_anything(leftover):
    assert divide([1, 2], 0, leftover) == [0, 0]
