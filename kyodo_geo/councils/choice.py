"""What a reader chose on the page of councils: the day, and how activity is summed and counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.councils.activity import MEASURES
from kyodo_geo.model.councils.sums import BY

# Before the first no era is read (昭和); after the last no plan reaches
FIRST_DAY, LAST_DAY = date(1926, 12, 25), date(2199, 12, 31)
_YEAR = re.compile(r"\d{4}", re.ASCII)


@dataclass(frozen=True)
class CouncilsChoice:
    """The day (None: today), the unit of the sums (district or council), the measure, and the fiscal year (None: newest).

    Raises InputRefused with every fault: a day outside FIRST_DAY to LAST_DAY, another unit, another measure, a year with no day
    between these.
    """

    day: date | None = None
    by: str = "district"
    measure: str = "count"
    year: int | None = None

    def __post_init__(self) -> None:
        faults = list[Fault]()
        if self.day is not None and not FIRST_DAY <= self.day <= LAST_DAY:
            faults.append(Fault(f"日 {self.day} は使えません({FIRST_DAY} から {LAST_DAY} まで)", column="on"))
        if self.by not in BY:
            faults.append(
                Fault(f"集計の単位「{self.by[:20]}」は {'・'.join(BY)} のどれでもありません", column="by")
            )
        if self.measure not in MEASURES:
            what = f"数「{self.measure[:20]}」は {'・'.join(MEASURES)} のどれでもありません"
            faults.append(Fault(what, column="measure"))
        if self.year is not None and not FIRST_DAY.year <= self.year <= LAST_DAY.year:
            faults.append(Fault(f"年度 {self.year} は使えません", column="fy"))
        _refuse(faults)

    def to_query(self) -> dict[str, str]:
        """Write the choice as the words of an address; what is as usual is left out."""
        usual = CouncilsChoice()
        words = {
            "on": self.day.isoformat() if self.day else "",
            "by": self.by if self.by != usual.by else "",
            "measure": self.measure if self.measure != usual.measure else "",
            "fy": str(self.year) if self.year is not None else "",
        }
        return {key: word for key, word in words.items() if word}


def from_query(words: Mapping[str, str]) -> CouncilsChoice:
    """Read what `to_query` wrote; words of other keys are passed over. Raises InputRefused with every fault."""
    faults = list[Fault]()
    day, year = words.get("on", ""), words.get("fy", "")
    found = _day(day, faults) if day else None
    if year and not _YEAR.fullmatch(year):
        faults.append(Fault(f"年度「{year[:20]}」は西暦4桁ではありません", column="fy"))
    usual = CouncilsChoice()
    try:
        chosen = CouncilsChoice(
            found,
            words.get("by", usual.by),
            words.get("measure", usual.measure),
            int(year) if _YEAR.fullmatch(year) else None,
        )
    except InputRefused as error:
        _refuse([*faults, *error.faults])
        raise
    _refuse(faults)
    return chosen


def _day(text: str, faults: list[Fault]) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        faults.append(Fault(f"日「{text[:20]}」は 2024-04-01 の形の実在する日ではありません", column="on"))
        return None
    return found


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InputRefused(
            "協働体のページの設定に誤りがあります。", faults=faults, todo="日は 2024-04-01 の形にしてください"
        )
