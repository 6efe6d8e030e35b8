from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import KeyNotUnique, MeshCodeInvalid
from geo.mesh import mesh_bounds, mesh_cells, mesh_code

SIZES = (80_000, 10_000, 1_000, 500, 250, 125)
LENGTHS = dict(zip(SIZES, (4, 6, 8, 9, 10, 11), strict=True))


@st.composite
def codes(draw):
    digits = f"{draw(st.integers(30, 68))}{draw(st.integers(22, 53))}"
    digits += "".join(str(draw(st.integers(0, 7))) for _ in range(2))
    digits += "".join(str(draw(st.integers(0, 9))) for _ in range(2))
    digits += "".join(str(draw(st.integers(1, 4))) for _ in range(3))
    return digits[: draw(st.sampled_from(list(LENGTHS.values())))]


def test_a_kilometre_cell_by_the_standard():
    west, south, east, north = mesh_bounds("53394611")
    assert south == pytest.approx(53 / 1.5 + 4 * 5 / 60 + 1 * 30 / 3600, abs=1e-12)
    assert west == pytest.approx(139 + 6 * 7.5 / 60 + 1 * 45 / 3600, abs=1e-12)
    assert north - south == pytest.approx(30 / 3600, abs=1e-12)
    assert east - west == pytest.approx(45 / 3600, abs=1e-12)


@pytest.mark.parametrize(
    ("code", "lat_seconds", "lon_seconds"),
    [
        ("5339", 2400, 3600),
        ("533946", 300, 450),
        ("533946111", 15, 22.5),
        ("5339461111", 7.5, 11.25),
        ("53394611111", 3.75, 5.625),
    ],
)
def test_sizes_of_the_levels(code, lat_seconds, lon_seconds):
    west, south, east, north = mesh_bounds(code)
    assert (north - south) * 3600 == pytest.approx(lat_seconds)
    assert (east - west) * 3600 == pytest.approx(lon_seconds)


def test_quarters_are_numbered_south_west_south_east_north_west_north_east():
    quarters = mesh_cells([f"53394611{q}" for q in "1234"])
    west, south, east, north = mesh_bounds("53394611")
    assert quarters.iloc[0].bounds[:2] == (west, south)
    assert quarters.iloc[1].bounds[1:3] == (south, east)
    assert quarters.iloc[2].bounds[::3] == (west, north)
    assert quarters.iloc[3].bounds[2:] == (east, north)


@given(codes())
def test_the_south_west_corner_and_the_middle_give_the_code_back(code):
    west, south, east, north = mesh_bounds(code)
    size = next(size for size, length in LENGTHS.items() if length == len(code))
    assert mesh_code(west, south, level_m=size) == code
    assert mesh_code((west + east) / 2, (south + north) / 2, level_m=size) == code


@given(st.floats(122, 153.99), st.floats(20, 45.99))
def test_every_place_lies_in_its_cells_and_they_nest(lon, lat):
    found = [mesh_code(lon, lat, level_m=size) for size in SIZES]
    for coarse, fine in pairwise(found):
        assert fine.startswith(coarse)
    west, south, east, north = mesh_bounds(found[-1])
    assert west - 1e-11 <= lon < east
    assert south - 1e-11 <= lat < north


def test_cells_together_are_a_coverage():
    cells = mesh_cells(
        f"5841{q}{r}{s}{t}" for q in (0, 1) for r in (0, 1) for s in range(10) for t in range(10)
    )
    assert len(cells) == 400
    assert cells.crs.to_epsg() == 4326
    assert shapely.coverage_is_valid(cells.array)
    np.testing.assert_allclose(
        shapely.coverage_union_all(cells.array).area, 4 * cells.iloc[0].area * 100, rtol=1e-9
    )


def test_cells_keep_the_order_and_mix_levels():
    cells = mesh_cells(["58417654", "5841"])
    assert cells.index.tolist() == ["58417654", "5841"]
    assert cells.index.name == "mesh_code"
    assert cells["5841"].contains(cells["58417654"])
    assert mesh_cells([]).empty


@pytest.mark.parametrize(
    "code",
    [
        "",
        "584",
        "58417",
        "5841765",
        "5939461",
        "53398011",
        "53390811",
        "533946110",
        "533946115",
        "533946111111",
        "9999",
        "5321",
        "2939",
        "5339461x",
        "５３３９４６１１",
        " 53394611",
        53394611,
    ],
)
def test_what_is_no_code_is_refused(code):
    with pytest.raises(MeshCodeInvalid, match="JIS X 0410"):
        mesh_bounds(code)


def test_all_bad_codes_are_named_at_once():
    with pytest.raises(MeshCodeInvalid, match="2 件あります: '9999'、'53'"):
        mesh_cells(["9999", "5339", "53"])
    with pytest.raises(KeyNotUnique, match="5339"):
        mesh_cells(["5339", "5339"])


@pytest.mark.parametrize(
    ("lon", "lat"), [(38.9, 141.1), (2.35, 48.86), (float("nan"), 38.9), (23000, -118000)]
)
def test_places_without_a_code_are_refused(lon, lat):
    with pytest.raises(MeshCodeInvalid, match="メッシュコードがありません"):
        mesh_code(lon, lat)


def test_a_size_that_is_none_is_refused():
    with pytest.raises(MeshCodeInvalid, match="100 m"):
        mesh_code(141.1, 38.9, level_m=100)
