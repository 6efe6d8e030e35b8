"""Road files as they come: OSM in three dresses, two of the state's, bare lines, and the broken ones."""

from __future__ import annotations

import json
import zipfile
from datetime import date

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, MultiLineString, Point, box

from geo.network import attach, cost_matrix
from kyodo_geo.errors import DataFileError, InputRefused, TableError
from kyodo_geo.rules.travel import travel_settings
from kyodo_geo.sources.visit.roads import read_roads

TRAVEL = travel_settings().at(date(2026, 11, 24))
CAR = TRAVEL.car_kmh
PLANE = 6678
X0, Y0 = 20_000.0, -118_000.0


def line(*points):
    return LineString([(X0 + x, Y0 + y) for x, y in points])


def row_of_lines(count):
    """Lines of 100 m one after the other."""
    return [line((100 * n, 0), (100 * n + 100, 0)) for n in range(count)]


@pytest.fixture
def write(tmp_path):
    def make(columns, shapes=None, *, name="roads.gpkg", crs=PLANE, **options):
        length = len(next(iter(columns.values()))) if columns else len(shapes)
        frame = gpd.GeoDataFrame(columns, geometry=shapes or row_of_lines(length), crs=crs)
        frame.to_file(tmp_path / name, **options)
        return tmp_path / name

    return make


def read(path):
    return read_roads(path, TRAVEL)


def said(faults):
    return "\n".join(str(fault) for fault in faults)


def refused(path, kind=TableError):
    with pytest.raises(kind) as caught:
        read(path)
    return str(caught.value)


def test_osm_classes_give_cars_their_speeds_and_winter_slows_them(write):
    highways = [
        "motorway",
        "trunk",
        "primary",
        "secondary",
        "tertiary",
        "residential",
        "service",
        "track",
        "road",
    ]
    roads, opened = read(write({"highway": highways, "oneway": [None] * len(highways)}))
    classes = [
        "motorway",
        "trunk",
        "primary",
        "secondary",
        "tertiary",
        "minor",
        "service",
        "narrow",
        "unknown",
    ]
    expected = [CAR[name] for name in classes]
    np.testing.assert_allclose(roads.modes["car"].speed_kmh, expected)
    np.testing.assert_allclose(roads.modes["winter"].speed_kmh, np.array(expected) * TRAVEL.winter_factor)
    # Nobody walks on a motorway.
    np.testing.assert_allclose(roads.modes["walk"].speed_kmh, [np.nan] + [TRAVEL.walk_kmh] * 8)
    assert roads.modes["walk"].forward.tolist() == [False] + [True] * 8
    assert opened.counts == (("道路の線", 9), ("使わない図形", 0))
    assert "速度の書かれていない区間 9 本は、道路の種別ごとの車の速さ(この道具の置いた値)" in said(
        opened.cautions
    )
    assert "種別も速度も分からない区間 1 本は、車の速さを 30 km/h" in said(opened.cautions)


def test_paths_are_for_walking_only(write):
    roads, _ = read(write({"highway": ["footway", "path", "steps", "motorway_link", "trunk_link"]}))
    assert roads.modes["walk"].forward.tolist() == [True, True, True, False, True]
    assert roads.modes["car"].forward.tolist() == [False, False, False, True, True]


def test_a_road_for_motors_only_is_not_walked(write):
    roads, _ = read(write({"highway": ["trunk", "trunk"], "motorroad": ["yes", None]}))
    assert roads.modes["walk"].forward.tolist() == [False, True]
    assert roads.modes["car"].forward.tolist() == [True, True]


def test_one_way_binds_cars_in_its_direction_and_no_walker(write):
    oneway = ["yes", "-1", "no", "1", "true", None, None, None, "no", "reverse", "たぶん"]
    highway = ["residential"] * 5 + ["residential", "motorway", "tertiary", "motorway", "service", "service"]
    junction = [None] * 7 + ["roundabout"] + [None] * 3
    roads, opened = read(write({"highway": highway, "oneway": oneway, "junction": junction}))
    car, walk = roads.modes["car"], roads.modes["walk"]
    assert (
        "".join(
            "FB-"[0 if f and not b else 1 if b and not f else 2]
            for f, b in zip(car.forward, car.backward, strict=True)
        )
        == "FB-FF-FF-B-"
    )
    assert (walk.forward == walk.backward).all()
    assert "roads.gpkg 11 行目: 一方通行の読めない線 1 本" in said(opened.cautions)
    assert "一方通行の列" not in said(opened.cautions)


