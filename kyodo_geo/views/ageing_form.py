"""The form of 高齢化: up to which year, under which assumption, how many families move where; the address says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from kyodo_geo.model.ageing.choice import MOST_FAMILIES, AgeingChoice, from_query
from kyodo_geo.model.ageing.projection import SCENARIOS
from kyodo_geo.views.addressed import Addressed
from kyodo_geo.views.theme_map import VIEW_WORDS

_TO, _SCENARIO, _DISTRICTS = "ageing_to", "ageing_scenario", "ageing_family_districts"
_USUAL_FAMILIES = 1.0


def _fill(chosen: AgeingChoice) -> None:
    state = st.session_state
    state[_TO], state[_SCENARIO], state[_DISTRICTS] = chosen.to, chosen.scenario, list(chosen.families)
    for code, number in chosen.families.items():
        state[_number_key(code)] = float(number)


def _number_key(code: str) -> str:
    return f"ageing_families_{code}"


# The year is the one field that is always there: Streamlit forgets it when the page is left, which tells a return
ADDRESS = Addressed("ageing_choice", from_query, AgeingChoice, _fill, _TO, VIEW_WORDS)


def _edited(last: int) -> None:
    """Read the form after an edit; the last year there is needs no word in the address."""
    state, was = st.session_state, ADDRESS.known
    to = state.get(_TO)
    codes = state.get(_DISTRICTS, list(was.families))

    def read() -> AgeingChoice:
        families = {code: float(state.get(_number_key(code), _USUAL_FAMILIES)) for code in codes}
        return replace(
            was, to=None if to == last else to, scenario=state.get(_SCENARIO, was.scenario), families=families
        )

    ADDRESS.attempt(read)


def show(chosen: AgeingChoice, years: Sequence[int], names: Mapping[str, str], *, by_age: bool) -> None:
    """Show the form: the years there are, and with two tables of ages (`by_age`) the scenarios and the families."""
    if not years:
        return
    state = st.session_state
    if any(key not in state for key in (_TO, _SCENARIO, _DISTRICTS)):
        _fill(chosen)  # Streamlit forgets a form whose page was left
    state[_TO] = chosen.to if chosen.to in years else years[-1]
    left, right = st.columns([1, 4])
    label = "将来推計の年" if by_age else "傾向の年(参考)"
    left.selectbox(
        label, years, key=_TO, format_func=lambda year: f"{year}年", on_change=_edited, args=(years[-1],)
    )
    if not by_age:
        return
    right.radio(
        "シナリオ", list(SCENARIOS), key=_SCENARIO, format_func=SCENARIOS.__getitem__, horizontal=True, on_change=_edited,
        args=(years[-1],),
    )  # fmt: skip
    if chosen.scenario == "families":
        _families(chosen, names, years[-1])


def _families(chosen: AgeingChoice, names: Mapping[str, str], last: int) -> None:
    state = st.session_state
    state[_DISTRICTS] = [code for code in state[_DISTRICTS] if code in names]
    st.multiselect(
        "家族が移り住む地区", list(names), key=_DISTRICTS, format_func=lambda code: f"{code} {names[code]}", on_change=_edited,
        args=(last,), placeholder="地区を選ぶ",
    )  # fmt: skip
    codes = [code for code in chosen.families if code in names]
    columns = st.columns(4)
    for at, code in enumerate(codes):
        state.setdefault(_number_key(code), float(chosen.families[code]))
        columns[at % len(columns)].number_input(
            f"{names[code]}: 1年に移り住む世帯", min_value=0.5, max_value=float(MOST_FAMILIES), step=0.5, format="%g",
            key=_number_key(code), on_change=_edited, args=(last,),
        )  # fmt: skip
