"""Districts merged until each group holds k vacant dwellings or none: the rows of the public table and of the grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kyodo_geo.errors import Fault, InputRefused

LEAST_K = 5
WITHHELD = "k未満"


@dataclass(frozen=True)
class Group:
    """Districts published as one: `count` is k or more, or 0; None where nothing at all may be published (k未満)."""

    members: tuple[str, ...]
    count: int | None

    @property
    def merged(self) -> bool:
        """Whether several districts stand together because one alone held too few."""
        return len(self.members) > 1


@dataclass(frozen=True)
class PublicStates:
    """Vacant dwellings by state in public: by group in the order given, or of the city alone, or not at all.

    `by_group` and `city` are None where a class would show fewer than k; `reason` says so in Japanese, "" otherwise.
    """

    by_group: tuple[Mapping[str, int], ...] | None
    city: Mapping[str, int] | None
    reason: str


def require_k(k: int) -> None:
    """Refuse a k below 5 (InputRefused): the setting may be stricter, never looser."""
    if k < LEAST_K:
        raise InputRefused(
            f"k は {LEAST_K} 以上です({k} が来ました)。", todo=f"k を {LEAST_K} 以上にしてください"
        )


def merge_small_groups(
    counts: Mapping[str, int], *, k: int, neighbours: Mapping[str, Sequence[str]]
) -> tuple[Group, ...]:
    """Return the districts of `counts` in groups that each hold k vacant dwellings or more, or none at all.

    While a group holds some but fewer than k, the smallest (then the first in the order of `counts`) is merged with its
    smallest non-empty neighbour (again the first of equals), or, where no neighbour holds any, with the non-empty
    group that stands nearest in the order of `counts`. The next merge depends only on the groups so far, and k only
    says when to stop: the groups of a larger k are unions of those of a smaller one, so both together tell no more than
    the smaller one. Members and groups keep the order of `counts`. A city with some but fewer than k is one group whose
    count is None. `neighbours` may name districts without a count: they are passed over.
    Raises InputRefused for a k below 5 and for a count below 0. Method: agglomerative microaggregation (Domingo-Ferrer
    and Mateo-Sanz 2002) with a minimum size of k.
    """
    require_k(k)
    faults = [Fault(f"「{code}」の空き家数 {count}") for code, count in counts.items() if count < 0]
    if faults:
        raise InputRefused("空き家数が 0 より小さい地区があります。", faults=faults)
    if 0 < sum(counts.values()) < k:
        return (Group(tuple(counts), None),)
    order = {code: at for at, code in enumerate(counts)}
    groups = [_Held((code,), count) for code, count in counts.items()]
    while small := [group for group in groups if 0 < group.size < k]:
        least = min(small, key=lambda group: group.size)
        others = [group for group in groups if group.size and group is not least]
        partner = _partner(least, others, neighbours, order)
        rest = [group for group in groups if group is not least and group is not partner]
        members = sorted((*least.members, *partner.members), key=order.__getitem__)
        rest.append(_Held(tuple(members), least.size + partner.size))
        groups = sorted(rest, key=lambda group: order[group.members[0]])
    return tuple(Group(group.members, group.size) for group in groups)


def public_states(
    groups: Sequence[Group], states: Mapping[str, Mapping[str, int]], *, k: int
) -> PublicStates:
    """Return the vacant dwellings by state that may be shown in public; `states` gives them by district.

    Shown by group only if in every group each class that is not 0 holds k or more, else of the city alone under the
    same rule, else not at all: a single group left out could be found by subtracting the others from the city.
    A group all of one state still tells the state of each of its dwellings; k does not hide that.
    Raises InputRefused for a k below 5.
    """
    require_k(k)
    by_group = tuple(_added(states[code] for code in group.members) for group in groups)
    city = _added(by_group)
    if all(_holds(classes, k) for classes in by_group):
        return PublicStates(by_group, city, "")
    if _holds(city, k):
        return PublicStates(None, city, f"{k} 戸に満たない状態のある地区があるため、市全体だけを示します")
    return PublicStates(None, None, f"{k} 戸に満たない状態があるため、状態別の数は示しません")


@dataclass(frozen=True)
class _Held:
    members: tuple[str, ...]
    size: int


def _partner(
    small: _Held, others: Sequence[_Held], neighbours: Mapping[str, Sequence[str]], order: Mapping[str, int]
) -> _Held:
    """Return the group to merge with, of `others` in order, none of them empty."""
    beside = [group for group in others if _touch(small, group, neighbours)]
    if beside:
        return min(beside, key=lambda group: group.size)
    return min(
        others, key=lambda group: min(abs(order[a] - order[b]) for a in small.members for b in group.members)
    )


def _touch(one: _Held, other: _Held, neighbours: Mapping[str, Sequence[str]]) -> bool:
    pairs = ((one, other), (other, one))
    return any(
        b in neighbours.get(a, ()) for left, right in pairs for a in left.members for b in right.members
    )


def _added(rows: Iterable[Mapping[str, int]]) -> dict[str, int]:
    added: dict[str, int] = {}
    for row in rows:
        for state, count in row.items():
            added[state] = added.get(state, 0) + count
    return added


def _holds(classes: Mapping[str, int], k: int) -> bool:
    return all(count == 0 or count >= k for count in classes.values())
