"""Each check passes and fails for its own cause and for no other; a failing one stops 確定, never 試算."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from fictional import grants
from fictional.grants import PEOPLE, UNITS

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.allocation import allocate
from kyodo_geo.model.grants import LastYear
from kyodo_geo.model.measures import Unit
from kyodo_geo.model.record import record_of
from kyodo_geo.model.run_checks import run_checks
from kyodo_geo.model.scenario import Scenario
from kyodo_geo.provenance import Basis
from kyodo_geo.rules.book import RuleBook, parse_rule
from kyodo_geo.rules.formula import Leftover, LeftoverMethod, PaidBy, Transition
from kyodo_geo.rules.rounding import Direction, Rounding
from kyodo_geo.runs import make_run

OPEN_DAY = ('reference_day = "04-01"', 'reference_day = "to_be_supplied"')
OPEN_WAY = ('counted_by = "register"', 'counted_by = "to_be_supplied"')
HOUSEHOLDS = """
[[term]]
id = "homes"
label = "世帯割"
kind = "households"
amount = { rate = 10 }
counting = { reference_day = "10-01", counted_by = "register" }
"""
HOMES = tuple(replace(unit, measures={"households": 7, "distance_km": 2}) for unit in UNITS)
FULL = replace(
    PEOPLE, published_total=1_802, published_reference="架空の公表", expected_codes=("1", "2", "3", "4")
)


def outcomes(run):
    """Every check by id, the worst outcome where one stands twice."""
    order = ["pass", "note", "fail"]
    found = {}
    for check in run.checks:
        found[check.id] = max(found.get(check.id, "pass"), check.outcome, key=order.index)
    return found


def check_of(run, check_id):
    (found,) = (one for one in run.checks if one.id == check_id)
    return found


def test_a_run_with_nothing_wrong_passes_every_check():
    last = {unit.code: 5_000 for unit in UNITS} | {"1": 15_808, "2": 4_714, "3": 4_714, "4": 1_000}
    run = grants.run(people=FULL, last_year=last, by=grants.rule(('["端数処理"]', "[]"), more=grants.HALVES))
    assert set(outcomes(run).values()) == {"pass"}
    assert set(outcomes(run)) == {
        "codes_unique", "codes_complete", "population_total", "reference_day", "counted_by", "sum_lines",
        "sum_terms", "not_negative", "not_fictional", "change", "estimated", "sum_instalments",
    }  # fmt: skip
    assert {"sum_budget", "within_budget"} <= set(outcomes(grants.run(budget_yen=50_000)))
    budget = grants.run(
        people=FULL, last_year=last, budget_yen=26_236, by=grants.rule(('["端数処理"]', "[]"))
    )
    assert set(outcomes(budget).values()) == {"pass"}


FAULTS = {
    "a code is missing": ({"people": replace(FULL, expected_codes=("1", "2", "3", "4", "5"))}, "codes_complete", "足りない: 5"),
    "a code is extra": ({"people": replace(FULL, expected_codes=("1", "2", "3"))}, "codes_complete", "余分: 4"),
    "the people are not the published ones": ({"people": replace(FULL, published_total=1_803)}, "population_total", "架空の公表"),
    "another day": ({"people": replace(FULL, reference_date="2025-03-31")}, "reference_day", "第2条"),
    "a day in other words": ({"people": replace(FULL, reference_date="ファイルに記載なし")}, "reference_day", "第2条"),
    "another year's day": ({"fiscal_year": 2026}, "reference_day", "第2条"),
    "the census instead": ({"people": replace(FULL, counted_by="国勢調査")}, "counted_by", "第2条"),
    "nobody says how they were counted": ({"people": replace(FULL, counted_by="")}, "counted_by", "第2条"),
    "an example": ({"example": True}, "not_fictional", ""),
    "a fictional value": (
        {"by": grants.rule(('label = "均等割の額"\nunit = "円"\nsince = 2020-04-01\nto_be_supplied = true',
                            'label = "均等割の額"\nunit = "円"\nsince = 2020-04-01\namount = 5\nbasis = "fictional"')),
         "supplied": {"per_head_yen": Fraction(1)}},
        "not_fictional", "",
    ),
    "rounding up overruns the budget": (
        {"budget_yen": 26_236, "rounding": Rounding(100, Direction.CEIL)}, "within_budget", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("choices", "check_id", "said"), FAULTS.values(), ids=list(FAULTS))
def test_each_fault_fails_its_own_check_and_stops_only_the_freezing(choices, check_id, said):
    run = grants.run(**{"people": FULL, **choices})
    assert [one.id for one in run.failed] == [check_id]
    assert said in check_of(run, check_id).reference
    assert run.status == "試算"
    assert run.allocation.allocated_yen > 0
    with pytest.raises(InputRefused, match="確定できません") as refused:
        record_of(run, frozen_at="2025-04-01T09:00:00+09:00", frozen_by="架空 太郎")
    assert check_of(run, check_id).label in str(refused.value)
    assert not grants.run(people=FULL).failed


def test_a_population_total_says_by_how_much_it_is_off():
    assert (
        check_of(grants.run(people=replace(FULL, published_total=1_800)), "population_total").difference
        == "+2"
    )
    assert check_of(grants.run(people=FULL), "population_total").difference == "0"


def test_what_cannot_be_compared_is_a_note_and_no_failure():
    found = outcomes(grants.run())
    assert (found["codes_complete"], found["population_total"], found["change"]) == ("note",) * 3
    assert not grants.run().failed


@pytest.mark.parametrize(
    ("day", "outcome"), [(None, "fail"), (date(2025, 4, 1), "note"), (date(2025, 10, 1), "fail")]
)
def test_a_day_the_rule_leaves_open_must_be_supplied_and_then_fit(day, outcome):
    run = grants.run(grants.rule(OPEN_DAY), reference_day=day)
    assert check_of(run, "reference_day").outcome == outcome
    assert (check_of(run, "reference_day").expected == "入力が必要") == (day is None)


def test_a_supplied_day_does_not_change_the_day_of_the_rule():
    run = grants.run(reference_day=date(2020, 10, 1))
    assert check_of(run, "reference_day").expected == "2025-04-01"


def test_a_rule_that_does_not_say_how_to_count_leaves_it_to_people():
    check = check_of(grants.run(grants.rule(OPEN_WAY)), "counted_by")
    assert (check.outcome, check.expected, check.found) == ("note", "定めなし", "住民基本台帳")


def test_the_day_of_the_year_before_is_meant_where_the_rule_says_so():
    rule = grants.rule(('reference_day = "04-01"', 'reference_day = "04-01"\nreference_year = -1'))
    assert check_of(grants.run(rule), "reference_day").expected == "2024-04-01"
    assert not grants.run(rule, people=replace(PEOPLE, reference_date="2024-04-01")).failed


def test_two_terms_of_the_same_day_in_two_years_are_two_checks():
    more = HOUSEHOLDS.replace('"households"', '"population"').replace(
        '"10-01"', '"04-01", reference_year = -1'
    )
    run = grants.run(grants.rule(more=more))
    assert [(one.id, one.expected) for one in run.failed] == [("reference_day", "2024-04-01")]


def test_households_of_another_day_are_noted_and_do_not_stop_the_freezing():
    run = grants.run(grants.rule(more=HOUSEHOLDS), units=HOMES)
    assert check_of(run, "households_day").outcome == "note"
    assert check_of(run, "households_day").expected == "2025-10-01"
    assert check_of(run, "reference_day").outcome == "pass"
    alone = grants.rule((grants.RULE[grants.RULE.index("[[term]]") :], HOUSEHOLDS))
    assert [one.id for one in grants.run(alone, units=HOMES, supplied={}).failed] == ["reference_day"]


def test_a_rule_that_counts_nobody_needs_no_day():
    far = """
