"""`allocate` with what a person brings: units, last year, a saved scenario."""

from __future__ import annotations

import pytest
from fictional.reports import RATES, YEAR, outcomes, totals

from kyodo_geo.model.scenario import Scenario, from_text
from kyodo_geo.model.scenario_file import write_scenarios

UNITS = (
    "unit_code,unit,population,reference_date,population_basis\n"
    '1,架空本町,"１,２００",2025-04-01,住民基本台帳\n2,架空飛地,300,2025-04-01,住民基本台帳\n'
)


@pytest.fixture
def units(tmp_path):
    path = tmp_path / "単位.csv"
    path.write_bytes(UNITS.encode("cp932"))
    return path


def test_any_list_of_units_can_be_divided(allocate, units):
    report = allocate("--budget", "1000", "--equal-percent", "0", "--units", units)
    assert [(line["population"], line["total_yen"]) for line in report["lines"]] == [(1_200, 800), (300, 200)]
    assert report["population"]["basis"] == "supplied"
    assert report["population"]["reference_date"] == "2025-04-01"
    assert outcomes(report)["codes_complete"] == "note"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["空です"]),
        ("unit_code,unit\n1,a\n", ["1 行目", "「population」"]),
        ("unit_code,unit,population\n1,a,5\n1,b,-6\n2,c,\n", ["3 行目 列「unit_code」", "3 行目 列「population」", "4 行目 列「population」"]),
        ("unit_code,unit,population\n1,a,0\n", ["分ける相手がいません"]),
        ("district_code,district,population\n1,a,5\n99,b,5\n", ["3 行目 列「district_code」: 「99」"]),
    ],
)  # fmt: skip
def test_a_bad_units_file_is_refused_with_its_rows_and_columns(refused, tmp_path, text, words):
    path = tmp_path / "単位.csv"
    path.write_text(text, encoding="utf-8")
    reason = refused("--budget", "1000", "--equal-percent", "50", "--units", path)
    assert all(word in reason for word in words)


def test_districts_that_do_not_fit_are_refused_and_a_day_that_does_not_is_named_in_the_checks(
    kyodo, fictional_data, rule_file, tmp_path
):
    path = tmp_path / "地区.csv"
    head = "district_code,district,population,reference_date,population_basis\n"
    path.write_text(f"{head}1,a,5,2024-01-01,住民基本台帳\n2,b,6,2024-01-01,住民基本台帳\n", encoding="utf-8")
    words = ["allocate", "--data", fictional_data, *YEAR, "--rule", rule_file, *RATES, "--units", path]
    code, out, err = kyodo(*words)
    assert (code, out) == (1, "")
    assert "地区.csv に 3 地区の行がありません: 3、4、5" in err
    others = "".join(f"{number},c,7,2024-01-01,住民基本台帳\n" for number in (3, 4, 5))
    path.write_text(path.read_text(encoding="utf-8") + others, encoding="utf-8")
    code, out, _ = kyodo(*words)
    (check,) = [line for line in out.splitlines() if line.startswith("検算 否")]
    assert code == 0
    assert "2024-01-01" in check
    assert "2025-04-01" in check


def test_last_year_comes_from_a_file_or_from_the_units(allocate, units, tmp_path):
    before = tmp_path / "前年.csv"
    before.write_text("unit_code,last_year_yen\n1,15808\n2,9000\n", encoding="utf-8")
    report = allocate(*RATES, "--units", units, "--last-year", before)
    change = next(check for check in report["checks"] if check["id"] == "change")
    assert (change["outcome"], change["reference"]) == ("note", "架空飛地")
    kept = allocate(*RATES, "--units", units, "--last-year", before, "--protect", "９０％")
    assert totals(kept) == [15_808, 8_100]
    units.write_text(UNITS.replace("population_basis", "population_basis,last_year_yen").replace("台帳\n", "台帳,9000\n"), encoding="utf-8")  # fmt: skip
    assert totals(allocate(*RATES, "--units", units, "--protect", "90")) == [15_808, 8_100]
    assert outcomes(allocate(*RATES, "--units", units))["change"] == "note"


@pytest.mark.parametrize("paid_by", ["extra", "others", "gainers"])
def test_a_protection_says_who_pays_for_it(allocate, units, tmp_path, paid_by):
    before = tmp_path / "前年.csv"
    before.write_text("unit_code,total_yen\n1,5000\n2,9000\n", encoding="utf-8")
    words = [
        "--budget",
        "20000",
        "--equal-percent",
        "0",
        "--units",
        units,
        "--last-year",
        before,
        "--protect",
        "100",
    ]
    report = allocate(*words, "--paid-by", paid_by)
    assert totals(report)[1] == 9_000
    assert totals(report)[0] == (16_000 if paid_by == "extra" else 11_000)
    assert paid_by != "extra" or report == allocate(*words)


def test_an_older_census_and_the_lines_of_another_day(allocate):
    assert sum(line["population"] for line in allocate(*RATES, "--population", "2010")["lines"]) == 2_443
    assert len(allocate(*RATES, "--on", "2017-04-01")["lines"]) == 4


def test_a_reference_day_answers_what_the_rule_leaves_open(allocate):
    assert outcomes(allocate(*RATES, "--reference-day", "2020-10-01"))["reference_day"] == "note"
    assert outcomes(allocate(*RATES, "--reference-day", "2020-10-02"))["reference_day"] == "fail"


def test_a_scenario_saved_in_the_app_gives_the_same(allocate, refused, tmp_path):
    plain = allocate(*RATES)
    path = tmp_path / "試算.json"
    scenario = from_text(plain["scenario"])
    path.write_text(write_scenarios([scenario]), encoding="utf-8")
    assert allocate("--scenario", path) == plain
    path.write_text(write_scenarios([scenario, Scenario("hitomachi", 2024)]), encoding="utf-8")
    assert "2 件" in refused("--scenario", path)
    path.write_text('{"kind": "kyodo_geo scenarios", "scenarios": [1.5]}', encoding="utf-8")
    assert "試算のファイルではありません" in refused("--scenario", path)
