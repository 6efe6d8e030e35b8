"""Rules in force on a day, and a rule made definite: what is asked for, what is refused, what is left out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.rule_text import CHOICE, COUNTING, EQUAL, GOOD, HEAD, REST, SUPPLIED, TERM, value

from kyodo_geo.errors import InputRefused, NotInForce
from kyodo_geo.provenance import Basis
from kyodo_geo.rules.book import RuleBook, parse_rule
from kyodo_geo.rules.formula import How
from kyodo_geo.rules.rounding import Rounding

DAY = date(2024, 4, 1)
OPTIONAL = (
    TERM.replace('"people"', '"staff"').replace("人口割", "人件費割").replace("per_head_yen", "staff_yen")
)
STAFF = OPTIONAL + "optional = true\n" + value("staff_yen", SUPPLIED, label="人件費")


def rule_of(*parts):
    return parse_rule("".join(parts), name="架空.toml")


def refused_by(rule, supplied=None, *, budget_yen=None):
    with pytest.raises(InputRefused) as refused:
        rule.settle(DAY, supplied or {}, budget_yen=budget_yen)
    assert "架空補助金: 値がそろいません" in str(refused.value)
    return [fault.what for fault in refused.value.faults]


def exact(**supplied):
    return {name: Fraction(amount) for name, amount in supplied.items()}


def test_the_shipped_rules_load_and_are_found_by_id():
    book = RuleBook.load()
    assert book.rules
    assert all(book.rule(name).id == name for name in book.rules)
    with pytest.raises(InputRefused, match="「nai」") as refused:
        book.rule("nai")
    assert all(name in str(refused.value) for name in book.rules)


def test_before_its_first_day_and_after_its_last_a_rule_is_not_in_force():
    rule = rule_of("ends = 2025-03-31\n", GOOD)
    with pytest.raises(NotInForce, match="架空補助金 は 2020-04-01 からです。2020-03-31 には"):
        rule.settle(date(2020, 3, 31), {})
    with pytest.raises(NotInForce, match="架空補助金 は 2025-03-31 までです。2025-04-01 には"):
        rule.settle(date(2025, 4, 1), {})
    assert rule.settle(date(2020, 4, 1), {}).day == date(2020, 4, 1)
    assert rule.settle(date(2025, 3, 31), {}).day == date(2025, 3, 31)
    with pytest.raises(NotInForce, match="2022-04-01"):
        rule_of(GOOD, value("later", since="2022-04-01")).at(date(2021, 4, 1))


def test_a_value_follows_its_days():
    rule = rule_of(GOOD, value("per_head_yen", "amount = 120", since="2023-04-01"))
    amounts = [rule.settle(day, {}).number("per_head_yen") for day in (date(2023, 3, 31), date(2023, 4, 1))]
    assert amounts == [100, 120]


@given(st.decimals(0, 10**9, places=7))
def test_a_decimal_of_a_file_is_exact_as_written(amount):
    for written in (f"{amount:f}", f"+{amount:f}"):
        rule = rule_of(GOOD.replace("amount = 100", f"amount = {written}"))
        settled = rule.settle(DAY, {}).values["per_head_yen"]
        assert settled.amount == Fraction(amount)
        assert isinstance(settled.amount, Fraction)
    assert (
        rule_of(GOOD.replace('"per_head_yen" }', f"{amount:f} }}")).formula.terms[0].amounts[0].value
        == amount
    )


def test_numbers_are_written_whole_as_a_decimal_as_a_fraction_or_by_name():
    for written, meant in (
        ("7", 7),
        ("0.1", Decimal("0.1")),
        ('"2/3"', Fraction(2, 3)),
        ("1_000.5", Decimal("1000.5")),
    ):
        assert rule_of(GOOD + f"per = {written}\n").formula.terms[0].per == Fraction(meant)
    settled = rule_of(GOOD.replace("amount = 100", 'fraction = "2/3"')).settle(DAY, {})
    assert (settled.number("per_head_yen"), settled.number(Fraction(5))) == (Fraction(2, 3), 5)


def test_a_settled_value_knows_where_it_comes_from():
    estimated = rule_of(GOOD.replace("amount = 100", 'amount = 100\nbasis = "estimated"'))
    settled = estimated.settle(DAY, {}).values["per_head_yen"]
    assert (settled.label, settled.unit, settled.basis) == ("単価", "円", Basis.ESTIMATED)
    assert (settled.since, settled.reference) == (date(2020, 4, 1), "架空要綱 第3条")
    assert rule_of(GOOD).settle(DAY, {}).values["per_head_yen"].basis is Basis.PUBLISHED
    assert rule_of(GOOD).settle(DAY, exact(per_head_yen=90)).values["per_head_yen"].basis is Basis.SUPPLIED


def test_what_nobody_has_published_is_asked_for_by_label_and_name():
    rule = rule_of(GOOD.replace("amount = 100", SUPPLIED))
    assert refused_by(rule) == ["人口割: 単価(per_head_yen)を入れてください。公表されていません"]
    assert rule.settle(DAY, exact(per_head_yen=0)).number("per_head_yen") == 0


def test_every_missing_value_is_asked_for_once():
    text = GOOD + 'cap = { value = "most" }\n[unit]\nfloor = { value = "least" }\ncap = { value = "most" }\n'
    rule = rule_of(text, value("most", SUPPLIED, label="上限"), value("least", SUPPLIED, label="下限"))
    assert refused_by(rule) == [
        "上限(most)を入れてください。公表されていません", "下限(least)を入れてください。公表されていません",
    ]  # fmt: skip


def test_one_of_two_ways_is_chosen_by_what_is_supplied():
    rule = rule_of(CHOICE)
    assert refused_by(rule) == [
        "均等割: 均等割の割合(equal_percent)、均等割の額(equal_yen)、予算(budget) のどれかを入れてください。公表されていません"
    ]
    assert refused_by(rule, exact(equal_percent=50)) == ["均等割: 予算(budget)を入れてください"]
    both = refused_by(rule, exact(equal_percent=50, equal_yen=3), budget_yen=9)
    assert both == [
        "均等割: 均等割の割合(equal_percent)と均等割の額(equal_yen)の両方が入っています。どちらか一方にしてください"
    ]
    by_rate = rule.settle(DAY, exact(equal_yen=3))
    assert [term.amount.how for term in by_rate.formula.terms] == [How.RATE, How.RATE]
    by_share = rule.settle(DAY, exact(equal_percent=50), budget_yen=9)
    assert by_share.formula.terms[1].amount.how is How.SHARE
    assert set(by_share.values) == {"per_head_yen", "equal_percent"}


def test_the_rest_needs_a_budget():
    rule = rule_of(GOOD, REST)
    assert refused_by(rule) == ["残り割: 予算(budget)を入れてください"]
    assert rule.settle(DAY, {}, budget_yen=0).budget_yen == 0


def test_what_is_out_of_range_or_unknown_is_refused_all_at_once():
    supplied = exact(equal_percent=Fraction(1001, 10), per_head_yen=-1, stranger=1, other=2)
    assert refused_by(rule_of(CHOICE), supplied, budget_yen=-5) == [
        "「other」という値はこの規則にありません",
        "「stranger」という値はこの規則にありません",
        "均等割の割合(equal_percent)は 0 から 100 までの数です",
        "単価(per_head_yen)は 0 から 1000000000000000 までの数です",
        "予算が負の数(-5 円)です",
    ]
    assert len(refused_by(rule_of(GOOD), exact(per_head_yen=10**15 + 1))) == 1


def test_an_optional_term_is_left_out_by_name_when_nothing_is_supplied():
    rule = rule_of(GOOD, STAFF)
    without = rule.settle(DAY, {}).formula
    assert ([term.id for term in without.terms], without.left_out) == (["people"], ("人件費割",))
    whole = rule.settle(DAY, exact(staff_yen=0)).formula
    assert ([term.id for term in whole.terms], whole.left_out) == (["people", "staff"], ())


def test_an_optional_rest_is_there_when_there_is_a_budget():
    rule = rule_of(GOOD, REST, "optional = true\n")
    assert rule.settle(DAY, {}).formula.left_out == ("残り割",)
    assert [term.id for term in rule.settle(DAY, {}, budget_yen=5).formula.terms] == ["people", "rest"]


def test_a_rule_of_which_no_term_is_left_is_refused():
    assert refused_by(rule_of(HEAD, COUNTING, STAFF)) == [
        "計算する項が1つも残りません。人件費割のどれかの額を入れてください"
    ]


def test_a_whole_formula_is_read():
    text = (
        GOOD
        + """
