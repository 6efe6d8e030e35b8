"""The transit gap: how far the nearest stop with enough runs is, and whom the loss of a route or a run touches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.transit.timetable import Timetable

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
NOWHERE = -1


@dataclass(frozen=True)
class DistrictGap:
    """People of one district within reach before and after, and how many lose or gain it."""

    district: str
    people: float
    within_before: float
    within_after: float
    lost: float
    gained: float


@dataclass(frozen=True, eq=False)
class GapChange:
    """What a change of the timetable does: the city, each district in order of its code, and which places are touched."""

    total: DistrictGap
    districts: tuple[DistrictGap, ...]
    loses: npt.NDArray[np.bool_]
    gains: npt.NDArray[np.bool_]


def nearest_usable(distance: Floats, pairs: npt.NDArray[np.integer], n: int) -> tuple[Floats, Ints]:
    """Return each place's distance to the nearest stopping place with at least `n` pairs of runs, and its index.

    `distance` (places, stopping places) in any measure, infinite where there is no way; `pairs` (stopping places,).
    Infinite and −1 where there is none; of equally near ones the first.
    """
    enough = np.flatnonzero(pairs >= n)
    if not len(enough):
        return np.full(len(distance), np.inf), np.full(len(distance), NOWHERE, dtype=np.int64)
    near = distance[:, enough]
    first = near.argmin(axis=1)
    found = near[np.arange(len(near)), first]
    return found, np.where(np.isfinite(found), enough[first], NOWHERE)


def usable_distance(distance: Floats, pairs: npt.NDArray[np.integer], n: int) -> Floats:
    """Return each place's distance to the nearest stopping place with at least `n` pairs; infinite where none."""
    return nearest_usable(distance, pairs, n)[0]


def without(timetable: Timetable, *, routes: Iterable[str] = (), trips: Iterable[str] = ()) -> Timetable:
    """Return the timetable without these routes and these trips, by their ids.

    Stops, stopping places and services stay as they are, so that arrays by place can be compared.

    Raises `InputRefused` naming every id that is not in the timetable.
    """
    no_routes, no_trips = frozenset(routes), frozenset(trips)
    _require_known(timetable, no_routes, no_trips)
    kept_routes = [index for index, route in enumerate(timetable.routes) if route.id not in no_routes]
    new_route = {old: new for new, old in enumerate(kept_routes)}
    kept_trips = [
        index
        for index, trip in enumerate(timetable.trips)
        if trip.route in new_route and trip.id not in no_trips
    ]
    new_trip = np.full(len(timetable.trips), NOWHERE, dtype=np.int32)
    new_trip[kept_trips] = np.arange(len(kept_trips), dtype=np.int32)
    rows = new_trip[timetable.trip] != NOWHERE
    return replace(
        timetable,
        routes=tuple(timetable.routes[index] for index in kept_routes),
        trips=tuple(
            replace(timetable.trips[index], route=new_route[timetable.trips[index].route])
            for index in kept_trips
        ),
        trip=new_trip[timetable.trip][rows],
        stop=timetable.stop[rows],
        arrival_s=timetable.arrival_s[rows],
        departure_s=timetable.departure_s[rows],
        boards=timetable.boards[rows],
        alights=timetable.alights[rows],
    )


def gap_change(
    before: Floats, after: Floats, *, weight: Floats, districts: Sequence[str], within: float
) -> GapChange:
    """Return how many people lose and gain a usable stop within `within`, for the city and by district.

    `before` and `after` are distances by place as `usable_distance` gives them, `weight` the people, `districts` the
    codes. A distance just `within` is within. Raises `ValueError` where the lengths differ.
    """
    if len({len(before), len(after), len(weight), len(districts)}) != 1:
        msg = "before, after, weight and districts must be of one length"
        raise ValueError(msg)
    was, stays = before <= within, after <= within
    masks = (np.ones(len(weight), dtype=bool), was, stays, was & ~stays, stays & ~was)
    codes = np.asarray(districts, dtype=str)

    def people(name: str, here: npt.NDArray[np.bool_]) -> DistrictGap:
        return DistrictGap(name, *(float(weight[mask & here].sum()) for mask in masks))

    each = tuple(people(str(code), codes == code) for code in np.unique(codes))
    return GapChange(people("", masks[0]), each, masks[3], masks[4])


def _require_known(timetable: Timetable, routes: frozenset[str], trips: frozenset[str]) -> None:
    known_routes = {route.id for route in timetable.routes}
    known_trips = {trip.id for trip in timetable.trips}
    faults = [Fault(f"路線「{name}」は時刻表にありません") for name in sorted(routes - known_routes)]
    faults += [Fault(f"便「{name}」は時刻表にありません") for name in sorted(trips - known_trips)]
    if faults:
        raise InputRefused(
            "なくす路線か便が時刻表にありません。",
            faults=faults,
            todo="route_id・trip_id を確かめてください。",
        )
