"""Pairs of runs, one away and one home, that make a way there and back from a stopping place without a change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from kyodo_geo.model.transit.timetable import NO_TIME, Timetable

Flags = npt.NDArray[np.bool_]
Long = npt.NDArray[np.int64]
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Calls:
    """Calls of runs at places, each run once a place: equal arrays of place, run (trip index) and time in seconds."""

    place: Long
    trip: Long
    time_s: Long

    def at(self, place: int) -> Calls:
        """Return the calls at one place."""
        here = self.place == place
        return Calls(self.place[here], self.trip[here], self.time_s[here])


@dataclass(frozen=True, eq=False)
class _Runs:
    """All timed calls at places, by run: the rows of run t are first[t] to first[t + 1]."""

    first: Long
    place: Long
    arrival_s: Long
    departure_s: Long
    boards: Flags
    alights: Flags

    def rows(self, trips: Long) -> tuple[Long, Long]:
        """Return the rows of some runs, and for each row which of those runs it belongs to."""
        starts, ends = self.first[trips], self.first[trips + 1]
        which = np.repeat(np.arange(len(trips)), ends - starts)
        offset = np.arange(len(which)) - np.repeat(np.cumsum(ends - starts) - (ends - starts), ends - starts)
        return np.repeat(starts, ends - starts) + offset, which


def most_pairs(timetable: Timetable, places: Long, there: Calls, back: Calls, *, stay_s: int) -> Long:
    """Return for each stopping place the most pairs of different runs there and back.

    In a pair the run home arrives at least `stay_s` after the run away has left, and calls, at or after the run away
    has been there, at another place that the run away goes to: a bus that never comes back pairs with none. Changes are
    not thought of: `journeys` does that for real destinations. `places` are the stopping places of the stop times (−1
    for none), `there` and `back` the calls that may be used. The most pairs are a maximum matching (Hopcroft and Karp).
    """
    found = np.zeros(len(timetable.places), dtype=np.int64)
    runs = _runs(timetable, places)
    for place in np.intersect1d(there.place, back.place).tolist():
        away, home = there.at(place), back.at(place)
        fits = _fits(runs, place, away, home, stay_s)
        found[place] = int((maximum_bipartite_matching(csr_array(fits), perm_type="column") >= 0).sum())
    return found


def _runs(timetable: Timetable, places: Long) -> _Runs:
    count = len(timetable.trips)
    return _Runs(
        first=np.searchsorted(timetable.trip, np.arange(count + 1)),
        place=places,
        arrival_s=timetable.arrival_s.astype(np.int64),
        departure_s=timetable.departure_s.astype(np.int64),
        boards=timetable.boards & (timetable.departure_s != NO_TIME) & (places >= 0),
        alights=timetable.alights & (timetable.arrival_s != NO_TIME) & (places >= 0),
    )


def _fits(runs: _Runs, place: int, away: Calls, home: Calls, stay_s: int) -> Flags:
    """Return which run away (rows) goes with which run home (columns)."""
    late_enough = home.time_s[None, :] - away.time_s[:, None] >= stay_s
    fits: Flags = late_enough & (away.trip[:, None] != home.trip[None, :])
    if not fits.any():
        return fits
    out, out_of = runs.rows(away.trip)
    kept = runs.alights[out] & (runs.place[out] != place) & (runs.arrival_s[out] >= away.time_s[out_of])
    out, out_of = out[kept], out_of[kept]
    into, in_of = runs.rows(home.trip)
    kept = runs.boards[into] & (runs.place[into] != place) & (runs.departure_s[into] <= home.time_s[in_of])
    into, in_of = into[kept], in_of[kept]
    common = np.intersect1d(runs.place[out], runs.place[into])
    reached = np.full((len(away.trip), len(common)), _NEVER)
    left = np.full((len(home.trip), len(common)), -1)
    mine, yours = np.isin(runs.place[out], common), np.isin(runs.place[into], common)
    here = np.searchsorted(common, runs.place[out[mine]])
    np.minimum.at(reached, (out_of[mine], here), runs.arrival_s[out[mine]])
    here = np.searchsorted(common, runs.place[into[yours]])
    np.maximum.at(left, (in_of[yours], here), runs.departure_s[into[yours]])
    meets = (reached[:, None, :] <= left[None, :, :]).any(axis=2)
    return fits & meets
