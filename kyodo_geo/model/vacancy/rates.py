"""The share of dwellings that are vacant, each with the name of what it was divided by and its weakest basis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.vacancy.measures import NO_ROW, VacancyCounts, VacancyList
from kyodo_geo.model.vacancy.values import VacantRecord
from kyodo_geo.provenance import Basis, Unknown, weakest

_OWN = "この表の住宅数"
_CENSUS = "国勢調査の世帯数 + この表の空き家数"
_NO_HOME = Unknown("住宅がない")
_NO_NAMES: Mapping[str, str] = MappingProxyType({})
_Place = tuple[tuple[str, ...], str, str]


@dataclass(frozen=True)
class Denominator:
    """Dwellings by district code, by which vacant ones are divided: what they are called and how they were come by."""

    label: str
    per_district: Mapping[str, int | Unknown]
    basis: Basis


@dataclass(frozen=True)
class Rate:
    """The share of vacant dwellings (0 to 1) with both numbers, the name of the denominator and the weakest basis."""

    vacant: int
    dwellings: int
    denominator: str
    basis: Basis

    @property
    def share(self) -> float:
        """Vacant dwellings by dwellings, 0 to 1."""
        return self.vacant / self.dwellings


def own_dwellings(listing: VacancyList, *, year: int | None = None) -> Denominator:
    """Return the dwellings the list itself gives, added by district, for one survey year (the latest when None).

    A place (its keys, district and name) that stands in a row for each state or source repeats its dwellings: they
    count once where all of these agree, else the district is Unknown; so it is where a row has no dwellings.
    Raises InputRefused as `count_vacancies`, and for every place with more vacant dwellings than dwellings.
    """
    _, rows = listing.rows_of(year)
    _require_fewer(
        (name, sum(record.count for record in some), _place_dwellings(some))
        for group in rows.values()
        for (_, _, name), some in _by_place(group).items()
    )
    return Denominator(_OWN, {code: _dwellings(rows[code]) for code in listing.districts}, listing.basis)


def census_dwellings(counts: VacancyCounts, households: Mapping[str, int | Unknown]) -> Denominator:
    """Return households of the census plus the vacant dwellings of the list, by district: an estimate.

    A household is taken as a dwelling lived in, and the years of census and survey differ: hence ESTIMATED. Unknown
    where either number is unknown.
    """
    return Denominator(
        _CENSUS,
        {code: _sum_of(vacant, households.get(code)) for code, vacant in counts.vacant.items()},
        Basis.ESTIMATED,
    )


def given_dwellings(label: str, numbers: Mapping[str, int | Unknown], *, basis: Basis) -> Denominator:
    """Return the dwellings somebody gives, under the name they give (InputRefused for no name or a number below 0)."""
    if not label.strip():
        raise InputRefused(
            "空き家率の分母に名前がありません。",
            todo="分母の名前を入れてください(例 固定資産税の家屋数 2024)",
        )
    faults = [
        Fault(f"「{code}」の住宅数 {number} は 0 以上の整数ではありません")
        for code, number in numbers.items()
        if not isinstance(number, Unknown) and number < 0
    ]
    if faults:
        raise InputRefused("住宅数に使えない数があります。", faults=faults, todo="住宅数を直してください")
    return Denominator(label.strip(), dict(numbers), basis)


def vacancy_rates(
    counts: VacancyCounts, denominator: Denominator, *, names: Mapping[str, str] = _NO_NAMES
) -> dict[str, Rate | Unknown]:
    """Return vacant ÷ dwellings by district; Unknown where either is, or where there is no dwelling at all.

    The basis is the weakest of the count and of the denominator. `names` gives the districts' names for the messages.
    Raises InputRefused naming every district with more vacant dwellings than dwellings.
    """
    _require_fewer(
        (names.get(code, code), vacant, denominator.per_district.get(code))
        for code, vacant in counts.vacant.items()
    )
    return {code: _rate(counts, denominator, code) for code in counts.vacant}


def _by_place(rows: Sequence[VacantRecord]) -> dict[_Place, list[VacantRecord]]:
    places: dict[_Place, list[VacantRecord]] = {}
    for record in rows:
        places.setdefault((record.keys, record.district, record.name), []).append(record)
    return places


def _place_dwellings(rows: Sequence[VacantRecord]) -> int | Unknown:
    classes: dict[tuple[str, str], int] = {}
    for record in rows:
        if record.dwellings is None:
            return Unknown("住宅数のない行がある")
        kind = (record.state, record.source_class)
        classes[kind] = classes.get(kind, 0) + record.dwellings
    found = set(classes.values())
    return found.pop() if len(found) == 1 else Unknown("同じ場所の住宅数が行によって違う")


def _dwellings(rows: Sequence[VacantRecord]) -> int | Unknown:
    if not rows:
        return NO_ROW
    found = [_place_dwellings(some) for some in _by_place(rows).values()]
    unknown = next((one for one in found if isinstance(one, Unknown)), None)
    return unknown or sum(one for one in found if not isinstance(one, Unknown))


def _sum_of(vacant: int | Unknown, households: int | Unknown | None) -> int | Unknown:
    if households is None:
        return Unknown("国勢調査の世帯数がない")
    if isinstance(vacant, Unknown) or isinstance(households, Unknown):
        return vacant if isinstance(vacant, Unknown) else households
    return vacant + households


def _require_fewer(places: Iterable[tuple[str, int | Unknown, int | Unknown | None]]) -> None:
    faults = [
        Fault(f"「{name}」は空き家 {vacant:,} 戸が住宅 {dwellings:,} 戸より多くなっています")
        for name, vacant, dwellings in places
        if isinstance(vacant, int) and isinstance(dwellings, int) and vacant > dwellings
    ]
    if faults:
        raise InputRefused(
            "空き家が住宅より多い場所があります。",
            faults=faults,
            todo="空き家数と住宅数の単位・年・範囲が同じか確かめてください",
        )


def _rate(counts: VacancyCounts, denominator: Denominator, code: str) -> Rate | Unknown:
    vacant, dwellings = counts.vacant[code], denominator.per_district.get(code)
    if isinstance(vacant, Unknown):
        return vacant
    if dwellings is None:
        return Unknown(f"「{denominator.label}」がない")
    if isinstance(dwellings, Unknown):
        return dwellings
    if dwellings == 0:
        return _NO_HOME
    return Rate(vacant, dwellings, denominator.label, weakest([counts.bases[code], denominator.basis]))
