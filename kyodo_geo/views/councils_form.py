"""The form of 協働体: the day, and of which activity sums are shown; the address says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from kyodo_geo.councils.choice import FIRST_DAY, LAST_DAY, CouncilsChoice, from_query
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.councils.activity import MEASURES
from kyodo_geo.model.councils.sums import BY
from kyodo_geo.views import context
from kyodo_geo.views.addressed import Addressed
from kyodo_geo.views.theme_map import VIEW_WORDS

_DAY, _BY, _MEASURE, _YEAR = "councils_day", "councils_by", "councils_measure", "councils_fy"


def _fill(chosen: CouncilsChoice) -> None:
    state = st.session_state
    state[_DAY] = chosen.day or context.today()
    state[_BY], state[_MEASURE] = chosen.by, chosen.measure
    if chosen.year is None:
        state.pop(_YEAR, None)
    else:
        state[_YEAR] = chosen.year


ADDRESS = Addressed("councils_choice", from_query, CouncilsChoice, _fill, _DAY, VIEW_WORDS)


def day(chosen: CouncilsChoice) -> None:
    """Show the field of the day."""
    if _DAY not in st.session_state:
        _fill(chosen)  # Streamlit forgets a form whose page was left
    st.date_input(
        "いつの状態か", key=_DAY, min_value=FIRST_DAY, max_value=LAST_DAY, format="YYYY-MM-DD", on_change=_edited,
        help="この日までに分かっていることだけで、登録簿・活動・事業を示します。",
    )  # fmt: skip


def sums(chosen: CouncilsChoice, years: Sequence[int]) -> int:
    """Show the fields of the sums of activity and return the fiscal year that is shown (the newest of `years` unless chosen)."""
    state = st.session_state
    for key, usual in ((_BY, chosen.by), (_MEASURE, chosen.measure)):
        state.setdefault(key, usual)
    if state.get(_YEAR) not in years:
        state[_YEAR] = chosen.year if chosen.year in years else years[-1]
    left, middle, right = st.columns(3)
    left.selectbox("集計の単位", list(BY), key=_BY, format_func=BY.__getitem__, on_change=_edited)
    middle.selectbox("数", list(MEASURES), key=_MEASURE, format_func=MEASURES.__getitem__, on_change=_edited)
    right.selectbox(
        "年度", list(reversed(years)), key=_YEAR, format_func=lambda year: FiscalYear(year).label, on_change=_edited
    )  # fmt: skip
    shown: int = state[_YEAR]
    return shown


def _edited() -> None:
    state = st.session_state
    known = ADDRESS.known
    asked = state.get(_DAY) or context.today()
    ADDRESS.keep(
        replace(
            known,
            day=None if asked == context.today() else asked,
            by=state.get(_BY, known.by),
            measure=state.get(_MEASURE, known.measure),
            year=state.get(_YEAR, known.year),
        )
    )
