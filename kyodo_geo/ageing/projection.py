"""The projection of a city from two opened tables 5 years apart: what is counted and what is projected, at three levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from kyodo_geo.ageing.choice_rules import require_families
from kyodo_geo.city import City
from kyodo_geo.evidence.ages import DistrictAges, ages_by_district
from kyodo_geo.model.ageing.choice import AgeingChoice
from kyodo_geo.model.ageing.five_years import STEP_YEARS, Counted, years_on
from kyodo_geo.model.ageing.measures import add_up, measure_ages
from kyodo_geo.model.ageing.projection import Projection, project_observed
from kyodo_geo.model.ageing.scenarios import project_families, project_no_migration
from kyodo_geo.model.ageing.values import AgeTable
from kyodo_geo.model.indicators.counts import Amount
from kyodo_geo.provenance import Basis, Source, Unknown, mark_of, unite, weakest
from kyodo_geo.rules.ageing import Ageing, ProjectionLimits

if TYPE_CHECKING:
    from kyodo_geo.sources.visit.ages.values import AgesRead

NO_SECOND = Unknown(
    "5年おきの2つ目の表が要る",
    "地区ごとの年齢別の将来推計には、同じ数え方でちょうど5年はなれた2つの年齢の表が要ります(例: 2015年と2020年の国勢調査)",
)
_NO_ROW = Unknown("2つの表の両方には行がない")


@dataclass(frozen=True)
class Ages:
    """People of a unit at a date: of known age, of 65 and 75 and over, and the ageing rate in %."""

    total: Amount
    old: Amount
    older: Amount
    rate: Amount


@dataclass(frozen=True)
class Step:
    """The people of all units at a date; `counted` says that they were counted, not projected."""

    day: date
    counted: bool
    districts: Mapping[str, Ages]
    areas: Mapping[str, Ages]
    city: Ages


@dataclass(frozen=True, eq=False)
class ProjectionStudy:
    """A projection of the districts of a day; `steps` begin with the two counts it stands on.

    `missing` are districts that are not in both tables: nothing is known of them, and they are in no sum. `unknown_age`
    and `unplaced` are people of the two tables who are in no number: of no known age, of no known place.
    """

    on: date
    choice: AgeingChoice
    tables: tuple[AgesRead, AgesRead]
    projection: Projection
    steps: tuple[Step, ...]
    missing: tuple[str, ...]
    unknown_age: tuple[float, float]
    unplaced: tuple[float, float]
    limits: ProjectionLimits
    lines: Source

    @property
    def basis(self) -> Basis:
        """The weakest basis of the tables; a projection is never better than an estimate."""
        return weakest([Basis.ESTIMATED, *(read.opened.source.basis for read in self.tables)])

    @property
    def counted_basis(self) -> Basis:
        """The basis of the counts by district."""
        return weakest([self.lines.basis, *(read.opened.source.basis for read in self.tables)])

    @property
    def mark(self) -> str:
        """The word beside every projected number."""
        return mark_of(self.basis)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The tables, and the lines of the districts."""
        return unite((read.opened.source for read in self.tables), (self.lines,))

    @property
    def to(self) -> int:
        """The last year."""
        return self.steps[-1].day.year


def tables_apart(tables: Sequence[AgesRead], count: int) -> tuple[AgesRead, ...] | None:
    """Return the newest table and those 5 years before each, `count` in all, oldest first; None where there are not so many."""
    found = list(tables[-1:])
    while found and len(found) < count:
        earlier = next((one for one in tables if years_on(one.day, STEP_YEARS) == found[0].day), None)
        if earlier is None:
            return None
        found.insert(0, earlier)
    return tuple(found) if found else None


def years_to(base: date, limits: ProjectionLimits) -> tuple[int, ...]:
    """Return the years a projection from a count may go to, nearest first; none where the count is too old."""
    last = min(limits.last_year, base.year + limits.longest_years)
    return tuple(range(base.year + STEP_YEARS, last + 1, STEP_YEARS))


