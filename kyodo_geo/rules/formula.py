"""A grant's formula as plain values: terms, limits, rounding, the leftover and the instalments.

A `Ref` is a number of the formula: the name of a dated value of the rule, or the number itself. Nothing here
calculates; `kyodo_geo.model` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from kyodo_geo.rules.rounding import TO_THE_YEN, Rounding

Ref = str | Fraction
SUPPLIED = "to_be_supplied"


class Kind(StrEnum):
    """What a term measures of a unit, and so what it is multiplied or divided by."""

    EQUAL = "equal"
    FLAT = "flat"
    POPULATION = "population"
    HOUSEHOLDS = "households"
    AREA = "area"
    ELDERLY = "elderly"
    DISTANCE = "distance"
    BANDS = "bands"
    TABLE = "table"


# The kinds that count people or households on a day: for them the reference day and who counts matter
COUNTED = {Kind.POPULATION, Kind.HOUSEHOLDS, Kind.ELDERLY, Kind.BANDS}


class How(StrEnum):
    """Where a term's yen come from: a rate, a percentage of the budget, a fixed sum, or the rest of the budget."""

    RATE = "rate"
    SHARE = "share"
    FIXED = "fixed"
    REST = "rest"


class LeftoverMethod(StrEnum):
    """What becomes of the yen that rounding leaves over."""

    REPORT = "report"
    LARGEST_REMAINDER = "largest-remainder"
    SAINTE_LAGUE = "sainte-lague"
    FIRST_INSTALMENT = "first-instalment"
    UNIT = "unit"

    @property
    def label(self) -> str:
        """The words for people."""
        return _LEFTOVER_LABELS[self.value]

    @property
    def hands_out(self) -> bool:
        """Whether whole rounding units left over by the terms are handed to the units."""
        return self in {LeftoverMethod.LARGEST_REMAINDER, LeftoverMethod.SAINTE_LAGUE, LeftoverMethod.UNIT}


_LEFTOVER_LABELS = {
    "report": "配らずに示す",
    "largest-remainder": "端数の大きい順に配る(最大剰余法)",
    "sainte-lague": "サント・ラグ法で配る",
    "first-instalment": "第1回の交付に含める",
    "unit": "決めた1つの単位に加える",
}


class PaidBy(StrEnum):
    """Who pays for a floor or a transition: money from outside, all others, or those who gain on last year."""

    EXTRA = "extra"
    OTHERS = "others"
    GAINERS = "gainers"

    @property
    def label(self) -> str:
        """The words for people."""
        return {
            "extra": "予算の外から加える",
            "others": "ほかの単位の額を同じ割合で減らす",
            "gainers": "前年より増える単位の増加分を同じ割合で減らす",
        }[self.value]


@dataclass(frozen=True)
class Amount:
    """How a term comes by its yen; `value` is empty for the rest of the budget."""

    how: How
    value: Ref = ""


@dataclass(frozen=True)
class Band:
    """From a lower bound on (up to the next band's), a unit counts as `value`: yen for a rate, else a weight."""

    lower: Ref
    value: Ref


@dataclass(frozen=True)
class Banded:
    """A number that depends on a measure of the unit: a coefficient by ageing rate, an amount by population."""

    measure: str
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Limit:
    """A floor or a cap: a number of yen, or a percentage of another term of the same unit."""

    value: Ref = ""
    percent: Ref = ""
    of: str = ""
    paid_by: PaidBy = PaidBy.EXTRA


@dataclass(frozen=True)
class Transition:
    """No unit gets less than `percent` of last year; `paid_by` says at whose cost."""

    percent: Ref
    paid_by: PaidBy


@dataclass(frozen=True)
class Counting:
    """Reference day and who counts; `month_day` is "" when the user must supply the day.

    `year_offset` is 0 for the calendar year in which the fiscal year begins, −1 for the year before. `counted_by` is
    住民基本台帳, 国勢調査 or ""; foreigners and care homes are in, out, separate or unknown.
    """

    month_day: str
    year_offset: int = 0
    counted_by: str = ""
    foreigners: str = "unknown"
    care_homes: str = "unknown"
    reference: str = ""

    def day(self, fiscal_year: int) -> date | None:
        """The reference day of a fiscal year, or None when it must be supplied."""
        return (
            date.fromisoformat(f"{fiscal_year + self.year_offset}-{self.month_day}")
            if self.month_day
            else None
        )


