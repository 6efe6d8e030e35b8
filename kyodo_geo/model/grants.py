"""A grant run: an allocation with the population it stands on, its status, and every step in words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kyodo_geo.model.allocation import Allocation, Leftover, Line
from kyodo_geo.model.amounts import exact_text
from kyodo_geo.provenance import Basis, Source

TRIAL = "試算"


@dataclass(frozen=True)
class PopulationUsed:
    """Which people were counted: the title of the source, its day, how they were counted and the figure's basis."""

    title: str
    reference_date: str
    counted_by: str
    basis: Basis
    sources: tuple[Source, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Step:
    """One named step of a line: what it is, the exact amount, and the rule in words."""

    id: str
    label: str
    exact: Fraction
    how: str


@dataclass(frozen=True)
class GrantRun:
    """An allocation over units with its population; a run of this version is always a trial (試算)."""

    allocation: Allocation
    population: PopulationUsed
    status: str = TRIAL


def steps(allocation: Allocation, line: Line) -> tuple[Step, ...]:
    """Return the steps of one line in the order they are computed, ending in its total.

    均等割, 地域割 before rounding, 地域割 after rounding, a remainder handed out (only by that method), total.
    """
    terms = allocation.terms
    people = sum(other.unit.population for other in allocation.lines)
    handed = [
        Step(
            "remainder",
            "端数の配分",
            Fraction(line.remainder_yen),
            "残りを端数の大きい順に1単位ずつ(同じなら小さいコード)",
        )
    ]
    return (
        Step("equal_before_rounding", "均等割(端数処理前)", line.equal_exact, _equal_words(allocation)),
        Step("equal", "均等割", Fraction(line.equal_yen), _rounded_words(allocation)),
        Step(
            "population_before_rounding",
            "地域割(端数処理前)",
            line.population_exact,
            _population_words(allocation, line, people),
        ),
        Step(
            "population_rounded",
            "地域割(端数処理後)",
            Fraction(line.population_rounded_yen),
            terms.rounding.label,
        ),
        *(handed if terms.leftover is Leftover.LARGEST_REMAINDER else []),
        Step("total", "合計", Fraction(line.total_yen), "均等割 + 地域割"),
    )


def _equal_words(allocation: Allocation) -> str:
    terms, number = allocation.terms, len(allocation.lines)
    if terms.equal_yen is not None:
        return "入力した額"
    percent = exact_text(terms.equal_percent or Fraction(0))
    return f"予算 {terms.budget_yen:,} 円 × {percent} % ÷ {number}"


def _rounded_words(allocation: Allocation) -> str:
    return "入力した額のまま" if allocation.terms.equal_yen is not None else allocation.terms.rounding.label


def _population_words(allocation: Allocation, line: Line, people: int) -> str:
    terms = allocation.terms
    if terms.per_head_yen is not None:
        return f"{exact_text(terms.per_head_yen)} 円 × {line.unit.population:,} 人"
    pot = sum((other.population_exact for other in allocation.lines), Fraction(0))
    return f"地域割の総額 {exact_text(pot)} 円 × {line.unit.population:,} 人 ÷ {people:,} 人"
