"""A coverage is polygons that tile without overlap: clean it, report gaps and overlaps, simplify it.

Everything but `round_lonlat` works in a plane CRS; tolerances are metres, reported areas square metres.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries

from geo.crs import require_plane, require_same_crs, to_lonlat
from geo.errors import BadGeometry, ValueRefused, listed
from geo.require import require_polygons

if TYPE_CHECKING:
    from collections.abc import Hashable

# Below this an overlap or gap is the residue of floating point, not a fault of the data.
_RESIDUE_M2 = 0.01
_RESIDUE_M = 0.001
# Each round of `round_lonlat` moves only the vertices that the round before created, so it soon settles.
_ROUNDS = 8

Shapes = npt.NDArray[np.object_]


def clean_coverage(polygons: GeoSeries, *, gap_width_m: float = 0.0) -> GeoSeries:
    """Polygons with the same index whose shared borders are vertex for vertex the same, without overlaps.

    An overlap goes to the polygon with the longest common border; enclosed gaps narrower than `gap_width_m`
    are filled, wider ones stay (see `gaps`). Vertices nearer than about 1e-8 of the extent are snapped
    together.

    Raises `CrsMissing`, `CrsMismatch`, `KeyNotUnique`, `BadGeometry` (no polygon, invalid, or one that
    would vanish because others cover it).
    """
    require_plane(polygons, where="clean_coverage")
    require_polygons(polygons, where="clean_coverage")
    cleaned = _like(polygons, _cleaned(_array(polygons), gap_width=gap_width_m))
    _require_kept(polygons, cleaned, where="clean_coverage", parts=False)
    return cleaned


def require_coverage(polygons: GeoSeries, *, where: str) -> None:
    """Raise `BadGeometry` naming the polygons whose borders overlap or do not match their neighbours'."""
    require_polygons(polygons, where=where)
    if shapely.coverage_is_valid(_array(polygons)):
        return
    torn = ~shapely.is_empty(shapely.coverage_invalid_edges(_array(polygons)))
    raise BadGeometry(
        f"{where}: 隣り合う境界が一致していません: {listed(polygons.index[torn])}。",
        todo="先に geo.topology.clean_coverage で境界を揃えてください。",
    )


def overlaps(polygons: GeoSeries, *, min_m2: float = _RESIDUE_M2) -> pd.DataFrame:
    """Pairs of polygons that share an area above `min_m2`: columns `first`, `second`, `m2`, largest first.

    `first` comes before `second` in the index; no pair is listed twice. Equal areas stay in the index's
    order.
    """
    require_plane(polygons, where="overlaps")
    require_polygons(polygons, where="overlaps")
    first, second, shared = _meetings(polygons)
    m2 = shapely.area(shared)
    kept = m2 > min_m2
    table = pd.DataFrame(
        {"first": polygons.index[first[kept]], "second": polygons.index[second[kept]], "m2": m2[kept]}
    )
    return table.sort_values("m2", ascending=False, kind="stable", ignore_index=True)


def gaps(
    polygons: GeoSeries, outline: GeoSeries | None = None, *, min_m2: float = _RESIDUE_M2
) -> GeoDataFrame:
    """Uncovered areas above `min_m2`: columns `m2`, `geometry`, largest first, in the polygons' CRS.

    Without `outline` these are the holes of the union (a notch open to the outside is none); with an
    outline in the same CRS, everything inside it that no polygon covers.
    """
    require_plane(polygons, where="gaps")
    require_polygons(polygons, where="gaps")
    union = _union(_array(polygons))
    if outline is None:
        inside = shapely.union_all([shapely.Polygon(ring) for ring in _holes(union)])
    else:
        require_same_crs(polygons, outline, where="gaps")
        require_polygons(outline, where="gaps(outline)")
        inside = shapely.union_all(_array(outline))
    parts = shapely.get_parts(shapely.difference(inside, union))
    parts = parts[shapely.area(parts) > min_m2]
    parts = parts[np.argsort(-shapely.area(parts), kind="stable")]
    return GeoDataFrame({"m2": shapely.area(parts)}, geometry=list(parts), crs=polygons.crs)


def neighbours(
    polygons: GeoSeries, *, min_border_m: float = _RESIDUE_M
) -> dict[Hashable, frozenset[Hashable]]:
    """For each key, in the index's order, the keys whose polygons share a border longer than `min_border_m`.

    Touching in a point is no neighbourhood. The relation is symmetric; a polygon without neighbours has an
    empty set.
    """
    require_plane(polygons, where="neighbours")
    require_polygons(polygons, where="neighbours")
    first, second, shared = _meetings(polygons)
    kept = shapely.length(shared) > min_border_m
    found: dict[Hashable, set[Hashable]] = {key: set() for key in polygons.index}
    for one, other in zip(polygons.index[first[kept]], polygons.index[second[kept]], strict=True):
        found[one].add(other)
        found[other].add(one)
    return {key: frozenset(keys) for key, keys in found.items()}


