"""One candidate after the other: the choice people can follow step by step, and how ties are settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Sums that differ by less, relative to everything, are equal: what floating point leaves behind
_TIE = 1e-12


@dataclass(frozen=True)
class Score:
    """Weight that a choice leaves unreached, and weight × cost of the others; the first counts first."""

    unreached: float
    cost: float


@dataclass(frozen=True)
class Addition:
    """A candidate added: what it newly serves, what it saves those served before, and the score after it."""

    candidate: int
    kept: bool
    newly_served: float
    saved: float
    score: Score


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked: cost (n, k), infinite for no way, weight (n,), how many to choose, and which are fixed."""

    cost: Floats
    weight: Floats
    p: int
    fixed: tuple[int, ...]

    def least(self, chosen: Sequence[int]) -> Floats:
        """Cost of each place to the nearest chosen candidate (n,), infinite for none."""
        return np.asarray(np.min(self.cost[:, list(chosen)], axis=1, initial=np.inf), dtype=np.float64)

    def score(self, chosen: Sequence[int]) -> Score:
        """Score of a choice."""
        unreached, cost = self._sums(self.least(chosen)[:, None])
        return Score(float(unreached[0]), float(cost[0]))

    def with_one_more(self, least: Floats) -> tuple[Floats, Floats]:
        """Unreached weight and cost (k,) for each candidate added to a choice with these least costs."""
        return self._sums(np.minimum(least[:, None], self.cost))

    def _sums(self, least: Floats) -> tuple[Floats, Floats]:
        served = np.isfinite(least)
        return self.weight @ ~served, self.weight @ np.where(served, least, 0.0)

    @cached_property
    def tolerance(self) -> Score:
        """Differences below these are ties."""
        widest = np.max(self.cost, where=np.isfinite(self.cost), initial=0.0)
        whole = float(self.weight.sum())
        return Score(_TIE * whole, _TIE * whole * float(widest))

    def is_better(self, one: Score, other: Score) -> bool:
        """Say whether one leaves less unreached, or as much at less cost; a tie is not better."""
        apart, slack = other.unreached - one.unreached, self.tolerance
        return apart > slack.unreached or (apart >= -slack.unreached and other.cost - one.cost > slack.cost)


def grow(question: Question) -> tuple[Addition, ...]:
    """Additions from the fixed candidates up to p: each time the best one more, of equals the lowest index."""
    steps: list[Addition] = []
    while len(steps) < question.p:
        held = [one.candidate for one in steps]
        kept = len(steps) < len(question.fixed)
        pick = question.fixed[len(steps)] if kept else _best(question, held)
        steps.append(_addition(question, held, pick, kept=kept))
    return tuple(steps)


def settle(question: Question, chosen: Sequence[int]) -> tuple[int, ...]:
    """Choice, sorted, in which no candidate can be exchanged for a better one, or for a lower index at equal score."""
    held = sorted(chosen)
    # Each exchange betters the score or lowers an index; the bound is for sums that floating point makes ambiguous
    for _ in range(question.cost.size):
        exchanged = _exchanged(question, held)
        if exchanged is None:
            break
        held = exchanged
    return tuple(held)


def _exchanged(question: Question, held: Sequence[int]) -> list[int] | None:
    for one in [one for one in reversed(held) if one not in question.fixed]:
        others = [other for other in held if other != one]
        pick = _best(question, others)
        if pick != one:
            return sorted([*others, pick])
    return None


def _best(question: Question, held: Sequence[int]) -> int:
    unreached, cost = question.with_one_more(question.least(held))
    free, slack = ~np.isin(np.arange(len(cost)), held), question.tolerance
    free &= unreached <= unreached[free].min() + slack.unreached
    free &= cost <= cost[free].min() + slack.cost
    return int(np.argmax(free))


def _addition(question: Question, held: Sequence[int], pick: int, *, kept: bool) -> Addition:
    before, after = question.least(held), question.least([*held, pick])
    served, now = np.isfinite(before), np.isfinite(after)
    newly = float(question.weight[now & ~served].sum())
    saved = float(question.weight[served] @ (before[served] - after[served]))
    return Addition(pick, kept, newly, saved, question.score([*held, pick]))
