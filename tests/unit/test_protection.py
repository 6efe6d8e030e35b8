"""Floors, caps and the transition from last year: never violated after rounding, and always paid by those who should."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracle.as_rule import by_people, equal, plain, run
from oracle.random_cases import random_case

from kyodo_geo.errors import InputRefused

PAYERS = ("extra", "others", "gainers")


def yen_of(result, key):
    return next((one.yen for one in result.balances if one.id == key), 0)


def up(yen, unit_yen):
    return -(-yen // unit_yen) * unit_yen


@settings(max_examples=600)
@given(st.randoms(use_true_random=False))
def test_no_limit_is_violated_after_rounding(random):
    case = random_case(random)
    assume(any(case[key] for key in ("floor", "cap", "transition")))
    try:
        result = run(case)
    except InputRefused:
        return
    for unit, total in zip(result.units, result.totals_yen, strict=True):
        before = case["last_year"].get(unit.code)
        kept = (
            before * case["transition"][0] / 100 if case["transition"] and before is not None else Fraction(0)
        )
        assert total >= kept
        cap = case["cap"]["value"] if case["cap"] else None
        unit_yen = 1 if case["leftover"][0] == "first-instalment" else case["rounding"][0]
        if cap is not None:
            assert total <= max(cap, up(kept, unit_yen))
        if case["floor"] and "value" in case["floor"]:
            least = case["floor"]["value"]
            assert total >= (least if cap is None else min(least, cap // unit_yen * unit_yen))


@settings(max_examples=200)
@given(
    st.lists(st.integers(1, 5_000), min_size=2, max_size=8),
    st.integers(10_000, 10**8),
    st.sampled_from(("others", "gainers")),
    st.integers(0, 100),
    st.data(),
)
def test_the_sum_stays_the_same_when_others_or_gainers_pay(people, budget, payer, percent, data):
    last = data.draw(st.lists(st.integers(0, budget // 4), min_size=len(people), max_size=len(people)))
    before = {f"{number:02}": yen for number, yen in enumerate(last, start=1)}
    case = plain(
        people, [by_people()], budget=budget, transition=(Fraction(percent), payer), last_year=before
    )
    try:
        result = run(case)
    except InputRefused as refused:
        assert "負担できる単位がありません" in str(refused)  # noqa: PT017 - either a sum or this reason
        return
    assert result.column("transition").values.total() == budget
    assert not yen_of(result, "added_transition")
    assert result.allocated_yen + result.leftover_exact == budget
    for unit, one, kept in zip(
        result.units, result.column("transition").values.fractions(), last, strict=True
    ):
        quota = Fraction(budget * unit.population, sum(people))
        low = up(Fraction(kept * percent, 100), 1)
        assert one == low or one <= quota  # only those below their minimum get more
        if payer == "gainers" and one < quota:
            assert one >= kept  # nobody who pays ends below last year


def test_the_others_pay_in_proportion_again_while_one_falls_to_its_minimum():
    # 100 : 60 : 40 of 200; the third must have 70. First factor 130/160 leaves the second 48.75, below its 50
    result = run(
        plain(
            [100, 60, 40], [by_people("rate", 1)], transition=(Fraction(100), "others"),
            last_year={"02": 50, "03": 70},
        )
    )  # fmt: skip
    assert result.totals_yen == (80, 50, 70)


def test_the_gainers_give_the_same_part_of_what_they_gain():
    # gains 60 and 20 and a loss of 40 to be made good: each gives one half
    result = run(
        plain(
            [160, 120, 60, 7], [by_people("rate", 1)], transition=(Fraction(100), "gainers"),
            last_year={"01": 100, "02": 100, "03": 100},
        )
    )  # fmt: skip
    assert result.totals_yen == (130, 110, 100, 7)  # the new unit neither pays nor is protected


def test_money_from_outside_is_named():
    floor = run(plain([100, 300], [by_people()], budget=400, floor={"value": 150, "paid_by": "extra"}))
    assert floor.totals_yen == (150, 300)
    assert (yen_of(floor, "added_floor"), floor.leftover_yen) == (50, 0)
    moved = run(
        plain(
            [100, 300], [by_people()], budget=400, transition=(Fraction(90), "extra"), last_year={"01": 200}
        )
    )
    assert moved.totals_yen == (180, 300)
    assert yen_of(moved, "added_transition") == 80


@pytest.mark.parametrize("payer", ["others", "gainers"])
def test_nobody_pays_for_the_transition_out_of_his_own_floor(payer):
    case = plain(
        [100, 100, 300], [by_people("rate", 1)], floor={"value": 90, "paid_by": "extra"},
        transition=(Fraction(100), payer), last_year={"01": 150, "02": 0, "03": 0},
    )  # fmt: skip
    result = run(case)
    assert sum(result.totals_yen) == 500 - (result.leftover_yen or 0)
    assert result.totals_yen[0] == 150
    assert result.totals_yen[1] >= 90
    with pytest.raises(InputRefused, match="負担できる単位がありません"):
        run(case | {"floor": {"value": 100, "paid_by": "extra"}, "units": case["units"][:2]})


def test_limits_are_whole_rounding_units_so_that_rounding_cannot_break_them():
    case = plain([10, 900, 5_000], [by_people("rate", 1)], rounding=(1_000, "half-up"))
    limits = {"floor": {"value": 1_500, "paid_by": "extra"}, "cap": {"value": 4_900}}
    assert run(case | limits).totals_yen == (2_000, 2_000, 4_000)


def test_a_floor_above_the_cap_counts_as_the_cap_and_adds_no_more():
    result = run(
        plain(
            [0, 300], [by_people()], budget=300, floor={"value": 200, "paid_by": "extra"}, cap={"value": 100}
        )
    )
    assert result.totals_yen == (100, 100)
    assert (yen_of(result, "added_floor"), yen_of(result, "left_cap")) == (100, 200)


def test_the_transition_stands_above_the_cap():
    case = plain([100, 300], [by_people("rate", 1)], cap={"value": 200}, transition=(Fraction(100), "extra"))
    assert run(case | {"last_year": {"02": 250}}).totals_yen == (100, 250)


def test_money_freed_by_a_cap_is_named_apart_from_the_rest_of_the_budget():
    result = run(plain([100, 300], [by_people("rate", 1)], budget=1_000, cap={"value": 200}))
    labels = {one.label: one.yen for one in result.leftovers}
    assert labels == {"上限で配らなかった額": 100, "予算の残り": 600, "端数処理による残り": 0}
    assert run(plain([300], [by_people("rate", 1)], cap={"value": 200})).leftover_yen == 100


def test_a_term_has_limits_of_its_own_in_its_own_rounding_units():
    rounding = (1_000, "floor")
    low = plain([10, 9_999], [by_people("rate", 1, floor={"value": Fraction(1_500)}, rounding=rounding)])
    assert run(low).totals_yen == (2_000, 9_000)
    high = plain(
        [10, 9_999], [by_people("rate", 1, cap={"value": Fraction(5_500)}, rounding=(1_000, "ceil"))]
    )
    assert run(high).totals_yen == (1_000, 5_000)
    of = by_people("rate", 1, cap={"percent": Fraction(50), "of": "equal"})
    assert run(plain([10, 9_999], [of, equal("rate", 3_001)])).totals_yen == (3_011, 4_501)


@pytest.mark.parametrize("payer", PAYERS)
def test_a_floor_nobody_needs_costs_nobody_anything(payer):
    case = plain([100, 300], [by_people("rate", 1)], floor={"value": 100, "paid_by": payer})
    result = run(case)
    assert result.totals_yen == (100, 300)
    assert yen_of(result, "added_floor") == 0


def test_those_who_should_pay_and_cannot_are_said_with_the_sum_that_lacks():
    case = plain([100, 300], [by_people()], budget=400)
    with pytest.raises(InputRefused, match=r"下限の費用を負担できる単位がありません\(200 円足りません\)"):
        run(case | {"floor": {"value": 300, "paid_by": "others"}})
    with pytest.raises(InputRefused, match="経過措置の費用を負担できる単位がありません"):
        run(case | {"transition": (Fraction(100), "gainers"), "last_year": {"01": 200, "02": 300}})


def test_sainte_lague_and_a_named_unit_stay_within_the_limits():
    people = [1, 1, 1, 1, 96]
    free = plain(people, [by_people()], budget=100, rounding=(10, "floor"))
    case = free | {"floor": {"value": 10, "paid_by": "others"}, "leftover": ("sainte-lague", "")}
    assert run(case).totals_yen == (10, 10, 10, 10, 60)
    named = free | {"cap": {"value": 90}, "leftover": ("unit", "05")}
    result = run(named)
    assert result.totals_yen == (0, 0, 0, 0, 90)
    assert result.leftover_yen == 10
