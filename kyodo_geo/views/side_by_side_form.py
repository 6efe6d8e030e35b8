"""The form of 地区の比較: which districts, and by what others are like them; the address says the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from kyodo_geo.model.profile_choice import MOST, ProfileChoice, from_query
from kyodo_geo.views.addressed import Addressed

_DISTRICTS, _LIKE = "side_districts", "side_like"


@dataclass(frozen=True)
class Offer:
    """What can be chosen: districts and variables by id with their names, and the usual ones of both."""

    names: Mapping[str, str]
    areas: Mapping[str, str]
    variables: Mapping[str, str]
    usual: tuple[str, ...]
    usual_like: tuple[str, ...]


def address(offer: Offer) -> Addressed[ProfileChoice]:
    """Return the address of the page; an empty one is the usual pair."""

    def read(words: Mapping[str, str]) -> ProfileChoice:
        return from_query(words, districts=offer.usual, known=offer.names, variables=offer.variables)

    def fill(chosen: ProfileChoice) -> None:
        st.session_state[_DISTRICTS] = list(chosen.districts)
        st.session_state[_LIKE] = list(chosen.like or offer.usual_like)

    return Addressed("side_choice", read, lambda: ProfileChoice(offer.usual), fill, _DISTRICTS, ())


def _edited(offer: Offer) -> None:
    """Read the form after an edit: emptied or usual variables are the usual ones; a wrong number of districts is refused."""
    known, state = address(offer), st.session_state
    like = tuple(state.get(_LIKE, ()))

    def read() -> ProfileChoice:
        kept = () if set(like) == set(offer.usual_like) else like
        return replace(known.known, districts=tuple(state[_DISTRICTS]), like=kept)

    known.attempt(read)


def show_districts(chosen: ProfileChoice, offer: Offer) -> None:
    """Show the field of the districts, in the order of their columns."""
    if _DISTRICTS not in st.session_state:
        st.session_state[_DISTRICTS] = list(chosen.districts)  # Streamlit forgets a form whose page was left
    st.multiselect(
        f"並べる地区(2～{MOST})", list(offer.names), key=_DISTRICTS, max_selections=MOST, placeholder="地区を選ぶ",
        format_func=lambda code: f"{code} {offer.names[code]}({offer.areas[code]})", on_change=_edited, args=(offer,),
    )  # fmt: skip


def show_variables(chosen: ProfileChoice, offer: Offer) -> None:
    """Show the field of the variables of likeness."""
    st.session_state[_LIKE] = list(chosen.like or offer.usual_like)
    st.multiselect(
        "似ているかどうかを比べる変数", list(offer.variables), key=_LIKE, placeholder="変数を選ぶ",
        format_func=offer.variables.__getitem__, on_change=_edited, args=(offer,), help="空にすると、はじめの変数に戻ります。",
    )  # fmt: skip
