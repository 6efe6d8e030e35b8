"""Scenarios side by side: each unit's difference from the first, and how even the yen per head are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.allocation import Allocation


@dataclass(frozen=True)
class Evenness:
    """Yen per head over the units with people: least, most, their ratio (None if the least is 0), and the Gini index.

    The Gini index is that of persons, each counted with the yen per head of the unit they live in (0: all equal).
    """

    least_yen: Fraction
    most_yen: Fraction
    ratio: Fraction | None
    gini: Fraction


@dataclass(frozen=True)
class Comparison:
    """Totals and differences from the first scenario, by unit code; winners and losers of the differences."""

    codes: tuple[str, ...]
    totals_yen: tuple[tuple[int, ...], ...]
    differences_yen: tuple[tuple[int, ...], ...]
    evenness: tuple[Evenness | None, ...]


def per_head_yen(allocation: Allocation) -> list[Fraction | None]:
    """Return the exact yen per head of each unit, None where nobody lives."""
    return [
        Fraction(total, unit.population) if unit.population else None
        for unit, total in zip(allocation.units, allocation.totals_yen, strict=True)
    ]


def evenness(allocation: Allocation) -> Evenness | None:
    """Return how even the yen per head are; None when nobody lives anywhere or nothing was allocated."""
    pairs = sorted(
        (Fraction(total, unit.population), unit.population)
        for unit, total in zip(allocation.units, allocation.totals_yen, strict=True)
        if unit.population
    )
    people = sum(count for _, count in pairs)
    money = sum((head * count for head, count in pairs), Fraction(0))
    if not people or not money:
        return None
    below, spread = 0, Fraction(0)
    for head, count in pairs:  # Gini = Σ yen × (persons below − persons above) / (persons × yen)
        spread += head * count * (2 * below + count - people)
        below += count
    least, most = pairs[0][0], pairs[-1][0]
    return Evenness(least, most, most / least if least else None, spread / (people * money))


def compare(allocations: Sequence[Allocation]) -> Comparison:
    """Put allocations over the same units side by side; InputRefused when the units differ."""
    first = allocations[0]
    codes = tuple(unit.code for unit in first.units)
    for other in allocations[1:]:
        if tuple(unit.code for unit in other.units) != codes:
            raise InputRefused("比べる試算の単位がそろっていません。", todo="同じ地区の試算を選んでください")
    totals = tuple(one.totals_yen for one in allocations)
    differences = tuple(tuple(now - base for now, base in zip(one, totals[0], strict=True)) for one in totals)
    return Comparison(codes, totals, differences, tuple(evenness(one) for one in allocations))
