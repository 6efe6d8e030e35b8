"""What councils did, entered and opened together: sums by district or council, the people they stand beside, their ground."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kyodo_geo.city import City
from kyodo_geo.errors import NotInForce
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.councils.activity import Activities, Bools, activities_of, join_activities
from kyodo_geo.model.councils.on_day import RegisterOn
from kyodo_geo.model.councils.sums import ActivitySums, sum_activities
from kyodo_geo.provenance import Basis, Source, Unknown, weakest
from kyodo_geo.registers.known import Registers
from kyodo_geo.sources.visit.activity.read import ActivityRead

_NO_LINES = Unknown("その日の地区の線は記録なし")
_NO_LINK = Unknown("受け持つ地区の記録なし")


@dataclass(frozen=True)
class People:
    """The people of each district in the census nearest before the day (`day`), on the lines of the day asked for."""

    by_district: Mapping[str, int | Unknown]
    day: date


@dataclass(frozen=True, eq=False)
class ActivityStudy:
    """Activity of the fiscal years begun by a day: sums by district and by council, `later` records left out.

    `people` and `names` are by unit, districts by code and councils by id. `ties` gives the districts of each council on the
    day. `basis` is that of the sums, `head_basis` of what is told per head: district lines are ours.
    """

    day: date
    sums: Mapping[str, ActivitySums]
    names: Mapping[str, str]
    people: Mapping[str, int | Unknown]
    people_day: date
    ties: Mapping[str, tuple[str, ...]]
    basis: Basis
    sources: tuple[Source, ...]
    later: int

    @property
    def years(self) -> tuple[int, ...]:
        """The fiscal years, oldest first."""
        return self.sums["district"].years

    @property
    def head_basis(self) -> Basis:
        """The basis of a figure per head of a district."""
        return weakest([self.basis, Basis.ESTIMATED])


def activity_study(
    city: City, registers: Registers, on: RegisterOn, opened: ActivityRead | None
) -> ActivityStudy | None:
    """Return the activity known by the register's day, None without any record of a fiscal year begun by then.

    A record of a district counts for its council where that is the district's only one, and a council's without a district for
    the district where that is its only one; else it stands by itself. Raises InputRefused with the faults of the entries.
    """
    register = registers.register
    entered = activities_of(registers.entries, councils=register.namings, districts=register.districts)
    tables = [entered, *([opened.activities] if opened else [])]
    known = join_activities(*tables)
    last = FiscalYear.of(on.day).year
    kept = _where(known, known.years <= last)
    if not len(kept):
        return None
    ties = {council: tuple(dict.fromkeys(tie.link.district for tie in one.districts)) for council, one in on.councils.items()}  # fmt: skip
    people = people_on(city, on.day)
    sources = [_entered_source(entered)] if (entered.years <= last).any() else []
    sources += [opened.opened.source] if opened and (opened.activities.years <= last).any() else []
    return ActivityStudy(
        on.day,
        {
            "district": sum_activities(kept, by="district", other=_only(ties)),
            "council": sum_activities(kept, by="council", other=_only(_turned(ties))),
        },
        _names(registers, on),
        {**people.by_district, **{one: _people_of(codes, people) for one, codes in ties.items()}},
        people.day,
        ties,
        weakest(source.basis for source in sources),
        tuple(sources),
        len(known) - len(kept),
    )


def people_on(city: City, day: date) -> People:
    """Return the people of each district of a day by the newest census before it (the first one where none is)."""
    censuses = sorted(city.censuses, key=lambda one: one.day)
    census = next((one for one in reversed(censuses) if one.day <= day), censuses[0])
    codes = [str(code) for code in city.names.index]
    try:
        counts = city.counts(day)
    except NotInForce:
        return People(dict.fromkeys(codes, _NO_LINES), census.day)
    return People({code: one.population[census.year] for code, one in counts.items()}, census.day)


def _people_of(codes: tuple[str, ...], people: People) -> int | Unknown:
    if not codes:
        return _NO_LINK
    found = [people.by_district.get(code, _NO_LINES) for code in codes]
    return next(
        (one for one in found if isinstance(one, Unknown)),
        sum(one for one in found if not isinstance(one, Unknown)),
    )


def _names(registers: Registers, on: RegisterOn) -> dict[str, str]:
    """Return the name of each unit; a district among councils is told by the word 地区."""
    councils = {one: namings[-1].name for one, namings in registers.register.namings.items()}
    return {**{code: one.name for code, one in on.districts.items()}, **councils}


def _turned(ties: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one, others in ties.items():
        for other in others:
            found[other].append(one)
    return {one: tuple(others) for one, others in found.items()}


def _only(ties: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {one: others[0] for one, others in ties.items() if len(others) == 1}


def _where(table: Activities, rows: Bools) -> Activities:
    return Activities(
        table.councils[rows],
        table.districts[rows],
        table.years[rows],
        table.roles[rows],
        table.amounts[rows],
        table.stated[rows],
        tuple(name for name, kept in zip(table.names, rows, strict=True) if kept),
        tuple(name for name, kept in zip(table.projects, rows, strict=True) if kept),
    )


def _entered_source(entered: Activities) -> Source:
    first, last = (FiscalYear(int(year)).label for year in (entered.years.min(), entered.years.max()))
    return Source(
        id="entered_activity",
        file="",
        publisher="職員の入力",
        title="入力した協働体の活動",
        url="",
        reference_date=first if first == last else f"{first}〜{last}",
        published="入力のたび",
        accessed="この表示のとき",
        licence="出典は記録ごと",
        basis=Basis.SUPPLIED,
        method="職員がこの画面から入力した記録。記録ごとに出典がある",
        sha256="",
        rows=len(entered),
    )
