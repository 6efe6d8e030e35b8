"""Latitude and longitude as people write them into a table: read where they are certain, else said to be no position."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kyodo_geo.model.reach.positions import misplaced

_DECIMAL = re.compile(r"[-+]?[0-9]{1,3}(\.[0-9]+)?")
_SIXTIETHS = re.compile(
    r"(?:北緯|東経|[NE])?\s*([0-9]{1,3})度\s*([0-9]{1,2})分\s*([0-9]{1,2}(?:\.[0-9]+)?)秒\s*[NE]?"
)
# Every sign for degrees, minutes and seconds seen in such tables; two minute signs stand for one of seconds. They are
# put into words before NFKC, which would take some of them apart
_SIGNS = (("''", "秒"), ("′′", "秒"), ("’’", "秒"), *((sign, "秒") for sign in '"″”“'),
          *((sign, "分") for sign in "'′’‘"), *((sign, "度") for sign in "°゜º˚"))  # fmt: skip
_LOST_DOT = re.compile(r"[0-9]{6,}")


@dataclass(frozen=True)
class Position:
    """A point in degrees, or (lon and lat None) what is wrong with it; `remark` says what was converted."""

    lon: float | None = None
    lat: float | None = None
    wrong: str = ""
    remark: str = ""


def position_of(lat: str, lon: str) -> Position:
    """Return the position two cells give; nothing is moved or guessed.

    Decimal degrees and 度分秒 (both are exact) are read. Empty cells, no numbers, a lost decimal point, swapped axes,
    0/0 and places outside Japan give a Position without a point, whose `wrong` says so in Japanese.
    """
    if not lat and not lon:
        return Position(wrong="緯度と経度が空欄です")
    cells = (("緯度", lat), ("経度", lon))
    faults = [fault for axis, text in cells if (fault := _fault(axis, text))]
    if faults:
        return Position(wrong="、".join(faults))
    return checked(_degrees(lon), _degrees(lat), remark=_remark(lat, lon))


def checked(lon: float, lat: float, *, remark: str = "") -> Position:
    """Return a point in degrees as a Position; one that cannot be in Japan becomes none, with the reason."""
    wrong = misplaced(lon, lat)
    return Position(wrong=wrong) if wrong else Position(lon, lat, remark=remark)


def _fault(axis: str, text: str) -> str:
    if not text:
        return f"{axis}が空欄です"
    plain = _plain(text)
    if _LOST_DOT.fullmatch(plain):
        return f"{axis}「{text}」は小数点が落ちているようです"
    if _DECIMAL.fullmatch(plain):
        return ""
    found = _SIXTIETHS.fullmatch(plain)
    if found is None:
        return f"{axis}「{text[:30]}」は度の数(例 38.93)でも度分秒でもありません"
    return "" if float(found[2]) < 60 and float(found[3]) < 60 else f"{axis}「{text}」の分か秒が 60 以上です"


def _degrees(text: str) -> float:
    plain = _plain(text)
    found = _SIXTIETHS.fullmatch(plain)
    if found is None:
        return float(plain)
    # To a ten-millionth of a degree (a centimetre): a third of a second has no end
    return round(int(found[1]) + int(found[2]) / 60 + float(found[3]) / 3600, 7)


def _remark(lat: str, lon: str) -> str:
    if not any("秒" in _plain(text) for text in (lat, lon)):
        return ""
    return f"度分秒を度に直しました(緯度 {_degrees(lat):.6f}、経度 {_degrees(lon):.6f})"


def _plain(text: str) -> str:
    for sign, word in _SIGNS:
        text = text.replace(sign, word)
    return unicodedata.normalize("NFKC", text).strip()
