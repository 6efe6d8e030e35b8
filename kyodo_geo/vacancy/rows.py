"""Rows of vacant dwellings: of districts or groups of them, of areas and of the city, each with both numbers of its rate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kyodo_geo.city import City
from kyodo_geo.figures.vacancy import VacancyStudy, names_of
from kyodo_geo.model.rates import WEAK_BELOW
from kyodo_geo.model.vacancy.groups import Group
from kyodo_geo.provenance import Basis, Unknown

Count = int | Unknown
_SILENT = Unknown("一覧に行のない地区がある")
_ACROSS = Unknown("ほかの地域の地区と合わせて示す")
_LOOSE = Unknown("地区の決まらない行がある")
_NO_HOME = Unknown("住宅がない")


@dataclass(frozen=True)
class VacancyRow:
    """Vacant dwellings and all dwellings of a district, of districts together, of an area or of the city.

    `codes` are the districts it speaks of; `vacant` is `dwellings`' part where both are known.
    """

    codes: tuple[str, ...]
    name: str
    area: str
    vacant: Count
    dwellings: Count

    @property
    def percent(self) -> float | Unknown:
        """The share of vacant dwellings in %; unknown where either number is, or where there is no dwelling."""
        if isinstance(self.vacant, Unknown):
            return self.vacant
        if isinstance(self.dwellings, Unknown):
            return self.dwellings
        return 100 * self.vacant / self.dwellings if self.dwellings else _NO_HOME

    @property
    def weak(self) -> bool:
        """Whether the rate stands on so few dwellings that it must not be read closely."""
        return isinstance(self.dwellings, int) and 0 < self.dwellings < WEAK_BELOW


def under(k: int) -> Unknown:
    """Return what stands for a number of 1 to k - 1 in public."""
    return Unknown(f"{k}戸未満")


def district_rows(city: City, base: VacancyStudy) -> tuple[VacancyRow, ...]:
    """Return a row for each district as it was counted: for staff only."""
    singles = [Group((code,), _known(base, code)) for code in base.listing.districts]
    return group_rows(city, base, singles)


def group_rows(city: City, base: VacancyStudy, groups: Iterable[Group]) -> tuple[VacancyRow, ...]:
    """Return a row for each group of districts; a group of too few has no number at all."""
    names = names_of(city, base.listing.districts)
    return tuple(_group_row(city, base, group, names) for group in groups)


def _group_row(city: City, base: VacancyStudy, group: Group, names: dict[str, str]) -> VacancyRow:
    together = "(合わせて)" if group.merged else ""
    areas = dict.fromkeys(city.area_of(code) for code in group.members)
    vacant: Count = under(base.k) if group.count is None else group.count
    if not group.merged and group.count is not None:
        vacant = base.counts.vacant[group.members[0]]
    dwellings: Count = vacant
    if not isinstance(vacant, Unknown):
        dwellings = add(base.denominator.per_district.get(code, _SILENT) for code in group.members)
    name = "・".join(names[code] for code in group.members)
    return VacancyRow(group.members, f"{name}{together}", "・".join(areas), vacant, dwellings)


def area_rows(city: City, rows: Sequence[VacancyRow]) -> tuple[VacancyRow, ...]:
    """Return a row for each area: the sum of its rows, unknown where one reaches beyond it or is unknown itself."""
    codes = {code for row in rows for code in row.codes}
    areas = dict.fromkeys(city.area_of(str(code)) for code in city.names.index if code in codes)
    return tuple(_area_row(city, area, rows) for area in areas)


def _area_row(city: City, area: str, rows: Sequence[VacancyRow]) -> VacancyRow:
    mine = [row for row in rows if any(city.area_of(code) == area for code in row.codes)]
    codes = tuple(code for row in mine for code in row.codes)
    if any(city.area_of(code) != area for code in codes):
        return VacancyRow(codes, area, area, _ACROSS, _ACROSS)
    if any(isinstance(row.vacant, Unknown) for row in mine):
        silent = next(row.vacant for row in mine if isinstance(row.vacant, Unknown))
        reason = silent if len(mine) == 1 else _SILENT
        return VacancyRow(codes, area, area, reason, reason)
    return VacancyRow(codes, area, area, add(row.vacant for row in mine), add(row.dwellings for row in mine))


def city_row(city: City, base: VacancyStudy, *, public: bool) -> VacancyRow:
    """Return the row of the city: all dwellings of the list's year, those of no known district included.

    In public, 1 to k - 1 dwellings of no known district are left out: the city less the groups would show them. It is
    unknown where the list has no row of some district, for then nobody counted there.
    """
    codes, name = base.listing.districts, city.facts.name
    placed = sum(_known(base, code) for code in codes)
    loose = base.counts.unplaced
    if public and 0 < placed < base.k:
        return VacancyRow(codes, name, "", under(base.k), under(base.k))
    if public and loose < base.k:
        loose = 0
    dwellings = add(base.denominator.per_district.get(code, _SILENT) for code in codes)
    silent = any(isinstance(base.counts.vacant[code], Unknown) for code in codes)
    if silent and not base.whole_city:
        return VacancyRow(codes, name, "", _SILENT, _SILENT)
    if loose and not isinstance(dwellings, Unknown):
        # Households count lived-in dwellings only, so vacant ones are added; a list's own dwellings lack these rows'
        dwellings = dwellings + loose if base.denominator.basis is Basis.ESTIMATED else _LOOSE
    return VacancyRow(codes, name, "", placed + loose, dwellings)


def add(numbers: Iterable[Count]) -> Count:
    """Add numbers; one unknown makes the sum unknown, with its reason."""
    total = 0
    for one in numbers:
        if isinstance(one, Unknown):
            return one
        total += one
    return total


def _known(base: VacancyStudy, code: str) -> int:
    """Return the count of a district, 0 where the list has no row of it."""
    found = base.counts.vacant[code]
    return 0 if isinstance(found, Unknown) else found
