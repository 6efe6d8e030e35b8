"""The sheet 前提: every number the formula uses, with its label, unit, ground and article, coloured by who may edit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.grants import GrantRun
from kyodo_geo.model.scenario import PLACES
from kyodo_geo.present.workbook.grid import Grid
from kyodo_geo.present.workbook.number import Num, Ratio
from kyodo_geo.provenance import Basis
from kyodo_geo.rules.formula import Ref

NAME = "前提"
HEADS = (
    "欄",
    "項目",
    "値",
    "単位",
    "分子",
    "分母",
    "根拠",
    "条文・出典",
    "控え(値・分子)",
    "控え(分母)",
    "変更",
)
WHO = {"input": "入力", "rule": "規則", "calculated": "計算", "fixed": "固定"}
FIRST = 6
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """A number of the sheet: what it is called, in what unit, on what ground, and who may edit it."""

    label: str
    unit: str
    basis: str = ""
    reference: str = ""
    who: str = "rule"


def decimals_of(value: Fraction) -> int | None:
    """Return how many decimals a number has, None when more than the sheet reads (or without end)."""
    return next((k for k in range(DECIMALS + 1) if (value * 10**k).denominator == 1), None)


def scale_formula(matches: str) -> str:
    """Nest the question how many decimals there are; `matches` holds {k} where the number of decimals stands."""
    inner = str(10**DECIMALS)
    for k in reversed(range(DECIMALS)):
        inner = f"IF({matches.format(k=k)},{10**k},{inner})"
    return inner


class Premises:
    """The rows of the sheet; `number` gives what a reference of the formula is, as two whole-number cells."""

    def __init__(self, run: GrantRun) -> None:
        self.grid = Grid(NAME, 0)
        self.run = run
        self._row = FIRST
        self._known: dict[str, Ratio] = {}
        self.budget: Num | None = None
        self.budget_row = 0
        self.word_rows: list[int] = []
        self.decimal_rows: list[int] = []
        self._start()

    @property
    def last_row(self) -> int:
        """The last row used."""
        return self._row - 1

    def _start(self) -> None:
        settled, scenario = self.run.allocation.settled, self.run.scenario
        self.words("規則", self.run.rule.title, reference=self.run.rule.instrument)
        self.words("年度", FiscalYear(scenario.fiscal_year).label, who="fixed")
        self.words("端数処理の場所", PLACES[scenario.place], who="fixed")
        if settled.budget_yen is not None:
            basis, self.budget_row = (Basis.FICTIONAL if scenario.example else Basis.SUPPLIED), self._row
            self.budget = self.whole(Entry("予算", "円", basis.label, "", "input"), settled.budget_yen)
        for name, value in settled.values.items():
            who = "input" if value.basis in {Basis.SUPPLIED, Basis.FICTIONAL} else "rule"
            basis = Basis.FICTIONAL if scenario.example and value.basis is Basis.SUPPLIED else value.basis
            entry = Entry(value.label, value.unit, basis.label, value.reference, who)
            self._known[name] = self._ratio(entry, value.amount)

    def number(self, ref: Ref, label: str, unit: str = "", *, who: str = "rule") -> Ratio:
        """Return the cells of a reference; a number written in the formula itself gets a row under the label."""
        if isinstance(ref, str):
            return self._known[ref]
        if label not in self._known:
            self._known[label] = self._ratio(
                Entry(label, unit, "規則の中の数", self.run.rule.instrument, who), ref
            )
        return self._known[label]

    def is_percent(self, row: int) -> bool:
        """Whether the row holds a percentage."""
        return self.grid.cells[row, 3].value == "%"

    def whole(self, entry: Entry, value: int) -> Num:
        """Put a whole number that may be edited; the same label gives the same cell."""
        if entry.label not in self._known:
            row = self._new_row(entry)
            num = self.grid.number(row, 2, value, self._style(entry.who), fixed="both")
            self._copy(row, [(2, value)])
            self._known[entry.label] = Ratio(num, Num("1", 1))
        return self._known[entry.label].num

    def words(
        self, label: str, text: str, *, who: str = "fixed", reference: str = "", basis: str = ""
    ) -> int:
        """Put a choice that is not a number, and return its row."""
        row = self._new_row(Entry(label, "", basis, reference, who))
        self.grid.text(row, 2, text, f"{who}_text")
        self.word_rows.append(row)
        return row

    def _ratio(self, entry: Entry, value: Fraction) -> Ratio:
        row, grid = self._new_row(entry), self.grid
        if decimals_of(value) is None:
            num = grid.number(row, 4, value.numerator, self._style(entry.who), fixed="both")
            den = grid.number(row, 5, value.denominator, self._style(entry.who), fixed="both")
            grid.show(row, 2, f"{num.text}/{den.text}", value, "calculated_decimal")
            self._copy(row, [(4, value.numerator), (5, value.denominator)])
            return Ratio(num, den)
        cell = grid.number(row, 2, value, f"{entry.who}_decimal", fixed="both").text
        self._copy(row, [(2, value)])
        scale = 10 ** (decimals_of(value) or 0)
        den = grid.formula(
            row, 5, Num(scale_formula(f"ROUND({cell},{{k}})={cell}"), scale), "calculated", fixed="both"
        )
        rounded = Num(f"ROUND({cell}*{den.text},0)", int(value * scale))
        self.decimal_rows.append(row)
        return Ratio(grid.formula(row, 4, rounded, "calculated", fixed="both"), den)

    def _new_row(self, entry: Entry) -> int:
        row = self._row
        self._row += 1
        for column, text in (
            (0, WHO[entry.who]),
            (1, entry.label),
            (3, entry.unit),
            (6, entry.basis),
            (7, entry.reference),
        ):
            self.grid.text(
                row,
                column,
                text,
                f"{entry.who}_mark" if column == 0 else "wrapped" if column == 7 else "text",
            )
        return row

    def _copy(self, row: int, cells: list[tuple[int, int | Fraction]]) -> None:
        """Keep what was written, so that an edit shows."""
        tests = []
        for place, (column, value) in enumerate(cells):
            self.grid.number(row, 8 + place, value, "copy")
            tests.append(f"{self.grid.ref(row, column)}={self.grid.ref(row, 8 + place)}")
        together = tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"
        self.grid.show(row, 10, f'IF({together},"","変更")', "", "mark")

    @staticmethod
    def _style(who: str) -> str:
        return who
