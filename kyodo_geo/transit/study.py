"""A study of public transport: stops with enough runs there and back on a day, and who lives how far from one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import shapely

from kyodo_geo.city import City
from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach.choice import ReachChoice
from kyodo_geo.model.reach.coverage import ReachRow, nearest, summarise
from kyodo_geo.model.reach.values import Demand, Facility
from kyodo_geo.model.transit.choice import TransitChoice, window_text
from kyodo_geo.model.transit.day_types import period
from kyodo_geo.model.transit.departures import (
    SERVICE_CLASSES,
    Departures,
    UsableRuns,
    departures_per_place,
    service_class,
    usable_runs,
)
from kyodo_geo.model.transit.gap import without
from kyodo_geo.model.transit.timetable import Timetable
from kyodo_geo.provenance import Source, unite
from kyodo_geo.reach.demand import demand_of
from kyodo_geo.reach.roads import RoadsGiven
from kyodo_geo.reach.study import Study, distances, measured, road_sources
from kyodo_geo.rules.travel import Travel
from kyodo_geo.sources.visit.on_call import OnCallArea
from kyodo_geo.transit.feed import Feed, ServiceDay, service_day


@dataclass(frozen=True, eq=False)
class TransitStudy:
    """Everything a page or a command shows of a timetable.

    `reach` is the coverage of its usable stops (and stations, where they are counted), before and after the what-if; its
    first targets are the stopping places in their order. `runs` and `departures` are by stopping place, `before` and
    after. `in_area` (areas × n) says which place of people lies in which on-call area; areas may overlap.
    `in_period` is whether the day lies in the timetable's period, None where no period is known.
    """

    feed: Feed
    choice: TransitChoice
    day: ServiceDay
    reach: Study
    timetable: Timetable
    runs_before: UsableRuns
    runs: UsableRuns
    departures: Departures
    areas: tuple[OnCallArea, ...]
    in_area: npt.NDArray[np.bool_]
    in_period: bool | None

    @property
    def usable_words(self) -> str:
        """What is usable here, in words."""
        return usable_words(self.choice)

    @property
    def on_call(self) -> npt.NDArray[np.bool_]:
        """Whether each place of people (n,) lies in any on-call area."""
        return np.asarray(self.in_area.any(axis=0))


@dataclass(frozen=True, eq=False)
class TransitGiven:
    """Files beside the timetable: roads, and on-call areas with their source."""

    roads: RoadsGiven | None = None
    areas: tuple[OnCallArea, ...] = ()
    areas_source: Source | None = None


NOTHING_GIVEN = TransitGiven()


def transit_study(  # noqa: PLR0913 - the city, the file, what is asked of it, and when
    city: City, feed: Feed, choice: TransitChoice, travel: Travel, *, on: date, given: TransitGiven = NOTHING_GIVEN
) -> TransitStudy:  # fmt: skip
    """Return the study of a timetable.

    Raises InputRefused for a day the timetable does not have, an id it does not know, and an on-call area that cannot be
    placed among the people counted.
    """
    _require_placeable(choice, given.areas)
    inside = in_period(feed.timetable, service_day(feed, choice).day)
    day = _labelled(service_day(feed, choice), inside=inside)
    after = (
        without(feed.timetable, routes=choice.no_routes, trips=choice.no_trips)
        if choice.changed
        else feed.timetable
    )
    runs_before, runs = (
        usable_runs(one, day.services, window=choice.window) for one in (feed.timetable, after)
    )
    reach = _reach(city, feed, choice, travel, on, given.roads, (runs_before, runs), day)
    sources = unite(reach.sources, (given.areas_source,) if given.areas_source else ())
    return TransitStudy(
        feed=feed,
        choice=choice,
        day=day,
        reach=replace(reach, sources=sources),
        timetable=after,
        runs_before=runs_before,
        runs=runs,
        departures=departures_per_place(after, day.services, window=choice.window),
        areas=given.areas,
        in_area=areas_of(reach.demand, given.areas),
        in_period=inside,
    )


def counted_stations(study: TransitStudy) -> npt.NDArray[np.bool_]:
    """Return for each station among the targets, which follow the stopping places, whether it counts."""
    return np.full(len(study.reach.targets) - len(study.timetable.places), study.choice.stations, dtype=bool)


def usable_words(choice: TransitChoice) -> str:
    """Return what a choice counts as usable, in words."""
    return f"1日{choice.runs}往復以上ある停留所{'か駅' if choice.stations else ''}"


def in_period(timetable: Timetable, day: date) -> bool | None:
    """Return whether a day lies in the timetable's period, however long it is; None where no period is known."""
    if period(timetable) is None:
        return None
    rest = period(timetable, since=day)
    return rest is not None and rest[0] <= day


def _labelled(day: ServiceDay, *, inside: bool | None) -> ServiceDay:
    """Let the day itself say that nothing is known of it, so that every caption and row does."""
    return replace(day, label=f"{day.label}(時刻表の期間の外。便数は不明)") if inside is False else day


