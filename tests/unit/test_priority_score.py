"""The priority index: contributions add up, an unknown neither helps nor hurts, and a place is given only when sure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused, KeyMismatch
from kyodo_geo.model.priority.choice import METHODS, MISSING_RULES, Item, PriorityChoice
from kyodo_geo.model.priority.score import (
    WHAT_IT_IS_NOT,
    Column,
    explain,
    explain_missing,
    place_text,
    scale,
    score_units,
)
from kyodo_geo.provenance import Unknown

NOBODY = Unknown("公表資料なし")
METHOD = st.sampled_from(list(METHODS))
VALUES = st.integers(-50, 50).map(lambda tenths: tenths / 4)


def _column(at, values, intervals=None):
    named = {f"{row:02}": value for row, value in enumerate(values)}
    weak = {f"{row:02}": ends for row, ends in (intervals or {}).items()}
    return Column(f"i{at}", f"指標{at}", "%", named, year=2020, intervals=weak)


@st.composite
def columns(draw, *, units=(1, 8), indicators=(1, 4), unknown=True, weak=True):
    number = draw(st.integers(*units))
    one = st.one_of(VALUES, st.just(NOBODY)) if unknown else VALUES
    found = []
    for at in range(draw(st.integers(*indicators))):
        values = draw(st.lists(one, min_size=number, max_size=number))
        steps = st.tuples(st.integers(0, 5), st.integers(0, 5)) if weak else st.just((0, 0))
        width = draw(st.lists(steps, min_size=number, max_size=number))
        ends = {
            row: (value - width[row][0], value + width[row][1])
            for row, value in enumerate(values)
            if not isinstance(value, Unknown)
        }
        found.append(_column(at, values, ends))
    return found


@st.composite
def cases(draw, **how):
    found = draw(columns(**how))
    weights = [draw(st.integers(0, 50)) for _ in found]
    weights[0] += 1
    items = tuple(
        Item(column.indicator_id, 2020, draw(st.sampled_from(["high", "low"])), weight)
        for column, weight in zip(found, weights, strict=True)
    )
    return found, PriorityChoice(
        items, method=draw(METHOD), missing=draw(st.sampled_from(list(MISSING_RULES)))
    )


def _choice(*weights, method="percentile", missing="range", direction="high"):
    items = tuple(Item(f"i{at}", 2020, direction, weight) for at, weight in enumerate(weights))
    return PriorityChoice(items, method=method, missing=missing)


def _points(values, method, direction="high"):
    column = _column(0, values)
    return scale(column, tuple(column.values), method=method, direction=direction)


@given(cases())
def test_contributions_add_up_to_the_score_and_all_lies_within_its_bounds(case):
    scores = score_units(*case)
    assert np.abs(scores.contribution_low.sum(axis=1) - scores.low).max(initial=0) < 1e-9
    assert np.abs(scores.contribution_high.sum(axis=1) - scores.high).max(initial=0) < 1e-9
    assert (scores.scaled_low >= 0).all()
    assert (scores.scaled_low <= scores.scaled_high).all()
    assert (scores.scaled_high <= 1).all()
    assert (scores.low <= scores.high).all()
    assert (scores.high <= 100 + 1e-9).all()


@given(cases(), st.data())
def test_rank_ranges_hold_the_place_of_any_values_within_the_intervals(case, data):
    found, choice = case
    scores = score_units(found, choice)
    steps = st.lists(st.sampled_from([0, 0.25, 0.5, 1]), min_size=scores.low.size, max_size=scores.low.size)
    drawn = scores.low + np.array(data.draw(steps)) * (scores.high - scores.low)
    for row, (best, worst) in enumerate(scores.ranks):
        above, level = (drawn > drawn[row] + 1e-9).sum(), (np.abs(drawn - drawn[row]) <= 1e-9).sum()
        assert best <= 1 + above
        assert above + level <= worst


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_units_changes_nothing(case, random):
    found, choice = case
    codes = list(found[0].values)
    random.shuffle(codes)
    turned = [
        Column(one.indicator_id, one.label, one.unit, {code: one.values[code] for code in codes},
               year=one.year, intervals=one.intervals)
        for one in found
    ]  # fmt: skip
    before, after = score_units(found, choice), score_units(turned, choice)
    for row, code in enumerate(before.units):
        other = after.units.index(code)
        assert before.low[row] == pytest.approx(after.low[other], abs=1e-9)
        assert before.high[row] == pytest.approx(after.high[other], abs=1e-9)
        assert before.ranks[row] == after.ranks[other]
    assert [before.units[row] for row in before.order] == [after.units[row] for row in after.order]


@given(columns(indicators=(1, 1)), METHOD)
def test_the_other_direction_mirrors_the_scale(found, method):
    units = tuple(found[0].values)
    low, high = scale(found[0], units, method=method, direction="high")
    turned_low, turned_high = scale(found[0], units, method=method, direction="low")
    assert turned_low == pytest.approx(1 - high)
    assert turned_high == pytest.approx(1 - low)


@given(st.lists(VALUES, min_size=1, max_size=8), METHOD)
def test_low_is_the_scale_of_the_values_with_their_sign_turned(values, method):
    turned, _ = _points([-value for value in values], method)
    assert _points(values, method, "low")[0] == pytest.approx(turned)


@given(columns(indicators=(1, 1)), METHOD, st.sampled_from([0.25, 2, 1024]), st.integers(-100, 100))
def test_another_unit_of_an_indicator_changes_nothing(found, method, factor, shift):
    column, units = found[0], tuple(found[0].values)
    moved = Column(
        "i0", "指標0", "‰",
        {code: value if isinstance(value, Unknown) else value * factor + shift for code, value in column.values.items()},
        year=2020,
        intervals={code: (low * factor + shift, high * factor + shift) for code, (low, high) in column.intervals.items()},
    )  # fmt: skip
    before, after = (scale(one, units, method=method, direction="high") for one in (column, moved))
    assert before[0] == pytest.approx(after[0])
    assert before[1] == pytest.approx(after[1])


@given(cases(), st.integers(2, 4))
def test_weights_all_times_the_same_change_nothing(case, factor):
    found, choice = case
    items = choice.items

    def times(by):
        made = tuple(Item(one.indicator, one.year, one.direction, one.weight // 4 * by) for one in items)
        made = (Item(items[0].indicator, items[0].year, items[0].direction, by), *made[1:])
        return score_units(found, PriorityChoice(made, method=choice.method, missing=choice.missing))

    assert times(factor).low == pytest.approx(times(1).low)
    assert times(factor).high == pytest.approx(times(1).high)
    assert times(factor).ranks == times(1).ranks


@given(columns(units=(2, 8), weak=True), METHOD, st.data())
def test_an_unknown_counts_for_the_others_as_if_the_unit_were_not_there(found, method, data):
    units = tuple(found[0].values)
    gone = data.draw(st.sampled_from(units))
    blanked = [
        Column(one.indicator_id, one.label, one.unit, {**one.values, gone: NOBODY}, year=2020,
               intervals={code: ends for code, ends in one.intervals.items() if code != gone})
        for one in found
    ]  # fmt: skip
    without = [
        Column(one.indicator_id, one.label, one.unit,
               {code: value for code, value in one.values.items() if code != gone},
               year=2020, intervals=one.intervals)
        for one in blanked
    ]  # fmt: skip
    choice = _choice(*[1] * len(found), method=method)
    with_it, left = score_units(blanked, choice), score_units(without, choice)
    rows = [row for row, code in enumerate(units) if code != gone]
    assert with_it.low[rows] == pytest.approx(left.low)
    assert with_it.high[rows] == pytest.approx(left.high)
    assert (with_it.low[units.index(gone)], with_it.high[units.index(gone)]) == (0, pytest.approx(100))


@given(columns(indicators=(1, 1), weak=True, unknown=False), METHOD)
def test_a_weak_value_has_an_interval_around_the_point_it_would_be(found, method):
    column, units = found[0], tuple(found[0].values)
    bare = Column("i0", "指標0", "%", column.values, year=2020)
    point, same = scale(bare, units, method=method, direction="high")
    low, high = scale(column, units, method=method, direction="high")
    assert (point == same).all()
    assert (low <= point + 1e-12).all()
    assert (point <= high + 1e-12).all()


@pytest.mark.parametrize(
    ("method", "points"),
    [
        # By hand: places 1, 2.5, 2.5, 4 of four, less a half, over four
        ("percentile", [0.125, 0.5, 0.5, 0.875]),
        ("minmax", [0, 0.25, 0.25, 1]),
        # By hand: mean 1.5, squares 2.25, 0.25, 0.25, 6.25, over four 2.25, so the deviation is 1.5
        ("z", [2 / 6, (3 - 1 / 3) / 6, (3 - 1 / 3) / 6, (3 + 5 / 3) / 6]),
    ],
)
def test_each_method_against_figures_by_hand(method, points):
    assert _points([0, 1, 1, 4], method)[0] == pytest.approx(points)


def test_a_z_score_beyond_three_is_cut():
    low, high = _points([0.0] * 20 + [1.0], "z")
    assert low[-1] == high[-1] == 1


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("values", [[7], [7, 7, 7], [7, NOBODY]])
def test_values_all_equal_lie_in_the_middle(method, values):
    low, high = _points(values, method)
    assert (low[0], high[0]) == (0.5, 0.5)


@pytest.mark.parametrize("method", METHODS)
def test_absurdly_large_and_small_spreads_are_borne(method):
    for values in ([0, 1e-300], [-9e99, 9e99], [0, 5e-324]):
        assert _points(values, method)[0].tolist() == sorted(_points(values, method)[0].tolist())


def test_a_weak_value_is_placed_among_the_others_only():
    # 2 could be 1 to 6: below the 3 and the 5 (place 1 of 3) or above both (place 3)
    column = _column(0, [2, 3, 5], {0: (1, 6)})
    low, high = scale(column, tuple(column.values), method="percentile", direction="high")
    assert low == pytest.approx([0.5 / 3, 1.5 / 3, 2.5 / 3])
    assert high == pytest.approx([2.5 / 3, 1.5 / 3, 2.5 / 3])


@pytest.mark.parametrize("method", ["minmax", "z"])
def test_a_weak_value_is_open_where_the_points_have_no_spread(method):
    column = _column(0, [2, 2], {0: (2, 3)})
    low, high = scale(column, tuple(column.values), method=method, direction="high")
    assert (low.tolist(), high.tolist()) == ([0.5, 0.5], [1, 0.5])


def test_an_unknown_gives_a_range_and_is_named():
    scores = score_units(
        [_column(0, [1, 2, 3]), _column(1, [1, NOBODY, 3])], _choice(30, 10, method="minmax")
    )
    assert scores.low == pytest.approx([0, 37.5, 100])
    assert scores.high == pytest.approx([0, 62.5, 100])
    assert scores.ranks == ((3, 3), (2, 2), (1, 1))
    assert [(one.code, [column.title for column in one.columns]) for one in scores.lacking] == [
        ("01", ["指標1(2020年)"])
    ]
    assert explain_missing("range") in scores.sentences


def test_the_rule_exclude_leaves_a_unit_out_and_names_what_it_lacks():
    given_columns = [_column(0, [1, 2, 3]), _column(1, [1, NOBODY, 3])]
    scores = score_units(given_columns, _choice(30, 10, method="minmax", missing="exclude"))
    assert scores.units == ("00", "02")
    assert scores.ranks == ((2, 2), (1, 1))
    assert [one.code for one in scores.lacking] == ["01"]


def test_a_unit_left_out_still_belongs_to_the_scale_of_what_is_known_of_it():
    given_columns = [_column(0, [1, 2, 5]), _column(1, [1, 2, NOBODY])]
    scores = score_units(given_columns, _choice(1, 0, method="minmax", missing="exclude"))
    assert scores.low == pytest.approx([0, 25, 100])
    apart = score_units(given_columns, _choice(1, 1, method="minmax", missing="exclude"))
    assert apart.scaled_low[:, 0] == pytest.approx([0, 0.25])


@pytest.mark.parametrize("missing", MISSING_RULES)
def test_an_unknown_of_weight_0_does_not_count(missing):
    scores = score_units([_column(0, [1, 2]), _column(1, [NOBODY] * 2)], _choice(1, 0, missing=missing))
    assert scores.units == ("00", "01")
    assert scores.lacking == ()
    assert scores.sentences == ()
    assert scores.low.tolist() == scores.high.tolist() == [25, 75]


def test_an_indicator_nobody_has_opens_every_score_by_its_weight_and_is_said():
    scores = score_units([_column(0, [1, 2]), _column(1, [NOBODY] * 2)], _choice(60, 40, method="minmax"))
    assert scores.low == pytest.approx([0, 60])
    assert scores.high == pytest.approx([40, 100])
    assert scores.ranks == ((2, 2), (1, 1))
    assert "「指標1(2020年)」は、どの地区の値も分かりません。" in scores.sentences


def test_under_exclude_an_indicator_nobody_has_leaves_no_score_and_says_so():
    given_columns = [_column(0, [1, 2]), _column(1, [NOBODY] * 2)]
    scores = score_units(given_columns, _choice(60, 40, missing="exclude"))
    assert scores.units == ()
    assert scores.ranks == ()
    assert scores.low.shape == (0,)
    assert scores.scaled_low.shape == (0, 2)
    assert len(scores.lacking) == 2
    assert any(said.startswith("点を付けられる地区がありません") for said in scores.sentences)


def test_equal_scores_share_their_places_whatever_the_order_of_adding_up():
    # 8 + 7 + 4 and 4 + 7 + 8 times a hundredth of 100/3: the last bits differ
    found = [_column(at, values) for at, values in enumerate([[0, 8, 4, 10], [0, 7, 7, 10], [0, 4, 8, 10]])]
    scores = score_units(found, _choice(1, 1, 1, method="minmax"))
    assert scores.low[1] != scores.low[2]
    assert scores.ranks == ((4, 4), (2, 3), (2, 3), (1, 1))
    assert [place_text(rank) for rank in scores.ranks] == ["4位", "2～3位", "2～3位", "1位"]
    assert scores.order == (3, 1, 2, 0)


def test_an_item_without_a_year_takes_the_column_of_any_year():
    choice = PriorityChoice((Item("i0", None, "high", 1),))
    assert score_units([_column(0, [1, 2])], choice).ranks == ((2, 2), (1, 1))


@pytest.mark.parametrize(
    "items",
    [
        (Item("i1", 2020, "high", 1),),
        (Item("i0", 2015, "high", 1),),
        (Item("i0", 2020, "high", 1), Item("i1", 2020, "high", 1)),
    ],
)
def test_columns_that_are_not_those_chosen_are_refused(items):
    with pytest.raises(InputRefused, match="選んだ指標と値が合いません"):
        score_units([_column(0, [1, 2])], PriorityChoice(items))


def test_one_column_cannot_count_twice_by_a_year_left_open():
    choice = PriorityChoice((Item("i0", None, "high", 1), Item("i0", 2020, "high", 1)))
    with pytest.raises(InputRefused, match="1度だけ"):
        score_units([_column(0, [1, 2])] * 2, choice)


def test_columns_of_different_units_are_refused_with_the_units_named():
    with pytest.raises(KeyMismatch, match="片方にだけある地区: 02"):
        score_units([_column(0, [1, 2]), _column(1, [1, 2, 3])], _choice(1, 1))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e101, True, "指定管理", None])
def test_a_value_that_is_no_number_is_refused(value):
    with pytest.raises(InputRefused, match="数ではありません"):
        _column(0, [1, value])


@pytest.mark.parametrize(
    ("values", "ends"),
    [([1], (2, 3)), ([1], (0, float("nan"))), ([1], (0, float("inf"))), ([NOBODY], (0, 1)), ([1], (1, 0))],
)
def test_an_interval_that_does_not_hold_its_value_is_refused(values, ends):
    with pytest.raises(InputRefused, match=r"値\(.*\)がありません"):
        _column(0, values, {0: ends})


def test_all_values_that_are_no_numbers_are_named_at_once():
    with pytest.raises(InputRefused) as refused:
        _column(0, ["直営", 1, "指定管理"])
    assert len(refused.value.faults) == 2


def test_numbers_of_numpy_are_numbers():
    assert score_units([_column(0, [np.int64(1), np.float64(2)])], _choice(1)).low.tolist() == [25, 75]


def test_every_method_and_rule_is_said_in_words():
    assert len({explain(method) for method in METHODS}) == len(METHODS)
    assert len({explain_missing(rule) for rule in MISSING_RULES}) == len(MISSING_RULES)
    assert WHAT_IT_IS_NOT.count("。") == 1
