"""Measures: geometry and tables in, one Series with exactly the input's index out.

(`nearest` gives two columns, and `share_within` one number, or one for each group.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, overload

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Geod
from scipy.spatial import cKDTree

from geo.crs import require_crs, require_plane, require_same_crs, to_lonlat
from geo.errors import ValueRefused, listed
from geo.require import require_numbers, require_points, require_polygons, require_same_keys

if TYPE_CHECKING:
    from geopandas import GeoDataFrame, GeoSeries

# The ellipsoid of JGD2011, on which the official areas (全国都道府県市区町村別面積調) are computed.
_ELLIPSOID = "GRS80"


def area_km2(polygons: GeoSeries | GeoDataFrame) -> pd.Series:
    """Area of each polygon on the ellipsoid GRS80, in km², on the polygons' index; any CRS.

    A plane system shrinks areas by up to 0.02 % (its scale is 0.9999 along the middle), a quarter of a km²
    in a city of 1,256 km²; on the ellipsoid the published total is met. Sums of parts equal the whole.

    Raises `CrsMissing`, `BadGeometry`, `KeyNotUnique`.
    Source: Karney (2013), Algorithms for geodesics, J. Geodesy 87.
    """
    require_crs(polygons, where="area_km2")
    require_polygons(polygons, where="area_km2")
    # PROJ signs areas by the direction of the ring and would add a hole drawn the same way round.
    shapes = shapely.orient_polygons(np.asarray(to_lonlat(polygons.geometry).array))
    geod = Geod(ellps=_ELLIPSOID)
    km2 = [abs(geod.geometry_area_perimeter(shape)[0]) / 1e6 for shape in shapes]
    return pd.Series(km2, index=polygons.index, name="area_km2", dtype=float)


def density(count: pd.Series, km2: pd.Series) -> pd.Series:
    """Count per km², on the index of `count`; 0 where the count is 0.

    Raises `KeyMismatch` if the keys differ, `ValueRefused` for a missing value, a negative count or an area
    not above 0.
    """
    require_same_keys(km2.index, count.index, where="density")
    require_numbers(count, where="density(count)", minimum=0)
    require_numbers(km2, where="density(km2)", minimum=0)
    flat = km2.index[km2 == 0]
    if len(flat):
        raise ValueRefused(
            f"density: 面積が 0 の行があります: {listed(flat)}。", todo="面積を確かめてください。"
        )
    result = count.to_numpy(dtype=float) / km2.reindex(count.index).to_numpy(dtype=float)
    return pd.Series(result, index=count.index, name="per_km2")


def nearest(points: GeoSeries | GeoDataFrame, facilities: GeoSeries | GeoDataFrame) -> pd.DataFrame:
    """For each point the nearest facility in a straight line: columns `facility` (key), `distance_m`.

    Both in the same plane CRS. Of facilities equally far (to 1 part in 10¹²) the first in the facilities'
    index.

    Raises `CrsMissing`, `CrsMismatch`, `BadGeometry` (not a point), `KeyNotUnique`, `ValueRefused` (no
    facility).
    """
    require_plane(points, where="nearest(points)")
    require_same_crs(points, facilities, where="nearest")
    require_points(points, where="nearest(points)")
    require_points(facilities, where="nearest(facilities)")
    if facilities.empty:
        raise ValueRefused("nearest: 施設が一つもありません。", todo="一つ以上の施設を渡してください。")
    tree, places = cKDTree(_xy(facilities)), _xy(points)
    distance, _ = tree.query(places)
    reach = distance * (1 + 1e-12)
    tied = cast("npt.NDArray[np.object_]", tree.query_ball_point(places, reach, return_sorted=True))
    columns = {
        "facility": facilities.index[np.fromiter((found[0] for found in tied), np.intp, len(places))],
        "distance_m": distance,
    }
    return pd.DataFrame(columns, index=points.index)


def nearest_distance_m(points: GeoSeries | GeoDataFrame, facilities: GeoSeries | GeoDataFrame) -> pd.Series:
    """Straight distance to the nearest facility, in metres, on the points' index; as `nearest`."""
    return pd.Series(nearest(points, facilities)["distance_m"])


@overload
def share_within(distance_m: pd.Series, weight: pd.Series, reach_m: float, *, by: None = None) -> float: ...
@overload
def share_within(distance_m: pd.Series, weight: pd.Series, reach_m: float, *, by: pd.Series) -> pd.Series: ...
def share_within(
    distance_m: pd.Series, weight: pd.Series, reach_m: float, *, by: pd.Series | None = None
) -> float | pd.Series:
    """Share (0 to 1) of the weight whose distance is at most `reach_m`; with `by`, one a group, sorted.

    An infinite distance (not reachable) is beyond any reach.

    Raises `KeyMismatch` if the keys differ, `ValueRefused` for a missing value, a negative weight, or no
    weight at all in the whole or in a group.
    """
    groups = pd.Series("全体", index=distance_m.index) if by is None else by
    for name, values in (("weight", weight), ("by", groups)):
        require_same_keys(values.index, distance_m.index, where=f"share_within({name})")
    require_numbers(distance_m, where="share_within(distance_m)", minimum=0)
    require_numbers(weight, where="share_within(weight)", minimum=0)
    require_numbers(groups, where="share_within(by)")
    weight, groups = weight.reindex(distance_m.index).astype(float), groups.reindex(distance_m.index)
    total = weight.groupby(groups).sum()
    if total.empty or (total == 0).any():
        raise ValueRefused(
            f"share_within: 重み(人口など)の合計が 0 です: {listed(total.index[total == 0])}。",
            todo="重みのない地区は除いてから渡してください(割合は定まりません)。",
        )
    within = weight.where(distance_m <= reach_m, 0.0).groupby(groups).sum()
    share = pd.Series(within / total, name="share_within")
    return float(share.iloc[0]) if by is None else share


def _xy(points: GeoSeries | GeoDataFrame) -> npt.NDArray[np.float64]:
    return shapely.get_coordinates(np.asarray(points.geometry.array))
