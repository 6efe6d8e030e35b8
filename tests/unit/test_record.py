from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from fictional import grants
from fictional.grants import PEOPLE, UNITS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused
from kyodo_geo.ledger import Ledger, canonical_bytes
from kyodo_geo.model.record import record_of, run_of
from kyodo_geo.present import grant_reports
from kyodo_geo.rules.formula import Leftover, LeftoverMethod, PaidBy, Transition
from kyodo_geo.rules.rounding import ROUNDING_UNITS, Rounding

WHEN = {"frozen_at": "2025-04-01T09:00:00+09:00", "frozen_by": "架空 太郎"}
MEASURED = tuple(
    replace(unit, measures={"households": 5, "factor": Fraction(1, 3)}, months=6, estimated=unit.code == "2")
    for unit in UNITS
)
HALF = grants.rule(
    ('kind = "population"\n', 'kind = "population"\ncoefficient = "factor"\n'), more=grants.HALVES
)
RUNS = {
    "rates": grants.run(),
    "budget": grants.run(budget_yen=100_003, leftover=Leftover(LeftoverMethod.LARGEST_REMAINDER)),
    "thirds": grants.run(HALF, units=MEASURED, supplied={**grants.RATES, "per_head_yen": Fraction(100, 3)}),
    "last year": grants.run(
        transition=Transition(Fraction(1_001, 11), PaidBy.EXTRA), last_year={"1": 50_000, "2": 1, "3": 2, "4": 0, "9": 7}
    ),
    "all said": grants.run(
        people=replace(PEOPLE, published_total=1_802, expected_codes=("1", "2", "3", "4"), note="架空の注意"),
        reference_day=date(2025, 4, 1), title="=1+1 <架空>", population="kakuu",
    ),
}  # fmt: skip
EVERY_RUN = pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))


def refuse(text):
    raise AssertionError(text)


def reopened(record):
    """The record as the years leave it: bytes, read again."""
    return json.loads(canonical_bytes(record), parse_float=refuse)


@EVERY_RUN
def test_a_run_comes_back_from_its_record(run):
    frozen = run_of(reopened(record_of(run, **WHEN, note="架空の注")), "abcd1234")
    assert replace(frozen, frozen=None) == run
    assert (frozen.status, frozen.run_id) == ("確定", "abcd1234")
    assert (frozen.frozen.frozen_at, frozen.frozen.frozen_by, frozen.frozen.note) == (
        *WHEN.values(),
        "架空の注",
    )
    assert frozen.rule.sha256 == run.rule.sha256


@EVERY_RUN
def test_a_record_is_plain_json_without_floats_that_a_script_can_add_up(run):
    record = reopened(record_of(run, **WHEN))
    assert record["status"] == "確定"
    assert record["rule"]["sha256"] == run.rule.sha256
    assert sum(line["total_yen"] for line in record["lines"]) == record["allocated_yen"]
    for line in record["lines"]:
        total = next(step for step in line["steps"] if step["id"] == "total")
        assert Fraction(total["exact"]) == line["total_yen"]
        assert not line["instalments_yen"] or sum(line["instalments_yen"]) == line["total_yen"]
    assert [check["id"] for check in record["checks"]] == [check.id for check in run.checks]
    assert record["population"]["sources"][0]["sha256"] == grants.SOURCE.sha256


@EVERY_RUN
def test_the_same_bytes_after_freezing_and_reopening(tmp_path, run):
    stored = Ledger(tmp_path).freeze(record_of(run, **WHEN))
    later = Ledger(tmp_path).run(stored.run_id)
    assert later.content == stored.content
    again = run_of(later.record, later.run_id)
    assert canonical_bytes(record_of(again, **WHEN)) == stored.content
    pages = [grant_reports.grant_json(again), grant_reports.grant_csv(again), grant_reports.grant_text(again)]
    first = run_of(stored.record, stored.run_id)
    assert pages == [
        grant_reports.grant_json(first),
        grant_reports.grant_csv(first),
        grant_reports.grant_text(first),
    ]
    assert all(stored.run_id in page for page in pages)


