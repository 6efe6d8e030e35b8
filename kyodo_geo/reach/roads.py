"""Roads that somebody opened, and distances along them; a graph is built once for each way of moving."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from geo.network import RoadGraph, road_matrix
from kyodo_geo.model.reach.values import Floats
from kyodo_geo.provenance import Source
from kyodo_geo.reach.demand import plane_xy
from kyodo_geo.rules.travel import Travel
from kyodo_geo.sources.visit.opened import Opened
from kyodo_geo.sources.visit.roads import Roads


@dataclass(frozen=True, eq=False)
class RoadsGiven:
    """Roads of a file with the account of what was read, and the settings of the day they are used with."""

    roads: Roads
    opened: Opened
    travel: Travel
    graphs: dict[str, RoadGraph] = field(default_factory=dict, repr=False)

    @property
    def source(self) -> Source:
        """The file as a source."""
        return self.opened.source

    def graph(self, mode: str) -> RoadGraph:
        """Return the graph of a way of moving (walk, car, winter), built when it is first asked for."""
        if mode not in self.graphs:
            self.graphs[mode] = self.roads.graph(mode)
        return self.graphs[mode]


def road_distance(
    given: RoadsGiven, places: Floats, facilities: Floats, *, measure: str, mode: str
) -> Floats:
    """Return the way by road (places × facilities, both given in degrees): metres for `road`, minutes for `time`.

    Infinite where there is no way, or where a place lies farther from every road than the setting allows.
    """
    graph = given.graph(mode)
    found = road_matrix(
        graph,
        plane_xy(places, epsg=graph.epsg),
        plane_xy(facilities, epsg=graph.epsg),
        by="seconds" if measure == "time" else "length_m",
        reach_m=given.travel.attach_m,
        access_kmh=given.travel.walk_kmh,
    )
    return np.asarray(found / 60 if measure == "time" else found)
