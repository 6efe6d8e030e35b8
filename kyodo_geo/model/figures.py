"""Figures: an indicator in a year with its values at three levels, and the plain facts shown beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kyodo_geo.model.indicators import Indicator, Value
from kyodo_geo.provenance import Basis, Source, mark_of


@dataclass(frozen=True)
class Figures:
    """One indicator in one year: the value of each district, each area and the city, and where they come from.

    `basis` speaks of the districts, whose lines are ours; `whole_basis` of areas and city, which do not need them.
    Where the map has an `Axis`, `year` is a step of it (500 for 500 m) and `step_label` its words: empty for a figure
    that has no step of its own, such as a mean; None writes the calendar year of the day. `weak` are the districts whose
    rate stands on too few people to be read closely; `rank_ranges` the places (first, last) each district can have,
    largest first, where some are weak.
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
    step_label: str | None = None
    weak: frozenset[str] = frozenset()
    rank_ranges: Mapping[str, tuple[int, int]] | None = None

    @property
    def title(self) -> str:
        """The indicator's label; a change names both years."""
        return self.indicator.title(self.year, self.before)

    @property
    def day(self) -> date:
        """The day the figures speak of; the last of the year where only the year is known."""
        try:
            return date.fromisoformat(self.reference_date)
        except ValueError:
            return date(self.year, 12, 31)

    @property
    def estimated(self) -> bool:
        """Whether the district values are no better than an estimate."""
        return self.basis >= Basis.ESTIMATED

    @property
    def mark(self) -> str:
        """The word beside a district's value: 推計, 架空, or none."""
        return mark_of(self.basis)

    @property
    def whole_mark(self) -> str:
        """The word beside the value of an area or of the city."""
        return mark_of(self.whole_basis)


@dataclass(frozen=True)
class Fact:
    """A labelled sentence about a district; `unknown` marks what nobody has published."""

    label: str
    text: str
    unknown: bool = False


@dataclass(frozen=True)
class MapPoint:
    """A place with a known point: kind is centre, branch, station, shelter, clinic, stop, vacant or own.

    `code` names it in what the reader does to it; `state` is closed, opened or moved in a what-if, unfit where it is not
    counted in a disaster, else empty; `town`
    says that the point is that of its 大字 and stands for an unknown one; `color` (#RRGGBB) is that of a class of stops,
    which `PlaceClass` explains; `lines` are further lines of its tooltip.
    """

    kind: str
    name: str
    lon: float
    lat: float
    note: str
    code: str = ""
    state: str = ""
    town: bool = False
    color: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceClass:
    """A row of the key of places: those of a kind in a colour, and what the colour says."""

    kind: str
    color: str
    label: str


@dataclass(frozen=True)
class Axis:
    """What the steps of the figures are instead of years: a distance or a time, moved with a slider."""

    label: str
    unit: str
    kind: str = "slider"


@dataclass(frozen=True)
class DemandPoint:
    """Some people at a place: how far the nearest `to` is, None where nothing can be reached.

    `before` is the distance before a what-if (None: out of reach then); `compared` says that there is one.
    """

    lon: float
    lat: float
    people: float
    distance: float | None
    name: str
    district: str
    to: str = ""
    before: float | None = None
    compared: bool = False


@dataclass(frozen=True)
class DemandLayer:
    """The people on the map: what a point is (`label`), what is counted in which unit, and which distance it is."""

    label: str
    unit: str
    counted: str
    points: tuple[DemandPoint, ...]
    distance_label: str
    distance_unit: str = "m"


@dataclass(frozen=True)
class MapActs:
    """What a reader may try on the map: close a place, put a new one, move one."""

    close: bool = False
    open: bool = False
    move: bool = False
