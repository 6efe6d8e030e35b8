"""Reach and transit beside their peers: mesh to districts, where to put facilities, nearest by road, departures.

Each peer answers the same question on the same input, and the answers are compared before the times are: a difference
beyond rounding stops the run. A peer that is not installed is shown as 未導入.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from lines import Line, Ratio, median_ms

from geo.crs import to_plane
from geo.mesh import mesh_cells, mesh_code
from geo.network import RoadGraph, cost_matrix, nearest_source
from geo.transfer import move_totals, overlap_weights
from kyodo_geo.city import City
from kyodo_geo.model.reach.siting import cover, p_median
from kyodo_geo.model.transit.departures import departures_per_stop
from kyodo_geo.sources.visit.gtfs.build import read_gtfs

ROOT = Path(__file__).resolve().parents[2]
NOT_INSTALLED = "未導入"
# A page of the app in a fresh process, and the most memory that had, in MB. Not `ru_maxrss`: a process inherits that
# of the one that started it, here with every peer loaded. Linux only, in KB
_PAGE = """
from pathlib import Path
from streamlit.testing.v1 import AppTest
app = AppTest.from_file(str(Path("app.py").resolve()), default_timeout=120)
app.run()
app.switch_page("kyodo_geo/views/{page}.py")
app.run()
assert not app.exception, app.exception
status = Path("/proc/self/status").read_text().splitlines()
print(next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024)
"""
_DAY = date(2024, 4, 3)


def measure() -> Iterator[Line | Ratio]:
    """Return every bar of reach and transit, each beside its peer."""
    for part in (mesh, siting, roads, departures, memory):
        sys.stderr.write(f"  … {part.__name__}\n")
        yield from part()


def _beside(what: str, peer: str, ours_ms: float, theirs: Callable[[], tuple[float, str]]) -> Ratio:
    """Return ours beside the peer's time and a note; without the peer, ours alone."""
    # The peers warn of their own use of other libraries
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            theirs_ms, note = theirs()
        except ImportError:
            return Ratio(what, peer, f"{ours_ms:.4g} ms", NOT_INSTALLED)
    return Ratio(what, peer, ours_ms, theirs_ms, "ms", note)


def mesh() -> Iterator[Ratio]:
    """Return cells of 250 m to districts, first with new weights, then with kept ones."""
    districts = to_plane(City.load().outlines)
    cells = _cells_over(City.load().outlines).to_crs(districts.crs)
    people = pd.Series(
        np.random.default_rng(0).integers(0, 60, len(cells)) / 1.0, index=cells.index, name="people"
    )
    weights = overlap_weights(cells, districts)
    moved = move_totals(people, weights)
    fresh = median_ms(lambda: move_totals(people, overlap_weights(cells, districts)))
    again = median_ms(lambda: move_totals(people, weights))

    def tobler() -> tuple[float, str]:
        from tobler.area_weighted import area_interpolate  # noqa: PLC0415 - a peer, not there for everybody

        source, target = (
            gpd.GeoDataFrame({"people": people}, geometry=cells),
            gpd.GeoDataFrame(geometry=districts),
        )

        def call() -> gpd.GeoDataFrame:
            return area_interpolate(source, target, extensive_variables=["people"], allocate_total=False)

        apart = float(np.abs(moved.to_numpy() - call()["people"].to_numpy()).max())
        assert apart < 0.01
        return median_ms(
            call
        ), f"{len(cells):,} cells, {len(districts)} districts, largest difference {apart:.2g} people"

    first = _beside("250 m mesh to districts", "tobler", fresh, tobler)
    yield first
    again_shown = f"{again:.4g} ms" if isinstance(first.theirs, str) else again
    yield Ratio("250 m mesh to districts, kept weights", "tobler", again_shown, first.theirs, "ms",
                "tobler computes its weights at every call")  # fmt: skip


def _cells_over(outlines: gpd.GeoSeries) -> gpd.GeoSeries:
    west, south, east, north = outlines.total_bounds
    lons, lats = np.arange(west, east + 1 / 320, 1 / 320), np.arange(south, north + 1 / 480, 1 / 480)
    codes = dict.fromkeys(mesh_code(lon, lat, level_m=250) for lon in lons for lat in lats)
    cells = mesh_cells(codes)
    return cells.iloc[np.unique(cells.sindex.query(outlines.to_numpy(), predicate="intersects")[1])]


