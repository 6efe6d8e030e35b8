"""Without two tables of ages: the trend of totals by district, 参考 and no more, and how far such a trend would have missed."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kyodo_geo.city import City
from kyodo_geo.errors import InputRefused
from kyodo_geo.model.ageing.backtest import Miss, backtest_totals
from kyodo_geo.model.ageing.five_years import STEP_YEARS, years_on
from kyodo_geo.model.ageing.trend import LABEL, Trend, carry_totals_on
from kyodo_geo.model.indicators.counts import Amount, add
from kyodo_geo.provenance import Basis, Source, Unknown, weakest
from kyodo_geo.rules.ageing import Ageing

NOT_BY_AGE = (
    "年齢別の推計ではありません。直前の5年の増減の割合がそのまま続くとみなした、人口の総数だけの傾向です。"
)


@dataclass(frozen=True, eq=False)
class TrendStudy:
    """The trend of the districts' people: `before` is the count before the first of `trend`, by district and for the city.

    `mark` must stand beside every number that was not counted.
    """

    on: date
    before_day: date
    before: tuple[Amount, ...]
    city_before: float
    trend: Trend
    areas_of: Mapping[str, str]
    sources: tuple[Source, ...]

    @property
    def mark(self) -> str:
        """参考, or 架空 where the censuses themselves are made up."""
        return Basis.FICTIONAL.label if self.basis is Basis.FICTIONAL else LABEL

    @property
    def basis(self) -> Basis:
        """The basis of the carried totals."""
        return weakest([Basis.ESTIMATED, *(source.basis for source in self.sources)])

    def of_area(self, step: int) -> dict[str, Amount]:
        """Return the people of each area at a step: its districts' sum."""
        return self._summed(self.trend.values[step])

    def area_before(self) -> dict[str, Amount]:
        """Return the people of each area at the count before the last."""
        return self._summed(self.before)

    def _summed(self, values: Sequence[Amount]) -> dict[str, Amount]:
        members: dict[str, list[Amount]] = {}
        for unit, value in zip(self.trend.units, values, strict=True):
            members.setdefault(self.areas_of[unit], []).append(value)
        return {area: add(values) for area, values in members.items()}


def trend_years(city: City, settings: Ageing) -> tuple[int, ...]:
    """Return the years the trend may go to."""
    base = city.latest.year
    return tuple(range(base + STEP_YEARS, base + settings.trend_years + 1, STEP_YEARS))


def trend_study(city: City, on: date, to: int | None, settings: Ageing) -> TrendStudy | Unknown:
    """Return the trend up to a year (None: the farthest); Unknown where the last two censuses are not 5 years apart.

    Raises InputRefused for a year that is no step or too far.
    """
    if len(city.censuses) < 2 or city.latest.day != years_on(city.censuses[-2].day, STEP_YEARS):
        return Unknown("5年おきの総人口がない", "最後の2つの国勢調査の間が5年ではないため、傾向を出せません")
    first, last = city.censuses[-2], city.latest
    counts = city.counts(on)
    before, base = (
        tuple(float(unit.population[year]) for unit in counts.values()) for year in (first.year, last.year)
    )
    published = [
        float(city.ages[year]["population"]) for year in (first.year, last.year) if year in city.ages
    ]
    whole = (published[0], published[1]) if len(published) == 2 else None
    trend = carry_totals_on(
        tuple(counts), before, base, days=(first.day, last.day),
        to=to if to is not None else trend_years(city, settings)[-1], longest_years=settings.trend_years,
        city=whole,
    )  # fmt: skip
    return TrendStudy(
        on, first.day, before, whole[0] if whole else sum(before), trend, {code: city.area_of(code) for code in counts},
        (first.source, last.source, city.sources["small_areas"]),
    )  # fmt: skip


@dataclass(frozen=True)
class CityMiss:
    """How far a trend of the city's published figures would have missed: what, the three years, and the miss."""

    what: str
    years: tuple[int, int, int]
    miss: Miss


def city_misses(city: City) -> tuple[CityMiss, ...] | Unknown:
    """Return the misses of the city's published totals and of those of 65 and over; Unknown without three censuses."""
    years = sorted(city.ages)[-3:]
    if len(years) < 3 or any(after - before != STEP_YEARS for before, after in itertools.pairwise(years)):
        return Unknown(
            "5年おきの3回の公表値がない", "外れを確かめるには、5年おきの3回の国勢調査の公表値が要ります"
        )
    found = []
    for what, column in (("人口の総数", "population"), ("65歳以上の人", "age_65_over")):
        first, second, third = (float(city.ages[year][column]) for year in years)
        try:
            found.append(
                CityMiss(what, (years[0], years[1], years[2]), backtest_totals(first, second, third))
            )
        except InputRefused as refused:
            return Unknown(refused.what)
    return tuple(found)
