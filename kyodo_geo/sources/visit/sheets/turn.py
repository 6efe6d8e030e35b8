"""Tables laid out on their side: the names of the columns stand down the first column, the places across."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import zip_longest

from kyodo_geo.sources.visit.sheets.sheet import Sheet, SheetRow
from kyodo_geo.sources.visit.sheets.totals import is_total_name

_NO_CORNER = frozenset({"", "年齢", "年齢別", "年齢区分", "年齢階級", "区分", "項目"})
_CORNER, _DISTRICT_CORNER = "町名", "地区"
_LEADING_COLUMNS = 3  # 男女, 年齢 and at most one more stand before the values


def turn(sheet: Sheet, *, known: Callable[[str], bool]) -> tuple[Sheet, tuple[str, ...]]:
    """Return a sheet with rows and columns exchanged, and the texts of the rows that held one text only.

    The lines of the turned sheet are the numbers of the columns, from 1. Rows of place names (above the first row with
    a value under a known name) are filled rightwards, for there one name stands over several columns; totals are not.
    """
    titles = [row for row in sheet.rows if sum(map(bool, row.cells)) == 1]
    rows = [row for row in sheet.rows if sum(map(bool, row.cells)) > 1]
    first = next((at for at, row in enumerate(rows) if _has_values(row)), 0)
    grid = [_filled(row.cells, known) if at < first - 1 else list(row.cells) for at, row in enumerate(rows)]
    across = enumerate(zip_longest(*grid, fillvalue=""), start=1)
    turned = tuple(SheetRow(line, cells) for line, cells in across if any(cells))
    title = tuple(cell for row in titles for cell in row.cells if cell)
    return Sheet(sheet.file, sheet.name, turned), title


def name_corner(
    turned: Sheet, *, place: Callable[[str], bool], district: Callable[[str], bool] | None = None
) -> Sheet:
    """Return a turned sheet with 町名 for a corner that is blank, 年齢 or 区分, where most names below it are places.

    地区 where most are districts. The sheet as it is where they are not: the corner's column may hold anything then.
    """
    first = turned.rows[0]
    corner = "".join(first.cells[0].split()) if first.line == 1 else None
    names = [row.cells[0] for row in turned.rows[1:] if row.cells[0] and not is_total_name(row.cells[0])]
    if corner not in _NO_CORNER or 2 * sum(map(place, names)) <= len(names):
        return turned
    districts = district is not None and 2 * sum(map(district, names)) > len(names)
    named = replace(first, cells=(_DISTRICT_CORNER if districts else _CORNER, *first.cells[1:]))
    return replace(turned, rows=(named, *turned.rows[1:]))


def _has_values(row: SheetRow) -> bool:
    return any(cell[-1:].isdigit() for cell in row.cells[_LEADING_COLUMNS:] or row.cells[1:])


def _filled(cells: tuple[str, ...], known: Callable[[str], bool]) -> list[str]:
    """Fill a row of place names rightwards behind its own head, but never with a total or a known name."""
    filled, name = list(cells), ""
    for at, cell in enumerate(cells):
        if cell:
            name = "" if known(cell) or is_total_name(cell) else cell
        filled[at] = cell or name
    return filled
