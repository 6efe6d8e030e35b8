"""What cannot be true together: a link that ends before it begins, a milestone before the founding, one thing twice.

Days known only as a month or a fiscal year contradict each other only where no day of one fits the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations
from typing import TypeVar

from kyodo_geo.errors import Fault
from kyodo_geo.model.councils.entries import label_of
from kyodo_geo.model.councils.stated import Stated
from kyodo_geo.model.councils.values import MILESTONES, ONCE, Link, Milestone, Saying

_Item = TypeVar("_Item", Link, Milestone, Saying)


def link_faults(
    links: Sequence[Link], milestones: Sequence[Milestone], *, districts: Mapping[str, str]
) -> Iterator[Fault]:
    """Yield a fault for each link that cannot be, alone or beside the others and the council's life."""
    for link in links:
        for what in _link_alone(link, districts):
            yield _link_fault(link, what)
        for one in milestones:
            if one.council == link.council and link.since:
                yield from _link_in_life(link, one)
    for link, other in _pairs(links, lambda one: (one.council, one.district)):
        if _overlap(link, other):
            yield _link_fault(other, f"{label_of(link.seq)}の同じ結びつきと期間が重なっています")


def _link_alone(link: Link, districts: Mapping[str, str]) -> Iterator[str]:
    if link.district not in districts:
        yield f"地区コード「{link.district}」はこの市にありません"
    if link.since and link.until and _before(link.until, link.since):
        yield f"終わりの日「{link.until.text}」が始まりの日「{link.since.text}」より前です"


def _link_in_life(link: Link, one: Milestone) -> Iterator[Fault]:
    if link.since and one.kind == "founded" and _before(link.since, one.day):
        yield _link_fault(link, f"始まりの日「{link.since.text}」が設立「{one.day.text}」より前です")
    if link.since and one.kind == "dissolved" and _before(one.day, link.since):
        yield _link_fault(link, f"始まりの日「{link.since.text}」が解散「{one.day.text}」より後です")


def milestone_faults(milestones: Sequence[Milestone]) -> Iterator[Fault]:
    """Yield a fault for each milestone before the founding or after the end, twice, or a revision before its plan."""
    for one, other in _pairs(milestones, lambda one: one.council):
        if one.kind == other.kind and (one.kind in ONCE or one.day.text == other.day.text):
            what = f"「{one.day.text}」({label_of(one.seq)})と「{other.day.text}」({label_of(other.seq)})の2つがあります"
            yield _milestone_fault(other, what)
        elif {one.kind, other.kind} == {"staff_city", "staff_council"} and one.day.text == other.day.text:
            yield _milestone_fault(other, f"「{one.label}」と同じ日「{one.day.text}」からです")
        yield from _order(one, other)
        yield from _order(other, one)


def saying_faults(sayings: Sequence[Saying]) -> Iterator[Fault]:
    """Yield a fault for two different things said of one district from the same day."""
    for one, other in _pairs(sayings, lambda one: one.district):
        if one.since and one.since == other.since and one.status != other.status:
            what = f"{label_of(one.seq)}と{label_of(other.seq)}が同じ日から別のことを言っています"
            yield Fault(f"地区 {one.district} の協働体: {what}")


def _order(first: Milestone, then: Milestone) -> Iterator[Fault]:
    """Yield a fault where `then` must come after `first` (or `first` is the end) and surely does not."""
    must_follow = first.kind == "founded" or (first.kind, then.kind) == ("plan_adopted", "plan_revised")
    if must_follow and then.kind != first.kind and _before(then.day, first.day):
        yield _milestone_fault(
            then, f"「{then.day.text}」が{MILESTONES[first.kind]}「{first.day.text}」より前です"
        )
    if (
        first.kind == "dissolved"
        and then.kind not in ("dissolved", "founded")
        and _before(first.day, then.day)
    ):
        yield _milestone_fault(then, f"「{then.day.text}」が解散「{first.day.text}」より後です")


def _pairs(items: Iterable[_Item], key: Callable[[_Item], Hashable]) -> Iterator[tuple[_Item, _Item]]:
    groups: dict[Hashable, list[_Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return chain.from_iterable(combinations(group, 2) for group in groups.values())


def _before(one: Stated, other: Stated) -> bool:
    return one.last < other.first


def _overlap(one: Link, other: Link) -> bool:
    """Tell whether two links of the same pair surely hold on a same day."""
    if one.since is None or other.since is None:
        return True
    starts = max(one.since.last, other.since.last)
    return all(link.until is None or starts <= link.until.first for link in (one, other))


def _link_fault(link: Link, what: str) -> Fault:
    return Fault(f"協働体 {link.council} と地区 {link.district} の結びつき({label_of(link.seq)}): {what}")


def _milestone_fault(one: Milestone, what: str) -> Fault:
    return Fault(f"協働体 {one.council} の{one.label}({label_of(one.seq)}): {what}")
