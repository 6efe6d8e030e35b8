"""Dividing yen by a rule: exact inside, whole yen outside, every step a named column, the leftover always named.

The order is that of the ordinances: terms (each with its coefficient, months, floor, cap and rounding), add-ons, the
unit's floor, cap and transition, the unit's rounding, what is left over, the instalments. No float reaches a yen:
amounts are multiplied before they are divided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.account import Balance, account, refuse_overrun
from kyodo_geo.model.exact import Exact
from kyodo_geo.model.leftover import Bounds, largest_remainders, sainte_lague
from kyodo_geo.model.limits import Limited, within_limits
from kyodo_geo.model.measures import Unit, refuse_bad_units
from kyodo_geo.model.steps import StepColumn
from kyodo_geo.model.terms import Terms, compute_terms
from kyodo_geo.rules.formula import Formula, Leftover, LeftoverMethod
from kyodo_geo.rules.rounding import Rounding
from kyodo_geo.rules.settled import Settled
from kyodo_geo.rules.validity import leftover_faults


@dataclass(frozen=True)
class GrantLine:
    """One unit's grant in whole yen: by term (None where a term is not rounded by itself), in all, by instalment."""

    unit: Unit
    index: int
    terms_yen: Mapping[str, int | None]
    total_yen: int
    instalments_yen: tuple[int, ...]


@dataclass(frozen=True)
class Allocation:
    """All lines, every step as a column, and the account of the money.

    `leftover_exact` = what was to be divided + what was added from outside − what was allocated; negative when
    rounding up allocated more than there is. `quotas` are the exact amounts the last rounding worked on, in units of
    `quota_unit_yen`.
    """

    settled: Settled
    units: tuple[Unit, ...]
    columns: tuple[StepColumn, ...]
    totals_yen: tuple[int, ...]
    instalments_yen: tuple[tuple[int, ...], ...]
    balances: tuple[Balance, ...]
    last_year_yen: Mapping[str, int]
    quotas: Exact
    quota_unit_yen: int

    @cached_property
    def lines(self) -> tuple[GrantLine, ...]:
        """One line a unit, in the order given."""
        terms = {column.term_id: column for column in self.columns if column.term_id}
        whole = {
            key: (column.values.reduced().numerators if column.values.is_whole else None)
            for key, column in terms.items()
        }
        return tuple(
            GrantLine(
                unit,
                i,
                {key: values[i] if values is not None else None for key, values in whole.items()},
                total,
                parts,
            )
            for i, (unit, total, parts) in enumerate(
                zip(self.units, self.totals_yen, self.instalments_yen, strict=True)
            )
        )

    def column(self, step_id: str) -> StepColumn:
        """Return the column of a step by its id; KeyError when the formula has no such step."""
        for one in self.columns:
            if one.id == step_id:
                return one
        raise KeyError(step_id)

    @property
    def allocated_yen(self) -> int:
        """The sum of all totals."""
        return sum(self.totals_yen)

    @property
    def leftover_exact(self) -> Fraction:
        """What is left over, of all causes together."""
        return sum((one.yen for one in self.leftovers), Fraction(0))

    @property
    def leftover_yen(self) -> int | None:
        """The leftover in whole yen, or None when rates with decimals leave a fraction of a yen."""
        left = self.leftover_exact
        return left.numerator if left.denominator == 1 else None

    @property
    def leftovers(self) -> tuple[Balance, ...]:
        """The leftover by its causes, each by name; at least the one of rounding."""
        return tuple(one for one in self.balances if one.id.startswith("left_"))


def allocate(
    units: Sequence[Unit], settled: Settled, *, last_year_yen: Mapping[str, int] | None = None
) -> Allocation:
    """Divide by a settled rule and return one line a unit, in the order given.

    Rates multiply; shares, fixed sums and the rest of the budget divide a pot by weight. The rest is what the other
    terms leave: of their exact amounts, or, when whole rounding units are handed out, of their rounded ones. A method
    that hands out works on the rest term if that has a rounding of its own and no limit, nor the unit a rounding or a
    limit of its own after it; else on the unit's sum. What the roundings of the other terms cut is left over. Transition
    needs last year's yen by code; a unit that had none is not protected.

    Raises InputRefused for doubled codes, negative measures, missing measures, nobody at all, a budget that does not
    reach, a leftover that cannot be treated as asked, or a named unit that is not there.
    """
    refuse_bad_units(units)
    _refuse_leftover(units, settled.formula)
    before = dict(last_year_yen or {})
    terms = compute_terms(units, settled)
    last = [before.get(unit.code) for unit in units]
    rounding = _unit_rounding(settled.formula)
    limited = within_limits(terms.total, settled, terms.by_id, last, rounding.unit_yen)
    refuse_overrun(settled, terms, limited)
    columns = [*terms.columns, *limited.columns]
    done = _round(units, settled.formula, terms, limited, columns)
    balances = account(settled, terms, limited, done.totals, done.handed_out)
    columns.append(StepColumn("total", "合計", "total", Exact(done.totals)))
    paid = _instalments(settled, done.totals, columns)
    return Allocation(
        settled, tuple(units), tuple(columns), done.totals, paid, balances, before, done.quotas, done.unit_yen
    )


class _Rounded(NamedTuple):
    """Whole-yen totals, the yen handed out, and the exact amounts and rounding unit they came from."""

    totals: tuple[int, ...]
    handed_out: int
    quotas: Exact
    unit_yen: int


