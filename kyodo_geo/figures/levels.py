"""What is counted at the three levels, shipped data and opened tables together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kyodo_geo.city import City
from kyodo_geo.evidence.ages import DistrictAges, ages_by_district, groups_of, unknown_groups, whole_of
from kyodo_geo.evidence.homes import elderly_homes
from kyodo_geo.figures.vacancy import VacancyStudy, homes_by_district, homes_of_city, vacancy_study
from kyodo_geo.model.indicators import AGE_GROUPS, Homes, UnitCounts, sum_counts
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
    return Levels(districts, areas, _city(city, districts, years, study), known, brought, study)


def published_age_years(city: City) -> list[int]:
    """Return the census years with published ages of the city; none beside an opened register, which is never mixed in."""
    return sorted(city.ages) if city.evidence.counted_by in {"", _CENSUS} else []


def _ages_of(brought: DistrictAges | None, code: str) -> Mapping[str, Amount]:
    if brought is None:
        return unknown_groups()
    if code not in brought.filled:
        return dict.fromkeys(unknown_groups(), Unknown("開いた表に行がない"))
    return groups_of(brought.table, brought.table.units.index(code))


def _city(
    city: City, districts: Mapping[str, UnitCounts], years: Sequence[int], study: VacancyStudy | None
) -> UnitCounts:
    """Return the counts of the city: the whole of an opened table, rows without a place included, else what is published."""
    whole = sum_counts(districts.values())
    opened = {one.day.year: groups_of(whole_of(one), 0) for one in city.evidence.ages}
    homes = {
        one.day.year: Homes(float(one.with_elderly.sum()), float(one.households.sum()))
        for one in city.evidence.elderly
    }
    schools = [school for school in city.closed_schools if school.kind in city.SCHOOL_KINDS]
    return replace(
        whole,
        ages={year: opened[year] if year in opened else published_ages(city, year) for year in years},
        elderly_homes=homes,
        vacancy={study.year: homes_of_city(study)} if study else {},
        closed_schools=len(schools) if schools else NOT_PUBLISHED,
        wards=len(city.wards),
    )


def published_ages(city: City, year: int) -> dict[str, Amount]:
    """Return the published ages of the city in a census year by group; a group nobody has published is unknown."""
    ages, homes = city.ages[year], city.households.get(year, {})
    groups: dict[str, Amount] = {name: float(ages[column]) for name, column in _PUBLISHED.items()}
    known = float(sum(ages[column] for column in _PUBLISHED.values()))
    over_75 = float(homes["age_75_over"]) if "age_75_over" in homes else NOT_PUBLISHED
    rest = dict.fromkeys((name for name in AGE_GROUPS if name not in groups), NOT_PUBLISHED)
    return {**rest, **groups, "over_75": over_75, "known": known, "total": float(ages["population"])}
