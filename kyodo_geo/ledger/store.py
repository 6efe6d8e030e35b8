"""The ledger: frozen runs and the life of grants, append-only, each entry with its sha256 and a chain over all.

The chain shows an entry that was changed, removed or put in by hand. It is no signature: who writes the whole
file anew, with all its sums, is not found out. Times and names come with the entries; nothing here asks a clock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path

from kyodo_geo.errors import Fault, InputRefused, LedgerError
from kyodo_geo.ledger.file import FILE_NAME, reading, writing
from kyodo_geo.ledger.rows import (
    ADD_EVENT,
    ADD_RUN,
    Row,
    broken_events,
    broken_pages,
    broken_runs,
    columns_of,
    event_bytes,
    event_rows,
    free_id,
    link,
    run_rows,
    utf8,
)
from kyodo_geo.model.grant_life import Conditions, EventKind, GrantEvent, refuse
from kyodo_geo.model.grant_refusals import refuse_malformed

FROZEN = "確定"
SHORTEST_PREFIX = 4


@dataclass(frozen=True)
class FrozenRun:
    """A run that can no longer change: its short id, the sha256 of its bytes (hex), and the bytes (UTF-8 JSON)."""

    run_id: str
    sha256: str
    content: bytes

    @property
    def record(self) -> dict[str, object]:
        """The record that was frozen."""
        record: dict[str, object] = json.loads(self.content)
        return record


class Ledger:
    """The ledger of a workspace folder. The first entry makes the file; before that it reads as an empty one.

    Every method raises LedgerError when the file cannot be read or written.
    """

    def __init__(self, workspace: Path) -> None:
        self.path = Path(workspace) / FILE_NAME

    def freeze(self, record: Mapping[str, object]) -> FrozenRun:
        """Store a record for good and return it with its id; the identical record again is the same run.

        Raises TypeError for a float or another value JSON cannot hold exactly, InputRefused when the record does
        not say `status` 確定, by whom (`frozen_by`) and when (`frozen_at`, an ISO time).
        """
        content = canonical_bytes(record)
        _refuse_unfinished(record)
        sha256 = hashlib.sha256(content).hexdigest()
        with writing(self.path) as connection:
            rows = list(run_rows(connection))
            for row in rows:
                if row.sha256 == sha256:
                    return _proved_run(row)
            run_id = free_id(sha256, [row.run_id for row in rows])
            connection.execute(
                ADD_RUN, (run_id, content, sha256, link(rows[-1].chain if rows else "", sha256))
            )
        return FrozenRun(run_id, sha256, content)

    def runs(self) -> tuple[FrozenRun, ...]:
        """Return all frozen runs, oldest first; LedgerError naming the run whose bytes are not its sha256's."""
        with reading(self.path) as connection:
            return tuple(_proved_run(row) for row in run_rows(connection))

    def run(self, run_id: str) -> FrozenRun:
        """Return the run of an id, or of the beginning (4 characters or more) of one run's sha256.

        Raises InputRefused with the near ids when there is none or more than one, LedgerError as `runs` does.
        """
        asked = run_id.strip().lower()
        with reading(self.path) as connection:
            rows = list(run_rows(connection))
        found = [row for row in rows if row.run_id == asked] or [
            row for row in rows if row.sha256.startswith(asked)
        ]
        if len(found) != 1 or len(asked) < SHORTEST_PREFIX:
            raise _no_such_run(run_id, found, rows)
        return _proved_run(found[0])

    def append(self, event: GrantEvent, *, conditions: Conditions | None = None) -> int:
        """Store an event and return its sequence number, from 1.

        With conditions the event is first held against all events entered so far, in the same transaction: two
        people at once cannot both take the last yen. Raises InputRefused as `grant_life.refuse` does, and for a
        run id that this ledger does not hold.
        """
        refuse_malformed(event)
        columns = columns_of(event)
        sha256 = hashlib.sha256(event_bytes(columns)).hexdigest()
        with writing(self.path) as connection:
            rows = list(event_rows(connection))
            if conditions is not None:
                refuse(event, [_proved_event(row) for row in rows], conditions)
            if event.run_id and event.run_id not in {row.run_id for row in run_rows(connection)}:
                todo = "確定した試算の番号を入れてください"
                raise InputRefused(f"確定「{event.run_id}」はこの台帳にありません。", todo=todo)
            chain = link(rows[-1].chain if rows else "", sha256)
            return int(connection.execute(ADD_EVENT, (*columns.values(), sha256, chain)).lastrowid or 0)

    def events(
        self, *, fiscal_year: int | None = None, unit_code: str | None = None
    ) -> tuple[GrantEvent, ...]:
        """Return the events in the order of their entry, of one fiscal year or one unit if asked.

        Raises LedgerError naming an event that is not what was entered, whichever were asked for: a changed unit
        must not make an event disappear.
        """
        with reading(self.path) as connection:
            events = [_proved_event(row) for row in event_rows(connection)]
        return tuple(
            event
            for event in events
            if fiscal_year in (None, event.fiscal_year) and unit_code in (None, event.unit_code)
        )

    def verify(self) -> tuple[Fault, ...]:
        """Return what is wrong with the ledger, nothing if all is as it was entered.

        Looks at SQLite's own checks, each sha256 and run id, the chain, and the sequence numbers without a gap,
        also at the end.
        """
        with reading(self.path) as connection:
            return (*broken_pages(connection), *broken_runs(connection), *broken_events(connection))


