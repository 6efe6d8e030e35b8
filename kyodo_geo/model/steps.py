"""One step of the arithmetic, for all units at once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kyodo_geo.model.exact import Exact


@dataclass(frozen=True)
class StepColumn:
    """A step for all units: `kind` is measure, exact, yen, total or instalment; `term_id` names its term or add-on.

    `pot` is the sum that is divided by these weights, where one is.
    """

    id: str
    label: str
    kind: str
    values: Exact
    term_id: str = ""
    pot: Fraction | None = None
