"""Tables for people: CSV that Excel opens rightly, and HTML tables in which data is always text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

MINUS = "−"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Col:
    """A column of a table on screen: whether it holds numbers, names the row, holds sentences and needs width, or codes."""

    label: str
    number: bool = False
    heading: bool = False
    wide: bool = False
    code: bool = False


def safe_cell(value: object) -> object:
    """Return a cell for a spreadsheet: text that would start a formula gets a leading apostrophe, None is empty."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Write rows as CSV with CRLF, as Excel does; text that would start a formula is disarmed."""
    out = io.StringIO()
    csv.writer(out).writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def csv_file(text: str) -> bytes:
    """Return the bytes of a CSV file: UTF-8 with a BOM, without which Excel in Japan reads cp932."""
    return text.encode("utf-8-sig")


def number_text(value: float, *, decimals: int = 0, signed: bool = False, unit: str = "") -> str:
    """Write a number with thousands separators, a true minus, and its unit after it: −14.9 %."""
    text = f"{abs(value):,.{decimals}f}"
    zero = not any(digit in "123456789" for digit in text)
    sign = "" if zero else MINUS if value < 0 else "+" if signed else ""
    space = "" if not unit or unit[0] > "\x7f" else " "
    return f"{sign}{text}{space}{unit}"


def html_table(
    columns: Sequence[Col],
    rows: Iterable[Sequence[object]],
    *,
    caption: str,
    foot: Iterable[Sequence[object]] = (),
    scroll: bool = True,
) -> str:
    """Return an HTML table with a caption, a head, and a foot for sums; every cell is escaped text.

    A table too wide for its place scrolls sideways inside itself; `scroll` gives a long one a height as well.
    """
    head = "".join(f'<th scope="col"{_align(column)}>{escape(column.label)}</th>' for column in columns)
    body = "".join(_row(columns, row) for row in rows)
    sums = "".join(_row(columns, row) for row in foot)
    tail = f"<tfoot>{sums}</tfoot>" if sums else ""
    table = (
        f'<table class="kg-table"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{tail}</table>"
    )
    room = "kg-scroll" if scroll else "kg-wide-table"
    return f'<div class="{room}" tabindex="0" role="region" aria-label="{escape(caption)}">{table}</div>'


def _row(columns: Sequence[Col], cells: Sequence[object]) -> str:
    parts = []
    for column, cell in zip(columns, cells, strict=True):
        text = "" if cell is None else escape(str(cell))
        tag, scope = ("th", ' scope="row"') if column.heading else ("td", "")
        parts.append(f"<{tag}{scope}{_align(column)}>{text}</{tag}>")
    return f"<tr>{''.join(parts)}</tr>"


def _align(column: Col) -> str:
    kinds = {"kg-number": column.number, "kg-wide": column.wide, "kg-code": column.code}
    name = next((name for name, wanted in kinds.items() if wanted), "")
    return f' class="{name}"' if name else ""
