"""How often a bus stops: departures by stop and hour, and the runs one can use there and back.

Times are seconds of the service day: a run at half past midnight is 24:30 of the day before.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

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

    In a pair the arrival is at least `stay_s` after the departure and the two runs differ; every run is used once
    away and once home at most, however often it calls (its earliest departure and its latest arrival count). That the
    run home comes from where the run away goes is not asked: `journeys` asks that for real destinations.

    The most pairs are found by handing each arrival, in order of time, any departure early enough that is still free:
    whoever is early enough for one arrival is so for all later ones, so no choice is ever regretted.
    """
    there, back = _calls_away(timetable, services, window), _calls_home(timetable, services, window)
    n = len(timetable.places)
    pairs = _most_pairs(there, back, n, stay_s)
    for place in _loops(there, back, stay_s):
        pairs[place] = _matched(there.at(place), back.at(place), stay_s)
    return UsableRuns(np.bincount(there.place, minlength=n), np.bincount(back.place, minlength=n), pairs)


def place_of_call(timetable: Timetable) -> Long:
    """Return the stopping place of each stop time, −1 where the stop has none."""
    return np.array([stop.place for stop in timetable.stops], dtype=np.int64)[timetable.stop]


@dataclass(frozen=True, eq=False)
class _Calls:
    """Calls of runs at places, each run once a place: equal arrays, by place."""

    place: Long
    trip: Long
    time_s: Long

    def at(self, place: int) -> _Calls:
        here = self.place == place
        return _Calls(self.place[here], self.trip[here], self.time_s[here])


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


def _calls_away(timetable: Timetable, services: AbstractSet[str], window: Window) -> _Calls:
    rows = np.flatnonzero(_away(timetable, services, window))
    return _once(timetable, rows, timetable.departure_s)


def _calls_home(timetable: Timetable, services: AbstractSet[str], window: Window) -> _Calls:
    rows = np.flatnonzero(_home(timetable, services, window))
    return _once(timetable, rows[::-1], timetable.arrival_s)


def _once(timetable: Timetable, rows: Long, time_s: Ints) -> _Calls:
    """Each run once a place: of its calls there the first in the order of the rows."""
    place = place_of_call(timetable)[rows]
    rows, place = rows[place >= 0], place[place >= 0]
    key = place * max(len(timetable.trips), 1) + timetable.trip[rows]
    kept = np.unique(key, return_index=True)[1]
    rows = rows[kept]
    return _Calls(place[kept], timetable.trip[rows].astype(np.int64), time_s[rows].astype(np.int64))


def _most_pairs(there: _Calls, back: _Calls, n: int, stay_s: int) -> Long:
    """The most pairs of each place, any two runs.

    An arrival goes unpaired when more arrivals than departures were ready up to it, so as many do as the largest such
    surplus over the day.
    """
    place = np.concatenate([there.place, back.place])
    ready_s = np.concatenate([there.time_s + stay_s, back.time_s])
    step = np.repeat([-1, 1], [len(there.place), len(back.place)])
    order = np.lexsort((step, ready_s, place))  # at the same second the departure is ready first
    place, step = place[order], step[order]
    arrivals = np.bincount(back.place, minlength=n)
    starts = np.flatnonzero(np.diff(place, prepend=-1))
    if not len(starts):
        return arrivals
    total = np.cumsum(step)
    before = total[starts] - step[starts]
    surplus = np.zeros(n, dtype=np.int64)
    surplus[place[starts]] = np.maximum.reduceat(total, starts) - before
    most: Long = arrivals - np.maximum(surplus, 0)
    return most


def _loops(there: _Calls, back: _Calls, stay_s: int) -> list[int]:
    """The places a run leaves and comes back to later than the stay: there it could be taken for both."""
    size = max((int(calls.trip.max(initial=0)) for calls in (there, back)), default=0) + 1
    _, away, home = np.intersect1d(
        there.place * size + there.trip, back.place * size + back.trip, return_indices=True
    )
    again = back.time_s[home] - there.time_s[away] >= stay_s
    return sorted(set(there.place[away][again].tolist()))


def _matched(there: _Calls, back: _Calls, stay_s: int) -> int:
    """The most pairs of different runs at one place, by augmenting paths (Hopcroft and Karp)."""
    late_enough = back.time_s[None, :] - there.time_s[:, None] >= stay_s
    fits = late_enough & (there.trip[:, None] != back.trip[None, :])
    return int((maximum_bipartite_matching(csr_array(fits), perm_type="column") >= 0).sum())
