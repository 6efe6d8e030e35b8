"""The answers of 近さ below the map: by district, who is outside, the facilities, whom a what-if hurts, files."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from kyodo_geo.city import City
from kyodo_geo.present.tables import csv_file, html_table, number_text
from kyodo_geo.reach.export import districts_csv, places_csv, study_geopackage
from kyodo_geo.reach.figures import levels_of
from kyodo_geo.reach.study import Study
from kyodo_geo.reach.tables import (
    CHANGE_COLUMNS,
    FACILITY_COLUMNS,
    HURT_COLUMNS,
    PLACE_COLUMNS,
    change_row,
    change_rows,
    columns,
    distance_text,
    district_columns,
    district_rows,
    facility_rows,
    hurt_rows,
    outside_rows,
    people_text,
    radius_text,
    reach_row,
    share_text,
)
from kyodo_geo.reach.words import few_points, not_counted, tried
from kyodo_geo.views import context

_MOST_SHOWN = 100


def sums(city: City, study: Study) -> None:
    """Show the answer for the whole city in a line of figures, and how it was measured."""
    levels = levels_of(city, study)
    row, unit = reach_row(study, levels.city), study.demand.unit
    radius = radius_text(study)
    figures = [
        (f"{radius}以内", f"{share_text(row)} %", f"{people_text(row.within)}{unit}"),
        (f"{radius}の外", f"{people_text(row.outside)}{unit}", ""),
        ("届かない", f"{people_text(row.unreachable)}{unit}", ""),
        ("平均", distance_text(study, row.mean), ""),
        ("9割の人がこれ以内", distance_text(study, row.p90), ""),
    ]
    listed = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(value)} <small>{escape(more)}</small></dd></div>"
        for label, value, more in figures
    )
    st.html(
        f'<p><span class="kg-mark">{escape(study.mark)}</span>{escape(study.what)}まで、{escape(study.measure_label)}。'
        f"{escape(study.demand.method)}。{escape(study.demand.reference_date)} の{escape(study.demand.counted)}</p>"
        f'<dl class="kg-sums">{listed}</dl>{_changed(city, study)}'
    )


def _changed(city: City, study: Study) -> str:
    if not study.changed:
        return ""
    row, unit = change_row(study, levels_of(city, study).city), study.demand.unit
    parts = [f"遠くなる人 {people_text(row.longer)}{unit}", f"近くなる人 {people_text(row.shorter)}{unit}"]
    parts += [f"届かなくなる人 {people_text(row.lost)}{unit}"] if row.lost else []
    parts += [f"届くようになる人 {people_text(row.gained)}{unit}"] if row.gained else []
    parts.append(f"平均の変化 {distance_text(study, row.mean, signed=True)}")
    return f"<p><strong>もしもの結果:</strong> {escape('、'.join(parts))}({escape(tried(study))})</p>"


def cautions(study: Study) -> None:
    """Say what is not counted, and what stands on a point that is not the facility's own."""
    for sentence in not_counted(study):
        st.caption(sentence)


def show(city: City, study: Study) -> None:
    """Show the tables, one question a tab."""
    titles = ["地区ごと", "半径の外の所", "施設ごと"]
    tabs = st.tabs([*titles, *(["もしもの変化"] if study.changed else [])])
    with tabs[0]:
        rows, foot = district_rows(city, study)
        st.html(
            html_table(district_columns(study), rows, caption=_caption(study, "地区ごとの近さ"), foot=[foot])
        )
        st.caption(few_points(city, study))
    with tabs[1]:
        far = outside_rows(city, study)
        st.html(
            html_table(
                columns(PLACE_COLUMNS, (2, 4)),
                far[:_MOST_SHOWN],
                caption=_caption(study, f"半径の外の所 {len(far)} か所"),
            )
        )
        if len(far) > _MOST_SHOWN:
            st.caption(f"遠い順に {_MOST_SHOWN} か所。残り {len(far) - _MOST_SHOWN} か所は CSV にあります。")
    with tabs[2]:
        st.html(
            html_table(
                columns(FACILITY_COLUMNS, (2, 3), heading=1),
                facility_rows(study),
                caption=_caption(study, "施設ごとの人"),
            )
        )
    if study.changed:
        with tabs[3]:
            show_change(city, study, lambda title: _caption(study, title))


def show_change(city: City, study: Study, caption: Callable[[str], str]) -> None:
    """Show whom a what-if hurts most, and every district; `caption` completes the title of a table."""
    hurt = html_table(
        columns(HURT_COLUMNS, (2, 3, 4, 5)), hurt_rows(city, study), caption=caption("最も遠くなる所")
    )
    rows, foot = change_rows(city, study)
    heads = columns(CHANGE_COLUMNS, range(2, 8), heading=1)
    st.html(hurt)
    st.html(html_table(heads, rows, caption=caption("地区ごとの変化"), foot=[foot]))


def _caption(study: Study, title: str) -> str:
    """Every table says by itself what was measured, how, and that it is an estimate."""
    changed = "、もしもの後" if study.changed else ""
    people = f"{study.demand.reference_date} の{study.demand.counted}"
    return f"{title}({study.what}まで、{study.measure_label}、{people}{changed}。{study.mark})"


def downloads(city: City, study: Study) -> None:
    """Offer the districts and the places as CSV, and everything as a GeoPackage."""
    day = study.on.isoformat()
    first, second, third, _ = st.columns([1, 1, 1, 1])
    first.download_button(
        "地区の表をダウンロード(CSV)", data=lambda: csv_file(districts_csv(city, study)), file_name=f"chikasa_chiku_{day}.csv",
        mime="text/csv", on_click="ignore", width="stretch",
    )  # fmt: skip
    second.download_button(
        "住む所の表をダウンロード(CSV)", data=lambda: csv_file(places_csv(city, study)), file_name=f"chikasa_tokoro_{day}.csv",
        mime="text/csv", on_click="ignore", width="stretch",
    )  # fmt: skip
    third.download_button(
        "GIS のデータをダウンロード(GeoPackage)", data=lambda: study_geopackage(city, study), file_name=f"chikasa_{day}.gpkg",
        mime="application/geopackage+sqlite3", on_click="ignore", width="stretch",
    )  # fmt: skip


def footer(city: City, study: Study) -> None:
    """Show sources, measure and what is not in the figures."""
    places = number_text(len(study.demand.keys))
    context.footer(
        study.sources,
        f"距離: {study.measure_label}。{study.measure_note}。",
        f"人: {study.demand.kind} {places} か所、{study.demand.method}({study.mark})。{study.demand.unplaced}",
        "市の外の施設は数えていません。年齢別の人数は、小地域の年齢の表が公表資料として手元にないため不明です。",
        city.facts.lines_note,
    )
