from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.allocation import (
    ROUNDING_UNITS,
    Direction,
    Leftover,
    Line,
    Rounding,
    Terms,
    Unit,
    allocate,
)

LR = Leftover.LARGEST_REMAINDER
populations = st.lists(st.integers(0, 30_000), min_size=1, max_size=12).filter(any)
percents = st.fractions(0, 100, max_denominator=1000)
budgets = st.integers(0, 10**11)
roundings = st.builds(Rounding, st.sampled_from(ROUNDING_UNITS), st.sampled_from(list(Direction)))
floors = st.builds(Rounding, st.sampled_from(ROUNDING_UNITS))


def units_of(people):
    return [Unit(f"{number:03}", f"架空{number}", count) for number, count in enumerate(people)]


def totals(result):
    return [line.total_yen for line in result.lines]


def population_yen(people, budget, *, unit_yen=1):
    terms = Terms(budget_yen=budget, equal_yen=0, rounding=Rounding(unit_yen), leftover=LR)
    return [line.population_yen for line in allocate(units_of(people), terms).lines]


def slow_round(top, bottom, rounding):
    """Round top/bottom in whole numbers only: count rounding units, then look at what is left."""
    step = bottom * rounding.unit_yen
    whole, rest = divmod(top, step)
    if rounding.direction is Direction.CEIL and rest:
        whole += 1
    if rounding.direction is Direction.HALF_UP and 2 * rest >= step:
        whole += 1
    return whole * rounding.unit_yen


def slow_shares(people, budget, percent, rounding, leftover):
    """Return equal yen and the population yen of each unit, in whole-number arithmetic."""
    top, bottom = percent.numerator, 100 * percent.denominator
    equal = slow_round(budget * top, bottom * len(people), rounding)
    if leftover is Leftover.REPORT:
        pot, pot_bottom = budget * (bottom - top), bottom
    else:
        pot, pot_bottom = budget - equal * len(people), 1
    shares = [slow_round(pot * count, pot_bottom * sum(people), rounding) for count in people]
    if leftover is LR:
        rests = [pot * count - share * sum(people) for count, share in zip(people, shares, strict=True)]
        spare = (pot - sum(shares)) // rounding.unit_yen
        for _ in range(spare):
            winner = max(range(len(people)), key=lambda i: (rests[i], -i))
            shares[winner] += rounding.unit_yen
            rests[winner] = -1
    return equal, shares


@given(populations, budgets, percents, roundings)
def test_what_is_allocated_and_what_is_left_over_are_the_budget(people, budget, percent, rounding):
    result = allocate(units_of(people), Terms(budget_yen=budget, equal_percent=percent, rounding=rounding))
    assert result.allocated_yen + result.leftover_yen == budget
    assert sum(totals(result)) == result.allocated_yen
    assert all(isinstance(total, int) and total % rounding.unit_yen == 0 for total in totals(result))


@given(populations, budgets, percents, roundings)
def test_a_slow_calculation_in_whole_numbers_gives_the_same(people, budget, percent, rounding):
    for leftover in Leftover:
        if leftover is LR and rounding.direction is not Direction.FLOOR:
            continue
        terms = Terms(budget_yen=budget, equal_percent=percent, rounding=rounding, leftover=leftover)
        lines = allocate(units_of(people), terms).lines
        equal, shares = slow_shares(people, budget, percent, rounding, leftover)
        assert {line.equal_yen for line in lines} == {equal}
        assert [line.population_yen for line in lines] == shares


@given(populations, budgets, percents, floors)
def test_largest_remainders_leave_less_than_one_rounding_unit(people, budget, percent, rounding):
    terms = Terms(budget_yen=budget, equal_percent=percent, rounding=rounding, leftover=LR)
    result = allocate(units_of(people), terms)
    assert 0 <= result.leftover_yen < rounding.unit_yen
    for line in result.lines:  # neither below the quota's floor nor above its ceiling
        assert abs(line.population_yen - line.population_exact) < rounding.unit_yen
        assert line.remainder_yen in {0, rounding.unit_yen}


