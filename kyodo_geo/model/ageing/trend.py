"""Where only totals are known: the ratio of the last 5 years carried on, held to the city's trend. 参考, never more."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.ageing.five_years import STEP_YEARS, years_on
from kyodo_geo.provenance import Unknown

Values = tuple[float | Unknown, ...]

LABEL = "参考"
_FROM_NOBODY = Unknown("前の年が0人", "前の年が 0 人なので変化率を出せません")


@dataclass(frozen=True)
class Trend:
    """People of each unit at each date, unrounded: `values[step][unit]`; the first date is the last count.

    `city` are the city's own at each date, constant ratio too. `label` must stand beside every number.
    """

    units: tuple[str, ...]
    days: tuple[date, ...]
    values: tuple[Values, ...]
    city: tuple[float, ...]
    label: str = LABEL


def carry_totals_on(  # noqa: PLR0913 - two counts with their days, how far, and the limit
    units: Sequence[str],
    before: Sequence[float | Unknown],
    base: Sequence[float | Unknown],
    *,
    days: tuple[date, date],
    to: int,
    longest_years: int,
    city: tuple[float, float] | None = None,
) -> Trend:
    """Return the trend of totals to the year `to`: each 5 years every unit changes by base ÷ before, then all are scaled.

    They are scaled to the city's trend: `city` (people of the city at both dates; None: the sums of the units known at both), its
    own ratio carried on, for the share of it that the units with a trend had at the last count. A unit of nobody at the
    last count stays at 0; one of nobody before, but people at the last count, or Unknown at either, is Unknown. Never
    negative. Raises InputRefused, all faults at once, for dates not 5 years apart, a year that is no step or more than
    `longest_years` after the last count, negative numbers, and a city of nobody.
    """
    whole = city if city is not None else _known_at_both(before, base)
    faults = [*_wrong_days(days, to, longest_years), *_wrong_people(units, before, base, whole)]
    if faults:
        raise InputRefused(f"{to} 年までの傾向を出せません。", faults=faults, todo="上の所を直してください")
    pairs = [_pair(*pair) for pair in zip(before, base, strict=True)]
    steps = range((to - days[1].year) // STEP_YEARS + 1)
    cities = tuple(whole[1] * (whole[1] / whole[0]) ** step for step in steps)
    share = sum(pair[1] for pair in pairs if not isinstance(pair, Unknown)) / whole[1]
    later = tuple(_held([_carried(pair, step) for pair in pairs], share * cities[step]) for step in steps[1:])
    dates = tuple(years_on(days[1], STEP_YEARS * step) for step in steps)
    return Trend(tuple(units), dates, (tuple(base), *later), cities)


def _pair(before: float | Unknown, base: float | Unknown) -> tuple[float, float] | Unknown:
    """Both counts of a unit that has a trend, or why it has none."""
    if isinstance(before, Unknown):
        return before
    if isinstance(base, Unknown):
        return base
    return (before, base) if before or not base else _FROM_NOBODY


def _known_at_both(before: Sequence[float | Unknown], base: Sequence[float | Unknown]) -> tuple[float, float]:
    """The sums over the units that are known at both dates: one that is known at one only would feign a change."""
    known = [
        (then, now)
        for then, now in zip(before, base, strict=True)
        if not isinstance(then, Unknown) and not isinstance(now, Unknown)
    ]
    return math.fsum(then for then, _ in known), math.fsum(now for _, now in known)


def _carried(pair: tuple[float, float] | Unknown, step: int) -> float | Unknown:
    if isinstance(pair, Unknown):
        return pair
    before, base = pair
    return base * (base / before) ** step if base else 0.0


def _held(values: Sequence[float | Unknown], target: float) -> Values:
    """Scale the known values to their target."""
    known = _sum(values)
    return tuple(
        value if isinstance(value, Unknown) else value * (target / known) if known else 0.0
        for value in values
    )


def _sum(values: Iterable[float | Unknown]) -> float:
    return math.fsum(value for value in values if not isinstance(value, Unknown))


def _wrong_days(days: tuple[date, date], to: int, longest_years: int) -> list[Fault]:
    first, last = days
    faults = []
    if last != years_on(first, STEP_YEARS):
        faults.append(Fault(f"ちょうど5年の間がありません({first} と {last})"))
    if (to - last.year) % STEP_YEARS or to <= last.year:
        faults.append(Fault(f"{to} 年は {last.year} 年から5年おきの年ではありません"))
    if to - last.year > longest_years:
        faults.append(
            Fault(f"年齢を見ない傾向は {longest_years} 年後({last.year + longest_years} 年)までです")
        )
    return faults


def _wrong_people(
    units: Sequence[str],
    before: Sequence[float | Unknown],
    base: Sequence[float | Unknown],
    whole: tuple[float, float],
) -> list[Fault]:
    faults = [
        Fault(f"{unit}: 人口は 0 以上の数です。「{people}」は使えません")
        for counts in (before, base)
        for unit, people in zip(units, counts, strict=True)
        if not isinstance(people, Unknown) and not (math.isfinite(people) and people >= 0)
    ]
    if not all(math.isfinite(people) and people > 0 for people in whole):
        faults.append(Fault("市全体の人口が 0 人です(どちらの年も 0 より大きくなければなりません)"))
    return faults