@dataclass(frozen=True)
class Term:
    """One part of the formula; `amounts` holds the alternatives of which exactly one is used.

    An optional term is left out, by name, when nothing is supplied for it.
    """

    id: str
    label: str
    kind: Kind
    amounts: tuple[Amount, ...]
    counting: Counting
    measure: str = ""
    per: Ref = Fraction(1)
    beyond: Ref = Fraction(0)
    step: Ref = Fraction(0)
    bands: tuple[Band, ...] = ()
    table: tuple[tuple[str, Ref], ...] = ()
    coefficient: str = ""
    coefficient_by: Banded | None = None
    floor: Limit | None = None
    cap: Limit | None = None
    rounding: Rounding | None = None
    by_months: bool = True
    optional: bool = False
    reference: str = ""

    @property
    def amount(self) -> Amount:
        """The one way that was chosen; `Rule.settle` leaves exactly one."""
        (chosen,) = self.amounts
        return chosen


@dataclass(frozen=True)
class Addon:
    """Yen added to a unit whose measure is below a threshold."""

    id: str
    label: str
    measure: str
    below: Ref
    value: Ref
    counting: Counting
    reference: str = ""


@dataclass(frozen=True)
class Leftover:
    """The method, and the code of the unit that takes the leftover where one is named."""

    method: LeftoverMethod = LeftoverMethod.REPORT
    unit_code: str = ""


REPORTED = Leftover()


@dataclass(frozen=True)
class Instalments:
    """How many payments a year and from which month each; all but the first are multiples of `unit_yen`."""

    months: tuple[int, ...]
    unit_yen: int = 1

    @property
    def count(self) -> int:
        """The number of payments."""
        return len(self.months)


@dataclass(frozen=True)
class Condition:
    """A condition of the grant in words, with its article; the tool shows it and does not judge it."""

    text: str
    reference: str


@dataclass(frozen=True)
class Claim:
    """What holds when the money is claimed: subsidy rate, reserve, years over which the limit holds, conditions."""

    rate: Ref = Fraction(1)
    reserve_share: Ref = ""
    reserve_of: tuple[str, ...] = ()
    reserve_years: Ref = ""
    total_years: Ref = Fraction(1)
    total_limit: Ref = ""
    advance_payment: bool | None = None
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Formula:
    """All of a grant's arithmetic, in the order in which it is done."""

    terms: tuple[Term, ...]
    addons: tuple[Addon, ...] = ()
    floor: Limit | None = None
    cap: Limit | None = None
    transition: Transition | None = None
    rounding: Rounding = TO_THE_YEN
    total_rounding: Rounding | None = None
    leftover: Leftover = REPORTED
    instalments: Instalments | None = None
    left_out: tuple[str, ...] = ()
    budget: Ref = ""
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def parts(self) -> tuple[Term | Addon, ...]:
        """Everything that adds up to a unit's sum: the terms, then the add-ons."""
        return (*self.terms, *self.addons)

    def refs(self) -> Iterator[Ref]:
        """Every number the formula speaks of, except the alternatives of the terms."""
        for term in self.terms:
            yield from (term.per, term.beyond, term.step)
            yield from (part for band in term.bands for part in (band.lower, band.value))
            yield from (value for _, value in term.table)
            if term.coefficient_by:
                yield from (part for band in term.coefficient_by.bands for part in (band.lower, band.value))
            yield from _limit_refs(term.floor, term.cap)
        for addon in self.addons:
            yield from (addon.below, addon.value)
        yield from _limit_refs(self.floor, self.cap)
        yield self.budget
        if self.transition:
            yield self.transition.percent


def _limit_refs(*limits: Limit | None) -> Iterator[Ref]:
    for limit in limits:
        if limit:
            yield from (ref for ref in (limit.value, limit.percent) if ref != "")
