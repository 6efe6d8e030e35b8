"""Projections by age: 34 units × 18 bands × 2 sexes to 2050, by every scenario."""

from __future__ import annotations

from datetime import date

import numpy as np
from lines import Line, median_ms

from kyodo_geo.model.ageing.five_years import Counted
from kyodo_geo.model.ageing.projection import project_observed
from kyodo_geo.model.ageing.scenarios import project_families, project_no_migration
from kyodo_geo.model.ageing.values import AgeTable, Band
from kyodo_geo.rules.ageing import ageing_settings

_BAR_MS = 20
_UNITS, _BANDS, _TO = 34, 18, 2050


def projection_lines() -> list[Line]:
    """Return the time of each scenario from two counts made up here."""
    settings = ageing_settings().at(date(2026, 1, 1))
    before, base = _counts()
    words = {"to": _TO, "limits": settings.projection}
    families = {base.table.units[0]: 2.0}
    acts = {
        "as observed": lambda: project_observed(before, base, **words),
        "no migration": lambda: project_no_migration(before, base, **words, stationary=settings.stationary),
        "families": lambda: project_families(
            before, base, **words, families=families, makeup=settings.family
        ),
    }
    return [
        Line(
            f"projection of {_UNITS} × {_BANDS} × 2, {name}", median_ms(act, times=21), "ms", _BAR_MS,
            f"{before.day.year} and {base.day.year} to {_TO}, median of 21",
        )
        for name, act in acts.items()
    ]  # fmt: skip


def _counts() -> tuple[Counted, Counted]:
    """Return two made-up counts 5 years apart."""
    top = 5 * (_BANDS - 1)
    bands = (*(Band(age, age + 4) for age in range(0, top, 5)), Band(top, None))
    units = tuple(f"{code:05d}" for code in range(_UNITS))
    people = np.random.default_rng(5).integers(10, 200, size=(2, 2, _UNITS, _BANDS)).astype(np.float64)
    return tuple(
        Counted(
            AgeTable(units, bands, one.sum(axis=0), np.zeros(_UNITS), one[0], one[1]), date(year, 10, 1), "国勢調査"
        )
        for year, one in zip((2015, 2020), people, strict=True)
    )  # fmt: skip
