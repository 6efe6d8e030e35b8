"""Figures: an indicator in a year with its values at three levels, and the plain facts shown beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kyodo_geo.model.indicators import Indicator, Value
from kyodo_geo.provenance import Basis, Source


@dataclass(frozen=True)
class Figures:
    """One indicator in one year: the value of each district, each area and the city, and where they come from.

    `basis` speaks of the districts, whose lines are ours; `whole_basis` of areas and city, which do not need them.
    """

    indicator: Indicator
    year: int
    before: int
    reference_date: str
    districts: Mapping[str, Value]
    areas: Mapping[str, Value]
    city: Value
    caution: str
    basis: Basis
    whole_basis: Basis
    sources: tuple[Source, ...]

    @property
    def title(self) -> str:
        """The indicator's label; a change names both years."""
        return self.indicator.title(self.year, self.before)

    @property
    def day(self) -> date:
        """The day the figures speak of."""
        return date.fromisoformat(self.reference_date)

    @property
    def estimated(self) -> bool:
        """Whether the district values are no better than an estimate."""
        return self.basis >= Basis.ESTIMATED


@dataclass(frozen=True)
class Fact:
    """A labelled sentence about a district; `unknown` marks what nobody has published."""

    label: str
    text: str
    unknown: bool = False


@dataclass(frozen=True)
class MapPoint:
    """A place with a known point: kind is centre, branch or station."""

    kind: str
    name: str
    lon: float
    lat: float
    note: str
