"""Made-up choices that fall the same way on every run and machine: fractions from SHA-256, shares by largest remainder."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")
_BITS = 48  # as many as any float holds exactly


def fraction(*words: object) -> float:
    """Return a number in [0, 1) that depends on nothing but the words (not on `hash`, the machine or the order asked)."""
    text = "|".join(map(str, words))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[: _BITS // 8], "big") / (1 << _BITS)


def pick(options: Sequence[_T], *words: object) -> _T:
    """Return one of the options, each as likely as another, by the words."""
    return options[int(fraction(*words) * len(options))]


def pick_weighted(options: Sequence[tuple[_T, float]], *words: object) -> _T:
    """Return one of (option, share), as often as its share says (shares add up to 1; the last takes what is left)."""
    drawn = fraction(*words)
    for option, share in options[:-1]:
        if drawn < share:
            return option
        drawn -= share
    return options[-1][0]


def apportion(weights: Sequence[float], total: int) -> list[int]:
    """Share a whole number out by weights (largest remainder, the first of equal ones): whole numbers that add up to it.

    A weight of 0 gets nothing. Raises ValueError for a total above 0 without any weight. Sums are `math.fsum`, so the
    answer does not depend on how a machine adds.
    """
    whole = math.fsum(weights)
    if whole <= 0:
        if total:
            msg = f"{total} を配る重みがありません"
            raise ValueError(msg)
        return [0] * len(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [math.floor(one) for one in exact]
    order = sorted(
        (at for at, weight in enumerate(weights) if weight > 0), key=lambda at: shares[at] - exact[at]
    )
    for at in order[: total - sum(shares)]:
        shares[at] += 1
    return shares
