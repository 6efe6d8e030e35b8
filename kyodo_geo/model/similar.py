"""Units that are like one another: the nearest by stated variables, each on the scale of its own spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.priority.score import Column, Lacking, require_same_units
from kyodo_geo.provenance import Unknown

Floats = npt.NDArray[np.float64]

# Distances are sums of rounded squares: what differs by less is the same distance
_DECIMALS = 9


@dataclass(frozen=True)
class Pair:
    """A variable with its value in the unit asked about and in the one that is like it, in the variable's unit."""

    variable: Column
    own: float
    other: float


@dataclass(frozen=True)
class Similar:
    """A unit near another: its code, the distance in standard deviations, and the values of both by variable."""

    code: str
    distance: float
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class SimilarUnits:
    """The nearest units of each compared unit, nearest first; what was left out and why.

    `variables` are those used; `flat` those without any spread among the compared units; `lacking` the units with an
    unknown, which are compared with none.
    """

    nearest: Mapping[str, tuple[Similar, ...]]
    variables: tuple[Column, ...]
    flat: tuple[Column, ...]
    lacking: tuple[Lacking, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What must be said beside the list: how likeness is measured, and what was left out."""
        names = "、".join(column.title for column in self.variables)
        said = [f"似た地区は、{names} をそれぞれ標準得点にした距離の近い順です(点の値で比べます)。"]
        if self.flat:
            names = "、".join(column.title for column in self.flat)
            said.append(f"どの地区も同じ値のため使わなかった指標: {names}")
        if self.lacking:
            said.append(f"分からない値があるため比べなかった地区: {len(self.lacking)}")
        return tuple(said)


def find_similar(columns: Sequence[Column], *, count: int = 3) -> SimilarUnits:
    """Return for each unit the `count` nearest others by Euclidean distance over the z-scores of the variables.

    Mean and standard deviation (of the population) are of the compared units; a weak value counts as its point. Ties
    come in code order; where fewer than `count` others are there, all of them. Raises InputRefused for a count below 1
    or when no variable with a spread remains, KeyMismatch when the columns speak of different units.
    """
    if count < 1:
        raise InputRefused(f"似た地区の数 {count} は使えません。", todo="1 以上にしてください")
    if not columns:
        raise InputRefused("似た地区を探せません。指標がありません。", todo="指標を1つ以上選んでください")
    found = [_lacking(code, columns) for code in require_same_units(columns)]
    codes = [one.code for one in found if not one.columns]
    known = {at: _known(column, codes) for at, column in enumerate(columns)}
    wide = [at for at, values in known.items() if codes and min(values) < max(values)]
    if not wide:
        raise InputRefused(
            "似た地区を探せません。地区によって違いのある指標がありません。",
            faults=[Fault("違いがないか、値の分かる地区が足りません", column=one.title) for one in columns],
            todo="ほかの指標を選んでください",
        )
    used = tuple(columns[at] for at in wide)
    values = np.column_stack([known[at] for at in wide])
    return SimilarUnits(
        _all_nearest(used, values, codes, count),
        used,
        tuple(column for at, column in enumerate(columns) if at not in wide),
        tuple(one for one in found if one.columns),
    )


def _all_nearest(
    used: Sequence[Column], values: Floats, codes: Sequence[str], count: int
) -> dict[str, tuple[Similar, ...]]:
    scores = _z_scores(values)
    return {
        code: tuple(
            Similar(codes[other], distance, _pairs(used, values[row], values[other]))
            for other, distance in _nearest(row, scores, codes, count)
        )
        for row, code in enumerate(codes)
    }


def _lacking(code: str, columns: Sequence[Column]) -> Lacking:
    return Lacking(code, tuple(one for one in columns if isinstance(one.values[code], Unknown)))


def _known(column: Column, codes: Sequence[str]) -> list[float]:
    values = (column.values[code] for code in codes)
    return [float(value) for value in values if not isinstance(value, Unknown)]


def _z_scores(values: Floats) -> Floats:
    # From 0 to 1 first: the square of a tiny spread would be 0
    least = values.min(axis=0)
    unit = (values - least) / (values.max(axis=0) - least)
    found: Floats = (unit - unit.mean(axis=0)) / unit.std(axis=0)
    return found


def _nearest(row: int, scores: Floats, codes: Sequence[str], count: int) -> list[tuple[int, float]]:
    distances = np.sqrt(((scores - scores[row]) ** 2).sum(axis=1)).round(_DECIMALS)
    others = [other for other in range(len(codes)) if other != row]
    others.sort(key=lambda other: (distances[other], codes[other]))
    return [(other, float(distances[other])) for other in others[:count]]


def _pairs(columns: Sequence[Column], own: Floats, other: Floats) -> tuple[Pair, ...]:
    return tuple(
        Pair(column, float(mine), float(theirs))
        for column, mine, theirs in zip(columns, own, other, strict=True)
    )
