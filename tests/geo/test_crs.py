from __future__ import annotations

import subprocess
import sys

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely import Point

from geo import crs
from geo.errors import BadGeometry, CrsMismatch, CrsMissing, OutsideJapan

PLACES = {
    "一関": (141.1, 38.93, 6678),
    "東京": (139.69, 35.69, 6677),
    "札幌": (141.35, 43.06, 6680),
    "函館": (140.73, 41.77, 6679),
    "釧路": (144.38, 42.98, 6681),
    "新潟": (139.04, 37.90, 6676),
    "名古屋": (136.91, 35.18, 6675),
    "大阪": (135.50, 34.69, 6674),
    "岡山": (133.93, 34.66, 6673),
    "高松": (134.05, 34.34, 6672),
    "広島": (132.46, 34.39, 6671),
    "福岡": (130.40, 33.59, 6670),
    "長崎": (129.87, 32.75, 6669),
    "奄美": (129.49, 28.38, 6669),
    "那覇": (127.68, 26.21, 6683),
    "石垣": (124.16, 24.34, 6684),
    "南大東": (131.23, 25.83, 6685),
    "父島": (142.19, 27.09, 6682),
    "沖ノ鳥島": (136.08, 20.42, 6686),
    "南鳥島": (153.98, 24.29, 6687),
    "択捉": (147.87, 45.03, 6681),
}


@pytest.mark.parametrize(("lon", "lat", "epsg"), PLACES.values(), ids=PLACES.keys())
def test_plane_epsg_of_known_places(lon, lat, epsg):
    assert crs.plane_epsg(lon, lat) == epsg


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(126.98, 37.57), (142.73, 46.95), (121.5, 25.03), (38.93, 141.1), (float("nan"), 38.9), (150.0, 35.0)],
    ids=["Seoul", "Sakhalin", "Taipei", "swapped", "nan", "Pacific"],
)
def test_plane_epsg_refuses_places_outside_japan(lon, lat):
    with pytest.raises(OutsideJapan, match="どの範囲にも入りません"):
        crs.plane_epsg(lon, lat)


@pytest.mark.parametrize("zone", crs._ZONES, ids=lambda zone: zone.number)
def test_the_table_of_zones_agrees_with_proj(zone):
    epsg = CRS.from_epsg(6668 + zone.number)
    origin = {param.name: param.value for param in epsg.coordinate_operation.params}
    assert zone.origin_lon == pytest.approx(origin["Longitude of natural origin"], abs=1e-9)
    assert zone.origin_lat == pytest.approx(origin["Latitude of natural origin"], abs=1e-9)
    if zone.number not in (17, 18):  # the notice's lines cross what EPSG rounds to the islands themselves
        west, south, east, north = epsg.area_of_use.bounds
        assert zone.west <= west
        assert zone.south <= south + 0.6
        assert zone.east >= east
        assert zone.north >= north


@given(st.floats(122, 154), st.floats(20, 46))
def test_a_chosen_system_contains_the_place(lon, lat):
    try:
        zone = crs._ZONES[crs.plane_epsg(lon, lat) - 6669]
    except OutsideJapan:
        return
    assert zone.west <= lon <= zone.east
    assert zone.south <= lat <= zone.north


def test_a_frame_without_crs_is_refused_by_name():
    bare = gpd.GeoSeries([Point(141, 39)])
    for demand in (crs.require_crs, crs.require_plane):
        with pytest.raises(CrsMissing, match=r"towns\.shp"):
            demand(bare, where="towns.shp")
    with pytest.raises(CrsMissing):
        crs.to_plane(bare)


@pytest.mark.parametrize("epsg", [4326, 3857, 6668])
def test_plane_is_demanded_in_true_metres(four, epsg):
    with pytest.raises(CrsMismatch, match="平面直角座標系"):
        crs.require_plane(four.to_crs(epsg), where="x")


def test_plane_and_utm_are_accepted(four):
    assert crs.require_plane(four, where="x").to_epsg() == 6678
    assert crs.require_plane(four.to_crs(32654), where="x").to_epsg() == 32654


def test_two_frames_must_agree(four):
    crs.require_same_crs(four, four.copy(), where="x")
    with pytest.raises(CrsMismatch, match="違います"):
        crs.require_same_crs(four, four.to_crs(6677), where="x")


def test_to_plane_and_back(four):
    degrees = crs.to_lonlat(four)
    assert degrees.crs == CRS.from_epsg(4326)
    assert crs.to_lonlat(degrees) is degrees
    back = crs.to_plane(degrees)
    assert back.crs.to_epsg() == 6678
    assert back.geom_equals_exact(four, tolerance=1e-4).all()
    assert crs.to_plane(four) is four
    assert crs.to_plane(four, epsg=6677).crs.to_epsg() == 6677


def test_to_plane_refuses_other_systems_and_nothing(four):
    with pytest.raises(CrsMismatch, match="3857"):
        crs.to_plane(four, epsg=3857)
    with pytest.raises(BadGeometry, match="一つもありません"):
        crs.to_plane(gpd.GeoSeries([], crs=4326))


def test_importing_asks_proj_nothing():
    code = (
        "import pyproj\n"
        "def asked(*a, **k): raise SystemExit('asked')\n"
        "pyproj.CRS.from_epsg = pyproj.CRS.from_user_input = asked\n"
        "import geo.crs\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