def exact_amounts(
    units: Sequence[Unit], settled: Settled, *, last_year_yen: Mapping[str, int] | None = None
) -> Exact:
    """Return the exact amount of each unit by a rule `without_rounding`: what a change from year to year is split of.

    A budget that does not reach is not refused here: the rest may be negative in a mixture of two years.
    """
    terms = compute_terms(units, settled, may_overdraw=True)
    last = [(last_year_yen or {}).get(unit.code) for unit in units]
    return within_limits(terms.total, settled, terms.by_id, last, settled.formula.rounding.unit_yen).amounts


def without_rounding(settled: Settled) -> Settled:
    """Return a settled rule that rounds nothing and hands nothing out."""
    formula = settled.formula
    terms = tuple(replace(term, rounding=None) for term in formula.terms)
    plain = replace(formula, terms=terms, rounding=Rounding(), total_rounding=None, leftover=Leftover())
    return replace(settled, formula=plain)


def _round(
    units: Sequence[Unit], formula: Formula, terms: Terms, limited: Limited, columns: list[StepColumn]
) -> _Rounded:
    """Round each unit to whole yen and hand out what the method hands out."""
    method, codes, rest = formula.leftover.method, [unit.code for unit in units], terms.open_term
    quotas = terms.by_id[rest.id] if rest else limited.amounts
    others = limited.amounts.minus(quotas) if rest else Exact((0,) * len(units))
    rounding = (rest.rounding if rest else None) or _unit_rounding(formula)
    base = others.rounded(Rounding(1))  # whole already: every other term was rounded by itself
    wholes = quotas.rounded(rounding)
    named = [code == formula.leftover.unit_code for code in codes]
    extra = _extra(method, quotas, wholes, codes, rounding.unit_yen, named, limited.bounds)
    label = f"{rest.label}(端数処理後)" if rest else "端数処理後"
    if rest or not limited.amounts.is_whole or rounding.unit_yen > 1:
        columns.append(StepColumn("rounded", label, "yen", Exact(wholes), term_id=rest.id if rest else ""))
    if method.hands_out:
        columns.append(StepColumn("remainder", "端数の配分", "yen", Exact(extra)))
    if rest:
        final = tuple(whole + more for whole, more in zip(wholes, extra, strict=True))
        columns.append(StepColumn(rest.id, rest.label, "yen", Exact(final), term_id=rest.id))
    totals = tuple(sum(parts) for parts in zip(base, wholes, extra, strict=True))
    return _Rounded(totals, sum(extra), quotas, rounding.unit_yen)


def _extra(  # noqa: PLR0913, PLR0917 - what the methods need of the units
    method: LeftoverMethod,
    quotas: Exact,
    wholes: Sequence[int],
    codes: Sequence[str],
    unit_yen: int,
    named: Sequence[bool],
    bounds: Bounds,
) -> tuple[int, ...]:
    """Return what each unit gets beyond its rounded quota (less, under Sainte-Laguë, it may be)."""
    if method is LeftoverMethod.LARGEST_REMAINDER:
        return largest_remainders(quotas, codes, unit_yen)
    if method is LeftoverMethod.SAINTE_LAGUE:
        final = sainte_lague(quotas, codes, unit_yen, bounds)
        return tuple(end - start for end, start in zip(final, wholes, strict=True))
    if method is LeftoverMethod.UNIT:
        spare = int(quotas.total() // 1) - sum(wholes)
        return tuple(
            (spare if most is None else min(spare, int(most) - whole)) if takes else 0
            for takes, whole, most in zip(named, wholes, bounds.high, strict=True)
        )
    return (0,) * len(codes)


def _unit_rounding(formula: Formula) -> Rounding:
    """Return the rounding of the unit's sum; where the first instalment takes the odd amounts, it is that of the others."""
    return Rounding() if formula.leftover.method is LeftoverMethod.FIRST_INSTALMENT else formula.rounding


def instalment_unit_yen(formula: Formula) -> int:
    """Return the yen of which every instalment but the first is a multiple; the formula must have instalments."""
    plan = formula.instalments.unit_yen if formula.instalments else 1
    takes_odd = formula.leftover.method is LeftoverMethod.FIRST_INSTALMENT
    return max(plan, formula.rounding.unit_yen) if takes_odd else plan


def _refuse_leftover(units: Sequence[Unit], formula: Formula) -> None:
    faults = [Fault(what) for what in leftover_faults(formula)]
    left = formula.leftover
    if left.method is LeftoverMethod.UNIT and left.unit_code not in {unit.code for unit in units}:
        faults.append(
            Fault(f"残りを受け取る単位「{left.unit_code}」がありません。単位のコードを確かめてください")
        )
    if faults:
        raise InputRefused("残りをこのようには扱えません。", faults=faults)


def _instalments(
    settled: Settled, totals: Sequence[int], columns: list[StepColumn]
) -> tuple[tuple[int, ...], ...]:
    """Split each total into equal payments; all but the first are whole rounding units, the first takes the rest."""
    plan = settled.formula.instalments
    if plan is None:
        return ((),) * len(totals)
    unit_yen = instalment_unit_yen(settled.formula)
    later = [total // plan.count // unit_yen * unit_yen for total in totals]
    paid = tuple(
        (total - one * (plan.count - 1), *[one] * (plan.count - 1))
        for total, one in zip(totals, later, strict=True)
    )
    for number, month in enumerate(plan.months):
        label = f"第{number + 1}回({month}月)"
        values = Exact(tuple(parts[number] for parts in paid))
        columns.append(StepColumn(f"instalment_{number + 1}", label, "instalment", values))
    return paid
