"""The bars of a Gantt chart: one row a centre, facts and plans apart, cut to a window of days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.management.values import Course, Spell


@dataclass(frozen=True)
class Bar:
    """A bar from its first to its last day, both inside the window; `spell` is what it shows.

    `begins` and `ends` say whether the spell itself begins and ends there: false where the window cut it, where only a
    look is known, or where it goes on.
    """

    first: date
    last: date
    begins: bool
    ends: bool
    spell: Spell


@dataclass(frozen=True)
class GanttRow:
    """The bars of a centre: facts without a gap, and beside them what is planned."""

    code: str
    facts: tuple[Bar, ...]
    planned: tuple[Bar, ...]


def gantt_rows(courses: Mapping[str, Course], first: date, last: date) -> tuple[GanttRow, ...]:
    """Return a row for every centre in the order of the courses, its bars cut to the days first..last.

    A centre that begins after the window has a row without bars. Raises InputRefused when `last` comes before `first`.
    """
    if last < first:
        raise InputRefused(f"期間の終わり {last} が初め {first} より前です。", todo="期間を直してください")
    return tuple(
        GanttRow(code, _bars(course.spells, first, last), _bars(course.planned, first, last))
        for code, course in courses.items()
    )


def _bars(spells: Iterable[Spell], first: date, last: date) -> tuple[Bar, ...]:
    return tuple(
        Bar(
            max(spell.since, first),
            last if spell.until is None else min(spell.until, last),
            begins=spell.since >= first and not spell.since_seen,
            ends=spell.until is not None and spell.until <= last,
            spell=spell,
        )
        for spell in spells
        if spell.since <= last and (spell.until is None or spell.until >= first)
    )
