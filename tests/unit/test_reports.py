from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest

from kyodo_geo.figures.build import district_table
from kyodo_geo.present import reports
from kyodo_geo.provenance import Basis


def test_json_refuses_what_is_no_number():
    with pytest.raises(ValueError, match="not JSON compliant"):
        reports.to_json({"value": float("nan")})


def test_a_text_table_is_aligned_by_the_width_of_its_characters():
    rows = [["名称", "円"], ["架空本町", 1_200], ["a", -5], ["", ""]]
    assert reports.text_table(rows) == "名称         円\n架空本町  1,200\na            -5\n"


def test_districts_as_json_give_null_and_the_reason_for_what_is_unknown(fictional_city, today):
    districts = district_table(fictional_city, today)
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
    text = reports.districts_csv(district_table(fictional_city, date(2018, 3, 31)))
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["district_code"] for row in rows] == ["1", "2", "3", "4"]
    assert rows[3]["management"] == "不明(公表資料なし)"
    assert sum(int(row["population"]) for row in rows) == 2_301
    assert not [row for row in rows if {"", "nan", "None"} & set(row.values())]


def test_small_areas_as_csv_keep_every_row(fictional_city):
    text = reports.small_areas_csv(fictional_city.small_areas)
    assert len(text.splitlines()) == len(fictional_city.small_areas) + 1
