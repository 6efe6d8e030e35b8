"""Opened tables of households with somebody of 65 or over, brought to districts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from kyodo_geo.evidence.coverage import PART_ONLY, partly_covered
from kyodo_geo.model.indicators.counts import Homes
from kyodo_geo.provenance import Unknown

if TYPE_CHECKING:
    from kyodo_geo.sources.visit.ages.households import ElderlyHouseholds

_NO_ROW = Unknown("開いた表に行がない")


def elderly_homes(
    read: ElderlyHouseholds, home: Mapping[str, str], people: Mapping[str, int], codes: Sequence[str]
) -> dict[str, Homes]:
    """Return households with elderly out of all by district; a group over a border is shared out by people (推計).

    Unknown for a district of which the rows speak not at all, or in part only.
    """
    part, whole = dict.fromkeys(codes, 0.0), dict.fromkeys(codes, 0.0)
    seen: set[str] = set()
    for keys, households, elderly in zip(read.places, read.households, read.with_elderly, strict=True):
        everybody = sum(people.get(key, 0) for key in keys)
        for key in keys:
            share = people.get(key, 0) / everybody if everybody else 1 / len(keys)
            seen.add(home[key])
            part[home[key]] += share * float(elderly)
            whole[home[key]] += share * float(households)
    partial = partly_covered({key for keys in read.places for key in keys}, home, people)
    return {code: _homes(code, part[code], whole[code], seen, partial) for code in codes}


def _homes(code: str, part: float, whole: float, seen: Collection[str], partial: Collection[str]) -> Homes:
    if code not in seen:
        return Homes(_NO_ROW, _NO_ROW)
    return Homes(PART_ONLY, PART_ONLY) if code in partial else Homes(part, whole)
