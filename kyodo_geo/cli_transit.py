"""The command transit: a timetable from a GTFS zip as text, CSV or JSON; without one, the services known as text."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from datetime import date

from kyodo_geo.city import City
from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach.choice import ReachChoice
from kyodo_geo.model.transit.choice import TransitChoice, window_text
from kyodo_geo.model.transit.departures import COVERING_PAIRS, WHOLE_DAY
from kyodo_geo.present.opened_report import account_lines
from kyodo_geo.present.reports import source_line, text_table, to_json
from kyodo_geo.present.tables import csv_text
from kyodo_geo.reach.export import districts_csv, study_geopackage, study_json
from kyodo_geo.reach.tables import radius_text
from kyodo_geo.reach.text import study_text
from kyodo_geo.rules.travel import travel_settings
from kyodo_geo.sources.disk import content_of
from kyodo_geo.sources.visit.bus_stops import read_bus_stops
from kyodo_geo.sources.visit.on_call import read_on_call
from kyodo_geo.sources.visit.opened import Opened
from kyodo_geo.transit.bus_stops import bus_stop_study
from kyodo_geo.transit.export import gap_csv, transit_json
from kyodo_geo.transit.feed import open_feed
from kyodo_geo.transit.study import TransitGiven, TransitStudy, transit_study
from kyodo_geo.transit.tables import (
    SERVICE_COLUMNS,
    gap_columns,
    gap_rows,
    service_rows,
    stop_columns,
    stop_rows,
)
from kyodo_geo.transit.text import cautions, stations_words

_STOPS_SHOWN = 40
# Options that ask something of a timetable
_OF_TIMES = ("day", "window", "min_runs", "without_route", "without_trip", "on_call")


def transit_command(options: Namespace, today: date) -> str | bytes:
    """Run `transit` and return what it writes; InputRefused for options that do not go together."""
    if options.format == "gpkg" and (options.output is None or options.gtfs is None):
        raise InputRefused(
            "GeoPackage は時刻表からファイルにだけ書けます。",
            todo="--gtfs FILE と -o ファイル名.gpkg を付けてください",
        )
    _refuse_what_does_not_fit(options)
    city = City.load(options.data)
    if options.gtfs is None:
        return _bus_stops(city, options, today) if options.stops else _known_services(city, options)
    given, opened = _on_call(city, options)
    study = _study(city, options, today, given)
    if options.format == "json":
        return transit_json(city, study)
    if options.format == "gpkg":
        return study_geopackage(city, study.reach)
    if options.format == "csv":
        return gap_csv(city, study)
    return _text(city, study, opened)


def _refuse_what_does_not_fit(options: Namespace) -> None:
    """Refuse, by name, options beside --stops that need a timetable, and options without any file to ask."""
    if options.stops is not None:
        wrong = _given(options, ("gtfs", *_OF_TIMES))
        if wrong:
            raise InputRefused(
                f"--stops と {'・'.join(wrong)} は同時に使えません(バス停のファイルから便数は分かりません)。",
                todo="時刻表があるときは --stops を外し、--gtfs FILE を付けてください",
            )
    elif options.gtfs is None:
        wrong = _given(options, (*_OF_TIMES, "within"))
        if wrong:
            raise InputRefused(
                f"時刻表のファイルがないため {'・'.join(wrong)} は計算できません。",
                todo="--gtfs FILE を付けてください",
            )


def _given(options: Namespace, names: Sequence[str]) -> list[str]:
    return [f"--{name.replace('_', '-')}" for name in names if getattr(options, name) not in (None, [])]


def _known_services(city: City, options: Namespace) -> str:
    """Return what is published today: services as text, without stops and times."""
    rows = service_rows(city, city.services)
    if options.format == "csv":
        return csv_text([SERVICE_COLUMNS, *rows])
    if options.format == "json":
        return to_json([dict(zip(SERVICE_COLUMNS, row, strict=True)) for row in rows])
    said = (
        "停留所の位置と時刻は公表資料として手元にありません。--gtfs で時刻表(GTFS-JP)を開くと計算できます。"
    )
    blocks = [
        "\n".join(f"{head}: {cell}" for head, cell in zip(SERVICE_COLUMNS, row, strict=True)) for row in rows
    ]
    return "\n\n".join([said, *blocks, f"出典: {source_line([city.sources['transit_services']])}"]) + "\n"


def _bus_stops(city: City, options: Namespace, today: date) -> str:
    """Return the coverage of bus stops without a timetable: where they are, and that their runs are not known."""
    on = options.on or today
    stops, opened = read_bus_stops(options.stops)
    reach = ReachChoice(within=options.within)
    study = bus_stop_study(city, stops, opened, reach, travel_settings().at(on), on=on)
    if options.format == "json":
        return study_json(city, study)
    return districts_csv(city, study) if options.format == "csv" else study_text(city, study, [opened])


def _on_call(city: City, options: Namespace) -> tuple[TransitGiven, list[Opened]]:
    if options.on_call is None:
        return TransitGiven(), []
    keys = set(city.small_areas["key_code"])
    areas, opened = read_on_call(content_of(options.on_call), name=options.on_call.name, small_areas=keys)
    return TransitGiven(areas=areas, areas_source=opened.source), [opened]


def _study(city: City, options: Namespace, today: date, given: TransitGiven) -> TransitStudy:
    feed = open_feed(content_of(options.gtfs), name=options.gtfs.name, today=today)
    on = options.on or today
    choice = TransitChoice(
        day=options.day.isoformat() if options.day else "weekday",
        window=options.window or WHOLE_DAY,
        runs=options.min_runs or COVERING_PAIRS,
        no_routes=tuple(options.without_route),
        no_trips=tuple(options.without_trip),
        reach=ReachChoice(within=options.within),
    )
    return transit_study(city, feed, choice, travel_settings().at(on), on=on, given=given)


def _text(city: City, study: TransitStudy, opened: list[Opened]) -> str:
    rows, foot = gap_rows(city, study)
    stops = stop_rows(city, study)
    reach = study.reach
    head = (
        f"{study.usable_words}まで {radius_text(reach)}({reach.measure_label})、{study.day.label}、"
        f"{window_text(study.choice.window)}{f'、もしもの後: {study.choice.taken_out}' if study.choice.changed else ''}、"
        f"{reach.demand.reference_date} の{reach.demand.counted}(推計)"
    )
    more = [f"ほか {len(stops) - _STOPS_SHOWN} か所"] if len(stops) > _STOPS_SHOWN else []
    notes = [
        *(f"注意: {sentence}" for sentence in cautions(city, study)),
        stations_words(study),
        f"人: {reach.demand.method}(推計)。距離: {reach.measure_note}。",
        f"出典: {source_line(reach.sources)}",
        *account_lines([study.feed.opened, *opened]),
    ]
    parts = [
        head,
        text_table([gap_columns(study), *rows, foot]),
        text_table([stop_columns(study), *stops[:_STOPS_SHOWN]]),
        *more,
    ]
    return "\n\n".join([*parts, "\n".join(filter(None, notes))]) + "\n"