def canonical_bytes(record: Mapping[str, object]) -> bytes:
    """Return a record as UTF-8 JSON, the same for the same record: keys sorted, no spaces, no float.

    Raises TypeError for a float, a key that is no text, or a value JSON does not know; InputRefused for text that
    is no valid Unicode.
    """
    text = json.dumps(
        _plain(record, "記録"), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return utf8(text)


def _plain(value: object, where: str) -> object:
    if isinstance(value, float):
        msg = f"{where} に小数(float)があります: {value!r}。整数、分数の文字などにしてください"
        raise TypeError(msg)
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                msg = f"{where} の見出し {key!r} は文字ではありません"
                raise TypeError(msg)
        return {key: _plain(inner, f"{where}.{key}") for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner, f"{where}[{place}]") for place, inner in enumerate(value)]
    return value


def _refuse_unfinished(record: Mapping[str, object]) -> None:
    if record.get("status") != FROZEN:
        what = f"状態が「{record.get('status', '')}」の計算は台帳に入れられません。"
        raise InputRefused(what, todo=f"「{FROZEN}」にしてから入れてください")
    by, at = record.get("frozen_by"), record.get("frozen_at")
    if not isinstance(by, str) or not by.strip():
        raise InputRefused("確定した人の名前がありません。", todo="名前を入れてください")
    if not isinstance(at, str) or not _is_time(at):
        raise InputRefused(
            f"確定の時刻「{at}」を読めません。", todo="2026-04-01T09:00:00 の形で入れてください"
        )


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return "T" in text  # a day alone is no time


def _proved_run(row: Row) -> FrozenRun:
    row.proved()
    return FrozenRun(row.run_id, row.sha256, row.content)


def _proved_event(row: Row) -> GrantEvent:
    said = json.loads(row.proved().content)
    try:
        kind, day = EventKind(said.pop("kind")), date.fromisoformat(said.pop("day"))
    except (TypeError, ValueError) as error:
        what = f"{row.name} は改ざんされたか破損しています(種類か日付を読めません)。"
        raise LedgerError(what, todo="この台帳を使わず、控えの台帳と比べてください") from error
    return GrantEvent(**said, kind=kind, day=day, seq=row.seq)


def _no_such_run(asked: str, found: Sequence[Row], rows: Sequence[Row]) -> InputRefused:
    ids = [row.run_id for row in rows]
    near = [row.run_id for row in found] or get_close_matches(asked.strip().lower(), ids, n=5, cutoff=0.4)
    faults = (
        [Fault(f"近い番号: {'、'.join(near)}")] if near else [Fault(f"この台帳の確定は {len(ids)} 件です")]
    )
    why = "に当たる確定が2件以上あります" if len(found) > 1 else "に当たる確定がありません"
    if len(asked.strip()) < SHORTEST_PREFIX:
        why = f"は短すぎます({SHORTEST_PREFIX}文字以上)"
    todo = "確定の番号(画面や帳票にある8文字)を入れてください"
    return InputRefused(f"番号「{asked}」{why}。", faults=faults, todo=todo)
