"""The rows of an activity table as columns of records: each distinct cell is read one time, its faults told for every row."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from kyodo_geo.errors import Fault
from kyodo_geo.model.councils.activity import MEASURES, Activities
from kyodo_geo.model.councils.entry import MOST
from kyodo_geo.sources.visit.activity.columns import PLACES, Columns
from kyodo_geo.sources.visit.activity.places import Cells, RefusedPlaceError, Subjects
from kyodo_geo.sources.visit.activity.words import read_amount, read_fiscal_year, read_hours, read_role
from kyodo_geo.sources.visit.sheets.cells import Mark
from kyodo_geo.sources.visit.sheets.heads import Body, Record
from kyodo_geo.sources.visit.sheets.totals import is_total_name

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_T = TypeVar("_T", bound=Hashable)


@dataclass(frozen=True)
class Table:
    """One table of the file: its body, what its columns are, and the fiscal year that stands outside its rows."""

    body: Body
    columns: Columns
    year: int | None

    @property
    def where(self) -> str:
        """The file, with the sheet where it has one, as messages name it."""
        return f"{self.body.file} シート「{self.body.sheet}」" if self.body.sheet else self.body.file


class Reading:
    """The rows of one table while they are read: `faults` refuse the file, `left_out` and `cautions` are told."""

    def __init__(self, table: Table, subjects: Subjects) -> None:
        self.table, self.subjects = table, subjects
        self.faults: list[Fault] = []
        self.cautions: list[Fault] = []
        self.records, self.left_out = self._without_totals(table.body.records)

    def take(self) -> Activities:
        """Return the records of the table; where there are faults they hold for nothing."""
        places = self._places()
        amounts, stated = self._amounts()
        return Activities(
            np.array([council for council, _ in places], dtype=np.str_),
            np.array([district for _, district in places], dtype=np.str_),
            self._years(),
            self._wholes("role", read_role),
            amounts,
            stated,
            tuple(self.texts("name")),
            tuple(self.texts("project")),
        )

    def texts(self, role: str) -> list[str]:
        """Return the cells of a role, "" where the table has no such column."""
        column = self.table.columns.roles.get(role)
        if column is None:
            return [""] * len(self.records)
        return [record.cells[column] for record in self.records]

    def _without_totals(self, records: Sequence[Record]) -> tuple[list[Record], list[Fault]]:
        """Part the records from totals that the sheet's own search missed: a total's word, and no year or no role."""
        roles = self.table.columns.roles
        naming = [roles[role] for role in (*PLACES, "year", "role", "name") if role in roles]
        needed = [roles[role] for role in ("year", "role") if role in roles]
        kept, left_out = (
            [],
            [Fault(one.what, self.table.where, one.row, one.column) for one in self.table.body.left_out],
        )
        for record in records:
            cells = record.cells
            if all(cells[column] for column in needed):
                kept.append(record)
                continue
            word = next((cells[column] for column in naming if is_total_name(cells[column])), "")
            if word:
                left_out.append(self._fault(f"「{word[:30]}」は合計の行とみなしました", record.line, ""))
            else:
                kept.append(record)
        return kept, left_out

    def _places(self) -> list[tuple[str, str]]:
        cells = list(zip(*(self.texts(role) for role in PLACES), strict=True))
        found: dict[Cells, tuple[str, str]] = {}
        refused: dict[Cells, tuple[str, str]] = {}
        for one in dict.fromkeys(cells):
            try:
                found[one] = self.subjects.find(one)
            except RefusedPlaceError as error:
                found[one] = ("", "")
                refused[one] = (error.why, self._column_of(error.at))
        self._refuse(cells, refused)
        return [found[one] for one in cells]

    def _column_of(self, at: int) -> str:
        """Return the column of a place's cell; of the first place there is where a row names none."""
        roles = self.table.columns.roles
        return roles.get(PLACES[at]) or next(roles[place] for place in PLACES if place in roles)

    def _years(self) -> Ints:
        if "year" in self.table.columns.roles:
            return self._wholes("year", read_fiscal_year)
        return np.full(len(self.records), self.table.year or 0, dtype=np.int64)

    def _wholes(self, role: str, read: Callable[[str], int]) -> Ints:
        texts = self.texts(role)
        values = self._read(role, texts, read)
        whole = {text: values.get(text, 0) for text in dict.fromkeys(texts)}
        return np.fromiter(map(whole.__getitem__, texts), np.int64, len(texts))

    def _amounts(self) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """Return the numbers (n, 4), 0 where not stated, and where they are stated."""
        shape = (len(self.records), len(MEASURES))
        amounts, stated = np.zeros(shape), np.zeros(shape, dtype=np.bool_)
        for at, measure in enumerate(MEASURES):
            if measure not in self.table.columns.roles:
                continue
            texts = self.texts(measure)
            values = self._read(measure, texts, _hours if measure == "hours" else _amount)
            numbers = dict.fromkeys(texts, math.nan) | {
                text: float(value) for text, value in values.items() if not isinstance(value, Mark)
            }
            read = np.fromiter(map(numbers.__getitem__, texts), np.float64, len(texts))
            stated[:, at] = ~np.isnan(read)
            amounts[:, at] = np.nan_to_num(read)
            self._tell_suppressed(measure, texts, values)
        return amounts, stated

    def _tell_suppressed(self, measure: str, texts: Sequence[str], values: dict[str, float | Mark]) -> None:
        kept_back = {text for text, value in values.items() if value is Mark.SUPPRESSED}
        rows = sum(text in kept_back for text in texts) if kept_back else 0
        if rows:
            what = f"秘匿の値は記載なしとして数えました({rows} 行)"
            self.cautions.append(Fault(what, self.table.where, column=self.table.columns.roles[measure]))

    def _read(self, role: str, texts: Sequence[str], read: Callable[[str], _T]) -> dict[str, _T]:
        values: dict[str, _T] = {}
        refused: dict[str, tuple[str, str]] = {}
        for text in dict.fromkeys(texts):
            try:
                values[text] = read(text)
            except ValueError as error:
                refused[text] = (str(error), self.table.columns.roles[role])
        self._refuse(texts, refused)
        return values

    def _refuse(self, cells: Sequence[_T], refused: Mapping[_T, tuple[str, str]]) -> None:
        """Note a fault for every row that holds a refused cell: why, and in which column."""
        for cell, record in zip(cells, self.records, strict=True) if refused else ():
            if cell in refused:
                why, column = refused[cell]
                self.faults.append(self._fault(why, record.line, column))

    def _fault(self, what: str, line: int, column: str) -> Fault:
        if self.table.body.turned:
            return Fault(f"{line} 列目: {what}", self.table.where, column=column)
        return Fault(what, self.table.where, line, column)

    def doubles(self) -> Iterator[Fault]:
        """Tell of rows that say in every column what a row above says."""
        seen: dict[tuple[str, ...], int] = {}
        for record in self.records:
            row = tuple(record.cells.values())
            if row in seen:
                yield self._fault(f"{seen[row]} 行目と同じ内容です(どちらも数えています)", record.line, "")
            seen.setdefault(row, record.line)


def _amount(text: str) -> float | Mark:
    return _checked(text, read_amount(text))


def _hours(text: str) -> float | Mark:
    value = read_hours(text)
    return _checked(text, value if isinstance(value, Mark) else float(value))


def _checked(text: str, value: float | Mark) -> float | Mark:
    if not isinstance(value, Mark) and value > MOST:
        msg = f"「{text[:30]}」は大きすぎます({MOST:,} まで)"
        raise ValueError(msg)
    return value
