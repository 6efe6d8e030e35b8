"""How much hangs on the weights: shares that are the same for the same seed, and honest about what is not known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.model.priority.choice import Item, PriorityChoice
from kyodo_geo.model.priority.score import Column, score_units
from kyodo_geo.model.priority.sensitivity import explain_sensitivity, measure_sensitivity
from kyodo_geo.provenance import Unknown

NOBODY = Unknown("公表資料なし")


def _scores(table, *, weights=None, intervals=None, **settings):
    """Score the rows of a table (units × indicators) on the scale min–max."""
    given_columns, items = [], []
    for at, values in enumerate(zip(*table, strict=True)):
        named = {f"{row:02}": value for row, value in enumerate(values)}
        weak = {f"{row:02}": ends for (row, column), ends in (intervals or {}).items() if column == at}
        given_columns.append(Column(f"i{at}", f"指標{at}", "%", named, year=2020, intervals=weak))
        items.append(Item(f"i{at}", 2020, "high", weights[at] if weights else 1))
    return score_units(given_columns, PriorityChoice(tuple(items), **{"method": "minmax", **settings}))


def _tables(values):
    return st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(values, min_size=width, max_size=width), min_size=1, max_size=9)
    )


KNOWN = _tables(st.integers(0, 40))
SOME = _tables(st.integers(0, 4) | st.just(NOBODY))


@given(SOME, st.integers(1, 10), st.integers(0, 99))
def test_shares_lie_between_0_and_1_and_certain_is_never_above_possible(table, top, seed):
    found = measure_sensitivity(_scores(table, top=top, seed=seed, draws=50))
    assert (found.certain >= 0).all()
    assert (found.certain <= found.possible).all()
    assert (found.possible <= 1).all()


@given(KNOWN, st.integers(1, 10))
def test_without_intervals_and_ties_every_draw_has_just_so_many_at_the_top(table, top):
    table = [list(row) for row in dict.fromkeys(map(tuple, table))]
    scores = _scores(table, top=top, draws=60)
    found = measure_sensitivity(scores)
    assert found.certain.tolist() == found.possible.tolist()
    assert found.certain.sum() == pytest.approx(min(top, len(table)))


@given(SOME, st.integers(1, 6))
def test_at_the_top_there_are_never_more_for_certain_nor_fewer_possibly_than_there_is_room(table, top):
    found = measure_sensitivity(_scores(table, top=top, draws=40))
    room = min(top, len(table))
    assert found.certain.sum() <= room + 1e-9
    assert found.possible.sum() >= room - 1e-9


@given(SOME, st.integers(1, 5))
def test_the_shares_are_those_of_counting_draw_by_draw(table, top):
    scores = _scores(table, top=top, draws=20, seed=3)
    drawn = np.random.Generator(np.random.PCG64(3)).dirichlet(np.ones(len(scores.columns)), size=20)
    certain, possible = np.zeros(len(table)), np.zeros(len(table))
    for weights in drawn:
        low, high = scores.scaled_low @ weights, scores.scaled_high @ weights
        for row in range(len(table)):
            others = np.arange(len(table)) != row
            certain[row] += (high[others] >= low[row] - 1e-10).sum() < top
            possible[row] += (low[others] > high[row] + 1e-10).sum() < top
    found = measure_sensitivity(scores)
    assert found.certain == pytest.approx(certain / 20)
    assert found.possible == pytest.approx(possible / 20)


def test_the_same_seed_gives_the_same_shares_and_another_does_not():
    table = [[1, 9, 4], [9, 1, 3], [5, 5, 5], [4, 6, 2]]
    first, again, other = (measure_sensitivity(_scores(table, top=1, seed=seed)) for seed in (1, 1, 2))
    assert first.certain.tolist() == again.certain.tolist()
    assert first.certain.tolist() != other.certain.tolist()


def test_two_indicators_that_pull_apart_share_the_weightings_evenly():
    found = measure_sensitivity(_scores([[0, 1], [1, 0]], top=1, draws=10_000))
    # Uniform on the simplex: the weight of the first is above a half in half of the draws
    assert found.certain == pytest.approx([0.5, 0.5], abs=0.02)


def test_the_share_is_the_area_of_the_simplex_where_the_unit_leads():
    # The first leads where 2/3 of the whole lies on the second indicator: a third of the line, by hand
    found = measure_sensitivity(_scores([[0, 3], [2, 2], [3, 0]], top=1, draws=10_000))
    assert found.certain == pytest.approx([1 / 3, 1 / 3, 1 / 3], abs=0.02)


def test_the_weights_chosen_do_not_sway_the_draws_but_weight_0_takes_an_indicator_out():
    table = [[1, 9, 4], [9, 1, 3], [5, 5, 5], [4, 6, 9]]
    even, uneven, without = (
        measure_sensitivity(_scores(table, top=1, weights=weights)).certain.tolist()
        for weights in ([1, 1, 1], [90, 5, 1], [1, 1, 0])
    )
    pair = measure_sensitivity(_scores([row[:2] for row in table], top=1)).certain.tolist()
    assert even == uneven
    assert without == pair
    assert without != even


def test_units_alike_are_at_the_top_possibly_and_never_for_certain():
    found = measure_sensitivity(_scores([[0.1, 0.7], [0.1, 0.7], [0, 0]], top=1))
    assert (found.of("00"), found.of("01"), found.of("02")) == ((0, 1), (0, 1), (0, 0))


def test_an_unknown_can_be_at_the_top_and_takes_the_certainty_of_the_others():
    found = measure_sensitivity(_scores([[NOBODY], [1], [2], [3]], top=1))
    assert found.of("00") == (0, 1)
    # The largest known scales to 1, which an unknown reaches at most: level with it, so not certain
    assert found.of("03") == (0, 1)
    assert found.of("01") == (0, 0)


def test_a_weak_value_lies_between_its_certain_and_its_possible_share():
    table, ends = [[5, 1], [4, 2], [1, 5]], {(1, 0): (2, 5), (1, 1): (1, 5)}
    sure, weak = measure_sensitivity(_scores(table, top=1)), measure_sensitivity(
        _scores(table, top=1, intervals=ends)
    )  # fmt: skip
    assert weak.of("01")[0] <= sure.of("01")[0] <= weak.of("01")[1]
    assert weak.of("01")[0] < weak.of("01")[1]


def test_with_room_for_all_everybody_is_certainly_in():
    found = measure_sensitivity(_scores([[1, NOBODY], [2, 2], [2, 2]], top=3, draws=10))
    assert found.certain.tolist() == [1, 1, 1]


def test_nobody_scored_is_nobody_at_the_top():
    found = measure_sensitivity(_scores([[NOBODY], [NOBODY]], missing="exclude"))
    assert found.units == ()
    assert found.certain.shape == (0,)
    with pytest.raises(KeyError):
        found.of("00")


def test_the_sentence_names_the_draws_the_seed_and_the_top():
    said = explain_sensitivity(PriorityChoice((Item("a", None, "high", 1),), seed=7, draws=2000, top=3))
    assert "2,000 通り" in said
    assert "種 7" in said
    assert "上位 3" in said
