from __future__ import annotations

import argparse
import re
from datetime import date

import pytest

from kyodo_geo.cli_arguments import build_parser
from kyodo_geo.model.indicators import (
    MANAGEMENT_LABELS,
    REGISTRY,
    UnitCounts,
    describe_management,
    sum_counts,
)
from kyodo_geo.model.indicators.values import THEMES
from kyodo_geo.provenance import Unknown
from kyodo_geo.rules.book import RuleBook, RuleValue

LABELS = {
    "population_change": "人口増減率",
    "household_change": "世帯増減率",
    "population": "人口",
    "households": "世帯数",
    "density": "人口密度",
    "household_size": "1世帯当たり人員",
    "km2": "面積",
    "management": "センターの管理",
    "vanishing_areas": "消えかけている小地域",
    "closed_schools": "閉校した学校",
    "published_wards": "数字の公表された行政区",
    "ageing_rate": "高齢化率",
    "late_ageing_rate": "75歳以上の割合",
    "child_rate": "年少人口の割合",
    "old_dependency": "老年人口指数",
    "age_under_15": "15歳未満の人",
    "age_working": "15～64歳の人",
    "age_over_65": "65歳以上の人",
    "age_over_75": "75歳以上の人",
    "age_over_85": "85歳以上の人",
    "elderly_households": "65歳以上のいる世帯の割合",
    "vacancy_rate": "空き家率",
    "vacant_dwellings": "空き家の数",
}
RULES = RuleBook.load().rules
EMPTY = UnitCounts({2015: 0, 2020: 0}, {2015: 0, 2020: 0}, 0.0, {"unknown": 1})


COMMANDS = {
    "check", "districts", "allocate", "rules", "runs", "reach", "site", "transit", "indicators", "project",
    "priority", "sample", "map", "build-data", "app",
}  # fmt: skip
NESTED = {"rules": {"list", "show", "check"}, "runs": {"list", "show", "diff", "freeze"}}


def below(parser):
    """The sub-commands of a parser and their one-line help, by name."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            said = {one.dest: one.help for one in action._choices_actions}
            return {name: (inner, said.get(name)) for name, inner in action.choices.items()}
    return {}


def parsers(parser=None, name=""):
    """Every parser of the command line: the whole, its commands and their sub-commands, by name."""
    here = parser or build_parser()
    found = {name: here}
    for key, (inner, _) in below(here).items():
        found |= parsers(inner, f"{name} {key}".strip())
    return found


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_every_value_of_a_rule_is_dated_referenced_and_labelled(rule):
    assert rule.title
    assert rule.instrument
    assert re.match(r"https?://[^/ ]+/", rule.url)
    assert rule.values
    for name, timeline in rule.values.items():
        for entry in timeline:
            assert isinstance(entry.since, date), name
            assert entry.since >= rule.in_force
            assert entry.reference.strip()
            assert isinstance(entry.value, RuleValue)
            assert entry.value.label


@pytest.mark.parametrize(("year", "more"), [(2024, set()), (2019, set()), (2018, {"rate"}), (2015, {"rate"})])
def test_the_amounts_nobody_has_published_are_not_defaulted(year, more):
    values = RULES["hitomachi"].at(date(year, 4, 1))
    unknown = {name for name, entry in values.items() if entry.value.amount is None}
    assert unknown == {"equal_percent", "equal_yen", "per_head_yen", "staff_yen"} | more
    assert all(
        "架空" in example["label"] and "例" in example["label"] for example in RULES["hitomachi"].examples
    )


def test_indicators_keep_their_ids_and_labels():
    assert {item.id: item.label for item in REGISTRY} == LABELS
    assert len(REGISTRY) == len(LABELS)


@pytest.mark.parametrize("item", REGISTRY, ids=lambda item: item.id)
def test_every_indicator_is_defined(item):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", item.id)
    assert item.definition
    assert item.inputs
    assert item.kind in {"sequential", "diverging", "category"}
    assert item.span in {"count", "change", "latest", "status", "ages", "homes", "vacancy"}
    assert item.theme in THEMES
    assert item.pressing in {"", "high", "low"}
    assert item.kind == "category" or item.higher
    assert item.unit or item.kind == "category" or "÷" in item.definition


@pytest.mark.parametrize("item", REGISTRY, ids=lambda item: item.id)
def test_an_indicator_of_nothing_is_zero_or_unknown_and_never_a_failure(item):
    value = item.compute(EMPTY, 2020, 2015)
    assert isinstance(value, Unknown) or value == 0
    assert not isinstance(value, Unknown) or value.reason


def test_years_follow_the_censuses_there_are():
    known = {"census": [2020, 2010, 2015], "status": [2024], "ages": [2020, 2015], "vacancy": []}
    assert {item.span: item.years(known) for item in REGISTRY} == {
        "count": (2010, 2015, 2020),
        "change": (2015, 2020),
        "latest": (2020,),
        "status": (2024,),
        "ages": (2015, 2020),
        "homes": (),
        "vacancy": (),
    }


def test_the_statuses_of_several_centres_are_counted_in_words():
    assert describe_management({"unknown": 26, "community": 8, "direct": 0}) == "指定管理 8・不明 26"
    two = sum_counts([EMPTY, EMPTY])
    assert two.management == {"unknown": 2}
    assert set(MANAGEMENT_LABELS) == {"community", "direct", "unknown"}


@pytest.mark.parametrize("pattern", [r"(?<![\d.#\[])34(?![\d.\]])", "一関", r"\b111,?932\b"])
def test_the_code_knows_no_city(repository, pattern):
    files = [
        path for folder in ("kyodo_geo", "geo") for path in sorted((repository / folder).rglob("*"))
        if path.suffix in {".py", ".js", ".css"}
    ]  # fmt: skip
    assert len(files) > 50
    found = [
        f"{path.relative_to(repository)}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "parser"), parsers().items(), ids=lambda part: part if isinstance(part, str) else ""
)
def test_every_option_of_the_command_line_has_a_japanese_help_text(name, parser):
    options = [action for action in parser._actions if not isinstance(action, argparse._SubParsersAction)]
    assert ["-h", "--help"] in [action.option_strings for action in options]
    for action in options:
        assert re.search("[ぁ-んァ-ン一-龥]", action.help or ""), (name, action.option_strings or action.dest)
    assert parser.description


def test_every_command_is_said_in_one_line():
    found = {name: below(parser) for name, parser in parsers().items() if below(parser)}
    assert set(found[""]) == COMMANDS
    assert {name: set(inner) for name, inner in found.items() if name} == NESTED
    assert all(said for inner in found.values() for _, said in inner.values())
