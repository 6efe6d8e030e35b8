"""Separated text: its encoding told by its bytes, comma or tab, rows of any length."""

from __future__ import annotations

import csv
import io
import re

from kyodo_geo.errors import TableError
from kyodo_geo.sources.tables import decode

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SNIFFED_BYTES = 100_000
_SNIFFED_LINES = 30
_GROUPING = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
# First bytes of what people hand in as a table and is none; a title such as <町別人口> is no web page
_OTHER_KINDS = (
    (
        re.compile(rb"<[!?/a-zA-Z]"),
        "ウェブページ(HTML)か XML です",
        "配布元の頁から、表のファイルそのものを保存してください",
    ),
    (re.compile(rb"%PDF"), "PDF です", "表のファイル(CSV か Excel)を使ってください"),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8"), "画像です", "表のファイル(CSV か Excel)を使ってください"),
)


def split_text(content: bytes, *, name: str) -> list[list[str]]:
    """Return the rows of a CSV or TSV as cells, blank rows included, so that a row's place is its line in a spreadsheet.

    The tab separates where the first 30 lines hold more of them than commas that group no thousands.
    Raises TableError for a web page, a PDF, another encoding, or a quote that is never closed.
    """
    _refuse_other_kinds(content, name)
    text = _decoded(content, name).removeprefix("\ufeff")
    try:
        return _rows(text, strict=True)
    except csv.Error as error:
        # An open quote would swallow all rows below it; other faults of quoting ("12"号) only Python's strictness minds
        if "end of data" in str(error):
            raise _unreadable(name) from error
    try:
        return _rows(text, strict=False)
    except csv.Error as error:
        raise _unreadable(name) from error


def _refuse_other_kinds(content: bytes, name: str) -> None:
    # Without its NUL bytes and BOM a page in UTF-16 begins as any other
    start = content[:1000].removeprefix(b"\xef\xbb\xbf")
    start = start.removeprefix(_UTF16[0]).removeprefix(_UTF16[1]).replace(b"\0", b"").lstrip()
    for sign, kind, todo in _OTHER_KINDS:
        if sign.match(start):
            raise TableError(f"{name} は表ではなく、{kind}。", todo=todo)


def _decoded(content: bytes, name: str) -> str:
    encoding = "utf-16" if content.startswith(_UTF16) else _utf16_without_mark(content)
    if not encoding:
        return decode(content, name=name)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise TableError(
            f"{name}: 文字コード UTF-16 として読めません。", todo="UTF-8 の CSV として保存し直してください"
        ) from error


def _utf16_without_mark(content: bytes) -> str:
    """Name the UTF-16 whose digits, commas and line ends have their NUL where this content has it; "" without NUL."""
    head = content[:_SNIFFED_BYTES]
    first, second = head[::2].count(0), head[1::2].count(0)
    if first == second == 0:
        return ""
    return "utf-16-le" if second >= first else "utf-16-be"


def _rows(text: str, *, strict: bool) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=strict))


def _delimiter(text: str) -> str:
    head = "\n".join(text[:_SNIFFED_BYTES].splitlines()[:_SNIFFED_LINES])
    return "\t" if head.count("\t") > len(_GROUPING.sub("", head).split(",")) - 1 else ","


def _unreadable(name: str) -> TableError:
    return TableError(
        f"{name} を表として読めません。", todo='引用符(")の閉じ忘れや、長すぎる値がないか確かめてください'
    )
