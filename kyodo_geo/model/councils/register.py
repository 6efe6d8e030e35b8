"""The register of councils: what is published and what staff entered, proven together; a state on any day comes from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.changes import Entered, standing
from kyodo_geo.model.councils.contradictions import link_faults, milestone_faults, saying_faults
from kyodo_geo.model.councils.entries import doubled, gather
from kyodo_geo.model.councils.shipped import Shipped
from kyodo_geo.model.councils.values import ONCE, Link, Milestone, Naming, Saying

_Said = TypeVar("_Said", Naming, Link, Milestone)


@dataclass(frozen=True)
class Register:
    """All that is said of councils, in order of day (what has none first).

    `districts` gives the name of each district by code; `namings`, `milestones` and `links` are by council id, the
    councils in the order of their ids; `sayings` are by district. `superseded` are published links and milestones in
    whose place staff entered others; `notes` are the published remarks by council id.
    """

    districts: Mapping[str, str]
    namings: Mapping[str, tuple[Naming, ...]]
    links: Mapping[str, tuple[Link, ...]]
    milestones: Mapping[str, tuple[Milestone, ...]]
    sayings: Mapping[str, tuple[Saying, ...]]
    superseded: tuple[Link | Milestone, ...]
    notes: Mapping[str, tuple[str, ...]]


def build_register(shipped: Shipped, entries: Sequence[Entered], *, districts: Mapping[str, str]) -> Register:
    """Return the register from what is published and the entries that stand.

    An entered link takes the place of the published one of the same council and district, an entered founding,
    registration, plan or end that of the published one. Raises InputRefused with all faults at once: an unknown
    district or council, an impossible day, a link that ends before it begins, overlaps its like or lies outside the
    council's life, a milestone before the founding or after the end, one thing said twice.
    """
    known = {one.council for one in shipped.namings}
    entered = gather(standing(entries), councils=known, districts=districts)
    pairs = {(one.council, one.district) for one in entered.links}
    once = {(one.council, one.kind) for one in entered.milestones if one.kind in ONCE}
    kept_links = [one for one in shipped.links if (one.council, one.district) not in pairs]
    kept_milestones = [one for one in shipped.milestones if (one.council, one.kind) not in once]
    namings = [*shipped.namings, *entered.namings]
    links, milestones = [*kept_links, *entered.links], [*kept_milestones, *entered.milestones]
    sayings = [*shipped.sayings, *entered.sayings]
    _require_no_faults(
        [
            *entered.faults,
            *doubled(namings),
            *link_faults(links, milestones, districts=districts),
            *milestone_faults(milestones),
            *saying_faults(sayings),
        ]
    )
    ids = sorted({one.council for one in namings})
    return Register(
        districts=MappingProxyType(dict(districts)),
        namings=_by_council(ids, namings),
        links=_by_council(ids, links),
        milestones=_by_council(ids, milestones),
        sayings=_by_district(sayings),
        superseded=(
            *(one for one in shipped.links if one not in kept_links),
            *(one for one in shipped.milestones if one not in kept_milestones),
        ),
        notes=shipped.notes,
    )


def _by_council(ids: Iterable[str], said: Iterable[_Said]) -> Mapping[str, tuple[_Said, ...]]:
    found: dict[str, list[_Said]] = {council: [] for council in ids}
    for one in said:
        found[one.council].append(one)
    return MappingProxyType({council: tuple(sorted(some, key=_when)) for council, some in found.items()})


def _by_district(sayings: Iterable[Saying]) -> Mapping[str, tuple[Saying, ...]]:
    found: dict[str, list[Saying]] = defaultdict(list)
    for one in sayings:
        found[one.district].append(one)
    return MappingProxyType({code: tuple(sorted(some, key=_when)) for code, some in found.items()})


def _when(said: Naming | Link | Saying | Milestone) -> tuple[str, str, int]:
    """Order by the day something begins, as it may begin first; the undated before all, entries in their order."""
    day = said.day if isinstance(said, Milestone) else said.since
    return (*((day.first.isoformat(), day.last.isoformat()) if day else ("", "")), said.seq or 0)


def _require_no_faults(faults: Sequence[Fault]) -> None:
    if faults:
        raise InputRefused(
            "地域協働体の登録簿に合わない入力があります。",
            faults=list(dict.fromkeys(faults)),
            todo="上の入力を訂正するか取り消してください",
        )
