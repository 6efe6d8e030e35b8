"""The public picture: no cell below k, nothing lost, and nothing finer from two pictures than from the finer one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.vacancy.grid import Cell, GridRule, partition, publish
from kyodo_geo.model.vacancy.groups import Group, merge_small_groups, public_states

NAMES = "abcdef"
CHAIN = {"a": ["b"], "b": ["a", "c"], "c": ["b", "d"], "d": ["c"], "e": ["f"], "f": []}

# Hamlets of 1 to 14 dwellings on a few squares around the origin, some far away
sites = st.tuples(*[st.sampled_from([-900.0, -500.0, -100.0, 0.0, 240.0, 250.0, 600.0, 9000.0])] * 2)
hamlets = st.lists(st.tuples(sites, st.sampled_from(NAMES), st.integers(1, 14)), max_size=16)
located = hamlets.map(lambda some: [(site, name) for site, name, homes in some for _ in range(homes)])
clouds = located.map(lambda some: np.array([site for site, _ in some]).reshape(-1, 2))
small_k = st.integers(5, 12)


def holds(cell, xy):
    """Tell which points lie in a cell, by its corner and side alone."""
    if cell.side_m is None:
        return np.full(len(xy), cell.placed)
    corner = np.array([cell.west_m, cell.south_m])
    return ((xy >= corner) & (xy < corner + cell.side_m)).all(axis=1)


def unpack(some):
    xy = np.array([xy for xy, _ in some], float).reshape(-1, 2)
    return xy, [place for _, place in some]


def counted(places, extra=()):
    return {name: places.count(name) + list(extra).count(name) for name in NAMES}


def sets_of(picture, xy, places):
    """Return the points of each cell as a set; points without a position are not told apart."""
    mine = np.array(places, dtype=object)
    return [
        frozenset(np.flatnonzero(holds(cell, xy) & np.isin(mine, cell.group)).tolist())
        for cell in picture.cells
    ]


@given(clouds, small_k)
def test_every_cell_of_a_group_holds_k_and_each_point_lies_in_one(xy, k):
    if 0 < len(xy) < k:
        with pytest.raises(InputRefused, match=f"{k} 戸未満"):
            partition(xy, group=("a",), rule=GridRule(k))
        return
    cells = partition(xy, group=("a",), rule=GridRule(k))
    assert all(cell.count >= k for cell in cells)
    inside = np.array([holds(cell, xy) for cell in cells]).reshape(len(cells), len(xy))
    assert (inside.sum(axis=0) == 1).all()
    assert inside.sum(axis=1).tolist() == [cell.count for cell in cells]


@given(located, small_k, st.lists(st.sampled_from(NAMES), max_size=12))
def test_cells_add_up_to_each_group_of_the_table_and_the_groups_to_the_city(some, k, extra):
    xy, places = unpack(some)
    counts = counted(places, extra)
    picture = publish(xy, places, counts=counts, neighbours=CHAIN, rule=GridRule(k))
    assert sorted(code for group in picture.groups for code in group.members) == sorted(NAMES)
    if 0 < sum(counts.values()) < k:
        assert picture.groups == (Group(tuple(NAMES), None),)
        assert picture.cells == ()
        return
    for group in picture.groups:
        assert group.count == sum(counts[code] for code in group.members)
        assert group.count == 0 or group.count >= k
        assert sum(cell.count for cell in picture.cells if cell.group == group.members) == group.count
    assert all(cell.count >= k for cell in picture.cells)


@given(located, small_k, st.integers(1, 5), st.lists(st.sampled_from(NAMES), max_size=12))
def test_every_cell_of_a_larger_k_is_a_union_of_cells_of_a_smaller_one(some, k, more, extra):
    xy, places = unpack(some)
    given_all = {"counts": counted(places, extra), "neighbours": CHAIN}
    fine = sets_of(publish(xy, places, rule=GridRule(k), **given_all), xy, places)
    coarse = sets_of(publish(xy, places, rule=GridRule(k + more), **given_all), xy, places)
    for cell in coarse:
        assert cell == frozenset().union(*(part for part in fine if part <= cell))


@given(clouds, small_k, st.sampled_from([(500, 16_000), (250, 4000), (1000, 2000), (250, 250)]))
def test_other_sizes_of_squares_only_join_squares_too(xy, k, sizes):
    if 0 < len(xy) < k:
        return
    fine = partition(xy, group=("a",), rule=GridRule(k, 250, 16_000))
    coarse = partition(xy, group=("a",), rule=GridRule(k, *sizes))
    parts = [frozenset(np.flatnonzero(holds(cell, xy)).tolist()) for cell in fine]
    for cell in coarse:
        whole = frozenset(np.flatnonzero(holds(cell, xy)).tolist())
        assert whole == frozenset().union(*(part for part in parts if part <= whole))


@given(located.flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))), small_k)
def test_the_order_of_the_points_changes_nothing(both, k):
    pictures = []
    for some in both:
        xy, places = unpack(some)
        pictures.append(publish(xy, places, counts=counted(places), neighbours=CHAIN, rule=GridRule(k)))
    assert pictures[0] == pictures[1]


def test_a_square_is_split_only_where_every_part_that_holds_anything_holds_k():
    village = np.array([[100.0, 100.0]] * 5)
    together = np.vstack([village, np.add(village, (250, 0))])
    rule = GridRule(5, 250, 500)
    assert partition(together, group=("a",), rule=rule) == (
        Cell(("a",), 5, 0.0, 0.0, 250.0),
        Cell(("a",), 5, 250.0, 0.0, 250.0),
    )
    alone = np.vstack([together, [[100.0, 400.0]]])
    assert partition(alone, group=("a",), rule=rule) == (Cell(("a",), 11, 0.0, 0.0, 500.0),)


def test_a_point_on_a_line_belongs_to_the_east_and_the_north():
    cells = partition(np.array([[250.0, -250.0]] * 5), group=("a",), rule=GridRule(5, 250, 250))
    assert cells == (Cell(("a",), 5, 250.0, -250.0, 250.0),)


def test_a_lonely_house_far_away_leaves_the_whole_group_as_one_cell():
    xy = np.array([[0.0, 0.0]] * 20 + [[40_000.0, 0.0]])
    assert partition(xy, group=("a",), rule=GridRule(5)) == (Cell(("a",), 21),)


def test_a_merged_group_is_one_cell_so_that_the_picture_of_a_smaller_k_cannot_be_subtracted():
    west, east = (0.0, 0.0), (250.0, 0.0)
    some = [*[(west, "a")] * 3, *[(east, "a")] * 2, *[(west, "b")] * 8, *[(east, "b")] * 9]
    xy, places = unpack(some)
    given_all = {"counts": counted(places), "neighbours": CHAIN}
    fine = publish(xy, places, rule=GridRule(5), **given_all).cells
    assert {(cell.group, cell.count) for cell in fine} == {(("a",), 5), (("b",), 8), (("b",), 9)}
    # Squares of 11 and 11 would leave 3 and 2 of a after taking away the 8 and 9 of b
    assert publish(xy, places, rule=GridRule(6), **given_all).cells == (Cell(("a", "b"), 22),)


def test_dwellings_without_a_position_are_a_part_of_their_own_and_never_fewer_than_k():
    xy = np.array([[10.0, 10.0]] * 20)
    few = partition(xy, group=("a",), rule=GridRule(5), without_position=4)
    assert few == (Cell(("a",), 24),)
    enough = partition(xy, group=("a",), rule=GridRule(5), without_position=5)
    assert enough == (Cell(("a",), 20, 0.0, 0.0, 250.0), Cell(("a",), 5, placed=False))


def test_the_smallest_group_joins_its_smallest_neighbour_that_holds_any():
    counts = {"a": 2, "b": 30, "c": 9, "d": 0, "e": 7, "f": 1}
    groups = merge_small_groups(counts, k=5, neighbours={"f": ["b", "d", "c"], "a": ["d", "b"]})
    assert groups == (Group(("a", "b"), 32), Group(("c", "f"), 10), Group(("d",), 0), Group(("e",), 7))


def test_a_group_without_neighbours_joins_the_nearest_in_the_order_given():
    counts = {"a": 50, "b": 0, "c": 3, "d": 9}
    assert merge_small_groups(counts, k=5, neighbours={"c": ["b", "unlisted"]}) == (
        Group(("a",), 50), Group(("b",), 0), Group(("c", "d"), 12),
    )  # fmt: skip


def test_equals_are_merged_in_the_order_given():
    assert merge_small_groups({"a": 3, "b": 8, "c": 8}, k=5, neighbours={"a": ["c", "b"]}) == (
        Group(("a", "b"), 11), Group(("c",), 8),
    )  # fmt: skip
    assert merge_small_groups({"a": 9, "b": 3, "c": 3}, k=5, neighbours={"c": ["b", "a"]}) == (
        Group(("a",), 9), Group(("b", "c"), 6),
    )  # fmt: skip


@given(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 40)), small_k, st.integers(1, 20))
def test_groups_of_a_larger_k_are_unions_of_groups_of_a_smaller_one(counts, k, more):
    fine = merge_small_groups(counts, k=k, neighbours=CHAIN)
    coarse = merge_small_groups(counts, k=k + more, neighbours=CHAIN)
    for group in coarse:
        parts = [part.members for part in fine if set(part.members) <= set(group.members)]
        assert sorted(code for part in parts for code in part) == sorted(group.members)


@given(
    st.lists(
        st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 30), min_size=4), min_size=1, max_size=4
    ),
    small_k,
)
def test_states_are_shown_at_one_level_only_and_no_class_holds_fewer_than_k(rows, k):
    states = dict(zip(NAMES, rows, strict=False))
    counts = {code: sum(row.values()) for code, row in states.items()}
    groups = merge_small_groups(counts, k=k, neighbours=CHAIN)
    shown = public_states(groups, states, k=k)
    rows_shown = [*(shown.by_group or ()), *([shown.city] if shown.city else [])]
    assert all(count == 0 or count >= k for row in rows_shown for count in row.values())
    assert bool(shown.reason) == (shown.by_group is None)
    if shown.by_group is None and shown.city is not None:
        assert any(
            0 < sum(states[code][state] for code in group.members) < k for group in groups for state in "ABCD"
        )


def test_one_small_class_in_one_group_withholds_the_states_of_all_groups():
    states = {"a": {"A": 10, "D": 6}, "b": {"A": 9, "D": 1}}
    groups = merge_small_groups({"a": 16, "b": 10}, k=5, neighbours={})
    shown = public_states(groups, states, k=5)
    assert shown.by_group is None
    assert shown.city == {"A": 19, "D": 7}
    assert "5 戸に満たない" in shown.reason
    nothing = public_states(groups[1:], states, k=5)
    assert nothing.by_group is None
    assert nothing.city is None


@pytest.mark.parametrize("rule", [(4,), (5, 250, 700), (5, 0, 100), (5, 500, 250), (5, float("nan"), 500)])
def test_looser_rules_and_sizes_that_do_not_nest_are_refused(rule):
    with pytest.raises(InputRefused):
        GridRule(*rule)


@pytest.mark.parametrize(
    ("xy", "places", "words"),
    [
        ([[0.0, np.nan]], ["a"], "有限"),
        ([[0.0, 0.0]], [], "有限"),
        ([[0.0, 0.0]], [""], "点が 1 件"),
        ([[0.0, 0.0]] * 2, ["a", "a"], "空き家は 1 戸"),
    ],
)
def test_points_that_the_table_does_not_hold_are_refused(xy, places, words):
    with pytest.raises(InputRefused, match=words):
        publish(np.array(xy), places, counts={"a": 1}, neighbours={}, rule=GridRule(5))


def test_a_count_below_zero_is_refused_by_name():
    with pytest.raises(InputRefused, match="「a」の空き家数 -1"):
        merge_small_groups({"a": -1, "b": 9}, k=5, neighbours={})
