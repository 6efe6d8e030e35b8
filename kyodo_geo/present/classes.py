"""Classes of a choropleth: breaks fixed over all years, and colours that survive colour blindness and a copier."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kyodo_geo.model.figures import Figures
from kyodo_geo.model.indicators import MANAGEMENT_LABELS

# Sequential, light to dark, after the YlGnBu idea; the lightest still stands out from a white page.
SEQUENTIAL = ("#D3EBC3", "#8FD0BB", "#41A8C0", "#2670A8", "#1D2F6F")
# Diverging purple (fall) to orange (rise) around a neutral grey; told apart by protan, deutan and tritan eyes.
FALL = ("#D6CEE8", "#B3A4D3", "#8C75B6", "#654A99", "#3A1A69")
NEUTRAL = "#E4E7EA"
RISE = ("#FBD5A5", "#F2A85C", "#D87C22", "#A5550D", "#6B3304")
# Two indicators at once, three thirds of each: blue grows with the first (across), orange with the second (down the
# rows), together almost black. Blue and orange stay apart for protan, deutan and tritan eyes; the test measures it.
BIVARIATE = (
    "#E4E7EA", "#A9C8E4", "#4F94CD",
    "#F0C48A", "#A8A596", "#5A7A95",
    "#D9821E", "#8F6A3C", "#2B2F3A",
)  # fmt: skip
_CATEGORY = {
    "community": ("#0072B2", "fill"),
    "direct": ("#FFFFFF", "hollow"),
    "unknown": ("#9AA5B1", "hatch"),
}


@dataclass(frozen=True)
class Interval:
    """A class from `low` up to but not including `high`; the last class of a scale includes its end."""

    low: float
    high: float
    color: str


@dataclass(frozen=True)
class Category:
    """A named class with its colour and its pattern (fill, hollow, hatch) for black-and-white copies."""

    key: str
    label: str
    color: str
    pattern: str


def categories(labels: Iterable[tuple[str, str]]) -> tuple[Category, ...]:
    """Return the classes of a category indicator from (key, label) pairs in legend order."""
    return tuple(Category(key, label, *_CATEGORY[key]) for key, label in labels)


def classes_of(years: Sequence[Figures]) -> Sequence[Interval | Category]:
    """Return the classes of one indicator, the same for all its `years`; those of a category leave out 不明."""
    item = years[0].indicator
    if item.kind == "category":
        return categories((key, label) for key, label in MANAGEMENT_LABELS.items() if key != "unknown")
    if item.bins:
        return fixed_classes(item.bins)
    numbers = numbers_of(years)
    return diverging_classes(numbers) if item.kind == "diverging" else sequential_classes(numbers)


def class_of(classes: Sequence[Interval | Category], value: float | str) -> Interval | Category | None:
    """Return the class a value falls in: each from its low end up to but not including the next, the last with its end."""
    for one in classes:
        if isinstance(one, Category):
            if one.key == value:
                return one
        elif isinstance(value, str):
            return None
        elif one.low <= value < one.high or (one is classes[-1] and value == one.high):
            return one
    return None


def numbers_of(years: Iterable[Figures]) -> list[float]:
    """Return the known numbers of the districts of all years, in the indicator's unit."""
    return [
        float(value) for one in years for value in one.districts.values() if isinstance(value, int | float)
    ]


def third_breaks(values: Sequence[float], *, decimals: int) -> tuple[float, float] | None:
    """Return the two values that part `values` into thirds, each from its break up to the next; none of them is empty.

    A break is a value that occurs, rounded down to `decimals`, with the share below it nearest to a third and two thirds
    (the lower one where two are as near). None where fewer than three values differ when so rounded.
    """
    ordered = sorted(values)
    count = len(ordered)
    edges = sorted({_floor(value, decimals) for value in ordered})[1:]
    if len(edges) < 2:
        return None
    below = {edge: bisect_left(ordered, edge) for edge in edges}
    first = min(edges[:-1], key=lambda edge: abs(below[edge] - count / 3))
    second = min(edges[edges.index(first) + 1 :], key=lambda edge: abs(below[edge] - 2 * count / 3))
    return first, second


