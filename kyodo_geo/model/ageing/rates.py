"""How people of an age change in 5 years: cohort-change ratios and child–woman ratios of units and of the city.

Sources: Hamilton, C. H. and Perry, J. (1962), A short method for projecting population by age from one decennial census
to another, Social Forces 41; Swanson, D. A., Schlottmann, A. and Schmidt, B. (2010), Forecasting the population of
census tracts by age and sex: an example of the Hamilton–Perry method in action, Population Research and Policy Review 29.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.ageing.five_years import STEP_YEARS
from kyodo_geo.model.ageing.values import AgeTable, Floats

SEXES = ("male", "female")
# 15–19 to 45–49, as places of 5-year bands
_CHILDBEARING = slice(3, 10)


@dataclass(frozen=True, eq=False)
class Rates:
    """What 5 years make of n units of people in m bands, by sex (male, female).

    `ratios` (2, n, m − 1): people of a band ÷ those 5 years younger 5 years before; the last is of the open end and of
    the band below it together. `child_woman` (2, n): children 0–4 ÷ women 15–49 of the same date.
    """

    ratios: Floats
    child_woman: Floats


@dataclass(frozen=True, eq=False)
class ObservedRates:
    """The rates of the units and of the whole city, and how many of each unit are the city's.

    `city_cohorts` (n,) counts the cohorts of a unit, of `cohorts` in all, that had too few people; `city_births` (n,)
    says whose child–woman ratio is the city's for too few women.
    """

    units: Rates
    city: Rates
    city_cohorts: tuple[int, ...]
    cohorts: int
    city_births: tuple[bool, ...]


def by_sex(table: AgeTable) -> Floats:
    """Return the people of a table as (2, n, m): men, women. Raises InputRefused where the sexes are not told apart."""
    if table.male is None or table.female is None:
        raise InputRefused(
            "将来推計には男女別の年齢の表が必要です。", todo="男女別に分けた表を開いてください"
        )
    return np.stack([table.male, table.female])


def cohorts_of(people: Floats) -> Floats:
    """Return who will be in each band from the second up 5 years later, were nobody to come or go: (…, m − 1).

    The last holds the open end and the band below it.
    """
    cohorts = people[..., :-1].copy()
    cohorts[..., -1] += people[..., -1]
    return cohorts


def women_of(people: Floats) -> Floats:
    """Return the women aged 15–49 of (2, n, m): (n,)."""
    women: Floats = people[1, :, _CHILDBEARING].sum(axis=-1)
    return women


def whole_of(people: Floats) -> Floats:
    """Return (2, n, m) summed to the city: (2, 1, m)."""
    whole: Floats = people.sum(axis=1, keepdims=True)
    return whole


def too_few(people: Floats, minimum: float) -> npt.NDArray[np.bool_]:
    """Say of each number of people whether it is below the minimum, or nobody at all."""
    return (people < minimum) | (people <= 0)


def observed_rates(before: Floats, base: Floats, *, min_cohort: float) -> ObservedRates:
    """Return the ratios between two counts (2, n, m) 5 years apart.

    A cohort of fewer people than `min_cohort`, or of none, in the earlier count takes the city's ratio; one that is
    empty in the whole city takes 1 (it neither grows nor shrinks). Children: the unit's own ratio where it has
    `min_cohort` women, else the city's; 0 where the city has no women of that age.
    """
    start, women = cohorts_of(before), women_of(base)
    city = Rates(
        _ratio(whole_of(base)[..., 1:], cohorts_of(whole_of(before)), instead=1.0),
        _ratio(whole_of(base)[..., 0], women_of(whole_of(base)), instead=0.0),
    )
    few, few_women = too_few(start, min_cohort), too_few(women, min_cohort)
    own = Rates(
        np.where(few, city.ratios, _ratio(base[..., 1:], start, instead=1.0)),
        np.where(few_women, city.child_woman, _ratio(base[..., 0], women, instead=0.0)),
    )
    counts = few.sum(axis=(0, 2))
    return ObservedRates(
        own,
        city,
        tuple(int(count) for count in counts),
        int(2 * few.shape[2]),
        tuple(bool(one) for one in few_women),
    )


def survival_rates(
    observed: ObservedRates, stationary: Mapping[str, Sequence[float]], *, top: int
) -> ObservedRates:
    """Return rates without coming and going: the life table's survival for every unit, births as observed.

    `stationary` is the life table's people in 5-year bands by sex, the last open; `top` the first age of the open end
    of the tables. The survival of the open end is that of a stationary population. No cohort is the city's any more.
    Raises InputRefused for an open end beyond the life table's.
    """
    bands = top // STEP_YEARS
    longest = min(len(stationary[sex]) for sex in SEXES)
    if bands >= longest:
        raise InputRefused(
            f"生命表の最後の区分({(longest - 1) * STEP_YEARS} 歳以上)より細かい {top} 歳以上の表です。",
            todo="最後の区分の粗い表を開いてください",
        )
    living = np.array([[*stationary[sex][:bands], sum(stationary[sex][bands:])] for sex in SEXES])
    # (2, 1, m - 1): the open end of the life table over it and the band below, as for people
    ratios = (living[:, 1:] / cohorts_of(living))[:, None, :]
    units = np.broadcast_to(ratios, observed.units.ratios.shape).copy()
    return ObservedRates(
        Rates(units, observed.units.child_woman), Rates(ratios, observed.city.child_woman),
        (0,) * len(observed.city_cohorts), observed.cohorts, observed.city_births,
    )  # fmt: skip


def _ratio(later: Floats, earlier: Floats, *, instead: float) -> Floats:
    ratio: Floats = np.divide(later, earlier, out=np.full(later.shape, instead), where=earlier > 0)
    return ratio
