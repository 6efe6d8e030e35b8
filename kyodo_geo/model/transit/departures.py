"""How often a bus stops: departures by stop and hour, and the runs one can use there and back.

Times are seconds of the service day: a run at half past midnight is 24:30 of the day before.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kyodo_geo.model.transit.pairs import Calls, most_pairs
from kyodo_geo.model.transit.timetable import NO_TIME, Ints, Timetable

Flags = npt.NDArray[np.bool_]
Long = npt.NDArray[np.int64]
Window = tuple[int, int]
HOUR_S = 3600
HOURS = 27
WHOLE_DAY: Window = (0, HOURS * HOUR_S)


@dataclass(frozen=True, eq=False)
class Departures:
    """Departures and arrivals within a window, n arrays each by stop or stopping place.

    `departures` (one may board, and the run goes on), `arrivals` (one may get off, and the run came from somewhere),
    `first_s` and `last_s` of the departures (−1 without any), `by_hour` (n, 27 or more) departures by hour from 0;
    its sum is `departures`. `unplaced` counts the departures at stops that belong to no place.
    """

    departures: Long
    arrivals: Long
    first_s: Long
    last_s: Long
    by_hour: Long
    unplaced: int


@dataclass(frozen=True, eq=False)
class UsableRuns:
    """Runs one can use from each stopping place within a window: away (`there`), home (`back`), and both (`pairs`)."""

    there: Long
    back: Long
    pairs: Long


@dataclass(frozen=True)
class ServiceClass:
    """A class of service: the fewest pairs of runs a day it begins at, and its label. The bounds are this tool's own."""

    least: int
    label: str


SERVICE_CLASSES = (
    ServiceClass(0, "往復できる便なし"),
    ServiceClass(1, "1日1往復"),
    ServiceClass(2, "1日2～4往復"),
    ServiceClass(5, "1日5～9往復"),
    ServiceClass(10, "1日10～29往復"),
    ServiceClass(30, "1日30往復以上"),
)
# With one bus out and one back a day there is no choice of the hour: 「1日1往復」 is no coverage (この道具の置いた値).
COVERING_PAIRS = 2


def service_class(pairs: npt.NDArray[np.integer]) -> Long:
    """Return the index into `SERVICE_CLASSES` of each number of pairs."""
    least = [one.least for one in SERVICE_CLASSES]
    return np.searchsorted(least, pairs, side="right").astype(np.int64) - 1


def active_trips(timetable: Timetable, services: AbstractSet[str]) -> Flags:
    """Return which trips run on a day of these services."""
    return np.fromiter(
        (trip.service in services for trip in timetable.trips), dtype=bool, count=len(timetable.trips)
    )


def departures_per_place(
    timetable: Timetable, services: AbstractSet[str], *, window: Window = WHOLE_DAY
) -> Departures:
    """Return the departures and arrivals of each stopping place on a day of these services.

    The window is from its first second up to, but not including, its last. The last call of a run is no departure and
    the first no arrival, whatever the file says. A run that calls twice at a place (a loop, or two poles of it) counts
    once a call. Calls without a time are in no window.
    """
    return _tally(timetable, services, place_of_call(timetable), len(timetable.places), window)


def departures_per_stop(
    timetable: Timetable, services: AbstractSet[str], *, window: Window = WHOLE_DAY
) -> Departures:
    """Return the departures and arrivals of each stop or pole of the file; rules as `departures_per_place`."""
    return _tally(timetable, services, timetable.stop, len(timetable.stops), window)


def usable_runs(
    timetable: Timetable, services: AbstractSet[str], *, window: Window = WHOLE_DAY, stay_s: int = HOUR_S
) -> UsableRuns:
    """Return for each stopping place the runs away, the runs home, and the most pairs of one away and one home.

    What makes a pair, `most_pairs` says: the run home comes from somewhere the run away goes. Every run is used once away
    and once home at most, however often it calls (its earliest departure and its latest arrival count).
    """
    there, back = _calls_away(timetable, services, window), _calls_home(timetable, services, window)
    n = len(timetable.places)
    pairs = most_pairs(timetable, place_of_call(timetable), there, back, stay_s=stay_s)
    return UsableRuns(np.bincount(there.place, minlength=n), np.bincount(back.place, minlength=n), pairs)


def place_of_call(timetable: Timetable) -> Long:
    """Return the stopping place of each stop time, −1 where the stop has none."""
    return np.array([stop.place for stop in timetable.stops], dtype=np.int64)[timetable.stop]


def _away(timetable: Timetable, services: AbstractSet[str], window: Window) -> Flags:
    """Which stop times are departures within the window."""
    goes_on = np.append(timetable.trip[1:] == timetable.trip[:-1], [False])[: len(timetable.trip)]
    leaves: Flags = _usable(timetable, services, timetable.departure_s, window) & timetable.boards & goes_on
    return leaves


def _home(timetable: Timetable, services: AbstractSet[str], window: Window) -> Flags:
    """Which stop times are arrivals within the window."""
    came = np.append([False], timetable.trip[1:] == timetable.trip[:-1])[: len(timetable.trip)]
    arrives: Flags = _usable(timetable, services, timetable.arrival_s, window) & timetable.alights & came
    return arrives


def _usable(timetable: Timetable, services: AbstractSet[str], time_s: Ints, window: Window) -> Flags:
    within = (time_s >= max(window[0], NO_TIME + 1)) & (time_s < window[1])
    runs: Flags = active_trips(timetable, services)[timetable.trip] & within
    return runs


def _tally(
    timetable: Timetable, services: AbstractSet[str], at: npt.NDArray[np.integer], n: int, window: Window
) -> Departures:
    leaving, arriving = _away(timetable, services, window), _home(timetable, services, window)
    placed, reached = at[leaving], at[arriving]
    known = placed >= 0
    where, time_s = placed[known], timetable.departure_s[leaving][known]
    hours = max(HOURS, -(-window[1] // HOUR_S))
    first, last = np.full(n, window[1], dtype=np.int64), np.full(n, NO_TIME, dtype=np.int64)
    np.minimum.at(first, where, time_s)
    np.maximum.at(last, where, time_s)
    by_hour = np.bincount(where * hours + time_s // HOUR_S, minlength=n * hours).reshape(n, hours)
    return Departures(
        departures=by_hour.sum(axis=1),
        arrivals=np.bincount(reached[reached >= 0], minlength=n),
        first_s=np.where(last == NO_TIME, NO_TIME, first),
        last_s=last,
        by_hour=by_hour,
        unplaced=int((~known).sum()),
    )


def _calls_away(timetable: Timetable, services: AbstractSet[str], window: Window) -> Calls:
    rows = np.flatnonzero(_away(timetable, services, window))
    return _once(timetable, rows, timetable.departure_s)


def _calls_home(timetable: Timetable, services: AbstractSet[str], window: Window) -> Calls:
    rows = np.flatnonzero(_home(timetable, services, window))
    return _once(timetable, rows[::-1], timetable.arrival_s)


def _once(timetable: Timetable, rows: Long, time_s: Ints) -> Calls:
    """Each run once a place: of its calls there the first in the order of the rows."""
    place = place_of_call(timetable)[rows]
    rows, place = rows[place >= 0], place[place >= 0]
    key = place * max(len(timetable.trips), 1) + timetable.trip[rows]
    kept = np.unique(key, return_index=True)[1]
    rows = rows[kept]
    return Calls(place[kept], timetable.trip[rows].astype(np.int64), time_s[rows].astype(np.int64))
