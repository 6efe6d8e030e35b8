"""Days and years in texts: Western and Japanese calendars, long and short, with spaces and full-width digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta

from kyodo_geo.fiscal import era_year

# The era of a name or letter, and its first calendar year; 明治 and 大正 are not read
_ERAS = {"令": ("令和", 2019), "平": ("平成", 1989), "昭": ("昭和", 1926)}
_LETTERS = {"R": "令", "H": "平", "S": "昭"}
_DASHES = re.compile("[\u2212\u2010-\u2015]")
# 令和2年(2020年)10月1日, 2020年(令和2年)10月1日: the second calendar stands in the way
_SECOND_YEAR = re.compile(r"(?<=年)\s*\((?:西暦)?[^()]{1,6}年?\)")
# No count of people or houses was taken before, and none can be of a later year
_FIRST_YEAR, _LAST_YEAR = 1920, 2060
# A number of these is no year: 空き家 2019棟の一覧
_NO_YEAR = r"(?!,[0-9]|\s*(?:人|世帯|戸|円|件|名|歳|%|棟|軒|番|号|筆))"

_ERA = r"(?P<era>令和?|平成?|昭和?|(?<![A-Za-z0-9])[RHS])\.?\s*(?P<number>元|[0-9]{1,2})"
_WEST = r"(?<![0-9])(?P<west>(?:19|20)[0-9]{2})"
_REST = r"\s*[年./-]\s*(?P<month>[0-9]{1,2})\s*[月./-]\s*(?P<day>[0-9]{1,2})(?![0-9])\s*日?"
_COMPACT = r"(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12][0-9]|3[01])(?![0-9])"
_DAYS = tuple(
    re.compile(rf"{start}\s*(?P<as_of>現在|時点)?")
    for start in (
        _ERA + _REST,
        _WEST + _REST,
        _WEST + _COMPACT,
        r"(?<![A-Za-z0-9])(?P<era>[RHS])(?P<number>[0-9]{2})" + _COMPACT,
    )
)
# A month behind the year without a sign between (202404, r0604); the bare letters only as capitals: h03_03.csv is a
# table's number at e-Stat
_YEARS = (
    re.compile(_ERA + r"(?![0-9])" + _NO_YEAR),
    re.compile(
        r"(?<![A-Za-z0-9])(?P<era>[RHSr])(?P<number>[0-9]{2})(?:0[1-9]|1[0-2])(?:[0-3][0-9])?(?![0-9])"
    ),
    re.compile(
        r"(?<![0-9,.])(?P<west>(?:19|20)[0-9]{2})"
        r"(?:(?![0-9])|(?=(?:0[1-9]|1[0-2])(?:[0-3][0-9])?(?![0-9])))" + _NO_YEAR
    ),
    # Any four digits are a year where 年 says so, or where they are the whole text or the front of a whole day
    re.compile(r"(?<![0-9,.])(?P<west>[1-9][0-9]{3})(?=\s*年)"),
    re.compile(r"^(?P<west>[1-9][0-9]{3})(?=$|[./-][0-9]{1,2}[./-][0-9]{1,2}$)"),
)
# 令和4~5年, 2022~23年: the second year leans on the first
_SPANS = (
    re.compile(_ERA + r"\s*年?度?\s*[~〜・、-]\s*(?P<second>[0-9]{1,2})\s*年"),
    re.compile(r"(?<![0-9,.])(?P<west>(?:19|20)[0-9]{2})\s*年?度?\s*[~〜・、-]\s*(?P<second>[0-9]{2})\s*年"),
)
_SERIAL = re.compile(r"([0-9]{5})(?:\.0+)?")
_SERIAL_ORIGIN = date(
    1899, 12, 30
)  # day 60 of the 1900 system never was: from day 61 on this origin is right


def read_day(text: str, *, serial: bool = False) -> date | None:
    """Return the day that stands in a text; None when there is none (a year, a month or a 年度 is no day).

    Of several days the first that is followed by 現在 or 時点, else the first. Read are 令和６年８月１日現在, R6.4.1,
    R06/4/1, 昭32. 7. 1, 2025/1/1, 2024-04-01, 20240401, R060401; with `serial` also a text that is wholly an Excel day
    number of the 1900 system (45383). Raises ValueError, in Japanese, for a day that never was, such as 令和1年4月30日
    (令和 began on 5/1) or 2024/2/30, for one outside 1920 to 2060, and for a year given twice but differently
    (令和6年(2025年)4月1日).
    """
    plain = _unified(text)
    number = _SERIAL.fullmatch(plain) if serial else None
    if number:
        day = _SERIAL_ORIGIN + timedelta(days=int(number[1]))
        _require_possible(day.year, plain)
        return day
    for second in _SECOND_YEAR.finditer(plain):
        if _years(second[0]):
            _one(_years(plain[: second.end()])[-2:])
    plain = _SECOND_YEAR.sub("", plain)
    found = [match for pattern in _DAYS for match in pattern.finditer(plain)]
    if not found:
        strange = _YEARS[-1].search(plain)
        if strange and strange.end() < len(plain):
            _require_possible(int(strange["west"]), plain)
        return None
    return _day(min(found, key=lambda match: (match["as_of"] is None, match.start())))


def read_year(text: str) -> int | None:
    """Return the calendar year that a text names (令和6年度 is 2024); None when it names none.

    Read are 2024, 2024年, 202404, 20240401, 令和6年, 令和元年度, 令6, R6, r0604; a number of people, houses or the like
    (2019棟) is no year. Raises ValueError, in Japanese, for a year that an era never had (平成32年), one outside 1920 to
    2060, and for two different years in one text (令和4～5年, 2022-2023), naming both.
    """
    return _one(_years(_unified(text)))


def _one(years: Sequence[tuple[int, str]]) -> int | None:
    """Return the year that all of them are, None for none; ValueError where they differ."""
    different = list(dict.fromkeys(year for year, _ in years))
    if len(different) > 1:
        msg = (
            f"{'と'.join(f'{year}年' for year in different)}が1つの記述の中にあります(どの年か決められません)"
        )
        raise ValueError(msg)
    return different[0] if different else None


def _years(plain: str) -> list[tuple[int, str]]:
    """Return every year that a text names, with the words for it, in the order of the text."""
    found = [match for pattern in _YEARS for match in pattern.finditer(plain)]
    # The digits of R200401 are no year 2004
    found = [one for one in found if not any(other.start() < one.start() < other.end() for other in found)]
    years = [(match.start(), _checked_year(match), match[0]) for match in found]
    for match in (match for pattern in _SPANS for match in pattern.finditer(plain)):
        first, second = _year(match), int(match["second"])
        later = (
            first - first % 100 + second if "west" in match.groupdict() else first - _number(match) + second
        )
        _require_possible(later, match[0])
        years.append((match.end(), later, match[0]))
    return [(year, words) for _, year, words in sorted(set(years))]


def _checked_year(match: re.Match[str]) -> int:
    year = _year(match)
    # The last day of a year is in its era, but for the last year of an era; the first day is then
    if "era" in match.groupdict() and _era_of(match) not in (
        _era_on(date(year, 1, 1)),
        _era_on(date(year, 12, 31)),
    ):
        raise _never_was(match[0])
    _require_possible(year, match[0])
    return year


def _require_possible(year: int, words: str) -> None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        msg = f"「{words.strip()}」は{_FIRST_YEAR}年から{_LAST_YEAR}年までの年・日付ではありません"
        raise ValueError(msg)


def _unified(text: str) -> str:
    return _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip()


def _day(match: re.Match[str]) -> date:
    try:
        day = date(_year(match), int(match["month"]), int(match["day"]))
    except ValueError as error:
        raise _never_was(match[0]) from error
    if "era" in match.groupdict() and _era_of(match) != _era_on(day):
        raise _never_was(match[0])
    _require_possible(day.year, match[0])
    return day


def _year(match: re.Match[str]) -> int:
    if "west" in match.groupdict():
        return int(match["west"])
    return _ERAS[_first_kanji(match)][1] + _number(match) - 1


def _number(match: re.Match[str]) -> int:
    return 1 if match["number"] == "元" else int(match["number"])


def _era_of(match: re.Match[str]) -> str:
    return _ERAS[_first_kanji(match)][0]


def _first_kanji(match: re.Match[str]) -> str:
    first = match["era"][0].upper()
    return _LETTERS.get(first, first)


def _era_on(day: date) -> str:
    """Name the era of a day; "" before those that are read."""
    try:
        return era_year(day)[:2]
    except ValueError:
        return ""


def _never_was(text: str) -> ValueError:
    return ValueError(f"「{text.strip()}」という日付・年はありません(元号の期間と月日を確かめてください)")
