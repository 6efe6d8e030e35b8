"""A public picture of vacant dwellings in squares that each hold k or more and cannot be subtracted back to fewer.

A square is split only where every part that holds anything holds k or more. So nothing has to be withheld, the squares
of a group of districts add up to the group's count, and a larger k only joins squares. The picture is made of the whole
list of one survey year: there is no function for a part of it (one state, one source, one street), because the pictures
of a whole and of a part would show the rest by subtraction. Whoever filters a list must not publish the result.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.vacancy.groups import LEAST_K, Group, merge_small_groups, require_k

Floats = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class GridRule:
    """How fine a public picture may be: k dwellings a cell at least, squares from `smallest_m` to `largest_m` metres.

    The largest side is 1, 2, 4, 8 … times the smallest. Squares lie on fixed lines, whole multiples of their side from
    the origin of the plane, whatever the list. Raises InputRefused for a k below 5 and for other sizes.
    """

    k: int = LEAST_K
    smallest_m: float = 250.0
    largest_m: float = 16_000.0

    def __post_init__(self) -> None:
        require_k(self.k)
        if not 0 < self.smallest_m <= self.largest_m < math.inf or self.side_m(self.levels) != self.largest_m:
            raise InputRefused(
                f"格子の大きさ {self.smallest_m} m から {self.largest_m} m は使えません。",
                todo="最大は最小の 1、2、4、8 … 倍にしてください",
            )

    @property
    def levels(self) -> int:
        """How often the largest square can be split."""
        return round(math.log2(self.largest_m / self.smallest_m))

    def side_m(self, level: int) -> float:
        """Return the side in metres of a square that can still be split `level` times."""
        return float(self.smallest_m * 2**level)


@dataclass(frozen=True)
class Cell:
    """Vacant dwellings in a square of the plane, as far as it lies in the districts of `group`: `count` is k or more.

    `west_m` and `south_m` are its corner and `side_m` its side; all None for the whole of the group, and for the
    group's dwellings without a position, where `placed` is False.
    """

    group: tuple[str, ...]
    count: int
    west_m: float | None = None
    south_m: float | None = None
    side_m: float | None = None
    placed: bool = True


@dataclass(frozen=True)
class PublicPicture:
    """What may be published of a list: groups of districts with their counts, and cells that add up to each group."""

    rule: GridRule
    groups: tuple[Group, ...]
    cells: tuple[Cell, ...]


def publish(
    xy: Floats,
    places: Sequence[str],
    *,
    counts: Mapping[str, int],
    neighbours: Mapping[str, Sequence[str]],
    rule: GridRule,
) -> PublicPicture:
    """Return the groups and cells of a whole list that may be published together, at any number of k.

    `xy` is (n, 2) in metres, a point for each dwelling that has a position (several of one building stand several
    times), `places` its district. `counts` are all vacant dwellings by district, those without a position included.
    Districts are merged by `merge_small_groups`; a merged group is one cell, as large as it is, since its squares
    beside those of its parts, published at another k, could be subtracted. So every cell of a larger k is a union of
    cells of a smaller one, and the public table (the groups) less the cells is nothing. Groups that hold none have no
    cell; a city of fewer than k has none at all. The order of the points does not matter.
    Raises InputRefused for points that are not finite, have no district among `counts`, or are more than it counts.
    """
    _require_points(xy, places, counts)
    groups = merge_small_groups(counts, k=rule.k, neighbours=neighbours)
    labels = np.array(places, dtype=object)
    cells: list[Cell] = []
    for group in groups:
        if group.merged and group.count:
            cells.append(Cell(group.members, group.count))
        elif group.count:
            inside = xy[labels == group.members[0]]
            missing = group.count - len(inside)
            cells.extend(partition(inside, group=group.members, rule=rule, without_position=missing))
    return PublicPicture(rule, groups, tuple(cells))


def partition(
    xy: Floats, *, group: tuple[str, ...], rule: GridRule, without_position: int = 0
) -> tuple[Cell, ...]:
    """Return the cells of one group of districts: disjoint, each of k dwellings or more, adding up to all of them.

    The whole is split into largest squares, and each of these into four down to the smallest, only where every part
    that holds anything holds k or more; dwellings without a position are a part of the whole. A point on a line belongs
    to the square east or north of it. Cells come from large to small, then from west and south. That a cell is not
    split tells that some quarter of it holds 1 to k - 1; which one, it does not tell.
    Raises InputRefused for a group of fewer than k: merge it first. Source: quadtree k-anonymisation of census grids
    (Lagonigro, Oller and Martori 2017, SORT 41).
    """
    total = len(xy) + without_position
    if 0 < total < rule.k:
        raise InputRefused(
            f"空き家が {rule.k} 戸未満のまとまりは公表できません。", todo="隣の地区とまとめてください"
        )
    squares = np.floor(xy / rule.smallest_m).astype(np.int64)
    largest = _parts(squares, rule.levels)
    sizes = [len(part) for part in largest] + [without_position]
    if not total or any(0 < size < rule.k for size in sizes):
        return (Cell(group, total),) if total else ()
    found = [
        _cell(part, level, group, rule) for one in largest for part, level in _split(one, rule.levels, rule.k)
    ]
    found.sort(key=lambda cell: (-(cell.side_m or 0), cell.west_m, cell.south_m))
    return (*found, *([Cell(group, without_position, placed=False)] if without_position else []))


def _require_points(xy: Floats, places: Sequence[str], counts: Mapping[str, int]) -> None:
    if xy.shape != (len(places), 2) or not np.isfinite(xy).all():
        raise InputRefused(f"点は (件数, 2) の有限な数です({xy.shape}、地区は {len(places)} 件)。")
    faults = [
        Fault(f"地区「{place}」に点が {points} 件ありますが、空き家は {counts.get(place, 0)} 戸です")
        for place, points in Counter(places).items()
        if points > counts.get(place, 0)
    ]
    if faults:
        raise InputRefused("点の数が空き家の数より多い地区があります。", faults=faults)


def _parts(squares: Wholes, level: int) -> list[Wholes]:
    """Return the points, as smallest squares, parted by the squares that can be split `level` times."""
    _, part = np.unique(squares >> level, axis=0, return_inverse=True)
    order = np.argsort(part, kind="stable")
    bounds = np.flatnonzero(np.diff(part[order])) + 1
    return np.split(squares[order], bounds) if len(squares) else []


def _split(squares: Wholes, level: int, k: int) -> Iterator[tuple[Wholes, int]]:
    parts = _parts(squares, level - 1) if level else []
    if parts and all(len(part) >= k for part in parts):
        for part in parts:
            yield from _split(part, level - 1, k)
    else:
        yield squares, level


def _cell(squares: Wholes, level: int, group: tuple[str, ...], rule: GridRule) -> Cell:
    side = rule.side_m(level)
    west, south = (squares[0] >> level).astype(np.float64) * side
    return Cell(group, len(squares), float(west), float(south), side)
