"""A rule made definite: one day, one way for each term, and a number for every name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.provenance import Basis
from kyodo_geo.rules.formula import Amount, Formula, How, Ref, Term
from kyodo_geo.rules.values import RuleValue
from kyodo_geo.timeline import Dated

# Beyond this no amount of a city goes; a typing slip would only make very long numbers
_LARGEST = Fraction(10**15)
_BUDGET = "予算(budget)"


@dataclass(frozen=True)
class SettledValue:
    """A number that the formula uses, with its label, unit, article and how it was come by."""

    name: str
    label: str
    unit: str
    amount: Fraction
    basis: Basis
    since: date
    reference: str


@dataclass(frozen=True)
class Settled:
    """What `kyodo_geo.model.allocation.allocate` needs of a rule: no choice and no unknown is left in it."""

    rule_id: str
    title: str
    day: date
    formula: Formula
    values: Mapping[str, SettledValue]
    budget_yen: int | None = None

    def number(self, ref: Ref) -> Fraction:
        """Return the number of a reference: itself, or the value it names."""
        return ref if isinstance(ref, Fraction) else self.values[ref].amount


def own_budget(
    title: str,
    formula: Formula,
    entries: Mapping[str, Dated[RuleValue]],
    supplied: Mapping[str, Fraction],
    budget_yen: int | None,
) -> int | None:
    """Return the budget: the rule's own where it states one, else the one given.

    Raises InputRefused when another budget is given than the rule's, or when the rule's is no whole yen.
    """
    ref = formula.budget
    if not ref:
        return budget_yen
    value = entries[ref].value if isinstance(ref, str) else ref
    amount = value.amount if isinstance(value, RuleValue) else value
    stated = supplied.get(ref, amount) if isinstance(ref, str) else amount
    if not isinstance(stated, Fraction):
        return budget_yen
    if stated.denominator != 1 or budget_yen not in {None, stated.numerator}:
        raise InputRefused(
            f"{title}: 総額は規則で {stated.numerator // stated.denominator:,} 円と決まっています(入力された予算 {budget_yen or 0:,} 円)。",
            todo="予算を入れずに試算してください",
        )
    return stated.numerator


def settle_formula(
    title: str,
    formula: Formula,
    entries: Mapping[str, Dated[RuleValue]],
    supplied: Mapping[str, Fraction],
    budget_yen: int | None,
) -> tuple[Formula, dict[str, SettledValue]]:
    """Choose each term's way by what is known and supplied, and give every name it uses a number.

    Raises InputRefused, all faults at once: a name the rule does not have; a value out of its range; a term with two
    ways supplied, or with none (each missing value is asked for by its label and name); a budget that is needed and
    missing; a rule of which no term is left.
    """
    faults = [
        Fault(f"「{name}」という値はこの規則にありません") for name in sorted(set(supplied) - set(entries))
    ]
    faults += _out_of_range(entries, supplied)
    if budget_yen is not None and budget_yen < 0:
        faults.append(Fault(f"予算が負の数({budget_yen:,} 円)です"))
    known = {
        name: supplied.get(name, entry.value.amount if isinstance(entry.value, RuleValue) else None)
        for name, entry in entries.items()
    }
    terms, left_out = _chosen_terms(formula, known, supplied, entries, budget_yen, faults)
    if not terms:
        faults.append(
            Fault(f"計算する項が1つも残りません。{'・'.join(left_out)}のどれかの額を入れてください")
        )
    settled = replace(formula, terms=tuple(terms), left_out=tuple(left_out))
    named = _names(settled)
    faults += [
        Fault(_ask(name, entries)) for name in named if known.get(name) is None and not _asked(name, faults)
    ]
    if faults:
        raise InputRefused(
            f"{title}: 値がそろいません。", faults=faults, todo="上の値を直すか、入れてください"
        )
    return settled, {name: _value(name, entries[name], known[name], name in supplied) for name in named}


def _chosen_terms(  # noqa: PLR0913, PLR0917 - see _choose
    formula: Formula,
    known: Mapping[str, Fraction | None],
    supplied: Mapping[str, Fraction],
    entries: Mapping[str, Dated[RuleValue]],
    budget_yen: int | None,
    faults: list[Fault],
) -> tuple[list[Term], list[str]]:
    """Return the terms with one way each, and the labels of the optional ones for which nothing is known."""
    terms, left_out = [], []
    for term in formula.terms:
        by_budget = budget_yen is not None and any(one.how is How.REST for one in term.amounts)
        if term.optional and not by_budget and not any(_is_known(one.value, known) for one in term.amounts):
            left_out.append(term.label)
            continue
        chosen = _choose(term, known, supplied, entries, budget_yen, faults)
        terms.append(replace(term, amounts=(chosen,)) if chosen else term)
    return terms, left_out


def _names(formula: Formula) -> list[str]:
    refs = [*formula.refs(), *(amount.value for term in formula.terms for amount in term.amounts[:1])]
    return list(dict.fromkeys(ref for ref in refs if isinstance(ref, str) and ref))


def _choose(  # noqa: PLR0913, PLR0917 - what is known, supplied and said of each value belongs together
    term: Term,
    known: Mapping[str, Fraction | None],
    supplied: Mapping[str, Fraction],
    entries: Mapping[str, Dated[RuleValue]],
    budget_yen: int | None,
    faults: list[Fault],
) -> Amount | None:
    """Return the one way of a term: the one supplied, else the first that is known and for which there is a budget."""
    given = [one for one in term.amounts if isinstance(one.value, str) and one.value in supplied]
    if len(given) > 1:
        names = "と".join(f"{_label(str(one.value), entries)}({one.value})" for one in given)
        faults.append(Fault(f"{term.label}: {names}の両方が入っています。どちらか一方にしてください"))
        return None
    usable = given or [one for one in term.amounts if one.how is How.REST or _is_known(one.value, known)]
    with_budget = [one for one in usable if budget_yen is not None or one.how not in {How.REST, How.SHARE}]
    if with_budget:
        return with_budget[0]
    wanted = [
        f"{_label(str(one.value), entries)}({one.value})"
        for one in ([] if given else term.amounts)
        if isinstance(one.value, str) and one.value and known.get(one.value) is None
    ]
    if budget_yen is None and any(one.how in {How.REST, How.SHARE} for one in term.amounts):
        wanted.append(_BUDGET)
    faults.append(Fault(f"{term.label}: {_asking(wanted)}"))
    return None


def _asking(wanted: Sequence[str]) -> str:
    if wanted == [_BUDGET]:
        return f"{_BUDGET}を入れてください"
    return f"{'、'.join(wanted)}{' のどれか' if len(wanted) > 1 else ''}を入れてください。公表されていません"


def _is_known(ref: Ref, known: Mapping[str, Fraction | None]) -> bool:
    return isinstance(ref, Fraction) or known.get(ref) is not None


def _asked(name: str, faults: list[Fault]) -> bool:
    return any(f"({name})" in fault.what for fault in faults)


def _ask(name: str, entries: Mapping[str, Dated[RuleValue]]) -> str:
    return f"{_label(name, entries)}({name})を入れてください。公表されていません"


def _label(name: str, entries: Mapping[str, Dated[RuleValue]]) -> str:
    value = entries[name].value if name in entries else None
    return value.label if isinstance(value, RuleValue) else name


def _out_of_range(entries: Mapping[str, Dated[RuleValue]], supplied: Mapping[str, Fraction]) -> list[Fault]:
    faults = []
    for name, amount in supplied.items():
        value = entries[name].value if name in entries else None
        if not isinstance(value, RuleValue):
            continue
        most = Fraction(100) if value.unit == "%" else _LARGEST
        if not 0 <= amount <= most:
            faults.append(Fault(f"{value.label}({name})は 0 から {most} までの数です"))
    return faults


def _value(
    name: str,
    entry: Dated[RuleValue],
    amount: Fraction | None,
    is_supplied: bool,  # noqa: FBT001 - one call, above
) -> SettledValue:
    value = entry.value
    if not isinstance(value, RuleValue) or amount is None:
        msg = f"{name} was settled"
        raise AssertionError(msg)
    basis = Basis.SUPPLIED if is_supplied else value.basis
    return SettledValue(name, value.label, value.unit, amount, basis, entry.since, entry.reference)
