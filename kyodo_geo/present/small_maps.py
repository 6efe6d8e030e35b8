"""Small maps: the years of one indicator side by side, in the classes of the large map, as HTML without a script.

`st.html` keeps no inline SVG and no <use> (Streamlit lets DOMPurify pass HTML only), so each map is an image whose
drawing stands in its own address; ids inside it are its own, and what must be read is text beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

import geopandas as gpd

from kyodo_geo.model.figures import Figures
from kyodo_geo.model.indicators import MANAGEMENT_LABELS
from kyodo_geo.present.classes import Category, Interval, class_of, classes_of
from kyodo_geo.present.map.payload import step_label, stored
from kyodo_geo.present.outline_paths import outline_paths
from kyodo_geo.present.tables import number_text

WIDTH = 500  # units of a drawing
TOLERANCE = WIDTH / 250  # two pixels where a map is shown at its usual width
MARGIN = 4
FICTIONAL_BAND = "架空 — 体験用データ。実際の数字ではありません"
_INK, _LINE, _GREY = "#1F2933", "#7B8794", "#8A96A3"
_RISING, _FALLING = "M0 9L9 0M-1 1L1 -1M8 10L10 8", "M0 0L9 9M-1 8L1 10M8 -1L10 1"
_KEPT = " ='/:;,.()-"  # what an address may hold as it is; # % < > must be written otherwise

Classes = Sequence[Interval | Category]


@dataclass(frozen=True)
class _Look:
    """What all maps of a set share: the outlines as paths, their height, the classes and what is said in words."""

    paths: Mapping[str, str]
    height: int
    classes: Classes
    weak_text: str


def small_maps(
    shapes: gpd.GeoSeries, figures: Sequence[Figures], *, columns: int, weak_below: int = 100
) -> str:
    """Return an HTML fragment with one map for each of the figures, which are the years of ONE indicator, oldest first.

    `shapes` are the outlines by district code in degrees; at most `columns` maps stand beside each other, fewer where
    there is no room. Classes are those of the large map over all these years. Unknown is hatched, and so is a rate of
    fewer than `weak_below` people, over its colour. Below a map stands the value of the city. Outlines are simplified
    together (Visvalingam and Whyatt 1993), so that neighbours still meet. No figures, no fragment: an empty text.
    """
    if not figures:
        return ""
    paths, height = outline_paths(shapes, width=WIDTH, margin=MARGIN, tolerance=TOLERANCE)
    look = _Look(paths, height, classes_of(figures), f"{weak_below}人未満から計算した率")
    item = figures[0].indicator
    unit = f"({item.unit})" if item.unit else ""
    band = any("架空" in {one.mark, one.whole_mark} for one in figures)
    room = f"max(180px,calc((100% - {16 * (columns - 1)}px)/{columns}))"
    maps = "".join(_map(one, look) for one in figures)
    return (
        f'<section class="kg-small-maps" aria-label="{escape(f"{item.label}{unit}の年ごとの地図")}">'
        f"{_BAND if band else ''}"
        f'<p style="margin:0 0 4px;font-weight:700">{escape(item.label + unit)}</p>'
        f'<div style="display:grid;gap:12px 16px;grid-template-columns:repeat(auto-fill,minmax({room},1fr))">{maps}</div>'
        f"{_legend(figures, look)}</section>"
    )


_BAND = (
    '<p style="margin:0 0 8px;padding:3px 12px;border:1px solid #E3B583;background:#FDF1E3;color:#7A2E05;'
    f'font-weight:700;text-align:center;print-color-adjust:exact">{FICTIONAL_BAND}</p>'
)


def _map(figures: Figures, look: _Look) -> str:
    item = figures.indicator
    year = step_label(figures)
    subject = figures.title if figures.title != item.label else ""
    whole = _text(figures, figures.city)
    mark = _mark(figures.mark)
    city_mark = _mark(figures.whole_mark) if stored(figures, figures.city) is not None else ""
    words = f"{figures.title} {year}。市全体 {whole}。{_spoken(figures, look)}"
    return (
        '<figure style="margin:0">'
        f'<figcaption style="font-size:14px">{escape(year)}{mark}'
        f'<span style="color:#52606D"> {escape(subject)}</span></figcaption>'
        f'<img alt="{escape(words)}" src="{_address(_drawing(figures, look, words))}" '
        'style="display:block;width:100%;height:auto">'
        f'<p style="margin:0;font-size:14px">市全体 <strong>{escape(whole)}</strong>{city_mark}</p></figure>'
    )


def _mark(word: str) -> str:
    style = "margin-left:6px;padding:0 5px;border:1px dashed #52606D;border-radius:3px;color:#52606D;font-size:12px"
    return f'<span style="{style}">{word}</span>' if word else ""


def _drawing(figures: Figures, look: _Look, words: str) -> str:
    patterns: dict[str, str] = {}
    paths = "".join(_district(figures, code, look, patterns) for code in figures.districts)
    title = escape(words)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {look.height}' width='{WIDTH}' "
        f"height='{look.height}' role='img' aria-label='{title}'><title>{title}</title>"
        f"<defs>{''.join(patterns.values())}</defs><g stroke='{_LINE}' stroke-linejoin='round' fill-rule='evenodd'>"
        f"{paths}</g></svg>"
    )


def _district(figures: Figures, code: str, look: _Look, patterns: dict[str, str]) -> str:
    value = stored(figures, figures.districts[code])
    found = None if value is None else class_of(look.classes, value)
    kind = "unknown" if value is None else found.pattern if isinstance(found, Category) else "fill"
    color = found.color if found else "#FFFFFF"
    if value is not None and code in figures.weak:
        kind = "weak"
    return f"<path d='{look.paths[code]}' fill='{_fill(kind, color, patterns)}'/>"


def _fill(kind: str, color: str, patterns: dict[str, str]) -> str:
    """Return a colour, or the address of a pattern that is put into `patterns` by its id."""
    if kind == "fill":
        return color
    name = f"{kind}{color[1:]}"
    drawn = {
        "unknown": f"{_ground('#F1F3F5')}{_stroke(_RISING, 1.4, _GREY)}",
        "weak": f"{_ground(color)}{_stroke(_FALLING, 2.8, '#FFFFFF')}{_stroke(_FALLING, 1.3, _INK)}",
        "hatch": f"{_ground('#FFFFFF')}{_stroke(_FALLING, 2.6, color)}",
        "hollow": f"{_ground('#FFFFFF')}<circle cx='4.5' cy='4.5' r='1.3' fill='{_GREY}'/>",
    }[kind]
    patterns[name] = (
        f"<pattern id='{name}' width='9' height='9' patternUnits='userSpaceOnUse'>{drawn}</pattern>"
    )
    return f"url(#{name})"


def _ground(color: str) -> str:
    return f"<rect width='9' height='9' fill='{color}'/>"


def _stroke(path: str, width: float, color: str) -> str:
    return f"<path d='{path}' fill='none' stroke='{color}' stroke-width='{width}'/>"


def _address(drawing: str) -> str:
    return f"data:image/svg+xml,{quote(drawing, safe=_KEPT)}"


def _spoken(figures: Figures, look: _Look) -> str:
    """Say how many districts are in each class, and how many are unknown or weak."""
    values = [stored(figures, value) for value in figures.districts.values()]
    tally = Counter(None if value is None else class_of(look.classes, value) for value in values)
    unit = figures.indicator.unit
    said = [f"{_range(figures, one)}{unit} {tally[one]}地区" for one in look.classes if tally[one]]
    unknown = sum(value is None for value in values)
    said += [f"不明 {unknown}地区"] if unknown else []
    said += [f"{look.weak_text} {len(figures.weak)}地区"] if figures.weak else []
    return "、".join(said)


def _legend(figures: Sequence[Figures], look: _Look) -> str:
    rows = [(_look_of(one), one.color, _range(figures[0], one)) for one in look.classes]
    if any(stored(one, value) is None for one in figures for value in one.districts.values()):
        rows.append(("unknown", "#FFFFFF", "不明"))
    if any(one.weak for one in figures):
        rows.append(("weak", "#B8C4CE", f"斜線: {look.weak_text}"))
    items = "".join(
        f'<li style="display:flex;align-items:center;gap:6px">{_swatch(kind, color)}<span>{escape(text)}</span></li>'
        for kind, color, text in rows
    )
    unit = figures[0].indicator.unit
    head = f"凡例({unit}、以上 〜 未満)" if unit else "凡例"
    return (
        f'<p style="margin:8px 0 2px;font-size:13px;color:#52606D">{escape(head)}</p>'
        f'<ul style="display:flex;flex-wrap:wrap;gap:2px 16px;margin:0;padding:0;list-style:none;font-size:13px">{items}</ul>'
    )


def _look_of(one: Interval | Category) -> str:
    return one.pattern if isinstance(one, Category) else "fill"


def _swatch(kind: str, color: str) -> str:
    patterns: dict[str, str] = {}
    fill = _fill(kind, color, patterns)
    drawing = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 44 28' width='44' height='28'><defs>{''.join(patterns.values())}"
        f"</defs><rect x='1' y='1' width='42' height='26' fill='{fill}' stroke='{_LINE}'/></svg>"
    )
    return f'<img alt="" width="22" height="14" src="{_address(drawing)}">'


def _text(figures: Figures, value: object) -> str:
    """Write a value with its unit; a text passes, a status is called by its name, anything else is 不明."""
    item = figures.indicator
    if isinstance(value, int | float):
        return number_text(value, decimals=item.decimals, signed=item.kind == "diverging", unit=item.unit)
    return MANAGEMENT_LABELS.get(value, value) if isinstance(value, str) else "不明"


def _range(figures: Figures, one: Interval | Category) -> str:
    if isinstance(one, Category):
        return one.label
    signed, least = figures.indicator.kind == "diverging", figures.indicator.decimals
    return " 〜 ".join(
        number_text(edge, decimals=_decimals(edge, least), signed=signed) for edge in (one.low, one.high)
    )


def _decimals(edge: float, least: int) -> int:
    """Return as many decimals as a bound needs, at least those of the indicator."""
    return next((digits for digits in range(least, least + 4) if round(edge, digits) == edge), least + 4)
