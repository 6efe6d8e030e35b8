from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import shapely.affinity
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.cut import has_few_corners, shared_areas
from geo.errors import BadGeometry, CrsMismatch, CrsMissing, KeyMismatch, KeyNotUnique, ValueRefused
from geo.transfer import dissolve, move_rates, move_totals, overlap_weights

WORLDS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
seeds = st.integers(0, 2**32 - 1)


@pytest.fixture
def strips(series, km_box):
    """Three strips over the four boxes: left half of the left column, the middle, and far away."""
    return series({"left": km_box(0, 0, 0.5, 2), "rest": km_box(0.5, 0, 2, 2), "far": km_box(8, 8, 9, 9)})


def test_weights_of_boxes_known_by_hand(four, strips):
    weights = overlap_weights(four, strips)
    expected = [[0.5, 0.5, 0], [0, 1, 0], [0.5, 0.5, 0], [0, 1, 0]]
    np.testing.assert_allclose(weights.weights.toarray(), expected)
    assert weights.source.tolist() == list("abcd")
    assert weights.target.tolist() == ["left", "rest", "far"]
    assert weights.row_sums.tolist() == pytest.approx([1, 1, 1, 1])
    assert weights.uncovered.empty


def test_weights_as_rows(four, strips):
    table = overlap_weights(four, strips).table()
    assert list(table.columns) == ["source", "target", "share"]
    assert table["source"].tolist() == ["a", "a", "b", "c", "c", "d"]
    assert table["share"].tolist() == pytest.approx([0.5, 0.5, 1, 0.5, 0.5, 1])


def test_a_source_properly_inside_has_exactly_one(series, km_box):
    weights = overlap_weights(series({"in": km_box(1, 1, 2, 2)}), series({"t": km_box(0, 0, 3, 3)}))
    assert weights.weights.toarray().tolist() == [[1.0]]


def test_what_lies_outside_is_named(four, series, km_box):
    weights = overlap_weights(four, series({"t": km_box(0, 0, 2, 1.25)}))
    assert weights.uncovered.to_dict() == pytest.approx({"c": 0.75, "d": 0.75})
    moved = move_totals(pd.Series(100.0, index=four.index), weights)
    assert moved["t"] == pytest.approx(400 - 100 * weights.uncovered.sum())


@WORLDS
@given(seeds, seeds, st.integers(1, 5), st.integers(1, 6))
def test_row_sums_lie_between_nought_and_one(jagged, seed, other, n, m):
    weights = overlap_weights(jagged(seed, n), jagged(other, m))
    assert (weights.weights.data > 0).all()
    assert (weights.weights.data <= 1).all()
    assert (weights.row_sums >= 0).all()
    assert (weights.row_sums <= 1 + 1e-9).all()
    inside = jagged(seed, n).intersection(jagged(other, m).union_all()).area / jagged(seed, n).area
    np.testing.assert_allclose(weights.row_sums, inside, atol=1e-9)


@WORLDS
@given(st.data())
def test_totals_are_conserved_where_the_targets_cover(jagged, km_box, series, data):
    source, target = jagged(data.draw(seeds), 4), jagged(data.draw(seeds), data.draw(st.integers(1, 6)))
    rest = km_box(-3, -3, 9, 9).difference(target.union_all())
    target = pd.concat([target, series({"rest": rest})])
    people = data.draw(st.lists(st.floats(0, 1e6), min_size=16, max_size=16))
    values = pd.Series(people, index=source.index)
    moved = move_totals(values, overlap_weights(source, target))
    assert moved.index.equals(target.index)
    assert moved.sum() == pytest.approx(values.sum(), rel=1e-9, abs=1e-6)


@WORLDS
@given(seeds, st.permutations(range(16)), st.permutations(range(9)))
def test_the_order_of_rows_does_not_matter(jagged, seed, rows, columns):
    source, target = jagged(seed, 4), jagged(seed + 1, 3)
    values = pd.Series(np.arange(16.0), index=source.index)
    moved = move_totals(values, overlap_weights(source, target))
    shuffled = move_totals(
        values.iloc[::-1], overlap_weights(source.iloc[list(rows)], target.iloc[list(columns)])
    )
    np.testing.assert_allclose(shuffled.reindex(moved.index), moved, rtol=1e-9, atol=1e-9)


def test_tobler_gives_the_same_totals_and_rates(jagged):
    tobler = pytest.importorskip("tobler.area_weighted", reason="tobler, the peer, is not installed")
    source, target = jagged(11, 6), jagged(12, 4)
    rng = np.random.default_rng(5)
    people = pd.Series(rng.integers(1, 500, 36).astype(float), index=source.index, name="people")
    frame = gpd.GeoDataFrame({"people": people}, geometry=source)
    peer = tobler.area_interpolate(
        frame, gpd.GeoDataFrame(geometry=target), extensive_variables=["people"], allocate_total=False
    )
    moved = move_totals(people, overlap_weights(source, target))
    # tobler keeps its weights as 32-bit floats.
    np.testing.assert_allclose(moved, peer["people"].to_numpy(), rtol=1e-5)


