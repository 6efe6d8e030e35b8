"""A small line chart as HTML without a script: a few series over years, what was counted drawn through, the rest dashed.

`st.html` keeps no inline SVG, so the drawing is an image whose address holds it; its text alternative says every number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from kyodo_geo.present.tables import number_text

WIDTH, HEIGHT = 420, 250
_WIDEST_PX = 560
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 82, 32, 32
_COLORS = ("#0B5F66", "#B54708", "#3A1A69")
_INK, _FAINT = "#1F2933", "#CBD2D9"
_KEPT = " ='/:;,.()-"
_FONT = "font-family='sans-serif' font-size='14'"


@dataclass(frozen=True)
class Series:
    """One line: its name, the year and value of each point in order, and how many of them were counted."""

    name: str
    points: tuple[tuple[int, float], ...]
    counted: int


def svg_image(drawing: str, words: str) -> str:
    """Return an <img> that holds a drawing (SVG text), with its text alternative."""
    address = f"data:image/svg+xml,{quote(drawing, safe=_KEPT)}"
    return f'<img alt="{escape(words)}" src="{address}" style="display:block;width:100%;max-width:{_WIDEST_PX}px;height:auto">'


def line_chart(series: Sequence[Series], *, title: str, unit: str) -> str:
    """Return the chart as an HTML figure; the scale begins at 0. No points, no chart: an empty text."""
    values = [value for one in series for _, value in one.points]
    if not values:
        return ""
    years = sorted({year for one in series for year, _ in one.points})
    scale = _Scale(years[0], max(years[-1], years[0] + 1), _nice(max(values)))
    words = f"{title}。{'。'.join(_spoken(one, unit) for one in series)}"
    drawing = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' role='img'><title>{escape(words)}</title>"
        f"<rect width='{WIDTH}' height='{HEIGHT}' fill='#FFFFFF'/>{_grid(scale, years, unit)}"
        f"{''.join(_line(one, at, scale) for at, one in enumerate(series))}{_names(series, scale)}</svg>"
    )
    return (
        f'<figure style="margin:8px 0"><figcaption style="font-weight:700">{escape(title)}</figcaption>'
        f"{svg_image(drawing, words)}</figure>"
    )


@dataclass(frozen=True)
class _Scale:
    first: int
    last: int
    most: float

    def x(self, year: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * (year - self.first) / (self.last - self.first)

    def y(self, value: float) -> float:
        return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / self.most


def _nice(value: float) -> float:
    """Return 1, 2, 4, 5, 6, 8 or 10 times a power of ten, not below the value."""
    power = 1.0
    while power * 10 < value:
        power *= 10
    return next((power * step for step in (1, 2, 4, 5, 6, 8, 10) if power * step >= value), power * 10)


def _grid(scale: _Scale, years: Sequence[int], unit: str) -> str:
    steps = [scale.most * part / 4 for part in range(5)]
    rows = "".join(
        f"<line x1='{_LEFT}' x2='{WIDTH - _RIGHT}' y1='{scale.y(step):.1f}' y2='{scale.y(step):.1f}' stroke='{_FAINT}'/>"
        f"<text x='{_LEFT - 6}' y='{scale.y(step) + 5:.1f}' text-anchor='end' {_FONT} fill='{_INK}'>{number_text(step, decimals=0 if step == int(step) else 1)}</text>"
        for step in steps
    )
    every = 1 if len(years) <= 8 else 2
    marks = "".join(
        f"<text x='{scale.x(year):.1f}' y='{HEIGHT - 10}' text-anchor='middle' {_FONT} fill='{_INK}'>{year}</text>"
        for year in years[::every]
    )
    return f"{rows}{marks}<text x='{_LEFT - 6}' y='14' text-anchor='end' {_FONT} fill='{_INK}'>({escape(unit)})</text>"


def _line(one: Series, at: int, scale: _Scale) -> str:
    color = _COLORS[at % len(_COLORS)]
    places = [(scale.x(year), scale.y(value)) for year, value in one.points]
    known, later = places[: one.counted], places[max(one.counted - 1, 0) :]
    marks = (_mark(x, y, at, color, known=number < one.counted) for number, (x, y) in enumerate(places))
    return "".join([_path(known, color, ""), _path(later, color, "stroke-dasharray='6 4'"), *marks])


def _path(places: Sequence[tuple[float, float]], color: str, dash: str) -> str:
    if len(places) < 2:
        return ""
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return f"<polyline points='{points}' fill='none' stroke='{color}' stroke-width='2.5' {dash}/>"


def _mark(x: float, y: float, at: int, color: str, *, known: bool) -> str:
    """Draw a point: a disc for the first series, a square for the others; hollow where it was not counted."""
    fill = color if known else "#FFFFFF"
    if at == 0:
        return f"<circle cx='{x:.1f}' cy='{y:.1f}' r='4' fill='{fill}' stroke='{color}' stroke-width='2'/>"
    return f"<rect x='{x - 4:.1f}' y='{y - 4:.1f}' width='8' height='8' fill='{fill}' stroke='{color}' stroke-width='2'/>"


def _names(series: Sequence[Series], scale: _Scale) -> str:
    """Write the name of each series at its end, moved apart where two ends are close."""
    ends = sorted((scale.y(one.points[-1][1]), at) for at, one in enumerate(series) if one.points)
    texts, above = [], -20.0
    for y, at in ends:
        above = max(y, above + 18)
        texts.append(
            f"<text x='{WIDTH - _RIGHT + 10}' y='{above + 5:.1f}' {_FONT} font-weight='700' fill='{_COLORS[at % len(_COLORS)]}'>"
            f"{escape(series[at].name)}</text>"
        )
    return "".join(texts)


def _spoken(one: Series, unit: str) -> str:
    points = "、".join(
        f"{year}年{'' if at < one.counted else '(推計)'} {number_text(value)}{unit}"
        for at, (year, value) in enumerate(one.points)
    )
    return f"{one.name}: {points}"
