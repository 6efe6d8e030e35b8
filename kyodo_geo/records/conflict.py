"""The error of two people at once: what the other one entered between this person's look and this person's entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kyodo_geo.errors import Fault, KyodoError
from kyodo_geo.model.changes import KINDS, Change, Entered

_MOST_TOLD = 10  # of one subject: the rest is counted
_LONGEST = 40


class Conflict(KyodoError, ValueError):  # noqa: N818 - named for what happened
    """Somebody else's entry came in between; nothing was written. `came` are the entries that this person had not seen."""

    def __init__(
        self, what: str, *, faults: Sequence[Fault] = (), todo: str = "", came: Sequence[Entered] = ()
    ) -> None:
        self.came = tuple(came)
        super().__init__(what, faults=faults, todo=todo)


@dataclass(frozen=True)
class Overtaken:
    """One kind and subject in which others were faster: what this person had seen, what came, and what was to be added."""

    topic: tuple[str, str]
    seen: int | None
    came: tuple[Entered, ...]
    mine: tuple[Change, ...]


def conflict_of(overtaken: Sequence[Overtaken]) -> Conflict:
    """Return the error that names, for every subject, who entered what and when, and the values that differ."""
    topics = [f"{KINDS.get(kind, kind)}「{subject}」" for kind, subject in (one.topic for one in overtaken)]
    named = "、".join(topics[:_MOST_TOLD]) + (" など" if len(topics) > _MOST_TOLD else "")
    faults = [fault for one in overtaken for fault in _faults(one)]
    return Conflict(
        f"{named}に、あなたが見た後で別の入力がありました。何も書き込んでいません。",
        faults=faults,
        todo="下の内容を確かめ、いまの記録を開き直してから入力してください",
        came=[entry for one in overtaken for entry in one.came],
    )


def _faults(one: Overtaken) -> Iterator[Fault]:
    if not one.came:  # seen is a number that never was: the file is another one now
        yield Fault(
            f"あなたが見ていた {one.seen} 番は、この記録にありません。ファイルが別のものに替わったおそれがあります"
        )
    if len(one.came) > _MOST_TOLD:
        yield Fault(f"ほかに {len(one.came) - _MOST_TOLD} 件")
    mine = one.mine[0] if len(one.mine) == 1 else None
    yield from (Fault(_told(entry, mine)) for entry in one.came[-_MOST_TOLD:])


def _told(entry: Entered, mine: Change | None) -> str:
    change = entry.change
    told = f"{entry.seq} 番: {change.entered_by} が {change.entered_at} に入力({change.since} から、出典: {_short(change.source)})"
    if change.undoes is not None:
        return f"{told}。{change.undoes} 番の取消し"
    correction = f"。{change.corrects} 番の訂正" if change.corrects is not None else ""
    return f"{told}{correction}。{_values(change) if mine is None else _differences(change, mine)}"


def _values(change: Change) -> str:
    return "、".join(f"{key}「{_short(text)}」" for key, text in change.values.items()) or "値なし"


def _differences(theirs: Change, mine: Change) -> str:
    pairs = [("いつから", theirs.since, mine.since)]
    keys = dict.fromkeys((*theirs.values, *mine.values))
    pairs += [(key, theirs.values.get(key, ""), mine.values.get(key, "")) for key in keys]
    told = [
        f"{key} 相手「{_short(their)}」・あなた「{_short(own)}」" for key, their, own in pairs if their != own
    ]
    return f"違う値: {'、'.join(told)}" if told else "値は同じです"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