def project_study(city: City, on: date, choice: AgeingChoice, settings: Ageing) -> ProjectionStudy | Unknown:
    """Return the projection of a choice; Unknown where there are no two tables 5 years apart.

    Raises InputRefused for a year beyond the limits, tables without sexes or 5-year bands, and unknown districts.
    """
    pair = tables_apart(city.evidence.ages, 2)
    if pair is None:
        return NO_SECOND
    codes = tuple(dict.fromkeys(city.lines(on).values()))
    brought = by_district(city, on, pair)
    kept = [code for code in codes if all(code in one.filled for one in brought)]
    require_families(choice, kept, codes)
    before, base = (counted(one, read, kept) for one, read in zip(brought, pair, strict=True))
    years = years_to(base.day, settings.projection)
    to = choice.to if choice.to is not None else years[-1] if years else base.day.year + STEP_YEARS
    projection = _project(before, base, choice, to, settings)
    areas = {code: city.area_of(code) for code in codes}
    tables = [(one.day, True, one.table) for one in (before, base)]
    tables += [(day, False, projection.table(at)) for at, day in enumerate(projection.days) if at]
    return ProjectionStudy(
        on, choice, (pair[0], pair[1]), projection,
        tuple(_step(day, table, areas, known=known) for day, known, table in tables),
        tuple(code for code in codes if code not in kept),
        (_people_of_no_age(pair[0]), _people_of_no_age(pair[1])),
        (pair[0].unplaced_people, pair[1].unplaced_people),
        settings.projection, city.sources["small_areas"],
    )  # fmt: skip


def by_district(city: City, on: date, tables: Sequence[AgesRead]) -> list[DistrictAges]:
    """Return tables on the district lines of a day."""
    codes, home = tuple(dict.fromkeys(city.lines(on).values())), city.homes(on)
    return [ages_by_district(read, home, city.people_by_key, codes) for read in tables]


def counted(brought: DistrictAges, read: AgesRead, codes: Sequence[str]) -> Counted:
    """Return the rows of some districts of a table as a count."""
    rows = {code: [brought.table.units.index(code)] for code in codes}
    return Counted(add_up(brought.table, rows), read.day, read.counted_by)


def _project(before: Counted, base: Counted, choice: AgeingChoice, to: int, settings: Ageing) -> Projection:
    limits = settings.projection
    if choice.scenario == "no_migration":
        return project_no_migration(before, base, to=to, limits=limits, stationary=settings.stationary)
    if choice.scenario == "families":
        return project_families(
            before, base, to=to, limits=limits, families=choice.families, makeup=settings.family
        )
    return project_observed(before, base, to=to, limits=limits)


def _people_of_no_age(read: AgesRead) -> float:
    return float(np.sum(read.table.unknown_age))


def _step(day: date, table: AgeTable, areas: Mapping[str, str], *, known: bool) -> Step:
    """Measure a table at the three levels; an area with a district that is not in it is unknown."""
    row_of = {code: row for row, code in enumerate(table.units)}
    members: dict[str, list[str]] = {}
    for code, area in areas.items():
        members.setdefault(area, []).append(code)
    whole = {area: codes for area, codes in members.items() if all(code in row_of for code in codes)}
    summed = _measured(
        add_up(table, {area: [row_of[code] for code in codes] for area, codes in whole.items()})
    )
    districts = _measured(table)
    nothing = Ages(_NO_ROW, _NO_ROW, _NO_ROW, _NO_ROW)
    return Step(
        day,
        known,
        {code: districts.get(code, nothing) for code in areas},
        {area: summed.get(area, nothing) for area in members},
        _measured(add_up(table, {"city": list(row_of.values())}))["city"],
    )


def _measured(table: AgeTable) -> dict[str, Ages]:
    found = measure_ages(table)
    rows = zip(found.known_age, found.old, found.older, found.ageing_rate, strict=True)
    return {unit: Ages(*row) for unit, row in zip(found.units, rows, strict=True)}
