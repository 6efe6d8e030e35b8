from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from fictional import grants

from kyodo_geo.city import City
from kyodo_geo.errors import InputRefused, NotInForce, TableError
from kyodo_geo.model.grants import Frozen, LastYear
from kyodo_geo.provenance import Basis
from kyodo_geo.rules.book import RuleBook
from kyodo_geo.rules.formula import PaidBy, Transition
from kyodo_geo.runs import (
    case_run,
    district_units,
    last_year_of,
    listed_last_year,
    listed_units,
    make_run,
    population_choices,
    year_change,
)
from kyodo_geo.sources.units import read_units

TEXT = "unit_code,unit,population,households,months,estimated,last_year_yen\n1,a,5,2,6,1,900\n2,b,6,3,12,0,\n"


@pytest.fixture(scope="module")
def shipped():
    return City.load()


def outcome(run, check_id):
    (found,) = (check.outcome for check in run.checks if check.id == check_id)
    return found


def test_the_table_the_city_published_for_2010_comes_out_of_the_people(shipped):
    rule = RuleBook.load().rule("genki_2010")
    (case,) = rule.cases
    run, published = case_run(shipped, rule, case)
    found = {line.unit.name: line.total_yen for line in run.allocation.lines}
    assert found == published
    assert published == {
        "一関": 7_000_000, "花泉": 6_000_000, "大東": 6_000_000, "千厩": 6_000_000, "東山": 5_000_000,
        "室根": 5_000_000, "川崎": 5_000_000,
    }  # fmt: skip
    assert run.allocation.allocated_yen == 40_000_000
    assert run.allocation.leftover_exact == 0
    assert run.status == "試算"
    assert run.population.reference_date == "2016-01-01"
    assert run.basis is Basis.ESTIMATED
    assert {check.id for check in run.failed} <= {"reference_day"}


def test_a_case_is_refused_where_the_city_does_not_have_its_people(fictional_city):
    rule = RuleBook.load().rule("genki_2010")
    with pytest.raises(InputRefused, match="2016-01-01 の人口がありません"):
        case_run(fictional_city, rule, rule.cases[0])


def test_a_case_of_another_city_is_computed_from_its_own_areas(fictional_city):
    case = {
        "label": "架空の例", "fiscal_year": 2025, "budget_yen": 10_000,
        "population": {"level": "area", "day": date(2019, 1, 1)}, "published_yen": {"架空町": 6_565, "架空村": 3_435},
    }  # fmt: skip
    by_people = grants.rule((
        '[[value]]\nname = "equal_yen"\nlabel = "均等割の額"\nunit = "円"\nsince = 2020-04-01\nto_be_supplied = true',
        '[[value]]\nname = "equal_yen"\nlabel = "均等割の額"\nunit = "円"\nsince = 2020-04-01\namount = 0',
    ))  # fmt: skip
    run, published = case_run(fictional_city, by_people, case)
    assert [unit.population for unit in run.allocation.units] == [1_510, 790]
    assert [line.total_yen for line in run.allocation.lines] == [6_565, 3_434]
    assert published == case["published_yen"]


def test_the_districts_of_a_city_of_five_are_units_with_what_is_known_of_them(fictional_city, today):
    units, used = district_units(fictional_city, today)
    assert [(unit.code, unit.population) for unit in units] == [
        ("1", 1_200),
        ("2", 300),
        ("3", 501),
        ("4", 0),
        ("5", 300),
    ]
    assert [unit.uncertain for unit in units] == [False, False, False, False, True]
    assert all(unit.estimated for unit in units)  # the basis of the fictional city is weaker than an estimate
    assert units[0].measures["households"] == 450
    assert all(type(unit.measures["area_m2"]) is int and unit.measures["area_m2"] > 0 for unit in units)
    assert used.expected_codes == ("1", "2", "3", "4", "5")
    assert (used.reference_date, used.counted_by, used.published_total) == ("2020-10-01", "国勢調査", 2_301)
    assert used.note == "地区の線は架空です。"


def test_on_the_lines_of_another_day_the_people_are_the_same(fictional_city):
    units, used = district_units(fictional_city, date(2017, 4, 1))
    assert [(unit.code, unit.population) for unit in units] == [
        ("1", 1_200),
        ("2", 300),
        ("3", 801),
        ("4", 0),
    ]
    assert used.expected_codes == ("1", "2", "3", "4")
    with pytest.raises(NotInForce):
        district_units(fictional_city, date(2012, 3, 31))


@pytest.mark.parametrize("named", ["2010", "census2010_small_areas"])
def test_an_older_census_can_be_asked_for_by_year_or_id(fictional_city, today, named):
    units, used = district_units(fictional_city, today, named)
    assert sum(unit.population for unit in units) == used.published_total == 2_443
    assert used.reference_date == "2010-10-01"


def test_an_unknown_population_is_refused_with_those_there_are(fictional_city, today):
    choices = population_choices(fictional_city)
    assert list(choices) == ["census2020_small_areas", "census2010_small_areas"]
    with pytest.raises(InputRefused, match="「nani」はありません") as refused:
        district_units(fictional_city, today, "nani")
    assert all(name in str(refused.value) for name in choices)


