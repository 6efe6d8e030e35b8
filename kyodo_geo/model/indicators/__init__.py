"""The registry of indicators: id, Japanese label, unit, direction, years, definition and function.

Every function takes the counts of one unit (a district, an area or the city alike), so the same code gives
the three figures that are always shown together.
"""

from kyodo_geo.model.indicators.counts import (
    AGE_GROUPS,
    MANAGEMENT_LABELS,
    Homes,
    UnitCounts,
    describe_management,
    sum_counts,
)
from kyodo_geo.model.indicators.registry import REGISTRY, indicator
from kyodo_geo.model.indicators.values import Indicator, Value

__all__ = [
    "AGE_GROUPS", "MANAGEMENT_LABELS", "REGISTRY", "Homes", "Indicator", "UnitCounts", "Value", "describe_management",
    "indicator", "sum_counts",
]  # fmt: skip
