"""The tables of 高齢化, one question a tab."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

import streamlit as st

from kyodo_geo.ageing import projection_tables as ahead
from kyodo_geo.ageing.distance import DistanceStudy, distance_study, distance_table
from kyodo_geo.ageing.export import distance_csv
from kyodo_geo.ageing.miss import MissStudy, miss_study
from kyodo_geo.ageing.projection import Ages, ProjectionStudy
from kyodo_geo.ageing.published import published_tables
from kyodo_geo.ageing.pyramid import pyramids_of
from kyodo_geo.ageing.tables import (
    TextTable,
    account_sentences,
    district_table,
    missing_bands,
    said_of,
    unfound_tables,
    whole_table,
)
from kyodo_geo.ageing.trend import NOT_BY_AGE, TrendStudy, city_misses
from kyodo_geo.city import City
from kyodo_geo.figures.levels import Levels
from kyodo_geo.figures.vacancy import names_of
from kyodo_geo.present.line_chart import Series, line_chart
from kyodo_geo.present.pyramid import pyramid_chart, pyramid_table
from kyodo_geo.present.tables import csv_file, html_table, number_text
from kyodo_geo.provenance import Basis, Unknown
from kyodo_geo.reach.words import not_counted
from kyodo_geo.rules.ageing import Ageing
from kyodo_geo.views import brought, context

_DISTRICT, _SEEN = "ageing_district", "ageing_district_seen"


@dataclass(frozen=True, eq=False)
class Shown:
    """What the tabs show: the city of a day, the settings, projection and trend, and the district chosen on the map."""

    city: City
    on: date
    settings: Ageing
    study: ProjectionStudy | Unknown
    trend: TrendStudy | Unknown
    district: str | None


def show(shown: Shown) -> None:
    """Show the tabs: those of an opened table first, then what stands without one."""
    if not shown.city.evidence.ages:
        published, later, test = st.tabs(
            ["公表されている数字", "人口の傾向(参考)", "確かめ(過去で試した外れ)"]
        )
    else:
        names = (
            "地区ごと",
            "人口ピラミッド",
            "センターまでの距離",
            "将来推計",
            "確かめ(過去で試した外れ)",
            "結べなかった行",
            "公表されている数字",
        )
        table, pyramid, distance, later, test, unfound, published = st.tabs(names)
        levels = brought.levels(shown.city, shown.on)
        year = shown.city.evidence.ages[-1].day.year
        with table:
            _districts(shown, levels, year)
        with pyramid:
            _pyramid(shown, levels, year)
        with distance:
            _distance(shown)
        with unfound:
            _unfound(shown.city)
    with later:
        _later(shown)
    with test:
        _test(shown)
    with published:
        for one in published_tables(shown.city):
            _draw(one)


def _draw(table: TextTable, *, scroll: bool = True) -> None:
    st.html(
        html_table(table.columns, table.rows, caption=table.caption, scroll=scroll and len(table.rows) > 12)
    )


def _said(sentences: Sequence[str]) -> None:
    st.html("".join(f"<p>{escape(sentence)}</p>" for sentence in sentences))


def _districts(shown: Shown, levels: Levels, year: int) -> None:
    figures, said = brought.figures(shown.city, shown.on), said_of(shown.city, year)
    _draw(district_table(shown.city, levels, figures, year=year, said=said))
    _draw(whole_table(shown.city, levels, figures, year=year, said=said))
    _said([*missing_bands(figures, year), *account_sentences(shown.city, levels, year)])


def _chosen(shown: Shown, where: str) -> str:
    """Return the district of the pyramid and the chart: the field's, which follows the map whenever the map changes."""
    state, names = (
        st.session_state,
        names_of(shown.city, tuple(dict.fromkeys(shown.city.lines(shown.on).values()))),
    )
    if shown.district in names and state.get(_SEEN) != shown.district:
        state[_DISTRICT] = shown.district
    state[_SEEN] = shown.district
    code = state.get(_DISTRICT)
    if code not in names:
        code = next(iter(names))
    key = f"{_DISTRICT}_{where}"
    state[key] = code
    st.columns([1, 3])[0].selectbox(
        "地区", list(names), key=key, format_func=lambda one: f"{one} {names[one]}", on_change=_take, args=(key,),
        help="地図で地区を選んでも変わります",
    )  # fmt: skip
    return str(code)


def _take(key: str) -> None:
    st.session_state[_DISTRICT] = st.session_state[key]


def _pyramid(shown: Shown, levels: Levels, year: int) -> None:
    code = _chosen(shown, "pyramid")
    found = pyramids_of(shown.city, levels, year, code)
    if isinstance(found, Unknown):
        _said([f"人口ピラミッド: {found}。{found.detail}"])
        return
    unit, *around = found
    title = f"{unit.name}の人口ピラミッド({said_of(shown.city, year)})"
    left, right = st.columns([5, 6])
    left.html(pyramid_chart(unit, around, title=title))
    right.html(
        pyramid_table(unit, around, caption=f"年齢の分かる人に占める割合 %({said_of(shown.city, year)})")
    )
    people = levels.districts[code].ages[year]["known"]
    if not isinstance(people, Unknown) and people < shown.settings.weak_below:
        _said(
            [
                f"{number_text(people)} 人から描いたものです。1人で形が変わるので、形を細かく読まないでください。"
            ]
        )


