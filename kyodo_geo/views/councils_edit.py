"""The staff's room of 協働体: forms to enter and to correct, a way to take back, and the history of all entries."""

from __future__ import annotations

import streamlit as st

from kyodo_geo.councils.forms import (
    FORMS,
    KINDS,
    SUBJECT,
    Field,
    Form,
    choices_of,
    draft_of,
    form_of,
    newest_seen,
    said_of,
    suggested_id,
)
from kyodo_geo.councils.proving import changeable, require_draft, require_undo, takeable
from kyodo_geo.model.changes import KINDS as KIND_WORDS
from kyodo_geo.model.changes import Entered
from kyodo_geo.registers.entering import Signature
from kyodo_geo.registers.known import Registers
from kyodo_geo.views import context, councils_history, staff

_FORM, _CORRECTS, _UNDO = "councils_edit_form", "councils_edit_corrects", "councils_edit_undo"
_TURN, _DRAWN = "councils_edit_turn", "councils_edit_drawn"
_NEW = 0


def show(registers: Registers) -> None:
    """Show the forms, what can be taken back, and the history.

    `_DRAWN` is the newest entry that was there when the page was last drawn: what somebody else enters after that is a
    conflict and not overwritten.
    """
    state = st.session_state
    newest = max((one.seq for one in registers.entries), default=0)
    seen = state.get(_DRAWN, newest)
    staff.band()
    signature = staff.sign()
    _enter(registers, signature, seen)
    _take_back(registers, signature, seen)
    councils_history.show([one for one in registers.entries if one.change.kind in KINDS])
    state[_DRAWN] = newest


def forget() -> None:
    """Forget what was drawn while the forms are not shown."""
    st.session_state.pop(_DRAWN, None)


def _enter(registers: Registers, signature: Signature, seen: int) -> None:
    left, right = st.columns(2)
    name = left.selectbox("入力するもの", list(FORMS), key=_FORM, format_func=lambda one: FORMS[one].title)
    form = FORMS[name]
    mine = {one.seq: one for one in changeable(registers) if form_of(one.change) == name}
    state = st.session_state
    if state.get(_CORRECTS, _NEW) not in (_NEW, *mine):
        state.pop(_CORRECTS)
    corrects = right.selectbox(
        "新しい記録か、訂正か", [_NEW, *mine], key=_CORRECTS,
        format_func=lambda seq: "新しい記録" if seq == _NEW else f"訂正: {_short(mine[seq])}",
        help="訂正は新しい記録として加わり、前の記録も残ります。対象は変えられません。",
    )  # fmt: skip
    turn = state.setdefault(_TURN, 0)
    said = said_of(form, mine[corrects].change) if corrects else {}
    with st.form(f"councils_form_{name}_{corrects}_{turn}"):
        given = _fields(registers, form, said, f"councils_{name}_{corrects}_{turn}")
        sent = st.form_submit_button("記録する", type="primary")
    if sent:
        _store(registers, form, given, signature, seen=seen, corrects=corrects or None)


def _fields(registers: Registers, form: Form, said: dict[str, str], key: str) -> dict[str, str]:
    given = {}
    columns = st.columns(2)
    for at, one in enumerate(form.fields):
        with columns[at % 2]:
            given[one.key] = _field(registers, one, said, f"{key}_{one.key}")
    return given


def _field(registers: Registers, one: Field, said: dict[str, str], key: str) -> str:
    before, fixed = said.get(one.key, ""), one.key == SUBJECT and bool(said)
    options = dict(one.options) or choices_of(registers.register, one.who)
    if not options:
        usual = suggested_id(registers.register) if one.key == SUBJECT and not said else before
        return str(st.text_input(one.label, value=usual, key=key, help=one.hint or None, disabled=fixed))
    words = ["", *options]
    found = st.selectbox(
        one.label, words, index=words.index(before) if before in words else 0, key=key, disabled=fixed,
        help=one.hint or None, format_func=lambda word: options.get(word, "(選んでください・記載なし)"),
    )  # fmt: skip
    return str(found)


def _store(  # noqa: PLR0913 - what was given, by whom, and what was on the screen
    registers: Registers,
    form: Form,
    given: dict[str, str],
    signature: Signature,
    *,
    seen: int,
    corrects: int | None,
) -> None:
    draft = draft_of(form, given)

    def proven() -> bool:
        require_draft(registers, draft, signature, corrects=corrects)
        return True

    if not context.attempt(proven, otherwise=False):
        return
    st.session_state[_TURN] += 1  # storing leaves this run: the form then begins anew
    staff.store(
        draft.kind, draft.subject, draft.values, since=draft.since, signature=signature, note=draft.note, corrects=corrects,
        seen=newest_seen(registers.entries, draft.kind, draft.subject, up_to=seen),
    )  # fmt: skip
    st.session_state[_TURN] -= 1


def _take_back(registers: Registers, signature: Signature, seen: int) -> None:
    found = {one.seq: one for one in takeable(registers)}
    if not found:
        return
    state = st.session_state
    if state.get(_UNDO) not in found:
        state.pop(_UNDO, None)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    seq = left.selectbox(
        "取り消す記録", list(found), key=_UNDO, index=None, placeholder="選んでください",
        format_func=lambda one: _short(found[one]), help="取消しも記録として残り、あとで取り消せます。",
    )  # fmt: skip
    pressed = right.button("取り消す", disabled=seq is None, width="stretch", key="councils_edit_take_back")
    if not pressed or seq is None:
        return

    def proven() -> bool:
        require_undo(registers, found[seq], signature)
        return True

    if context.attempt(proven, otherwise=False):
        about = found[seq].change
        known = newest_seen(registers.entries, about.kind, about.subject, up_to=seen)
        staff.undo(found[seq], signature, seen=known)


def _short(one: Entered) -> str:
    change = one.change
    what = f"記録 {change.undoes} の取消し" if change.undoes else "、".join(change.values.values())
    return f"{one.seq} {KIND_WORDS[change.kind]} {change.subject} {what}"[:80]
