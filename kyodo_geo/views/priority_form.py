"""The form of 優先度: which indicators, which way, how heavy, and how they are put on one scale; the address says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from kyodo_geo.errors import KyodoError
from kyodo_geo.model.figures import Figures
from kyodo_geo.model.priority.choice import (
    DIRECTIONS,
    METHODS,
    MISSING_RULES,
    MOST_WEIGHT,
    Item,
    PriorityChoice,
    from_query,
)
from kyodo_geo.model.priority.config import from_toml
from kyodo_geo.priority.study import USUAL_WEIGHT, choosable, require_known, usual_choice
from kyodo_geo.provenance import Unknown
from kyodo_geo.views import context
from kyodo_geo.views.addressed import Addressed
from kyodo_geo.views.theme_map import VIEW_WORDS

_CHOSEN, _METHOD, _MISSING = "priority_items", "priority_method", "priority_missing"
_FILE, _USUAL = "priority_file", "priority_usual"


def address(figures: Sequence[Figures]) -> Addressed[PriorityChoice]:
    """Return the address of the page; an empty one is the usual choice of the figures there are."""
    usual = usual_choice(figures)

    def read(words: Mapping[str, str]) -> PriorityChoice:
        return from_query(words, items=usual.items)

    return Addressed("priority_choice", read, lambda: usual, fill, _METHOD, VIEW_WORDS)


def fill(chosen: PriorityChoice) -> None:
    """Write a choice into the fields of the form."""
    state = st.session_state
    state[_CHOSEN] = [item.indicator for item in chosen.items]
    state[_METHOD], state[_MISSING] = chosen.method, chosen.missing
    for item in chosen.items:
        state[_direction_key(item.indicator)] = item.direction
        state[_weight_key(item.indicator)] = item.weight


def _direction_key(indicator: str) -> str:
    return f"priority_direction_{indicator}"


def _weight_key(indicator: str) -> str:
    return f"priority_weight_{indicator}"


def _edited(figures: Sequence[Figures]) -> None:
    """Read the form after an edit; a form that cannot be a choice (no indicator left) is shown as refused."""
    there = {one.indicator.id: one for one in choosable(figures)}
    state, known = st.session_state, address(figures)
    was = {item.indicator: item for item in known.known.items}

    def read() -> PriorityChoice:
        items = tuple(_item(there[name], was.get(name), state) for name in state[_CHOSEN] if name in there)
        return replace(known.known, items=items, method=state[_METHOD], missing=state[_MISSING])

    chosen = context.attempt(read, None)
    if chosen is not None:
        known.keep(chosen)
    fill(chosen or known.known)


def _item(one: Figures, was: Item | None, state: Any) -> Item:  # noqa: ANN401 - Streamlit's session state
    name = one.indicator.id
    direction = state.get(_direction_key(name), one.indicator.pressing or "high")
    weight = int(state.get(_weight_key(name), USUAL_WEIGHT))
    return Item(name, was.year if was else one.year, direction, weight)


def follow_tables(chosen: PriorityChoice, figures: Sequence[Figures]) -> PriorityChoice:
    """Return the choice, or the usual one of the tables now open where the reader has not changed the last usual one."""
    usual, state = usual_choice(figures), st.session_state
    before = state.get(_USUAL, usual)
    state[_USUAL] = usual
    if chosen != before or usual == before:
        return chosen
    address(figures).keep(usual)
    fill(usual)
    return usual


def show(chosen: PriorityChoice, figures: Sequence[Figures]) -> None:
    """Show the form: indicators with direction and weight, method, and what an unknown does."""
    if any(key not in st.session_state for key in (_CHOSEN, _METHOD, _MISSING)):
        fill(chosen)  # Streamlit forgets a form whose page was left
    there = {one.indicator.id: one for one in choosable(figures)}
    options = list(dict.fromkeys([*there, *(item.indicator for item in chosen.items)]))
    st.multiselect(
        "指標", options, key=_CHOSEN, format_func=lambda name: _label(there.get(name), name),
        on_change=_edited, args=(figures,), placeholder="指標を選ぶ",
    )  # fmt: skip
    for item in chosen.items:
        _row(item, there.get(item.indicator), figures)
    left, right = st.columns(2)
    left.selectbox(
        "点にする方法",
        list(METHODS),
        key=_METHOD,
        format_func=METHODS.__getitem__,
        on_change=_edited,
        args=(figures,),
    )
    right.selectbox(
        "不明の扱い",
        list(MISSING_RULES),
        key=_MISSING,
        format_func=MISSING_RULES.__getitem__,
        on_change=_edited,
        args=(figures,),
    )


def _row(item: Item, one: Figures | None, figures: Sequence[Figures]) -> None:
    left, middle, right = st.columns([4, 3, 2], vertical_alignment="bottom")
    left.html(f"<p><strong>{escape(_named(item, one))}</strong></p>")
    if _direction_key(item.indicator) not in st.session_state:
        st.session_state[_direction_key(item.indicator)] = item.direction
        st.session_state[_weight_key(item.indicator)] = item.weight
    middle.selectbox(
        "向き", list(DIRECTIONS), key=_direction_key(item.indicator), format_func=DIRECTIONS.__getitem__,
        on_change=_edited, args=(figures,),
    )  # fmt: skip
    right.number_input(
        "重み",
        min_value=0,
        max_value=MOST_WEIGHT,
        step=1,
        key=_weight_key(item.indicator),
        on_change=_edited,
        args=(figures,),
    )


def _named(item: Item, one: Figures | None) -> str:
    name = one.title if one else item.indicator
    return name if item.year is None or str(item.year) in name else f"{name}({item.year}年)"


def _label(one: Figures | None, name: str) -> str:
    if one is None:
        return f"{name}(数字なし)"
    unknown = all(isinstance(value, Unknown) for value in one.districts.values())
    return f"{one.title}(すべての地区で不明)" if unknown else one.title


def open_saved(figures: Sequence[Figures]) -> None:
    """Offer to open a saved choice (TOML); one that cannot be used is refused by name and changes nothing."""
    given = st.file_uploader("保存した設定を開く(TOML)", type=["toml"], key=_FILE)
    if given is None or st.session_state.get("priority_file_taken") == given.file_id:
        return
    st.session_state["priority_file_taken"] = given.file_id
    try:
        chosen = from_toml(given.getvalue().decode("utf-8-sig"), file=given.name)
        require_known(chosen)
    except UnicodeDecodeError:
        context.notice(f"{given.name} は UTF-8 の文字で書かれていないため、開けません。")
        return
    except KyodoError as error:
        context.show_error(error)
        return
    address(figures).keep(chosen)
    st.session_state["priority_opened"] = chosen
    st.rerun()
