from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.districts import Column, Districts, require_same_keys
from kyodo_geo.errors import KeyMismatch, KyodoError
from kyodo_geo.figures.build import district_table
from kyodo_geo.provenance import Basis, Unknown

STRONG, WEAK = (Column(basis, "2020-10-01", ()) for basis in (Basis.PUBLISHED, Basis.ESTIMATED))
keys = st.lists(st.sampled_from("abcdef"), max_size=7)


def districts_of(*codes):
    names = pd.DataFrame({"district": [f"架空{code}" for code in codes], "area": "架空町"}, index=list(codes))
    return Districts.of(date(2024, 4, 1), names, STRONG)


@given(keys.map(lambda some: list(dict.fromkeys(some))), keys)
def test_keys_agree_only_as_equal_sets_without_doubles(expected, given_keys):
    if sorted(expected) == sorted(given_keys):
        require_same_keys(expected, given_keys, what="表")
        return
    with pytest.raises(KeyMismatch) as refused:
        require_same_keys(expected, given_keys, what="表")
    parts = dict(part.split(": ") for part in str(refused.value).split("(")[1].split(")")[0].split(" / "))
    named = {label: set(text.split("、")) for label, text in parts.items()}
    assert named.get("足りない", set()) == set(expected) - set(given_keys)
    assert named.get("余分", set()) == set(given_keys) - set(expected)
    assert named.get("重複", set()) == {key for key in given_keys if given_keys.count(key) > 1}


@given(st.permutations(["1", "2", "3"]))
def test_the_order_of_the_keys_does_not_matter(order):
    values = pd.Series({code: int(code) * 10 for code in order})
    table = districts_of("1", "2", "3").attach("people", values, STRONG).table
    assert table["people"].to_dict() == {"1": 10, "2": 20, "3": 30}
    assert table.index.tolist() == ["1", "2", "3"]


def test_attaching_gives_a_new_table_and_leaves_the_old():
    before = districts_of("1", "2")
    after = before.attach("people", pd.Series({"2": 5, "1": Unknown("架空")}, dtype=object), WEAK)
    assert list(before.table.columns) == ["district", "area"]
    assert after.table["people"].tolist() == [Unknown("架空"), 5]
    assert after.codes == ("1", "2")
    assert (before.basis(), after.basis(), after.basis("district")) == (
        Basis.PUBLISHED, Basis.ESTIMATED, Basis.PUBLISHED,
    )  # fmt: skip
    with pytest.raises(FrozenInstanceError):
        after.on = date(2020, 1, 1)
    with pytest.raises(TypeError):
        after.columns["people"] = STRONG


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (pd.Series({"1": 1}), "足りない: 2"),
        (pd.Series({"1": 1, "2": 2, "9": 3}), "余分: 9"),
        (pd.Series([1, 2, 3], index=["1", "2", "2"]), "重複: 2"),
        (pd.Series({"1": 1, "02": 2}), "足りない: 2 / 余分: 02"),
    ],
)
def test_a_column_that_does_not_fit_is_refused_by_name_and_nothing_is_filled(values, words):
    with pytest.raises(KeyMismatch, match="列「people」") as refused:
        districts_of("1", "2").attach("people", values, STRONG)
    assert words in str(refused.value)
    assert isinstance(refused.value, KyodoError)


def test_a_doubled_code_makes_no_table():
    with pytest.raises(KeyMismatch, match="重複: 1"):
        districts_of("1", "1")


def test_a_number_is_no_code():
    with pytest.raises(KeyMismatch):
        districts_of("10", "11").attach("people", pd.Series([1, 2], index=[10, 11]), STRONG)


def test_a_column_that_stands_already_is_not_replaced(fictional_city, today):
    districts = district_table(fictional_city, today)
    with pytest.raises(KeyMismatch, match="すでにあります"):
        districts.attach("population", districts.table["population"], districts.columns["population"])
