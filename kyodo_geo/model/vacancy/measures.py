"""Vacant dwellings of a list by district: counts, states, sources and survey years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.vacancy.values import SOURCE_CLASSES, STATES, VacantRecord
from kyodo_geo.provenance import Basis, Unknown, weakest

NOT_STATED = "不明"
NO_ROW = Unknown(
    "この表に行がない", "一覧に行のない地区。空き家がないのか、調べていないのかは、この表からは分かりません"
)
_NO_STATE = Unknown("状態の記載がない")


@dataclass(frozen=True)
class VacancyList:
    """A list of vacant dwellings tied to districts: `places` names the district of each record, "" where not known.

    `districts` are all districts of the city, in the order of every answer. `complete` says that the survey covered
    the whole city, so that a district without a row has no vacant dwelling; only the user can know. `basis` is that of
    the file (SUPPLIED or FICTIONAL).
    Raises InputRefused for places that do not fit the records or are not among the districts.
    """

    records: tuple[VacantRecord, ...]
    places: tuple[str, ...]
    districts: tuple[str, ...]
    complete: bool = False
    basis: Basis = Basis.SUPPLIED

    def __post_init__(self) -> None:
        if len(self.places) != len(self.records):
            raise InputRefused(f"行は {len(self.records)} 件ですが、地区は {len(self.places)} 件です。")
        known = {"", *self.districts}
        pairs = zip(self.records, self.places, strict=True)
        strange = {place: record for record, place in pairs if place not in known}
        faults = [
            Fault(f"「{record.name}」の地区「{place}」", row=record.line) for place, record in strange.items()
        ]
        if faults:
            raise InputRefused("市の地区の一覧にない地区の行があります。", faults=faults)

    def rows_of(self, year: int | None = None) -> tuple[int, dict[str, list[VacantRecord]]]:
        """Return the survey year counted (the latest when None) and its rows by district, those of none under "".

        Raises InputRefused for a list without rows and a year that is not in it.
        """
        there = years(self.records)
        if not there:
            raise InputRefused("空き家の行が1つもありません。", todo="空き家の一覧を開いてください")
        if year is not None and year not in there:
            listed = "、".join(f"{one}年" for one in there)
            raise InputRefused(
                f"{year}年の行はこの一覧にありません(あるのは {listed})。", todo="ある年を選んでください"
            )
        chosen = there[-1] if year is None else year
        rows: dict[str, list[VacantRecord]] = {code: [] for code in ("", *self.districts)}
        for record, place in zip(self.records, self.places, strict=True):
            if record.year == chosen:
                rows[place].append(record)
        return chosen, rows


@dataclass(frozen=True)
class VacancyCounts:
    """Vacant dwellings of one survey year by district code.

    `vacant` is the count. `by_state` has A to D and 不明, `by_source` the keys of SOURCE_CLASSES; `bases` says how each
    count was come by. `listed` are the districts with a row of that year: all others are Unknown, or 0 where `complete`
    says that the whole city was surveyed. `unplaced` dwellings stand in rows of no known district: they may belong
    anywhere, so each count is that of the rows that could be placed.
    """

    year: int
    vacant: Mapping[str, int | Unknown]
    by_state: Mapping[str, Mapping[str, int] | Unknown]
    by_source: Mapping[str, Mapping[str, int] | Unknown]
    bases: Mapping[str, Basis]
    listed: frozenset[str]
    unplaced: int
    complete: bool


def years(records: Iterable[VacantRecord]) -> tuple[int, ...]:
    """Return the survey years of a list, oldest first: the caller counts one of them, they are never added up."""
    return tuple(sorted({record.year for record in records}))


def count_vacancies(listing: VacancyList, *, year: int | None = None) -> VacancyCounts:
    """Return the vacant dwellings of one survey year (the latest when None) by district.

    A district without a row of that year is Unknown, because a list does not say where nobody looked; in a complete
    list it is 0. States are Unknown where no row of the district states one; unstated ones beside stated ones count as
    不明. A district with a row of source class estimate is ESTIMATED at least, else of the basis of the list.
    Raises InputRefused for a list without rows and a year that is not in it.
    """
    chosen, rows = listing.rows_of(year)
    unplaced = _total(rows.pop(""))
    silent = {code for code, some in rows.items() if not some and not listing.complete}
    return VacancyCounts(
        year=chosen,
        vacant={code: NO_ROW if code in silent else _total(some) for code, some in rows.items()},
        by_state={code: NO_ROW if code in silent else _states(some) for code, some in rows.items()},
        by_source={code: NO_ROW if code in silent else _sources(some) for code, some in rows.items()},
        bases={
            code: Basis.UNKNOWN if code in silent else _basis(some, listing.basis)
            for code, some in rows.items()
        },
        listed=frozenset(code for code, some in rows.items() if some),
        unplaced=unplaced,
        complete=listing.complete,
    )


def count_by_year(listing: VacancyList) -> dict[int, VacancyCounts]:
    """Return `count_vacancies` of every survey year of the list, oldest first."""
    return {year: count_vacancies(listing, year=year) for year in years(listing.records)}


def _total(rows: Sequence[VacantRecord]) -> int:
    return sum(record.count for record in rows)


def _states(rows: Sequence[VacantRecord]) -> dict[str, int] | Unknown:
    found = dict.fromkeys((*STATES, NOT_STATED), 0)
    for record in rows:
        found[record.state or NOT_STATED] += record.count
    unstated = found[NOT_STATED]
    return _NO_STATE if unstated and unstated == _total(rows) else found


def _sources(rows: Sequence[VacantRecord]) -> dict[str, int]:
    found = dict.fromkeys(SOURCE_CLASSES, 0)
    for record in rows:
        found[record.source_class] += record.count
    return found


def _basis(rows: Sequence[VacantRecord], basis: Basis) -> Basis:
    estimated = (Basis.ESTIMATED for record in rows if record.source_class == "estimate")
    return weakest([basis, *estimated])
