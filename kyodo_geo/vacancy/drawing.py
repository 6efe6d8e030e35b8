"""The public grid as a picture: cells shaded by vacant dwellings per km² over the outlines of the districts.

Streamlit lets no inline SVG pass, so the drawing stands in the address of an image, as with the small maps; what must
be read is text beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape
from urllib.parse import quote

import geopandas as gpd
import numpy as np
import shapely
from shapely import affinity

from kyodo_geo.present.classes import Interval, class_of, sequential_classes
from kyodo_geo.present.tables import number_text

WIDTH, MARGIN = 800, 6
_LINE, _CELL, _INK = "#52606D", "#FFFFFF", "#7A2E05"
_KEPT = " ='/:;,.()-"
_HATCHED = " fill='url(#u)'"
_HATCH = (
    "<pattern id='u' width='9' height='9' patternUnits='userSpaceOnUse'><rect width='9' height='9' fill='#F1F3F5'/>"
    "<path d='M0 9L9 0M-1 1L1 -1M8 10L10 8' stroke='#8A96A3' stroke-width='1.4'/></pattern>"
)
_STYLE = "display:block;width:100%;max-width:900px;height:auto"


def grid_picture(  # noqa: PLR0913 - what is drawn, and the words that must stand in it
    shapes: gpd.GeoSeries,
    cells: gpd.GeoDataFrame,
    *,
    k: int,
    title: str,
    mark: str,
    silent: Collection[str] = (),
) -> str:
    """Return the picture of `cells` (see `cell_frame`) over `shapes` (EPSG:4326) as HTML with its legend.

    `title` says what is shown and when; `mark` 架空 is written into the drawing itself. Cells without a position are
    not drawn. Districts that are `silent` (no row in the list) are hatched as unknown.
    """
    drawn = cells[cells["placed"]]
    classes = [
        one
        for one in sequential_classes([float(value) for value in drawn["per_km2"]])
        if isinstance(one, Interval)
    ]
    said = f"{title}。{mark}。" if mark else f"{title}。"
    words = f"{said}{len(drawn)} の区画に {number_text(drawn['count'].sum())} 戸。どの区画も {k} 戸以上"
    source = f"data:image/svg+xml,{quote(_drawing(shapes, drawn, classes, mark, silent), safe=_KEPT)}"
    band = (
        f'<p class="kg-band"><strong>{escape(mark)}</strong> 体験用データなど。実際の数字ではありません</p>'
        if mark == "架空"
        else ""
    )
    return (
        f'<figure style="margin:0" role="group" aria-label="{escape(title)}">{band}'
        f'<figcaption style="font-weight:700;margin:8px 0">{escape(title)}{escape(f"({mark})" if mark else "")}</figcaption>'
        f'<img alt="{escape(words)}" src="{source}" style="{_STYLE}">{_legend(classes, k, unknown=bool(silent))}</figure>'
    )


def _drawing(
    shapes: gpd.GeoSeries,
    cells: gpd.GeoDataFrame,
    classes: Sequence[Interval],
    mark: str,
    silent: Collection[str],
) -> str:
    matrix, height = _placing(shapes)
    pieces = "".join(_cell(row.geometry, row.per_km2, matrix, classes) for row in cells.itertuples())
    coarse = shapely.coverage_simplify([affinity.affine_transform(shape, matrix) for shape in shapes], 2.0)
    lines = "".join(
        f"<path d='{_path(shape)}'{_HATCHED if str(code) in silent else ''}/>"
        for code, shape in zip(shapes.index, coarse, strict=True)
    )
    word = (
        f"<text x='{WIDTH - 8}' y='{height - 10}' text-anchor='end' font-size='22' font-weight='700' "
        f"fill='{_INK}' font-family='sans-serif'>{escape(mark)}</text>"
        if mark
        else ""
    )
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {height}' width='{WIDTH}' height='{height}'>"
        f"<defs>{_HATCH}</defs><g stroke='{_CELL}' stroke-width='0.6' fill-rule='evenodd'>{pieces}</g>"
        f"<g stroke='{_LINE}' stroke-width='1.2' stroke-linejoin='round' fill='none'>{lines}</g>{word}</svg>"
    )


def _placing(shapes: gpd.GeoSeries) -> tuple[list[float], int]:
    """Return the affine matrix from degrees to the drawing, north up, and the height of the drawing."""
    west, south, east, north = (float(bound) for bound in shapes.total_bounds)
    across = float(np.cos(np.radians((south + north) / 2)))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * across)
    matrix = [scale * across, 0, 0, -scale, MARGIN - west * scale * across, MARGIN + north * scale]
    return matrix, round((north - south) * scale) + 2 * MARGIN


def _cell(shape: shapely.Geometry, value: float, matrix: list[float], classes: Sequence[Interval]) -> str:
    found = class_of(classes, value)
    color = found.color if found else classes[-1].color
    return (
        f"<path d='{_path(shapely.simplify(affinity.affine_transform(shape, matrix), 0.7))}' fill='{color}'/>"
    )


def _path(shape: shapely.Geometry) -> str:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]
    return "".join(_ring(ring) for part in parts for ring in (part.exterior, *part.interiors))


def _ring(ring: shapely.Geometry) -> str:
    points = np.round(shapely.get_coordinates(ring)[:-1], 1)
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "z"


def _legend(classes: Sequence[Interval], k: int, *, unknown: bool) -> str:
    if not classes:
        return "<p>位置の分かる空き家がないため、区画はありません。</p>"
    hatched = "。斜線は一覧に行のない地区(不明)" if unknown else ""
    rows = "".join(
        f'<li style="display:flex;align-items:center;gap:6px"><span style="display:inline-block;width:22px;height:14px;'
        f'border:1px solid {_LINE};background:{one.color}"></span><span>{escape(_range(one))}</span></li>'
        for one in classes
    )
    return (
        '<p style="margin:8px 0 2px;font-size:14px;color:#52606D">1 km² 当たりの空き家(戸、以上 〜 未満)。'
        f"どの区画にも {k} 戸以上あり、{k} 戸に満たない所は隣とまとめて大きな区画にしています。白い所は、一覧に空き家のない所{hatched}</p>"
        f'<ul style="display:flex;flex-wrap:wrap;gap:2px 16px;margin:0;padding:0;list-style:none;font-size:14px">{rows}</ul>'
    )


def _range(one: Interval) -> str:
    return " 〜 ".join(
        number_text(edge, decimals=0 if edge >= 10 or edge == round(edge) else 1 if edge >= 1 else 2)
        for edge in (one.low, one.high)
    )
