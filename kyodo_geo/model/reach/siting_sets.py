"""The exact part of siting: which p candidates, as a small mixed integer program for HiGHS.

For each place the candidates are taken from the nearest on. Being served by none of the nearest r costs the step to
the next; being served by none that can be reached leaves the place unreached. So everything hangs on sets of
candidates, "none of these is chosen", and places that share a set share one variable: tens of thousands of pairs of place and
candidate become some thousand sets. Source of the formulation: Cornuéjols, Nemhauser and Wolsey (1980), A canonical
representation of simple plant location problems; Elloumi (2010), A tighter formulation of the p-median problem.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

# HiGHS stops at 1e-6 of what it minimises; the mean coefficient is brought to this, so that it is far below a person
_MEAN_COST = 100.0
# How far the solver's bound and our own sum may lie apart, relative, for an optimum to be called proven: HiGHS holds
# its rows to 1e-6 only
_SAME = 1e-6
_TINY = 1e-9


@dataclass(frozen=True, eq=False)
class Sets:
    """Sets of candidates, m of them: cost and weight left unreached if none of a set's members (m, k) is chosen.

    `before` is the set one step nearer for a place that uses it, −1 for none; `base` what is paid in any case.
    """

    members: Flags
    before: Indices
    cost: Floats
    unreached: Floats
    base: float


@dataclass(frozen=True)
class Stage:
    """One solve: the chosen candidates (None where time ran out before any was found), and a bound from below."""

    chosen: tuple[int, ...] | None
    bound: float
    finished: bool


def build_sets(cost: Floats, weight: Floats, *, p: int, fixed: Sequence[int]) -> Sets:
    """Sets that decide between choices of p candidates, from `cost` (n, k), infinite for no way, and `weight` (n,).

    Left out: places without weight or any way, sets with a fixed candidate, and sets so large that p chosen ones
    cannot all lie outside.
    """
    open_to = np.isfinite(cost).any(axis=1) & (weight > 0)
    cost, weight = cost[open_to], weight[open_to]
    order = np.argsort(cost, axis=1, kind="stable")
    near = np.take_along_axis(cost, order, axis=1)
    ranks = min(cost.shape[1] - p, int(_useful_ranks(near, np.isin(order, fixed)).max(initial=0)))
    bits = np.bitwise_or.accumulate(
        np.packbits(np.eye(cost.shape[1], dtype=bool), axis=1)[order[:, :ranks]], axis=1
    )
    here, there = near[:, :ranks], near[:, 1 : ranks + 1]
    last = np.isfinite(here) & np.isinf(there)
    # Unreached costs no metres: all that the place's steps added up to is taken back
    step = np.where(
        last, -here, np.where(np.isfinite(here), there, 0.0) - np.where(np.isfinite(here), here, 0.0)
    )
    kept = last | (step > 0)
    kept &= ~(bits & np.packbits(np.isin(np.arange(cost.shape[1]), fixed))).any(axis=2)
    place, rank = np.nonzero(kept)
    first, own = _distinct(bits[place, rank])
    follows = np.concatenate([[False], place[1:] == place[:-1]])[: len(place)]
    before = np.where(follows, np.concatenate([[-1], own])[: len(place)], -1)
    members = np.unpackbits(bits[place[first], rank[first]], axis=1, count=cost.shape[1]).astype(bool)
    paid, lost = weight[place] * step[place, rank], np.where(last[place, rank], weight[place], 0.0)
    return Sets(
        members,
        before[first],
        _sums(own, paid, len(first)),
        _sums(own, lost, len(first)),
        float(weight @ near[:, 0]),
    )


def _useful_ranks(near: Floats, is_fixed: Flags) -> Indices:
    """Number of candidates (n,) that a place has a way to before its nearest fixed one, which serves it in any case."""
    ended = is_fixed | np.isinf(near)
    return np.asarray(np.where(ended.any(axis=1), np.argmax(ended, axis=1), near.shape[1]), dtype=np.intp)


def _distinct(rows: npt.NDArray[np.uint8]) -> tuple[Indices, Indices]:
    """Where each distinct row first stands, and which of them every row is."""
    if not rows.size:
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    keys = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1]))).ravel()
    _, first, own = np.unique(keys, return_index=True, return_inverse=True)
    return first, own


def _sums(own: Indices, values: Floats, count: int) -> Floats:
    return np.asarray(np.bincount(own, values, count), dtype=np.float64)


def least_unreached(sets: Sets, *, p: int, fixed: Sequence[int], time_limit_s: float) -> Stage:
    """Choice that leaves the least weight unreached, and a bound for it; 0 without a solve where all are reached."""
    met = sets.unreached > 0
    members = sets.members[met]
    rows = _hits(members)
    return _solve(sets.unreached[met], rows, np.ones(len(members)), k=members.shape[1], p=p, fixed=fixed,
                  time_limit_s=time_limit_s)  # fmt: skip


def least_cost(
    sets: Sets, *, p: int, fixed: Sequence[int], most_unreached: float, time_limit_s: float
) -> Stage:
    """Choice of least cost among those that leave no more than `most_unreached` weight unreached, and a bound."""
    chained = sets.before >= 0
    added = sets.members.copy()
    added[chained] &= ~sets.members[sets.before[chained]]
    rows = [_hits(added) - _earlier(sets, chained)]
    low = [np.where(chained, 0.0, 1.0)]
    if sets.unreached.any():
        upper, limit = _unreached_rows(sets, most_unreached)
        rows.append(upper)
        low.append(limit)
    stage = _solve(sets.cost, csr_array(vstack(rows)), np.concatenate(low), k=sets.members.shape[1], p=p, fixed=fixed,
                   time_limit_s=time_limit_s)  # fmt: skip
    return Stage(stage.chosen, max(0.0, sets.base + stage.bound), stage.finished)


def _hits(members: Flags) -> csr_array:
    """Rows that say: some member is chosen, or the set's own variable is 1."""
    count, k = members.shape
    row, column = np.nonzero(members)
    own = np.arange(count)
    ones = np.ones(len(row) + count)
    return csr_array(
        (ones, (np.concatenate([row, own]), np.concatenate([column, k + own]))), shape=(count, k + count)
    )


