"""Read a list of units that a person brings: unit_code, unit, population (district_code is checked against the city)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from kyodo_geo.errors import Fault, TableError
from kyodo_geo.sources.disk import content_of
from kyodo_geo.sources.tables import Row, Table, decode, read_table, whole_number

# The words of a rule file are understood in a table too
_COUNTED_BY = {"register": "住民基本台帳", "census": "国勢調査"}
_STATED_NOWHERE = "ファイルに記載なし"
_LONGEST = 30


# Columns that speak of the whole file or of the row itself; every other column is a measure of the unit
_SPOKEN_FOR = {
    "unit_code", "unit", "district_code", "district", "area", "population", "reference_date", "population_basis",
    "months", "estimated", "last_year_yen", "note",
}  # fmt: skip
_NUMBER = re.compile(r"(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", re.ASCII)
_MEASURE_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class UnitRow:
    """One unit of the file, with every measure beyond its people as an exact number, and what it got last year."""

    code: str
    name: str
    population: int
    measures: Mapping[str, Fraction]
    months: int
    estimated: bool
    last_year_yen: int | None


@dataclass(frozen=True)
class UnitList:
    """The units of a file in its order, and what the file says of its population (day and way of counting)."""

    name: str
    rows: tuple[UnitRow, ...]
    reference_date: str
    counted_by: str
    by_district: bool = False


def read_units_file(path: Path, *, known: Collection[str] = ()) -> UnitList:
    """Read a units file from disk; DataFileError when it cannot be opened, else as `read_units`."""
    return read_units(content_of(path, what="単位のファイル"), name=path.name, known=known)


def read_units(content: bytes, *, name: str, known: Collection[str] = ()) -> UnitList:
    """Read a CSV with `unit_code, unit, population`, or with `district_code` whose codes must be among `known`.

    Optional columns: `reference_date` and `population_basis` (the population's day and way of counting), `months` the
    unit stands in the year, `estimated` (1 or 0), `last_year_yen`; any other column named in small letters is a measure
    of the unit (households, area_m2, age_65_over, distance_km, a coefficient), kept exactly.
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
        rows.append(_row(row, code, row[label], table, name, faults))
    if not table.rows:
        faults.append(Fault("単位が1行もありません", file=name, row=2))
    if faults:
        raise TableError(
            f"{name} に {len(faults)} 件の誤りがあります。",
            faults=faults,
            todo="上の場所を直してもう一度読み込んでください",
        )
    basis = _stated(table, "population_basis")
    stated = _stated(table, "reference_date"), _COUNTED_BY.get(basis, basis)
    return UnitList(name, tuple(rows), *stated, by_district=by_district)


def _row(row: Row, code: str, label: str, table: Table, name: str, faults: list[Fault]) -> UnitRow:  # noqa: PLR0913, PLR0917 - a row and where it stands
    def cell(column: str, default: Fraction) -> Fraction:
        """Return a cell as an exact number; the default where the table has no such column, or after noting a fault."""
        if column not in table.columns:
            return default
        try:
            return exact_cell(row[column])
        except ValueError as error:
            faults.append(Fault(str(error), file=name, row=row.line, column=column))
            return default

    measures = [
        column for column in table.columns if column not in _SPOKEN_FOR and _MEASURE_NAME.fullmatch(column)
    ]
    months = cell("months", Fraction(12))
    if months.denominator != 1 or months > 12:
        faults.append(Fault("0 から 12 までの整数ではありません", file=name, row=row.line, column="months"))
    estimated = cell("estimated", Fraction(0))
    if estimated not in {0, 1}:
        faults.append(Fault("1(推計)か 0 です", file=name, row=row.line, column="estimated"))
    before = cell("last_year_yen", Fraction(0)) if row.cells.get("last_year_yen", "") else None
    if before is not None and before.denominator != 1:
        faults.append(Fault("円未満の端数があります", file=name, row=row.line, column="last_year_yen"))
    return UnitRow(
        code,
        label,
        _population(row, name, faults),
        {column: cell(column, Fraction(0)) for column in measures if row[column]},
        int(months),
        estimated == 1,
        int(before) if before is not None else None,
    )


def exact_cell(text: str) -> Fraction:
    """Read a number ≥ 0 of a cell exactly (12, 1,200, 0.5, 1/2, full-width digits); ValueError in Japanese otherwise."""
    plain = unicodedata.normalize("NFKC", text).strip()
    top, slash, bottom = plain.partition("/")
    whole = bottom.isascii() and bottom.isdigit() and len(plain) <= _LONGEST
    if len(plain) > _LONGEST or not _NUMBER.fullmatch(top) or (slash and not (whole and int(bottom))):
        msg = f"「{text[:_LONGEST]}」は0以上の数(例 120、0.5、1/2)ではありません"
        raise ValueError(msg)
    return Fraction(top.replace(",", "")) / (int(bottom) if slash else 1)


def read_last_year(content: bytes, *, name: str) -> dict[str, int]:
    """Read last year's whole yen by code from a CSV with `unit_code` (or `district_code`, コード) and a yen column.

    The yen column is `last_year_yen`, `total_yen` or 合計(円), so that a CSV of this tool can be read back; lines
    without a code (sums, notes) end the table. Raises TableError with every fault.
    """
    table = read_table(_until_notes(content, name), name=name)
    key = _first_of(table, ("unit_code", "district_code", "コード"), name)
    yen = _first_of(table, ("last_year_yen", "total_yen", "合計(円)"), name)
    faults: list[Fault] = []
    found, seen = dict[str, int](), set[str]()
    for row in table:
        code = unicodedata.normalize("NFKC", row[key]).removeprefix("'")  # as this tool's own CSV disarms it
        if not code:
            continue
        if code in seen:
            faults.append(Fault(f"コード「{code}」が2回あります", file=name, row=row.line, column=key))
        seen.add(code)
        try:
            found[code] = whole_number(row[yen])
        except ValueError as error:
            faults.append(Fault(str(error).replace("人", "円"), file=name, row=row.line, column=yen))
    if not seen:
        faults.append(Fault("前年の額が1行もありません", file=name, row=2))
    if faults:
        raise TableError(
            f"{name} に {len(faults)} 件の誤りがあります。",
            faults=faults,
            todo="上の場所を直してもう一度読み込んでください",
        )
    return found


def _until_notes(content: bytes, name: str) -> bytes:
    """Keep the table of a CSV of this tool: its notes stand below an empty line."""
    lines = decode(content, name=name).splitlines(keepends=True)
    end = next(
        (number for number, line in enumerate(lines) if number and not line.strip(", \r\n")), len(lines)
    )
    return "".join(lines[:end]).encode("utf-8")


def _first_of(table: Table, names: Sequence[str], file: str) -> str:
    for one in names:
        if one in table.columns:
            return one
    raise TableError(
        f"{file} に {'・'.join(names)} のどの列もありません。", todo="1行目の列名を確かめてください"
    )


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
