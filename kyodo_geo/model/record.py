"""A frozen run as plain data: everything needed to read it, check it, and compute it again after years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.allocation import Allocation, allocate
from kyodo_geo.model.check import Check
from kyodo_geo.model.explain import steps
from kyodo_geo.model.grants import FROZEN, Frozen, GrantRun, LastYear, PopulationUsed
from kyodo_geo.model.measures import Unit
from kyodo_geo.model.scenario import from_text
from kyodo_geo.provenance import Basis, Source
from kyodo_geo.rules.book import parse_rule

FORMAT = 1


def record_of(
    run: GrantRun, *, frozen_at: str, frozen_by: str, note: str = "", seen: Sequence[str] = ()
) -> dict[str, object]:
    """Return the record to be frozen: whole numbers, texts and exact fractions as text, never a float.

    `seen` are the flagged checks (注意) that whoever signs has looked at.
    Raises InputRefused when a check failed, naming each: a failing check blocks 確定.
    """
    if run.failed:
        labels = "、".join(check.label for check in run.failed)
        raise InputRefused(
            f"確定できません。検算に {len(run.failed)} 件の否があります: {labels}",
            todo="否の項目を直してから確定してください(試算は続けられます)",
        )
    if not frozen_by.strip():
        raise InputRefused("確定する人の名前がありません。", todo="職名か氏名を入れてください")
    return {
        "format": FORMAT,
        "status": FROZEN,
        "frozen_at": frozen_at,
        "frozen_by": frozen_by.strip(),
        "note": note,
        "seen": list(seen),
        "rule": {
            "id": run.rule.id,
            "title": run.rule.title,
            "sha256": run.rule.sha256,
            "text": run.rule.text,
        },
        "scenario": run.scenario.to_text(),
        "population": _population(run.population),
        "units": [_unit(unit) for unit in run.allocation.units],
        "last_year": _last_year(run.last_year) if run.last_year else None,
        "lines": [_line(run, index) for index in range(len(run.allocation.units))],
        "balances": [
            {"id": one.id, "label": one.label, "yen": str(one.yen)} for one in run.allocation.balances
        ],
        "allocated_yen": run.allocation.allocated_yen,
        "checks": [asdict(check) for check in run.checks],
    }


def _last_year(before: LastYear) -> dict[str, object]:
    return {"title": before.title, "yen": dict(before.yen), "run_id": before.run_id}


def _population(used: PopulationUsed) -> dict[str, object]:
    said = {key: value for key, value in vars(used).items() if key != "sources"}
    return {
        **said,
        "basis": used.basis.name.lower(),
        "expected_codes": list(used.expected_codes),
        "sources": [{**vars(source), "basis": source.basis.name.lower()} for source in used.sources],
    }


def _unit(unit: Unit) -> dict[str, object]:
    measures = {name: str(Fraction(value)) for name, value in sorted(unit.measures.items())}
    return {
        "code": unit.code,
        "name": unit.name,
        "population": unit.population,
        "measures": measures,
        "months": unit.months,
        "estimated": unit.estimated,
        "uncertain": unit.uncertain,
    }


def _line(run: GrantRun, index: int) -> dict[str, object]:
    line = run.allocation.lines[index]
    return {
        "unit_code": line.unit.code,
        "total_yen": line.total_yen,
        "instalments_yen": list(line.instalments_yen),
        "steps": [
            {"id": step.id, "label": step.label, "exact": str(step.exact), "how": step.how}
            for step in steps(run.allocation, index)
        ],
    }


def run_of(record: Mapping[str, Any], run_id: str) -> GrantRun:
    """Build the run of a record again from its own rule text, units and choices, and prove that every line agrees.

    Raises InputRefused when the calculation of this version gives another amount than the record: the record stands.
    """
    if record["format"] != FORMAT:
        raise InputRefused(
            f"記録の形式 {record['format']} はこの版では読めません。", todo="新しい版で開いてください"
        )
    rule = parse_rule(record["rule"]["text"], name=f"{record['rule']['id']}.toml")
    if rule.sha256 != record["rule"]["sha256"]:
        raise InputRefused(f"確定した試算 {run_id} の規則の文が、記録した指紋と合いません。")
    scenario = from_text(record["scenario"])
    before = LastYear(**record["last_year"]) if record["last_year"] else None
    units = [_unit_of(entry) for entry in record["units"]]
    result = allocate(units, scenario.settle(rule), last_year_yen=before.yen if before else None)
    if not _agrees(record, result):
        raise InputRefused(
            f"確定した試算 {run_id} を計算し直すと、記録と違う額になります。",
            todo="記録そのもの(JSON)は変わっていません。計算した版で開いてください",
        )
    return GrantRun(
        rule=rule,
        scenario=scenario,
        allocation=result,
        population=_population_of(record["population"]),
        checks=tuple(Check(**check) for check in record["checks"]),
        last_year=before,
        frozen=Frozen(run_id, record["frozen_at"], record["frozen_by"], record["note"]),
    )


def _agrees(record: Mapping[str, Any], result: Allocation) -> bool:
    """Compare the yen of the record with a result: each line in all and by instalment, and their sum."""
    lines = [(line["unit_code"], line["total_yen"], line["instalments_yen"]) for line in record["lines"]]
    return (
        lines == [(line.unit.code, line.total_yen, list(line.instalments_yen)) for line in result.lines]
        and record["allocated_yen"] == result.allocated_yen
    )


def _unit_of(entry: Mapping[str, Any]) -> Unit:
    measures = {name: Fraction(value) for name, value in entry["measures"].items()}
    return Unit(
        entry["code"],
        entry["name"],
        entry["population"],
        measures,
        entry["months"],
        entry["estimated"],
        entry["uncertain"],
    )


def _population_of(entry: Mapping[str, Any]) -> PopulationUsed:
    sources = tuple(
        Source(**{**source, "basis": Basis.named(source["basis"])}) for source in entry["sources"]
    )
    given = {**entry, "basis": Basis.named(entry["basis"]), "sources": sources}
    return PopulationUsed(**{**given, "expected_codes": tuple(entry["expected_codes"])})
