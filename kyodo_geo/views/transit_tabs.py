"""The tables of 交通, one question a tab: districts, gaps, stops, routes, days, ways of measuring, what-if, on-call areas."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from kyodo_geo.city import City
from kyodo_geo.present.tables import Col, html_table
from kyodo_geo.reach.roads import RoadsGiven
from kyodo_geo.reach.tables import (
    columns,
    in_unit,
    outside_rows,
    people_text,
    share_text,
)
from kyodo_geo.rules.travel import Travel
from kyodo_geo.transit.routes import Pairs, pairs_without, route_columns, route_rows
from kyodo_geo.transit.study import TransitStudy, Version, versions
from kyodo_geo.transit.tables import (
    KIND_COLUMNS,
    ON_CALL,
    TOO_FEW,
    gap_columns,
    gap_rows,
    kind_rows,
    on_call_columns,
    on_call_rows,
    stop_columns,
    stop_rows,
)
from kyodo_geo.transit.text import counted_days, stations_words
from kyodo_geo.views.reach_results import show_change
from kyodo_geo.views.transit_results import subtitle

_MOST_SHOWN = 100
_MOST_STOPS = 300
Tabs = dict[str, Callable[[], None]]


def show(city: City, study: TransitStudy, travel: Travel, roads: RoadsGiven | None) -> None:
    """Show the tables, one question a tab; a what-if and on-call areas have a tab where there are any."""
    tabs: Tabs = {
        "地区ごと": lambda: _districts(city, study),
        "空白の所": lambda: _gaps(city, study),
        "停留所": lambda: _stops(city, study),
        "路線": lambda: _routes(study),
        "日の種類": lambda: _days(study),
        "測り方を比べる": lambda: _ways_of_measuring(study, travel, roads),
    }
    if study.choice.changed:
        tabs["もしもの変化"] = lambda: show_change(city, study.reach, lambda title: _caption(study, title))
    if study.areas:
        tabs["予約制の区域"] = lambda: _on_call(study)
    for place, draw in zip(st.tabs(list(tabs)), tabs.values(), strict=True):
        with place:
            draw()


def _caption(study: TransitStudy, title: str, *more: str) -> str:
    return f"{title}({'。'.join(filter(None, (subtitle(study), *more)))}。{study.reach.mark})"


def _districts(city: City, study: TransitStudy) -> None:
    rows, foot = gap_rows(city, study)
    heads = columns(gap_columns(study), range(2, 8), heading=1)
    caption = _caption(study, "地区ごとの交通", stations_words(study))
    st.html(html_table(heads, rows, caption=caption, foot=[foot]))
    st.caption(
        f"左の区分から順に、初めに当てはまるものに数えます。「{ON_CALL}」は、使える停留所がなく予約制の区域にある所です(便の少ない停留所が近くにあってもここに数えます)。"
        f"「{TOO_FEW}」は、この時間帯に発着する停留所が近くにあっても、往復の数が足りない所です。"
    )


def _stops(city: City, study: TransitStudy) -> None:
    stops = stop_rows(city, study)
    heads = columns(stop_columns(study), (2, 3, 4, 8, 9, 10))
    st.html(html_table(heads, stops[:_MOST_STOPS], caption=_caption(study, f"停留所 {len(stops)} か所")))
    if len(stops) > _MOST_STOPS:
        st.caption(
            f"往復の多い順に {_MOST_STOPS} か所。残り {len(stops) - _MOST_STOPS} か所は CSV にあります。"
        )


def _routes(study: TransitStudy) -> None:
    heads = columns(route_columns(study), (3, 4), heading=1)
    rows = route_rows(study, _pairs_of_routes(study))
    st.html(html_table(heads, rows, caption=_caption(study, "路線")))


def _days(study: TransitStudy) -> None:
    heads = [
        Col(head, number=at in {2, 3}, heading=at == 0, wide=at == 4) for at, head in enumerate(KIND_COLUMNS)
    ]
    counted = counted_days(study.feed) or "数えられる日がない"
    st.html(html_table(heads, kind_rows(study.feed), caption=f"日の種類と代表の日({counted})"))


def _ways_of_measuring(study: TransitStudy, travel: Travel, roads: RoadsGiven | None) -> None:
    rows = [_version(one) for one in versions(study, travel, roads)]
    heads = columns(_version_columns(study), range(1, 6))
    st.html(html_table(heads, rows, caption=_caption(study, "測り方による違い"), scroll=False))
    if roads is None:
        st.caption("道路のファイルを開くと、道路の距離も並びます。")


def _on_call(study: TransitStudy) -> None:
    title = "予約制(デマンド)の区域。定時の便には数えない。区域の重なる所はどの区域にも数える"
    heads = columns(on_call_columns(study), (1,))
    st.html(html_table(heads, on_call_rows(study), caption=_caption(study, title)))


def _gaps(city: City, study: TransitStudy) -> None:
    far = outside_rows(city, study.reach)
    station = "か駅" if study.choice.stations else ""
    heads = ("住む所", "地区", study.reach.demand.unit, f"いちばん近い使える停留所{station}", "距離")
    caption = _caption(study, f"空白の所 {len(far)} か所", stations_words(study))
    st.html(html_table(columns(heads, (2, 4)), far[:_MOST_SHOWN], caption=caption))
    if len(far) > _MOST_SHOWN:
        st.caption(f"遠い順に {_MOST_SHOWN} か所。残り {len(far) - _MOST_SHOWN} か所は CSV にあります。")


@st.cache_resource(max_entries=16, show_spinner="路線を一つずつ除いて数えています…")
def _kept_pairs(
    words: tuple[tuple[str, str], ...],  # noqa: ARG001 - part of the key
    feed_sha256: str,  # noqa: ARG001 - part of the key
    on: date,  # noqa: ARG001 - part of the key
    _study: TransitStudy,
) -> Pairs:
    return pairs_without(_study)


def _pairs_of_routes(study: TransitStudy) -> Pairs:
    """Return the pairs without each route, counted once for all thresholds."""
    return _kept_pairs(study.choice.at_any_threshold, study.feed.opened.sha256, study.reach.on, study)


def _version_columns(study: TransitStudy) -> tuple[str, ...]:
    gap = f"空白の{study.reach.demand.unit}"
    return ("停留所までの測り方", "しきい値", "以内の割合 %", gap, "平均", "9割がこれ以内")


def _version(one: Version) -> list[str]:
    row = one.row
    outside = people_text(row.outside + row.unreachable)
    within, mean, p90 = (in_unit(value, one.unit) for value in (one.within, row.mean, row.p90))
    return [one.label, within, share_text(row), outside, mean, p90]
