"""Vacant dwellings for the map: rate and count of each district as they may be shown, and the points for staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kyodo_geo.model.figures import Figures, MapPoint
from kyodo_geo.model.indicators import Homes, Indicator, UnitCounts, Value, indicator
from kyodo_geo.model.rates import is_weak, places_of
from kyodo_geo.model.vacancy.values import SOURCE_CLASSES, VacantRecord
from kyodo_geo.provenance import Unknown
from kyodo_geo.vacancy.rows import Count, VacancyRow
from kyodo_geo.vacancy.study import Ground, PublicVacancy, StaffVacancy

INDICATORS = ("vacancy_rate", "vacant_dwellings")


def vacancy_figures(shown: PublicVacancy | StaffVacancy, units: Mapping[str, UnitCounts]) -> list[Figures]:
    """Return rate and count of the districts in `units`, their areas and the city, of the rows that are shown.

    In public a district of few stands in a row with others: its own value is Unknown, and so is its number of dwellings.
    """
    rows = shown.groups if isinstance(shown, PublicVacancy) else shown.rows
    homes = {code: _own(row) for row in rows for code in row.codes}
    counted = {
        code: replace(unit, vacancy={shown.ground.year: homes[code]})
        for code, unit in units.items()
        if code in homes
    }
    return [_figures(indicator(name), shown, counted) for name in INDICATORS]


def _own(row: VacancyRow) -> Homes:
    if len(row.codes) > 1 and not isinstance(row.vacant, Unknown):
        shared = Unknown("少ない地区と合わせて示す")
        return Homes(shared, shared)
    return _homes(row)


def _homes(row: VacancyRow) -> Homes:
    return Homes(_amount(row.vacant), _amount(row.dwellings))


def _amount(count: Count) -> float | Unknown:
    return count if isinstance(count, Unknown) else float(count)


def _figures(
    item: Indicator, shown: PublicVacancy | StaffVacancy, units: Mapping[str, UnitCounts]
) -> Figures:
    ground, year = shown.ground, shown.ground.year
    unit = next(iter(units.values()))

    def of(row: VacancyRow) -> Value:
        return item.compute(replace(unit, vacancy={year: _homes(row)}), year, year)

    values = {code: item.compute(one, year, year) for code, one in units.items()}
    rate = item.share is not None
    return Figures(
        indicator=item,
        year=year,
        before=year,
        reference_date=f"{year}年",
        districts=values,
        areas={row.name: of(row) for row in shown.areas},
        city=of(shown.city),
        caution=_caution(item, ground) if rate else item.caution,
        basis=ground.rate if rate else ground.count,
        whole_basis=ground.whole_rate if rate else ground.whole_count,
        # Without the census of the denominator, or the map would say that the vacant dwellings are counted by it
        sources=(ground.sources[0], ground.sources[-1]),
        weak=frozenset(code for code, one in units.items() if is_weak(item, one, year)),
        rank_ranges=places_of(item, units, values, year),
    )


def _caution(item: Indicator, ground: Ground) -> str:
    return f"{item.caution}。分母: {ground.denominator}"


def staff_points(records: Sequence[VacantRecord]) -> list[MapPoint]:
    """Return a point for each record with a position, named by state and source alone: no address, no number of a row."""
    return [
        MapPoint("vacant", point_name(one), one.lon, one.lat, "")
        for one in records
        if one.lon is not None and one.lat is not None
    ]


def point_name(record: VacantRecord) -> str:
    """Return the words of a point: 状態 A、現地調査; several dwellings at one point are counted."""
    number = f"、{record.count}戸" if record.count != 1 else ""
    return f"状態 {record.state or '不明'}、{SOURCE_CLASSES[record.source_class]}{number}"
