"""Outlines of districts as SVG paths for small drawings: simplified together, in whole units, north up."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from shapely import affinity


def outline_paths(
    shapes: gpd.GeoSeries, *, width: float, margin: float, tolerance: float
) -> tuple[dict[str, str], int]:
    """Return the SVG path of each district by code, and the height of the drawing; all in its units.

    `shapes` are outlines in degrees. They are simplified together (Visvalingam and Whyatt 1993) by `tolerance` units, so
    that neighbours still meet; east and north are to scale in the middle of the drawing.
    """
    west, south, east, north = shapes.total_bounds
    across = np.cos(np.radians((south + north) / 2))
    scale = (width - 2 * margin) / ((east - west) * across)
    matrix = [scale * across, 0, 0, -scale, margin - west * scale * across, margin + north * scale]
    placed = [affinity.affine_transform(shape, matrix) for shape in shapes]
    coarse = shapely.coverage_simplify(placed, tolerance)
    paths = {str(code): _path(shape) for code, shape in zip(shapes.index, coarse, strict=True)}
    return paths, round((north - south) * scale + 2 * margin)


def _path(shape: shapely.Geometry) -> str:
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return "".join(_ring(np.rint(shapely.get_coordinates(ring)).astype(int)[:-1]) for ring in rings)


def _ring(points: np.ndarray) -> str:
    """Write a ring as a point and steps; a minus sign parts two numbers as well as a blank does."""
    steps = [step for step in np.diff(points, axis=0) if step.any()]
    text = " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-")
    return f"M{points[0][0]} {points[0][1]}l{text}z"