def test_a_new_run_does_not_touch_an_old_one(tmp_path):
    ledger = Ledger(tmp_path)
    old = ledger.freeze(record_of(RUNS["rates"], **WHEN))
    new = ledger.freeze(record_of(grants.run(units=grants.moved((1_300, 301, 301, 0))), **WHEN))
    assert new.run_id != old.run_id
    assert ledger.run(old.run_id).content == old.content
    assert [one.run_id for one in ledger.runs()] == [old.run_id, new.run_id]
    assert ledger.freeze(record_of(RUNS["rates"], **WHEN)) == old
    assert len(ledger.runs()) == 2


CHANGES = {
    "a total": lambda record: record["lines"][0].update(total_yen=1),
    "an instalment": lambda record: record["lines"][0]["instalments_yen"].__setitem__(0, 1),
    "a code": lambda record: record["lines"][0].update(unit_code="9"),
    "a line gone": lambda record: record["lines"].pop(),
    "the sum": lambda record: record.update(allocated_yen=1),
    "a population": lambda record: record["units"][0].update(population=1_199),
    "a unit gone": lambda record: record["units"].pop(),
    "a rate": lambda record: record.update(scenario=record["scenario"].replace("1000", "1001")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_record_that_was_changed_is_refused(change):
    record = reopened(record_of(grants.run(grants.rule(more=grants.HALVES)), **WHEN))
    before = canonical_bytes(record)
    assert run_of(record, "abcd1234")
    change(record)
    assert canonical_bytes(record) != before
    with pytest.raises(InputRefused, match="abcd1234 を計算し直すと"):
        run_of(record, "abcd1234")


def test_a_changed_rule_is_refused_even_where_no_yen_moves():
    record = reopened(record_of(RUNS["rates"], **WHEN))
    record["rule"]["text"] = record["rule"]["text"].replace("架空市交付要綱", "別の要綱")
    with pytest.raises(InputRefused, match="指紋と合いません"):
        run_of(record, "abcd1234")


def test_a_record_of_a_later_format_is_refused():
    record = {**record_of(RUNS["rates"], **WHEN), "format": 2}
    with pytest.raises(InputRefused, match="形式 2"):
        run_of(record, "abcd1234")


@pytest.mark.parametrize("name", ["", "  ", "\u3000"])
def test_nobody_cannot_freeze(name):
    with pytest.raises(InputRefused, match="名前"):
        record_of(RUNS["rates"], frozen_at=WHEN["frozen_at"], frozen_by=name)


@pytest.mark.parametrize("name", ["=1+1", "+81", "-1", "@SUM(A1)", '"><script>', "改\n行", "\u202e架空"])
def test_a_name_that_is_a_formula_or_code_stays_text(name, tmp_path):
    run = grants.run(units=(replace(UNITS[0], name=name), *UNITS[1:]))
    stored = Ledger(tmp_path).freeze(record_of(run, frozen_at=WHEN["frozen_at"], frozen_by=name, note=name))
    again = run_of(Ledger(tmp_path).run(stored.run_id).record, stored.run_id)
    assert (again.allocation.units[0].name, again.frozen.note) == (name, name)
    lines = grant_reports.grant_csv(again)
    assert f",{name}," not in lines or name[0] not in "=+-@"


@given(
    st.lists(st.integers(0, 10**5), min_size=1, max_size=6).filter(any),
    st.integers(0, 10**9),
    st.sampled_from(ROUNDING_UNITS),
    st.sampled_from([LeftoverMethod.REPORT, LeftoverMethod.LARGEST_REMAINDER]),
)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_run_by_budget_comes_back(people, budget, unit_yen, method):
    units = tuple(replace(UNITS[0], code=f"{n}", population=count) for n, count in enumerate(people))
    run = grants.run(
        units=units, budget_yen=budget, supplied={"equal_yen": Fraction(0)}, rounding=Rounding(unit_yen),
        leftover=Leftover(method),
    )  # fmt: skip
    record = reopened(record_of(run, **WHEN))
    assert replace(run_of(record, "abcd1234"), frozen=None) == run
