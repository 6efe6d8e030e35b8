"""What happens to a grant, what a scheme allows, and the amounts that follow from both. Whole yen.

Events come in the order in which they were entered. A later limit, application, decision or result takes the
place of an earlier one (a correction); repayments, reserves and uses of reserves add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction


class EventKind(StrEnum):
    """What happened."""

    LIMIT = "limit"
    APPLICATION = "application"
    DECISION = "decision"
    RESULT = "result"
    REPAYMENT = "repayment"
    RESERVE = "reserve"
    RESERVE_USE = "reserve_use"

    @property
    def label(self) -> str:
        """限度額, 申請, 交付決定, 実績, 返還, 積立 or 積立の取崩し."""
        return _LABELS[self]


_LABELS = {
    EventKind.LIMIT: "限度額",
    EventKind.APPLICATION: "申請",
    EventKind.DECISION: "交付決定",
    EventKind.RESULT: "実績",
    EventKind.REPAYMENT: "返還",
    EventKind.RESERVE: "積立",
    EventKind.RESERVE_USE: "積立の取崩し",
}


@dataclass(frozen=True)
class GrantEvent:
    """One entry about the grant of a fiscal year.

    `scheme` is the rule's id; `day` the day it happened; `run_id` names the frozen run a limit comes from, and
    `reserve_base_yen` the part of that limit a reserve is measured against (None: all of it); `seq` is the ledger's
    number, None before it is entered. The amount of a result is the eligible cost. A repayment
    belongs to the fiscal year of the grant it returns, a use of a reserve to the year in which it is spent.
    """

    fiscal_year: int
    scheme: str
    unit_code: str
    unit: str
    kind: EventKind
    amount_yen: int
    day: date
    entered_by: str
    reason: str = ""
    run_id: str = ""
    reserve_base_yen: int | None = None
    seq: int | None = None


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What a scheme allows.

    `rate` is the subsidy rate; `reserve_share` the part of the limit that may be set aside (None: nothing), for
    use in the `reserve_years` fiscal years after. With a `total_limit_yen` the limit holds in total over at most
    `total_years` fiscal years of an organisation; without one, `total_years` says nothing. Without an
    `advance_payment` (概算払い) the money comes after the result, and nothing is left to return.
    """

    rate: Fraction = Fraction(1)
    reserve_share: Fraction | None = None
    reserve_years: int = 2
    total_years: int = 1
    total_limit_yen: int | None = None
    advance_payment: bool = True


@dataclass(frozen=True)
class Amounts:
    """The amounts in yen that hold for one unit, scheme and fiscal year; None where nothing was entered."""

    limit: int | None
    applied: int | None
    decided: int | None
    spent: int | None
    reserved: int
    reserve_used: int
    repaid: int
    reserve_base: int | None = None

    @classmethod
    def of(cls, events: Iterable[GrantEvent], fiscal_year: int) -> Amounts:
        """Return the last limit, application, decision and result of a year, and the sums of the rest."""
        last: dict[EventKind, int] = {}
        total: dict[EventKind, int] = {}
        base: int | None = None
        for event in events:
            if event.fiscal_year == fiscal_year:
                last[event.kind] = event.amount_yen
                base = event.reserve_base_yen if event.kind is EventKind.LIMIT else base
                total[event.kind] = total.get(event.kind, 0) + event.amount_yen
        return cls(
            limit=last.get(EventKind.LIMIT),
            applied=last.get(EventKind.APPLICATION),
            decided=last.get(EventKind.DECISION),
            spent=last.get(EventKind.RESULT),
            reserved=total.get(EventKind.RESERVE, 0),
            reserve_used=total.get(EventKind.RESERVE_USE, 0),
            repaid=total.get(EventKind.REPAYMENT, 0),
            reserve_base=base,
        )

    def limit_under(self, conditions: Conditions) -> int | None:
        """The limit that was entered, else the scheme's total limit, else None."""
        return conditions.total_limit_yen if self.limit is None else self.limit

    def payable(self, conditions: Conditions) -> int | None:
        """The smaller of the decision and the subsidised cost (yen floored) plus the reserve; None before a result."""
        if self.decided is None or self.spent is None:
            return None
        subsidised = self.spent * conditions.rate.numerator // conditions.rate.denominator
        return min(self.decided, subsidised + self.reserved)

    def to_repay(self, conditions: Conditions) -> int | None:
        """What was decided and is neither payable nor repaid; None before a result."""
        payable = self.payable(conditions)
        if payable is None or self.decided is None:
            return None
        return max(0, self.decided - payable - self.repaid) if conditions.advance_payment else 0


def draw_reserves(events: Sequence[GrantEvent], conditions: Conditions) -> tuple[dict[int, int], int]:
    """Return the reserve left by its fiscal year, and how much of the uses no reserve covers, in yen.

    The oldest reserve first, year by year: no other order would cover more.
    """
    left = {
        year: _returnable(Amounts.of(events, year), conditions)
        for year in sorted({event.fiscal_year for event in events})
    }
    uncovered = 0
    for year in left:
        used = Amounts.of(events, year).reserve_used
        for origin in range(year - conditions.reserve_years, year):
            taken = min(used, left.get(origin, 0))
            if taken:
                left[origin] -= taken
                used -= taken
        uncovered += used
    return left, uncovered


def _returnable(amounts: Amounts, conditions: Conditions) -> int:
    payable = amounts.payable(conditions)
    if payable is None:
        return amounts.reserved
    returned = max(0, amounts.repaid - ((amounts.decided or 0) - payable))
    return max(0, amounts.reserved - returned)
