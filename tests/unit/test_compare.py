from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from fractions import Fraction

import pytest
from fictional import grants
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.compose import change_payload
from kyodo_geo.errors import InputRefused
from kyodo_geo.model.allocation import allocate
from kyodo_geo.model.compare import compare, evenness, per_head_yen
from kyodo_geo.model.measures import Unit
from kyodo_geo.model.scenario import Scenario
from kyodo_geo.present.compare_report import (
    compare_columns,
    compare_csv,
    compare_foot,
    compare_rows,
    scenario_name,
)
from kyodo_geo.provenance import Basis
from kyodo_geo.rules.formula import Leftover, LeftoverMethod, PaidBy, Transition
from kyodo_geo.rules.rounding import Rounding
from kyodo_geo.runs import district_units, make_run

FOUR = [
    grants.run(budget_yen=100_000),
    grants.run(budget_yen=90_000),
    grants.run(supplied={"equal_yen": Fraction(0), "per_head_yen": Fraction(50)}),
    grants.run(budget_yen=100_000, rounding=Rounding(1_000)),
    grants.run(budget_yen=100_000, leftover=Leftover(LeftoverMethod.LARGEST_REMAINDER)),
]
people_and_rates = st.tuples(
    st.lists(st.integers(0, 12), min_size=1, max_size=4),
    st.integers(0, 99),
    st.fractions(0, 9, max_denominator=7),
)


def brute_gini(allocation):
    """Every person against every person: the mean difference of what each has, by twice the mean."""
    have = [
        Fraction(total, unit.population)
        for unit, total in zip(allocation.units, allocation.totals_yen, strict=True)
        for _ in range(unit.population)
    ]
    if not have or not sum(have):
        return None
    return sum(abs(one - other) for one in have for other in have) / (2 * len(have) * sum(have))


@given(people_and_rates)
def test_the_gini_index_is_that_of_all_pairs_of_persons(case):
    people, equal, head = case
    units = [Unit(f"{n}", "架空", count) for n, count in enumerate(people)]
    settled = grants.scenario(supplied={"equal_yen": Fraction(equal), "per_head_yen": head}).settle(
        grants.rule()
    )
    result = allocate(units, settled)
    even = evenness(result)
    assert (even.gini if even else None) == brute_gini(result)
    if even:
        heads = [one for one in per_head_yen(result) if one is not None]
        assert (even.least_yen, even.most_yen) == (min(heads), max(heads))
        assert 0 <= even.gini < 1
        assert (even.gini == 0) == (even.least_yen == even.most_yen)
        assert even.ratio == (even.most_yen / even.least_yen if even.least_yen else None)


def test_nobody_and_nothing_have_no_evenness():
    assert per_head_yen(FOUR[0].allocation)[3] is None
    nothing = grants.run(supplied={"equal_yen": Fraction(0), "per_head_yen": Fraction(0)})
    assert evenness(nothing.allocation) is None
    assert evenness(grants.run(units=grants.UNITS[3:]).allocation) is None


def test_one_unit_is_as_even_as_can_be():
    even = evenness(grants.run(units=grants.UNITS[:1]).allocation)
    assert (even.gini, even.ratio) == (0, 1)


def test_five_scenarios_stand_side_by_side_with_winners_and_losers():
    found = compare([run.allocation for run in FOUR])
    assert found.codes == ("1", "2", "3", "4")
    assert found.totals_yen == tuple(run.allocation.totals_yen for run in FOUR)
    assert set(found.differences_yen[0]) == {0}
    for totals, differences in zip(found.totals_yen, found.differences_yen, strict=True):
        assert [base + change for base, change in zip(found.totals_yen[0], differences, strict=True)] == list(
            totals
        )
    assert all(change < 0 for change in found.differences_yen[1][:3])
    assert found.differences_yen[1][3] == 0
    assert len(found.evenness) == 5


def test_other_units_cannot_be_compared():
    other = grants.run(units=grants.UNITS[:3])
    with pytest.raises(InputRefused, match="そろっていません"):
        compare([FOUR[0].allocation, other.allocation])


