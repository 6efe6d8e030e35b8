"""Checks as text and JSON; the page of checks uses the same rows."""

from __future__ import annotations

from collections.abc import Sequence

from kyodo_geo.model.check import Check
from kyodo_geo.present.reports import text_table, to_json
from kyodo_geo.present.tables import MINUS

OUTCOME_LABELS = {"pass": "合", "fail": "否", "note": "差あり(既知)"}
CHECK_COLUMNS = ("結果", "検査", "あるべき値", "実際の値", "差", "根拠・説明")


def check_rows(checks: Sequence[Check]) -> list[list[str]]:
    """Return one row a check in CHECK_COLUMNS; a difference has a true minus."""
    return [
        [
            OUTCOME_LABELS[one.outcome], one.label, one.expected, one.found,
            one.difference.replace("-", MINUS), one.reference,
        ]
        for one in checks
    ]  # fmt: skip


def summary(checks: Sequence[Check]) -> str:
    """Write how many passed, failed, or differ with an explanation."""
    numbers = {outcome: sum(one.outcome == outcome for one in checks) for outcome in OUTCOME_LABELS}
    return "、".join(f"{label} {numbers[outcome]} 件" for outcome, label in OUTCOME_LABELS.items())


def checks_text(checks: Sequence[Check]) -> str:
    """Return the checks as a text table with a summary line."""
    return f"{text_table([list(CHECK_COLUMNS), *check_rows(checks)])}\n\n{summary(checks)}\n"


def checks_json(checks: Sequence[Check]) -> str:
    """Return the checks as JSON with `ok`, true when none failed."""
    fields = ("id", "label", "expected", "found", "difference", "outcome", "reference")
    rows = [{field: getattr(one, field) for field in fields} for one in checks]
    return to_json(
        {"ok": all(one.outcome != "fail" for one in checks), "summary": summary(checks), "checks": rows}
    )
