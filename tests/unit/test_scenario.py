from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from urllib.parse import parse_qs

import pytest
from fictional import grants
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused, NotInForce
from kyodo_geo.model.scenario import Scenario, default_place, from_text
from kyodo_geo.rules.formula import Leftover, LeftoverMethod, PaidBy, Transition
from kyodo_geo.rules.rounding import ROUNDING_UNITS, Direction, Rounding

GOOD = "rule=kakuu&fy=2025"
roundings = st.builds(Rounding, st.sampled_from(ROUNDING_UNITS), st.sampled_from([*Direction]))
# what a field of the app or an option can hold: at most 30 characters of digits, so at most 29 decimals
amounts = st.fractions(0, 10**12, max_denominator=10**9)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
scenarios = st.builds(
    lambda place, rounding, **rest: Scenario(
        place=place, rounding=rounding if place != "rule" else Rounding(), **rest
    ),
    rule_id=texts,
    fiscal_year=st.integers(1950, 2200),
    population=texts,
    budget_yen=st.none() | st.integers(0, 10**15),
    supplied=st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True), amounts, max_size=4),
    place=st.sampled_from(["rule", "term", "unit"]),
    rounding=roundings,
    leftover=st.none() | st.builds(Leftover, st.sampled_from([*LeftoverMethod]), texts),
    transition=st.none()
    | st.builds(Transition, st.fractions(0, 100, max_denominator=999), st.sampled_from([*PaidBy])),
    reference_day=st.none() | st.dates(),
    title=texts,
    example=st.booleans(),
)


@given(scenarios)
def test_a_scenario_comes_back_from_its_address(scenario):
    text = scenario.to_text()
    assert from_text(text) == scenario
    assert from_text(text).to_text() == text


@given(scenarios)
def test_an_address_is_plain_ascii_that_no_html_or_shell_can_misread(scenario):
    assert re.fullmatch(r"[A-Za-z0-9%+&=._~-]*", scenario.to_text())


def test_a_title_is_escaped_and_comes_back_as_text():
    title = '<script>alert("1")</script>&rule=x&fy=1999#?=+ %00'
    text = Scenario("kakuu", 2025, title=title).to_text()
    assert "<" not in text
    assert parse_qs(text)["rule"] == ["kakuu"]
    assert from_text(text).title == title


def test_an_overlong_title_is_cut_when_it_is_written_not_later():
    text = Scenario("kakuu", 2025, title="長" * 200).to_text()
    assert from_text(text).title == "長" * 80
    assert from_text(text).to_text() == text


STRANGE = [
    "", "&", "rule", "?", "rule=kakuu", "fy=2025", f"{GOOD}&nani=1", f"{GOOD}&rule=other", f"{GOOD}&set.a=1&set.a=2",
    "rule=kakuu&fy=20x5", "rule=kakuu&fy=1", "rule=kakuu&fy=1949", "rule=kakuu&fy=2201", "rule=kakuu&fy=-2025",
    "rule=kakuu&fy=٢٠٢٥", "rule=kakuu&fy=²²²²", f"rule=kakuu&fy={'9' * 5000}",
    f"{GOOD}&budget=-1", f"{GOOD}&budget=1.5", f"{GOOD}&budget=x", f"{GOOD}&budget={'9' * 5000}",
    f"{GOOD}&set.a=", f"{GOOD}&set.a=nan", f"{GOOD}&set.a=1e5", f"{GOOD}&set.a=1/0", f"{GOOD}&set.a=1/",
    f"{GOOD}&set.a=1/-2", f"{GOOD}&set.a=1/{'9' * 5000}", f"{GOOD}&set.a={'9' * 5000}/1", f"{GOOD}&set.a=1/2/3",
    f"{GOOD}&place=nani&round=1", f"{GOOD}&place=term&round=7", f"{GOOD}&place=term&round=0",
    f"{GOOD}&place=term&round=10&direction=up", f"{GOOD}&round=1000", f"{GOOD}&place=rule&round=1000",
    f"{GOOD}&direction=ceil", f"{GOOD}&leftover=nani", f"{GOOD}&to=1", f"{GOOD}&paid_by=extra",
    f"{GOOD}&protect=101", f"{GOOD}&protect=-1", f"{GOOD}&protect=201/2", f"{GOOD}&protect=x",
    f"{GOOD}&protect=90&paid_by=nobody", f"{GOOD}&day=2025-02-30", f"{GOOD}&day=x", f"{GOOD}&day=",
    "&".join([GOOD, *(f"set.a{n}=1" for n in range(61))]), "rule=kakuu;fy=2025", "rule=kakuu&fy=2025&&",
]  # fmt: skip


