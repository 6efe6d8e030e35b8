"""Move numbers from one set of polygons to another: overlap weights, totals, rates; dissolve by a lookup.

Area weighting as in Goodchild and Lam (1980): totals are split by the share of the source's area, rates are
averaged with a base (people, households) that is split the same way. The weights are a value of their own,
computed once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from scipy.sparse import csr_array

from geo.crs import require_plane, require_same_crs
from geo.cut import has_few_corners, shared_areas
from geo.errors import BadGeometry, listed
from geo.require import require_numbers, require_polygons, require_same_keys
from geo.topology import require_coverage

# A share of area below this is the residue of floating point along a common border.
_RESIDUE = 1e-12
# Row sums may exceed one by this much before the targets are said to overlap.
_EXCESS = 1e-6


@dataclass(frozen=True, eq=False)
class OverlapWeights:
    """Share of each source's area (row) in each target (column), with the keys of both."""

    weights: csr_array
    source: pd.Index
    target: pd.Index

    @property
    def row_sums(self) -> pd.Series:
        """Share of each source's area that lies in any target, 0 to 1, on the source's index."""
        return pd.Series(self.weights.sum(axis=1), index=self.source, name="covered")

    @property
    def uncovered(self) -> pd.Series:
        """Share of the source's area in no target, left behind by `move_totals`; only where above 0."""
        rest = 1 - self.row_sums
        return rest[rest > _EXCESS].rename("uncovered")

    def table(self) -> pd.DataFrame:
        """The weights above zero as rows: columns `source`, `target`, `share`, in the indexes' order."""
        rows, columns = self.weights.nonzero()
        shares = np.asarray(self.weights[rows, columns]).ravel()
        return pd.DataFrame({"source": self.source[rows], "target": self.target[columns], "share": shares})


@dataclass(frozen=True, eq=False)
class MovedRates:
    """Rates of the targets that have a base, and the keys of those without one, for which no rate exists."""

    rates: pd.Series
    without_base: pd.Index


def overlap_weights(source: GeoSeries | GeoDataFrame, target: GeoSeries | GeoDataFrame) -> OverlapWeights:
    """Share of the area of each source polygon in each target polygon; both in the same plane CRS.

    A source wholly inside a target gets exactly 1 without an intersection; only those on a border are cut.

    Raises `CrsMissing`, `CrsMismatch`, `KeyNotUnique`, `BadGeometry` (no valid polygon, or targets that
    overlap, by which people would be counted twice).
    """
    require_plane(source, where="overlap_weights(source)")
    require_same_crs(source, target, where="overlap_weights")
    require_polygons(source, where="overlap_weights(source)")
    require_polygons(target, where="overlap_weights(target)")
    pieces, wholes = np.asarray(source.geometry.array), np.asarray(target.geometry.array)
    rows, columns, shares = _shares(pieces, wholes)
    matrix = csr_array((shares, (rows, columns)), shape=(len(pieces), len(wholes)))
    result = OverlapWeights(matrix, pd.Index(source.index), pd.Index(target.index))
    _require_no_double_count(result)
    return result


def move_totals(values: pd.Series, weights: OverlapWeights) -> pd.Series:
    """Totals (people, households) of the targets, in the values' unit, on the target index.

    target = Σ share × value. The sum over sources that lie wholly in targets is kept; what lies in no
    target is left behind and named by `weights.uncovered`. The order of `values` does not matter.

    Raises `KeyMismatch` if the keys are not those of the sources, `ValueRefused` for a missing value.
    """
    _require_keys_of(weights, values, where="move_totals")
    require_numbers(values, where="move_totals")
    moved = weights.weights.T @ _aligned(values, weights)
    return pd.Series(moved, index=weights.target, name=values.name)


