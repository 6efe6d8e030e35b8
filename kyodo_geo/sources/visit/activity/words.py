"""The cells of an activity table: roles, fiscal years and hours as people write them."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.councils.activity import ROLES
from kyodo_geo.sources.visit.sheets.cells import Mark, read_count, read_whole
from kyodo_geo.sources.visit.sheets.dates import read_day, read_year

_DARK = str.maketrans("❶❷❸❹❺❻❼❽❾", "123456789")  # NFKC leaves these as they are
_NUMBERED = re.compile(r"(?:役割)?\s*[(]?([0-9]+)[)]?[\s.、:]*(.*)")
# What stands in the wording of one role only, in the plan and in its short forms
_WORDS = {
    1: re.compile("行政機能|補完"),
    2: re.compile("再生|創出"),
    3: re.compile("意見|集約"),
    4: re.compile("人材"),
    5: re.compile("新たな|活性化"),
}
# A month is in one fiscal year or the other, and a span in several: neither is taken for the year that stands first
_MONTH = re.compile(r"[0-9]\s*月")
_NO_YEAR = re.compile(r"[-/‐–—−]|[0-9]\.[0-9]|^[0-9]{6}$")
_SEVERAL = re.compile(r"[~〜、・,]|から")
_CLOCK = re.compile(r"([0-9]+):([0-5][0-9])(?::[0-5][0-9])?")
_SPELLED = re.compile(r"(?:([0-9]+)時間)?(?:([0-5]?[0-9])分)?")
_UNITS = re.compile(r"(?<=\d)\s*(?:回|時間|h|H)$")


def read_role(text: str) -> int:
    """Return the number of one of the five roles, 1 to 5: ①, 1, (1), 役割1, 1 行政機能…, or its wording alone.

    Raises ValueError, in Japanese, for none or several, another number, or a number whose wording is another role's.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_DARK)).strip()
    if not plain:
        msg = "役割が空欄です"
        raise ValueError(msg)
    found = _NUMBERED.fullmatch(plain)
    wording = found[2] if found else plain
    said = {role for role, word in _WORDS.items() if word.search(wording)}
    number = int(found[1]) if found and len(found[1]) < 3 else 0
    meant = {number} & set(ROLES) if found and not wording else said & {number} if found else said
    if len(meant) != 1 or (wording and len(said) != 1):
        msg = f"「{text[:30]}」は5つの役割のどれか1つとして読めません(① から ⑤ の番号を書いてください)"
        raise ValueError(msg)
    return meant.pop()


def read_fiscal_year(text: str) -> int:
    """Return the fiscal year of a cell by its first calendar year: 令和6年度, R6, 2024, or a day within it.

    Raises ValueError, in Japanese, for a blank, a month, several years, or a year that never was.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    several = bool(_SEVERAL.search(plain))
    day = None if several else read_day(plain, serial=True)
    if day:
        return FiscalYear.of(day).year
    month = _MONTH.search(plain) and "年度" not in plain
    if several or month or _NO_YEAR.search(plain):
        msg = f"「{text[:20]}」は1つの年度として読めません(令和6年度 か 2024 の形にしてください)"
        raise ValueError(msg)
    year = read_year(plain)
    if year is None:
        msg = f"「{text[:20]}」から年度が読めません" if plain else "年度が空欄です"
        raise ValueError(msg)
    return year


def read_amount(text: str) -> int | Mark:
    """Return a whole number >= 0, 回 behind it or not, or why there is none; ValueError as `read_whole`."""
    return read_whole(_UNITS.sub("", text))


def read_hours(text: str) -> Fraction | Mark:
    """Return hours >= 0 or why there are none: 1.5, 1:30, 1時間30分, 90分; ValueError, in Japanese, for anything else."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _CLOCK.fullmatch(plain) or (_SPELLED.fullmatch(plain) if plain else None)
    if found and len(plain) < 20:
        return Fraction(int(found[1] or 0)) + Fraction(int(found[2] or 0), 60)
    value = read_count(_UNITS.sub("", plain))
    if not isinstance(value, Mark) and value < 0:
        msg = f"負の数「{text.strip()[:30]}」は使えません"
        raise ValueError(msg)
    return value
