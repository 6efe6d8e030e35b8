"""Checks at the door that several modules share: unique keys, equal keys, polygons, numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geo.errors import BadGeometry, KeyMismatch, KeyNotUnique, ValueRefused, listed

if TYPE_CHECKING:
    from geopandas import GeoDataFrame, GeoSeries

_POLYGON_TYPES = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def require_unique(index: pd.Index, *, where: str) -> None:
    """Raise `KeyNotUnique` if a key is missing or occurs twice."""
    error = key_error(pd.Series(index, dtype=object), where=where)
    if error is not None:
        raise error


def key_error(keys: pd.Series, *, where: str) -> KeyNotUnique | None:
    """Give the error that names empty keys (by 1-based position) and repeated keys, or None."""
    empty = (keys.isna() | (keys == "")).to_numpy()
    faults = []
    if empty.any():
        faults.append(f"キーが空: {listed(f'{n} 番目' for n in np.flatnonzero(empty) + 1)}")
    repeated = keys[~empty & keys.duplicated(keep=False).to_numpy()]
    for key, count in repeated.value_counts(sort=False).items():
        faults.append(f"キー「{key}」が {count} 回あります")
    if not faults:
        return None
    todo = "一つの図形に一つのキーが付くように直すか、キーにする列を増やしてください。"
    return KeyNotUnique(f"{where}: キーが空、または重なっています。", faults=_shortened(faults), todo=todo)


def require_same_keys(index: pd.Index, expected: pd.Index, *, where: str) -> None:
    """Raise `KeyMismatch` naming what is missing and what is extra, unless both hold the same unique keys."""
    require_unique(index, where=where)
    missing, extra = expected.difference(index, sort=False), index.difference(expected, sort=False)
    if len(missing) or len(extra):
        faults = [f"足りないキー {len(missing)} 件: {listed(missing)}"] if len(missing) else []
        faults += [f"余分なキー {len(extra)} 件: {listed(extra)}"] if len(extra) else []
        raise KeyMismatch(
            f"{where}: 二つの表のキーが同じではありません。",
            faults=faults,
            todo="足りない行を足し、余分な行を除いてください。",
        )


def geometry_error(frame: GeoDataFrame | GeoSeries, *, where: str) -> BadGeometry | None:
    """Give the error that names empty and invalid shapes by key, each with the reason GEOS gives, or None."""
    shapes = frame.geometry
    array = np.asarray(shapes.array, dtype=object)
    absent = shapely.is_missing(array) | shapely.is_empty(array)
    faults = [f"{key}: 図形が空です" for key in frame.index[absent]]
    invalid = ~absent & ~shapely.is_valid(array)
    for key, reason in zip(frame.index[invalid], shapely.is_valid_reason(array[invalid]), strict=True):
        faults.append(f"{key}: 図形が正しくありません({reason})")
    if not faults:
        return None
    todo = "GIS の「ジオメトリの修復」などで直すか、配布元の元データを取り直してください。"
    return BadGeometry(
        f"{where}: 空または正しくない図形が {len(faults)} 件あります。", faults=_shortened(faults), todo=todo
    )


def require_polygons(frame: GeoDataFrame | GeoSeries, *, where: str) -> None:
    """Raise `BadGeometry` unless every shape is a valid, non-empty polygon; `KeyNotUnique` for its keys."""
    require_unique(frame.index, where=where)
    error = geometry_error(frame, where=where)
    if error is not None:
        raise error
    others = ~np.isin(shapely.get_type_id(np.asarray(frame.geometry.array)), _POLYGON_TYPES)
    if others.any():
        raise BadGeometry(
            f"{where}: 面(ポリゴン)でない図形があります: {listed(frame.index[others])}。",
            todo="面だけを渡してください。",
        )


def require_points(frame: GeoDataFrame | GeoSeries, *, where: str) -> None:
    """Raise `BadGeometry` unless every shape is a non-empty point; `KeyNotUnique` for its keys."""
    require_unique(frame.index, where=where)
    error = geometry_error(frame, where=where)
    if error is not None:
        raise error
    others = shapely.get_type_id(np.asarray(frame.geometry.array)) != shapely.GeometryType.POINT
    if others.any():
        raise BadGeometry(
            f"{where}: 点でない図形があります: {listed(frame.index[others])}。",
            todo="点だけを渡してください(面なら代表点を先に決めてください)。",
        )


def require_numbers(values: pd.Series, *, where: str, minimum: float | None = None) -> None:
    """Raise `ValueRefused` if a value is missing or, with `minimum`, below it; the keys are named."""
    missing = values.index[values.isna()]
    if len(missing):
        raise ValueRefused(
            f"{where}: 値のない行が {len(missing)} 件あります: {listed(missing)}。",
            todo="0 で埋めず、値を確かめるか、その行を明示して除いてください。",
        )
    if minimum is not None and (values < minimum).any():
        low = values.index[values < minimum]
        raise ValueRefused(
            f"{where}: {minimum:g} より小さい値があります: {listed(low)}。", todo="値を確かめてください。"
        )


def _shortened(faults: list[str], limit: int = 20) -> list[str]:
    return faults if len(faults) <= limit else [*faults[:limit], f"ほか {len(faults) - limit} 件"]
