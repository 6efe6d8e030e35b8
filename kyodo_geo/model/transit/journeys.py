"""Where one can go and come back from the same day: by foot and by the timetable, within so many minutes each way."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.transit.connections import connections
from kyodo_geo.model.transit.departures import HOUR_S, WHOLE_DAY, Window
from kyodo_geo.model.transit.scan import Best, Floats, Footpaths, best, soonest
from kyodo_geo.model.transit.timetable import NO_TIME, Timetable

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class JourneySettings:
    """What counts as a journey, in seconds and metres.

    `within_s` from door to door, each way; `walk_m` the longest walk to or from a stop; `walk_mps` the speed; `stay_s`
    the shortest stay; `buffer_s` the wait before the first departure; `change_s` the shortest change; `window` the
    earliest leaving and the latest being home. The last four defaults are values of this tool (この道具の置いた値).

    Raises `InputRefused`.
    """

    within_s: int
    walk_m: float
    walk_mps: float
    stay_s: int = HOUR_S
    buffer_s: int = 300
    change_s: int = 120
    window: Window = WHOLE_DAY

    def __post_init__(self) -> None:
        rules = [
            (self.within_s > 0, f"所要時間の上限は 1 秒以上。「{self.within_s}」は使えません"),
            (self.walk_m >= 0, f"徒歩の距離は 0 m 以上。「{self.walk_m}」は使えません"),
            (self.walk_mps > 0, f"歩く速さは 0 より大きい値。「{self.walk_mps}」は使えません"),
            (self.stay_s >= 0, f"滞在時間は 0 秒以上。「{self.stay_s}」は使えません"),
            (self.buffer_s >= 0, f"待ち時間は 0 秒以上。「{self.buffer_s}」は使えません"),
            (self.change_s >= 1, f"乗り換えの時間は 1 秒以上。「{self.change_s}」は使えません"),
            (self.window[0] < self.window[1], "時間帯は、始まりが終わりより前でなければなりません"),
        ]
        faults = [Fault(words) for holds, words in rules if not holds]
        if faults:
            raise InputRefused(
                "行き帰りの計算の条件が正しくありません。", faults=faults, todo="値を直してください。"
            )


@dataclass(frozen=True, eq=False)
class Walks:
    """Metres on foot (straight × detour, or by road): infinite where there is no way.

    `to_stop` (n places, stopping places), `from_stop` (destinations, stopping places), `direct` (n, destinations).
    """

    to_stop: Floats
    from_stop: Floats
    direct: Floats


@dataclass(frozen=True)
class Example:
    """A journey there and back: the destination's index and four times of day in seconds.

    On foot the times are −1: one walks when one likes.
    """

    destination: int
    on_foot: bool
    depart_s: int
    arrive_s: int
    return_s: int
    home_s: int


@dataclass(frozen=True, eq=False)
class Journeys:
    """From each place (n rows) to each destination (columns): what can be reached with a return the same day.

    `reachable` by either way, `on_foot` by walking alone. `depart_s` and `arrive_s` are those of the earliest way there
    by the timetable, `return_s` and `home_s` of the latest way back; −1 where there is none. They stand also where the
    two do not fit together: see `no_return`.
    """

    reachable: Flags
    on_foot: Flags
    depart_s: Ints
    arrive_s: Ints
    return_s: Ints
    home_s: Ints

    @property
    def count(self) -> Ints:
        """How many destinations each place reaches."""
        counted: Ints = self.reachable.sum(axis=1, dtype=np.int64)
        return counted

    @property
    def no_return(self) -> Flags:
        """Where one gets there, but not home again after the stay."""
        stranded: Flags = (self.arrive_s != NO_TIME) & ~self.reachable
        return stranded

    def example(self, place: int) -> Example | None:
        """Return the journey of least time under way, both ways together; by the timetable where any is, else on foot.

        Of equals the first destination; None where nothing is reached.
        """
        by_bus = self.reachable[place] & (self.arrive_s[place] != NO_TIME) & ~self.on_foot[place]
        there, back = self.arrive_s[place] - self.depart_s[place], self.home_s[place] - self.return_s[place]
        under_way = np.where(by_bus, there + back, np.iinfo(np.int64).max)
        if by_bus.any():
            to = int(under_way.argmin())
            times = (self.depart_s, self.arrive_s, self.return_s, self.home_s)
            return Example(to, False, *(int(time[place, to]) for time in times))  # noqa: FBT003 - a field of the value
        on_foot = np.flatnonzero(self.on_foot[place])
        return Example(int(on_foot[0]), True, *[NO_TIME] * 4) if len(on_foot) else None  # noqa: FBT003 - see above


def journeys(
    timetable: Timetable,
    services: AbstractSet[str],
    walks: Walks,
    settings: JourneySettings,
    *,
    footpaths: Footpaths | None = None,
) -> Journeys:
    """Return which destinations each place reaches and comes home from on a day of these services.

    A way there begins at the door: the walk, the wait `buffer_s`, rides with changes at the same stopping place (or
    over a footpath, seconds by stopping place from (row) and to (column)), the walk to the destination. A way back
    the same from the destination's door. Each takes `within_s` at most; the latest way back leaves at least `stay_s`
    after the earliest way there arrives, and both lie in the window. Or one walks both ways, each within `within_s`.
    Walks are rounded up to whole seconds.

    Raises `ValueError` where the shapes do not fit.
    """
    _require_shapes(timetable, walks)
    to_stop, from_stop = (_stop_walk_s(metres, settings) for metres in (walks.to_stop, walks.from_stop))
    rides = connections(timetable, services)
    ahead = soonest(rides, from_stop.T, change_s=settings.change_s, footpaths=footpaths)
    there = best(
        rides, ahead, to_stop + settings.buffer_s, within_s=settings.within_s, from_s=settings.window[0]
    )
    # The way back is a way there with time running backwards: the wait is then at the destination's end.
    undone = rides.reversed()
    turned = None if footpaths is None else footpaths.T.tocsr()
    behind = soonest(undone, from_stop.T + settings.buffer_s, change_s=settings.change_s, footpaths=turned)
    back = best(undone, behind, to_stop, within_s=settings.within_s, from_s=-settings.window[1])
    return _joined(there, back, _on_foot(walks.direct, settings), settings.stay_s)


def _joined(there: Best, back: Best, on_foot: Flags, stay_s: int) -> Journeys:
    return_s, home_s = -back.there_s, -back.leave_s
    both = np.isfinite(there.there_s) & np.isfinite(return_s)
    fits = both & (there.there_s + stay_s <= return_s)
    times = (_whole(one) for one in (there.leave_s, there.there_s, return_s, home_s))
    return Journeys(fits | on_foot, on_foot, *times)


def _on_foot(direct: Floats, settings: JourneySettings) -> Flags:
    """Where walking alone is enough: each way within the time, and the day is long enough for both and the stay."""
    walk_s = np.ceil(direct / settings.walk_mps)
    long_enough = 2 * walk_s + settings.stay_s <= settings.window[1] - settings.window[0]
    return (walk_s <= settings.within_s) & long_enough


def _stop_walk_s(metres: Floats, settings: JourneySettings) -> Floats:
    return np.where(metres <= settings.walk_m, np.ceil(metres / settings.walk_mps), np.inf)


def _whole(seconds: Floats) -> Ints:
    found = np.isfinite(seconds)
    return np.where(found, np.where(found, seconds, 0), NO_TIME).astype(np.int64)


def _require_shapes(timetable: Timetable, walks: Walks) -> None:
    stops = len(timetable.places)
    n, k = len(walks.to_stop), len(walks.from_stop)
    wanted = {"to_stop": (n, stops), "from_stop": (k, stops), "direct": (n, k)}
    for name, shape in wanted.items():
        if getattr(walks, name).shape != shape:
            msg = f"walks.{name}: shape {getattr(walks, name).shape}, expected {shape}"
            raise ValueError(msg)
