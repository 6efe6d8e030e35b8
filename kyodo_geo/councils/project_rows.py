"""The projects of the district plans as rows for people: state, who answers for each, when it is due, what is late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.councils.projects import STATES, Project
from kyodo_geo.provenance import Unknown

PROJECTS = ("協働体・地区", "事業", "状態", "担う人(役・団体)", "期限の年度", "遅れ", "いつの記録", "出典")


def project_rows(projects: Sequence[Project], names: Mapping[str, str], day: date) -> list[list[str]]:
    """Return a row for each project in PROJECTS' columns, late ones first; what nobody stated is 不明(理由)."""
    ordered = sorted(projects, key=lambda one: not one.is_overdue(day))
    return [
        [
            names.get(one.subject, one.subject),
            one.name,
            str(one.state) if isinstance(one.state, Unknown) else STATES[one.state],
            str(one.owner),
            one.due.label if isinstance(one.due, FiscalYear) else str(one.due),
            _late(one, day),
            one.since.words,
            one.source,
        ]
        for one in ordered
    ]


def _late(one: Project, day: date) -> str:
    if one.state in {"done", "stopped"}:
        return "なし"
    unknown = next((part for part in (one.state, one.due) if isinstance(part, Unknown)), None)
    if unknown is not None:
        return str(Unknown("状態か期限の記載なし"))
    return "期限を過ぎている" if one.is_overdue(day) else "なし"
