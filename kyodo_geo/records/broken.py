"""What is broken in the records: rows that were changed, removed or put in by hand."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.ledger.rows import Row, broken_chain, broken_pages
from kyodo_geo.model.changes import Change
from kyodo_geo.records.rows import FILE_NAME, Draft, all_rows
from kyodo_geo.records.strand import Strand


def broken_records(connection: sqlite3.Connection) -> Iterator[Fault]:
    """Tell what SQLite finds wrong, then which rows are missing, changed or out of the chain, then which are no entry."""
    yield from broken_pages(connection, file=FILE_NAME)
    rows = list(all_rows(connection))
    yield from broken_chain(connection, "entries", "記録", rows, file=FILE_NAME)
    strands: dict[tuple[str, str], Strand] = {}
    for row in rows:
        if row.sound and (why := _no_entry(row, strands)):
            yield Fault(f"{row.name}: {why}", file=FILE_NAME)


def _no_entry(row: Row, strands: dict[tuple[str, str], Strand]) -> str:
    """Say why a row with a right sha256 could not have been entered; "" when it could."""
    try:
        said = json.loads(row.content)
        aim = said["corrects"] or said["undoes"] or ""
        # any number will do: only which of the two it is counts
        change = Change(**{**said, **{name: 0 for name in ("corrects", "undoes") if said[name] is not None}})
        draft = Draft(change, aim)
    except (InputRefused, ValueError, TypeError, KeyError, AttributeError):
        return "内容が記録の形ではありません(手で入れられたか破損)"
    if draft.content != row.content:
        return "内容の書き方が記録のものではありません(手で入れられたか破損)"
    strand = strands.setdefault(draft.topic, Strand())
    why = (
        "訂正か取消しの元が、その時の記録にありません(手で入れられたか破損)" if strand.refusal(draft) else ""
    )
    strand.put(draft)
    return why
