"""A change from year to year in a table and in words; the parts add up to the change exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kyodo_geo.model.amounts import exact_text
from kyodo_geo.model.change import PART_LABELS, Change
from kyodo_geo.model.grants import GrantRun
from kyodo_geo.present.grant_reports import run_name
from kyodo_geo.present.reports import text_table
from kyodo_geo.present.tables import csv_text, number_text

METHOD = (
    "増減の分け方: 人口・規則・予算の4つは、どの順に変わったかをすべて平均した値(シャープレイ値)。"
    "端数処理は、円に丸めた額の増減との差。5つの和は増減と1円も違わない。理由は地区ごとのもので、市全体の理由にはならないため合計しない。"
)
# All amounts are yen; the caption says so
CHANGE_COLUMNS = [
    "コード",
    "名称",
    "前",
    "後",
    "増減",
    *PART_LABELS.values(),
    "ことばで",
]


def change_rows(changes: Sequence[Change]) -> list[list[str]]:
    """Return one row a unit under CHANGE_COLUMNS; parts are shown to two decimals, their sum is exact."""
    return [
        [
            change.unit.code, change.unit.name, number_text(change.before_yen), number_text(change.after_yen),
            number_text(change.change_yen, signed=True),
            *(two_decimals(change.parts[part]) for part in PART_LABELS),
            change_words(change),
        ]
        for change in changes
    ]  # fmt: skip


def two_decimals(exact: Fraction) -> str:
    """Write an exact amount with sign and two decimals, rounded half up, in whole numbers only."""
    hundredths = (abs(exact) * 200 + 1).__floor__() // 2
    sign = "" if not hundredths else "−" if exact < 0 else "+"
    return f"{sign}{hundredths // 100:,}.{hundredths % 100:02}"


def change_words(change: Change) -> str:
    """Say in a sentence what moved the amount most, and what moved it the other way."""
    if not change.change_yen:
        return "前と同じ額です。"
    word = "増え" if change.change_yen > 0 else "減り"
    moved = sorted(
        ((change.parts[part], part) for part in PART_LABELS if abs(change.parts[part]) >= 1),
        key=lambda pair: -abs(pair[0]),
    )
    same, against = (
        [f"{PART_LABELS[part]}で{_yen(yen)}" for yen, part in moved if (yen * change.change_yen > 0) is along]
        for along in (True, False)
    )
    reason = f"おもに{'、'.join(same[:2])}。" if same else "端数だけの違いです。"
    other = f"一方、{against[0]}。" if same and against else ""
    return f"{abs(change.change_yen):,}円{word}ました。{reason}{other}"


def _yen(exact: Fraction) -> str:
    whole = (abs(exact) * 2 + 1).__floor__() // 2
    return f"{'+' if exact > 0 else '−'}{whole:,}円"


def change_foot(changes: Sequence[Change]) -> list[str]:
    """Return the sums under CHANGE_COLUMNS; the causes are each unit's own and have no sum."""
    before, after = (sum(getattr(one, name) for one in changes) for name in ("before_yen", "after_yen"))
    sums = [number_text(before), number_text(after), number_text(after - before, signed=True)]
    return ["", "合計", *sums, *[""] * (len(PART_LABELS) + 1)]


def change_text(before: GrantRun, after: GrantRun, changes: Sequence[Change]) -> str:
    """Return the change between two runs as text for a terminal."""
    table = text_table([CHANGE_COLUMNS, *change_rows(changes), change_foot(changes)])
    return f"前: {run_name(before)}\n後: {run_name(after)}\n\n{table}\n\n{METHOD}\n"


def change_csv(before: GrantRun, after: GrantRun, changes: Sequence[Change]) -> str:
    """Return the change as CSV: the exact parts (1,234 と 5/17), so that they still add up to the yen.

    A bare 1/2 would become a date in a spreadsheet, and -1/2 a formula.
    """
    head = CHANGE_COLUMNS[:-1]
    rows = [
        [one.unit.code, one.unit.name, one.before_yen, one.after_yen, one.change_yen,
         *(_exact(one.parts[part]) for part in PART_LABELS)]
        for one in changes
    ]  # fmt: skip
    notes = [["前", run_name(before)], ["後", run_name(after)], ["分け方", METHOD]]
    return csv_text(
        [
            [*head, "ことばで"],
            *([*row, change_words(one)] for row, one in zip(rows, changes, strict=True)),
            [],
            *notes,
        ]
    )


def _exact(value: Fraction) -> object:
    return value.numerator if value.denominator == 1 else exact_text(value)
