"""How much hangs on the weights: the share of random weightings in which a unit is among the first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kyodo_geo.model.priority.choice import PriorityChoice
from kyodo_geo.model.priority.score import HAIR, Scores

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Shares (0–1) of the drawn weightings in which each of the n units is among the first `choice.top`.

    `certain` (n,): fewer than `top` other units can be at or above it. `possible` (n,): fewer than `top` others are
    surely above it. Both are equal where nothing is unknown, weak or tied; never is certain the larger.
    """

    choice: PriorityChoice
    units: tuple[str, ...]
    certain: Floats
    possible: Floats

    def of(self, code: str) -> tuple[float, float]:
        """Return the shares (certain, possible) of a unit; KeyError for one that has no score."""
        if code not in self.units:
            raise KeyError(code)
        row = self.units.index(code)
        return float(self.certain[row]), float(self.possible[row])


def measure_sensitivity(scores: Scores) -> Sensitivity:
    """Return how often each scored unit is among the first when the weights are drawn anew, `choice.draws` times.

    Weightings are uniform on the simplex (Dirichlet of ones) over the indicators of weight above 0, whatever that
    weight; the same seed, items and numpy give the same draws. A tie is held against `certain` and for `possible`.
    """
    choice = scores.choice
    counted = np.array([item.weight > 0 for item in choice.items])
    ones = np.ones(int(counted.sum()))
    weightings = np.random.Generator(np.random.PCG64(choice.seed)).dirichlet(ones, size=choice.draws)
    # Widened by a hair, so that the order of adding up decides no tie: (draws, n)
    low = weightings @ scores.scaled_low[:, counted].T - HAIR / 100
    high = weightings @ scores.scaled_high[:, counted].T + HAIR / 100
    certain = low > _nth_largest(high, choice.top + 1)
    possible = high >= _nth_largest(low, choice.top)
    return Sensitivity(choice, scores.units, certain.mean(axis=0), possible.mean(axis=0))


def explain_sensitivity(choice: PriorityChoice) -> str:
    """Return a Japanese sentence that says what the two shares are."""
    return (
        f"選んだ指標の重みを無作為に {choice.draws:,} 通り引き直し(どの重みの組も同じ確からしさ、"
        f"乱数の種 {choice.seed})、上位 {choice.top} に入った割合です。"
        "分からない値や同じ点があるときは、確実に入る割合と、入りうる割合を分けて示します。"
    )


def _nth_largest(values: Floats, place: int) -> Floats:
    """Return the place-th largest of each row as (draws, 1), −∞ where there are fewer."""
    draws, number = values.shape
    if number < place:
        return np.full((draws, 1), -np.inf)
    at = number - place
    return np.partition(values, at, axis=1)[:, at : at + 1]
