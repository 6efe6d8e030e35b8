"""Dividing yen: exact fractions inside, whole yen outside, and the leftover always named.

均等割 (the same sum for each unit) plus 地域割 (by population). No float reaches a yen: amounts are multiplied
before they are divided, and rounding happens once per term, at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.amounts import exact_text

ROUNDING_UNITS = (1, 10, 100, 1_000, 10_000)


class Direction(StrEnum):
    """Which way a fraction of the rounding unit goes."""

    FLOOR = "floor"
    CEIL = "ceil"
    HALF_UP = "half-up"

    @property
    def label(self) -> str:
        """切り捨て, 切り上げ or 四捨五入."""
        return {"floor": "切り捨て", "ceil": "切り上げ", "half-up": "四捨五入"}[self.value]


class Leftover(StrEnum):
    """What becomes of the yen that rounding leaves over."""

    REPORT = "report"
    LARGEST_REMAINDER = "largest-remainder"

    @property
    def label(self) -> str:
        """配らずに示す or 端数の大きい順に配る."""
        return {"report": "配らずに示す", "largest-remainder": "端数の大きい順に配る(最大剰余法)"}[self.value]


@dataclass(frozen=True)
class Rounding:
    """A rounding unit in yen (1, 10, 100, 1,000 or 10,000) and a direction."""

    unit_yen: int = 1
    direction: Direction = Direction.FLOOR

    def __post_init__(self) -> None:
        if self.unit_yen not in ROUNDING_UNITS:
            allowed = "、".join(f"{unit:,}" for unit in ROUNDING_UNITS)
            raise InputRefused(
                f"端数処理の単位「{self.unit_yen}」円は使えません。", todo=f"{allowed} 円から選んでください"
            )

    def apply(self, exact_yen: Fraction) -> int:
        """Round an exact amount ≥ 0 to whole yen; exactly half a unit goes up under HALF_UP."""
        quotient = exact_yen / self.unit_yen
        whole = quotient.numerator // quotient.denominator
        rest = quotient - whole
        up = (self.direction is Direction.CEIL and rest > 0) or (
            self.direction is Direction.HALF_UP and rest >= Fraction(1, 2)
        )
        return (whole + up) * self.unit_yen

    @property
    def label(self) -> str:
        """100円未満切り捨て; at 1 yen: 1円未満切り捨て."""
        return f"{self.unit_yen:,}円未満{self.direction.label}"


@dataclass(frozen=True)
class Unit:
    """Something that receives a share: a district, a council, an area."""

    code: str
    name: str
    population: int


@dataclass(frozen=True)
class Terms:
    """What the officer entered: a budget with an equal percentage or sum, or two rates; see `allocate`."""

    budget_yen: int | None = None
    equal_percent: Fraction | None = None
    equal_yen: int | None = None
    per_head_yen: Fraction | None = None
    rounding: Rounding = Rounding()
    leftover: Leftover = Leftover.REPORT


@dataclass(frozen=True)
class Line:
    """One unit's share with every step: exact amounts before rounding, whole yen after, and a handed-out remainder."""

    unit: Unit
    equal_exact: Fraction
    equal_yen: int
    population_exact: Fraction
    population_rounded_yen: int
    remainder_yen: int

    @property
    def population_yen(self) -> int:
        """地域割 after rounding and after the remainder handed to this unit."""
        return self.population_rounded_yen + self.remainder_yen

    @property
    def total_yen(self) -> int:
        """均等割 + 地域割."""
        return self.equal_yen + self.population_yen


@dataclass(frozen=True)
class Allocation:
    """All lines and what is left: `leftover_exact` = what was to be divided − what was.

    With a budget that is the budget; with rates alone it is the sum of the exact amounts before rounding. A
    negative leftover (rounding up) means that more was allocated than there is.
    """

    terms: Terms
    lines: tuple[Line, ...]
    leftover_exact: Fraction

    @property
    def allocated_yen(self) -> int:
        """The sum of all totals."""
        return sum(line.total_yen for line in self.lines)

    @property
    def leftover_yen(self) -> int | None:
        """The leftover in whole yen, or None when rates with decimals leave a fraction of a yen."""
        return self.leftover_exact.numerator if self.leftover_exact.denominator == 1 else None

    @property
    def leftover_label(self) -> str:
        """The name of the leftover line."""
        if self.leftover_exact < 0:
            return "端数処理による超過"
        fixed_rates = self.terms.per_head_yen is not None
        return "予算の残り" if fixed_rates and self.terms.budget_yen is not None else "端数処理による残り"


def allocate(units: Sequence[Unit], terms: Terms) -> Allocation:
    """Divide by 均等割 + 地域割 and return one line a unit, in the order given.

    Four ways to enter the terms: budget + equal_percent (the rest by population), budget + equal_yen (the rest
    by population), equal_yen + per_head_yen, and the last with a budget as its ceiling. An equal sum entered in
    yen is never rounded; one computed from a percentage is rounded like the 地域割. With the largest-remainder
    method the 地域割 takes in what the equal shares left over, each further rounding unit goes to the largest
    remainder, and ties go to the lower code.

    Raises InputRefused for terms that contradict each other, for a budget that does not reach, for doubled codes,
    a negative population, or nobody at all.
    """
    _refuse_bad_units(units)
    _refuse_bad_terms(terms)
    equal_exact = _equal_share(units, terms)
    equal_yen = terms.equal_yen if terms.equal_yen is not None else terms.rounding.apply(equal_exact)
    exact = _population_shares(units, terms, equal_exact, equal_yen)
    rounded = [terms.rounding.apply(share) for share in exact]
    extra = [0] * len(units)
    if terms.leftover is Leftover.LARGEST_REMAINDER:
        extra = _largest_remainders(units, exact, rounded, terms.rounding.unit_yen)
    lines = tuple(
        Line(unit, equal_exact, equal_yen, share, whole, more)
        for unit, share, whole, more in zip(units, exact, rounded, extra, strict=True)
    )
    return _settle(terms, lines)


