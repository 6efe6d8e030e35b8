"""Made-up ages of the people of every small area, controlled to what the census published of the city.

Real are the people of each small area and the city's totals of the published groups (0–14, 15–64, 65 and over, and
75 and over where that is published; who is in none of them is of unknown age). Everything else is made up, by this
rule and nothing else:

- The oldest census shares each published group out to its five-year bands by the fixed shape `_SHAPE` (that of no
  town), and tilts it towards the old where a small area lies far from the densest one (`_TILT_FAR`), and by a fraction
  drawn from the code of its district and its own (`_TILT_DISTRICT`, `_TILT_SPOT`).
- A census five years after another carries its people forward band by band with the fixed rates `_FORWARD`; a small
  area that the older one does not know starts from the shape.
- Both are then fitted to the people of every small area and to the published groups, and rounded to whole people so
  that both stay exact. Men are the share `_MEN` of each band, moved a little by place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kyodo_geo.city import City
from kyodo_geo.sample.draw import apportion, fraction
from kyodo_geo.sample.fitting import Floats, Whole, fit, round_controlled
from kyodo_geo.sample.places import Spot, km_per_degree

YEARS = 5  # of a band, and between two censuses
BANDS = 16  # 0–4, 5–9, … 70–74, and 75 and over
UNKNOWN_AGE = BANDS  # the column behind the bands
GROUPS = {"age_0_14": slice(0, 3), "age_15_64": slice(3, 13), "age_65_over": slice(13, 16)}
OLDEST = "age_75_over"  # kept too where the city's table has it

_SHAPE: tuple[float, ...] = (
    0.29, 0.33, 0.38,
    0.085, 0.062, 0.075, 0.090, 0.105, 0.115, 0.105, 0.110, 0.120, 0.133,
    0.25, 0.18, 0.57,
)  # fmt: skip
# Of the people of the band before: into 5–9, 10–14, … 70–74; the last is of 70 and over into 75 and over
_FORWARD = (0.98, 0.98, 0.95, 0.78, 1.0, 0.97, 0.97, 0.98, 0.985, 0.98, 0.975, 0.965, 0.94, 0.92, 0.75)
_BIRTHS = 0.81  # children of 0–4 against those of five years before
_MEN = (
    0.512, 0.512, 0.512,
    0.515, 0.520, 0.520, 0.518, 0.515, 0.512, 0.510, 0.507, 0.505, 0.500,
    0.490, 0.480, 0.385,
    0.500,
)  # fmt: skip
_MEN_BY_PLACE = 0.02
_TILT_FAR, _TILT_DISTRICT, _TILT_SPOT = 0.5, 0.3, 0.3


@dataclass(frozen=True, eq=False)
class MadeAges:
    """Made-up people of one census: `both` and `men` are (n, 17) whole people, 16 bands and unknown age; n small areas."""

    year: int
    spots: tuple[Spot, ...]
    both: Whole
    men: Whole


def published_ages(city: City) -> dict[int, dict[str, int]]:
    """Return by census year what is published of the ages of the whole city: `GROUPS`, and 75 and over where it is."""
    ages = {year: dict(counts) for year, counts in city.ages.items()}
    for year, counts in city.households.items():
        if OLDEST in counts and year in ages:
            ages[year][OLDEST] = counts[OLDEST]
    return ages


def make_ages(
    spots: Sequence[Spot], published: Mapping[int, Mapping[str, int]], years: Sequence[int]
) -> tuple[dict[int, MadeAges], tuple[str, ...]]:
    """Return the made-up ages of each of these census years, oldest first, and for the others why there are none.

    `published` gives by year the population of the city, the people of `GROUPS` and perhaps of `OLDEST`. A year is left
    out, with its reason in Japanese, when no census by small area or no ages of the city are published, or when both do
    not count the same people.
    """
    tilts = _tilts(spots)
    made: dict[int, MadeAges] = {}
    fields: dict[int, dict[str, Floats]] = {}
    reasons = []
    for year in sorted(years):
        given = published.get(year, {})
        counted = tuple(spot for spot in spots if year in spot.people)
        reason = _missing(year, counted, given)
        if reason:
            reasons.append(reason)
            continue
        field, both = _fitted(counted, year, given, tilts, fields.get(year - YEARS, {}))
        fields[year] = {spot.key: row for spot, row in zip(counted, field, strict=True)}
        made[year] = MadeAges(year, counted, both, _men(counted, both))
    return made, tuple(reasons)


def _fitted(
    counted: Sequence[Spot],
    year: int,
    published: Mapping[str, int],
    tilts: Mapping[str, float],
    before: Mapping[str, Floats],
) -> tuple[Floats, Whole]:
    shape = [share * published[group] for group, inside in GROUPS.items() for share in _SHAPE[inside]]
    rows = [spot.people[year] for spot in counted]
    ages = [_ages_before_fitting(spot, shape, tilts, before) for spot in counted]
    seed = np.array([[*bands, people] for bands, people in zip(ages, rows, strict=True)], dtype=np.float64)
    columns = _columns(seed, published, sum(rows))
    field = fit(seed, rows, columns)
    return field, round_controlled(field, rows, columns)


def _missing(year: int, counted: Sequence[Spot], published: Mapping[str, int]) -> str:
    people = sum(spot.people[year] for spot in counted)
    if not counted:
        return f"{year}年: 小地域の国勢調査人口がないため、年齢の表を作っていません"
    if not {"population", *GROUPS} <= published.keys():
        return f"{year}年: 市の年齢3区分の公表値がないため、年齢の表を作っていません"
    known = sum(published[group] for group in GROUPS)
    if published["population"] != people or known > people:
        return f"{year}年: 市の公表値と小地域の合計が合わないため、年齢の表を作っていません"
    return ""


def _tilts(spots: Sequence[Spot]) -> dict[str, float]:
    """Return how much older than the shape each small area is: about −0.3 to 0.8."""
    east, north = km_per_degree(spots)
    heart = max(
        spots, key=lambda spot: (max(spot.people.values(), default=0) / max(spot.km2, 0.01), spot.key)
    )
    away = [
        math.sqrt(((spot.lon - heart.lon) * east) ** 2 + ((spot.lat - heart.lat) * north) ** 2)
        for spot in spots
    ]
    farthest = max(away) or 1.0
    return {
        spot.key: _TILT_FAR * km / farthest
        + _TILT_DISTRICT * (fraction("district", spot.district) - 0.5)
        + _TILT_SPOT * (fraction("spot", spot.key) - 0.5)
        for spot, km in zip(spots, away, strict=True)
    }


def _ages_before_fitting(
    spot: Spot, shape: Sequence[float], tilts: Mapping[str, float], before: Mapping[str, Floats]
) -> list[float]:
    """Return the people of a small area by band as the rule has them; the fitting gives them their right number."""
    if spot.key in before and before[spot.key].any():
        return _forward(before[spot.key])
    middle, tilt = (BANDS - 1) / 2, tilts[spot.key]
    return [share * (1 + tilt * (band - middle) / middle) for band, share in enumerate(shape)]


def _forward(before: Floats) -> list[float]:
    ages: list[float] = before[:BANDS].tolist()
    into = [one * rate for one, rate in zip(ages[:-2], _FORWARD[:-1], strict=True)]
    return [ages[0] * _BIRTHS, *into, (ages[-2] + ages[-1]) * _FORWARD[-1]]


def _columns(seed: Floats, published: Mapping[str, int], people: int) -> list[int]:
    """Return the people of each band and of unknown age in the whole city; published sums are kept, also that of 75+."""
    sums = [math.fsum(column) for column in zip(*seed.tolist(), strict=True)]
    columns: list[int] = []
    for group, inside in GROUPS.items():
        columns += apportion(sums[inside], published[group])
    if OLDEST in published:
        old = GROUPS["age_65_over"]
        columns[old] = [
            *apportion(sums[old][:-1], published["age_65_over"] - published[OLDEST]),
            published[OLDEST],
        ]
    return [*columns, people - sum(columns)]


def _men(spots: Sequence[Spot], both: Whole) -> Whole:
    by_place = [1 + _MEN_BY_PLACE * (fraction("men", spot.key) - 0.5) for spot in spots]
    men = np.zeros_like(both)
    for band, share in enumerate(_MEN):
        exact = [count * share * place for count, place in zip(both[:, band].tolist(), by_place, strict=True)]
        total = math.floor(math.fsum(exact) + 0.5)
        men[:, band] = np.minimum(_rounded(exact, total), both[:, band])
    return men


def _rounded(exact: Sequence[float], total: int) -> list[int]:
    shares = [math.floor(one) for one in exact]
    order = sorted(range(len(exact)), key=lambda at: shares[at] - exact[at])
    for at in order[: total - sum(shares)]:
        shares[at] += 1
    return shares
