"""The sheet 整数計算: the whole numbers behind the exact amounts, a column for each, and sums as mixed numbers below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction

from kyodo_geo.present.workbook.grid import Grid
from kyodo_geo.present.workbook.number import Amounts, Column, Mixed, NotLiveError, Num, gcd, lcm, literal

NAME = "整数計算"
LABEL_ROW, FACTOR_ROW, DEN_ROW = 2, 3, 4
_FIRST_COLUMN = 3
_SUM_HEADS = ("名前", "", "", "整数", "分子", "分母", "くり上げ", "公約数", "→ 整数", "→ 分子", "→ 分母")


class Open:
    """A column being filled: first its factor and denominator, which stand above it, then one number a unit."""

    def __init__(self, sheet: Integers, column: int) -> None:
        self._sheet, self._column = sheet, column

    def factor(self, num: Num) -> Num:
        """Put what every unit is multiplied by (or compared with) above the column."""
        return self._sheet.grid.formula(FACTOR_ROW, self._column, num, "integer", fixed="row")

    def den(self, num: Num) -> Num:
        """Put the denominator of the column above it; one that is 1 by construction stays so."""
        put = self._sheet.grid.formula(DEN_ROW, self._column, num, "integer", fixed="row")
        return num if num.is_literal(1) else put

    def fill(self, nums: Iterable[Num]) -> Column:
        """Put one whole number a unit."""
        return self._sheet.grid.column(self._column, nums, "integer")


class Integers:
    """The columns and sums of the sheet, in the order in which they are needed."""

    def __init__(self, count: int) -> None:
        self.grid = Grid(NAME, count)
        self._next = _FIRST_COLUMN
        self._sum_row = self.first_sum = self.grid.total_row + 4

    @property
    def width(self) -> int:
        """The number of columns used."""
        return max(self._next, len(_SUM_HEADS))

    @property
    def everything(self) -> str:
        """The range of all whole numbers, for finding one that is too large."""
        last = Grid(NAME, self.grid.count).ref(self._sum_row, self.width, "both").split("!")[1]
        return f"{self.grid.ref(FACTOR_ROW, _FIRST_COLUMN, 'both')}:{last}"

    def open(self, label: str) -> Open:
        """Begin a column."""
        column = self._next
        self._next += 1
        self.grid.text(LABEL_ROW, column, label, "head")
        return Open(self, column)

    def values(self, label: str, numbers: Iterable[int | Fraction]) -> Column:
        """Put one plain number a unit."""
        column = self._next
        self._next += 1
        self.grid.text(LABEL_ROW, column, label, "head")
        return self.grid.values(column, numbers, "copy")

    @contextmanager
    def undone_on_failure(self) -> Iterator[None]:
        """Take back the columns and sums begun inside when something inside cannot be a formula."""
        columns, rows = self._next, self._sum_row
        try:
            yield
        except NotLiveError:
            self.grid.forget(lambda row, column: column < columns if row < self.first_sum - 1 else row < rows)
            self._next, self._sum_row = columns, rows
            raise

    def mixed(self, label: str, parts: Iterable[tuple[int, Mixed]]) -> Mixed:
        """Add and subtract mixed numbers (sign +1 or −1) in a row of its own, with carry and in lowest terms."""
        given = list(parts)
        bottom = lcm([one.den for _, one in given])
        row, grid = self._row(label), self.grid
        den = grid.formula(row, 5, bottom, "integer", fixed="both")
        whole, rest = literal(0), literal(0)
        for sign, one in given:
            whole = _signed(whole, sign, one.whole)
            rest = _signed(rest, sign, one.rest * den.over(one.den)) if not one.rest.is_literal(0) else rest
        if bottom.is_literal(1) and rest.is_literal(0):
            return Mixed(grid.formula(row, 8, whole, "integer", fixed="both"), literal(0), literal(1))
        return self._finish(row, whole, rest, den)

    def reduced(self, label: str, rest: Num, den: Num, whole: Num | None = None) -> Mixed:
        """Put whole + rest / den as a mixed number in lowest terms."""
        row = self._row(label)
        bottom = self.grid.formula(row, 5, den, "integer", fixed="both")
        return self._finish(row, whole or literal(0), rest, bottom)

    def sum_of(self, label: str, amounts: Amounts) -> Mixed:
        """Add up the amounts of all units."""
        if amounts.rest is None:
            return Mixed(amounts.whole.total(), literal(0), literal(1))
        return self.reduced(label, amounts.rest.total(), amounts.den, amounts.whole.total())

    def _row(self, label: str) -> int:
        if self._sum_row == self.first_sum:
            for column, head in enumerate(_SUM_HEADS):
                self.grid.text(self.first_sum - 1, column, head, "head")
        row = self._sum_row
        self._sum_row += 1
        self.grid.text(row, 0, label, "text")
        return row

    def _finish(self, row: int, whole: Num, rest: Num, den: Num) -> Mixed:
        grid = self.grid
        whole = grid.formula(row, 3, whole, "integer", fixed="both")
        rest = grid.formula(row, 4, rest, "integer", fixed="both")
        carry = grid.formula(row, 6, rest.floor_div(den), "integer", fixed="both")
        proper = rest - carry * den
        shared = grid.formula(row, 7, gcd(proper, den), "integer", fixed="both")
        return Mixed(
            grid.formula(row, 8, whole + carry, "integer", fixed="both"),
            grid.formula(row, 9, proper.over(shared), "integer", fixed="both"),
            grid.formula(row, 10, den.over(shared), "integer", fixed="both"),
        )


def improper(mixed: Mixed) -> tuple[Num, Num]:
    """Return numerator and denominator of a mixed number."""
    return mixed.whole * mixed.den + mixed.rest, mixed.den


def _signed(so_far: Num, sign: int, more: Num) -> Num:
    return so_far + more if sign > 0 else so_far - more
