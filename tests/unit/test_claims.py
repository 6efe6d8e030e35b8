"""From a rule's claim to the conditions of a grant, and from a frozen run to limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from kyodo_geo.errors import InputRefused, NotInForce
from kyodo_geo.model.claims import (
    GrantBook,
    conditions_of,
    fiscal_years,
    limit_events,
    missing_values,
    read_number,
)
from kyodo_geo.model.grant_life import Conditions, EventKind, GrantEvent, refuse
from kyodo_geo.model.grants import Frozen, GrantRun, PopulationUsed
from kyodo_geo.model.measures import Unit
from kyodo_geo.model.scenario import Scenario
from kyodo_geo.provenance import Basis
from kyodo_geo.rules.book import RuleBook, parse_rule
from kyodo_geo.runs import make_run

DAY = date(2024, 4, 1)
RULE = """id = "kakuu"
title = "架空の交付金"
instrument = "架空市交付要綱"
url = "https://example.invalid/"
in_force = 2020-04-01
summary = "架空の規則。"
not_stated = []

[counting]
reference_day = "04-01"
counted_by = "register"
reference = "第2条"

[[value]]
name = "flat_yen"
label = "定額"
unit = "円"
since = 2020-04-01
amount = 1000
reference = "第3条"

[[value]]
name = "part"
label = "補助率"
unit = "{unit}"
since = 2020-04-01
{part}
reference = "第4条"

[[term]]
id = "flat"
label = "定額"
kind = "flat"
amount = {{ rate = "flat_yen" }}

