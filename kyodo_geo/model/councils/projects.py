"""The projects of the district plans (地域づくり計画): state, the role that answers for each, the fiscal year due, what is late."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.changes import Entered, standing
from kyodo_geo.model.councils.entry import Entry
from kyodo_geo.model.councils.stated import Stated
from kyodo_geo.provenance import Unknown

STATES = MappingProxyType({"planned": "計画", "running": "実施中", "done": "完了", "stopped": "中止"})
_OPEN = frozenset({"planned", "running"})
_KEYS = ("project", "state", "owner", "due", "day")
_NOT_STATED = Unknown("記載なし")
# An office or a body, so that no person's name comes in; 部 and 班 alone end family names too
_ROLE = re.compile(
    r"(?:.*(?:会|会長|委員長|部会|部会長|事務局|事務局長|事務長|センター|センター長|支所|課|係|協議会|実行委員会|担当職員|コミュニティ|PTA|"
    r"消防団|クラブ|組合|学校|法人))|市|会計|監事|理事|役員|事務局員"
)


@dataclass(frozen=True)
class Project:
    """A project of a plan as of a day; what nobody stated is Unknown.

    `subject` is a council's id or a district's code, `state` a key of STATES, `owner` an office or a body, never a
    person; `due` is the fiscal year in which it is to be done; `source` is that of the newest entry.
    """

    subject: str
    name: str
    state: str | Unknown
    owner: str | Unknown
    due: FiscalYear | Unknown
    since: Stated
    source: str

    def is_overdue(self, day: date) -> bool:
        """Say whether the fiscal year due is over on a day and the project is known to be neither done nor stopped."""
        return self.state in _OPEN and isinstance(self.due, FiscalYear) and self.due.last_day < day


@dataclass(frozen=True)
class _Event:
    subject: str
    name: str
    since: Stated
    seq: int
    source: str
    values: tuple[tuple[str, str], ...]


def projects_on(
    entries: Sequence[Entered], day: date, *, councils: Collection[str], districts: Collection[str]
) -> tuple[Project, ...]:
    """Return the projects as of a day, in the order they began, from the standing changes of kind project.

    Keys of values: project (its name) is needed; state (planned, running, done, stopped), owner and due (FY2026) are
    taken over from the entry before where they are not stated. An entry counts from the first day its `since` can mean.
    Raises InputRefused with all faults at once, those of later days too.
    """
    events: list[_Event] = []
    faults: list[Fault] = []
    for entered in standing(entries):
        if entered.change.kind == "project":
            entry = Entry(entered, keys=_KEYS)
            events += _events(entry, councils, districts)
            faults += entry.faults
    if faults:
        raise InputRefused(
            "事業の入力に誤りがあります。", faults=faults, todo="上の入力を訂正するか取り消してください"
        )
    found: dict[tuple[str, str], Project] = {}
    for event in sorted(events, key=lambda one: (one.since.first, one.since.last, one.seq)):
        if event.since.first <= day:
            key = (event.subject, event.name)
            found[key] = _after(found.get(key), event)
    return tuple(found.values())


def overdue(projects: Sequence[Project], day: date) -> tuple[Project, ...]:
    """Return the projects that are late on a day, the longest first; one whose state or due year is unknown is not."""
    late = [one for one in projects if one.is_overdue(day)]
    return tuple(sorted(late, key=lambda one: one.due.year if isinstance(one.due, FiscalYear) else 0))


def _events(entry: Entry, councils: Collection[str], districts: Collection[str]) -> list[_Event]:
    subject = entry.change.subject
    if subject not in councils and subject not in districts:
        entry.refuse(f"「{subject}」という協働体も地区もありません")
    name, since = entry.text("project", needed=True), entry.begins()
    due = entry.stated("due")
    if due and not due.text.startswith("FY"):
        entry.refuse(f"due「{due.text}」は年度(FY2026 の形)で入力してください")
    values = {
        "state": entry.one_of("state", STATES, needed=False),
        "owner": _owner(entry),
        "due": due.text if due else "",
    }
    stated = tuple((key, text) for key, text in values.items() if text)
    return [_Event(subject, name, since, entry.seq, entry.change.source, stated)] if name and since else []


def _owner(entry: Entry) -> str:
    owner = unicodedata.normalize("NFKC", entry.text("owner"))
    if owner and not _ROLE.fullmatch(owner):
        entry.refuse("owner には人の名前ではなく、役か団体(会長、事務局、環境部会 など)を入力してください")
        return ""
    return owner


def _after(before: Project | None, event: _Event) -> Project:
    said = dict(event.values)
    state: str | Unknown = said.get("state") or (before.state if before else _NOT_STATED)
    owner: str | Unknown = said.get("owner") or (before.owner if before else _NOT_STATED)
    due = FiscalYear(int(said["due"][2:])) if "due" in said else before.due if before else _NOT_STATED
    return Project(event.subject, event.name, state, owner, due, event.since, event.source)
