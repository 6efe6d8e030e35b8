"""Places as ranges: how far a share of few people can be trusted, and which places a unit can have because of it."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from kyodo_geo.errors import InputRefused

Floats = npt.NDArray[np.float64]

# The 97.5 % point of the normal distribution: 2.5 % lie outside on either side
_Z_95 = 1.959963984540054


def wilson(part: float, whole: float) -> tuple[float, float]:
    """Return the 95 % interval (low, high) of the share part ÷ whole, each from 0 to 1 (× 100 for a rate in %).

    A full count has no sampling error: the interval says how far the share would move by chance alone if the same
    people were counted in another year. It contains part ÷ whole, begins at 0 where part is 0, and ends at 1 where
    part is whole. Raises InputRefused unless 0 <= part <= whole and whole > 0.
    Source: Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference, JASA 22.
    """
    if not (math.isfinite(whole) and whole > 0 and 0 <= part <= whole):
        raise InputRefused(
            f"割合の幅を出せません(部分 {part:g}、全体 {whole:g})。",
            todo="全体は 0 より大きく、部分は 0 以上で全体以下にしてください",
        )
    share, z_squared = part / whole, _Z_95**2
    middle = (share + z_squared / (2 * whole)) / (1 + z_squared / whole)
    half = (
        _Z_95 * math.sqrt(share * (1 - share) / whole + z_squared / (4 * whole**2)) / (1 + z_squared / whole)
    )
    # Rounding may put the ends a hair beyond the share itself where it is 0 or 1
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def rank_ranges(low: Floats, high: Floats) -> tuple[tuple[int, int], ...]:
    """Return for each unit the places (best, worst) it can have, largest value first, place 1 the largest.

    `low` and `high` are (n,), the interval of each unit's value, ends included; equal ends mean a sure value. Best is
    1 + the units that lie wholly above, worst n − those wholly below: the place of any values within the intervals lies
    in the range, however ties are counted. Raises InputRefused when an end is no number or low > high.
    """
    if low.shape != high.shape or low.ndim != 1 or not bool(np.all(low <= high)):
        raise InputRefused(
            "順位の幅を出せません。値の幅の下の端が上の端より大きいか、数でないものがあります。",
            todo="値の分からない単位を除いてください",
        )
    best = 1 + low.size - np.searchsorted(np.sort(low), high, side="right")
    worst = low.size - np.searchsorted(np.sort(high), low, side="left")
    return tuple((int(first), int(last)) for first, last in zip(best, worst, strict=True))
