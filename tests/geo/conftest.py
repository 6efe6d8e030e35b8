"""Small worlds of boxes: one unit is a kilometre, in the plane system X (EPSG:6678)."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

PLANE = "EPSG:6678"
X0, Y0, KM = 20_000.0, -118_000.0, 1000.0


def _box(west, south, east, north):
    return shapely.box(X0 + west * KM, Y0 + south * KM, X0 + east * KM, Y0 + north * KM)


def _frame(shapes, crs=PLANE):
    return gpd.GeoSeries(list(shapes.values()), index=pd.Index(list(shapes), dtype=object), crs=crs)


@pytest.fixture(scope="session")
def km_box():
    """Make a box from kilometres: km_box(west, south, east, north)."""
    return _box


@pytest.fixture(scope="session")
def series():
    """Make a GeoSeries in the plane CRS from {key: shape}."""
    return _frame


@pytest.fixture
def four():
    """A square of four unit boxes: c d above a b."""
    return _frame(
        {"a": _box(0, 0, 1, 1), "b": _box(1, 0, 2, 1), "c": _box(0, 1, 1, 2), "d": _box(1, 1, 2, 2)}
    )


@pytest.fixture(scope="session")
def jagged():
    """Make a coverage of n by n bent quads: jagged(seed, n). The same seed gives the same coverage."""

    def make(seed, n):
        bend = np.random.default_rng(seed).uniform(-0.24, 0.24, (n + 1, n + 1, 2))
        grid = (np.moveaxis(np.indices((n + 1, n + 1)), 0, -1) + bend) * KM + (X0, Y0)
        around = ((0, 0), (1, 0), (1, 1), (0, 1))
        return _frame(
            {
                f"{i}-{j}": shapely.Polygon([grid[i + di, j + dj] for di, dj in around])
                for i in range(n)
                for j in range(n)
            }
        )

    return make


@pytest.fixture(scope="session")
def assert_measure():
    """Assert that a measure is one Series of floats without gaps, on exactly the index of its input."""

    def check(measured, frame):
        assert isinstance(measured, pd.Series)
        pd.testing.assert_index_equal(measured.index, frame.index)
        assert measured.dtype == np.float64
        assert not measured.isna().any()
        assert measured.name

    return check
