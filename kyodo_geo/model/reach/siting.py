"""Where to put or keep p facilities so that most people are near one, or so that all together are nearest: exact.

Church and ReVelle (1974), The maximal covering location problem; Hakimi (1964), ReVelle and Swain (1970), p-median.
The greedy choice stands beside the exact one: it can be followed step by step, and shows what exactness is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.reach.siting_greedy import Addition, Floats, Question, Score, grow, settle
from kyodo_geo.model.reach.siting_sets import Sets, Stage, build_sets, is_same, least_cost, least_unreached

PROVEN = "最適(証明ずみ)"
TIMED_OUT = "時間切れ"
# The solver finished, but its own sum and the one computed again from the choice are not the same
UNSETTLED = "計算誤差のため未証明"


@dataclass(frozen=True)
class Step:
    """One candidate of the greedy choice, in the order of the choice; `kept` marks those that were fixed.

    `newly_served` people come within (cover) or get any way at all (distance); `saved` person-metres fall away for
    those served before (0 for cover); `objective` and `unreached_weight` stand as they are after the step.
    """

    candidate: int
    kept: bool
    newly_served: float
    saved: float
    objective: float
    unreached_weight: float


@dataclass(frozen=True)
class Greedy:
    """The choice made one candidate at a time, each time the best one more; of equals the lowest index."""

    steps: tuple[Step, ...]

    @property
    def chosen(self) -> tuple[int, ...]:
        """The candidates, by index."""
        return tuple(sorted(one.candidate for one in self.steps))

    @property
    def objective(self) -> float:
        """Objective of the choice, comparable with that of the exact one."""
        return self.steps[-1].objective

    @property
    def unreached_weight(self) -> float:
        """Weight of the places the choice does not serve."""
        return self.steps[-1].unreached_weight


@dataclass(frozen=True, eq=False)
class Sited:
    """The chosen candidates by index, and what is known of how good the choice is.

    `objective`: people within (cover: the more the better) or person-metres of those reached (distance: the fewer the
    better). `bound`: no choice does better than this; `gap`: the distance between them, relative to the objective, 0 when
    proven. `status`: `PROVEN` (to the solver's one part in a million), `TIMED_OUT` or `UNSETTLED`. `assignment` (n,): index of
    the nearest chosen candidate, −1 for places that are not served. `unreached_weight`: their weight, of which no
    choice can leave less than `unreached_bound`. `never`: the places that no candidate serves, in any choice.
    """

    chosen: tuple[int, ...]
    objective: float
    bound: float
    gap: float
    status: str
    assignment: npt.NDArray[np.intp]
    unreached_weight: float
    unreached_bound: float
    never: tuple[int, ...]
    greedy: Greedy

    @property
    def proven(self) -> bool:
        """Whether no choice is better, by the solver's proof."""
        return self.status == PROVEN


def cover(  # noqa: PLR0913 - four of them are options of the choice
    distance: Floats,
    weight: Floats,
    *,
    p: int,
    within: float,
    fixed: Sequence[int] = (),
    time_limit_s: float = 30,
) -> Sited:
    """Choose p candidates so that the most weight (people) lies within a distance of one of them; the exact choice.

    `distance` (n places, k candidates) in metres or any unit of `within`, infinite for no way; `weight` (n,). Exactly on
    the limit is within. The `fixed` candidates are kept and count among the p. Of equally good choices this is
    one in which no candidate can be exchanged for one of a lower index; the same input gives the same choice.

    Raises `InputRefused` naming all that does not fit.
    """
    _refuse_faults(distance, weight, p=p, fixed=fixed, time_limit_s=time_limit_s, within=within)
    served = np.where(distance <= within, distance, np.inf)
    question = Question(np.where(np.isfinite(served), 0.0, np.inf), weight, p, tuple(sorted(fixed)))
    sets = build_sets(question.cost, weight, p=p, fixed=question.fixed)
    stage = least_unreached(sets, p=p, fixed=question.fixed, time_limit_s=time_limit_s)
    steps = grow(question)
    chosen = _choice(question, steps, [stage])
    score, total = question.score(chosen), float(weight.sum())
    floor, settled = _floor(question, stage, score)
    within_people, bound = total - score.unreached, total - floor
    greedy = Greedy(tuple(_step(one, total - one.score.unreached) for one in steps))
    return _sited(served, question, chosen, greedy, objective=within_people, bound=bound, floor=floor,
                  gap=_relative(within_people, bound), status=_status(stage.finished, settled))  # fmt: skip


def p_median(
    distance: Floats, weight: Floats, *, p: int, fixed: Sequence[int] = (), time_limit_s: float = 30
) -> Sited:
    """Choose p candidates so that weight × distance to the nearest (person-metres) is least; the exact choice.

    `distance` (n places, k candidates) in metres, infinite for no way; `weight` (n,). First the weight left without
    any way is made least, then, among those choices, the person-metres of the reached: otherwise the sum would fall
    by leaving people behind. Places that no candidate reaches are in no sum and are named in `never`. The `fixed`
    candidates are kept and count among the p. Of equally good choices this is one in which no candidate can be
    exchanged for one of a lower index; the same input gives the same choice. Each of the two solves has half the time.

    Raises `InputRefused` naming all that does not fit.
    """
    _refuse_faults(distance, weight, p=p, fixed=fixed, time_limit_s=time_limit_s)
    question = Question(distance, weight, p, tuple(sorted(fixed)))
    sets = build_sets(distance, weight, p=p, fixed=question.fixed)
    limit = time_limit_s / 2 if sets.unreached.any() else time_limit_s
    first = least_unreached(sets, p=p, fixed=question.fixed, time_limit_s=limit)
    steps = grow(question)
    most = _left_by(sets, _choice(question, steps, [first]))
    second = least_cost(sets, p=p, fixed=question.fixed, most_unreached=most, time_limit_s=limit)
    chosen = _choice(question, steps, [first, second])
    score = question.score(chosen)
    floor, settled = _floor(question, first, score)
    # Where nobody is reached the cost is 0, and the solver's bound a rounding beside it: a share of 0 would settle nothing
    settled = settled and (
        abs(score.cost - second.bound) <= question.tolerance.cost or is_same(score.cost, second.bound)
    )
    greedy = Greedy(tuple(_step(one, one.score.cost) for one in steps))
    gap = max(_relative(score.cost, second.bound), _relative(score.unreached, floor))
    return _sited(distance, question, chosen, greedy, objective=score.cost, bound=second.bound, floor=floor, gap=gap,
                  status=_status(first.finished and second.finished, settled))  # fmt: skip


def _choice(question: Question, steps: Sequence[Addition], stages: Sequence[Stage]) -> tuple[int, ...]:
    """Return the best of what greedy and the solver found, settled."""
    best = tuple(one.candidate for one in steps)
    for stage in stages:
        # A solver that broke off may hold less than greedy does
        if stage.chosen is not None and not question.is_better(
            question.score(best), question.score(stage.chosen)
        ):
            best = stage.chosen
    return settle(question, best)


def _left_by(sets: Sets, chosen: Sequence[int]) -> float:
    """Return the weight that a choice leaves unreached though some candidate could reach it."""
    return float(sets.unreached @ ~sets.members[:, list(chosen)].any(axis=1))


def _floor(question: Question, stage: Stage, score: Score) -> tuple[float, bool]:
    """Return the least weight any choice leaves unserved, and whether the score is proven to meet it."""
    never = float(question.weight[~np.isfinite(question.cost).any(axis=1)].sum())
    left = score.unreached - never
    settled = left <= question.tolerance.unreached or is_same(left, stage.bound)
    return (score.unreached if settled else never + max(0.0, stage.bound)), settled


def _status(finished: bool, settled: bool) -> str:  # noqa: FBT001 - two facts about one solve
    if finished:
        return PROVEN if settled else UNSETTLED
    return TIMED_OUT


def _relative(value: float, bound: float) -> float:
    if value == bound:
        return 0.0
    return abs(value - bound) / abs(value) if value else float("inf")


def _step(one: Addition, objective: float) -> Step:
    return Step(one.candidate, one.kept, one.newly_served, one.saved, objective, one.score.unreached)


def _sited(  # noqa: PLR0913 - the places of the value it builds
    distance: Floats, question: Question, chosen: tuple[int, ...], greedy: Greedy, *, objective: float, bound: float,
    floor: float, gap: float, status: str,
) -> Sited:  # fmt: skip
    near, proven = distance[:, list(chosen)], status == PROVEN
    nearest = np.where(np.isfinite(near).any(axis=1), np.asarray(chosen)[np.argmin(near, axis=1)], -1)
    return Sited(
        chosen=chosen,
        objective=objective,
        bound=objective if proven else bound,
        gap=0.0 if proven else gap,
        status=status,
        assignment=nearest.astype(np.intp),
        unreached_weight=question.score(chosen).unreached,
        unreached_bound=floor,
        never=tuple(int(i) for i in np.flatnonzero(~np.isfinite(distance).any(axis=1))),
        greedy=greedy,
    )


def _refuse_faults(  # noqa: PLR0913 - everything that came in is looked at in one go
    distance: Floats,
    weight: Floats,
    *,
    p: int,
    fixed: Sequence[int],
    time_limit_s: float,
    within: float = 0.0,
) -> None:
    """Raise `InputRefused` naming everything that does not fit; the numbers only once the shapes do."""
    if distance.ndim != 2 or weight.shape != distance.shape[:1]:
        raise InputRefused(
            "施設の置き場所の計算に渡された表の大きさが合いません。",
            faults=[Fault(f"距離は {distance.shape}、人数は {weight.shape} です")],
            todo="距離は(場所の数, 候補の数)、人数は(場所の数)の大きさにそろえてください。",
        )
    faults = [*_count_faults(distance.shape[1], p, fixed), *_number_faults(distance, weight)]
    if not within >= 0:
        faults.append(Fault(f"届く距離 {within} は 0 以上ではありません"))
    if not time_limit_s > 0:
        faults.append(Fault(f"計算時間の上限 {time_limit_s} 秒は 0 より大きくありません"))
    if faults:
        raise InputRefused(
            "施設の置き場所を計算できません。",
            faults=faults,
            todo="挙げた値を直して、もう一度計算してください。",
        )


def _count_faults(k: int, p: int, fixed: Sequence[int]) -> list[Fault]:
    faults = [Fault(f"置く数 {p} は 1 以上ではありません")] if p < 1 else []
    if p > k:
        faults.append(Fault(f"置く数 {p} が候補の数 {k} より多くなっています"))
    if p < len(set(fixed)):
        faults.append(Fault(f"置く数 {p} が、必ず残す施設の数 {len(set(fixed))} より少なくなっています"))
    outside = sorted({one for one in fixed if not 0 <= one < k})
    if outside:
        faults.append(Fault(f"必ず残す施設の番号 {outside} は候補(0 から {k - 1})にありません"))
    if len(set(fixed)) < len(fixed):
        faults.append(Fault(f"必ず残す施設の番号 {sorted(fixed)} に同じものが 2 回あります"))
    return faults


def _number_faults(distance: Floats, weight: Floats) -> list[Fault]:
    bad_weights = np.flatnonzero(~(np.isfinite(weight) & (weight >= 0)))
    bad_distances = np.argwhere(~(distance >= 0))
    faults = []
    if len(bad_weights):
        faults.append(Fault(f"人数は 0 以上の数でなければなりません: {_some(bad_weights)} 番目の場所"))
    if len(bad_distances):
        places = np.unique(bad_distances[:, 0])
        faults.append(
            Fault(f"距離は 0 以上の数でなければなりません(道がなければ無限大): {_some(places)} 番目の場所")
        )
    return faults


def _some(indexes: npt.NDArray[np.intp]) -> str:
    first = "、".join(str(one + 1) for one in indexes[:5])
    return first if len(indexes) <= 5 else f"{first}、…(全部で {len(indexes)} か所)"
