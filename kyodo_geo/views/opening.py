"""Files opened for a visit: chosen once, kept for the session alone, and an account of what was read and left out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import TypeVar

import streamlit as st

from kyodo_geo.errors import Fault
from kyodo_geo.present.tables import Col, html_table, number_text
from kyodo_geo.sources.visit.opened import Opened

_T = TypeVar("_T")
_MOST_SHOWN = 200


def opened_file(label: str, kinds: Sequence[str], *, key: str, help_text: str) -> None:
    """Let the reader choose a file; it is kept for this session, also while other pages are visited."""
    st.file_uploader(
        label, type=list(kinds), key=f"{key}_upload", help=help_text, on_change=_keep, args=(key,)
    )
    found = kept(key)
    if found is not None:
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.html(f"<p>開いているファイル: <strong>{escape(found[0])}</strong></p>")
        right.button("閉じる", key=f"{key}_close", on_click=_forget, args=(key,), width="stretch")


def kept(key: str) -> tuple[str, bytes] | None:
    """Return name and content of the file that is open under a key, None without one."""
    found: tuple[str, bytes] | None = st.session_state.get(f"{key}_kept")
    return found


def _keep(key: str) -> None:
    """Take a newly chosen file; taking it out of the chooser closes it."""
    given = st.session_state.get(f"{key}_upload")
    if given is None:
        _forget(key)
    else:
        st.session_state[f"{key}_kept"] = (given.name, given.getvalue())


def _forget(key: str) -> None:
    st.session_state.pop(f"{key}_kept", None)


def put(key: str, name: str, content: bytes) -> None:
    """Open a file under a key as if the reader had chosen it; it takes the place of one that was open."""
    st.session_state[f"{key}_kept"] = (name, content)


def opened_files(label: str, kinds: Sequence[str], *, key: str, help_text: str) -> None:
    """Let the reader choose several files; each is kept for this session and can be closed by itself."""
    st.file_uploader(
        label, type=list(kinds), key=f"{key}_upload", help=help_text, on_change=_keep_all, args=(key,),
        accept_multiple_files=True,
    )  # fmt: skip
    for number, (name, _) in enumerate(all_kept(key)):
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.html(f"<p>開いているファイル: <strong>{escape(name)}</strong></p>")
        right.button(
            "閉じる", key=f"{key}_close_{number}", on_click=_forget_one, args=(key, name), width="stretch"
        )


def all_kept(key: str) -> tuple[tuple[str, bytes], ...]:
    """Return name and content of the files that are open under a key, in the order they were opened."""
    files: dict[str, bytes] = st.session_state.get(f"{key}_all_kept", {})
    return tuple(files.items())


def put_one_more(key: str, name: str, content: bytes) -> None:
    """Open one more file under a key; one of the same name is replaced."""
    st.session_state[f"{key}_all_kept"] = {**dict(all_kept(key)), name: content}


def _keep_all(key: str) -> None:
    """Take newly chosen files beside those that are open; the chooser forgets its own when the page is left."""
    for given in st.session_state.get(f"{key}_upload") or ():
        put_one_more(key, given.name, given.getvalue())


def _forget_one(key: str, name: str) -> None:
    st.session_state[f"{key}_all_kept"] = {one: content for one, content in all_kept(key) if one != name}


def forget_all(key: str) -> None:
    """Close all files under a key of several."""
    st.session_state[f"{key}_all_kept"] = {}


def forget_named(key: str, names: Sequence[str]) -> None:
    """Close the files of some names under a key, of one file or of several."""
    found = kept(key)
    if found is not None and found[0] in names:
        _forget(key)
    for name in names:
        _forget_one(key, name)


def from_disk(name: str, content: bytes, read: Callable[[Path], _T]) -> _T:
    """Return what a reader of files makes of a content; the file lies on disk only while it is read, under its own name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "file")
        path.write_bytes(content)
        return read(path)


def account(opened: Opened) -> None:
    """Show what was read of a file, what was left out and what was used with a caution, each with its row."""
    counts = "、".join(f"{word} {number_text(number)}" for word, number in opened.counts)
    st.html(
        f'<div class="kg-note" role="status"><p><strong>{escape(opened.title)}</strong>({escape(opened.name)})</p>'
        f"<p>読んだもの: {escape(counts)}。時点: {escape(opened.reference_date)}。公表者: {escape(opened.publisher)}</p></div>"
    )
    _faults("読まなかったもの", opened.left_out, open_at_once=True)
    _faults("注意して使うもの", opened.cautions, open_at_once=False)


def _faults(title: str, faults: Sequence[Fault], *, open_at_once: bool) -> None:
    if not faults:
        return
    rows = [
        [fault.file, "" if fault.row is None else str(fault.row), fault.column, fault.what]
        for fault in faults
    ]
    with st.expander(f"{title} {len(faults)} 件", expanded=open_at_once and len(faults) <= 3):
        columns = [Col("ファイル"), Col("行", number=True), Col("列"), Col("内容", heading=True, wide=True)]
        st.html(html_table(columns, rows[:_MOST_SHOWN], caption=title))
        if len(rows) > _MOST_SHOWN:
            st.caption(f"ほか {len(rows) - _MOST_SHOWN} 件")
