"""The routes of a feed with their operators, and the trips whose route and calendar are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kyodo_geo.model.transit.timetable import Route, Trip
from kyodo_geo.sources.visit.gtfs.notes import Notes, by_word, shortened
from kyodo_geo.sources.visit.gtfs.services import ServiceTable
from kyodo_geo.sources.visit.gtfs.tables import Columns

AGENCY, ROUTES, TRIPS = "agency.txt", "routes.txt", "trips.txt"
_BUS = {"3", ""}
_EXTENDED_BUS = {str(kind) for kind in range(700, 717)}  # Google's extended route types of buses


@dataclass(frozen=True)
class RouteTable:
    """The routes, their `index` by route_id, and the names of the operators of the feed."""

    routes: tuple[Route, ...]
    index: dict[str, int]
    operators: tuple[str, ...]


@dataclass(frozen=True)
class TripTable:
    """The trips whose route and service are known, with their row; `left` are ids of trips.txt that are not."""

    trips: tuple[Trip, ...]
    lines: tuple[int, ...]
    index: dict[str, int]
    left: frozenset[str]


def read_routes(table: Columns, agency: Columns, notes: Notes) -> RouteTable:
    """Return the routes in the order of the file; a doubled route_id keeps its first row."""
    operators = {key: name for key, name in agency.rows("agency_id", "agency_name") if name}
    routes = []
    columns = ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type")
    for line, (key, agency_id, short, long, kind) in _once(table, columns, notes):
        name = " ".join(dict.fromkeys(word for word in (short, long) if word))
        if not name:
            notes.caution(
                f"路線「{key}」に名前がありません(id を表示します)", ROUTES, line, "route_long_name"
            )
        if kind not in _BUS and kind not in _EXTENDED_BUS:
            notes.caution(
                f"路線「{key}」の種別「{shortened(kind)}」は路線バス(3)ではありません",
                ROUTES,
                line,
                "route_type",
            )
        routes.append(Route(key, name or key, _operator(agency_id, operators, line, notes)))
    index = {route.id: number for number, route in enumerate(routes)}
    return RouteTable(tuple(routes), index, tuple(dict.fromkeys(operators.values())))


def _operator(agency_id: str, operators: dict[str, str], line: int, notes: Notes) -> str:
    if agency_id in operators:
        return operators[agency_id]
    if agency_id and operators:
        notes.caution(f"agency_id「{agency_id}」が agency.txt にありません", ROUTES, line, "agency_id")
    # A feed of one operator need not repeat its id
    return next(iter(operators.values())) if len(operators) == 1 and not agency_id else "事業者の記載なし"


def _once(table: Columns, columns: tuple[str, ...], notes: Notes) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Return (row, cells) of the rows whose id, the first of the columns, is there and has not come before."""
    first: dict[str, int] = {}
    for line, cells in zip(table.lines, table.rows(*columns), strict=True):
        key = cells[0]
        if not key:
            notes.leave_out(f"{columns[0]} が空欄です", table.file, line, columns[0])
        elif first.setdefault(key, line) != line:
            what = f"{columns[0]}「{key}」が {first[key]} 行目にもあります(先の行を使いました)"
            notes.leave_out(what, table.file, line, columns[0])
        else:
            yield line, cells


def read_trips(table: Columns, routes: RouteTable, services: ServiceTable, notes: Notes) -> TripTable:
    """Return the trips in the order of the file; those of an unknown route or service are left out by their id."""
    trips, lines = [], []
    left: set[str] = set()
    no_route: list[tuple[str, int]] = []
    no_service: list[tuple[str, int]] = []
    for line, (key, route, service, sign) in _once(
        table, ("trip_id", "route_id", "service_id", "trip_headsign"), notes
    ):
        if route in routes.index and service in services.services:
            trips.append(Trip(key, routes.index[route], service, sign))
            lines.append(line)
            continue
        left.add(key)
        if route not in routes.index:
            no_route.append((route, line))
        else:
            no_service.append((service, line))
    for word, (line, count) in by_word(no_route).items():
        notes.leave_out(f"route_id「{word}」が routes.txt にありません{count}", TRIPS, line, "route_id")
    for word, (line, count) in by_word(no_service).items():
        why = (
            "の行が使えません"
            if word in services.broken
            else "が calendar.txt にも calendar_dates.txt にもありません"
        )
        notes.leave_out(f"service_id「{word}」{why}{count}", TRIPS, line, "service_id")
    index = {trip.id: number for number, trip in enumerate(trips)}
    return TripTable(tuple(trips), tuple(lines), index, frozenset(left))
