"""A table of records as it was handed in: its rows as drafts, and every fault with its row and column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kyodo_geo.errors import Fault, InputRefused, TableError
from kyodo_geo.model.changes import KINDS, Change
from kyodo_geo.records.cells import read_cell
from kyodo_geo.records.layout import (
    AFTER,
    BEFORE,
    CORRECTS,
    ENTERED_AT,
    ENTERED_BY,
    KIND,
    NEEDED,
    NOTE,
    NUMBER,
    SHA256,
    SINCE,
    SOURCE,
    SUBJECT,
    UNDOES,
)
from kyodo_geo.records.rows import Draft
from kyodo_geo.sources.visit.sheets.sheet import Sheet, SheetRow, read_sheets

_FIXED = frozenset((*BEFORE, *AFTER))
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER = re.compile(r"[1-9][0-9]{0,14}")
_DAY_OF_EXCEL = re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})")
_CODES = {label: code for code, label in KINDS.items()}
_COLUMN_NAMED = re.compile(rf"({'|'.join(sorted(_FIXED, key=len, reverse=True))})|項目「([^」]*)」")

Check = Callable[[Change], object]
Said = dict[str, str]


@dataclass
class Given:
    """The rows that can be read as drafts, in the file's order, and what is wrong with the others."""

    drafts: list[Draft] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    _by_number: dict[int, str] = field(default_factory=dict)
    _numbers: set[int] = field(default_factory=set)

    def take(self, said: Said, place: Fault, check: Check | None) -> None:
        """Add a row as a draft, or its faults."""
        before = len(self.faults)
        number, corrects, undoes = (self._whole(said, place, name) for name in (NUMBER, CORRECTS, UNDOES))
        if number is not None:
            if number in self._numbers:
                self._add(place, f"番号 {number} が2度あります", NUMBER)
            self._numbers.add(number)
        aimed_by, aimed = (CORRECTS, corrects) if corrects is not None else (UNDOES, undoes)
        if aimed is not None and aimed not in self._by_number:
            what = f"{aimed} 番が、この行より上にありません(元の記録の行も、このファイルに入れてください)"
            if aimed not in self._numbers or aimed == number:  # else that row has faults of its own
                self._add(place, what, aimed_by)
        change = self._change(said, place, check, corrects=corrects, undoes=undoes)
        if (
            change is None
            or len(self.faults) > before
            or (aimed is not None and aimed not in self._by_number)
        ):
            return
        draft = Draft(change, "" if aimed is None else self._by_number[aimed], place.file, place.row)
        self._keep(draft, said, place, number)

    def _keep(self, draft: Draft, said: Said, place: Fault, number: int | None) -> None:
        try:
            sha256 = draft.sha256
        except InputRefused as refused:
            self._add(place, refused.what)
            return
        if number is not None:
            self._by_number[number] = sha256
        if said.get(SHA256, sha256) != sha256:
            what = "書き出した後に変えられた行です。元に戻し、直しは新しい行に「訂正する番号」を入れて書いてください"
            self._add(place, what, SHA256)
        self.drafts.append(draft)

    def _change(
        self, said: Said, place: Fault, check: Check | None, *, corrects: int | None, undoes: int | None
    ) -> Change | None:
        kind = said.get(KIND, "")
        try:
            change = Change(
                _CODES.get(kind, kind), said.get(SUBJECT, ""),
                {name: text for name, text in said.items() if name not in _FIXED},
                _day(said.get(SINCE, "")), said.get(SOURCE, ""), said.get(ENTERED_BY, ""), said.get(ENTERED_AT, ""),
                said.get(NOTE, ""), corrects, undoes,
            )  # fmt: skip
            if check is not None:
                check(change)
        except InputRefused as refused:
            for fault in refused.faults or (Fault(refused.what),):
                self._add(place, fault.what, fault.column or _column_of(fault.what))
            return None
        return change

    def _whole(self, said: Mapping[str, str], place: Fault, column: str) -> int | None:
        text = unicodedata.normalize("NFKC", said.get(column, ""))
        if text and _NUMBER.fullmatch(text) is None:
            self._add(place, f"「{said[column]}」は番号(1 以上の整数)ではありません", column)
            return None
        return int(text) if text else None

    def _add(self, place: Fault, what: str, column: str = "") -> None:
        self.faults.append(Fault(what, file=place.file, row=place.row, column=column))


def read_given(content: bytes, *, name: str, check: Check | None = None) -> Given:
    """Return the rows of a CSV or Excel file of records, with the faults of all of them.

    The columns' names stand in the first row; their order is free, 番号, 訂正する番号, 取り消す番号, 備考 and 内容の sha256 may be left out. Raises
    TableError for a file that holds no such table, or several.
    """
    sheets = read_sheets(content, name=name)
    found = [sheet for sheet in sheets if {KIND, SUBJECT} <= set(_cells(sheet.rows[0]))]
    if len(found) != 1:
        why = "が2つ以上あります" if found else "ではありません(1行目に列名がありません)"
        todo = f"1行目に {'、'.join(NEEDED)} の列がある表を1つだけ入れてください"
        raise TableError(f"{name}: 記録の表{why}。", todo=todo)
    return _read_rows(found[0], check)


def _read_rows(sheet: Sheet, check: Check | None) -> Given:
    head, *rows = sheet.rows
    columns = _columns(sheet.file, head)
    given = Given()
    for row in rows:
        cells = _cells(row)
        place = Fault("", file=sheet.file, row=row.line)
        if any(cells[len(columns) :]):
            given.faults.append(Fault("列名のない所に値があります", file=sheet.file, row=row.line))
        given.take({column: text for column, text in zip(columns, cells, strict=False) if text}, place, check)
    return given


def _columns(file: str, head: SheetRow) -> tuple[str, ...]:
    columns = _cells(head)
    while columns and not columns[-1]:  # Excel writes out as many commas as its widest row has
        columns = columns[:-1]
    faults = [
        Fault("この列がありません", file=file, row=head.line, column=name)
        for name in NEEDED
        if name not in columns
    ]
    faults += [
        Fault("同じ列名が2つあります", file=file, row=head.line, column=name)
        for name in dict.fromkeys(columns)
        if name and columns.count(name) > 1
    ]
    faults += [
        Fault("この列名は使えません(値の列は英小文字・数字・_)", file=file, row=head.line, column=name)
        for name in columns
        if name not in _FIXED and _KEY.fullmatch(name) is None
    ]
    if faults:
        raise TableError(
            f"{file}: 記録の表として読めません。", faults=faults, todo="1行目の列名を直してください"
        )
    return columns


def _cells(row: SheetRow) -> tuple[str, ...]:
    return tuple(map(read_cell, row.cells))


def _day(text: str) -> str:
    """Return 2024/4/1, which Excel makes of 2024-04-01, as it was."""
    found = _DAY_OF_EXCEL.fullmatch(text)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else text


def _column_of(what: str) -> str:
    """Return the column that the text of a change's own fault begins with, "" where it names none."""
    found = _COLUMN_NAMED.match(what)
    return (found[1] or found[2]) if found else ""
