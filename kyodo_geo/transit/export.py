"""A transit study as files: districts and stops as CSV, JSON for a program; each row says what it is."""

from __future__ import annotations

from kyodo_geo.city import City
from kyodo_geo.model.transit.choice import clock, window_text
from kyodo_geo.model.transit.departures import SERVICE_CLASSES, service_class
from kyodo_geo.present.reports import source_json, source_line, to_json
from kyodo_geo.present.tables import csv_text
from kyodo_geo.transit.study import TransitStudy
from kyodo_geo.transit.tables import departures_by_kind, gap_columns, gap_rows
from kyodo_geo.transit.text import cautions, representatives, stations_words

_STOP_HEADS = ["stop", "name", "lon", "lat", "runs_away", "runs_home", "pairs", "class", "first", "last"]


def said(study: TransitStudy) -> dict[str, str]:
    """Return what every row of a file says of itself, by its head: day, hours, what is usable, people, what-if, sources."""
    reach, choice = study.reach, study.choice
    return {
        "day": f"{study.day.label}{'、もしもの後' if choice.changed else ''}",
        "window": window_text(choice.window),
        "usable": study.usable_words,
        "usable_from_pairs": str(choice.runs),
        "threshold": f"{reach.within:g} {reach.unit}",
        "measure": reach.measure_label,
        "taken_out": choice.taken_out,
        "stations": stations_words(study),
        "counted": reach.demand.counted,
        "unit": reach.demand.unit,
        "reference_date": reach.demand.reference_date,
        "basis": reach.basis.label,
        "sources": source_line(reach.sources),
    }


def gap_csv(city: City, study: TransitStudy) -> str:
    """Return the people of each district by what they have, and the city."""
    rows, foot = gap_rows(city, study)
    words = said(study)
    return csv_text(
        [[*gap_columns(study), *words], *([*_plain(row), *words.values()] for row in [*rows, foot])]
    )


def _plain(row: list[str]) -> list[str]:
    """Return cells a spreadsheet reads as numbers: without thousands separators; the code stays text."""
    return [*row[:2], *(cell.replace(",", "") for cell in row[2:])]


def stops_csv(study: TransitStudy) -> str:
    """Return one row a stopping place with its runs, and the departures of every hour."""
    bus, runs, classes = study.departures, study.runs, service_class(study.runs.pairs)
    kinds, words = departures_by_kind(study), said(study)
    days = [f"{label}({day})" for label, day in representatives(study.feed).items()]
    hours = [f"{hour}時" for hour in range(bus.by_hour.shape[1])]
    rows = [
        [
            place.id, place.name, place.lon, place.lat, int(runs.there[at]), int(runs.back[at]), int(runs.pairs[at]),
            SERVICE_CLASSES[classes[at]].label, clock(int(bus.first_s[at])), clock(int(bus.last_s[at])),
            *(counts[at] for counts in kinds), *map(int, bus.by_hour[at]), *words.values(),
        ]
        for at, place in enumerate(study.timetable.places)
    ]  # fmt: skip
    return csv_text([[*_STOP_HEADS, *days, *hours, *words], *rows])


def transit_json(city: City, study: TransitStudy) -> str:
    """Return the study for a program."""
    rows, foot = gap_rows(city, study)
    opened, words = study.feed.opened, said(study)
    return to_json({
        **{key: word for key, word in words.items() if key != "sources"},
        "day": study.day.day.isoformat(),
        "day_label": study.day.label,
        "services": sorted(study.day.services),
        "validity": study.feed.validity,
        "in_period": study.in_period,
        "notes": cautions(city, study),
        "what_if": {"no_routes": study.choice.no_routes, "no_trips": study.choice.no_trips} if study.choice.changed else None,
        "columns": list(gap_columns(study)),
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
