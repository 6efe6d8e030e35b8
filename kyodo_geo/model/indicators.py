"""The registry of indicators: id, Japanese label, unit, direction, years, definition and function.

Every function takes the counts of one unit (a district, an area or the city alike), so the same code gives
the three figures that are always shown together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kyodo_geo.errors import InputRefused
from kyodo_geo.provenance import Unknown

MANAGEMENT_LABELS = {"community": "指定管理", "direct": "直営", "unknown": "不明"}


@dataclass(frozen=True)
class UnitCounts:
    """What is counted in a unit: people and households by census year, km², and centres by management status."""

    population: Mapping[int, int]
    households: Mapping[int, int]
    km2: float
    management: Mapping[str, int]


Value = float | str | Unknown


@dataclass(frozen=True)
class Indicator:
    """One indicator; `compute(counts, year, before)` gives its value, `before` being the previous census year.

    `kind` is sequential, diverging or category; `span` is count (each census), change (from the second census
    on), latest (one value, of the newest boundaries) or status (one value, of the day asked for); `higher` says in
    words what a larger value means. `bins` are fixed class bounds where the scale itself has them (a share of 100).
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

    def years(self, censuses: Iterable[int], on: date) -> tuple[int, ...]:
        """Return the years for which there is a value, oldest first: census years, or the year of the day asked for."""
        ordered = sorted(censuses)
        return tuple(
            {"count": ordered, "change": ordered[1:], "latest": ordered[-1:], "status": [on.year]}[self.span]
        )

    def title(self, year: int, before: int) -> str:
        """Return the label with its years: a change names both."""
        return f"{self.label} {before}→{year}" if self.span == "change" else self.label


def sum_counts(units: Iterable[UnitCounts]) -> UnitCounts:
    """Add the counts of units: an area from its districts, the city from its areas."""
    rows = list(units)
    years = rows[0].population
    return UnitCounts(
        population={year: sum(row.population[year] for row in rows) for year in years},
        households={year: sum(row.households[year] for row in rows) for year in years},
        km2=sum(row.km2 for row in rows),
        management=sum((Counter(row.management) for row in rows), Counter[str]()),
    )


def describe_management(counts: Mapping[str, int]) -> str:
    """Write the statuses of several centres in words: 指定管理 8・不明 26."""
    return "・".join(f"{label} {counts[key]}" for key, label in MANAGEMENT_LABELS.items() if counts.get(key))


def indicator(indicator_id: str) -> Indicator:
    """Return an indicator by id; InputRefused names the ids there are."""
    for candidate in REGISTRY:
        if candidate.id == indicator_id:
            return candidate
    known = "、".join(candidate.id for candidate in REGISTRY)
    raise InputRefused(f"指標「{indicator_id}」はありません。", todo=f"次から選んでください: {known}")


def _ratio(top: float, bottom: float, reason: str) -> float | Unknown:
    return top / bottom if bottom else Unknown(reason)


def _change_percent(counts: Mapping[int, int], year: int, before: int) -> float | Unknown:
    if not counts[before]:
        return Unknown(f"{before}年が0のため計算できません")
    return 100 * (counts[year] - counts[before]) / counts[before]


def _management(counts: UnitCounts, _year: int, _before: int) -> str | Unknown:
    present = [key for key, number in counts.management.items() if number]
    if sum(counts.management.values()) > 1:
        return describe_management(counts.management)
    return Unknown("公表資料なし") if present == ["unknown"] else present[0]


REGISTRY: tuple[Indicator, ...] = (
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
        caution="空き家の増減ではありません",
        compute=lambda counts, year, before: _change_percent(counts.households, year, before),
        inputs=("households",),
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
        compute=lambda counts, year, _: _ratio(counts.population[year], counts.km2, "面積が0です"),
        inputs=("population", "km2"),
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
        compute=lambda counts, year, _: _ratio(
            counts.population[year], counts.households[year], "世帯がないため計算できません"
        ),
        inputs=("population", "households"),
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
    ),
)
