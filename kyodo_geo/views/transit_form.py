"""The form of 交通: the day, the hours, how many runs make a service, the way to the stop, and what is taken out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from kyodo_geo.model.reach.choice import COUNTED, DEMANDS, MEASURES, MODES
from kyodo_geo.model.transit.choice import MOST_RUNS, TransitChoice, clock, transit_from_query
from kyodo_geo.model.transit.day_types import KIND_LABELS
from kyodo_geo.model.transit.departures import HOUR_S, HOURS, Window
from kyodo_geo.transit.feed import Feed
from kyodo_geo.views.addressed import Addressed

_A_DAY, _LAST_HOUR = "date", "transit_last_hour"
_DAYS: dict[str, str] = {**{str(kind): label for kind, label in KIND_LABELS.items()}, _A_DAY: "日を選ぶ"}
_REACH_FIELDS = {
    "transit_measure": "measure", "transit_mode": "mode", "transit_demand": "demand", "transit_counted": "counted",
}  # fmt: skip


def _fill(chosen: TransitChoice) -> None:
    state = st.session_state
    state["transit_day"] = _A_DAY if chosen.date else chosen.day
    state["transit_date"] = chosen.date
    state["transit_hours"] = _hours(chosen.window)
    # Kept as it is while the form stands: a slider whose end moves is another slider to Streamlit, and forgets its value
    state[_LAST_HOUR] = max(HOURS, _hours(chosen.window)[1])
    state["transit_runs"] = chosen.runs
    state["transit_stations"] = chosen.stations
    state["transit_no_routes"] = list(chosen.no_routes)
    state["transit_no_trips"] = list(chosen.no_trips)
    for key, name in _REACH_FIELDS.items():
        state[key] = getattr(chosen.reach, name)


def _hours(window: Window) -> tuple[int, int]:
    """Return the whole hours around a window, as the slider shows it."""
    return window[0] // HOUR_S, -(-window[1] // HOUR_S)


ADDRESS = Addressed("transit_choice", transit_from_query, TransitChoice, _fill, "transit_runs")
_KEYS = (
    "transit_day", "transit_date", "transit_hours", "transit_runs", "transit_stations", "transit_no_routes",
    "transit_no_trips", *_REACH_FIELDS,
)  # fmt: skip


def _edited() -> None:
    """Read the form after an edit; a date that is not chosen yet leaves the day as it was."""
    state, was = st.session_state, ADDRESS.known
    given = {key: state[key] for key in _KEYS if key in state}
    reach = replace(was.reach, **{name: given[key] for key, name in _REACH_FIELDS.items() if key in given})
    if reach.unit != was.reach.unit:
        reach = replace(reach, within=None)
    if reach.demand == "mesh":
        reach = replace(reach, counted="population")
    ADDRESS.keep(
        replace(
            was,
            day=_day(given, was),
            window=_window(given, was),
            runs=int(given.get("transit_runs", was.runs)),
            stations=bool(given.get("transit_stations", was.stations)),
            no_routes=tuple(given.get("transit_no_routes", was.no_routes)),
            no_trips=tuple(given.get("transit_no_trips", was.no_trips)),
            reach=reach,
        )
    )


def _window(given: Mapping[str, Any], was: TransitChoice) -> Window:
    """Return the hours of the slider, or those there were while it shows them: minutes of an address are not rounded off."""
    hours = given.get("transit_hours", _hours(was.window))
    if tuple(hours) == _hours(was.window):
        return was.window
    return hours[0] * HOUR_S, max(hours[1], hours[0] + 1) * HOUR_S


def _day(given: Mapping[str, Any], was: TransitChoice) -> str:
    if given.get("transit_day") != _A_DAY:
        return str(given.get("transit_day", was.day))
    day = given.get("transit_date")
    return day.isoformat() if isinstance(day, date) else was.day


def show(chosen: TransitChoice, feed: Feed, *, roads_open: bool) -> None:
    """Show the control lines: day, hours, runs, stations; then how the way to the stop is measured and whose it is."""
    if any(key not in st.session_state for key in _KEYS):
        _fill(chosen)  # Streamlit forgets a form whose page was left
    first, second, third, fourth = st.columns([2, 3, 2, 2])
    first.selectbox("日", list(_DAYS), key="transit_day", format_func=_DAYS.__getitem__, on_change=_edited)
    if st.session_state["transit_day"] == _A_DAY:
        first.date_input("日付", key="transit_date", format="YYYY-MM-DD", on_change=_edited)
    second.slider("時間帯(時)", 0, st.session_state[_LAST_HOUR], key="transit_hours", on_change=_edited)
    third.number_input(
        "使えるとみなす往復の数", min_value=1, max_value=MOST_RUNS, key="transit_runs", on_change=_edited,
        help="この数より往復の少ない停留所は、近くにあっても使えるとは数えません。",
    )  # fmt: skip
    fourth.checkbox(
        "駅も数える(便数は不明)", key="transit_stations", on_change=_edited,
        help="鉄道の時刻表は手元にないため、便数は分かりません。入れると、どの駅も使えるとみなします。",
    )  # fmt: skip
    measures = [key for key in MEASURES if roads_open or key in {"straight", "detour", chosen.reach.measure}]
    columns = st.columns([3, 3, 2, 3])
    _select(columns[0], "停留所までの測り方", measures, "transit_measure", MEASURES)
    _select(columns[1], "人の点", list(DEMANDS), "transit_demand", DEMANDS)
    counted = list(COUNTED) if chosen.reach.demand == "areas" else ["population"]
    _select(columns[2], "数えるもの", counted, "transit_counted", COUNTED)
    if chosen.reach.measure in {"road", "time"}:
        _select(columns[3], "移動の手段", list(MODES), "transit_mode", MODES)
    _what_if(feed)


def _select(
    place: st.delta_generator.DeltaGenerator,
    label: str,
    options: list[str],
    key: str,
    words: Mapping[str, str],
) -> None:
    place.selectbox(label, options, key=key, format_func=words.__getitem__, on_change=_edited)


def _what_if(feed: Feed) -> None:
    routes = {one.id: f"{one.name}({one.id})" for one in feed.timetable.routes}
    trips = _trip_names(feed)
    left, right = st.columns(2)
    left.multiselect(
        "もしも路線をなくしたら", list(routes), key="transit_no_routes", format_func=lambda one: routes.get(one, one),
        on_change=_edited, placeholder="路線を選ぶ",
    )  # fmt: skip
    right.multiselect(
        "もしも便をなくしたら", list(trips), key="transit_no_trips", format_func=lambda one: trips.get(one, one),
        on_change=_edited, placeholder="便を選ぶ",
    )  # fmt: skip
    if ADDRESS.known.changed:
        st.button(
            "もしもをすべて元に戻す",
            key="transit_undo",
            on_click=ADDRESS.attempt,
            args=(ADDRESS.known.as_it_is,),
        )


def _trip_names(feed: Feed) -> dict[str, str]:
    """Name each run by its route, headsign and first time, so that people recognise it."""
    timetable = feed.timetable
    first: dict[int, int] = {}
    for trip, second in zip(timetable.trip.tolist(), timetable.departure_s.tolist(), strict=True):
        first.setdefault(trip, second)
    return {
        one.id: f"{timetable.routes[one.route].name} {one.headsign} {clock(first.get(at, -1))}発({one.id})"
        for at, one in enumerate(timetable.trips)
    }
