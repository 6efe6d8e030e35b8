"""Vacant dwellings of a list: one record a dwelling with a point or a place, or one record a place with counts."""

from __future__ import annotations

from dataclasses import dataclass

STATES = ("A", "B", "C", "D")
SOURCE_CLASSES = {"survey": "現地調査", "water": "水道", "estimate": "推計", "unknown": "不明"}


@dataclass(frozen=True)
class VacantRecord:
    """Vacant dwellings at a place.

    `count` is 1 for a dwelling of its own, more for a place's sum. `lon` and `lat` are None without a position.
    `keys` are the small areas it lies in (one, or none where only the district is known), `district` the code where
    the file itself names it. `dwellings` is the file's own number of dwellings of the place, None where it has none.
    `state` is A to D or "" (not stated), `source_class` a key of SOURCE_CLASSES, `year` the year of the survey.
    """

    line: int
    name: str
    count: int
    year: int
    keys: tuple[str, ...] = ()
    district: str = ""
    lon: float | None = None
    lat: float | None = None
    dwellings: int | None = None
    state: str = ""
    source_class: str = "unknown"