def test_the_table_of_a_comparison_adds_up():
    found = compare([run.allocation for run in FOUR])
    columns, rows, foot = compare_columns(FOUR), compare_rows(FOUR, found), compare_foot(FOUR, found)
    assert {len(columns)} == {len(row) for row in (*rows, foot)} == {3 + 3 * 5 - 1}
    # code, name, people; amount and yen per head of the first; amount, difference, yen per head of each other
    for place in (2, 3, 5, 8, 11, 14):
        assert sum(row[place] for row in rows) == foot[place]
    assert [sum(found.totals_yen[n]) for n in range(5)] == [foot[place] for place in (3, 5, 8, 11, 14)]
    assert foot[6] == f"−{sum(found.totals_yen[0]) - sum(found.totals_yen[1]):,}"
    assert [row[6] for row in rows][3] == "0"
    assert [row[4] for row in rows][3] == "—"


def test_the_csv_of_a_comparison_has_the_notes_of_every_scenario():
    text = compare_csv(FOUR, compare([run.allocation for run in FOUR]))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[5][1] == "合計"
    assert {row[0] for row in rows[7:]} == {"1", "2", "3", "4", "5"}
    # a difference is a number for a spreadsheet, with neither an apostrophe nor a comma
    for line in rows[1:6]:
        assert [int(line[5]) - int(line[3]), int(line[8]) - int(line[3])] == [int(line[6]), int(line[9])]
    assert sum(row[1] == "状態" and row[2].startswith("試算") for row in rows[7:]) == 5


def test_a_scenario_is_named_by_its_title_or_by_what_sets_it_apart():
    assert scenario_name(Scenario("kakuu", 2025, title="架空の案"), grants.rule()) == "架空の案、R7"
    scenario = Scenario(
        "kakuu", 2025, "census2020_small_areas", 100_000, {"equal_yen": Fraction(1, 3)}, "term", Rounding(1_000),
        Leftover(LeftoverMethod.LARGEST_REMAINDER), Transition(Fraction(90), PaidBy.EXTRA),
    )  # fmt: skip
    named = scenario_name(scenario, grants.rule())
    for part in (
        "R7",
        "100,000",
        "均等割の額 0 と 1/3 円",
        "2020",
        "1,000円未満切り捨て",
        "端数の大きい順",
        "90 %",
    ):
        assert part in named
    assert len({scenario_name(run.scenario, run.rule) for run in FOUR}) == len(FOUR)


def test_the_map_of_differences_has_one_indicator_a_scenario(fictional_city, today):
    units, used = district_units(fictional_city, today)
    runs = [
        make_run(grants.rule(), grants.scenario(budget_yen=yen), (units, used)) for yen in (100_000, 90_000, 120_000)
    ]  # fmt: skip
    found = compare([run.allocation for run in runs])
    payload = change_payload(fictional_city, today, found, ["案1", "<案2>", "案3"], [used] * 3)
    assert [one["id"] for one in payload["indicators"]] == ["change_1", "change_2"]
    assert [one["label"] for one in payload["indicators"]] == ["<案2>", "案3"]
    assert json.dumps(payload, allow_nan=False)
    assert payload["view"]["indicator"] == "change_1"


def test_people_of_a_table_that_states_no_day_can_be_on_the_map(fictional_city, today):
    units, used = district_units(fictional_city, today)
    runs = [make_run(grants.rule(), grants.scenario(budget_yen=yen), (units, used)) for yen in (9_000, 8_000)]
    found = compare([run.allocation for run in runs])
    brought = replace(used, reference_date="ファイルに記載なし", basis=Basis.SUPPLIED, sources=())
    payload = change_payload(fictional_city, today, found, ["案1", "案2"], [brought] * 2)
    assert payload["view"] == {"indicator": "change_1", "year": 2024, "district": None}
    assert "人口の基準日は表に書かれていません" in json.dumps(payload, allow_nan=False, ensure_ascii=False)
