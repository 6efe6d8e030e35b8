"""The map of a study on a page: one that stays while its slider moves, and follows the browser's back button."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from kyodo_geo.present.map.component import show_map, steer_map
from kyodo_geo.reach.figures import usual_steps
from kyodo_geo.reach.study import Study
from kyodo_geo.views.addressed import Addressed

View = Mapping[str, Any]


@dataclass(frozen=True)
class StudyMap:
    """The map of one page: its name, the address it shares, the indicator it begins with, and who takes what it says.

    `on_radius` takes a new radius (None where the indicator has none) and the view; `on_act` what is tried out on the map.
    """

    name: str
    address: Addressed[Any]
    indicator: str
    on_radius: Callable[[float | None, View], None]
    on_act: Callable[[View], None] | None = None

    def draw(self, study: Study, known_by: tuple[object, ...], build: Callable[[], dict[str, Any]]) -> None:
        """Draw a study; what `build` gives is kept under `known_by`, which must not name the radius.

        A radius that is no usual step of the slider gets a payload of its own, with that step. Metres and minutes are maps
        of their own, for a step of the one is none of the other.
        """
        key = f"{self.name}_{study.unit}"
        own = None if study.within in usual_steps(study) else study.within
        payload = {**_kept((self.name, *known_by, study.unit, own), build), "view": self._start(study, key)}
        act = partial(self._take_act, key) if self.on_act else None
        show_map(payload, key=key, on_view=partial(self._take_view, key), on_act=act)
        view = {
            "indicator": self.indicator,
            "district": None,
            **self.address.view,
            "year": round(study.within),
        }
        steer_map(view, turn=self.address.turn, key=f"{key}_steering")

    def _start(self, study: Study, key: str) -> dict[str, Any]:
        """Return the view the map begins with; it stays the same while the map stands, so that nothing is sent twice."""
        state, kept = st.session_state, f"{key}_start"
        if key not in state or kept not in state:
            view = {"indicator": self.indicator, "district": None, **self.address.view}
            state[kept] = {**view, "year": round(study.within)}
        start: dict[str, Any] = state[kept]
        return start

    def _take_view(self, key: str) -> None:
        view: View = st.session_state[key].view
        self.on_radius(float(view["year"]) if view.get("year") else None, view)

    def _take_act(self, key: str) -> None:
        event = st.session_state[key].act
        if event and self.on_act:
            self.on_act(event)


@st.cache_resource(max_entries=24, show_spinner=False)
def _kept(known_by: tuple[object, ...], _build: Callable[[], dict[str, Any]]) -> dict[str, Any]:  # noqa: ARG001 - the key
    return _build()
