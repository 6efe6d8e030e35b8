"""Similar districts: the nearest by stated variables, with what was left out named."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused, KeyMismatch
from kyodo_geo.model.priority.score import Column
from kyodo_geo.model.similar import find_similar
from kyodo_geo.provenance import Unknown

NOBODY = Unknown("公表資料なし")


def _columns(table):
    """Make columns of the rows of a table: unit code to its values."""
    width = len(next(iter(table.values())))
    return [
        Column(f"i{at}", f"指標{at}", "%", {code: row[at] for code, row in table.items()}, year=2020)
        for at in range(width)
    ]


TABLES = st.integers(1, 3).flatmap(
    lambda width: st.dictionaries(
        st.sampled_from("ABCDEFGH"),
        st.lists(st.integers(-9, 9).map(float), min_size=width, max_size=width),
        min_size=2,
        max_size=8,
    ).filter(lambda table: len(set(map(tuple, table.values()))) > 1)
)


@given(TABLES)
def test_the_nearest_are_others_in_order_and_nobody_nearer_is_left_out(table):
    found = find_similar(_columns(table), count=3)
    everybody = find_similar(_columns(table), count=len(table))
    for code, near in found.nearest.items():
        distances = [one.distance for one in near]
        assert distances == sorted(distances)
        assert code not in {one.code for one in near}
        assert len(near) == min(3, len(table) - 1)
        assert near == everybody.nearest[code][:3]
        assert len(everybody.nearest[code]) == len(table) - 1


@given(TABLES)
def test_a_distance_is_the_same_from_both_sides(table):
    found = find_similar(_columns(table), count=len(table)).nearest
    apart = {(code, one.code): one.distance for code, near in found.items() for one in near}
    assert all(distance == apart[other, code] for (code, other), distance in apart.items())


@given(TABLES, st.sampled_from([0.5, 4]), st.integers(-5, 5))
def test_another_unit_of_a_variable_changes_nothing(table, factor, shift):
    moved = {code: [row[0] * factor + shift, *row[1:]] for code, row in table.items()}
    before, after = (find_similar(_columns(one)).nearest for one in (table, moved))
    for code, near in before.items():
        assert [one.code for one in near] == [one.code for one in after[code]]
        assert [one.distance for one in near] == pytest.approx([one.distance for one in after[code]])


@given(TABLES, st.randoms(use_true_random=False))
def test_the_order_of_the_units_changes_nothing(table, random):
    codes = list(table)
    random.shuffle(codes)
    before, after = (
        find_similar(_columns(one)).nearest for one in (table, {code: table[code] for code in codes})
    )
    assert {code: [one.code for one in near] for code, near in before.items()} == {
        code: [one.code for one in near] for code, near in after.items()
    }


def test_distances_against_figures_by_hand():
    # Deviations: of 0, 2, 4 √(8/3); of 0, 0, 3 √2. So A–B 2/√(8/3), B–C √(4/(8/3) + 9/2)
    found = find_similar(_columns({"A": [0, 0], "B": [2, 0], "C": [4, 3]}))
    near = found.nearest["B"]
    assert [one.code for one in near] == ["A", "C"]
    assert [one.distance for one in near] == pytest.approx([2 / math.sqrt(8 / 3), math.sqrt(6)])
    assert [(pair.variable.indicator_id, pair.own, pair.other) for pair in near[1].pairs] == [
        ("i0", 2, 4),
        ("i1", 0, 3),
    ]


def test_ties_come_in_code_order():
    found = find_similar(_columns({"D": [1.1], "B": [0.9], "A": [1.0], "C": [0.9], "E": [1.1]}), count=4)
    assert [one.code for one in found.nearest["A"]] == ["B", "C", "D", "E"]


def test_distances_that_differ_only_by_rounding_are_ties():
    # 0.3 either way: as floats the way up is the longer one
    tenths = {"A": 16, "X": 6, "B": 19, "C": 13, "Y": 0}
    found = find_similar(_columns({code: [0.1 * number] for code, number in tenths.items()}), count=2)
    assert [one.code for one in found.nearest["A"]] == ["B", "C"]


def test_a_unit_with_an_unknown_is_compared_with_none_and_named():
    found = find_similar(_columns({"A": [1, 1], "B": [2, NOBODY], "C": [3, 2]}))
    assert set(found.nearest) == {"A", "C"}
    assert [one.code for one in found.nearest["A"]] == ["C"]
    assert [(one.code, [column.title for column in one.columns]) for one in found.lacking] == [
        ("B", ["指標1(2020年)"])
    ]
    assert "分からない値があるため比べなかった地区: 1" in found.sentences


def test_a_variable_without_spread_among_those_compared_is_left_out_and_named():
    found = find_similar(_columns({"A": [1, 7], "B": [NOBODY, 8], "C": [3, 7]}))
    assert [column.indicator_id for column in found.variables] == ["i0"]
    assert [column.indicator_id for column in found.flat] == ["i1"]
    assert len(found.nearest["A"][0].pairs) == 1
    assert "どの地区も同じ値のため使わなかった指標: 指標1(2020年)" in found.sentences


@pytest.mark.parametrize(
    "table",
    [{"A": [1], "B": [1]}, {"A": [1]}, {"A": [NOBODY], "B": [NOBODY]}, {"A": [1, NOBODY], "B": [2, 3]}],
)
def test_without_any_variable_that_tells_units_apart_it_is_refused(table):
    with pytest.raises(InputRefused, match="違いのある指標がありません"):
        find_similar(_columns(table))


def test_no_columns_no_count_and_columns_of_other_units_are_refused():
    one, two = _columns({"A": [1], "B": [2]}), _columns({"A": [1], "C": [2]})
    with pytest.raises(InputRefused, match="指標がありません"):
        find_similar([])
    with pytest.raises(InputRefused, match="数 0 は使えません"):
        find_similar(one, count=0)
    with pytest.raises(KeyMismatch, match="片方にだけある地区: B、C"):
        find_similar([*one, *two])


def test_a_tiny_spread_is_a_spread():
    found = find_similar(_columns({"A": [0], "B": [1e-300], "C": [3e-300]}))
    assert [one.code for one in found.nearest["B"]] == ["A", "C"]
