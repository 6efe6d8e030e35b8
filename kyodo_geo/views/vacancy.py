"""空き家: where are they many, and how far did households fall? What is published, and what an opened list adds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from kyodo_geo.city import City
from kyodo_geo.model.vacancy.choice import VacancyChoice
from kyodo_geo.provenance import Source, Unknown
from kyodo_geo.vacancy.households import HouseholdChanges, household_changes
from kyodo_geo.vacancy.study import ListStudy, PublicVacancy, StaffVacancy, list_study
from kyodo_geo.views import brought, context, vacancy_form, vacancy_known, vacancy_list, vacancy_map


def page() -> None:
    """Show what is published, and the open list as it may be shown."""
    context.heading("空き家", "どこに空き家が多いか。世帯はどれだけ減ったか")
    on = context.today()
    chosen = vacancy_form.ADDRESS.choice()
    city = brought.city(on)
    study = _study(city, on, chosen)
    if study is None:
        vacancy_form.hide()
        _without_list(context.city(), on)
    else:
        _with_list(city, on, chosen, study)


def _study(city: City, on: date, chosen: VacancyChoice) -> ListStudy | None:
    """Return the study of the open list; a year that is not in it is refused, and its latest shown."""
    if city.evidence.vacancy is None:
        return None
    found = context.attempt(lambda: _kept(city.evidence.key, on, chosen.year, chosen.k, city), None)
    if found is None and chosen.year is not None:
        latest = replace(chosen, year=None)
        found = context.attempt(lambda: _kept(city.evidence.key, on, None, latest.k, city), None)
    return found


@st.cache_resource(max_entries=16, show_spinner="空き家を数えています…")
def _kept(key: tuple[str, ...], on: date, year: int | None, k: int, _city: City) -> ListStudy | None:  # noqa: ARG001
    return list_study(_city, on, VacancyChoice(year, k))


def _changes(city: City, on: date) -> HouseholdChanges | Unknown:
    levels = brought.levels(city, on)
    return household_changes(city, on, levels.districts, levels.areas, levels.city)


def _without_list(city: City, on: date) -> None:
    changes = _changes(city, on)
    with st.container(key="kg_answer"):
        vacancy_known.answer(city, changes)
    vacancy_known.missing(city)
    brought.offer_sample()
    with st.container(key="kg_map"):
        vacancy_map.households(city, on, brought.figures(city, on))
    places, small, survey = st.tabs(
        ["世帯の減少(地区)", "世帯の減少(小地域)", "空き家(市の標本調査)"], key="vacancy_known_tabs"
    )
    with places:
        vacancy_known.districts(changes)
    with small:
        vacancy_known.small_areas(changes)
    with survey:
        vacancy_known.sampled(city)
    vacancy_known.download(changes, on)
    context.footer(_sources(city, changes), city.facts.lines_note)


def _sources(city: City, changes: HouseholdChanges | Unknown) -> list[Source]:
    survey = [city.sources["city_vacancy"]] if "city_vacancy" in city.sources else []
    return [*survey, *(() if isinstance(changes, Unknown) else changes.sources)]


def _with_list(city: City, on: date, chosen: VacancyChoice, study: ListStudy) -> None:
    changes, levels = _changes(city, on), brought.levels(city, on)
    staff = vacancy_form.show(chosen, study.years, study.public.ground.year)
    shown: PublicVacancy | StaffVacancy = study.staff if staff else study.public
    with st.container(key="kg_answer"):
        if staff:
            context.notice(vacancy_list.STAFF_NOTE)
        vacancy_list.answer(shown)
    with st.container(key="kg_map"):
        if staff:
            vacancy_map.staff(city, on, study.staff, levels.districts)
        else:
            vacancy_map.public(city, on, study, brought.figures(city, on), levels.districts)
    _tabs(city, on, study, changes, staff=staff)
    vacancy_known.opener()
    context.footer(
        dict.fromkeys((*study.public.ground.sources, *_sources(city, changes))),
        f"空き家率の分母: {study.public.ground.denominator}。",
        f"公表用の表と格子: どのまとまりにも {study.public.k} 戸以上。一覧の一部だけを選んで公表することはできません。",
        city.facts.lines_note,
    )


def _tabs(
    city: City, on: date, study: ListStudy, changes: HouseholdChanges | Unknown, *, staff: bool
) -> None:
    shown: PublicVacancy | StaffVacancy = study.staff if staff else study.public
    cells = vacancy_list.cells_of(city, on, study.public)
    rates, kinds, squares, survey, places, small = st.tabs(
        [
            "地区ごと",
            "状態・調査の方法",
            "公表用の格子",
            "標本調査と並べる",
            "世帯の減少(地区)",
            "世帯の減少(小地域)",
        ]
    )
    with rates:
        vacancy_list.districts(shown)
    with kinds:
        vacancy_list.classes(shown)
    with squares:
        vacancy_list.grid(city, on, study.public, cells)
    with survey:
        vacancy_list.beside(city, shown)
    with places:
        vacancy_known.districts(changes)
    with small:
        vacancy_known.small_areas(changes)
    if staff:
        vacancy_list.for_staff(study.staff, city)
    else:
        vacancy_list.something_to_look_at(city, study)
    vacancy_list.downloads(study, cells, staff=staff)
    vacancy_known.download(changes, on)


context.run(page)
