from __future__ import annotations

import csv
import io
import json

import pytest

DAY = ["--on", "2024-06-01"]
UNITS = 'unit_code,unit,population\n1,架空本町,"１,２００"\n2,架空飛地,300\n'


@pytest.mark.parametrize(
    "terms",
    [
        ["--budget", "20,000,000", "--equal-percent", "50"],
        ["--budget", "２０００００００円", "--equal-percent", "33.3", "--round", "1000", "--direction", "ceil"],
        ["--budget", "20000000", "--equal", "300000", "--leftover", "largest-remainder"],
        ["--budget", "30000000", "--equal", "300000", "--per-head", "100", "--round", "100"],
    ],
)  # fmt: skip
def test_an_allocation_adds_up_to_the_yen(kyodo, terms):
    code, out, _ = kyodo("allocate", *terms, "--format", "json", *DAY)
    report = json.loads(out)
    assert (code, report["status"], len(report["lines"])) == (0, "試算", 34)
    assert sum(line["total_yen"] for line in report["lines"]) == report["allocated_yen"]
    assert report["allocated_yen"] + report["leftover_yen"] == report["budget_yen"]
    assert sum(line["population"] for line in report["lines"]) == 111_932
    assert report["population"]["reference_date"] == "2020-10-01"
    assert report["population"]["basis"] == "estimated"


def test_an_allocation_comes_as_table_csv_and_json(kyodo):
    words = ["allocate", "--equal", "300000", "--per-head", "100", *DAY]
    table, text = kyodo(*words)[1], kyodo(*words, "--format", "csv")[1]
    report = json.loads(kyodo(*words, "--format", "json")[1])
    assert report["allocated_yen"] == 34 * 300_000 + 111_932 * 100 == 21_393_200
    assert "21,393,200" in table
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[35][1] == "合計"
    assert int(rows[35][-1]) == 21_393_200


def test_any_list_of_units_can_be_divided(kyodo, fictional_data, tmp_path):
    path = tmp_path / "単位.csv"
    path.write_bytes(UNITS.encode("cp932"))
    words = [
        "allocate",
        "--data",
        fictional_data,
        "--budget",
        "1000",
        "--equal-percent",
        "0",
        "--format",
        "json",
    ]
    report = json.loads(kyodo(*words, "--units", path)[1])
    assert [(line["population"], line["total_yen"]) for line in report["lines"]] == [(1_200, 800), (300, 200)]
    assert report["population"]["basis"] == "supplied"
    assert len(json.loads(kyodo(*words, *DAY)[1])["lines"]) == 5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["空です"]),
        ("unit_code,unit\n1,a\n", ["1 行目", "「population」"]),
        ("unit_code,unit,population\n1,a,5\n1,b,-6\n2,c,\n", ["3 行目 列「unit_code」", "3 行目 列「population」", "4 行目 列「population」"]),
        ("unit_code,unit,population\n1,a,0\n", ["0人"]),
    ],
)  # fmt: skip
def test_a_bad_units_file_is_refused_with_its_rows_and_columns(kyodo_refuses, tmp_path, text, words):
    path = tmp_path / "単位.csv"
    path.write_text(text, encoding="utf-8")
    reason = kyodo_refuses("allocate", "--budget", "1000", "--equal-percent", "50", "--units", path)
    assert all(word in reason for word in words)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--budget", "-5", "--equal-percent", "5"], "「-5」は負の数"),
        (["--budget", "1.5", "--equal-percent", "5"], "円未満の端数"),
        (["--budget", "千円", "--equal-percent", "5"], "読めません"),
        (["--budget", "1000", "--equal-percent", "101"], "101 % は使えません"),
        (["--budget", "1000", "--equal-percent", "-1"], "1 % は使えません"),
        (["--budget", "1000", "--equal", "300"], "足りません"),
        (["--budget", "1000"], "条件が足りません"),
        ([], "条件が足りません"),
        (["--equal", "1", "--per-head", "1", "--leftover", "largest-remainder"], "最大剰余法"),
        (["--units", "nai.csv", "--budget", "1", "--equal", "0"], "nai.csv"),
        (["--equal", "1", "--per-head", "1", "-o", "nai/a.csv"], "nai/a.csv"),
    ],
)
def test_terms_that_cannot_be_are_refused_in_japanese(kyodo_refuses, words, reason, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert reason in kyodo_refuses("allocate", *words)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("code", ["01", "99"])
def test_units_by_district_code_are_checked_against_the_city(kyodo, tmp_path, code):
    path = tmp_path / "単位.csv"
    path.write_text(f"district_code,district,population\n{code},a,5\n", encoding="utf-8")
    done, _, err = kyodo("allocate", "--budget", "1000", "--equal-percent", "50", "--units", path)
    assert done == (0 if code == "01" else 1)
    assert (f"2 行目 列「district_code」: 「{code}」" in err) == (code == "99")


@pytest.mark.parametrize(("budget", "percent"), [("9" * 5000, "50"), ("1000", "9" * 400)])
def test_numbers_beyond_all_reason_are_refused(kyodo_refuses, budget, percent):
    assert kyodo_refuses("allocate", "--budget", budget, "--equal-percent", percent)
