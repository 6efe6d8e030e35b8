"""What the pages of 協働 share: the records of the workspace, the staff's switch, signing, entering, undoing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape

import streamlit as st

from kyodo_geo.city import City
from kyodo_geo.ledger import workspace
from kyodo_geo.model.changes import KINDS, Entered
from kyodo_geo.records.store import Records
from kyodo_geo.registers.entering import Signature, change_of, enter
from kyodo_geo.registers.known import Registers, registers_of
from kyodo_geo.views import context

_EDITING, _OFFICE, _SOURCE, _DONE = "staff_editing", "staff_office", "staff_source", "staff_done"


def records() -> Records:
    """Return the records of the workspace."""
    return Records(workspace())


def registers() -> Registers:
    """Return what is published and entered, put together once for each state of the records."""
    store = records()
    return _registers(store.mark(), str(store.path), context.city())


@st.cache_resource(max_entries=4, show_spinner=False)
def _registers(mark: str, path: str, _city: City) -> Registers:  # noqa: ARG001 - the key: the file and its state
    return registers_of(_city, records().entries())


def editing() -> bool:
    """Show the staff's switch and say whether it is on; it belongs to the session and is never in an address."""
    return st.toggle(
        "職員の編集", key=_EDITING,
        help="入力と訂正の欄を出します。記録はこの端末の作業フォルダーに追記され、上書きも削除もされません。",
    )  # fmt: skip


def sign() -> Signature:
    """Show who enters and by which source; both are asked once a session."""
    left, right = st.columns(2)
    office = left.text_input(
        "入力した部署", key=_OFFICE, placeholder="例 協働推進担当課(個人の名前は書かない)"
    )
    source = right.text_input("出典", key=_SOURCE, placeholder="例 令和6年第1回定例会 議案第○号")
    return Signature(office, source, _now())


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")  # noqa: TID251 - a page is a door of the clock


def store(  # noqa: PLR0913 - what, about whom, since when, by whom
    kind: str,
    subject: str,
    values: Mapping[str, str],
    *,
    since: str,
    signature: Signature,
    seen: int | None,
    note: str = "",
    corrects: int | None = None,
) -> None:
    """Enter what a form says; a refusal or a conflict is shown and nothing is stored."""

    def step() -> Entered:
        change = change_of(
            kind, subject, values, since=since, signature=signature, note=note, corrects=corrects
        )
        return enter(records(), registers(), change, seen=seen)

    entered = context.attempt(step, None)
    if entered is not None:
        st.session_state[_DONE] = f"記録 {entered.seq}: {KINDS[kind]}({subject})を加えました。"
        st.rerun()


def told() -> None:
    """Say once what was just entered."""
    said = st.session_state.pop(_DONE, None)
    if said:
        context.notice(said)


def undo(entry: Entered, signature: Signature, *, seen: int | None) -> None:
    """Take an entry back, unless its subject has news since `seen`; the undo is a record too."""

    def step() -> Entered:
        return records().undo(
            entry.seq, by=signature.office, at=signature.moment, source=signature.source, seen=seen
        )

    done = context.attempt(step, None)
    if done is not None:
        st.session_state[_DONE] = f"記録 {entry.seq} を取り消しました(記録 {done.seq})。"
        st.rerun()


def band() -> None:
    """Say that what follows is the staff's own room."""
    st.html(f'<p class="kg-note">{escape("職員の編集。住民に見せる画面では使わない")}</p>')
