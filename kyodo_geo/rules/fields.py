"""Reading one table of a rule file key by key: every fault is gathered with its place, nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kyodo_geo.errors import Fault
from kyodo_geo.rules.formula import Ref

_FRACTION = re.compile(r"[0-9]+/[1-9][0-9]*")
_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST = 30  # characters: no number of a rule is longer, and Python itself refuses very long ones


@dataclass(frozen=True)
class NotDecimal:
    """What stands in a file where a decimal is needed, as it was written: 1e3, inf, nan."""

    text: str

    def __str__(self) -> str:
        return self.text


def decimal_as_written(text: str) -> Decimal | NotDecimal:
    """Return a plain decimal exactly; one with an exponent, an infinity or a NaN comes back as NotDecimal."""
    return NotDecimal(text) if any(letter.isalpha() for letter in text) else Decimal(text)


class Fields:
    """A table of the file at a place; each reading notes what is wrong and goes on with a harmless stand-in."""

    def __init__(self, raw: Mapping[str, Any], *, file: str, place: str, faults: list[Fault]) -> None:
        self.raw, self.file, self.place, self.faults = raw, file, place, faults

    def fault(self, what: str, key: str = "") -> None:
        """Note a fault at this place."""
        column = ".".join(part for part in (self.place, key) if part)
        self.faults.append(Fault(what, file=self.file, column=column))

    def allow(self, known: Collection[str], required: Collection[str] = ()) -> None:
        """Note every key that is not known, and every required one that is missing."""
        for key in sorted(set(self.raw) - set(known)):
            self.fault(f"知らない項目「{key}」(使える項目: {'、'.join(sorted(known))})")
        for key in sorted(set(required) - set(self.raw)):
            self.fault(f"項目「{key}」がありません")

    def text(self, key: str, default: str = "") -> str:
        """Return a text."""
        value = self.raw.get(key, default)
        if isinstance(value, str):
            return value
        self.fault(f'文字を引用符 "…" で囲んで書いてください。「{value}」は使えません', key)
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        """Return an array of texts."""
        value = self.raw.get(key, [])
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.fault(f'["…", "…"] のように書いてください。「{value}」は使えません', key)
        return ()

    def name(self, key: str) -> str:
        """Return an id: small letters, digits and underscores."""
        value = self.text(key)
        if key in self.raw and not _NAME.fullmatch(value):
            self.fault(f"英小文字で始まる名前(a-z 0-9 _)にしてください。「{value}」は使えません", key)
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self.raw.get(key, default)
        if isinstance(value, bool):
            return value
        self.fault(f"true か false です。「{value}」は使えません", key)
        return default

    def day(self, key: str) -> date | None:
        """Return a day."""
        value = self.raw.get(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.fault("日付(例 2015-04-01)を引用符なしで書いてください", key)
        return None

    def choice(self, key: str, allowed: Mapping[str, str] | Collection[str], default: str = "") -> str:
        """Return one of the allowed words."""
        value = self.raw.get(key, default)
        if isinstance(value, str) and (value in allowed or key not in self.raw):
            return str(value)
        self.fault(f"{'、'.join(allowed)} のどれかです。「{value}」は使えません", key)
        return default

    def whole(self, key: str, default: int) -> int:
        """Return a whole number."""
        value = self.raw.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.fault(f"整数を書いてください。「{value}」は使えません", key)
        return default

    def ref(self, key: str, default: Ref = "") -> Ref:
        """Return a number of the formula: a number as written, a fraction "1/2", or the name of a value."""
        if key not in self.raw:
            return default
        value = self.raw[key]
        if isinstance(value, str) and _NAME.fullmatch(value):
            return value
        number = exact_number(value)
        if number is None:
            self.fault(
                f'数(例 100、0.5)、分数(例 "1/2")、値の名前のどれかです。「{value}」は使えません'
                "(1e3 のような書き方や無限大は使えません)",
                key,
            )
            return default
        return number

    def inner(self, key: str) -> Fields | None:
        """Return an inner table, or None when there is none."""
        value = self.raw.get(key)
        if isinstance(value, Mapping):
            return Fields(value, file=self.file, place=_join(self.place, key), faults=self.faults)
        if value is not None:
            self.fault(f"[{_join(self.place, key)}] の形の表にしてください", key)
        return None

    def rows(self, key: str) -> Iterator[Fields]:
        """Yield the tables of an array, each with its number and id in its place."""
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
            self.fault(f"[{key}] ではなく [[{key}]] と書いてください", key)
            return
        for number, row in enumerate(value, start=1):
            said = row.get("id", row.get("name", ""))
            place = f"{_join(self.place, key)} {number}" + (f"({said})" if said else "")
            yield Fields(row, file=self.file, place=place, faults=self.faults)


def exact_number(value: object) -> Fraction | None:
    """Return a number ≥ 0 as written in TOML (whole, decimal, or a fraction in quotes), or None for anything else.

    Decimals come as Decimal (never float); one with an exponent, an infinity or a NaN is none, nor is a number of
    more than 30 characters.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    if isinstance(value, int) and abs(value) >= 10**_LONGEST:
        return None
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if len(text) > _LONGEST:
        return None
    return Fraction(text) if _DECIMAL.fullmatch(text) or _FRACTION.fullmatch(text) else None


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
