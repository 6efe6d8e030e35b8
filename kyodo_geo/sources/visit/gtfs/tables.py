"""One table of a feed as columns of text, with the row every line stands in; and the words for ids and dates."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kyodo_geo.errors import TableError
from kyodo_geo.sources.tables import decode
from kyodo_geo.sources.visit.gtfs.notes import Notes

if TYPE_CHECKING:
    from _csv import Reader

_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})", re.ASCII)


@dataclass(frozen=True)
class Columns:
    """A table: its file name, `lines` with the 1-based row of each record, and the stripped cells column by column."""

    file: str
    lines: tuple[int, ...]
    cells: Mapping[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.lines)

    def __contains__(self, column: str) -> bool:
        return column in self.cells

    def __getitem__(self, column: str) -> tuple[str, ...]:
        """Return a column; blanks where the file does not have it, as the standard treats an absent column."""
        found = self.cells.get(column)
        return ("",) * len(self) if found is None else found

    def rows(self, *columns: str) -> Iterator[tuple[str, ...]]:
        """Return the cells of these columns record by record."""
        return zip(*(self[column] for column in columns), strict=True)


def no_table(file: str) -> Columns:
    """Return a table without rows, for a file the feed does not have."""
    return Columns(file, (), {})


def read_columns(content: bytes, *, file: str, notes: Notes) -> Columns:
    """Read one CSV member of a feed: UTF-8 with or without BOM or cp932, any line ends, columns in any order.

    A short row is filled with blanks (Excel drops trailing commas) with a caution; a row with values beyond the last
    column is left out. A file that is no text or no CSV is refused in `notes` and comes back without rows.
    """
    try:
        text = decode(content, name=file)
        return _read(csv.reader(io.StringIO(text, newline="")), file, notes)
    except TableError as error:
        notes.refuse(error.what, file)
    except csv.Error:
        notes.refuse('表として読めません(引用符 " の閉じ忘れか、長すぎる値があります)', file)
    return no_table(file)


def _read(reader: Reader, file: str, notes: Notes) -> Columns:
    named = next((cells for cells in reader if "".join(cells).strip()), [])
    header = [cell.strip().lower() for cell in named]
    width = len(header)
    lines: list[int] = []
    records: list[list[str]] = []
    short: list[int] = []
    before = reader.line_num
    for record in reader:
        line, before = before + 1, reader.line_num
        surplus = len(record) - width
        if not "".join(record).strip():
            continue
        if surplus > 0 and "".join(record[width:]).strip():
            spanned = f"(引用符の閉じ忘れで {before} 行目まで続いています)" if before > line else ""
            notes.leave_out(f"{width} 個の値が必要ですが {len(record)} 個あります{spanned}", file, line)
            continue
        if surplus < 0:
            short.append(line)
        lines.append(line)
        records.append(record if not surplus else [*record[:width], *[""] * -surplus])
    if short:
        notes.caution(f"値が列より少ない行は、後ろを空欄として読みました({len(short)} 行)", file, short[0])
    return Columns(file, tuple(lines), _by_column(header, records, file, notes))


def _by_column(
    header: list[str], records: list[list[str]], file: str, notes: Notes
) -> dict[str, tuple[str, ...]]:
    columns: dict[str, tuple[str, ...]] = {}
    for name, cells in zip(
        header, zip(*records, strict=True) if records else [()] * len(header), strict=True
    ):
        if name and name in columns:
            notes.caution("同じ列名が2つあります(左の列を読みました)", file, 1, name)
        elif name:
            columns[name] = tuple(map(str.strip, cells))
    return columns


def day(text: str) -> date | None:
    """Return the day of YYYYMMDD (also YYYY-MM-DD, full-width digits), None for anything else."""
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", text).replace("/", "-"))
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
