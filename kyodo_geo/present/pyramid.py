"""A population pyramid as HTML without a script: the bars of one unit, the outlines of two wholes around it.

Men stand left, hatched; women right, dotted; so the two are told apart on a copy as well. All shares are of the unit's own
people of known age, so that a district can be laid against a city.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from kyodo_geo.present.line_chart import svg_image
from kyodo_geo.present.tables import Col, html_table, number_text

Shares = Sequence[tuple[str, float, float]]
_WIDTH, _MIDDLE, _BAR, _TOP, _BOTTOM = 420, 84, 18, 28, 46
_HALF = (_WIDTH - _MIDDLE) / 2 - 8
_MEN, _WOMEN, _INK = "#2670A8", "#B54708", "#1F2933"
_LINES = (("#1F2933", "5 3"), ("#1F2933", ""))
_FONT = "font-family='sans-serif' font-size='13'"
_PATTERNS = (
    f"<pattern id='m' width='7' height='7' patternUnits='userSpaceOnUse'><rect width='7' height='7' fill='#D7E6F2'/>"
    f"<path d='M0 7L7 0M-1 1L1 -1M6 8L8 6' stroke='{_MEN}' stroke-width='1.6'/></pattern>"
    f"<pattern id='f' width='6' height='6' patternUnits='userSpaceOnUse'><rect width='6' height='6' fill='#FBE3D0'/>"
    f"<circle cx='3' cy='3' r='1.4' fill='{_WOMEN}'/></pattern>"
)


@dataclass(frozen=True)
class Pyramid:
    """The shares of a unit: its name, and (label of the band, male, female) from the youngest up, in %."""

    name: str
    shares: tuple[tuple[str, float, float], ...]


def pyramid_chart(unit: Pyramid, around: Sequence[Pyramid], *, title: str) -> str:
    """Return the pyramid of a unit with the outlines of at most two wholes of the same bands (dashed, then drawn through)."""
    most = _most([unit, *around])
    height = _TOP + _BAR * len(unit.shares) + _BOTTOM
    words = f"{title}。{_spoken(unit)}"
    outlines = "".join(
        _outline(one.shares, most, *_LINES[at]) for at, one in enumerate(around[: len(_LINES)])
    )
    drawing = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH} {height}' role='img'><title>{escape(words)}</title>"
        f"<defs>{_PATTERNS}</defs><rect width='{_WIDTH}' height='{height}' fill='#FFFFFF'/>{_heads()}"
        f"{''.join(_band(row, one, most, len(unit.shares)) for row, one in enumerate(unit.shares))}{outlines}"
        f"{_axis(most, height)}</svg>"
    )
    key = "".join(_key(one.name, *_LINES[at]) for at, one in enumerate(around[: len(_LINES)]))
    return (
        f'<figure style="margin:8px 0"><figcaption style="font-weight:700">{escape(title)}</figcaption>'
        f'{svg_image(drawing, words)}<p style="margin:4px 0;font-size:14px">棒: {escape(unit.name)}(左 男 斜線、右 女 点)。{escape(unit.shares[-1][0])}は1本にまとめています<br>線:{key}</p></figure>'
    )


def pyramid_table(unit: Pyramid, around: Sequence[Pyramid], *, caption: str) -> str:
    """Return the same shares as an HTML table, the oldest band first as in the drawing."""
    everybody = [unit, *around]
    heads = [Col(f"{one.name} {sex}", number=True) for one in everybody for sex in ("男", "女")]
    rows = [
        [label, *(number_text(share, decimals=1) for one in everybody for share in one.shares[row][1:])]
        for row, (label, _, _) in reversed(list(enumerate(unit.shares)))
    ]
    return html_table([Col("年齢", heading=True, code=True), *heads], rows, caption=caption)


def _most(pyramids: Sequence[Pyramid]) -> float:
    """Return the end of the axis: the first even share not below the longest bar."""
    longest = max((share for one in pyramids for _, *both in one.shares for share in both), default=1.0)
    end = 2.0
    while end < longest:
        end += 2
    return end


def _heads() -> str:
    return (
        f"<text x='{_HALF / 2 + 8:.0f}' y='18' text-anchor='middle' {_FONT} fill='{_INK}' font-weight='700'>男</text>"
        f"<text x='{_WIDTH - _HALF / 2 - 8:.0f}' y='18' text-anchor='middle' {_FONT} fill='{_INK}' font-weight='700'>女</text>"
    )


def _band(row: int, share: tuple[str, float, float], most: float, count: int) -> str:
    label, men, women = share
    y = _TOP + _BAR * (count - 1 - row)
    left, right = _HALF * men / most, _HALF * women / most
    start = 8 + _HALF
    return (
        f"<rect x='{start - left:.1f}' y='{y + 1}' width='{left:.1f}' height='{_BAR - 2}' fill='url(#m)' stroke='{_MEN}'/>"
        f"<rect x='{start + _MIDDLE:.1f}' y='{y + 1}' width='{right:.1f}' height='{_BAR - 2}' fill='url(#f)' stroke='{_WOMEN}'/>"
        f"<text x='{_WIDTH / 2:.0f}' y='{y + _BAR - 4}' text-anchor='middle' {_FONT} fill='{_INK}'>{escape(label)}</text>"
    )


def _outline(shares: Shares, most: float, color: str, dash: str) -> str:
    return _steps([share[1] for share in shares], most, color, dash, sign=-1) + _steps(
        [share[2] for share in shares], most, color, dash, sign=1
    )


def _steps(values: Sequence[float], most: float, color: str, dash: str, *, sign: int) -> str:
    """Draw one side of an outline as steps, from the youngest up."""
    start = 8 + _HALF if sign < 0 else 8 + _HALF + _MIDDLE
    points = []
    for row, value in enumerate(values):
        bottom = _TOP + _BAR * (len(values) - row)
        x = start + sign * _HALF * value / most
        points += [f"{x:.1f},{bottom}", f"{x:.1f},{bottom - _BAR}"]
    points.append(f"{start:.1f},{_TOP}")
    dashed = f"stroke-dasharray='{dash}'" if dash else ""
    return f"<polyline points='{' '.join(points)}' fill='none' stroke='{color}' stroke-width='2' {dashed}/>"


def _axis(most: float, height: int) -> str:
    y = height - _BOTTOM
    ends = [
        (x, number_text(most * part))
        for part in (0.0, 0.5, 1.0)
        for x in (8 + _HALF - _HALF * part, 8 + _HALF + _MIDDLE + _HALF * part)
    ]
    texts = [
        f"<line x1='{x:.1f}' x2='{x:.1f}' y1='{y}' y2='{y + 5}' stroke='{_INK}'/>"
        f"<text x='{x:.1f}' y='{y + 20}' text-anchor='middle' {_FONT} fill='{_INK}'>{share}</text>"
        for x, share in ends
    ]
    return f"{''.join(texts)}<text x='{_WIDTH / 2:.0f}' y='{y + 38}' text-anchor='middle' {_FONT} fill='{_INK}'>年齢の分かる人に占める割合(%)</text>"


def _key(name: str, color: str, dash: str) -> str:
    style = "dashed" if dash else "solid"
    return (
        f'<span style="white-space:nowrap"> <span style="display:inline-block;width:28px;vertical-align:middle;'
        f'border-top:2px {style} {color}"></span> {escape(name)}</span>'
    )


def _spoken(unit: Pyramid) -> str:
    parts = "、".join(
        f"{label} 男 {number_text(men, decimals=1)} % 女 {number_text(women, decimals=1)} %"
        for label, men, women in reversed(unit.shares)
    )
    return f"{unit.name}: {parts}"
