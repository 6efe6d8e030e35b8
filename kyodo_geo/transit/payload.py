"""A transit study as what the map draws: people and how far a usable stop is, stops coloured by how often a bus comes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kyodo_geo.city import City
from kyodo_geo.model.figures import MapPoint, PlaceClass
from kyodo_geo.model.transit.choice import clock
from kyodo_geo.model.transit.departures import SERVICE_CLASSES, service_class
from kyodo_geo.present.classes import SEQUENTIAL
from kyodo_geo.reach.payload import reach_payload
from kyodo_geo.transit.study import TransitStudy

# No pair of runs is white; the more there are, the darker
_COLORS = ("#FFFFFF", *SEQUENTIAL)


def transit_payload(city: City, study: TransitStudy) -> dict[str, Any]:
    """Return what the map renderer draws for a transit study."""
    used = sorted({int(one) for one in service_class(study.runs.pairs)})
    classes = [PlaceClass("stop", _COLORS[number], SERVICE_CLASSES[number].label) for number in used]
    # The names of the figures have no room for the day and the hours, which stand beside the map
    reach = replace(study.reach, what=study.usable_words)
    return reach_payload(city, reach, places=stop_points(study), place_classes=classes)


def stop_points(study: TransitStudy) -> list[MapPoint]:
    """Return the stopping places in the colour of their class, and the stations, whose runs are not known."""
    classes = service_class(study.runs.pairs)
    stops = [
        MapPoint(
            "stop", place.name, place.lon, place.lat, "", code=place.id, color=_COLORS[int(classes[at])],
            lines=_stop_lines(study, at),
        )
        for at, place in enumerate(study.timetable.places)
    ]  # fmt: skip
    counted = "駅として数えている" if study.choice.stations else "数えていない"
    stations = [
        MapPoint("station", one.name, one.lon, one.lat, f"便数は不明(時刻表が手元にない)。{counted}", code=one.code)
        for one in study.reach.targets[len(stops):]
        if one.lon is not None and one.lat is not None
    ]  # fmt: skip
    return [*stops, *stations]


def _stop_lines(study: TransitStudy, at: int) -> tuple[str, ...]:
    runs, bus = study.runs, study.departures
    lines = [f"行き {runs.there[at]} 便、帰り {runs.back[at]} 便、往復 {runs.pairs[at]}"]
    if bus.departures[at]:
        lines.append(f"始発 {clock(int(bus.first_s[at]))}、終発 {clock(int(bus.last_s[at]))}")
    if study.choice.changed and study.runs_before.pairs[at] != runs.pairs[at]:
        lines.append(f"もしもの前は往復 {study.runs_before.pairs[at]}")
    return tuple(lines)
