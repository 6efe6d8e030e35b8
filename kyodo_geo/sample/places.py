"""The small areas of a city as the sample needs them: one a key_code, its parts put together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kyodo_geo.city import City

_KM_PER_LAT, _KM_PER_LON = 110.95, 111.32


@dataclass(frozen=True)
class Spot:
    """A small area by its key_code, with its people and households by census year.

    `lon` and `lat` are its point in degrees (that of its first part), `km2` its area. A year in which no value of it
    was published is absent from `people` and `homes`.
    """

    key: str
    name: str
    district: str
    lon: float
    lat: float
    km2: float
    people: Mapping[int, int]
    homes: Mapping[int, int]


def spots_of(city: City) -> tuple[Spot, ...]:
    """Return the small areas in the order of the city's table."""
    table = city.small_areas
    key_codes = [str(key) for key in dict.fromkeys(table["key_code"])]
    parts = table.groupby("key_code", sort=False)
    first, km2 = parts.first(), parts["km2"].sum()
    people, homes = (_by_key_code(city, what) for what in ("population", "households"))
    return tuple(
        Spot(
            key=key,
            name=str(first.loc[key, "name"]),
            district=str(first.loc[key, "district_code"]),
            lon=float(str(first.loc[key, "lon"])),
            lat=float(str(first.loc[key, "lat"])),
            km2=float(km2[key]),
            people=people.get(key, {}),
            homes=homes.get(key, {}),
        )
        for key in key_codes
    )


def has_formal_keys(city: City) -> bool:
    """Say whether every small area has a key as e-Stat writes it: 5 digits of the city, then 4 (町・字) or 6 (丁目・小字)."""
    return all(
        key.isascii() and key.isdigit() and len(key) in {9, 11} and key.startswith(city.facts.code)
        for key in map(str, city.small_areas["key_code"])
    )


def _by_key_code(city: City, column: str) -> dict[str, dict[int, int]]:
    table = city.small_areas
    known = {str(code): str(code) for code in table["key_code"]}
    known |= {str(key): str(code) for key, code in table["key_code"].items()}
    found: dict[str, dict[int, int]] = {}
    for census in city.censuses:
        for key, count in census.counts[column].items():
            years = found.setdefault(known[str(key)], {})
            years[census.year] = years.get(census.year, 0) + int(count)
    return found


def newest_lines(city: City) -> date:
    """Return a day on which all districts of the city stand: its newest census or split, whichever is later."""
    lineage = city.facts.lineage
    return max(city.latest.day, lineage.first_day, *(split.since for split in lineage.splits))


def km_per_degree(spots: Iterable[Spot]) -> tuple[float, float]:
    """Return kilometres per degree of longitude and of latitude, good enough for a made-up rule within one city.

    The cosine is rounded, so that no machine's own last digit of it can move a figure.
    """
    lats = [spot.lat for spot in spots]
    middle = math.radians((min(lats) + max(lats)) / 2)
    return _KM_PER_LON * round(math.cos(middle), 4), _KM_PER_LAT
