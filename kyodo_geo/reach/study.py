"""A study of coverage: the chosen people, facilities and way of measuring, before and after a what-if."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from kyodo_geo.city import City
from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach.choice import FACILITY_SETS, MEASURES, MODES, NEW, LonLat, ReachChoice
from kyodo_geo.model.reach.coverage import Nearest, nearest, straight_m
from kyodo_geo.model.reach.values import Demand, Facility, Floats
from kyodo_geo.provenance import Basis, Source, mark_of, unite, weakest
from kyodo_geo.reach.demand import demand_of, plane_xy
from kyodo_geo.reach.roads import RoadsGiven, road_distance
from kyodo_geo.rules.travel import Travel

MOVED = "移"
_DEFAULT_MINUTES = 15.0


@dataclass(frozen=True, eq=False)
class Study:
    """Everything a page or a command shows of coverage.

    `what` names what is reached, `changed` says whether this is a what-if. `targets` are the facilities with a position
    (`target_lonlat`, k × 2, in degrees), those of the what-if at their end; `counts_before` and `counts_after` say which
    of them count. `unplaced` have no position, `unfit` are no shelter for the chosen disaster, `unstated` are those of which
    that is not known: none of them is counted, all are named. `distance` is (places × targets).
    """

    choice: ReachChoice
    what: str
    changed: bool
    on: date
    demand: Demand
    targets: tuple[Facility, ...]
    target_lonlat: Floats
    counts_before: npt.NDArray[np.bool_]
    counts_after: npt.NDArray[np.bool_]
    unplaced: tuple[Facility, ...]
    unfit: tuple[Facility, ...]
    unstated: tuple[Facility, ...]
    distance: Floats
    before: Nearest
    after: Nearest
    within: float
    factor: float
    measure_label: str
    measure_note: str
    sources: tuple[Source, ...]

    @property
    def unit(self) -> str:
        """The unit of all distances."""
        return self.choice.unit

    @property
    def basis(self) -> Basis:
        """An estimate at best, for people stand at points; as weak as the weakest source."""
        return weakest([Basis.ESTIMATED, *(source.basis for source in self.sources)])

    @property
    def mark(self) -> str:
        """The word that stands beside every figure: 推計, or 架空 where a made-up file is among the sources."""
        return mark_of(self.basis)


@dataclass(frozen=True, eq=False)
class Given:
    """Files that somebody opened for this visit: facilities of their own, and roads."""

    facilities: tuple[Facility, ...] = ()
    facilities_source: Source | None = None
    roads: RoadsGiven | None = None


NOTHING_GIVEN = Given()


def study_of(
    city: City, choice: ReachChoice, travel: Travel, *, on: date, given: Given = NOTHING_GIVEN
) -> Study:
    """Return the study; InputRefused for a code that is none, or a measure or set whose file is not there."""
    demand = demand_of(city, on, kind=choice.demand, counted=choice.counted)
    chosen, sources = facility_set(city, choice.facilities, given)
    placed = tuple(one for one in chosen if one.lon is not None)
    _refuse_what_is_not_there(placed, choice)
    targets = _targets(placed, choice)
    fits = np.array([_fits(one, choice.hazard) for one in targets], dtype=bool)
    existing = np.array([number < len(placed) for number in range(len(targets))], dtype=bool)
    gone = {*choice.closed, *choice.moved}
    stays = np.array(
        [one.code not in gone or number >= len(placed) for number, one in enumerate(targets)], dtype=bool
    )
    factor = choice.factor if choice.factor is not None else travel.detour_factor
    lonlat = np.array([(one.lon, one.lat) for one in targets], dtype=float).reshape(-1, 2)
    distance = distances(demand.lonlat, lonlat, choice, given.roads, factor=factor, epsg=demand.epsg)
    before, after = existing & fits, stays & fits
    label, note = measured(choice, travel, factor)
    return Study(
        choice=choice,
        what=_what(choice),
        changed=choice.changed,
        on=on,
        demand=demand,
        targets=targets,
        target_lonlat=lonlat,
        counts_before=before,
        counts_after=after,
        unplaced=tuple(one for one in chosen if one.lon is None),
        unfit=tuple(one for one in placed if choice.hazard and one.hazards is not None and not one.hazards.get(choice.hazard)),
        unstated=tuple(one for one in placed if choice.hazard and one.hazards is None),
        distance=distance,
        before=nearest(distance, before),
        after=nearest(distance, after),
        within=choice.within or (travel.reach_default_m if choice.unit == "m" else _DEFAULT_MINUTES),
        factor=factor,
        measure_label=label,
        measure_note=note,
        sources=unite(demand.sources, sources, road_sources(choice, given.roads)),
    )  # fmt: skip


def _refuse_what_is_not_there(placed: tuple[Facility, ...], choice: ReachChoice) -> None:
    """Raise InputRefused for a disaster of which nothing is stated, and for a code that is none of those with a position."""
    if choice.hazard and not any(one.hazards is not None for one in placed):
        raise InputRefused(
            f"{FACILITY_SETS[choice.facilities]}には、災害ごとに使えるかどうかの資料がありません(使えないという意味ではありません)。",
            todo="災害を「考えない」にするか、市民センターか避難場所・避難所を選んでください",
        )
    strangers = sorted({*choice.closed, *choice.moved} - {one.code for one in placed})
    if strangers:
        raise InputRefused(
            f"{FACILITY_SETS[choice.facilities]}に「{'」「'.join(strangers)}」はありません(位置のない施設も閉じたり動かしたりできません)。",
            todo=f"コードは次のとおりです: {_codes(placed)}",
        )


def _what(choice: ReachChoice) -> str:
    """Name what is reached; under a disaster only what is known to stand it, for of the rest nothing is known."""
    name = FACILITY_SETS[choice.facilities]
    return f"{choice.hazard}のとき使えると分かっている{name}" if choice.hazard else name


def facility_set(
    city: City, name: str, given: Given = NOTHING_GIVEN
) -> tuple[tuple[Facility, ...], tuple[Source, ...]]:
    """Return the facilities of a set and their sources; InputRefused for one's own without a file."""
    if name == "own":
        if given.facilities_source is None:
            raise InputRefused(
                "施設のファイルが開かれていません。",
                todo="施設のファイル(CSV など)を開くか、別の施設を選んでください",
            )
        return given.facilities, (given.facilities_source,)
    kinds = name.split("+")
    found = [one for kind in kinds for one in city.facilities[kind]]
    shelters = [city.sources["shelters"]] if {"centres", "branches"} & set(kinds) else []
    return tuple(found), unite([city.sources[kind] for kind in kinds], shelters)


