"""Rounding of yen: a unit and a direction, applied to exact fractions only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from kyodo_geo.errors import InputRefused

ROUNDING_UNITS = (1, 10, 100, 1_000, 10_000)


class Direction(StrEnum):
    """Which way a fraction of the rounding unit goes."""

    FLOOR = "floor"
    CEIL = "ceil"
    HALF_UP = "half-up"

    @property
    def label(self) -> str:
        """切り捨て, 切り上げ or 四捨五入."""
        return {"floor": "切り捨て", "ceil": "切り上げ", "half-up": "四捨五入"}[self.value]


@dataclass(frozen=True)
class Rounding:
    """A rounding unit in yen (1, 10, 100, 1,000 or 10,000) and a direction."""

    unit_yen: int = 1
    direction: Direction = Direction.FLOOR

    def __post_init__(self) -> None:
        if self.unit_yen not in ROUNDING_UNITS:
            allowed = "、".join(f"{unit:,}" for unit in ROUNDING_UNITS)
            raise InputRefused(
                f"端数処理の単位「{self.unit_yen}」円は使えません。", todo=f"{allowed} 円から選んでください"
            )

    def apply(self, exact_yen: Fraction) -> int:
        """Round an exact amount ≥ 0 to whole yen; exactly half a unit goes up under HALF_UP."""
        return self.apply_ratio(exact_yen.numerator, exact_yen.denominator)

    def apply_ratio(self, numerator: int, denominator: int) -> int:
        """Round numerator / denominator (≥ 0) to whole yen, in whole numbers only."""
        step = denominator * self.unit_yen
        whole, rest = divmod(numerator, step)
        up = (self.direction is Direction.CEIL and rest > 0) or (
            self.direction is Direction.HALF_UP and 2 * rest >= step
        )
        return (whole + up) * self.unit_yen

    @property
    def label(self) -> str:
        """100円未満切り捨て; at 1 yen: 1円未満切り捨て."""
        return f"{self.unit_yen:,}円未満{self.direction.label}"


TO_THE_YEN = Rounding()
