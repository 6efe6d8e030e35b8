"""Indicator: one entry of the registry, with everything that must be said about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kyodo_geo.model.indicators.counts import UnitCounts
from kyodo_geo.provenance import Unknown

Value = float | str | Unknown
THEMES = ("人口", "世帯", "高齢化", "空き家", "暮らし", "協働")


def percent(share: float) -> float:
    """Return a share from 0 to 1 in %."""
    return 100 * share


@dataclass(frozen=True)
class Indicator:
    """One indicator; `compute(counts, year, before)` gives its value, `before` being the previous year of its kind.

    `kind` is sequential, diverging or category; `span` is count (each census), change (from the second census
    on), latest (one value, of the newest boundaries), status (one value, of the day asked for), ages, homes or vacancy
    (the years of which there are such tables). `higher` says in words what a larger value means; `pressing` which end
    is the heavier load (high, low, or "" where neither is). `bins` are fixed class bounds where the scale itself has
    them (a share of 100).

    A rate of people or dwellings has `share(counts, year)`, its part and its whole, from which follows how closely it
    can be read; `from_share` makes the rate of a share.
    """

    id: str
    label: str
    unit: str
    kind: str
    decimals: int
    span: str
    higher: str
    definition: str
    caution: str
    compute: Callable[[UnitCounts, int, int], Value]
    inputs: tuple[str, ...]
    bins: tuple[float, ...] = ()
    theme: str = "人口"
    pressing: str = ""
    share: Callable[[UnitCounts, int], tuple[float, float] | None] | None = None
    from_share: Callable[[float], float] = percent

    def years(self, known: Mapping[str, Sequence[int]]) -> tuple[int, ...]:
        """Return the years for which there is a value, oldest first.

        `known` gives the years of the censuses ("census"), of the day asked for ("status"), and of tables of ages,
        homes and vacancy.
        """
        censuses = sorted(known.get("census", ()))
        spans = {"count": censuses, "change": censuses[1:], "latest": censuses[-1:]}
        return tuple(spans[self.span] if self.span in spans else sorted(known.get(self.span, ())))

    def title(self, year: int, before: int) -> str:
        """Return the label with its years: a change names both."""
        return f"{self.label} {before}→{year}" if self.span == "change" else self.label


def ratio(top: float, bottom: float, reason: str) -> float | Unknown:
    """Return top ÷ bottom, Unknown for that reason where bottom is 0."""
    return top / bottom if bottom else Unknown(reason)
