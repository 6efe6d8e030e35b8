"""地区の比較: two to four districts side by side on everything that is known of them, ready to be printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from kyodo_geo.city import City
from kyodo_geo.compose import district_facts
from kyodo_geo.figures.vacancy import names_of
from kyodo_geo.model.figures import Figures
from kyodo_geo.model.profile_choice import MOST, ProfileChoice
from kyodo_geo.present.tables import csv_file
from kyodo_geo.profile.export import profile_csv, profile_page
from kyodo_geo.profile.rows import newest_known
from kyodo_geo.profile.similar import usual_variables, variables_of
from kyodo_geo.profile.study import ProfileStudy, profile_study, usual_districts
from kyodo_geo.profile.style import IN_PRINT, ON_SCREEN, PAGE_IN_PRINT, STYLE
from kyodo_geo.profile.tables import (
    comparison_html,
    definitions_html,
    facts_html,
    lacking_html,
    like_html,
    maps_html,
    sources_html,
)
from kyodo_geo.views import brought, context, side_by_side_form
from kyodo_geo.views.side_by_side_form import Offer


def page() -> None:
    """Show the districts, the tables, what is like them, and the files."""
    st.html(f"<style>{STYLE}{ON_SCREEN}{IN_PRINT}{PAGE_IN_PRINT}</style>")
    context.heading("地区の比較", "選んだ地区は、どこが同じで、どこが違うか")
    on = context.today()
    city = brought.city(on)
    figures = brought.figures(city, on)
    offer, why = _offer(city, figures, on)
    chosen = side_by_side_form.address(offer).choice()
    side_by_side_form.show_districts(chosen, offer)
    if chosen.districts == offer.usual:
        st.html(f"<p>{escape(why)}</p>")
    study = _study(city, chosen, figures, on)
    with st.container(key="kg_map"):
        st.html(maps_html(study))
    st.html(comparison_html(study))
    _section("地区について分かっていること", facts_html(study))
    _section("地区では分からない指標", lacking_html(study))
    _tables(city)
    _likes(study, offer)
    _section("指標の定義と注意", definitions_html(study))
    _files(study)
    st.html(sources_html(study))


def _section(title: str, fragment: str) -> None:
    st.html(f"<h2>{escape(title)}</h2>{fragment}")


def _offer(city: City, figures: Sequence[Figures], on: date) -> tuple[Offer, str]:
    """Return what can be chosen, and why the usual pair is what it is."""
    codes = tuple(dict.fromkeys(city.lines(on).values()))
    newest = newest_known(figures)
    usual, why = usual_districts(figures, codes)
    areas = {code: city.area_of(code) for code in codes}
    return Offer(names_of(city, codes), areas, variables_of(newest), usual, usual_variables(newest)), why


def _study(city: City, chosen: ProfileChoice, figures: Sequence[Figures], on: date) -> ProfileStudy:
    return _kept(
        (city.facts.code, *city.evidence.key), tuple(chosen.to_query().items()), on, city, chosen, figures
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def _kept(
    key: tuple[str, ...],  # noqa: ARG001 - part of the key: the city and its open tables
    words: tuple[tuple[str, str], ...],  # noqa: ARG001 - part of the key
    on: date,
    _city: City,
    _chosen: ProfileChoice,
    _figures: Sequence[Figures],
) -> ProfileStudy:
    facts = {code: district_facts(_city, code, on) for code in _chosen.districts}
    return profile_study(_city, _figures, _chosen, facts, on=on)


def _tables(city: City) -> None:
    """Offer to open what is missing; a printed page leaves this out."""
    with st.expander("年齢と空き家の表を開く"):
        brought.ages_chooser()
        brought.vacancy_chooser()
        brought.accounts(city)
    brought.offer_sample()


def _likes(study: ProfileStudy, offer: Offer) -> None:
    """Show who is like the chosen districts, and a button for each of them that puts it beside."""
    st.html("<h2>似た地区</h2>")
    side_by_side_form.show_variables(study.choice, offer)
    st.html(like_html(study))
    if study.like is None:
        return
    near = {
        one.code: own
        for own in reversed(study.codes)
        for one in study.like.found.nearest.get(own, ())
        if one.code not in study.codes
    }
    attempt = side_by_side_form.address(offer).attempt
    with st.container(horizontal=True):
        for other in sorted(near, key=lambda code: (study.codes.index(near[code]), code)):
            st.button(
                _beside_label(study, near[other], other), key=f"side_beside_{other}", on_click=attempt,
                args=(study.choice.beside, near[other], other),
            )  # fmt: skip


def _beside_label(study: ProfileStudy, own: str, other: str) -> str:
    """Say what a button does: where there is no room for one more district, only the two stay."""
    names = study.names
    return (
        f"{names[other]}を並べる" if len(study.codes) < MOST else f"{names[own]}と{names[other]}だけを並べる"
    )


def _files(study: ProfileStudy) -> None:
    left, right, _ = st.columns([2, 1, 2])
    left.download_button(
        "印刷用のページをダウンロード(HTML)", data=profile_page(study).encode("utf-8"), on_click="ignore",
        file_name=f"{study.file_stem}.html", mime="text/html", width="stretch",
    )  # fmt: skip
    right.download_button(
        "表をダウンロード(CSV)", data=csv_file(profile_csv(study)), on_click="ignore",
        file_name=f"{study.file_stem}.csv", mime="text/csv", width="stretch",
    )  # fmt: skip


context.run(page)
