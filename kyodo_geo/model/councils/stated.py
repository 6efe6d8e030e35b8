"""Days as finely as they are known: a day, a month or a fiscal year, each the span of days it may mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from kyodo_geo.fiscal import FiscalYear, stated_day

SURE, PERHAPS, UNDATED = "sure", "perhaps", "undated"
CERTAINTIES = {SURE: "", PERHAPS: "時期が年度か月までしか分からない", UNDATED: "始まりの日が分からない"}

_FORM = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?|FY[0-9]{4}")
_MONTH = 7  # the length of 2015-02


@dataclass(frozen=True)
class Stated:
    """A day as it was told (2016-06-22, 2015-02, FY2015) and the first and last day it can mean."""

    text: str
    first: date
    last: date

    @property
    def words(self) -> str:
        """The day in both calendars, no finer than it is known."""
        return stated_day(self.text)

    def reached(self, day: date) -> str:
        """Say whether it has come by a day: sure, perhaps, or "" for not yet."""
        if day < self.first:
            return ""
        return SURE if self.last <= day else PERHAPS

    def holds(self, day: date) -> str:
        """Say of a last day whether it has not passed on a day, itself included: sure, perhaps, or "" for passed."""
        if day > self.last:
            return ""
        return SURE if day <= self.first else PERHAPS


def read_stated(text: str) -> Stated:
    """Return a day, a month or a fiscal year; ValueError, in Japanese, for another form or a day that never was.

    Days before 1926-12-25 have no era that is read here and are refused too.
    """
    try:
        if not _FORM.fullmatch(text):
            raise ValueError(text)
        found = Stated(text, *_span(text))
        stated_day(text)
    except (ValueError, OverflowError) as error:
        msg = f"「{text[:30]}」は日として読めません(2016-06-22、2015-02、FY2015 のどれか。実在する日)"
        raise ValueError(msg) from error
    return found


def _span(text: str) -> tuple[date, date]:
    if text.startswith("FY"):
        year = FiscalYear(int(text[2:]))
        return year.first_day, year.last_day
    if len(text) == _MONTH:
        first = date.fromisoformat(f"{text}-01")
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    day = date.fromisoformat(text)
    return day, day
