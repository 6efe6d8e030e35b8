"""From sheets in memory to the bytes of an .xlsx file."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kyodo_geo.present.workbook.grid import Grid, clean_text
from kyodo_geo.present.workbook.style import ACCENT, FONT, STYLES, WARNING

_LINE_HEIGHT = 13.5


@dataclass(frozen=True)
class Page:
    """A sheet with how it is shown and printed: widths by column, what stays in place, what is repeated in print."""

    grid: Grid
    title: str
    note: str
    widths: Sequence[tuple[int, int, float]]
    freeze: tuple[int, int] = (0, 0)
    repeat_rows: tuple[int, int] | None = None
    heights: Sequence[tuple[int, float]] = ()
    landscape: bool = True
    one_page: bool = False
    pages_wide: int = 1
    print_columns: int | None = None
    tab: str = ""
    dress: Callable[[Worksheet, dict[str, Format]], None] | None = None
    filter_area: tuple[int, int, int, int] | None = None
    verdict_areas: Sequence[tuple[int, int, int, int]] = field(default_factory=tuple)


def write_pages(
    pages: Sequence[Page], *, header: str, footer: str, written_on: datetime, title: str
) -> bytes:
    """Return the bytes of a workbook; the same pages and moment give the same bytes."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": clean_text(title)[:200], "created": written_on.replace(tzinfo=None)})
    book.formats[0].set_font_name(FONT)
    book.formats[0].set_font_size(10)
    formats = {
        name: book.add_format({"font_name": FONT, "font_size": 10, **look}) for name, look in STYLES.items()
    }
    for page in pages:
        sheet = book.add_worksheet(page.grid.name)
        _dress(sheet, page, header=header, footer=footer)
        _fill(sheet, page, formats)
    book.close()
    return out.getvalue()


def _dress(sheet: Worksheet, page: Page, *, header: str, footer: str) -> None:
    for first, last, width in page.widths:
        sheet.set_column(first, last, width)
    for row, height in page.heights:
        sheet.set_row(row, height)
    if page.freeze != (0, 0):
        sheet.freeze_panes(*page.freeze)
    if page.repeat_rows:
        sheet.repeat_rows(*page.repeat_rows)
    if page.landscape:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(page.pages_wide, 1 if page.one_page else 0)
    if page.pages_wide > 1:
        sheet.repeat_columns(0, 1)
    if page.print_columns:
        sheet.print_area(0, 0, max(row for row, _ in page.grid.cells), page.print_columns - 1)
    sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
    sheet.set_header(f"&L{_code(page.title or page.grid.name)}&R{_code(header)}")
    sheet.set_footer(f"&L{_code(footer)}&R&P / &N ページ")
    sheet.hide_gridlines(2)
    sheet.ignore_errors({"number_stored_as_text": "A1:K1048576"})  # codes are texts: 01 is not 1
    if page.tab:
        sheet.set_tab_color(page.tab)


def _code(text: str) -> str:
    """Return a text for a header: & begins a code there, and 255 signs are the limit of all."""
    return clean_text(text).replace("\n", " ")[:90].replace("&", "&&")


def _fill(sheet: Worksheet, page: Page, formats: dict[str, Format]) -> None:
    if page.title:
        sheet.write_string(0, 0, clean_text(page.title), formats["title"])
        sheet.set_row(0, 26)
        sheet.write_string(1, 0, clean_text(page.note), formats["note"])
    for (row, column), cell in page.grid.cells.items():
        look = formats[cell.style]
        value = float(cell.value) if isinstance(cell.value, Fraction) else cell.value
        if cell.formula:
            sheet.write_formula(row, column, cell.formula, look, value)
        elif value == "":
            sheet.write_blank(row, column, None, look)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, look)
        else:
            sheet.write_number(row, column, value, look)
    _heighten(sheet, page)
    if page.dress:
        page.dress(sheet, formats)
    if page.filter_area:
        sheet.autofilter(*page.filter_area)
    for area in page.verdict_areas:
        for word, colour in (("否", WARNING), ("合", ACCENT)):
            sheet.conditional_format(
                *area,
                {
                    "type": "cell",
                    "criteria": "==",
                    "value": f'"{word}"',
                    "format": formats[f"verdict_{colour}"],
                },
            )


def _heighten(sheet: Worksheet, page: Page) -> None:
    """Give rows with long wrapped texts their height: not every program that opens the file does."""
    widths = {column: width for first, last, width in page.widths for column in range(first, last + 1)}
    lines = dict[int, int]()
    for (row, column), cell in page.grid.cells.items():
        if cell.style == "wrapped" and isinstance(cell.value, str) and not cell.formula:
            needed = lines_of(cell.value, widths.get(column, 9))
            lines[row] = max(lines.get(row, 1), needed)
    for row, needed in lines.items():
        if needed > 1:
            sheet.set_row(row, 4 + _LINE_HEIGHT * needed)


def lines_of(text: str, width: float) -> int:
    """Estimate how many lines a text takes in a cell: a Japanese sign is two wide."""
    wide = sum(2 if ord(sign) > 0xFF else 1 for sign in text)
    return max(1, math.ceil(wide * 1.12 / width))
