"""Stacked bars as HTML: what each part adds to a whole, sure parts filled and unsure parts hatched; texts are escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

# After Okabe and Ito (2008), dark enough to be told apart from white; a letter stands on each part as well
COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#8A7A00", "#52606D")


@dataclass(frozen=True)
class Bar:
    """One bar: what stands before it, after it, and its parts (low, high) in the order of the legend."""

    before: str
    label: str
    after: str
    parts: tuple[tuple[float, float], ...]


def part_letter(at: int) -> str:
    """Return the letter of a part: A, B, C …"""
    return chr(ord("A") + at % 26)


def stacked_bars(bars: Sequence[Bar], legend: Sequence[str], *, caption: str, most: float = 100) -> str:
    """Return a list of bars, `most` being the full width; each part carries the letter its legend explains.

    What is sure of a part is filled; what is only possible (from low to high) follows hatched.
    """
    key = "".join(
        f'<li><span class="kg-part" style="background:{_color(at)}">{part_letter(at)}</span> {escape(name)}</li>'
        for at, name in enumerate(legend)
    )
    rows = "".join(_row(bar, legend, most) for bar in bars)
    return (
        f'<figure class="kg-stack" role="group" aria-label="{escape(caption)}"><figcaption>{escape(caption)}</figcaption>'
        f'<ul class="kg-stack-key">{key}</ul><ol class="kg-stack-rows">{rows}</ol></figure>'
    )


def _row(bar: Bar, legend: Sequence[str], most: float) -> str:
    said = "、".join(
        f"{name} {low:.1f}" + (f"～{high:.1f}" if high - low > 0.05 else "")
        for name, (low, high) in zip(legend, bar.parts, strict=True)
    )
    parts = "".join(_part(at, low, high, most) for at, (low, high) in enumerate(bar.parts))
    return (
        f'<li><span class="kg-stack-before">{escape(bar.before)}</span><span class="kg-stack-label">{escape(bar.label)}</span>'
        f'<span class="kg-stack-bar" role="img" aria-label="{escape(said)}" title="{escape(said)}">{parts}</span>'
        f'<span class="kg-stack-after">{escape(bar.after)}</span></li>'
    )


def _part(at: int, low: float, high: float, most: float) -> str:
    sure, open_end = 100 * low / most, 100 * (high - low) / most
    letter = part_letter(at) if sure >= 3 else ""
    filled = f'<span class="kg-part" style="width:{sure:.2f}%;background:{_color(at)}">{letter}</span>'
    hatch = f"repeating-linear-gradient(45deg,{_color(at)} 0 2px,#fff 2px 6px)"
    hatched = f'<span class="kg-part" style="width:{open_end:.2f}%;background:{hatch}"></span>'
    return (filled if sure > 0 else "") + (hatched if open_end > 0.05 else "")


def _color(at: int) -> str:
    return COLORS[at % len(COLORS)]
