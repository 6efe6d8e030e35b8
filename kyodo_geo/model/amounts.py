"""Amounts as people type them, and exact amounts as people read them.

Full-width digits and thousands commas are read; anything doubtful is refused.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from kyodo_geo.errors import InputRefused

_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", re.ASCII)
_DECIMALS = 6
_LONGEST = 30  # characters: no amount of a city is longer, and Python itself refuses very long numbers


def whole_yen(text: str, label: str) -> int:
    """Read whole yen ≥ 0; InputRefused says what came instead (empty, negative, a decimal, no number)."""
    amount = _number(text, label, unit="円", todo="0以上の整数(円)を入れてください")
    if amount.denominator != 1:
        raise InputRefused(
            f"{label}の「{text}」は円未満の端数があります。", todo="0以上の整数(円)を入れてください"
        )
    if amount < 0:
        raise InputRefused(f"{label}の「{text}」は負の数です。", todo="0以上の整数(円)を入れてください")
    return amount.numerator


def yen_rate(text: str, label: str) -> Fraction:
    """Read a rate in yen exactly (0.1 is one tenth); InputRefused when it is no number. The sign is kept."""
    return _number(text, label, unit="円", todo="数字(小数も可)で入れてください")


def percentage(text: str, label: str) -> Fraction:
    """Read a percentage exactly; InputRefused when it is no number. Its range is the calculation's to judge."""
    return _number(text, label, unit="%", todo="数字(小数も可)で入れてください")


def exact_text(amount: Fraction) -> str:
    """Write an exact amount as people read it: 1,234, 0.1, or 1,234 と 5/17 (a mixed number), minus as −.

    A fraction that ends within six decimals is written as a decimal, any other as a mixed number.
    """
    sign = "−" if amount < 0 else ""
    whole, rest = divmod(abs(amount), 1)
    if not rest:
        return f"{sign}{whole:,}"
    millionths = rest * 10**_DECIMALS
    if millionths.denominator == 1:
        return f"{sign}{whole:,}.{f'{millionths.numerator:0{_DECIMALS}d}'.rstrip('0')}"
    return f"{sign}{whole:,} と {rest.numerator:,}/{rest.denominator:,}"


def _number(text: str, label: str, *, unit: str, todo: str) -> Fraction:
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-").removesuffix(unit).strip()
    if len(plain) > _LONGEST or not _NUMBER.fullmatch(plain):
        shown = f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text
        raise InputRefused(f"{label}の「{shown}」を数として読めません。", todo=todo)
    return Fraction(plain.replace(",", ""))
