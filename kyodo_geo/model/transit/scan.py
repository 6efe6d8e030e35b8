"""The connection scan: from every ride of a day, how soon each destination is reached.

Source: Dibbelt, Pajor, Strasser and Wagner (2013), Intriguingly Simple and Fast Transit Routing (SEA 2013), the profile
scan; here all destinations are scanned at once, as a row of numbers for each ride.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array

from kyodo_geo.model.transit.connections import Connections, Long

Floats = npt.NDArray[np.float64]
Footpaths = csr_array


@dataclass(frozen=True, eq=False)
class Best:
    """For each place and destination: when one leaves and when one is there; infinite where there is no journey."""

    leave_s: Floats
    there_s: Floats


@dataclass(frozen=True, eq=False)
class _Board:
    """The departures in order of place, then time, each in a `slot`; after each place's last one a slot for missing all.

    `keys` are the departures as one number: each place has `reach_s` numbers from `base_s` on, more than the latest
    second at which anybody can be ready.
    """

    slot: Long
    keys: Long
    reach_s: int
    base_s: int

    def waiting(self, place: Long, ready_s: Long) -> Long:
        """The slot of the first departure from each place at or after the given second."""
        wanted = place * self.reach_s + (ready_s - self.base_s)
        return np.searchsorted(self.keys, wanted).astype(np.int64) + place


def soonest(
    rides: Connections, egress_s: Floats, *, change_s: int, footpaths: Footpaths | None = None
) -> Floats:
    """Return for each ride (rows) the second at which each destination (columns) is reached by whoever sits in it.

    `egress_s` (places, destinations) is the walk from each stopping place, infinite where too far. Changing takes
    `change_s`, at least 1, at the same place; at another one the footpath's seconds besides. Infinite where unreached.
    """
    board = _board(rides, change_s, footpaths)
    slots, ends = _changes(rides, board, change_s, footpaths)
    there = np.where(rides.alights[:, None], rides.arrive_s[:, None] + egress_s[rides.goal], np.inf)
    # waiting[slot]: the soonest of all departures from that slot on at the same place
    waiting = np.full((len(rides.origin) + len(egress_s), egress_s.shape[1]), np.inf)
    follows, boards, slot = rides.follows.tolist(), rides.boards.tolist(), board.slot.tolist()
    for ride in range(len(follows) - 1, -1, -1):
        row = there[ride]
        if follows[ride] >= 0:
            np.minimum(row, there[follows[ride]], out=row)
        for change in slots[ends[ride] : ends[ride + 1]]:
            np.minimum(row, waiting[change], out=row)
        own = slot[ride]
        waiting[own] = waiting[own + 1]
        if boards[ride]:
            np.minimum(row, waiting[own], out=waiting[own])
    return there


def best(rides: Connections, soonest_s: Floats, access_s: Floats, *, within_s: int, from_s: int) -> Best:
    """Return the earliest way there of each place (rows of `access_s`) to each destination that takes `within_s` at most.

    `access_s` (places, stopping places) is the time from the door to the departure, infinite where too far. Nobody
    leaves before `from_s`. Of ways equally early the one that leaves last.
    """
    rows_of = _rows_by_place(rides, access_s.shape[1])
    shape = (len(access_s), soonest_s.shape[1])
    result = Best(np.full(shape, np.inf), np.full(shape, np.inf))
    for place, access in enumerate(access_s):
        near = np.flatnonzero(np.isfinite(access))
        rows = np.concatenate([rows_of[stop] for stop in near]) if len(near) else np.empty(0, dtype=np.int64)
        leave = rides.leave_s[rows] - access[rides.origin[rows]]
        rows, leave = rows[leave >= from_s], leave[leave >= from_s]
        if len(rows):
            result.leave_s[place], result.there_s[place] = _earliest(leave, soonest_s[rows], within_s)
    return result


def _earliest(leave: Floats, there: Floats, within_s: int) -> tuple[Floats, Floats]:
    order = np.argsort(-leave, kind="stable")  # the first minimum is then the one that leaves last
    leave, there = leave[order], there[order]
    allowed = np.where(there - leave[:, None] <= within_s, there, np.inf)
    first = allowed.argmin(axis=0)
    arrival = allowed[first, np.arange(allowed.shape[1])]
    return np.where(np.isfinite(arrival), leave[first], np.inf), arrival


def _rows_by_place(rides: Connections, n: int) -> list[Long]:
    rows = np.flatnonzero(rides.boards)
    rows = rows[np.argsort(rides.origin[rows], kind="stable")]
    return list(np.split(rows, np.searchsorted(rides.origin[rows], np.arange(1, n))))


def _board(rides: Connections, change_s: int, footpaths: Footpaths | None) -> _Board:
    order = np.argsort(rides.origin, kind="stable")  # the rides are in order of time already
    slot = np.empty(len(order), dtype=np.int64)
    slot[order] = np.arange(len(order)) + rides.origin[order]
    base = int(rides.leave_s.min(initial=0))
    longest = change_s + (int(np.ceil(footpaths.data.max(initial=0))) if footpaths is not None else 0)
    reach = int(rides.arrive_s.max(initial=0)) - base + longest + 1
    keys = rides.origin[order] * reach + (rides.leave_s[order] - base)
    return _Board(slot, keys, reach, base)


def _changes(
    rides: Connections, board: _Board, change_s: int, footpaths: Footpaths | None
) -> tuple[list[int], list[int]]:
    """The slots each ride's passengers may wait at after getting off, one ride after the other, and where each begins."""
    ride = np.flatnonzero(rides.alights)
    place, walk = rides.goal[ride], np.zeros(len(ride), dtype=np.int64)
    if footpaths is not None:
        paths = coo_array(footpaths[rides.goal[ride]])
        ride, place, walk = (
            np.concatenate([ride, ride[paths.row]]),
            np.concatenate([place, paths.col]),
            np.concatenate([walk, np.ceil(paths.data).astype(np.int64)]),
        )
    slots = board.waiting(place, rides.arrive_s[ride] + walk + change_s)
    order = np.argsort(ride, kind="stable")
    ends = np.searchsorted(ride[order], np.arange(len(rides.goal) + 1))
    return slots[order].tolist(), ends.tolist()
