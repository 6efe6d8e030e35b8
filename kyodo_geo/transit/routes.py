"""The routes of a transit study: how many runs each has on the day, and who would lose a usable stop without it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from kyodo_geo.model.reach.coverage import nearest
from kyodo_geo.model.transit.departures import active_trips, usable_runs
from kyodo_geo.model.transit.gap import gap_change, without
from kyodo_geo.reach.tables import Rows, people_text
from kyodo_geo.transit.study import TransitStudy, counted_stations

Pairs = Mapping[str, npt.NDArray[np.int64]]


def route_columns(study: TransitStudy) -> tuple[str, ...]:
    """Return the heads of `route_rows`."""
    return ("路線ID", "路線", "事業者", "時間帯の便", f"なくなると外れる{study.reach.demand.unit}")


def pairs_without(study: TransitStudy) -> Pairs:
    """Return the pairs of runs by stopping place without each route that runs on the day, by the route's id.

    They do not hang on the threshold, and take long: who shows several thresholds keeps them.
    """
    timetable, services = study.timetable, study.day.services
    running = {trip.route for trip in timetable.trips if trip.service in services}
    return {
        route.id: usable_runs(
            without(timetable, routes=[route.id]), services, window=study.choice.window
        ).pairs
        for number, route in enumerate(timetable.routes)
        if number in running
    }


def route_rows(study: TransitStudy, pairs: Pairs | None = None) -> Rows:
    """Return each route with its runs in the hours asked for, and the people who would lose their usable stop without it.

    `pairs` are those of `pairs_without`. A route that does not run on the day has nobody to lose: −.
    """
    left = pairs_without(study) if pairs is None else pairs
    runs, unit = runs_of_routes(study), study.reach.demand.unit
    rows = []
    for number, route in enumerate(study.timetable.routes):
        lost = f"{people_text(_lost(study, left[route.id]))} {unit}" if route.id in left else "−"
        rows.append([route.id, route.name, route.operator, str(runs[number]), lost])
    return rows


def runs_of_routes(study: TransitStudy) -> npt.NDArray[np.int64]:
    """Return the runs of each route on the day that have a departure one may board within the window.

    The last call of a run is no departure. A departure at a stop without a position counts: the run is one of the route.
    """
    timetable, (start, end) = study.timetable, study.choice.window
    goes_on = np.append(timetable.trip[1:] == timetable.trip[:-1], [False])[: len(timetable.trip)]
    within = (timetable.departure_s >= start) & (timetable.departure_s < end)
    runs = np.unique(timetable.trip[goes_on & within & timetable.boards])
    runs = runs[active_trips(timetable, study.day.services)[runs]]
    route = np.array([trip.route for trip in timetable.trips], dtype=np.int64)
    return np.bincount(route[runs], minlength=len(timetable.routes))


def _lost(study: TransitStudy, pairs: npt.NDArray[np.int64]) -> float:
    """Return the people within the threshold of a usable stop who would have none with these pairs only."""
    reach = study.reach
    counted = np.append(pairs >= study.choice.runs, counted_stations(study))
    return gap_change(
        reach.after.distance,
        nearest(reach.distance, counted).distance,
        weight=reach.demand.weight,
        districts=reach.demand.districts,
        within=reach.within,
    ).total.lost
