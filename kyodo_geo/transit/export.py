"""A transit study as files: districts and stops as CSV, JSON for a program; each row says what it is."""

from __future__ import annotations

from kyodo_geo.city import City
from kyodo_geo.model.transit.choice import clock, window_text
from kyodo_geo.model.transit.departures import SERVICE_CLASSES, service_class
from kyodo_geo.present.reports import source_json, source_line, to_json
from kyodo_geo.present.tables import csv_text
from kyodo_geo.provenance import Basis
from kyodo_geo.transit.study import TransitStudy
from kyodo_geo.transit.tables import GAP_COLUMNS, departures_by_kind, gap_rows

_STOP_HEADS = [
    "stop",
    "name",
    "lon",
    "lat",
    "runs_away",
    "runs_home",
    "pairs",
    "class",
    "first",
    "last",
    "平日",
    "土曜",
    "日曜・祝日",
]
_SAID = ["day", "window", "usable_from_pairs", "threshold", "measure", "basis", "sources"]


def said(study: TransitStudy) -> list[str]:
    """Return what every row of a file says of itself."""
    reach, choice = study.reach, study.choice
    changed = "、もしもの後" if choice.changed else ""
    return [
        f"{study.day.label}{changed}", window_text(choice.window), str(choice.runs), f"{reach.within:g} {reach.unit}",
        reach.measure_label, Basis.ESTIMATED.label, source_line(reach.sources),
    ]  # fmt: skip


def gap_csv(city: City, study: TransitStudy) -> str:
    """Return the people of each district by what they have, and the city."""
    rows, foot = gap_rows(city, study)
    return csv_text([[*GAP_COLUMNS, *_SAID], *([*_plain(row), *said(study)] for row in [*rows, foot])])


def _plain(row: list[str]) -> list[str]:
    """Return cells a spreadsheet reads as numbers: without thousands separators; the code stays text."""
    return [*row[:2], *(cell.replace(",", "") for cell in row[2:])]


def stops_csv(study: TransitStudy) -> str:
    """Return one row a stopping place with its runs, and the departures of every hour."""
    bus, runs, classes = study.departures, study.runs, service_class(study.runs.pairs)
    kinds = departures_by_kind(study)
    hours = [f"{hour}時" for hour in range(bus.by_hour.shape[1])]
    rows = [
        [
            place.id, place.name, place.lon, place.lat, int(runs.there[at]), int(runs.back[at]), int(runs.pairs[at]),
            SERVICE_CLASSES[classes[at]].label, clock(int(bus.first_s[at])), clock(int(bus.last_s[at])),
            *(counts[at] for counts in kinds), *map(int, bus.by_hour[at]), *said(study),
        ]
        for at, place in enumerate(study.timetable.places)
    ]  # fmt: skip
    return csv_text([[*_STOP_HEADS, *hours, *_SAID], *rows])


def transit_json(city: City, study: TransitStudy) -> str:
    """Return the study for a program."""
    rows, foot = gap_rows(city, study)
    opened = study.feed.opened
    return to_json({
        "day": study.day.day.isoformat(),
        "day_label": study.day.label,
        "services": sorted(study.day.services),
        "validity": study.feed.validity,
        "what_if": {"no_routes": study.choice.no_routes, "no_trips": study.choice.no_trips} if study.choice.changed else None,
        **dict(zip(_SAID[1:6], said(study)[1:6], strict=True)),
        "columns": list(GAP_COLUMNS),
        "districts": [_plain(row) for row in rows],
        "city": _plain(foot),
        "stops": [
            {"id": place.id, "name": place.name, "away": int(study.runs.there[at]), "home": int(study.runs.back[at]),
             "pairs": int(study.runs.pairs[at])}
            for at, place in enumerate(study.timetable.places)
        ],
        "read": dict(opened.counts),
        "left_out": [str(fault) for fault in opened.left_out],
        "cautions": [str(fault) for fault in opened.cautions],
        "sources": [source_json(source) for source in study.reach.sources],
    })  # fmt: skip
