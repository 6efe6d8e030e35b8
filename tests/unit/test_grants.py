from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.model.allocation import Leftover, Rounding, Terms, Unit, allocate
from kyodo_geo.model.grants import TRIAL, GrantRun, PopulationUsed, steps
from kyodo_geo.provenance import Basis

UNITS = [Unit("1", "架空本町", 1_200), Unit("2", "架空飛地", 301)]


def by_id(terms, line=0):
    result = allocate(UNITS, terms)
    return {step.id: step for step in steps(result, result.lines[line])}


@given(
    st.integers(0, 10**9), st.fractions(0, 100, max_denominator=99), st.sampled_from(list(Leftover)),
    st.sampled_from([1, 100, 1_000]),
)  # fmt: skip
def test_the_steps_of_every_line_add_up_to_its_total(budget, percent, leftover, unit_yen):
    terms = Terms(budget_yen=budget, equal_percent=percent, rounding=Rounding(unit_yen), leftover=leftover)
    result = allocate(UNITS, terms)
    for line in result.lines:
        found = {step.id: step.exact for step in steps(result, line)}
        handed = found.get("remainder", Fraction(0))
        assert found["equal"] + found["population_rounded"] + handed == found["total"] == line.total_yen
        assert found["population_rounded"] <= found["population_before_rounding"]


def test_steps_come_in_the_order_they_are_computed():
    plain = ["equal_before_rounding", "equal", "population_before_rounding", "population_rounded", "total"]
    assert list(by_id(Terms(budget_yen=100, equal_yen=1))) == plain
    handed = by_id(Terms(budget_yen=100, equal_yen=1, leftover=Leftover.LARGEST_REMAINDER))
    assert list(handed) == [*plain[:-1], "remainder", "total"]


def test_steps_say_how_they_were_computed():
    found = by_id(Terms(budget_yen=10_000, equal_percent=Fraction(50), rounding=Rounding(100)))
    assert found["equal_before_rounding"].how == "予算 10,000 円 × 50 % ÷ 2"
    assert found["equal"].how == found["population_rounded"].how == "100円未満切り捨て"
    assert found["population_before_rounding"].how == "地域割の総額 5,000 円 × 1,200 人 ÷ 1,501 人"


def test_entered_amounts_are_called_entered():
    found = by_id(Terms(equal_yen=300, per_head_yen=Fraction("1.5")))
    assert found["equal_before_rounding"].how == "入力した額"
    assert found["equal"].how == "入力した額のまま"
    assert found["population_before_rounding"].how == "1 と 1/2 円 × 1,200 人"


def test_a_run_is_a_trial_unless_said_otherwise():
    used = PopulationUsed("架空の国勢調査", "2020-10-01", "国勢調査", Basis.FICTIONAL)
    run = GrantRun(allocate(UNITS, Terms(budget_yen=1, equal_yen=0)), used)
    assert run.status == TRIAL == "試算"
