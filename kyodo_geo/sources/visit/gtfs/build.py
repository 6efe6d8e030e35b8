"""The tables of a feed put together: a `Timetable`, and the account of what was read, left out and doubted."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import date

from kyodo_geo.errors import Fault, TableError
from kyodo_geo.model.transit.timetable import Service, Timetable
from kyodo_geo.sources.visit.gtfs.archive import unpack
from kyodo_geo.sources.visit.gtfs.calls import FILE as STOP_TIMES
from kyodo_geo.sources.visit.gtfs.calls import read_calls
from kyodo_geo.sources.visit.gtfs.notes import Notes
from kyodo_geo.sources.visit.gtfs.runs import FREQUENCIES, Runs, whole_runs, write_out
from kyodo_geo.sources.visit.gtfs.services import CALENDAR, DATES, DAYS, note_days, read_services, validity
from kyodo_geo.sources.visit.gtfs.stops import FILE as STOPS
from kyodo_geo.sources.visit.gtfs.stops import StopTable, read_stops
from kyodo_geo.sources.visit.gtfs.tables import Columns, no_table, read_columns
from kyodo_geo.sources.visit.gtfs.trips import AGENCY, ROUTES, TRIPS, RouteTable, read_routes, read_trips
from kyodo_geo.sources.visit.made_up import says_fictional
from kyodo_geo.sources.visit.opened import Opened

_INFO, _TRANSLATIONS, _ATTRIBUTIONS = "feed_info.txt", "translations.txt", "attributions.txt"
_NEEDED = {
    STOPS: ("stop_id", "stop_name", "stop_lat", "stop_lon"),
    ROUTES: ("route_id",),
    TRIPS: ("route_id", "service_id", "trip_id"),
    STOP_TIMES: ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"),
}
_NEEDED_IF_THERE = {
    CALENDAR: ("service_id", *DAYS, "start_date", "end_date"),
    DATES: ("service_id", "date", "exception_type"),
    FREQUENCIES: ("trip_id", "start_time", "end_time", "headway_secs"),
}
_READ = frozenset({*_NEEDED, *_NEEDED_IF_THERE, AGENCY, _INFO, _TRANSLATIONS, _ATTRIBUTIONS})
_UNSAID = "ファイルに記載なし"
_TODO = "GTFS を作った事業者・ソフトに上の場所を確かめて、直った zip を開いてください"
_SHOWN = 50  # faults in a refusal; the rest is counted

Tables = Mapping[str, Columns]


def read_gtfs(content: bytes, *, name: str, today: date) -> tuple[Timetable, Opened]:
    """Return the timetable of a GTFS-JP zip (editions 1 to 4) and the account of its reading.

    Stops in the order of the file, trips in the order of trips.txt (then those of frequencies.txt), stop times by trip
    and stop_sequence. `boards` and `alights` are as the file says: the last call of a trip may say that one boards.
    `today` is only used to say what has expired. Whatever cannot be used is left out by file and row.

    Raises TableError, with everything that was found, when the bytes are no zip, a needed file or column is missing or
    no trip at all can be used. Source: 標準的なバス情報フォーマット(GTFS-JP)、国土交通省; GTFS Schedule reference.
    """
    notes = Notes()
    tables = _tables(unpack(content, name=name, wanted=_READ), notes)
    _stop_if(notes.refused, name)
    stops = read_stops(tables[STOPS], tables[_TRANSLATIONS], notes)
    services = read_services(tables[CALENDAR], tables[DATES], notes)
    routes = read_routes(tables[ROUTES], tables[AGENCY], notes)
    trips = read_trips(tables[TRIPS], routes, services, notes)
    calls = read_calls(tables[STOP_TIMES], trips, stops, notes)
    runs = write_out(whole_runs(trips, calls, notes), tables[FREQUENCIES], notes)
    if not runs.trips:
        _stop_if([Fault("使える便が1本もありません", TRIPS), *notes.left_out], name)
    note_days(services.services, Counter(trip.service for trip in runs.trips), today, notes)
    valid = validity(tables[_INFO], today, notes)
    timetable = _timetable(stops, routes, runs, services.services, valid)
    return timetable, _account(content, name, timetable, tables, routes.operators, stops.poles, notes)


def _tables(members: Mapping[str, bytes], notes: Notes) -> dict[str, Columns]:
    tables = {
        file: read_columns(members[file], file=file, notes=notes) if file in members else no_table(file)
        for file in sorted(_READ)
    }
    unreadable = {fault.file for fault in notes.refused}
    for file in _NEEDED:
        if file not in members:
            notes.refuse("必要なファイルが zip の中にありません", file)
        elif not len(tables[file]) and file not in unreadable:
            notes.refuse("中身が1行もありません", file)
    if CALENDAR not in members and DATES not in members:
        notes.refuse("calendar.txt も calendar_dates.txt もないため、走る日が分かりません", CALENDAR)
    for file, columns in (_NEEDED | _NEEDED_IF_THERE).items():
        absent = [column for column in columns if column not in tables[file]] if file in members else []
        for column in absent if file not in unreadable else []:
            notes.refuse("この列がありません", file, 1, column)
    for file in (AGENCY, _INFO):
        if file not in members:
            notes.caution("GTFS-JP で必須のファイルがありません(時刻表は読めます)", file)
    return tables


def _stop_if(faults: list[Fault], name: str) -> None:
    if not faults:
        return
    shown = faults[:_SHOWN]
    if len(faults) > _SHOWN:
        shown.append(Fault(f"ほか {len(faults) - _SHOWN} 件"))
    raise TableError(f"{name} を GTFS の時刻表として読めません。", faults=shown, todo=_TODO)


def _timetable(
    stops: StopTable,
    routes: RouteTable,
    runs: Runs,
    services: Mapping[str, Service],
    valid: tuple[date | None, date | None],
) -> Timetable:
    calls = runs.calls
    return Timetable(
        stops.stops,
        stops.places,
        routes.routes,
        runs.trips,
        services,
        calls.trip,
        calls.stop,
        calls.arrival_s,
        calls.departure_s,
        calls.boards,
        calls.alights,
        *valid,
    )


def _account(  # noqa: PLR0913, PLR0917 - all that an account speaks of
    content: bytes,
    name: str,
    timetable: Timetable,
    tables: Tables,
    operators: tuple[str, ...],
    poles: int,
    notes: Notes,
) -> Opened:
    info = tables[_INFO]
    publisher = next(iter(info["feed_publisher_name"]), "") or "・".join(operators)
    version = next(iter(info["feed_version"]), "")
    title = " ".join(word for word in (publisher, "時刻表(GTFS)", f"版 {version}" if version else "") if word)
    counts = (
        ("停留所", len(timetable.places)),
        ("標柱", poles),
        ("路線", len(timetable.routes)),
        ("便", len(timetable.trips)),
        ("通過時刻", len(timetable.trip)),
    )
    return Opened(
        name,
        title,
        hashlib.sha256(content).hexdigest(),
        counts,
        tuple(notes.left_out),
        tuple(notes.cautions),
        publisher or _UNSAID,
        _period(timetable),
        _licence(info, tables[_ATTRIBUTIONS]),
        fictional=says_fictional(name, [publisher]),
    )


def _period(timetable: Timetable) -> str:
    if timetable.valid_from is not None or timetable.valid_until is not None:
        return f"{timetable.valid_from or '始まりの記載なし'}〜{timetable.valid_until or '終わりの記載なし'}(有効期間)"
    used = [timetable.services[key] for key in {trip.service for trip in timetable.trips}]
    days = [on for one in used for on in (one.start, one.end, *one.added) if on is not None]
    return f"{min(days)}〜{max(days)}(運行日の範囲。有効期間の記載なし)" if days else _UNSAID


def _licence(*tables: Columns) -> str:
    """Return what a column named for a licence says; the standard has none, some publishers add one."""
    said = (
        cell
        for table in tables
        for column in table.cells
        if "licen" in column
        for cell in table[column]
        if cell
    )
    return next(said, _UNSAID)
