"""近さ: who is far from what? The map with its slider, the what-if by clicks, and whom it touches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from kyodo_geo.model.figures import MapActs
from kyodo_geo.model.reach.choice import ReachChoice, from_query
from kyodo_geo.reach.payload import reach_payload
from kyodo_geo.reach.study import Given, Study, facility_set, study_of
from kyodo_geo.rules.travel import travel_settings
from kyodo_geo.sources.visit.opened import Opened
from kyodo_geo.views import context, opening, reach_form, reach_results, reach_site, visit_files
from kyodo_geo.views.reach_map import StudyMap


def page() -> None:
    """Show the study that the form and the address ask for, and take what is tried out on the map."""
    context.heading("近さ", "だれが、どの施設から遠いか。閉じたら、置いたら、どう変わるか")
    city, on = context.city(), context.today()
    chosen = reach_form.ADDRESS.choice()
    given, accounts = _given(on)
    reach_form.show(chosen, roads_open=given.roads is not None, own_open=given.facilities_source is not None)
    left, right = st.columns([3, 2])
    with right:
        _files()
    with left:
        reach_form.what_if(chosen, facility_set(city, chosen.facilities, given)[0])
    for opened in accounts:
        opening.account(opened)
    study = _at_radius(_study(chosen, on, given), chosen)
    with st.container(key="kg_answer"):
        reach_results.sums(city, study)
    with st.container(key="kg_map"):
        key = (_any_radius(chosen), on, _files_key(given))
        _MAP.draw(
            study, key, lambda: reach_payload(city, study, act=MapActs(close=True, open=True, move=True))
        )
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


def _take_radius(within: float | None, view: Mapping[str, Any]) -> None:
    """Take the radius, the indicator and the district that were chosen on the map into the address."""
    chosen = reach_form.ADDRESS.known
    reach_form.ADDRESS.keep(replace(chosen, within=within or chosen.within), view)


_MAP = StudyMap("reach_atlas", reach_form.ADDRESS, "share_within", _take_radius, reach_form.take_event)


context.run(page)
