"""Floors, caps and the transition from last year, and who pays for them; all exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.exact import Exact, bounded
from kyodo_geo.rules.formula import Limit, PaidBy
from kyodo_geo.rules.settled import Settled


@dataclass(frozen=True)
class Protected:
    """Amounts after a protection: what was added from outside, and how much each unit gained or paid."""

    amounts: Exact
    added: Fraction


def limit_values(
    limit: Limit | None, settled: Settled, terms: Mapping[str, Exact], count: int
) -> list[Fraction | None]:
    """Return the bound of each unit in yen, or None for each when there is no limit."""
    if limit is None:
        return [None] * count
    if limit.of:
        share = settled.number(limit.percent) / 100
        return list(terms[limit.of].times(share).fractions())
    return [settled.number(limit.value)] * count


def taken_up(bounds: Sequence[Fraction | None], unit_yen: int | None) -> list[Fraction | None]:
    """Take lower bounds up to whole rounding units, so that rounding cannot fall below them."""
    if unit_yen is None:
        return list(bounds)
    return [None if one is None else Fraction(ceil(one / unit_yen) * unit_yen) for one in bounds]


def taken_down(bounds: Sequence[Fraction | None], unit_yen: int | None) -> list[Fraction | None]:
    """Take upper bounds down to whole rounding units, so that rounding cannot pass them."""
    if unit_yen is None:
        return list(bounds)
    return [None if one is None else Fraction(floor(one / unit_yen) * unit_yen) for one in bounds]


def protect(
    amounts: Exact,
    low: Sequence[Fraction | None],
    paid_by: PaidBy,
    *,
    label: str,
    last_year: Sequence[int | None],
) -> Protected:
    """Raise every unit to its minimum (`low`, yen) and let somebody pay for it; nobody pays below his own.

    `extra` adds money; `others` shrinks all that stand above their minimum by one common factor, again while one
    falls to it; `gainers` takes from each the same part of what it gains on last year. The sum stays the same for the
    last two. Raises InputRefused when those who should pay cannot.
    """
    raised = bounded(amounts, low=low, high=[None] * len(amounts))
    added = raised.total() - amounts.total()
    if not added or paid_by is PaidBy.EXTRA:
        return Protected(raised, added)
    floors = [one if one is not None else Fraction(0) for one in low]
    if paid_by is PaidBy.OTHERS:
        return Protected(_paid_by_others(amounts, floors, label), Fraction(0))
    return Protected(_paid_by_gainers(raised, floors, added, last_year, label), Fraction(0))


def _paid_by_others(amounts: Exact, floors: Sequence[Fraction], label: str) -> Exact:
    """Find the common factor by fixing, round by round, those that fall to their minimum; each round fixes one more."""
    exact, whole = amounts.fractions(), amounts.total()
    if sum(floors, Fraction(0)) > whole:
        raise _cannot_pay(label, sum(floors, Fraction(0)) - whole)
    fixed = {i for i, value in enumerate(exact) if value < floors[i]}
    while True:
        rest = whole - sum((floors[i] for i in fixed), Fraction(0))
        free = sum((value for i, value in enumerate(exact) if i not in fixed), Fraction(0))
        factor = rest / free if free else Fraction(0)
        below = {i for i, value in enumerate(exact) if i not in fixed and value * factor < floors[i]}
        if not below:
            return Exact.of(floors[i] if i in fixed else value * factor for i, value in enumerate(exact))
        fixed |= below


def _paid_by_gainers(
    raised: Exact,
    floors: Sequence[Fraction],
    added: Fraction,
    last_year: Sequence[int | None],
    label: str,
) -> Exact:
    exact = raised.fractions()
    gains = [
        max(value - max(floor_, Fraction(before)), Fraction(0)) if before is not None else Fraction(0)
        for value, floor_, before in zip(exact, floors, last_year, strict=True)
    ]
    together = sum(gains, Fraction(0))
    if added > together:
        raise _cannot_pay(label, added - together)
    return Exact.of(value - gain * added / together for value, gain in zip(exact, gains, strict=True))


def _cannot_pay(label: str, lacking: Fraction) -> InputRefused:
    return InputRefused(
        f"{label}の費用を負担できる単位がありません({ceil(lacking):,} 円足りません)。",
        todo="割合か額を下げるか、費用の負担を「予算の外から加える」にしてください",
    )
