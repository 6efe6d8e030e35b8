"""A rule in words: what it is, its values with their articles, the order of its arithmetic, what it leaves open."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from kyodo_geo.fiscal import both_calendars
from kyodo_geo.model.amounts import exact_text
from kyodo_geo.model.measures import measure_label
from kyodo_geo.model.scenario import states_rounding
from kyodo_geo.present.grant_reports import counting_words
from kyodo_geo.present.reports import text_table
from kyodo_geo.rules.book import Rule
from kyodo_geo.rules.formula import COUNTED, Amount, How, Kind, Limit, Ref, Term
from kyodo_geo.rules.values import RuleValue

KIND_LABELS = {
    Kind.EQUAL: "均等(どの単位も同じ重み)",
    Kind.FLAT: "定額(単位ごと)",
    Kind.POPULATION: "人口",
    Kind.HOUSEHOLDS: "世帯数",
    Kind.AREA: "面積",
    Kind.ELDERLY: "高齢者数",
    Kind.DISTANCE: "距離",
    Kind.BANDS: "段階",
    Kind.TABLE: "表",
}


def rule_list_text(rules: Iterable[Rule]) -> str:
    """Return id, place, title and first day of each rule as a text table."""
    rows = [[rule.id, rule.place or "市の規則", rule.title, rule.in_force.isoformat()] for rule in rules]
    return f"{text_table([['id', 'どこの', '名称', '初日'], *rows])}\n"


def value_rows(rule: Rule) -> list[list[str]]:
    """Return every dated value: label, amount or that it must be supplied, unit, from when, article, basis."""
    rows = []
    for name, timeline in rule.values.items():
        for entry in timeline:
            value = entry.value
            if isinstance(value, RuleValue):
                amount = (
                    exact_text(value.amount) if value.amount is not None else "入力が必要(公表されていない)"
                )
                basis = value.basis.label if value.amount is not None else "不明"
                rows.append(
                    [value.label, name, amount, value.unit, entry.since.isoformat(), entry.reference, basis]
                )
    return rows


VALUE_COLUMNS = ["値", "名前", "額", "単位", "この日から", "根拠", "種類"]


def step_lines(rule: Rule) -> list[str]:
    """Return the order of the arithmetic, one sentence a step."""
    formula = rule.formula
    lines = [f"{term.label}: {_term_words(rule, term)}" for term in formula.terms]
    lines += [
        f"{addon.label}: {measure_label(addon.measure, rule.formula.columns)}が {_ref(rule, addon.below)} 未満なら {_ref(rule, addon.value)} 円を加える"
        for addon in formula.addons
    ]
    if formula.floor:
        lines.append(f"単位ごとの下限: {_limit(rule, formula.floor)}。費用: {formula.floor.paid_by.label}")
    if formula.cap:
        lines.append(f"単位ごとの上限: {_limit(rule, formula.cap)}")
    if formula.transition:
        percent = _ref(rule, formula.transition.percent)
        lines.append(f"経過措置: 前年の {percent} % を下回らない。費用: {formula.transition.paid_by.label}")
    if states_rounding(formula):
        lines.append(f"単位ごとの端数処理: {formula.rounding.label}")
    else:
        lines.append("端数処理: 規則に定めなし(選ばなければ、項ごとに1円未満を切り捨てる)")
    if formula.total_rounding:
        lines.append(f"総額の端数処理: {formula.total_rounding.label}")
    unsaid = "" if states_rounding(formula) else "規則に定めなし。選ばなければ"
    lines.append(f"残り: {unsaid}{formula.leftover.method.label}")
    if formula.instalments:
        months = "・".join(f"{month}月" for month in formula.instalments.months)
        lines.append(f"交付: {formula.instalments.count} 回({months})。端数は第1回")
    return lines


def _term_words(rule: Rule, term: Term) -> str:
    alone = term.kind in {Kind.EQUAL, Kind.FLAT} and not term.measure
    ways = "、または".join(
        _amount(rule, one, alone=alone) for one in term.amounts if not _as_it_is(term, one)
    )
    kind = (
        measure_label(term.measure, rule.formula.columns)
        if term.kind is Kind.ELDERLY
        else KIND_LABELS[term.kind]
    )
    parts = [kind, *_scaled(rule, term), ways]
    if term.kind is Kind.BANDS:
        parts.append(
            "・".join(f"{_ref(rule, band.lower)} 以上は {_ref(rule, band.value)}" for band in term.bands)
        )
    if term.coefficient:
        parts.append(f"係数「{measure_label(term.coefficient, rule.formula.columns)}」を掛ける")
    if term.coefficient_by:
        parts.append(f"{measure_label(term.coefficient_by.measure, rule.formula.columns)}による係数を掛ける")
    if term.floor:
        parts.append(f"下限 {_limit(rule, term.floor)}")
    if term.cap:
        parts.append(f"上限 {_limit(rule, term.cap)}")
    if term.rounding:
        parts.append(term.rounding.label)
    if term.optional:
        parts.append("額が入ったときだけ")
    if term.kind in COUNTED:
        parts.append(counting_words(term.counting))
    return "、".join(filter(None, parts))


def _scaled(rule: Rule, term: Term) -> list[str]:
    """Say what is done to a measure before it counts: what lies beyond, in whole steps, divided."""
    said = [f"{_ref(rule, term.beyond)} を超える分"] if term.beyond != 0 else []
    said += [f"{_ref(rule, term.step)} 未満切り捨て"] if term.step != 0 else []
    return said + ([f"{_ref(rule, term.per)} で割る"] if term.per != 1 else [])


def _as_it_is(term: Term, amount: Amount) -> bool:
    """Whether the yen of a band or a table are taken as they stand."""
    return (
        (term.kind is Kind.BANDS or bool(term.table))
        and amount.how is How.RATE
        and amount.value == Fraction(1)
    )


def _amount(rule: Rule, amount: Amount, *, alone: bool) -> str:
    if amount.how is How.REST:
        return "予算の残りを分ける"
    named = _ref(rule, amount.value)
    return {
        How.RATE: f"1単位に {named}" if alone else f"{named} を掛ける",
        How.SHARE: f"予算のうち {named} を分ける",
        How.FIXED: f"{named} を分ける",
    }[amount.how]


def _ref(rule: Rule, ref: Ref) -> str:
    if not isinstance(ref, str):
        return exact_text(ref)
    value = rule.values[ref].entries[-1].value
    return f"「{value.label}」" if isinstance(value, RuleValue) else ref


def _limit(rule: Rule, limit: Limit) -> str:
    if limit.of:
        other = next(term.label for term in rule.formula.terms if term.id == limit.of)
        return f"{other}の {_ref(rule, limit.percent)} %"
    return f"{_ref(rule, limit.value)} 円"


def rule_text(rule: Rule) -> str:
    """Return a whole rule as text for a terminal."""
    head = [
        f"{rule.title}({rule.id})",
        f"どこの: {rule.place or '市の規則'}",
        f"根拠: {rule.instrument}",
        f"URL: {rule.url}",
        f"期間: {both_calendars(rule.in_force)} から{f' {both_calendars(rule.ends)} まで' if rule.ends else ''}",
        f"指紋(sha256): {rule.sha256}",
        "",
        rule.summary,
        "",
        "計算の順:",
        *(f"  {number}. {line}" for number, line in enumerate(step_lines(rule), start=1)),
        "",
        text_table([VALUE_COLUMNS, *value_rows(rule)]),
    ]
    if rule.claim and rule.claim.conditions:
        head += ["", "交付の条件:", *(f"  - {one.text}({one.reference})" for one in rule.claim.conditions)]
    if rule.not_stated:
        head += ["", "分かっていないこと:", *(f"  - {one}" for one in rule.not_stated)]
    return "\n".join(head) + "\n"
