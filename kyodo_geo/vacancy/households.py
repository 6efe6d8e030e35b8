"""How the lived-in households fell between the last two censuses: by small area, district, area and city."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kyodo_geo.city import City
from kyodo_geo.model.indicators import UnitCounts
from kyodo_geo.provenance import Source, Unknown

NO_EARLIER = Unknown("前の国勢調査に値がない")
NO_LATER = Unknown("新しい国勢調査に値がない")


@dataclass(frozen=True)
class Change:
    """Households of a place in the earlier and the later census; `by` and `percent` are of the change between them."""

    code: str
    name: str
    place: str
    before: int | Unknown
    after: int | Unknown

    @property
    def by(self) -> int | Unknown:
        """Households more (or fewer, below 0) than in the census before; unknown where either is."""
        if isinstance(self.before, Unknown) or isinstance(self.after, Unknown):
            return self.before if isinstance(self.before, Unknown) else NO_LATER
        return self.after - self.before

    @property
    def percent(self) -> float | Unknown:
        """The change in % of the census before; unknown where that is unknown or 0."""
        change = self.by
        if isinstance(change, Unknown) or isinstance(self.before, Unknown):
            return NO_EARLIER if isinstance(self.before, Unknown) else NO_LATER
        return 100 * change / self.before if self.before else Unknown("前の国勢調査が0世帯")


@dataclass(frozen=True)
class HouseholdChanges:
    """The change of households between two censuses at four levels; `sources` are both censuses and the lines.

    `small` are those of known change, largest fall first (ties by key); `silent` those without a value in either census.
    """

    earlier: date
    later: date
    small: tuple[Change, ...]
    silent: tuple[Change, ...]
    districts: tuple[Change, ...]
    areas: tuple[Change, ...]
    city: Change
    caution: str
    sources: tuple[Source, ...]

    @property
    def years(self) -> str:
        """The two years: 2015→2020."""
        return f"{self.earlier.year}→{self.later.year}"


def household_changes(
    city: City,
    on: date,
    districts: Mapping[str, UnitCounts],
    areas: Mapping[str, UnitCounts],
    whole: UnitCounts,
) -> HouseholdChanges | Unknown:
    """Return the fall of households on the lines of a day; Unknown where there is only one census.

    `districts`, `areas` and `whole` are the counts of that day. Parts of one small area are counted together: the
    census before may know no parts.
    """
    if len(city.censuses) < 2:
        return Unknown("国勢調査が1回分しかない")
    before, after = city.censuses[-2:]
    years = (before.year, after.year)
    small = _small_areas(city, on)
    known = [one for one in small if not isinstance(one.by, Unknown)]
    names = {code: str(city.names.loc[code, "district"]) for code in districts}
    return HouseholdChanges(
        earlier=before.day,
        later=after.day,
        small=tuple(sorted(known, key=_by_fall)),
        silent=tuple(one for one in small if isinstance(one.by, Unknown)),
        districts=tuple(
            _of_unit(unit, years, code, names[code], city.area_of(code)) for code, unit in districts.items()
        ),
        areas=tuple(_of_unit(unit, years, "", name, name) for name, unit in areas.items()),
        city=_of_unit(whole, years, "", city.facts.name, ""),
        caution=city.facts.cautions.get("household_change", ""),
        sources=(after.source, before.source, city.sources["small_areas"]),
    )


def _of_unit(unit: UnitCounts, years: tuple[int, int], code: str, name: str, place: str) -> Change:
    return Change(code, name, place, unit.households[years[0]], unit.households[years[1]])


def _by_fall(change: Change) -> tuple[float, str]:
    return (0 if isinstance(change.by, Unknown) else change.by), change.code


def _small_areas(city: City, on: date) -> list[Change]:
    """Return every small area with a household in one census or the other, or with no value in one."""
    before, after = (_by_key(census.counts["households"]) for census in city.censuses[-2:])
    home, areas = city.homes(on), city.small_areas
    found = []
    for key, name in dict(zip(areas["key_code"][::-1], areas["name"][::-1], strict=True)).items():
        was, now = before.get(key, NO_EARLIER), after.get(key, NO_LATER)
        if was or now:
            district = str(city.names.loc[home[key], "district"])
            found.append(Change(str(key), str(name), district, was, now))
    return found


def _by_key(counts: pd.Series) -> dict[str, int]:
    """Add the parts of a small area under its key."""
    summed = counts.groupby(lambda key: str(key).split("-")[0]).sum()
    return {str(key): int(count) for key, count in summed.items()}
