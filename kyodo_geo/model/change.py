"""Why a unit gets more or less than last year: own people, the others' people, rule, budget, and rounding.

The first four share the change of the exact amount by the Shapley value: each part is the average, over every order in
which the four could have changed, of what its change did at its turn. Rounding (with what was handed out) is the change
of the whole-yen amount beyond the exact one. The five add up to the change to the yen, exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from math import factorial

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.allocation import Allocation, exact_amounts, without_rounding
from kyodo_geo.model.exact import Exact
from kyodo_geo.model.measures import Unit

PARTS = ("own", "others", "rule", "budget")
PART_LABELS = {
    "own": "自分の人口",
    "others": "ほかの人口",
    "rule": "規則・単価",
    "budget": "予算",
    "rounding": "端数",
}


@dataclass(frozen=True)
class Change:
    """One unit's change in yen and its five exact parts, which add up to it."""

    unit: Unit
    before_yen: int
    after_yen: int
    parts: Mapping[str, Fraction]

    @property
    def change_yen(self) -> int:
        """After − before."""
        return self.after_yen - self.before_yen


def split_change(before: Allocation, after: Allocation) -> tuple[Change, ...]:
    """Split the change of each unit; both allocations must be over the same codes.

    Raises InputRefused when the units differ, or when a mixture of the two years cannot be computed (nobody to divide
    by, say).
    """
    old = {unit.code: unit for unit in before.units}
    if set(old) != {unit.code for unit in after.units} or len(old) != len(after.units):
        raise InputRefused(
            "前年と今年の単位がそろっていません。",
            todo="分かれた単位・まとまった単位は、同じ線に組み替えてから比べてください",
        )
    olds = [old[unit.code] for unit in after.units]
    totals = {line.unit.code: line.total_yen for line in before.lines}
    worth = _Worth(before, after, olds)
    changes = []
    for index, (unit, now) in enumerate(zip(after.units, after.totals_yen, strict=True)):
        parts = {part: _shapley(part, index, worth) for part in PARTS}
        was = totals[unit.code]
        parts["rounding"] = now - was - sum(parts.values(), Fraction(0))
        changes.append(Change(unit, was, now, parts))
    return tuple(changes)


class _Worth:
    """The exact amount of a unit when only some of the four have changed; each mixture is computed once.

    Last year's amounts, which a transition looks at, belong to the rule. Where only one of the years has a budget, it
    stands for both, so that its part is 0 and the change of method is the rule's.
    """

    def __init__(self, before: Allocation, after: Allocation, olds: Sequence[Unit]) -> None:
        self._olds, self._news = list(olds), list(after.units)
        self._sides = {
            False: (without_rounding(before.settled), before.last_year_yen),
            True: (without_rounding(after.settled), after.last_year_yen),
        }
        budgets = before.settled.budget_yen, after.settled.budget_yen
        self._budgets = {
            False: budgets[1] if budgets[0] is None else budgets[0],
            True: budgets[0] if budgets[1] is None else budgets[1],
        }
        self._known: dict[tuple[frozenset[str], int | None], Exact] = {}

    def of(self, index: int, changed: frozenset[str]) -> Fraction:
        """Return the exact yen of one unit with this set changed."""
        mixed = index if ("own" in changed) != ("others" in changed) else None
        key = (changed, mixed)
        if key not in self._known:
            units = list(self._news if "others" in changed else self._olds)
            units[index] = (self._news if "own" in changed else self._olds)[index]
            settled, last_year = self._sides["rule" in changed]
            mixture = replace(settled, budget_yen=self._budgets["budget" in changed])
            self._known[key] = exact_amounts(units, mixture, last_year_yen=last_year)
        return self._known[key][index]


def _shapley(part: str, index: int, worth: _Worth) -> Fraction:
    others = [one for one in PARTS if one != part]
    value = Fraction(0)
    for size in range(len(others) + 1):
        weight = Fraction(factorial(size) * factorial(len(others) - size), factorial(len(PARTS)))
        for chosen in combinations(others, size):
            changed = frozenset(chosen)
            value += weight * (worth.of(index, changed | {part}) - worth.of(index, changed))
    return value
