"""How ready a district is for its centre: every answer with its day and source, and shares as an interval, never a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from kyodo_geo.errors import Fault
from kyodo_geo.model.changes import Change, Entered, first_day
from kyodo_geo.rules.readiness import Checklist, ReadinessItem

KIND = "readiness"
YES, NO, UNKNOWN = "yes", "no", "unknown"
ANSWERS = {YES: "はい", NO: "いいえ", UNKNOWN: "分からない"}
KEYS = {"item": "項目", "answer": "答え"}


@dataclass(frozen=True)
class Answer:
    """An answer to an item, since when, and by which source; `seq` is the change behind it, None for a record elsewhere."""

    answer: str
    since: date
    source: str
    note: str = ""
    entered_by: str = ""
    seq: int | None = None


@dataclass(frozen=True)
class ItemState:
    """An item and how it is answered on a day; `given` is None where nobody answered."""

    item: ReadinessItem
    given: Answer | None

    @property
    def answer(self) -> str:
        """Yes, no or unknown; an item nobody answered is unknown."""
        return self.given.answer if self.given else UNKNOWN


@dataclass(frozen=True)
class Readiness:
    """The answers of a district on a day, item by item, and what can be summed of them; the worries stand beside.

    Shares are of the sum of all weights, 0 to 1. What is unknown counts neither as yes nor as no: it makes the share of
    yes an interval.
    """

    subject: str
    day: date
    states: tuple[ItemState, ...]
    worries: tuple[str, ...] = ()

    def items(self, answer: str) -> tuple[ReadinessItem, ...]:
        """Return the items with an answer (yes, no, unknown), in the order of the checklist."""
        return tuple(state.item for state in self.states if state.answer == answer)

    def share(self, answer: str) -> Fraction:
        """Return the weighted share of the items with an answer."""
        total = sum((state.item.weight for state in self.states), Fraction())
        return sum((item.weight for item in self.items(answer)), Fraction()) / total

    def beside(self, worries: Iterable[str]) -> Readiness:
        """Return the same with the worries of a survey beside it, in their own words; they change no share."""
        return replace(self, worries=tuple(worries))

    @property
    def known(self) -> Fraction:
        """The weighted share of what is answered yes or no."""
        return 1 - self.share(UNKNOWN)

    @property
    def yes_between(self) -> tuple[Fraction, Fraction]:
        """The weighted share of yes, at least (nothing unknown is yes) and at most (all of it is)."""
        return self.share(YES), self.share(YES) + self.share(UNKNOWN)


def readiness_of(
    checklist: Checklist,
    changes: Sequence[Entered],
    subject: str,
    *,
    on: date,
    recorded: Mapping[str, Answer] | None = None,
) -> Readiness:
    """Return how the items stand for a district on a day, from the changes that stand (others are passed over).

    Of several answers the one with the latest day counts, of one day the one entered last. `recorded` are answers that
    other records give (by item id), such as a council's registration; they count where no later answer was entered and
    their day has come. A change whose item the checklist does not have is passed over: see `readiness_faults`.
    """
    found = dict(_recorded(recorded or {}, on))
    ordered = sorted(changes, key=lambda one: (first_day(one.change.since), one.seq))
    for one in ordered:
        change = one.change
        if (change.kind, change.subject) != (KIND, subject) or first_day(change.since) > on:
            continue
        before = found.get(change.values["item"])
        if before is None or before.since <= first_day(change.since):
            found[change.values["item"]] = _answer(one)
    states = tuple(ItemState(item, found.get(item.id)) for item in checklist.items)
    return Readiness(subject, on, states)


def readiness_faults(change: Change, checklist: Checklist, districts: Iterable[str]) -> tuple[Fault, ...]:
    """Return what is wrong with a change of readiness, () where nothing is: its district, its item, its answer."""
    values, items = change.values, {item.id for item in checklist.items}
    faults = [
        Fault(f"知らない項目「{key}」です(使える項目: {'、'.join(KEYS)})")
        for key in values
        if key not in KEYS
    ]
    if change.kind != KIND:
        faults.append(Fault(f"移行の準備の記録ではありません({change.kind})"))
    if change.subject not in set(districts):
        faults.append(Fault(f"地区「{change.subject}」はありません"))
    for key, allowed in (("item", sorted(items)), ("answer", list(ANSWERS))):
        if values.get(key) not in allowed:
            came = values.get(key, "なし")
            what = f"{'、'.join(allowed)} のどれかです。「{came}」は使えません"
            faults.append(Fault(what, column=KEYS[key]))
    return tuple(faults)


def _recorded(recorded: Mapping[str, Answer], on: date) -> Iterable[tuple[str, Answer]]:
    return ((item, answer) for item, answer in recorded.items() if answer.since <= on)


def _answer(one: Entered) -> Answer:
    change = one.change
    return Answer(
        change.values["answer"],
        first_day(change.since),
        change.source,
        note=change.note,
        entered_by=change.entered_by,
        seq=one.seq,
    )
