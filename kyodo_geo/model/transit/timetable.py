"""A timetable as values and arrays: stops, routes, trips, stop times, and on which days each service runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
NO_TIME = -1


@dataclass(frozen=True)
class Stop:
    """A stop or pole of the file; `place` is the index of the stopping place it belongs to, `lon` None without a position."""

    id: str
    name: str
    lon: float | None
    lat: float | None
    place: int


@dataclass(frozen=True)
class StopPlace:
    """A stopping place as people know it: the poles of one parent, or of one name close together."""

    id: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Route:
    """A route of the file."""

    id: str
    name: str
    operator: str


@dataclass(frozen=True)
class Trip:
    """One run of a route: `route` is an index into the routes, `service` the id of its calendar."""

    id: str
    route: int
    service: str
    headsign: str


@dataclass(frozen=True)
class Service:
    """The days a service runs: weekdays Monday to Sunday within a span, days added, days taken out.

    `holidays` says what a public holiday means where the file's own exceptions say nothing: "as_sunday" for ids that
    the Japanese standard defines so (平日, 土曜, 日曜・祝日), "by_weekday" otherwise.
    """

    id: str
    weekdays: tuple[bool, bool, bool, bool, bool, bool, bool]
    start: date | None
    end: date | None
    added: frozenset[date]
    removed: frozenset[date]
    holidays: str = "by_weekday"


@dataclass(frozen=True, eq=False)
class Timetable:
    """A feed: `stop_times` are five equal arrays ordered by trip, then along the run.

    `trip` and `stop` are indexes, `arrival_s` and `departure_s` seconds after midnight of the service day (beyond 86,400
    for runs past midnight), `boards` and `alights` whether one may get on and off there without a phone call.
    A stop without a position has `place` −1. `valid_from` and `valid_until` are those the file states.
    """

    stops: tuple[Stop, ...]
    places: tuple[StopPlace, ...]
    routes: tuple[Route, ...]
    trips: tuple[Trip, ...]
    services: Mapping[str, Service]
    trip: Ints
    stop: Ints
    arrival_s: Ints
    departure_s: Ints
    boards: npt.NDArray[np.bool_]
    alights: npt.NDArray[np.bool_]
    valid_from: date | None
    valid_until: date | None
