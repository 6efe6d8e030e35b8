"""A road graph as arrays: nearest source for every node, and matrices of metres or seconds by road.

Lengths in plane metres, one-way roads in their direction, no way is infinite. Dijkstra's algorithm of
`scipy.sparse.csgraph` does the searching.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from geo.crs import require_plane
from geo.errors import CrsMismatch, ValueRefused, listed
from geo.road_lines import pieces_of

if TYPE_CHECKING:
    from geopandas import GeoDataFrame, GeoSeries

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
By = Literal["length_m", "seconds"]

NOT_ATTACHED = -1
NO_SOURCE = -1
# Sources equally far are told apart by this much a place in their order: far below a centimetre or a blink,
# far above the rounding of a sum of lengths. It never enters a result.
_TIE = 1e-7
# scipy may read a stored zero as "no edge".
_LEAST_COST = 1e-9
_ROWS_AT_ONCE = 4_000_000  # numbers of a matrix held beyond the answer itself: 32 MB


@dataclass(frozen=True, eq=False)
class RoadGraph:
    """A directed road graph: nodes (n,) and edges (m,), sorted by tail, then head, no pair twice.

    `node_xy` (n, 2) plane metres in `epsg`; edges run `tail` to `head` with `length_m` and `seconds`; where
    several roads join two nodes both are the least there is, each for itself. `island` (n,) labels what hangs
    together (weakly), 0 the part with the most nodes. `self_loops` counts the pieces of line left out because
    they lead back to where they began, `parallel` the edges left out because another joins the same nodes.
    """

    node_xy: Floats
    epsg: int
    tail: Ints
    head: Ints
    length_m: Floats
    seconds: Floats
    island: Ints
    self_loops: int = 0
    parallel: int = 0

    @cached_property
    def tree(self) -> cKDTree:
        """Search tree over the nodes."""
        return cKDTree(self.node_xy)

    @cached_property
    def main_nodes(self) -> Ints:
        """The nodes of the largest part."""
        return np.flatnonzero(self.island == 0)

    def island_km(self) -> Floats:
        """Kilometres of road of every island in the order of the labels; both directions count once."""
        low, high = np.minimum(self.tail, self.head), np.maximum(self.tail, self.head)
        _, once = np.unique(low * len(self.node_xy) + high, return_index=True)
        count = int(self.island.max()) + 1 if len(self.island) else 0
        km = np.bincount(self.island[low[once]], self.length_m[once] / 1000, minlength=count)
        return km.astype(np.float64)


def build_graph(
    lines: GeoSeries | GeoDataFrame,
    *,
    forward: Bools,
    backward: Bools,
    speed_kmh: Floats,
    longest_m: float = 200.0,
) -> RoadGraph:
    """Directed graph of lines in a plane CRS; `forward`, `backward` and `speed_kmh` have one value a line.

    `forward` says whether a line may be travelled as it is drawn, `backward` against it; a line with neither
    is not part of the graph. Where nodes are and how lines are cut: `road_lines.pieces_of`; pieces are no
    longer than `longest_m`, so that `attach` has a node near every place of a road.

    Raises `CrsMissing`, `CrsMismatch`, `BadGeometry`, `ValueRefused` (a speed of a travelled line that is not
    above 0, an array of another length).
    """
    epsg = require_plane(lines, where="build_graph").to_epsg()
    if epsg is None:
        raise CrsMismatch(
            "build_graph: 番号(EPSG)のない座標系です。",
            todo="geo.crs.to_plane で平面直角座標系にしてください。",
        )
    forward, backward = np.asarray(forward, dtype=bool), np.asarray(backward, dtype=bool)
    speed = np.asarray(speed_kmh, dtype=float)
    _require_line_values(lines, forward, backward, speed)
    used = forward | backward
    pieces = pieces_of(lines[used], longest_m=longest_m)
    line = np.flatnonzero(used)[pieces.line]
    ahead, back = forward[line], backward[line]
    tail = np.concatenate([pieces.start[ahead], pieces.end[back]])
    head = np.concatenate([pieces.end[ahead], pieces.start[back]])
    length = np.concatenate([pieces.length_m[ahead], pieces.length_m[back]])
    seconds = length / np.concatenate([speed[line[ahead]], speed[line[back]]]) * 3.6
    return _graph(pieces.node_xy, epsg, (tail, head, length, seconds), self_loops=pieces.closed)


def attach(graph: RoadGraph, xy: Floats, *, reach_m: float, main_only: bool = False) -> tuple[Ints, Floats]:
    """Nearest node of every point (k,) and the straight distance to it in metres.

    A point farther than `reach_m` from every node gets `NOT_ATTACHED` (-1) and infinity; exactly `reach_m` is
    attached. It is the nearest node, not the nearest place of an edge: with edges of at most 200 m the way
    to it is up to about 100 m too far along the road. `main_only` takes nodes of the largest part only.
    Raises `ValueRefused` for a coordinate that is no number.
    """
    points = np.asarray(xy, dtype=float).reshape(-1, 2)
    if not np.isfinite(points).all():
        bad = np.flatnonzero(~np.isfinite(points).all(axis=1)) + 1
        raise ValueRefused(
            f"attach: 位置のない点があります({listed(bad)} 番目)。", todo="先に除いてください。"
        )
    if not len(graph.node_xy) or not len(points):
        return np.full(len(points), NOT_ATTACHED), np.full(len(points), np.inf)
    tree = cKDTree(graph.node_xy[graph.main_nodes]) if main_only else graph.tree
    distance, found = tree.query(points)
    node = graph.main_nodes[found] if main_only else found.astype(np.int64)
    far = distance > reach_m
    return np.where(far, NOT_ATTACHED, node), np.where(far, np.inf, distance)


def nearest_source(
    graph: RoadGraph, sources: Ints, *, by: By = "length_m", toward: bool = True, access: Floats | None = None
) -> tuple[Floats, Ints]:
    """For every node (n,) the cost to its nearest source in metres or seconds, and which of `sources` it is.

    `sources` are nodes; `toward` counts the way from the node to the source, otherwise from the source to the
    node. `access` (k,) is added for a source, say the walk from the road to its door. A source that is
    `NOT_ATTACHED` or has infinite access is nobody's. Of sources equally far (to 1e-7) the first. A node without
    a way has infinity and `NO_SOURCE` (-1).
    """
    count = len(graph.node_xy)
    sources = np.asarray(sources, dtype=np.int64)
    start = np.zeros(len(sources)) if access is None else np.asarray(access, dtype=float)
    live = np.flatnonzero((sources != NOT_ATTACHED) & np.isfinite(start))
    if not len(live):
        return np.full(count, np.inf), np.full(count, NO_SOURCE)
    offset = start[live] + _TIE * np.arange(1, len(live) + 1)
    roads = _with_doors(_roads(graph, by, reverse=toward), sources[live], offset)
    doors = count + np.arange(len(live))
    found, _, origin = dijkstra(roads, indices=doors, min_only=True, return_predecessors=True)
    reached = np.isfinite(found[:count])
    door = np.where(reached, np.asarray(origin[:count], dtype=np.int64) - count, 0)
    # The sum may end a rounding below what was put in front.
    cost = np.maximum(found[:count] - _TIE * (door + 1), start[live][door])
    return np.where(reached, cost, np.inf), np.where(reached, live[door], NO_SOURCE)


def cost_matrix(graph: RoadGraph, origins: Ints, targets: Ints, *, by: By = "length_m") -> Floats:
    """Metres or seconds from every origin to every target node (o, t); infinite where there is no way.

    One-way roads are respected from origin to target; the search starts from the fewer of the two.
    `NOT_ATTACHED` on either side is infinite.
    """
    origins, targets = np.asarray(origins, dtype=np.int64), np.asarray(targets, dtype=np.int64)
    if len(targets) > len(origins):
        return _costs_from(_roads(graph, by, reverse=False), origins, targets)
    return np.ascontiguousarray(_costs_from(_roads(graph, by, reverse=True), targets, origins).T)


def road_matrix(  # noqa: PLR0913 - what is measured, and how one comes to the road
    graph: RoadGraph,
    places_xy: Floats,
    facilities_xy: Floats,
    *,
    by: By = "length_m",
    reach_m: float,
    access_kmh: float,
    main_only: bool = False,
) -> Floats:
    """Metres or seconds from every place to every facility by road (p, f), straight access at both ends included.

    Access is straight, in seconds at `access_kmh`. Infinite where there is no way or an end is not attached
    (`attach`). Never less than the straight distance.
    """
    place, place_m = attach(graph, places_xy, reach_m=reach_m, main_only=main_only)
    facility, facility_m = attach(graph, facilities_xy, reach_m=reach_m, main_only=main_only)
    per_metre = 1.0 if by == "length_m" else 3.6 / access_kmh
    costs = cost_matrix(graph, place, facility, by=by)
    costs += place_m[:, None] * per_metre
    costs += facility_m[None, :] * per_metre
    return costs


def _require_line_values(
    lines: GeoSeries | GeoDataFrame, forward: Bools, backward: Bools, speed: Floats
) -> None:
    if {len(forward), len(backward), len(speed)} != {len(lines)}:
        raise ValueRefused(
            f"build_graph: 線は {len(lines)} 本ですが、向きと速さは {len(forward)}、{len(backward)}、{len(speed)} 個です。",
            todo="一本に一つずつ渡してください。",
        )
    bad = (forward | backward) & ~(np.isfinite(speed) & (speed > 0))
    if bad.any():
        raise ValueRefused(
            f"build_graph: 速さが 0 より大きい数でない線があります: {listed(lines.index[bad])}。",
            todo="速さのない線は、向きをどちらも偽にするか、速さを決めてください。",
        )


def _graph(
    node_xy: Floats, epsg: int, edges: tuple[Ints, Ints, Floats, Floats], *, self_loops: int
) -> RoadGraph:
    tail, head, length, seconds = edges
    pair = tail * max(len(node_xy), 1) + head
    order = np.argsort(pair, kind="stable")
    first = np.flatnonzero(np.diff(pair[order], prepend=-1))
    kept = order[first]
    if len(first):
        length = np.minimum.reduceat(length[order], first)
        seconds = np.minimum.reduceat(seconds[order], first)
    island = _islands(len(node_xy), tail[kept], head[kept])
    return RoadGraph(
        node_xy, epsg, tail[kept], head[kept], length, seconds, island, self_loops, len(pair) - len(kept)
    )


def _islands(nodes: int, tail: Ints, head: Ints) -> Ints:
    if not nodes:
        return np.empty(0, dtype=np.int64)
    _, label = connected_components(csr_array((np.ones(len(tail)), (tail, head)), shape=(nodes, nodes)))
    # Largest first; of equally large ones the one that holds the first node.
    order = np.argsort(-np.bincount(label), kind="stable")
    return np.argsort(order)[label].astype(np.int64)


def _roads(graph: RoadGraph, by: By, *, reverse: bool) -> csr_array:
    """The graph as scipy's sparse rows; reversed, a row holds the edges that lead to its node."""
    count = len(graph.node_xy)
    cost = np.maximum(graph.length_m if by == "length_m" else graph.seconds, _LEAST_COST)
    rows, columns = (graph.head, graph.tail) if reverse else (graph.tail, graph.head)
    return csr_array((cost, (rows, columns)), shape=(count, count))


def _with_doors(roads: csr_array, nodes: Ints, cost: Floats) -> csr_array:
    """Add one vertex a source, from which one edge leads to the source's node at the given cost."""
    count, doors = roads.shape[0], len(nodes)
    indptr = np.concatenate([roads.indptr, roads.indptr[-1] + np.arange(1, doors + 1)])
    parts = np.concatenate([roads.data, cost]), np.concatenate([roads.indices, nodes]), indptr
    return csr_array(parts, shape=(count + doors, count + doors))


def _costs_from(roads: csr_array, starts: Ints, ends: Ints) -> Floats:
    costs = np.full((len(starts), len(ends)), np.inf)
    to, at_once = np.flatnonzero(ends != NOT_ATTACHED), max(1, _ROWS_AT_ONCE // max(roads.shape[0], 1))
    nodes, row_of = np.unique(starts, return_inverse=True)
    for begin in range(int((nodes == NOT_ATTACHED).sum()), len(nodes), at_once):
        block = nodes[begin : begin + at_once]
        found = dijkstra(roads, indices=block)
        rows = np.flatnonzero((row_of >= begin) & (row_of < begin + len(block)))
        costs[np.ix_(rows, to)] = found[row_of[rows] - begin][:, ends[to]]
    return costs
