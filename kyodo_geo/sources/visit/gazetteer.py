"""What a reader of opened tables must know of the city: its code, its small areas with their people, its districts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Gazetteer:
    """The places of a city by which a row of a table can be tied to it.

    `code` is the municipality's five digits, `prefecture` and `city` its names. `small_areas` gives the name of each
    small area by its key (9 or 11 digits, without a part), `people` its people in the newest census, `homes` its
    households. `districts` gives the name of each district by code, `areas` the former municipality of each district by
    code, `district_of` the district of each small area by key.
    """

    code: str
    prefecture: str
    city: str
    small_areas: Mapping[str, str]
    people: Mapping[str, int]
    homes: Mapping[str, int]
    districts: Mapping[str, str]
    areas: Mapping[str, str]
    district_of: Mapping[str, str]