def move_rates(rates: pd.Series, weights: OverlapWeights, *, base: pd.Series) -> MovedRates:
    """Rates (share of elderly, people per household) of the targets, weighted by `base`.

    target = Σ share × base × rate / Σ share × base. A rate may be missing only where its base is 0. Targets
    whose base is 0 have no rate; they are named in `without_base`.

    Raises `KeyMismatch` if the keys of either are not those of the sources, `ValueRefused` for a missing
    rate or a missing or negative base.
    """
    _require_keys_of(weights, rates, where="move_rates")
    _require_keys_of(weights, base, where="move_rates(base)")
    require_numbers(base, where="move_rates(base)", minimum=0)
    rate, weight = _aligned(rates, weights), _aligned(base, weights)
    require_numbers(pd.Series(rate[weight > 0], index=weights.source[weight > 0]), where="move_rates")
    total = weights.weights.T @ weight
    amount = weights.weights.T @ np.where(weight > 0, rate * weight, 0.0)
    known = total > 0
    moved = pd.Series(amount[known] / total[known], index=weights.target[known], name=rates.name)
    return MovedRates(moved, weights.target[~known])


def dissolve(polygons: GeoSeries | GeoDataFrame, groups: pd.Series) -> GeoSeries:
    """One polygon a group, sorted by group; `groups` gives the group of each polygon by key.

    Raises `KeyMismatch` if `groups` and `polygons` do not have the same keys, `ValueRefused` for a missing
    group, `BadGeometry` if the polygons are no coverage (their union would be wrong: see `clean_coverage`).
    """
    require_coverage(polygons.geometry, where="dissolve")
    require_same_keys(groups.index, polygons.index, where="dissolve")
    require_numbers(groups, where="dissolve(groups)")
    shapes = pd.Series(np.asarray(polygons.geometry.array), index=polygons.index, dtype=object)
    merged = {
        group: shapely.coverage_union_all(members.to_numpy())
        for group, members in shapes.groupby(groups, sort=True)  # aligned by key
    }
    index = pd.Index(list(merged), name=groups.name)
    return GeoSeries(list(merged.values()), index=index, crs=polygons.crs, name="geometry")


def _require_keys_of(weights: OverlapWeights, values: pd.Series, *, where: str) -> None:
    # Most callers keep one order, and the keys of the weights were found unique when they were made
    if not values.index.equals(weights.source):
        require_same_keys(values.index, weights.source, where=where)


def _aligned(values: pd.Series, weights: OverlapWeights) -> npt.NDArray[np.float64]:
    return values.reindex(weights.source).to_numpy(dtype=np.float64)


def _shares(
    pieces: npt.NDArray[np.object_], wholes: npt.NDArray[np.object_]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    # Targets are the query side and are prepared: they have the many vertices.
    whole, piece = shapely.STRtree(pieces).query(wholes)
    shapely.prepare(wholes)
    inside = np.asarray(shapely.contains_properly(wholes[whole], pieces[piece]))
    met = np.flatnonzero(~inside)
    met = met[np.asarray(shapely.intersects(wholes[whole[met]], pieces[piece[met]]))]
    share = np.ones(len(piece))
    share[met] = np.minimum(
        _cut(pieces, wholes, piece[met], whole[met]) / shapely.area(pieces[piece[met]]), 1.0
    )
    kept = inside.copy()
    kept[met] = share[met] > _RESIDUE
    return piece[kept], whole[kept], share[kept]


def _cut(
    pieces: npt.NDArray[np.object_],
    wholes: npt.NDArray[np.object_],
    piece: npt.NDArray[np.intp],
    whole: npt.NDArray[np.intp],
) -> npt.NDArray[np.float64]:
    simple = has_few_corners(pieces[piece])
    area = np.zeros(len(piece))
    area[simple] = shared_areas(pieces, wholes, piece[simple], whole[simple])
    rest = ~simple
    area[rest] = shapely.area(shapely.intersection(pieces[piece[rest]], wholes[whole[rest]]))
    return area


def _require_no_double_count(weights: OverlapWeights) -> None:
    twice = weights.row_sums > 1 + _EXCESS
    if twice.any():
        raise BadGeometry(
            f"overlap_weights: 次の図形が重なり合う面に二重に数えられます: {listed(weights.source[twice])}。",
            todo="geo.topology.overlaps で重なりを調べ、clean_coverage で直してください。",
        )
