"""The sheet 検算: every check as a formula that says 合 or 否 beside what was expected and found."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kyodo_geo.model.check import Check
from kyodo_geo.present.workbook.book import FORMULA, QUADRATIC_LIMIT
from kyodo_geo.present.workbook.build import Built
from kyodo_geo.present.workbook.grid import Grid
from kyodo_geo.present.workbook.lines import VERDICTS, Line, Shown
from kyodo_geo.present.workbook.run_formulas import formula_of
from kyodo_geo.present.workbook.sheet_tests import changed, sheet_tests

NAME = "検算"
FIRST = 5
HEADS = ("番号", "検算", "あるべき値", "見つかった値", "判定", "方法", "説明")
_EXPECTED_CODES, _EXPECTED_COUNTS = 8, 9


class CheckSheet:
    """The checks of the run and those of the workbook itself."""

    def __init__(self, built: Built, population_cells: dict[str, str]) -> None:
        self.grid = Grid(NAME, 0)
        self.built, self.population_cells = built, population_cells
        self._row = FIRST
        self.grid.text(3, 2, "変えた入力の数", "note")
        self.grid.show(3, 3, changed(built), 0, "value")
        self.changes = self.grid.ref(3, 3, "both")
        for column, head in enumerate(HEADS):
            self.grid.text(FIRST - 1, column, head, "head")
        lines = [*self._run_lines(), *sheet_tests(built, self.changes)]
        for line in lines:
            self._put(line)
        self._summary(lines)

    @property
    def last_row(self) -> int:
        """The last row used."""
        return self._row - 1

    @property
    def summary(self) -> str:
        """The cell that says it all."""
        return self.grid.ref(2, 0, "both")

    def _run_lines(self) -> Iterator[Line]:
        for check in self.built.book.run.checks:
            formula = self._codes_complete(check) if check.id == "codes_complete" else None
            yield formula or formula_of(self.built, check, self.population_cells) or _as_value(check)

    def _codes_complete(self, check: Check) -> Line | None:
        """List the codes that must be there beside the checks, and count each in the sheet 計算."""
        expected = self.built.book.run.population.expected_codes
        if not expected or len(expected) > QUADRATIC_LIMIT:
            return None
        codes = self.built.book.calculation.grid.area(0)
        present = [unit.code for unit in self.built.book.run.allocation.units]
        for column, head in ((_EXPECTED_CODES, "あるべきコード"), (_EXPECTED_COUNTS, "あった回数")):
            self.grid.text(FIRST - 1, column, head, "head")
        for row, code in enumerate(expected, start=FIRST):
            self.grid.text(row, _EXPECTED_CODES, code, "code")
            cell = self.grid.ref(row, _EXPECTED_CODES)
            self.grid.show(
                row, _EXPECTED_COUNTS, f"SUMPRODUCT(--EXACT({codes},{cell}))", present.count(code), "integer"
            )
        area = self.grid.area(_EXPECTED_COUNTS, FIRST, FIRST + len(expected) - 1)
        once = sum(present.count(code) == 1 for code in expected)
        rows = f"ROWS({codes})"
        good = once == len(expected) == len(present)
        return Line(
            check.label,
            Shown(len(expected), f"ROWS({area})"),
            Shown(once, f"SUMPRODUCT(--({area}=1))"),
            f"AND({{c}}={{d}},{rows}={{c}})",
            VERDICTS["pass" if good else "fail"],
            check.reference,
        )

    def _put(self, line: Line) -> None:
        row, grid = self._row, self.grid
        self._row += 1
        grid.number(row, 0, row - FIRST + 1, "code_number")
        grid.text(row, 1, line.label, "wrapped")
        for column, side in ((2, line.expected), (3, line.found)):
            self._side(row, column, side)
        if line.is_formula:
            verdict = line.verdict.format(c=grid.ref(row, 2), d=grid.ref(row, 3))
            text = verdict if verdict.startswith("IF(") else f'IF({verdict},"合","否")'
            grid.show(row, 4, f'IFERROR({text},"否")', line.now, "verdict")
        else:
            grid.show(row, 4, f'IF({self.changes}>0,"変更あり","{line.now}")', line.now, "verdict")
        grid.text(row, 5, FORMULA if line.is_formula else "値", "subhead" if line.is_formula else "warning")
        note = (
            line.note if line.is_formula else f"{line.note}(式では調べられないので、書き出し時の結果)".strip()
        )
        grid.text(row, 6, note, "wrapped")

    def _side(self, row: int, column: int, side: Shown) -> None:
        if side.formula:
            self.grid.show(row, column, side.formula, side.value, "value")
        elif isinstance(side.value, int | Fraction):
            self.grid.number(row, column, side.value, "value")
        else:
            self.grid.text(row, column, str(side.value), "value")

    def _summary(self, lines: list[Line]) -> None:
        area = self.grid.area(4, FIRST, self._row - 1)
        bad, notes = (sum(line.now == word for line in lines) for word in ("否", "注意"))
        formula = (
            f'IF(COUNTIF({area},"否")=0,"否はありません","否が "&COUNTIF({area},"否")&" 件あります")'
            f'&"(合 "&COUNTIF({area},"合")&"、注意 "&COUNTIF({area},"注意")&"、全 "&ROWS({area})&" 件)"'
        )
        said = "否はありません" if not bad else f"否が {bad} 件あります"
        good = sum(line.now == "合" for line in lines)
        value = f"{said}(合 {good}、注意 {notes}、全 {len(lines)} 件)"
        self.grid.show(2, 0, formula, value, "verdict_big")


def _as_value(check: Check) -> Line:
    return Line(
        check.label, Shown(check.expected), Shown(check.found), "", VERDICTS[check.outcome], check.reference
    )
