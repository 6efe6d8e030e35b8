from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import topology
from geo.crs import to_lonlat, to_plane
from geo.errors import BadGeometry, CrsMismatch, KeyNotUnique, ValueRefused
from geo.transfer import dissolve

WORLDS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SIDE = 7
labels = st.lists(st.sampled_from("ABCDE"), min_size=SIDE**2, max_size=SIDE**2)


def grouped(jagged, seed, names):
    cells = jagged(seed, SIDE)
    return dissolve(cells, pd.Series(names, index=cells.index))


def test_clean_gives_back_the_index_and_removes_overlaps(series, km_box):
    sloppy = series({"x": km_box(0, 0, 1.1, 1), "y": km_box(1, 0, 2, 1)})
    clean = topology.clean_coverage(sloppy)
    assert clean.index.tolist() == ["x", "y"]
    assert clean.crs == sloppy.crs
    assert clean.area.sum() == pytest.approx(2e6)
    assert topology.overlaps(clean).empty
    topology.require_coverage(clean, where="x")


def test_clean_fills_only_narrow_gaps(series, km_box):
    slit, pond = km_box(0.5, 0.2, 0.501, 0.8), km_box(0.1, 0.4, 0.2, 0.6)
    sloppy = series({"x": km_box(0, 0, 1, 1).difference(slit).difference(pond), "y": km_box(1, 0, 2, 1)})
    assert topology.gaps(topology.clean_coverage(sloppy))["m2"].tolist() == pytest.approx([20_000, 600])
    filled = topology.clean_coverage(sloppy, gap_width_m=5)
    assert topology.gaps(filled)["m2"].tolist() == pytest.approx([20_000])


def test_clean_does_not_let_a_polygon_vanish(series, km_box):
    twins = series({"x": km_box(0, 0, 1, 1), "twin": km_box(0, 0, 1, 1)})
    with pytest.raises(BadGeometry, match="消えます: twin"):
        topology.clean_coverage(twins)


def test_overlaps_name_each_pair_once(series, km_box):
    shapes = series({"z": km_box(0, 0, 1, 1), "a": km_box(0.5, 0, 2, 1), "m": km_box(1.9, 0, 3, 1)})
    found = topology.overlaps(shapes)
    assert found[["first", "second"]].to_numpy().tolist() == [["z", "a"], ["a", "m"]]
    assert found["m2"].tolist() == pytest.approx([5e5, 1e5])
    assert topology.overlaps(shapes, min_m2=2e5)["second"].tolist() == ["a"]


def test_a_coverage_has_no_overlaps_and_no_gaps(four):
    assert topology.overlaps(four).empty
    assert topology.gaps(four).empty
    assert list(topology.overlaps(four).columns) == ["first", "second", "m2"]
    assert list(topology.gaps(four).columns) == ["m2", "geometry"]


def test_a_hole_is_a_gap_but_an_enclave_is_none(series, km_box):
    ring = km_box(0, 0, 9, 9).difference(km_box(1, 1, 4, 4)).difference(km_box(5, 5, 6, 6))
    shapes = series({"ring": ring, "enclave": km_box(5, 5, 6, 6), "island": km_box(2, 2, 3, 3)})
    found = topology.gaps(shapes)
    assert found["m2"].tolist() == pytest.approx([8e6])
    assert found.crs == shapes.crs


def test_an_outline_shows_gaps_at_the_edge(four, series, km_box):
    outline = series({"city": km_box(0, 0, 2.5, 2)})
    assert topology.gaps(four, outline)["m2"].tolist() == pytest.approx([1e6])
    with pytest.raises(CrsMismatch):
        topology.gaps(four, outline.to_crs(6677))


def test_neighbours_share_more_than_a_point(four):
    assert topology.neighbours(four) == {
        "a": frozenset("bc"),
        "b": frozenset("ad"),
        "c": frozenset("ad"),
        "d": frozenset("bc"),
    }


def test_a_lonely_polygon_has_no_neighbours(four, series, km_box):
    lonely = pd.concat([four, series({"far": km_box(8, 8, 9, 9)})])
    assert topology.neighbours(lonely)["far"] == frozenset()


@WORLDS
@given(st.integers(0, 2**32 - 1), labels)
def test_neighbourhood_is_symmetric_and_never_with_oneself(jagged, seed, names):
    found = topology.neighbours(grouped(jagged, seed, names))
    for key, others in found.items():
        assert key not in others
        assert all(key in found[other] for other in others)


@WORLDS
@given(st.integers(0, 2**32 - 1), labels, st.floats(0, 5000))
def test_simplified_coverages_stay_coverages_and_lose_nobody(jagged, seed, names, tolerance):
    districts = grouped(jagged, seed, names)
    simple = topology.simplify_coverage(districts, tolerance_m=tolerance)
    assert simple.index.equals(districts.index)
    assert shapely.coverage_is_valid(simple.array)
    assert not simple.is_empty.any()
    assert (shapely.get_num_geometries(simple.array) == shapely.get_num_geometries(districts.array)).all()
    assert (
        shapely.get_num_coordinates(simple.array).sum() <= shapely.get_num_coordinates(districts.array).sum()
    )
    assert topology.overlaps(simple).empty
    assert len(topology.gaps(simple)) <= len(topology.gaps(districts))


