"""The records of a workspace: what staff entered, append-only, each entry with its sha256 and a chain over all.

The chain shows an entry that was changed, removed or put in by hand. It is no signature: who writes the whole file anew,
with all its sums, is not found out. Times and names come with the changes; nothing here asks a clock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.ledger.file import reading, writing
from kyodo_geo.ledger.rows import link
from kyodo_geo.model.changes import Change, Entered
from kyodo_geo.records.broken import broken_records
from kyodo_geo.records.plan import Plan, Topic, plan
from kyodo_geo.records.rows import (
    ADD,
    ALL,
    BOOK,
    FILE_NAME,
    OF_KIND,
    OF_NUMBER,
    OF_SUBJECT,
    Draft,
    read_entries,
)

_NOWHERE = "-"  # no sha256: what is aimed at is not there


@dataclass(frozen=True)
class Taken:
    """What became of many: the entries that were added, and how many stood there already."""

    added: tuple[Entered, ...]
    already: int


class Records:
    """The records of a workspace folder. The first entry makes the file; before that it reads as an empty one.

    Every method raises LedgerError when the file cannot be read or written.
    """

    def __init__(self, workspace: Path) -> None:
        self.path = Path(workspace) / FILE_NAME

    def entries(self, kind: str | None = None) -> tuple[Entered, ...]:
        """Return all entries, or those of a kind, oldest first; LedgerError naming one that is not what was entered."""
        with reading(self.path, book=BOOK) as connection:
            return read_entries(connection, ALL if kind is None else OF_KIND, () if kind is None else (kind,))

    def history(self, kind: str, subject: str) -> tuple[Entered, ...]:
        """Return the entries about one subject, oldest first, corrected and undone ones and the undos included.

        Only the rows of this subject are proved; `entries` proves all, `broken` looks at everything.
        """
        with reading(self.path, book=BOOK) as connection:
            return read_entries(connection, OF_SUBJECT, (kind, subject))

    def newest(self, kind: str, subject: str) -> int | None:
        """Return the number of the newest entry about a subject, None where there is none: what to hand on as `seen`."""
        entries = self.history(kind, subject)
        return entries[-1].seq if entries else None

    def mark(self) -> str:
        """Return a text that is another after every entry, "" before the first: the key to keep what was worked out by."""
        with reading(self.path, book=BOOK) as connection:
            return _last_chain(connection)

    def add(self, change: Change, *, seen: int | None) -> Entered:
        """Store a change and return it with its number; `seen` is the newest number of its kind and subject on the screen.

        The very same change again (all fields, `entered_at` included) is the entry that stands there already, so that
        after a crash the same call may be repeated. Entered anew, at another moment, it meets its own first entry as a
        Conflict. Raises Conflict when another entry came in between, with who, when and the values that differ;
        InputRefused when it corrects or undoes what is not of the same kind and subject or no longer in force. Nothing
        is written then.
        """
        return self.add_all([change], seen={(change.kind, change.subject): seen})[0]

    def add_all(self, changes: Sequence[Change], *, seen: Mapping[Topic, int | None]) -> tuple[Entered, ...]:
        """Store many changes, all or none, in their order; a (kind, subject) that is not in `seen` counts as None.

        Raises as `add` does, every fault and every conflict at once, and InputRefused for the same change twice.
        """
        with writing(self.path, book=BOOK) as connection:
            planned = plan(connection, [_draft(connection, change) for change in changes], seen=seen)
            planned.refuse()
            new = {one.sha256: one for one in _write(connection, planned)}
            return tuple(new.get(sha256) or planned.already[sha256] for sha256 in planned.order)

    def take_in(self, drafts: Sequence[Draft], *, seen: Mapping[Topic, int | None] | None = None) -> Taken:
        """Store drafts that were read from a file, all or none, in their order; those that stand there are left out.

        Without `seen`, the newest of a subject's entries that the file itself shows counts as seen; of a subject of
        which it shows none nothing was claimed, and the present state counts. Raises as `add_all` does.
        """
        with writing(self.path, book=BOOK) as connection:
            planned = plan(connection, drafts, seen=seen)
            planned.refuse()
            return Taken(_write(connection, planned), len(planned.already))

    def faults_of(self, drafts: Sequence[Draft]) -> tuple[Fault, ...]:
        """Return what is wrong with drafts as things stand, conflicts aside; nothing is written."""
        with reading(self.path, book=BOOK) as connection:
            return tuple(plan(connection, drafts, seen=None).faults)

    def undo(self, seq: int, *, by: str, at: str, source: str, seen: int | None) -> Entered:
        """Take an entry back by an entry of its own, from the same day on; an undo can be taken back as well.

        Raises InputRefused for a number that is not there, and as `add` does.
        """
        with reading(self.path, book=BOOK) as connection:
            found = [one for one in read_entries(connection, OF_NUMBER, (seq,)) if one.seq == seq]
        if not found:
            raise InputRefused(f"{seq} 番はこの記録にありません。", todo="記録の一覧で番号を確かめてください")
        told = found[0].change
        change = Change(
            told.kind, told.subject, since=told.since, source=source, entered_by=by, entered_at=at, undoes=seq
        )  # fmt: skip
        return self.add(change, seen=seen)

    def broken(self) -> tuple[Fault, ...]:
        """Return what is wrong with the records, nothing if all is as it was entered.

        Looks at SQLite's own checks, each sha256, the chain, the numbers without a gap (also at the end), and whether
        each row is a change that could have been entered when it was.
        """
        with reading(self.path, book=BOOK) as connection:
            return tuple(broken_records(connection))


def _draft(connection: sqlite3.Connection, change: Change) -> Draft:
    number = change.corrects if change.corrects is not None else change.undoes
    if number is None:
        return Draft(change)
    found = connection.execute("SELECT sha256 FROM entries WHERE seq = ?", (number,)).fetchone()
    return Draft(change, str(found[0]) if found else _NOWHERE)


def _last_chain(connection: sqlite3.Connection) -> str:
    last = connection.execute("SELECT chain FROM entries ORDER BY seq DESC LIMIT 1").fetchone()
    return str(last[0]) if last else ""


def _write(connection: sqlite3.Connection, planned: Plan) -> tuple[Entered, ...]:
    chain = _last_chain(connection)
    numbers = {sha256: seq for strand in planned.strands.values() for sha256, seq in strand.numbers()}
    added = []
    for draft in planned.new:
        chain = link(chain, draft.sha256)
        seq = int(connection.execute(ADD, (draft.content, draft.sha256, chain)).lastrowid or 0)
        numbers[draft.sha256] = seq
        added.append(Entered(seq, _numbered(draft, numbers), draft.sha256))
    return tuple(added)


def _numbered(draft: Draft, numbers: Mapping[str, int]) -> Change:
    """Return the change as it reads in this file: what it corrects or undoes by the number that has here."""
    if draft.change.corrects is not None:
        return replace(draft.change, corrects=numbers[draft.aim])
    if draft.change.undoes is not None:
        return replace(draft.change, undoes=numbers[draft.aim])
    return draft.change
