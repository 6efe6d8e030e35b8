"""Separated text whose first rows may be titles: every row as cells, whatever its length, comma or tab."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from kyodo_geo.errors import TableError
from kyodo_geo.sources.tables import decode

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# First bytes of what people hand in as a table and is none
_OTHER_KINDS = (
    (b"PK\x03\x04", "Excel か ZIP のファイルです", "Excel で「CSV UTF-8(コンマ区切り)」として保存し直してください"),
    (b"<", "ウェブページ(HTML)か XML です", "配布元の頁から、ファイルそのものを保存してください"),
    (b"%PDF", "PDF です", "表のファイル(CSV)を使ってください"),
)  # fmt: skip


@dataclass(frozen=True)
class SeparatedRow:
    """One row that is not blank: its 1-based line in the file and its cells as stripped text."""

    line: int
    cells: tuple[str, ...]


def read_separated(content: bytes, *, name: str) -> tuple[SeparatedRow, ...]:
    """Return the rows of a CSV or TSV (UTF-8, UTF-16 with BOM, cp932); blank rows are passed over.

    Raises TableError for another kind of file, an unknown encoding, an unclosed quote or a file without any row.
    """
    text = _text(content, name)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        rows = [SeparatedRow(reader.line_num, tuple(cell.strip() for cell in cells)) for cells in reader]
    except csv.Error as error:
        raise TableError(
            f"{name} を表として読めません。", todo='引用符(")の閉じ忘れや、長すぎる値がないか確かめてください'
        ) from error
    kept = tuple(row for row in rows if any(row.cells))
    if not kept:
        raise TableError(f"{name}: ファイルが空です。", todo="列名の行と、施設の行を入れてください")
    return kept


def _text(content: bytes, name: str) -> str:
    for start, kind, todo in _OTHER_KINDS:
        if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(start):
            raise TableError(f"{name} は CSV ではなく、{kind}。", todo=todo)
    if not content.startswith(_UTF16):
        return decode(content, name=name)
    try:
        return content.decode("utf-16")
    except UnicodeDecodeError as error:
        raise TableError(
            f"{name}: 文字コード UTF-16 として読めません。", todo="UTF-8 の CSV として保存し直してください"
        ) from error


def _delimiter(text: str) -> str:
    """Return the tab where the first lines have more of them than commas, else the comma."""
    head = "\n".join(text.splitlines()[:20])
    return "\t" if head.count("\t") > head.count(",") else ","
