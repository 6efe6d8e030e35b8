"""近さ: who is far from what? The map with its slider, the what-if by clicks, and whom it touches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from kyodo_geo.model.figures import MapActs
from kyodo_geo.model.reach.choice import ReachChoice, from_query
from kyodo_geo.present.map.component import show_map
from kyodo_geo.reach.payload import reach_payload
from kyodo_geo.reach.study import Given, Study, facility_set, study_of
from kyodo_geo.rules.travel import travel_settings
from kyodo_geo.sources.visit.opened import Opened
from kyodo_geo.views import context, opening, reach_form, reach_results, reach_site, visit_files

_KEY, _START = "reach_atlas", "reach_start"


def page() -> None:
    """Show the study that the form and the address ask for, and take what is tried out on the map."""
    context.heading("近さ", "だれが、どの施設から遠いか。閉じたら、置いたら、どう変わるか")
    city, on = context.city(), context.today()
    chosen = reach_form.ADDRESS.choice()
    given, accounts = _given(on)
    reach_form.show(chosen, roads_open=given.roads is not None, own_open=given.facilities_source is not None)
    left, right = st.columns([3, 2])
    with left:
        reach_form.what_if(chosen, facility_set(city, chosen.facilities, given)[0])
    with right:
        _files()
    for opened in accounts:
        opening.account(opened)
    study = _at_radius(_study(chosen, on, given), chosen)
    with st.container(key="kg_answer"):
        reach_results.sums(city, study)
    with st.container(key="kg_map"):
        view = {**_payload(chosen, on, given), "view": _start(study)}
        show_map(view, key=_KEY, on_view=_take_view, on_act=_take_act)
    reach_results.cautions(study)
    reach_results.show(city, study)
    reach_site.show(study, given.roads)
    reach_results.downloads(city, study)
    reach_results.footer(city, study)


def _given(on: date) -> tuple[Given, list[Opened]]:
    """Return the files that are open in this session, and the accounts of their reading."""
    own, ways = visit_files.facilities(), visit_files.roads(on)
    accounts = [*([own[1]] if own else []), *([ways.opened] if ways else [])]
    return Given(own[0] if own else (), own[1].source if own else None, ways), accounts


def _files() -> None:
    """Offer to open files for this visit."""
    with st.expander("ファイルを開く(施設の一覧、道路)"):
        opening.opened_file(
            "施設のファイル(CSV・GeoJSON・GeoPackage・シェープファイルの zip)", ("csv", *visit_files.SHAPE_FILES),
            key=visit_files.FACILITIES,
            help_text="名称・緯度・経度の列があるもの。自治体標準オープンデータなどの列名を読みます。",
        )  # fmt: skip
        visit_files.roads_file()
        st.caption("ファイルはこの表示にだけ使い、保存しません。")


def _any_radius(chosen: ReachChoice) -> tuple[tuple[str, str], ...]:
    """Return the choice without its radius, as a key: the slider must not compute anything anew."""
    return tuple(sorted(replace(chosen, within=None).to_query().items()))


def _study(chosen: ReachChoice, on: date, given: Given) -> Study:
    return _kept_study(_any_radius(chosen), on, _files_key(given), given)


@st.cache_resource(max_entries=64, show_spinner="距離を計算しています…")
def _kept_study(
    words: tuple[tuple[str, str], ...], on: date, _files: tuple[str, ...], _given: Given
) -> Study:
    return study_of(context.city(), from_query(dict(words)), travel_settings().at(on), on=on, given=_given)


def _files_key(given: Given) -> tuple[str, ...]:
    sources = (given.facilities_source, given.roads.source if given.roads else None)
    return tuple(source.sha256 if source else "" for source in sources)


def _at_radius(study: Study, chosen: ReachChoice) -> Study:
    return replace(study, choice=chosen, within=chosen.within or study.within)


def _payload(chosen: ReachChoice, on: date, given: Given) -> dict[str, Any]:
    return _kept_payload(_any_radius(chosen), on, _files_key(given), _study(chosen, on, given))


@st.cache_resource(max_entries=16, show_spinner=False)
def _kept_payload(
    words: tuple[tuple[str, str], ...],  # noqa: ARG001 - part of the key
    on: date,  # noqa: ARG001 - part of the key
    files: tuple[str, ...],  # noqa: ARG001 - part of the key
    _study: Study,
) -> dict[str, Any]:
    return reach_payload(context.city(), _study, act=MapActs(close=True, open=True, move=True))


def _start(study: Study) -> dict[str, Any]:
    """Return the view the map begins with; it stays the same while the map stands, so that nothing is sent twice."""
    state = st.session_state
    if _KEY not in state or _START not in state:
        view = {"indicator": "share_within", "district": None, **reach_form.ADDRESS.view}
        state[_START] = {**view, "year": round(study.within)}
    start: dict[str, Any] = state[_START]
    return start


def _take_view() -> None:
    """Take the radius, the indicator and the district that were chosen on the map into the address."""
    view: Mapping[str, Any] = st.session_state[_KEY].view
    chosen = reach_form.ADDRESS.known
    within = float(view["year"]) if view.get("year") else chosen.within
    reach_form.ADDRESS.keep(replace(chosen, within=within), view)


def _take_act() -> None:
    event = st.session_state[_KEY].act
    if event:
        reach_form.take_event(event)


context.run(page)
