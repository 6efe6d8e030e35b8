"""An opened list of vacant dwellings laid over the districts of a day, as staff see it and as it may be published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import shapely

from kyodo_geo.city import City
from kyodo_geo.errors import InputRefused
from kyodo_geo.evidence.coverage import partly_covered
from kyodo_geo.model.indicators import Homes
from kyodo_geo.model.indicators.counts import Amount, add
from kyodo_geo.model.vacancy.groups import LEAST_K, Group, merge_small_groups
from kyodo_geo.model.vacancy.measures import VacancyCounts, VacancyList, count_vacancies
from kyodo_geo.model.vacancy.rates import Denominator, census_dwellings, own_dwellings, vacancy_rates
from kyodo_geo.model.vacancy.values import VacantRecord
from kyodo_geo.provenance import Basis, Unknown
from kyodo_geo.sources.visit.vacancy.read import VacancyRead

_SILENT = Unknown("一覧に行のない地区がある")


@dataclass(frozen=True, eq=False)
class VacancyStudy:
    """A list over districts: what was counted in one survey year, by what it is divided, and the groups for the public.

    `listing` ties every record to a district, those with nothing but a point outside the city (`outside`) left out; `k`
    is the least number a published place holds. `whole_city` says that the survey covered the whole city.
    """

    listing: VacancyList
    counts: VacancyCounts
    denominator: Denominator
    groups: tuple[Group, ...]
    k: int
    outside: tuple[VacantRecord, ...] = ()
    whole_city: bool = False

    @property
    def year(self) -> int:
        """The survey year."""
        return self.counts.year

    @property
    def other_years(self) -> tuple[int, ...]:
        """The other survey years of the list, whose dwellings stand in no count."""
        return tuple(sorted({one.year for one in self.listing.records} - {self.year}))

    def public(self, code: str) -> int | Unknown:
        """Return the count of a district as it may be published: unknown where a district of few stands with it."""
        group = next(group for group in self.groups if code in group.members)
        if group.merged or group.count is None:
            return Unknown(f"{self.k}戸未満の地区と合わせて示す")
        return self.counts.vacant[code]


def vacancy_study(
    city: City,
    on: date,
    *,
    year: int | None = None,
    k: int = LEAST_K,
    households: Mapping[str, int] | None = None,
) -> VacancyStudy | None:
    """Return the study of the list the city was brought, None without one.

    It is None on earlier lines too: numbers on both lines, one taken from the other, would give away places of few.
    `year` None is the survey year with the most dwellings (the newest of equals). `households` are those of the newest
    census by district, counted here where they are not given. InputRefused names places with more vacant than dwellings.
    """
    lines = city.lines(on)
    if city.evidence.vacancy is None or any(code != was for code, was in lines.items()):
        return None
    codes = tuple(dict.fromkeys(lines.values()))
    listing, outside = _listing(city, on, city.evidence.vacancy, codes)
    if not listing.records:
        raise InputRefused(
            f"{city.evidence.vacancy.opened.name}: 市の中にある空き家の行が1つもありません。",
            todo="別の市の一覧でないか、緯度と経度が入れ替わっていないか確かめてください",
        )
    counts = count_vacancies(listing, year=year or _fullest_year(listing))
    denominator = _denominator(city, on, listing, counts, households or _households(city, on))
    vacancy_rates(counts, denominator, names=names_of(city, codes))
    known = {code: found for code, found in counts.vacant.items() if isinstance(found, int)}
    groups = merge_small_groups(
        {code: known.get(code, 0) for code in codes}, k=k, neighbours=neighbours_of(city, on)
    )
    return VacancyStudy(listing, counts, denominator, groups, k, outside, city.evidence.whole_city)


def _listing(
    city: City, on: date, brought: VacancyRead, codes: tuple[str, ...]
) -> tuple[VacancyList, tuple[VacantRecord, ...]]:
    """Tie the records to districts; those whose only place is a point outside the city are given apart.

    A survey of the whole city is taken as complete only where every row of its list was read and has a district: a row
    that was kept back may be that of a district without another.
    """
    places = places_of(city, on, brought.records)
    away = [
        not place and not one.keys and not one.district and one.lon is not None
        for one, place in zip(brought.records, places, strict=True)
    ]
    kept = [(one, place) for one, place, out in zip(brought.records, places, away, strict=True) if not out]
    whole = city.evidence.whole_city and not brought.opened.left_out and all(place for _, place in kept)
    listing = VacancyList(
        tuple(one for one, _ in kept),
        tuple(place for _, place in kept),
        codes,
        complete=whole,
        basis=brought.opened.source.basis,
    )
    return listing, tuple(one for one, out in zip(brought.records, away, strict=True) if out)


def _fullest_year(listing: VacancyList) -> int | None:
    dwellings: Counter[int] = Counter()
    for one in listing.records:
        dwellings[one.year] += one.count
    return max(dwellings, key=lambda year: (dwellings[year], year), default=None)


def names_of(city: City, codes: tuple[str, ...]) -> dict[str, str]:
    """Return the name of each district."""
    return {code: str(city.names.loc[code, "district"]) for code in codes}


def places_of(city: City, on: date, records: tuple[VacantRecord, ...]) -> tuple[str, ...]:
    """Return the district of each record: by its small area, else as the file says, else by its point; "" for none."""
    home = city.homes(on)
    told = [_told_place(one, home) for one in records]
    asked = [
        at for at, one in enumerate(records) if not told[at] and one.lon is not None and one.lat is not None
    ]
    points = [(records[at].lon or 0.0, records[at].lat or 0.0) for at in asked]
    for at, code in zip(asked, city.districts_of(points, on), strict=True):
        told[at] = code
    return tuple(told)


def _told_place(one: VacantRecord, home: Mapping[str, str]) -> str:
    """Return the district of a record by what the file says, "" where that leaves it open."""
    found = {home[key] for key in one.keys}
    return found.pop() if len(found) == 1 else home.get(one.district, "")


def neighbours_of(city: City, on: date) -> dict[str, tuple[str, ...]]:
    """Return the districts that share a border with each district of a day."""
    shapes = city.shapes(on)
    tree = shapely.STRtree(shapes.to_numpy())
    mine, theirs = tree.query(shapes.to_numpy(), predicate="intersects")
    codes = [str(code) for code in shapes.index]
    found: dict[str, list[str]] = {code: [] for code in codes}
    for one, other in zip(mine.tolist(), theirs.tolist(), strict=True):
        if one != other:
            found[codes[one]].append(codes[other])
    return {code: tuple(others) for code, others in found.items()}


def _households(city: City, on: date) -> dict[str, int]:
    return {code: unit.households[city.latest.year] for code, unit in city.counts(on).items()}


def _denominator(
    city: City, on: date, listing: VacancyList, counts: VacancyCounts, households: Mapping[str, int]
) -> Denominator:
    """Return the dwellings the list itself gives where its rows cover every district in it, else households and vacant ones.

    The dwellings of one small area are not those of its district.
    """
    own = own_dwellings(listing, year=counts.year)
    mine = [
        (one.keys, place)
        for one, place in zip(listing.records, listing.places, strict=True)
        if one.year == counts.year
    ]
    named = {place for keys, place in mine if place and not keys}
    covered = {key for keys, _ in mine for key in keys}
    part = partly_covered(covered, city.homes(on), city.people_by_key) - named
    if counts.listed and not any(
        isinstance(own.per_district[code], Unknown) or code in part for code in counts.listed
    ):
        return own
    return census_dwellings(counts, households)


def homes_by_district(study: VacancyStudy) -> dict[str, Homes]:
    """Return vacant and all dwellings of each district, as they may be published.

    Where the vacant ones may not be told, all dwellings are not either: by households they would tell them.
    """
    homes = {}
    for code in study.listing.districts:
        vacant = study.public(code)
        hidden = isinstance(vacant, Unknown)
        homes[code] = Homes(vacant, vacant if hidden else _known(study.denominator.per_district, code))
    return homes


def homes_of_city(study: VacancyStudy) -> Homes:
    """Return vacant and all dwellings of the city, as they may be published.

    Rows of no known district count, unless they are 1 to k − 1: the difference to the districts would tell them. All
    dwellings are unknown where a district has no row, and where the list gives its own and some rows have no district.
    """
    vacant = sum(one.count for one in study.listing.records if one.year == study.year)
    few, loose = Unknown(f"{study.k}戸未満"), study.counts.unplaced
    if any(group.count is None for group in study.groups):
        return Homes(few, few)
    if loose < study.k:
        vacant, loose = vacant - loose, 0
    whole = add(_known(study.denominator.per_district, code) for code in study.listing.districts)
    silent = any(isinstance(study.counts.vacant[code], Unknown) for code in study.listing.districts)
    if silent and not study.whole_city:
        return Homes(_SILENT, _SILENT)
    if isinstance(whole, Unknown):
        return Homes(float(vacant), whole)
    if loose and study.denominator.basis is not Basis.ESTIMATED:
        return Homes(float(vacant), Unknown("地区の決まらない行がある"))
    # Households are lived in: vacant dwellings of no known district are dwellings beside them
    return Homes(float(vacant), whole + loose)


def _known(numbers: Mapping[str, int | Unknown], code: str) -> Amount:
    found = numbers.get(code, Unknown("住宅数がない"))
    return found if isinstance(found, Unknown) else float(found)