def _settle(terms: Terms, lines: tuple[Line, ...]) -> Allocation:
    allocated = sum(line.total_yen for line in lines)
    if terms.budget_yen is None:
        due = sum((line.equal_exact + line.population_exact for line in lines), Fraction(0))
        return Allocation(terms, lines, due - allocated)
    if terms.per_head_yen is not None and allocated > terms.budget_yen:
        raise InputRefused(
            f"単価で計算した額 {allocated:,} 円が予算 {terms.budget_yen:,} 円を {allocated - terms.budget_yen:,} 円超えます。",
            todo="単価を下げるか予算を増やしてください",
        )
    return Allocation(terms, lines, Fraction(terms.budget_yen - allocated))


def _equal_share(units: Sequence[Unit], terms: Terms) -> Fraction:
    if terms.equal_yen is not None:
        return Fraction(terms.equal_yen)
    if terms.budget_yen is None or terms.equal_percent is None:
        msg = "terms were checked"
        raise AssertionError(msg)
    return Fraction(terms.budget_yen) * terms.equal_percent / (100 * len(units))


def _population_shares(
    units: Sequence[Unit], terms: Terms, equal_exact: Fraction, equal_yen: int
) -> list[Fraction]:
    if terms.per_head_yen is not None:
        return [terms.per_head_yen * unit.population for unit in units]
    budget = Fraction(terms.budget_yen or 0)
    taken = equal_yen if terms.leftover is Leftover.LARGEST_REMAINDER else equal_exact
    pot = budget - taken * len(units)
    if pot < 0:
        raise InputRefused(
            f"予算 {int(budget):,} 円が均等割の合計 {int(taken * len(units)):,} 円"
            f"({int(taken):,} 円 × {len(units)})に足りません。",
            todo="予算を増やすか均等割を下げてください",
        )
    people = sum(unit.population for unit in units)
    return [pot * unit.population / people for unit in units]


def _largest_remainders(
    units: Sequence[Unit], exact: Sequence[Fraction], rounded: Sequence[int], unit_yen: int
) -> list[int]:
    """Hand out whole rounding units one each, largest remainder first, ties to the lower code."""
    spare = (sum(exact, Fraction(0)) - sum(rounded)) // unit_yen
    order = sorted(range(len(units)), key=lambda i: (rounded[i] - exact[i], units[i].code))
    winners = set(order[:spare])
    return [unit_yen if i in winners else 0 for i in range(len(units))]


def _refuse_bad_units(units: Sequence[Unit]) -> None:
    codes = [unit.code for unit in units]
    doubled = (
        sorted({code for code in codes if codes.count(code) > 1}) if len(set(codes)) < len(codes) else []
    )
    if doubled:
        raise InputRefused(
            f"同じコードが2回あります: {'、'.join(doubled)}", todo="1つの単位は1行にしてください"
        )
    negative = [f"{unit.code} {unit.name}" for unit in units if unit.population < 0]
    if negative:
        raise InputRefused(f"人口が負の単位があります: {'、'.join(negative)}")
    if not any(unit.population for unit in units):
        raise InputRefused(
            "人口の合計が0人です。人口で分ける相手がいません。", todo="人口の列を確かめてください"
        )


def _refuse_bad_terms(terms: Terms) -> None:
    for label, amount in (
        ("予算", terms.budget_yen), ("均等割", terms.equal_yen), ("1人当たりの額", terms.per_head_yen),
    ):  # fmt: skip
        if amount is not None and amount < 0:
            raise InputRefused(f"{label}が負の数({amount} 円)です。", todo="0以上の金額を入れてください")
    if terms.equal_percent is not None and not 0 <= terms.equal_percent <= 100:
        raise InputRefused(
            f"均等割の割合 {exact_text(terms.equal_percent)} % は使えません。",
            todo="0から100までの数を入れてください",
        )
    _refuse_bad_combination(terms)


def _refuse_bad_combination(terms: Terms) -> None:
    if terms.equal_percent is not None and terms.equal_yen is not None:
        raise InputRefused("均等割の割合と金額の両方が入っています。", todo="どちらか一方にしてください")
    if terms.equal_percent is not None and terms.per_head_yen is not None:
        raise InputRefused(
            "均等割の割合と1人当たりの額は一緒に使えません。", todo="割合か単価のどちらかにしてください"
        )
    by_budget = terms.budget_yen is not None and (
        terms.equal_percent is not None or terms.equal_yen is not None
    )
    by_rates = terms.equal_yen is not None and terms.per_head_yen is not None
    if not (by_budget or by_rates):
        raise InputRefused(
            "配分の条件が足りません。",
            todo="予算と均等割の割合、または均等割の額と1人当たりの額を入れてください",
        )
    if terms.leftover is Leftover.LARGEST_REMAINDER and (
        terms.per_head_yen is not None or terms.rounding.direction is not Direction.FLOOR
    ):
        raise InputRefused(
            "最大剰余法は、予算を分けるときに切り捨てと組み合わせて使います。",
            todo="端数処理を切り捨てにし、1人当たりの額の代わりに予算を入れてください",
        )
