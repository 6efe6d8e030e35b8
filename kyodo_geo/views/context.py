"""What every page shares: the cached city, the day, the frame, and the one place that shows an error."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path
from typing import TypeVar

import streamlit as st

from kyodo_geo.city import DEFAULT_DATA, City
from kyodo_geo.errors import KyodoError, RuleFileError
from kyodo_geo.ledger import rules_folder
from kyodo_geo.provenance import Source
from kyodo_geo.rules.book import RuleBook
from kyodo_geo.sources.rule_files import with_own_rules

_T = TypeVar("_T")
DATA_VARIABLE = "KYODO_GEO_DATA"


def frame() -> None:
    """Set the page up: wide, titled, in Japanese, with our type and tables."""
    st.set_page_config(page_title="地域協働の地図と計算機", page_icon="🗺️", layout="wide")
    st.html(f"<style>{_text('page.css')}</style>")
    _language()(key="page_language")


@cache
def _language() -> Callable[..., object]:
    return st.components.v2.component("page_language", js=_text("language.js"))


def _text(name: str) -> str:
    return (resources.files(__package__ or "") / name).read_text(encoding="utf-8")


def city() -> City:
    """Return the city, read once for all readers; the data folder may be named by KYODO_GEO_DATA."""
    return _city(os.environ.get(DATA_VARIABLE, str(DEFAULT_DATA)))


@st.cache_resource(show_spinner="データを読み込んでいます…")
def _city(data: str) -> City:
    return City.load(Path(data))


def rule_book() -> RuleBook:
    """Return the shipped rules with those of the workspace."""
    return with_own_rules(city().rules, rules_folder())[0]


def broken_rules() -> tuple[RuleFileError, ...]:
    """Return why some rule files of the workspace cannot be used."""
    return with_own_rules(city().rules, rules_folder())[1]


def today() -> date:
    """Return the day of the reader; pages are a door where the clock may be read."""
    return date.today()  # noqa: TID251, DTZ011 - see the docstring


def run(page: Callable[[], None]) -> None:
    """Run a page and turn a KyodoError into one calm box: what happened, where, what to do."""
    try:
        page()
    except KyodoError as error:
        show_error(error)
        st.stop()


def attempt(step: Callable[[], _T], otherwise: _T) -> _T:
    """Do a step without which the page still stands; a refusal is shown, and `otherwise` taken."""
    try:
        return step()
    except KyodoError as error:
        show_error(error)
        return otherwise


def quietly(step: Callable[[], _T]) -> _T | None:
    """Do a step whose refusal is shown elsewhere on the page; None where it was refused."""
    try:
        return step()
    except KyodoError:
        return None


def show_error(error: KyodoError) -> None:
    """Show an error for people; its texts may come from files, so they are escaped."""
    faults = "".join(f"<li>{escape(str(fault))}</li>" for fault in error.faults)
    todo = f"<p><strong>対処:</strong> {escape(error.todo)}</p>" if error.todo else ""
    st.html(
        f'<div class="kg-error" role="alert"><p><strong>{escape(error.what)}</strong></p>'
        f"{f'<ul>{faults}</ul>' if faults else ''}{todo}</div>"
    )


def notice(text: str) -> None:
    """Show a calm sentence; it may hold words of an address or a file, so it is escaped."""
    st.html(f'<div class="kg-note" role="status"><p>{escape(text)}</p></div>')


def heading(title: str, lead: str) -> None:
    """Show the page's title and the one question it answers."""
    st.html(f'<div class="kg-heading"><h1>{escape(title)}</h1><p>{escape(lead)}</p></div>')


def footer(sources: Iterable[Source], *notes: str) -> None:
    """Show the sources of what stands on the page, built from the sources themselves."""
    credit = "、".join(escape(source.credit) for source in sources)
    lines = "".join(f"<p>{escape(note)}</p>" for note in notes if note)
    st.html(f'<footer class="kg-footer"><p>出典: {credit}</p>{lines}</footer>')