[[term]]
id = "far"
label = "距離割"
kind = "bands"
measure = "distance_km"
amount = { rate = 1 }
bands = [{ from = 0, below = 1, value = 5 }, { from = 1, value = 10 }]
"""
    rule = grants.rule((grants.RULE[grants.RULE.index("[[term]]") :], far))
    found = outcomes(grants.run(rule, units=HOMES, supplied={}))
    assert not {"reference_day", "counted_by"} & set(found)


def test_a_coefficient_by_ageing_counts_people():
    aged = tuple(replace(unit, measures={"ageing_percent": 30}) for unit in UNITS)
    by = 'coefficient_by = { measure = "ageing_percent", bands = [{ from = 0, value = 1 }] }'
    rule = grants.rule(
        (grants.RULE[grants.RULE.index('\n[[term]]\nid = "population"') :], by + "\n"),
    )
    assert check_of(grants.run(rule, units=aged, fiscal_year=2026, supplied={"equal_yen": Fraction(1)}), "reference_day").outcome == "fail"  # fmt: skip


@pytest.mark.parametrize(
    ("before", "flagged"),
    [(10_000, ""), (12_500, ""), (12_501, "架空本町"), (8_334, ""), (8_333, "架空本町"), (0, "架空本町")],
)
def test_a_change_is_flagged_only_beyond_20_percent(before, flagged):
    run = grants.run(units=UNITS[:1], supplied={"equal_yen": Fraction(10_000), "per_head_yen": Fraction(0)}, last_year={"1": before})  # fmt: skip
    check = check_of(run, "change")
    assert (check.outcome, check.reference) == ("note" if flagged else "pass", flagged)


def test_the_percentage_of_the_flag_can_be_chosen():
    run = grants.run(last_year={"1": 15_000, "2": 4_714, "3": 4_714, "4": 1_000})
    args = run.allocation, run.scenario, run.population, run.last_year
    found = {p: next(c for c in run_checks(*args, change_percent=p) if c.id == "change") for p in (5, 6)}
    assert (found[5].reference, found[6].reference) == ("架空本町", "")
    assert "±5 %" in found[5].label


def test_units_of_one_year_only_and_nothing_to_nothing():
    run = grants.run(last_year={"1": 15_808, "2": 4_714, "4": 1_000, "9": 100})
    assert check_of(run, "change").reference == "架空新田(前年なし)、9(今年なし)"
    none = grants.run(
        units=UNITS[3:], supplied={"equal_yen": Fraction(0), "per_head_yen": Fraction(1)}, last_year={"4": 0}
    )
    assert check_of(none, "change").outcome == "pass"


def test_a_long_list_of_names_is_cut_and_counted():
    units = tuple(replace(UNITS[0], code=f"{n:02}", name=f"架空{n}") for n in range(11))
    assert check_of(grants.run(units=units, last_year={}), "change").reference.endswith(
        "架空7(前年なし) ほか 3 件"
    )


def test_estimates_are_flagged_by_name_and_stop_nothing():
    weak = (replace(UNITS[0], estimated=True), *UNITS[1:])
    check = check_of(grants.run(units=weak), "estimated")
    assert (check.outcome, "1 件" in check.found, "架空本町" in check.found) == ("note", True, True)
    whole = check_of(grants.run(people=replace(PEOPLE, basis=Basis.ESTIMATED)), "estimated")
    assert (whole.outcome, whole.found, whole.reference) == ("note", "4 件", "人口は推計です")
    assert not grants.run(units=weak).failed


def changed(**changes):
    """The checks of an allocation with a hand in it: what a fault of the arithmetic would look like."""
    run = grants.run(grants.rule(more=grants.HALVES), budget_yen=50_000)
    result = replace(run.allocation, **{key: change(run.allocation) for key, change in changes.items()})
    checks = run_checks(result, run.scenario, run.population, LastYear("", {}))
    return {one.id for one in checks if one.outcome == "fail"}


def test_a_fault_of_the_arithmetic_would_be_found():
    assert changed() == set()
    assert {"sum_budget", "sum_terms"} <= changed(
        totals_yen=lambda one: (one.totals_yen[0] + 1, *one.totals_yen[1:])
    )
    assert changed(totals_yen=lambda one: (-1, *one.totals_yen[1:])) >= {"not_negative"}
    assert changed(instalments_yen=lambda one: ((1, 1), *one.instalments_yen[1:])) == {"sum_instalments"}
    assert changed(units=lambda one: (one.units[0], *one.units[:3])) == {"codes_unique"}


def test_protection_from_outside_counts_as_budget():
    kept = Transition(Fraction(100), PaidBy.EXTRA)
    run = grants.run(budget_yen=30_000, transition=kept, last_year={"4": 9_000})
    assert check_of(run, "within_budget").outcome == check_of(run, "sum_budget").outcome == "pass"
    assert run.allocation.allocated_yen > 30_000
    result = allocate(UNITS, run.scenario.settle(run.rule), last_year_yen={"4": 9_000})
    assert result.totals_yen[3] == 9_000


def test_an_add_on_by_people_has_its_reference_day_checked_too():
    addon = """
