"""A multiplication and division whose product would pass 15 digits, done in two steps as on paper."""

from __future__ import annotations

from collections.abc import Sequence

from kyodo_geo.present.workbook.book import Book
from kyodo_geo.present.workbook.number import Amounts, Num, Ratio, literal

_STEP = literal(10_000)


def divided_in_two_steps(book: Book, label: str, weights: Sequence[Num], factor: Ratio) -> Amounts:
    """Return weight × factor: first the factor's digits above the last four, then what is left with the last four.

    NotLiveError when even that is too large.
    """
    opened = book.integers.open(f"{label}(上の桁の分子)")
    den = opened.den(factor.den)
    upper = opened.factor(factor.num.floor_div(_STEP))
    tops = opened.fill(weight * upper for weight in weights)
    high = book.integers.open(f"{label}(上の桁の商)").fill(top.floor_div(den) for top in tops.nums)
    opened = book.integers.open(f"{label}(下の桁の分子)")
    lower = opened.factor(factor.num - upper * _STEP)
    lows = opened.fill(
        (top - quotient * den) * _STEP + weight * lower
        for top, quotient, weight in zip(tops.nums, high.nums, weights, strict=True)
    )
    low = book.integers.open(f"{label}(下の桁の商)").fill(one.floor_div(den) for one in lows.nums)
    whole = book.integers.open(f"{label}(円)").fill(
        one * _STEP + two for one, two in zip(high.nums, low.nums, strict=True)
    )
    rest = book.integers.open(f"{label}(余り)")
    below = rest.den(factor.den)
    rests = rest.fill(one - quotient * below for one, quotient in zip(lows.nums, low.nums, strict=True))
    return Amounts(whole, rests, below)
