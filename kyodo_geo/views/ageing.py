"""高齢化: where are how many elderly, how sure is it, and what comes? What nobody has published is unknown until a table is opened."""

from __future__ import annotations

from datetime import date

import streamlit as st

from kyodo_geo.ageing.figures import ageing_figures, projected_figures
from kyodo_geo.ageing.projection import ProjectionStudy, project_study, years_to
from kyodo_geo.ageing.published import published_sources
from kyodo_geo.ageing.trend import TrendStudy, trend_study, trend_years
from kyodo_geo.city import City
from kyodo_geo.errors import KyodoError
from kyodo_geo.figures.vacancy import names_of
from kyodo_geo.model.ageing.choice import AgeingChoice
from kyodo_geo.model.figures import Figures
from kyodo_geo.provenance import Unknown, unite
from kyodo_geo.rules.ageing import Ageing, ageing_settings
from kyodo_geo.views import ageing_files, ageing_form, ageing_tabs, brought, context, opening
from kyodo_geo.views.theme_map import ThemeMap

_MISSING = (
    "地区ごとの年齢は不明です。小地域の年齢の表は公表されていますが、この道具には入っていません。"
    "e-Stat の統計地理情報システムから、国勢調査 小地域「年齢(5歳階級、4区分)別、男女別人口」(2020年 T001082、2015年 T000849)と"
    "「世帯の家族類型別一般世帯数」(T001084、T000851)の都道府県の表を取るか、市に行政区ごとの住民基本台帳の年齢別人口を尋ねて、"
    "下の「年齢の表を開く」で開いてください。地区の高齢化率は1つの表で、将来推計は5年はなれた2つの表で計算できます。"
)

_NO_TREND = Unknown("年齢別の推計がある")


def page() -> None:
    """Show the map of what is known, the form of the projection, and every table behind it."""
    context.heading("高齢化", "どこに何人の高齢者がいるか。これからどうなるか")
    on = context.today()
    city, settings = brought.city(on), ageing_settings().at(on)
    chosen = ageing_form.ADDRESS.choice()
    study = _projection(city, on, chosen, settings)
    trend = _trend(city, on, chosen, settings) if isinstance(study, Unknown) else _NO_TREND
    known = ageing_figures(brought.figures(city, on))
    ahead = [] if isinstance(study, Unknown) else projected_figures(study, weak_below=settings.weak_below)
    themes = ThemeMap("ageing_atlas", ageing_form.ADDRESS)
    if known:
        _map(themes, city, on, [*known, *ahead], chosen)
    if not city.evidence.ages:
        context.notice(_MISSING)
    if not known:
        _files(city)
    _form(city, chosen, settings, study)
    if known:
        _files(city)
    ageing_tabs.show(ageing_tabs.Shown(city, on, settings, study, trend, themes.district))
    ageing_files.downloads(city, on, known, study, trend)
    _footer(city, study, trend, known)


def _map(themes: ThemeMap, city: City, on: date, figures: list[Figures], chosen: AgeingChoice) -> None:
    with st.container(key="kg_map"):
        key = (city.evidence.key, tuple(chosen.to_query().items()))
        themes.draw(city, on, figures, key, title="高齢化")


def _projection(city: City, on: date, chosen: AgeingChoice, settings: Ageing) -> ProjectionStudy | Unknown:
    """Return the projection; a choice that cannot be is shown as refused, and the usual one stands."""
    try:
        return _kept(city.evidence.key, tuple(chosen.to_query().items()), on, city, chosen, settings)
    except KyodoError as error:
        if chosen.to_query():
            context.show_error(error)
        try:
            return project_study(city, on, AgeingChoice(), settings)
        except KyodoError as refused:
            faults = "。".join(str(fault) for fault in refused.faults)
            return Unknown("開いた表からは推計できない", f"{refused.what}{faults}")


@st.cache_resource(max_entries=64, show_spinner=False)
def _kept(
    key: tuple[str, ...],  # noqa: ARG001 - part of the key: the open tables
    words: tuple[tuple[str, str], ...],  # noqa: ARG001 - part of the key
    on: date,
    _city: City,
    _chosen: AgeingChoice,
    _settings: Ageing,
) -> ProjectionStudy | Unknown:
    return project_study(_city, on, _chosen, _settings)


def _trend(city: City, on: date, chosen: AgeingChoice, settings: Ageing) -> TrendStudy | Unknown:
    try:
        return trend_study(city, on, chosen.to, settings)
    except KyodoError as error:
        context.show_error(error)
        return trend_study(city, on, None, settings)


def _form(city: City, chosen: AgeingChoice, settings: Ageing, study: ProjectionStudy | Unknown) -> None:
    """Show the form of the projection, or where there is none that of the trend."""
    if isinstance(study, Unknown):
        ageing_form.show(chosen, trend_years(city, settings), {}, by_age=False)
        return
    years = years_to(study.tables[1].day, settings.projection)
    ageing_form.show(chosen, years, names_of(city, study.projection.units), by_age=True)


def _files(city: City) -> None:
    with st.expander("年齢の表を開く", expanded=not city.evidence.ages):
        brought.ages_chooser()
        st.caption("ファイルはこの表示にだけ使い、保存しません。")
    brought.offer_sample()
    tables = city.evidence
    for opened in (*(one.opened for one in tables.ages), *(one.opened for one in tables.elderly)):
        opening.account(opened)


def _footer(
    city: City, study: ProjectionStudy | Unknown, trend: TrendStudy | Unknown, known: list[Figures]
) -> None:
    parts = [one.sources for one in (study, trend) if not isinstance(one, Unknown)]
    sources = unite(published_sources(city), *(one.sources for one in known), *parts)
    context.footer(
        sources,
        "年齢の分からない人は、率の分母に入れていません。国勢調査と住民基本台帳の年齢は、一つの推移に混ぜません。",
        city.facts.lines_note,
    )


context.run(page)
