"""Made-up activity of the community bodies (地域協働体): a few rows a district and fiscal year. Nothing in it is real.

The five roles are those that 地域協働推進計画 hopes for of a community body. Which activities a district has, how often, with
how many people, hours and yen is drawn from its code and the year; nobody has published any of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kyodo_geo.city import City
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.sample.draw import fraction, pick
from kyodo_geo.sample.places import Spot
from kyodo_geo.sample.tables import table_bytes

COLUMNS = ("地区コード", "地区", "年度", "役割", "活動名", "回数", "参加人数", "時間", "金額_円", "備考")
NOTE = "架空"
YEARS = 3
_ROLES = {
    "①行政機能や基礎的コミュニティ機能の支援・補完": ("集会施設の管理", "自治会の連携会議", "防災訓練"),
    "②多様な住民参画を通じたコミュニティ機能の再生・創出": ("高齢者サロン", "買物の手伝い", "子育てサロン"),
    "③民主的な地域意見の調整や集約": ("住民アンケート", "意見交換会", "地域づくり計画の見直し"),
    "④コミュニティ活動を通じた地域の人材育成、確保": ("研修会", "視察", "講演会"),
    "⑤新たなまちづくりや活性化の実現": ("産直市", "空き家の見守り", "伝統行事の継承"),
}
_LEFT_OUT = 0.35  # of the roles, so that districts differ in what they do
_MOST_TIMES, _MOST_HOURS, _YEN_STEP, _MOST_STEPS = 12, 4, 5_000, 60
_MOST_SHARE, _MOST_PEOPLE = 0.06, 90  # of a district's people, and people, that come at once


def activities(city: City, spots: Sequence[Spot], before: FiscalYear) -> bytes:
    """Return the table of the three fiscal years before `before`, columns `COLUMNS`; districts in the city's order."""
    return table_bytes(COLUMNS, _rows(city, spots, before))


def _rows(city: City, spots: Sequence[Spot], before: FiscalYear) -> Iterator[list[object]]:
    people = Counter[str]()
    for spot in spots:
        people[spot.district] += spot.people.get(city.latest.year, 0)
    for code, district in city.names["district"].items():
        for year in range(before.year - YEARS, before.year):
            for role, names in _ROLES.items():
                words = (code, year, role)
                if fraction("left out", *words) >= _LEFT_OUT:
                    yield [
                        code,
                        district,
                        FiscalYear(year).label.partition("(")[0],
                        role,
                        *_numbers(names, people[str(code)], words),
                        NOTE,
                    ]


def _numbers(names: tuple[str, ...], live: int, words: tuple[object, ...]) -> list[object]:
    times = 1 + int(fraction("times", *words) * _MOST_TIMES)
    came = int(min(live * _MOST_SHARE, _MOST_PEOPLE) * fraction("came", *words)) * times
    hours = times * (1 + int(fraction("hours", *words) * _MOST_HOURS))
    yen = _YEN_STEP * int(fraction("yen", *words) * _MOST_STEPS)
    return [pick(names, "name", *words), times, came, hours, yen]
