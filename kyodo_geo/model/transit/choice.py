"""What a reader chose to look at of public transport: the day, the hours, how many runs make a service, and a what-if."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach.choice import ReachChoice, from_query
from kyodo_geo.model.transit.day_types import KIND_LABELS
from kyodo_geo.model.transit.departures import COVERING_PAIRS, WHOLE_DAY, Window

_WINDOW = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", re.ASCII)
MOST_RUNS = 200


@dataclass(frozen=True)
class TransitChoice:
    """The inputs of a transit study beside its file.

    `day` is a kind of day (weekday, saturday, sunday) or a date; `window` the hours in seconds; `runs` the fewest pairs
    of runs there and back that make a stop usable; `no_routes` and `no_trips` are taken out as a what-if, by id;
    `stations` counts railway stations as usable although their runs are not known. `reach` says how the way to the stop
    is measured, and whose.
    Raises InputRefused for what is no day, no window or no number of runs.
    """

    day: str = "weekday"
    window: Window = WHOLE_DAY
    runs: int = COVERING_PAIRS
    no_routes: tuple[str, ...] = ()
    no_trips: tuple[str, ...] = ()
    stations: bool = False
    reach: ReachChoice = field(default_factory=ReachChoice)

    def __post_init__(self) -> None:
        if self.day not in KIND_LABELS:
            _date(self.day)
        if not 0 <= self.window[0] < self.window[1]:
            raise InputRefused(
                "時間帯は、始まりが終わりより前でなければなりません。",
                todo="07:00-19:00 の形で書いてください",
            )
        if not 1 <= self.runs <= MOST_RUNS:
            raise InputRefused(f"往復の数は 1 から {MOST_RUNS} までの整数です。")

    @property
    def changed(self) -> bool:
        """Whether this is a what-if."""
        return bool(self.no_routes or self.no_trips)

    @property
    def taken_out(self) -> str:
        """What the what-if takes out, by id (路線 R1・R2、便 W1 をなくす); empty without one."""
        named = [f"路線 {'・'.join(self.no_routes)}"] if self.no_routes else []
        named += [f"便 {'・'.join(self.no_trips)}"] if self.no_trips else []
        return f"{'、'.join(named)} をなくす" if named else ""

    @property
    def at_any_threshold(self) -> tuple[tuple[str, str], ...]:
        """The words of the choice but its threshold, as a key of what does not hang on it."""
        freed = replace(self, reach=replace(self.reach, within=None))
        return tuple(sorted(freed.to_query().items()))

    @property
    def date(self) -> date | None:
        """The day asked for, None for a kind of day."""
        return None if self.day in KIND_LABELS else _date(self.day)

    def as_it_is(self) -> TransitChoice:
        """Return the same choice with every route and run."""
        return replace(self, no_routes=(), no_trips=())

    def to_query(self) -> dict[str, str]:
        """Write the choice as the words of an address; what is as usual is left out. Ids may hold anything but a tab."""
        usual = TransitChoice()
        words = {
            "day": self.day if self.day != usual.day else "",
            "window": window_text(self.window) if self.window != usual.window else "",
            "runs": str(self.runs) if self.runs != usual.runs else "",
            "no_routes": "\t".join(self.no_routes),
            "no_trips": "\t".join(self.no_trips),
            "stations": "1" if self.stations else "",
        }
        return {**{key: word for key, word in words.items() if word}, **self.reach.to_query()}


def transit_from_query(words: Mapping[str, str]) -> TransitChoice:
    """Read what `to_query` wrote; words of other keys are passed over. Raises InputRefused naming what cannot be read."""
    usual = TransitChoice()
    runs = words.get("runs", "")
    if runs and not (runs.isascii() and runs.isdigit() and len(runs) < 5):
        raise InputRefused(f"往復の数「{runs}」は整数ではありません。")
    return TransitChoice(
        day=words.get("day") or usual.day,
        window=window_of(words["window"]) if words.get("window") else usual.window,
        runs=int(runs) if runs else usual.runs,
        no_routes=_ids(words.get("no_routes", "")),
        no_trips=_ids(words.get("no_trips", "")),
        stations=words.get("stations") == "1",
        reach=from_query(
            {key: word for key, word in words.items() if key not in {"close", "open", "move", "facilities"}}
        ),
    )


def window_of(text: str) -> Window:
    """Read hours written 07:00-19:00 (up to 48:00) as seconds; InputRefused for anything else."""
    found = _WINDOW.fullmatch(text.strip())
    if found is None or int(found[2]) > 59 or int(found[4]) > 59 or int(found[3]) > 48:
        raise InputRefused(f"時間帯「{text}」を読めません。", todo="07:00-19:00 の形で書いてください")
    start, end = (60 * (60 * int(found[at]) + int(found[at + 1])) for at in (1, 3))
    if start >= end:
        raise InputRefused(
            f"時間帯「{text}」は終わりが始まりより前です。", todo="07:00-19:00 の形で書いてください"
        )
    return start, end


def window_text(window: Window) -> str:
    """Write hours as 07:00-19:00."""
    return "-".join(clock(second) for second in window)


def clock(second: int) -> str:
    """Write a time of the service day as 7:05; after midnight it counts on (25:10). Empty for no time."""
    return f"{second // 3600:02}:{second // 60 % 60:02}" if second >= 0 else ""


def _ids(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in text.split("\t") if part))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputRefused(
            f"日「{text}」を読めません。", todo=f"{'・'.join(KIND_LABELS)} か 2026-11-24 の形で書いてください"
        ) from error
