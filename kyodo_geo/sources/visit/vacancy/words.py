"""The words of a vacancy list put into one form: the state's letter, the class of its source, the survey's year."""

from __future__ import annotations

import re
import unicodedata

from kyodo_geo.model.vacancy.values import STATES
from kyodo_geo.sources.visit.sheets.dates import read_day, read_year

_STATE = re.compile(r"(?:ランク|判定|評価|等級)?([A-D])(?:ランク|判定|評価|等級)?", re.IGNORECASE)
_SOURCES = (
    ("survey", re.compile(r"現地|現況|外観|目視|踏査|実態調査|survey")),
    ("water", re.compile(r"水道|閉栓|water")),
    ("estimate", re.compile(r"推計|推定|予測|モデル|estimate")),
)
_AS_OF = re.compile("現在|時点")
_STANDS = re.compile(
    r"未|な[しい]|無|否|予定|検討|残存|現存|存続|[×✕✖xX]$|0$|いいえ|false$|.*(?:予定|検討中|していない|せず|未定)$",
    re.IGNORECASE,
)
_UNSAID = frozenset({"", "-", "不明", "不詳", "未判定", "未調査", "unknown"})


def read_state(text: str) -> str | None:
    """Return the letter A to D of a cell, "" where none is stated, None for a mark that is no such letter.

    Full-width and small letters are read, and Aランク or 判定A. A is the best in one city and the worst in another: the
    letter is passed on as it stands and never interpreted. 低, 中 and 高 or 1 to 4 are no letters and are not turned
    into any.
    """
    plain = _plain(text)
    if plain in _UNSAID:
        return ""
    found = _STATE.fullmatch(plain)
    return found[1].upper() if found and found[1].upper() in STATES else None


def read_source(text: str) -> str | None:
    """Return survey, water, estimate, or unknown where nothing is said; None for other words, or words of two classes."""
    plain = _plain(text)
    if plain in _UNSAID:
        return "unknown"
    found = [kind for kind, words in _SOURCES if words.search(plain)]
    return found[0] if len(found) == 1 else None


def read_survey_year(text: str) -> int | None:
    """Return the year of a cell that holds a year, a fiscal year or a day (Excel's day numbers too); None when it has none.

    A day followed by 現在 or 時点 decides alone. Raises ValueError, in Japanese, for a year or a day that never was or
    cannot be, and for two different years in one cell.
    """
    day = read_day(text, serial=True)
    if day and (_AS_OF.search(text) or _is_number(text)):
        return day.year
    return read_year(text) or (day.year if day else None)


def says_gone(text: str) -> bool:
    """Tell whether the cell of a column 除却 or 解体 says that the dwelling is no more: filled, and neither 未 nor なし."""
    plain = _plain(text).strip("-－―ー()")
    return bool(plain) and not _STANDS.match(plain)


def _is_number(text: str) -> bool:
    return _plain(text).replace(".", "", 1).isdecimal()


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
