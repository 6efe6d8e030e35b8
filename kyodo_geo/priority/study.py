"""A priority study: the figures a reader chose, their scores, and how much hangs on the weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.figures.levels import Levels
from kyodo_geo.model.figures import Figures
from kyodo_geo.model.indicators import REGISTRY, indicator
from kyodo_geo.model.priority.choice import Item, PriorityChoice
from kyodo_geo.model.priority.score import Column, Scores, score_units
from kyodo_geo.model.priority.sensitivity import Sensitivity, measure_sensitivity
from kyodo_geo.model.rates import interval_of
from kyodo_geo.provenance import Basis, Source, Unknown, unite, weakest

USUAL_WEIGHT = 10
# What the index begins with, as far as it is known: one indicator for each kind of load, so that none counts twice
_NUMBERS = tuple(one.id for one in REGISTRY if one.kind != "category")
_USUAL = ("population_change", "household_change", "vanishing_areas", "ageing_rate", "vacancy_rate")


@dataclass(frozen=True, eq=False)
class PriorityStudy:
    """Scores of the districts of a day by `choice`, from `figures` in the order of its items."""

    on: date
    choice: PriorityChoice
    figures: tuple[Figures, ...]
    scores: Scores
    sensitivity: Sensitivity

    @property
    def basis(self) -> Basis:
        """The weakest basis of the known figures that count."""
        known = (one.basis for one in self._counted if one.basis is not Basis.UNKNOWN)
        return weakest([Basis.DERIVED, *known])

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of the figures that count."""
        return unite(*(one.sources for one in self._counted))

    @property
    def _counted(self) -> list[Figures]:
        return [one for one, item in zip(self.figures, self.choice.items, strict=True) if item.weight]


def choosable(figures: Sequence[Figures]) -> tuple[Figures, ...]:
    """Return the newest figures of every indicator that is a number, also of those no district is known of."""
    newest: dict[str, Figures] = {}
    for one in figures:
        if one.indicator.kind != "category":
            newest[one.indicator.id] = one
    return tuple(newest.values())


def usual_choice(figures: Sequence[Figures]) -> PriorityChoice:
    """Return the choice to begin with: equal weights on the usual indicators of which some district is known."""
    known = {
        one.indicator.id: one
        for one in choosable(figures)
        if not all(isinstance(value, Unknown) for value in one.districts.values())
    }
    items = [
        Item(name, known[name].year, known[name].indicator.pressing or "high", USUAL_WEIGHT)
        for name in _USUAL
        if name in known
    ]
    first = next(iter(known.values()), None)
    if not items and first is not None:
        items = [Item(first.indicator.id, first.year, first.indicator.pressing or "high", USUAL_WEIGHT)]
    return PriorityChoice(tuple(items))


def priority_study(
    figures: Sequence[Figures], levels: Levels, choice: PriorityChoice, *, on: date
) -> PriorityStudy:
    """Return the study of a choice; InputRefused names every indicator that there is not."""
    chosen = _chosen(figures, choice)
    columns = [_column(one, levels) for one in chosen]
    scores = score_units(columns, choice)
    return PriorityStudy(on, choice, chosen, scores, measure_sensitivity(scores))


def _chosen(figures: Sequence[Figures], choice: PriorityChoice) -> tuple[Figures, ...]:
    """Return the figures of each item; an indicator of which there is no number at all is unknown everywhere."""
    require_known(choice)
    newest = {one.indicator.id: one for one in choosable(figures)}
    by_year = {(one.indicator.id, one.year): one for one in figures}
    found = (
        newest.get(item.indicator) if item.year is None else by_year.get((item.indicator, item.year))
        for item in choice.items
    )
    return tuple(one or _nothing(figures, item) for one, item in zip(found, choice.items, strict=True))


def require_known(choice: PriorityChoice) -> None:
    """Refuse a choice that names what is no numeric indicator of the registry (InputRefused, each by name)."""
    faults = [
        Fault(f"指標「{item.indicator}」はありません(数の指標から選びます)", column="items")
        for item in choice.items
        if item.indicator not in _NUMBERS
    ]
    if faults:
        todo = f"次から選んでください: {'、'.join(_NUMBERS)}"
        raise InputRefused("優先度に選んだ指標がありません。", faults=faults, todo=todo)


def _nothing(figures: Sequence[Figures], item: Item) -> Figures:
    """Return the figures of an indicator whose table is not open, or of a year that has none: unknown in every district."""
    like, why = figures[0], Unknown("表を開いていないか、この年の数字がない")
    return Figures(
        indicator=indicator(item.indicator),
        year=item.year or like.year,
        before=item.year or like.year,
        reference_date="数字なし",
        districts=dict.fromkeys(like.districts, why),
        areas=dict.fromkeys(like.areas, why),
        city=why,
        caution="",
        basis=Basis.UNKNOWN,
        whole_basis=Basis.UNKNOWN,
        sources=(),
    )


def _column(figures: Figures, levels: Levels) -> Column:
    item, year = figures.indicator, figures.year
    values = {code: _number(value) for code, value in figures.districts.items()}
    intervals: Mapping[str, tuple[float, float]] = {
        code: interval_of(item, levels.districts[code], year, value)
        for code, value in values.items()
        if code in figures.weak and not isinstance(value, Unknown)
    }
    return Column(item.id, figures.title, item.unit, values, year=year, intervals=intervals)


def _number(value: float | str | Unknown) -> float | Unknown:
    return Unknown("数ではない") if isinstance(value, str) else value
