"""A priority study as tables: scores and places, what each indicator adds, and what lies behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kyodo_geo.model.indicators import Value
from kyodo_geo.model.priority.choice import DIRECTIONS
from kyodo_geo.model.priority.score import place_text
from kyodo_geo.present.indicator_report import value_text
from kyodo_geo.present.tables import number_text
from kyodo_geo.priority.study import PriorityStudy
from kyodo_geo.provenance import mark_of

HEAD = ("順位", "地区", "地域", "点(100点中)", "上位に入る割合")
CHOSEN = ("指標", "年", "向き", "重み", "配分 %", "根拠", "分からない地区")


def score_text(low: float, high: float) -> str:
    """Write a score in points of 100, as a range where it is one."""
    first, last = number_text(low, decimals=1), number_text(high, decimals=1)
    return first if first == last else f"{first}～{last}"


def share_text(certain: float, possible: float) -> str:
    """Write how often a district is among the first, in %; two numbers where it hangs on what is unknown."""
    first, last = (number_text(100 * share) for share in (certain, possible))
    return f"{first} %" if first == last else f"{first}～{last} %"


def columns_of(study: PriorityStudy) -> tuple[str, ...]:
    """Return the heads of the table of districts: place, names, score, sensitivity, then each indicator's part."""
    top = f"上位{study.choice.top}に入る割合"
    return (*HEAD[:4], top, *(f"{column.title}の点" for column in study.scores.columns))


def district_rows(
    study: PriorityStudy, names: Mapping[str, str], areas: Mapping[str, str]
) -> list[list[str]]:
    """Return a row for each scored district, most pressing first."""
    scores = study.scores
    rows = []
    for row in scores.order:
        code = scores.units[row]
        parts = zip(scores.contribution_low[row], scores.contribution_high[row], strict=True)
        rows.append([
            place_text(scores.ranks[row]), names[code], areas[code], score_text(scores.low[row], scores.high[row]),
            share_text(*study.sensitivity.of(code)), *(score_text(*part) for part in parts),
        ])  # fmt: skip
    return rows


def value_rows(study: PriorityStudy, names: Mapping[str, str]) -> list[list[str]]:
    """Return a row for each district with the values themselves, in the order of the districts."""
    codes = study.scores.columns[0].values
    return [
        [code, names[code], *(_shown(study, at, code) for at in range(len(study.figures)))] for code in codes
    ]


def _shown(study: PriorityStudy, at: int, code: str) -> str:
    value: Value = study.figures[at].districts[code]
    return value_text(study.figures[at].indicator, value)


def chosen_rows(study: PriorityStudy) -> list[list[str]]:
    """Return a row for each chosen indicator: direction, weight, its share of the score, basis and unknowns."""
    whole = sum(item.weight for item in study.choice.items)
    lacking = [sum(column in one.columns for one in study.scores.lacking) for column in study.scores.columns]
    return [
        [
            one.title, str(one.year), DIRECTIONS[item.direction], str(item.weight),
            number_text(100 * item.weight / whole, decimals=1), one.basis.label, str(missing),
        ]
        for one, item, missing in zip(study.figures, study.choice.items, lacking, strict=True)
    ]  # fmt: skip


def lacking_rows(study: PriorityStudy, names: Mapping[str, str]) -> list[list[str]]:
    """Return a row for each district with an unknown value: which ones."""
    return [
        [names[one.code], "、".join(column.title for column in one.columns)] for one in study.scores.lacking
    ]


def bars(study: PriorityStudy, row: int) -> Sequence[tuple[str, float, float]]:
    """Return (title, low, high) of what each indicator adds to the score of a row, in the order of the choice."""
    scores = study.scores
    return [
        (column.title, float(low), float(high))
        for column, low, high in zip(
            scores.columns, scores.contribution_low[row], scores.contribution_high[row], strict=True
        )
    ]


def mark(study: PriorityStudy) -> str:
    """Return the word that must stand beside every score."""
    return mark_of(study.basis)