@WORLDS
@given(seeds, st.integers(3, 7), st.integers(3, 60), st.floats(-180, 180))
def test_areas_cut_in_arrays_are_those_of_the_intersections(seed, few, many, turned):
    rng = np.random.default_rng(seed)
    pieces, wholes = (
        np.array([_star(rng, corners, turned) for _ in range(6)]) for corners in (few, max(many, 3))
    )
    wholes[0] = shapely.difference(
        wholes[0], shapely.affinity.scale(pieces[0], 0.5, 0.5)
    )  # a hole, or a bite
    wholes[1] = shapely.union(wholes[1], shapely.affinity.translate(wholes[1], 3_000, 50))  # two parts
    piece, whole = (side.ravel() for side in np.indices((6, 6)))
    expected = shapely.area(shapely.intersection(pieces[piece], wholes[whole]))
    np.testing.assert_allclose(
        shared_areas(pieces, wholes, piece, whole), expected, atol=1e-11 * shapely.area(pieces).max()
    )


def _star(rng, corners, turned):
    angles = np.sort(
        rng.uniform(0, 2 * np.pi, corners) if corners > 4 else np.arange(corners) * 2 * np.pi / corners
    )
    reach = rng.uniform(200, 1_500, corners)
    around = np.array([80_000, -118_000]) + rng.uniform(-500, 500, 2)
    star = shapely.Polygon(np.column_stack([np.cos(angles), np.sin(angles)]) * reach[:, None] + around)
    return shapely.make_valid(shapely.affinity.rotate(star, turned)).buffer(0)


def test_areas_of_boxes_with_upright_edges_holes_and_shared_borders(km_box):
    ring = shapely.difference(km_box(0, 0, 3, 3), km_box(1, 1, 2, 2))
    cells = np.array([km_box(0.5, 0.5, 1.5, 1.5), km_box(1, 1, 2, 2), km_box(3, 0, 4, 1), km_box(2, 2, 4, 4)])
    areas = shared_areas(cells, np.array([ring]), np.arange(4), np.zeros(4, dtype=np.intp))
    np.testing.assert_allclose(areas / 1e6, [0.75, 0, 0, 1], atol=1e-12)
    assert shared_areas(cells, np.array([ring]), np.arange(0), np.arange(0)).tolist() == []


def test_a_common_border_leaves_no_residue(jagged):
    """Cells and targets made of the same corners touch along whole edges: nothing may be left there."""
    cells = jagged(3, 6)
    assert has_few_corners(cells.to_numpy()).all()
    weights = overlap_weights(cells, cells)
    np.testing.assert_allclose(weights.weights.toarray(), np.eye(36), atol=1e-12)
    assert weights.weights.nnz == 36


@WORLDS
@given(seeds, seeds)
def test_many_corners_on_a_source_change_nothing(jagged, seed, other):
    """Sources of many corners are cut by GEOS, sources of few in arrays: the same shape must give the same shares."""
    cells, target = jagged(seed, 3), jagged(other, 2)
    rich = cells.segmentize(100)
    assert not has_few_corners(rich.to_numpy()).any()
    plain, fine = overlap_weights(cells, target), overlap_weights(rich, target)
    np.testing.assert_allclose(plain.weights.toarray(), fine.weights.toarray(), atol=1e-9)


def test_the_callers_values_in_another_order_or_with_doubled_keys(four, strips):
    weights = overlap_weights(four, strips)
    people = pd.Series({"a": 1.0, "b": 2, "c": 4, "d": 8})
    moved = move_totals(people.iloc[::-1], weights)
    assert moved.to_dict() == move_totals(people, weights).to_dict() == {"left": 2.5, "rest": 12.5, "far": 0}
    with pytest.raises(KeyNotUnique, match="a"):
        move_totals(people.set_axis(list("aacd")), weights)


def test_totals_refuse_missing_values_and_other_keys(four, strips):
    weights = overlap_weights(four, strips)
    with pytest.raises(ValueRefused, match="1 件あります: b"):
        move_totals(pd.Series({"a": 1.0, "b": None, "c": 1, "d": 1}), weights)
    with pytest.raises(KeyMismatch, match=r"(?s)足りないキー 1 件: d.*余分なキー 1 件: z"):
        move_totals(pd.Series({"a": 1.0, "b": 2, "c": 1, "z": 1}), weights)


def test_rates_are_weighted_by_people_not_by_area(four, series, km_box):
    weights = overlap_weights(four, series({"row": km_box(0, 0, 2, 1), "top": km_box(0, 1, 2, 2)}))
    elderly = pd.Series({"a": 0.2, "b": 0.4, "c": 0.5, "d": 0.5})
    people = pd.Series({"a": 300.0, "b": 100.0, "c": 10.0, "d": 0.0})
    moved = move_rates(elderly, weights, base=people)
    assert moved.rates.to_dict() == pytest.approx({"row": 0.25, "top": 0.5})
    assert moved.without_base.empty


