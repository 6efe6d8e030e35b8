"""The shipped rules, each against an amount worked out by hand, and the worked example of README."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from kyodo_geo.city import City
from kyodo_geo.errors import InputRefused, NotInForce
from kyodo_geo.model.measures import Unit, measure_label
from kyodo_geo.model.scenario import Scenario, default_place
from kyodo_geo.rules.book import RuleBook, parse_rule
from kyodo_geo.rules.values import RuleValue
from kyodo_geo.runs import case_run, listed_last_year, listed_units, make_run
from kyodo_geo.sources.units import read_units

ROOT = Path(__file__).resolve().parents[2]
RULES = RuleBook.load().rules
CITY = City.load()


def total_of(rule_id, year=2025, population=0, supplied=None, **measures):
    """What one unit gets by a shipped rule."""
    unit = Unit("1", "架空区", population, {name: Fraction(value) for name, value in measures.items()})
    rule = RULES[rule_id]
    named = {name: Fraction(value) for name, value in (supplied or {}).items()}
    scenario = Scenario(rule_id, year, supplied=named, place=default_place(rule))
    people = case_run(CITY, RULES["genki_2010"], RULES["genki_2010"].cases[0])[0].population
    return make_run(rule, scenario, ([unit], people)).allocation.totals_yen[0]


@pytest.mark.parametrize(
    ("rule_id", "given", "yen"),
    [
        # 350,000 + 300 × 1,234
        ("fujikawa", {"population": 1_234}, 720_200),
        # (65,000 + 350 × 80 + 100 × 210) + (100,000 + 600 × 80) = 114,000 + 148,000
        ("kora", {"population": 210, "households": 80}, 262_000),
        # 5,000 × 2 old wards + 700 × 33 households
        ("kobayashi", {"population": 90, "households": 33, "flat_parts": 2, "supplied": {"equal_yen": 5000, "household_yen": 700}}, 33_100),
        # the mayor's two sums
        ("oshu", {"population": 900, "first_half_yen": 1_200_000, "second_half_yen": 1_300_000}, 2_500_000),
        # the limits themselves
        ("consensus", {"population": 1}, 50_000),
        ("council_support", {"population": 1}, 100_000),
        ("staff", {"population": 1, "council_employs": 1, "supplied": {"staff_yen": 2_345_678}}, 2_345_678),
        ("staff", {"population": 1, "council_employs": 0, "supplied": {"staff_yen": 2_345_678}}, 0),
        # 300,000 + 100 × 1,151, and with a staff member of 2,000,000
        ("hitomachi", {"population": 1_151, "supplied": {"equal_yen": 300_000, "per_head_yen": 100}}, 415_100),
        ("hitomachi", {"population": 1_151, "supplied": {"equal_yen": 300_000, "per_head_yen": 100, "staff_yen": 2_000_000}}, 2_415_100),
    ],
)  # fmt: skip
def test_a_rule_gives_what_its_articles_say(rule_id, given, yen):
    assert total_of(rule_id, **given) == yen


KUROSHIO = {
    "population": 200, "area_m2_without_state_forest": 1_234_567, "age_70_over": 61, "street_lamps": 9,
    "ageing_coefficient": Fraction(3, 2),
}  # fmt: skip


@pytest.mark.parametrize(
    ("distance", "beyond", "remote_yen"),
    [
        ("3.47", None, 840),  # 3.47 − 2 = 1.47 → 1.4 km × 600
        ("3.47", 0, 2_040),  # the other reading of the article: 3.4 km × 600
        ("2", None, 0),
        ("1.99", 0, 0),  # below 2 km nothing, whichever way it is read
    ],
)
def test_the_formula_with_area_age_distance_and_lamps(distance, beyond, remote_yen):
    # 30,000 + 12,345.67 + 50 × 200 + 1,000 × 61 + 1,000 × 9 + 100 × 200 × 3/2; each term below 1 yen cut
    supplied = {} if beyond is None else {"distance_beyond_km": beyond}
    given = {**KUROSHIO, "distance_km": Fraction(distance)}
    expected = 30_000 + 12_345 + 10_000 + 61_000 + 9_000 + 30_000 + remote_yen
    assert total_of("kuroshio", supplied=supplied, **given) == expected


def test_the_published_table_of_2010_is_reproduced_from_populations():
    (case,) = RULES["genki_2010"].cases
    run, published = case_run(CITY, RULES["genki_2010"], case)
    found = {line.unit.name: line.total_yen for line in run.allocation.lines}
    assert found == published
    assert sorted(found.values(), reverse=True) == [7_000_000, *[6_000_000] * 3, *[5_000_000] * 3]
    assert run.allocation.allocated_yen == run.allocation.settled.budget_yen == 40_000_000
    assert run.allocation.leftover_yen == 0


@pytest.mark.parametrize(
    ("name", "bound", "fits"),
    [
        ("middle_from", 6_973, False), ("middle_from", 6_974, True), ("middle_from", 11_566, True),
        ("middle_from", 11_567, False), ("large_from", 14_441, False), ("large_from", 14_442, True),
        ("large_from", 58_564, True), ("large_from", 58_565, False),
    ],
)  # fmt: skip
def test_the_estimated_bounds_fit_in_just_the_interval_that_is_stated(name, bound, fits):
    rule = RULES["genki_2010"]
    (case,) = rule.cases
    run, published = case_run(CITY, rule, case)
    scenario = Scenario(rule.id, 2010, supplied={name: Fraction(bound)})
    units = (list(run.allocation.units), run.population)
    if bound in {6_973, 14_441}:  # one area more in the band above: more than the 40 million yen of the rule
        with pytest.raises(InputRefused, match="予算 40,000,000 円"):
            make_run(rule, scenario, units)
    else:
        found = {line.unit.name: line.total_yen for line in make_run(rule, scenario, units).allocation.lines}
        assert (found == published) is fits
    entry = rule.values[name].entries[0]
    assert entry.value.basis.name == "ESTIMATED"
    assert fits is False or f"{bound:,}" in entry.reference


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_before_its_first_day_and_after_its_last_a_rule_is_refused(rule):
    with pytest.raises(NotInForce, match=str(rule.in_force)):
        rule.at(rule.in_force.replace(year=rule.in_force.year - 1))
    if rule.ends:
        with pytest.raises(NotInForce, match=str(rule.ends)):
            rule.at(rule.ends.replace(year=rule.ends.year + 1))


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_what_is_not_published_is_asked_for_by_its_label_and_name(rule):
    day = rule.ends or date(2026, 4, 1)
    unknown = {
        name: entry.value.label
        for name, entry in rule.at(day).items()
        if isinstance(entry.value, RuleValue) and entry.value.amount is None
    }
    needed = {
        one.value for term in rule.formula.terms if not term.optional and len(term.amounts) == 1
        for one in term.amounts
    } & set(unknown)  # fmt: skip
    if needed:
        with pytest.raises(InputRefused) as refused:
            rule.settle(day, {})
        assert all(f"{unknown[name]}({name})" in str(refused.value) for name in needed)
    assert rule.not_stated


def test_every_column_of_a_rules_own_has_a_word_and_every_word_a_column():
    for rule in RULES.values():
        formula = rule.formula
        used = {term.measure for term in formula.terms} | {term.coefficient for term in formula.terms}
        own = {name for name in used if name and measure_label(name, {}) == name}
        assert set(formula.columns) == own, rule.id


def test_a_rule_stands_in_the_file_of_its_name():
    files = {path.stem for path in (ROOT / "kyodo_geo" / "rules").glob("*.toml")}
    assert files == set(RULES)


def readme_block(marker):
    text = (ROOT / "README.md").read_text(encoding="utf-8").split(f"<!-- {marker} -->", 1)[1]
    return text.split("```", 2)[1].partition("\n")[2], text.split("```", 2)[2]


def test_the_worked_example_of_the_readme_gives_the_amounts_it_names():
    (rule_text, _), (table, after) = readme_block("rule-file"), readme_block("rule-units")
    rule = parse_rule(rule_text, name="kakuu_2025.toml")
    listed = read_units(table.encode(), name="架空.csv")
    scenario = Scenario(
        rule.id,
        2025,
        budget_yen=4_000_000,
        supplied={"office_yen": Fraction(200_000)},
        place=default_place(rule),
    )
    run = make_run(rule, scenario, listed_units(listed), listed_last_year(listed))
    said = {code: int(yen.replace(",", "")) for code, yen in re.findall(r"(0\d) は ([\d,]+) 円", after)}
    assert len(said) == 4
    assert {line.unit.code: line.total_yen for line in run.allocation.lines} == said
    assert run.allocation.allocated_yen == 4_000_000
    assert run.allocation.leftover_yen == 0
    with pytest.raises(NotInForce):
        rule.at(date(2024, 4, 1))


def test_a_rule_with_a_total_of_its_own_takes_no_other_and_is_not_run_for_more_units_than_it_reaches():
    rule = RULES["genki_2010"]
    many = [Unit(f"{number:02}", f"架空{number}", 3_000) for number in range(31)]
    run, _ = case_run(CITY, rule, rule.cases[0])
    assert Scenario(rule.id, 2010).settle(rule).budget_yen == 40_000_000
    with pytest.raises(InputRefused, match="予算 40,000,000 円"):
        make_run(rule, Scenario(rule.id, 2010), (many, run.population))
    with pytest.raises(InputRefused, match="総額は規則で 40,000,000 円"):
        Scenario(rule.id, 2010, budget_yen=50_000_000).settle(rule)
