"""A grant run as table, CSV and JSON: lines with their steps, sums, the leftover by name, and what must stand beside."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kyodo_geo.fiscal import FiscalYear, moment_words
from kyodo_geo.model.amounts import exact_text
from kyodo_geo.model.check import Check
from kyodo_geo.model.explain import Step, steps
from kyodo_geo.model.grants import GrantRun
from kyodo_geo.model.scenario import states_rounding
from kyodo_geo.model.steps import StepColumn
from kyodo_geo.present.reports import source_json, text_table, to_json
from kyodo_geo.present.tables import csv_text
from kyodo_geo.rules.formula import Counting
from kyodo_geo.rules.read_formula import WHO

_KIND_UNITS = {"exact": "(円)", "yen": "(円)", "total": "(円)", "instalment": "(円)"}


def shown_columns(run: GrantRun) -> list[StepColumn]:
    """Return the steps that stand as columns: all but the measures that say nothing beyond 1 or the population."""
    plain = {"population"}
    terms = {term.id: term for term in run.allocation.settled.formula.terms}
    return [
        column
        for column in run.allocation.columns
        if column.kind != "measure"
        or not (
            terms[column.term_id].measure in plain | {""}
            and column.values.is_whole
            and not terms[column.term_id].coefficient
            and not terms[column.term_id].coefficient_by
        )
    ]


def grant_columns(run: GrantRun) -> list[str]:
    """Return the headings: code, name, population, every step."""
    return [
        "コード", "名称", "人口(人)",
        *(f"{column.label}{_KIND_UNITS.get(column.kind, '')}" for column in shown_columns(run)),
    ]  # fmt: skip


def grant_rows(run: GrantRun) -> list[list[object]]:
    """Return one row a unit under `grant_columns`; an amount with a fraction of a yen is text."""
    columns = shown_columns(run)
    return [
        [unit.code, unit.name, unit.population, *(_cell(column.values[index]) for column in columns)]
        for index, unit in enumerate(run.allocation.units)
    ]


def _cell(value: Fraction) -> object:
    return value.numerator if value.denominator == 1 else exact_text(value)


def grant_foot(run: GrantRun) -> list[list[object]]:
    """Return the sums, and the account below them: what was left over, by name, and the budget."""
    columns, units = shown_columns(run), run.allocation.units
    sums = [
        "",
        "合計",
        sum(unit.population for unit in units),
        *(_cell(one.values.total()) for one in columns),
    ]
    place = next(number for number, column in enumerate(columns) if column.kind == "total") + 3
    account = [(one.label, one.yen) for one in run.allocation.balances if one.id != "budget"]
    account += [(one.label, one.yen) for one in run.allocation.balances if one.id == "budget"]
    rows = []
    for label, yen in account:
        row: list[object] = ["", label, *[""] * (len(columns) + 1)]
        row[place] = _cell(yen)
        rows.append(row)
    return [sums, *rows]


def grant_notes(run: GrantRun) -> list[tuple[str, str]]:
    """Return what must stand on every copy of a run: status, rule, choices, and the population with day and basis."""
    settled, used, scenario = run.allocation.settled, run.population, run.scenario
    formula = settled.formula
    budget = [("予算", f"{settled.budget_yen:,} 円")] if settled.budget_yen is not None else []
    values = [
        (value.label, f"{exact_text(value.amount)} {value.unit}({value.basis.label})".replace(" (", "("))
        for value in settled.values.values()
    ]
    return [
        ("状態", _status(run)),
        *([("注意", "例・架空の額による計算です")] if scenario.example else []),
        ("規則", f"{run.rule.title}({run.rule.instrument})"),
        ("規則ファイルの指紋", run.rule.sha256[:16]),
        ("年度", FiscalYear(scenario.fiscal_year).label),
        *budget,
        *values,
        ("端数処理", rounding_words(run)),
        *([("計算に含まない項", "、".join(formula.left_out))] if formula.left_out else []),
        ("人口の出典", used.title),
        ("人口の基準日", used.reference_date),
        ("人口の数え方", used.counted_by),
        ("人口の根拠", used.basis.label),
        *([("人口についての注意", used.note)] if used.note else []),
    ]


def _status(run: GrantRun) -> str:
    if run.frozen:
        return (
            f"{run.status}(番号 {run.run_id}、{moment_words(run.frozen.frozen_at)}、{run.frozen.frozen_by})"
        )
    return f"{run.status}(確定した額ではありません)"


def rounding_words(run: GrantRun) -> str:
    """Say where and how amounts are rounded, and what becomes of the leftover."""
    formula = run.allocation.settled.formula
    said = [f"{term.label} {term.rounding.label}" for term in formula.terms if term.rounding]
    if not said or formula.rounding.unit_yen > 1:
        said.append(f"合計額 {formula.rounding.label}")
    if formula.total_rounding:
        said.append(f"総額 {formula.total_rounding.label}")
    to = f"({formula.leftover.unit_code})" if formula.leftover.unit_code else ""
    unsaid = "" if states_rounding(run.rule.formula) else "(規則に定めなし)"
    return f"{'、'.join(said)}{unsaid}。残りは{formula.leftover.method.label}{to}"


def counting_words(counting: Counting) -> str:
    """Say the reference day and who counts, as the rule states them."""
    day = (
        f"{counting.month_day.replace('-', '月')}日".lstrip("0").replace("月0", "月")
        if counting.month_day
        else "規則に記載なし"
    )
    year = (
        {0: "その年度の", -1: "前年の"}.get(counting.year_offset, f"{counting.year_offset} 年の")
        if counting.month_day
        else ""
    )
    people = f"外国人 {WHO[counting.foreigners]}、施設の入所者 {WHO[counting.care_homes]}"
    return f"基準日 {year}{day}、{counting.counted_by or '数え方は記載なし'}、{people}"


def grant_csv(run: GrantRun) -> str:
    """Return a run as CSV: lines, sums, account, then its notes and checks."""
    said = [
        *grant_notes(run),
        *((f"検算: {one.label}", f"{outcome(one.outcome)} {check_words(one)}") for one in run.checks),
    ]
    columns = grant_columns(run)
    width = len(columns)
    notes = [["", label, text, *[""] * (width - 3)] for label, text in said]
    return csv_text([columns, *grant_rows(run), *grant_foot(run), [""] * width, *notes])


def outcome(word: str) -> str:
    """合, 否 or 注意."""
    return {"pass": "合", "fail": "否", "note": "注意"}[word]


def check_words(check: Check) -> str:
    """Say what a check found and, unless it passed, what should be there and why."""
    if check.outcome == "pass":
        return check.found
    wanted = [f"あるべき値 {check.expected}"] if check.outcome == "fail" else []
    return "。".join(filter(None, [check.found, *wanted, check.reference]))


def grant_json(run: GrantRun) -> str:
    """Return a run as JSON; every amount is whole yen or, before rounding, an exact fraction as text."""
    allocation, used = run.allocation, run.population
    return to_json({
        "status": run.status,
        "run_id": run.run_id or None,
        "example": run.scenario.example,
        "rule": {
            "id": run.rule.id, "title": run.rule.title, "instrument": run.rule.instrument, "sha256": run.rule.sha256,
            "in_force": run.rule.in_force.isoformat(), "not_stated": list(run.rule.not_stated),
        },
        "fiscal_year": run.scenario.fiscal_year,
        "scenario": run.scenario.to_text(),
        "budget_yen": allocation.settled.budget_yen,
        "allocated_yen": allocation.allocated_yen,
        "leftover_yen": allocation.leftover_yen,
        "leftover_exact_yen": str(allocation.leftover_exact),
        "leftover_label": "・".join(one.label for one in allocation.leftovers),
        "balances": [{"id": one.id, "label": one.label, "yen": str(one.yen)} for one in allocation.balances],
        "terms": dict(grant_notes(run)),
        "population": {
            "source": used.title, "reference_date": used.reference_date, "counted_by": used.counted_by,
            "basis": used.basis.name.lower(), "basis_label": used.basis.label, "note": used.note,
        },
        "lines": [_line(run, index) for index in range(len(allocation.units))],
        "checks": [dict(vars(check)) for check in run.checks],
        "sources": [source_json(source) for source in used.sources],
    })  # fmt: skip


def _line(run: GrantRun, index: int) -> dict[str, object]:
    line = run.allocation.lines[index]
    return {
        "unit_code": line.unit.code,
        "unit": line.unit.name,
        "population": line.unit.population,
        **{f"{key}_yen": yen for key, yen in line.terms_yen.items()},
        "total_yen": line.total_yen,
        "instalments_yen": list(line.instalments_yen),
        "steps": [_step(step) for step in steps(run.allocation, index)],
    }


def _step(step: Step) -> dict[str, object]:
    whole = step.exact.numerator if step.exact.denominator == 1 else None
    yen = {"yen": whole} if step.unit == "円" else {}
    return {
        "id": step.id,
        "label": step.label,
        **yen,
        "exact": str(step.exact),
        "unit": step.unit,
        "how": step.how,
    }


def grant_text(run: GrantRun) -> str:
    """Return a run as an aligned text table for a terminal, with its notes and checks."""
    table: list[Sequence[object]] = [grant_columns(run), *grant_rows(run), *grant_foot(run)]
    notes = "\n".join(f"{label}: {text}" for label, text in grant_notes(run))
    checks = "\n".join(f"検算 {outcome(one.outcome)}: {one.label}({check_words(one)})" for one in run.checks)
    return f"{text_table(table)}\n\n{notes}\n\n{checks}\n"


def run_name(run: GrantRun) -> str:
    """Name a run in a line: year, rule, status and id."""
    return f"{FiscalYear(run.scenario.fiscal_year).label} {run.rule.title} {run.status} {run.run_id}".strip()


def runs_text(runs: Sequence[GrantRun]) -> str:
    """Return the frozen runs as a text table, oldest first."""
    rows = [
        [
            run.run_id, FiscalYear(run.scenario.fiscal_year).label, run.rule.title, run.allocation.allocated_yen,
            run.frozen.frozen_at if run.frozen else "", run.frozen.frozen_by if run.frozen else "",
        ]
        for run in runs
    ]  # fmt: skip
    head = ["番号", "年度", "規則", "配分額(円)", "確定日時", "確定した人"]
    return f"{text_table([head, *rows])}\n" if rows else "確定した試算はまだありません。\n"
