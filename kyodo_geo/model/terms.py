"""The terms of a formula: for each the exact amounts, its own floor and cap (in whole rounding units), its own rounding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.exact import Exact, bounded
from kyodo_geo.model.measures import Unit, measure_label, weights
from kyodo_geo.model.protection import limit_values, taken_down, taken_up
from kyodo_geo.model.steps import StepColumn
from kyodo_geo.rules.formula import Addon, Amount, How, Kind, Term
from kyodo_geo.rules.settled import Settled


@dataclass(frozen=True)
class Terms:
    """All terms done: the steps as columns, the amounts by term id, and their sum with the add-ons.

    `computed` is the sum before any rounding; `rounded_away` what the terms' own roundings took off (negative: added);
    `cut_total` what rounding the total took off the budget; `open_term` the rest term whose rounding is still to come.
    """

    columns: tuple[StepColumn, ...]
    by_id: Mapping[str, Exact]
    total: Exact
    computed: Exact
    rounded_away: Fraction
    cut_total: Fraction
    open_term: Term | None


class _Work:
    """The columns and amounts gathered while the terms are done one after the other."""

    def __init__(self, units: Sequence[Unit], settled: Settled, *, may_overdraw: bool) -> None:
        self.units, self.settled, self.may_overdraw = units, settled, may_overdraw
        self.columns: list[StepColumn] = []
        self.exact: dict[str, Exact] = {}
        self.done: dict[str, Exact] = {}
        self.open_term: Term | None = None


def compute_terms(units: Sequence[Unit], settled: Settled, *, may_overdraw: bool = False) -> Terms:
    """Compute every term: the rest of the budget last, and a term limited by another after that other.

    Raises InputRefused when the other terms take more than the budget, unless `may_overdraw` (a mixture of two years,
    computed only to split a change, may have a negative rest).
    """
    budget, cut = _divisible(settled)
    work = _Work(units, settled, may_overdraw=may_overdraw)
    for term in in_order(settled.formula.terms):
        _do_term(work, term, budget)
    for addon in settled.formula.addons:
        values = _addon(addon, units, settled)
        work.exact[addon.id] = work.done[addon.id] = values
        work.columns.append(StepColumn(addon.id, addon.label, "yen", values, term_id=addon.id))
    total, computed = (_sum(parts.values(), len(units)) for parts in (work.done, work.exact))
    return Terms(
        _as_written(work, settled), work.done, total, computed, _rounded_away(work), cut, work.open_term
    )


def _sum(parts: Iterable[Exact], count: int) -> Exact:
    return reduce(Exact.plus, parts, Exact((0,) * count))


def _rounded_away(work: _Work) -> Fraction:
    """Add up what the terms' own roundings took off, but not what the rest of the budget took in again."""
    formula = work.settled.formula
    rest = {term.id for term in formula.terms if term.amount.how is How.REST}
    counted = rest if rest and formula.leftover.method.hands_out else set(work.done)
    return sum((work.exact[key].total() - work.done[key].total() for key in counted), Fraction(0))


def _divisible(settled: Settled) -> tuple[Fraction, Fraction]:
    """Return the sum to divide after the rounding of the total, and what that rounding took off."""
    if settled.budget_yen is None:
        return Fraction(0), Fraction(0)
    budget, rounding = Fraction(settled.budget_yen), settled.formula.total_rounding
    rounded = Fraction(rounding.apply(budget)) if rounding else budget
    return rounded, budget - rounded


def in_order(terms: Sequence[Term]) -> list[Term]:
    """Order the terms so that each comes after those it is limited by, and the rest of the budget after all others."""
    waiting = sorted(terms, key=lambda term: term.amount.how is How.REST)
    ordered: list[Term] = []
    while waiting:
        done = {term.id for term in ordered}
        ready = next(
            (
                term
                for term in waiting
                if all(not one or not one.of or one.of in done for one in (term.floor, term.cap))
            ),
            None,
        )
        if ready is None:
            msg = "the rule file was checked for circles"
            raise AssertionError(msg)
        ordered.append(ready)
        waiting.remove(ready)
    return ordered


