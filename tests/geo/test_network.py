"""Distances on a grid are known without a computer; everything else is held against a slow search of our own."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import BadGeometry, CrsMismatch, CrsMissing, ValueRefused
from geo.network import (
    NO_SOURCE,
    NOT_ATTACHED,
    RoadGraph,
    attach,
    build_graph,
    cost_matrix,
    nearest_source,
    road_matrix,
)

PLANE = 6678
SIDE = 100.0


def lines_of(*shapes, crs=PLANE):
    return gpd.GeoSeries([shapely.LineString(shape) for shape in shapes], crs=crs)


def graph_of(lines, *, forward=True, backward=True, speed=36.0, **options):
    def each(value):
        return np.broadcast_to(np.asarray(value), (len(lines),)).copy()

    return build_graph(
        lines, forward=each(forward), backward=each(backward), speed_kmh=each(speed), **options
    )


def node_at(graph, x, y):
    node, distance = attach(graph, np.array([[x, y]]), reach_m=0.02)
    assert distance[0] < 0.02
    return int(node[0])


@pytest.fixture(scope="module")
def grid():
    """Eleven streets each way, every street one line: they share vertices, not ends."""
    ticks = np.arange(11) * SIDE
    streets = [[(x, y) for x in ticks] for y in ticks] + [[(x, y) for y in ticks] for x in ticks]
    return graph_of(lines_of(*streets))


def test_on_a_grid_every_distance_is_the_sum_of_both_axes(grid):
    assert len(grid.node_xy) == 11 * 11
    assert len(grid.tail) == 2 * 2 * 10 * 11
    everyone = np.arange(len(grid.node_xy))
    found = cost_matrix(grid, everyone, everyone)
    manhattan = np.abs(grid.node_xy[:, None] - grid.node_xy[None]).sum(axis=2)
    np.testing.assert_allclose(found, manhattan, atol=1e-9)
    # 36 km/h are 10 m a second.
    np.testing.assert_allclose(cost_matrix(grid, everyone, everyone, by="seconds"), manhattan / 10, atol=1e-9)


def test_the_nearest_source_agrees_with_the_matrix_and_ties_go_to_the_first(grid):
    sources = np.array([node_at(grid, 0, 0), node_at(grid, 1000, 1000), node_at(grid, 1000, 0)])
    cost, which = nearest_source(grid, sources)
    matrix = cost_matrix(grid, np.arange(len(grid.node_xy)), sources)
    np.testing.assert_allclose(cost, matrix.min(axis=1), atol=1e-9)
    # argmin names the first of several equal; the middle column is as far from two or three sources.
    np.testing.assert_array_equal(which, np.round(matrix, 6).argmin(axis=1))
    _, turned = nearest_source(grid, sources[::-1])
    tied = node_at(grid, 500, 500)
    assert (which[tied], turned[tied]) == (0, 0)


def test_two_sources_on_one_node_count_as_the_first(grid):
    node = node_at(grid, 300, 300)
    _, which = nearest_source(grid, np.array([node, node]))
    assert (which == 0).all()


def test_access_to_a_source_is_added_and_may_turn_the_choice(grid):
    sources = np.array([node_at(grid, 0, 0), node_at(grid, 1000, 0)])
    cost, which = nearest_source(grid, sources, access=np.array([450.0, 0.0]))
    at = node_at(grid, 300, 0)
    assert (cost[at], which[at]) == (pytest.approx(700), 1)
    assert cost[sources[0]] == pytest.approx(450)
    cost, which = nearest_source(grid, sources, access=np.array([np.inf, 0.0]))
    assert set(which) == {1}


def test_a_closed_one_way_ring_is_travelled_one_way_only():
    square = [(0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE), (0, 0)]
    ring = graph_of(lines_of(square), backward=False, longest_m=100)
    assert (len(ring.node_xy), len(ring.tail)) == (4, 4)
    begin, end = np.array([node_at(ring, 0, 0)]), np.array([node_at(ring, SIDE, 0)])
    assert cost_matrix(ring, begin, end)[0, 0] == pytest.approx(100)
    assert cost_matrix(ring, end, begin)[0, 0] == pytest.approx(300)
    to_source, _ = nearest_source(ring, end, toward=True)
    from_source, _ = nearest_source(ring, end, toward=False)
    assert (to_source[begin[0]], from_source[begin[0]]) == (pytest.approx(100), pytest.approx(300))


def test_backward_only_turns_a_line_round():
    road = graph_of(lines_of([(0, 0), (SIDE, 0)]), forward=False)
    west, east = np.array([node_at(road, 0, 0)]), np.array([node_at(road, SIDE, 0)])
    assert cost_matrix(road, east, west)[0, 0] == pytest.approx(100)
    assert cost_matrix(road, west, east)[0, 0] == np.inf


def test_islands_are_labelled_by_size_and_out_of_reach():
    small, large = [(0, 0), (50, 0)], [(0, 900), (100, 900), (100, 950)]
    graph = graph_of(lines_of(small, large[:2], large[1:]))
    alone, main = node_at(graph, 0, 0), node_at(graph, 0, 900)
    assert (graph.island[alone], graph.island[main]) == (1, 0)
    np.testing.assert_allclose(graph.island_km(), [0.15, 0.05])
    assert cost_matrix(graph, np.array([alone]), np.array([main]))[0, 0] == np.inf
    cost, which = nearest_source(graph, np.array([main]))
    assert (cost[alone], which[alone]) == (np.inf, NO_SOURCE)


def test_lines_that_cross_without_a_shared_vertex_do_not_meet():
    bridge = graph_of(lines_of([(0, 0), (100, 0)], [(50, -50), (50, 50)]))
    assert bridge.island.max() == 1


def test_ends_within_the_same_centimetre_are_one_place():
    road = graph_of(lines_of([(0, 0), (100, 0)], [(100.001, 0.001), (200, 0)]))
    assert road.island.max() == 0
    assert len(road.node_xy) == 3


def test_long_pieces_are_cut_along_the_line_and_keep_its_length():
    bent = [(0, 0), (300, 0), (300, 330)]
    graph = graph_of(lines_of(bent), longest_m=200)
    assert len(graph.tail) == 2 * 4
    np.testing.assert_allclose(graph.length_m, 630 / 4)
    along = shapely.line_locate_point(shapely.LineString(bent), shapely.points(graph.node_xy))
    np.testing.assert_allclose(np.sort(along), np.linspace(0, 630, 5))
    assert shapely.distance(shapely.LineString(bent), shapely.points(graph.node_xy)).max() < 1e-9


def test_an_exact_multiple_is_not_cut_once_too_often():
    assert len(graph_of(lines_of([(0, 0), (600, 0)]), longest_m=200).tail) == 2 * 3
    # In floating point 6.9 / 2.3 comes out above 3.
    assert len(graph_of(lines_of([(0, 0), (6.9, 0)]), longest_m=2.3).tail) == 2 * 3


def test_what_leads_nowhere_is_left_out_and_counted():
    loop = [(0, 0), (10, 0), (10, 10), (0, 0)]
    point = [(0, 0), (0, 0)]
    graph = graph_of(lines_of(loop, point, [(0, 0), (50, 0)]))
    assert (graph.self_loops, len(graph.tail)) == (2, 2)


def test_a_long_loop_stays_because_it_is_cut():
    loop = [(0, 0), (300, 0), (300, 300), (0, 300), (0, 0)]
    assert graph_of(lines_of(loop)).self_loops == 0


def test_of_parallel_roads_the_shorter_and_the_quicker_count_each_for_itself():
    straight, detour = [(0, 0), (100, 0)], [(0, 0), (50, 50), (100, 0)]
    graph = graph_of(lines_of(straight, detour), speed=[10.0, 100.0], longest_m=1000)
    assert (len(graph.tail), graph.parallel) == (2, 2)
    np.testing.assert_allclose(graph.length_m, 100)
    np.testing.assert_allclose(graph.seconds, np.hypot(50, 50) * 2 / 100 * 3.6)


def test_a_multiline_is_its_parts_and_a_line_closed_to_all_is_none():
    several = gpd.GeoSeries([shapely.MultiLineString([[(0, 0), (50, 0)], [(50, 0), (50, 70)]])], crs=PLANE)
    assert graph_of(several).length_m.sum() == pytest.approx(2 * 120)
    none = graph_of(lines_of([(0, 0), (50, 0)]), forward=False, backward=False, speed=np.nan)
    assert (len(none.node_xy), len(none.tail), len(none.island)) == (0, 0, 0)
    assert none.island_km().sum() == 0
    node, distance = attach(none, np.zeros((2, 2)), reach_m=1e9)
    assert (set(node), set(distance)) == ({NOT_ATTACHED}, {np.inf})


def test_a_place_is_attached_within_reach_and_not_beyond(grid):
    node, distance = attach(grid, np.array([[30.0, -40.0], [0.0, -60.0]]), reach_m=50)
    assert node.tolist() == [node_at(grid, 0, 0), NOT_ATTACHED]
    assert distance.tolist() == [50.0, np.inf]


def test_places_may_be_kept_from_islands():
    graph = graph_of(lines_of([(0, 0), (50, 0)], [(0, 90), (100, 90)], [(100, 90), (150, 90)]))
    near, _ = attach(graph, np.array([[0.0, 10.0]]), reach_m=500)
    main, distance = attach(graph, np.array([[0.0, 10.0]]), reach_m=500, main_only=True)
    assert near[0] == node_at(graph, 0, 0)
    assert (main[0], distance[0]) == (node_at(graph, 0, 90), 80.0)


def test_the_way_from_door_to_door_has_three_parts(grid):
    places, facilities = np.array([[0.0, -30.0], [500.0, 5000.0]]), np.array([[1000.0, 1040.0]])
    metres = road_matrix(grid, places, facilities, reach_m=100, access_kmh=3.6)
    assert metres[:, 0] == pytest.approx([30 + 2000 + 40, np.inf])
    # 3.6 km/h are a metre a second.
    seconds = road_matrix(grid, places, facilities, by="seconds", reach_m=100, access_kmh=3.6)
    assert seconds[:, 0] == pytest.approx([30 + 200 + 40, np.inf])


def test_without_sources_or_places_the_answers_are_empty(grid):
    cost, which = nearest_source(grid, np.array([NOT_ATTACHED]))
    assert (set(cost), set(which)) == ({np.inf}, {NO_SOURCE})
    assert road_matrix(grid, np.empty((0, 2)), np.zeros((1, 2)), reach_m=1, access_kmh=4).shape == (0, 1)
    assert road_matrix(grid, np.zeros((1, 2)), np.empty((0, 2)), reach_m=1, access_kmh=4).shape == (1, 0)
    assert cost_matrix(grid, np.array([NOT_ATTACHED, 0]), np.array([0])).tolist() == [[np.inf], [0.0]]


def test_a_matrix_done_in_portions_is_the_same(grid, monkeypatch):
    origins, targets = np.arange(len(grid.node_xy)), np.array([7, NOT_ATTACHED, 100, 7, 3])
    whole = cost_matrix(grid, origins, targets)
    monkeypatch.setattr("geo.network._ROWS_AT_ONCE", 1)
    np.testing.assert_array_equal(cost_matrix(grid, origins, targets), whole)
    assert np.isinf(whole[:, 1]).all()
    assert np.isfinite(whole[:, [0, 2, 3, 4]]).all()


def test_an_edge_of_no_length_is_an_edge_all_the_same():
    zero = np.zeros(1)
    graph = RoadGraph(
        np.zeros((2, 2)), PLANE, np.array([0]), np.array([1]), zero, zero, np.zeros(2, dtype=int)
    )
    assert cost_matrix(graph, np.array([0]), np.array([1]))[0, 0] == pytest.approx(0, abs=1e-6)


def test_bad_lines_and_speeds_are_refused_by_name(grid):
    road = lines_of([(0, 0), (50, 0)], [(50, 0), (90, 0)])
    with pytest.raises(CrsMissing):
        graph_of(road.set_crs(None, allow_override=True))
    with pytest.raises(CrsMismatch, match="平面直角"):
        graph_of(road.set_crs(4326, allow_override=True))
    with pytest.raises(ValueRefused, match="速さが 0 より大きい数でない線があります: 1。"):
        graph_of(road, speed=[30.0, 0.0])
    with pytest.raises(ValueRefused, match="線は 2 本"):
        build_graph(road, forward=np.ones(1), backward=np.ones(2), speed_kmh=np.ones(2))
    with pytest.raises(ValueRefused, match="0 より大きい"):
        graph_of(road, longest_m=0)
    with pytest.raises(BadGeometry, match="線でない、または空の図形があります: 1。"):
        graph_of(gpd.GeoSeries([road.iloc[0], shapely.Point(0, 0)], crs=PLANE))
    with pytest.raises(ValueRefused, match="位置のない点があります\\(2 番目\\)"):
        attach(grid, np.array([[0.0, 0.0], [np.nan, 0.0]]), reach_m=1)


spots = st.tuples(st.integers(0, 4), st.integers(0, 4))
roads = st.tuples(spots, spots, st.sampled_from(["both", "forward", "backward"]), st.integers(5, 100))
towns = st.lists(roads.filter(lambda road: road[0] != road[1]), min_size=1, max_size=14)


def town_graph(town):
    lines = lines_of(*[(np.array(a) * 10.0, np.array(b) * 10.0) for a, b, _, _ in town])
    ways = np.array([way for _, _, way, _ in town])
    speed = np.array([speed for *_, speed in town], dtype=float)
    return graph_of(lines, forward=ways != "backward", backward=ways != "forward", speed=speed)


def town_oracle(town):
    oracle = nx.MultiDiGraph()
    for a, b, way, speed in town:
        metres = float(np.hypot(a[0] - b[0], a[1] - b[1]) * 10)
        cost = {"length_m": metres, "seconds": metres / speed * 3.6}
        oracle.add_nodes_from((a, b))
        if way != "backward":
            oracle.add_edge(a, b, **cost)
        if way != "forward":
            oracle.add_edge(b, a, **cost)
    return oracle


@settings(max_examples=60, deadline=None)
@given(towns, st.sampled_from(["length_m", "seconds"]))
def test_any_town_is_measured_as_networkx_measures_it(town, by):
    graph, oracle = town_graph(town), town_oracle(town)
    name = [tuple(int(value) for value in np.round(xy / 10)) for xy in graph.node_xy]
    assert set(name) == set(oracle)
    everyone = np.arange(len(name))
    found = cost_matrix(graph, everyone, everyone, by=by)
    for origin, row in zip(name, found, strict=True):
        expected = nx.single_source_dijkstra_path_length(oracle, origin, weight=by)
        assert row == pytest.approx([expected.get(target, np.inf) for target in name], abs=1e-6)
    parts = nx.number_weakly_connected_components(nx.DiGraph(oracle))
    assert graph.island.max() + 1 == parts
    # The same questions the other way round: few origins, many targets.
    np.testing.assert_allclose(cost_matrix(graph, everyone[:1], everyone, by=by), found[:1], atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(towns, st.data())
def test_nearest_is_the_least_of_the_matrix_in_both_directions(town, data):
    graph = town_graph(town)
    everyone = np.arange(len(graph.node_xy))
    sources = np.array(data.draw(st.lists(st.sampled_from(everyone.tolist()), min_size=1, max_size=4)))
    there, back = cost_matrix(graph, everyone, sources), cost_matrix(graph, sources, everyone).T
    for costs, toward in ((there, True), (back, False)):
        cost, which = nearest_source(graph, sources, toward=toward)
        np.testing.assert_allclose(cost, costs.min(axis=1), atol=1e-9)
        expected = np.where(np.isfinite(costs.min(axis=1)), np.round(costs, 5).argmin(axis=1), NO_SOURCE)
        np.testing.assert_array_equal(which, expected)


@settings(max_examples=40, deadline=None)
@given(towns, roads.filter(lambda road: road[0] != road[1]))
def test_one_more_road_never_makes_a_way_longer(town, another):
    before, after = town_graph(town), town_graph([*town, another])
    stay, distance = attach(after, before.node_xy, reach_m=0.01)
    assert (distance < 0.01).all()
    everyone = np.arange(len(before.node_xy))
    for by in ("length_m", "seconds"):
        old = cost_matrix(before, everyone, everyone, by=by)
        new = cost_matrix(after, stay, stay, by=by)
        assert (new <= old + 1e-6).all()


@settings(max_examples=40, deadline=None)
@given(towns, st.floats(3.0, 500.0))
def test_no_metre_of_road_is_lost_or_made_by_cutting(town, longest):
    lines = lines_of(*[(np.array(a) * 10.0, np.array(b) * 10.0) for a, b, _, _ in town])
    fine = graph_of(lines, longest_m=longest)
    seen = {frozenset(road[:2]) for road in town}
    # Roads drawn twice are one edge when whole; cut, their pieces stay apart.
    if len(seen) == len(town):
        assert fine.length_m.sum() == pytest.approx(2 * shapely.length(lines.to_numpy()).sum())
    assert fine.length_m.max() <= longest * (1 + 1e-6)
