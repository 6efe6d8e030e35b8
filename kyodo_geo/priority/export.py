"""A priority study as text, CSV and JSON, each with method, weights, missing rule, basis and sources."""

from __future__ import annotations

from collections.abc import Mapping

from kyodo_geo.model.priority.choice import METHODS, MISSING_RULES
from kyodo_geo.model.priority.score import WHAT_IT_IS_NOT, explain, explain_missing
from kyodo_geo.model.priority.sensitivity import explain_sensitivity
from kyodo_geo.present.reports import text_table, to_json
from kyodo_geo.present.tables import csv_text
from kyodo_geo.priority.study import PriorityStudy
from kyodo_geo.priority.tables import (
    CHOSEN,
    chosen_rows,
    columns_of,
    district_rows,
    lacking_rows,
    mark,
)


def said(study: PriorityStudy) -> list[str]:
    """Return what must stand beside the scores: what the index is not, method, missing rule, sensitivity, sources."""
    credit = "、".join(source.credit for source in study.sources)
    return [
        WHAT_IT_IS_NOT,
        explain(study.choice.method),
        explain_missing(study.choice.missing),
        *(
            sentence
            for sentence in study.scores.sentences
            if sentence != explain_missing(study.choice.missing)
        ),
        explain_sensitivity(study.choice),
        "順位は、点の幅が重なる地区どうしでは決めません。",
        f"根拠: {study.basis.label}。出典: {credit}",
    ]


def priority_text(study: PriorityStudy, names: Mapping[str, str], areas: Mapping[str, str]) -> str:
    """Return the study as text for a terminal."""
    title = f"優先度({mark(study) or study.basis.label}): {METHODS[study.choice.method]}、{MISSING_RULES[study.choice.missing]}、{study.on.isoformat()} の地区"
    lacking = [f"分からない値のある地区: {name}({what})" for name, what in lacking_rows(study, names)]
    parts = [
        title,
        text_table([CHOSEN, *chosen_rows(study)]),
        text_table([columns_of(study), *district_rows(study, names, areas)]),
        "\n".join([*lacking, *said(study)]),
    ]
    return "\n\n".join(parts) + "\n"


def priority_csv(study: PriorityStudy, names: Mapping[str, str], areas: Mapping[str, str]) -> str:
    """Return the districts as CSV, one a row, each with the basis; what must be said stands below an empty line."""
    head = (*columns_of(study), "根拠", "印")
    rows = [[*row, study.basis.label, mark(study)] for row in district_rows(study, names, areas)]
    return csv_text([head, *rows, [], *([line] for line in said(study))])


def priority_json(study: PriorityStudy, names: Mapping[str, str]) -> str:
    """Return the study as JSON: the choice, scores and contributions as numbers, places and shares."""
    scores = study.scores
    return to_json({
        "on": study.on.isoformat(),
        "choice": study.choice.to_query(),
        "basis": study.basis.label, "mark": mark(study),
        "districts": [
            {
                "code": code, "name": names[code], "score": [float(scores.low[row]), float(scores.high[row])],
                "place": list(scores.ranks[row]), "among_the_first": list(study.sensitivity.of(code)),
                "contributions": {
                    column.indicator_id: [float(scores.contribution_low[row, at]), float(scores.contribution_high[row, at])]
                    for at, column in enumerate(scores.columns)
                },
            }
            for row, code in enumerate(scores.units)
        ],
        "lacking": {one.code: [column.indicator_id for column in one.columns] for one in scores.lacking},
        "notes": said(study),
        "sources": [source.id for source in study.sources],
    })  # fmt: skip
