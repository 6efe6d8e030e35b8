"""An opened list on 空き家: the answer, the public tables and grid with their files, and what only staff see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape

import geopandas as gpd
import streamlit as st

from kyodo_geo.city import City
from kyodo_geo.model.vacancy.groups import PublicStates
from kyodo_geo.model.vacancy.values import SOURCE_CLASSES
from kyodo_geo.present.tables import Col, csv_file, html_table
from kyodo_geo.provenance import Basis, Unknown, mark_of
from kyodo_geo.vacancy.drawing import grid_picture
from kyodo_geo.vacancy.export import cells_csv, cells_geojson, file_name, public_csv, staff_csv, unplaced_csv
from kyodo_geo.vacancy.squares import cell_frame
from kyodo_geo.vacancy.study import ListStudy, PublicVacancy, StaffVacancy
from kyodo_geo.vacancy.tables import (
    CELL_COLUMNS,
    STATE_LABELS,
    UNFOUND_COLUMNS,
    UNPLACED_COLUMNS,
    WEAK,
    WHY_DIFFERENT,
    cell_rows,
    class_columns,
    count_text,
    lines_text,
    list_columns,
    list_row,
    public_class_rows,
    staff_class_rows,
    unfound_rows,
    unplaced_rows,
    without_place,
)
from kyodo_geo.views import context, opening, vacancy_known

STAFF_NOTE = "職員の表示。住民に見せる画面では使わない"
_FILE = "空き家の一覧(開いたファイル)"


def answer(shown: PublicVacancy | StaffVacancy) -> None:
    """Show the numbers of the city with what they are divided by."""
    row, ground = shown.city, shown.ground
    figures = (
        ("空き家", count_text(row.vacant), "戸"),
        ("空き家率", count_text(row.percent, decimals=1, unit="%"), ""),
        ("分母", count_text(row.dwellings), "戸"),
    )
    listed = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(value)} <small>{escape(unit)}</small></dd></div>"
        for label, value, unit in figures
    )
    mark = mark_of(ground.whole_rate)
    sign = f'<span class="kg-mark">{mark}</span>' if mark else ""
    said = f"市全体、{ground.year}年の調査({ground.file.file})。分母: {ground.denominator}"
    st.html(f'<p>{sign}{escape(said)}</p><dl class="kg-sums">{listed}</dl>')


def districts(shown: PublicVacancy | StaffVacancy) -> None:
    """Show count and rate of districts (in public: of groups of them), areas and the city."""
    rows = shown.groups if isinstance(shown, PublicVacancy) else shown.rows
    heads, divided = list_columns(), f"分母: {shown.ground.denominator}"
    said = f"{_said(shown, shown.ground.rate)}、{divided}"
    st.html(html_table(heads, [list_row(row) for row in rows], caption=f"地区ごとの空き家({said})"))
    whole_heads, whole = without_place(heads, map(list_row, (*shown.areas, shown.city)))
    caption = f"地域と市の空き家({_said(shown, shown.ground.whole_rate)}、{divided})"
    st.html(html_table(whole_heads, whole, caption=caption, scroll=False))
    if any(row.weak for row in (*rows, *shown.areas, shown.city)):
        st.caption(WEAK)
    if isinstance(shown, PublicVacancy):
        st.caption(
            f"{shown.k} 戸に満たない地区は、隣の地区と合わせて1行にしています。合わせた中の内訳は示しません。"
        )
        _loose(shown)


def _loose(shown: PublicVacancy) -> None:
    """Say what could not be tied to a district, or whose point does not fit, without a number below k."""
    told = shown.told
    if told.unplaced != 0:
        left_out = (
            "市の戸数にも入れていません"
            if isinstance(told.unplaced, Unknown)
            else "市の戸数にだけ入れています"
        )
        st.caption(f"地区の決まらない空き家: {_number(told.unplaced)}戸。{left_out}。")
    if told.outside != 0:
        st.caption(
            f"点が市の外にある行: {_number(told.outside)}件。ほかに場所の分からない行は数えず、分かる行は格子で位置のないものとして数えました。"
        )
    if told.elsewhere != 0:
        st.caption(
            f"点が、行の書く地区と違う地区にある行: {_number(told.elsewhere)}件。地区は行の書く方で数えました。"
        )


def _number(told: int | Unknown) -> str:
    return told.reason.removesuffix("件未満") + "未満の" if isinstance(told, Unknown) else f"{told:,}"


def _said(shown: PublicVacancy | StaffVacancy, basis: Basis) -> str:
    mark = mark_of(basis)
    whose = "公表用" if isinstance(shown, PublicVacancy) else "職員用"
    return f"{shown.ground.year}年の調査、{_FILE}、{whose}{f'、{mark}' if mark else ''}"


def classes(shown: PublicVacancy | StaffVacancy) -> None:
    """Show states and sources as far as they may be shown."""
    if isinstance(shown, StaffVacancy):
        counts = shown.base.counts
        _table("状態ごと", STATE_LABELS, staff_class_rows(shown, counts.by_state, STATE_LABELS), shown)
        _table(
            "調査の方法ごと", SOURCE_CLASSES, staff_class_rows(shown, counts.by_source, SOURCE_CLASSES), shown
        )
    else:
        _public_classes("状態ごと", STATE_LABELS, shown, shown.states)
        _public_classes("調査の方法ごと", SOURCE_CLASSES, shown, shown.sources)
    st.caption("状態 A～D のどれが良いかは調査によって違うため、文字のまま示します。")


def _public_classes(
    title: str, labels: Mapping[str, str], shown: PublicVacancy, found: PublicStates | Unknown
) -> None:
    if isinstance(found, Unknown):
        st.html(f"<p>{escape(title)}: {escape(str(found))}</p>")
        return
    rows, city = public_class_rows(shown, found, labels)
    if rows or city:
        _table(title, labels, [*rows, *city], shown)
    if found.reason:
        st.caption(f"{title}: {found.reason.replace('状態', '区分')}。")


def _table(
    title: str, labels: Mapping[str, str], rows: list[list[str]], shown: PublicVacancy | StaffVacancy
) -> None:
    caption = f"{title}の空き家(戸、{_said(shown, shown.ground.count)})"
    st.html(html_table(class_columns(labels), rows, caption=caption))


def grid(city: City, on: date, shown: PublicVacancy, cells: gpd.GeoDataFrame | None) -> None:
    """Show the public grid as a picture and as a table."""
    if cells is None:
        st.html(f"<p>公表できる格子はありません(位置のない一覧か、{shown.k} 戸に満たない一覧です)。</p>")
        return
    mark = mark_of(shown.ground.count)
    silent = frozenset(code for row in shown.groups if isinstance(row.vacant, Unknown) for code in row.codes)
    title = f"公表用の格子: 空き家の密度({shown.ground.year}年の調査、どの区画も {shown.k} 戸以上)"
    st.html(grid_picture(city.shapes(on), cells, k=shown.k, title=title, mark=mark, silent=silent))
    with st.expander(f"格子の表 {len(cells)} 区画"):
        st.html(
            html_table(
                CELL_COLUMNS, cell_rows(cells), caption=f"格子の区画({_said(shown, shown.ground.count)})"
            )
        )


def beside(city: City, shown: PublicVacancy | StaffVacancy) -> None:
    """Show the sampling survey beside the list, each under its own name, and why they differ."""
    row = shown.city
    heads = [
        Col("資料", heading=True),
        Col("年"),
        Col("空き家(戸)", number=True),
        Col("分母(戸)", number=True),
        Col("空き家率", number=True),
    ]
    own = [f"{_FILE}、分母: {shown.ground.denominator}", f"{shown.ground.year}年", count_text(row.vacant), count_text(row.dwellings),
           count_text(row.percent, decimals=1, unit="%")]  # fmt: skip
    caption = f"市全体の空き家({_said(shown, shown.ground.whole_rate)})"
    st.html(html_table(heads, [own], caption=caption, scroll=False))
    vacancy_known.sampled(city)
    st.html(f"<p>{escape(WHY_DIFFERENT)}</p>")


def for_staff(seen: StaffVacancy, city: City) -> None:
    """Show what a human must look at: how the file was read, rows of no district, names of none or several, stray points."""
    if city.evidence.vacancy is not None:
        opening.account(city.evidence.vacancy.opened)
    if seen.outside:
        st.html(f"<p>点が市の外にある {len(seen.outside)} 件: {escape(lines_text(seen.outside))}</p>")
    if seen.elsewhere:
        st.html(
            f"<p>点が、行の書く地区と違う地区にある {len(seen.elsewhere)} 件: {escape(lines_text(seen.elsewhere))}</p>"
        )
    if seen.unplaced:
        caption = f"地区の決まらない行 {len(seen.unplaced)} 件({_said(seen, seen.ground.count)})"
        st.html(html_table(UNPLACED_COLUMNS, unplaced_rows(seen), caption=caption))
    if seen.unfound:
        caption = f"小地域に当たらない名前・いくつもに当たる名前 {len(seen.unfound)} 件({_said(seen, seen.ground.count)})"
        st.html(html_table(UNFOUND_COLUMNS, unfound_rows(seen), caption=caption))


def something_to_look_at(city: City, study: ListStudy) -> None:
    """Say in public, without a name or a number, that staff should look at how the file was read."""
    read = city.evidence.vacancy
    if read is None:
        return
    opened = read.opened
    context.notice(
        f"開いている一覧: {opened.name}({opened.title})。時点: {opened.reference_date}。公表者: {opened.publisher}"
    )
    seen = study.staff
    kinds = (
        ("読まなかった行", opened.left_out), ("注意して使うもの", opened.cautions), ("地区の決まらない行", seen.unplaced),
        ("小地域の決まらない名前", seen.unfound), ("位置の合わない点", (*seen.outside, *seen.elsewhere)),
    )  # fmt: skip
    there = "、".join(word for word, some in kinds if some)
    if there:
        st.caption(
            f"{there}があります。中身には所在地や少ない数が含まれるため、「職員の表示」でだけ示します。"
        )


def downloads(study: ListStudy, cells: gpd.GeoDataFrame | None, *, staff: bool) -> None:
    """Offer the public table and grid; what is for staff only while staff are looking."""
    shown, year = study.public, study.public.ground.year
    basis = shown.ground.rate
    columns = st.columns(3)
    columns[0].download_button(
        "公表用の表をダウンロード(CSV)", data=lambda: csv_file(public_csv(shown)), mime="text/csv", on_click="ignore", width="stretch",
        file_name=file_name(f"akiya_kohyo_{year}_k{shown.k}.csv", basis),
    )  # fmt: skip
    if cells is not None:
        columns[1].download_button(
            "公表用の格子をダウンロード(CSV)", data=lambda: csv_file(cells_csv(shown, cells)), mime="text/csv", on_click="ignore",
            file_name=file_name(f"akiya_koshi_{year}_k{shown.k}.csv", basis), width="stretch",
        )  # fmt: skip
        columns[2].download_button(
            "公表用の格子をダウンロード(GeoJSON)", data=lambda: cells_geojson(shown, cells), mime="application/geo+json",
            file_name=file_name(f"akiya_koshi_{year}_k{shown.k}.geojson", basis), on_click="ignore", width="stretch",
        )  # fmt: skip
    if staff:
        _staff_downloads(study.staff)


def _staff_downloads(seen: StaffVacancy) -> None:
    year, basis = seen.ground.year, seen.ground.rate
    left, middle, _ = st.columns(3)
    left.download_button(
        "職員用の表をダウンロード(CSV)", data=lambda: csv_file(staff_csv(seen)), mime="text/csv", on_click="ignore", width="stretch",
        file_name=file_name(f"akiya_{year}.csv", basis, staff=True),
    )  # fmt: skip
    if seen.unplaced or seen.unfound:
        middle.download_button(
            "職員用: 場所の決まらない行(CSV)", data=lambda: csv_file(unplaced_csv(seen)), mime="text/csv", on_click="ignore",
            file_name=file_name(f"akiya_basho_fumei_{year}.csv", basis, staff=True), width="stretch",
        )  # fmt: skip


def cells_of(city: City, on: date, shown: PublicVacancy) -> gpd.GeoDataFrame | None:
    """Return the cells of the public grid on the ground, None for a list without positions; made once."""
    return _cells(city.evidence.key, on, shown.ground.year, shown.k, city, shown)


@st.cache_resource(max_entries=16, show_spinner=False)
def _cells(
    key: tuple[str, ...],  # noqa: ARG001 - part of the key
    on: date,
    year: int,  # noqa: ARG001 - part of the key
    k: int,  # noqa: ARG001 - part of the key
    _city: City,
    _shown: PublicVacancy,
) -> gpd.GeoDataFrame | None:
    return None if _shown.picture is None else cell_frame(_city, on, _shown.picture)
