"""Before and after a transfer: means by year relative to it, over the centres whose day and figures are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from statistics import fmean

from kyodo_geo.errors import InputRefused
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.provenance import Unknown

# Which centres are compared is no chance: this stands beside every figure
CAVEAT = (
    "どのセンターが先に指定管理へ移ったかは、偶然ではありません(体制の整った地域から順に移っています)。"
    "前後の差は移行の効果とは言えず、年ごとに数えたセンターも同じではありません。"
)
NOBODY = "値のあるセンターがない"


@dataclass(frozen=True)
class Step:
    """A year relative to the transfer (0 is its fiscal year): the mean, and the centres it is the mean of."""

    offset: int
    mean: float | Unknown
    centres: tuple[str, ...]

    @property
    def n(self) -> int:
        """How many centres the mean is of."""
        return len(self.centres)


@dataclass(frozen=True)
class BeforeAfter:
    """The steps in order, the centres left out for want of a known start, and the caveat that belongs beside them."""

    steps: tuple[Step, ...]
    without_start: tuple[str, ...]
    caveat: str = CAVEAT


def before_after(
    values: Mapping[str, Mapping[int, float | Unknown]],
    starts: Mapping[str, date | Unknown],
    *,
    reach: int = 3,
    same_centres: bool = False,
) -> BeforeAfter:
    """Return the mean of each year from -reach to +reach around the transfer, in the unit of the values.

    `values` are by centre and fiscal year; a year that is missing or Unknown is left out of its step alone, and a step
    without any centre is Unknown. With `same_centres` only centres with a figure in every step count, so that the steps
    are means of the same ones. Raises InputRefused for a figure that is no number and for a reach below 1.
    """
    if reach < 1:
        raise InputRefused(f"前後の年数は 1 以上です。「{reach}」は使えません。", todo="年数を直してください")
    offsets = range(-reach, reach + 1)
    years = {
        code: FiscalYear.of(start).year
        for code in values
        if not isinstance(start := starts.get(code, Unknown("記録なし")), Unknown)
    }
    found = {code: _around(values[code], year, offsets, code) for code, year in years.items()}
    if same_centres:
        found = {code: row for code, row in found.items() if len(row) == len(offsets)}
    steps = tuple(_step(offset, found) for offset in offsets)
    return BeforeAfter(steps, tuple(code for code in values if code not in years))


def _around(row: Mapping[int, float | Unknown], year: int, offsets: range, code: str) -> dict[int, float]:
    known: dict[int, float] = {}
    for offset in offsets:
        value = row.get(year + offset)
        if value is None or isinstance(value, Unknown):
            continue
        if not isfinite(value):
            raise InputRefused(
                f"センター {code} の {FiscalYear(year + offset).label}の値「{value}」は数ではありません。",
                todo="分からない年は値を書かないでください",
            )
        known[offset] = value
    return known


def _step(offset: int, found: Mapping[str, Mapping[int, float]]) -> Step:
    rows = {code: row[offset] for code, row in found.items() if offset in row}
    return Step(offset, fmean(rows.values()) if rows else Unknown(NOBODY), tuple(rows))
