"""The rides of a day from one call to the next, in order of time: what a connection scan reads."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kyodo_geo.model.transit.departures import active_trips, place_of_call
from kyodo_geo.model.transit.timetable import NO_TIME, Timetable

Flags = npt.NDArray[np.bool_]
Long = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Connections:
    """Rides without a stop between, equal arrays in the order of leaving (of one run at the same second: along the run).

    `origin` and `goal` are stopping places, `boards` and `alights` whether one may get on at the one and off at the
    other, `follows` the ride the same run goes on with, −1 at its end.
    """

    leave_s: Long
    arrive_s: Long
    origin: Long
    goal: Long
    boards: Flags
    alights: Flags
    follows: Long

    def reversed(self) -> Connections:
        """Return the same rides with time running backwards: each from its goal to its origin, times negative."""
        before = np.full(len(self.follows), -1, dtype=np.int64)
        going_on = np.flatnonzero(self.follows >= 0)
        before[self.follows[going_on]] = going_on
        later_first = -np.arange(len(self.follows))
        backwards = Connections(
            -self.arrive_s, -self.leave_s, self.goal, self.origin, self.alights, self.boards, before
        )
        return _in_order(backwards, later_first)


def connections(timetable: Timetable, services: AbstractSet[str]) -> Connections:
    """Return the rides of the trips of these services.

    Calls without a time or at a stop without a place are passed through: nobody is known to get on or off there. Where
    times run backwards the run is cut in two: nobody can be said to ride through.
    """
    arrive = np.where(timetable.arrival_s == NO_TIME, timetable.departure_s, timetable.arrival_s)
    leave = np.where(timetable.departure_s == NO_TIME, timetable.arrival_s, timetable.departure_s)
    place = place_of_call(timetable)
    calls = np.flatnonzero(
        active_trips(timetable, services)[timetable.trip] & (leave != NO_TIME) & (place >= 0)
    )
    start, end = calls[:-1], calls[1:]
    rides = (timetable.trip[start] == timetable.trip[end]) & (arrive[end] >= leave[start])
    start, end = start[rides], end[rides]
    follows = np.full(len(start), -1, dtype=np.int64)
    going_on = np.flatnonzero((end[:-1] == start[1:]) & (leave[end[:-1]] >= arrive[end[:-1]]))
    follows[going_on] = going_on + 1
    found = Connections(
        leave_s=leave[start].astype(np.int64),
        arrive_s=arrive[end].astype(np.int64),
        origin=place[start],
        goal=place[end],
        boards=timetable.boards[start],
        alights=timetable.alights[end],
        follows=follows,
    )
    return _in_order(found, np.arange(len(start)))


def _in_order(rides: Connections, along: Long) -> Connections:
    """The rides in the order of leaving, at the same second in the order `along`."""
    order = np.lexsort((along, rides.leave_s))
    place_in_order = np.empty(len(order) + 1, dtype=np.int64)
    place_in_order[order] = np.arange(len(order))
    place_in_order[-1] = -1  # the run's end stays −1
    return Connections(
        rides.leave_s[order],
        rides.arrive_s[order],
        rides.origin[order],
        rides.goal[order],
        rides.boards[order],
        rides.alights[order],
        place_in_order[rides.follows[order]],
    )
