"""The account of an allocation: every yen of the budget and of what was added is named, and nothing overruns it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.limits import Limited
from kyodo_geo.model.terms import Terms
from kyodo_geo.rules.formula import How
from kyodo_geo.rules.settled import Settled


@dataclass(frozen=True)
class Balance:
    """One named amount of the account: what was to be divided, what was added, what is left over and why."""

    id: str
    label: str
    yen: Fraction


def account(
    settled: Settled, terms: Terms, limited: Limited, totals: Sequence[int], handed_out: int
) -> tuple[Balance, ...]:
    """Name every yen: budget + added = allocated + cut total + cut by the cap + not divided + rounding."""
    computed = limited.amounts.total()
    balances = list[Balance]()
    to_divide = terms.computed.total() if settled.budget_yen is None else Fraction(settled.budget_yen)
    if settled.budget_yen is not None:
        balances.append(Balance("budget", "予算", to_divide))
    if limited.added_floor:
        balances.append(Balance("added_floor", "下限のために予算の外から加えた額", limited.added_floor))
    if limited.added_transition:
        balances.append(
            Balance("added_transition", "経過措置のために予算の外から加えた額", limited.added_transition)
        )
    if terms.cut_total:
        balances.append(Balance("left_total", "総額の端数処理による残り", terms.cut_total))
    if limited.freed:
        balances.append(Balance("left_cap", "上限で配らなかった額", limited.freed))
    undivided = to_divide + limited.added - terms.cut_total - limited.freed - computed - terms.rounded_away
    if undivided:
        balances.append(Balance("left_undivided", "予算の残り", undivided))
    rounding = computed + terms.rounded_away - sum(totals)
    label = "端数処理による残り" if rounding >= 0 else "端数処理による超過"
    balances.append(Balance("left_rounding", label, rounding))
    if handed_out:
        balances.append(Balance("handed_out", "端数のうち配った額", Fraction(handed_out)))
    return tuple(balances)


def refuse_overrun(settled: Settled, terms: Terms, limited: Limited) -> None:
    """Rounding may overrun a budget by its own name; rates, shares, add-ons and limits may not."""
    if settled.budget_yen is None:
        return
    rounded = limited.amounts.total() - limited.added
    due, there = min(rounded, rounded + terms.rounded_away), settled.budget_yen - terms.cut_total
    if due <= there:
        return
    by_rate = any(term.amount.how is How.RATE for term in settled.formula.terms)
    cut = "(総額の端数処理の後)" if terms.cut_total else ""
    raise InputRefused(
        f"{'単価で計算した額' if by_rate else '計算した額の合計'} {-(-due // 1):,} 円が"
        f"予算 {int(there):,} 円{cut}を {-((there - due) // 1):,} 円超えます。",
        todo="単価や割合を下げるか予算を増やしてください",
    )
