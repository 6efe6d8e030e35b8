"""What the building of the formulas gathers: the sheets with cells, and what could not become a formula and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction

from kyodo_geo.model.exact import Exact
from kyodo_geo.model.grants import GrantRun
from kyodo_geo.model.steps import StepColumn
from kyodo_geo.present.workbook.grid import Grid
from kyodo_geo.present.workbook.integers import Integers
from kyodo_geo.present.workbook.last_year import LastYearSheet
from kyodo_geo.present.workbook.number import Amounts, Column, Mixed, NotLiveError, Num, Ratio, Test
from kyodo_geo.present.workbook.people import People
from kyodo_geo.present.workbook.premises import Premises

NAME = "計算"
LABEL_ROW, UNIT_ROW, HOW_ROW = 2, 3, 4
FORMULA, VALUES = "式", "値(式ではない)"
QUADRATIC_LIMIT = 2_000  # comparing every unit with every other: beyond this a column is written as values


@dataclass
class Calculation:
    """The sheet 計算: one column a step of the engine, at a place known before it is filled."""

    grid: Grid
    steps: tuple[StepColumn, ...]
    live: dict[str, bool] = field(default_factory=dict)

    def place(self, step_id: str) -> int:
        """Return the column of a step; KeyError when the engine has no such step."""
        return 2 + {step.id: place for place, step in enumerate(self.steps)}[step_id]

    def has(self, step_id: str) -> bool:
        """Whether the engine has this step."""
        return any(step.id == step_id for step in self.steps)

    def step(self, step_id: str) -> StepColumn:
        """Return the engine's own step."""
        return next(step for step in self.steps if step.id == step_id)

    def fill(self, step_id: str, nums: Sequence[Num]) -> Column:
        """Put whole-number formulas; NotLiveError when they do not give the engine's own values."""
        self._compare(step_id, [Fraction(num.value) for num in nums])
        self.live[step_id] = True
        return self.grid.column(self.place(step_id), nums, "grand" if step_id == "total" else "step")

    def show(self, step_id: str, shown: Sequence[tuple[str, Fraction]]) -> None:
        """Put formulas that show exact amounts; NotLiveError when they do not give the engine's own values."""
        self._compare(step_id, [value for _, value in shown])
        self.live[step_id] = True
        for row, (formula, value) in zip(self.grid.rows, shown, strict=True):
            self.grid.show(row, self.place(step_id), formula, value, "step_decimal")

    def put_values(self, step_id: str) -> Column:
        """Put the engine's own values, no formulas."""
        self.live[step_id] = False
        values = self.step(step_id).values.fractions()
        style = "step_value" if self.step(step_id).values.is_whole else "step_value_decimal"
        return self.grid.values(self.place(step_id), values, style)

    def _compare(self, step_id: str, values: Sequence[Fraction]) -> None:
        if list(self.step(step_id).values.fractions()) != list(values):
            msg = "式の結果がツールの額と違う"
            raise NotLiveError(msg)


@dataclass
class Book:
    """All sheets with cells; `reasons` says of each step written as values why; `bounds` and `tests` feed 検算."""

    run: GrantRun
    integers: Integers
    people: People
    premises: Premises
    calculation: Calculation
    last_year: LastYearSheet
    reasons: dict[str, str] = field(default_factory=dict)
    bounds: list[tuple[str, list[Ratio]]] = field(default_factory=list)
    tests: list[tuple[str, Test]] = field(default_factory=list)
    amounts: dict[str, Amounts | None] = field(default_factory=dict)
    exact: dict[str, Amounts | None] = field(default_factory=dict)
    pots: dict[str, Mixed] = field(default_factory=dict)
    budget: Mixed | None = None
    limited: Amounts | None = None
    sum_reason: str = "前の段階が値"
    low: list[Num] | None = None
    high: list[Num | None] | None = None
    freed: tuple[Amounts | None, Amounts | None] | None = None
    added: list[tuple[str, Amounts | None, Amounts | None]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """The number of units."""
        return len(self.run.allocation.units)

    @contextmanager
    def undone_on_failure(self) -> Iterator[None]:
        """Take back what was begun inside when something inside cannot be a formula."""
        bounds, tests, measured = len(self.bounds), len(self.tests), self.people.made()
        try:
            with self.integers.undone_on_failure():
                yield
        except NotLiveError:
            del self.bounds[bounds:], self.tests[tests:]
            self.people.unmake(measured)
            raise

    def amounts_of_values(self, label: str, exact: Exact) -> Amounts | None:
        """Put exact amounts of the engine as whole, rest and denominator; None when a part is too large."""
        reduced = exact.reduced()
        parts = [divmod(one, reduced.denominator) for one in reduced.numerators]
        try:
            if reduced.denominator == 1:
                return Amounts(
                    self.integers.open(f"{label}(値)").fill(_literals(whole for whole, _ in parts))
                )
            wholes = self.integers.open(f"{label}の円(値)").fill(_literals(whole for whole, _ in parts))
            opened = self.integers.open(f"{label}の余り(値)")
            den = opened.den(Num(str(reduced.denominator), reduced.denominator))
            return Amounts(wholes, opened.fill(_literals(rest for _, rest in parts)), den)
        except NotLiveError:
            return None


def _literals(values: Iterator[int]) -> list[Num]:
    return [Num(str(value), value) for value in values]


def need(amounts: Amounts | None) -> Amounts:
    """Return amounts that are cells; NotLiveError when an earlier step could not be one."""
    if amounts is None:
        msg = "前の段階が値"
        raise NotLiveError(msg)
    return amounts