def siting() -> Iterator[Ratio]:
    """Return the two exact choices of 10 among 34 candidates for 1,000 places beside spopt with CBC."""
    rng = np.random.default_rng(1)
    places, candidates = rng.uniform(0, 40_000, (1_000, 2)), rng.uniform(0, 40_000, (34, 2))
    distance = np.hypot(*np.moveaxis(places[:, None] - candidates[None], 2, 0))
    people = rng.integers(1, 300, 1_000) / 1.0
    ours = {
        "MCLP": lambda: cover(distance, people, p=10, within=5_000),
        "PMedian": lambda: p_median(distance, people, p=10),
    }
    for name, call in ours.items():
        yield _beside(f"{name} 1,000 x 34, p = 10", "spopt + CBC", median_ms(call),
                      lambda name=name, call=call: _spopt(name, distance, people, call().objective))  # fmt: skip


def _spopt(name: str, distance: np.ndarray, people: np.ndarray, ours: float) -> tuple[float, str]:
    import pulp  # noqa: PLC0415 - beside the other peers
    import spopt.locate  # noqa: PLC0415 - beside the other peers

    model, found = getattr(spopt.locate, name), []
    radius = {"service_radius": 5_000} if name == "MCLP" else {}

    def call() -> None:
        asked = model.from_cost_matrix(distance, people, p_facilities=10, **radius)
        found.append(asked.solve(pulp.PULP_CBC_CMD(msg=False)).problem.objective.value())

    theirs_ms = median_ms(call, times=3, warm=0)
    assert np.isclose(found[0], ours, rtol=1e-9)
    return theirs_ms, f"same optimum {ours:,.0f}, both proven; with building the model"


def roads() -> Iterator[Ratio]:
    """Return the nearest of 34 from each of 60,000 road nodes, and all ways between them, beside pandana."""
    graph, sources = _grid_roads(245)
    every = np.arange(len(graph.node_xy))
    distance, _ = nearest_source(graph, sources)
    matrix = cost_matrix(graph, every, sources)
    what = f"from {len(every):,} road nodes"
    yield _beside(f"nearest of {len(sources)} {what}", "pandana", median_ms(lambda: nearest_source(graph, sources)),
                  lambda: _pandana_nearest(graph, sources, distance))  # fmt: skip
    yield _beside(f"all {len(sources)} {what}", "pandana", median_ms(lambda: cost_matrix(graph, every, sources)),
                  lambda: _pandana_matrix(graph, sources, matrix))  # fmt: skip


def _grid_roads(side: int) -> tuple[RoadGraph, np.ndarray]:
    """Return streets of about 150 m in a grid, each with a length of its own both ways, and 34 of the crossings."""
    rng = np.random.default_rng(2)
    node = np.arange(side * side).reshape(side, side)
    a = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    b = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    length = rng.integers(150, 400, len(a)) / 1.0
    tail, head, length = np.concatenate([a, b]), np.concatenate([b, a]), np.concatenate([length, length])
    order = np.lexsort((head, tail))
    xy = np.stack(np.unravel_index(np.arange(side * side), (side, side)), axis=1) * 150.0
    island = np.zeros(len(xy), dtype=np.int64)
    graph = RoadGraph(xy, 6678, tail[order], head[order], length[order], length[order] / 10, island)
    return graph, np.sort(rng.choice(side * side, 34, replace=False))


def _pandana_network(graph: RoadGraph):
    import pandana  # noqa: PLC0415 - a peer, not there for everybody

    once = graph.tail < graph.head
    x, y = graph.node_xy.T
    tail, head, length = (pd.Series(one[once]) for one in (graph.tail, graph.head, graph.length_m))
    return pandana.Network(
        pd.Series(x), pd.Series(y), tail, head, pd.DataFrame({"length": length}), twoway=True
    )


def _pandana_nearest(graph: RoadGraph, sources: np.ndarray, ours: np.ndarray) -> tuple[float, str]:
    network, farthest = _pandana_network(graph), float(ours.max()) + 1
    x, y = graph.node_xy[sources].T

    def call() -> pd.DataFrame:
        network.set_pois("centre", farthest, 1, pd.Series(x), pd.Series(y))
        return network.nearest_pois(farthest, "centre", num_pois=1)

    apart = float(np.abs(call()[1].to_numpy() - ours).max())
    assert apart < 0.1
    return median_ms(call, times=3), f"largest difference {apart:.2g} m; its network was built before"