def _codes(facilities: Sequence[Facility]) -> str:
    listed = [f"{one.code}({one.name})" for one in facilities[:40]]
    return "、".join(listed) + (f" ほか {len(facilities) - 40} 件" if len(facilities) > 40 else "")


def _targets(placed: tuple[Facility, ...], choice: ReachChoice) -> tuple[Facility, ...]:
    """Return the facilities as they are, then those the what-if moves and opens."""
    by_code = {one.code: one for one in placed}
    moved = [
        replace(
            by_code[code],
            code=f"{MOVED}{code}",
            name=f"{by_code[code].name}(動かした所)",
            lon=at[0],
            lat=at[1],
            point="exact",
            point_name="",
            note="もしもの移動先",
        )
        for code, at in choice.moved.items()
    ]
    kind = placed[0].kind if placed else "own"
    opened = [_opened(number, at, kind, choice.hazard) for number, at in enumerate(choice.opened, start=1)]
    return (*placed, *moved, *opened)


def _opened(number: int, at: LonLat, kind: str, hazard: str) -> Facility:
    """Return a facility that does not exist; under a disaster it is taken to stand it, for that is what one tries out."""
    hazards = {hazard: True} if hazard else None
    return Facility(
        f"{NEW}{number}", f"新しい施設 {number}", kind, at[0], at[1], note="試しに置いたもの", hazards=hazards
    )


def _fits(facility: Facility, hazard: str) -> bool:
    return not hazard or bool(facility.hazards and facility.hazards.get(hazard))


def distances(  # noqa: PLR0913 - from where, to where, and what the way is measured by
    origins: Floats,
    targets: Floats,
    choice: ReachChoice,
    roads: RoadsGiven | None,
    *,
    factor: float,
    epsg: int,
) -> Floats:
    """Return the distances (origins × targets, both in degrees) in the unit of the choice; inf where there is no way.

    `epsg` is the plane a straight line is measured in. Raises InputRefused for a way along roads without a file of roads.
    """
    if not len(targets):
        return np.full((len(origins), 0), np.inf)
    if choice.measure in {"road", "time"}:
        if roads is None:
            raise InputRefused(
                "道路のファイルが開かれていません。",
                todo="道路のファイル(GeoPackage・GeoJSON・シェープファイル)を開くか、直線距離を選んでください",
            )
        return road_distance(roads, origins, targets, measure=choice.measure, mode=choice.mode)
    here, there = plane_xy(origins, epsg=epsg), plane_xy(targets, epsg=epsg)
    return straight_m(here, there, factor=factor if choice.measure == "detour" else 1.0)


def measured(choice: ReachChoice, travel: Travel, factor: float) -> tuple[str, str]:
    """Return how the distance is named on every surface, and what stands behind it."""
    if choice.measure == "straight":
        return MEASURES["straight"], "地図の上をまっすぐに測った距離。道や川、山は考えていない"
    if choice.measure == "detour":
        own = (
            "この表示で選んだ係数"
            if choice.factor is not None
            else travel.settings["detour_factor"].reference
        )
        return f"直線距離 × {factor:g}(道路の距離の目安)", own
    if choice.measure == "road":
        return (
            f"道路の距離({MODES[choice.mode]}で通れる道)",
            f"開いた道路のファイルの上の最短の道のり。{_access(travel)}",
        )
    return f"道路の所要時間({MODES[choice.mode]})", _speeds(travel, choice.mode)


def _speeds(travel: Travel, mode: str) -> str:
    """Say which speeds a time stands on, and where they are from."""
    walk = travel.settings["walk_m_per_min"]
    if mode == "walk":
        return f"{walk.label} {walk.value:g} {walk.unit}({walk.reference})。{_access(travel)}"
    words = "車の速さは道路の種別ごとの設定の値(この道具の置いた値。制限速度の書かれた区間はそれ以下)"
    winter = travel.settings["winter_factor"]
    said = f"{words}。冬は {winter.value:g} 倍({winter.reference})" if mode == "winter" else words
    return f"{said}。{_access(travel)}"


def _access(travel: Travel) -> str:
    """Say how one comes to the road: that way is in the figure, and too long a one is no way at all."""
    return f"人の点と施設から道路までのまっすぐな道(歩く)を含む。道路から {travel.attach_m:g} m より遠い所は「届かない」に数える"


def road_sources(choice: ReachChoice, roads: RoadsGiven | None) -> tuple[Source, ...]:
    """Return the file of roads as a source where the way is measured along them."""
    return (roads.source,) if roads is not None and choice.measure in {"road", "time"} else ()
