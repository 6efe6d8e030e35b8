"""Results as text for files and pipes: allocations, district tables and checks as table, CSV or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TypeVar

import pandas as pd

from kyodo_geo.districts import Districts
from kyodo_geo.model.allocation import Leftover
from kyodo_geo.model.amounts import exact_text
from kyodo_geo.model.grants import GrantRun, Step, steps
from kyodo_geo.present.tables import csv_text
from kyodo_geo.provenance import Source, Unknown

T = TypeVar("T")

_HANDED_OUT = "端数の配分(円)"
_COLUMNS = (
    "コード", "名称", "人口(人)", "均等割(円)", "地域割 端数処理前(円)", "地域割 端数処理後(円)", _HANDED_OUT, "合計(円)",
)  # fmt: skip


def to_json(content: object) -> str:
    """Write JSON with two spaces and readable Japanese; a value that is no JSON is an error, never NaN."""
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def allocation_columns(run: GrantRun) -> tuple[str, ...]:
    """Return the headings; the column of handed-out remainders stands only where remainders are handed out."""
    return tuple(_shown(run, _COLUMNS))


def _shown(run: GrantRun, row: Sequence[T]) -> list[T]:
    if run.allocation.terms.leftover is Leftover.LARGEST_REMAINDER:
        return list(row)
    return [cell for cell, column in zip(row, _COLUMNS, strict=True) if column != _HANDED_OUT]


def allocation_rows(run: GrantRun) -> list[list[object]]:
    """Return one row a unit under `allocation_columns`; the exact amount before rounding is text."""
    return [_shown(run, row) for row in _full_rows(run)]


def _full_rows(run: GrantRun) -> list[list[object]]:
    return [
        [
            line.unit.code, line.unit.name, line.unit.population, line.equal_yen, exact_text(line.population_exact),
            line.population_rounded_yen, line.remainder_yen, line.total_yen,
        ]
        for line in run.allocation.lines
    ]  # fmt: skip


def allocation_foot(run: GrantRun) -> list[list[object]]:
    """Return the sums, the leftover by name and, where there is one, the budget: rows under `allocation_columns`."""
    allocation = run.allocation
    lines = allocation.lines
    sums: list[object] = [
        "", "合計", sum(line.unit.population for line in lines), sum(line.equal_yen for line in lines),
        exact_text(sum((line.population_exact for line in lines), start=lines[0].population_exact * 0)),
        sum(line.population_rounded_yen for line in lines), sum(line.remainder_yen for line in lines),
        allocation.allocated_yen,
    ]  # fmt: skip
    leftover = allocation.leftover_yen
    left = leftover if leftover is not None else exact_text(allocation.leftover_exact)
    foot: list[list[object]] = [sums, ["", allocation.leftover_label, "", "", "", "", "", left]]
    if allocation.terms.budget_yen is not None:
        foot.append(["", "予算", "", "", "", "", "", allocation.terms.budget_yen])
    return [_shown(run, row) for row in foot]


def allocation_notes(run: GrantRun) -> list[tuple[str, str]]:
    """Return what must stand on every copy of a run: its status, terms and population with day and basis."""
    terms, used = run.allocation.terms, run.population
    entered = [
        ("予算", f"{terms.budget_yen:,} 円" if terms.budget_yen is not None else ""),
        ("均等割の割合", f"{exact_text(terms.equal_percent)} %" if terms.equal_percent is not None else ""),
        ("均等割(入力)", f"{terms.equal_yen:,} 円" if terms.equal_yen is not None else ""),
        (
            "地域割の単価(入力)",
            f"1人 {exact_text(terms.per_head_yen)} 円" if terms.per_head_yen is not None else "",
        ),
    ]
    return [
        ("状態", f"{run.status}(確定した額ではありません)"),
        *((label, text) for label, text in entered if text),
        ("端数処理", f"{terms.rounding.label}、残りは{terms.leftover.label}"),
        ("人口の出典", used.title),
        ("人口の基準日", used.reference_date),
        ("人口の数え方", used.counted_by),
        ("人口の根拠", used.basis.label),
        *([("注意", used.note)] if used.note else []),
    ]


def allocation_csv(run: GrantRun, *, example: bool = False) -> str:
    """Return a run as CSV: lines, sums, leftover, then its notes; an example says that it is fictional."""
    said = [*([("例", "架空の額による計算です")] if example else []), *allocation_notes(run)]
    columns = allocation_columns(run)
    width = len(columns)
    notes = [["", label, text, *[""] * (width - 3)] for label, text in said]
    return csv_text([columns, *allocation_rows(run), *allocation_foot(run), [""] * width, *notes])


def allocation_json(run: GrantRun) -> str:
    """Return a run as JSON: lines with their steps, budget, allocated and leftover yen, status and population."""
    allocation, used = run.allocation, run.population
    return to_json({
        "status": run.status,
        "budget_yen": allocation.terms.budget_yen,
        "allocated_yen": allocation.allocated_yen,
        "leftover_yen": allocation.leftover_yen,
        "leftover_exact_yen": str(allocation.leftover_exact),
        "leftover_label": allocation.leftover_label,
        "terms": dict(allocation_notes(run)),
        "population": {
            "source": used.title,
            "reference_date": used.reference_date,
            "counted_by": used.counted_by,
            "basis": used.basis.name.lower(),
            "basis_label": used.basis.label,
            "note": used.note,
        },
        "lines": [
            {
                "unit_code": line.unit.code,
                "unit": line.unit.name,
                "population": line.unit.population,
                "equal_yen": line.equal_yen,
                "population_yen": line.population_yen,
                "total_yen": line.total_yen,
                "steps": [_step(step) for step in steps(allocation, line)],
            }
            for line in allocation.lines
        ],
        "sources": [source_json(source) for source in used.sources],
    })  # fmt: skip


def _step(step: Step) -> dict[str, object]:
    whole = step.exact.numerator if step.exact.denominator == 1 else None
    return {"id": step.id, "label": step.label, "yen": whole, "exact": str(step.exact), "how": step.how}


def allocation_text(run: GrantRun) -> str:
    """Return a run as an aligned text table for a terminal."""
    table: list[Sequence[object]] = [allocation_columns(run), *allocation_rows(run), *allocation_foot(run)]
    notes = "\n".join(f"{label}: {text}" for label, text in allocation_notes(run))
    return f"{text_table(table)}\n\n{notes}\n"


def text_table(rows: Iterable[Iterable[object]]) -> str:
    """Align cells by display width (a Japanese character is two columns wide); whole numbers to the right."""
    cells = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    right = [
        all(cell[:1].isdigit() or cell[:1] in "−-" for cell in column[1:] if cell)
        for column in zip(*cells, strict=True)
    ]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(
            _pad(cell, width, to_right=end) for cell, width, end in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in cells
    )


def _width(text: str) -> int:
    return sum(
        1 if ord(character) < 0x2000 or 0xFF61 <= ord(character) <= 0xFF9F else 2 for character in text
    )


def _pad(text: str, width: int, *, to_right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if to_right else text + space


def districts_json(districts: Districts, *, lines_note: str) -> str:
    """Return the district table as JSON; an unknown value is null and its reason stands under `unknown`."""
    return to_json({
        "on": districts.on.isoformat(),
        "restated": districts.restated,
        "lines_note": lines_note,
        "districts": [_district(str(code), row) for code, row in districts.table.iterrows()],
        "columns": {
            name: {"basis": column.basis.name.lower(), "reference_date": column.reference_date,
                   "sources": [source.id for source in column.sources]}
            for name, column in districts.columns.items()
        },
        "sources": [source_json(source) for source in districts.sources()],
    })  # fmt: skip


def _district(code: str, row: pd.Series) -> dict[str, object]:
    known = {str(name): None if isinstance(value, Unknown) else plain(value) for name, value in row.items()}
    unknown = {str(name): value.reason for name, value in row.items() if isinstance(value, Unknown)}
    return {"district_code": code, **known, "unknown": unknown}


def districts_csv(districts: Districts) -> str:
    """Return the district table as CSV with the column ids as headings; unknown values say so.

    The last columns carry on every row what a copied row would lose: the day of the lines, whether figures were
    restated on them, the weakest basis and the sources.
    """
    said = [
        districts.on.isoformat(),
        districts.restated,
        districts.basis().label,
        source_line(districts.sources()),
    ]
    rows = (
        [str(code), *(_cell(value) for value in row), *said]
        for code, row in zip(districts.table.index, districts.table.to_numpy(), strict=True)
    )
    return csv_text(
        [["district_code", *districts.table.columns, "on", "restated", "basis", "sources"], *rows]
    )


def _cell(value: object) -> object:
    return str(value) if isinstance(value, Unknown) else plain(value)


def small_areas_csv(small_areas: pd.DataFrame) -> str:
    """Return the assignment of small areas as CSV, headed by its column ids."""
    return csv_text(
        [list(small_areas.columns), *([plain(value) for value in row] for row in small_areas.to_numpy())]
    )


def plain(value: object) -> object:
    """Return a value as JSON knows it; a float is rounded to six decimals (km² to the square metre)."""
    item = value.item() if hasattr(value, "item") else value
    return round(item, 6) if isinstance(item, float) else item


def source_line(sources: Iterable[Source]) -> str:
    """Return the credits of sources as one line."""
    return "; ".join(source.credit for source in sources)


def source_json(source: Source) -> dict[str, object]:
    """Return a source as JSON, its basis as a word."""
    return {**vars(source), "basis": source.basis.name.lower()}