def simplify_coverage(polygons: GeoSeries, *, tolerance_m: float) -> GeoSeries:
    """Polygons with the same index and fewer vertices; shared borders stay shared, no part disappears.

    `tolerance_m` is the square root of the area of the triangles that are cut off (Visvalingam and Whyatt
    1993), so borders move by about that much.

    Raises `BadGeometry` if the input is no coverage (see `clean_coverage`) or a part would be lost,
    `ValueRefused` for a negative tolerance.
    """
    require_plane(polygons, where="simplify_coverage")
    require_coverage(polygons, where="simplify_coverage")
    if not tolerance_m >= 0:
        raise ValueRefused(
            f"simplify_coverage: tolerance_m は 0 以上のメートルですが、{tolerance_m} が来ました。"
        )
    simple = _like(polygons, shapely.coverage_simplify(_array(polygons), tolerance_m))
    # GEOS 3.14 keeps every ring at least as a triangle; a later one may drop small islands, as JTS can.
    _require_kept(polygons, simple, where="simplify_coverage")
    return simple


def round_lonlat(polygons: GeoSeries, *, decimals: int = 5) -> GeoSeries:
    """The coverage in EPSG:4326 with coordinates rounded to `decimals` (5: about a metre), still a coverage.

    The same vertex always gets the same rounded vertex. Where rounding makes borders cross, they are cut at
    the crossing and rounded again; the index stays.

    Raises `BadGeometry` if the input is no coverage, if a part collapses, or if the borders do not settle.
    """
    require_coverage(polygons, where="round_lonlat")
    source = to_lonlat(polygons)
    array = _rounded(_array(source), decimals)
    for _ in range(_ROUNDS):
        if shapely.is_valid(array).all() and shapely.coverage_is_valid(array):
            break
        array = _rounded(_cleaned(array, snapping_distance=0.0), decimals)
    _require_kept(source, _like(source, array), where="round_lonlat")
    require_coverage(_like(source, array), where=f"round_lonlat(小数 {decimals} 桁)")
    # Only now: in a ring that has collapsed, GEOS would refuse to remove the repeated points.
    return _like(source, np.asarray(shapely.remove_repeated_points(array), dtype=object))


def _cleaned(array: Shapes, **options: float) -> Shapes:
    cleaned = shapely.coverage_clean(array, **options)  # type: ignore[attr-defined]  # the stubs are of 2.1
    return np.asarray(cleaned, dtype=object)


def _rounded(array: Shapes, decimals: int) -> Shapes:
    return np.asarray(shapely.transform(array, lambda xy: np.round(xy, decimals)), dtype=object)


def _array(polygons: GeoSeries) -> Shapes:
    return np.asarray(polygons.geometry.array, dtype=object)


def _like(polygons: GeoSeries, array: Shapes) -> GeoSeries:
    return GeoSeries(array, index=polygons.index, crs=polygons.crs, name="geometry")


def _meetings(polygons: GeoSeries) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Shapes]:
    array = _array(polygons)
    first, second = shapely.STRtree(array).query(array, predicate="intersects")
    once = np.flatnonzero(first < second)
    once = once[np.lexsort((second[once], first[once]))]
    first, second = first[once], second[once]
    return first, second, np.asarray(shapely.intersection(array[first], array[second]), dtype=object)


def _union(array: Shapes) -> shapely.Geometry:
    if shapely.coverage_is_valid(array):
        return shapely.coverage_union_all(array)
    return shapely.union_all(array)


def _holes(union: shapely.Geometry) -> list[shapely.LinearRing]:
    return [ring for part in shapely.get_parts(union) for ring in part.interiors]


def _require_kept(before: GeoSeries, after: GeoSeries, *, where: str, parts: bool = True) -> None:
    old, new = _array(before), _array(after)
    lost = shapely.is_empty(new)
    if parts:
        lost |= shapely.get_num_geometries(new) < shapely.get_num_geometries(old)
    if lost.any():
        raise BadGeometry(
            f"{where}: 面の全部または一部が消えます: {listed(before.index[lost])}。",
            todo="許容値を小さくする(または桁数を増やす)か、重なっている元の図形を直してください。",
        )
