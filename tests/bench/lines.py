"""What a benchmark prints: a measured value beside its bar, and ours beside a peer's."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A measured value, in the unit of its bar; `note` says how it was measured."""

    what: str
    value: float | None
    unit: str
    bar: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Say whether the bar is met; nothing where there is no bar or no value."""
        if self.value is None:
            return "not run"
        if self.bar is None:
            return ""
        return "ok" if self.value <= self.bar else "ABOVE"


@dataclass(frozen=True)
class Ratio:
    """Ours and a peer's on the same input, in the same run; times are compared, texts stand side by side."""

    what: str
    peer: str
    ours: float | str
    theirs: float | str
    unit: str = ""
    note: str = ""

    @property
    def ratio(self) -> str:
        """Return how many times ours the peer's is."""
        if isinstance(self.ours, str) or isinstance(self.theirs, str):
            return ""
        return f"{self.theirs / self.ours:.1f}x"


def missing(what: str, error: ImportError) -> Line:
    """Return the line of something that is not installed."""
    return Line(what, None, "", note=f"left out, not installed: {error.name or error}")


def median_ms(act: Callable[[], object], *, times: int = 7, warm: int = 1) -> float:
    """Return the median duration of a call in ms, after some calls that do not count."""
    for _ in range(warm):
        act()
    durations = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        durations.append(time.perf_counter() - start)
    return statistics.median(durations) * 1000


def lines_text(lines: Sequence[Line]) -> str:
    """Return the bars of the issue beside what was measured."""
    rows = [f"{'measured':<52}{'value':>10}{'bar':>9}  {'':<8}how"]
    for one in lines:
        value = "-" if one.value is None else f"{one.value:.4g} {one.unit}"
        bar = "" if one.bar is None else f"≤ {one.bar:g}"
        rows.append(f"{one.what:<52}{value:>10}{bar:>9}  {one.verdict:<8}{one.note}")
    return "\n".join(rows)


def ratios_text(ratios: Sequence[Ratio]) -> str:
    """Return ours beside each peer."""
    rows = [f"{'on the same input':<42}{'peer':<18}{'ours':>16}{'peer':>18}{'peer/ours':>11}  note"]
    for one in ratios:
        ours, theirs = (_text(value, one.unit) for value in (one.ours, one.theirs))
        rows.append(f"{one.what:<42}{one.peer:<18}{ours:>16}{theirs:>18}{one.ratio:>11}  {one.note}")
    return "\n".join(rows)


def _text(value: float | str, unit: str) -> str:
    return value if isinstance(value, str) else f"{value:.4g} {unit}"