[[addon]]
id = "small"
label = "小規模加算"
measure = "population"
below = 500
value = 1000
"""
    only_equal = grants.RULE.split('[[term]]\nid = "population"')[0].replace(
        '[[value]]\nname = "per_head_yen"', '[[value]]\nname = "unused_yen"'
    )
    rule = parse_rule(only_equal + addon, name="kakuu.toml")
    scenario = Scenario("kakuu", grants.YEAR, supplied={"equal_yen": Fraction(1000)})
    late = replace(PEOPLE, reference_date="2025-05-01")
    assert outcomes(make_run(rule, scenario, (list(UNITS), PEOPLE)))["reference_day"] == "pass"
    assert outcomes(make_run(rule, scenario, (list(UNITS), late)))["reference_day"] == "fail"


def test_who_counts_is_a_question_to_people_where_the_rule_decides_it():
    decided = ('counted_by = "register"', 'counted_by = "register"\nforeigners = "in"\ncare_homes = "out"')
    run = grants.run(by=grants.rule(decided))
    check = check_of(run, "who_counts")
    assert (check.outcome, check.expected) == ("note", "外国人は含む、施設の入所者は含まない")
    assert "who_counts" not in outcomes(grants.run())


def test_the_alabama_paradox_is_named_where_it_would_bite():
    """By hand: people 6, 6 and 2 share 10 units of 10,000 yen: 4.28, 4.28, 1.43 → 4, 4, 2. Of 11: 4.71, 4.71, 1.57 → 5, 5, 1."""
    units = [Unit("1", "架空甲", 6), Unit("2", "架空乙", 6), Unit("3", "架空丙", 2)]
    rule = RuleBook.load().rule("hitomachi")
    scenario = Scenario(
        "hitomachi", 2025, budget_yen=100_000, supplied={"equal_percent": Fraction(0)}, place="term",
        rounding=Rounding(10_000), leftover=Leftover(LeftoverMethod.LARGEST_REMAINDER),
    )  # fmt: skip
    run = make_run(rule, scenario, (units, PEOPLE))
    assert list(run.allocation.totals_yen) == [40_000, 40_000, 20_000]
    check = check_of(run, "alabama")
    assert (check.outcome, check.found) == ("note", "1 件")
    assert "架空丙" in check.reference
    webster = replace(scenario, leftover=Leftover(LeftoverMethod.SAINTE_LAGUE))
    assert "alabama" not in outcomes(make_run(rule, webster, (units, PEOPLE)))
