"""The life of grants in words: where each unit stands, the sums, the history, and the conditions with their articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.amounts import exact_text
from kyodo_geo.model.claims import claim_of
from kyodo_geo.model.grant_life import (
    Conditions,
    EventKind,
    GrantEvent,
    GrantState,
    OpenReserve,
    grant_states,
    open_reserves,
    overdue_yen,
)
from kyodo_geo.present.tables import Col, csv_text, number_text
from kyodo_geo.rules.book import Rule
from kyodo_geo.rules.formula import Ref
from kyodo_geo.rules.values import RuleValue

NOT_ENTERED, NOT_YET, NO_RECORD, NOT_ALLOWED = "未入力", "まだ分かりません", "記録なし", "対象外"
OVERDUE_MARK = "▲ 期限切れ"
_UNKNOWN = {NOT_ENTERED, NOT_YET, NO_RECORD}

_AMOUNTS = (
    "限度額",
    "申請",
    "交付決定",
    "実績(対象経費)",
    "交付できる額",
    "返還すべき額",
    "返還済み",
    "積立",
)
LIFE_COLUMNS = (
    Col("単位", heading=True, code=True), Col("状態", wide=True), *(Col(label, number=True) for label in _AMOUNTS),
    Col("積立の残り", code=True),
)  # fmt: skip
EVENT_COLUMNS = (
    Col("番号", number=True), Col("年度", code=True), Col("日", code=True), Col("単位", heading=True, code=True),
    Col("種類", code=True), Col("額(円)", number=True), Col("理由", wide=True), Col("入力した人"), Col("確定した試算", code=True),
)  # fmt: skip


@dataclass(frozen=True)
class LifeLine:
    """One unit in one fiscal year: its state (None: nothing entered), what is left of reserves, what is overdue.

    `amounts` are yen in the order of the columns; where one is not known, the word that says so.
    """

    unit_code: str
    unit: str
    fiscal_year: int
    state: GrantState | None
    reserves: tuple[OpenReserve, ...]
    amounts: tuple[int | str, ...]

    @property
    def overdue_yen(self) -> int:
        """What is left of reserves that might be spent only before this fiscal year."""
        return overdue_yen(self.reserves, fiscal_year=self.fiscal_year)


def life_lines(
    units: Mapping[str, str], events: Iterable[GrantEvent], conditions: Conditions, *, fiscal_year: int
) -> list[LifeLine]:
    """Return one line a unit, in the order of the units; events are those of one scheme, of all years."""
    own: dict[str, list[GrantEvent]] = {code: [] for code in units}
    for event in events:
        own.setdefault(event.unit_code, []).append(event)
    return [
        _line(code, units.get(code) or entries[-1].unit, entries, conditions, fiscal_year)
        for code, entries in own.items()
    ]


def _line(
    code: str, unit: str, events: Sequence[GrantEvent], conditions: Conditions, fiscal_year: int
) -> LifeLine:
    states = grant_states(events, conditions)
    state = next((one for one in states if one.fiscal_year == fiscal_year), None)
    kinds = {event.kind for event in events if event.fiscal_year == fiscal_year}
    reserves = open_reserves(events, conditions, until=fiscal_year)
    return LifeLine(code, unit, fiscal_year, state, reserves, _amounts(state, kinds, conditions))


def _amounts(
    state: GrantState | None, kinds: set[EventKind], conditions: Conditions
) -> tuple[int | str, ...]:
    """Return the amounts; nothing is 0 that was not entered as 0 or does not follow from what was."""
    nothing_reserved = NOT_ALLOWED if conditions.reserve_share is None else NO_RECORD
    if state is None:
        limit = NOT_ENTERED if conditions.total_limit_yen is None else conditions.total_limit_yen
        return (limit, *[NOT_ENTERED] * 3, *[NOT_YET] * 2, NO_RECORD, nothing_reserved)
    entered = [
        NOT_ENTERED if yen is None else yen
        for yen in (state.limit_yen, state.applied_yen, state.decided_yen, state.spent_yen)
    ]
    computed = [NOT_YET if yen is None else yen for yen in (state.payable_yen, state.to_repay_yen)]
    repaid = state.repaid_yen if EventKind.REPAYMENT in kinds else NO_RECORD
    reserved = state.reserved_yen if EventKind.RESERVE in kinds else nothing_reserved
    return (*entered, *computed, repaid, reserved)


def step_words(line: LifeLine) -> str:
    """Say in a few words what a grant is waiting for, or that it is settled."""
    state = line.state
    if state is None or state.applied_yen is None:
        return "限度額が未入力" if line.amounts[0] == NOT_ENTERED else "申請を待っています"
    if state.decided_yen is None:
        return "交付決定を待っています"
    if state.decided_yen == 0:
        return "交付なしの決定"
    if state.to_repay_yen is None:
        return "実績を待っています"
    return "返還が必要です" if state.to_repay_yen else "精算済み"


def status_words(line: LifeLine) -> str:
    """Say where a unit stands: what it waits for; over the limit with the recorded reason; an overdue reserve."""
    parts = [step_words(line)]
    if line.state and line.state.over_limit_yen:
        reason = line.state.over_limit_reason or NO_RECORD
        parts.append(f"限度額を {line.state.over_limit_yen:,} 円超過(理由: {reason})")
    if line.overdue_yen:
        parts.append(f"{OVERDUE_MARK}の積立 {line.overdue_yen:,} 円。返還が必要です")
    return "\n".join(parts)


def overdue_words(lines: Iterable[LifeLine]) -> str:
    """Name the units whose reserve was not used in time, with what is left; empty when there is none."""
    named = "、".join(f"{line.unit} {line.overdue_yen:,} 円" for line in lines if line.overdue_yen)
    return f"{OVERDUE_MARK}: 使える年度を過ぎた積立があります。{named}" if named else ""


def reserve_words(line: LifeLine) -> str:
    """Say what is left of each reserve and the last fiscal year in which it may be used."""
    return "\n".join(_reserve(one, line.fiscal_year) for one in line.reserves)


def _reserve(reserve: OpenReserve, fiscal_year: int) -> str:
    until = f"{short_year(reserve.last_year)}まで"
    if reserve.last_year < fiscal_year:
        until = f"{OVERDUE_MARK} {until}"
    elif reserve.last_year == fiscal_year:
        until = f"{until}、この年度が最後"
    return f"{reserve.open_yen:,}({until})"


def short_year(year: int) -> str:
    """Write a fiscal year in the Japanese era alone: 令和6年度."""
    return FiscalYear(year).label.partition("(")[0]


def life_rows(lines: Iterable[LifeLine]) -> list[list[str]]:
    """Return the rows of the table on screen."""
    return [
        [f"{line.unit_code} {line.unit}", status_words(line), *map(_cell, line.amounts), reserve_words(line)]
        for line in lines
    ]


def _cell(amount: int | str) -> str:
    return amount if isinstance(amount, str) else number_text(amount)


def life_foot(lines: Sequence[LifeLine]) -> list[list[str]]:
    """Return the sums of what is known, and for how many units each amount is not known; nothing of no unit."""
    if not lines:
        return []
    columns = list(zip(*(line.amounts for line in lines), strict=True))
    known = [[yen for yen in column if isinstance(yen, int)] for column in columns]
    sums = [number_text(sum(column)) if column else "−" for column in known]
    gaps = [
        number_text(missing) if (missing := sum(yen in _UNKNOWN for yen in column)) else "なし"
        for column in columns
    ]
    left = sum(one.open_yen for line in lines for one in line.reserves)
    overdue = sum(line.overdue_yen for line in lines)
    late = f"{OVERDUE_MARK}の積立 {overdue:,}" if overdue else ""
    return [
        ["合計", late, *sums, number_text(left) if left else ""],
        ["分からない数", "合計に入っていない単位の数", *gaps, ""],
    ]


def life_csv(lines: Iterable[LifeLine], rule: Rule) -> str:
    """Return the table as CSV text: amounts as plain numbers, words where one is not known."""
    head = ["年度", "規則", "unit_code", "unit", *(f"{label}(円)" for label in _AMOUNTS)]
    rows = [
        [
            line.fiscal_year, rule.title, line.unit_code, line.unit, *line.amounts,
            sum(one.open_yen for one in line.reserves), line.overdue_yen, reserve_words(line).replace("\n", " / "),
            status_words(line).replace("\n", " / "),
        ]
        for line in lines
    ]  # fmt: skip
    extra = ["積立の残り(円)", "期限切れの積立(円)", "積立の残りの内訳", "状態"]
    return csv_text([[*head, *extra], *rows])


def event_rows(events: Iterable[GrantEvent]) -> list[list[str]]:
    """Return the rows of the history on screen, newest entry first."""
    return [
        [
            str(event.seq or ""), short_year(event.fiscal_year), event.day.isoformat(), f"{event.unit_code} {event.unit}",
            event.kind.label, number_text(event.amount_yen), event.reason, event.entered_by, event.run_id,
        ]
        for event in reversed([*events])
    ]  # fmt: skip


def events_csv(events: Iterable[GrantEvent]) -> str:
    """Return the history as CSV text, in the order of entry."""
    head = [
        "番号",
        "年度",
        "日",
        "規則",
        "unit_code",
        "unit",
        "種類",
        "額(円)",
        "理由",
        "入力した人",
        "確定した試算",
    ]
    rows = [
        [
            event.seq, event.fiscal_year, event.day.isoformat(), event.scheme, event.unit_code, event.unit,
            event.kind.label, event.amount_yen, event.reason, event.entered_by, event.run_id,
        ]
        for event in events
    ]  # fmt: skip
    return csv_text([head, *rows])


def condition_rows(rule: Rule, day: date, supplied: Mapping[str, Fraction]) -> list[list[str]]:
    """Return each condition of the grant with its article: the numbers of the claim first, then its sentences."""
    claim = claim_of(rule)
    refs = [claim.rate, claim.reserve_share, claim.reserve_years, claim.total_limit]
    refs += [claim.total_years] if claim.total_limit != "" else []
    rows = [_number_row(rule, day, ref, supplied) for ref in refs if ref != ""]
    source = "読めた文に記載なし" if claim.advance_payment is None else rule.instrument
    rows.append([_advance_words(claim.advance_payment), source])
    return [*rows, *([one.text, one.reference] for one in claim.conditions)]


def _number_row(rule: Rule, day: date, ref: Ref, supplied: Mapping[str, Fraction]) -> list[str]:
    if isinstance(ref, Fraction):
        return [f"補助率など: {share_words(ref)}", "規則ファイルの [claim](条文の指定なし)"]
    entry = rule.values[ref].at(day)
    value = entry.value
    if not isinstance(value, RuleValue):
        return [ref, entry.reference]
    amount = supplied.get(ref, value.amount)
    said = "未入力(公表されていない)" if amount is None else _amount_words(amount, value.unit)
    given = "(入力した値)" if ref in supplied else ""
    return [f"{value.label}: {said}{given}", entry.reference]


def _amount_words(amount: Fraction, unit: str) -> str:
    return f"{exact_text(amount)} {unit}" if unit else share_words(amount)


def share_words(share: Fraction) -> str:
    """Write a share as an ordinance does: 10割, 2分の1, 3分の2."""
    return (
        f"{share.numerator * 10}割" if share.denominator == 1 else f"{share.denominator}分の{share.numerator}"
    )


def _advance_words(advance: bool | None) -> str:  # noqa: FBT001 - the claim's own value
    if advance is None:
        return "前払い(概算払い): 定めが分からない。先に払ったものとして返還すべき額を計算します"
    return "前払い(概算払い)ができる" if advance else "実績の後に払う(前払いはしない)"
