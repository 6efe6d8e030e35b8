"""The command transit: a timetable from a GTFS zip as text, CSV or JSON; without one, the services known as text."""

from __future__ import annotations

from argparse import Namespace
from datetime import date

from kyodo_geo.city import City
from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach.choice import ReachChoice
from kyodo_geo.model.transit.choice import TransitChoice, window_text
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
    GAP_COLUMNS,
    SERVICE_COLUMNS,
    STOP_COLUMNS,
    gap_rows,
    service_rows,
    stop_rows,
)

_STOPS_SHOWN = 40
_EXPIRED = {
    "expired": "注意: この時刻表は有効期間が過ぎています。",
    "not_yet": "注意: この時刻表はまだ始まっていません。",
    "unstated": "注意: この時刻表には有効期間の終わりが書かれていません。",
    "valid": "",
}


def transit_command(options: Namespace, today: date) -> str | bytes:
    """Run `transit` and return what it writes; InputRefused for options that do not go together."""
    if options.format == "gpkg" and (options.output is None or options.gtfs is None):
        raise InputRefused(
            "GeoPackage は時刻表からファイルにだけ書けます。",
            todo="--gtfs FILE と -o ファイル名.gpkg を付けてください",
        )
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


def _known_services(city: City, options: Namespace) -> str:
    """Return what is published today: services as text, without stops and times."""
    if any((options.day, options.without_route, options.without_trip, options.on_call)):
        raise InputRefused("時刻表のファイルがないため計算できません。", todo="--gtfs FILE を付けてください")
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
        window=options.window,
        runs=options.min_runs,
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
        f"{window_text(study.choice.window)}{'、もしもの後' if study.choice.changed else ''}(推計)"
    )
    more = [f"ほか {len(stops) - _STOPS_SHOWN} か所"] if len(stops) > _STOPS_SHOWN else []
    notes = [
        _EXPIRED[study.feed.validity],
        f"人: {reach.demand.method}(推計)。距離: {reach.measure_note}。",
        f"出典: {source_line(reach.sources)}",
        *account_lines([study.feed.opened, *opened]),
    ]
    parts = [
        head,
        text_table([GAP_COLUMNS, *rows, foot]),
        text_table([STOP_COLUMNS, *stops[:_STOPS_SHOWN]]),
        *more,
    ]
    return "\n\n".join([*parts, "\n".join(filter(None, notes))]) + "\n"
