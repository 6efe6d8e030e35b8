"""Lines become the pieces of a road graph: cut where lines meet, and no piece longer than a given length."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import require_plane
from geo.errors import BadGeometry, ValueRefused, listed

if TYPE_CHECKING:
    from geopandas import GeoDataFrame, GeoSeries

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_LINE_TYPES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)
_PER_METRE = 100  # a place is a centimetre: a file stores a shared point equally, projecting adds only noise
_X_STEP = 2**32


class Pieces(NamedTuple):
    """Undirected pieces (m,): two nodes, metres, and the position of their line; nodes (n, 2) in metres.

    `closed` counts what was left out because it leads nowhere else.
    """

    node_xy: Floats
    start: Ints
    end: Ints
    length_m: Floats
    line: Ints
    closed: int


class _Vertices(NamedTuple):
    xy: Floats
    place: Ints
    part: Ints
    along: Floats


class _Legs(NamedTuple):
    first: Ints
    last: Ints
    start: Ints
    end: Ints
    length_m: Floats


def pieces_of(lines: GeoSeries | GeoDataFrame, *, longest_m: float) -> Pieces:
    """Pieces of road between nodes, with their lengths in metres.

    A node is the end of a line or a vertex that stands in the file more than once: ways of OpenStreetMap cross
    at shared inner vertices, lines of 国土数値情報 meet at their ends. Lines that cross in the drawing only (a
    bridge) do not meet. Vertices within the same centimetre are one. A piece longer than `longest_m` is cut
    into equal ones along its line. A closed line of one piece, and a line without length, is left out and
    counted.

    Raises `CrsMissing`, `CrsMismatch`, `BadGeometry` (empty, or not a line), `ValueRefused` (`longest_m`).
    """
    require_plane(lines, where="pieces_of")
    if not longest_m > 0:
        raise ValueRefused(
            f"pieces_of: 区切りの長さは 0 より大きい数です({longest_m})。",
            todo="longest_m を直してください。",
        )
    shapes = np.asarray(lines.geometry.array, dtype=object)
    _require_lines(lines, shapes)
    parts, line_of_part = shapely.get_parts(shapes, return_index=True)
    vertices = _vertices(parts)
    node_xy, legs = _legs(vertices)
    extra_xy, start, end, leg = _cut(vertices, legs, len(node_xy), longest_m)
    length = legs.length_m[leg] / np.bincount(leg, minlength=len(legs.first))[leg]
    kept = start != end
    without_length = len(parts) - len(np.unique(vertices.part[legs.first]))
    return Pieces(
        np.concatenate([node_xy, extra_xy]),
        start[kept],
        end[kept],
        length[kept],
        line_of_part[vertices.part[legs.first[leg]]][kept],
        int((~kept).sum()) + without_length,
    )


def _require_lines(lines: GeoSeries | GeoDataFrame, shapes: npt.NDArray[np.object_]) -> None:
    bad = ~np.isin(shapely.get_type_id(shapes), _LINE_TYPES) | shapely.is_empty(shapes)
    bad |= ~np.isfinite(shapely.bounds(shapes)).all(axis=1)
    if bad.any():
        raise BadGeometry(
            f"pieces_of: 線でない、または空の図形があります: {listed(lines.index[bad])}。",
            todo="線だけを渡してください。",
        )


def _vertices(parts: npt.NDArray[np.object_]) -> _Vertices:
    """All vertices in order, one where several in a row stand on the same place; `along` grows over all parts."""
    xy, part = shapely.get_coordinates(parts, return_index=True)
    cell = np.rint(xy * _PER_METRE).astype(np.int64)
    _, place = np.unique(cell[:, 0] * _X_STEP + cell[:, 1], return_inverse=True)
    moved = np.ones(len(xy), dtype=bool)
    moved[1:] = (place[1:] != place[:-1]) | (part[1:] != part[:-1])
    xy, place, part = xy[moved], place[moved], part[moved]
    # A metre between parts keeps `along` growing, so that a place along it belongs to one part only.
    step = np.where(part[1:] == part[:-1], np.hypot(*np.diff(xy, axis=0).T), 1.0)
    return _Vertices(xy, place, part, np.concatenate([np.zeros(min(len(xy), 1)), np.cumsum(step)]))


def _legs(vertices: _Vertices) -> tuple[Floats, _Legs]:
    """The nodes, and the stretches of line between them: first and last vertex, start and end node, metres."""
    outer = np.ones(len(vertices.part) + 1, dtype=bool)
    outer[1:-1] = vertices.part[1:] != vertices.part[:-1]
    several = np.bincount(vertices.place)[vertices.place] > 1 if len(vertices.place) else outer[:-1]
    at = np.flatnonzero(outer[:-1] | outer[1:] | several)
    _, first_at, node = np.unique(vertices.place[at], return_index=True, return_inverse=True)
    inside = vertices.part[at[:-1]] == vertices.part[at[1:]]
    first, last = at[:-1][inside], at[1:][inside]
    length = vertices.along[last] - vertices.along[first]
    return vertices.xy[at[first_at]], _Legs(first, last, node[:-1][inside], node[1:][inside], length)


def _cut(vertices: _Vertices, legs: _Legs, nodes: int, longest_m: float) -> tuple[Floats, Ints, Ints, Ints]:
    """Cut legs into equal pieces: the new nodes between them, and each piece's start, end and leg."""
    # Of 600 m in three the quotient may come out a hair above 3.
    count = np.maximum(np.ceil(legs.length_m / longest_m - 1e-9), 1).astype(np.int64)
    leg = np.repeat(np.arange(len(count)), count)
    step = np.arange(len(leg)) - np.repeat(np.cumsum(count) - count, count)
    new = nodes + np.cumsum(count - 1) - (count - 1)
    start = np.where(step == 0, legs.start[leg], new[leg] + step - 1)
    end = np.where(step == count[leg] - 1, legs.end[leg], new[leg] + step)
    cut = step > 0
    at = vertices.along[legs.first[leg[cut]]] + (legs.length_m / count)[leg[cut]] * step[cut]
    if not len(at):
        return np.empty((0, 2)), start, end, leg
    return np.column_stack([np.interp(at, vertices.along, axis) for axis in vertices.xy.T]), start, end, leg
