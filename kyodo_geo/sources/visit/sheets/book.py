"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS) as rows of text, read by python_calamine in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from kyodo_geo.errors import TableError
from kyodo_geo.sources.visit.sheets import book_worker
from kyodo_geo.sources.visit.sheets.packed import is_zip, member_names

Area = tuple[int, int, int, int]
Rows = list[list[str]]

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # the container of XLS, and of any Office file under a password
_LOCKED = "EncryptedPackage".encode(
    "utf-16-le"
)  # [MS-OFFCRYPTO] 2.3.4.4: the stream a locked XLSX is kept in
_INSIDE_A_BOOK = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})
_MOST_SECONDS = 120
_UNREADABLE = "表計算のファイルとして読めません(壊れているか、表計算のファイルではありません)"
_SAVE_AGAIN = "Excel で開けるか確かめ、「CSV UTF-8(コンマ区切り)」として保存し直してください"
_REASONS = {
    book_worker.LOCKED: ("パスワードがかかっているため読めません", "パスワードを外して保存し直してください"),
    book_worker.UNREADABLE: (_UNREADABLE, _SAVE_AGAIN),
    book_worker.TOO_LARGE: (
        "表の範囲が広すぎます(離れたセルに値が残っていることがあります)",
        "表の部分だけを新しいファイルに貼り付けてください",
    ),
}


def is_book(content: bytes, *, name: str) -> bool:
    """Tell whether bytes are a workbook: the container of XLS, or a zip that holds a workbook's own parts.

    Raises TableError for a damaged zip, or one of more than 200 MB.
    """
    if is_zip(content):
        return not _INSIDE_A_BOOK.isdisjoint(member_names(content, name=name))
    return content.startswith(_OLE)


def read_book(content: bytes, *, name: str) -> list[tuple[str, Rows, tuple[Area, ...]]]:
    """Return the visible sheets as (name, rows from the sheet's first row on, merged areas), empty ones included.

    Merged areas are 0-based (top, left, bottom, right), () where the format does not tell them. Formulas give their
    stored results. Raises TableError for a book that is locked, cannot be read, takes more than two minutes, or whose
    cells reach over more than 30 million.
    """
    if content.startswith(_OLE) and _LOCKED in content:
        raise _refused(name, book_worker.LOCKED)
    # -P: beside the worker stand modules that must not take the place of others
    command = [sys.executable, "-P", str(Path(book_worker.__file__))]
    try:
        done = subprocess.run(  # noqa: S603 - our own file; the content goes in as data
            command, input=content, capture_output=True, timeout=_MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _refused(name, book_worker.TOO_LARGE) from error
    if done.returncode:
        crashed_for_memory = b"memory allocation" in done.stderr
        raise _refused(name, book_worker.TOO_LARGE if crashed_for_memory else done.returncode)
    return [
        (title, rows, tuple((top, left, bottom, right) for top, left, bottom, right in merged))
        for title, rows, merged in json.loads(done.stdout)
    ]


def _refused(name: str, code: int) -> TableError:
    reason, todo = _REASONS.get(code, (_UNREADABLE, _SAVE_AGAIN))
    return TableError(f"{name}: {reason}。", todo=todo)
