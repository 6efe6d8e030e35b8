"""Small timetables as values, by hand or at random, without a file or a reader between."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import strategies as st

from fictional import gtfs
from kyodo_geo.model.transit.timetable import NO_TIME, Route, Service, Stop, StopPlace, Timetable, Trip

START, END = date(2024, 4, 1), date(2025, 3, 31)
WEEKDAYS = {
    "平日": (True,) * 5 + (False, False),
    "土曜": (False,) * 5 + (True, False),
    "日曜・祝日": (False,) * 6 + (True,),
    "通学日": (True,) * 5 + (False, False),
}
# The stopping places of the fictional feed, as a reader finds them
PLACES = {
    "100_1": "架空駅",
    "100_2": "架空駅",
    "200_1": "飛地役場前",
    "200_2": "飛地役場前",
    "300": "本町病院",
    "400": "新田",
    "500": "両端北",
    "600": None,
    "700": "学校前(700)",
    "701": "学校前(701)",
}


def seconds(clock):
    hours, minutes, *rest = (int(part) for part in clock.split(":"))
    return hours * 3600 + minutes * 60 + sum(rest)


def service(name, weekdays=None, *, added=(), removed=(), start=START, end=END, holidays=None):
    by_name = "by_weekday" if name not in WEEKDAYS or name == "通学日" else "as_sunday"
    return Service(
        name,
        weekdays or WEEKDAYS.get(name, (True,) * 7),
        start,
        end,
        frozenset(added),
        frozenset(removed),
        holidays or by_name,
    )


def timetable(runs, *, services=None, places=None, valid=(START, END)):
    """Return the timetable of runs {id: (route, service, [call])}; a call is (stop, time[, departure[, marks]]).

    A time is "h:mm" or None; in `marks` "x" forbids to board, "o" to get off. Each stop is its own place, or the one
    `places` names (None: no position).
    """
    calls = [(number, *call) for number, (_, _, run) in enumerate(runs.values()) for call in run]
    names = list(dict.fromkeys([*(places or {}), *(call[1] for call in calls)]))
    place_of = {name: (places or {}).get(name, name) for name in names}
    place_names = list(dict.fromkeys(place for place in place_of.values() if place is not None))
    routes = list(dict.fromkeys(route for route, _, _ in runs.values()))
    used = dict.fromkeys(name for _, name, _ in runs.values())

    def time(clock):
        return NO_TIME if clock is None else seconds(clock)

    return Timetable(
        stops=tuple(
            Stop(name, name, 135.0, 35.0, -1 if place_of[name] is None else place_names.index(place_of[name]))
            for name in names
        ),
        places=tuple(StopPlace(name, name, 135.0, 35.0) for name in place_names),
        routes=tuple(Route(name, name, "架空市") for name in routes),
        trips=tuple(Trip(id_, routes.index(route), name, "") for id_, (route, name, _) in runs.items()),
        services=services or {name: service(name) for name in used},
        trip=np.array([call[0] for call in calls], dtype=np.int32),
        stop=np.array([names.index(call[1]) for call in calls], dtype=np.int32),
        arrival_s=np.array([time(call[2]) for call in calls], dtype=np.int32),
        departure_s=np.array([time(call[3] if len(call) > 3 else call[2]) for call in calls], dtype=np.int32),
        boards=np.array(["x" not in "".join(call[4:]) for call in calls], dtype=bool),
        alights=np.array(["o" not in "".join(call[4:]) for call in calls], dtype=bool),
        valid_from=valid[0],
        valid_until=valid[1],
    )


def fictional():
    """Return the timetable of the fictional feed of `fictional.gtfs`, whose answers stand there."""
    off = [date(2024, 8, day) for day in range(5, 10)]
    services = {name: service(name) for name in WEEKDAYS}
    services["通学日"] = service("通学日", added=[date(2024, 10, 5)], removed=off)
    runs = {
        name: (route, which, [(stop, time[:-3]) for stop, time in calls])
        for name, (route, which, _, _, calls) in gtfs.RUNS.items()
    }
    return timetable(runs, services=services, places=PLACES)


@st.composite
def timetables(draw, *, most_runs=4, stops="abcd"):
    """Draw a timetable of a few runs of the service 毎日: loops, waits, marks, calls without time or place, midnight."""
    places = dict(zip(stops, stops, strict=True)) | {"a2": "a", "nowhere": None}
    marks = st.sampled_from(["", "", "", "", "", "", "x", "o", "xo"])
    named = st.sampled_from([*stops, *stops, *places])
    runs = {}
    for number in range(draw(st.integers(most_runs // 2, most_runs))):
        # close enough together to change between, in the morning, later, and around midnight
        minute = draw(st.integers(0, 40)) + draw(st.sampled_from([480, 500, 520, 600, 1430]))
        run = []
        for _ in range(draw(st.integers(2, 4))):
            wait = draw(st.sampled_from([0, 0, 3]))
            arrive, leave = (f"{time // 60}:{time % 60:02}" for time in (minute, minute + wait))
            if draw(st.integers(0, 19)) == 19:
                arrive = leave = None
            run.append((draw(named), arrive, leave, draw(marks)))
            minute += wait + draw(st.sampled_from([0, 5, 10, 40]))
        runs[f"T{number}"] = (f"R{number % 2}", "毎日", run)
    return timetable(runs, places=places)
