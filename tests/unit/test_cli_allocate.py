from __future__ import annotations

import csv
import io
import json
from datetime import date
from fractions import Fraction

import pytest
from fictional import grants
from fictional.reports import RATES, YEAR, outcomes, refuse, totals

from kyodo_geo.model.scenario import from_text


@pytest.mark.parametrize(
    "terms",
    [
        ["--budget", "20,000,000", "--equal-percent", "50"],
        ["--budget", "２０００００００円", "--equal-percent", "33.3％", "--round", "1000", "--direction", "ceil"],
        ["--budget", "20000000", "--equal", "300000", "--leftover", "largest-remainder"],
        ["--budget", "20000000", "--equal", "300000", "--leftover", "sainte-lague", "--round", "1000"],
        ["--budget", "20000000", "--equal", "300000", "--leftover", "unit", "--leftover-to", "07"],
        ["--budget", "30000000", "--equal", "300000", "--per-head", "100", "--round", "100"],
        ["--budget", "30000000", "--set", "equal_percent=４０", "--round", "100", "--round-at", "unit"],
    ],
)  # fmt: skip
def test_an_allocation_of_the_city_adds_up_to_the_yen(kyodo, terms):
    code, out, _ = kyodo("allocate", *terms, "--format", "json", *YEAR)
    report = json.loads(out, parse_float=refuse)
    assert (code, report["status"], len(report["lines"])) == (0, "試算", 34)
    assert sum(totals(report)) == report["allocated_yen"]
    assert report["allocated_yen"] + report["leftover_yen"] == report["budget_yen"]
    assert sum(line["population"] for line in report["lines"]) == 111_932
    assert (report["population"]["reference_date"], report["population"]["basis"]) == (
        "2020-10-01",
        "estimated",
    )


def test_the_json_keeps_the_keys_of_the_first_version_and_adds_rule_steps_and_checks(allocate):
    report = allocate(*RATES)
    assert {"lines", "budget_yen", "allocated_yen", "leftover_yen", "status", "population"} <= set(report)
    assert set(report["rule"]) >= {"id", "title", "sha256"}
    assert (report["rule"]["id"], len(report["rule"]["sha256"])) == ("hitomachi", 64)
    assert {"source", "reference_date", "counted_by", "basis"} <= set(report["population"])
    for line in report["lines"]:
        assert {
            "unit_code",
            "unit",
            "population",
            "equal_yen",
            "population_yen",
            "total_yen",
            "steps",
        } <= set(line)
    assert outcomes(report)["reference_day"] == "fail"
    assert report["fiscal_year"] == 2025


def test_an_allocation_comes_as_table_csv_and_json_and_workbook(kyodo, tmp_path):
    words = ["allocate", "--equal", "300000", "--per-head", "100", *YEAR]
    table, text = kyodo(*words)[1], kyodo(*words, "--format", "csv")[1]
    report = json.loads(kyodo(*words, "--format", "json")[1])
    assert report["allocated_yen"] == 34 * 300_000 + 111_932 * 100 == 21_393_200
    assert "21,393,200" in table
    assert table == kyodo(*words, "--format", "table")[1]
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[35][1] == "合計"
    assert int(rows[35][rows[0].index("合計(円)")]) == 21_393_200
    for form, start in (
        ("csv", b"\xef\xbb\xbf"),
        ("json", b"{"),
        ("table", "コード".encode()),
        ("xlsx", b"PK"),
    ):
        path = tmp_path / f"試算.{form}"
        assert kyodo(*words, "--format", form, "-o", path)[:2] == (0, "")
        assert path.read_bytes().lstrip().startswith(start)


def test_a_workbook_needs_a_file(refused):
    assert "-o" in refused(*RATES, "--format", "xlsx")