def _do_term(work: _Work, term: Term, budget: Fraction) -> None:
    weighed = weights(term, work.units, work.settled)
    pot = None if term.amount.how is How.RATE else _pot(work, term.amount, budget)
    exact = _amounts(work, term, weighed, pot).reduced()
    work.columns.append(
        StepColumn(
            f"{term.id}_weight",
            f"{term.label}の{_weight_word(term, work.settled)}",
            "measure",
            weighed,
            term.id,
            pot,
        )
    )
    low, high = (
        limit_values(one, work.settled, work.done, len(work.units)) for one in (term.floor, term.cap)
    )
    unit_yen = term.rounding.unit_yen if term.rounding else None
    low, high = taken_up(low, unit_yen), taken_down(high, unit_yen)
    limited = bounded(exact, low=low, high=high) if term.floor or term.cap else exact
    work.exact[term.id] = limited
    whole = limited.denominator == 1
    if not whole or term.rounding:
        work.columns.append(
            StepColumn(f"{term.id}_before_rounding", f"{term.label}(端数処理前)", "exact", limited, term.id)
        )
    if _stays_open(work, term):
        work.open_term, work.done[term.id] = term, limited
        return
    if term.rounding:
        limited = Exact(limited.rounded(term.rounding))
    work.done[term.id] = limited
    if term.rounding or whole:
        work.columns.append(StepColumn(term.id, term.label, "yen", limited, term.id))


def _weight_word(term: Term, settled: Settled) -> str:
    if term.kind is Kind.BANDS or term.table:
        return "段階の値" if term.kind is Kind.BANDS else "表の額"
    return measure_label(term.measure, settled.formula.columns) if term.measure else "割り当ての数"


def _stays_open(work: _Work, term: Term) -> bool:
    """Whether the leftover is handed out on this term: the rest, rounded by itself, and nothing rounded or limited after."""
    formula = work.settled.formula
    if term.amount.how is not How.REST or not term.rounding or not formula.leftover.method.hands_out:
        return False
    later = formula.floor or formula.cap or formula.transition or formula.rounding.unit_yen > 1
    if later or term.floor or term.cap:
        return False
    addons = [_addon(one, work.units, work.settled) for one in formula.addons]
    return all(one.is_whole for one in (*work.done.values(), *addons))


def _amounts(work: _Work, term: Term, weighed: Exact, pot: Fraction | None) -> Exact:
    if pot is None:
        return weighed.times(work.settled.number(term.amount.value))
    if not weighed.total():
        raise InputRefused(
            f"「{term.label}」の{_weight_word(term, work.settled)}の合計が0です。分ける相手がいません。",
            todo=f"{_weight_word(term, work.settled)}の列を確かめてください",
        )
    return weighed.shares_of(pot)


def _pot(work: _Work, amount: Amount, budget: Fraction) -> Fraction:
    settled = work.settled
    if amount.how is How.SHARE:
        return budget * settled.number(amount.value) / 100
    if amount.how is How.FIXED:
        return settled.number(amount.value)
    taken = work.done if settled.formula.leftover.method.hands_out else work.exact
    others = sum((amounts.total() for amounts in taken.values()), Fraction(0))
    others += sum((_addon(one, work.units, settled).total() for one in settled.formula.addons), Fraction(0))
    if others > budget and not work.may_overdraw:
        labels = "・".join(
            [term.label for term in settled.formula.terms if term.id in taken]
            + [one.label for one in settled.formula.addons]
        )
        raise InputRefused(
            f"予算 {int(budget):,} 円が{labels}の合計 {-(-others // 1):,} 円に足りません。",
            todo="予算を増やすか、ほかの項の額を下げてください",
        )
    return budget - others


def _addon(addon: Addon, units: Sequence[Unit], settled: Settled) -> Exact:
    below, value = settled.number(addon.below), settled.number(addon.value)
    measured = [(unit, unit.measure(addon.measure)) for unit in units]
    missing = [unit for unit, found in measured if found is None]
    if missing:
        names = "、".join(f"{unit.code} {unit.name}" for unit in missing[:5])
        raise InputRefused(
            f"「{addon.label}」に要る {measure_label(addon.measure, settled.formula.columns)}(列 {addon.measure})がありません: {names}",
            todo=f"列 {addon.measure} のある単位の表を読み込んでください",
        )
    return Exact.of(value if found is not None and found < below else Fraction(0) for _, found in measured)


def _as_written(work: _Work, settled: Settled) -> tuple[StepColumn, ...]:
    """Put the columns into the order of the rule file, whatever the order they were computed in."""
    place = {term.id: number for number, term in enumerate(settled.formula.terms)}
    return tuple(sorted(work.columns, key=lambda column: place.get(column.term_id, len(place))))