def _pandana_matrix(graph: RoadGraph, sources: np.ndarray, ours: np.ndarray) -> tuple[float, str]:
    network = _pandana_network(graph)
    origins, targets = (one.ravel() for one in np.meshgrid(np.arange(len(ours)), sources, indexing="ij"))

    found: list[np.ndarray] = []
    # A minute and a half: once is enough to see the ratio
    once_ms = median_ms(
        lambda: found.append(network.shortest_path_lengths(origins, targets)), times=1, warm=0
    )
    apart = float(np.abs(np.asarray(found[0]).reshape(ours.shape) - ours).max())
    assert apart < 0.1
    return once_ms, f"largest difference {apart:.2g} m; one run, its network was built before"


def departures() -> Iterator[Ratio]:
    """Return departures per stop on a day from 50,000 stop times, and reading the feed, beside gtfs_kit."""
    content = _feed(routes=125, runs=20, stops=19)
    timetable, _ = read_gtfs(content, name="bench.zip", today=_DAY)
    count = departures_per_stop(timetable, frozenset(timetable.services)).departures
    ours = {stop.id: int(number) for stop, number in zip(timetable.stops, count, strict=True)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.zip"
        path.write_bytes(content)
        counting = median_ms(lambda: departures_per_stop(timetable, frozenset(timetable.services)))
        yield _beside(f"departures of {len(timetable.trip):,} stop times", "gtfs_kit", counting,
                      lambda: _gtfs_kit(path, ours))  # fmt: skip
        reading = median_ms(lambda: read_gtfs(content, name="bench.zip", today=_DAY), times=3)
        yield _beside("reading that feed", "gtfs_kit", reading, lambda: _gtfs_kit_reading(path))


def _gtfs_kit(path: Path, ours: dict[str, int]) -> tuple[float, str]:
    import gtfs_kit  # noqa: PLC0415 - a peer, not there for everybody

    feed, days = gtfs_kit.read_feed(path, dist_units="km"), [f"{_DAY:%Y%m%d}"]

    def call() -> pd.DataFrame:
        return gtfs_kit.compute_stop_stats(feed, days)

    theirs = call().set_index("stop_id")["num_trips"]
    # The last stop of a run is no departure for us; there each run ends at a pole of its own
    apart = [
        stop for stop, number in ours.items() if number != (0 if stop.startswith("end") else theirs[stop])
    ]
    assert not apart
    return median_ms(call, times=3), "same numbers; its call computes headways too"


def _gtfs_kit_reading(path: Path) -> tuple[float, str]:
    import gtfs_kit  # noqa: PLC0415 - a peer, not there for everybody

    return median_ms(
        lambda: gtfs_kit.read_feed(path, dist_units="km"), times=3
    ), "the peer checks nothing, ours every row"


def _feed(*, routes: int, runs: int, stops: int) -> bytes:
    """Return a zip of a feed: routes with stops of their own, runs spread over the day, every day of a year."""
    day, line = 16 * 3_600 // runs, range(stops + 1)
    names = {(r, s): f"stop{r}_{s}" if s < stops else f"end{r}" for r in range(routes) for s in line}
    trips = [(r, n) for r in range(routes) for n in range(runs)]
    calls = [
        f"t{r}_{n},{time},{time},{names[r, s]},{s}"
        for r, n in trips
        for s in line
        for time in [_clock(6 * 3_600 + n * day + 120 * s)]
    ]
    tables = {
        "agency": ["agency_id,agency_name,agency_url,agency_timezone", "a,A,https://example.com,Asia/Tokyo"],
        "stops": ["stop_id,stop_name,stop_lat,stop_lon"]
        + [f"{name},{name},{38.8 + r / 500:.5f},{141.0 + s / 200:.5f}" for (r, s), name in names.items()],
        "routes": ["route_id,agency_id,route_short_name,route_long_name,route_type"]
        + [f"r{r},a,R{r},Route {r},3" for r in range(routes)],
        "trips": ["route_id,service_id,trip_id"] + [f"r{r},every,t{r}_{n}" for r, n in trips],
        "calendar": [
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
            "every,1,1,1,1,1,1,1,20240401,20250331",
        ],
        "stop_times": ["trip_id,arrival_time,departure_time,stop_id,stop_sequence", *calls],
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            archive.writestr(f"{name}.txt", "\n".join(rows) + "\n")
    return packed.getvalue()


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def memory() -> Iterator[Line]:
    """Return the most memory a fresh process has for one run of the pages of reach and of transit."""
    for page in ("reach", "transit"):
        what, code = f"memory of the {page} page", _PAGE.format(page=page)
        done = subprocess.run(
            [sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=ROOT
        )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            yield Line(what, None, "", note=f"left out, the page did not run: {reason[:120]}")
        else:
            note = "peak of a fresh process: the map page, then this page, no file opened"
            yield Line(what, float(done.stdout), "MB", 500, note)
