"""Tables as rows of text, whatever they were saved as: CSV of any encoding, Excel, ODS, or a zip holding one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kyodo_geo.errors import TableError
from kyodo_geo.sources.visit.sheets.book import Area, is_book, read_book
from kyodo_geo.sources.visit.sheets.packed import is_zip, unpack_one
from kyodo_geo.sources.visit.sheets.text import split_text

# What people put before a code so that Excel keeps its zeros: ="012345678" and '012345678
_KEPT_AS_TEXT = re.compile(r'="(.*)"|\'([0-9].*)')
# Signs without width that copying from a web page leaves at the ends of a cell
_INVISIBLE = "\ufeff\u200b\u200e\u200f"


@dataclass(frozen=True)
class SheetRow:
    """One row that is not blank: its 1-based line as a spreadsheet shows it, and its cells as stripped text."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its file, its name ("" for CSV), its rows without the blank ones.

    Rows may differ in length. `merged` are the merged areas as 0-based (top, left, bottom, right) of the file, all
    included; () where the format does not tell them. A merged value stands in the first cell only.
    """

    file: str
    name: str
    rows: tuple[SheetRow, ...]
    merged: tuple[Area, ...] = ()


def read_sheets(content: bytes, *, name: str) -> tuple[Sheet, ...]:
    """Return the sheets of a file that hold anything, in the file's order; a CSV is one sheet.

    Read are CSV, TSV and text (UTF-8 and UTF-16 with or without BOM, cp932), XLSX, XLS, ODS, and a zip with exactly one
    such file, whose `Sheet.file` is "outer.zip/inner.csv". What the file is, is told by its bytes, never by its name.
    Dates of a workbook come as ISO text, whole numbers without a decimal point; hidden sheets are not read.
    Raises TableError for an empty file, a web page, a PDF, a damaged or locked book or zip, a zip with no or several
    tables, a zip within a zip, or more than 200 MB unpacked.
    """
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise _empty(name)
    if is_zip(content) and not is_book(content, name=name):
        inner, unpacked = unpack_one(content, name=name)
        if is_zip(unpacked) and not is_book(unpacked, name=f"{name}/{inner}"):
            raise _nested(name, inner)
        return read_sheets(unpacked, name=f"{name}/{inner}")
    if is_book(content, name=name):
        sheets = [_sheet(name, title, rows, merged) for title, rows, merged in read_book(content, name=name)]
    else:
        sheets = [_sheet(name, "", split_text(content, name=name), ())]
    kept = tuple(sheet for sheet in sheets if sheet.rows)
    if not kept:
        raise _empty(name)
    return kept


def _sheet(file: str, name: str, rows: Iterable[Iterable[str]], merged: tuple[Area, ...]) -> Sheet:
    numbered = (SheetRow(line, tuple(map(_clean, cells))) for line, cells in enumerate(rows, start=1))
    return Sheet(file, name, tuple(row for row in numbered if any(row.cells)), merged)


def _clean(cell: str) -> str:
    plain = cell.strip().strip(_INVISIBLE).strip()
    kept = _KEPT_AS_TEXT.fullmatch(plain)
    return (kept[1] or kept[2] or "").strip() if kept else plain


def _empty(name: str) -> TableError:
    return TableError(f"{name}: ファイルが空です。", todo="列名の行と値の行が入っているか確かめてください")


def _nested(name: str, inner: str) -> TableError:
    return TableError(
        f"{name}: zip の中の「{inner}」がまた zip です。",
        todo="展開して、中の表を1つ開いてください",
    )