@pytest.mark.parametrize("text", STRANGE, ids=[text[:40] for text in STRANGE])
def test_a_strange_address_is_refused_in_japanese(text):
    with pytest.raises(InputRefused) as refused:
        from_text(text)
    assert re.search("[ぁ-ん]", str(refused.value))
    assert len(str(refused.value)) < 400


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_no_text_at_all_makes_more_than_a_refusal(text):
    try:
        found = from_text(text)
    except InputRefused:
        return
    assert from_text(found.to_text()) == found


@given(
    st.lists(
        st.sampled_from([*STRANGE[9:], GOOD, "title=%ED%A0%80", "%=%", "set.=1", "example=2"]), max_size=4
    )
)
def test_pieces_of_strange_addresses_make_no_more_than_a_refusal(pieces):
    try:
        found = from_text("&".join([GOOD, *pieces]).replace(f"&{GOOD}", ""))
    except InputRefused:
        return
    assert from_text(found.to_text()) == found


@pytest.mark.parametrize("year", [0, 1949, 2201, 99_999, -1])
def test_a_year_that_could_not_be_read_back_is_refused_at_the_start(year):
    with pytest.raises(InputRefused, match="年度"):
        Scenario("kakuu", year)


@pytest.mark.parametrize("percent", [Fraction(-1), Fraction(101), Fraction(1_001, 10)])
def test_protecting_more_than_all_is_refused(percent):
    with pytest.raises(InputRefused, match="0 から 100"):
        Scenario("kakuu", 2025, transition=Transition(percent, PaidBy.EXTRA))


def test_a_rule_that_says_nothing_rounds_each_term_and_one_that_says_keeps_its_way():
    term = (
        'amount = { rate = "equal_yen" }',
        'amount = { rate = "equal_yen" }\nrounding = { unit_yen = 10, direction = "ceil" }',
    )
    assert default_place(grants.rule()) == "term"
    assert default_place(grants.rule(term)) == "rule"
    assert default_place(grants.rule(more=grants.THOUSANDS)) == "rule"
    total = '\n[total]\nrounding = { unit_yen = 1000, direction = "floor" }\n'
    assert default_place(grants.rule(more=total)) == "rule"


def test_the_choices_of_a_scenario_stand_in_the_settled_rule():
    rule, thousand = grants.rule(more=grants.THOUSANDS), Rounding(100, Direction.CEIL)
    by_rule = grants.scenario(place="rule").settle(rule).formula
    assert (by_rule.rounding, [term.rounding for term in by_rule.terms]) == (Rounding(1_000), [None, None])
    by_term = grants.scenario(rounding=thousand).settle(rule).formula
    # the equal share is entered in yen and stays as it was entered
    assert (by_term.rounding, [term.rounding for term in by_term.terms]) == (Rounding(), [None, thousand])
    by_unit = grants.scenario(place="unit", rounding=thousand).settle(rule).formula
    assert (by_unit.rounding, [term.rounding for term in by_unit.terms]) == (thousand, [None, None])
    left, kept = Leftover(LeftoverMethod.UNIT, "1"), Transition(Fraction(90), PaidBy.OTHERS)
    other = grants.scenario(leftover=left, transition=kept).settle(rule).formula
    assert (other.leftover, other.transition) == (left, kept)
    assert rule == grants.rule(more=grants.THOUSANDS)


@pytest.mark.parametrize("place", ["term", "unit"])
@pytest.mark.parametrize("method", [one for one in LeftoverMethod if one.hands_out])
def test_what_is_handed_out_must_have_been_cut_off(place, method):
    scenario = grants.scenario(
        budget_yen=100_000,
        place=place,
        rounding=Rounding(10, Direction.HALF_UP),
        leftover=Leftover(method, "1"),
    )
    with pytest.raises(InputRefused, match="切り捨て"):
        scenario.settle(grants.rule())
    down = replace(scenario, rounding=Rounding(10))
    assert down.settle(grants.rule()).formula.leftover.method is method


def test_a_rule_is_settled_on_the_first_day_of_the_fiscal_year():
    assert grants.scenario(fiscal_year=2020).settle(grants.rule()).day == date(2020, 4, 1)
    with pytest.raises(NotInForce, match="2020-04-01 から"):
        grants.scenario(fiscal_year=2019).settle(grants.rule())


def test_what_is_missing_is_asked_for_by_name_all_at_once():
    with pytest.raises(InputRefused) as refused:
        grants.scenario(supplied={}).settle(grants.rule())
    said = str(refused.value)
    assert "均等割の額(equal_yen)" in said
    assert "1人当たりの額(per_head_yen)" in said
    with pytest.raises(InputRefused, match="「nani」という値はこの規則にありません"):
        grants.scenario(supplied={**grants.RATES, "nani": Fraction(1)}).settle(grants.rule())
