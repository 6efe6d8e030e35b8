"""A fictional rule, its units and runs of it: what the tests of grants share. Tests change the text of the rule."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kyodo_geo.model.grants import GrantRun, LastYear, PopulationUsed
from kyodo_geo.model.measures import Unit
from kyodo_geo.model.scenario import Scenario
from kyodo_geo.provenance import Basis, Source
from kyodo_geo.rules.book import Rule, parse_rule
from kyodo_geo.runs import make_run

YEAR = 2025
RULE = """id = "kakuu"
title = "架空の交付金"
instrument = "架空市交付要綱"
url = "https://example.invalid/"
in_force = 2020-04-01
summary = "架空の規則。"
not_stated = ["端数処理"]

[counting]
reference_day = "04-01"
counted_by = "register"
reference = "第2条"

[[value]]
name = "equal_yen"
label = "均等割の額"
unit = "円"
since = 2020-04-01
to_be_supplied = true
reference = "第3条"

[[value]]
name = "per_head_yen"
label = "1人当たりの額"
unit = "円"
since = 2020-04-01
to_be_supplied = true
reference = "第3条"

[[term]]
id = "equal"
label = "均等割"
kind = "equal"
amount = { rate = "equal_yen" }

[[term]]
id = "population"
label = "人口割"
kind = "population"
amount = [{ rate = "per_head_yen" }, { rest = true }]
"""
# tables that a test may append
HALVES = "\n[instalments]\nmonths = [4, 10]\nunit_yen = 1000\n"
THOUSANDS = '\n[unit]\nrounding = { unit_yen = 1000, direction = "floor" }\n'
UNITS = (
    Unit("1", "架空本町", 1_200),
    Unit("2", "架空飛地", 301),
    Unit("3", "架空新田", 301),
    Unit("4", "架空空地", 0),
)
SOURCE = Source(
    "kakuu", "kakuu.csv", "架空出版", "架空の台帳", "https://example.invalid/", "2025-04-01", "2025", "2025", "架空",
    Basis.PUBLISHED, "試験のため", "0" * 64, 4, "住民基本台帳",
)  # fmt: skip
PEOPLE = PopulationUsed("架空の台帳", "2025-04-01", "住民基本台帳", Basis.PUBLISHED, (SOURCE,))
RATES = {"equal_yen": Fraction(1_000), "per_head_yen": Fraction("12.34")}


def rule(*changes: tuple[str, str], more: str = "") -> Rule:
    """Return the fictional rule with parts of its text replaced and tables appended."""
    text = RULE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return parse_rule(text + more, name="kakuu.toml")


def scenario(**choices: object) -> Scenario:
    """Return a scenario of the fictional rule; amounts are those of RATES unless a budget or others are given."""
    given: dict[str, object] = {"supplied": RATES, "place": "term", **choices}
    if "budget_yen" in choices and "supplied" not in choices:
        given["supplied"] = {"equal_yen": RATES["equal_yen"]}
    return Scenario("kakuu", **{"fiscal_year": YEAR, **given})


def run(
    by: Rule | None = None,
    *,
    units: tuple[Unit, ...] = UNITS,
    people: PopulationUsed = PEOPLE,
    last_year: dict[str, int] | None = None,
    **choices: object,
) -> GrantRun:
    """Make a trial run of the fictional rule."""
    before = LastYear("架空の前年", last_year) if last_year is not None else None
    return make_run(by or rule(), scenario(**choices), (list(units), people), before)


def moved(people: tuple[int, ...], units: tuple[Unit, ...] = UNITS) -> tuple[Unit, ...]:
    """Return the units with other numbers of people."""
    return tuple(replace(unit, population=count) for unit, count in zip(units, people, strict=True))
