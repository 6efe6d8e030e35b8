"""Changes that staff enter: append-only, each with its source and its day; a correction and an undo are changes too."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from kyodo_geo.errors import Fault, InputRefused

KINDS = {
    "council": "地域協働体",
    "council_link": "地域協働体と地区",
    "milestone": "地域協働体の節目",
    "staff": "事務局の職員",
    "management": "センターの管理",
    "activity": "活動",
    "project": "地域づくり計画の事業",
    "answer": "アンケートの回答",
    "progress": "事業の進み",
    "readiness": "移行の準備",
}
_FISCAL_YEAR = re.compile(r"FY\d{4}")
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST = 2000


@dataclass(frozen=True)
class Change:
    """One entry: what about whom (`subject`: a council id, a district code, plan2:11 …), since when, by which source.

    `values` are text by key, validated by kind elsewhere; a key that is left out is not stated, and "" is refused.
    `since` is an ISO day, or FY2024 where only the fiscal year is known. `corrects` is the number of the change this one
    replaces, `undoes` of the one it takes back. Raises InputRefused with every fault.
    """

    kind: str
    subject: str
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    since: str = ""
    source: str = ""
    entered_by: str = ""
    entered_at: str = ""
    note: str = ""
    corrects: int | None = None
    undoes: int | None = None

    def __post_init__(self) -> None:
        faults = [Fault(f"種類「{self.kind}」はありません")] if self.kind not in KINDS else []
        needed = (("対象", self.subject), ("出典", self.source), ("入力した部署", self.entered_by))
        faults += [Fault(f"{label}が空です") for label, text in needed if not text.strip()]
        if not is_since(self.since):
            faults.append(Fault(f"いつから「{self.since}」は 2024-04-01 か FY2024 の形で書いてください"))
        if not _is_moment(self.entered_at):
            faults.append(Fault(f"入力の時刻「{self.entered_at}」は時間帯つきの日時ではありません"))
        faults += [
            Fault(f"項目「{key}」の値が使えません")
            for key, text in self.values.items()
            if not _usable(key, text)
        ]
        if self.corrects is not None and self.undoes is not None:
            faults.append(Fault("訂正と取消しは同時にできません"))
        if faults:
            raise InputRefused("入力に誤りがあります。", faults=faults, todo="上の所を直してください")


@dataclass(frozen=True)
class Entered:
    """A change as it stands in the records: its number from 1, and the sha256 of its bytes (hex)."""

    seq: int
    change: Change
    sha256: str


def is_since(text: str) -> bool:
    """Say whether a text is an ISO day or a fiscal year (FY2024)."""
    if _FISCAL_YEAR.fullmatch(text):
        return int(text[2:]) > 0
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def first_day(since: str) -> date:
    """Return the day a change begins with; the 1 April of a fiscal year."""
    return date(int(since[2:]), 4, 1) if since.startswith("FY") else date.fromisoformat(since)


def standing(entries: Sequence[Entered]) -> tuple[Entered, ...]:
    """Return the entries that count, in their order.

    A correction takes the place of what it corrects, also when it is corrected itself; an undo takes one entry's effect
    away (so that undoing a correction brings back what it replaced), and can be undone. Undos are no entries that count.
    """
    undone: set[int] = set()
    replaced: set[int] = set()
    for one in reversed(entries):
        if one.seq in undone:
            continue
        if one.change.undoes is not None:
            undone.add(one.change.undoes)
        if one.change.corrects is not None:
            replaced.add(one.change.corrects)
    gone = undone | replaced
    return tuple(one for one in entries if one.seq not in gone and one.change.undoes is None)


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _usable(key: str, text: str) -> bool:
    return (
        bool(_KEY.fullmatch(key))
        and isinstance(text, str)
        and len(text.strip()) > 0
        and len(text) <= _LONGEST
    )
