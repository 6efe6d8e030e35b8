"""Entering a change: proven against everything that is known, then stored; a conflict stores nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.changes import Change, Entered
from kyodo_geo.model.management.course import management_faults
from kyodo_geo.model.management.readiness import readiness_faults
from kyodo_geo.model.programmes.checks import answer_faults, progress_faults
from kyodo_geo.model.programmes.plan import Plan
from kyodo_geo.records.store import Records
from kyodo_geo.registers.known import Registers, with_entry
from kyodo_geo.rules.readiness import readiness_items


@dataclass(frozen=True)
class Signature:
    """Who enters something, and by which source: an office and a document, never a person's name."""

    office: str
    source: str
    moment: str


def change_of(  # noqa: PLR0913 - what, about whom, since when, and by whom belong together
    kind: str,
    subject: str,
    values: Mapping[str, str],
    *,
    since: str,
    signature: Signature,
    note: str = "",
    corrects: int | None = None,
) -> Change:
    """Return a change from the fields of a form; empty fields are not stated. InputRefused with every fault."""
    stated = {key: text.strip() for key, text in values.items() if text.strip()}
    return Change(
        kind, subject, stated, since, signature.source, signature.office, signature.moment, note, corrects
    )


def prove(registers: Registers, change: Change) -> None:
    """Refuse a change that does not fit what is known (InputRefused with every fault); nothing is stored."""
    faults = _KINDS.get(change.kind, _nothing)(registers, change)
    if faults:
        raise InputRefused("この内容では記録できません。", faults=faults, todo="上の所を直してください")
    newest = max((one.seq for one in registers.entries), default=0)
    with_entry(registers, Entered(newest + 1, change, ""))


def enter(records: Records, registers: Registers, change: Change, *, seen: int | None) -> Entered:
    """Prove and store a change; Conflict when somebody entered something about the same subject since `seen`."""
    prove(registers, change)
    return records.add(change, seen=seen)


def plan_of(registers: Registers, subject: str) -> Plan:
    """Return the plan a subject such as plan2:11 speaks of; InputRefused for none."""
    plan_id = subject.split(":", maxsplit=1)[0]
    for plan in registers.city.plans:
        if plan.id == plan_id:
            return plan
    raise InputRefused(f"計画「{plan_id}」はありません。")


def _management(registers: Registers, change: Change) -> tuple[Fault, ...]:
    course = registers.courses.get(change.subject)
    if course is None:
        return (Fault(f"地区「{change.subject}」はありません"),)
    return tuple(management_faults(change, course))


def _progress(registers: Registers, change: Change) -> tuple[Fault, ...]:
    return tuple(progress_faults(change, plan_of(registers, change.subject)))


def _answer(registers: Registers, change: Change) -> tuple[Fault, ...]:
    surveys = [plan.survey for plan in registers.city.plans if plan.survey is not None]
    survey = next((one for one in surveys if one.id == change.values.get("survey")), None)
    if survey is None:
        return (Fault(f"アンケート「{change.values.get('survey', '')}」はありません"),)
    return tuple(answer_faults(change, survey, councils=set(registers.register.namings)))


def _readiness(registers: Registers, change: Change) -> tuple[Fault, ...]:
    return tuple(readiness_faults(change, readiness_items(), set(registers.register.districts)))


def _nothing(_registers: Registers, _change: Change) -> tuple[Fault, ...]:
    return ()


_KINDS: Mapping[str, Callable[[Registers, Change], tuple[Fault, ...]]] = {
    "management": _management,
    "progress": _progress,
    "answer": _answer,
    "readiness": _readiness,
}
