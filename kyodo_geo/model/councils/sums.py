"""Activity summed by council or district × fiscal year × role; what was not stated is counted, never taken for 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.councils.activity import MEASURES, ROLES, Activities, Bools, Floats, Ints
from kyodo_geo.model.councils.values import NO_RECORD
from kyodo_geo.model.rates import WEAK_BELOW
from kyodo_geo.provenance import Unknown

BY = MappingProxyType({"council": "協働体", "district": "地区"})
PER_YEN = 10_000  # what is had is told for ten thousand yen
_NOT_STATED = Unknown("記載なし")
_AT = {measure: at for at, measure in enumerate(MEASURES)}


@dataclass(frozen=True)
class Sum:
    """A sum over `records` records, `unstated` of which did not state the number: the sum is then at least this."""

    value: float
    records: int
    unstated: int


@dataclass(frozen=True)
class Ratio:
    """One sum by another; `weak` where it stands on fewer than WEAK_BELOW people.

    `unstated` records had no number and are left out: above 0 a ratio per head is at least this.
    """

    value: float
    weak: bool
    records: int
    unstated: int


@dataclass(frozen=True, eq=False)
class ActivitySums:
    """Sums of u units × y fiscal years × 5 roles.

    `records` (u, y, 5) counts records; `totals` and `unstated` (u, y, 5, 4) are the sums of the measures and how many
    records did not state them; `both`, `beside_yen` and `yen_beside` (u, y, 5, 4) are the records that state both a
    measure and yen, and the measure and the yen of these. `years` has no gap: one without records is there, with none.
    """

    by: str
    units: tuple[str, ...]
    years: tuple[int, ...]
    records: Ints
    totals: Floats
    unstated: Ints
    both: Ints
    beside_yen: Floats
    yen_beside: Floats

    def value(self, unit: str, year: int, measure: str, *, role: int | None = None) -> Sum | Unknown:
        """Return the sum of a measure of a unit in a fiscal year, over all roles or for one (1 to 5).

        Unknown without any record, and where no record stated the number. Raises InputRefused for another measure or
        role.
        """
        cell = self._cell(unit, year, measure, role)
        if cell is None:
            return NO_RECORD
        records, total, unstated = (
            int(self.records[cell].sum()),
            float(self.totals[cell][..., _AT[measure]].sum()),
            int(self.unstated[cell][..., _AT[measure]].sum()),
        )
        if not records:
            return NO_RECORD
        return _NOT_STATED if unstated == records else Sum(total, records, unstated)

    def per_head(
        self, unit: str, year: int, measure: str, *, people: int | Unknown, role: int | None = None
    ) -> Ratio | Unknown:
        """Return a measure by the people who live there; weak below WEAK_BELOW people. Unknown where either is, or nobody lives."""
        found = self.value(unit, year, measure, role=role)
        if isinstance(found, Unknown):
            return found
        if isinstance(people, Unknown):
            return people
        if people <= 0:
            return Unknown("住む人がいない")
        return Ratio(found.value / people, people < WEAK_BELOW, found.records, found.unstated)

    def per_yen(self, unit: str, year: int, measure: str, *, role: int | None = None) -> Ratio | Unknown:
        """Return how much of a measure (count, people or hours) was had for 10,000 yen.

        Only records that state both the measure and the yen enter, on both sides; `unstated` counts the others. Weak where
        fewer than WEAK_BELOW people are known to have taken part in them. Unknown without such a record or where they cost nothing.
        """
        if measure == "yen":
            raise InputRefused(
                "金額あたりの金額は出せません。", todo="回数・参加人数・時間のどれかを選んでください"
            )
        cell = self._cell(unit, year, measure, role)
        if cell is None or not self.records[cell].sum():
            return NO_RECORD
        at, people = _AT[measure], _AT["people"]
        records = int(self.records[cell].sum())
        both = int(self.both[cell][..., at].sum())
        yen = float(self.yen_beside[cell][..., at].sum())
        if not both:
            return _NOT_STATED
        if not yen:
            return Unknown("費用が0円")
        took_part = float(self.beside_yen[cell][..., people].sum())
        value = float(self.beside_yen[cell][..., at].sum()) * PER_YEN / yen
        return Ratio(value, took_part < WEAK_BELOW, both, records - both)

    def _cell(
        self, unit: str, year: int, measure: str, role: int | None
    ) -> tuple[int, int] | tuple[int, int, int] | None:
        if measure not in MEASURES or role not in (None, *ROLES):
            raise InputRefused(
                f"「{measure}」か役割「{role}」はありません。",
                todo=f"数は {'・'.join(MEASURES)}、役割は 1〜{len(ROLES)} です",
            )
        if unit not in self.units or year not in self.years:
            return None
        place = (self.units.index(unit), self.years.index(year))
        return place if role is None else (*place, role - 1)


def sum_activities(
    table: Activities, *, by: str = "council", other: Mapping[str, str] | None = None
) -> ActivitySums:
    """Return the sums of records by council or by district; units in the order of their keys.

    By council, a record that names only a district counts for the council that `other` gives for the district, else
    for the district itself; by district, one that names only a council for the district `other` gives for the
    council, else for the council itself. So every record counts one time and none is shared out.
    Raises InputRefused for another word than council or district.
    """
    if by not in BY:
        raise InputRefused(f"「{by}」では集計できません。", todo=f"{'・'.join(BY)} のどれかを選んでください")
    units, unit = _units(table, by, other or {})
    first, last = (int(table.years.min()), int(table.years.max())) if len(table) else (0, -1)
    years = tuple(range(first, last + 1))
    shape = (len(units), len(years), len(ROLES))
    place = (unit * shape[1] + table.years - first) * shape[2] + table.roles - 1
    both = table.stated & table.stated[:, [_AT["yen"]]]
    yen = table.amounts[:, [_AT["yen"]]]
    return ActivitySums(
        by=by,
        units=units,
        years=years,
        records=_count(place, shape),
        totals=_add(place, shape, table.amounts),
        unstated=_tally(place, shape, ~table.stated),
        both=_tally(place, shape, both),
        beside_yen=_add(place, shape, table.amounts * both),
        yen_beside=_add(place, shape, yen * both),
    )


def _units(table: Activities, by: str, other: Mapping[str, str]) -> tuple[tuple[str, ...], Ints]:
    """Return the units and the place (n,) of each record's among them."""
    councils, council = np.unique(table.councils, return_inverse=True)
    districts, district = np.unique(table.districts, return_inverse=True)
    pairs, pair = np.unique(council * max(districts.size, 1) + district, return_inverse=True)
    named = [
        _unit(str(councils[one // districts.size]), str(districts[one % districts.size]), by, other)
        for one in pairs.tolist()
    ]
    units = tuple(sorted(set(named)))
    at = {unit: place for place, unit in enumerate(units)}
    return units, np.array([at[unit] for unit in named], dtype=np.int64)[pair]


def _unit(council: str, district: str, by: str, other: Mapping[str, str]) -> str:
    own, beside = (council, district) if by == "council" else (district, council)
    return own or other.get(beside, beside)


def _count(place: Ints, shape: tuple[int, ...]) -> Ints:
    return np.bincount(place, minlength=int(np.prod(shape))).astype(np.int64).reshape(shape)


def _add(place: Ints, shape: tuple[int, ...], weights: Floats) -> Floats:
    size = int(np.prod(shape))
    columns = [np.bincount(place, weights=column, minlength=size).astype(np.float64) for column in weights.T]
    added: Floats = np.stack(columns, axis=-1).reshape(*shape, len(columns))
    return added


def _tally(place: Ints, shape: tuple[int, ...], marks: Bools) -> Ints:
    return np.rint(_add(place, shape, marks.astype(np.float64))).astype(np.int64)
