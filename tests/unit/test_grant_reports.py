from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from fractions import Fraction

import pytest
from fictional import grants
from fictional.grants import PEOPLE, UNITS

from kyodo_geo.model.grants import Frozen
from kyodo_geo.present import grant_reports as reports
from kyodo_geo.rules.formula import Leftover, LeftoverMethod, PaidBy, Transition
from kyodo_geo.rules.rounding import Rounding
from kyodo_geo.sources.units import read_last_year

FROZEN = Frozen("abcd1234", "2025-04-01T09:00:00+09:00", "架空 太郎")
MANY = grants.rule(
    ('kind = "population"\n', 'kind = "population"\ncoefficient = "factor"\n'), more=grants.HALVES
)
HALVED = tuple(replace(unit, measures={"factor": Fraction(1, 2)}) for unit in UNITS)
RUNS = {
    "rates": grants.run(),
    "budget": grants.run(budget_yen=100_003, rounding=Rounding(1_000)),
    "handed out": grants.run(budget_yen=100_003, leftover=Leftover(LeftoverMethod.LARGEST_REMAINDER)),
    "by unit": grants.run(place="unit", rounding=Rounding(100)),
    "protected": grants.run(transition=Transition(Fraction(90), PaidBy.EXTRA), last_year={"4": 5_003}),
    "coefficient, instalments": grants.run(MANY, units=HALVED),
    "frozen": replace(grants.run(), frozen=FROZEN),
}
EVERY_RUN = pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))


def refuse(text):
    raise AssertionError(text)


def cells_of(run):
    rows = list(csv.reader(io.StringIO(reports.grant_csv(run), newline="")))
    assert len({len(row) for row in rows}) == 1
    return rows


@EVERY_RUN
def test_json_holds_everything_a_script_relies_on(run):
    report = json.loads(reports.grant_json(run), parse_float=refuse)
    assert {"lines", "budget_yen", "allocated_yen", "leftover_yen", "status", "population"} <= set(report)
    assert (report["status"], report["run_id"]) == (run.status, run.run_id or None)
    assert (
        report["rule"].items() >= {"id": "kakuu", "title": "架空の交付金", "sha256": run.rule.sha256}.items()
    )
    used = report["population"]
    assert (used["source"], used["reference_date"], used["basis"]) == (
        "架空の台帳",
        "2025-04-01",
        "published",
    )
    assert [line["unit_code"] for line in report["lines"]] == ["1", "2", "3", "4"]
    for line, own in zip(report["lines"], run.allocation.lines, strict=True):
        assert {
            "unit_code",
            "unit",
            "population",
            "equal_yen",
            "population_yen",
            "total_yen",
            "steps",
        } <= set(line)
        total = next(step for step in line["steps"] if step["id"] == "total")
        assert line["total_yen"] == own.total_yen == total["yen"] == Fraction(total["exact"])
        for step in line["steps"]:
            assert {"id", "label", "exact", "unit", "how"} <= set(step)
            assert ("yen" in step) == (step["unit"] == "円")
    assert sum(line["total_yen"] for line in report["lines"]) == report["allocated_yen"]
    assert all({"id", "label", "expected", "found", "outcome"} <= set(check) for check in report["checks"])
    assert len(report["checks"]) == len(run.checks)
    balances = {one["id"]: Fraction(one["yen"]) for one in report["balances"]}
    into = sum(yen for key, yen in balances.items() if key == "budget" or key.startswith("added_"))
    if report["budget_yen"] is not None:
        assert report["allocated_yen"] + Fraction(report["leftover_exact_yen"]) == into


def test_a_fraction_of_a_yen_left_over_stays_exact_in_json():
    report = json.loads(reports.grant_json(RUNS["rates"]))
    assert (report["budget_yen"], report["leftover_yen"]) == (None, None)
    assert Fraction(report["leftover_exact_yen"]) == Fraction(17, 25)
    assert json.loads(reports.grant_json(RUNS["budget"]))["leftover_yen"] == 100_003 - RUNS["budget"].allocation.allocated_yen  # fmt: skip


def exact(cell):
    whole, _, rest = cell.replace(",", "").partition(" と ")
    return Fraction(whole) + Fraction(rest or 0)


@EVERY_RUN
def test_csv_adds_up(run):
    header, *rows = cells_of(run)
    lines, sums = rows[:4], rows[4]
    assert sums[1] == "合計"
    for column in range(2, len(header)):
        assert sum(exact(line[column]) for line in lines) == exact(sums[column])
    assert [int(line[header.index("合計(円)")]) for line in lines] == list(run.allocation.totals_yen)


