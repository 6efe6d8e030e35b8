"""Whole numbers that know both their value and the spreadsheet formula that gives it.

A spreadsheet calculates in float64, where whole numbers are exact below 10^15 (the digits Excel keeps). So every
formula here is over whole numbers, and a number that would pass the limit is refused before it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd as _gcd

LIMIT = 10**15


class NotLiveError(ValueError):
    """Something that cannot be a formula of whole numbers; the text says why, and the column becomes values."""


@dataclass(frozen=True, slots=True)
class Num:
    """A whole number as a formula (without its =) and as the value that the formula gives now."""

    text: str
    value: int
    atom: bool = True

    def __post_init__(self) -> None:
        if abs(self.value) > LIMIT:
            msg = "途中の数が15桁を超える"
            raise NotLiveError(msg)

    @property
    def part(self) -> str:
        """The formula as a part of a larger one."""
        return self.text if self.atom else f"({self.text})"

    def is_literal(self, value: int) -> bool:
        """Whether it is this number itself and no cell, so that it will not change."""
        return self.value == value and self.text == str(value)

    def __mul__(self, other: Num) -> Num:
        if self.is_literal(1) or other.is_literal(0):
            return other
        if other.is_literal(1) or self.is_literal(0):
            return self
        return Num(f"{self.part}*{other.part}", self.value * other.value, atom=False)

    def __add__(self, other: Num) -> Num:
        if self.is_literal(0):
            return other
        if other.is_literal(0):
            return self
        return Num(f"{self.text}+{other.part}", self.value + other.value, atom=False)

    def __sub__(self, other: Num) -> Num:
        if other.is_literal(0):
            return self
        return Num(f"{self.text}-{other.part}", self.value - other.value, atom=False)

    def over(self, other: Num) -> Num:
        """Divide by a divisor of this number; NotLiveError when it leaves a remainder."""
        if other.is_literal(1):
            return self
        quotient, rest = divmod(self.value, other.value)
        if rest:
            msg = "割り切れない"
            raise NotLiveError(msg)
        return Num(f"{self.part}/{other.part}", quotient, atom=False)

    def floor_div(self, other: Num) -> Num:
        """The floor of a quotient. INT alone may be one too high near a whole number: LibreOffice looks at 15 digits."""
        if other.is_literal(1):
            return self
        quotient = f"INT({self.part}/{other.part})"
        text = f"{quotient}-({quotient}*{other.part}>{self.part})"
        return Num(text, self.value // other.value, atom=False)

    def small_div(self, other: Num) -> Num:
        """The floor of a quotient of yen amounts, where INT alone is right (far below 10^14)."""
        if other.is_literal(1):
            return self
        return Num(f"INT({self.part}/{other.part})", self.value // other.value)


@dataclass(frozen=True, slots=True)
class Test:
    """A condition as a formula and its present truth."""

    text: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Ratio:
    """A number as numerator / denominator, the denominator > 0."""

    num: Num
    den: Num


@dataclass(frozen=True, slots=True)
class Mixed:
    """A number as whole + rest / den with 0 ≤ rest < den, so that no part of it is large."""

    whole: Num
    rest: Num
    den: Num

    @property
    def text(self) -> str:
        """The formula that shows it."""
        return (
            self.whole.text
            if self.rest.is_literal(0)
            else f"{self.whole.text}+{self.rest.part}/{self.den.part}"
        )


@dataclass(frozen=True, slots=True)
class Column:
    """One number a unit, in cells of their own; `area` is the range they fill."""

    nums: tuple[Num, ...]
    area: str

    def total(self) -> Num:
        """The sum over the units."""
        return Num(f"SUM({self.area})", sum(num.value for num in self.nums))

    def __getitem__(self, index: int) -> Num:
        return self.nums[index]

    def __len__(self) -> int:
        return len(self.nums)


@dataclass(frozen=True, slots=True)
class Amounts:
    """A mixed number a unit over one denominator; `rest` is None where the amounts are whole by construction."""

    whole: Column
    rest: Column | None = None
    den: Num = Num("1", 1)

    def rest_of(self, index: int) -> Num:
        """The rest of one unit."""
        return self.rest[index] if self.rest else literal(0)

    def shown(self, index: int) -> str:
        """The formula that shows the amount of one unit."""
        rest = self.rest_of(index)
        return self.whole[index].text + ("" if rest.is_literal(0) else f"+{rest.part}/{self.den.part}")


def literal(value: int) -> Num:
    """A number that stands in the formula itself."""
    return Num(str(value), value)


def gcd(one: Num, other: Num) -> Num:
    """The greatest common divisor."""
    if one.is_literal(1) or other.is_literal(1):
        return literal(1)
    return Num(f"GCD({one.text},{other.text})", _gcd(one.value, other.value))


def lcm(numbers: Sequence[Num]) -> Num:
    """The least common multiple; literal ones fall away, and a cell named twice counts once."""
    different = tuple(dict.fromkeys(num for num in numbers if not num.is_literal(1)))
    if len(different) <= 1:
        return different[0] if different else literal(1)
    value = 1
    for num in different:
        value *= num.value // _gcd(value, num.value)
    return Num(f"LCM({','.join(num.text for num in different)})", value)


def larger(one: Num, other: Num) -> Num:
    """MAX of two."""
    return Num(f"MAX({one.text},{other.text})", max(one.value, other.value))


def smaller(one: Num, other: Num) -> Num:
    """MIN of two."""
    return Num(f"MIN({one.text},{other.text})", min(one.value, other.value))


def at_least(one: Num, other: Num) -> Test:
    """Whether one ≥ other."""
    return Test(f"{one.text}>={other.text}", one.value >= other.value)


def less(one: Num, other: Num) -> Test:
    """Whether one < other."""
    return Test(f"{one.text}<{other.text}", one.value < other.value)


def same(one: Num, other: Num) -> Test:
    """Whether one = other."""
    return Test(f"{one.text}={other.text}", one.value == other.value)


def when(test: Test, then: Num, otherwise: Num) -> Num:
    """IF."""
    return Num(f"IF({test.text},{then.text},{otherwise.text})", (then if test.holds else otherwise).value)


def as_count(test: Test) -> Num:
    """1 where the condition holds, else 0."""
    return Num(f"IF({test.text},1,0)", int(test.holds))


def whole_number(num: Num) -> Mixed:
    """A whole number as a mixed one."""
    return Mixed(num, literal(0), literal(1))
