"""The records as an Excel workbook that people add to and hand back; `records.import_file` reads it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kyodo_geo.errors import TableError
from kyodo_geo.model.changes import Entered
from kyodo_geo.records.cells import is_plain_number, write_cell
from kyodo_geo.records.exchange import table_of
from kyodo_geo.records.layout import AFTER, BEFORE, CORRECTS, NUMBER, SHA256, UNDOES

_FONT = "Yu Gothic"
_WIDTHS = {NUMBER: 7, SHA256: 12}
_WIDTH = 18
_ALWAYS_TEXT = frozenset((*BEFORE, *AFTER)) - {NUMBER, CORRECTS, UNDOES}
_TOLD = (
    "この表は記録の控えです。足した行は「取り込み」で記録に加えられます。",
    "いまある行は変えないでください。変えた行があると、取り込みません。",
    "新しい行: 番号と「内容の sha256」は空けておき、種類、対象、いつから、出典、入力した部署、入力の時刻を入れます。",
    "いつからは 2024-04-01 か FY2024、入力の時刻は 2024-06-01T09:00:00+09:00 の形です。",
    "直すとき: 正しい値の新しい行に「訂正する番号」を入れます。取り消すとき: 「取り消す番号」を入れます。",
    "先頭の ' は文字であることの印です。\\u000d のような印は、表に書けない文字です。そのままにしてください。",
)


def records_book(entries: Sequence[Entered], *, written_on: datetime) -> bytes:
    """Return the bytes of an .xlsx with one row an entry, and a sheet that tells how to add rows; same input, same bytes.

    Numbers are number cells where Excel gives the same digits back, all else is text. Raises TableError where a sheet
    cannot hold it all.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": "記録", "created": written_on.replace(tzinfo=None)})
    book.formats[0].set_font_name(_FONT)
    _fill(
        book.add_worksheet("記録"), entries, book.add_format({"bold": True, "bottom": 1, "font_name": _FONT})
    )
    told = book.add_worksheet("説明")
    told.set_column(0, 0, 110)
    for row, line in enumerate(_TOLD):
        told.write_string(row, 0, line)
    book.close()
    return out.getvalue()


def _fill(sheet: Worksheet, entries: Sequence[Entered], heading: Format) -> None:
    columns, rows = table_of(entries)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS.get(column, _WIDTH))
        sheet.write_string(0, place, column, heading)
    for line, cells in enumerate(rows, start=1):
        for place, text in enumerate(cells):
            if text:
                _put(sheet, line, place, text, as_text=columns[place] in _ALWAYS_TEXT)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # codes are texts: 01 is not 1


def _put(sheet: Worksheet, row: int, column: int, text: str, *, as_text: bool) -> None:
    if is_plain_number(text) and not as_text:
        failed = sheet.write_number(row, column, int(text))
    else:
        failed = sheet.write_string(row, column, write_cell(text))
    if failed:  # beyond the sheet, or too long: it would be left out without a word
        what = f"記録が Excel の表に収まりません({row + 1} 行目)。"
        raise TableError(what, todo="CSV で書き出すか、種類を選んで書き出してください")
