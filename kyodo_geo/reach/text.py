"""A study as text for a terminal, and the sentences that stand under it wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterable

from kyodo_geo.city import City
from kyodo_geo.present.opened_report import account_lines
from kyodo_geo.present.reports import source_line, text_table
from kyodo_geo.reach.figures import levels_of
from kyodo_geo.reach.study import Study
from kyodo_geo.reach.tables import (
    CHANGE_COLUMNS,
    HURT_COLUMNS,
    change_row,
    change_rows,
    district_columns,
    district_rows,
    hurt_rows,
    radius_text,
)
from kyodo_geo.reach.words import after_words, few_points, not_counted
from kyodo_geo.sources.visit.opened import Opened

_HURT_SHOWN = 15


def study_text(city: City, study: Study, opened: Iterable[Opened]) -> str:
    """Return districts, what a what-if changes and whom it hurts most, notes, sources and the accounts of files."""
    rows, foot = district_rows(city, study)
    parts = [heading(study), text_table([[column.label for column in district_columns(study)], *rows, foot])]
    if study.changed:
        parts += ["もしもの変化(動きのある地区)", text_table([CHANGE_COLUMNS, *_touched(city, study)])]
        hurt = hurt_rows(city, study, most=_HURT_SHOWN)
        parts += ["最も遠くなる所", text_table([HURT_COLUMNS, *hurt])] if hurt else []
    return (
        "\n\n".join(
            [
                *parts,
                "\n".join([*filter(None, [few_points(city, study)]), *notes(study), *account_lines(opened)]),
            ]
        )
        + "\n"
    )


def _touched(city: City, study: Study) -> list[list[str]]:
    """Return the rows of the districts where anybody's way changes, and the row of the city."""
    rows, foot = change_rows(city, study)
    moved = [change_row(study, at) for at in levels_of(city, study).districts.values()]
    kept = [
        row for row, one in zip(rows, moved, strict=True) if one.longer + one.shorter + one.lost + one.gained
    ]
    return [*kept, foot]


def heading(study: Study) -> str:
    """Return the line that says what was measured."""
    word = "時間" if study.unit == "分" else "半径"
    return (
        f"{study.what}への近さ({study.mark}): {study.measure_label}、{word} {radius_text(study)}、"
        f"{study.demand.reference_date} の{study.demand.counted}、{study.on.isoformat()} の地区の線{after_words(study)}"
    )


def notes(study: Study) -> list[str]:
    """Return what must stand under the figures: what is not counted, how people and ways were measured, the sources."""
    return [
        *not_counted(study),
        f"人: {study.demand.method}({study.mark})。{study.demand.unplaced}".rstrip("。") + "。",
        f"距離: {study.measure_note}。市の外の施設は数えていない。",
        f"出典: {source_line(study.sources)}",
    ]