def test_a_limit_bounds_the_speed_of_the_class_and_a_foreign_word_is_none(write):
    limits = ["30", "60", "20 mph", "RU:urban", "none", None, "40 km/h", "999", "3O"]
    roads, opened = read(write({"highway": ["trunk"] * 9, "maxspeed": limits}))
    trunk = CAR["trunk"]
    expected = [30, trunk, 20 * 1.609344, trunk, trunk, trunk, 40, trunk, trunk]
    np.testing.assert_allclose(roads.modes["car"].speed_kmh, expected)
    assert "速度の書かれていない区間 5 本" in said(opened.cautions)
    assert "8 行目: 最高速度の読めない線 2 本は、書かれていないものとして扱います(8 行目、9 行目)" in said(
        opened.cautions
    )


def test_a_line_of_unknown_class_goes_at_its_limit(write):
    roads, opened = read(write({"maxspeed": [50, 0]}))
    assert roads.modes["car"].speed_kmh.tolist() == [50, CAR["unknown"]]
    assert "種別も速度も分からない区間 1 本" in said(opened.cautions)


def test_shut_roads_are_left_out_by_row_unless_open_to_one(write):
    columns = {
        "highway": ["service"] * 6,
        "access": [None, "no", "private", "private", None, "permissive"],
        "foot": [None, None, None, "yes", "no", None],
        "motor_vehicle": [None, None, None, None, None, "no"],
    }
    roads, opened = read(write(columns))
    assert roads.lines.index.tolist() == [1, 4, 5, 6]
    assert roads.modes["walk"].forward.tolist() == [True, True, False, True]
    assert roads.modes["car"].forward.tolist() == [True, False, True, False]
    assert (
        said(opened.left_out)
        == "roads.gpkg 2 行目: 通行できないと書かれた線(access など) 2 件は使いません(2 行目、3 行目)"
    )
    assert opened.counts == (("道路の線", 4), ("使わない図形", 2))


def test_what_is_no_road_or_not_built_is_left_out(write):
    roads, opened = read(write({"highway": ["residential", None, "construction", "なぞの道"]}))
    assert roads.lines.index.tolist() == [1, 4]
    assert "2 行目: 道路ではない、または工事中・計画中の線 2 件は使いません(2 行目、3 行目)" in said(
        opened.left_out
    )
    assert "4 行目: 道路の種別の読めない線 1 本" in said(opened.cautions)
    assert roads.modes["car"].speed_kmh[1] == CAR["unknown"]


def test_tags_within_other_tags_are_read_as_gdal_writes_them(write):
    tags = ['"maxspeed"=>"20","oneway"=>"yes"', '"surface"=>"asphalt"', None, '"access"=>"private"']
    roads, _ = read(write({"highway": ["trunk"] * 4, "other_tags": tags}))
    assert roads.modes["car"].speed_kmh.tolist() == [20, CAR["trunk"], CAR["trunk"]]
    assert roads.modes["car"].backward.tolist() == [False, True, True]


def test_geofabriks_shapefile_is_read_with_its_own_letters(write):
    columns = {
        "fclass": ["primary", "primary", "track_grade2"],
        "oneway": ["F", "T", "B"],
        "maxspeed": [30, 0, 0],
    }
    roads, opened = read(write(columns, name="gis_osm_roads_free_1.shp"))
    assert roads.modes["car"].forward.tolist() == [True, False, True]
    assert roads.modes["car"].backward.tolist() == [False, True, True]
    assert roads.modes["car"].speed_kmh.tolist() == [30, CAR["primary"], CAR["narrow"]]
    assert "OpenStreetMap" in opened.title
    assert "読めない" not in said(opened.cautions)


def test_osmnx_lists_and_truth_values_are_read(write):
    roads, _ = read(write({"highway": ["['residential', 'trunk']", "trunk"], "oneway": [True, False]}))
    assert roads.modes["car"].speed_kmh.tolist() == [CAR["minor"], CAR["trunk"]]
    assert roads.modes["car"].backward.tolist() == [False, True]


def test_n13_tells_town_roads_apart_by_width_and_knows_footpaths(write):
    columns = {
        "N13_002": ["1", "1", "1", "1", "1", "3", "4", "1", "1"],
        "N13_003": ["1", "2", "3", "3", "3", "3", "6", "4", "1"],
        "N13_004": ["1", "1", "1", "2", "1", "1", "1", "1", "5"],
        "N13_006": ["3", "3", "1", "2", "3", "1", "6", "4", "3"],
    }
    roads, opened = read(write(columns))
    car = ["trunk", "secondary", "narrow", "minor", "tertiary", None, None, "motorway"]
    np.testing.assert_allclose(roads.modes["car"].speed_kmh, [CAR[name] if name else np.nan for name in car])
    assert roads.modes["walk"].forward.tolist() == [True] * 7 + [False]
    assert "9 行目: 道路ではない、または工事中・計画中の線" in said(opened.left_out)
    assert "一方通行の列(oneway)がありません" in said(opened.cautions)


