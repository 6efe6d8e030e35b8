from __future__ import annotations

import json
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.scenario import Scenario
from kyodo_geo.model.scenario_file import read_scenarios, write_scenarios

some = st.builds(
    Scenario,
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.integers(1950, 2200),
    budget_yen=st.none() | st.integers(0, 10**15),
    supplied=st.dictionaries(st.sampled_from("abc"), st.fractions(0, 100, max_denominator=99)),
    title=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
ONE = Scenario("kakuu", 2025, supplied={"a": Fraction(1, 3)})


@given(st.lists(some, min_size=1, max_size=12))
def test_scenarios_come_back_from_a_file_in_their_order(scenarios):
    assert read_scenarios(write_scenarios(scenarios)) == tuple(scenarios)


def test_a_file_is_readable_json_without_a_single_number():
    def refuse(text):
        raise AssertionError(text)

    text = write_scenarios([ONE, Scenario("kakuu", 2026, budget_yen=5)])
    raw = json.loads(text, parse_float=refuse, parse_int=refuse)
    assert [one.split("&")[0] for one in raw["scenarios"]] == ["rule=kakuu"] * 2
    assert text.endswith("\n")


def saved(*scenarios):
    return json.dumps({"kind": "kyodo_geo scenarios", "scenarios": list(scenarios)})


BAD = [
    "", "x", "{", "[]", "{}", "null", "1.5", '"rule=kakuu&fy=2025"', saved(), saved(1.5), saved(ONE.to_text(), 2),
    saved({"rule": "kakuu", "fy": 2025.0}), saved(None), saved([ONE.to_text()]), saved("rule=kakuu"),
    saved("rule=kakuu&fy=2025&budget=1.5"), saved("rule=kakuu&fy=2025.0"),
    json.dumps({"kind": "other", "scenarios": [ONE.to_text()]}), json.dumps({"scenarios": [ONE.to_text()]}),
    json.dumps({"kind": "kyodo_geo scenarios", "scenarios": ONE.to_text()}),
    json.dumps({"kind": "kyodo_geo scenarios"}), "[" * 100_000, "9" * 5_000, "\x00", "\ufffd\ufffd",
]  # fmt: skip


@pytest.mark.parametrize("text", BAD, ids=[text[:60] for text in BAD])
def test_anything_else_is_refused_in_japanese(text):
    with pytest.raises(InputRefused) as refused:
        read_scenarios(text)
    assert re.search("[ぁ-ん]", str(refused.value))


def test_more_scenarios_than_can_be_compared_are_refused_and_counted():
    assert len(read_scenarios(write_scenarios([ONE] * 12))) == 12
    with pytest.raises(InputRefused, match="13 件"):
        read_scenarios(write_scenarios([ONE] * 13))
