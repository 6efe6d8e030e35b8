"""Where one gets to and home again on a day: clinics, centres or stations within so many minutes each way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kyodo_geo.city import City
from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach.values import Facility
from kyodo_geo.model.transit.choice import clock
from kyodo_geo.model.transit.departures import HOUR_S
from kyodo_geo.model.transit.journeys import Example, Journeys, JourneySettings, Walks, journeys
from kyodo_geo.provenance import Source
from kyodo_geo.reach.figures import levels_of
from kyodo_geo.reach.roads import RoadsGiven
from kyodo_geo.reach.study import distances, facility_set
from kyodo_geo.reach.tables import Rows, people_text
from kyodo_geo.rules.travel import Travel
from kyodo_geo.transit.study import TransitStudy

DESTINATIONS = {"clinics": "医療機関", "centres": "市民センター", "stations": "駅"}
_MOST_MINUTES = 360


@dataclass(frozen=True, eq=False)
class Trips:
    """The answer: for each place of people and each destination whether one gets there and home the same day."""

    study: TransitStudy
    kind: str
    minutes: int
    destinations: tuple[Facility, ...]
    journeys: Journeys
    note: str
    sources: tuple[Source, ...]


def trips_of(  # noqa: PLR0913 - the study, where to, how long, and what the walk is measured by
    city: City,
    study: TransitStudy,
    travel: Travel,
    *,
    kind: str,
    minutes: int,
    roads: RoadsGiven | None = None,
) -> Trips:
    """Return who gets to a destination of a kind within so many minutes each way, waits included, and home the same day.

    The walk is measured as in the study (a time by car as a walk by road); it may be as long as the study's threshold.
    Raises InputRefused for a number of minutes that is none.
    """
    if not 1 <= minutes <= _MOST_MINUTES:
        raise InputRefused(f"所要時間は 1 から {_MOST_MINUTES} 分までです。")
    reach = study.reach
    found, sources = facility_set(city, kind)
    destinations = tuple(one for one in found if one.lon is not None)
    stops = reach.target_lonlat[: len(study.timetable.places)]
    places = np.array([(one.lon, one.lat) for one in destinations], dtype=float).reshape(-1, 2)
    by_foot = replace(
        reach.choice, measure="road" if reach.choice.measure == "time" else reach.choice.measure, mode="walk"
    )

    def metres(origins: npt.NDArray[np.float64], targets: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the walks between two sets of points."""
        return distances(origins, targets, by_foot, roads, factor=reach.factor, epsg=reach.demand.epsg)

    walk_m = reach.within if reach.unit == "m" else travel.stop_reach_m
    direct = metres(reach.demand.lonlat, places)
    # An hour on foot is no way to a clinic: walking alone may be no longer than the walk to a stop
    by_foot_alone = np.where(direct <= walk_m, direct, np.inf)
    walks = Walks(metres(reach.demand.lonlat, stops), metres(places, stops), by_foot_alone)
    settings = JourneySettings(
        within_s=minutes * 60,
        walk_m=walk_m,
        walk_mps=travel.number("walk_m_per_min") / 60,
        window=study.choice.window,
    )
    answer = journeys(study.timetable, study.day.services, walks, settings)
    return Trips(study, kind, minutes, destinations, answer, _note(settings, travel), sources)


def _note(settings: JourneySettings, travel: Travel) -> str:
    return (
        f"片道 {settings.within_s // 60} 分以内。歩く時間(分速 {travel.number('walk_m_per_min'):g} m、停留所まで、または歩きだけで {settings.walk_m:g} m 以内)、"
        f"乗る前の待ち {settings.buffer_s // 60} 分、乗り換えの待ちを含む。用事に {settings.stay_s // (HOUR_S // 60)} 分以上いて、"
        "同じ日に帰れること。待ち・乗り換え・用事の長さはこの道具の置いた値。予約制の便は含まない"
    )


def trip_columns(trips: Trips) -> tuple[str, ...]:
    """Return the heads of `trip_rows`, with what is counted."""
    counted = trips.study.reach.demand.counted
    return (
        "コード",
        "地区",
        counted,
        "日帰りできる",
        "うち歩いて",
        "行けるが帰れない",
        "行けない",
        "日帰りできる割合 %",
    )


def example_columns(trips: Trips) -> tuple[str, ...]:
    """Return the heads of `example_rows`."""
    unit = trips.study.reach.demand.unit
    return ("住む所", "地区", unit, "行ける数", "行き先の例", "家を出る", "着く", "帰りに出る", "家に着く")


def trip_rows(city: City, trips: Trips) -> tuple[Rows, list[str]]:
    """Return the people of each district who get to at least one destination and home again, and the city's row."""
    levels = levels_of(city, trips.study.reach)
    rows = [
        [code, str(city.names.loc[code, "district"]), *_trip_cells(trips, at)]
        for code, at in levels.districts.items()
    ]
    return rows, ["", f"{city.facts.name}全体", *_trip_cells(trips, levels.city)]


def _trip_cells(trips: Trips, at: npt.NDArray[np.int64]) -> list[str]:
    weight = trips.study.reach.demand.weight[at]
    able = trips.journeys.reachable[at].any(axis=1)
    on_foot = trips.journeys.on_foot[at].any(axis=1)
    stranded = ~able & trips.journeys.no_return[at].any(axis=1)
    people = float(weight.sum())
    counts = [float(weight[mask].sum()) for mask in (able, on_foot, stranded, ~able & ~stranded)]
    share = f"{100 * counts[0] / people:.1f}" if people else "不明(人がいない)"
    return [people_text(people), *(people_text(one) for one in counts), share]


def example_rows(city: City, trips: Trips, places: Sequence[int]) -> Rows:
    """Return for places of people how many destinations they have, and one day out as an example."""
    demand, found = trips.study.reach.demand, trips.journeys
    rows = []
    for at in places:
        example = found.example(int(at))
        district = str(city.names.loc[demand.districts[at], "district"])
        rows.append(
            [
                demand.names[at],
                district,
                people_text(demand.weight[at]),
                str(found.count[at]),
                *_example_cells(trips, example),
            ]
        )
    return rows


def _example_cells(trips: Trips, example: Example | None) -> list[str]:
    if example is None:
        return ["行けない", "", "", "", ""]
    name = trips.destinations[example.destination].name
    if example.on_foot:
        return [f"{name}(歩いて)", "", "", "", ""]
    return [
        name,
        *(clock(one) for one in (example.depart_s, example.arrive_s, example.return_s, example.home_s)),
    ]


def worst_first(trips: Trips) -> list[int]:
    """Return the inhabited places, those with the fewest destinations first, more people before fewer."""
    weight, count = trips.study.reach.demand.weight, trips.journeys.count
    lived = np.flatnonzero(weight > 0)
    return [int(at) for at in lived[np.lexsort((lived, -weight[lived], count[lived]))]]
