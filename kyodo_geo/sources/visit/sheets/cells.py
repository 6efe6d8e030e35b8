"""The numbers of cells as people write them: full-width digits, units, footnote marks, signs, and marks for no number."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from fractions import Fraction


class Mark(StrEnum):
    """Why a cell holds no number: its value is kept back (X, *), or it was never there (…, blank)."""

    SUPPRESSED = "秘匿"
    MISSING = "記載なし"


_LONGEST = 200  # a number with a remark behind it; Python itself refuses very long numbers
_SHOWN = 40
_DASHES = "-\u2212\u2010\u2011\u2012\u2013\u2014\u2015\u30fc\u2500\u02d7\u2043\ufe63\uff0d\uff70"
_MINUS = f"{_DASHES}△▲"
_SUPPRESSED = frozenset({"X", "x", "Χ", "χ", "秘匿", "非公表", "非公開"})
_MISSING = frozenset({"...", "..", "・・・", "・・", "不明", "不詳", "N/A", "n/a", "#N/A"})

# Signs of a footnote that NFKC would turn into digits of the number: ① ⑴ ⒈ ㉑ ❶ ² ₂
_NUMBERED = "\u00b2\u00b3\u00b9\u2070-\u209c\u2460-\u24ff\u2776-\u2793\u3220-\u3229\u3251-\u325f\u3280-\u3289\u32b1-\u32bf"
_DIGITS = "0-9０-９"
_SIGN = "[※*＊†‡]"
_NUMBER_OF_NOTE = f"[{_DIGITS}a-zA-Z]{{1,2}}"
_MARK = (
    rf"[{_NUMBERED}]+|{_SIGN}+\s*(?:{_NUMBER_OF_NOTE})?[)）]?|注\s*(?:{_NUMBER_OF_NOTE})?[)）]?"
    rf"|[(（\[［]\s*(?:注|{_SIGN})\s*(?:{_NUMBER_OF_NOTE})?\s*[)）\]］]|[\[［]{_NUMBER_OF_NOTE}[\]］]"
)
# A mark with digits of its own needs a space (or its bracket) between it and a number: ※12 may be 12 or 2
_BEFORE = re.compile(
    rf"(?:[{_NUMBERED}]+\s*|(?:{_MARK}|{_NUMBER_OF_NOTE}[)）]|[(（]{_NUMBER_OF_NOTE}[)）])\s+"
    rf"|(?:{_SIGN}+|注\s*)(?:{_NUMBER_OF_NOTE})?[)）]\s*|{_SIGN}+(?=[0-9０-９]{{1,3}}(?:[,，][0-9０-９]{{3}})+))"
)
# What follows ※ behind a number is a remark: 2※内1個は故障中
_AFTER = re.compile(rf"\s*(?:※.*|{_MARK}|\s[{_DIGITS}]{{1,2}}[)）]|[a-z][)）])\s*$", re.DOTALL)

_UNITS = "人|名|世帯|戸|棟|軒|件|円|%"
_NUMBER = re.compile(
    rf"¥?([0-9]+(?:\.[0-9]+)?|[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?|\.[0-9]+)(?:{_UNITS})?"
)
_BRACKETED = re.compile(r"\((.*)\)")


def read_count(text: str) -> Fraction | Mark:
    """Return the number of a cell, its unit off (12.3％ is 12.3), or why there is none.

    A cell of dashes alone is zero; X, * and 秘匿 are SUPPRESSED; blank, … and 不明 are MISSING; △, ▲, any dash or
    brackets around a number make it negative. Footnote marks before or behind (①, ※2, *2, 注1, 1) with a space) are taken
    off first. 千 and 万 are never multiplied out. Raises ValueError, in Japanese, for everything else.
    """
    if len(text) <= _LONGEST:
        for candidate in (text, _without_marks(text)):
            value = _plain_value(candidate)
            if value is not None:
                return value
    msg = f"「{text[:_SHOWN]}」は数として読めません"
    raise ValueError(msg)


def read_whole(text: str) -> int | Mark:
    """Return the whole number ≥ 0 of a cell, or why there is none, as `read_count`.

    Raises ValueError, in Japanese, for a fraction, a negative number, and whatever `read_count` refuses.
    """
    value = read_count(text)
    if isinstance(value, Mark):
        return value
    if value < 0:
        msg = f"負の数「{text.strip()}」は使えません"
        raise ValueError(msg)
    if value.denominator != 1:
        msg = f"「{text.strip()}」は整数ではありません"
        raise ValueError(msg)
    return value.numerator


def _without_marks(text: str) -> str:
    """Take footnote marks off both ends; a cell of nothing but a mark stays as it is, for it says no number."""
    plain = text.strip()
    before = _BEFORE.match(plain)
    plain = plain[before.end() :] if before else plain
    rest = _AFTER.sub("", plain)
    return rest.strip() or text


def _plain_value(text: str) -> Fraction | Mark | None:
    """Return the value of a cell without footnote marks; None when it has no reading."""
    if any(unicodedata.category(sign) == "No" for sign in text):
        return None  # ① and the like, which NFKC would make part of the number
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain or plain in _MISSING:
        return Mark.MISSING
    if plain in _SUPPRESSED or not plain.strip("*"):
        return Mark.SUPPRESSED
    if not plain.strip(f"{_DASHES} "):
        return Fraction(0)
    return _signed(plain)


def _signed(plain: str) -> Fraction | None:
    tight = re.sub(r"(?<![0-9])\s+|\s+(?![0-9])", "", plain)  # a space between digits parts two numbers
    bracketed = _BRACKETED.fullmatch(tight)
    inner = bracketed[1] if bracketed else tight
    signed = inner[:1] in _MINUS and not bracketed
    number = _NUMBER.fullmatch(inner[1:] if signed or (inner[:1] == "+" and not bracketed) else inner)
    if number is None:
        return None
    value = Fraction(number[1].replace(",", ""))
    return -value if signed or bracketed else value
