"""Putting the sheets with formulas together: the same order as the engine, so that each formula finds what it needs."""

from __future__ import annotations

from dataclasses import dataclass

from kyodo_geo.model.explain import steps
from kyodo_geo.model.grants import GrantRun
from kyodo_geo.model.measures import MONTHS
from kyodo_geo.present.workbook.account import Account, build_account
from kyodo_geo.present.workbook.book import (
    FORMULA,
    HOW_ROW,
    LABEL_ROW,
    NAME,
    UNIT_ROW,
    VALUES,
    Book,
    Calculation,
)
from kyodo_geo.present.workbook.grid import Grid
from kyodo_geo.present.workbook.integers import Integers
from kyodo_geo.present.workbook.last_year import LastYearSheet
from kyodo_geo.present.workbook.limits import build_limits
from kyodo_geo.present.workbook.number import Column, Mixed, NotLiveError, Num, Test, literal
from kyodo_geo.present.workbook.people import People
from kyodo_geo.present.workbook.premises import Entry, Premises
from kyodo_geo.present.workbook.sharing import build_totals
from kyodo_geo.present.workbook.terms import build_terms
from kyodo_geo.rules.rounding import Direction


@dataclass(frozen=True)
class Built:
    """The sheets with formulas, their totals, the account, and where the engine's own totals are kept."""

    book: Book
    totals: Column
    account: Account
    kept_totals: Column


def build(run: GrantRun) -> Built:
    """Write every formula of a run into sheets in memory."""
    allocation = run.allocation
    integers = Integers(len(allocation.units))
    calculation = Calculation(Grid(NAME, len(allocation.units)), allocation.columns)
    before = allocation.last_year_yen or (run.last_year.yen if run.last_year else {})
    book = Book(
        run,
        integers,
        People(allocation, run.population.basis, integers),
        Premises(run),
        calculation,
        LastYearSheet(allocation.units, before, integers),
    )
    book.budget = _budget(book)
    build_terms(book)
    build_limits(book)
    totals = build_totals(book)
    account = build_account(book, totals)
    _months_test(book)
    book.people.keep_copies()
    book.last_year.keep_copies()
    kept = integers.values("合計の控え(書き出し時)", allocation.totals_yen)
    _heads(book)
    _sums(book, account)
    return Built(book, totals, account, kept)


def _budget(book: Book) -> Mixed | None:
    """Return the budget after the rounding of the total."""
    budget, rounding = book.premises.budget, book.run.allocation.settled.formula.total_rounding
    if budget is None:
        return None
    if rounding is None:
        return Mixed(budget, literal(0), literal(1))
    entry = Entry(f"総額の端数処理(円未満{rounding.direction.label})", "円", "端数処理", "", "input")
    unit = book.premises.whole(entry, rounding.unit_yen)
    half = Num(f"{unit.text}/2", unit.value // 2, atom=False)
    more = {
        Direction.FLOOR: literal(0),
        Direction.CEIL: unit - literal(1),
        Direction.HALF_UP: Num(f"INT({half.text})", half.value),
    }
    rounded = (budget + more[rounding.direction]).small_div(unit) * unit
    try:
        return book.integers.mixed("端数処理した予算", [(1, Mixed(rounded, literal(0), literal(1)))])
    except NotLiveError:
        return None


def _months_test(book: Book) -> None:
    if not book.people.with_months:
        area = book.people.area("months")
        test = Test(f"SUMPRODUCT(--({area}<>{MONTHS}))=0", holds=True)
        book.tests.append((f"月数はすべて {MONTHS}(月割りのない試算)", test))


def _heads(book: Book) -> None:
    grid, run = book.calculation.grid, book.run
    for column, head in enumerate(("コード", "地区")):
        grid.text(LABEL_ROW, column, head, "head")
    for row, unit in zip(grid.rows, run.allocation.units, strict=True):
        grid.text(row, 0, unit.code, "code")
        grid.text(row, 1, unit.name, "name")
    units = [step.unit for step in steps(run.allocation, 0)]
    for place, step in enumerate(run.allocation.columns):
        grid.text(LABEL_ROW, 2 + place, step.label, "head")
        grid.text(UNIT_ROW, 2 + place, units[place], "subhead")
        live = book.calculation.live.get(step.id, False)
        grid.text(HOW_ROW, 2 + place, FORMULA if live else VALUES, "subhead" if live else "warning")
    sheet = book.integers.grid
    for row, head in ((2, ""), (3, "乗数など"), (4, "分母")):
        sheet.text(row, 1, head, "subhead")
    sheet.text(LABEL_ROW, 0, "コード", "head")
    sheet.text(LABEL_ROW, 1, "地区", "head")
    for row, unit in zip(sheet.rows, run.allocation.units, strict=True):
        sheet.text(row, 0, unit.code, "code")
        sheet.text(row, 1, unit.name, "name")


def _sums(book: Book, account: Account) -> None:
    """Put the sums of the steps, and below them the account in the column of the totals."""
    grid = book.calculation.grid
    grid.text(grid.total_row, 1, "合計", "total_text")
    for place, step in enumerate(book.run.allocation.columns):
        style = "total" if step.values.is_whole else "total_decimal"
        grid.show(grid.total_row, 2 + place, f"SUM({grid.area(2 + place)})", step.values.total(), style)
    total = book.calculation.place("total")
    for row, (label, formula, value) in enumerate(account.rows, start=grid.total_row + 2):
        grid.text(row, 1, label, "account_text")
        style = "account" if value.denominator == 1 else "account_decimal"
        if formula:
            grid.show(row, total, formula, value, style)
        else:
            grid.number(row, total, value, style)
