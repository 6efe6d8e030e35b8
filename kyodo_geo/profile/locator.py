"""Where a district lies: a small drawing of all districts with one of them filled, as an address for an image.

`st.html` keeps no inline SVG, so the drawing stands in the address of its image; it has no ids, no script, no tile.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

import geopandas as gpd
import numpy as np
import shapely
from shapely import affinity

WIDTH = 320  # units of a drawing
_TOLERANCE, _MARGIN = WIDTH / 160, 4
_KEPT = " ='/:;,.()-"  # what an address may hold as it is


def locators(shapes: gpd.GeoSeries, codes: Sequence[str]) -> dict[str, str]:
    """Return the address of a drawing for each of `codes`; `shapes` are the outlines of all districts in degrees.

    Outlines are simplified together (Visvalingam and Whyatt 1993), so that neighbours still meet. North is up.
    """
    paths, height = _paths(shapes)
    return {code: _address(_drawing(paths, height, code)) for code in codes}


def _paths(shapes: gpd.GeoSeries) -> tuple[dict[str, str], int]:
    west, south, east, north = shapes.total_bounds
    across = np.cos(np.radians((south + north) / 2))
    scale = (WIDTH - 2 * _MARGIN) / ((east - west) * across)
    matrix = [scale * across, 0, 0, -scale, _MARGIN - west * scale * across, _MARGIN + north * scale]
    placed = [affinity.affine_transform(shape, matrix) for shape in shapes]
    coarse = shapely.coverage_simplify(placed, _TOLERANCE)
    paths = {str(code): _path(shape) for code, shape in zip(shapes.index, coarse, strict=True)}
    return paths, round((north - south) * scale) + 2 * _MARGIN


def _path(shape: shapely.Geometry) -> str:
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return "".join(
        f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in shapely.get_coordinates(ring)[:-1])}Z" for ring in rings
    )


def _drawing(paths: dict[str, str], height: int, code: str) -> str:
    """Draw the others first: the outline of the chosen one lies over theirs."""
    others = "".join(path for one, path in paths.items() if one != code)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {height}' width='{WIDTH}' height='{height}'>"
        f"<g fill-rule='evenodd' stroke-linejoin='round'><path d='{others}' fill='#F1F3F5' stroke='#8A96A3'/>"
        f"<path d='{paths[code]}' fill='#0B5F66' stroke='#1F2933' stroke-width='2'/></g></svg>"
    )


def _address(drawing: str) -> str:
    return f"data:image/svg+xml,{quote(drawing, safe=_KEPT)}"