def test_a_run_on_the_fictional_city_adds_up_and_passes_but_for_the_day(fictional_city, today):
    run = make_run(
        grants.rule(),
        grants.scenario(budget_yen=1_000_000, fiscal_year=2024),
        district_units(fictional_city, today),
    )
    assert len(run.allocation.lines) == 5
    assert run.allocation.allocated_yen + run.allocation.leftover_yen == 1_000_000
    assert {check.id for check in run.failed} == {"reference_day", "counted_by"}
    assert (outcome(run, "codes_complete"), outcome(run, "population_total")) == ("pass", "pass")
    assert run.basis is Basis.FICTIONAL


def test_the_units_of_a_table_carry_all_it_says():
    listed = read_units(TEXT.encode(), name="架空.csv")
    units, used = listed_units(listed, ("1", "2", "3"))
    assert [(unit.code, unit.population, unit.months, unit.estimated) for unit in units] == [
        ("1", 5, 6, True),
        ("2", 6, 12, False),
    ]
    assert units[1].measures == {"households": Fraction(3)}
    assert (used.basis, used.published_total, used.expected_codes) == (Basis.SUPPLIED, None, ())
    assert "架空.csv" in used.title
    before = listed_last_year(listed)
    assert before.yen == {"1": 900}
    assert "架空.csv" in before.title
    assert listed_last_year(replace(listed, rows=listed.rows[1:])) is None


def test_a_table_by_district_is_held_against_the_districts_there_are():
    listed = read_units(b"district_code,district,population\n1,a,5\n2,b,6\n", name="a.csv", known={"1", "2"})
    with pytest.raises(TableError, match=r"a\.csv に 2 地区の行がありません: 3、4"):
        listed_units(listed, ("1", "2", "3", "4"))
    assert (
        outcome(
            make_run(grants.rule(), grants.scenario(), listed_units(listed, ("2", "1"))), "codes_complete"
        )
        == "pass"
    )


def test_a_protection_needs_last_year():
    kept = Transition(Fraction(90), PaidBy.EXTRA)
    with pytest.raises(InputRefused, match="前年の額が要ります"):
        grants.run(transition=kept)
    assert (
        grants.run(transition=kept, last_year={}).allocation.totals_yen == grants.run().allocation.totals_yen
    )


def test_a_run_can_be_the_last_year_of_the_next():
    run = replace(grants.run(), frozen=Frozen("abcd1234", "2025-04-01T09:00:00", "架空"))
    before = last_year_of(run)
    assert before.title == "令和7年度(2025年度) 確定 abcd1234"
    assert before.yen == {"1": 15_808, "2": 4_714, "3": 4_714, "4": 1_000}
    assert last_year_of(grants.run()).title == "令和7年度(2025年度) 試算"


def test_a_year_of_the_register_is_not_split_against_one_of_the_census():
    census = grants.run(people=replace(grants.PEOPLE, counted_by="国勢調査"))
    with pytest.raises(InputRefused, match="数え方が違う"):
        year_change(grants.run(), census)
    assert [one.change_yen for one in year_change(grants.run(), grants.run())] == [0, 0, 0, 0]


def test_the_percentage_that_flags_a_change_is_passed_on():
    last = last_year_of(grants.run())
    args = (
        grants.rule(),
        grants.scenario(supplied={**grants.RATES, "equal_yen": Fraction(1_100)}),
        (grants.UNITS, grants.PEOPLE),
        last,
    )
    assert outcome(make_run(*args), "change") == "pass"
    assert outcome(make_run(*args, change_percent=9), "change") == "note"


def test_a_last_year_whose_codes_lost_their_zeros_is_refused():
    units = [replace(unit, code=f"0{unit.code}") for unit in grants.UNITS]
    lost = LastYear("架空.csv", {unit.code.lstrip("0"): 5_000 for unit in units})
    with pytest.raises(InputRefused, match=r"先頭の 0 だけが違う.*1 → 01"):
        make_run(grants.rule(), grants.scenario(), (units, grants.PEOPLE), lost)
    kept = LastYear("架空.csv", {unit.code: 5_000 for unit in units} | {"99": 1})
    assert (
        outcome(make_run(grants.rule(), grants.scenario(), (units, grants.PEOPLE), kept), "change") == "note"
    )


def test_a_protected_unit_without_last_year_stops_a_signature_unless_it_is_new():
    kept = Transition(Fraction(90), PaidBy.EXTRA)
    some = LastYear("架空.csv", {unit.code: 5_000 for unit in grants.UNITS[1:]})
    run = make_run(grants.rule(), grants.scenario(transition=kept), (grants.UNITS, grants.PEOPLE), some)
    assert outcome(run, "protected") == "fail"
    new = (replace(grants.UNITS[0], months=6), *grants.UNITS[1:])
    run = make_run(grants.rule(), grants.scenario(transition=kept), (new, grants.PEOPLE), some)
    assert outcome(run, "protected") == "pass"
    assert outcome(run, "not_stated") == "note"


def test_the_same_address_without_a_place_rounds_as_the_form_does():
    rule = grants.rule()
    thirds = {"equal_yen": Fraction(1, 3), "per_head_yen": Fraction(1, 3)}
    plain, chosen = (grants.scenario(supplied=thirds, place=place) for place in ("rule", "term"))
    units = (grants.UNITS, grants.PEOPLE)
    assert (
        make_run(rule, plain, units).allocation.totals_yen
        == make_run(rule, chosen, units).allocation.totals_yen
    )
