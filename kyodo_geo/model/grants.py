"""A grant run: an allocation with its rule, its choices, the population it stands on, its checks and its status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kyodo_geo.model.allocation import Allocation
from kyodo_geo.model.check import Check
from kyodo_geo.model.scenario import Scenario
from kyodo_geo.provenance import Basis, Source, weakest
from kyodo_geo.rules.book import Rule

TRIAL, FROZEN = "試算", "確定"


@dataclass(frozen=True)
class PopulationUsed:
    """Which people were counted: the title of the source, its day, how they were counted and the figure's basis.

    `published_total` is the published sum of that day where there is one, with `published_reference`; `expected_codes`
    are the codes that must all be there, where a list of them is known.
    """

    title: str
    reference_date: str
    counted_by: str
    basis: Basis
    sources: tuple[Source, ...] = ()
    note: str = ""
    published_total: int | None = None
    published_reference: str = ""
    expected_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LastYear:
    """What each unit got last year, by code, and where that is from: a table, or a frozen run (`run_id`, and itself)."""

    title: str
    yen: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    run_id: str = ""
    run: GrantRun | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Frozen:
    """When and by whom a run was made final, under which short id, with what acknowledged."""

    run_id: str
    frozen_at: str
    frozen_by: str
    note: str = ""


@dataclass(frozen=True)
class GrantRun:
    """An allocation with everything that must stand beside it; `frozen` is None for a trial (試算)."""

    rule: Rule
    scenario: Scenario
    allocation: Allocation
    population: PopulationUsed
    checks: tuple[Check, ...] = ()
    last_year: LastYear | None = None
    frozen: Frozen | None = None

    @property
    def status(self) -> str:
        """試算 or 確定."""
        return FROZEN if self.frozen else TRIAL

    @property
    def run_id(self) -> str:
        """The short id of a frozen run; a trial has none."""
        return self.frozen.run_id if self.frozen else ""

    @property
    def basis(self) -> Basis:
        """The weakest basis of the population and of every value the formula used."""
        values = self.allocation.settled.values.values()
        given = [Basis.FICTIONAL] if self.scenario.example else []
        return weakest([self.population.basis, *(value.basis for value in values), *given])

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that failed: any of them blocks 確定."""
        return tuple(one for one in self.checks if one.outcome == "fail")