def _earlier(sets: Sets, chained: Flags) -> csr_array:
    count, k = sets.members.shape
    row = np.flatnonzero(chained)
    return csr_array((np.ones(len(row)), (row, k + sets.before[row])), shape=(count, k + count))


def _unreached_rows(sets: Sets, most_unreached: float) -> tuple[csr_array, Floats]:
    """Rows that say: a set with a chosen member is met; and, the last one, how much may be left unreached."""
    count, k = sets.members.shape
    met = np.flatnonzero(sets.unreached > 0)
    scale = _MEAN_COST / float(sets.unreached[met].mean())
    which, column = np.nonzero(sets.members[met])
    row = np.arange(len(which))
    rows = np.concatenate([row, row, np.full(len(met), len(which))])
    columns = np.concatenate([column, k + met[which], k + met])
    values = np.concatenate([np.full(2 * len(which), -1.0), -scale * sets.unreached[met]])
    limit = np.concatenate([np.full(len(which), -1.0), [-scale * most_unreached * (1 + _TINY) - _TINY]])
    return csr_array((values, (rows, columns)), shape=(len(which) + 1, k + count)), limit


def _solve(  # noqa: PLR0913 - the parts of one program
    cost: Floats, rows: csr_array, low: Floats, *, k: int, p: int, fixed: Sequence[int], time_limit_s: float
) -> Stage:
    """Minimise the cost of unmet sets: variables are the k candidates, then one for each set."""
    if not cost.any():
        return Stage(None, 0.0, finished=True)
    count = len(cost)
    scale = _MEAN_COST / float(np.abs(cost).mean())
    chosen = csr_array(np.concatenate([np.ones(k), np.zeros(count)])[None, :])
    least = np.zeros(k + count)
    least[list(fixed)] = 1.0
    found = milp(
        np.concatenate([np.zeros(k), cost * scale]),
        integrality=np.concatenate([np.ones(k), np.zeros(count)]),
        bounds=Bounds(least, np.ones(k + count)),
        constraints=[LinearConstraint(rows, low, np.inf), LinearConstraint(chosen, p, p)],
        options={"mip_rel_gap": 0.0, "time_limit": time_limit_s},
    )
    picks = None if found.x is None else tuple(int(j) for j in np.flatnonzero(found.x[:k] > 0.5))
    below = float("-inf") if found.mip_dual_bound is None else float(found.mip_dual_bound) / scale
    return Stage(picks, below, finished=found.status == 0)


def is_same(value: float, bound: float) -> bool:
    """Say whether a recomputed value meets the solver's bound, to one part in a million."""
    return isfinite(bound) and abs(value - bound) <= _SAME * max(abs(value), abs(bound))
