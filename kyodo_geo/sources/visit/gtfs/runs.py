"""Calls become runs: untimed calls filled in, runs that cannot be true left out, intervals written out as runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kyodo_geo.model.transit.timetable import NO_TIME, Ints, Trip
from kyodo_geo.sources.visit.gtfs.calls import FILE, Bools, Calls, seconds, whole
from kyodo_geo.sources.visit.gtfs.notes import Notes, shortened
from kyodo_geo.sources.visit.gtfs.tables import Columns
from kyodo_geo.sources.visit.gtfs.trips import TRIPS, TripTable

FREQUENCIES = "frequencies.txt"
# 「この道具の置いた値」: no municipal bus runs closer than every minute; a smaller number is a slip (minutes for seconds)
_SHORTEST_HEADWAY_S = 60


@dataclass(frozen=True, eq=False)
class Runs:
    """The trips that are whole, and their calls with `Calls.trip` as index into them."""

    trips: tuple[Trip, ...]
    calls: Calls


def whole_runs(table: TripTable, calls: Calls, notes: Notes) -> Runs:
    """Return the trips with two calls or more, a time at both ends and no step back in time; the others are named.

    A blank arrival takes the departure and the other way round; a call without both lies between its neighbours in
    equal steps, which is an estimate and said so.
    """
    left = _too_short(table, calls, notes)
    calls = _one_time_for_both(calls.take(~left[calls.trip]))
    left |= _open_ended(table, calls, notes)
    calls = _interpolated(calls.take(~left[calls.trip]), notes)
    left |= _backwards(table, calls, notes)
    return _renumbered(table.trips, calls, ~left)


def _renumbered(trips: Sequence[Trip], calls: Calls, kept: Bools) -> Runs:
    number = (np.cumsum(kept) - 1).astype(np.int32)
    calls = calls.take(kept[calls.trip])
    chosen = tuple(trip for trip, keep in zip(trips, kept, strict=True) if keep)
    return Runs(chosen, replace(calls, trip=number[calls.trip]))


def _too_short(table: TripTable, calls: Calls, notes: Notes) -> Bools:
    count = np.bincount(calls.trip, minlength=len(table.trips))
    short = count < 2
    for at in np.flatnonzero(short):
        what = f"便「{table.trips[at].id}」は使える通過時刻が {count[at]} か所で、便になりません"
        notes.leave_out(what, TRIPS, table.lines[at], "trip_id")
    return np.asarray(short)


def _one_time_for_both(calls: Calls) -> Calls:
    arrival = np.where(calls.arrival_s == NO_TIME, calls.departure_s, calls.arrival_s)
    departure = np.where(calls.departure_s == NO_TIME, calls.arrival_s, calls.departure_s)
    return replace(calls, arrival_s=arrival, departure_s=departure)


def _starts(calls: Calls) -> Bools:
    """Return which calls are the first of their trip."""
    return np.concatenate([np.ones(min(len(calls), 1), bool), calls.trip[1:] != calls.trip[:-1]])


def _open_ended(table: TripTable, calls: Calls, notes: Notes) -> Bools:
    first = _starts(calls)
    last = np.roll(first, -1)
    found = (first | last) & (calls.arrival_s == NO_TIME)
    what = "の最初か最後の停留所に時刻がありません(便を使いません)"
    return _leave_trips(table, calls, found, what, notes)


def _leave_trips(table: TripTable, calls: Calls, found: Bools, what: str, notes: Notes) -> Bools:
    trips, where = np.unique(calls.trip[found], return_index=True)
    for trip, line in zip(trips, calls.line[found][where], strict=True):
        notes.leave_out(f"便「{table.trips[trip].id}」{what}", FILE, int(line), "arrival_time")
    return np.asarray(np.isin(np.arange(len(table.trips)), trips))


def _interpolated(calls: Calls, notes: Notes) -> Calls:
    unknown = calls.arrival_s == NO_TIME
    if not unknown.any():
        return calls
    at = np.arange(len(calls))
    # Both ends of every trip are timed, so the timed neighbours of a call are calls of its own trip
    before = np.maximum.accumulate(np.where(unknown, 0, at))
    after = np.minimum.accumulate(np.where(unknown, len(calls), at)[::-1])[::-1]
    start, end = calls.departure_s[before].astype(np.int64), calls.arrival_s[after].astype(np.int64)
    between = start + (end - start) * (at - before) // np.maximum(after - before, 1)
    trips = len(np.unique(calls.trip[unknown]))
    what = f"時刻のない停留所 {np.count_nonzero(unknown)} か所({trips} 便)は前後から按分(推計)"
    notes.caution(what, FILE, int(calls.line[unknown].min()), "arrival_time")
    arrival = np.where(unknown, between, calls.arrival_s).astype(np.int32)
    departure = np.where(unknown, between, calls.departure_s).astype(np.int32)
    return replace(calls, arrival_s=arrival, departure_s=departure)


def _backwards(table: TripTable, calls: Calls, notes: Notes) -> Bools:
    found = calls.departure_s < calls.arrival_s
    found[1:] |= ~_starts(calls)[1:] & (calls.arrival_s[1:] < calls.departure_s[:-1])
    what = (
        "の時刻が前の停留所より戻っています(便を使いません。"
        "予約制の便はこう書かれることがありますが、定時の便としては数えられません)"
    )
    return _leave_trips(table, calls, found, what, notes)


def write_out(runs: Runs, frequencies: Columns, notes: Notes) -> Runs:
    """Return the runs with each trip of frequencies.txt replaced by its runs from start_time on, before end_time.

    The pattern trip itself does not run (GTFS). exact_times 0 promises only the interval: its runs are taken to start
    at start_time and are counted as an estimate. Unknown trips, unreadable times and headways are left out by row, with the trip they cost.
    """
    index = {trip.id: number for number, trip in enumerate(runs.trips)}
    pattern = np.zeros(len(runs.trips), bool)
    added: list[Trip] = []
    parts: list[Calls] = []
    loose = 0
    columns = ("trip_id", "start_time", "end_time", "headway_secs", "exact_times")
    for line, (key, start, end, headway, exact) in zip(
        frequencies.lines, frequencies.rows(*columns), strict=True
    ):
        if key not in index:
            notes.leave_out(f"便「{key}」は読めた便の中にありません", FREQUENCIES, line, "trip_id")
            continue
        pattern[index[key]] = True
        times = _times_of_runs(key, (start, end, headway), line, notes)
        loose += 0 if exact == "1" else len(times)
        parts += [_shifted(runs.calls, index[key], len(runs.trips) + len(added), times)]
        added += [_named(runs.trips[index[key]], int(time)) for time in times]
    if loose:
        notes.caution(
            f"間隔だけが決まっている {loose} 便(exact_times 0)は、始まりの時刻から等間隔とみなしました(推計)",
            FREQUENCIES,
        )
    if not pattern.any():
        return runs
    calls = _joined([runs.calls, *parts])
    return _renumbered([*runs.trips, *added], calls, np.concatenate([~pattern, np.ones(len(added), bool)]))


def _times_of_runs(key: str, cells: tuple[str, str, str], line: int, notes: Notes) -> Ints:
    start, end, headway = cells
    first, last, every = seconds(start), seconds(end), whole(headway)
    lost = f"(この行の便は作らず、元の便「{key}」も数えません)"
    if first < 0 or last <= first:
        notes.leave_out(
            f"「{start}」から「{end}」までは時間帯になりません{lost}", FREQUENCIES, line, "start_time"
        )
    elif every < _SHORTEST_HEADWAY_S:
        notes.leave_out(
            f"「{shortened(headway)}」は {_SHORTEST_HEADWAY_S} 秒以上の整数ではありません{lost}",
            FREQUENCIES, line, "headway_secs",
        )  # fmt: skip
    else:
        return np.arange(first, last, every, dtype=np.int32)
    return np.empty(0, np.int32)


def _named(pattern: Trip, time: int) -> Trip:
    return replace(pattern, id=f"{pattern.id}@{time // 3600}:{time // 60 % 60:02}")


def _shifted(calls: Calls, trip: int, number: int, times: Ints) -> Calls:
    """Return the calls of a pattern trip once for each time, as trips `number` and on."""
    low, high = np.searchsorted(calls.trip, [trip, trip + 1])
    one, runs = np.arange(low, high), len(times)
    many = calls.take(np.tile(one, runs))
    later = np.repeat(times - calls.departure_s[low], len(one)).astype(np.int32)
    return replace(
        many,
        trip=np.repeat(np.arange(number, number + runs, dtype=np.int32), len(one)),
        arrival_s=many.arrival_s + later,
        departure_s=many.departure_s + later,
    )


def _joined(parts: Sequence[Calls]) -> Calls:
    names = ("trip", "stop", "sequence", "arrival_s", "departure_s", "boards", "alights", "line")
    return Calls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
