"""How closely a rate can be read: the interval of a rate of few, and which rates stand on too few to be ranked singly."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kyodo_geo.model.indicators import Indicator, UnitCounts, Value
from kyodo_geo.model.ranking import rank_ranges, wilson

# Below this many people or dwellings a rate moves by more than a percentage point with each of them
WEAK_BELOW = 100


def is_weak(item: Indicator, counts: UnitCounts, year: int) -> bool:
    """Say whether a rate stands on more than none and fewer than WEAK_BELOW people or dwellings."""
    share = item.share(counts, year) if item.share else None
    return share is not None and 0 < share[1] < WEAK_BELOW


def interval_of(item: Indicator, counts: UnitCounts, year: int, value: float) -> tuple[float, float]:
    """Return where a value lies: itself twice, or for a weak rate its 95 % interval (Wilson 1927), in the item's unit."""
    if not is_weak(item, counts, year) or item.share is None:
        return value, value
    part, whole = item.share(counts, year) or (0.0, 0.0)
    low, high = wilson(part, whole)
    return item.from_share(low), item.from_share(high)


def places_of(
    item: Indicator, units: Mapping[str, UnitCounts], values: Mapping[str, Value], year: int
) -> dict[str, tuple[int, int]] | None:
    """Return the places (first, last) each unit of known value can have, largest first; None where no rate is weak."""
    known = {code: float(value) for code, value in values.items() if isinstance(value, int | float)}
    if not any(is_weak(item, units[code], year) for code in known):
        return None
    ends = np.array([interval_of(item, units[code], year, value) for code, value in known.items()])
    return dict(zip(known, rank_ranges(ends[:, 0], ends[:, 1]), strict=True))
