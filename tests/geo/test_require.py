from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, Point, Polygon

from geo import require
from geo.errors import BadGeometry, KeyMismatch, KeyNotUnique, ValueRefused

BOW = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])


def test_every_repeated_and_empty_key_is_named_at_once():
    with pytest.raises(KeyNotUnique, match=r"(?s)2 番目、5 番目.*「x」が 2 回.*「y」が 3 回"):
        require.require_unique(pd.Index(["x", "", "x", "y", None, "y", "y"]), where="f")
    require.require_unique(pd.Index(["x", "y"]), where="f")


def test_key_sets_must_be_equal_but_not_in_order():
    expected = pd.Index(["a", "b", "c"])
    require.require_same_keys(pd.Index(["c", "a", "b"]), expected, where="f")
    with pytest.raises(KeyMismatch, match=r"(?s)足りないキー 1 件: c.*余分なキー 1 件: z"):
        require.require_same_keys(pd.Index(["a", "b", "z"]), expected, where="f")
    with pytest.raises(KeyNotUnique):
        require.require_same_keys(pd.Index(["a", "a", "b", "c"]), expected, where="f")


def test_empty_and_invalid_shapes_are_named_with_the_reason():
    frame = gpd.GeoSeries([BOW, Polygon(), None, Point(0, 0)], index=["bow", "empty", "none", "fine"])
    error = require.geometry_error(frame, where="f")
    assert error is not None
    assert len(error.faults) == 3
    assert "fine" not in str(error)
    assert "bow: 図形が正しくありません(Self-intersection" in str(error)


def test_polygons_and_points_are_told_from_others(four):
    require.require_polygons(four, where="f")
    require.require_points(four.centroid, where="f")
    line = gpd.GeoSeries([LineString([(0, 0), (1, 1)])], index=["road"])
    with pytest.raises(BadGeometry, match=r"面.*road"):
        require.require_polygons(line, where="f")
    with pytest.raises(BadGeometry, match=r"点.*road"):
        require.require_points(line, where="f")
    with pytest.raises(BadGeometry, match="空"):
        require.require_points(gpd.GeoSeries([Point()], index=["p"]), where="f")


def test_missing_and_low_numbers_are_named():
    with pytest.raises(ValueRefused, match="1 件あります: b"):
        require.require_numbers(pd.Series({"a": 1.0, "b": None}), where="f")
    with pytest.raises(ValueRefused, match=r"0 より小さい.*b"):
        require.require_numbers(pd.Series({"a": 0.0, "b": -1.0}), where="f", minimum=0)
    require.require_numbers(pd.Series({"a": -1.0}), where="f")


def test_a_long_list_of_faults_is_shortened():
    with pytest.raises(KeyNotUnique) as caught:
        require.require_unique(pd.Index([str(n) for n in range(50)] * 2), where="f")
    assert len(caught.value.faults) == 21
    assert caught.value.faults[-1] == "ほか 30 件"
