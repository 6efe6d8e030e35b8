"""Coverage: who reaches the nearest facility within what distance, and how that changes.

Everything works on one matrix of distances (places × facilities) in one unit, metres or minutes; infinity means that
there is no way. People without a way are counted apart and never dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach.values import Floats
from kyodo_geo.provenance import Unknown

NOBODY = Unknown("人がいないため計算できません")
NEVER_BOTH = Unknown("今ももしもの後も届く人がいません")
NONE_REACH = Unknown("届く施設がありません")
_P90 = 0.9
# Half a millimetre: two distances that differ by less are the same distance, computed in another order
_SAME = 5e-4


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest facility of each place: `facility` (n,) is its column, −1 where none can be reached; `distance` (n,)."""

    facility: npt.NDArray[np.int64]
    distance: Floats


@dataclass(frozen=True)
class ReachRow:
    """A district or the city: its people, those within, outside and without any way, and distances of those who have one.

    `mean` is over the people who reach a facility; `p90` is the distance within which nine in ten of all people have one,
    unknown where more than one in ten has none.
    """

    people: float
    within: float
    outside: float
    unreachable: float
    mean: float | Unknown
    p90: float | Unknown

    @property
    def share(self) -> float | Unknown:
        """Percent of the people within; unknown where nobody lives."""
        return 100 * self.within / self.people if self.people else NOBODY


@dataclass(frozen=True)
class ChangeRow:
    """A district or the city under a what-if: people with a longer and a shorter way, who lose or gain any way at all.

    `mean` is the change of the mean distance of those who have a way before and after, `most` the largest lengthening, infinite
    where somebody loses the only way.
    """

    people: float
    longer: float
    shorter: float
    lost: float
    gained: float
    mean: float | Unknown
    most: float


def straight_m(places_xy: Floats, facilities_xy: Floats, *, factor: float = 1.0) -> Floats:
    """Distances in a straight line (n places, k facilities) in metres, times a detour factor.

    Both arrays hold plane metres of the same system. Raises InputRefused for a factor below 1 (no road is shorter).
    """
    if factor < 1:
        raise InputRefused(f"迂回の係数 {factor:g} は使えません。", todo="1 以上にしてください(1 は直線)")
    steps = places_xy[:, None, :] - facilities_xy[None, :, :]
    return np.asarray(np.hypot(steps[..., 0], steps[..., 1]) * factor)


def nearest(distance: Floats, usable: Sequence[bool] | npt.NDArray[np.bool_]) -> Nearest:
    """Return the nearest usable facility of each place; of equally far ones the first."""
    columns = np.flatnonzero(np.asarray(usable, dtype=bool))
    if not len(columns):
        none = np.full(len(distance), -1, dtype=np.int64)
        return Nearest(none, np.full(len(distance), np.inf))
    found = distance[:, columns].argmin(axis=1)
    shortest = distance[np.arange(len(distance)), columns[found]]
    return Nearest(np.where(np.isfinite(shortest), columns[found], -1), shortest)


def summarise(distance: Floats, weight: Floats, *, within: float) -> ReachRow:
    """Return the row of a group of places; a place exactly at the radius is within."""
    reached = np.isfinite(distance)
    inside = distance <= within
    people = float(weight.sum())
    return ReachRow(
        people=people,
        within=float(weight[inside].sum()),
        outside=float(weight[reached & ~inside].sum()),
        unreachable=float(weight[~reached].sum()),
        mean=_mean(distance[reached], weight[reached], people),
        p90=quantile(distance, weight, _P90),
    )


def _mean(distance: Floats, weight: Floats, people: float) -> float | Unknown:
    if not people:
        return NOBODY
    total = float(weight.sum())
    return float(distance @ weight) / total if total else NONE_REACH


def quantile(distance: Floats, weight: Floats, share: float) -> float | Unknown:
    """Return the smallest distance within which at least `share` of the weight lies; Unknown where there is none."""
    people = float(weight.sum())
    if not people:
        return NOBODY
    order = np.argsort(distance, kind="stable")
    sums = np.cumsum(weight[order])
    # Sums of fractions are not exact: a share met up to one part in 10¹² is met
    at = int(np.searchsorted(sums, share * people * (1 - 1e-12)))
    found = float(distance[order][min(at, len(order) - 1)])
    return found if np.isfinite(found) else Unknown("届かない人が1割を超えています")


def curve(distance: Floats, weight: Floats, steps: Sequence[float]) -> Floats:
    """People within each of the steps (same unit as the distance, ascending): the cumulative curve, never falling."""
    order = np.argsort(distance, kind="stable")
    sums = np.concatenate([[0.0], np.cumsum(weight[order])])
    return np.asarray(sums[np.searchsorted(distance[order], np.asarray(steps, dtype=float), side="right")])


def groups_of(codes: Sequence[str]) -> dict[str, npt.NDArray[np.int64]]:
    """Return the positions of each code, in order of first appearance."""
    found: dict[str, list[int]] = {}
    for at, code in enumerate(codes):
        found.setdefault(code, []).append(at)
    return {code: np.asarray(places, dtype=np.int64) for code, places in found.items()}


def outside(near: Nearest, weight: Floats, *, within: float) -> npt.NDArray[np.int64]:
    """Return the inhabited places beyond the radius: those without any way first, then the farthest."""
    far = np.flatnonzero((near.distance > within) & (weight > 0))
    return np.asarray(far[np.lexsort((far, -weight[far], -near.distance[far]))])


def difference(before: Floats, after: Floats) -> Floats:
    """Return after − before of each place: +∞ where the only way is lost, −∞ where there was none, 0 where neither has one."""
    both = np.isinf(before) & np.isinf(after)
    change = np.subtract(after, before, out=np.zeros(len(before)), where=~both)
    return np.where(np.abs(change) < _SAME, 0.0, change)


def summarise_change(before: Floats, after: Floats, weight: Floats) -> ChangeRow:
    """Return the row of a group of places under a what-if; people, not places, are counted."""
    change = difference(before, after)
    finite = np.isfinite(before) & np.isfinite(after)
    everybody, people = float(weight.sum()), float(weight[finite].sum())
    lost = float(weight[np.isposinf(change)].sum())
    none = NEVER_BOTH if everybody else NOBODY
    return ChangeRow(
        people=everybody,
        longer=float(weight[finite & (change > 0)].sum()),
        shorter=float(weight[finite & (change < 0)].sum()),
        lost=lost,
        gained=float(weight[np.isneginf(change)].sum()),
        mean=float(change[finite] @ weight[finite]) / people if people else none,
        most=np.inf if lost else float(change[finite & (weight > 0)].max(initial=0.0)),
    )


def most_hurt(before: Floats, after: Floats, weight: Floats) -> npt.NDArray[np.int64]:
    """Return the inhabited places whose way grows, the worst first: no way left, then the largest lengthening."""
    change = difference(before, after)
    hurt = np.flatnonzero((change > 0) & (weight > 0))
    return np.asarray(hurt[np.lexsort((hurt, -weight[hurt], -change[hurt]))])


def steps_up_to(longest: float, bands: Sequence[tuple[float, float]]) -> tuple[float, ...]:
    """Return the steps of a slider up to the first that is not below `longest`.

    `bands` are (up to, step) pairs with ascending ends.
    """
    steps: list[float] = []
    at = 0.0
    for end, width in bands:
        while at < end and (not steps or steps[-1] < longest):
            at += width
            steps.append(round(at, 6))
    return tuple(steps)