@given(populations, budgets, percents, floors, st.sampled_from(list(Leftover)), st.randoms())
def test_the_order_of_the_units_changes_nobodys_share(people, budget, percent, rounding, leftover, random):  # noqa: PLR0917
    terms = Terms(budget_yen=budget, equal_percent=percent, rounding=rounding, leftover=leftover)
    units = units_of(people)
    mixed = random.sample(units, len(units))
    straight = {line.unit.code: line.total_yen for line in allocate(units, terms).lines}
    assert {line.unit.code: line.total_yen for line in allocate(mixed, terms).lines} == straight
    assert [line.unit for line in allocate(mixed, terms).lines] == mixed


@given(populations, budgets, percents, roundings, st.sampled_from(list(Leftover)))
def test_more_people_never_get_less(people, budget, percent, rounding, leftover):
    assume(leftover is Leftover.REPORT or rounding.direction is Direction.FLOOR)
    terms = Terms(budget_yen=budget, equal_percent=percent, rounding=rounding, leftover=leftover)
    lines = sorted(allocate(units_of(people), terms).lines, key=lambda line: line.unit.population)
    for fewer, more in pairwise(lines):
        if fewer.unit.population < more.unit.population:
            assert fewer.total_yen <= more.total_yen
        elif leftover is Leftover.REPORT:
            assert fewer.total_yen == more.total_yen
        else:
            assert abs(fewer.total_yen - more.total_yen) <= rounding.unit_yen


def test_ties_go_to_the_lower_code():
    assert population_yen([5, 5, 5], 100) == [34, 33, 33]
    assert population_yen([15, 15, 17, 3], 5) == [2, 1, 2, 0]
    assert population_yen([15, 15, 17, 3], 5_000, unit_yen=1_000) == [2_000, 1_000, 2_000, 0]
    units = [Unit("b", "", 5), Unit("c", "", 5), Unit("a", "", 5)]
    lines = allocate(units, Terms(budget_yen=100, equal_yen=0, leftover=LR)).lines
    assert [line.total_yen for line in lines] == [33, 33, 34]


@settings(max_examples=60)
@given(st.lists(st.integers(1, 500), min_size=2, max_size=8), st.integers(1, 200))
def test_a_peer_agrees_where_no_remainders_tie(people, seats):
    peer = pytest.importorskip("apportionment.methods")
    rests = [seats * count % sum(people) for count in people]
    assume(len(set(rests)) == len(rests))
    assert population_yen(people, seats) == peer.largest_remainder(people, seats, fractions=True)


def test_four_units_at_100_yen_a_head_with_thousands_cut_off():
    terms = Terms(equal_yen=0, per_head_yen=Fraction(100), rounding=Rounding(1_000))
    result = allocate(units_of([2_960, 2_630, 2_230, 970]), terms)
    assert totals(result) == [296_000, 263_000, 223_000, 97_000]
    assert (result.allocated_yen, result.leftover_yen) == (879_000, 0)


@given(st.integers(0, 10**9), st.integers(1, 997), roundings)
def test_rounding_moves_less_than_a_unit_and_in_its_direction(top, bottom, rounding):
    exact = Fraction(top, bottom)
    rounded = rounding.apply(exact)
    assert rounded == slow_round(top, bottom, rounding)
    assert rounded % rounding.unit_yen == 0
    moved, unit = rounded - exact, rounding.unit_yen
    bounds = {
        "floor": (-unit < moved <= 0),
        "ceil": (0 <= moved < unit),
        "half-up": (-unit < 2 * moved <= unit),
    }
    assert bounds[rounding.direction.value]


def test_exactly_half_a_unit_goes_up_only_under_half_up():
    assert [Rounding(100, way).apply(Fraction(250)) for way in Direction] == [200, 300, 300]
    assert Rounding(100, Direction.HALF_UP).apply(Fraction(24_999, 100)) == 200


def test_rates_with_decimals_leave_an_exact_remainder_that_is_no_whole_yen():
    terms = Terms(equal_yen=1_000, per_head_yen=Fraction("12.34"))
    result = allocate(units_of([3, 7]), terms)
    assert totals(result) == [1_037, 1_086]
    assert result.leftover_yen is None
    assert result.leftover_exact == Fraction("12.34") * 10 - 37 - 86 == Fraction("0.4")


