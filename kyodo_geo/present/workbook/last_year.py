"""The sheet 前年比較: last year's yen (which a transition looks at), this year's from 計算, and why they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kyodo_geo.model.change import PART_LABELS, Change
from kyodo_geo.model.measures import Unit
from kyodo_geo.present.workbook.grid import Grid
from kyodo_geo.present.workbook.integers import Integers
from kyodo_geo.present.workbook.number import Num

NAME = "前年比較"
BEFORE, NOW, DIFFERENCE, PERCENT = 2, 3, 4, 5
_HEADS = ("コード", "地区", "前年", "今年", "差", "増減率")
_UNITS = ("", "", "円", "円", "円", "%")
_WHO = ("", "", "入力", "式", "式", "式")


class LastYearSheet:
    """Last year's yen by unit; a unit that had none has an empty cell and no protection."""

    def __init__(self, units: Sequence[Unit], before: Mapping[str, int], integers: Integers) -> None:
        self.grid = Grid(NAME, len(units))
        self.units, self.before = units, before
        self.integers = integers
        self.copies: tuple[str, str] | None = None
        for place, heads in enumerate(zip(_HEADS, _UNITS, _WHO, strict=True)):
            for row, head in enumerate(heads, start=2):
                self.grid.text(row, place, head, "head" if row == 2 else "subhead")
        for row, unit in zip(self.grid.rows, units, strict=True):
            self.grid.text(row, 0, unit.code, "code")
            self.grid.text(row, 1, unit.name, "name")
            if unit.code in before:
                self.grid.number(row, BEFORE, before[unit.code], "input")
            else:
                self.grid.text(row, BEFORE, "", "input")

    @property
    def exists(self) -> bool:
        """Whether last year's yen are known of any unit."""
        return bool(self.before)

    def cell(self, index: int) -> Num:
        """Return the cell of one unit's last year; an empty one counts as 0."""
        row = self.grid.rows[index]
        return Num(self.grid.ref(row, BEFORE), self.before.get(self.units[index].code, 0))

    def has(self, index: int) -> bool:
        """Whether the unit had an amount last year."""
        return self.units[index].code in self.before

    def keep_copies(self) -> None:
        """Write down last year's yen as they are now, so that an edit shows."""
        if self.exists:
            kept = self.integers.values("前年の控え", [self.before.get(unit.code, 0) for unit in self.units])
            self.copies = self.grid.area(BEFORE), kept.area

    def finish(self, totals: Sequence[Num], changes: Sequence[Change] | None) -> None:
        """Put this year's totals, the differences, and the parts of each change."""
        if not self.exists:
            return
        for index, (row, total) in enumerate(zip(self.grid.rows, totals, strict=True)):
            self.grid.formula(row, NOW, total, "step")
            if self.has(index):
                self._difference(row, self.before[self.units[index].code], total.value)
        self._sums(totals)
        if changes:
            self._parts({change.unit.code: change for change in changes})

    def _difference(self, row: int, before: int, now: int) -> None:
        was, this = self.grid.ref(row, BEFORE), self.grid.ref(row, NOW)
        self.grid.show(row, DIFFERENCE, f'IF({was}="","",{this}-{was})', now - before, "signed")
        percent = (now - before) * 100 / before if before else ""
        self.grid.show(row, PERCENT, f'IF(N({was})=0,"",({this}-{was})*100/{was})', percent, "signed_percent")

    def _sums(self, totals: Sequence[Num]) -> None:
        row, now = self.grid.total_row, sum(total.value for total in totals)
        self.grid.text(row, 1, "合計", "total_text")
        before = sum(self.before.get(unit.code, 0) for unit in self.units)
        for column, value in ((BEFORE, before), (NOW, now)):
            self.grid.show(row, column, f"SUM({self.grid.area(column)})", value, "total")
        self._total_difference(row, before, now)

    def _total_difference(self, row: int, before: int, now: int) -> None:
        was, this = self.grid.ref(row, BEFORE), self.grid.ref(row, NOW)
        self.grid.show(row, DIFFERENCE, f"{this}-{was}", now - before, "total_signed")
        percent = (now - before) * 100 / before if before else ""
        self.grid.show(
            row, PERCENT, f'IF({was}=0,"",({this}-{was})*100/{was})', percent, "total_signed_percent"
        )

    def _parts(self, changes: Mapping[str, Change]) -> None:
        for place, (part, label) in enumerate(PART_LABELS.items(), start=PERCENT + 1):
            for row, head in enumerate((label, "円", "値"), start=2):
                self.grid.text(row, place, head, "head" if row == 2 else "subhead")
            for row, unit in zip(self.grid.rows, self.units, strict=True):
                if unit.code in changes:
                    self.grid.number(row, place, changes[unit.code].parts[part], "part")
        self.parts_columns = range(PERCENT + 1, PERCENT + 1 + len(PART_LABELS))
