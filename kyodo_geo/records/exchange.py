"""The records as a table that people open, add to and hand back: CSV out, CSV or Excel in, without loss.

One row an entry. The numbers in a file speak of that file alone: "訂正する番号 12" means the row whose 番号 is 12, and
what stands there already is told by its bytes, so a file may be taken into other records than it came from.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence

from kyodo_geo.errors import Fault, InputRefused, TableError
from kyodo_geo.model.changes import KINDS, Change, Entered
from kyodo_geo.records.cells import write_cell
from kyodo_geo.records.given import read_given
from kyodo_geo.records.layout import AFTER, BEFORE
from kyodo_geo.records.store import Records, Taken


def table_of(entries: Sequence[Entered]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the columns and one row of texts per entry; the values' columns are their keys, a key not stated is ""."""
    keys = tuple(dict.fromkeys(key for one in entries for key in one.change.values))
    return (*BEFORE, *keys, *AFTER), [_row(one, keys) for one in entries]


def export_csv(entries: Sequence[Entered]) -> bytes:
    """Return entries as CSV: UTF-8 with a BOM, CRLF, no cell that a spreadsheet would take for another thing."""
    columns, rows = table_of(entries)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([write_cell(text, untyped=True) for text in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def import_file(
    records: Records,
    content: bytes,
    *,
    name: str,
    check: Callable[[Change], object] | None = None,
    seen: Mapping[tuple[str, str], int | None] | None = None,
) -> Taken:
    """Add the rows of a CSV or Excel file that do not stand in the records yet, all or none, in the order of the file.

    `check` raises InputRefused for values that their kind does not allow. `seen` as in `Records.take_in`. Raises
    TableError with every fault of the file at once (row, column): a file that is none of these, a row changed after it
    was written out, a correction that points nowhere, two rows alike; Conflict when others were faster.
    """
    given = read_given(content, name=name, check=check)
    if faults := [*given.faults, *(records.faults_of(given.drafts) if given.faults else ())]:
        raise _refused(name, faults)
    try:
        return records.take_in(given.drafts, seen=seen)
    except InputRefused as refused:
        raise _refused(name, refused.faults) from refused


def _refused(name: str, faults: Iterable[Fault]) -> TableError:
    in_order = sorted(faults, key=lambda fault: fault.row or 0)
    return TableError(
        f"{name} を取り込めません。何も書き込んでいません。",
        faults=in_order,
        todo="上の行を直して、もう一度取り込んでください",
    )


def _row(one: Entered, keys: Sequence[str]) -> tuple[str, ...]:
    change = one.change
    numbers = ("" if number is None else str(number) for number in (change.corrects, change.undoes))
    return (
        str(one.seq), KINDS.get(change.kind, change.kind), change.subject, change.since,
        *(change.values.get(key, "") for key in keys),
        change.source, change.entered_by, change.entered_at, *numbers, change.note, one.sha256,
    )  # fmt: skip
