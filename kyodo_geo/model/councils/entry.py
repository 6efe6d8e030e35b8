"""The values of one change read one by one; everything wrong with them is gathered, named by the change."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from kyodo_geo.errors import Fault
from kyodo_geo.model.changes import KINDS, Entered
from kyodo_geo.model.councils.stated import Stated, read_stated

# No community body comes near; a longer number is a slip of the keyboard and would lose digits when it is summed
MOST = 10**12


class Entry:
    """One change while it is read; `faults` says what is wrong with it."""

    def __init__(self, entered: Entered, *, keys: Collection[str]) -> None:
        self.seq, self.change = entered.seq, entered.change
        self.faults: list[Fault] = []
        for key in entered.change.values.keys() - set(keys):
            self.refuse(f"項目「{key}」はこの種類にありません(使える項目: {'、'.join(keys)})")

    def refuse(self, what: str) -> None:
        """Note a fault, with the number and the kind of the change and whom it speaks of."""
        self.faults.append(
            Fault(f"変更 {self.seq}({KINDS[self.change.kind]}、{self.change.subject}): {what}")
        )

    def text(self, key: str, *, needed: bool = False) -> str:
        """Return a value as it stands, "" where it is not stated (a fault where it is needed)."""
        text = self.change.values.get(key, "").strip()
        if needed and not text:
            self.refuse(f"項目「{key}」がありません")
        return text

    def one_of(self, key: str, words: Mapping[str, str], *, needed: bool = True) -> str:
        """Return a value that must be one of some words; "" after a fault or where it is not stated."""
        text = self.text(key, needed=needed)
        if text and text not in words:
            told = "、".join(f"{word}({label})" for word, label in words.items())
            self.refuse(f"「{text}」は使えません。{key} は {told} のどれかです")
            return ""
        return text

    def number(self, key: str, *, whole: bool = True) -> float | None:
        """Return a number >= 0, None where it is not stated or after a fault."""
        text = self.text(key)
        if not text:
            return None
        plain = text.isascii() and text.replace("." if not whole else "", "", 1).isdigit()
        value = float(text) if plain else math.nan
        if not 0 <= value <= MOST:
            what = "整数" if whole else "数"
            self.refuse(f"{key}「{text[:30]}」は 0 以上 {MOST:,} 以下の{what}ではありません")
            return None
        return value

    def stated(self, key: str) -> Stated | None:
        """Return a day as finely as it is known, None where it is not stated or after a fault."""
        return self._read(key, self.text(key))

    def begins(self) -> Stated | None:
        """Return the day the change begins with: `day` where it says one (a month has no other place), else `since`.

        A `day` must lie within the fiscal year that `since` names, or begin with its day.
        """
        since = self._read("いつから", self.change.since)
        day = self.stated("day")
        if since and day and not self._within(day, since):
            self.refuse(f"day「{day.text}」が、いつから「{since.text}」と合いません")
        return day or since

    @staticmethod
    def _within(day: Stated, since: Stated) -> bool:
        if since.text.startswith("FY"):
            return since.first <= day.first and day.last <= since.last
        return day.first <= since.first <= day.last

    def _read(self, label: str, text: str) -> Stated | None:
        if not text:
            return None
        try:
            return read_stated(text)
        except ValueError as error:
            self.refuse(f"{label}: {error}")
            return None
