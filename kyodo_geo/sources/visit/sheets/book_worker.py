"""Run as a program of its own: a workbook on standard input becomes its sheets as JSON on standard output.

The reader ends the whole process on some damaged books, and on a sound one whose cells lie at opposite corners of the
sheet (it reserves every cell between them, 550 GB); here it ends only this process. Nothing of kyodo_geo is imported.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
from decimal import Decimal

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

LOCKED, UNREADABLE, TOO_LARGE = 3, 4, 5  # exit codes beside 0; a crash gives another
MOST_CELLS = 30_000_000
_MOST_MEMORY = 4_000_000_000
_LARGEST_WHOLE = 10**15  # above it a spreadsheet's number has lost digits

Value = float | str | bool | dt.time | dt.date | dt.timedelta
SheetRows = tuple[str, list[list[str]], list[list[int]]]


class TooLargeError(Exception):
    """A sheet reaches over more cells than can be a table."""


def cell_text(value: Value) -> str:
    """Return a spreadsheet's value as text: 45, 0.25, 2024-04-01, 2024-04-01 09:30:00, 09:00:00, TRUE."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < _LARGEST_WHOLE
        return str(int(value)) if whole else format(Decimal(repr(value)), "f")
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return value.isoformat() if isinstance(value, dt.time | dt.date) else str(value)


def sheets_of(content: bytes) -> list[SheetRows]:
    """Return the visible sheets as name, rows from the sheet's first row on (without blank ends), merged areas.

    Raises TooLargeError for a sheet of more than 30 million cells, blank ones between its corners counted.
    """
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    titles = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    return [_sheet(book.get_sheet_by_name(title)) for title in titles]


def _sheet(sheet: CalamineSheet) -> SheetRows:
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise TooLargeError
    # Leading blank rows and columns are kept: a line must be the one that the spreadsheet shows
    rows = [
        _without_end([cell_text(value) for value in row]) for row in sheet.to_python(skip_empty_area=False)
    ]
    return sheet.name, rows, [[*first, *last] for first, last in sheet.merged_cell_ranges or ()]


def _without_end(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


def _limit_memory() -> None:
    """Let this process fail early where the system can be told so (not on Windows)."""
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run() -> int:
    """Read standard input, write standard output, and return the exit code."""
    _limit_memory()
    try:
        sheets = sheets_of(sys.stdin.buffer.read())
    except PasswordError:
        return LOCKED
    except (TooLargeError, MemoryError):
        return TOO_LARGE
    except CalamineError:
        return UNREADABLE
    sys.stdout.buffer.write(json.dumps(sheets, ensure_ascii=True).encode())
    return 0


if __name__ == "__main__":
    sys.exit(run())