def _require_placeable(choice: TransitChoice, areas: Sequence[OnCallArea]) -> None:
    keyed = [area.name for area in areas if area.polygon is None]
    if choice.reach.demand == "mesh" and keyed:
        raise InputRefused(
            f"小地域コードだけの区域は、1kmメッシュの点では数えられません: {'、'.join(keyed)}",
            todo="人の点に「小地域の点」を選んでください(または面の GeoJSON の区域を開いてください)",
        )


def _reach(  # noqa: PLR0913, PLR0917 - the parts of a study, each of another kind
    city: City,
    feed: Feed,
    choice: TransitChoice,
    travel: Travel,
    on: date,
    roads: RoadsGiven | None,
    runs: tuple[UsableRuns, UsableRuns],
    day: ServiceDay,
) -> Study:
    demand = demand_of(city, on, kind=choice.reach.demand, counted=choice.reach.counted)
    stations = [one for one in city.facilities["stations"] if one.lon is not None]
    targets = (*stop_facilities(feed.timetable, runs[1]), *stations)
    lonlat = np.array([(one.lon, one.lat) for one in targets], dtype=float).reshape(-1, 2)
    factor = choice.reach.factor if choice.reach.factor is not None else travel.detour_factor
    distance = distances(demand.lonlat, lonlat, choice.reach, roads, factor=factor, epsg=demand.epsg)
    counted = [
        np.append(one.pairs >= choice.runs, [choice.stations] * len(stations)).astype(bool) for one in runs
    ]
    label, note = measured(choice.reach, travel, factor)
    station_sources = (city.sources["stations"],) if stations else ()
    return Study(
        choice=choice.reach,
        what=_what(choice, day),
        changed=choice.changed,
        on=on,
        demand=demand,
        targets=targets,
        target_lonlat=lonlat,
        counts_before=counted[0],
        counts_after=counted[1],
        unplaced=(),
        unfit=(),
        unstated=(),
        distance=distance,
        before=nearest(distance, counted[0]),
        after=nearest(distance, counted[1]),
        within=choice.reach.within or default_within(travel, choice.reach),
        factor=factor,
        measure_label=label,
        measure_note=note,
        sources=unite(
            demand.sources, (feed.opened.source,), station_sources, road_sources(choice.reach, roads)
        ),
    )


def _what(choice: TransitChoice, day: ServiceDay) -> str:
    """Say what is reached, with the day, the hours and the what-if: the rows of a file have no other place for them."""
    taken = f"、もしも: {choice.taken_out}" if choice.changed else ""
    return f"{usable_words(choice)}({day.label}、{window_text(choice.window)}{taken})"


def default_within(travel: Travel, choice: ReachChoice) -> float:
    """Return the threshold of the settings: metres, or the minutes they are walked in."""
    metres = travel.stop_reach_m
    return metres if choice.unit == "m" else round(metres / travel.number("walk_m_per_min"))


def stop_facilities(timetable: Timetable, runs: UsableRuns) -> tuple[Facility, ...]:
    """Return the stopping places as facilities, each noted with its class of service."""
    classes = service_class(runs.pairs)
    return tuple(
        Facility(place.id, place.name, "stop", place.lon, place.lat, note=SERVICE_CLASSES[classes[at]].label)
        for at, place in enumerate(timetable.places)
    )


def areas_of(demand: Demand, areas: Sequence[OnCallArea]) -> npt.NDArray[np.bool_]:
    """Return which place of people lies in which on-call area (areas × n), by key of its small area or by outline.

    A place where areas overlap lies in each of them.
    """
    found = np.zeros((len(areas), len(demand.keys)), dtype=bool)
    points = shapely.points(demand.lonlat)
    for number, area in enumerate(areas):
        keys = set(area.keys)
        found[number] = [key in keys or key.split("-")[0] in keys for key in demand.keys]
        if area.polygon is not None:
            found[number] |= shapely.intersects(area.polygon, points)
    return found


@dataclass(frozen=True)
class Version:
    """The city's row by one way of measuring: its name, its threshold and the unit of all its distances."""

    label: str
    within: float
    unit: str
    row: ReachRow


def versions(study: TransitStudy, travel: Travel, roads: RoadsGiven | None) -> list[Version]:
    """Return the city by every way of measuring at hand, side by side: straight, by factor, by road where it is given.

    A study in metres keeps its threshold; one in minutes stands beside the others with the setting's metres.
    """
    reach, choice = study.reach, study.choice.reach
    own = ["time"] if choice.measure == "time" else []
    rows = []
    for kind in ("straight", "detour", *(["road"] if roads is not None else []), *own):
        asked = choice if kind == "time" else replace(choice, measure=kind, mode="walk")
        matrix = distances(
            reach.demand.lonlat,
            reach.target_lonlat,
            asked,
            roads,
            factor=reach.factor,
            epsg=reach.demand.epsg,
        )
        within = reach.within if asked.unit == reach.unit else default_within(travel, asked)
        found = summarise(nearest(matrix, reach.counts_after).distance, reach.demand.weight, within=within)
        rows.append(Version(measured(asked, travel, reach.factor)[0], within, asked.unit, found))
    return rows
