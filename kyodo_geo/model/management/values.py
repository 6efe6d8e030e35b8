"""The values of management: what somebody stated, the stretches that follow from it, and the course of one centre."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

from kyodo_geo.errors import NotInForce
from kyodo_geo.rules.management import UNKNOWN, ManagementRules

TERM_RAN_OUT = "指定期間が終わり、その後の記録がない"
PLAN_RAN_OUT = "予定の指定期間より後は決まっていない"


@dataclass(frozen=True)
class Statement:
    """What one source states: from this day this status, by this manager, to the end of this term.

    `seq` is the number of the change behind it, None for what is shipped. `seen` says that the day is only that of a
    look; `year_only` that nothing finer than the fiscal year is known and `since` is its 1 April; `planned` that it is
    intended. An unknown one says in `note` why.
    """

    since: date
    status: str
    manager: str = ""
    term_end: date | None = None
    seen: bool = False
    source: str = ""
    note: str = ""
    year_only: bool = False
    planned: bool = False
    reason: str = ""
    seq: int | None = None

    @property
    def entered(self) -> bool:
        """Whether staff entered it."""
        return self.seq is not None


@dataclass(frozen=True)
class Spell:
    """A stretch of one status, first and last day included; `until` None goes on.

    `term_end` is the last day of the designated term, None where it is not known; a spell that ended early has an
    `until` before it. `since_seen`, `year_only`, `planned` and `seq` are those of the statement behind it.
    """

    since: date
    until: date | None
    status: str
    manager: str = ""
    term_end: date | None = None
    since_seen: bool = False
    source: str = ""
    note: str = ""
    year_only: bool = False
    planned: bool = False
    seq: int | None = None

    @property
    def ended_early(self) -> bool:
        """Whether it ended before its term."""
        return self.until is not None and self.term_end is not None and self.until < self.term_end


@dataclass(frozen=True)
class Course:
    """How one centre is managed: `spells` without a gap or an overlap from its first day on, the last one open.

    `planned` are intended stretches, apart from the facts: those that facts have overtaken are left out. The statements
    behind both are kept, so that a further one can be tried against them.
    """

    code: str
    spells: tuple[Spell, ...]
    planned: tuple[Spell, ...]
    shipped: tuple[Statement, ...]
    entered: tuple[Statement, ...]
    rules: ManagementRules

    @property
    def first_day(self) -> date:
        """The first day of the centre."""
        return self.shipped[0].since

    def at(self, day: date) -> Spell:
        """Return the spell of a day; NotInForce before the first day of the centre."""
        index = bisect_right(self.spells, day, key=_since)
        if index == 0:
            first = self.first_day.isoformat()
            raise NotInForce(
                f"センター {self.code} は {first} からです。{day.isoformat()} は{self.rules.before_first}。",
                todo=f"{first} 以後の日を指定してください",
            )
        return self.spells[index - 1]

    def intended(self, day: date) -> Spell | None:
        """Return the planned spell of a day, None where nothing is planned; after its term it is unknown."""
        index = bisect_right(self.planned, day, key=_since)
        if index == 0:
            return None
        spell = self.planned[index - 1]
        if spell.until is None or day <= spell.until:
            return spell
        after = date.fromordinal(spell.until.toordinal() + 1)
        return Spell(after, None, UNKNOWN, note=PLAN_RAN_OUT, planned=True)


def _since(spell: Spell) -> date:
    return spell.since
