"""How each programme went in each fiscal year, from what staff entered and what the tool works out itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.changes import Change, Entered, first_day, standing
from kyodo_geo.model.programmes.plan import COMPUTED, Plan, Programme
from kyodo_geo.provenance import Unknown

Number = int | Decimal | Fraction
Computed = Mapping[str, Mapping[int, Number | Unknown]]
NO_RECORD = Unknown("記録なし")
NOT_COMPUTED = Unknown("計算の材料なし")
NOTHING_COMPUTED: Computed = MappingProxyType({})


@dataclass(frozen=True)
class Figure:
    """A figure with its unit; `automatic` when the tool worked it out, else as staff entered it (no label)."""

    label: str
    value: Number | Unknown
    unit: str
    automatic: bool

    @property
    def mark(self) -> str:
        """The word beside the figure: 自動, or none."""
        return "自動" if self.automatic else ""


@dataclass(frozen=True)
class Progress:
    """What is recorded of a programme in a fiscal year; a part that nobody stated is Unknown, never blank or late.

    `seqs` are the numbers of the changes it rests on and `sources` what those name, both in the order of entry.
    """

    programme: int
    year: int
    planned: str | Unknown
    done: str | Unknown
    evidence: str | Unknown
    figure: Figure | Unknown
    assessment: str | Unknown
    next_step: str | Unknown
    seqs: tuple[int, ...]
    sources: tuple[str, ...]


States = Mapping[tuple[int, int], Progress | Unknown]


def fiscal_year_of(change: Change) -> int:
    """Return the fiscal year that a change speaks of."""
    return FiscalYear.of(first_day(change.since)).year


def progress_of(plan: Plan, entries: Sequence[Entered]) -> States:
    """Return the state of each programme of the plan in each of its years, by (programme, fiscal year).

    Only what stands counts. Where several changes speak of the same programme and year, each part comes from the one
    of the latest day that states it, and of two of one day from the one entered later. No change: Unknown("記録なし").
    """
    by_subject: dict[tuple[str, int], list[Entered]] = {}
    for one in standing(entries):
        if one.change.kind == "progress":
            by_subject.setdefault((one.change.subject, fiscal_year_of(one.change)), []).append(one)
    states: dict[tuple[int, int], Progress | Unknown] = {}
    for programme in plan.programmes:
        for year in plan.years:
            found = by_subject.get((plan.subject(programme.no), year.year), [])
            states[programme.no, year.year] = _united(programme.no, year.year, found) if found else NO_RECORD
    return states


def figures_of(
    programme: Programme, year: int, state: Progress | Unknown, *, computed: Computed = NOTHING_COMPUTED
) -> tuple[Figure, ...]:
    """Return the figures of a programme in a year: those worked out first, then the one staff entered, if any.

    `computed` holds values by key (see `Programme.figure_keys`) and fiscal year; one not handed in is Unknown.
    """
    found = [
        Figure(label, computed.get(handed, {}).get(year, NOT_COMPUTED), unit, automatic=True)
        for key, handed in programme.figure_keys
        for label, unit in (COMPUTED[key],)
    ]
    if isinstance(state, Progress) and isinstance(state.figure, Figure):
        found.append(state.figure)
    return tuple(found)


def _united(programme: int, year: int, found: Sequence[Entered]) -> Progress:
    newest = sorted(found, key=lambda one: (first_day(one.change.since), one.seq), reverse=True)

    def stated(key: str) -> str | Unknown:
        return next((one.change.values[key] for one in newest if key in one.change.values), NO_RECORD)

    figures = [one.change.values for one in newest if "figure" in one.change.values]
    return Progress(
        programme=programme,
        year=year,
        planned=stated("planned"),
        done=stated("done"),
        evidence=stated("evidence"),
        figure=_entered_figure(figures[0]) if figures else NO_RECORD,
        assessment=stated("assessment"),
        next_step=stated("next"),
        seqs=tuple(sorted(one.seq for one in found)),
        sources=tuple(dict.fromkeys(one.change.source for one in sorted(found, key=lambda one: one.seq))),
    )


def _entered_figure(values: Mapping[str, str]) -> Figure:
    return Figure("", Decimal(values["figure"]), values.get("figure_unit", ""), automatic=False)
