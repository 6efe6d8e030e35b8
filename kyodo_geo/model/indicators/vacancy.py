"""The indicators of vacant dwellings: how many a list holds, and their share of a named number of dwellings."""

from __future__ import annotations

from kyodo_geo.model.indicators.counts import NOT_PUBLISHED, UnitCounts
from kyodo_geo.model.indicators.values import Indicator, Value
from kyodo_geo.provenance import Unknown

_CAUTION = "標本調査(住宅・土地統計調査)の空き家数とは、数え方が違います"


def _vacant(counts: UnitCounts, year: int, _before: int) -> Value:
    homes = counts.vacancy.get(year)
    return NOT_PUBLISHED if homes is None else homes.part


def _share(counts: UnitCounts, year: int) -> tuple[float, float] | None:
    homes = counts.vacancy.get(year)
    if homes is None or isinstance(homes.part, Unknown) or isinstance(homes.whole, Unknown):
        return None
    return homes.part, homes.whole


def _rate(counts: UnitCounts, year: int, _before: int) -> Value:
    homes = counts.vacancy.get(year)
    for one in (homes.part, homes.whole) if homes else (NOT_PUBLISHED,):
        if isinstance(one, Unknown):
            return one
    share = _share(counts, year)
    return 100 * share[0] / share[1] if share and share[1] else Unknown("住宅がないため計算できません")


VACANCY: tuple[Indicator, ...] = (
    Indicator(
        id="vacancy_rate",
        label="空き家率",
        unit="%",
        kind="sequential",
        decimals=1,
        span="vacancy",
        higher="空き家の割合が高い",
        definition="空き家の数 ÷ 住宅の数 × 100。住宅の数が何かは、注意に示します",
        caution=_CAUTION,
        compute=_rate,
        inputs=("vacancy",),
        theme="空き家",
        pressing="high",
        share=_share,
    ),
    Indicator(
        id="vacant_dwellings",
        label="空き家の数",
        unit="戸",
        kind="sequential",
        decimals=0,
        span="vacancy",
        higher="空き家が多い",
        definition="開いた表にある空き家の数",
        caution=_CAUTION,
        compute=_vacant,
        inputs=("vacancy",),
        theme="空き家",
        pressing="high",
    ),
)
