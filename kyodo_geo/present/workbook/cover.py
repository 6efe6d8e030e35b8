"""The sheet 表紙: which run, which rule, whose people, what status, and what the other sheets hold."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from kyodo_geo.fiscal import FiscalYear, both_calendars, moment_words
from kyodo_geo.model.grants import GrantRun
from kyodo_geo.present.workbook.build import Built
from kyodo_geo.present.workbook.grid import Grid, Value
from kyodo_geo.provenance import Basis

NAME = "表紙"
CONTENTS = (
    ("前提", "計算に使ったすべての数と、その根拠・条文。黄色の「入力」欄は変えてよい"),
    ("人口", "地区ごとの人口などと、その出典"),
    ("計算", "1列に1段階の式。前提か人口を変えると計算し直す"),
    ("整数計算", "計算の裏付け。端数を失わないように整数だけで計算する"),
    ("内訳", "地区ごとの額を、段階の順に文で示す"),
    ("前年比較", "前年との差"),
    ("検算", "合うべきものが合っているかを式で調べる"),
    ("出典", "人口の出典、規則の条文、要件、規則に書かれていないこと"),
)


def run_label(run: GrantRun) -> str:
    """Name the run: its short id, or that a trial has none."""
    return run.run_id or "試算(番号なし)"


def is_fictional(run: GrantRun) -> bool:
    """Whether any number of the run is made up."""
    return run.scenario.example or run.basis is Basis.FICTIONAL


class Cover:
    """The page as cells; `merges` are the lines that span the page."""

    def __init__(self, built: Built, written_on: datetime, *, summary: tuple[str, str]) -> None:
        self.grid, self.run, self.built = Grid(NAME, 0), built.book.run, built
        self.merges: list[tuple[int, int, int, str, str]] = []
        self.links: list[tuple[int, str]] = []
        self._row = 0
        self._marks()
        self._facts(written_on, summary)
        self._contents()

    def _marks(self) -> None:
        frozen = self.run.frozen is not None
        self._line(f"{self.run.rule.title}  配分計算書", "title")
        self._row += 1
        self._line("確定" if frozen else "試 算", "mark_frozen" if frozen else "mark_trial")
        if is_fictional(self.run):
            self._line("例・架空の額を使っています。市の額ではありません", "mark_fictional")
        self._row += 1

    def _line(self, text: str, style: str) -> None:
        self.merges.append((self._row, 0, 3, text, style))
        self._row += 1

    def _facts(self, written_on: datetime, summary: tuple[str, str]) -> None:
        run, allocation = self.run, self.run.allocation
        self._fact("番号", run_label(run))
        self._fact("状態", run.status)
        if run.frozen:
            self._fact("確定した日時・人", f"{moment_words(run.frozen.frozen_at)} {run.frozen.frozen_by}")
            if run.frozen.note:
                self._fact("確定の付記", run.frozen.note)
        if run.scenario.title:
            self._fact("試算の名前", run.scenario.title)
        self._fact("年度", FiscalYear(run.scenario.fiscal_year).label)
        self._fact("規則", run.rule.title)
        self._fact("根拠", run.rule.instrument)
        self._fact("規則ファイルの SHA-256", run.rule.sha256)
        self._fact(
            "人口",
            f"{run.population.title}({run.population.reference_date}、{run.population.counted_by or '数え方不明'})",
        )
        self._fact("数字の確かさ", f"{run.basis.label}(最も弱いもの)")
        total = self.built.totals.total()
        self._amount("配分額の合計", total.text, total.value)
        for label, formula, value in self.built.account.rows[-1:]:
            self._amount(label, formula, value)
        self._formula("検算", *summary)
        self._values_note()
        self._fact("地区の数", f"{len(allocation.units):,}")
        self._fact("作成", f"{both_calendars(written_on.date())} {written_on:%H:%M}")
        self._row += 1

    def _values_note(self) -> None:
        reasons, labels = (
            self.built.book.reasons,
            {step.id: step.label for step in self.run.allocation.columns},
        )
        if reasons:
            named = "、".join(f"{labels.get(key, '残りの内訳')}({reason})" for key, reason in reasons.items())
            self._fact("式でない列", f"{named}。前提を変えてもここは変わりません")

    def _fact(self, label: str, text: str) -> None:
        self.grid.text(self._row, 0, label, "label")
        self.merges.append((self._row, 1, 3, text, "wrapped"))
        self._row += 1

    def _amount(self, label: str, formula: str, value: int | Fraction) -> None:
        if formula:
            self._formula(label, formula, value, "cover" if value == int(value) else "cover_decimal")
        else:
            self.grid.text(self._row, 0, label, "label")
            self.grid.number(self._row, 1, value, "cover")
            self._row += 1

    def _formula(self, label: str, formula: str, value: Value, style: str = "verdict_line") -> None:
        self.grid.text(self._row, 0, label, "label")
        self.merges.append((self._row, 1, 3, "", style))
        self.grid.show(self._row, 1, formula, value, style)
        self._row += 1

    def _contents(self) -> None:
        self._line("目次", "heading")
        for name, said in CONTENTS:
            self.links.append((self._row, name))
            self.merges.append((self._row, 1, 3, said, "wrapped"))
            self._row += 1
