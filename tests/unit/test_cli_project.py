"""project on the command line: a projection from two tables, a trend without them, and what does not go together."""

from __future__ import annotations

import argparse
import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from fictional.ages import BLOCK, Area, as_file, estat_rows

from kyodo_geo.city import DEFAULT_DATA, City
from kyodo_geo.cli_evidence import evidence_options
from kyodo_geo.cli_project import add_project_options, project_command
from kyodo_geo.errors import InputRefused

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Two made-up e-Stat tables of all small areas of the shipped city: 32 people each, fewer young ones in 2020."""
    assert len(BLOCK) == 20
    city, folder = City.load(), tmp_path_factory.mktemp("ages")
    keys = dict.fromkeys(str(key) for key in city.small_areas["key_code"])
    written = []
    for table, young in (("T000849", 2), ("T001082", 1)):
        people = (young, *[1] * 15)
        areas = [Area(key, f"字{key}", people, people) for key in keys]
        rows = estat_rows(areas, code=city.facts.code, city=city.facts.name, table=table)
        path = folder / f"架空_tbl{table}C03.txt"
        path.write_bytes(as_file(rows))
        written.append(path)
    return written


def options(*words):
    parser = argparse.ArgumentParser()
    evidence_options(parser)
    add_project_options(parser)
    parser.add_argument("--format", default="table")
    parser.add_argument("--on", type=date.fromisoformat)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    return parser.parse_args([str(word) for word in words])


def run(*words):
    return project_command(options(*words), TODAY)


def refused(*words):
    with pytest.raises(InputRefused) as caught:
        run(*words)
    return str(caught.value)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_without_tables_it_is_a_trend_and_says_so():
    said = run()
    assert "参考" in said
    assert "年齢別の推計ではありません" in said
    assert "2035年(参考)" in said
    assert "5年はなれた2つの年齢の表" in said
    assert "外れ(人)" in said
    assert "架空" not in said


def test_the_trend_as_csv_is_marked_on_every_row():
    rows = rows_of(run("--format", "csv"))
    assert {row["印"] for row in rows if row["種別"] == "傾向"} == {"参考"}
    assert max(row["年"] for row in rows) == "2035"
    city = {row["年"]: float(row["人口の総数"]) for row in rows if row["段階"] == "市"}
    assert city["2020"] == 111932
    assert city["2025"] == pytest.approx(111932 * 111932 / 121583, abs=0.1)


def test_the_trend_as_json_says_why_there_is_no_projection():
    told = json.loads(run("--format", "json"))
    assert told["kind"] == "trend"
    assert told["mark"] == "参考"
    assert "5年はなれた" in told["no_projection"]


def test_a_trend_is_never_carried_beyond_fifteen_years():
    said = refused("--to", 2050)
    assert "15 年後" in said
    assert "--ages" in said


def test_scenarios_need_ages():
    assert "年齢の表がないと計算できません" in refused("--scenario", "no_migration")


def test_one_table_is_not_enough_for_a_projection(tables):
    said = run("--ages", tables[1])
    assert "不明(5年おきの2つ目の表が要る)" in said
    assert "参考" in said


def test_two_tables_give_a_projection_to_2050(tables):
    said = run("--ages", *tables)
    assert said.startswith("2050年までの将来推計(これまでどおり(推計)、架空")
    assert "地区ごとの外れ: 不明(3つ目の表が要る)" in said
    assert "開いたファイル 架空_tblT001082C03.txt" in said


def test_levels_of_the_csv_add_up_and_every_row_is_marked(tables):
    rows = rows_of(run("--ages", *tables, "--format", "csv").split("\r\n\r\n")[0])
    assert {row["印"] for row in rows} == {"架空"}
    for year in ("2020", "2050"):
        sums = {
            level: sum(
                float(row["人口(年齢の分かる人)"])
                for row in rows
                if (row["年"], row["段階"]) == (year, level)
            )
            for level in ("地区", "地域", "市")
        }
        assert sums["地区"] == pytest.approx(sums["市"], abs=2)
        assert sums["地域"] == pytest.approx(sums["市"], abs=1)


def test_families_move_in(tables):
    usual = json.loads(run("--ages", *tables, "--to", 2040, "--format", "json"))
    words = ("--to", 2040, "--format", "json", "--scenario", "families", "--families", "05=2")
    more = json.loads(run("--ages", *tables, *words))
    assert more["choice"] == {"to": "2040", "scenario": "families", "families": "05:2"}
    grown, same = (
        more["steps"][-1]["districts"][code]["people"] - usual["steps"][-1]["districts"][code]["people"]
        for code in ("05", "06")
    )
    assert grown > 0
    assert same == pytest.approx(0, abs=0.001)


def test_families_and_their_scenario_go_together(tables):
    assert "一緒に使います" in refused("--ages", *tables, "--families", "05=2")
    assert "一緒に使います" in refused("--ages", *tables, "--scenario", "families")


def test_what_cannot_be_read_is_named(tables):
    assert "「05」" in refused("--ages", *tables, "--scenario", "families", "--families", "05")
    assert "「99」という地区はありません" in refused(
        "--ages", *tables, "--scenario", "families", "--families", "99=1"
    )
    assert "2033" in refused("--ages", *tables, "--to", 2033)
    assert "2055" in refused("--ages", *tables, "--to", 2055)


def test_the_same_call_gives_the_same_bytes(tables):
    words = ("--ages", *tables, "--format", "json")
    assert run(*words) == run(*words)
