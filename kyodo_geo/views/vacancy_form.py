"""The form of 空き家: survey year, k, and whether staff are looking; the address says the same, but never the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from kyodo_geo.model.vacancy.choice import MOST_K, VacancyChoice, from_query
from kyodo_geo.model.vacancy.groups import LEAST_K
from kyodo_geo.views.addressed import Addressed
from kyodo_geo.views.theme_map import VIEW_WORDS

_YEAR, _K, _STAFF = "vacancy_year", "vacancy_k", "vacancy_staff"


def _fill(chosen: VacancyChoice) -> None:
    st.session_state[_K] = chosen.k
    if chosen.year is None:
        st.session_state.pop(_YEAR, None)
    else:
        st.session_state[_YEAR] = chosen.year


ADDRESS = Addressed("vacancy_choice", from_query, VacancyChoice, _fill, _K, VIEW_WORDS)


def show(chosen: VacancyChoice, years: Sequence[int], shown: int) -> bool:
    """Show the form of an open list, `shown` being the year on the page; return whether staff are looking."""
    state = st.session_state
    if _K not in state:
        _fill(chosen)  # Streamlit forgets a form whose page was left
    left, middle, right = st.columns([1, 1, 2], vertical_alignment="bottom")
    with left:
        if len(years) > 1:
            if state.get(_YEAR) not in years:
                state[_YEAR] = shown
            st.selectbox(
                "調査の年", list(reversed(years)), key=_YEAR, format_func=lambda year: f"{year}年", on_change=_edited,
                help="年の違う調査は足しません。1つの年だけを数えます。",
            )  # fmt: skip
        else:
            st.html(f"<p>調査の年<br><strong>{shown}年</strong></p>")
    middle.number_input(
        "k(公表する最小の戸数)", min_value=LEAST_K, max_value=MOST_K, step=1, key=_K, on_change=_edited,
        help="公表用の表と格子は、どの地区のまとまりにも、どの区画にも、k 戸以上あるようにまとめます。",
    )  # fmt: skip
    return right.toggle(
        "職員の表示", value=False, key=_STAFF,
        help="1軒ごとの点と、少ない地区の戸数をそのまま示します。この表示の間だけで、アドレスにも共有する地図にも残りません。",
    )  # fmt: skip


def hide() -> None:
    """Leave nothing of the form in the session where it is not shown: what is chosen stays with the address."""
    for key in (_YEAR, _K):
        st.session_state.pop(key, None)


def _edited() -> None:
    state = st.session_state
    k = state.get(_K)
    ADDRESS.keep(replace(ADDRESS.known, year=state.get(_YEAR), k=LEAST_K if k is None else int(k)))
