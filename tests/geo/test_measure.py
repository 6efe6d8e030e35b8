from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, Polygon

from geo import measure
from geo.errors import BadGeometry, CrsMismatch, CrsMissing, KeyMismatch, ValueRefused

coordinates = st.tuples(st.integers(-20, 20), st.integers(-20, 20))


def points(xy, prefix="p"):
    return gpd.GeoSeries([Point(*p) for p in xy], index=[f"{prefix}{n}" for n in range(len(xy))], crs=6678)


def test_area_is_that_of_the_ellipsoid(four, assert_measure):
    area = measure.area_km2(four)
    assert_measure(area, four)
    # On system X a kilometre square 20 km east of the middle is 0.9999 of its true side, twice.
    np.testing.assert_allclose(area, 1 / 0.9999**2, rtol=2e-5)
    np.testing.assert_allclose(measure.area_km2(four.to_crs(4326)), area, rtol=1e-9)


def test_area_of_a_cell_known_from_the_sphere(assert_measure):
    # A quarter of the ellipsoid GRS80 between two meridians: its total area is 510 065 621.7 km².
    octant = gpd.GeoSeries([Polygon([(0, 0), (90, 0), (90, 90), (0, 90)])], crs=4326)
    assert measure.area_km2(octant).iloc[0] == pytest.approx(510_065_621.7 / 8, rel=1e-9)


def test_a_hole_is_not_area_whichever_way_it_is_drawn(km_box, series, assert_measure):
    hole = list(km_box(1, 1, 2, 2).exterior.coords)
    for ring in (hole, hole[::-1]):
        shapes = series({"ring": Polygon(km_box(0, 0, 3, 3).exterior, [ring]), "hole": km_box(1, 1, 2, 2)})
        area = measure.area_km2(shapes)
        assert_measure(area, shapes)
        assert area["ring"] == pytest.approx(8 * area["hole"], rel=1e-4)


def test_area_wants_polygons_with_a_crs(four):
    with pytest.raises(BadGeometry):
        measure.area_km2(four.centroid)
    with pytest.raises(CrsMissing):
        measure.area_km2(four.set_crs(None, allow_override=True))


def test_density_joins_by_key(assert_measure):
    people = pd.Series({"a": 100, "b": 0})
    found = measure.density(people, pd.Series({"b": 2.0, "a": 4.0}))
    assert_measure(found, people)
    assert found.to_dict() == {"a": 25.0, "b": 0.0}


@pytest.mark.parametrize(
    ("count", "km2", "kind"),
    [
        ({"a": 1.0}, {"b": 1.0}, KeyMismatch),
        ({"a": None}, {"a": 1.0}, ValueRefused),
        ({"a": 1.0}, {"a": 0.0}, ValueRefused),
        ({"a": 1.0}, {"a": None}, ValueRefused),
        ({"a": -1.0}, {"a": 1.0}, ValueRefused),
    ],
)
def test_density_refuses_what_has_no_answer(count, km2, kind):
    with pytest.raises(kind, match="density"):
        measure.density(pd.Series(count, dtype=float), pd.Series(km2, dtype=float))


def test_nearest_names_the_facility_and_the_metres(assert_measure):
    people, clinics = points([(0, 0), (10, 0), (3, 4)]), points([(9, 0), (0, 0)], "clinic")
    found = measure.nearest(people, clinics)
    assert found["facility"].tolist() == ["clinic1", "clinic0", "clinic1"]
    assert found["distance_m"].tolist() == pytest.approx([0, 1, 5])
    distance = measure.nearest_distance_m(people, clinics)
    assert_measure(distance, people)
    assert distance.equals(found["distance_m"])


def test_of_equally_near_facilities_the_first_is_named():
    clinics = points([(5, 5), (1, 0), (-1, 0), (0, 1), (1, 0)], "c")
    for order in ([0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 3, 4, 1]):
        shuffled = clinics.iloc[order]
        expected = next(key for key in shuffled.index if key != "c0")
        assert measure.nearest(points([(0, 0)]), shuffled)["facility"].tolist() == [expected]


def test_ties_among_many_are_broken_by_order_too():
    around = [(3, 4), (-5, 0), (0, 5), (4, -3), (-4, -3)] * 20
    order = np.random.default_rng(1).permutation(len(around))
    clinics = points([around[n] for n in order], "c")
    assert measure.nearest(points([(0, 0)]), clinics)["facility"].tolist() == ["c0"]


@given(st.lists(coordinates, max_size=12), st.lists(coordinates, min_size=1, max_size=12))
def test_nearest_is_the_least_of_all_distances(here, there):
    people, clinics = points(here), points(there, "c")
    found = measure.nearest(people, clinics)
    table = np.array([[np.hypot(x - u, y - v) for u, v in there] for x, y in here]).reshape(
        len(here), len(there)
    )
    np.testing.assert_allclose(found["distance_m"], table.min(axis=1, initial=np.inf))
    assert found["facility"].tolist() == [f"c{n}" for n in table.argmin(axis=1)]
    assert found.index.equals(people.index)


def test_nearest_at_the_door(four):
    people = points([(0, 0)])
    with pytest.raises(ValueRefused, match="施設が一つもありません"):
        measure.nearest(people, people.iloc[:0])
    with pytest.raises(CrsMismatch):
        measure.nearest(people, people.to_crs(6677))
    with pytest.raises(CrsMismatch):
        measure.nearest(people.to_crs(4326), people.to_crs(4326))
    with pytest.raises(BadGeometry):
        measure.nearest(people, four)


DISTANCE = pd.Series({"a": 100.0, "b": 500.0, "c": 501.0, "d": float("inf")})
PEOPLE = pd.Series({"d": 40, "c": 30, "b": 20, "a": 10})


def test_share_within_counts_the_border_as_reached():
    assert measure.share_within(DISTANCE, PEOPLE, 500) == pytest.approx(0.3)
    assert measure.share_within(DISTANCE, PEOPLE, 99) == 0.0


def test_share_within_by_group():
    groups = pd.Series({"a": "01", "c": "01", "b": "02", "d": "02"}, name="district")
    found = measure.share_within(DISTANCE, PEOPLE, 500, by=groups)
    assert found.to_dict() == pytest.approx({"01": 10 / 40, "02": 20 / 60})
    assert found.index.name == "district"


@given(st.floats(0, 1000), st.floats(0, 1000))
def test_a_longer_reach_never_reaches_fewer(near, far):
    near, far = sorted((near, far))
    assert measure.share_within(DISTANCE, PEOPLE, near) <= measure.share_within(DISTANCE, PEOPLE, far) <= 1


def test_share_within_refuses_what_has_no_answer():
    with pytest.raises(KeyMismatch, match="weight"):
        measure.share_within(DISTANCE, PEOPLE.drop("a"), 500)
    with pytest.raises(ValueRefused, match="distance_m"):
        measure.share_within(DISTANCE.mask(DISTANCE.index == "b"), PEOPLE, 500)
    with pytest.raises(ValueRefused, match="合計が 0 です: 全体"):
        measure.share_within(DISTANCE, PEOPLE * 0, 500)
    groups = pd.Series({"a": "01", "c": "01", "b": "02", "d": "03"})
    with pytest.raises(ValueRefused, match="合計が 0 です: 02"):
        measure.share_within(DISTANCE, PEOPLE.where(PEOPLE.index != "b", 0), 500, by=groups)
    with pytest.raises(ValueRefused, match="by"):
        measure.share_within(DISTANCE, PEOPLE, 500, by=groups.mask(groups.index == "b"))
