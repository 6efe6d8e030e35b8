"""An opened list of vacant dwellings as a page shows it: what may be published, and beside it what only staff see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np

from geo.crs import to_plane
from kyodo_geo.city import City
from kyodo_geo.figures.vacancy import VacancyStudy, neighbours_of, vacancy_study
from kyodo_geo.model.vacancy.choice import VacancyChoice
from kyodo_geo.model.vacancy.grid import Floats, GridRule, PublicPicture, publish
from kyodo_geo.model.vacancy.groups import PublicStates, public_states
from kyodo_geo.model.vacancy.measures import NOT_STATED, years
from kyodo_geo.model.vacancy.values import VacantRecord
from kyodo_geo.provenance import Basis, Source, Unknown, weakest
from kyodo_geo.sources.visit.sheets.places import Unfound
from kyodo_geo.vacancy.rows import VacancyRow, area_rows, city_row, district_rows, group_rows

NO_STATE = Unknown("一覧に状態の記載がない")
NO_SOURCE = Unknown("一覧に調査の方法の記載がない")


@dataclass(frozen=True)
class Ground:
    """On what the numbers of a list stand: year, name of the denominator, the file, and the basis of each kind of number.

    `count` and `rate` speak of districts, whose lines are ours; `whole_count` and `whole_rate` of the city.
    """

    year: int
    denominator: str
    file: Source
    sources: tuple[Source, ...]
    count: Basis
    rate: Basis
    whole_count: Basis
    whole_rate: Basis


@dataclass(frozen=True)
class Told:
    """How much of a list may be told of what does not fit, in public: 0, a number of k or more, or unknown below k."""

    unplaced: int | Unknown
    outside: int | Unknown
    elsewhere: int | Unknown


@dataclass(frozen=True, eq=False)
class PublicVacancy:
    """All that may be published of a list at one k: no point, no row, no number of 1 to k - 1 in it.

    `groups`, `areas` and `city` are the table; `states` and `sources` the classes as far as they may be shown, Unknown
    where the list says nothing of them; `picture` the grid, None for a list without positions or with fewer than k.
    """

    k: int
    ground: Ground
    groups: tuple[VacancyRow, ...]
    areas: tuple[VacancyRow, ...]
    city: VacancyRow
    states: PublicStates | Unknown
    sources: PublicStates | Unknown
    picture: PublicPicture | None
    told: Told


@dataclass(frozen=True, eq=False)
class StaffVacancy:
    """The list as it is, for staff: rows of districts, records of the year, and what a human must look at.

    `unplaced` are the records of no known district, `unfound` the names that fit no place or several; `outside` are the
    lines whose point lies outside the city, `elsewhere` those whose point lies in another district than the row says.
    """

    base: VacancyStudy
    ground: Ground
    rows: tuple[VacancyRow, ...]
    areas: tuple[VacancyRow, ...]
    city: VacancyRow
    records: tuple[VacantRecord, ...]
    unplaced: tuple[VacantRecord, ...]
    unfound: tuple[Unfound, ...]
    outside: tuple[int, ...]
    elsewhere: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class ListStudy:
    """A list at one year and k: the public part, the staff's part, and the years there are to choose from."""

    years: tuple[int, ...]
    public: PublicVacancy
    staff: StaffVacancy


def list_study(city: City, on: date, choice: VacancyChoice) -> ListStudy | None:
    """Return the study of the list the city was brought, None without one.

    Raises InputRefused for a year that is not in it and for more vacant dwellings than dwellings.
    """
    brought = city.evidence.vacancy
    base = vacancy_study(city, on, year=choice.year, k=choice.k)
    if brought is None or base is None:
        return None
    ground = _ground(city, base, brought.opened.source)
    points = _Points.of(city, on, base)
    loose = tuple(one for one, place in zip(points.records, points.places, strict=True) if not place)
    rows = district_rows(city, base)
    staff = StaffVacancy(
        base, ground, rows, area_rows(city, rows), city_row(city, base, public=False), points.records, loose,
        brought.unfound, points.outside, points.elsewhere,
    )  # fmt: skip
    return ListStudy(years(brought.records), _public(city, on, staff, points), staff)


def _ground(city: City, base: VacancyStudy, file: Source) -> Ground:
    lines = city.sources["small_areas"]
    counts = weakest([file.basis, *(base.counts.bases[code] for code in base.counts.listed)])
    rates = weakest([counts, base.denominator.basis])
    census = (city.latest.source,) if base.denominator.basis is Basis.ESTIMATED else ()
    return Ground(
        base.year, base.denominator.label, file, (file, *census, lines),
        weakest([counts, lines.basis]), weakest([rates, lines.basis]), counts, rates,
    )  # fmt: skip


