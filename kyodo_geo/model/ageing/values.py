"""People by age: bands, and a table of units × bands for both sexes together and, where known, for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from kyodo_geo.errors import InputRefused

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, order=True)
class Band:
    """Ages from `low` to `high` in whole years, both included; `high` None is open (85 and over)."""

    low: int
    high: int | None

    @property
    def label(self) -> str:
        """The band in words: 65～69歳, 85歳以上."""
        return f"{self.low}歳以上" if self.high is None else f"{self.low}～{self.high}歳"


def require_tiling(bands: Sequence[Band]) -> None:
    """Refuse bands that do not cover every age from 0 once, ascending, the last one open (InputRefused names the fault)."""
    if not bands or bands[0].low != 0 or bands[-1].high is not None:
        raise InputRefused("年齢の区分は 0 歳から始まり、最後は「○歳以上」でなければなりません。")
    for before, after in pairwise(bands):
        if before.high is None or after.low != before.high + 1:
            raise InputRefused(
                f"年齢の区分「{before.label}」の次が「{after.label}」です。すき間か重なりがあります。"
            )


@dataclass(frozen=True, eq=False)
class AgeTable:
    """People of n units in m bands: `both`, `male`, `female` are (n, m) and `unknown_age` (n,), people of no known age.

    Bands tile all ages. `male` and `female` are None where the table does not tell the sexes apart; else they add up
    to `both` (people of unknown age apart). Numbers are whole where a unit is counted itself, fractions where a merged
    group was shared out.
    """

    units: tuple[str, ...]
    bands: tuple[Band, ...]
    both: Floats
    unknown_age: Floats
    male: Floats | None = None
    female: Floats | None = None

    @property
    def top(self) -> int:
        """The first age of the open band: 75, 85, 100."""
        return self.bands[-1].low

    @property
    def total(self) -> Floats:
        """People of each unit, those of unknown age included: (n,)."""
        total: Floats = self.both.sum(axis=1) + self.unknown_age
        return total

    def at(self, low: int, high: int | None) -> Floats | None:
        """Return the people of ages low to high (None: and over) of each unit (n,); None when the bands do not tile it."""
        inside = [band.low >= low and _ends_by(band, high) for band in self.bands]
        chosen = [band for band, wanted in zip(self.bands, inside, strict=True) if wanted]
        if not chosen or chosen[0].low != low or chosen[-1].high != high:
            return None
        found: Floats = self.both[:, inside].sum(axis=1)
        return found


def _ends_by(band: Band, high: int | None) -> bool:
    return high is None or (band.high is not None and band.high <= high)
