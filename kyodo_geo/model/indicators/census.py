"""The indicators of censuses and boundaries: people, households, density, area, and who manages the centre."""

from __future__ import annotations

from collections.abc import Mapping

from kyodo_geo.model.indicators.counts import UnitCounts, describe_management
from kyodo_geo.model.indicators.values import Indicator, ratio
from kyodo_geo.provenance import Unknown


def _change_percent(counts: Mapping[int, int], year: int, before: int) -> float | Unknown:
    if not counts[before]:
        return Unknown(f"{before}年が0のため計算できません")
    return 100 * (counts[year] - counts[before]) / counts[before]


def _management(counts: UnitCounts, _year: int, _before: int) -> str | Unknown:
    present = [key for key, number in counts.management.items() if number]
    if sum(counts.management.values()) > 1:
        return describe_management(counts.management)
    return Unknown("公表資料なし") if present == ["unknown"] else present[0]


CENSUS: tuple[Indicator, ...] = (
    Indicator(
        id="population_change",
        label="人口増減率",
        unit="%",
        kind="diverging",
        decimals=1,
        span="change",
        higher="人口が増えた",
        definition="(新しい国勢調査の人口 − 前の国勢調査の人口)÷ 前の国勢調査の人口 × 100",
        caution="",
        compute=lambda counts, year, before: _change_percent(counts.population, year, before),
        inputs=("population",),
        theme="人口",
        pressing="low",
    ),
    Indicator(
        id="household_change",
        label="世帯増減率",
        unit="%",
        kind="diverging",
        decimals=1,
        span="change",
        higher="世帯が増えた",
        definition="(新しい国勢調査の世帯数 − 前の国勢調査の世帯数)÷ 前の国勢調査の世帯数 × 100",
        caution="空き家の増減ではありません(人の住む世帯の増減です)",
        compute=lambda counts, year, before: _change_percent(counts.households, year, before),
        inputs=("households",),
        theme="世帯",
        pressing="low",
    ),
    Indicator(
        id="population",
        label="人口",
        unit="人",
        kind="sequential",
        decimals=0,
        span="count",
        higher="人が多い",
        definition="国勢調査の人口(10月1日に常住する人、外国人を含む)",
        caution="",
        compute=lambda counts, year, _: counts.population[year],
        inputs=("population",),
        theme="人口",
    ),
    Indicator(
        id="households",
        label="世帯数",
        unit="世帯",
        kind="sequential",
        decimals=0,
        span="count",
        higher="世帯が多い",
        definition="国勢調査の世帯数(一般世帯と施設等の世帯)",
        caution="",
        compute=lambda counts, year, _: counts.households[year],
        inputs=("households",),
        theme="世帯",
    ),
    Indicator(
        id="density",
        label="人口密度",
        unit="人/km²",
        kind="sequential",
        decimals=1,
        span="count",
        higher="密に住んでいる",
        definition="人口 ÷ 面積(山林も含む)",
        caution="山林の広い地区では、実際に人の住む場所の密度より小さくなります",
        compute=lambda counts, year, _: ratio(counts.population[year], counts.km2, "面積が0です"),
        inputs=("population", "km2"),
        theme="人口",
    ),
    Indicator(
        id="household_size",
        label="1世帯当たり人員",
        unit="人",
        kind="sequential",
        decimals=2,
        span="count",
        higher="1世帯の人数が多い",
        definition="人口 ÷ 世帯数",
        caution="病院・施設に住む人を含むため、施設のある地区では大きく出ます",
        compute=lambda counts, year, _: ratio(
            counts.population[year], counts.households[year], "世帯がないため計算できません"
        ),
        inputs=("population", "households"),
        theme="世帯",
    ),
    Indicator(
        id="km2",
        label="面積",
        unit="km²",
        kind="sequential",
        decimals=2,
        span="latest",
        higher="広い",
        definition="国勢調査の境界データから楕円体(GRS80)の上で計測",
        caution="地区の線が推計のため、面積も推計です",
        compute=lambda counts, _year, _before: counts.km2,
        inputs=("km2",),
        theme="暮らし",
    ),
    Indicator(
        id="management",
        label="センターの管理",
        unit="",
        kind="category",
        decimals=0,
        span="status",
        higher="",
        definition="市民センターを市が直接管理する(直営)か、地域が管理する(指定管理)か",
        caution="公表資料の見つからないセンターは「不明」です。直営とはみなしません",
        compute=_management,
        inputs=("management",),
        theme="協働",
    ),
)