def test_n01_is_read_and_said_to_hold_main_roads_only(write):
    roads, opened = read(write({"N01_001": list("1234567")}))
    names = ["motorway", "trunk", "primary", "secondary", "secondary", "minor", "service"]
    assert roads.modes["car"].speed_kmh.tolist() == [CAR[name] for name in names]
    assert "N01 は主な道路だけ" in said(opened.cautions)


def test_the_surveys_centre_lines_are_read_by_word_or_code(write):
    columns = {
        "rdCtg": ["国道", "市区町村道等", "2", "高速自動車国道等", "市区町村道等"],
        "rnkWidth": ["5.5m-13m未満", "3m未満", "2", "13m-19.5m未満", "3m-5.5m未満"],
        "type": ["通常部", "通常部", "通常部", "通常部", "石段"],
    }
    roads, _ = read(write(columns))
    expected = [CAR["trunk"], CAR["narrow"], CAR["tertiary"], CAR["motorway"], np.nan]
    np.testing.assert_allclose(roads.modes["car"].speed_kmh, expected)


def test_a_japanese_zip_with_folders_is_read(write, tmp_path):
    path = write({"N13_003": ["1"], "名称": ["国道"]}, name="道路.shp", encoding="cp932")
    path.with_suffix(".cpg").unlink()
    packed = tmp_path / "N13-24_SHP.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in tmp_path.glob("道路.*"):
            archive.write(file, f"N13-24_SHP/{file.name}")
        archive.writestr("readme.txt", "")
    roads, _ = read(packed)
    assert (len(roads.lines), roads.epsg) == (1, PLANE)


def test_degrees_become_the_plane_system_of_their_place(write):
    lonlat = [LineString([(141.1, 38.9), (141.11, 38.9)])]
    roads, _ = read(write({"highway": ["trunk"]}, lonlat, name="r.geojson", crs=4326))
    assert roads.epsg == PLANE
    # A hundredth of a degree of longitude at 38.9°N.
    assert roads.lines.length.iloc[0] == pytest.approx(867, rel=0.01)


def test_the_layer_of_roads_is_found_among_others(write):
    path = write({"highway": ["trunk"]}, layer="lines")
    write({"type": ["route"]}, row_of_lines(1), layer="multilinestrings", mode="a")
    write({"name": ["a"]}, [Point(X0, Y0)], layer="points", mode="a")
    assert len(read(path)[0].lines) == 1
    write({"highway": ["trunk"]}, layer="more", mode="a")
    assert "道路の層を一つに決められません。層: lines、multilinestrings、points、more" in refused(path)


def test_shapes_that_are_no_lines_are_left_out_by_row(write):
    far = LineString([(X0 + 5e6, Y0), (X0 + 5e6, Y0 + 10)])
    shapes = [
        row_of_lines(1)[0],
        Point(X0, Y0),
        None,
        box(X0, Y0, X0 + 9, Y0 + 9),
        Point(X0, Y0),
        far,
        line((0, 0), (0, 0)),
    ]
    roads, opened = read(write({"highway": ["trunk"] * 7}, shapes))
    assert roads.lines.index.tolist() == [1]
    left = said(opened.left_out)
    for words in (
        "3 行目: 図形がない行 1 件",
        "2 行目: 線ではない図形(点) 2 件は使いません(2 行目、5 行目)",
        "4 行目: 線ではない図形(面) 1 件",
        "6 行目: 日本の外の線 1 件",
        "7 行目: 長さのない線 1 件",
    ):
        assert f"roads.gpkg {words}" in left
    assert opened.counts == (("道路の線", 1), ("使わない図形", 6))


