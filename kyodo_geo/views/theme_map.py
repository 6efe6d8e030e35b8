"""The map of a page of issues: a set of figures on the districts, its view kept in session and address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from kyodo_geo.city import City
from kyodo_geo.compose import theme_payload
from kyodo_geo.model.figures import Fact, Figures, MapPoint
from kyodo_geo.present.map.component import show_map, steer_map
from kyodo_geo.views.addressed import Addressed

View = Mapping[str, Any]
VIEW_WORDS = ("indicator", "year", "district", "second")


@dataclass(frozen=True)
class ThemeMap:
    """The map of one page: its name, and the address whose words it shares (indicator, year, district, second)."""

    name: str
    address: Addressed[Any]

    def draw(  # noqa: PLR0913 - what is drawn, under which name it is kept, and what only some pages add
        self,
        city: City,
        on: date,
        figures: Sequence[Figures],
        known_by: tuple[object, ...],
        *,
        title: str,
        facts: Mapping[str, Sequence[Fact]] | None = None,
        places: Sequence[MapPoint] = (),
    ) -> None:
        """Draw figures; the payload is kept under `known_by`, which must tell these figures and places from any others."""
        known = (self.name, on, *known_by)
        payload = _kept(
            known, partial(theme_payload, city, on, figures, title=title, facts=facts, places=places)
        )
        usual = payload["view"]
        show_map({**payload, "view": self._start(usual)}, key=self.name, on_view=self._take)
        steer_map(self._asked(usual), turn=self.address.turn, key=f"{self.name}_steering")

    @property
    def district(self) -> str | None:
        """The district chosen on the map, None for the city."""
        return self.address.view.get("district")

    def _asked(self, usual: View) -> dict[str, Any]:
        view: dict[str, Any] = {**usual, **self.address.view}
        return {**view, "year": int(view["year"])} if str(view.get("year", "")).isdigit() else view

    def _start(self, usual: View) -> View:
        """Return the view the map begins with; it stays the same while the map stands, so that nothing is sent twice."""
        state, kept = st.session_state, f"{self.name}_start"
        if self.name not in state or kept not in state:
            state[kept] = self._asked(usual)
        start: View = state[kept]
        return start

    def _take(self) -> None:
        self.address.keep(self.address.known, st.session_state[self.name].view)


@st.cache_resource(max_entries=32, show_spinner=False)
def _kept(known_by: tuple[object, ...], _build: Callable[[], dict[str, Any]]) -> dict[str, Any]:  # noqa: ARG001 - the key
    return _build()
