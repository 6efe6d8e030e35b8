"""Where to keep or put facilities: the exact choice and the greedy one beside it, in the words of the study."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach.choice import LonLat, ReachChoice
from kyodo_geo.model.reach.coverage import Nearest, nearest, summarise
from kyodo_geo.model.reach.siting import Sited, cover, p_median
from kyodo_geo.model.reach.values import Floats
from kyodo_geo.present.reports import plain
from kyodo_geo.present.tables import number_text
from kyodo_geo.provenance import Unknown
from kyodo_geo.reach.roads import RoadsGiven
from kyodo_geo.reach.study import Study, distances
from kyodo_geo.reach.tables import distance_text, people_text, point_text

OBJECTIVES = {"cover": "半径以内の人を最も多く", "distance": "人の距離の合計を最も短く"}
CANDIDATES = {"existing": "今の施設から残す", "places": "今の施設に加えて、人の住む所に置く"}
_MOST_KEPT = "今の数より少なくしてください"


@dataclass(frozen=True, eq=False)
class Siting:
    """The answer for a study: candidates by column (code, name, point), which of them exist, and the chosen ones."""

    study: Study
    objective: str
    candidates: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    lonlat: Floats
    existing: int
    distance: Floats
    sited: Sited

    @property
    def new(self) -> tuple[LonLat, ...]:
        """The points of the chosen candidates that do not exist yet."""
        return tuple(
            (float(self.lonlat[at, 0]), float(self.lonlat[at, 1]))
            for at in self.sited.chosen
            if at >= self.existing
        )

    @property
    def given_up(self) -> tuple[str, ...]:
        """The codes of the existing facilities that are not kept."""
        chosen = set(self.sited.chosen)
        return tuple(code for at, code in enumerate(self.codes[: self.existing]) if at not in chosen)

    def as_choice(self) -> ReachChoice:
        """Return the what-if that this answer is, for the map and its address; InputRefused for too many new points."""
        choice = self.study.choice.as_it_is()
        for code in self.given_up:
            choice = choice.close(code)
        for at in self.new:
            choice = choice.open(at)
        return choice


def site(study: Study, *, p: int, objective: str, candidates: str, roads: RoadsGiven | None = None) -> Siting:
    """Return where to keep p of the facilities, or where to put p more, for the people of a study.

    `objective` is cover (most people within the radius) or distance (least person-distance); `candidates` existing or
    places. Facilities that do not count in the study (closed by a disaster) are no candidates.
    Raises InputRefused for a number that cannot be.
    """
    stands = np.flatnonzero(study.counts_before)
    if not len(stands):
        raise InputRefused(
            "使えると分かっている施設が一つもありません。", todo="施設か災害の選び方を変えてください"
        )
    if candidates == "existing" and p >= len(stands):
        raise InputRefused(f"今の施設は {len(stands)} か所です。{p} か所は選べません。", todo=_MOST_KEPT)
    more = _places_to_add(study, p) if candidates == "places" else np.zeros(0, dtype=np.int64)
    codes = [*(study.targets[at].code for at in stands), *(study.demand.keys[at] for at in more)]
    names = [*(study.targets[at].name for at in stands), *(study.demand.names[at] for at in more)]
    lonlat = np.vstack([study.target_lonlat[stands], study.demand.lonlat[more]])
    matrix = np.hstack([study.distance[:, stands], _ways_to(study, more, roads)])
    fixed = tuple(range(len(stands))) if len(more) else ()
    many, weight = p + len(fixed), study.demand.weight
    found = (
        cover(matrix, weight, p=many, within=study.within, fixed=fixed)
        if objective == "cover"
        else p_median(matrix, weight, p=many, fixed=fixed)
    )
    return Siting(
        study, objective, candidates, tuple(codes), tuple(names), lonlat, len(stands), matrix, found
    )


def _places_to_add(study: Study, p: int) -> npt.NDArray[np.int64]:
    """Return the inhabited places, at which one more can be put; InputRefused where there are fewer than p."""
    more = np.flatnonzero(study.demand.weight > 0)
    if p > len(more):
        raise InputRefused(
            f"人の住む所は {len(more)} か所です。{p} か所には置けません。", todo="数を減らしてください"
        )
    return more


def _ways_to(study: Study, places: npt.NDArray[np.int64], roads: RoadsGiven | None) -> Floats:
    """Return the distances of all people to some of the places where people are, measured as in the study."""
    demand = study.demand
    points = demand.lonlat[places]
    return distances(demand.lonlat, points, study.choice, roads, factor=study.factor, epsg=demand.epsg)


def chosen_nearest(siting: Siting, chosen: tuple[int, ...]) -> Nearest:
    """Return the nearest of some candidates for each place."""
    usable = np.zeros(len(siting.codes), dtype=bool)
    usable[list(chosen)] = True
    return nearest(siting.distance, usable)


COMPARED = ("案", "施設の数", "半径以内の割合 %", "半径の外", "平均", "9割がこれ以内")


def compared_rows(siting: Siting) -> list[list[str]]:
    """Return the city as it is, under the exact choice and under the greedy one, in one table."""
    sited = siting.sited
    plans = [
        ("今のまま", tuple(range(siting.existing))),
        ("厳密な答え" if sited.proven else "見つかった最良の案(証明なし)", sited.chosen),
        ("順に選んだ答え(貪欲法)", sited.greedy.chosen),
    ]
    return [_plan_row(siting, name, chosen) for name, chosen in plans]


def _plan_row(siting: Siting, name: str, chosen: tuple[int, ...]) -> list[str]:
    study = siting.study
    row = summarise(chosen_nearest(siting, chosen).distance, study.demand.weight, within=study.within)
    share = row.share
    return [
        name, str(len(chosen)), str(share) if isinstance(share, Unknown) else number_text(share, decimals=2),
        people_text(row.outside + row.unreachable), distance_text(study, row.mean), distance_text(study, row.p90),
    ]  # fmt: skip


CHOSEN = ("コード", "施設・所", "いちばん近い人", "うち半径以内", "位置")


def chosen_rows(siting: Siting) -> list[list[str]]:
    """Return the facilities that stay and the places where one is put, each with the people it is nearest for."""
    study, near = siting.study, chosen_nearest(siting, siting.sited.chosen)
    by_code = {one.code: one for one in study.targets}
    rows = []
    for at in siting.sited.chosen:
        mine = near.facility == at
        inside = mine & (near.distance <= study.within)
        weight = study.demand.weight
        where = (
            point_text(by_code[siting.codes[at]]) if at < siting.existing else "新しく置く(住む所の代表点)"
        )
        rows.append(
            [
                siting.codes[at],
                siting.names[at],
                people_text(weight[mine].sum()),
                people_text(weight[inside].sum()),
                where,
            ]
        )
    return rows


GREEDY = ("順", "選んだもの", "新しく届く人", "目的の値")


def greedy_rows(siting: Siting) -> list[list[str]]:
    """Return the steps of the greedy choice: what was taken, what it gained, and the objective after it."""
    unit = (
        siting.study.demand.unit
        if siting.objective == "cover"
        else f"{siting.study.demand.unit}·{siting.study.unit}"
    )
    steps = [step for step in siting.sited.greedy.steps if not step.kept]
    return [
        [
            str(number),
            siting.names[step.candidate],
            people_text(step.newly_served),
            f"{number_text(step.objective)} {unit}",
        ]
        for number, step in enumerate(steps, start=1)
    ]


def verdict(siting: Siting) -> str:
    """Say in a sentence what was asked, how good the answer is, and what the greedy one lacks."""
    sited, study = siting.sited, siting.study
    unit = study.demand.unit if siting.objective == "cover" else f"{study.demand.unit}·{study.unit}"
    missing = abs(sited.objective - sited.greedy.objective)
    beside = (
        "順に選ぶ方法でも同じ値になります"
        if missing < 0.5
        else f"順に選ぶ方法は {number_text(missing)} {unit} だけ劣ります"
    )
    word = "どの候補からも半径の外の" if siting.objective == "cover" else "どの候補にも届かない"
    never = f"。{word}所が {len(sited.never)} か所あります" if sited.never else ""
    return (
        f"{OBJECTIVES[siting.objective]}({CANDIDATES[siting.candidates]})。目的の値 {number_text(sited.objective)} {unit}、"
        f"{sited.status}、最適との差の上限 {number_text(100 * sited.gap, decimals=2)} %。{beside}{never}"
    )


def site_record(siting: Siting) -> dict[str, object]:
    """Return the answer for a program."""
    sited = siting.sited
    return {
        "objective": siting.objective,
        "candidates": siting.candidates,
        "value": plain(sited.objective),
        "bound": plain(sited.bound),
        "gap": plain(sited.gap),
        "status": sited.status,
        "unreached_people": plain(sited.unreached_weight),
        "greedy_value": plain(sited.greedy.objective),
        "chosen": [
            {"code": siting.codes[at], "name": siting.names[at], "exists": at < siting.existing,
             "lon": plain(siting.lonlat[at, 0]), "lat": plain(siting.lonlat[at, 1])}
            for at in sited.chosen
        ],
        "given_up": list(siting.given_up),
    }  # fmt: skip
