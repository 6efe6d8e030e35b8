"""The unit's floor, then its cap, then the transition from last year; whole rounding units, and who pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kyodo_geo.model.exact import Exact, bounded
from kyodo_geo.model.leftover import Bounds
from kyodo_geo.model.protection import limit_values, protect, taken_down, taken_up
from kyodo_geo.model.steps import StepColumn
from kyodo_geo.rules.settled import Settled


@dataclass(frozen=True)
class Limited:
    """Amounts within the unit's limits; what was added from outside, what the cap freed, and the bounds for rounding."""

    amounts: Exact
    columns: tuple[StepColumn, ...]
    added_floor: Fraction
    added_transition: Fraction
    freed: Fraction
    bounds: Bounds

    @property
    def added(self) -> Fraction:
        """All that was added from outside."""
        return self.added_floor + self.added_transition


def within_limits(
    amounts: Exact,
    settled: Settled,
    terms: Mapping[str, Exact],
    last_year: Sequence[int | None],
    unit_yen: int,
) -> Limited:
    """Apply floor, cap and transition in this order; each leaves a column.

    A floor above the cap counts as the cap. The transition stands above the cap, and nobody pays for it out of his
    floor. Raises InputRefused when those who should pay cannot.
    """
    formula, count = settled.formula, len(amounts)
    nobody: list[Fraction | None] = [None] * count
    columns, added_floor, added_transition, freed = list[StepColumn](), Fraction(0), Fraction(0), Fraction(0)
    high = taken_down(limit_values(formula.cap, settled, terms, count), unit_yen)
    low = taken_up(limit_values(formula.floor, settled, terms, count), unit_yen)
    low = [
        least if least is None or most is None else min(least, most)
        for least, most in zip(low, high, strict=True)
    ]
    if formula.floor:
        done = protect(amounts, low, formula.floor.paid_by, label="下限", last_year=last_year)
        amounts, added_floor = done.amounts, done.added
        columns.append(StepColumn("floor", "下限を当てた額", "exact", amounts))
    if formula.cap:
        before, amounts = amounts, bounded(amounts, low=nobody, high=high)
        freed = before.total() - amounts.total()
        columns.append(StepColumn("cap", "上限を当てた額", "exact", amounts))
    if formula.transition:
        share = settled.number(formula.transition.percent) / 100
        kept = taken_up([None if one is None else one * share for one in last_year], unit_yen)
        low = [_higher(one, other) for one, other in zip(low, kept, strict=True)]
        done = protect(amounts, low, formula.transition.paid_by, label="経過措置", last_year=last_year)
        amounts, added_transition = done.amounts, done.added
        columns.append(StepColumn("transition", "経過措置を当てた額", "exact", amounts))
        high = [None if most is None else _higher(most, least) for most, least in zip(high, low, strict=True)]
    return Limited(amounts, tuple(columns), added_floor, added_transition, freed, Bounds(low, high))


def _higher(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return max((bound for bound in (one, other) if bound is not None), default=None)
