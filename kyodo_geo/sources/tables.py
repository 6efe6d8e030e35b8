"""CSV text from files people made: decoding, headers, and numbers as municipal staff write them."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kyodo_geo.errors import Fault, TableError

if TYPE_CHECKING:
    from _csv import Reader

_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(,[0-9]{3})+")
_LONGEST_NUMBER = 30  # no count of people is longer, and Python itself refuses very long numbers


@dataclass(frozen=True)
class Row:
    """One data row: its 1-based line in the file (as a spreadsheet shows it) and its cells as stripped text."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True)
class Table:
    """A CSV file as text: its name, its columns, and its rows that are not wholly blank."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def require(self, columns: Iterable[str]) -> Table:
        """Return the table itself; TableError naming every missing column and the columns that came."""
        missing = [column for column in columns if column not in self.columns]
        if missing:
            raise TableError(
                f"{self.name}: 必要な列がありません。",
                faults=[
                    Fault("この列がありません", file=self.name, row=1, column=column) for column in missing
                ],
                todo=f"1行目に列名を置いてください(来た列: {'、'.join(self.columns) or 'なし'})",
            )
        return self


def decode(content: bytes, *, name: str) -> str:
    """Return the text of a file saved as UTF-8 (with or without BOM) or cp932 (Excel in Japan).

    Raises TableError when it is neither.
    """
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableError(
        f"{name}: 文字コードが UTF-8 でも Shift_JIS(cp932)でもありません。",
        todo="Excel で「CSV UTF-8(コンマ区切り)」として保存し直してください",
    )


def read_table(content: bytes, *, name: str) -> Table:
    """Read a CSV whose first line holds the column names; rows must have as many cells as there are columns.

    Raises TableError for an empty file, doubled column names, or rows of another length (all gathered).
    """
    try:
        return _read_rows(csv.reader(io.StringIO(decode(content, name=name), newline="")), name)
    except csv.Error as error:
        raise TableError(
            f"{name} を表として読めません。", todo='引用符(")の閉じ忘れや、長すぎる値がないか確かめてください'
        ) from error


def _read_rows(reader: Reader, name: str) -> Table:
    header = [_clean(cell) for cell in next(reader, [])]
    if not any(header):
        raise TableError(f"{name}: ファイルが空です。", todo="1行目に列名、2行目から値を入れてください")
    faults = [
        Fault("同じ列名が2つあります", file=name, row=1, column=column)
        for column in sorted({column for column in header if header.count(column) > 1})
    ]
    rows: list[Row] = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            what = f"{len(header)} 個の値が必要ですが {len(cells)} 個です"
            faults.append(Fault(what, file=name, row=reader.line_num))
            continue
        rows.append(Row(reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    if faults:
        raise TableError(
            f"{name} を表として読めません。", faults=faults, todo="列の数とカンマの位置を確かめてください"
        )
    return Table(name, tuple(header), tuple(rows))


def whole_number(text: str) -> int:
    """Read a whole number ≥ 0 as people write it: full-width digits and thousands commas are read.

    Raises ValueError whose text says in Japanese what is wrong with the cell.
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    if not plain:
        msg = "空欄です(0人なら 0 と書いてください)"
        raise ValueError(msg)
    if _WHOLE.fullmatch(plain.removeprefix("-")) is None or len(plain) > _LONGEST_NUMBER:
        msg = f"「{text[:_LONGEST_NUMBER]}」は0以上の整数ではありません"
        raise ValueError(msg)
    if plain.startswith("-"):
        msg = f"負の数「{text}」は使えません"
        raise ValueError(msg)
    return int(plain.replace(",", ""))


def one_of(word: str, allowed: Collection[str]) -> str:
    """Return a word of a fixed list; ValueError names the list for any other."""
    if word not in allowed:
        msg = f"「{word}」は {'・'.join(allowed)} のどれでもありません"
        raise ValueError(msg)
    return word


def small_area_key(row: Row) -> str:
    """Return the key of a small area: its key_code, and its part after a hyphen where a code stands twice."""
    return f"{row['key_code']}-{row['part']}" if row["part"] else row["key_code"]


def _clean(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip()
