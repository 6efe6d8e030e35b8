"""Read a list of units that a person brings: unit_code, unit, population (district_code is checked against the city)."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from kyodo_geo.errors import DataFileError, Fault, TableError, os_reason
from kyodo_geo.sources.tables import Row, Table, read_table, whole_number

_STATED_NOWHERE = "ファイルに記載なし"


@dataclass(frozen=True)
class UnitRow:
    """One unit of the file."""

    code: str
    name: str
    population: int


@dataclass(frozen=True)
class UnitList:
    """The units of a file in its order, and what the file says of its population (day and way of counting)."""

    name: str
    rows: tuple[UnitRow, ...]
    reference_date: str
    counted_by: str


def read_units_file(path: Path, *, known: Collection[str] = ()) -> UnitList:
    """Read a units file from disk; DataFileError when it cannot be opened, else as `read_units`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataFileError(
            f"単位のファイルを開けません: {path}({os_reason(error)})",
            todo="ファイルの場所と名前を確かめてください",
        ) from error
    return read_units(content, name=path.name, known=known)


def read_units(content: bytes, *, name: str, known: Collection[str] = ()) -> UnitList:
    """Read a CSV with `unit_code, unit, population`, or with `district_code` whose codes must be among `known`.

    Optional columns `reference_date` and `population_basis` state the population's day and way of counting.
    Raises TableError gathering every fault with its row and column: a missing column; an empty, doubled or unknown
    code; a population that is empty, negative or no whole number. UTF-8 and cp932, full-width digits and thousands
    commas are read.
    """
    table = read_table(content, name=name)
    by_district = "unit_code" not in table.columns and "district_code" in table.columns
    key = "district_code" if by_district else "unit_code"
    label = "district" if by_district and "unit" not in table.columns else "unit"
    table.require([key, label, "population"])
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    rows = []
    for row in table:
        code = _code(row, key, name, seen, faults)
        if by_district and code and len(known) and code not in known:
            faults.append(
                Fault(f"「{code}」は市の地区コードにありません", file=name, row=row.line, column=key)
            )
        rows.append(UnitRow(code, row[label], _population(row, name, faults)))
    if not table.rows:
        faults.append(Fault("単位が1行もありません", file=name, row=2))
    if faults:
        raise TableError(
            f"{name} に {len(faults)} 件の誤りがあります。",
            faults=faults,
            todo="上の場所を直してもう一度読み込んでください",
        )
    return UnitList(name, tuple(rows), _stated(table, "reference_date"), _stated(table, "population_basis"))


def _code(row: Row, key: str, name: str, seen: dict[str, int], faults: list[Fault]) -> str:
    code = unicodedata.normalize("NFKC", row[key])
    if not code:
        faults.append(Fault("コードが空欄です", file=name, row=row.line, column=key))
    elif code in seen:
        faults.append(
            Fault(f"コード「{code}」が {seen[code]} 行目にもあります", file=name, row=row.line, column=key)
        )
    else:
        seen[code] = row.line
    return code


def _population(row: Row, name: str, faults: list[Fault]) -> int:
    try:
        return whole_number(row["population"])
    except ValueError as error:
        faults.append(Fault(str(error), file=name, row=row.line, column="population"))
        return 0


def _stated(table: Table, column: str) -> str:
    """Return what a column says when all rows say the same; otherwise that it is not stated."""
    values = {row[column] for row in table} if column in table.columns else set()
    return values.pop() if len(values) == 1 and "" not in values else _STATED_NOWHERE