def test_set_reads_full_width_digits_commas_and_decimals_and_equals_the_short_forms(allocate):
    plain = totals(allocate("--equal", "1000", "--per-head", "12.34"))
    assert totals(allocate(*RATES)) == plain
    assert totals(allocate("--set", "equal_yen=１，０００円", "--set", " per_head_yen = １２．３４")) == plain
    assert totals(allocate("--equal", "1000", "--set", "per_head_yen=12.34")) == plain
    assert from_text(allocate(*RATES)["scenario"]).supplied == {
        "equal_yen": Fraction(1_000), "per_head_yen": Fraction("12.34"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--set", "equal_yen"], "--set 「equal_yen」を読めません"),
        (["--set", "=5"], "名前=値"),
        (["--set", ""], "名前=値"),
        (["--set", "equal_yen="], "読めません"),
        (["--set", "equal_yen=千円"], "--set equal_yenの「千円」"),
        (["--set", "equal_yen=1=2"], "読めません"),
        (["--set", "equal_yen=nan"], "読めません"),
        (["--set", "nani=1", *RATES], "「nani」という値はこの規則にありません"),
        (["--set", "equal_yen=-1", "--per-head", "1"], "0 から"),
        (["--set", "equal_yen=1", "--equal", "2"], "2回"),
        ([*RATES, "--set", "equal_yen=1"], "2回"),
        (["--equal", "1", "--equal-percent", "5", "--budget", "100"], "両方"),
        (["--budget", "-5", "--equal-percent", "5"], "「-5」は負の数"),
        (["--budget", "1.5", "--equal-percent", "5"], "円未満の端数"),
        (["--budget", "千円", "--equal-percent", "5"], "読めません"),
        (["--budget", "1000", "--equal-percent", "101"], "0 から 100"),
        (["--budget", "1000", "--equal-percent", "-1"], "0 から 100"),
        (["--budget", "1000", "--equal", "300"], "足りません"),
        (["--budget", "1000", "--equal", "1", "--per-head", "900"], "超えます"),
        (["--budget", "9" * 5_000, "--equal", "1"], "読めません"),
        (["--budget", "1000"], "equal_percent"),
        ([], "per_head_yen"),
        (
            [
                "--budget",
                "9000",
                "--equal",
                "1",
                "--leftover",
                "sainte-lague",
                "--round",
                "10",
                "--direction",
                "ceil",
            ],
            "切り捨て",
        ),
        (["--budget", "1000", "--equal", "1", "--leftover", "unit"], "単位「」"),
        (["--budget", "1000", "--equal", "1", "--leftover", "unit", "--leftover-to", "99"], "「99」"),
        (["--budget", "1000", "--equal", "1", "--leftover", "first-instalment"], "[instalments]"),
        ([*RATES, "--direction", "ceil"], "--round と一緒に"),
        ([*RATES, "--round-at", "unit"], "--round と一緒に"),
        ([*RATES, "--paid-by", "others"], "--protect と一緒に"),
        ([*RATES, "--leftover-to", "1"], "--leftover unit と一緒に"),
        ([*RATES, "--protect", "90"], "前年の額が要ります"),
        ([*RATES, "--protect", "101"], "0 から 100"),
        ([*RATES, "--protect", "-1"], "0 から 100"),
        ([*RATES, "--protect", "x"], "読めません"),
        ([*RATES, "--population", "1999"], "「1999」はありません"),
        (["--rule", "nani"], "規則「nani」はありません"),
        (["--rule", "nai.toml"], "nai.toml"),
        (["--units", "nai.csv", *RATES], "nai.csv"),
        (["--last-year", "nai.csv", *RATES], "nai.csv"),
        (["--scenario", "nai.json"], "nai.json"),
        ([*RATES, "-o", "nai/a.csv"], "nai/a.csv"),
        ([*RATES, "--on", "2012-03-31"], "2012-03-31"),
    ],
)
def test_what_cannot_be_is_refused_in_japanese_and_writes_nothing(
    refused, words, reason, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert reason in refused(*words)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("year", ["2014", "0", "-1", "1949", "2201", "99999"])
def test_a_year_before_the_rule_or_beyond_all_reason_is_refused(kyodo_refuses, year):
    reason = kyodo_refuses("allocate", *RATES, "--fiscal-year", year)
    assert ("2015-04-01 から" in reason) == (year == "2014")
    assert ("年度" in reason) == (year != "2014")


def test_the_first_year_of_a_rule_is_a_good_one(kyodo):
    code, out, _ = kyodo("allocate", *RATES, "--fiscal-year", "2015", "--format", "json")
    assert (code, len(json.loads(out)["lines"])) == (0, 31)  # three branches became centres in 2017


def test_without_a_year_the_one_of_today_is_meant(kyodo, monkeypatch):
    monkeypatch.setattr("kyodo_geo.cli._today", lambda: date(2026, 3, 31))
    assert json.loads(kyodo("allocate", *RATES, "--format", "json")[1])["fiscal_year"] == 2025


def test_a_rule_of_a_file_is_computed_like_one_of_the_book(allocate, rule_file):
    report = allocate("--rule", rule_file, *RATES)
    assert (report["rule"]["id"], report["rule"]["title"]) == ("kakuu", "架空の交付金")
    assert report["rule"]["sha256"] == grants.rule().sha256
    assert totals(report) == [1_000 + int(people * Fraction("12.34")) for people in (1_200, 300, 501, 0, 300)]
    kora = allocate("--rule", "kora")
    assert kora["rule"]["id"] == "kora"
    assert totals(kora)[0] == 165_000 + 450 * 950 + 1_200 * 100


def test_a_bad_rule_file_is_refused_with_all_its_faults(refused, rule_file):
    rule_file.write_text(
        grants.RULE.replace("2020-04-01", '"x"', 1).replace('kind = "equal"', 'kind = "x"'), encoding="utf-8"
    )
    reason = refused("--rule", rule_file, *RATES)
    assert "架空.toml" in reason
    assert reason.count("  - ") >= 2


def test_rounding_of_the_command_line_replaces_that_of_the_rule(allocate, tmp_path):
    path = tmp_path / "千円.toml"
    path.write_text(grants.RULE + grants.THOUSANDS, encoding="utf-8")
    people = (1_200, 300, 501, 0, 300)
    exact = [1_000 + count * Fraction("12.34") for count in people]
    by_rule = allocate("--rule", path, *RATES)
    assert totals(by_rule) == [int(yen // 1_000 * 1_000) for yen in exact]
    up = allocate("--rule", path, *RATES, "--round", "10", "--direction", "ceil", "--round-at", "unit")
    assert totals(up) == [int(-(-yen // 10) * 10) for yen in exact]
    term = allocate("--rule", path, *RATES, "--round", "100")
    assert totals(term) == [1_000 + int(count * Fraction("12.34") // 100 * 100) for count in people]
