"""The area that shapes of few corners share with polygons, computed in arrays instead of shape by shape.

A polygon is the signed sum of what lies below its edges, so the shared area of two polygons is the signed sum,
over the pairs of their edges, of what lies below both edges: a closed formula for each pair, in which neither
the order of the edges nor holes nor parts matter. For a cell of a mesh, with four edges of which few pairs
meet, this is several times faster than building the intersection.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Shapes = npt.NDArray[np.object_]

# Beyond this, pairs of edges outgrow what the intersection costs.
_FEW_COORDINATES = 9
# Cells of the table (pair of shapes, edge) that are looked at in one go: a few MB.
_BLOCK = 1 << 22


@dataclass(frozen=True, eq=False)
class _Edges:
    """Edges with a width, by owner: ends, slope, and 1 or -1 for the direction; `first[i]` starts owner i."""

    x: Floats
    y: Floats
    low_x: Floats
    high_x: Floats
    high_y: Floats
    slope: Floats
    sign: Floats
    first: Indices


def has_few_corners(shapes: Shapes) -> npt.NDArray[np.bool_]:
    """True for each shape that `shared_areas` is made for: up to eight corners in all."""
    return np.asarray(shapely.get_num_coordinates(shapes) <= _FEW_COORDINATES)


def shared_areas(pieces: Shapes, wholes: Shapes, piece: Indices, whole: Indices) -> Floats:
    """Area that `pieces[piece[i]]` and `wholes[whole[i]]` share, for each i, in the square of their unit.

    Both are valid polygons or multipolygons in one plane CRS; holes are left out. Any shape of `pieces` is
    right, those of few corners are fast. Exact up to floating point: about 1e-13 of the piece's area.
    """
    used, local = np.unique(piece, return_inverse=True)
    below, above = _edges(pieces[used]), _edges(wholes)
    bounds = np.asarray(shapely.bounds(pieces[used]), dtype=np.float64)
    pair, edge = _near(above, whole, bounds[local])
    count = np.diff(below.first)[local[pair]]
    row = np.repeat(np.arange(len(pair)), count)
    other = np.arange(len(row)) - np.repeat(np.cumsum(count) - count - below.first[local[pair]], count)
    part = _below_both(above, edge[row], below, other, bounds[local[pair[row]], :2])
    return np.asarray(np.bincount(pair[row], part, minlength=len(piece)), dtype=np.float64)


def _edges(shapes: Shapes) -> _Edges:
    parts, owner = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    # Nothing lies below a vertical edge
    kept = (ring[1:] == ring[:-1]) & (xy[1:, 0] != xy[:-1, 0])
    (x, y), (to_x, to_y) = xy[:-1][kept].T, xy[1:][kept].T
    first = np.searchsorted(owner[part[ring[:-1][kept]]], np.arange(len(shapes) + 1))
    return _Edges(x, y, np.minimum(x, to_x), np.maximum(x, to_x), np.maximum(y, to_y),
                  (to_y - y) / (to_x - x), np.sign(to_x - x), first)  # fmt: skip


def _near(edges: _Edges, whole: Indices, bounds: Floats) -> tuple[Indices, Indices]:
    """Pairs of shapes, and each edge of the pair's whole that lies over or in the band of the piece's bounds."""
    pairs, found = [], []
    for one in np.unique(whole):
        start, stop = edges.first[one], edges.first[one + 1]
        mine = np.flatnonzero(whole == one)
        for block in np.array_split(mine, 1 + len(mine) * int(stop - start) // _BLOCK):
            west, south, east = (bounds[block, side, None] for side in (0, 1, 2))
            hit = edges.low_x[start:stop] < east
            hit &= edges.high_x[start:stop] > west
            hit &= edges.high_y[start:stop] > south
            row, column = np.nonzero(hit)
            pairs.append(block[row])
            found.append(column + start)
    return np.concatenate([np.zeros(0, np.intp), *pairs]), np.concatenate([np.zeros(0, np.intp), *found])


def _below_both(a: _Edges, i: Indices, b: _Edges, j: Indices, origin: Floats) -> Floats:
    """Signed area below both edges a[i] and b[j] and above the origin's y; b never goes below that."""
    left = np.maximum(a.low_x[i], b.low_x[j])
    width = np.minimum(a.high_x[i], b.high_x[j]) - left
    area = np.zeros(len(i))
    met = np.flatnonzero(width > 0)
    i, j, width, (x, y) = i[met], j[met], width[met], origin[met].T
    # From the origin of the piece, so that no digits are lost to coordinates far from 0
    left = left[met] - x
    a_left = (a.y[i] - y) + (left - (a.x[i] - x)) * a.slope[i]
    b_left = (b.y[j] - y) + (left - (b.x[j] - x)) * b.slope[j]
    a_right, b_right = a_left + width * a.slope[i], b_left + width * b.slope[j]
    # min(max(a, 0), b) = max(a, 0) - max(a - b, 0), as b is not below 0
    mean = _mean_above(a_left, a_right) - _mean_above(a_left - b_left, a_right - b_right)
    area[met] = a.sign[i] * b.sign[j] * width * mean
    return area


def _mean_above(left: Floats, right: Floats) -> Floats:
    """Mean of max(v, 0) where v goes straight from `left` to `right`."""
    high, low = np.maximum(left, right), np.minimum(left, right)
    high_only, depth = np.maximum(high, 0), np.maximum(-low, 0)
    # Where v crosses 0, the triangle above is high / (high + depth) of the width
    triangle = high_only * high_only / np.where(depth > 0, high_only + depth, 1)
    return np.where(depth > 0, triangle, high_only + low) / 2
