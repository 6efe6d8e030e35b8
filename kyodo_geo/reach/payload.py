"""A study as what the map draws: figures over the radius, people as dots, facilities that can be closed or moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kyodo_geo.city import City
from kyodo_geo.model.figures import (
    Axis,
    DemandLayer,
    DemandPoint,
    Fact,
    Figures,
    MapActs,
    MapPoint,
    PlaceClass,
)
from kyodo_geo.model.reach.coverage import outside
from kyodo_geo.present.map.payload import MapDistricts, MapTexts, build_payload
from kyodo_geo.reach.figures import levels_of, reach_figures
from kyodo_geo.reach.study import MOVED, Study
from kyodo_geo.reach.tables import distance_text, flood_text, nearest_name, people_text, reach_row


def reach_payload(  # noqa: PLR0913 - what a study always shows, and what a page may put in its place
    city: City,
    study: Study,
    *,
    figures: Sequence[Figures] | None = None,
    places: Sequence[MapPoint] | None = None,
    place_classes: Sequence[PlaceClass] = (),
    act: MapActs | None = None,
) -> dict[str, Any]:
    """Return what the map renderer draws for a study; `figures` and `places` replace those of the study itself."""
    kept = list(dict.fromkeys(city.lines(study.on).values()))
    shown = list(figures) if figures is not None else reach_figures(city, study)
    return build_payload(
        MapTexts(f"{study.what}への近さ", city.facts.name, city.facts.lines_note),
        MapDistricts(
            city.names.loc[kept], city.shapes(study.on), city.uncertain(study.on), district_notes(city, study)
        ),
        shown,
        places if places is not None else facility_points(study),
        {"indicator": shown[0].indicator.id, "year": round(study.within), "district": None},
        axis=Axis("時間" if study.unit == "分" else "半径", study.unit),
        demand=demand_layer(study),
        act=act,
        places_shown=True,
        place_classes=place_classes,
    )


def demand_layer(study: Study) -> DemandLayer:
    """Return the inhabited places with their distance, and with what it was before a what-if."""
    demand, after, before = study.demand, study.after, study.before
    points = tuple(
        DemandPoint(
            lon=float(demand.lonlat[at, 0]),
            lat=float(demand.lonlat[at, 1]),
            people=float(demand.weight[at]),
            distance=_finite(after.distance[at]),
            name=demand.names[at],
            district=demand.districts[at],
            to=nearest_name(study, int(after.facility[at])),
            before=_finite(before.distance[at]) if study.changed else None,
            compared=study.changed,
        )
        for at in np.flatnonzero(demand.weight > 0)
    )
    return DemandLayer(
        label=f"人の住む所({demand.kind})",
        unit=demand.unit,
        counted=demand.counted,
        points=points,
        distance_label=study.measure_label,
        distance_unit=study.unit,
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def facility_points(study: Study) -> list[MapPoint]:
    """Return the facilities as places of the map, each with what is tried out with it."""
    return [_facility_point(study, number) for number in range(len(study.targets))]


def _facility_point(study: Study, number: int) -> MapPoint:
    facility, before, after = study.targets[number], study.counts_before[number], study.counts_after[number]
    state = "closed" if before and not after else "opened" if after and not before else ""
    if facility.code.startswith(MOVED) and after:
        state = "moved"
    if study.choice.hazard and not before and not after:
        state = "unfit"
    people = study.demand.weight[study.after.facility == number].sum()
    lines = (
        [f"いちばん近い{study.demand.counted}: {people_text(people)} {study.demand.unit}"] if after else []
    )
    lines += (
        [f"洪水のとき: {flood_text(facility)}"] if facility.kind in {"centre", "branch", "shelter"} else []
    )
    lon, lat = study.target_lonlat[number]
    return MapPoint(
        facility.kind, facility.name, float(lon), float(lat), facility.note,
        code=facility.code, state=state, town=facility.point == "town", lines=tuple(lines),
    )  # fmt: skip


def district_notes(city: City, study: Study) -> dict[str, list[Fact]]:
    """Return the facts of each district: its mean and ninth tenth, people without a way, and its farthest place."""
    notes = {}
    for code, at in levels_of(city, study).districts.items():
        row = reach_row(study, at)
        facts = [
            Fact(study.demand.counted, f"{people_text(row.people)} {study.demand.unit}"),
            Fact("平均", distance_text(study, row.mean)),
            Fact("9割の人がこれ以内", distance_text(study, row.p90)),
        ]
        if row.unreachable:
            facts.append(Fact("届かない", f"{people_text(row.unreachable)} {study.demand.unit}"))
        facts += _farthest(study, at)
        notes[code] = facts
    return notes


def _farthest(study: Study, at: np.ndarray) -> list[Fact]:
    mine = np.zeros(len(study.demand.keys), dtype=bool)
    mine[at] = True
    ordered = outside(study.after, np.where(mine, study.demand.weight, 0.0), within=-1)
    if not len(ordered):
        return []
    place = int(ordered[0])
    text = f"{study.demand.names[place]} {people_text(study.demand.weight[place])}{study.demand.unit}、"
    return [Fact("いちばん遠い所", f"{text}{distance_text(study, study.after.distance[place])}")]
