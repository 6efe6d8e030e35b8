"""What is counted at the three levels, shipped data and opened tables together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kyodo_geo.city import City
from kyodo_geo.evidence.ages import DistrictAges, ages_by_district, groups_of, unknown_groups, whole_of
from kyodo_geo.evidence.coverage import PART_ONLY
from kyodo_geo.evidence.homes import elderly_homes
from kyodo_geo.figures.vacancy import VacancyStudy, homes_by_district, homes_of_city, vacancy_study
from kyodo_geo.model.indicators import AGE_GROUPS, UnitCounts, sum_counts
from kyodo_geo.model.indicators.counts import NOT_PUBLISHED, Amount
from kyodo_geo.provenance import Unknown

_CENSUS = "国勢調査"
# The city's published ages: group -> column of the table of that name
_PUBLISHED = {"under_15": "age_0_14", "working": "age_15_64", "over_65": "age_65_over"}


@dataclass(frozen=True, eq=False)
class Levels:
    """The counts of districts, areas and city on a day; `years` are those of each kind of table.

    `brought` holds the opened age tables by year on the district lines, `vacancy` the opened list on them.
    """

    districts: Mapping[str, UnitCounts]
    areas: Mapping[str, UnitCounts]
    city: UnitCounts
    years: Mapping[str, Sequence[int]]
    brought: Mapping[int, DistrictAges]
    vacancy: VacancyStudy | None


def levels_of(city: City, on: date) -> Levels:
    """Return what is counted on the lines of a day; NotInForce before the first."""
    plain = city.counts(on)
    home = city.homes(on)
    brought = {
        one.day.year: ages_by_district(one, home, city.people_by_key, tuple(plain))
        for one in city.evidence.ages
    }
    newest = {code: unit.households[city.latest.year] for code, unit in plain.items()}
    study = vacancy_study(city, on, households=newest)
    years = sorted({*brought, *published_age_years(city)})
    homes = {
        one.day.year: elderly_homes(one, home, city.people_by_key, tuple(plain))
        for one in city.evidence.elderly
    }
    vacant = homes_by_district(study) if study else {}
    districts = {
        code: replace(
            unit,
            ages={year: _ages_of(brought.get(year), code) for year in years},
            elderly_homes={year: found[code] for year, found in homes.items()},
            vacancy={study.year: vacant[code]} if study else {},
        )
        for code, unit in plain.items()
    }
    areas = {
        area: sum_counts(districts[code] for code in districts if city.area_of(code) == area)
        for area in dict.fromkeys(city.area_of(code) for code in districts)
    }
    known = {"census": [census.year for census in city.censuses], "status": [on.year], "ages": years,
             "homes": sorted(homes), "vacancy": [study.year] if study else []}  # fmt: skip
    return Levels(districts, areas, _city(city, districts, years, brought, study, on), known, brought, study)


def published_age_years(city: City) -> list[int]:
    """Return the census years with published ages of the city; none beside an opened register, which is never mixed in."""
    return sorted(city.ages) if city.evidence.counted_by in {"", _CENSUS} else []


def _ages_of(brought: DistrictAges | None, code: str) -> Mapping[str, Amount]:
    if brought is None:
        return unknown_groups()
    if code in brought.partial:
        return dict.fromkeys(unknown_groups(), PART_ONLY)
    if code not in brought.filled:
        return dict.fromkeys(unknown_groups(), Unknown("開いた表に行がない"))
    return groups_of(brought.table, brought.table.units.index(code))


def _city(  # noqa: PLR0913, PLR0917 - the levels below, what was opened, and the day
    city: City,
    districts: Mapping[str, UnitCounts],
    years: Sequence[int],
    brought: Mapping[int, DistrictAges],
    study: VacancyStudy | None,
    on: date,
) -> UnitCounts:
    """Return the counts of the city: those of an opened table that speaks of all of it, else what is published."""
    whole = sum_counts(districts.values())
    return replace(
        whole,
        ages={year: _city_ages(city, year, brought) for year in years},
        vacancy={study.year: homes_of_city(study)} if study else {},
        closed_schools=_city_schools(city, on),
        wards=len(city.wards_by(on)),
    )


def _city_schools(city: City, on: date) -> Amount:
    """Return the schools that closed by the year of a day, wherever they lay; unknown before the source begins."""
    first = min((one.year for one in city.closed_schools), default=None)
    if first is None or on.year < first:
        return NOT_PUBLISHED if first is None else Unknown(f"資料は{first}年から")
    return len(city.closed_by(on))


def _city_ages(city: City, year: int, brought: Mapping[int, DistrictAges]) -> Mapping[str, Amount]:
    if year in brought and brought[year].whole:
        read = next(one for one in city.evidence.ages if one.day.year == year)
        return groups_of(whole_of(read), 0)
    if year in city.ages and year in published_age_years(city):
        return published_ages(city, year)
    return dict.fromkeys(unknown_groups(), Unknown("開いた表は市の全体ではない"))


def published_ages(city: City, year: int) -> dict[str, Amount]:
    """Return the published ages of the city in a census year by group; a group nobody has published is unknown."""
    ages, homes = city.ages[year], city.households.get(year, {})
    groups: dict[str, Amount] = {name: float(ages[column]) for name, column in _PUBLISHED.items()}
    known = float(sum(ages[column] for column in _PUBLISHED.values()))
    over_75 = float(homes["age_75_over"]) if "age_75_over" in homes else NOT_PUBLISHED
    rest = dict.fromkeys((name for name in AGE_GROUPS if name not in groups), NOT_PUBLISHED)
    return {**rest, **groups, "over_75": over_75, "known": known, "total": float(ages["population"])}
