"""How far people of 75 and over are from the centres: the small areas of an opened table, weighted with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from kyodo_geo.ageing.tables import TextTable
from kyodo_geo.city import City
from kyodo_geo.evidence.ages import people_by_small_area
from kyodo_geo.model.reach.choice import ReachChoice
from kyodo_geo.model.reach.coverage import ReachRow, summarise
from kyodo_geo.model.reach.values import Demand, Floats
from kyodo_geo.present.tables import Col, number_text
from kyodo_geo.provenance import Basis, Unknown, mark_of, unite, weakest
from kyodo_geo.reach.figures import Levels, levels_of
from kyodo_geo.reach.study import Study, study_of
from kyodo_geo.reach.tables import distance_text, people_text, point_text, radius_text, reach_row, share_text
from kyodo_geo.rules.travel import travel_settings

OLDER, OLDER_WORDS = 75, "75歳以上"


@dataclass(frozen=True, eq=False)
class DistanceStudy:
    """Coverage of the centres for people of 75 and over: `reach` to the nearest centre, `own` (n,) to one of their district.

    `own` is infinite where the district has no centre with a position; `levels` says which places are whose.
    """

    reach: Study
    own: Floats
    levels: Levels

    @property
    def mark(self) -> str:
        """The word beside every number."""
        return mark_of(self.reach.demand.basis)


def distance_study(city: City, on: date) -> DistanceStudy | Unknown:
    """Return the distances in a straight line of the people of 75 and over of the newest table, in metres.

    Unknown without a table, and where it has no small areas or no band that begins at 75.
    """
    if not city.evidence.ages:
        return Unknown("年齢の表がない", "75歳以上の人がどこに住むかは、小地域の年齢の表を開くと分かります")
    read = city.evidence.ages[-1]
    older = people_by_small_area(read, OLDER, None, city.people_by_key)
    if isinstance(older, Unknown):
        return older
    study = study_of(city, ReachChoice(), travel_settings().at(on), on=on)
    weight = _weights(city, study.demand, older)
    everybody = read.table.at(OLDER, None)
    placed, whole = float(weight.sum()), 0.0 if everybody is None else float(everybody.sum())
    demand = replace(
        study.demand,
        weight=weight,
        counted=OLDER_WORDS,
        reference_date=read.day.isoformat(),
        basis=weakest([Basis.ESTIMATED, read.opened.source.basis]),
        sources=(read.opened.source, city.sources["small_areas"]),
        unplaced=_unplaced(whole - placed),
    )
    sources = unite(
        demand.sources, (source for source in study.sources if source not in study.demand.sources)
    )
    reach = replace(study, demand=demand, sources=sources)
    return DistanceStudy(reach, _to_own(city, reach, on), levels_of(city, reach))


def _unplaced(number: float) -> str:
    if number < 0.5:
        return ""
    return f"表の{OLDER_WORDS}のうち {number_text(number)} 人は、点のある小地域と結べないため数えていません"


def _weights(city: City, demand: Demand, older: dict[str, float]) -> Floats:
    """Return the people of each place; those of a small area in several parts are shared out by its people (推計)."""
    keys = [str(key) for key in city.small_areas.loc[list(demand.keys), "key_code"]]
    whole: dict[str, float] = {}
    parts: dict[str, int] = {}
    for key, people in zip(keys, demand.weight.tolist(), strict=True):
        whole[key] = whole.get(key, 0.0) + people
        parts[key] = parts.get(key, 0) + 1
    return np.array([
        older.get(key, 0.0) * (people / whole[key] if whole[key] else 1 / parts[key])
        for key, people in zip(keys, demand.weight.tolist(), strict=True)
    ])  # fmt: skip


def _to_own(city: City, study: Study, on: date) -> Floats:
    """Return the distance of each place to the nearest centre of its own district."""
    lines = city.lines(on)
    homes = np.array([lines.get(one.district, "") for one in study.targets])
    mine = np.array(study.demand.districts)[:, None] == homes[None, :]
    if not len(homes):
        return np.full(len(study.demand.keys), np.inf)
    nearest: Floats = np.where(mine & study.counts_after[None, :], study.distance, np.inf).min(axis=1)
    return nearest


def distance_table(city: City, found: DistanceStudy) -> TextTable:
    """Return a row for each district, area and the city: means, people beyond the radius, and how the centre is placed."""
    study, levels = found.reach, found.levels
    radius = radius_text(study)
    heads = (
        OLDER_WORDS,
        "最寄りのセンターまでの平均",
        "地区のセンターまでの平均",
        f"最寄りまで{radius}の外",
        "割合 %",
    )
    columns = (Col("コード", code=True), Col("地区・地域", heading=True), *(Col(head, number=True) for head in heads),
               Col("地区のセンターの位置"))  # fmt: skip
    rows = [
        [code, str(city.names.loc[code, "district"]), *_cells(found, at), _points(city, study, code)]
        for code, at in levels.districts.items()
    ]
    rows += [["", f"{area}地域", *_cells(found, at), ""] for area, at in levels.areas.items()]
    rows.append(["", f"{city.facts.name}全体", *_cells(found, levels.city), ""])
    caption = f"{OLDER_WORDS}の人から市民センターまでの直線距離({study.demand.reference_date} の人、{found.mark}。道や川、山は考えていない)"
    return TextTable(caption, columns, rows)


def nearest_row(found: DistanceStudy, at: npt.NDArray[np.int64]) -> ReachRow:
    """Return how the people of some places stand to the nearest centre."""
    return reach_row(found.reach, at)


def own_row(found: DistanceStudy, at: npt.NDArray[np.int64]) -> ReachRow:
    """Return how the people of some places stand to the centre of their district."""
    return summarise(found.own[at], found.reach.demand.weight[at], within=found.reach.within)


def _cells(found: DistanceStudy, at: npt.NDArray[np.int64]) -> list[str]:
    near, own = nearest_row(found, at), own_row(found, at)
    return [
        people_text(near.people), distance_text(found.reach, near.mean), distance_text(found.reach, own.mean),
        people_text(near.outside + near.unreachable), share_text(replace(near, within=near.people - near.within)),
    ]  # fmt: skip


def _points(city: City, study: Study, code: str) -> str:
    """Say how the point of the centre of a district is known."""
    lines = city.lines(study.on)
    mine = [one for one in (*study.targets, *study.unplaced) if lines.get(one.district) == code]
    return "、".join(dict.fromkeys(point_text(one) or "施設の点" for one in mine)) or "センターの資料なし"
