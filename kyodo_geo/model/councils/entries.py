"""Changes of staff about councils as values: names, links, districts without a council, milestones and office staff."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from kyodo_geo.errors import Fault
from kyodo_geo.model.changes import Entered
from kyodo_geo.model.councils.entry import Entry
from kyodo_geo.model.councils.values import (
    DISTRICT_STATUSES,
    MILESTONE_OF_STATE,
    MILESTONES,
    STAFF_STATES,
    Link,
    Milestone,
    Naming,
    Saying,
)

_SAYABLE = {word: DISTRICT_STATUSES[word] for word in ("exists", "none")}
_LIAISON = "liaison"
_STAFF = frozenset({"staff_city", "staff_council", _LIAISON})


@dataclass
class Gathered:
    """What the changes say, and every fault of every change; it lives only as long as a register is built."""

    namings: list[Naming] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    sayings: list[Saying] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def gather(
    entries: Sequence[Entered], *, councils: Collection[str], districts: Mapping[str, str]
) -> Gathered:
    """Return what standing changes of the four kinds say; other kinds are passed over.

    `councils` are the ids known beside those the changes name, `districts` the names of all districts by code. Keys of
    values: council: name. council_link: district, until, day (subject a council), or status none or exists (subject a
    district). milestone: milestone, day, people. staff: state (city, council, liaison), people, day.
    """
    own = [entered for entered in entries if entered.change.kind in _READ]
    known = {*councils, *(entered.change.subject for entered in own if entered.change.kind == "council")}
    found = Gathered()
    for entered in own:
        keys, read = _READ[entered.change.kind]
        entry = Entry(entered, keys=keys)
        read(entry, found, _Known(known, districts))
        found.faults += entry.faults
    return found


@dataclass(frozen=True)
class _Known:
    councils: Collection[str]
    districts: Mapping[str, str]

    def require_council(self, entry: Entry) -> bool:
        """Tell whether the subject is a council; a fault where it is none."""
        known = entry.change.subject in self.councils
        if not known:
            entry.refuse("この協働体は登録簿にありません(先に協働体の名前を入力してください)")
        return known


def _naming(entry: Entry, found: Gathered, known: _Known) -> None:
    name, since = entry.text("name", needed=True), entry.begins()
    if entry.change.subject in known.districts:
        entry.refuse("協働体の番号が地区のコードと同じです(例 K01 のように別の番号にしてください)")
    if name and since:
        found.namings.append(Naming(entry.change.subject, name, since, entry.change.source, entry.seq))


def _link(entry: Entry, found: Gathered, known: _Known) -> None:
    if "status" in entry.change.values:
        _saying(entry, found, known)
        return
    change, district = entry.change, entry.text("district", needed=True)
    since, until = entry.begins(), entry.stated("until")
    tied = known.require_council(entry)
    if district and district not in known.districts:
        entry.refuse(f"地区コード「{district}」はこの市にありません")
        tied = False
    if tied and district and since:
        found.links.append(
            Link(change.subject, district, since, until, change.source, change.note, entry.seq)
        )


def _saying(entry: Entry, found: Gathered, known: _Known) -> None:
    change, status, since = entry.change, entry.one_of("status", _SAYABLE), entry.begins()
    if "district" in change.values or "until" in change.values:
        entry.refuse("status は対象を地区のコードにして、district や until なしで入力してください")
    if change.subject not in known.districts:
        entry.refuse(f"地区コード「{change.subject}」はこの市にありません")
    elif status and since:
        found.sayings.append(Saying(change.subject, status, since, change.source, change.note, entry.seq))


def _milestone(entry: Entry, found: Gathered, known: _Known) -> None:
    _add_milestone(entry, entry.one_of("milestone", MILESTONES), found, known)


def _staff(entry: Entry, found: Gathered, known: _Known) -> None:
    state = entry.one_of("state", STAFF_STATES)
    _add_milestone(entry, MILESTONE_OF_STATE.get(state, ""), found, known)


def _add_milestone(entry: Entry, kind: str, found: Gathered, known: _Known) -> None:
    change, day, people = entry.change, entry.begins(), entry.number("people")
    if people is not None and kind and kind not in _STAFF:
        entry.refuse(f"人数は職員の節目だけに入力できます(来た節目: {MILESTONES[kind]})")
    if known.require_council(entry) and kind and day:
        count = None if people is None else int(people)
        found.milestones.append(
            Milestone(change.subject, kind, day, change.source, change.note, count, entry.seq)
        )


_Read = Callable[[Entry, Gathered, _Known], None]
_READ: Mapping[str, tuple[tuple[str, ...], _Read]] = MappingProxyType(
    {
        "council": (("name", "day"), _naming),
        "council_link": (("district", "until", "day", "status"), _link),
        "milestone": (("milestone", "day", "people"), _milestone),
        "staff": (("state", "day", "people"), _staff),
    }
)


def label_of(seq: int | None) -> str:
    """Name where a value comes from: the number of its change, or the published data."""
    return "公表資料" if seq is None else f"変更 {seq}"


def doubled(namings: Sequence[Naming]) -> Iterator[Fault]:
    """Yield a fault for two names of one council from the same day."""
    seen: dict[tuple[str, str], Naming] = {}
    for one in namings:
        key = (one.council, one.since.text if one.since else "")
        if key in seen:
            what = f"「{seen[key].name}」と「{one.name}」が同じ日からです({label_of(seen[key].seq)}、{label_of(one.seq)})"
            yield Fault(f"協働体 {one.council} の名前: {what}")
        seen.setdefault(key, one)
