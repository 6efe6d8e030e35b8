"""Projection of people by age: cohort-change ratios of each unit, 5 years at a time, held to the city's own projection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import numpy as np

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.ageing.five_years import (
    LOWEST_TOP,
    STEP_YEARS,
    Counted,
    common_tables,
    require_five_years_apart,
    to_five_years,
    years_on,
)
from kyodo_geo.model.ageing.rates import (
    ObservedRates,
    by_sex,
    cohorts_of,
    observed_rates,
    too_few,
    whole_of,
    women_of,
)
from kyodo_geo.model.ageing.values import AgeTable, Band, Floats
from kyodo_geo.rules.ageing import ProjectionLimits

SCENARIOS: Mapping[str, str] = MappingProxyType(
    {
        "as_observed": "これまでどおり(推計)",
        "no_migration": "転入・転出がない場合(推計)",
        "families": "家族の移住がある場合(仮定による推計)",
    }
)


@dataclass(frozen=True, eq=False)
class Projection:
    """People of n units by age at s dates 5 years apart; the first date is the last count, the rest are projected.

    `male` and `female` are (s, n, m), unrounded. `city_cohorts` (n,) says of each unit how many of its `cohorts` age
    cohorts have the city's ratio for want of people, `city_births` whether its births have. `unknown_age` (n,) are
    people of the last count whose age is not known: they are in no number here. `added` (s, n) are people who are
    there only because of the families of the scenario, their children included.
    """

    scenario: str
    units: tuple[str, ...]
    bands: tuple[Band, ...]
    days: tuple[date, ...]
    male: Floats
    female: Floats
    city_cohorts: tuple[int, ...]
    cohorts: int
    city_births: tuple[bool, ...]
    unknown_age: Floats
    added: Floats

    @property
    def label(self) -> str:
        """The scenario in words."""
        return SCENARIOS[self.scenario]

    @property
    def totals(self) -> Floats:
        """People of each unit at each date: (s, n)."""
        totals: Floats = (self.male + self.female).sum(axis=2)
        return totals

    def table(self, step: int) -> AgeTable:
        """Return the people at a date as a table, to be measured like any other; people of unknown age are left out."""
        male, female = self.male[step], self.female[step]
        return AgeTable(self.units, self.bands, male + female, np.zeros(len(self.units)), male, female)


@dataclass(frozen=True, eq=False)
class Footing:
    """What every scenario begins with: both counts in the same bands, the observed rates, and the dates."""

    base: Counted
    rates: ObservedRates
    days: tuple[date, ...]

    @property
    def people(self) -> Floats:
        """The last count by sex: (2, n, m)."""
        return by_sex(self.base.table)


def project_observed(before: Counted, base: Counted, *, to: int, limits: ProjectionLimits) -> Projection:
    """Return the projection in which what happened to each age from `before` to `base` goes on, up to the year `to`.

    Each step the units are scaled, for each sex and band, to the city's own projection (from the summed tables). Where
    all units would have nobody in a band but the city would, the city's ratio is taken for all of them.
    Raises InputRefused as `find_footing`.
    """
    footing = find_footing(before, base, to=to, limits=limits)
    return carry_on(footing, footing.rates, scenario="as_observed")


def find_footing(before: Counted, base: Counted, *, to: int, limits: ProjectionLimits) -> Footing:
    """Return the counts in common 5-year bands, the rates between them, and the dates up to the year `to`.

    The open end is the coarser of both, and coarser still (not below 65) while fewer than `limits.min_cohort` men or
    women of the city stand behind its ratio. Raises InputRefused for counts that are not 5 years apart or not of the
    same units or kind, tables without sexes or 5-year bands, and a year that is no step or beyond the limits.
    """
    require_five_years_apart(before, base)
    days = _days_to(base.day, to, limits)
    before, base = common_tables(before, base)
    top = _well_founded_top(before.table, limits.min_cohort)
    before, base = (replace(one, table=to_five_years(one.table, top=top)) for one in (before, base))
    rates = observed_rates(by_sex(before.table), by_sex(base.table), min_cohort=limits.min_cohort)
    return Footing(base, rates, days)


def carry_on(footing: Footing, rates: ObservedRates, *, scenario: str) -> Projection:
    """Return the projection of a footing by some rates, step by step, each held to the city's."""
    people = footing.people
    city = whole_of(people)
    steps = [people]
    for _ in footing.days[1:]:
        people, city = _step(people, city, rates)
        steps.append(people)
    found, table = np.stack(steps), footing.base.table
    return Projection(
        scenario, table.units, table.bands, footing.days, found[:, 0], found[:, 1],
        rates.city_cohorts, rates.cohorts, rates.city_births, table.unknown_age,
        added=np.zeros((len(steps), len(table.units))),
    )  # fmt: skip


def _step(people: Floats, city: Floats, rates: ObservedRates) -> tuple[Floats, Floats]:
    """Return units and city 5 years later: those living first, then the children of the women there are by then."""
    later, whole = np.zeros_like(people), np.zeros_like(city)
    cohorts = cohorts_of(people)
    whole[..., 1:] = cohorts_of(city) * rates.city.ratios
    later[..., 1:] = _controlled(cohorts * rates.units.ratios, whole[..., 1:], cohorts * rates.city.ratios)
    women = women_of(later)
    whole[..., 0] = women_of(whole) * rates.city.child_woman
    later[..., 0] = _controlled(
        women * rates.units.child_woman, whole[..., 0], women * rates.city.child_woman
    )
    return later, whole


def _controlled(raw: Floats, target: Floats, instead: Floats) -> Floats:
    """Scale the units (axis 1) to the target; where all of them are 0, take `instead`, which is made by the city's rates."""
    used = np.where(raw.sum(axis=1, keepdims=True) > 0, raw, instead)
    sums = used.sum(axis=1, keepdims=True)
    scaled: Floats = used * np.divide(target, sums, out=np.zeros_like(sums), where=sums > 0)
    return scaled


def _well_founded_top(before: AgeTable, minimum: float) -> int:
    top, people = before.top, whole_of(by_sex(before))
    while top > LOWEST_TOP:
        behind = people[..., top // STEP_YEARS - 1 :].sum(axis=-1)
        if not too_few(behind, minimum).any():
            break
        top -= STEP_YEARS
    return top


def _days_to(base: date, to: int, limits: ProjectionLimits) -> tuple[date, ...]:
    last = min(limits.last_year, base.year + limits.longest_years)
    last -= (last - base.year) % STEP_YEARS
    faults = []
    if (to - base.year) % STEP_YEARS or to <= base.year:
        faults.append(Fault(f"{to} 年は {base.year} 年から5年おきの年ではありません"))
    if to > last:
        faults.append(
            Fault(
                f"{to} 年は推計の限り({limits.longest_years} 年後、{limits.last_year} 年まで)を越えています"
            )
        )
    if faults:
        steps = "、".join(str(year) for year in range(base.year + STEP_YEARS, last + 1, STEP_YEARS))
        raise InputRefused(
            f"{to} 年までの将来推計はできません。",
            faults=faults,
            todo=f"次の年から選んでください: {steps}" if steps else "もっと新しい表を開いてください",
        )
    return tuple(years_on(base, years) for years in range(0, to - base.year + 1, STEP_YEARS))
