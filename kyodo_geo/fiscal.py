"""Fiscal years and Japanese eras: a fiscal year runs from 1 April to 31 March of the next year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

# 元号を改める政令: each era from its first day
_ERAS = (
    (date(2019, 5, 1), "令和", "R"),
    (date(1989, 1, 8), "平成", "H"),
    (date(1926, 12, 25), "昭和", "S"),
)


def era_year(day: date) -> str:
    """Name the year of a day in the Japanese era, such as 令和2年 or 令和元年 (years from 1926-12-25 on).

    Raises ValueError for an earlier day.
    """
    for first, name, _ in _ERAS:
        if day >= first:
            number = day.year - first.year + 1
            return f"{name}{'元' if number == 1 else number}年"
    msg = f"{day.isoformat()} より前の元号は扱いません(1926-12-25 以降)"
    raise ValueError(msg)


def both_calendars(day: date) -> str:
    """Write a day in both calendars: 令和2年(2020年)10月1日."""
    return f"{era_year(day)}({day.year}年){day.month}月{day.day}日"


def moment_words(text: str) -> str:
    """Write an ISO moment as people do, in its own time zone: 令和8年(2026年)11月23日 23:38 (+09:00)."""
    moment = datetime.fromisoformat(text)
    zone = text[19:] or "時間帯の記録なし"
    return f"{both_calendars(moment.date())} {moment:%H:%M} ({zone})"


def stated_day(text: str) -> str:
    """Write a day as finely as it is known: 2016-06-22, 2015-02 (a month) or FY2015 (a fiscal year).

    Raises ValueError for any other form.
    """
    if text.startswith("FY"):
        return FiscalYear(int(text[2:])).label
    if len(text) == len("2015-02"):
        month = date.fromisoformat(f"{text}-01")
        return f"{era_year(month)}({month.year}年){month.month}月"
    return both_calendars(date.fromisoformat(text))


@dataclass(frozen=True, order=True)
class FiscalYear:
    """A Japanese fiscal year by its first calendar year: FiscalYear(2024) is 令和6年度."""

    year: int

    @classmethod
    def of(cls, day: date) -> FiscalYear:
        """Return the fiscal year that a day falls in."""
        return cls(day.year if day.month >= 4 else day.year - 1)

    @property
    def first_day(self) -> date:
        """The 1 April it begins."""
        return date(self.year, 4, 1)

    @property
    def last_day(self) -> date:
        """The 31 March it ends."""
        return date(self.year + 1, 3, 31)

    @property
    def label(self) -> str:
        """令和6年度(2024年度). The era is that of 1 April, but 2019 is called 令和元年度 as the city does."""
        name = "令和元年" if self.year == 2019 else era_year(self.first_day)
        return f"{name}度({self.year}年度)"

    @property
    def short(self) -> str:
        """R6, H30."""
        if self.year >= 2019:
            return f"R{self.year - 2018}"
        letter, first = ("H", 1988) if self.year >= 1989 else ("S", 1925)
        return f"{letter}{self.year - first}"
