"""Made-up bus lines of a city: from the middle of each area to the centres of its districts, and between the areas.

A district with people has one terminal: its centre where the point of that is published, else the point of its largest
small area. The middle of an area (旧市町村) is the terminal of its largest district. A line runs straight from one terminal
to another and is cut into pieces of `_PIECE_KM` (at most `_MOST_BETWEEN` + 1); about the end of each it stops in the small
area with people whose point lies nearest to it, within `_BESIDE_KM`. Nothing of it is taken from a real timetable.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kyodo_geo.city import City
from kyodo_geo.sample.places import Spot, km_per_degree

_BESIDE_KM, _PIECE_KM, _MOST_BETWEEN = 1.0, 0.8, 20
_DETOUR, _KM_PER_HOUR = 1.3, 24


@dataclass(frozen=True)
class Halt:
    """A stop of the made-up buses by its point in degrees; `key` is that of its small area or district terminal."""

    key: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Line:
    """A bus line from the middle of an area outwards: its halts, minutes from the first to each, and whether it is a trunk."""

    name: str
    halts: tuple[Halt, ...]
    minutes: tuple[int, ...]
    trunk: bool


def lines_of(city: City, spots: Sequence[Spot]) -> tuple[Line, ...]:
    """Return the lines, district by district in the order of the city's table; districts without people have none."""
    year = city.latest.year
    lived = [spot for spot in spots if spot.people.get(year, 0) > 0]
    people: dict[str, int] = {}
    for spot in lived:
        people[spot.district] = people.get(spot.district, 0) + spot.people[year]
    names = {str(code): str(name) for code, name in city.names["district"].items()}
    codes = [code for code in names if code in people]
    ends = {code: _terminal(city, code, lived) for code in codes}
    middles: dict[str, str] = {}
    for code in sorted(codes, key=lambda code: (-people[code], code)):
        middles.setdefault(city.area_of(code), code)
    main = next(iter(middles.values()), "")
    scale = km_per_degree(spots)
    found = []
    for code in codes:
        trunk = code in middles.values()
        start = main if trunk else middles[city.area_of(code)]
        if start != code:
            halts = _on_the_way(ends[start], ends[code], lived, scale)
            name = f"{names[code]}線"
            found.append(Line(name, halts, _minutes(halts, scale), trunk))
    return tuple(found)


def _terminal(city: City, code: str, lived: Sequence[Spot]) -> Halt:
    year = city.latest.year
    for place in city.places:
        if (
            place.kind == "centre"
            and place.district_code == code
            and place.lon is not None
            and place.lat is not None
        ):
            return Halt(f"C{code}", f"{place.name.removeprefix(city.facts.name)}前", place.lon, place.lat)
    largest = max(
        (spot for spot in lived if spot.district == code), key=lambda spot: (spot.people[year], spot.key)
    )
    return _halt(largest)


def _halt(spot: Spot) -> Halt:
    return Halt(f"S{spot.key}", spot.name, spot.lon, spot.lat)


def _on_the_way(
    start: Halt, end: Halt, lived: Sequence[Spot], scale: tuple[float, float]
) -> tuple[Halt, ...]:
    """Return the halts from start to end: of each equal piece of the way the one nearest to it, both ends apart."""
    length = _apart_km(start, end, scale)
    pieces = min(_MOST_BETWEEN + 1, int(length / _PIECE_KM))
    nearest: dict[int, tuple[float, Halt]] = {}
    for spot in lived:
        halt = _halt(spot)
        along, across = _along_and_across(start, end, halt, scale)
        piece = int(along / length * pieces + 0.5) if length else 0
        if 0 < piece < pieces and across <= min(_BESIDE_KM, nearest.get(piece, (across, halt))[0]):
            nearest[piece] = (across, halt)
    between = [nearest[piece][1] for piece in sorted(nearest)]
    # Neighbours may have one name: two stops of it in a row would read as a mistake
    kept = [one for one, after in pairwise([*between, end]) if one.name not in {after.name, start.name}]
    return (start, *kept, end)


def _km(start: Halt, end: Halt, scale: tuple[float, float]) -> tuple[float, float]:
    return (end.lon - start.lon) * scale[0], (end.lat - start.lat) * scale[1]


def _apart_km(one: Halt, other: Halt, scale: tuple[float, float]) -> float:
    x, y = _km(one, other, scale)
    return math.sqrt(x * x + y * y)


def _along_and_across(start: Halt, end: Halt, halt: Halt, scale: tuple[float, float]) -> tuple[float, float]:
    way, to = _km(start, end, scale), _km(start, halt, scale)
    length = _apart_km(start, end, scale) or 1.0
    return (way[0] * to[0] + way[1] * to[1]) / length, abs(way[0] * to[1] - way[1] * to[0]) / length


def _minutes(halts: Sequence[Halt], scale: tuple[float, float]) -> tuple[int, ...]:
    """Return minutes from the first halt: at least one between two, at a steady speed over the straight way and a detour."""
    at = [0]
    for one, other in pairwise(halts):
        km = round(_apart_km(one, other, scale) * _DETOUR, 3)
        at.append(at[-1] + max(1, math.ceil(km / _KM_PER_HOUR * 60)))
    return tuple(at)


def by_key(lines: Sequence[Line]) -> Mapping[str, Halt]:
    """Return every halt of the lines once, in the order in which they are first called at."""
    return {halt.key: halt for line in lines for halt in line.halts}
