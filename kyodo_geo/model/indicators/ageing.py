"""The indicators of ages: people by group, rates, dependency, households with somebody of 65 or over."""

from __future__ import annotations

from collections.abc import Callable

from kyodo_geo.model.indicators.counts import NOT_PUBLISHED, Amount, UnitCounts
from kyodo_geo.model.indicators.values import Indicator, Value
from kyodo_geo.provenance import Unknown

_AGES = "年齢の分からない人は、率の分母に入れていません"


def _people(group: str) -> Callable[[UnitCounts, int, int], Value]:
    return lambda counts, year, _: _amount(counts, year, group)


def _amount(counts: UnitCounts, year: int, group: str) -> Amount:
    return counts.ages.get(year, {}).get(group, NOT_PUBLISHED)


def _share(part: str, *wholes: str) -> Callable[[UnitCounts, int], tuple[float, float] | None]:
    """Return what gives a part and its whole (the sum of the groups named), None where one of them is not known."""

    def share(counts: UnitCounts, year: int) -> tuple[float, float] | None:
        amounts = [_amount(counts, year, group) for group in (part, *wholes)]
        known = [one for one in amounts if not isinstance(one, Unknown)]
        return (known[0], sum(known[1:])) if len(known) == len(amounts) else None

    return share


def _rate(part: str, whole: str) -> Callable[[UnitCounts, int, int], Value]:
    def rate(counts: UnitCounts, year: int, _before: int) -> Value:
        top, bottom = _amount(counts, year, part), _amount(counts, year, whole)
        for one in (top, bottom):
            if isinstance(one, Unknown):
                return one
        if isinstance(top, Unknown) or isinstance(bottom, Unknown):
            return NOT_PUBLISHED
        return 100 * top / bottom if bottom else Unknown("人がいないため計算できません")

    return rate


def _count(group: str, label: str, *, pressing: str = "") -> Indicator:
    return Indicator(
        id=f"age_{group}",
        label=label,
        unit="人",
        kind="sequential",
        decimals=0,
        span="ages",
        higher="人が多い",
        definition=f"{label}(年齢の表の日の人数)",
        caution="",
        compute=_people(group),
        inputs=("ages",),
        theme="高齢化",
        pressing=pressing,
    )


def _of_people(name: str, label: str, group: str, words: str, *, pressing: str) -> Indicator:
    return Indicator(
        id=name,
        label=label,
        unit="%",
        kind="sequential",
        decimals=1,
        span="ages",
        higher=f"{words}の割合が高い",
        definition=f"{words} ÷ 年齢の分かる人 × 100",
        caution=_AGES,
        compute=_rate(group, "known"),
        inputs=("ages",),
        theme="高齢化",
        pressing=pressing,
        share=_share(group, "known"),
    )


def _homes(counts: UnitCounts, year: int) -> tuple[float, float] | None:
    homes = counts.elderly_homes.get(year)
    if homes is None or isinstance(homes.part, Unknown) or isinstance(homes.whole, Unknown):
        return None
    return homes.part, homes.whole


def _home_rate(counts: UnitCounts, year: int, _before: int) -> Value:
    homes = _homes(counts, year)
    if homes is None:
        return NOT_PUBLISHED
    return 100 * homes[0] / homes[1] if homes[1] else Unknown("世帯がないため計算できません")


AGEING: tuple[Indicator, ...] = (
    _of_people("ageing_rate", "高齢化率", "over_65", "65歳以上の人", pressing="high"),
    _of_people("late_ageing_rate", "75歳以上の割合", "over_75", "75歳以上の人", pressing="high"),
    _of_people("child_rate", "年少人口の割合", "under_15", "15歳未満の人", pressing="low"),
    Indicator(
        id="old_dependency",
        label="老年人口指数",
        unit="",
        kind="sequential",
        decimals=1,
        span="ages",
        higher="支える世代に比べて高齢者が多い",
        definition="65歳以上の人 ÷ 15～64歳の人 × 100",
        caution=_AGES,
        compute=_rate("over_65", "working"),
        inputs=("ages",),
        theme="高齢化",
        pressing="high",
        share=_share("over_65", "over_65", "working"),
        from_share=lambda share: 100 * share / (1 - share) if share < 1 else float("inf"),
    ),
    _count("under_15", "15歳未満の人"),
    _count("working", "15～64歳の人"),
    _count("over_65", "65歳以上の人", pressing="high"),
    _count("over_75", "75歳以上の人", pressing="high"),
    _count("over_85", "85歳以上の人", pressing="high"),
    Indicator(
        id="elderly_households",
        label="65歳以上のいる世帯の割合",
        unit="%",
        kind="sequential",
        decimals=1,
        span="homes",
        higher="65歳以上のいる世帯の割合が高い",
        definition="65歳以上世帯員のいる一般世帯 ÷ 一般世帯 × 100(国勢調査)",
        caution="ひとり暮らしの高齢者の数ではありません(小地域の表にはありません)",
        compute=_home_rate,
        inputs=("elderly_homes",),
        theme="高齢化",
        pressing="high",
        share=_homes,
    ),
)
