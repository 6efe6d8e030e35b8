"""The indicators of decline and of what is left: small areas near disappearing, closed schools, wards with figures."""

from __future__ import annotations

from kyodo_geo.model.indicators.counts import NOT_PUBLISHED
from kyodo_geo.model.indicators.values import Indicator

FEW_PEOPLE = 20

DECLINE: tuple[Indicator, ...] = (
    Indicator(
        id="vanishing_areas",
        label="消えかけている小地域",
        unit="区画",
        kind="sequential",
        decimals=0,
        span="change",
        higher="人のごく少ない小地域が多い",
        definition=f"{FEW_PEOPLE}人未満で、前の国勢調査より人口の減った小地域の数(人のいなくなった小地域を含む)",
        caution="前の国勢調査の値がない小地域は、減ったかどうか分からないため数えていません",
        compute=lambda counts, year, _: counts.vanishing.get(year, NOT_PUBLISHED),
        inputs=("population",),
        theme="暮らし",
        pressing="high",
    ),
    Indicator(
        id="closed_schools",
        label="閉校した学校",
        unit="校",
        kind="sequential",
        decimals=0,
        span="status",
        higher="閉校が多い",
        definition="資料の始まる年から後に閉校した小学校・中学校・幼稚園のうち、名称の地名で地区に結べたものの数",
        caution="位置の資料はなく、名称だけで結んでいます。名称で地区の決まらない学校のある地域では、その地域のどの地区も不明です",
        compute=lambda counts, _year, _before: counts.closed_schools,
        inputs=("closed_schools",),
        theme="暮らし",
        pressing="high",
    ),
    Indicator(
        id="published_wards",
        label="数字の公表された行政区",
        unit="か所",
        kind="sequential",
        decimals=0,
        span="status",
        higher="数字の分かる行政区・自治会が多い",
        definition="人口・世帯数・高齢化率のどれかが記事で公表されている行政区・自治会の数",
        caution="資料のある数で、行政区の数ではありません",
        compute=lambda counts, _year, _before: counts.wards,
        inputs=("wards",),
        theme="協働",
    ),
)
