"""The workbook as a file: sheets, texts that stay texts, values where no formula can be, the same bytes again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest
from openpyxl import load_workbook

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.allocation import allocate
from kyodo_geo.model.change import split_change
from kyodo_geo.model.grants import Frozen, GrantRun, LastYear, PopulationUsed
from kyodo_geo.model.measures import Unit
from kyodo_geo.model.run_checks import run_checks
from kyodo_geo.model.scenario import Scenario
from kyodo_geo.present.workbook import workbook_bytes
from kyodo_geo.present.workbook.build import build
from kyodo_geo.provenance import Basis
from kyodo_geo.rules.book import RuleBook
from kyodo_geo.rules.formula import Leftover, LeftoverMethod, PaidBy, Transition
from kyodo_geo.rules.rounding import Rounding

WRITTEN = datetime(2026, 11, 23, 22, 0)  # noqa: DTZ001 - a workbook knows no time zone
RULE = RuleBook.load().rule("hitomachi")
SHEETS = ["表紙", "前提", "人口", "計算", "整数計算", "内訳", "前年比較", "検算", "出典"]
UNITS = [Unit("1", "架空本町", 1_200), Unit("2", "架空飛地", 301), Unit("3", "架空山手", 77, estimated=True)]
SCENARIO = Scenario(
    "hitomachi",
    2025,
    budget_yen=1_000_000,
    supplied={"equal_percent": Fraction(50)},
    place="term",
    rounding=Rounding(100),
    leftover=Leftover(LeftoverMethod.LARGEST_REMAINDER),
    example=True,
)


def run_of(units=UNITS, scenario=SCENARIO, last: Mapping[str, int] | None = None, **given) -> GrantRun:
    allocation = allocate(units, scenario.settle(RULE), last_year_yen=last)
    population = PopulationUsed("架空の国勢調査", "2020-10-01", "国勢調査", Basis.FICTIONAL, note="架空の数")
    before = LastYear("前年(架空)", last) if last else None
    checks = run_checks(allocation, scenario, population, before)
    return GrantRun(RULE, scenario, allocation, population, checks, before, **given)


def opened(run: GrantRun, **given):
    return load_workbook(io.BytesIO(workbook_bytes(run, written_on=WRITTEN, **given)), data_only=True)


def texts(sheet) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def column(sheet, head: str, count: int) -> list[object]:
    place = next(cell.column for cell in sheet[3] if cell.value == head)
    return [sheet.cell(6 + row, place).value for row in range(count)]


def test_the_sheets_are_those_of_the_plan_and_the_cached_values_are_the_engines():
    run = run_of()
    book = opened(run)
    assert book.sheetnames == SHEETS
    assert column(book["計算"], "合計", 3) == list(run.allocation.totals_yen)
    assert "試 算" in texts(book["表紙"])
    assert "例・架空の額" in texts(book["表紙"])
    assert RULE.sha256 in texts(book["表紙"])


def test_the_same_run_and_moment_give_the_same_bytes():
    assert workbook_bytes(run_of(), written_on=WRITTEN) == workbook_bytes(run_of(), written_on=WRITTEN)


HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "+1",
    "@SUM(1)",
    "-2",
    "\x00\x0b\ufffe\ud800<&>",
    "{=1}",
    "http://x/",
]


def test_no_name_becomes_a_formula_or_a_link_or_breaks_the_file():
    units = [Unit(f"{name[:2]}{number}", name, 100 + number) for number, name in enumerate(HOSTILE)]
    scenario = replace(SCENARIO, title="=1+1 &D &P")
    data = workbook_bytes(
        run_of(units, scenario, frozen=Frozen("=A1", "2026-11-23", "@me &F")), written_on=WRITTEN
    )
    book = load_workbook(io.BytesIO(data))
    for sheet in ("人口", "計算", "整数計算", "前年比較"):
        found = [book[sheet].cell(6 + row, 2) for row in range(len(units))]
        assert [cell.data_type for cell in found] == ["s"] * len(units), sheet
        assert [cell.value for cell in found[:4]] == HOSTILE[:4]
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        formulas = b"".join(parts.read(name) for name in parts.namelist() if "worksheets/sheet" in name)
        assert b"HYPERLINK" not in formulas
        assert not [name for name in parts.namelist() if "vba" in name.lower()]
        assert not [
            name for name in parts.namelist() if name.endswith(".rels") and b"http://x" in parts.read(name)
        ]


def test_what_no_formula_gives_is_written_as_values_and_said():
    scenario = replace(SCENARIO, leftover=Leftover(LeftoverMethod.SAINTE_LAGUE))
    book = opened(run_of(scenario=scenario))
    assert "値(式ではない)" in texts(book["計算"])
    for sheet in ("検算", "表紙"):
        assert "サント・ラグ法は1つずつ順に配るため" in texts(book[sheet])


def test_a_transition_paid_by_others_is_values_with_the_engines_totals():
    last = {"1": 100_000, "2": 600_000, "3": 200_000}
    run = run_of(scenario=replace(SCENARIO, transition=Transition(Fraction(90), PaidBy.OTHERS)), last=last)
    assert "transition" in build(run).book.reasons
    assert column(opened(run)["計算"], "合計", 3) == list(run.allocation.totals_yen)


def test_a_frozen_run_carries_its_id_everywhere():
    run = run_of(frozen=Frozen("R7-abcd", "2026-11-23 22:00", "財政課 架空太郎"))
    book = opened(run)
    assert "財政課 架空太郎" in texts(book["表紙"])
    for sheet in book:
        assert "R7-abcd" in (sheet.oddHeader.right.text or "")
        assert "R7-abcd" in (sheet.oddFooter.left.text or "")


def test_last_years_sheet_shows_the_difference_and_its_parts():
    before = run_of([replace(unit, population=unit.population + 10 * int(unit.code)) for unit in UNITS])
    last = {unit.code: yen for unit, yen in zip(UNITS, before.allocation.totals_yen, strict=True)}
    run = run_of(last=last)
    changes = split_change(before.allocation, run.allocation)
    sheet = opened(run, changes=changes)["前年比較"]
    assert column(sheet, "差", 3) == [change.change_yen for change in changes]
    for row in range(6, 9):
        parts = [sheet.cell(row, place).value for place in range(7, 12)]
        assert sum(parts) == pytest.approx(sheet.cell(row, 5).value)


def test_without_last_year_the_sheet_says_what_is_missing():
    assert "前年の額がありません" in texts(opened(run_of())["前年比較"])


def test_every_check_of_the_run_stands_in_the_workbook_with_its_verdict():
    run = run_of()
    sheet = opened(run)["検算"]
    found = {sheet.cell(row, 2).value: sheet.cell(row, 5).value for row in range(6, sheet.max_row + 1)}
    for check in run.checks:
        assert found[check.label] == {"pass": "合", "fail": "否", "note": "注意"}[check.outcome]


def test_beyond_two_thousand_units_the_ranking_is_values():
    units = [Unit(f"{number:04}", f"架空{number}", 50 + number % 97) for number in range(2_001)]
    run = run_of(units, replace(SCENARIO, budget_yen=100_000_000))
    built = build(run)
    assert built.book.reasons == {"remainder": "2,000 単位を超える順位づけのため"}
    assert [total.value for total in built.totals.nums] == list(run.allocation.totals_yen)


def test_amounts_beyond_fifteen_digits_are_refused_in_words():
    with pytest.raises(InputRefused, match="15桁"):
        workbook_bytes(run_of(scenario=replace(SCENARIO, budget_yen=10**17)), written_on=WRITTEN)
