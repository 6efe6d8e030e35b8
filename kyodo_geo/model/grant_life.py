"""The life of a grant: 限度額, 申請, 交付決定, 実績, 返還 and 積立 of one council, scheme and fiscal year.

The events and what they add up to are in `grant_events`, what is refused in `grant_refusals`; both are offered here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from kyodo_geo.model.grant_events import Amounts, Conditions, EventKind, GrantEvent, draw_reserves
from kyodo_geo.model.grant_refusals import refuse

__all__ = [
    "Conditions",
    "EventKind",
    "GrantEvent",
    "GrantState",
    "OpenReserve",
    "grant_states",
    "open_reserves",
    "overdue_yen",
    "refuse",
]


@dataclass(frozen=True)
class OpenReserve:
    """What is left of the reserve of one fiscal year, in yen, and the last fiscal year it may be spent in."""

    origin_year: int
    last_year: int
    open_yen: int


@dataclass(frozen=True)
class GrantState:
    """Where the grant of one unit, scheme and fiscal year stands; None is: not yet known.

    `open_reserves` holds what is left at the end of this fiscal year, oldest first, of its own reserve and of
    earlier ones. `over_limit_yen` is how far the decision (before one: the application) exceeds the limit; a
    decision always comes with a reason for it, an application that was entered before its limit may not.
    """

    fiscal_year: int
    scheme: str
    unit_code: str
    unit: str
    limit_yen: int | None
    applied_yen: int | None
    decided_yen: int | None
    spent_yen: int | None
    reserved_yen: int
    reserve_used_yen: int
    repaid_yen: int
    payable_yen: int | None
    to_repay_yen: int | None
    over_limit_yen: int
    over_limit_reason: str
    open_reserves: tuple[OpenReserve, ...]

    @property
    def overdue_reserve_yen(self) -> int:
        """What is left of reserves whose last year lies before this fiscal year: it must be returned."""
        return overdue_yen(self.open_reserves, fiscal_year=self.fiscal_year)


def overdue_yen(reserves: Iterable[OpenReserve], *, fiscal_year: int) -> int:
    """Return what is left, in a fiscal year, of reserves that might be spent only before it."""
    return sum(reserve.open_yen for reserve in reserves if reserve.last_year < fiscal_year)


def grant_states(events: Iterable[GrantEvent], conditions: Conditions) -> tuple[GrantState, ...]:
    """Return one state for each scheme, unit and fiscal year with an event, in that order."""
    states: list[GrantState] = []
    ordered = sorted(
        events, key=lambda event: (event.scheme, event.unit_code)
    )  # stable: entries keep their order
    for _, group in groupby(ordered, key=lambda event: (event.scheme, event.unit_code)):
        own = tuple(group)
        states += [_state(own, year, conditions) for year in sorted({event.fiscal_year for event in own})]
    return tuple(states)


def open_reserves(
    events: Sequence[GrantEvent], conditions: Conditions, *, until: int
) -> tuple[OpenReserve, ...]:
    """Return what is left of one unit's reserves in one scheme at the end of a fiscal year, oldest first.

    A use takes the oldest reserve that may still be spent in its year. What was repaid beyond the unspent grant
    is the return of that year's reserve. Reserves with nothing left are not listed.
    """
    left, _ = draw_reserves([event for event in events if event.fiscal_year <= until], conditions)
    return tuple(
        OpenReserve(year, year + conditions.reserve_years, yen) for year, yen in sorted(left.items()) if yen
    )


def _state(events: Sequence[GrantEvent], year: int, conditions: Conditions) -> GrantState:
    amounts = Amounts.of(events, year)
    over, reason = _over_limit(events, year, amounts.limit_under(conditions))
    last = [event for event in events if event.fiscal_year == year][-1]
    return GrantState(
        fiscal_year=year,
        scheme=last.scheme,
        unit_code=last.unit_code,
        unit=last.unit,
        limit_yen=amounts.limit_under(conditions),
        applied_yen=amounts.applied,
        decided_yen=amounts.decided,
        spent_yen=amounts.spent,
        reserved_yen=amounts.reserved,
        reserve_used_yen=amounts.reserve_used,
        repaid_yen=amounts.repaid,
        payable_yen=amounts.payable(conditions),
        to_repay_yen=amounts.to_repay(conditions),
        over_limit_yen=over,
        over_limit_reason=reason,
        open_reserves=open_reserves(events, conditions, until=year),
    )


def _over_limit(events: Sequence[GrantEvent], year: int, limit: int | None) -> tuple[int, str]:
    last = {event.kind: event for event in events if event.fiscal_year == year}
    asked = last.get(EventKind.DECISION) or last.get(EventKind.APPLICATION)
    if asked is None or limit is None or asked.amount_yen <= limit:
        return 0, ""
    reason = asked.reason
    if not reason.strip() and asked.kind is EventKind.DECISION and EventKind.LIMIT in last:
        reason = last[
            EventKind.LIMIT
        ].reason  # the limit was lowered below the decision, with a reason of its own
    return asked.amount_yen - limit, reason
