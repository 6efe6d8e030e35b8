r"""Texts as cells of a table that people open, change and save, and back again without loss.

Two signs are all there is to know. A leading apostrophe says "this is text" and does not belong to it, as in Excel: it
stands before what a spreadsheet would take for a formula, a number, a date, and before an apostrophe of the text's own.
\u and four small hex digits are one character: what a table cannot hold (control characters, a carriage return) or
would cut off (white space at the ends). A newline stays a newline.
"""

from __future__ import annotations

import re
import unicodedata

_FORMULA_STARTS = (
    "=",
    "+",
    "-",
    "@",
    "'",
)  # a tab and a carriage return, the others of present.tables, are written out
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
# a backslash or an underscore that would read as an escape: ours, or the _x000D_ of Excel's own format
_LIKE_AN_ESCAPE = re.compile(r"\\(?=u[0-9a-f]{4})|_(?=x[0-9A-Fa-f]{4}_)")
_UNHOLDABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_PLAIN_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
_ERA = "令和|平成|昭和|大正|明治|[RHSTMrhstm]"
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_RETYPED = (
    re.compile(r"[\s.,:/\\+%¥$€()eE#*-]*[0-9][\s0-9.,:/\\+%¥$€()eE#*-]*([ap]m?)?", re.IGNORECASE),
    re.compile(rf"({_ERA})?[\s.]*[0-9元][\s0-9./年月日時分秒:-]*"),
    re.compile(rf"[\s0-9,./-]*({_MONTH})[a-z]*[\s0-9,./-]*", re.IGNORECASE),
    re.compile(r"true|false|#.*", re.IGNORECASE),
)


def write_cell(text: str, *, untyped: bool = False) -> str:
    """Return the cell of a text; `untyped` for a format whose cells have no type (CSV), where a program guesses."""
    cell = _LIKE_AN_ESCAPE.sub(_escape, text)
    cell = _UNHOLDABLE.sub(_escape, cell)
    if cell and _cut_off(cell[-1]):
        cell = cell[:-1] + _escaped(cell[-1])
    if cell and _cut_off(cell[0]):
        cell = _escaped(cell[0]) + cell[1:]
    guarded = cell.startswith(_FORMULA_STARTS) or (untyped and _is_retyped(cell))
    return f"'{cell}" if guarded else cell


def read_cell(cell: str) -> str:
    """Return the text of a cell as `read_sheets` gives it."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), cell.removeprefix("'"))


def is_plain_number(text: str) -> bool:
    """Whether a spreadsheet that takes a text for a number gives the same text back: 0, 120, never 05 or 1.50."""
    return _PLAIN_NUMBER.fullmatch(text) is not None


def _is_retyped(cell: str) -> bool:
    plain = unicodedata.normalize("NFKC", cell)  # full-width digits are numbers to a Japanese Excel
    return not is_plain_number(cell) and any(shape.fullmatch(plain) for shape in _RETYPED)


def _cut_off(sign: str) -> bool:
    """Whether a reader may cut a sign off at an end: white space, and signs without width. All are below U+10000."""
    return ord(sign) <= 0xFFFF and (sign.isspace() or unicodedata.category(sign)[0] in "CZ")


def _escape(found: re.Match[str]) -> str:
    return _escaped(found[0])


def _escaped(sign: str) -> str:
    return f"\\u{ord(sign):04x}"