def test_simplifying_cuts_vertices_and_keeps_a_small_enclave(jagged, series, km_box):
    wavy = dissolve(jagged(3, 20), pd.Series("W", index=jagged(3, 20).index))
    simple = topology.simplify_coverage(wavy, tolerance_m=1000)
    assert shapely.get_num_coordinates(simple.array)[0] < shapely.get_num_coordinates(wavy.array)[0] / 2
    speck = km_box(0.5, 0.5, 0.51, 0.51)
    kept = topology.simplify_coverage(
        series({"big": km_box(0, 0, 1, 1).difference(speck), "speck": speck}), tolerance_m=300
    )
    assert kept["speck"].area > 0


@pytest.mark.parametrize("tolerance", [-1, float("nan")])
def test_a_tolerance_is_a_length(four, tolerance):
    with pytest.raises(ValueRefused, match="tolerance_m"):
        topology.simplify_coverage(four, tolerance_m=tolerance)


@pytest.mark.parametrize(
    "demand",
    [lambda shapes: topology.simplify_coverage(shapes, tolerance_m=1), topology.round_lonlat],
    ids=["simplify", "round"],
)
def test_what_is_no_coverage_is_refused_by_key(series, km_box, demand):
    torn = series({"x": km_box(0, 0, 1.1, 1), "y": km_box(1, 0, 2, 1), "far": km_box(5, 5, 6, 6)})
    with pytest.raises(BadGeometry, match="一致していません: x、y。"):
        demand(torn)


@pytest.mark.parametrize(
    "demand",
    [
        topology.clean_coverage,
        topology.overlaps,
        topology.gaps,
        topology.neighbours,
        lambda shapes: topology.simplify_coverage(shapes, tolerance_m=1),
    ],
    ids=["clean", "overlaps", "gaps", "neighbours", "simplify"],
)
def test_the_door(four, demand):
    with pytest.raises(CrsMismatch):
        demand(four.to_crs(4326))
    with pytest.raises(BadGeometry, match="面"):
        demand(four.boundary)
    with pytest.raises(KeyNotUnique):
        demand(four.set_axis(["a", "a", "b", "c"]))


@WORLDS
@given(st.integers(0, 2**32 - 1), labels, st.integers(3, 6))
def test_rounded_coverages_are_on_the_grid_and_stay_coverages(jagged, seed, names, decimals):
    districts = grouped(jagged, seed, names)
    rounded = topology.round_lonlat(districts, decimals=decimals)
    xy = shapely.get_coordinates(rounded.array)
    assert (xy == np.round(xy, decimals)).all()
    assert rounded.crs.to_epsg() == 4326
    assert rounded.index.equals(districts.index)
    assert rounded.is_valid.all()
    assert shapely.coverage_is_valid(rounded.array)


def test_rounding_moves_a_shared_corner_to_the_same_place(four):
    corner = [set(map(tuple, shapely.get_coordinates(shape))) for shape in topology.round_lonlat(four)]
    assert len(set.intersection(*corner)) == 1


def test_a_border_that_rounding_would_fold_is_mended():
    # In units of the grid: the corner (3, 0.45) of x and y lies above the border of y and z, and rounds to
    # below it.
    shapes = {
        "x": [(0, 2), (3, 0.45), (10, 3), (10, 6), (0, 6)],
        "y": [(0, 0), (10, 1), (10, 3), (3, 0.45), (0, 2)],
        "z": [(0, 0), (0, -3), (10, -3), (10, 1)],
    }
    tight = gpd.GeoSeries(
        [shapely.Polygon(np.array(ring) * 1e-4 + (141, 38.9)) for ring in shapes.values()],
        index=list(shapes),
        crs=4326,
    )
    naive = shapely.transform(tight.array, lambda xy: np.round(xy, 4))
    assert not shapely.is_valid(naive).all()
    rounded = topology.round_lonlat(tight, decimals=4)
    xy = shapely.get_coordinates(rounded.array)
    assert (xy == np.round(xy, 4)).all()
    assert shapely.coverage_is_valid(rounded.array)
    assert rounded.is_valid.all()
    assert topology.gaps(to_plane(rounded)).empty


def test_a_part_smaller_than_the_grid_is_not_rounded_away(four, series, km_box):
    tiny = to_lonlat(pd.concat([four, series({"tiny": km_box(5, 5, 5.0002, 5.0002)})]))
    with pytest.raises(BadGeometry, match="tiny"):
        topology.round_lonlat(tiny, decimals=4)
    two = shapely.MultiPolygon([km_box(5, 5, 6, 6), km_box(7, 7, 7.0002, 7.0002)])
    with pytest.raises(BadGeometry, match="一部が消えます: town"):
        topology.round_lonlat(pd.concat([four, series({"town": two})]), decimals=4)
    assert topology.round_lonlat(tiny, decimals=7).index.tolist() == [*"abcd", "tiny"]
