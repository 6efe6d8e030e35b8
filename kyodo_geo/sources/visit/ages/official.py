"""From the rows of an official small-area table to people by place: groups, totals, and what does not add up.

Shared by the tables of 統計地理情報システム and the listings of the e-Stat file download.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kyodo_geo.errors import Fault
from kyodo_geo.sources.visit.ages.estat_file import refused
from kyodo_geo.sources.visit.ages.people import AgeRow, Reading, read_people
from kyodo_geo.sources.visit.ages.plan import AgePlan
from kyodo_geo.sources.visit.ages.suppression import AreaRow, Group, group_areas
from kyodo_geo.sources.visit.ages.values import Counted, Placed, Unplaced, places_of_keys
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.sheets.places import Unfound


@dataclass(frozen=True)
class OfficialRows:
    """The city's rows as they are: `areas`, and beside each its cells by column; one may be the row of the city."""

    file: str
    areas: Sequence[AreaRow]
    cells: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Gathered:
    """The counted rows of an official table, and what is told of them."""

    counted: Counted
    left_out: tuple[Fault, ...]
    cautions: tuple[Fault, ...]


def gather(rows: OfficialRows, plan: AgePlan, gazetteer: Gazetteer) -> Gathered:
    """Return the people of every counted row with its small areas.

    Each row's printed sums must agree: 男 + 女, the bands and their repeats; TableError with every cell that does not,
    for then columns have shifted. A row whose ages are kept back without being marked so keeps its total (see
    `read_people`) and is named; so is a difference between the sum of the small areas and the row of the city.
    """
    grouping = group_areas(rows.areas, city=gazetteer.code, file=rows.file)
    at = {area.key: number for number, area in enumerate(rows.areas)}
    wanted = [*([gazetteer.code] if gazetteer.code in at else []), *(group.key for group in grouping.groups)]
    readings = {
        key: read_people(rows.cells[at[key]], plan, file=rows.file, line=rows.areas[at[key]].line)
        for key in wanted
    }
    _require_sums(readings, rows.file)
    city = readings.get(gazetteer.code)
    counted = [(group, row) for group in grouping.groups if (row := readings[group.key].row)]
    placed, unplaced, partly = _place(counted, rows, gazetteer)
    kept_back = [(readings[group.key].row, readings[group.key].missing) for group in grouping.groups]
    people = sum(row.people for _, row in counted)
    return Gathered(
        counted=Counted(placed, unplaced),
        left_out=(*grouping.left_out, *(fault for row, told in kept_back if row is None for fault in told)),
        cautions=(
            *grouping.cautions,
            *(fault for row, told in kept_back if row is not None for fault in told),
            *partly,
            *_against_the_city(people, city.row if city else None, rows.file),
        ),
    )


def _require_sums(readings: Mapping[str, Reading], file: str) -> None:
    faults = [fault for reading in readings.values() for fault in (*reading.wrong, *reading.mismatches)]
    if faults:
        raise refused(
            file, faults, "列がずれていないか確かめ、e-Stat から取ったままのファイルを開いてください"
        )


def _place(
    counted: Sequence[tuple[Group, AgeRow]], rows: OfficialRows, gazetteer: Gazetteer
) -> tuple[list[Placed], list[Unplaced], list[Fault]]:
    areas = {area.key: area for area in rows.areas}
    placed: list[Placed] = []
    unplaced: list[Unplaced] = []
    partly: list[Fault] = []
    for group, row in counted:
        area = areas[group.key]
        places, lost = places_of_keys(group.keys, gazetteer)
        if not places:
            unplaced.append(Unplaced(Unfound(f"{group.key} {area.name}", ()), row))
            continue
        placed.append(Placed(group.key, places, "", row))
        if lost:
            what = f"{area.name or area.key}に合算された {'、'.join(lost)} は市の小地域にありません"
            partly.append(Fault(what, rows.file, area.line))
    return placed, unplaced, partly


def _against_the_city(people: int, city: AgeRow | None, file: str) -> list[Fault]:
    if city is None:
        return [Fault("市全体の行がないため、小地域の合計を確かめていません", file)]
    if people == city.people:
        return []
    what = f"小地域の合計 {people:,} 人が、市全体の行の {city.people:,} 人と {abs(people - city.people):,} 人違います"
    return [Fault(what, file)]
