"""総覧: which district is how? The map with its linked table; the address holds the view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from kyodo_geo.city import City
from kyodo_geo.compose import map_payload
from kyodo_geo.figures.build import district_table, is_blank
from kyodo_geo.fiscal import both_calendars
from kyodo_geo.model.figures import Figures
from kyodo_geo.present.map.component import show_map, steer_map
from kyodo_geo.present.map.page import map_page
from kyodo_geo.present.reports import districts_csv
from kyodo_geo.present.small_maps import small_maps
from kyodo_geo.present.tables import csv_file
from kyodo_geo.views import brought, context

_KEY = "atlas"
_VIEW = "map_view"
_TURN = "map_turn"


def page() -> None:
    """Show the map; a view asked for in the address is taken where it exists, and refused by name where not."""
    on = context.today()
    city = brought.city(on)
    payload = _payload(city.evidence.key, on, city)
    _remember(payload)
    st.html(f'<h1 class="kg-visually-hidden">{escape(city.facts.name)}の地区の地図</h1>')
    show_map({**payload, "view": _start(payload)}, key=_KEY, on_view=_write_address)
    steer_map(st.session_state[_VIEW], turn=st.session_state.get(_TURN, 0), key="atlas_steering")
    _years_side_by_side(city, on)
    _downloads(city, on, payload)


@st.cache_resource(max_entries=8, show_spinner="地図を用意しています…")
def _payload(key: tuple[str, ...], on: date, _city: City) -> dict[str, Any]:  # noqa: ARG001 - the key stands for the city
    return map_payload(_city, on)


def _years_side_by_side(city: City, on: date) -> None:
    """Show every year of the chosen indicator as a small map of its own, all in the same classes."""
    chosen = st.session_state[_VIEW]["indicator"]
    years = [one for one in brought.figures(city, on) if one.indicator.id == chosen and not is_blank(one)]
    if len(years) < 2:
        return
    with st.expander(f"{years[0].indicator.label}を年ごとに並べる"):
        st.html(_small_maps(city.evidence.key, on, chosen, city, years))


@st.cache_resource(max_entries=16, show_spinner=False)
def _small_maps(
    key: tuple[str, ...],  # noqa: ARG001 - part of the key: the open tables
    on: date,
    chosen: str,  # noqa: ARG001 - part of the key
    _city: City,
    _years: Sequence[Figures],
) -> str:
    return small_maps(_city.shapes(on), _years, columns=4)


def _start(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the view the map begins with; it stays the same while the map stands, so that nothing is sent twice."""
    if _KEY not in st.session_state or "map_start" not in st.session_state:
        st.session_state["map_start"] = st.session_state.get(_VIEW, payload["view"])
    start: dict[str, Any] = st.session_state["map_start"]
    return start


def _remember(payload: Mapping[str, Any]) -> None:
    """Take the view from the address; what does not exist there is named and left out.

    Coming back from another page, the address is bare: it gets the view again. An address that says another view
    than the map's own (the browser's back button) steers the map.
    """
    known = st.session_state.get(_VIEW)
    if known is not None and not st.query_params and _KEY not in st.session_state:
        if known != payload["view"]:
            _address(known)
        return
    view, strangers = read_view(payload, st.query_params.to_dict())
    if known is not None and known != view:
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    st.session_state[_VIEW] = view
    if strangers:
        _address(view)
        context.notice(f"共有された表示のうち、次のものは見つからないため使いません: {'、'.join(strangers)}")


def read_view(payload: Mapping[str, Any], asked: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Return the view an address asks for over the default one, and what it asks for that does not exist."""
    indicators = {one["id"]: [str(year["year"]) for year in one["years"]] for one in payload["indicators"]}
    codes = {one["code"] for one in payload["districts"]}
    view = dict(payload["view"])
    strangers = []
    if "indicator" in asked:
        if asked["indicator"] in indicators:
            view["indicator"] = asked["indicator"]
            view["year"] = int(indicators[asked["indicator"]][-1])
        else:
            strangers.append(f"指標「{asked['indicator']}」")
    if "year" in asked:
        if asked["year"] in indicators[view["indicator"]]:
            view["year"] = int(asked["year"])
        else:
            strangers.append(f"年「{asked['year']}」")
    if "district" in asked:
        if asked["district"] in codes:
            view["district"] = asked["district"]
        else:
            strangers.append(f"地区「{asked['district']}」")
    laid = _second(payload, view["indicator"], asked.get("second"))
    return (view | {"second": laid} if laid else view), strangers


def _second(payload: Mapping[str, Any], first: str, asked: str | None) -> str | None:
    """Return the indicator to be laid over the first, None where the map cannot: it says nothing of it either."""
    thirds = {one["id"] for one in payload["indicators"] if "thirds" in one}
    return asked if "bivariate" in payload and first in thirds and asked in thirds - {first} else None


def _write_address() -> None:
    view = st.session_state[_KEY].view
    st.session_state[_VIEW] = dict(view)
    _address(view)


def _address(view: Mapping[str, Any]) -> None:
    st.query_params.from_dict({name: str(value) for name, value in view.items() if value is not None})


@st.cache_resource(max_entries=8, show_spinner=False)
def _table_file(key: tuple[str, ...], on: date, _city: City) -> bytes:  # noqa: ARG001 - the key stands for the city
    return csv_file(districts_csv(district_table(_city, on)))


def _downloads(city: City, on: date, payload: Mapping[str, Any]) -> None:
    # The file is made when it is asked for, outside this run: all it needs is taken hold of here
    page_payload = {**payload, "view": st.session_state[_VIEW]}
    prefix = "架空_" if payload.get("fictional") else ""
    left, middle, _ = st.columns([1, 1, 3])
    left.download_button(
        "地区の表をダウンロード(CSV)",
        data=_table_file(city.evidence.key, on, city),
        file_name=f"{prefix}districts_{on.isoformat()}.csv",
        mime="text/csv",
        on_click="ignore",
        width="stretch",
    )
    middle.download_button(
        "地図をダウンロード(HTML)",
        data=lambda: map_page(page_payload).encode("utf-8"),
        file_name=f"{prefix}map_{on.isoformat()}.html",
        mime="text/html",
        on_click="ignore",
        width="stretch",
    )
    st.caption(
        f"{both_calendars(on)}の地区の線と管理の状況。地図のファイルは、ネットワークのない所でも開けます。"
    )


context.run(page)
