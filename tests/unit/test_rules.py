from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from kyodo_geo.errors import InputRefused, NotInForce, RuleFileError
from kyodo_geo.rules.book import RuleBook, parse_rule

HEAD = """
id = "kakuu"
title = "架空補助金"
instrument = "架空要綱"
url = "https://example.invalid/"
in_force = 2020-04-01
summary = "架空の規則"
"""
RATE = """
[[value]]
name = "rate"
label = "補助率"
unit = ""
since = 2020-04-01
fraction = "2/3"
reference = "架空要綱 第2条"
"""
LIMIT = """
[[value]]
name = "limit_yen"
label = "限度額"
unit = "円"
since = 2022-04-01
amount = 0.1
reference = "架空要綱 第3条"
"""
SUPPLIED = """
[[value]]
name = "per_head_yen"
label = "単価"
unit = "円"
since = 2020-04-01
to_be_supplied = true
reference = "架空要綱「市長が定める額」"
"""


def rule_of(*parts):
    return parse_rule("".join([HEAD, *parts]), name="架空.toml")


def faults_of(text):
    with pytest.raises(RuleFileError) as refused:
        parse_rule(text, name="架空.toml")
    assert "架空.toml" in str(refused.value)
    return [str(fault) for fault in refused.value.faults]


def test_the_shipped_rules_load_and_are_found_by_id():
    book = RuleBook.load()
    assert book.rules
    assert all(book.rule(name).id == name for name in book.rules)
    with pytest.raises(InputRefused, match="「nai」") as refused:
        book.rule("nai")
    assert all(name in str(refused.value) for name in book.rules)


def test_amounts_are_exact():
    later = rule_of(RATE, LIMIT).settle(date(2022, 4, 1), {})
    assert later == {"rate": Fraction(2, 3), "limit_yen": Fraction(1, 10)}
    assert all(isinstance(amount, Fraction) for amount in later.values())


def test_a_value_follows_its_days():
    raised = RATE.replace("2020-04-01", "2023-04-01").replace("2/3", "1/2")
    rule = rule_of(raised, RATE)  # in any order
    assert rule.settle(date(2023, 3, 31), {}) == {"rate": Fraction(2, 3)}
    assert rule.settle(date(2023, 4, 1), {}) == {"rate": Fraction(1, 2)}


def test_before_its_first_day_a_rule_is_not_in_force():
    with pytest.raises(NotInForce, match="2020-03-31"):
        rule_of(RATE).at(date(2020, 3, 31))
    with pytest.raises(NotInForce, match="2022-04-01"):
        rule_of(LIMIT).at(date(2020, 4, 1))


def test_what_nobody_has_published_is_asked_for_by_name():
    rule = rule_of(RATE, SUPPLIED)
    with pytest.raises(InputRefused, match=r"単価\(per_head_yen\)"):
        rule.settle(date(2024, 4, 1), {})
    given = {"per_head_yen": Fraction(0), "stranger": Fraction(1)}
    with pytest.raises(InputRefused, match="「stranger」"):
        rule.settle(date(2024, 4, 1), given)
    assert rule.settle(date(2024, 4, 1), {"per_head_yen": Fraction(0)})["per_head_yen"] == 0


def test_two_values_of_one_day_are_refused():
    assert any("2020-04-01" in fault and "2つ" in fault for fault in faults_of(HEAD + RATE + RATE))


def test_all_faults_of_a_file_are_gathered():
    broken = HEAD.replace("title", "titel") + RATE.replace("label", "lable").replace('fraction = "2/3"', "")
    found = "\n".join(faults_of(broken + SUPPLIED + "amount = 5\n"))
    for words in ("「titel」", "「title」がありません", "「lable」", "「label」がありません", "どれか1つ"):
        assert words in found
    assert found.count("どれか1つ") == 2


@pytest.mark.parametrize("text", ["id = ", 'id = "a"\nid = "b"', "[[value]", "id = 2020-13-01"])
def test_what_is_no_toml_is_refused_with_the_place(text):
    assert "(at " in faults_of(text)[0]


def test_a_file_of_nothing_lacks_everything():
    assert len(faults_of("")) == 7


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('fraction = "2/3"', 'amount = "abc"'),
        ('fraction = "2/3"', 'fraction = "2/0"'),
        ('fraction = "2/3"', "to_be_supplied = false"),
        ("since = 2020-04-01", 'since = "2020-04-01"'),
        ("[[value]]", "[value]"),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_fault_of_the_file(old, new):
    assert faults_of(HEAD + RATE.replace(old, new))


def test_decimals_of_a_file_never_pass_through_a_float():
    assert rule_of(LIMIT).settle(date(2022, 4, 1), {})["limit_yen"] == Fraction(Decimal("0.1"))
