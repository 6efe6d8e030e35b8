"""Results as text for files and pipes: district tables as CSV or JSON, and text tables for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pandas as pd

from kyodo_geo.districts import Districts
from kyodo_geo.present.tables import csv_text
from kyodo_geo.provenance import Source, Unknown


def to_json(content: object) -> str:
    """Write JSON with two spaces and readable Japanese; a value that is no JSON is an error, never NaN."""
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


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
