"""The entries of one kind and subject: which of them are in force, and whether another may correct or undo one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kyodo_geo.model.changes import Entered
from kyodo_geo.records.rows import Draft


@dataclass(frozen=True)
class _Aim:
    by: str
    at: str
    undoes: bool


@dataclass
class Strand:
    """The entries of one kind and subject so far, by their sha256 (hex); it grows with what is planned.

    A correction counts as long as it is not undone, also when it is itself corrected: what was replaced stays replaced.
    An undo counts as long as it is not undone.
    """

    entries: tuple[Entered, ...] = ()
    _stored: dict[str, Entered] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)
    _aims: list[_Aim] = field(default_factory=list)

    @classmethod
    def of(cls, entries: Iterable[Entered]) -> Strand:
        """Return the strand of entries, oldest first."""
        strand = cls(tuple(entries))
        names = {one.seq: one.sha256 for one in strand.entries}
        for one in strand.entries:
            number = one.change.corrects if one.change.corrects is not None else one.change.undoes
            strand._stored[one.sha256] = one
            strand._put(one.sha256, "" if number is None else names[number], one.change.undoes is not None)
        return strand

    @property
    def newest(self) -> int | None:
        """The number of the newest entry that is stored, None where there is none."""
        return self.entries[-1].seq if self.entries else None

    def stored(self, sha256: str) -> Entered | None:
        """Return the entry of a sha256 that stands in the file, None where none does."""
        return self._stored.get(sha256)

    def planned(self, sha256: str) -> bool:
        """Whether this sha256 was put here and does not stand in the file yet."""
        return sha256 in self._known and sha256 not in self._stored

    def numbers(self) -> Iterator[tuple[str, int]]:
        """Yield the sha256 and the number of each entry that stands in the file."""
        return ((sha256, one.seq) for sha256, one in self._stored.items())

    def refusal(self, draft: Draft) -> str:
        """Say in Japanese why a draft may not correct or undo what it names; "" when it may, or names nothing."""
        change = draft.change
        number = change.corrects if change.corrects is not None else change.undoes
        if number is None:
            return ""
        if draft.aim not in self._known:
            return f"{number} 番は、同じ種類と対象の記録(これより前のもの)にありません"
        if change.corrects is not None and any(aim.by == draft.aim and aim.undoes for aim in self._aims):
            return f"{number} 番は取消しの記録です。訂正はできません(取り消すことはできます)"
        if draft.aim in self._off(self._aims):
            return f"{number} 番は、すでに訂正されたか取り消されています"
        if self._brings_back_too_much(draft):
            return f"{number} 番を取り消すと、別の記録がすでに訂正か取消しをしたものが二重になります"
        return ""

    def put(self, draft: Draft) -> None:
        """Let a draft be the newest of this strand."""
        self._put(draft.sha256, draft.aim, draft.change.undoes is not None)

    def _put(self, sha256: str, aim: str, undoes: bool) -> None:  # noqa: FBT001 - as it stands in _Aim
        self._known.add(sha256)
        if aim:
            self._aims.append(_Aim(sha256, aim, undoes))

    def _brings_back_too_much(self, draft: Draft) -> bool:
        """Whether, with the draft, two that count would correct or undo the same entry."""
        aims = [*self._aims, _Aim(draft.sha256, draft.aim, draft.change.undoes is not None)]
        undone = _undone(aims)
        aimed_at = [aim.at for aim in aims if aim.by not in undone]
        return len(aimed_at) != len(set(aimed_at))

    @staticmethod
    def _off(aims: list[_Aim]) -> set[str]:
        undone = _undone(aims)
        return undone | {aim.at for aim in aims if aim.by not in undone}


def _undone(aims: list[_Aim]) -> set[str]:
    undone: set[str] = set()
    for aim in reversed(aims):
        if aim.undoes and aim.by not in undone:
            undone.add(aim.at)
    return undone
