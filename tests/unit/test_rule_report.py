from __future__ import annotations

import pytest
from fictional import grants

from kyodo_geo.present.rule_report import VALUE_COLUMNS, rule_list_text, rule_text, step_lines, value_rows
from kyodo_geo.rules.book import RuleBook
from kyodo_geo.rules.formula import Kind
from kyodo_geo.rules.values import RuleValue

RULES = RuleBook.load().rules
EVERY_RULE = pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
EVERYTHING = """
[[value]]
name = "third"
label = "三分の一"
unit = ""
since = 2020-04-01
fraction = "1/3"
reference = "第4条"

[[term]]
id = "far"
label = "距離割"
kind = "distance"
amount = { fixed = 5000 }
beyond = 2
per = 3
rounding = { unit_yen = 100, direction = "half-up" }
floor = { percent = 50, of = "equal" }
coefficient = "factor"

[[term]]
id = "old"
label = "段階割"
kind = "bands"
measure = "age_75_over"
amount = { rate = "third" }
bands = [{ from = 0, below = 100, value = 1 }, { from = 100, value = 2 }]
optional = true

[[addon]]
id = "small"
label = "小規模加算"
measure = "population"
below = 500
value = 9000

[unit]
rounding = { unit_yen = 1000, direction = "ceil" }
floor = { value = 10000, paid_by = "others" }
cap = { value = 99000 }
transition = { percent = 90, paid_by = "gainers" }

[total]
rounding = { unit_yen = 10000, direction = "floor" }

[instalments]
months = [4, 10]
"""


@EVERY_RULE
def test_a_rule_is_shown_with_all_it_says_and_all_it_leaves_open(rule):
    text = rule_text(rule)
    for words in (
        rule.id,
        rule.title,
        rule.instrument,
        rule.url,
        rule.sha256,
        rule.summary,
        *rule.not_stated,
    ):
        assert words in text
    for timeline in rule.values.values():
        for entry in timeline:
            assert entry.reference in text
            assert entry.since.isoformat() in text
    for term in rule.formula.terms:
        assert any(line.startswith(term.label) for line in step_lines(rule))
    for condition in rule.claim.conditions if rule.claim else ():
        assert condition.text in text
        assert condition.reference in text


@EVERY_RULE
def test_a_value_nobody_published_is_asked_for_and_never_a_number(rule):
    rows = value_rows(rule)
    assert {len(VALUE_COLUMNS)} == {len(row) for row in rows}
    entries = [entry for timeline in rule.values.values() for entry in timeline]
    for row, entry in zip(rows, entries, strict=True):
        assert isinstance(entry.value, RuleValue)
        assert ("入力が必要" in row[2]) == (entry.value.amount is None)
        assert (row[-1] == "不明") == (entry.value.amount is None)


def test_the_list_has_every_rule_with_its_first_day():
    head, *lines = rule_list_text(RULES.values()).splitlines()
    assert head.split() == ["id", "どこの", "名称", "初日"]
    assert [line.split()[0] for line in lines] == list(RULES)
    for line, rule in zip(lines, RULES.values(), strict=True):
        assert line.endswith(rule.in_force.isoformat())
        assert rule.title in line
        assert (rule.place or "市の規則") in line


def test_the_order_of_the_arithmetic_is_said_whole():
    lines = step_lines(grants.rule(more=EVERYTHING))
    text = "\n".join(lines)
    for words in (
        "「均等割の額」", "「1人当たりの額」", "予算の残りを分ける", "5,000 を分ける", "係数「factor」を掛ける", "100円未満四捨五入",
        "「三分の一」 を掛ける", "100 以上は 2", "額が入ったときだけ", "基準日 その年度の4月1日", "住民基本台帳",
        "人口が 500 未満なら 9,000 円を加える", "下限: 10,000 円", "ほかの単位の額を同じ割合で減らす", "上限: 99,000 円",
        "前年の 90 % を下回らない", "前年より増える単位", "1,000円未満切り上げ", "10,000円未満切り捨て", "配らずに示す",
        "2 回(4月・10月)",
    ):  # fmt: skip
        assert words in text
    order = ["均等割:", "人口割:", "距離割:", "段階割:", "小規模加算:", "単位ごとの下限", "単位ごとの上限", "経過措置", "単位ごとの端数処理", "総額の端数処理", "残り", "交付"]  # fmt: skip
    assert [next(n for n, line in enumerate(lines) if line.startswith(word)) for word in order] == list(
        range(12)
    )


def test_a_term_with_limits_of_its_own_says_them():
    far = next(line for line in step_lines(grants.rule(more=EVERYTHING)) if line.startswith("距離割"))
    assert "均等割の 50 %" in far
    assert "2 を超える" in far
    assert "3 で割る" in far


def test_every_kind_of_term_has_its_word():
    from kyodo_geo.present.rule_report import KIND_LABELS  # noqa: PLC0415 - asked for here only

    assert set(KIND_LABELS) == set(Kind)