def _public(city: City, on: date, staff: StaffVacancy, points: _Points) -> PublicVacancy:
    base = staff.base
    groups = group_rows(city, base, base.groups)
    told = Told(
        *(_few(number, base.k) for number in (base.counts.unplaced, len(staff.outside), len(staff.elsewhere)))
    )
    return PublicVacancy(
        base.k,
        staff.ground,
        groups,
        area_rows(city, groups),
        city_row(city, base, public=True),
        _classes(base, base.counts.by_state, NO_STATE),
        _classes(base, base.counts.by_source, NO_SOURCE),
        points.picture(city, on, base),
        told,
    )


def _few(number: int, k: int) -> int | Unknown:
    return Unknown(f"{k}件未満") if 0 < number < k else number


def _classes(
    base: VacancyStudy, found: Mapping[str, Mapping[str, int] | Unknown], nothing: Unknown
) -> PublicStates | Unknown:
    """Return the classes that may be shown; `nothing` where no row of any district states one."""
    by_district = {code: _stated(base, code, found[code]) for code in base.listing.districts}
    unsaid = {NOT_STATED, "unknown"}
    if not any(
        number for classes in by_district.values() for key, number in classes.items() if key not in unsaid
    ):
        return nothing
    return public_states(base.groups, by_district, k=base.k)


def _stated(base: VacancyStudy, code: str, classes: Mapping[str, int] | Unknown) -> Mapping[str, int]:
    if not isinstance(classes, Unknown):
        return classes
    vacant = base.counts.vacant[code]
    return {} if isinstance(vacant, Unknown) else {NOT_STATED: vacant}


@dataclass(frozen=True, eq=False)
class _Points:
    """The records of the year with their districts, and in which district each point lies ("" outside the city).

    `away` are the lines of records that are not counted: nothing is known of them but a point outside the city.
    """

    records: tuple[VacantRecord, ...]
    places: tuple[str, ...]
    by_point: tuple[str | None, ...]
    away: tuple[int, ...]

    @classmethod
    def of(cls, city: City, on: date, base: VacancyStudy) -> _Points:
        both = zip(base.listing.records, base.listing.places, strict=True)
        mine = [(one, place) for one, place in both if one.year == base.year]
        away = tuple(one.line for one in base.outside if one.year == base.year)
        points = [(one.lon, one.lat) for one, _ in mine if one.lon is not None and one.lat is not None]
        located = iter(city.districts_of(points, on))
        by_point = tuple(
            next(located) if one.lon is not None and one.lat is not None else None for one, _ in mine
        )
        return cls(tuple(one for one, _ in mine), tuple(place for _, place in mine), by_point, away)

    @property
    def outside(self) -> tuple[int, ...]:
        """The lines whose point lies outside the city, those that say no other place (and are not counted) first."""
        return (*self.away, *self._lines(lambda point, _: point == ""))

    @property
    def elsewhere(self) -> tuple[int, ...]:
        """The lines whose point lies in another district than the row says."""
        return self._lines(lambda point, place: bool(point) and bool(place) and point != place)

    def _lines(self, wanted: Callable[[str | None, str], bool]) -> tuple[int, ...]:
        whole = zip(self.records, self.by_point, self.places, strict=True)
        return tuple(one.line for one, point, place in whole if wanted(point, place))

    def picture(self, city: City, on: date, base: VacancyStudy) -> PublicPicture | None:
        """Return the grid, None where it would have no cell.

        A point outside the city counts as no position, for it can be none of a dwelling in it.
        """
        at = [row for row, point in enumerate(self.by_point) if point and self.places[row]]
        if not at:
            return None
        times = [self.records[row].count for row in at]
        counts = {
            code: 0 if isinstance(found, Unknown) else found for code, found in base.counts.vacant.items()
        }
        found = publish(
            np.repeat(_plane(city, on, [self.records[row] for row in at]), times, axis=0),
            np.repeat(np.array([self.places[row] for row in at], dtype=object), times).tolist(),
            counts=counts,
            neighbours=neighbours_of(city, on),
            rule=GridRule(base.k),
        )
        return found if found.cells else None


def _plane(city: City, on: date, records: Sequence[VacantRecord]) -> Floats:
    """Return the points (n, 2) in metres, in the plane of the city."""
    shapes = city.shapes(on)
    points = gpd.GeoSeries.from_xy([one.lon for one in records], [one.lat for one in records], crs=shapes.crs)
    placed = points.to_crs(to_plane(shapes).crs)
    return np.column_stack([placed.x.to_numpy(), placed.y.to_numpy()]).astype(np.float64)
