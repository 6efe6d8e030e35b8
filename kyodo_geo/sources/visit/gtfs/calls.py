"""The calls of trips at stops as arrays: read from stop_times.txt, ordered, and made whole or left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from kyodo_geo.model.transit.timetable import NO_TIME, Ints
from kyodo_geo.sources.visit.gtfs.notes import Notes, by_word
from kyodo_geo.sources.visit.gtfs.stops import StopTable
from kyodo_geo.sources.visit.gtfs.tables import Columns
from kyodo_geo.sources.visit.gtfs.trips import TripTable

FILE = "stop_times.txt"
_CLOCK = re.compile(r"(\d{1,2}):([0-5]?\d)(?::([0-5]?\d))?", re.ASCII)
_UNREADABLE = -2
_NONE, _PHONE, _DRIVER = "1", "2", "3"

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Calls:
    """Equal arrays, a call each: trip and stop as indexes, seconds after midnight, boarding, and its row in the file."""

    trip: Ints
    stop: Ints
    sequence: Ints
    arrival_s: Ints
    departure_s: Ints
    boards: Bools
    alights: Bools
    line: Ints

    def __len__(self) -> int:
        return len(self.trip)

    def take(self, chosen: npt.NDArray[np.intp] | Bools) -> Calls:
        """Return the calls chosen by a mask or in a given order."""
        return Calls(*(getattr(self, field.name)[chosen] for field in fields(self)))


def read_calls(table: Columns, trips: TripTable, stops: StopTable, notes: Notes) -> Calls:
    """Return the calls of known trips at known stops, ordered by trip and stop_sequence; a blank time is `NO_TIME`.

    Rows of trips that were already left out go without a word; unknown trip_id and stop_id, entrances used as stops
    and an unreadable stop_sequence are left out by row. Rows of one trip with one stop_sequence keep the order of the
    file, an exact repetition is left out.
    """
    trip = _ints([trips.index.get(key, -1) for key in table["trip_id"]])
    stop = _ints([stops.index.get(key, -1) for key in table["stop_id"]])
    numbers = {text: whole(text) for text in set(table["stop_sequence"])}
    sequence = _ints([numbers[text] for text in table["stop_sequence"]])
    _leave_unknown(
        table, "trip_id", trip < 0, lambda key: "" if key in trips.left else _missing(key, "trips.txt"), notes
    )
    known = trip >= 0
    _leave_unknown(
        table, "stop_id", known & (stop < 0),
        lambda key: f"「{key}」は出入口などで、停留所ではありません" if key in stops.others else _missing(key, "stops.txt"), notes,
    )  # fmt: skip
    _leave_unknown(
        table,
        "stop_sequence",
        known & (sequence < 0),
        lambda text: f"「{text}」は0以上の整数ではありません",
        notes,
    )
    arrival, departure = (
        _times(table, column, known, notes) for column in ("arrival_time", "departure_time")
    )
    boards, alights = (_allowed(table, column, known, notes) for column in ("pickup_type", "drop_off_type"))
    line = _ints(table.lines)
    calls = Calls(trip, stop, sequence, arrival, departure, boards, alights, line)
    calls = calls.take(known & (stop >= 0) & (sequence >= 0))
    return _without_repeats(calls.take(np.lexsort((calls.line, calls.sequence, calls.trip))), notes)


def _ints(numbers: Collection[int]) -> Ints:
    return np.fromiter(numbers, dtype=np.int32, count=len(numbers))


def whole(text: str) -> int:
    """Return a whole number of at most nine digits, 0 or more (full-width digits too); −1 for anything else."""
    plain = unicodedata.normalize("NFKC", text)
    # A number that is a number elsewhere but no sequence anybody writes would not fit the array
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else -1


def _missing(key: str, file: str) -> str:
    return f"「{key}」が {file} にありません" if key else "空欄です"


def _leave_unknown(
    table: Columns, column: str, wrong: Bools, why: Callable[[str], str], notes: Notes
) -> None:
    cells = table[column]
    found = by_word((cells[at], table.lines[at]) for at in np.flatnonzero(wrong))
    for word, (line, count) in found.items():
        if what := why(word):
            notes.leave_out(f"{what}{count}", FILE, line, column)


def seconds(text: str) -> int:
    """Return the seconds after midnight of H:MM:SS, HH:MM:SS or H:MM (hours beyond 24 too); −1 blank, −2 unreadable."""
    if not text:
        return NO_TIME
    found = _CLOCK.fullmatch(unicodedata.normalize("NFKC", text))
    if found is None:
        return _UNREADABLE
    hours, minutes, rest = found.groups(default="0")
    return int(hours) * 3600 + int(minutes) * 60 + int(rest)


def _times(table: Columns, column: str, known: Bools, notes: Notes) -> Ints:
    cells = table[column]
    read = {text: seconds(text) for text in set(cells)}
    times = _ints([read[text] for text in cells])
    wrong = known & (times == _UNREADABLE)
    found = by_word((cells[at], table.lines[at]) for at in np.flatnonzero(wrong))
    for word, (line, count) in found.items():
        notes.caution(
            f"「{word}」は H:MM:SS の時刻ではありません(時刻なしとして読みました){count}", FILE, line, column
        )
    return np.where(times == _UNREADABLE, np.int32(NO_TIME), times)


def _allowed(table: Columns, column: str, known: Bools, notes: Notes) -> Bools:
    """Say of each call whether one may get on (or off) without a phone call; 3 (tell the driver) counts as allowed."""
    cells = np.array(table[column], dtype=str)
    act = "乗車" if column == "pickup_type" else "降車"
    told = {
        _PHONE: f"電話予約の要る{act}(2)は、定時の便の{act}に数えません",
        _DRIVER: f"運転手に言う{act}(3)は、できるものとして数えます",
    }
    for kind, what in told.items():
        _count(known & (cells == kind), what, table, column, notes)
    odd = known & ~np.isin(cells, ["", "0", _NONE, _PHONE, _DRIVER])
    _count(odd, "0〜3 でない値は 0(できる)として読みました", table, column, notes)
    return ~np.isin(cells, [_NONE, _PHONE])


def _count(found: Bools, what: str, table: Columns, column: str, notes: Notes) -> None:
    if found.any():
        line = table.lines[int(np.flatnonzero(found)[0])]
        notes.caution(f"{what}({np.count_nonzero(found)} か所)", FILE, line, column)


def _without_repeats(calls: Calls, notes: Notes) -> Calls:
    same = (calls.trip[1:] == calls.trip[:-1]) & (calls.sequence[1:] == calls.sequence[:-1])
    again = same & (calls.stop[1:] == calls.stop[:-1])
    again &= (calls.departure_s[1:] == calls.departure_s[:-1]) & (calls.arrival_s[1:] == calls.arrival_s[:-1])
    for at in np.flatnonzero(again) + 1:
        notes.leave_out("前と同じ行がもう一度あります", FILE, int(calls.line[at]), "stop_sequence")
    for at in np.flatnonzero(same & ~again) + 1:
        notes.caution(
            f"同じ便に stop_sequence {calls.sequence[at]} が2つあります(ファイルの順に並べました)",
            FILE, int(calls.line[at]), "stop_sequence",
        )  # fmt: skip
    return calls.take(np.concatenate([np.ones(min(len(calls), 1), bool), ~again]))
