"""The form of 近さ: what is reached, how it is measured, the what-if; the address says the same as the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from kyodo_geo.model.reach.choice import (
    COUNTED,
    DEMANDS,
    FACILITY_SETS,
    HAZARDS,
    MEASURES,
    MODES,
    ReachChoice,
    from_query,
)
from kyodo_geo.model.reach.values import Facility
from kyodo_geo.reach.study import MOVED
from kyodo_geo.views.addressed import Addressed

_FIELDS = {
    "reach_facilities": "facilities", "reach_measure": "measure", "reach_demand": "demand", "reach_counted": "counted",
    "reach_mode": "mode", "reach_hazard": "hazard", "reach_factor": "factor", "reach_closed": "closed",
}  # fmt: skip


def _fill(chosen: ReachChoice) -> None:
    for key, name in _FIELDS.items():
        value = getattr(chosen, name)
        st.session_state[key] = list(value) if isinstance(value, tuple) else value


ADDRESS = Addressed("reach_choice", from_query, ReachChoice, _fill, "reach_facilities")


def _edited() -> None:
    """Read the form after an edit; another set of facilities has other codes, so its what-if begins anew."""
    state = st.session_state
    was = ADDRESS.known
    given = {name: state[key] for key, name in _FIELDS.items() if key in state}
    given["closed"] = tuple(given.get("closed", ()))
    if given.get("measure") != was.measure:
        given["within"] = was.within if _unit(given["measure"]) == was.unit else None
    if given.get("facilities") != was.facilities:
        ADDRESS.keep(replace(was.as_it_is(), **{**given, "closed": ()}))
        state["reach_closed"] = []
        return
    if given.get("demand") == "mesh":
        given["counted"] = state["reach_counted"] = "population"
    moved = {code: at for code, at in was.moved.items() if code not in given["closed"]}
    ADDRESS.keep(replace(was, **given, moved=moved))


def _unit(measure: str) -> str:
    return replace(ReachChoice(), measure=measure).unit


def show(chosen: ReachChoice, *, roads_open: bool, own_open: bool) -> None:
    """Show the control line: facilities, measure, people; what needs a file is offered once the file is open."""
    if any(key not in st.session_state for key in _FIELDS):
        _fill(chosen)  # Streamlit forgets a form whose page was left
    sets = [key for key in FACILITY_SETS if own_open or key != "own" or chosen.facilities == "own"]
    measures = [key for key in MEASURES if roads_open or key in {"straight", "detour", chosen.measure}]
    columns = st.columns([3, 3, 3, 2, 3])
    _select(columns[0].selectbox, "施設", sets, "reach_facilities", FACILITY_SETS)
    _select(columns[1].selectbox, "距離の測り方", measures, "reach_measure", MEASURES)
    _select(columns[2].selectbox, "人の点", list(DEMANDS), "reach_demand", DEMANDS)
    counted = list(COUNTED) if chosen.demand == "areas" else ["population"]
    _select(columns[3].selectbox, "数えるもの", counted, "reach_counted", COUNTED)
    hazards = {"": "考えない", **{name: f"{name}のとき" for name in HAZARDS}}
    _select(columns[4].selectbox, "災害", list(hazards), "reach_hazard", hazards)
    more = st.columns([3, 10])[0]
    if chosen.measure in {"road", "time"}:
        _select(more.selectbox, "移動の手段", list(MODES), "reach_mode", MODES)
    if chosen.measure == "detour":
        more.number_input(
            "直線距離に掛ける係数", min_value=1.0, max_value=5.0, step=0.1, key="reach_factor", on_change=_edited,
            placeholder="設定の値", help="空なら設定の値を使います",
        )  # fmt: skip


def _select(
    selectbox: Callable[..., object], label: str, options: list[str], key: str, words: Mapping[str, str]
) -> None:
    selectbox(label, options, key=key, format_func=words.__getitem__, on_change=_edited)


def what_if(chosen: ReachChoice, facilities: tuple[Facility, ...]) -> None:
    """Show what is tried out, each part with a button that takes it back; closing works here without the map too."""
    names = {one.code: f"{one.code} {one.name}" for one in facilities if one.lon is not None}
    st.multiselect(
        "もしも閉じたら(地図の施設を押しても選べます)", list(names), key="reach_closed", on_change=_edited,
        format_func=lambda code: names.get(code, code), placeholder="施設を選ぶ",
    )  # fmt: skip
    tried = [
        (f"新{number}", f"新しい施設 {number}({_place(at)})")
        for number, at in enumerate(chosen.opened, start=1)
    ]
    tried += [(code, f"{names.get(code, code)} を動かす({_place(at)})") for code, at in chosen.moved.items()]
    for code, text in tried:
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.html(f"<p>もしも: {escape(text)}</p>")
        right.button(
            "元に戻す",
            key=f"reach_undo_{code}",
            on_click=ADDRESS.attempt,
            args=(chosen.restore, code),
            width="stretch",
        )
    if chosen.changed:
        st.button("もしもをすべて元に戻す", on_click=ADDRESS.attempt, args=(chosen.as_it_is,))


def _place(at: tuple[float, float]) -> str:
    return f"東経 {at[0]:.4f}、北緯 {at[1]:.4f}"


def take_event(event: Mapping[str, Any]) -> None:
    """Do what was clicked on the map: close, restore, open or move a facility."""
    chosen = ADDRESS.known
    code = str(event.get("code") or "").removeprefix(MOVED)
    at = event.get("at") or (0.0, 0.0)
    point = (float(at[0]), float(at[1]))
    steps: dict[str, tuple[Any, ...]] = {
        "close": (chosen.close, code), "restore": (chosen.restore, code), "open": (chosen.open, point),
        "move": (chosen.move, code, point),
    }  # fmt: skip
    step, *arguments = steps[str(event["act"])]
    ADDRESS.attempt(step, *arguments)
