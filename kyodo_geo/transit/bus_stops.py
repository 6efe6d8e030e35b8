"""Bus stops without a timetable (国土数値情報 P11) as a study: where stops are, and that their runs are not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kyodo_geo.city import City
from kyodo_geo.model.reach.choice import ReachChoice
from kyodo_geo.model.reach.values import Facility
from kyodo_geo.reach.roads import RoadsGiven
from kyodo_geo.reach.study import Given, Study, study_of
from kyodo_geo.rules.travel import Travel
from kyodo_geo.sources.visit.bus_stops import BusStop
from kyodo_geo.sources.visit.opened import Opened
from kyodo_geo.transit.study import default_within

WHAT = "バス停(便数は不明)"


def bus_stop_study(  # noqa: PLR0913 - the city, the file, what is asked of it, and when
    city: City, stops: tuple[BusStop, ...], opened: Opened, choice: ReachChoice, travel: Travel, *, on: date,
    roads: RoadsGiven | None = None,
) -> Study:  # fmt: skip
    """Return the coverage of bus stops of which nobody says how often a bus comes: no service can be read from it."""
    asked = replace(
        choice.as_it_is(), facilities="own", hazard="", within=choice.within or default_within(travel, choice)
    )
    given = Given(tuple(map(_facility, stops)), opened.source, roads)
    return replace(study_of(city, asked, travel, on=on, given=given), what=WHAT)


def _facility(stop: BusStop) -> Facility:
    said = [*stop.operators, *stop.routes[:5], *stop.kinds]
    point = "exact" if stop.lon is not None else "none"
    return Facility(stop.id, stop.name, "stop", stop.lon, stop.lat, point=point, note="・".join(said))
