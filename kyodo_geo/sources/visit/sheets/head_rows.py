"""The head of a table: which rows it is, its levels joined to one name a column, and the blocks it repeats."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kyodo_geo.sources.visit.sheets.sheet import Sheet, SheetRow

Known = Callable[[str], bool]
Needed = Callable[[Sequence[str]], bool]

_SEARCHED_ROWS = 30  # no table was seen whose column names stand further down
_MOST_LEVELS = 3
_NUMBER = re.compile(r"[△▲-]?[0-9][0-9,]*(?:\.[0-9]+)?%?|[Xx*]|\.\.\.")
_UNIT = re.compile(r"\(?(?:単位:?)?(?:人|世帯|戸|件|棟|円|千円|%|km2|人/km2|歳)\)?")
# Between Japanese letters a space or a line break only spreads them: 住　宅　総　数
_SPREAD = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")


@dataclass(frozen=True)
class Head:
    """The rows of a sheet from `first` to `last` (both included, by place in `Sheet.rows`) and a name for each column.

    A column without a name is "". `blocks` are the (first, end) columns of each block that a head row repeats; one
    block of all columns where nothing is repeated.
    """

    first: int
    last: int
    columns: tuple[str, ...]
    blocks: tuple[tuple[int, int], ...]


def find_head(sheet: Sheet, *, known: Known, needed: Needed) -> Head | None:
    """Return the head of a sheet, None when no one to three rows among the first thirty hold the names needed.

    The fewest rows that do are taken, the first such; rows of names or units below belong to it, and rows above that
    hold known names, or that tell apart columns of the same name.
    """
    rows = sheet.rows
    for levels in range(1, _MOST_LEVELS + 1):
        for first in range(min(_SEARCHED_ROWS, len(rows) - levels + 1)):
            last = first + levels - 1
            holds_known = any(known(clean_head(cell)) for cell in rows[first].cells)
            if any(_has_value(row.cells) for row in rows[first + 1 : last + 1]):
                continue
            if holds_known and needed(join_levels(sheet, first, last)):
                last = _last_level(rows, first, last, known)
                return _finish(sheet, _first_level(sheet, first, last, known), last)
    return None


def clean_head(cell: str) -> str:
    """Return a column's name without line breaks and without the spaces that only spread its letters."""
    return " ".join(_SPREAD.sub("", cell).split())


def join_levels(sheet: Sheet, first: int, last: int) -> tuple[str, ...]:
    """Return one name a column from the rows of a head, levels joined by a space; "" where all are blank.

    An upper name is filled rightwards over its merged area, or, where the format tells none, to the next name of its
    own or a higher level, unless the cell below it is blank (then it names its own column only).
    """
    width = max(len(row.cells) for row in sheet.rows)
    rows = sheet.rows[first : last + 1]
    rows = tuple(row for row in rows if not _is_units(row.cells)) or rows
    levels = [[*map(clean_head, row.cells), *[""] * (width - len(row.cells))] for row in rows]
    filled: list[list[str]] = []
    for depth in range(len(levels) - 1):
        merged = [area for area in sheet.merged if area[0] + 1 == rows[depth].line and area[3] > area[1]]
        spans = {area[1]: area[3] for area in merged}
        filled.append(_fill(levels, depth, spans if merged else None))
    return tuple(_joined(parts) for parts in zip(*filled, levels[-1], strict=True))


def _fill(levels: Sequence[Sequence[str]], depth: int, spans: dict[int, int] | None) -> list[str]:
    """Fill one level of a head rightwards; `spans` give the last column of each merged name by its first."""
    level, below = levels[depth], levels[depth + 1 :]
    filled, name, end = list(level), "", -1
    for at, cell in enumerate(level):
        under = any(lower[at] for lower in below)
        if cell:
            reach = len(level) if spans is None else spans.get(at, at)
            name, end = (cell, reach) if under else ("", -1)
        elif any(upper[at] for upper in levels[:depth]):
            name = ""
        if not cell and name and under and at <= end:
            filled[at] = name
    return filled