def _distance(shown: Shown) -> None:
    found = _distances(shown.city.evidence.key, shown.on, shown.city)
    if isinstance(found, Unknown):
        _said([f"75歳以上の人からセンターまでの距離: {found}。{found.detail}"])
        return
    _draw(distance_table(shown.city, found))
    study = found.reach
    _said([
        f"{study.measure_label}: {study.measure_note}。半径 {number_text(study.within, unit='m')} は設定の値です。",
        f"{study.demand.method}(推計)。{study.demand.unplaced}",
        "「最寄り」は地区に関わらずいちばん近い市民センター、「地区のセンター」は住む地区の市民センターです。",
        *not_counted(study),
    ])  # fmt: skip
    fictional = "架空_" if found.mark == Basis.FICTIONAL.label else ""
    st.download_button(
        "距離の表をダウンロード(CSV)", data=lambda: csv_file(distance_csv(shown.city, found)), mime="text/csv", on_click="ignore",
        file_name=f"{fictional}koreika_kyori_{shown.on.isoformat()}.csv",
    )  # fmt: skip


@st.cache_resource(max_entries=16, show_spinner="距離を計算しています…")
def _distances(key: tuple[str, ...], on: date, _city: City) -> DistanceStudy | Unknown:  # noqa: ARG001 - the key stands for the city
    return distance_study(_city, on)


def _later(shown: Shown) -> None:
    city, study, trend = shown.city, shown.study, shown.trend
    if isinstance(study, ProjectionStudy):
        code = _chosen(shown, "later")
        _path(city, study, code)
        _draw(ahead.projection_table(city, study))
        _said(ahead.projection_sentences(city, study))
        return
    _said([f"年齢別の将来推計: {study}。{study.detail}。"])
    if isinstance(trend, Unknown):
        _said([f"人口の総数の傾向: {trend}。{trend.detail}"])
        return
    context.notice(f"{trend.mark}: {NOT_BY_AGE}")
    _trend_path(shown, trend)
    _draw(ahead.trend_table(city, trend))
    misses = city_misses(city)
    if isinstance(misses, Unknown):
        _said([f"市全体の外れ: {misses}。{misses.detail}"])
    else:
        _draw(ahead.city_miss_table(city, misses))


def _path(city: City, study: ProjectionStudy, code: str) -> None:
    """Show how people and those of 65 and over of a district go on, as lines and as a table."""
    name = str(city.names.loc[code, "district"])
    steps = [(step, step.districts[code]) for step in study.steps]
    labelled: list[tuple[str, Ages]] = [(ahead.step_label(step, study.mark), ages) for step, ages in steps]
    lines = [
        Series(
            label,
            tuple((step.day.year, value) for step, value in known if not isinstance(value, Unknown)),
            sum(step.counted for step, value in known if not isinstance(value, Unknown)),
        )
        for label, known in (
            ("人口", [(step, ages.total) for step, ages in steps]),
            ("65歳以上", [(step, ages.old) for step, ages in steps]),
        )
    ]
    said = f"{study.projection.label}、{study.mark}"
    left, right = st.columns(2)
    left.html(line_chart(lines, title=f"{name}の人口と65歳以上の人({said}。破線は推計)", unit="人"))
    right.html(_html(ahead.path_table(name, labelled, said=said)))


def _html(table: TextTable) -> str:
    return html_table(table.columns, table.rows, caption=table.caption, scroll=False)


def _trend_path(shown: Shown, trend: TrendStudy) -> None:
    code = _chosen(shown, "later")
    row = trend.trend.units.index(code)
    days = (trend.before_day, *trend.trend.days)
    values = (trend.before[row], *(step[row] for step in trend.trend.values))
    points = tuple(
        (day.year, float(value))
        for day, value in zip(days, values, strict=True)
        if not isinstance(value, Unknown)
    )
    known = sum(year <= trend.trend.days[0].year for year, _ in points)
    name = str(shown.city.names.loc[code, "district"])
    st.html(
        line_chart(
            [Series("人口の総数", points, known)],
            title=f"{name}の人口の総数({trend.mark}。破線は傾向)",
            unit="人",
        )
    )


def _test(shown: Shown) -> None:
    misses = city_misses(shown.city)
    if isinstance(misses, Unknown):
        _said([f"市全体の外れ: {misses}。{misses.detail}"])
    else:
        _draw(ahead.city_miss_table(shown.city, misses))
    refused: MissStudy | Unknown = Unknown("確かめられない")
    found = context.attempt(lambda: miss_study(shown.city, shown.on, shown.settings), refused)
    if isinstance(found, Unknown):
        _said([f"地区ごとの外れ: {found}。{found.detail}"])
    else:
        _draw(ahead.district_miss_table(shown.city, found))


def _unfound(city: City) -> None:
    tables = unfound_tables(city)
    for table in tables:
        _draw(table)
    people = [
        f"{one.opened.name}: 場所の分からない人 {number_text(one.unplaced_people)} 人"
        for one in city.evidence.ages
    ]
    _said(people if tables else ["開いた年齢の表の行は、すべて市の場所と結べました。", *people])
