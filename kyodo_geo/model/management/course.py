"""The course of a centre from shipped and entered statements: gapless from the first day, by the rules, all faults at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.lineage import Lineage
from kyodo_geo.model.changes import Change, Entered
from kyodo_geo.model.management.lawful import judge, missing_needs, said
from kyodo_geo.model.management.statements import (
    KIND,
    M,
    entered_statement,
    shipped_statements,
    value_faults,
)
from kyodo_geo.model.management.values import TERM_RAN_OUT, Course, Spell, Statement
from kyodo_geo.rules.management import UNKNOWN, ManagementRules
from kyodo_geo.timeline import Dated

_DAY = timedelta(days=1)
# The number of a change that has none yet: it is being tried
_TRIED = 0


def timeline_of(
    shipped: Iterable[Dated[M]], changes: Sequence[Entered], *, code: str, rules: ManagementRules
) -> Course:
    """Return the course of one centre from what is shipped and the changes that stand; others' changes are passed over.

    An entered statement takes the place of a shipped one of the same day, and a shipped unknown says nothing against an
    entered status that goes on over its day. After a known term nothing is known until somebody states it. A look
    (seen) that adds nothing leaves the course as it is. Raises InputRefused with every fault of every change.
    """
    course, faults = _build(code, shipped_statements(shipped), _of(changes, code), rules)
    if faults:
        raise _refusal(faults)
    return course


def timelines_of(
    shipped: Mapping[str, Iterable[Dated[M]]],
    changes: Sequence[Entered],
    *,
    rules: ManagementRules,
    lineage: Lineage | None = None,
) -> dict[str, Course]:
    """Return the courses of all centres by district code; InputRefused with every fault of all of them at once.

    A change about a district there is not is a fault; so is, with a `lineage`, a centre whose first day is not the day
    its district began.
    """
    by_code: dict[str, list[Entered]] = {code: [] for code in shipped}
    faults: list[Fault] = []
    for one in changes:
        if one.change.kind != KIND:
            continue
        if one.change.subject in by_code:
            by_code[one.change.subject].append(one)
        else:
            faults.append(Fault(f"記録 {one.seq}: 地区「{one.change.subject}」はありません"))
    courses = {}
    for code, entries in shipped.items():
        courses[code], found = _build(code, shipped_statements(entries), by_code[code], rules)
        faults += found
    faults += _off_lineage(courses, lineage) if lineage else []
    if faults:
        raise _refusal(faults)
    return courses


def management_faults(change: Change, course: Course) -> tuple[Fault, ...]:
    """Return every fault a change would bring to the course of its centre, () for one that may be entered.

    Judged are its values, its day, the rule of the change and what follows after it; a correction is judged without the
    record it replaces, an undo by what is left. An undo of an undo or of a correction brings back a record that this course does
    not hold: judge it by `timeline_of` over the standing changes.
    """
    aimed = change.corrects if change.corrects is not None else change.undoes
    left = tuple(one for one in course.entered if one.seq != aimed)
    if change.undoes is not None:
        return _rebuild(course, left)[1]
    faults = _aim_faults(change, course) + value_faults(change)
    if faults:
        return faults
    tried = entered_statement(change, seq=_TRIED)
    again, found = _rebuild(course, (*left, tried))
    if tried.planned and not found:
        return tuple(filter(None, [_plan_fault(tried, again.spells, _others(again, tried), course.rules)]))
    return found


def _aim_faults(change: Change, course: Course) -> tuple[Fault, ...]:
    faults = []
    if change.kind != KIND:
        faults.append(Fault(f"センターの管理の記録ではありません({change.kind})"))
    if change.subject != course.code:
        faults.append(Fault(f"地区「{change.subject}」の記録を、地区「{course.code}」に入れようとしました"))
    if change.corrects is not None and change.corrects not in {one.seq for one in course.entered}:
        faults.append(Fault(f"訂正する記録 {change.corrects} は、このセンターの今の記録にありません"))
    return tuple(faults)


def _of(changes: Sequence[Entered], code: str) -> list[Entered]:
    return [one for one in changes if (one.change.kind, one.change.subject) == (KIND, code)]


def _refusal(faults: Sequence[Fault]) -> InputRefused:
    todo = "記録を訂正するか、取り消してください"
    return InputRefused(
        f"センターの管理の記録に {len(faults)} 件の誤りがあります。", faults=faults, todo=todo
    )


def _off_lineage(courses: Mapping[str, Course], lineage: Lineage) -> list[Fault]:
    began = {split.code: split.since for split in lineage.splits}
    return [
        Fault(f"センター {code} の初めの日 {course.first_day} が、地区の始まり {day} と違います")
        for code, course in courses.items()
        if (day := began.get(code, lineage.first_day)) != course.first_day
    ]


def _build(
    code: str, shipped: tuple[Statement, ...], changes: Iterable[Entered], rules: ManagementRules
) -> tuple[Course, tuple[Fault, ...]]:
    entered, faults = [], []
    for one in changes:
        wrong = value_faults(one.change)
        faults += [Fault(f"記録 {one.seq}: {fault}") for fault in wrong]
        if not wrong:
            entered.append(entered_statement(one.change, seq=one.seq))
    if not shipped:
        raise InputRefused(f"センター {code} の初めの状態がありません。", todo="配布データを確かめてください")
    empty = Course(code, (), (), shipped, (), rules)
    course, found = _rebuild(empty, tuple(entered))
    return course, (*faults, *found)


def _rebuild(course: Course, entered: tuple[Statement, ...]) -> tuple[Course, tuple[Fault, ...]]:
    """Lay all statements out anew; the faults of a course that cannot stand come beside what is left of it."""
    first, rules = course.shipped[0].since, course.rules
    ordered = tuple(sorted(entered, key=lambda one: (one.since, one.planned, one.seq == _TRIED, one.seq)))
    faults = [
        Fault(f"{said(one, rules)}: センターの初めの日は {first} です。{rules.before_first}")
        for one in ordered
        if one.since < first
    ]
    twice = (
        (one, other)
        for one, other in pairwise(ordered)
        if (one.since, one.planned) == (other.since, other.planned)
    )
    faults += [
        Fault(f"{said(other, rules)}: {said(one, rules)}と同じ日です。訂正として入れてください")
        for one, other in twice
    ]
    facts = {one.since: one for one in ordered if one.since >= first and not one.planned}
    by_day = {one.since: one for one in course.shipped} | facts
    spells, found = _lay([by_day[day] for day in sorted(by_day)], rules)
    found += _backwards(course.shipped, rules)
    plans = [one for one in ordered if one.planned and one.since >= first]
    planned = _lay_plans(plans, spells, rules)
    return replace(course, spells=spells, planned=planned, entered=ordered), (*faults, *found)


def _backwards(shipped: Iterable[Statement], rules: ManagementRules) -> list[Fault]:
    return [
        Fault(f"{said(one, rules)}: 指定期間が始まる前({one.term_end})に終わっています")
        for one in shipped
        if one.term_end is not None and one.term_end < one.since
    ]


def _lay(statements: Iterable[Statement], rules: ManagementRules) -> tuple[tuple[Spell, ...], list[Fault]]:
    spells: list[Spell] = []
    faults: list[Fault] = []
    for one in statements:
        _run_out(spells, one.since)
        running = spells[-1] if spells else None
        if one.status == UNKNOWN and not one.entered and running and _covers(running, one.since):
            continue
        verdict = judge(one, running, rules)
        faults += [Fault(verdict.fault)] if verdict.fault else []
        faults += [Fault(text) for text in missing_needs(one, verdict.rule, rules)]
        if verdict.stands:
            _begin(spells, one)
    _run_out(spells, date.max)
    return tuple(spells), faults


def _begin(spells: list[Spell], one: Statement) -> None:
    """Begin a spell and end the one before.

    A look at a running status keeps what was known of it. A designation has one manager: within a known term the manager
    that a look names was so from the start, otherwise only the day of the look is sure.
    """
    if spells and one.seen and spells[-1].status == one.status:
        running = spells[-1]
        if running.term_end is not None and running.term_end >= one.since:
            spells[-1] = replace(running, manager=one.manager, note=_noted(running, one))
            return
        if running.term_end is None:
            one = replace(one, manager=one.manager or running.manager)
    if spells:
        spells[-1] = replace(spells[-1], until=one.since - _DAY)
    spells.append(_spell(one))


def _noted(running: Spell, look: Statement) -> str:
    return "。".join(filter(None, (running.note, f"管理者の名は{look.source}による")))


def _run_out(spells: list[Spell], day: date) -> None:
    """Close the last spell where its term ended before the eve of a day: nothing is known from there on."""
    last = spells[-1] if spells else None
    end = last.term_end if last else None
    if last is None or end is None or not last.since <= end < day - _DAY:
        return
    spells[-1] = replace(last, until=end)
    spells.append(Spell(end + _DAY, None, UNKNOWN, note=TERM_RAN_OUT))


def _covers(running: Spell, day: date) -> bool:
    """Say whether an entered status goes on over a day: a look at it says nothing of later days."""
    known = running.seq is not None and not running.since_seen
    return known and (running.term_end is None or running.term_end >= day)


def _spell(one: Statement, until: date | None = None) -> Spell:
    return Spell(
        one.since,
        until,
        one.status,
        manager=one.manager,
        term_end=one.term_end,
        since_seen=one.seen,
        source=one.source,
        note=one.note or one.reason,
        year_only=one.year_only,
        planned=one.planned,
        seq=one.seq,
    )


def _lay_plans(
    plans: Iterable[Statement], spells: tuple[Spell, ...], rules: ManagementRules
) -> tuple[Spell, ...]:
    """Return the plans that facts have not overtaken; each ends with its term or the eve of the next."""
    laid: list[Spell] = []
    for one in plans:
        if _plan_fault(one, spells, laid, rules):
            continue
        if laid and (laid[-1].until is None or laid[-1].until >= one.since):
            laid[-1] = replace(laid[-1], until=one.since - _DAY)
        laid.append(_spell(one, one.term_end))
    return tuple(laid)


def _plan_fault(
    one: Statement, spells: Sequence[Spell], laid: Iterable[Spell], rules: ManagementRules
) -> Fault | None:
    later = [spell for spell in spells if spell.since >= one.since and spell.status != UNKNOWN]
    if later:
        return Fault(f"{said(one, rules)}: この日より後({later[0].since})の事実がすでにあります")
    before = [spell for spell in (*spells, *laid) if spell.since < one.since]
    running = before[-1] if before else None
    if running and running.term_end is not None and running.term_end < one.since - _DAY:
        running = Spell(running.term_end + _DAY, None, UNKNOWN)
    verdict = judge(one, running, rules)
    return Fault(verdict.fault) if verdict.fault else None


def _others(course: Course, tried: Statement) -> list[Spell]:
    """Return the planned spells before a plan that is being tried."""
    return [spell for spell in course.planned if spell.since < tried.since]
