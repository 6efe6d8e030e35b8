"""Geometry as the renderer reads it: integers of 1/SCALE degree, delta-coded, each ring without its last point."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

SCALE = 100_000  # five decimals of a degree: about one metre


def outlines(areas: pd.Series[str], shapes: gpd.GeoSeries) -> dict[str, Any]:
    """Return the polygons and label points (degrees) by code, in the order of `areas`, and the borders of each area."""
    outer = {
        name: shapely.boundary(shapely.coverage_union_all(shapes.reindex(group.index).to_numpy()))
        for name, group in areas.groupby(areas, sort=False)
    }
    return {
        "scale": SCALE,
        "districts": [
            {"code": str(code), "polygons": _polygons(shape), "label": _label(shape)}
            for code, shape in shapes.reindex(areas.index).items()
        ],
        "areas": [
            {"name": str(name), "lines": [_delta(line) for line in _lines(shape)]}
            for name, shape in outer.items()
        ],
    }


def _polygons(shape: shapely.Geometry) -> list[list[list[int]]]:
    return [
        [_delta(ring, closed=True) for ring in (polygon.exterior, *polygon.interiors)]
        for polygon in shapely.get_parts(shape)
    ]


def _lines(shape: shapely.Geometry) -> list[shapely.Geometry]:
    return list(shapely.get_parts(shape))


def _delta(line: shapely.Geometry, *, closed: bool = False) -> list[int]:
    """Write a line as its first point and steps in whole units of 1/SCALE degree; a closed ring omits its last point."""
    points = np.rint(shapely.get_coordinates(line) * SCALE).astype(np.int64)
    kept = points[:-1] if closed else points
    steps = np.vstack([kept[:1], np.diff(kept, axis=0)])
    return [int(number) for number in steps.ravel()]


def _label(shape: shapely.Geometry) -> list[float]:
    point = shapely.point_on_surface(shape)
    return [round(float(shapely.get_x(point)), 5), round(float(shapely.get_y(point)), 5)]