def test_a_budget_above_the_rates_leaves_a_named_rest():
    terms = Terms(budget_yen=5_000, equal_yen=1_000, per_head_yen=Fraction(100))
    result = allocate(units_of([3, 7]), terms)
    assert (result.allocated_yen, result.leftover_yen, result.leftover_label) == (3_000, 2_000, "予算の残り")


def test_rounding_up_may_exceed_the_budget_and_says_so():
    up = Rounding(1_000, Direction.CEIL)
    result = allocate(units_of([1, 1]), Terms(budget_yen=3_000, equal_percent=Fraction(50), rounding=up))
    assert result.leftover_yen == -1_000
    assert result.leftover_label == "端数処理による超過"


@pytest.mark.parametrize(
    ("people", "terms", "words"),
    [
        ([1], {"budget_yen": -1, "equal_percent": Fraction(5)}, "予算が負の数"),
        ([1], {"equal_yen": -1, "per_head_yen": Fraction(1)}, "均等割が負の数"),
        ([1], {"equal_yen": 1, "per_head_yen": Fraction(-1)}, "1人当たりの額が負の数"),
        ([1], {"budget_yen": 1, "equal_percent": Fraction(-1)}, "均等割の割合 .1 % は使えません"),
        ([1], {"budget_yen": 1, "equal_percent": Fraction(201, 2)}, "均等割の割合 100.* % は使えません"),
        ([0, 0], {"budget_yen": 1, "equal_percent": Fraction(5)}, "0人"),
        ([], {"budget_yen": 1, "equal_percent": Fraction(5)}, "0人"),
        ([5, -1], {"budget_yen": 1, "equal_percent": Fraction(5)}, "負の単位.*001"),
        ([1, 1], {"budget_yen": 9, "equal_yen": 5}, r"均等割の合計 10 円"),
        ([10], {"budget_yen": 9, "equal_yen": 0, "per_head_yen": Fraction(1)}, "1 円超えます"),
        ([1], {"budget_yen": 1, "equal_yen": 1, "equal_percent": Fraction(1)}, "両方"),
        ([1], {"equal_percent": Fraction(1), "per_head_yen": Fraction(1)}, "一緒に使えません"),
        ([1], {}, "足りません"),
        ([1], {"budget_yen": 1}, "足りません"),
        ([1], {"per_head_yen": Fraction(1)}, "足りません"),
        ([1], {"budget_yen": 1, "equal_yen": 0, "rounding": Rounding(1, Direction.CEIL), "leftover": LR}, "切り捨て"),
        ([1], {"equal_yen": 0, "per_head_yen": Fraction(1), "leftover": LR}, "最大剰余法"),
    ],
)  # fmt: skip
def test_terms_that_cannot_be_are_refused_with_the_reason(people, terms, words):
    with pytest.raises(InputRefused, match=words):
        allocate(units_of(people), Terms(**terms))


def test_doubled_codes_are_refused_by_name():
    with pytest.raises(InputRefused, match="2回あります: k1"):
        allocate([Unit("k1", "", 1), Unit("k1", "", 2)], Terms(budget_yen=1, equal_yen=0))


def test_an_odd_rounding_unit_is_refused():
    with pytest.raises(InputRefused, match="「7」円"):
        Rounding(7)


def test_every_amount_of_a_line_is_exact():
    line = allocate(units_of([1, 2]), Terms(budget_yen=100, equal_percent=Fraction(50))).lines[0]
    assert isinstance(line, Line)
    assert all(isinstance(amount, Fraction) for amount in (line.equal_exact, line.population_exact))
    assert all(type(amount) is int for amount in (line.equal_yen, line.population_yen, line.total_yen))


def test_a_huge_percentage_is_refused_like_any_other():
    with pytest.raises(InputRefused, match="均等割の割合"):
        allocate(units_of([1]), Terms(budget_yen=1, equal_percent=Fraction(10) ** 400))