def test_islands_and_loops_are_said_with_number_and_length(write):
    shapes = [*row_of_lines(3), line((0, 900), (500, 900)), line((0, 950), (300, 950))]
    shapes.append(line((0, 0), (10, 10), (0, 10), (0, 0)))
    roads, opened = read(write({"highway": ["trunk"] * 6}, shapes))
    cautions = said(opened.cautions)
    # The largest part is the one with the most nodes: three lines of 100 m have four, 500 m cut in three as many.
    assert "歩き: 道がつながっていない部分が 2 か所、合計 0.8 km あります" in cautions
    assert "車: 道がつながっていない部分が 2 か所" in cautions
    assert "始まりと終わりが同じ所の短い線 1 本" in cautions
    graph = roads.graph("walk")
    ends, _ = attach(graph, np.array([[X0, Y0], [X0, Y0 + 900]]), reach_m=1)
    assert cost_matrix(graph, ends[:1], ends[1:])[0, 0] == np.inf


def test_the_graph_of_a_mode_has_its_seconds(write):
    roads, _ = read(write({"highway": ["trunk", "footway"], "oneway": ["yes", None]}))
    walk, car = roads.graph("walk"), roads.graph("car")
    assert walk.seconds.tolist() == pytest.approx([75.0] * 4)  # 100 m at 80 m a minute
    assert car.seconds.tolist() == pytest.approx([100 / CAR["trunk"] * 3.6])
    assert roads.graph("winter").seconds[0] == pytest.approx(car.seconds[0] / TRAVEL.winter_factor)
    with pytest.raises(InputRefused, match="「fly」はありません"):
        roads.graph("fly")


def test_parts_of_a_multiline_are_one_row(write):
    shapes = [MultiLineString([line((0, 0), (10, 0)), line((10, 0), (10, 10))])]
    roads, opened = read(write({"highway": ["trunk"]}, shapes))
    assert opened.counts[0] == ("道路の線", 1)
    assert roads.graph("walk").length_m.sum() == pytest.approx(40)


def test_the_source_says_the_file_and_that_it_is_not_kept(write):
    path = write({"highway": ["trunk"]})
    _, opened = read(path)
    assert len(opened.sha256) == 64
    assert (opened.source.file, opened.source.rows) == ("roads.gpkg", 1)


def test_a_missing_file_and_a_folder_cannot_be_opened(tmp_path):
    assert "ファイルかフォルダーがありません" in refused(tmp_path / "nai.gpkg", DataFileError)
    assert "フォルダーです" in refused(tmp_path, DataFileError)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("r.gpkg", b"", "空のファイルです"),
        ("r.zip", "\ufeff\n<!DOCTYPE html><p>".encode(), "ウェブページ(HTML)が入っています"),
        ("r.gpkg", "道路です".encode(), "図形のファイルとして読めません"),
        ("r.zip", b"PK\x03\x04broken", "図形のファイルとして読めません"),
        (
            "r.geojson",
            json.dumps({"type": "FeatureCollection", "features": []}).encode(),
            "図形が一つも入っていません",
        ),
    ],
)
def test_a_file_that_holds_no_roads_is_refused(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    message = refused(tmp_path / name)
    assert words in message
    assert "対処: " in message


def test_a_file_without_crs_is_refused(write):
    path = write({"highway": ["trunk"]}, name="r.shp")
    path.with_suffix(".prj").unlink()
    assert "座標系が書かれていません" in refused(path)


def test_degrees_as_metres_and_metres_as_degrees_are_told_apart(write):
    degrees = [LineString([(141.1, 38.9), (141.2, 38.9)])]
    assert "緯度経度(度)が平面直角座標(メートル)として" in refused(write({"highway": ["trunk"]}, degrees))
    metres = row_of_lines(1)
    message = refused(write({"highway": ["trunk"]}, metres, name="m.gpkg", crs=4326))
    assert "平面直角座標(メートル)が度として" in message
    swapped = [LineString([(38.9, 141.1), (38.9, 141.2)])]
    assert "緯度と経度が入れ替わっています" in refused(
        write({"highway": ["trunk"]}, swapped, name="s.gpkg", crs=4326)
    )


def test_a_file_of_points_or_of_shut_roads_only_is_refused_with_the_reason(write):
    message = refused(write({"highway": ["trunk"]}, [Point(X0, Y0)]))
    assert "使える線が一本もありません" in message
    assert "1 行目: 線ではない図形(点) 1 件" in message
    message = refused(write({"highway": ["service"], "access": ["no"]}, name="shut.gpkg"))
    assert "通れる道路の線が一本もありません" in message
    assert "1 行目: 通行できないと書かれた線" in message


def test_a_file_for_walkers_only_says_that_no_car_passes(write):
    roads, opened = read(write({"highway": ["footway"]}))
    assert "車: 通れる線が一本もありません" in said(opened.cautions)
    assert len(roads.graph("car").tail) == 0
