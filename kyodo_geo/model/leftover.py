"""Handing out whole rounding units: largest remainder and Sainte-Laguë, ties to the lower code."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from kyodo_geo.model.exact import Exact
from kyodo_geo.rules.rounding import Direction, Rounding


@dataclass(frozen=True)
class Bounds:
    """What each unit may not fall below and not pass, in yen; None where there is no bound."""

    low: Sequence[Fraction | None]
    high: Sequence[Fraction | None]


def largest_remainders(quotas: Exact, codes: Sequence[str], unit_yen: int) -> tuple[int, ...]:
    """Return the yen each unit gets beyond its quota rounded down: one rounding unit each, largest remainder first.

    Ties go to the lower code. Known weakness (the Alabama paradox): with a larger sum a unit can get less; see
    `alabama_note`.
    """
    step = quotas.denominator * unit_yen
    rests = [numerator % step for numerator in quotas.numerators]
    spare = sum(rests) // step
    order = sorted(range(len(codes)), key=lambda i: (-rests[i], codes[i]))
    winners = set(order[:spare])
    return tuple(unit_yen if i in winners else 0 for i in range(len(codes)))


def sainte_lague(
    quotas: Exact, codes: Sequence[str], unit_yen: int, bounds: Bounds | None = None
) -> tuple[int, ...]:
    """Return the yen of each unit by Sainte-Laguë (Webster): as many rounding units as the quotas' sum holds.

    The next unit always goes to the largest quota / (2 × units held + 1); ties go to the lower code. It has no
    Alabama paradox, but a unit may end more than one rounding unit away from its quota; so `bounds` (yen, in whole
    rounding units) say what nobody may fall below or pass.
    """
    whole, none = int(quotas.total() // unit_yen), (None,) * len(codes)
    total = sum(quotas.numerators)
    if not total:
        return (0,) * len(codes)
    # Half-up rounding with the divisor total / whole is a Webster result for some house size near `whole`
    held = [Rounding(1, Direction.HALF_UP).apply_ratio(one * whole, total) for one in quotas.numerators]
    low = [0 if one is None else ceil(one / unit_yen) for one in (bounds.low if bounds else none)]
    high = [whole if one is None else floor(one / unit_yen) for one in (bounds.high if bounds else none)]
    held = [min(max(one, least), most) for one, least, most in zip(held, low, high, strict=True)]
    missing = whole - sum(held)
    if missing >= 0:
        _give(held, quotas.numerators, codes, high, missing)
    else:
        _take_back(held, quotas.numerators, codes, low, -missing)
    return tuple(one * unit_yen for one in held)


def _give(
    held: list[int], votes: Sequence[int], codes: Sequence[str], high: Sequence[int], missing: int
) -> None:
    """Give the missing units one by one to the largest quotient, while there is one below its upper bound."""
    place = {code: rank for rank, code in enumerate(sorted(codes))}
    queue = [
        (-Fraction(votes[i], 2 * held[i] + 1), place[codes[i]], i)
        for i in range(len(codes))
        if held[i] < high[i]
    ]
    heapq.heapify(queue)
    for _ in range(missing):
        if not queue:
            return
        _, rank, i = heapq.heappop(queue)
        held[i] += 1
        if held[i] < high[i]:
            heapq.heappush(queue, (-Fraction(votes[i], 2 * held[i] + 1), rank, i))


def _take_back(
    held: list[int], votes: Sequence[int], codes: Sequence[str], low: Sequence[int], surplus: int
) -> None:
    """Take the surplus units back one by one from the smallest last quotient; of equal ones the higher code gives first."""
    place = {code: rank for rank, code in enumerate(sorted(codes))}
    queue = [
        (Fraction(votes[i], 2 * held[i] - 1), -place[codes[i]], i)
        for i in range(len(codes))
        if held[i] > low[i]
    ]
    heapq.heapify(queue)
    for _ in range(surplus):
        _, rank, i = heapq.heappop(queue)
        held[i] -= 1
        if held[i] > low[i]:
            heapq.heappush(queue, (Fraction(votes[i], 2 * held[i] - 1), rank, i))


def alabama_units(quotas: Exact, codes: Sequence[str], unit_yen: int) -> tuple[str, ...]:
    """Return the codes that would get less if one more rounding unit were there to divide: the paradox in real numbers."""
    whole = quotas.total()
    if not whole:
        return ()
    larger = quotas.times((whole + unit_yen) / whole)
    now, then = (
        [
            floor_ + more
            for floor_, more in zip(
                one.rounded(Rounding(unit_yen)), largest_remainders(one, codes, unit_yen), strict=True
            )
        ]
        for one in (quotas, larger)
    )
    return tuple(code for code, before, after in zip(codes, now, then, strict=True) if after < before)