def _joined(parts: Sequence[str]) -> str:
    kept = [part for at, part in enumerate(parts) if part and (at == 0 or part != parts[at - 1])]
    return " ".join(kept)


def _last_level(rows: Sequence[SheetRow], first: int, last: int, known: Known) -> int:
    """Return the last row of the head: rows of names or units below the first ones belong to it."""
    lead = next(at for at, cell in enumerate(rows[first].cells) if cell)
    while last + 1 < len(rows) and last - first + 1 < _MOST_LEVELS:
        if not _goes_on(rows[last + 1].cells, lead, known):
            break
        last += 1
    return last


def _goes_on(cells: Sequence[str], lead: int, known: Known) -> bool:
    """Tell whether a row below a head is part of it: names or units, and no value.

    Below the leading column, where the rows' own names stand, it must be blank or hold a known name; a row of dashes is
    a row of zeros.
    """
    if _has_value(cells):
        return False
    filled = [clean_head(cell) for cell in cells if cell]
    if _is_units(filled):
        return True
    dashes = sum(not cell.strip("-－―−ー") for cell in filled)
    below_lead = clean_head(cells[lead]) if lead < len(cells) else ""
    names = len(filled) - dashes
    if names <= dashes or (below_lead and not known(below_lead)):
        return False
    return any(known(cell) for cell in filled) or (not below_lead and names > 1)


def _first_level(sheet: Sheet, first: int, last: int, known: Known) -> int:
    """Return the first row of the head: a row above belongs to it when it names columns, not the sheet."""
    while first > 0 and last - first + 1 < _MOST_LEVELS:
        columns = join_levels(sheet, first, last)
        above = [clean_head(cell) for cell in sheet.rows[first - 1].cells]
        lead = next(at for at, cell in enumerate(columns) if cell)
        right = [cell for cell in above[lead + 1 :] if cell]
        names = any(known(cell) for cell in right) or (_has_doubles(columns) and bool(right))
        if not names or len(_blocks(columns)) > 1 or any(map(_NUMBER.fullmatch, right)):
            break
        first -= 1
    return first


def _finish(sheet: Sheet, first: int, last: int) -> Head:
    columns = join_levels(sheet, first, last)
    blocks = _blocks(columns)
    if len(blocks) == 1:
        columns = _told_apart(columns)
    return Head(first, last, columns, blocks)


def _blocks(columns: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Return where each block begins and ends when the names from the first on are repeated in the same order."""
    lead = next((at for at, column in enumerate(columns) if column), 0)
    starts = [at for at, column in enumerate(columns) if column and column == columns[lead]]
    ends = [*starts[1:], len(columns)]
    blocks = tuple(zip(starts, ends, strict=True))
    names = {tuple(column for column in columns[first:end] if column) for first, end in blocks}
    if len(blocks) > 1 and len(names) == 1 and len(next(iter(names))) > 1:
        return blocks
    return ((0, len(columns)),)


def _has_doubles(columns: Sequence[str]) -> bool:
    filled = [column for column in columns if column]
    return len(set(filled)) < len(filled)


def _told_apart(columns: Sequence[str]) -> tuple[str, ...]:
    """Number the second and later columns of one name: 男, 男 (2)."""
    seen: dict[str, int] = {}
    told = []
    for column in columns:
        seen[column] = seen.get(column, 0) + 1
        told.append(f"{column} ({seen[column]})" if column and seen[column] > 1 else column)
    return tuple(told)


def _has_value(cells: Sequence[str]) -> bool:
    return any(_NUMBER.fullmatch(unicodedata.normalize("NFKC", cell)) for cell in cells if cell)


def _is_units(cells: Sequence[str]) -> bool:
    filled = [unicodedata.normalize("NFKC", cell) for cell in cells if cell]
    return bool(filled) and all(_UNIT.fullmatch(cell) for cell in filled)
