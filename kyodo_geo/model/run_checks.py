"""The checks of a run, the same in the app, on the command line and in the workbook; a failed one blocks 確定."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from kyodo_geo.model.allocation import Allocation
from kyodo_geo.model.amounts import exact_text
from kyodo_geo.model.check import Check, verdict
from kyodo_geo.model.grants import LastYear, PopulationUsed
from kyodo_geo.model.input_checks import input_checks
from kyodo_geo.model.leftover import alabama_units
from kyodo_geo.model.measures import MONTHS
from kyodo_geo.model.scenario import Scenario
from kyodo_geo.provenance import Basis
from kyodo_geo.rules.book import Rule
from kyodo_geo.rules.formula import LeftoverMethod

CHANGE_FLAG_PERCENT = 20


def run_checks(
    allocation: Allocation,
    scenario: Scenario,
    population: PopulationUsed,
    last_year: LastYear | None,
    *,
    change_percent: int = CHANGE_FLAG_PERCENT,
) -> tuple[Check, ...]:
    """Return every check of a run, each with what was expected and found."""
    return (
        *input_checks(allocation, scenario, population),
        *_sums(allocation),
        _not_fictional(scenario, allocation),
        *_protected(allocation),
        *_changes(allocation, last_year, change_percent),
        *_estimates(allocation, population),
        *_alabama(allocation),
    )


def open_questions(rule: Rule) -> tuple[Check, ...]:
    """Note what the text of the rule that was seen leaves open: whoever signs must know it."""
    if not rule.not_stated:
        return ()
    found = f"{len(rule.not_stated)} 件"
    return (
        Check(
            "not_stated", "規則の分かっていないこと", "0 件", found, "", "note", "。".join(rule.not_stated)
        ),
    )


def _protected(allocation: Allocation) -> Iterator[Check]:
    """A transition protects only those with an amount last year: a whole-year unit without one must be looked at."""
    if allocation.settled.formula.transition is None:
        return
    named = [
        unit.name
        for unit in allocation.units
        if unit.code not in allocation.last_year_yen and unit.months == MONTHS
    ]
    label = "経過措置: 前年の額がない単位(月割りのない)"
    said = (
        f"{_listed(named)}。前年の表に額を入れるか、新しい単位なら月数(months)を入れてください"
        if named
        else ""
    )
    yield Check("protected", label, "0 件", f"{len(named)} 件", "", "fail" if named else "pass", said)


def _sums(allocation: Allocation) -> Iterator[Check]:
    lines, into = sum(line.total_yen for line in allocation.lines), _to_divide(allocation)
    due = into - allocation.leftover_exact
    label = "各行の合計 = 配分額の合計"
    yield verdict("sum_lines", label, f"{exact_text(due)} 円", f"{lines:,} 円", good=lines == due)
    if allocation.settled.budget_yen is not None:
        out, label = allocation.allocated_yen + allocation.leftover_exact, "配分額 + 残り = 予算(と加えた額)"
        yield verdict(
            "sum_budget", label, f"{exact_text(into)} 円", f"{exact_text(out)} 円", good=into == out
        )
        found, good = f"{allocation.allocated_yen:,} 円", allocation.allocated_yen <= into
        yield verdict(
            "within_budget", "予算(と加えた額)を超えていない", f"{exact_text(into)} 円以下", found, good=good
        )
    added = [one for one in allocation.balances if one.id.startswith("added_")]
    if added:
        said = "、".join(f"{one.label} {exact_text(one.yen)} 円" for one in added)
        found = f"{exact_text(sum((one.yen for one in added), Fraction(0)))} 円"
        yield Check("added", "予算の外から加えた額", "0 円", found, "", "note", said)
    odd = _term_differences(allocation)
    if odd is not None:
        yield _no_differences("sum_terms", "各行の項の合計 = その行の合計", odd)
    negative = [line for line in allocation.lines if line.total_yen < 0]
    yield verdict("not_negative", "負の額がない", "0 件", f"{len(negative)} 件", good=not negative)
    if allocation.settled.formula.instalments:
        uneven = [line for line in allocation.lines if sum(line.instalments_yen) != line.total_yen]
        yield _no_differences("sum_instalments", "各回の交付の合計 = その行の合計", len(uneven))


def _no_differences(check_id: str, label: str, found: int) -> Check:
    return verdict(check_id, label, "0 件の違い", f"{found} 件の違い", good=not found)


def _to_divide(allocation: Allocation) -> Fraction:
    """Return what was to be divided, added up anew: the budget, or every term before its rounding; and what was added."""
    account = {one.id: one.yen for one in allocation.balances}
    added = sum((yen for key, yen in account.items() if key.startswith("added_")), Fraction(0))
    if allocation.settled.budget_yen is not None:
        return account["budget"] + added
    columns = {column.id: column.values.total() for column in allocation.columns}
    parts = (part.id for part in allocation.settled.formula.parts)
    return added + sum(
        (columns.get(f"{one}_before_rounding", columns.get(one, Fraction(0))) for one in parts), Fraction(0)
    )


def _term_differences(allocation: Allocation) -> int | None:
    """Count the lines whose whole-yen terms (and a handed-out remainder) do not add up to the total.

    None where terms are not rounded by themselves, or a limit or a rounding of the sum comes after them.
    """
    formula, columns = allocation.settled.formula, {column.id: column.values for column in allocation.columns}
    terms = [columns.get(part.id) for part in formula.parts]
    if (
        formula.floor
        or formula.cap
        or formula.transition
        or any(one is None or not one.is_whole for one in terms)
    ):
        return None
    if "rounded" in columns and not any(
        column.id == "rounded" and column.term_id for column in allocation.columns
    ):
        return None
    sums = [
        sum((one[i] for one in terms if one is not None), Fraction(0)) for i in range(len(allocation.units))
    ]
    return sum(found != total for found, total in zip(sums, allocation.totals_yen, strict=True))


def _not_fictional(scenario: Scenario, allocation: Allocation) -> Check:
    values = allocation.settled.values.values()
    made_up = [value.label for value in values if value.basis is Basis.FICTIONAL]
    found = "例・架空の額" if scenario.example or made_up else "なし"
    return verdict("not_fictional", "架空の額を使っていない", "なし", found, good=found == "なし")


def _changes(allocation: Allocation, last_year: LastYear | None, percent: int) -> Iterator[Check]:
    label = f"前年から ±{percent} % を超えて変わる単位"
    if last_year is None:
        yield Check(
            "change",
            label,
            "0 件",
            "前年の額がありません",
            "",
            "note",
            "前年の表か確定した試算を選ぶと調べます",
        )
        return
    flagged = []
    for unit, total in zip(allocation.units, allocation.totals_yen, strict=True):
        before = last_year.yen.get(unit.code)
        if before is None:
            flagged.append(f"{unit.name}(前年なし)")
        elif abs(total - before) * 100 > before * percent:
            flagged.append(unit.name)
    codes = {unit.code for unit in allocation.units}
    flagged += [f"{code}(今年なし)" for code in sorted(set(last_year.yen) - codes)]
    outcome = "note" if flagged else "pass"
    yield Check("change", label, "0 件", f"{len(flagged)} 件", "", outcome, _listed(flagged))


def _estimates(allocation: Allocation, population: PopulationUsed) -> Iterator[Check]:
    everybody = population.basis >= Basis.ESTIMATED
    count = sum(everybody or unit.estimated for unit in allocation.units)
    unsure = [unit.name for unit in allocation.units if unit.uncertain]
    named = [] if everybody else [unit.name for unit in allocation.units if unit.estimated]
    found = (
        f"{count} 件"
        + (f"({_listed(named)})" if named else "")
        + (f"(うち線の確からしさが低い: {_listed(unsure)})" if unsure else "")
    )
    said = population.note or ("人口は推計です" if count else "")
    yield Check("estimated", "境界か人口が推計の単位", "0 件", found, "", "note" if count else "pass", said)


def _listed(names: Sequence[str]) -> str:
    return "、".join(names[:8]) + (f" ほか {len(names) - 8} 件" if len(names) > 8 else "")


def _alabama(allocation: Allocation) -> Iterator[Check]:
    """Note the units that largest remainders would give less if there were one rounding unit more to divide."""
    if allocation.settled.formula.leftover.method is not LeftoverMethod.LARGEST_REMAINDER:
        return
    codes = [unit.code for unit in allocation.units]
    losers = alabama_units(allocation.quotas, codes, allocation.quota_unit_yen)
    names = [unit.name for unit in allocation.units if unit.code in losers]
    label = f"総額が {allocation.quota_unit_yen:,} 円増えると額が減る単位(アラバマのパラドックス)"
    said = f"最大剰余法の性質です: {_listed(names)}。サント・ラグ法では起きません" if names else ""
    yield Check("alabama", label, "0 件", f"{len(names)} 件", "", "note" if names else "pass", said)
