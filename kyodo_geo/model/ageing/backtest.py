"""How far a projection would have missed: the last count projected from the two before it, beside what was counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.ageing.five_years import Counted, common_tables, require_five_years_apart, to_five_years
from kyodo_geo.model.ageing.projection import project_observed
from kyodo_geo.model.ageing.values import AgeTable, Floats
from kyodo_geo.provenance import Unknown
from kyodo_geo.rules.ageing import ProjectionLimits

_OLD = 65
_NOBODY = Unknown("実際が0人", "実際が 0 人なので割合を出せません")


@dataclass(frozen=True)
class Miss:
    """What was projected and what was counted, in people; `people` and `percent` are positive where too many were projected."""

    projected: float
    counted: float

    @property
    def people(self) -> float:
        """Projected − counted, people."""
        return self.projected - self.counted

    @property
    def percent(self) -> float | Unknown:
        """The miss in % of those counted; Unknown where nobody was."""
        return 100 * self.people / self.counted if self.counted else _NOBODY


@dataclass(frozen=True)
class BackTest:
    """Misses of each unit and of the city at the date of the last count, for all people and for those of 65 and over.

    People of unknown age are in no number. Units where nobody (of that age) was counted have no percentage and are not
    in the means.
    """

    units: tuple[str, ...]
    day: date
    total: tuple[Miss, ...]
    old: tuple[Miss, ...]
    city_total: Miss
    city_old: Miss

    @property
    def mean_percent_total(self) -> float | Unknown:
        """Mean absolute percentage error over the units, all people."""
        return mean_percent(self.total)

    @property
    def mean_percent_old(self) -> float | Unknown:
        """Mean absolute percentage error over the units, 65 and over."""
        return mean_percent(self.old)


def backtest(first: Counted, second: Counted, third: Counted, *, limits: ProjectionLimits) -> BackTest:
    """Project the third count from the first two and return the misses.

    Raises InputRefused unless all three are of the same units and kind, 5 years apart each, and can be projected.
    """
    require_five_years_apart(second, third)
    first, second, third = common_tables(first, second, third)
    projection = project_observed(first, second, to=third.day.year, limits=limits)
    projected = projection.table(-1)
    counted = to_five_years(third.table, top=projected.top)
    total, old = (_misses(projected, counted, low) for low in (0, _OLD))
    return BackTest(projected.units, third.day, total, old, _whole(total), _whole(old))


def backtest_totals(first: float, second: float, third: float) -> Miss:
    """Return the miss of the trend of totals: second × (second ÷ first) beside the third, 5 years apart each.

    Raises InputRefused unless all are 0 or more and the first is above 0.
    """
    if not (first > 0 and second >= 0 and third >= 0):
        raise InputRefused(
            f"総人口の傾向を確かめられません({first:g}、{second:g}、{third:g})。",
            todo="5年おきの3つの総人口(最初は 0 より大きい数)を入れてください",
        )
    return Miss(second * second / first, third)


def mean_percent(misses: tuple[Miss, ...]) -> float | Unknown:
    """Return the mean absolute percentage error, %; units where nobody was counted are left out, Unknown if all are."""
    known = [abs(one.percent) for one in misses if not isinstance(one.percent, Unknown)]
    return sum(known) / len(known) if known else _NOBODY


def _misses(projected: AgeTable, counted: AgeTable, low: int) -> tuple[Miss, ...]:
    pairs = zip(_people(projected, low), _people(counted, low), strict=True)
    return tuple(Miss(float(ours), float(theirs)) for ours, theirs in pairs)


def _people(table: AgeTable, low: int) -> Floats:
    """The people of an age and over; 5-year bands tile every age that is asked for here."""
    people: Floats = table.both[:, [band.low >= low for band in table.bands]].sum(axis=1)
    return people


def _whole(misses: tuple[Miss, ...]) -> Miss:
    sums = np.array([(one.projected, one.counted) for one in misses], dtype=np.float64).sum(axis=0)
    return Miss(float(sums[0]), float(sums[1]))
