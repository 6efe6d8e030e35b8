"""Proving what staff enter about councils against everything that is known, activity and projects included, before it is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from kyodo_geo.councils.forms import KINDS, Draft
from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.changes import Change, Entered, is_since, standing
from kyodo_geo.model.councils.activity import activities_of
from kyodo_geo.model.councils.projects import projects_on
from kyodo_geo.registers.entering import Signature, change_of
from kyodo_geo.registers.known import Registers, with_entry

_ANYBODY = Signature("未記入", "未記入", "2000-01-01T00:00:00+09:00")
_TODO = "上の所を直してください"


def require_draft(registers: Registers, draft: Draft, signature: Signature, *, corrects: int | None) -> None:
    """Refuse a draft with every fault at once: of the form, of the signature, and of what does not fit the register."""
    faults: list[Fault] = []
    _gather(faults, lambda: _change(draft, signature, corrects))
    if draft.subject and is_since(draft.since):
        whole = Signature(
            signature.office or _ANYBODY.office, signature.source or _ANYBODY.source, signature.moment
        )
        _gather(faults, lambda: require_fit(registers, _change(draft, whole, corrects)))
    if faults:
        raise InputRefused("この内容では記録できません。", faults=list(dict.fromkeys(faults)), todo=_TODO)


def require_undo(registers: Registers, entry: Entered, signature: Signature) -> None:
    """Refuse to take an entry back while others rest on it, with every fault; also where office or source are missing."""
    told, faults = entry.change, list[Fault]()

    def change(by: Signature) -> Change:
        return Change(
            told.kind, told.subject, since=told.since, source=by.source, entered_by=by.office, entered_at=by.moment,
            undoes=entry.seq,
        )  # fmt: skip

    _gather(faults, lambda: change(signature))
    _gather(faults, lambda: require_fit(registers, change(_ANYBODY)))
    if faults:
        what = f"記録 {entry.seq} は取り消せません。"
        raise InputRefused(what, faults=list(dict.fromkeys(faults)), todo="先に、上の記録を訂正するか取り消してください")  # fmt: skip


def require_fit(registers: Registers, change: Change) -> None:
    """Refuse a change with which the register, the activities and the projects would not stand; every fault at once."""
    newest = max((one.seq for one in registers.entries), default=0)
    candidate = Entered(newest + 1, change, "")
    entries = (*registers.entries, candidate)
    named = {one.change.subject for one in standing(entries) if one.change.kind == "council"}
    councils = named | {one.council for one in registers.city.shipped_councils.namings}
    districts = registers.register.districts
    faults: list[Fault] = []
    _gather(faults, lambda: with_entry(registers, candidate))
    _gather(faults, lambda: activities_of(entries, councils=councils, districts=districts))
    _gather(faults, lambda: projects_on(entries, date.max, councils=councils, districts=districts))
    if faults:
        raise InputRefused("この内容では記録できません。", faults=faults, todo=_TODO)


def changeable(registers: Registers) -> tuple[Entered, ...]:
    """Return the entries about councils that can be corrected or taken back: those that stand, newest first."""
    return tuple(one for one in reversed(registers.stand) if one.change.kind in KINDS)


def takeable(registers: Registers) -> tuple[Entered, ...]:
    """Return what can be taken back: `changeable`, and undos in force (taking one back brings back what it took)."""
    taken = set[int]()
    for one in reversed(registers.entries):
        if one.change.undoes is not None and one.seq not in taken:
            taken.add(one.change.undoes)
    undos = [
        one
        for one in registers.entries
        if one.change.undoes is not None and one.seq not in taken and one.change.kind in KINDS
    ]
    return tuple(sorted((*changeable(registers), *undos), key=lambda one: -one.seq))


def _change(draft: Draft, signature: Signature, corrects: int | None) -> Change:
    return change_of(
        draft.kind,
        draft.subject,
        draft.values,
        since=draft.since,
        signature=signature,
        note=draft.note,
        corrects=corrects,
    )


def _gather(faults: list[Fault], step: Callable[[], object]) -> None:
    try:
        step()
    except InputRefused as error:
        faults += error.faults or [Fault(error.what)]