def test_targets_without_people_have_no_rate_and_are_named(four, strips):
    people = pd.Series({"a": 10.0, "b": 10.0, "c": 0.0, "d": 0.0})
    rates = pd.Series({"a": 0.1, "b": 0.3, "c": None, "d": None}, dtype=float)
    moved = move_rates(rates, overlap_weights(four, strips), base=people)
    assert moved.rates.index.tolist() == ["left", "rest"]
    assert moved.rates["rest"] == pytest.approx((5 * 0.1 + 10 * 0.3) / 15)
    assert moved.without_base.tolist() == ["far"]


def test_rates_refuse_a_missing_rate_where_people_live(four, strips):
    weights, ones = overlap_weights(four, strips), pd.Series(1.0, index=list("abcd"))
    with pytest.raises(ValueRefused, match=r"move_rates: .*: b。"):
        move_rates(ones.mask(ones.index == "b"), weights, base=ones)
    with pytest.raises(ValueRefused, match="base"):
        move_rates(ones, weights, base=-ones)
    with pytest.raises(ValueRefused, match="base"):
        move_rates(ones, weights, base=ones.mask(ones.index == "b"))
    with pytest.raises(KeyMismatch, match="base"):
        move_rates(ones, weights, base=ones.drop("a"))


@WORLDS
@given(seeds, seeds)
def test_a_moved_rate_stays_within_the_rates(jagged, seed, other):
    source, target = jagged(seed, 4), jagged(other, 3)
    rng = np.random.default_rng(seed)
    rates, base = (pd.Series(rng.uniform(0, 1, 16), index=source.index) for _ in range(2))
    moved = move_rates(rates, overlap_weights(source, target), base=base)
    assert moved.rates.between(rates.min() - 1e-9, rates.max() + 1e-9).all()
    flat = move_rates(rates * 0 + 0.3, overlap_weights(source, target), base=base)
    np.testing.assert_allclose(flat.rates, 0.3)


def test_overlapping_targets_would_count_twice(four, series, km_box):
    with pytest.raises(BadGeometry, match="二重に数えられます: b、d"):
        overlap_weights(four, series({"x": km_box(0, 0, 2, 2), "y": km_box(1, 0, 2, 2)}))


def test_the_door(four):
    with pytest.raises(CrsMismatch):
        overlap_weights(four, four.to_crs(6677))
    with pytest.raises(CrsMismatch):
        overlap_weights(four.to_crs(4326), four.to_crs(4326))
    with pytest.raises(CrsMissing):
        overlap_weights(four, four.set_crs(None, allow_override=True))
    with pytest.raises(KeyNotUnique):
        overlap_weights(four, four.set_axis(list("aabc")))
    with pytest.raises(BadGeometry):
        overlap_weights(four.centroid, four)


def test_dissolve_by_a_lookup_in_any_order(four):
    groups = pd.Series({"d": "02", "b": "02", "a": "01", "c": "01"}, name="district")
    merged = dissolve(four, groups)
    assert merged.index.tolist() == ["01", "02"]
    assert merged.index.name == "district"
    assert merged.crs == four.crs
    assert merged["01"].equals(shapely.union(four["a"], four["c"]))
    assert len(merged["02"].exterior.coords) == 7  # shared corners stay, so that borders still match


def test_dissolve_refuses_other_keys_missing_groups_and_torn_borders(four, series, km_box):
    groups = pd.Series({"a": "1", "b": "1", "c": "2", "d": "2"})
    with pytest.raises(KeyMismatch, match="足りないキー 1 件: d"):
        dissolve(four, groups.drop("d"))
    with pytest.raises(KeyMismatch, match="余分なキー 1 件: e"):
        dissolve(four, pd.concat([groups, pd.Series({"e": "1"})]))
    with pytest.raises(ValueRefused, match="d"):
        dissolve(four, groups.mask(groups.index == "d"))
    torn = series({"x": km_box(0, 0, 1.1, 1), "y": km_box(1, 0, 2, 1)})
    with pytest.raises(BadGeometry, match="一致していません"):
        dissolve(torn, pd.Series({"x": "1", "y": "1"}))


@WORLDS
@given(seeds, st.lists(st.sampled_from("ABC"), min_size=25, max_size=25))
def test_dissolved_areas_are_the_sums_of_their_parts(jagged, seed, names):
    cells = jagged(seed, 5)
    groups = pd.Series(names, index=cells.index)
    merged = dissolve(cells, groups)
    pd.testing.assert_series_equal(merged.area, cells.area.groupby(groups).sum(), check_names=False)
    assert shapely.coverage_is_valid(merged.array)