coefficient = "factor"
coefficient_by = { measure = "ageing_percent", bands = [{ from = 0, below = 40, value = 1 }, { from = 40, value = "1/2" }] }
floor = { value = 5 }
cap = { percent = 50, of = "equal" }
rounding = { unit_yen = 100, direction = "half-up" }
by_months = false
reference = "第5条"

[[addon]]
id = "small"
label = "小規模加算"
measure = "households"
below = 50
value = 1000

[unit]
floor = { value = 10, paid_by = "others" }
transition = { percent = 90, paid_by = "gainers" }
[total]
rounding = { unit_yen = 1000, direction = "floor" }
leftover = { method = "unit", unit = "01" }
[instalments]
months = [4, 10]
unit_yen = 10
[claim]
rate = "2/3"
advance_payment = true
[[claim.conditions]]
text = "登録された団体"
reference = "第2条"
"""
    )
    rule = rule_of(text, EQUAL, value("equal_percent", SUPPLIED, unit="%"), value("equal_yen", SUPPLIED))
    term, formula = rule.formula.terms[0], rule.formula
    assert (term.coefficient, term.by_months, term.reference, term.measure) == (
        "factor",
        False,
        "第5条",
        "population",
    )
    assert [band.value for band in term.coefficient_by.bands] == [1, Fraction(1, 2)]
    assert (term.floor.value, term.cap.percent, term.cap.of) == (5, 50, "equal")
    assert term.rounding == Rounding(100, term.rounding.direction)
    assert (formula.addons[0].below, formula.floor.paid_by, formula.transition.paid_by) == (
        50,
        "others",
        "gainers",
    )
    assert (formula.total_rounding.unit_yen, formula.leftover.unit_code) == (1_000, "01")
    assert (formula.instalments.months, formula.instalments.count, formula.instalments.unit_yen) == (
        (4, 10),
        2,
        10,
    )
    assert (rule.claim.rate, rule.claim.advance_payment) == (Fraction(2, 3), True)
    assert rule.claim.conditions[0].text == "登録された団体"
    assert rule_of(GOOD).claim is None
    assert len({rule_of(GOOD).sha256, rule.sha256}) == 2


def test_a_reference_day_of_a_term_stands_before_the_common_one():
    own = 'counting = { reference_day = "10-01", reference_year = -1, counted_by = "census", foreigners = "in" }\n'
    common, term = rule_of(GOOD).formula.terms[0].counting, rule_of(GOOD + own).formula.terms[0].counting
    assert (common.day(2025), common.counted_by, common.foreigners) == (
        date(2025, 4, 1),
        "住民基本台帳",
        "unknown",
    )
    assert (term.day(2025), term.counted_by, term.foreigners) == (date(2024, 10, 1), "国勢調査", "in")
    open_day = rule_of(GOOD.replace('"04-01"', '"to_be_supplied"')).formula.terms[0].counting
    assert open_day.day(2025) is None


def test_an_equal_term_needs_no_day_when_nobody_is_counted():
    text = HEAD + EQUAL.replace('[{ share = "equal_percent" }, { rate = "equal_yen" }]', "{ rate = 5 }")
    assert rule_of(text, value("unused")).formula.terms[0].counting.day(2025) is None
