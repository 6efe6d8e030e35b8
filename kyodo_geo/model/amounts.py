"""Amounts as people type them: full-width digits and thousands commas are read, anything doubtful is refused."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from kyodo_geo.errors import InputRefused

_WHOLE = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?")


def whole_yen(text: str, label: str) -> int:
    """Read whole yen ≥ 0; InputRefused says what came instead (empty, negative, a decimal, no number)."""
    plain = _plain(text)
    if not _WHOLE.fullmatch(plain):
        what = "円未満の端数があります" if _DECIMAL.fullmatch(plain) else "整数の円ではありません"
        raise InputRefused(f"{label}の「{text}」は{what}。", todo="0以上の整数(円)を入れてください")
    if int(plain) < 0:
        raise InputRefused(f"{label}の「{text}」は負の数です。", todo="0以上の整数(円)を入れてください")
    return int(plain)


def exact_number(text: str, label: str) -> Fraction:
    """Read a decimal number exactly (0.1 is one tenth); InputRefused when it is no number. The sign is kept."""
    plain = _plain(text)
    if not _DECIMAL.fullmatch(plain):
        raise InputRefused(f"{label}の「{text}」は数ではありません。", todo="数字(小数も可)で入れてください")
    return Fraction(plain)


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-").replace(",", "")
    return plain.removesuffix("円").removesuffix("%").strip()
