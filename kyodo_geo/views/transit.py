"""交通: where is a bus one can use, there and back? What is known today, and everything a timetable tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from kyodo_geo.city import City
from kyodo_geo.model.transit.choice import TransitChoice, transit_from_query
from kyodo_geo.reach.payload import reach_payload
from kyodo_geo.reach.roads import RoadsGiven
from kyodo_geo.reach.study import Study
from kyodo_geo.rules.travel import Travel, travel_settings
from kyodo_geo.transit.bus_stops import bus_stop_study
from kyodo_geo.transit.feed import Feed
from kyodo_geo.transit.payload import transit_payload
from kyodo_geo.transit.study import TransitGiven, TransitStudy, transit_study
from kyodo_geo.views import (
    brought,
    context,
    opening,
    reach_results,
    transit_form,
    transit_results,
    transit_tabs,
    transit_trips,
    visit_files,
)
from kyodo_geo.views.reach_map import StudyMap

_ADDRESS = transit_form.ADDRESS


def page() -> None:
    """Show what is known without a timetable, and the study of one that is open."""
    context.heading("交通", "どこに、行って帰ってこられる便があるか")
    city, on = context.city(), context.today()
    travel = travel_settings().at(on)
    chosen = _ADDRESS.choice()
    feed, roads = visit_files.timetable(on), visit_files.roads(on)
    _files(feed, roads)
    if feed is None:
        _without_timetable(city, chosen, travel, on, roads)
        return
    transit_form.show(chosen, feed, roads_open=roads is not None)
    study = _at_threshold(_study(chosen, feed, on, roads), chosen)
    transit_results.warnings(city, study)
    with st.container(key="kg_answer"):
        transit_results.sums(city, study)
    with st.container(key="kg_map"):
        key = (chosen.at_any_threshold, on, *(source.sha256 for source in study.reach.sources))
        _MAP.draw(study.reach, key, lambda: transit_payload(city, study))
    transit_tabs.show(city, study, travel, roads)
    transit_trips.show(city, study, travel, roads)
    with st.expander("ことばで分かっている便(時刻表にない便を含む)"):
        transit_results.services(city)
    transit_results.downloads(city, study)
    transit_results.footer(city, study)


def _files(feed: Feed | None, roads: RoadsGiven | None) -> None:
    with st.expander("ファイルを開く(時刻表、バス停、予約制の区域、道路)", expanded=feed is None):
        left, right = st.columns(2)
        with left:
            opening.opened_file(
                "時刻表(GTFS-JP の zip)", ("zip",), key=visit_files.TIMETABLE,
                help_text="バス事業者や市がオープンデータとして公開している時刻表のファイル。",
            )  # fmt: skip
            opening.opened_file(
                "バス停の位置(国土数値情報 P11)", visit_files.SHAPE_FILES, key=visit_files.STOPS,
                help_text="時刻表がないときの代わり。位置だけで、便数は分かりません。",
            )  # fmt: skip
        with right:
            opening.opened_file(
                "予約制(デマンド)の区域(CSV・GeoJSON)", ("csv", "geojson"), key=visit_files.ON_CALL,
                help_text="区域名・小地域コード・曜日・時間帯・予約方法の列のある CSV、または面の GeoJSON。",
            )  # fmt: skip
            visit_files.roads_file()
        st.caption("ファイルはこの表示にだけ使い、保存しません。")
    on_call = visit_files.on_call()
    for opened in (feed and feed.opened, on_call and on_call[1], roads and roads.opened):
        if opened:
            opening.account(opened)


def _without_timetable(
    city: City, chosen: TransitChoice, travel: Travel, on: date, roads: RoadsGiven | None
) -> None:
    """Show the services known as text, what is missing and where it is to be had; and bus stops, where a file is open."""
    missing = [one for one in city.facts.unknown if "バス" in one.what]
    listed = "".join(
        f"<li>{escape(one.what)}: {escape(one.why)}。入手先: {escape(one.where)}</li>" for one in missing
    )
    st.html(
        '<div class="kg-note" role="status"><p><strong>時刻表がまだ開かれていません。</strong>'
        "停留所ごとの便数、行き帰り、交通空白は、時刻表を開くと計算できます。</p>"
        f"<ul>{listed}</ul></div>"
    )
    brought.offer_sample()
    found = visit_files.bus_stops()
    if found is not None:
        opening.account(found[1])
        study = bus_stop_study(city, *found, chosen.reach, travel, on=on, roads=roads)
        _bus_stops(city, study)
    transit_results.services(city)
    sources = [city.sources["transit_services"], city.sources["stations"]]
    context.footer(sources, "便の内容は資料の時点のものです。今も同じとは限りません。")


def _bus_stops(city: City, study: Study) -> None:
    reach_results.sums(city, study)
    key = (
        tuple(replace(study.choice, within=None).to_query().items()),
        study.on,
        *(source.sha256 for source in study.sources),
    )
    _MAP.draw(study, key, lambda: reach_payload(city, study))
    reach_results.show(city, study)
    reach_results.footer(city, study)


def _study(chosen: TransitChoice, feed: Feed, on: date, roads: RoadsGiven | None) -> TransitStudy:
    found = visit_files.on_call()
    given = TransitGiven(roads, found[0] if found else (), found[1].source if found else None)
    files = tuple(one.sha256 for one in (given.areas_source, roads and roads.source) if one)
    return _kept_study(chosen.at_any_threshold, feed.opened.sha256, files, on, feed, given)


@st.cache_resource(max_entries=32, show_spinner="便を数えています…")
def _kept_study(
    words: tuple[tuple[str, str], ...],
    feed_sha256: str,  # noqa: ARG001 - part of the key
    files: tuple[str, ...],  # noqa: ARG001 - part of the key
    on: date,
    _feed: Feed,
    _given: TransitGiven,
) -> TransitStudy:
    chosen = transit_from_query(dict(words))
    return transit_study(context.city(), _feed, chosen, travel_settings().at(on), on=on, given=_given)


def _at_threshold(study: TransitStudy, chosen: TransitChoice) -> TransitStudy:
    within = chosen.reach.within or study.reach.within
    return replace(study, choice=chosen, reach=replace(study.reach, choice=chosen.reach, within=within))


def _take_threshold(within: float | None, view: Mapping[str, Any]) -> None:
    """Take the threshold, the indicator and the district that were chosen on the map into the address."""
    chosen = _ADDRESS.known
    _ADDRESS.keep(replace(chosen, reach=replace(chosen.reach, within=within or chosen.reach.within)), view)


_MAP = StudyMap("transit_atlas", _ADDRESS, "share_within", _take_threshold)


context.run(page)
