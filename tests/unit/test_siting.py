"""Where to put p facilities: the exact choice against every choice there is, and the greedy one beside it."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import OptimizeResult

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach import siting_sets
from kyodo_geo.model.reach.siting import PROVEN, TIMED_OUT, UNSETTLED, cover, p_median

FEW = settings(max_examples=60, deadline=None)
FAR = np.inf


@st.composite
def questions(draw, *, ways=0.8):
    """Distances with ties, equal columns and missing ways; weights with zeros; some candidates fixed."""
    n, k = draw(st.integers(1, 9)), draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    distance = rng.integers(0, draw(st.sampled_from([3, 1_000])), (n, k)).astype(float)
    distance[rng.random((n, k)) > ways] = FAR
    weight = rng.integers(0, 50, n) / draw(st.sampled_from([1, 7]))
    p = draw(st.integers(1, k))
    fixed = tuple(draw(st.permutations(range(k)))[: draw(st.integers(0, p))])
    return distance, weight, p, fixed


def scores(distance, weight, p, fixed):
    """Every allowed choice with the weight it does not reach and the person-metres of the rest."""
    found = {}
    for chosen in combinations(range(distance.shape[1]), p):
        if set(fixed) <= set(chosen):
            near = distance[:, chosen].min(axis=1)
            reached = np.isfinite(near)
            found[chosen] = (weight[~reached].sum(), weight[reached] @ near[reached])
    return found


@FEW
@given(questions(), st.integers(0, 1_000))
def test_no_choice_of_all_covers_more(question, within):
    distance, weight, p, fixed = question
    sited = cover(distance, weight, p=p, within=within, fixed=fixed)
    every = scores(np.where(distance <= within, 0.0, FAR), weight, p, fixed)
    best = weight.sum() - min(unreached for unreached, _ in every.values())
    assert sited.status == PROVEN
    assert sited.objective == pytest.approx(best)
    assert sited.objective == pytest.approx(weight.sum() - every[sited.chosen][0])
    assert sited.bound == sited.objective
    assert sited.gap == 0
    assert sited.greedy.objective <= sited.objective + 1e-9


@FEW
@given(questions())
def test_no_choice_of_all_leaves_fewer_behind_or_has_fewer_person_metres(question):
    distance, weight, p, fixed = question
    sited = p_median(distance, weight, p=p, fixed=fixed)
    every = scores(distance, weight, p, fixed)
    unreached, metres = min((round(left, 6), total) for left, total in every.values())
    assert sited.status == PROVEN
    assert sited.gap == 0
    assert sited.unreached_weight == sited.unreached_bound == pytest.approx(unreached, abs=1e-5)
    assert sited.objective == sited.bound == pytest.approx(metres)
    assert every[sited.chosen] == pytest.approx((sited.unreached_weight, sited.objective))


@FEW
@given(questions())
def test_the_answer_speaks_of_the_same_choice_throughout(question):
    distance, weight, p, fixed = question
    sited = p_median(distance, weight, p=p, fixed=fixed)
    assert len(sited.chosen) == p
    assert set(fixed) <= set(sited.chosen)
    assert sited.never == tuple(np.flatnonzero(np.isinf(distance).all(axis=1)))
    served = sited.assignment >= 0
    assert set(sited.assignment[served]) <= set(sited.chosen)
    assert weight[~served].sum() == pytest.approx(sited.unreached_weight)
    mine = distance[np.flatnonzero(served), sited.assignment[served]]
    assert mine.tolist() == distance[served][:, list(sited.chosen)].min(axis=1).tolist()
    assert weight[served] @ mine == pytest.approx(sited.objective)


@FEW
@given(questions())
def test_the_greedy_steps_add_up(question):
    distance, weight, p, fixed = question
    greedy = p_median(distance, weight, p=p, fixed=fixed).greedy
    every = scores(distance, weight, p, fixed)
    assert every[greedy.chosen] == pytest.approx((greedy.unreached_weight, greedy.objective))
    assert [one.candidate for one in greedy.steps if one.kept] == sorted(fixed)
    assert sum(one.newly_served for one in greedy.steps) == pytest.approx(
        weight.sum() - greedy.unreached_weight
    )
    within = cover(distance, weight, p=p, within=500, fixed=fixed).greedy
    assert sum(one.newly_served for one in within.steps) == pytest.approx(within.objective)
    gains = [one.newly_served for one in within.steps if not one.kept]
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(gains))


@FEW
@given(questions(ways=1.0), st.integers(0, 1_000))
def test_one_facility_more_is_never_worse(question, within):
    distance, weight, p, _ = question
    fewer, more = (range(1, distance.shape[1] + 1)[at] for at in (max(p - 2, 0), p - 1))
    covered = [cover(distance, weight, p=many, within=within).objective for many in (fewer, more)]
    assert covered[0] <= covered[1] + 1e-9
    metres = [p_median(distance, weight, p=many).objective for many in (fewer, more)]
    assert metres[0] >= metres[1] - 1e-9


@FEW
@given(questions())
def test_no_facility_can_be_exchanged_for_one_of_a_lower_index_at_no_loss(question):
    distance, weight, p, fixed = question
    sited = p_median(distance, weight, p=p, fixed=fixed)
    every = scores(distance, weight, p, fixed)
    for out in set(sited.chosen) - set(fixed):
        for other in set(range(out)) - set(sited.chosen):
            exchanged = tuple(sorted({*sited.chosen, other} - {out}))
            assert every[exchanged] > every[sited.chosen]


def test_of_equal_candidates_the_lowest_is_taken():
    distance = np.array([[9.0, 5, 5, 5], [9, 7, 7, 7]])
    for sited in (p_median(distance, np.ones(2), p=1), cover(distance, np.ones(2), p=1, within=7)):
        assert sited.chosen == sited.greedy.chosen == (1,)
    # Where nobody is gained any more, the rest are the lowest too
    assert cover(distance, np.ones(2), p=3, within=7).chosen == (0, 1, 2)


def test_greedy_takes_the_middle_and_misses_the_two_sides():
    """The known weakness: the middle covers 4 of 6, then either side adds 1; the two sides alone cover all 6."""
    near = np.array([[1, 1, 0], [1, 1, 0], [1, 0, 1], [1, 0, 1], [0, 1, 0], [0, 0, 1]], dtype=bool)
    sited = cover(np.where(near, 100.0, 9_000.0), np.ones(6), p=2, within=500)
    assert sited.chosen == (1, 2)
    assert sited.objective == 6
    assert sited.greedy.chosen == (0, 1)
    assert [(one.candidate, one.newly_served) for one in sited.greedy.steps] == [(0, 4), (1, 1)]
    assert sited.greedy.objective == 5


def test_exactly_on_the_limit_is_within():
    sited = cover(np.array([[500.0], [500.1]]), np.array([3.0, 4.0]), p=1, within=500)
    assert sited.objective == 3
    assert sited.assignment.tolist() == [0, -1]
    assert sited.never == (1,)


def test_nobody_is_left_behind_to_shorten_the_sum():
    """An island of 5 with one way of 90 km: serving it costs more person-metres than leaving it would."""
    distance = np.array([[100.0, 200, FAR], [300, 100, FAR], [FAR, FAR, 90_000], [FAR, FAR, FAR]])
    weight = np.array([50.0, 60, 5, 2])
    sited = p_median(distance, weight, p=2)
    assert sited.chosen == (1, 2)
    assert sited.objective == 50 * 200 + 60 * 100 + 5 * 90_000
    assert sited.unreached_weight == sited.unreached_bound == 2
    assert sited.never == (3,)
    assert sited.assignment.tolist() == [1, 1, 2, -1]


def test_the_smaller_island_is_left_when_one_must_be():
    distance = np.array([[10.0, FAR, FAR], [FAR, 5_000, 6_000], [FAR, FAR, 9_000]])
    sited = p_median(distance, np.array([4.0, 5, 5]), p=1)
    assert sited.chosen == (2,)
    assert sited.unreached_weight == sited.unreached_bound == 4
    assert sited.objective == 5 * 6_000 + 5 * 9_000
    assert sited.proven


def test_what_is_kept_counts_among_the_p():
    distance = np.array([[0.0, 50, 90], [50, 0, 90], [90, 90, 80]])
    assert p_median(distance, np.ones(3), p=1, fixed=[2]).chosen == (2,)
    assert p_median(distance, np.ones(3), p=2, fixed=[2]).chosen == (0, 2)
    assert p_median(distance, np.ones(3), p=3, fixed=[2]).objective == 80


def test_nobody_anywhere_is_an_answer_too():
    sited = p_median(np.zeros((0, 3)), np.zeros(0), p=2)
    assert (sited.chosen, sited.objective, sited.status) == ((0, 1), 0, PROVEN)
    assert cover(np.full((2, 2), FAR), np.ones(2), p=1, within=10).never == (0, 1)


def random_places(n=60, k=12):
    rng = np.random.default_rng(4)
    return rng.uniform(0, 30_000, (n, k)), rng.integers(1, 200, n).astype(float)


@pytest.mark.parametrize("found", [None, "first"])
def test_when_time_runs_out_the_greedy_choice_stands_and_nothing_is_called_proven(monkeypatch, found):
    distance, weight = random_places()

    def broken_off(cost, **rest):
        x = None if found is None else np.r_[np.ones(3), np.zeros(len(cost) - 3)]
        return OptimizeResult(x=x, status=1, mip_dual_bound=None if found is None else 1.0)

    monkeypatch.setattr(siting_sets, "milp", broken_off)
    for sited in (p_median(distance, weight, p=3), cover(distance, weight, p=3, within=4_000)):
        assert sited.status == TIMED_OUT
        assert not sited.proven
        assert sited.gap > 0
    sited = p_median(distance, weight, p=3)
    assert sited.bound < sited.objective <= sited.greedy.objective
    assert cover(distance, weight, p=3, within=4_000).objective <= weight.sum()


def test_a_sum_that_does_not_meet_the_solvers_is_not_called_proven(monkeypatch):
    distance, weight = random_places()
    honest = siting_sets.milp

    def boasting(*some, **rest):
        found = honest(*some, **rest)
        found.mip_dual_bound *= 0.99
        return found

    monkeypatch.setattr(siting_sets, "milp", boasting)
    sited = p_median(distance, weight, p=3)
    assert sited.status == UNSETTLED
    assert 0 < sited.gap < 0.02


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"p": 0}, "置く数 0 が?.*1 以上"),
        ({"p": 4}, "置く数 4 が候補の数 3 より多く"),
        ({"p": 1, "fixed": [0, 2]}, "置く数 1 が、必ず残す施設の数 2 より少なく"),
        ({"fixed": [3]}, r"番号 \[3\] は候補\(0 から 2\)にありません"),
        ({"fixed": [1, 1]}, "同じものが 2 回"),
        ({"weight": np.array([1.0, -1])}, "人数は 0 以上.*: 2 番目"),
        ({"weight": np.array([np.nan, 1])}, "人数は 0 以上.*: 1 番目"),
        ({"weight": np.ones(3)}, r"(?s)大きさが合いません.*\(2, 3\).*\(3,\)"),
        ({"distance": np.ones(2)}, "大きさが合いません"),
        ({"distance": np.array([[1.0, 2, 3], [1, -5, np.nan]])}, "距離は 0 以上.*: 2 番目"),
        ({"time_limit_s": 0}, "上限 0 秒"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(change, words):
    given_values = {"distance": np.ones((2, 3)), "weight": np.ones(2), "p": 2} | change
    with pytest.raises(InputRefused, match=words):
        p_median(**given_values)
    with pytest.raises(InputRefused, match=words):
        cover(**given_values, within=1)


def test_all_that_does_not_fit_is_said_at_once():
    with pytest.raises(InputRefused) as refused:
        cover(np.ones((2, 3)), -np.ones(2), p=0, within=np.nan, fixed=[7])
    assert len(refused.value.faults) == 5
    assert "届く距離 nan は 0 以上ではありません" in str(refused.value)


def test_a_kept_candidate_that_reaches_nobody_is_a_proven_answer():
    sited = p_median(np.array([[473.0, np.inf, 755.0]]), np.array([6.71428571]), p=1, fixed=(1,))
    assert (sited.status, sited.objective, sited.unreached_weight) == (PROVEN, 0.0, 6.71428571)
