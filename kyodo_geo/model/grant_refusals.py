"""What may not be entered about a grant, and why: each refusal with its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NoReturn

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.grant_events import Amounts, Conditions, EventKind, GrantEvent, draw_reserves

MOST_YEN = 10**15  # beyond any city; a ledger's number must fit 64 bits
_YEARS = range(1927, 9999)


def refuse(event: GrantEvent, events: Sequence[GrantEvent], conditions: Conditions) -> None:
    """Raise InputRefused when the event may not follow the events entered so far; else do nothing.

    Only events of the same scheme and unit count. A correction of a limit or a decision that falls below what
    rests on it needs a reason, as an application or a decision over the limit does.
    """
    refuse_malformed(event)
    before = [other for other in events if (other.scheme, other.unit_code) == (event.scheme, event.unit_code)]
    amounts = Amounts.of(before, event.fiscal_year)
    if check := _CHECKS.get(event.kind):
        check(event, amounts, conditions)
    if event.kind is EventKind.RESERVE_USE:
        _uncovered_use(event, before, conditions)
    _over_the_years(event, before, conditions)


def refuse_malformed(event: GrantEvent) -> None:
    """Raise InputRefused for an event that no ledger should hold, whatever its scheme allows."""
    label, amount = EventKind(event.kind).label, event.amount_yen
    if type(amount) is not int or not 0 <= amount < MOST_YEN:
        shown = f"{amount:,}" if type(amount) is int else repr(amount)
        raise InputRefused(f"{label}の {shown} 円は使えません。", todo="0以上の整数(円)を入れてください")
    base = event.reserve_base_yen
    if base is not None and (type(base) is not int or not 0 <= base <= amount):
        raise InputRefused(
            f"{label}のうち積立の対象 {base!r} 円は使えません。", todo="0以上、限度額以下の整数(円)です"
        )
    if not event.entered_by.strip():
        raise InputRefused(f"{label}に入力者がありません。", todo="入力した人の名前を入れてください")
    if not event.scheme.strip() or not event.unit_code.strip():
        raise InputRefused(f"{label}に制度か団体がありません。", todo="制度と団体を選んでください")
    if type(event.fiscal_year) is not int or event.fiscal_year not in _YEARS:
        raise InputRefused(
            f"年度「{event.fiscal_year}」は使えません。", todo="西暦の年度(例 2024)を入れてください"
        )
    if type(event.day) is not date:
        raise InputRefused(
            f"{label}の日付「{event.day}」は日ではありません。", todo="日付だけを入れてください"
        )


def _limit(event: GrantEvent, amounts: Amounts, conditions: Conditions) -> None:
    base = event.amount_yen if event.reserve_base_yen is None else event.reserve_base_yen
    most = _most_reserve(base, conditions)
    decided = amounts.decided or 0
    if (decided > event.amount_yen or amounts.reserved > most) and not event.reason.strip():
        done = f"交付決定 {decided:,} 円、積立 {amounts.reserved:,} 円"
        _no(event, f"すでに記録した額({done})に足りません", "額を確かめるか、理由を入れてください")


def _application(event: GrantEvent, amounts: Amounts, conditions: Conditions) -> None:
    limit = amounts.limit_under(conditions)
    if limit is not None and event.amount_yen > limit and not event.reason.strip():
        over = event.amount_yen - limit
        _no(event, f"限度額 {limit:,} 円を {over:,} 円超えます", "額を確かめるか、超える理由を入れてください")


def _decision(event: GrantEvent, amounts: Amounts, conditions: Conditions) -> None:
    if amounts.applied is None:
        _no(event, "この年度の申請がありません", "先に申請を記録してください")
    if amounts.limit_under(conditions) is None:
        _no(event, "この年度の限度額がありません", "先に限度額を記録してください")
    _application(event, amounts, conditions)
    if amounts.repaid > event.amount_yen and not event.reason.strip():
        _no(event, f"すでに返還 {amounts.repaid:,} 円があります", "額を確かめるか、理由を入れてください")


def _result(event: GrantEvent, amounts: Amounts, conditions: Conditions) -> None:  # noqa: ARG001 - one shape for all
    if amounts.decided is None:
        _no(event, "この年度の交付決定がありません", "先に交付決定を記録してください")


def _repayment(event: GrantEvent, amounts: Amounts, conditions: Conditions) -> None:  # noqa: ARG001 - see above
    decided, total = amounts.decided or 0, amounts.repaid + event.amount_yen
    if total > decided:
        _no(
            event, f"返還の合計 {total:,} 円が交付決定 {decided:,} 円を超えます", "額と年度を確かめてください"
        )


def _reserve(event: GrantEvent, amounts: Amounts, conditions: Conditions) -> None:
    if conditions.reserve_share is None:
        _no(event, "この制度では積立ができません", "制度を確かめてください")
    limit = amounts.limit_under(conditions)
    if limit is None:
        _no(event, "この年度の限度額がありません", "先に限度額を記録してください")
    base = limit if amounts.reserve_base is None else amounts.reserve_base
    most, total = _most_reserve(base, conditions), amounts.reserved + event.amount_yen
    if total > most:
        of = "限度額" if amounts.reserve_base is None else "限度額のうち積立の対象"
        what = f"積立の合計 {total:,} 円が上限 {most:,} 円({of} {base:,} 円の {conditions.reserve_share})を超えます"
        _no(event, what, "額を確かめてください")


def _most_reserve(limit_yen: int, conditions: Conditions) -> int:
    share = conditions.reserve_share or 0
    return limit_yen * share.numerator // share.denominator


def _uncovered_use(event: GrantEvent, before: Sequence[GrantEvent], conditions: Conditions) -> None:
    left, short_before = draw_reserves(before, conditions)
    short = draw_reserves([*before, event], conditions)[1] - short_before
    if short <= 0:
        return
    faults = [
        Fault(
            f"{FiscalYear(origin).label}の積立: 残り {yen:,} 円、"
            f"使えるのは {FiscalYear(origin + conditions.reserve_years).label}まで"
        )
        for origin, yen in left.items()
        if yen
    ]
    most = event.amount_yen - short
    _no(event, f"この年度に取り崩せるのは {most:,} 円までです", "額と年度を確かめてください", faults)


def _over_the_years(event: GrantEvent, before: Sequence[GrantEvent], conditions: Conditions) -> None:
    if conditions.total_limit_yen is None:
        return
    total_before, years_before = _counted(before, conditions)
    total, years = _counted([*before, event], conditions)
    if total > max(total_before, conditions.total_limit_yen):
        what = f"年度を通した合計 {total:,} 円が、1団体の限度額 {conditions.total_limit_yen:,} 円を超えます"
        _no(event, what, "ほかの年度の額を確かめてください")
    if len(years) > max(len(years_before), conditions.total_years):
        named = "、".join(FiscalYear(year).label for year in years)
        _no(
            event,
            f"{conditions.total_years} 年度までの制度が {len(years)} 年度({named})になります",
            "年度を確かめてください",
        )


def _counted(events: Sequence[GrantEvent], conditions: Conditions) -> tuple[int, tuple[int, ...]]:
    """Return what counts against a total limit in yen, and the years that do.

    A year counts with what is payable, before a result with the decision, before that with the application.
    """
    total, years = 0, []
    for year in sorted({event.fiscal_year for event in events}):
        amounts = Amounts.of(events, year)
        granted = amounts.applied if amounts.decided is None else amounts.decided
        payable = amounts.payable(conditions)
        total += (granted or 0) if payable is None else payable
        years += [year] if granted else []
    return total, tuple(years)


def _no(event: GrantEvent, why: str, todo: str, faults: Sequence[Fault] = ()) -> NoReturn:
    who = f"{event.unit or event.unit_code}の{FiscalYear(event.fiscal_year).label}"
    what = f"{who}: {event.kind.label} {event.amount_yen:,} 円は記録できません。{why}。"
    raise InputRefused(what, faults=faults, todo=todo)


_CHECKS: dict[EventKind, Callable[[GrantEvent, Amounts, Conditions], None]] = {
    EventKind.LIMIT: _limit,
    EventKind.APPLICATION: _application,
    EventKind.DECISION: _decision,
    EventKind.RESULT: _result,
    EventKind.REPAYMENT: _repayment,
    EventKind.RESERVE: _reserve,
}
