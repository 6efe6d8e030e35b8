"""A made-up survey of vacant dwellings, as many as the newest published number of the whole city.

Real is that number only (住宅・土地統計調査, itself a sample survey). Where the dwellings stand is made up: small areas get
them by their households times a rate of `_LEAST_RATE` to `_MOST_RATE` drawn from their key, and each stands at a drawn
place around the point of its small area, within the same district where that can be had. State, way and day of the
survey are drawn with fixed shares.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from kyodo_geo.city import City
from kyodo_geo.sample.draw import apportion, fraction, pick_weighted
from kyodo_geo.sample.places import Spot, km_per_degree, newest_lines
from kyodo_geo.sample.tables import table_bytes

COLUMNS = ("整理番号", "所在地", "小地域コード", "緯度", "経度", "判定", "調査方法", "調査年月日", "備考")
NOTE = "架空 体験用データ"
_LEAST_RATE, _MOST_RATE = 0.08, 0.4
_STATES = (("A", 0.45), ("B", 0.30), ("C", 0.17), ("D", 0.08))
_WAYS = (("現地調査", 0.6), ("水道", 0.3), ("推計", 0.1))
_SURVEY_MONTH, _SURVEY_DAYS = 6, 120
# Of the side of a square as large as the small area; what falls into another district is drawn in and in again
_SPREAD = 0.45
_DRAWN_IN = (1.0, 0.5, 0.25, 0.1, 0.03)

Point = tuple[float, float]


def survey(city: City, spots: Sequence[Spot], vacancy: Mapping[int, Mapping[str, int]]) -> tuple[int, bytes]:
    """Return the year and the table: a row a vacant dwelling, columns `COLUMNS`, degrees with six decimals.

    `vacancy` gives by year at least `vacant_dwellings`; the newest year is taken. Raises ValueError without any year.
    """
    year = max(year for year, counts in vacancy.items() if "vacant_dwellings" in counts)
    census = city.latest.year
    weights = [spot.homes.get(census, 0) * _rate(spot) for spot in spots]
    shares = apportion(weights, vacancy[year]["vacant_dwellings"])
    houses = [(spot, number) for spot, count in zip(spots, shares, strict=True) for number in range(count)]
    points = _points(city, houses, km_per_degree(spots))
    rows = [
        _row(city.facts.name, at, spot, point, year)
        for at, ((spot, _), point) in enumerate(zip(houses, points, strict=True), start=1)
    ]
    return year, table_bytes(COLUMNS, rows)


def _rate(spot: Spot) -> float:
    return _LEAST_RATE + (_MOST_RATE - _LEAST_RATE) * fraction("vacant", spot.key)


def _points(city: City, houses: Sequence[tuple[Spot, int]], scale: Point) -> list[Point]:
    """Return a point for each dwelling: inside its district, or the point of its small area where none is found."""
    on = newest_lines(city)
    district = city.lines(on)
    found: list[Point] = [(spot.lon, spot.lat) for spot, _ in houses]
    waiting = list(range(len(houses)))
    for nearer in _DRAWN_IN:
        tried = [_around(*houses[at], scale, nearer) for at in waiting]
        inside = city.districts_of(tried, on)
        still = []
        for at, point, code in zip(waiting, tried, inside, strict=True):
            if code == district[houses[at][0].district]:
                found[at] = point
            else:
                still.append(at)
        waiting = still
    return found


def _around(spot: Spot, number: int, scale: Point, nearer: float) -> Point:
    reach_km = math.sqrt(spot.km2) * _SPREAD * nearer
    east, north = (2 * fraction(way, spot.key, number) - 1 for way in ("east", "north"))
    return spot.lon + east * reach_km / scale[0], spot.lat + north * reach_km / scale[1]


def _row(city: str, at: int, spot: Spot, point: Point, year: int) -> list[object]:
    lon, lat = point
    day = date(year, _SURVEY_MONTH, 1) + timedelta(days=int(fraction("day", at) * _SURVEY_DAYS))
    return [
        f"架空-{at:05d}",
        f"{city}{spot.name}",
        spot.key,
        f"{lat:.6f}",
        f"{lon:.6f}",
        pick_weighted(_STATES, "state", at),
        pick_weighted(_WAYS, "way", at),
        day.isoformat(),
        NOTE,
    ]
