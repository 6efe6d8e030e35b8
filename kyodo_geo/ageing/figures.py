"""What the map of ageing shows: the figures that are known of some district, and a projected ageing rate for each step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kyodo_geo.ageing.projection import ProjectionStudy, Step
from kyodo_geo.model.ageing.measures import measure_ages, weak_units
from kyodo_geo.model.ageing.values import AgeTable
from kyodo_geo.model.figures import Figures
from kyodo_geo.model.indicators import Indicator
from kyodo_geo.model.ranking import rank_ranges, wilson
from kyodo_geo.provenance import Unknown

THEME = "高齢化"
PROJECTED = "projected_ageing_rate"
# The same for every scenario and year, so that two maps can be laid side by side
_BINS = (0.0, 35.0, 40.0, 45.0, 50.0, 100.0)


def ageing_figures(figures: Sequence[Figures]) -> list[Figures]:
    """Return the figures of ageing in the years in which some district is known, those of one indicator together."""
    return [one for one in figures if one.indicator.theme == THEME and not _nowhere(one)]


def _nowhere(one: Figures) -> bool:
    return all(isinstance(value, Unknown) for value in one.districts.values())


def projected_figures(study: ProjectionStudy, *, weak_below: float) -> list[Figures]:
    """Return the projected ageing rate of each step after the last count, with the places of weak rates as ranges."""
    first = len(study.steps) - len(study.projection.days) + 1
    return [
        _figures(study, step, study.projection.table(at), weak_below)
        for at, step in enumerate(study.steps[first:], start=1)
    ]


def _figures(study: ProjectionStudy, step: Step, table: AgeTable, weak_below: float) -> Figures:
    base = study.tables[1].day
    weak = weak_units(table, weak_below)
    return Figures(
        indicator=_indicator(study),
        year=step.day.year,
        before=base.year,
        reference_date=step.day.isoformat(),
        districts={code: ages.rate for code, ages in step.districts.items()},
        areas={area: ages.rate for area, ages in step.areas.items()},
        city=step.city.rate,
        caution=f"{study.projection.label}。{base.isoformat()} の年齢の表からの推計で、起きることの予告ではありません",
        basis=study.basis,
        whole_basis=study.basis,
        sources=study.sources,
        weak=weak,
        rank_ranges=_places(table, weak) if weak else None,
    )


def _places(table: AgeTable, weak: frozenset[str]) -> dict[str, tuple[int, int]]:
    """Return the places (first, last) of each district, largest first: a weak rate can be anywhere in its interval."""
    found = measure_ages(table)
    ends: dict[str, tuple[float, float]] = {}
    for unit, part, whole, rate in zip(
        found.units, found.old, found.known_age, found.ageing_rate, strict=True
    ):
        if isinstance(part, Unknown) or isinstance(whole, Unknown) or isinstance(rate, Unknown):
            continue
        low, high = wilson(part, whole) if unit in weak else (rate / 100, rate / 100)
        ends[unit] = (low, high)
    pairs = np.array(list(ends.values()), dtype=np.float64).reshape(-1, 2)
    return dict(zip(ends, rank_ranges(pairs[:, 0], pairs[:, 1]), strict=True))


def _indicator(study: ProjectionStudy) -> Indicator:
    return Indicator(
        id=PROJECTED,
        label="将来の高齢化率",
        unit="%",
        kind="sequential",
        decimals=1,
        span="status",
        higher="65歳以上の人の割合が高くなる",
        definition=f"推計した65歳以上の人 ÷ 推計した人口 × 100。{study.projection.label}",
        caution="年齢の分からない人は入っていません",
        compute=lambda _counts, _year, _before: Unknown("計算済み"),
        inputs=(),
        bins=_BINS,
        theme=THEME,
        pressing="high",
    )
