"""What holds for every allocation, whatever the rule."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracle.as_rule import by_people, equal, plain, run
from oracle.random_cases import random_case

from kyodo_geo.errors import InputRefused

HANDS_OUT = ("largest-remainder", "sainte-lague", "unit")
populations = st.lists(st.integers(0, 30_000), min_size=1, max_size=12).filter(any)
budgets = st.integers(0, 10**11)
rates = st.fractions(0, 1_000, max_denominator=100)
unit_yens = st.sampled_from((1, 10, 100, 1_000, 10_000))
roundings = st.tuples(unit_yens, st.sampled_from(("floor", "ceil", "half-up")))
seeds = st.randoms(use_true_random=False)


def calculated(case):
    """The allocation of a random case; hypothesis looks for another where there is none."""
    try:
        return run(case)
    except InputRefused:
        assume(condition=False)


@settings(max_examples=400)
@given(seeds)
def test_every_yen_is_accounted_for(random):
    case = random_case(random)
    result = calculated(case)
    yen = {one.id: one.yen for one in result.balances}
    added = sum(amount for key, amount in yen.items() if key.startswith("added_"))
    left = sum(amount for key, amount in yen.items() if key.startswith("left_"))
    assert result.allocated_yen == sum(result.totals_yen) == sum(line.total_yen for line in result.lines)
    assert result.leftover_exact == left
    if case["budget"] is not None:
        assert yen["budget"] == case["budget"]
        assert case["budget"] + added == result.allocated_yen + left
    assert all(one.label and isinstance(one.yen, Fraction) for one in result.balances)
    assert all(type(total) is int and total >= 0 for total in result.totals_yen)
    assert result.leftover_yen in {None, left}
    assert (result.leftover_yen is None) == (left.denominator != 1)


@settings(max_examples=300)
@given(seeds)
def test_the_order_of_the_units_changes_nobodys_share(random):
    case = random_case(random)
    straight = calculated(case)
    mixed = random.sample(case["units"], len(case["units"]))
    again = run(case | {"units": mixed})
    assert [line.unit.code for line in again.lines] == [unit["code"] for unit in mixed]
    by_code = [
        {line.unit.code: (line.total_yen, line.instalments_yen, line.terms_yen) for line in one.lines}
        for one in (straight, again)
    ]
    assert by_code[0] == by_code[1]
    assert straight.balances == again.balances


@settings(max_examples=300)
@given(seeds)
def test_instalments_sum_to_the_total_and_the_odd_amounts_are_in_the_first(random):
    count, unit_yen = random.choice((2, 4)), random.choice((1, 10, 1_000))
    case = random_case(random) | {"instalments": (count, unit_yen)}
    for line in calculated(case).lines:
        first, *later = line.instalments_yen
        assert len(later) == count - 1
        assert first + sum(later) == line.total_yen
        assert len(set(later)) == 1
        assert later[0] % unit_yen == 0
        assert first >= later[0] >= 0


@settings(max_examples=300)
@given(seeds)
def test_rounding_is_to_whole_units_and_nobody_moves_more_than_one_but_by_sainte_lague(random):
    case = random_case(random) | {"floor": None, "cap": None, "transition": None, "addons": []}
    case["terms"] = [term | {"rounding": None} for term in case["terms"]]
    result = calculated(case)
    method, unit_yen = case["leftover"][0], case["rounding"][0]
    exact = [
        sum(parts) for parts in zip(*(amounts(result, term["id"]) for term in case["terms"]), strict=True)
    ]
    for unit, total, quota in zip(result.units, result.totals_yen, exact, strict=True):
        if method == "first-instalment":
            assert total == quota // 1
        elif method != "unit" or unit.code != case["leftover"][1]:
            assert total % unit_yen == 0
            assert method == "sainte-lague" or abs(total - quota) < unit_yen
        if method == "largest-remainder":
            assert quota // unit_yen * unit_yen <= total <= -(-quota // unit_yen) * unit_yen
    if method in HANDS_OUT:
        assert 0 <= sum(exact) - result.allocated_yen < (1 if method == "unit" else unit_yen)


def amounts(result, term_id):
    columns = {column.id: column.values.fractions() for column in result.columns}
    return columns.get(f"{term_id}_before_rounding", columns.get(term_id))


@given(populations, budgets, rates, roundings)
def test_more_people_never_get_less_where_nothing_is_handed_out(people, budget, rate, rounding):
    for case in (
        plain(people, [by_people("rate", rate)], rounding=rounding),
        plain(people, [by_people()], budget=budget, rounding=rounding),
    ):
        for fewer, more in by_size(run(case)):
            assert fewer.total_yen <= more.total_yen
            assert fewer.unit.population < more.unit.population or fewer.total_yen == more.total_yen


@given(populations, st.integers(0, 2_000), st.sampled_from(("largest-remainder", "sainte-lague")))
def test_more_people_never_get_less_when_it_is_handed_out(people, budget, method):
    for fewer, more in by_size(run(plain(people, [by_people()], budget=budget, leftover=(method, "")))):
        assert fewer.total_yen <= more.total_yen + (fewer.unit.population == more.unit.population)


def by_size(result):
    return pairwise(sorted(result.lines, key=lambda line: line.unit.population))


@given(populations, st.integers(0, 300), st.integers(0, 11))
def test_under_sainte_lague_more_people_never_lose_by_growing(people, budget, who):
    who %= len(people)
    more = [count + (i == who) * 1_000 for i, count in enumerate(people)]
    leftover = ("sainte-lague", "")
    before, after = (
        run(plain(some, [by_people()], budget=budget, leftover=leftover)) for some in (people, more)
    )
    assert after.totals_yen[who] >= before.totals_yen[who]


@given(populations, st.integers(0, 300))
def test_sainte_lague_knows_no_alabama_paradox(people, budget):
    leftover = ("sainte-lague", "")
    less, more = (
        run(plain(people, [by_people()], budget=yen, leftover=leftover)).totals_yen
        for yen in (budget, budget + 1)
    )
    assert all(one <= other for one, other in zip(less, more, strict=True))


@given(populations, budgets, unit_yens)
def test_largest_remainders_leave_less_than_one_unit_and_keep_everybody_at_the_quota(
    people, budget, unit_yen
):
    result = run(
        plain(
            people,
            [by_people()],
            budget=budget,
            rounding=(unit_yen, "floor"),
            leftover=("largest-remainder", ""),
        )
    )
    assert 0 <= result.leftover_exact < unit_yen
    for line in result.lines:
        quota = Fraction(budget * line.unit.population, sum(people))
        assert quota - unit_yen < quota // unit_yen * unit_yen <= line.total_yen < quota + unit_yen


@given(populations, st.integers(0, 10**9), st.integers(0, 100), roundings)
def test_the_rest_takes_what_the_others_leave(people, budget, percent, rounding):
    terms = [equal("share", percent, rounding=rounding), by_people()]
    result = run(plain(people, terms, budget=budget))
    assert result.column("people_weight").pot == Fraction(budget * (100 - percent), 100)
    handed = plain(people, terms, budget=budget, leftover=("largest-remainder", ""))
    equal_yen = sum(amounts_of_equal(result))
    if equal_yen <= budget:
        assert run(handed).column("people_weight").pot == budget - equal_yen
        assert run(handed).allocated_yen == budget
    else:
        with pytest.raises(InputRefused, match="足りません"):
            run(handed)


def amounts_of_equal(result):
    return result.column("equal").values.numerators


@settings(max_examples=60)
@given(st.lists(st.integers(1, 500), min_size=2, max_size=8), st.integers(1, 200))
def test_a_peer_agrees_where_no_remainders_tie(people, seats):
    peer = pytest.importorskip("apportionment.methods")
    rests = [seats * count % sum(people) for count in people]
    assume(len(set(rests)) == len(rests))
    mine = run(plain(people, [by_people()], budget=seats, leftover=("largest-remainder", ""))).totals_yen
    assert list(mine) == peer.largest_remainder(people, seats, fractions=True)


@settings(max_examples=60)
@given(st.lists(st.integers(1, 500), min_size=2, max_size=8, unique=True), st.integers(1, 60))
def test_a_peer_agrees_on_sainte_lague_where_no_quotients_tie(people, seats):
    peer = pytest.importorskip("apportionment.methods")
    quotients = [Fraction(count, 2 * seat + 1) for count in people for seat in range(seats + 1)]
    assume(len(set(quotients)) == len(quotients))
    mine = run(plain(people, [by_people()], budget=seats, leftover=("sainte-lague", ""))).totals_yen
    assert list(mine) == peer.compute("saintelague", people, seats, fractions=True)
