"""A study as tables for a page, a file or a terminal: districts, places outside, facilities, and whom a what-if hurts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kyodo_geo.city import City
from kyodo_geo.model.reach.coverage import (
    ChangeRow,
    ReachRow,
    difference,
    most_hurt,
    outside,
    summarise,
    summarise_change,
)
from kyodo_geo.model.reach.values import Facility
from kyodo_geo.present.tables import Col, number_text
from kyodo_geo.provenance import Unknown
from kyodo_geo.reach.figures import levels_of
from kyodo_geo.reach.study import MOVED, Study

Rows = list[list[str]]
NO_WAY = "届かない"
_POINTS = {"exact": "", "town": "大字の点(推計)", "none": "位置なし"}


def distance_text(study: Study, value: float | Unknown, *, signed: bool = False) -> str:
    """Write a distance of the study with its unit; no way is 届かない, and an unknown says why."""
    return in_unit(value, study.unit, signed=signed)


def in_unit(value: float | Unknown, unit: str, *, signed: bool = False) -> str:
    """Write a distance in metres or minutes; no way is 届かない, and an unknown says why."""
    if isinstance(value, Unknown):
        return str(value)
    if not np.isfinite(value):
        return NO_WAY
    return number_text(value, decimals=1 if unit == "分" else 0, signed=signed, unit=unit)


def radius_text(study: Study) -> str:
    """Write the radius, a whole number, with its unit."""
    return number_text(study.within, unit=study.unit)


def people_text(value: float, *, signed: bool = False) -> str:
    """Write a number of people; pieces of mesh cells hold fractions, which are rounded for reading only."""
    return number_text(value, signed=signed)


def share_text(row: ReachRow) -> str:
    """Write the share of a row in percent, or why there is none."""
    share = row.share
    return str(share) if isinstance(share, Unknown) else number_text(share, decimals=1)


def district_columns(study: Study) -> list[Col]:
    """Return the columns of the table of districts; the radius stands in the heads."""
    radius = radius_text(study)
    heads = [
        "点",
        study.demand.counted,
        f"{radius}以内",
        "割合 %",
        f"{radius}の外",
        NO_WAY,
        "平均",
        "9割がこれ以内",
    ]
    return [
        Col("コード", code=True),
        Col("地区", heading=True),
        Col("地域"),
        *(Col(head, number=True) for head in heads),
    ]


def district_rows(city: City, study: Study) -> tuple[Rows, list[str]]:
    """Return one row a district under `district_columns`, and the row of the city."""
    levels = levels_of(city, study)
    rows = [
        [
            code,
            str(city.names.loc[code, "district"]),
            city.area_of(code),
            str(inhabited(study, at)),
            *_reach_cells(study, reach_row(study, at)),
        ]
        for code, at in levels.districts.items()
    ]
    return rows, [
        "",
        f"{city.facts.name}全体",
        "",
        str(inhabited(study, levels.city)),
        *_reach_cells(study, reach_row(study, levels.city)),
    ]


def inhabited(study: Study, places: np.ndarray) -> int:
    """Return in how many places the people of a group stand: with few of them a share jumps between 0 and 100 %."""
    return int((study.demand.weight[places] > 0).sum())


def reach_row(study: Study, places: np.ndarray) -> ReachRow:
    """Return how a group of places stands after the what-if (as it is, without one)."""
    return summarise(study.after.distance[places], study.demand.weight[places], within=study.within)


def _reach_cells(study: Study, row: ReachRow) -> list[str]:
    people = [people_text(one) for one in (row.people, row.within)]
    rest = [people_text(one) for one in (row.outside, row.unreachable)]
    return [*people, share_text(row), *rest, distance_text(study, row.mean), distance_text(study, row.p90)]


PLACE_COLUMNS = ("住む所", "地区", "人", "いちばん近い施設", "距離")


def outside_rows(city: City, study: Study) -> Rows:
    """Return the inhabited places beyond the radius, those without a way first, then the farthest."""
    return [
        _place_cells(city, study, at) for at in outside(study.after, study.demand.weight, within=study.within)
    ]


def _place_cells(city: City, study: Study, at: int) -> list[str]:
    name = city.names.loc[study.demand.districts[at], "district"]
    return [
        study.demand.names[at], str(name), people_text(study.demand.weight[at]),
        nearest_name(study, int(study.after.facility[at])), distance_text(study, study.after.distance[at]),
    ]  # fmt: skip


def nearest_name(study: Study, column: int) -> str:
    """Return the name of a target, with the mark of a 大字 point; none for −1."""
    if column < 0:
        return "なし"
    facility = study.targets[column]
    return f"{facility.name}※大字の点" if facility.point == "town" else facility.name


FACILITY_COLUMNS = ("コード", "施設", "いちばん近い人", "うち半径以内", "位置", "洪水のとき", "状態")


def facility_rows(study: Study) -> Rows:
    """Return every facility of the study: for whom it is the nearest, how its point is known, and whether a flood closes it.

    Facilities without a position stand in the table too, with why they are not measured.
    """
    weight, near = study.demand.weight, study.after
    rows = []
    for number, one in enumerate(study.targets):
        mine = near.facility == number
        inside = mine & (near.distance <= study.within)
        counted = bool(study.counts_after[number])
        cells = (
            [people_text(weight[mine].sum()), people_text(weight[inside].sum())] if counted else ["−", "−"]
        )
        rows.append([one.code, one.name, *cells, point_text(one), flood_text(one), state_text(study, number)])
    rows += [
        [one.code, one.name, "−", "−", point_text(one), flood_text(one), "測れない"] for one in study.unplaced
    ]
    return rows


def point_text(facility: Facility) -> str:
    """Say how the point of a facility is known; an exact one needs no words."""
    word = _POINTS[facility.point]
    return f"{word} {facility.point_name}".strip()


def flood_text(facility: Facility) -> str:
    """Say whether a facility is designated for a flood; 不明 where it is no designated shelter or nothing is said."""
    if facility.hazards is None:
        return "不明"
    return "使える" if facility.hazards.get("洪水") else "使えない"


def state_text(study: Study, number: int) -> str:
    """Say how a target stands in the what-if."""
    facility, before, after = study.targets[number], study.counts_before[number], study.counts_after[number]
    if facility.code.startswith(MOVED) and after:
        return "動かした先"
    if study.choice.hazard and not before and not after:
        known = facility.hazards is not None
        return f"{study.choice.hazard}のときは{'使えない' if known else '不明'}"
    if before and not after:
        return "動かした" if facility.code in study.choice.moved else "閉じた"
    return "試しに置いた" if after and not before else "今のまま"


CHANGE_COLUMNS = (
    "コード",
    "地区",
    "遠くなる",
    "近くなる",
    "届かなくなる",
    "届くようになる",
    "平均の変化",
    "最も遠くなる",
)


def change_rows(city: City, study: Study) -> tuple[Rows, list[str]]:
    """Return the what-if by district, those that are touched first in the order of the city, and the row of the city."""
    levels = levels_of(city, study)
    rows = [
        [code, str(city.names.loc[code, "district"]), *_change_cells(study, change_row(study, at))]
        for code, at in levels.districts.items()
    ]
    return rows, ["", f"{city.facts.name}全体", *_change_cells(study, change_row(study, levels.city))]


def change_row(study: Study, places: np.ndarray) -> ChangeRow:
    """Return how a what-if changes the way of a group of places."""
    return summarise_change(
        study.before.distance[places], study.after.distance[places], study.demand.weight[places]
    )


def _change_cells(study: Study, row: ChangeRow) -> list[str]:
    people = [people_text(one) for one in (row.longer, row.shorter, row.lost, row.gained)]
    return [*people, distance_text(study, row.mean, signed=True), distance_text(study, row.most)]


HURT_COLUMNS = ("住む所", "地区", "人", "今", "もしもの後", "増える距離", "もしもの後に近い施設")


def hurt_rows(city: City, study: Study, *, most: int = 30) -> Rows:
    """Return the places whose way grows most, the worst first."""
    before, after = study.before.distance, study.after.distance
    change = difference(before, after)
    rows = []
    for at in most_hurt(before, after, study.demand.weight)[:most]:
        place = _place_cells(city, study, int(at))
        moves = [distance_text(study, before[at]), distance_text(study, after[at])]
        rows.append([*place[:3], *moves, distance_text(study, change[at], signed=True), place[3]])
    return rows


def columns(labels: Sequence[str], numbers: Sequence[int], *, heading: int = 0) -> list[Col]:
    """Return columns whose positions in `numbers` are right-aligned and whose `heading` names the row."""
    return [
        Col(label, number=at in numbers, heading=at == heading, code=label == "コード")
        for at, label in enumerate(labels)
    ]
