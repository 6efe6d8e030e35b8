"""The sheet 人口: the units with every number that is counted of them, and these numbers as whole-number columns."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kyodo_geo.model.allocation import Allocation
from kyodo_geo.model.measures import MEASURE_LABELS, MONTHS, measure_label
from kyodo_geo.present.workbook.grid import Grid
from kyodo_geo.present.workbook.integers import Integers
from kyodo_geo.present.workbook.number import Column, NotLiveError, Num, literal
from kyodo_geo.present.workbook.premises import Premises, decimals_of, scale_formula
from kyodo_geo.provenance import Basis
from kyodo_geo.rules.formula import Ref

NAME = "人口"
HEAD_ROW, UNIT_ROW, WHO_ROW = 2, 3, 4
AGEING = "ageing_percent"


@dataclass(frozen=True)
class Measured:
    """A measure as whole numbers: `nums[i] / dens[i]`; one common denominator where `common` says so."""

    nums: tuple[Num, ...]
    dens: tuple[Num, ...]

    @property
    def den(self) -> Num:
        """The denominator of all; NotLiveError when each unit has its own."""
        if len(set(self.dens)) > 1:
            msg = "単位ごとに分母の違う割合"
            raise NotLiveError(msg)
        return self.dens[0]


class People:
    """The cells of the sheet and the measures that formulas ask for by name."""

    def __init__(self, allocation: Allocation, basis: Basis, integers: Integers) -> None:
        self.words = allocation.settled.formula.columns
        self.units, self.integers = allocation.units, integers
        self.grid = Grid(NAME, len(self.units))
        self.columns: dict[str, int] = {}
        self.copies: list[tuple[str, str]] = []
        self._measured: dict[str, Measured] = {}
        self.with_months = any(unit.months != MONTHS for unit in self.units)
        self._names(allocation)
        self._inputs()
        self._marks(basis)

    def _names(self, allocation: Allocation) -> None:
        for column, head in enumerate(("コード", "地区")):
            self.grid.text(HEAD_ROW, column, head, "head")
        for row, unit in zip(self.grid.rows, allocation.units, strict=True):
            self.grid.text(row, 0, unit.code, "code")
            self.grid.text(row, 1, unit.name, "name")

    def _inputs(self) -> None:
        everywhere = [
            name for name in self._measure_names() if all(name in unit.measures for unit in self.units)
        ]
        self._column("population", "人口", "人", [unit.population for unit in self.units])
        for name in everywhere:
            values = [Fraction(unit.measures[name]) for unit in self.units]
            self._column(name, measure_label(name, self.words), _unit_of(name), values)
        self._column(
            "months", "月数", "か月", [unit.months for unit in self.units], editable=self.with_months
        )

    def _measure_names(self) -> list[str]:
        return list(dict.fromkeys(name for unit in self.units for name in unit.measures))

    def _column(
        self,
        name: str,
        label: str,
        unit: str,
        values: list[int] | list[Fraction],
        editable: bool = True,  # noqa: FBT001, FBT002
    ) -> None:
        column = self.columns[name] = 2 + len(self.columns)
        heads = (label, unit, "入力" if editable else "固定")
        for row, head in enumerate(heads, start=HEAD_ROW):
            self.grid.text(row, column, head, "head" if row == HEAD_ROW else "subhead")
        whole = all(Fraction(value).denominator == 1 for value in values)
        style = ("input" if whole else "input_decimal") if editable else "fixed"
        self.grid.values(column, values, style)

    def _marks(self, basis: Basis) -> None:
        column = self.marks_column = 2 + len(self.columns)
        if "age_65_over" in self.columns and AGEING not in self.columns:
            self._ageing(column)
            column = self.marks_column = column + 1
        self.estimate_column = column
        for row, head in enumerate(("推計", "", "印"), start=HEAD_ROW):
            self.grid.text(row, column, head, "head" if row == HEAD_ROW else "subhead")
        all_of_them = basis >= Basis.ESTIMATED
        for row, unit in zip(self.grid.rows, self.units, strict=True):
            self.grid.text(row, column, "推計" if unit.estimated or all_of_them else "", "mark")

    def _ageing(self, column: int) -> None:
        for row, head in enumerate((measure_label(AGEING, self.words), "%", "計算"), start=HEAD_ROW):
            self.grid.text(row, column, head, "head" if row == HEAD_ROW else "subhead")
        for row, unit in zip(self.grid.rows, self.units, strict=True):
            people, old = (
                self.grid.ref(row, self.columns["population"]),
                self.grid.ref(row, self.columns["age_65_over"]),
            )
            rate = unit.measure(AGEING)
            self.grid.show(
                row,
                column,
                f'IF({people}=0,"",{old}*100/{people})',
                "" if rate is None else rate,
                "calculated_decimal",
            )

    def area(self, name: str) -> str:
        """Return the range of a column."""
        return self.grid.area(self.columns[name])

    def cells(self, name: str) -> tuple[Num, ...]:
        """Return the cells of a column of whole numbers."""
        column = self.columns[name]
        return tuple(Num(self.grid.ref(row, column), int(self._value(row, column))) for row in self.grid.rows)

    def _value(self, row: int, column: int) -> Fraction:
        return Fraction(self.grid.cells[row, column].value)

    def measured(self, name: str) -> Measured:
        """Return a measure as whole numbers, made once; NotLiveError for one that decimals cannot hold."""
        if name not in self._measured:
            self._measured[name] = self._make(name)
        return self._measured[name]

    def made(self) -> set[str]:
        """Return the names of the measures made so far."""
        return set(self._measured)

    def unmake(self, keep: set[str]) -> None:
        """Forget measures whose whole-number columns were taken back."""
        self._measured = {name: one for name, one in self._measured.items() if name in keep}

    def _make(self, name: str) -> Measured:
        if name in {"population", "months", "households"} or name.startswith("age_"):
            if name in self.columns and all(
                self._value(row, self.columns[name]).denominator == 1 for row in self.grid.rows
            ):
                return Measured(self.cells(name), (literal(1),) * len(self.units))
        elif name == AGEING and AGEING not in self.columns:
            people, old = self.measured("population"), self.measured("age_65_over")
            dens = tuple(one * den for one, den in zip(people.nums, old.dens, strict=True))
            return Measured(tuple(num * literal(100) for num in old.nums), dens)
        return self._scaled(name)

    def _scaled(self, name: str) -> Measured:
        if name not in self.columns:
            msg = "一部の単位にだけある値"
            raise NotLiveError(msg)
        column = self.columns[name]
        values = [self._value(row, column) for row in self.grid.rows]
        places = [decimals_of(value) for value in values]
        if None in places:
            msg = "小数で書けない値"
            raise NotLiveError(msg)
        opened, area = self.integers.open(f"{measure_label(name, self.words)}(整数)"), self.grid.area(column)
        scale = 10 ** max(place for place in places if place is not None)
        matches = f"SUMPRODUCT(--(ROUND({area},{{k}})<>{area}))=0"
        den = opened.den(Num(scale_formula(matches), scale))
        nums = [
            Num(f"ROUND({self.grid.ref(row, column)}*{den.text},0)", int(value * scale))
            for row, value in zip(self.grid.rows, values, strict=True)
        ]
        return Measured(opened.fill(nums).nums, (den,) * len(values))

    def is_whole(self, name: str) -> bool:
        """Whether a column is read as whole numbers."""
        found = self._measured.get(name)
        return name in {"population", "months"} or (
            found is not None and all(den.is_literal(1) for den in found.dens)
        )

    def table(self, key: str, label: str, refs: list[Ref], premises: Premises) -> Measured:
        """Put the amounts of a table beside the units, and return them as a measure."""
        column = 2 + max(len(self.columns), self.marks_column - 1)
        amounts = [premises.run.allocation.settled.number(ref) for ref in refs]
        if any(decimals_of(amount) is None for amount in amounts):
            msg = "小数で書けない表の額"
            raise NotLiveError(msg)
        self.columns[key] = column
        for row, head in enumerate((label, "", "規則"), start=HEAD_ROW):
            self.grid.text(row, column, head, "head" if row == HEAD_ROW else "subhead")
        for row, ref, amount in zip(self.grid.rows, refs, amounts, strict=True):
            if isinstance(ref, str):
                named = premises.number(ref, "")
                self.grid.show(
                    row, column, f"{named.num.text}/{named.den.text}", amount, "calculated_decimal"
                )
            else:
                self.grid.number(row, column, amount, "rule_decimal")
        self.marks_column = max(self.marks_column, column)
        return self._scaled(key)

    def keep_copies(self) -> None:
        """Write down the inputs as they are now, so that an edit shows."""
        for name, column in self.columns.items():
            values = [self.grid.cells[row, column].value for row in self.grid.rows]
            self._keep(f"{measure_label(name, self.words)}の控え", self.grid.area(column), values)

    def _keep(self, label: str, area: str, values: list[int | float | str | Fraction]) -> None:
        numbers = [value for value in values if not isinstance(value, str | float)]
        kept: Column = self.integers.values(label, numbers)
        self.copies.append((area, kept.area))


def _unit_of(name: str) -> str:
    if name.startswith("age_"):
        return "人"
    return MEASURE_LABELS.get(name, ("", ""))[1]
