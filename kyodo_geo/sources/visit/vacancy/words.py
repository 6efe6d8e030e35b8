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

    Raises ValueError, in Japanese, for a year or a day that never was.
    """
    day = read_day(text, serial=True)
    return day.year if day else read_year(text)


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
