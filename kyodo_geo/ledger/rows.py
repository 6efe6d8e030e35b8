"""The rows of the ledger as they stand in its file: their bytes, the chain over them, and what is broken.

A row's sha256 is that of its bytes; a row's chain is the sha256 of the chain before it (hex; none before the
first) followed by its own sha256 (hex).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from kyodo_geo.errors import Fault, InputRefused, LedgerError
from kyodo_geo.ledger.file import FILE_NAME
from kyodo_geo.model.grant_life import EventKind, GrantEvent

_ID_STEP = 8, 4  # a run id is 8 characters of the sha256, where that is taken 4 more, and so on

_RUNS = "SELECT seq, content, sha256, chain, run_id FROM runs ORDER BY seq"
ADD_RUN = "INSERT INTO runs (run_id, content, sha256, chain) VALUES (?, ?, ?, ?)"
_EVENT_COLUMNS = (
    "fiscal_year", "scheme", "unit_code", "unit", "kind", "amount_yen", "day", "entered_by", "reason", "run_id",
    "reserve_base_yen",
)  # fmt: skip
_COLUMNS = ", ".join(_EVENT_COLUMNS)
_EVENTS = f"SELECT seq, sha256, chain, {_COLUMNS} FROM events ORDER BY seq"  # noqa: S608 - names from above
ADD_EVENT = f"INSERT INTO events ({_COLUMNS}, sha256, chain) VALUES ({'?, ' * len(_EVENT_COLUMNS)}?, ?)"  # noqa: S608 - see above


@dataclass(frozen=True)
class Row:
    """An entry as it stands in the file, not yet proved; its bytes are what the sha256 speaks of."""

    seq: int
    content: bytes
    sha256: str
    chain: str
    run_id: str = ""

    @property
    def name(self) -> str:
        """What people call it: a run's id, an event's number."""
        return f"確定 {self.run_id}" if self.run_id else f"記録 {self.seq} 番"

    @property
    def sound(self) -> bool:
        """Whether the bytes are those of the sha256, and the id its beginning."""
        return hashlib.sha256(self.content).hexdigest() == self.sha256 and self.sha256.startswith(self.run_id)

    def proved(self) -> Row:
        """Return the row itself; LedgerError naming it when it is not sound."""
        if not self.sound:
            what = f"{self.name} は改ざんされたか破損しています(内容が sha256 と合いません)。"
            raise LedgerError(what, todo="この台帳を使わず、控えの台帳と比べてください")
        return self


def run_rows(connection: sqlite3.Connection) -> Iterator[Row]:
    """Read the frozen runs, oldest first."""
    for seq, content, sha256, chain, run_id in connection.execute(_RUNS):
        # a hand may have put a text or a number in the place of bytes or text
        yield Row(seq, content if isinstance(content, bytes) else b"", str(sha256), str(chain), str(run_id))


def event_rows(connection: sqlite3.Connection) -> Iterator[Row]:
    """Read the events, oldest first; their bytes are made of their columns."""
    for seq, sha256, chain, *values in connection.execute(_EVENTS):
        content = event_bytes(dict(zip(_EVENT_COLUMNS, values, strict=True)))
        yield Row(seq, content, str(sha256), str(chain))


def free_id(sha256: str, taken: Sequence[str]) -> str:
    """Return the first 8 characters of a sha256, 12, 16 and so on where a run has that id already."""
    first, step = _ID_STEP
    ids = (sha256[:length] for length in range(first, len(sha256), step))
    return next((run_id for run_id in ids if run_id not in taken), sha256)


def link(previous: str, sha256: str) -> str:
    """Return the chain of a row from the chain before it ("" before the first) and its own sha256."""
    return hashlib.sha256(f"{previous}{sha256}".encode()).hexdigest()


def columns_of(event: GrantEvent) -> dict[str, object]:
    """Return what is stored of an event, in the order of the columns: all but its number."""
    columns = asdict(event) | {"kind": EventKind(event.kind).value, "day": event.day.isoformat()}
    return {name: columns[name] for name in _EVENT_COLUMNS}


def event_bytes(columns: Mapping[str, object]) -> bytes:
    """Return an event's columns as UTF-8 JSON, keys sorted, no spaces."""
    # repr: bytes that a hand put into a column must give another sha256, not an error
    return utf8(json.dumps(columns, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=repr))


def utf8(text: str) -> bytes:
    """Return a text's bytes; InputRefused for half a character (a lone surrogate)."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputRefused(
            "記録に保存できない文字があります。", todo="その文字を入れ直してください"
        ) from error


def broken_pages(connection: sqlite3.Connection, *, file: str = FILE_NAME) -> Iterator[Fault]:
    """Tell what SQLite itself finds wrong with the file."""
    for (said,) in connection.execute("PRAGMA integrity_check"):
        if said != "ok":
            yield Fault(f"ファイルが壊れています({said})", file=file)


def broken_runs(connection: sqlite3.Connection) -> Iterator[Fault]:
    """Tell which runs are missing, changed, out of the chain or under a wrong id."""
    rows = list(run_rows(connection))
    yield from broken_chain(connection, "runs", "確定", rows)
    for place, row in enumerate(rows):
        if row.run_id != free_id(row.sha256, [earlier.run_id for earlier in rows[:place]]):
            yield Fault(f"{row.name}: 番号が内容の sha256 と合いません", file=FILE_NAME)


def broken_events(connection: sqlite3.Connection) -> Iterator[Fault]:
    """Tell which events are missing, changed, out of the chain or name a run that is not there."""
    rows = list(event_rows(connection))
    yield from broken_chain(connection, "events", "記録", rows)
    runs = {row.run_id for row in run_rows(connection)}
    for row in rows:
        named = json.loads(row.content)["run_id"]
        if named and named not in runs:
            yield Fault(f"{row.name}: 元の確定 {named} が台帳にありません", file=FILE_NAME)


def broken_chain(
    connection: sqlite3.Connection, table: str, label: str, rows: Sequence[Row], *, file: str = FILE_NAME
) -> Iterator[Fault]:
    """Tell which rows of a table are missing, changed or out of the chain; `rows` are all of it, oldest first."""
    previous, expected = "", 1
    for row in rows:
        if row.seq > expected:
            yield Fault(_gap(label, expected, row.seq - 1), file=file)
        if row.seq < expected:
            yield Fault(f"{label}の通し番号 {row.seq} は使われない番号です(改ざんか破損)", file=file)
        if not row.sound:
            yield Fault(f"{row.name}: 内容が sha256 と合いません(改ざんか破損)", file=file)
        if row.chain != link(previous, row.sha256):
            yield Fault(f"{row.name}: 前の記録とのつながりが切れています(改ざんか破損)", file=file)
        previous, expected = row.chain, row.seq + 1
    # SQLite remembers the highest number it gave: without it the last rows could go unseen
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    if last and last[0] >= expected:
        yield Fault(_gap(label, expected, last[0]), file=file)


def _gap(label: str, first: int, last: int) -> str:
    numbers = f"{first}" if first == last else f"{first}~{last}"
    return f"{label}の通し番号 {numbers} がありません(削除か破損)"