[claim]
{claim}
"""


def rule(claim='rate = "part"', *, part='fraction = "2/3"', unit=""):
    return parse_rule(RULE.format(claim=claim, part=part, unit=unit), name="kakuu.toml")


def frozen_run(*, year=2024, run_id="abcd1234", codes=("01", "02")) -> GrantRun:
    units = [Unit(code, f"架空{code}", 100) for code in codes]
    population = PopulationUsed("架空の人口", "2024-04-01", "住民基本台帳", Basis.FICTIONAL)
    run = make_run(rule(), Scenario("kakuu", year), (units, population))
    return replace(run, frozen=Frozen(run_id, "2024-04-02T09:00:00+09:00", "架空 花子"))


def event(kind, amount_yen, *, code="01", year=2024, **changes):
    entry = GrantEvent(year, "kakuu", code, f"架空{code}", EventKind(kind), amount_yen, DAY, "花子")
    return replace(entry, **changes)


@pytest.mark.parametrize(
    ("rule_id", "expected"),
    [
        ("hitomachi", Conditions(rate=Fraction(1), reserve_share=Fraction(1, 2), reserve_years=2)),
        ("council_support", Conditions(rate=Fraction(2, 3), reserve_years=0)),
        ("consensus", Conditions(reserve_years=0, total_years=2, total_limit_yen=50_000)),
        ("staff", Conditions(reserve_years=0)),
    ],
)
def test_the_shipped_rules_allow_what_their_articles_say(rule_id, expected):
    assert conditions_of(RuleBook.load().rule(rule_id), DAY) == expected


def test_before_a_rate_was_published_it_is_asked_for_by_name():
    old, day = RuleBook.load().rule("hitomachi"), date(2018, 4, 1)
    assert missing_values(old, day) == {"rate": "補助率"}
    assert missing_values(old, DAY) == {}
    with pytest.raises(InputRefused, match=r"補助率\(rate\)を入れてください"):
        conditions_of(old, day)
    assert conditions_of(old, day, {"rate": Fraction(9, 10)}).rate == Fraction(9, 10)


def test_before_its_first_day_a_rule_allows_nothing():
    with pytest.raises(NotInForce):
        conditions_of(rule(), date(2020, 3, 31))


def test_a_rule_without_a_claim_is_refused():
    with pytest.raises(InputRefused, match="交付の条件"):
        conditions_of(replace(rule(), claim=None), DAY)


def test_a_value_in_percent_counts_as_hundredths():
    assert conditions_of(rule(part="amount = 66", unit="%"), DAY).rate == Fraction(66, 100)


@pytest.mark.parametrize(
    ("said", "paid"), [("", True), ("\nadvance_payment = true", True), ("\nadvance_payment = false", False)]
)
def test_only_a_rule_that_says_no_pays_after_the_result(said, paid):
    assert conditions_of(rule(f'rate = "part"{said}'), DAY).advance_payment is paid


def test_all_faults_come_at_once():
    claim = 'rate = "part"\nreserve_share = "part"\ntotal_years = "part"\ntotal_limit = "part"'
    with pytest.raises(InputRefused) as refused:
        conditions_of(rule(claim, part='fraction = "3/2"'), DAY)
    said = str(refused.value)
    for word in (
        "補助率は 0 から 1",
        "積立の上限は 0 から 1",
        "通算する年度の数は1以上",
        "総額)は0以上",
        "reserve_years",
    ):
        assert word in said


def test_no_reserve_year_is_no_reserve():
    claim = 'reserve_share = "part"\nreserve_years = "flat_yen"'
    assert conditions_of(rule(claim), DAY).reserve_years == 1000
    with pytest.raises(InputRefused, match="1以上の整数"):
        conditions_of(rule('reserve_share = "part"\nreserve_years = "part"', part="amount = 0"), DAY)


@pytest.mark.parametrize(
    ("text", "number"),
    [("2/3", Fraction(2, 3)), ("２／３", Fraction(2, 3)), ("0.5", Fraction(1, 2)), ("1", Fraction(1))],
)
def test_a_number_is_read_as_people_write_it(text, number):
    assert read_number(text, "補助率") == number


@pytest.mark.parametrize("text", ["", "半分", "1/0", "1/", "1/-2", "1/2/3"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(InputRefused):
        read_number(text, "補助率")


def test_a_frozen_run_becomes_one_limit_a_unit():
    limits = limit_events(frozen_run(), [], Conditions(), day=DAY, entered_by="花子")
    assert [(one.unit_code, one.kind, one.amount_yen, one.run_id, one.scheme, one.fiscal_year) for one in limits] == [
        (code, EventKind.LIMIT, 1_000, "abcd1234", "kakuu", 2024) for code in ("01", "02")
    ]  # fmt: skip


def test_a_limit_that_already_stands_is_not_written_again():
    entered = [event("limit", 999), event("limit", 1_000), event("limit", 1_000, code="02", year=2023)]
    limits = limit_events(frozen_run(), entered, Conditions(), day=DAY, entered_by="花子")
    assert [one.unit_code for one in limits] == ["02"]
    others = [replace(one, scheme="other") for one in entered]
    assert len(limit_events(frozen_run(), others, Conditions(), day=DAY, entered_by="花子")) == 2


def test_a_limit_below_a_decision_is_refused_before_any_is_written_unless_there_is_a_reason():
    entered = [
        event("limit", 5_000, code="02"),
        event("application", 5_000, code="02"),
        event("decision", 5_000, code="02"),
    ]
    with pytest.raises(InputRefused, match="5,000"):
        limit_events(frozen_run(), entered, Conditions(), day=DAY, entered_by="花子")
    limits = limit_events(frozen_run(), entered, Conditions(), day=DAY, entered_by="花子", reason="訂正")
    assert [one.reason for one in limits] == ["訂正", "訂正"]


def test_nobody_and_a_trial_set_no_limit():
    with pytest.raises(InputRefused, match="入力者"):
        limit_events(frozen_run(), [], Conditions(), day=DAY, entered_by=" ")
    with pytest.raises(InputRefused, match="確定していない"):
        limit_events(replace(frozen_run(), frozen=None), [], Conditions(), day=DAY, entered_by="花子")


def test_units_come_from_the_newest_run_of_the_year_then_of_any_year_then_the_districts():
    runs = [frozen_run(year=2025, codes=("09",)), frozen_run(codes=("02", "01")), frozen_run(codes=("05",))]
    districts, events = (
        {"31": "地区31"},
        [event("limit", 1, code="07"), event("limit", 1, code="01", unit="旧名")],
    )
    assert GrantBook(rule(), 2024, runs, events).units(districts) == {
        "02": "架空02",
        "01": "架空01",
        "07": "架空07",
    }
    assert list(GrantBook(rule(), 2023, runs, []).units(districts)) == ["09"]
    assert GrantBook(rule(), 2024, [], events[:1]).units(districts) == {"31": "地区31", "07": "架空07"}


def test_the_years_of_a_rule():
    assert fiscal_years(rule(), date(2022, 3, 31)) == [2022, 2021, 2020]
    assert fiscal_years(rule(), date(2010, 1, 1)) == [2020]
    assert fiscal_years(replace(rule(), ends=date(2021, 3, 31)), date(2030, 1, 1)) == [2020]
    late = replace(rule(), in_force=date(2020, 10, 1))
    assert [GrantBook(late, year, [], []).day for year in (2020, 2021)] == [
        date(2020, 10, 1),
        date(2021, 4, 1),
    ]


def test_a_reserve_is_measured_against_the_terms_the_rule_names_and_not_the_staff():
    hitomachi, units = RuleBook.load().rule("hitomachi"), [Unit("01", "架空東", 1_001)]
    supplied = {
        "equal_yen": Fraction(300_000),
        "per_head_yen": Fraction(101),
        "staff_yen": Fraction(2_000_000),
    }
    scenario = Scenario("hitomachi", 2024, supplied=supplied)
    population = PopulationUsed("架空の人口", "2024-04-01", "住民基本台帳", Basis.FICTIONAL)
    run = replace(
        make_run(hitomachi, scenario, (units, population)),
        frozen=Frozen("abcd1234", "2024-04-02T09:00:00+09:00", "架空 花子"),
    )
    conditions = conditions_of(hitomachi, DAY)
    (limit,) = limit_events(run, [], conditions, day=DAY, entered_by="花子")
    # 300,000 + 101 × 1,001 = 401,101; with the staff 2,401,101
    assert (limit.amount_yen, limit.reserve_base_yen) == (2_401_101, 401_101)
    most = replace(limit, kind=EventKind.RESERVE, amount_yen=200_550, reserve_base_yen=None, run_id="")
    refuse(most, [limit], conditions)
    with pytest.raises(InputRefused, match="200,550"):
        refuse(replace(most, amount_yen=200_551), [limit], conditions)


def test_without_named_terms_or_other_terms_the_whole_limit_counts():
    (first, _) = limit_events(frozen_run(), [], conditions_of(rule(), DAY), day=DAY, entered_by="花子")
    assert first.reserve_base_yen is None