def _floor(value: float, decimals: int) -> float:
    near = round(value, decimals)
    return near if near <= value else round(near - 10.0**-decimals, decimals)


def sequential_classes(values: Sequence[float]) -> tuple[Interval, ...]:
    """Return up to five classes of about equal membership with round breaks; `values` are those of all years.

    Few or equal values give fewer classes, a single value one class around it; no values give none.
    """
    if not values:
        return ()
    ordered = sorted(values)
    inner = sorted({_round_break(_quantile(ordered, k / 5)) for k in range(1, 5)})
    inner = [edge for edge in inner if ordered[0] < edge <= ordered[-1]]
    edges = [_down(ordered[0]), *inner, _up(ordered[-1])]
    edges = sorted(dict.fromkeys(edges)) if len(set(edges)) > 1 else [edges[0], edges[0] + 1]
    colors = _spread(SEQUENTIAL, len(edges) - 1)
    return tuple(
        Interval(low, high, color) for low, high, color in zip(edges, edges[1:], colors, strict=False)
    )


def fixed_classes(bounds: Sequence[float]) -> tuple[Interval, ...]:
    """Return the classes between given ascending bounds, for a scale that has its own ends (a share of 100)."""
    colors = _spread(SEQUENTIAL, len(bounds) - 1)
    return tuple(
        Interval(low, high, color) for low, high, color in zip(bounds, bounds[1:], colors, strict=False)
    )


def diverging_classes(values: Sequence[float]) -> tuple[Interval, ...]:
    """Return classes about a neutral middle band, falls below and rises above, as far as the values of all years reach."""
    if not values:
        return ()
    step = _nice(max(abs(value) for value in values) / len(FALL))
    band = step / 5
    falls = _edges(-min(values), step, band)
    rises = _edges(max(values), step, band)
    lower = [Interval(-far, -near, color) for near, far, color in zip(falls, falls[1:], FALL, strict=False)]
    upper = [Interval(near, far, color) for near, far, color in zip(rises, rises[1:], RISE, strict=False)]
    return (*reversed(lower), Interval(-band, band, NEUTRAL), *upper)


def _edges(reach: float, step: float, band: float) -> list[float]:
    """Band, step, 2 steps … until `reach` is inside; only the band when nothing reaches beyond it."""
    if reach <= band:
        return [band]
    count = min(len(FALL), max(1, math.ceil(round(reach / step, 9))))
    return [band, *(round(step * k, 9) for k in range(1, count + 1))]


def _nice(value: float) -> float:
    """Return 1, 2, 2.5, 3, 4 or 5 times a power of ten, not below the value."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * factor for factor in (1, 2, 2.5, 3, 4, 5, 10) if value <= power * factor * (1 + 1e-9))


def _quantile(ordered: Sequence[float], share: float) -> float:
    position = share * (len(ordered) - 1)
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)


def _scale(value: float) -> float:
    return 10.0 ** (math.floor(math.log10(abs(value))) - 1) if value else 1.0


def _round_break(value: float) -> float:
    """Round to two significant digits."""
    return round(round(value / _scale(value)) * _scale(value), 9)


def _down(value: float) -> float:
    return round(math.floor(value / _scale(value)) * _scale(value), 9)


def _up(value: float) -> float:
    return round(math.ceil(value / _scale(value)) * _scale(value), 9)


def _spread(colors: Sequence[str], count: int) -> tuple[str, ...]:
    """Choose `count` colours evenly from light to dark."""
    if count >= len(colors):
        return tuple(colors)
    return tuple(colors[round(k * (len(colors) - 1) / max(count - 1, 1))] for k in range(count))
