"""Where a district lies: a small drawing of all districts with one of them filled, as an address for an image.

`st.html` keeps no inline SVG, so the drawing stands in the address of its image; it has no ids, no script, no tile.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

import geopandas as gpd

from kyodo_geo.present.outline_paths import outline_paths

WIDTH = 3200  # units of a drawing, fine enough to be whole
_TOLERANCE, _MARGIN = WIDTH / 160, 40
_KEPT = " ='/:;,.()-"  # what an address may hold as it is


def locators(shapes: gpd.GeoSeries, codes: Sequence[str]) -> dict[str, str]:
    """Return the address of a drawing for each of `codes`; `shapes` are the outlines of all districts in degrees.

    North is up.
    """
    paths, height = outline_paths(shapes, width=WIDTH, margin=_MARGIN, tolerance=_TOLERANCE)
    return {code: _address(_drawing(paths, height, code)) for code in codes}


def _drawing(paths: dict[str, str], height: int, code: str) -> str:
    """Draw the others first: the outline of the chosen one lies over theirs."""
    others = "".join(path for one, path in paths.items() if one != code)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {height}' width='{WIDTH // 10}' height='{height // 10}'>"
        f"<g fill-rule='evenodd' stroke-linejoin='round'><path d='{others}' fill='#F1F3F5' stroke='#8A96A3' stroke-width='10'/>"
        f"<path d='{paths[code]}' fill='#0B5F66' stroke='#1F2933' stroke-width='20'/></g></svg>"
    )


def _address(drawing: str) -> str:
    return f"data:image/svg+xml,{quote(drawing, safe=_KEPT)}"
