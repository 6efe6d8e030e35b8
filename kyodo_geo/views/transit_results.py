"""The answers of 交通 around its tables: warnings, the city in a line of figures, services known as text, files, sources."""

from __future__ import annotations

from html import escape

import streamlit as st

from kyodo_geo.city import City
from kyodo_geo.model.transit.choice import window_text
from kyodo_geo.present.tables import Col, csv_file, html_table
from kyodo_geo.reach.export import places_csv, study_geopackage
from kyodo_geo.reach.tables import radius_text
from kyodo_geo.transit.export import gap_csv, stops_csv
from kyodo_geo.transit.study import TransitStudy
from kyodo_geo.transit.tables import (
    CLASSES,
    SERVICE_COLUMNS,
    gap_rows,
    service_rows,
)
from kyodo_geo.transit.text import cautions
from kyodo_geo.views import context


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
        f'<p><span class="kg-mark">{escape(study.reach.mark)}</span>{escape(subtitle(study))}</p><dl class="kg-sums">{listed}'
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
        f"距離: {reach.measure_label}。{reach.measure_note}。人: {reach.demand.method}({reach.mark})。{reach.demand.unplaced}",
        "鉄道の便数、予約制の便、ほかの事業者の便のうちファイルにないものは入っていません。",
        city.facts.lines_note,
    )
