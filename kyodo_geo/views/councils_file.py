"""A table of what councils did that is open in this session, read with the councils of the register."""

from __future__ import annotations

from datetime import date

import streamlit as st

from kyodo_geo.figures.gazetteer import gazetteer_of
from kyodo_geo.sources.visit.activity.read import ActivityRead, read_activity
from kyodo_geo.views import context, opening, staff

ACTIVITY = "brought_activity"
_KINDS = ("csv", "txt", "tsv", "xlsx", "xls", "ods", "zip")


def chooser() -> None:
    """Offer to open a table of activity."""
    opening.opened_file(
        "協働体の活動の表(CSV・Excel)", _KINDS, key=ACTIVITY,
        help_text="1行が1つの活動。協働体か地区(コードか名前)、年度、役割(①〜⑤)、活動名、回数、参加人数、時間、金額_円。空欄は記載なしで、0 とはみなしません。",
    )  # fmt: skip


def opened(on: date) -> ActivityRead | None:
    """Return the open table, None without one; a KyodoError says why it cannot be read."""
    kept = opening.kept(ACTIVITY)
    if kept is None:
        return None
    namings = staff.registers().register.namings
    return _read(*kept, on, tuple((one, told[-1].name) for one, told in namings.items()))


def usable(on: date) -> ActivityRead | None:
    """Return the open table; one that cannot be read is shown with its faults, and counts as not there."""
    return context.attempt(lambda: opened(on), None)


@st.cache_resource(max_entries=8, show_spinner="活動の表を読んでいます…")
def _read(name: str, content: bytes, on: date, councils: tuple[tuple[str, str], ...]) -> ActivityRead:
    return read_activity(
        content, name=name, gazetteer=gazetteer_of(context.city(), on), councils=dict(councils)
    )
