"""Scenarios side by side as rows and CSV."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.amounts import exact_text
from kyodo_geo.model.compare import Comparison, per_head_yen
from kyodo_geo.model.grants import GrantRun
from kyodo_geo.model.scenario import PLACES, Scenario
from kyodo_geo.present.change_report import two_decimals
from kyodo_geo.present.grant_reports import grant_notes
from kyodo_geo.present.tables import csv_text
from kyodo_geo.rules.book import Rule
from kyodo_geo.rules.values import RuleValue


def scenario_name(scenario: Scenario, rule: Rule) -> str:
    """Name a scenario by its own title and what sets it apart: year, amounts, people, rounding, leftover."""
    parts = [scenario.title, rule.title if rule.place else "", FiscalYear(scenario.fiscal_year).short]
    if scenario.budget_yen is not None:
        parts.append(f"予算 {scenario.budget_yen:,} 円")
    parts += [_value_words(rule, name, amount) for name, amount in sorted(scenario.supplied.items())]
    years = re.findall(r"(?:19|20)[0-9]{2}", scenario.population)
    parts += [f"人口 {years[0]}"] if years else []
    if scenario.place != "rule":
        parts.append(f"{PLACES[scenario.place]} {scenario.rounding.label}")
    if scenario.leftover is not None:
        parts.append(scenario.leftover.method.label.split("(")[0])
    if scenario.protected_percent is not None:
        parts.append(f"前年の {exact_text(scenario.protected_percent)} % 以上")
    return "、".join(filter(None, parts))


def _value_words(rule: Rule, name: str, amount: Fraction) -> str:
    value = rule.values[name].entries[-1].value if name in rule.values else None
    if not isinstance(value, RuleValue):
        return f"{name} {exact_text(amount)}"
    return f"{value.label.split('(')[0]} {exact_text(amount)} {value.unit}".strip()


def compare_columns(runs: Sequence[GrantRun]) -> list[str]:
    """Return the headings: for each scenario its amount, its difference from the first, and yen per head."""
    heads = ["コード", "名称", "人口(試算1)"]
    for number in range(1, len(runs) + 1):
        heads.append(f"試算{number}")
        heads += [f"{number}−1の差"] if number > 1 else []
        heads.append(f"{number} 1人当たり")
    return heads


def compare_rows(
    runs: Sequence[GrantRun], comparison: Comparison, *, plain: bool = False
) -> list[list[object]]:
    """Return one row a unit under `compare_columns`; yen per head has two decimals.

    A difference has a sign and commas to be read, or is a `plain` number for a spreadsheet.
    """
    heads = [per_head_yen(run.allocation) for run in runs]
    rows = []
    for index, unit in enumerate(runs[0].allocation.units):
        row: list[object] = [unit.code, unit.name, unit.population]
        for number, totals in enumerate(comparison.totals_yen):
            row.append(totals[index])
            change = comparison.differences_yen[number][index]
            row += [change if plain else _signed(change)] if number else []
            head = heads[number][index]
            row.append(two_decimals(head).lstrip("+") if head is not None else "—")
        rows.append(row)
    return rows


def compare_foot(runs: Sequence[GrantRun], comparison: Comparison, *, plain: bool = False) -> list[object]:
    """Return the sums under `compare_columns`, as in `compare_rows`."""
    row: list[object] = ["", "合計", sum(unit.population for unit in runs[0].allocation.units)]
    for number, totals in enumerate(comparison.totals_yen):
        row.append(sum(totals))
        change = sum(comparison.differences_yen[number])
        row += [change if plain else _signed(change)] if number else []
        row.append("")
    return row


def _signed(yen: int) -> str:
    return f"{'+' if yen > 0 else '−' if yen < 0 else ''}{abs(yen):,}"


def compare_csv(runs: Sequence[GrantRun], comparison: Comparison) -> str:
    """Return the comparison as CSV with the notes of every scenario below it."""
    notes = [
        [f"{number}", label, text]
        for number, run in enumerate(runs, start=1)
        for label, text in grant_notes(run)
    ]
    rows = compare_rows(runs, comparison, plain=True)
    return csv_text([compare_columns(runs), *rows, compare_foot(runs, comparison, plain=True), [], *notes])
