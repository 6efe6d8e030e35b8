"""Every step of one unit's grant in words, with the exact amount: what a resident or an auditor reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from kyodo_geo.model.allocation import Allocation, instalment_unit_yen
from kyodo_geo.model.amounts import exact_text
from kyodo_geo.model.exact import Exact
from kyodo_geo.model.measures import MEASURE_LABELS, MONTHS, band_of, measure_label
from kyodo_geo.model.steps import StepColumn
from kyodo_geo.rules.formula import Addon, How, Kind, LeftoverMethod, Limit, Ref, Term
from kyodo_geo.rules.settled import Settled

# What a weight says that is the same for every unit: nothing a reader needs
SAME_FOR_ALL = "どの単位も 1"


@dataclass(frozen=True)
class Step:
    """One named step of a line: what it is, the exact amount, the unit it is in, and the rule in words."""

    id: str
    label: str
    exact: Fraction
    how: str
    unit: str = "円"


def steps(allocation: Allocation, index: int) -> tuple[Step, ...]:
    """Return the steps of one line in the order of the formula, ending in its total and its instalments."""
    return tuple(
        Step(
            column.id,
            column.label,
            column.values[index],
            _words(allocation, column, index),
            _unit(allocation.settled, column),
        )
        for column in allocation.columns
    )


def _unit(settled: Settled, column: StepColumn) -> str:
    if column.kind != "measure":
        return "円"
    term = _term(settled, column.term_id)
    if term is None or not term.measure or term.kind is Kind.BANDS or settled.number(term.per) != 1:
        return ""
    return MEASURE_LABELS.get(term.measure, ("", "人" if term.kind is Kind.ELDERLY else ""))[1]


def _term(settled: Settled, term_id: str) -> Term | None:
    return next((term for term in settled.formula.terms if term.id == term_id), None)


def _words(allocation: Allocation, column: StepColumn, index: int) -> str:
    """Return the sentence of a step; each kind of step has its own."""
    formula = allocation.settled.formula
    if column.kind == "total":
        return _total_words(allocation)
    if column.kind == "instalment":
        return _instalment_words(allocation, column)
    unit_yen = formula.rounding.unit_yen
    said: dict[str, Callable[[], str]] = {
        "floor": lambda: _limit_words(allocation.settled, formula.floor, "を下回らない", unit_yen),
        "cap": lambda: _limit_words(allocation.settled, formula.cap, "を超えない", unit_yen),
        "transition": lambda: _transition_words(allocation, index),
        "rounded": lambda: _rounding_words(allocation),
        "remainder": lambda: _remainder_words(formula.leftover.method),
    }
    if column.id in said:
        return said[column.id]()
    addon = next((one for one in formula.addons if one.id == column.id), None)
    if addon:
        return _addon_words(allocation, addon, index)
    term = _term(allocation.settled, column.term_id)
    return _term_words(allocation, term, column, index) if term else ""


def _term_words(allocation: Allocation, term: Term, column: StepColumn, index: int) -> str:
    if column.kind == "measure":
        return _weight_words(allocation, term, index)
    has_before = any(one.id == f"{term.id}_before_rounding" for one in allocation.columns)
    if column.id == term.id and has_before:
        if _is_open(allocation, term):
            return "端数処理後 + 端数の配分"
        return term.rounding.label if term.rounding else ""
    return _amount_words(allocation, term, index)


def _is_open(allocation: Allocation, term: Term) -> bool:
    rounded = next((one for one in allocation.columns if one.id == "rounded"), None)
    return rounded is not None and rounded.term_id == term.id


def _amount_words(allocation: Allocation, term: Term, index: int) -> str:
    """Write the arithmetic with its numbers: 100 円 × 1,200 人, or 総額 × 1,200 ÷ 9,000."""
    settled, how = allocation.settled, term.amount.how
    weighed = allocation.column(f"{term.id}_weight").values
    unit = _unit(settled, allocation.column(f"{term.id}_weight"))
    mine = _number(weighed[index], unit)
    limits = _bounds_words(settled, term)
    if how is How.RATE:
        rate = settled.number(term.amount.value)
        if weighed[index] == 1 and term.kind in {Kind.EQUAL, Kind.FLAT}:
            return f"{exact_text(rate)} 円{_source(settled, term.amount.value)}{limits}"
        if rate == 1 and term.kind in {Kind.BANDS, Kind.TABLE}:
            return f"{_number(weighed[index], '円')}{limits}"
        return f"{exact_text(rate)} 円 × {mine}{limits}"
    share = f"÷ {len(weighed)}" if _all_one(weighed) else f"× {mine} ÷ {_number(weighed.total(), unit)}"
    pot = f"{_pot_words(allocation, term)} {share}"
    return pot + limits


def _all_one(weighed: Exact) -> bool:
    return all(one == weighed.denominator for one in weighed.numerators)


def _pot_words(allocation: Allocation, term: Term) -> str:
    settled, pot = allocation.settled, allocation.column(f"{term.id}_weight").pot
    if term.amount.how is How.SHARE:
        percent, rounding = settled.number(term.amount.value), settled.formula.total_rounding
        budget = Fraction(settled.budget_yen or 0)
        said = f"予算 {exact_text(budget)} 円"
        if rounding and rounding.apply(budget) != budget:
            said = f"予算 {rounding.apply(budget):,} 円({rounding.label})"
        return f"{said} × {exact_text(percent)} %"
    rest = "(予算の残り)" if term.amount.how is How.REST else ""
    return f"{term.label}の総額 {exact_text(pot or Fraction(0))} 円{rest}"


def _weight_words(allocation: Allocation, term: Term, index: int) -> str:
    """Say where a weight comes from: the measure itself, what was cut off, the band, coefficients, months."""
    settled, unit = allocation.settled, allocation.units[index]
    parts = [_measured_words(settled, term, allocation, index)]
    per, beyond, step = (settled.number(ref) for ref in (term.per, term.beyond, term.step))
    parts += [f"のうち {exact_text(beyond)} を超える分"] if beyond else []
    parts += [f"{exact_text(step)} 未満切り捨て"] if step else []
    parts += [f"÷ {exact_text(per)}"] if per != 1 else []
    if term.coefficient:
        parts.append(
            f"× 係数 {exact_text(unit.measure(term.coefficient) or Fraction(0))}({measure_label(term.coefficient, settled.formula.columns)})"
        )
    counted = unit.measure(term.coefficient_by.measure) if term.coefficient_by else None
    if term.coefficient_by and counted is not None:
        band = term.coefficient_by.bands[band_of(term.coefficient_by.bands, counted, settled)]
        label = measure_label(term.coefficient_by.measure, settled.formula.columns)
        parts.append(f"× 係数 {exact_text(settled.number(band.value))}({label} {_about(counted)} による)")
    if term.by_months and unit.months != MONTHS:
        parts.append(f"× {unit.months}/{MONTHS} か月")
    return " ".join(part for part in parts if part)


def _measured_words(settled: Settled, term: Term, allocation: Allocation, index: int) -> str:
    unit = allocation.units[index]
    if term.table:
        return "規則の表の額"
    if not term.measure:
        return SAME_FOR_ALL
    counted = unit.measure(term.measure) or Fraction(0)
    if term.kind is Kind.BANDS:
        band = band_of(term.bands, counted, settled)
        lower = exact_text(settled.number(term.bands[band].lower))
        until = (
            f"{exact_text(settled.number(term.bands[band + 1].lower))} 未満"
            if band + 1 < len(term.bands)
            else ""
        )
        return f"{measure_label(term.measure, settled.formula.columns)} {exact_text(counted)} → {lower} 以上{until}の段階"
    return f"{measure_label(term.measure, settled.formula.columns)} {exact_text(counted)}"


def _about(value: Fraction) -> str:
    """Write a percentage to one decimal, in whole numbers only."""
    tenths = (value * 10).__floor__()
    return f"{tenths // 10}.{tenths % 10}"


def _number(value: Fraction, unit: str) -> str:
    return f"{exact_text(value)} {unit}".strip()


def _source(settled: Settled, ref: Ref) -> str:
    if isinstance(ref, Fraction):
        return ""
    value = settled.values[ref]
    return f"({value.label}、{value.basis.label})"


def _bounds_words(settled: Settled, term: Term) -> str:
    unit_yen = term.rounding.unit_yen if term.rounding else 1
    said = [
        _limit_words(settled, term.floor, "を下回らない", unit_yen),
        _limit_words(settled, term.cap, "を超えない", unit_yen),
    ]
    return "".join(f"、{one}" for one in said if one)


def _limit_words(settled: Settled, limit: Limit | None, ending: str, unit_yen: int) -> str:
    if limit is None:
        return ""
    if limit.of:
        other = _term(settled, limit.of)
        return (
            f"{other.label if other else limit.of}の {exact_text(settled.number(limit.percent))} % {ending}"
        )
    yen = settled.number(limit.value)
    return f"{exact_text(yen)} 円{ending}" + (f"({unit_yen:,} 円単位)" if yen % unit_yen else "")


def _addon_words(allocation: Allocation, addon: Addon, index: int) -> str:
    settled, unit = allocation.settled, allocation.units[index]
    below = exact_text(settled.number(addon.below))
    counted = unit.measure(addon.measure) or Fraction(0)
    meets = "未満なので加算" if counted < settled.number(addon.below) else "以上なので加算なし"
    return f"{measure_label(addon.measure, settled.formula.columns)} {exact_text(counted)} が {below} {meets}"


def _transition_words(allocation: Allocation, index: int) -> str:
    settled, transition = allocation.settled, allocation.settled.formula.transition
    before = allocation.last_year_yen.get(allocation.units[index].code)
    if transition is None or before is None:
        return "前年の額がないので保護なし"
    percent = exact_text(settled.number(transition.percent))
    return f"前年 {before:,} 円の {percent} % を下回らない。費用: {transition.paid_by.label}"


def _total_words(allocation: Allocation) -> str:
    """Say of what the total is made: of the terms, or of the last step that was done to their sum."""
    by_id = {column.id: column for column in allocation.columns}
    if "rounded" in by_id and not by_id["rounded"].term_id:
        after = [by_id[key].label for key in ("rounded", "remainder") if key in by_id]
        return " + ".join(after)
    return _limited_words(allocation)


def _limited_words(allocation: Allocation) -> str:
    """Name the last limit of the unit, or the terms and add-ons where it has none."""
    labels = {column.id: column.label for column in allocation.columns}
    limits = [labels[key] for key in ("transition", "cap", "floor") if key in labels]
    formula = allocation.settled.formula
    parts = [*(term.label for term in formula.terms), *(addon.label for addon in formula.addons)]
    return limits[0] if limits else " + ".join(parts)


def _rounding_words(allocation: Allocation) -> str:
    formula = allocation.settled.formula
    opened = next((term for term in formula.terms if _is_open(allocation, term)), None)
    if opened and opened.rounding:
        return opened.rounding.label
    what = f"{_limited_words(allocation)}: "
    if formula.leftover.method is LeftoverMethod.FIRST_INSTALMENT:
        return f"{what}1円未満切り捨て(端数は第1回の交付に含める)"
    return f"{what}{formula.rounding.label}"


def _remainder_words(method: LeftoverMethod) -> str:
    return {
        LeftoverMethod.LARGEST_REMAINDER: "残りを端数の大きい順に1単位ずつ(同じなら小さいコード)",
        LeftoverMethod.SAINTE_LAGUE: "サント・ラグ法による額との差(同じなら小さいコード)",
        LeftoverMethod.UNIT: "残りを決めた1つの単位に加える",
    }.get(method, "")


def _instalment_words(allocation: Allocation, column: StepColumn) -> str:
    plan = allocation.settled.formula.instalments
    if plan is None:
        return ""
    if column.id == "instalment_1":
        return "合計から第2回以後を引いた額(端数を含む)"
    return f"合計 ÷ {plan.count} の {instalment_unit_yen(allocation.settled.formula):,} 円未満切り捨て"
