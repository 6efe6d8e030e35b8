"""Projections of what is not as observed: nobody comes or goes, or families move in. Both are assumptions, and say so."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.ageing.five_years import STEP_YEARS, Counted
from kyodo_geo.model.ageing.projection import Footing, Projection, carry_on, find_footing
from kyodo_geo.model.ageing.rates import SEXES, Rates, cohorts_of, survival_rates, women_of
from kyodo_geo.model.ageing.values import Floats
from kyodo_geo.rules.ageing import ProjectionLimits


def project_no_migration(
    before: Counted,
    base: Counted,
    *,
    to: int,
    limits: ProjectionLimits,
    stationary: Mapping[str, Sequence[float]],
) -> Projection:
    """Return the projection in which nobody moves: the life table's survival everywhere, births as observed.

    `stationary` is `kyodo_geo.rules.ageing.Ageing.stationary`. Deaths are those of the whole country in the year of the
    life table. Raises InputRefused as `find_footing`, and for an open end finer than the life table's.
    """
    footing = find_footing(before, base, to=to, limits=limits)
    rates = survival_rates(footing.rates, stationary, top=footing.base.table.top)
    return carry_on(footing, rates, scenario="no_migration")


def project_families(  # noqa: PLR0913 - the two counts, and four words that only make sense together
    before: Counted,
    base: Counted,
    *,
    to: int,
    limits: ProjectionLimits,
    families: Mapping[str, float],
    makeup: Mapping[str, Mapping[int, float]],
) -> Projection:
    """Return the projection as observed, with so many families a year moving into the named units.

    `makeup` is `kyodo_geo.rules.ageing.Ageing.family`: people of one family by sex and first age of their band, as they
    stand at the date after their arrival. The families of the 5 years of a step are added at its end; from then on they
    age and have children by the unit's own ratios. The control totals are the city's projection plus these people, so
    nobody is scaled away, here or in other units. No family gives the projection as observed.
    Raises InputRefused as `find_footing`, and for unknown units and numbers that are negative or no numbers.
    """
    footing = find_footing(before, base, to=to, limits=limits)
    observed = carry_on(footing, footing.rates, scenario="families")
    added = _stream(footing, _arrivals(footing, families, makeup))
    return replace(
        observed,
        male=observed.male + added[:, 0],
        female=observed.female + added[:, 1],
        added=added.sum(axis=(1, 3)),
    )


def _arrivals(
    footing: Footing, families: Mapping[str, float], makeup: Mapping[str, Mapping[int, float]]
) -> Floats:
    """Return who moves in within 5 years: (2, n, m)."""
    units = footing.base.table.units
    faults = [Fault(f"「{unit}」という地域は年齢の表にありません") for unit in families if unit not in units]
    faults += [
        Fault(f"{unit}: 世帯数は 0 以上の数です。「{number}」は使えません")
        for unit, number in families.items()
        if not (math.isfinite(number) and number >= 0)
    ]
    if faults:
        raise InputRefused("移住する家族の数を読めません。", faults=faults)
    family = np.zeros((len(SEXES), len(footing.base.table.bands)))
    for sex, ages in enumerate(makeup[sex] for sex in SEXES):
        for age, people in ages.items():
            family[sex, min(age // STEP_YEARS, family.shape[1] - 1)] += people
    numbers = np.array([families.get(unit, 0.0) for unit in units])
    arrivals: Floats = STEP_YEARS * numbers[None, :, None] * family[:, None, :]
    return arrivals


def _stream(footing: Footing, arrivals: Floats) -> Floats:
    """Return at each date those who moved in since the count, and their children: (s, 2, n, m); none at the count."""
    people = np.zeros_like(arrivals)
    steps = [people]
    for _ in footing.days[1:]:
        people = _aged(people, footing.rates.units) + arrivals
        steps.append(people)
    return np.stack(steps)


def _aged(people: Floats, rates: Rates) -> Floats:
    later = np.zeros_like(people)
    later[..., 1:] = cohorts_of(people) * rates.ratios
    later[..., 0] = women_of(later) * rates.child_woman
    return later
