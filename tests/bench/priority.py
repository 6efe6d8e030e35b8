"""The priority index: 1,000 weightings of 34 units by 6 indicators, beside the same done draw by draw in pandas."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from lines import Line, Ratio, median_ms

from kyodo_geo.model.priority.choice import METHODS, Item, PriorityChoice
from kyodo_geo.model.priority.score import Column, Scores, score_units
from kyodo_geo.model.priority.sensitivity import measure_sensitivity
from kyodo_geo.provenance import Unknown

_UNITS, _INDICATORS, _DRAWS, _BAR_MS = 34, 6, 1000, 50
_NOBODY = Unknown("架空")


def measure() -> Iterator[Line | Ratio]:
    """Return scores and weightings by each method, with unknowns and weak values, and beside the naive way."""
    for method in METHODS:
        columns, choice = _columns(gaps=True), _choice(method)
        took = median_ms(lambda c=columns, o=choice: measure_sensitivity(score_units(c, o)), times=15)
        what = f"{_DRAWS:,} weightings of {_UNITS} × {_INDICATORS}, {method}"
        yield Line(what, took, "ms", _BAR_MS, "scores, ranges and shares; median of 15")
    yield _naive()


def _columns(*, gaps: bool) -> list[Column]:
    drawn = np.random.Generator(np.random.PCG64(5)).normal(50, 12, size=(_INDICATORS, _UNITS))
    found = []
    for at, row in enumerate(drawn):
        values: dict[str, float | Unknown] = {f"{code:05d}": float(value) for code, value in enumerate(row)}
        ends = {
            code: (float(value) - 4, float(value) + 4)
            for code, value in list(zip(values, row, strict=True))[::7]
        }
        if gaps:
            values[f"{at + 1:05d}"] = _NOBODY
        weak = {code: one for code, one in ends.items() if gaps and values[code] is not _NOBODY}
        found.append(Column(f"i{at}", f"架空{at}", "%", values, year=2020, intervals=weak))
    return found


def _choice(method: str) -> PriorityChoice:
    items = tuple(Item(f"i{at}", 2020, "low" if at % 2 else "high", 10 + at) for at in range(_INDICATORS))
    return PriorityChoice(items, method=method, draws=_DRAWS)


def _naive() -> Ratio:
    """Draw by draw: a weighted sum, sorted, its first five counted."""
    scores = score_units(_columns(gaps=False), _choice("minmax"))
    ours = median_ms(lambda: measure_sensitivity(scores))
    theirs = median_ms(lambda: _shares(scores), times=3)
    same = np.allclose(measure_sensitivity(scores).certain, _shares(scores))
    note = "the same shares" if same else "OTHER SHARES"
    return Ratio(f"{_DRAWS:,} weightings, nothing unknown", "pandas, a loop", ours, theirs, "ms", note)


def _shares(scores: Scores) -> np.ndarray:
    frame, choice = pd.DataFrame(scores.scaled_low, index=list(scores.units)), scores.choice
    drawn = np.random.Generator(np.random.PCG64(choice.seed)).dirichlet(
        np.ones(_INDICATORS), size=choice.draws
    )
    times = pd.Series(0, index=frame.index)
    for weights in drawn:
        times[(frame * weights).sum(axis=1).nlargest(choice.top).index] += 1
    return (times / choice.draws).to_numpy()
