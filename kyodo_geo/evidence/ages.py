"""Opened age tables brought to districts and to small areas; a merged group over a border is shared out and named so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kyodo_geo.evidence.coverage import inhabited, partly_covered
from kyodo_geo.model.ageing.values import AgeTable, Floats
from kyodo_geo.model.indicators.counts import AGE_GROUPS, NOT_PUBLISHED, Amount
from kyodo_geo.provenance import Unknown

if TYPE_CHECKING:
    from kyodo_geo.sources.visit.ages.values import AgesRead


@dataclass(frozen=True, eq=False)
class DistrictAges:
    """An age table by district: `table` has one row a district in the order of the codes asked for.

    `filled` are the districts whose people the rows of the file speak of, `partial` those of which they speak in part
    only: what stands in the table of these is not the district. `split_people` are those of merged groups that lie in
    more than one district and were shared out by total population (推計). `whole` says that the rows speak of the city:
    of the whole of every inhabited district, and that none was left without a place.
    """

    table: AgeTable
    filled: frozenset[str]
    split_people: float
    partial: frozenset[str]
    whole: bool


def ages_by_district(
    read: AgesRead, home: Mapping[str, str], people: Mapping[str, int], codes: Sequence[str]
) -> DistrictAges:
    """Return the people of a table by district.

    `home` gives the district of each small area and of each district code of the file on the day asked for, `people`
    the people of each small area, by which a group over a border is shared out. Rows tied to no place are left out: they
    stand in `read.unplaced_people`.
    """
    weights, split = (
        np.zeros((len(codes), len(read.table.units))),
        np.zeros(len(read.table.units), dtype=bool),
    )
    row_of = {code: at for at, code in enumerate(codes)}
    for unit, (keys, district) in enumerate(zip(read.places, read.districts, strict=True)):
        shares = {home[district]: 1.0} if district else _shares(keys, home, people)
        split[unit] = len(shares) > 1
        for code, share in shares.items():
            weights[row_of[code], unit] = share
    touched = frozenset(code for code, at in row_of.items() if weights[at].any())
    named = {home[district] for district in read.districts if district}
    covered = {key for keys in read.places for key in keys}
    partial = (partly_covered(covered, home, people) & touched) - named
    return DistrictAges(
        gather(read.table, weights, tuple(codes)),
        touched - partial,
        float(read.table.total[split].sum()),
        partial,
        whole=not read.unplaced_people and inhabited(home, people) <= touched - partial,
    )


def _shares(keys: Sequence[str], home: Mapping[str, str], people: Mapping[str, int]) -> dict[str, float]:
    """Return how the people of some small areas lie in districts: by people, evenly where none of them has any."""
    whole = sum(people.get(key, 0) for key in keys)
    shares: dict[str, float] = {}
    for key in keys:
        share = people.get(key, 0) / whole if whole else 1 / len(keys)
        shares[home[key]] = shares.get(home[key], 0.0) + share
    return {code: share for code, share in shares.items() if share}


def gather(table: AgeTable, weights: Floats, units: tuple[str, ...]) -> AgeTable:
    """Return the table whose rows are sums of rows of another: `weights` is (new rows, old rows)."""
    male, female = (None if part is None else weights @ part for part in (table.male, table.female))
    return AgeTable(
        units, table.bands, weights @ table.both, weights @ table.unknown_age, male=male, female=female
    )


def whole_of(read: AgesRead) -> AgeTable:
    """Return the table of the city: all rows of the file that have a place, in one."""
    return gather(read.table, np.ones((1, len(read.table.units))), ("city",))


def groups_of(table: AgeTable, row: int) -> dict[str, Amount]:
    """Return the people of one row by group of AGE_GROUPS, of known age and in all."""
    groups: dict[str, Amount] = {}
    for name, (low, high) in AGE_GROUPS.items():
        found = table.at(low, high)
        groups[name] = Unknown(f"表の区分が{table.top}歳以上まで") if found is None else float(found[row])
    return {**groups, "known": float(table.both[row].sum()), "total": float(table.total[row])}


def unknown_groups() -> dict[str, Amount]:
    """Return groups of which nothing is known."""
    return dict.fromkeys((*AGE_GROUPS, "known", "total"), NOT_PUBLISHED)


def people_by_small_area(
    read: AgesRead, low: int, high: int | None, people: Mapping[str, int]
) -> dict[str, float] | Unknown:
    """Return the people of some ages in each small area; merged groups are shared out by total population (推計).

    Unknown where the bands do not make these ages, or where the table speaks of no small areas.
    """
    found = read.table.at(low, high)
    if found is None:
        return Unknown(f"表の区分が{read.table.top}歳以上まで")
    if not any(read.places):
        return Unknown("表が小地域のものではない")
    by_key: dict[str, float] = {}
    for keys, count in zip(read.places, found.tolist(), strict=True):
        whole = sum(people.get(key, 0) for key in keys)
        for key in keys:
            by_key[key] = by_key.get(key, 0.0) + count * (
                people.get(key, 0) / whole if whole else 1 / len(keys)
            )
    return by_key
