"""A choice that form, session and address all hold: the address wins when it says something new."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import streamlit as st

from kyodo_geo.views import context


class Writable(Protocol):
    """A choice that can be written as the words of an address."""

    def to_query(self) -> dict[str, str]:
        """Return the words."""


_C = TypeVar("_C", bound=Writable)


@dataclass(frozen=True)
class Addressed(Generic[_C]):
    """The choice of one page: `read` reads the words of an address, `usual` is the choice of an empty one.

    `fill` writes a choice into the fields of the form, of which `form_key` is one. The view of the page's map travels in the same address, as
    far as `view_words` names it.
    """

    name: str
    read: Callable[[Mapping[str, str]], _C]
    usual: Callable[[], _C]
    fill: Callable[[_C], None]
    form_key: str
    view_words: tuple[str, ...] = ("indicator", "district")

    @property
    def _words(self) -> str:
        return f"{self.name}_words"

    @property
    def known(self) -> _C:
        """The choice this session made last."""
        chosen: _C = st.session_state[self.name]
        return chosen

    @property
    def view(self) -> dict[str, str]:
        """The words of the map's view."""
        found: dict[str, str] = st.session_state.get(f"{self.name}_view", {})
        return found

    @property
    def turn(self) -> int:
        """How often the address has said something the page did not (the browser's back button): the map follows it."""
        count: int = st.session_state.get(f"{self.name}_turn", 0)
        return count

    def choice(self) -> _C:
        """Return what is chosen: the address when it says something new, else what this session chose last.

        An address that cannot be read is shown as refused, and the usual choice stands.
        """
        state, words = st.session_state, st.query_params.to_dict()
        if self.name in state and words == state.get(self._words):
            return self.known
        if self.name in state and not words and self.form_key not in state:
            self.keep(
                self.known
            )  # back from another page: Streamlit leaves the address behind, and forgets the form
            return self.known
        asked = context.attempt(lambda: self.read(words), self.usual())
        if self.name in state:
            state[f"{self.name}_turn"] = self.turn + 1
        state[self.name], state[self._words] = asked, words
        state[f"{self.name}_view"] = {key: words[key] for key in self.view_words if key in words}
        self.fill(asked)
        return asked

    def keep(self, chosen: _C, view: Mapping[str, Any] | None = None) -> None:
        """Remember a choice (and the map's view) and write it into the address."""
        state = st.session_state
        if view is not None:
            state[f"{self.name}_view"] = {key: str(view[key]) for key in self.view_words if view.get(key)}
        state[self.name] = chosen
        state[self._words] = {**chosen.to_query(), **self.view}
        st.query_params.from_dict(state[self._words])

    def attempt(self, step: Callable[..., _C], *arguments: object) -> None:
        """Take the choice a step leads to into form and address; a refusal is shown, and all stays as it was."""
        chosen = context.attempt(lambda: step(*arguments), None)
        if chosen is not None:
            self.keep(chosen)
            self.fill(chosen)
