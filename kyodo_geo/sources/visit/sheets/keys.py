"""Codes of municipalities and keys of small areas as files hold them: lost zeros, check digits, other cities."""

from __future__ import annotations

import re
import unicodedata

_PART = re.compile(r"-E[0-9]+$")
_PREFECTURES = range(1, 48)
_OF_A_CITY = 5
_OF_A_TOWN = (4, 6)  # digits behind the city's: 町・字, and 丁目・小字


def area_key(text: str, *, city: str) -> str:
    """Return the key of a small area of the city (9 or 11 digits), or "" when the text is no such key.

    `city` is the municipality's five digits. A zero lost at the front is put back, a check digit behind the city's code
    taken off, a part (-E1) dropped. The city's own code alone, and anything that is neither a key nor a municipality's
    code, gives "". Raises ValueError, in Japanese, for a key or a code of another municipality, naming its code.
    """
    digits = _digits(text)
    if not digits:
        return ""
    own = _own_rest(digits, city)
    if own is not None:
        return f"{city}{own}" if own else ""
    other = _other_city(digits)
    if other:
        msg = f"「{text.strip()}」は別の市区町村({other})のコードです(この市は {city})"
        raise ValueError(msg)
    return ""


def is_code_of(text: str, *, city: str) -> bool:
    """Tell whether a text is the code of the city itself, with or without check digit and leading zero."""
    digits = _digits(text)
    return bool(digits) and _own_rest(digits, city) == ""


def check_digit(code: str) -> str:
    """Return the sixth digit of a municipality's code: 6 for 13101 (JIS X 0402: weights 6 to 2, modulus 11)."""
    weighed = sum(int(digit) * weight for digit, weight in zip(code, range(6, 1, -1), strict=True))
    return str((11 - weighed % 11) % 10)


def _digits(text: str) -> str:
    """Return the digits of a code as a spreadsheet may have left it (09,201 or 9201.0); "" for anything else."""
    plain = re.sub(r"[\s,'\"=]", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"\.0+$", "", _PART.sub("", plain))
    return plain if plain.isascii() and plain.isdigit() else ""


def _own_rest(digits: str, city: str) -> str | None:
    """Return what stands behind the city's code ("" for the code alone), None when it is not the city's."""
    for front in (city + check_digit(city), city):
        for start in (front, front.removeprefix("0")):
            rest = digits.removeprefix(start)
            if digits.startswith(start) and len(rest) in (0, *_OF_A_TOWN):
                return rest
    return None


def _other_city(digits: str) -> str:
    """Return the five digits of the municipality that a key or code names; "" when it is neither."""
    if len(digits) < _OF_A_CITY:
        return ""  # a number of the file's own rather than a code that lost its zero
    for full in (digits, f"0{digits}"):
        rest = len(full) - _OF_A_CITY
        checked = rest == 1 and check_digit(full[:_OF_A_CITY]) == full[_OF_A_CITY]
        lost_too_much = full is not digits and rest == 0
        if (rest in (0, *_OF_A_TOWN) or checked) and not lost_too_much and _is_city(full[:_OF_A_CITY]):
            return full[:_OF_A_CITY]
    return ""


def _is_city(code: str) -> bool:
    """Tell whether five digits are made as a municipality's: a prefecture, and a number from 100 to 799."""
    return int(code[:2]) in _PREFECTURES and 100 <= int(code[2:]) < 800
