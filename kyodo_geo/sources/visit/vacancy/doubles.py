"""Dwellings that a list may count twice: a district's row above its members, and rows that say the same again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kyodo_geo.errors import Fault
from kyodo_geo.model.vacancy.values import VacantRecord


@dataclass(frozen=True)
class Parted:
    """The records of a table without the rows that only add up others, those rows, and the rows that contradict."""

    kept: tuple[VacantRecord, ...]
    left_out: tuple[Fault, ...]
    faults: tuple[Fault, ...]


def part_totals(
    records: Sequence[VacantRecord],
    whole: Collection[int],
    *,
    district_of: Mapping[str, str],
    where: str,
    named: Collection[int] = (),
) -> Parted:
    """Return the records without rows of a district that are the sum of the rows of its places in the same year.

    `whole` are the places, among the records, of rows that name a district and nothing within it. Such a row is right
    where no other row speaks of the district. Where others do and do not add up to it, nobody can tell which to count:
    a fault. `named` are rows whose own name stands for a whole district (山目 above 山目字…): they may also be the rest
    of it, so they are left out only where they are the sum.
    """
    totals: dict[tuple[str, int], list[VacantRecord]] = defaultdict(list)
    parts: dict[tuple[str, int], int] = defaultdict(int)
    for at, record in enumerate(records):
        district = record.district or (district_of.get(record.keys[0], "") if record.keys else "")
        if at in whole or at in named:
            totals[district, record.year].append(record)
        elif district:
            parts[district, record.year] += record.count
    unsure = {id(records[at]) for at in named}
    both = {
        place: rows
        for place, rows in totals.items()
        if place in parts
        and (sum(row.count for row in rows) == parts[place] or not any(id(row) in unsure for row in rows))
    }
    left_out, faults = [], []
    for place, rows in both.items():
        total, first = sum(row.count for row in rows), rows[0]
        if total == parts[place]:
            what = f"「{first.name[:30]}」はその中の場所の行の合計に等しいため、合計の行とみなしました"
            left_out.append(Fault(what, where, first.line))
        else:
            what = (
                f"「{first.name[:30]}」の空き家 {total:,} 戸と、その中の場所の行の合計 {parts[place]:,} 戸が違います"
                "(どちらを数えるか決められません)"
            )
            faults.append(Fault(what, where, first.line))
    dropped = {id(row) for rows in both.values() for row in rows}
    kept = tuple(record for record in records if id(record) not in dropped)
    return Parted(kept, tuple(left_out), tuple(faults))


def repeated(records: Sequence[VacantRecord], *, name: str) -> Iterator[Fault]:
    """Tell of rows that say the same place, year, state and source again: they count, but may be doubles."""
    seen: dict[tuple[object, ...], int] = {}
    for one in records:
        row = (one.name, one.keys, one.district, one.lon, one.lat, one.year, one.state, one.source_class)
        if row in seen:
            yield Fault(f"「{one.name[:30]}」は {seen[row]} 行目にもあります(両方数えました)", name, one.line)
        seen.setdefault(row, one.line)
