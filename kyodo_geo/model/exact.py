"""Exact amounts of many units over one denominator: as exact as fractions, and as fast as whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from kyodo_geo.rules.rounding import Rounding


@dataclass(frozen=True, slots=True)
class Exact:
    """One exact number a unit: `numerators[i] / denominator`, the denominator > 0."""

    numerators: tuple[int, ...]
    denominator: int = 1

    @classmethod
    def of(cls, values: Iterable[Fraction | int]) -> Exact:
        """Put whole numbers and fractions over their least common denominator."""
        given = tuple(values)
        bottom = lcm(*{value.denominator for value in given}) if given else 1
        return cls(tuple(value.numerator * (bottom // value.denominator) for value in given), bottom)

    def __len__(self) -> int:
        return len(self.numerators)

    def __getitem__(self, index: int) -> Fraction:
        return Fraction(self.numerators[index], self.denominator)

    def fractions(self) -> tuple[Fraction, ...]:
        """All numbers as fractions."""
        return tuple(Fraction(one, self.denominator) for one in self.numerators)

    def reduced(self) -> Exact:
        """The same numbers over the least denominator."""
        shared = gcd(self.denominator, *self.numerators)
        if shared == 1:
            return self
        return Exact(tuple(one // shared for one in self.numerators), self.denominator // shared)

    @property
    def is_whole(self) -> bool:
        """Whether every number is a whole number."""
        return all(one % self.denominator == 0 for one in self.numerators)

    def total(self) -> Fraction:
        """The sum of all units."""
        return Fraction(sum(self.numerators), self.denominator)

    def times(self, factor: Fraction) -> Exact:
        """Multiply every number by one factor."""
        shared = gcd(factor.numerator, self.denominator)
        top = factor.numerator // shared
        return Exact(
            tuple(one * top for one in self.numerators), self.denominator // shared * factor.denominator
        )

    def times_each(self, other: Exact) -> Exact:
        """Multiply unit by unit."""
        pairs = zip(self.numerators, other.numerators, strict=True)
        return Exact(tuple(one * factor for one, factor in pairs), self.denominator * other.denominator)

    def plus(self, other: Exact) -> Exact:
        """Add unit by unit."""
        bottom = lcm(self.denominator, other.denominator)
        mine, theirs = bottom // self.denominator, bottom // other.denominator
        pairs = zip(self.numerators, other.numerators, strict=True)
        return Exact(tuple(one * mine + more * theirs for one, more in pairs), bottom)

    def minus(self, other: Exact) -> Exact:
        """Subtract unit by unit."""
        return self.plus(other.times(Fraction(-1)))

    def shares_of(self, pot: Fraction) -> Exact:
        """Divide a pot in proportion to these weights; the sum is the pot exactly. The weights must not all be 0."""
        return self.times(pot / self.total())

    def rounded(self, rounding: Rounding) -> tuple[int, ...]:
        """Round every number ≥ 0 to whole yen."""
        return tuple(rounding.apply_ratio(one, self.denominator) for one in self.numerators)


def bounded(amounts: Exact, *, low: Sequence[Fraction | None], high: Sequence[Fraction | None]) -> Exact:
    """Raise every number to its lower bound, then cut it at its upper one (None: no bound)."""
    result = list(amounts.fractions())
    for index, (least, most) in enumerate(zip(low, high, strict=True)):
        if least is not None:
            result[index] = max(result[index], least)
        if most is not None:
            result[index] = min(result[index], most)
    return Exact.of(result)
