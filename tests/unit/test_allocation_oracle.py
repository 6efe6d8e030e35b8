"""20,000 random allocations, done by the engine and once more slowly from the words of the ordinances."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from oracle.answer import answer
from oracle.as_rule import run
from oracle.random_cases import KINDS, METHODS, random_case
from oracle.slow import Refused

from kyodo_geo.errors import InputRefused

RUNS = 20_000
ACCOUNT = (
    "added_floor", "added_transition", "left_total", "left_cap", "left_undivided", "left_rounding", "handed_out",
)  # fmt: skip
# How many of the runs with seed 3 were calculated to the end with each sort in them, rounded down; a limit counts only
# where it bit
SORTS = {
    **dict.fromkeys(KINDS, 2_500),
    **dict.fromkeys(METHODS, 2_800),
    "rate": 10_000, "share": 4_500, "fixed": 5_000, "rest": 4_000,
    "term rounding": 10_000, "unit rounding": 8_000, "total rounding": 1_500, "instalments": 5_000, "addon": 2_500,
    "coefficient": 3_500, "coefficient_by": 3_500, "per": 3_000, "beyond and step": 900,
    "months": 5_000, "months 0": 1_500, "term floor": 2_500, "term cap": 2_500, "term percent": 800,
    "floor bites": 900, "cap bites": 1_500, "transition bites": 700, "new unit": 300,
    "paid by extra": 1_200, "paid by others": 200, "paid by gainers": 150,
    "handed out": 3_000, "handed out on the rest": 300, "more than there was": 2_000, "budget 0": 100,
    "the budget does not reach": 1_000, "over the budget": 1_500, "nobody to divide by": 500,
    "the others cannot pay": 400, "those who gain cannot pay": 400,
}  # fmt: skip


def test_twenty_thousand_random_runs_agree_with_a_slow_calculation():
    random, seen = Random(3), Counter()
    for number in range(RUNS):
        case = random_case(random)
        try:
            expected = answer(case)
        except Refused as refused:
            with pytest.raises(InputRefused):
                run(case)
            seen.update(["refused", str(refused)])
            continue
        assert found(run(case)) == wanted(expected), f"run {number}: {case}"
        seen.update(sorts(case, expected))
    assert 4_000 < seen["refused"] < 6_000
    few = {sort: seen[sort] for sort, least in SORTS.items() if seen[sort] < least}
    assert not few, f"too few runs of a sort; all: {dict(seen)}"


def found(allocation):
    balances = {one.id: one.yen for one in allocation.balances}
    terms = {
        column.term_id: column.values.fractions()
        for column in allocation.columns
        if column.id == column.term_id and column.values.is_whole
    }
    opened = next((column.term_id for column in allocation.columns if column.id == "rounded"), "")
    return (
        list(allocation.totals_yen),
        list(allocation.instalments_yen),
        {key: list(amounts) for key, amounts in terms.items() if key != opened},
        {key: balances.get(key, 0) for key in ACCOUNT},
        bool(opened),
    )


def wanted(expected):
    whole = {
        key: amounts for key, amounts in expected["terms"].items() if all(yen == int(yen) for yen in amounts)
    }
    return (
        expected["totals"],
        expected["instalments"],
        whole,
        {key: expected[key] for key in ACCOUNT},
        expected["opened"],
    )


def sorts(case, expected):
    """Name what a run really exercised: a limit only where it bit."""
    for term in case["terms"]:
        yield term["kind"]
        yield term["how"]
        keys = ("coefficient", "coefficient_by", "per")
        yield from (key for key in keys if term.get(key))
        yield from (f"term {key}" for key in ("rounding", "floor", "cap") if term.get(key))
        yield from ("term percent" for key in ("floor", "cap") if "of" in term.get(key, {}))
        yield from ["beyond and step"] if term.get("beyond") and term.get("step") else []
    yield case["leftover"][0]
    yield from ["unit rounding"] if case["rounding"][0] > 1 else []
    yield from ["total rounding"] if expected["left_total"] else []
    yield from ["instalments"] if case["instalments"] else []
    yield from ["addon"] if case["addons"] else []
    yield from ["months"] if any(unit["months"] < 12 for unit in case["units"]) else []
    yield from ["months 0"] if any(unit["months"] == 0 for unit in case["units"]) else []
    yield from ["handed out"] if expected["handed_out"] else []
    yield from ["handed out on the rest"] if expected["opened"] else []
    yield from ["budget 0"] if case["budget"] == 0 else []
    yield from ["more than there was"] if expected["left_rounding"] < 0 else []
    yield from ["cap bites"] if expected["left_cap"] else []
    yield from bites(case, expected)


def bites(case, expected):
    if case["floor"] and expected["floor_cost"]:
        yield "floor bites"
        yield f"paid by {case['floor']['paid_by']}"
    if case["transition"] and expected["transition_cost"]:
        yield "transition bites"
        yield f"paid by {case['transition'][1]}"
        yield from (
            ["new unit"] if any(unit["code"] not in case["last_year"] for unit in case["units"]) else []
        )
