"""The answers of 交通: who has what, stops, routes, days, trips there and back, on-call areas, and files."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from kyodo_geo.city import City
from kyodo_geo.model.transit.choice import window_text
from kyodo_geo.present.tables import Col, csv_file, html_table
from kyodo_geo.reach.export import places_csv, study_geopackage
from kyodo_geo.reach.roads import RoadsGiven
from kyodo_geo.reach.tables import (
    columns,
    in_unit,
    outside_rows,
    people_text,
    radius_text,
    share_text,
)
from kyodo_geo.rules.travel import Travel
from kyodo_geo.transit.export import gap_csv, stops_csv
from kyodo_geo.transit.routes import Pairs, pairs_without, route_columns, route_rows
from kyodo_geo.transit.study import TransitStudy, Version, versions
from kyodo_geo.transit.tables import (
    CLASSES,
    KIND_COLUMNS,
    ON_CALL,
    SERVICE_COLUMNS,
    TOO_FEW,
    gap_columns,
    gap_rows,
    kind_rows,
    on_call_columns,
    on_call_rows,
    service_rows,
    stop_columns,
    stop_rows,
)
from kyodo_geo.transit.text import cautions, counted_days, stations_words
from kyodo_geo.views import context
from kyodo_geo.views.reach_results import show_change

_MOST_SHOWN = 100


def warnings(city: City, study: TransitStudy) -> None:
    """Say what makes the whole answer doubtful."""
    for sentence in cautions(city, study):
        context.notice(sentence)


def sums(city: City, study: TransitStudy) -> None:
    """Show what the whole city has, in a line of figures."""
    _, foot = gap_rows(city, study)
    unit = study.reach.demand.unit
    figures = zip(CLASSES, foot[3:7], strict=True)
    listed = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}<small>{unit}</small></dd></div>"
        for name, value in figures
    )
    st.html(
        f'<p><span class="kg-mark">推計</span>{escape(subtitle(study))}</p><dl class="kg-sums">{listed}'
        f"<div><dt>交通空白の割合</dt><dd>{escape(foot[-1])} <small>%</small></dd></div></dl>"
    )


def subtitle(study: TransitStudy) -> str:
    """Return what the figures speak of: the day, the hours, the runs, the threshold and the measure."""
    reach = study.reach
    changed = "、もしもの後" if study.choice.changed else ""
    return (
        f"{study.day.label}、{window_text(study.choice.window)}、{study.usable_words}まで {radius_text(reach)}"
        f"({reach.measure_label})、{reach.demand.reference_date} の{reach.demand.counted}{changed}"
    )


def _caption(study: TransitStudy, title: str, *more: str) -> str:
    return f"{title}({'。'.join(filter(None, (subtitle(study), *more)))}。推計)"


def show(city: City, study: TransitStudy, travel: Travel, roads: RoadsGiven | None) -> None:
    """Show the tables, one question a tab."""
    titles = ["地区ごと", "空白の所", "停留所", "路線", "日の種類", "測り方を比べる"]
    more = [*(["もしもの変化"] if study.choice.changed else []), *(["予約制の区域"] if study.areas else [])]
    tabs = dict(zip([*titles, *more], st.tabs([*titles, *more]), strict=True))
    with tabs["地区ごと"]:
        rows, foot = gap_rows(city, study)
        st.html(
            html_table(
                columns(gap_columns(study), range(2, 8), heading=1),
                rows,
                caption=_caption(study, "地区ごとの交通", stations_words(study)),
                foot=[foot],
            )
        )
        st.caption(
            f"左の区分から順に、初めに当てはまるものに数えます。「{ON_CALL}」は、使える停留所がなく予約制の区域にある所です(便の少ない停留所が近くにあってもここに数えます)。"
            f"「{TOO_FEW}」は、この時間帯に発着する停留所が近くにあっても、往復の数が足りない所です。"
        )
    with tabs["空白の所"]:
        _gaps(city, study)
    with tabs["停留所"]:
        stops = stop_rows(city, study)
        st.html(
            html_table(
                columns(stop_columns(study), (2, 3, 4, 8, 9, 10)),
                stops[:300],
                caption=_caption(study, f"停留所 {len(stops)} か所"),
            )
        )
    with tabs["路線"]:
        st.html(
            html_table(
                columns(route_columns(study), (3, 4), heading=1),
                route_rows(study, _pairs_of_routes(study)),
                caption=_caption(study, "路線"),
            )
        )
    with tabs["日の種類"]:
        st.html(html_table([Col(head, number=at in {2, 3}, heading=at == 0, wide=at == 4) for at, head in enumerate(KIND_COLUMNS)],
                           kind_rows(study.feed), caption=f"日の種類と代表の日({counted_days(study.feed) or '数えられる日がない'})"))  # fmt: skip
    with tabs["測り方を比べる"]:
        rows = [_version(one) for one in versions(study, travel, roads)]
        st.html(
            html_table(
                columns(_version_columns(study), range(1, 6)),
                rows,
                caption=_caption(study, "測り方による違い"),
                scroll=False,
            )
        )
        if roads is None:
            st.caption("道路のファイルを開くと、道路の距離も並びます。")
    if "もしもの変化" in tabs:
        with tabs["もしもの変化"]:
            show_change(city, study.reach, lambda title: _caption(study, title))
    if "予約制の区域" in tabs:
        with tabs["予約制の区域"]:
            st.html(
                html_table(
                    columns(on_call_columns(study), (1,)),
                    on_call_rows(study),
                    caption=_caption(
                        study,
                        "予約制(デマンド)の区域。定時の便には数えない。区域の重なる所はどの区域にも数える",
                    ),
                )
            )


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


def services(city: City) -> None:
    """Show what is known of buses and taxis as text today, and what is missing."""
    rows = service_rows(city, city.services)
    cols = [
        Col(head, number=at in {5, 6}, heading=at == 0, wide=at in {3, 9})
        for at, head in enumerate(SERVICE_COLUMNS)
    ]
    st.html(
        html_table(cols, rows, caption=f"ことばで分かっている便 {len(rows)} 件(停留所の位置と時刻は不明)")
    )
    stations = city.facilities["stations"]
    st.caption(
        f"駅 {len(stations)} か所の位置は分かっています(便数は不明): {'、'.join(one.name for one in stations)}"
    )


def downloads(city: City, study: TransitStudy) -> None:
    """Offer districts, stops with their hours, and places of people as CSV."""
    day = study.day.day.isoformat()
    first, second, third, fourth = st.columns([1, 1, 1, 1])
    first.download_button(
        "地区の表をダウンロード(CSV)", data=lambda: csv_file(gap_csv(city, study)), file_name=f"kotsu_chiku_{day}.csv",
        mime="text/csv", on_click="ignore", width="stretch",
    )  # fmt: skip
    second.download_button(
        "停留所の表をダウンロード(CSV)", data=lambda: csv_file(stops_csv(study)), file_name=f"kotsu_teiryujo_{day}.csv",
        mime="text/csv", on_click="ignore", width="stretch",
    )  # fmt: skip
    third.download_button(
        "住む所の表をダウンロード(CSV)", data=lambda: csv_file(places_csv(city, study.reach)), file_name=f"kotsu_tokoro_{day}.csv",
        mime="text/csv", on_click="ignore", width="stretch",
    )  # fmt: skip
    fourth.download_button(
        "GIS のデータをダウンロード(GeoPackage)", data=lambda: study_geopackage(city, study.reach), file_name=f"kotsu_{day}.gpkg",
        mime="application/geopackage+sqlite3", on_click="ignore", width="stretch",
    )  # fmt: skip


def footer(city: City, study: TransitStudy) -> None:
    """Show sources, day, measure and what is not in the figures."""
    reach = study.reach
    context.footer(
        reach.sources,
        f"日: {study.day.label}。往復は、行きの便と、行った所から1時間より後に帰り着く便の組の数(乗り換えなし。1時間はこの道具の置いた値)。",
        f"距離: {reach.measure_label}。{reach.measure_note}。人: {reach.demand.method}(推計)。{reach.demand.unplaced}",
        "鉄道の便数、予約制の便、ほかの事業者の便のうちファイルにないものは入っていません。",
        city.facts.lines_note,
    )
