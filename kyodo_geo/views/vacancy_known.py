"""What 空き家 knows without a list: the sampling survey of the city, the fall of households, and what is missing."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from kyodo_geo.city import City
from kyodo_geo.model.vacancy.groups import LEAST_K
from kyodo_geo.present.tables import csv_file, html_table
from kyodo_geo.provenance import Unknown, mark_of
from kyodo_geo.vacancy.export import households_csv
from kyodo_geo.vacancy.households import HouseholdChanges
from kyodo_geo.vacancy.tables import (
    SAMPLED,
    SAMPLED_COLUMNS,
    change_columns,
    change_row,
    sampled_rows,
    without_place,
)
from kyodo_geo.views import brought, context

_MOST_SHOWN = 50
_MISSING = (
    "地区・小地域ごとの空き家は不明です(公表資料なし)。市の住宅担当課などが持つ「空き家の実態調査の一覧」を開くと、"
    "地区ごとの戸数と率、状態、調査の方法、公表用の格子が出ます。"
)
_COLUMNS_READ = (
    "読める列: 所在地・緯度・経度・小地域コード・町丁字・行政区・地区のどれか(場所)、空き家数(場所ごとの表のとき)、住宅数、"
    "調査年、ランク・判定(A～D)、調査方法(現地調査・水道・推計)。所有者・電話などの列は読みません。"
)


def answer(city: City, changes: HouseholdChanges | Unknown) -> None:
    """Show what is published of the whole city: the newest sampling survey, and beside it the change of households."""
    parts = [
        (f"空き家 {year} {SAMPLED}", f"{vacant} 戸", f"住宅 {dwellings} 戸の {rate}")
        for year, dwellings, vacant, rate in sampled_rows(city.vacancy)
    ]
    if not isinstance(changes, Unknown):
        by, percent = change_row(changes.city)[-2:]
        parts.append((f"世帯の増減 {changes.years} 国勢調査", f"{by} 世帯", percent))
    listed = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(value)} <small>{escape(more)}</small></dd></div>"
        for label, value, more in parts
    )
    st.html(f'<p>{escape(city.facts.name)}全体</p><dl class="kg-sums">{listed}</dl>')


def sampled(city: City) -> None:
    """Show the published sampling survey of the city as a table."""
    rows = sampled_rows(city.vacancy)
    if not rows:
        st.html(f"<p>{SAMPLED}: 不明(公表資料なし)</p>")
        return
    source = city.sources["city_vacancy"]
    mark = mark_of(source.basis)
    caption = f"{SAMPLED} {city.facts.name}全体、{source.reference_date}{f'、{mark}' if mark else ''}"
    st.html(html_table(SAMPLED_COLUMNS, rows, caption=caption, scroll=False))
    st.caption("市全体の値だけが公表されています。地区ごとの値はなく、地区に割り振ることもしません。")


def districts(changes: HouseholdChanges | Unknown) -> None:
    """Show the change of households of districts, areas and the city."""
    if isinstance(changes, Unknown):
        st.html(f"<p>世帯の減少: {changes}</p>")
        return
    caption = f"世帯の減少 {changes.years}(国勢調査、{changes.earlier.isoformat()} と {changes.later.isoformat()}、地区の線は推計)"
    rows = [change_row(one) for one in changes.districts]
    st.html(html_table(change_columns(changes), rows, caption=caption))
    heads, wholes = without_place(change_columns(changes), map(change_row, (*changes.areas, changes.city)))
    st.html(
        html_table(heads, wholes, caption=f"地域と市の世帯の減少 {changes.years}(国勢調査)", scroll=False)
    )
    _caution(changes)


def small_areas(changes: HouseholdChanges | Unknown) -> None:
    """Show the small areas whose households fell most, and those of which nobody knows."""
    if isinstance(changes, Unknown):
        st.html(f"<p>世帯の減少: {changes}</p>")
        return
    fallen = [one for one in changes.small if isinstance(one.by, int) and one.by < 0]
    heads = change_columns(changes, small=True)
    caption = f"世帯の減少の大きい小地域 {changes.years}(国勢調査、減った {len(fallen)} 区画のうち {min(len(fallen), _MOST_SHOWN)} 区画)"
    st.html(html_table(heads, [change_row(one) for one in fallen[:_MOST_SHOWN]], caption=caption))
    if len(fallen) > _MOST_SHOWN:
        st.caption(f"減った世帯の多い順に {_MOST_SHOWN} 区画。残りは CSV にあります。")
    if changes.silent:
        caption = f"前の国勢調査に値がなく、増減の分からない小地域 {len(changes.silent)} 区画"
        st.html(html_table(heads, [change_row(one) for one in changes.silent], caption=caption, scroll=False))
    _caution(changes)


def _caution(changes: HouseholdChanges) -> None:
    st.caption("人の住む世帯の増減です。住む人のいなくなった住宅の数ではありません。")
    if changes.caution:
        st.caption(f"注意: {changes.caution}")


def missing(city: City) -> None:
    """Say what nobody has published and where it may be had, and offer to open a list."""
    context.notice(_MISSING)
    with st.expander("ファイルを開く(空き家の一覧)"):
        brought.vacancy_chooser()
        st.caption(_COLUMNS_READ)
        where = next((one.where for one in city.facts.unknown if "空き家" in one.what), "")
        if where:
            st.caption(f"手に入る所: {where}")
        st.caption(
            f"ファイルはこの表示にだけ使い、保存しません。住民に見せる表と格子には、{LEAST_K} 戸に満たない数を出しません。"
        )


def opener() -> None:
    """Offer another list where one is open."""
    with st.expander("ファイルを開く・閉じる(空き家の一覧)"):
        brought.vacancy_chooser()
        st.caption(_COLUMNS_READ)


def download(changes: HouseholdChanges | Unknown, on: date) -> None:
    """Offer the change of households as CSV."""
    if not isinstance(changes, Unknown):
        st.download_button(
            "世帯の減少をダウンロード(CSV)", data=lambda: csv_file(households_csv(changes)), mime="text/csv",
            file_name=f"setai_{changes.earlier.year}_{changes.later.year}_{on.isoformat()}.csv", on_click="ignore",
            width="stretch",
        )  # fmt: skip
