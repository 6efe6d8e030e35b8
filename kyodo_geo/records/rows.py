"""The rows of the records as they stand in their file: what is stored of a change, and reading many back fast.

A row's bytes are the change as JSON (UTF-8, keys sorted, no spaces). What a change corrects or undoes is named there by
the sha256 of that entry, not by its number: the bytes of an entry are the same in whichever file it came to stand.
"""

from __future__ import annotations

import gc
import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cached_property
from types import MappingProxyType

from kyodo_geo.errors import Fault, LedgerError
from kyodo_geo.ledger.file import Book
from kyodo_geo.ledger.rows import Row, utf8
from kyodo_geo.model.changes import Change, Entered

FILE_NAME = "records.sqlite3"

_STATEMENTS = (
    # kind and subject are read out of the bytes: nobody can change them apart from what the sha256 speaks of
    """CREATE TABLE entries (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        content BLOB NOT NULL,
        sha256 TEXT NOT NULL UNIQUE,
        chain TEXT NOT NULL,
        kind TEXT GENERATED ALWAYS AS (json_extract(CAST(content AS TEXT), '$.kind')) VIRTUAL,
        subject TEXT GENERATED ALWAYS AS (json_extract(CAST(content AS TEXT), '$.subject')) VIRTUAL)""",
    "CREATE INDEX entries_by_subject ON entries (kind, subject)",
    "CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    # INSERT OR REPLACE takes a row away without a DELETE that a trigger would see
    """CREATE TRIGGER entries_no_replace BEFORE INSERT ON entries
        WHEN EXISTS (SELECT 1 FROM entries WHERE NEW.seq = seq OR NEW.sha256 = sha256)
        BEGIN SELECT RAISE(ABORT, 'append-only'); END""",
)
BOOK = Book(FILE_NAME, 0x4B595243, 1, _STATEMENTS, "記録")  # "KYRC"

ADD = "INSERT INTO entries (content, sha256, chain) VALUES (?, ?, ?)"
ALL = "SELECT seq, content, sha256 FROM entries ORDER BY seq"
OF_KIND = "SELECT seq, content, sha256 FROM entries WHERE kind = ? ORDER BY seq"
OF_SUBJECT = "SELECT seq, content, sha256 FROM entries WHERE kind = ? AND subject = ? ORDER BY seq"
OF_NUMBER = """SELECT seq, content, sha256 FROM entries
    WHERE (kind, subject) = (SELECT kind, subject FROM entries WHERE seq = ?) ORDER BY seq"""
_WHOLE = "SELECT seq, content, sha256, chain FROM entries ORDER BY seq"

_KEYS = frozenset(field.name for field in fields(Change))
_LOADING = threading.Lock()
_TODO = "この記録を使わず、控えの記録と比べてください"

Stored = tuple[int, bytes, str]


@dataclass(frozen=True)
class Draft:
    """A change on its way into the records; `aim` is the sha256 (hex) of the entry it corrects or undoes, else "".

    Which of the two it does stands in its change; the number there is only what people are told. `file` and `row` say
    where it was read, for the faults.
    """

    change: Change
    aim: str = ""
    file: str = ""
    row: int | None = None

    @property
    def topic(self) -> tuple[str, str]:
        """Its kind and subject."""
        return self.change.kind, self.change.subject

    @cached_property
    def content(self) -> bytes:
        """Its bytes as they are stored; InputRefused for half a character (a lone surrogate)."""
        said = {name: getattr(self.change, name) for name in _KEYS} | {"values": dict(self.change.values)}
        said |= {name: self.aim for name in ("corrects", "undoes") if said[name] is not None}
        return utf8(json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")))

    @cached_property
    def sha256(self) -> str:
        """The sha256 of its bytes (hex)."""
        return hashlib.sha256(self.content).hexdigest()

    def fault(self, what: str, *, column: str = "") -> Fault:
        """Return a fault of this draft, with the place it was read at."""
        return Fault(what, file=self.file, row=self.row, column=column)


def read_entries(
    connection: sqlite3.Connection, query: str = ALL, words: Sequence[object] = ()
) -> tuple[Entered, ...]:
    """Return the entries of a query in its order, each held against its sha256.

    Raises LedgerError naming the entry whose bytes are not its sha256's, are no change, or that corrects or undoes one
    which is not among those asked for.
    """
    with _collector_at_rest():
        rows = connection.execute(query, words).fetchall()
        _prove(rows)
        numbers = {sha256: seq for seq, _, sha256 in rows}
        return tuple(
            Entered(seq, _change(seq, said, numbers), sha256)
            for (seq, _, sha256), said in zip(rows, _parsed(rows), strict=True)
        )


def all_rows(connection: sqlite3.Connection) -> Iterator[Row]:
    """Read all rows, oldest first, not yet proved."""
    for seq, content, sha256, chain in connection.execute(_WHOLE):
        # a hand may have put a text or a number in the place of bytes or text
        yield Row(seq, content if isinstance(content, bytes) else b"", str(sha256), str(chain))


def unreadable(seq: int) -> LedgerError:
    """Return the error that names an entry which is no change any more."""
    return LedgerError(
        f"記録 {seq} 番は改ざんされたか破損しています(内容を読めないか、元の記録がありません)。", todo=_TODO
    )


def _prove(rows: Iterable[Stored]) -> None:
    digest = hashlib.sha256
    for seq, content, sha256 in rows:
        if not isinstance(content, bytes) or digest(content).hexdigest() != sha256:
            what = f"記録 {seq} 番は改ざんされたか破損しています(内容が sha256 と合いません)。"
            raise LedgerError(what, todo=_TODO)


def _parsed(rows: Sequence[Stored]) -> list[object]:
    # one text for the parser: 100,000 small ones take half as long again
    try:
        found: list[object] = json.loads(b"[" + b",".join(content for _, content, _ in rows) + b"]")
    except ValueError:
        found = []
    return found if len(found) == len(rows) else [_parsed_one(seq, content) for seq, content, _ in rows]


def _parsed_one(seq: int, content: bytes) -> object:
    try:
        said: object = json.loads(content)
    except ValueError as error:
        raise unreadable(seq) from error
    return said


def _change(seq: int, said: object, numbers: dict[str, int]) -> Change:
    """Return the change of a proved row without checking its fields anew: that was done before it was stored."""
    if not isinstance(said, dict) or said.keys() != _KEYS or not isinstance(said["values"], dict):
        raise unreadable(seq)
    said["values"] = MappingProxyType(said["values"])
    for name in ("corrects", "undoes"):
        if (aim := said[name]) is not None:
            if aim not in numbers:
                raise unreadable(seq)
            said[name] = numbers[aim]
    change = Change.__new__(Change)
    vars(change).update(said)
    return change


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from walking, again and again, over a heap that only grows: half of the time.

    One at a time, so that none of two loads finds the collector off and leaves it so.
    """
    with _LOADING:
        running = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            if running:
                gc.enable()
