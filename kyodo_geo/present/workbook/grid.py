"""A sheet in memory: cells by place, each with its style, and the references that formulas use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from xlsxwriter.utility import xl_col_to_name

from kyodo_geo.present.workbook.number import Column, Num

# The same district stands in the same row of every sheet: title, note, three heading rows, then the units
FIRST_ROW = 5
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LONGEST_TEXT = 32_000  # a cell holds 32,767 characters

Value = int | float | str | Fraction


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell holds: a formula with its present value, a number, or a text."""

    style: str
    value: Value
    formula: str = ""


@lru_cache(maxsize=1024)
def _letters(column: int) -> str:
    return str(xl_col_to_name(column))


def clean_text(text: str) -> str:
    """Return a text that a cell can hold: signs that XML forbids become �, and a very long text is cut with a mark."""
    cleaned = _NOT_XML.sub("\ufffd", text)
    return cleaned if len(cleaned) <= _LONGEST_TEXT else f"{cleaned[:_LONGEST_TEXT]}…(以下略)"


class Grid:
    """Cells of one sheet. Numbers and formulas give back a `Num` that refers to the cell."""

    def __init__(self, name: str, count: int) -> None:
        self.name, self.count = name, count
        self.cells: dict[tuple[int, int], Cell] = {}

    @property
    def rows(self) -> range:
        """The rows of the units."""
        return range(FIRST_ROW, FIRST_ROW + self.count)

    @property
    def total_row(self) -> int:
        """The row of the sums."""
        return FIRST_ROW + self.count

    def ref(self, row: int, column: int, fixed: str = "") -> str:
        """Return the name of a cell with its sheet; `fixed` is "", "row" or "both"."""
        dollar, before = ("$" if fixed else ""), ("$" if fixed == "both" else "")
        return f"'{self.name}'!{before}{_letters(column)}{dollar}{row + 1}"

    def area(self, column: int, first: int | None = None, last: int | None = None) -> str:
        """Return the range of a column, by default of the units' rows."""
        top = FIRST_ROW if first is None else first
        bottom = self.total_row - 1 if last is None else last
        name = _letters(column)
        return f"'{self.name}'!${name}${top + 1}:${name}${bottom + 1}"

    def text(self, row: int, column: int, text: str, style: str = "text") -> None:
        """Put a text, which never becomes a formula."""
        self.cells[row, column] = Cell(style, clean_text(text))

    def number(
        self, row: int, column: int, value: int | Fraction, style: str = "number", *, fixed: str = ""
    ) -> Num:
        """Put a number; the result stands for the cell (a fraction's is only good for showing)."""
        self.cells[row, column] = Cell(style, value)
        return Num(self.ref(row, column, fixed), int(value))

    def formula(self, row: int, column: int, num: Num, style: str = "number", *, fixed: str = "") -> Num:
        """Put the formula of a whole number; a number that stands for itself is put as that number."""
        if num.is_literal(num.value):
            return self.number(row, column, num.value, style, fixed=fixed)
        self.show(row, column, num.text, num.value, style)
        return Num(self.ref(row, column, fixed), num.value)

    def show(self, row: int, column: int, formula: str, value: Value, style: str = "number") -> None:
        """Put any formula with its present value; references to this sheet itself lose the sheet's name."""
        own = f"'{self.name}'!"
        self.cells[row, column] = Cell(style, value, f"={formula.replace(own, '')}")

    def column(self, column: int, nums: Iterable[Num], style: str = "number") -> Column:
        """Put one number a unit into the units' rows."""
        put = [self.formula(row, column, num, style) for row, num in zip(self.rows, nums, strict=True)]
        return Column(tuple(put), self.area(column))

    def values(self, column: int, values: Iterable[int | Fraction], style: str = "number") -> Column:
        """Put one plain number a unit into the units' rows."""
        put = [self.number(row, column, value, style) for row, value in zip(self.rows, values, strict=True)]
        return Column(tuple(put), self.area(column))

    def forget(self, keep: Callable[[int, int], bool]) -> None:
        """Take away the cells that are not to be kept."""
        for place in [place for place in self.cells if not keep(*place)]:
            del self.cells[place]