@EVERY_RUN
def test_a_csv_of_this_tool_can_be_last_year(run):
    found = read_last_year(reports.grant_csv(run).encode("utf-8-sig"), name="前年.csv")
    assert found == {line.unit.code: line.total_yen for line in run.allocation.lines}


@pytest.mark.parametrize("write", [reports.grant_csv, reports.grant_text])
@EVERY_RUN
def test_every_copy_says_what_it_stands_on_and_what_it_is_not(run, write):
    text = write(run)
    for words in (
        "架空の交付金",
        run.rule.sha256[:16],
        "令和7年度",
        "2025-04-01",
        "住民基本台帳",
        "公表値",
        "架空の台帳",
    ):
        assert words in text
    assert all(check.label in text for check in run.checks)
    assert (run.run_id in text) if run.frozen else ("試算(確定した額ではありません)" in text)


def test_the_first_note_is_the_status_and_an_example_says_so():
    notes = reports.grant_notes(grants.run(example=True))
    assert notes[0][0] == "状態"
    assert ("注意", "例・架空の額による計算です") in notes
    assert "注意" not in dict(reports.grant_notes(grants.run()))


def test_the_account_stands_below_the_sums_by_name():
    named = {row[1]: row for row in cells_of(RUNS["budget"])[6:8]}
    place = cells_of(RUNS["budget"])[0].index("合計(円)")
    left = 100_003 - RUNS["budget"].allocation.allocated_yen
    assert int(named["端数処理による残り"][place]) == left > 0
    assert int(named["予算"][place]) == 100_003
    protected = {row[1]: row for row in cells_of(RUNS["protected"])}
    added = protected["経過措置のために予算の外から加えた額"]
    assert exact(added[cells_of(RUNS["protected"])[0].index("合計(円)")]) > 3_500


def test_a_failed_check_says_what_should_be_there_and_why():
    run = grants.run(people=replace(PEOPLE, reference_date="2024-01-01", expected_codes=("1", "2", "3", "5")))
    for text in (reports.grant_text(run), reports.grant_csv(run)):
        assert "2024-01-01。あるべき値 2025-04-01。第2条" in text
        assert "足りない: 5 / 余分: 4" in text
    assert reports.check_words(run.checks[0]) == "0 件"


def test_a_name_that_is_a_formula_is_disarmed_in_the_csv():
    run = grants.run(units=(replace(UNITS[0], name="=1+1", code="@a"), *UNITS[1:]))
    assert cells_of(run)[1][:2] == ["'@a", "'=1+1"]


def test_terms_left_out_are_named():
    optional = '\n[[term]]\nid = "more"\nlabel = "加算割"\nkind = "flat"\namount = { rate = "more_yen" }\noptional = true\n'
    value = '\n[[value]]\nname = "more_yen"\nlabel = "加算"\nunit = "円"\nsince = 2020-04-01\nto_be_supplied = true\nreference = "第9条"\n'
    run = grants.run(grants.rule(more=optional + value))
    assert dict(reports.grant_notes(run))["計算に含まない項"] == "加算割"


def test_rounding_is_said_in_words():
    def words(run):
        return reports.rounding_words(run)

    assert words(RUNS["rates"]) == "人口割 1円未満切り捨て(規則に定めなし)。残りは配らずに示す"
    assert words(RUNS["by unit"]) == "合計額 100円未満切り捨て(規則に定めなし)。残りは配らずに示す"
    named = grants.run(budget_yen=9_999, leftover=Leftover(LeftoverMethod.UNIT, "2"))
    assert words(named).endswith("残りは決めた1つの単位に加える(2)")


def test_the_day_and_who_counts_are_said_in_words():
    (counting,) = {term.counting for term in grants.rule().formula.terms}
    assert reports.counting_words(counting) == (
        "基準日 その年度の4月1日、住民基本台帳、外国人 不明、施設の入所者 不明"
    )
    assert reports.counting_words(
        replace(counting, year_offset=-1, month_day="10-01", foreigners="in")
    ).startswith("基準日 前年の10月1日、住民基本台帳、外国人 含む")
    assert "規則に記載なし" in reports.counting_words(replace(counting, month_day=""))


def test_the_list_of_frozen_runs_has_a_line_each_and_none_says_so():
    assert reports.runs_text([]) == "確定した試算はまだありません。\n"
    _, line = reports.runs_text([RUNS["frozen"]]).splitlines()
    for words in (
        "abcd1234",
        "令和7年度",
        "架空の交付金",
        "26,236",
        "2025-04-01T09:00:00+09:00",
        "架空 太郎",
    ):
        assert words in line
    assert reports.run_name(RUNS["frozen"]) == "令和7年度(2025年度) 架空の交付金 確定 abcd1234"
