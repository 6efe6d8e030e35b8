"""Reading statements out of what is shipped and what staff entered; every fault of a change at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol, TypeVar

from kyodo_geo.errors import Fault
from kyodo_geo.model.changes import Change, first_day
from kyodo_geo.model.management.values import Statement
from kyodo_geo.provenance import Unknown
from kyodo_geo.rules.management import COMMUNITY, DIRECT, UNKNOWN
from kyodo_geo.timeline import Dated

KIND = "management"
KEYS = {
    "status": "状態",
    "manager": "管理者",
    "term_end": "指定期間の終わり",
    "planned": "予定",
    "seen": "確認だけ",
    "reason": "理由",
}
_FLAGS = ("planned", "seen")
_OF_A_TERM = ("manager", "term_end")


class Managed(Protocol):
    """What a shipped entry says of a centre; the shipped tables have such rows."""

    @property
    def status(self) -> str:
        """Direct or community."""

    @property
    def since_seen(self) -> bool:
        """Whether the status was only seen on its first day."""

    @property
    def manager(self) -> str:
        """The manager, "" where not known."""

    @property
    def term_end(self) -> date | None:
        """The last day of the term, None where not known."""

    @property
    def note(self) -> str:
        """A note."""


M = TypeVar("M", bound=Managed)


def shipped_statements(entries: Iterable[Dated[M]]) -> tuple[Statement, ...]:
    """Return shipped entries as statements, in their order."""
    return tuple(_shipped(entry.since, entry.value, entry.reference) for entry in entries)


def _shipped(since: date, value: Managed | Unknown, reference: str) -> Statement:
    if isinstance(value, Unknown):
        return Statement(since, UNKNOWN, source=reference, note=value.detail or value.reason)
    return Statement(
        since,
        value.status,
        manager=value.manager,
        term_end=value.term_end,
        seen=value.since_seen,
        source=reference,
        note=value.note,
    )


def entered_statement(change: Change, *, seq: int) -> Statement:
    """Return a change as a statement; ValueError or KeyError where `value_faults` would name a fault."""
    values = change.values
    return Statement(
        since=first_day(change.since),
        status=values["status"],
        manager=values.get("manager", "").strip(),
        term_end=date.fromisoformat(values["term_end"]) if "term_end" in values else None,
        seen="seen" in values,
        source=change.source,
        note=change.note,
        year_only=change.since.startswith("FY"),
        planned="planned" in values,
        reason=values.get("reason", "").strip(),
        seq=seq,
    )


def value_faults(change: Change) -> tuple[Fault, ...]:
    """Return what is wrong with the values of a change by themselves; which changes are lawful is judged elsewhere.

    Known are the keys of KEYS. A status of unknown passes here: a rule refuses it with its reason. Refused are a term
    that ends before it begins, a term or a manager of a centre under direct management, and a look (seen) at the future.
    """
    values = change.values
    faults = [
        Fault(f"知らない項目「{key}」です(使える項目: {'、'.join(KEYS)})")
        for key in values
        if key not in KEYS
    ]
    if values.get("status") not in {DIRECT, COMMUNITY, UNKNOWN}:
        came = values.get("status", "なし")
        faults.append(_fault("status", f"{DIRECT} か {COMMUNITY} です。「{came}」は使えません"))
    faults += [
        _fault(key, f"yes だけです。「{values[key]}」は使えません")
        for key in _FLAGS
        if values.get(key, "yes") != "yes"
    ]
    if all(key in values for key in _FLAGS):
        faults.append(_fault("seen", "予定は確認できません。予定か確認のどちらかにしてください"))
    return (*faults, *_term_faults(change.since, values))


def _term_faults(since: str, values: Mapping[str, str]) -> list[Fault]:
    faults = []
    if values.get("status") == DIRECT:
        faults += [_fault(key, "直営にはありません") for key in _OF_A_TERM if key in values]
    if "term_end" not in values:
        return faults
    try:
        end = date.fromisoformat(values["term_end"])
    except ValueError:
        return [*faults, _fault("term_end", f"2029-03-31 の形の日です。「{values['term_end']}」は使えません")]
    if end == date.max or end.isoformat() != values["term_end"]:
        faults.append(_fault("term_end", f"2029-03-31 の形の日です。「{values['term_end']}」は使えません"))
    elif end < first_day(since):
        faults.append(_fault("term_end", f"指定期間が、始まる日({since})より前({end})に終わっています"))
    return faults


def _fault(key: str, what: str) -> Fault:
    return Fault(what, column=KEYS[key])
