from __future__ import annotations

import csv
import io
import json
from datetime import date
from fractions import Fraction

import pytest

from kyodo_geo.model.allocation import Leftover, Rounding, Terms, Unit, allocate
from kyodo_geo.model.grants import GrantRun, PopulationUsed
from kyodo_geo.present import reports
from kyodo_geo.provenance import Basis

UNITS = [Unit("1", "架空本町", 1_200), Unit("2", "=架空飛地", 300), Unit("4", "架空空地", 0)]
BUDGET = Terms(budget_yen=1_000_000, equal_percent=Fraction(50), rounding=Rounding(1_000))
HANDED = Terms(budget_yen=1_000_000, equal_percent=Fraction(50), leftover=Leftover.LARGEST_REMAINDER)
RATES = Terms(equal_yen=1_000, per_head_yen=Fraction("12.34"))


def run_of(terms):
    used = PopulationUsed("架空の国勢調査", "2020-10-01", "国勢調査", Basis.FICTIONAL, note="架空の注意")
    return GrantRun(allocate(UNITS, terms), used)


def cells_of(terms, **options):
    text = reports.allocation_csv(run_of(terms), **options)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len({len(row) for row in rows}) == 1
    return rows


@pytest.mark.parametrize("terms", [BUDGET, HANDED, RATES])
def test_a_run_as_json_holds_everything_a_script_relies_on(terms):
    report = json.loads(reports.allocation_json(run_of(terms)))
    assert {"lines", "budget_yen", "allocated_yen", "leftover_yen", "status", "population"} <= set(report)
    assert report["status"] == "試算"
    assert report["population"]["source"] == "架空の国勢調査"
    assert report["population"]["reference_date"] == "2020-10-01"
    assert report["population"]["basis"] == "fictional"
    assert [line["unit_code"] for line in report["lines"]] == ["1", "2", "4"]
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
        assert line["equal_yen"] + line["population_yen"] == line["total_yen"] == line["steps"][-1]["yen"]
        assert all({"id", "label", "yen", "exact", "how"} == set(step) for step in line["steps"])
    assert sum(line["total_yen"] for line in report["lines"]) == report["allocated_yen"]
    if terms.budget_yen is not None:
        assert report["allocated_yen"] + report["leftover_yen"] == report["budget_yen"] == 1_000_000


def test_a_fraction_of_a_yen_left_over_stays_exact_in_json():
    report = json.loads(reports.allocation_json(run_of(Terms(equal_yen=0, per_head_yen=Fraction("0.001")))))
    assert report["budget_yen"] is None
    assert report["leftover_yen"] is None
    assert Fraction(report["leftover_exact_yen"]) == Fraction(1, 2)


@pytest.mark.parametrize("terms", [BUDGET, HANDED, RATES])
def test_a_run_as_csv_adds_up(terms):
    header, *rows = cells_of(terms)
    lines = rows[: len(UNITS)]
    sums = rows[len(UNITS)]
    assert sums[1] == "合計"
    for column in range(2, len(header)):
        if header[column] != "地域割 端数処理前(円)":
            assert sum(int(line[column]) for line in lines) == int(sums[column])
    named = {row[1]: row[-1] for row in rows[len(UNITS) : len(UNITS) + 3]}
    if terms.budget_yen is not None:
        assert int(named["合計"]) + int(named["端数処理による残り"]) == int(named["予算"])
    assert ("端数の配分(円)" in header) == (terms is HANDED)


def test_a_csv_says_what_it_stands_on_and_what_it_is_not():
    notes = {row[1]: row[2] for row in cells_of(BUDGET, example=True)}
    assert notes["状態"].startswith("試算")
    assert notes["人口の基準日"] == "2020-10-01"
    assert notes["人口の根拠"] == "架空"
    assert notes["例"] == "架空の額による計算です"
    assert "例" not in {row[1] for row in cells_of(BUDGET)}


def test_a_name_that_is_a_formula_is_disarmed_in_the_csv():
    assert cells_of(BUDGET)[2][1] == "'=架空飛地"


def test_a_text_table_shows_sums_and_the_leftover_by_name():
    text = reports.allocation_text(run_of(BUDGET))
    assert "端数処理による残り" in text
    assert "1,000,000" in text
    assert "状態: 試算" in text


def test_json_refuses_what_is_no_number():
    with pytest.raises(ValueError, match="not JSON compliant"):
        reports.to_json({"value": float("nan")})


def test_districts_as_json_give_null_and_the_reason_for_what_is_unknown(fictional_city, today):
    districts = fictional_city.districts(today)
    report = json.loads(reports.districts_json(districts, lines_note="架空の線"))
    assert report["on"] == "2024-06-01"
    assert report["lines_note"] == "架空の線"
    assert [row["district_code"] for row in report["districts"]] == list(districts.codes)
    empty = report["districts"][3]
    assert (empty["population"], empty["household_size"]) == (0, None)
    assert set(empty["unknown"]) == {name for name, value in empty.items() if value is None}
    assert {"district_code", "district", "area", "population", "households", "km2"} <= set(empty)
    named = {source["id"] for source in report["sources"]}
    for column in report["columns"].values():
        assert set(column["sources"]) <= named
        assert column["basis"] in {basis.name.lower() for basis in Basis}


def test_districts_as_csv_write_unknown_in_words(fictional_city):
    text = reports.districts_csv(fictional_city.districts(date(2018, 3, 31)))
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["district_code"] for row in rows] == ["1", "2", "3", "4"]
    assert rows[3]["management"] == "不明(公表資料なし)"
    assert sum(int(row["population"]) for row in rows) == 2_301
    assert not [row for row in rows if {"", "nan", "None"} & set(row.values())]


def test_small_areas_as_csv_keep_every_row(fictional_city):
    text = reports.small_areas_csv(fictional_city.small_areas)
    assert len(text.splitlines()) == len(fictional_city.small_areas) + 1
