from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pytest
import shapely

from geo.crs import to_plane
from geo.topology import gaps, overlaps
from kyodo_geo.checks import check_files, reconcile
from kyodo_geo.city import DEFAULT_DATA, City
from kyodo_geo.errors import NotInForce
from kyodo_geo.figures.build import district_table, figures_of
from kyodo_geo.model.reach.choice import HAZARDS
from kyodo_geo.provenance import Basis, Unknown
from kyodo_geo.sources.build.run import build_data
from kyodo_geo.sources.manifest import open_store

TODAY = date(2026, 11, 1)
AREAS = {
    "一関": 55_942, "花泉": 12_167, "大東": 12_318, "千厩": 10_139, "東山": 6_161, "室根": 4_550, "川崎": 3_324, "藤沢": 7_331,
}  # fmt: skip
TOTALS = {("population", 2020): 111_932, ("households", 2020): 42_232, ("population", 2015): 121_583, ("households", 2015): 43_046}  # fmt: skip


@pytest.fixture(scope="module")
def city():
    """The shipped city."""
    return City.load()


@pytest.fixture(scope="module")
def figures(city):
    """The shipped figures by indicator and year."""
    return {(one.indicator.id, one.year): one for one in figures_of(city, TODAY)}


@pytest.mark.parametrize(("key", "total"), TOTALS.items(), ids=str)
def test_districts_add_up_to_the_published_total(figures, key, total):
    assert (
        sum(figures[key].districts.values()) == sum(figures[key].areas.values()) == figures[key].city == total
    )


def test_districts_add_up_to_the_eight_areas(figures, city):
    assert figures["population", 2020].areas == AREAS
    assert sum(AREAS.values()) == 111_932
    assert {city.area_of(code) for code in city.names.index} == set(AREAS)


@pytest.mark.parametrize(("day", "number"), [("2026-11-01", 34), ("2017-04-01", 34), ("2017-03-31", 31), ("2016-10-01", 31), ("2015-04-01", 31)])  # fmt: skip
def test_each_day_has_its_districts_and_loses_nobody(city, day, number):
    districts = district_table(city, date.fromisoformat(day))
    assert len(districts.codes) == number
    assert int(districts.table["population"].sum()) == 111_932
    assert int(districts.table["population_2015"].sum()) == 121_583
    assert shapely.is_valid(city.shapes(districts.on).to_numpy()).all()


def test_the_codes_are_those_of_the_ordinance(city):
    assert list(city.names.index) == [f"{number:02}" for number in range(1, 35)]
    assert city.names.loc[["02", "06", "07"], "district"].tolist() == ["関が丘", "滝沢", "真柴"]
    assert not set(district_table(city, date(2016, 10, 1)).codes) & {"02", "06", "07"}


def test_before_the_centres_there_is_nothing(city):
    with pytest.raises(NotInForce, match="2015-03-31"):
        district_table(city, date(2015, 3, 31))


def test_the_outlines_tile_the_city(city):
    plane = to_plane(city.outlines)
    assert shapely.is_valid(city.outlines.to_numpy()).all()
    assert overlaps(plane).empty
    assert gaps(plane).empty
    assert city.outlines.index.is_unique
    assert shapely.coverage_is_valid(city.outlines.to_numpy())
    assert plane.area.sum() / 1e6 == pytest.approx(1_256.42, rel=2e-3)
    assert city.small_areas["km2"].sum() == pytest.approx(1_256.42, rel=1e-3)


def test_the_outlines_are_small_enough_to_send():
    assert (DEFAULT_DATA / "boundaries" / "districts.geojson").stat().st_size < 250_000


def test_every_check_passes(city):
    checks = check_files(DEFAULT_DATA) + reconcile(city, TODAY)
    assert [check for check in checks if check.outcome == "fail"] == []
    assert len(checks) > 40


def test_management_is_known_for_eight_and_unknown_for_twenty_six(city, figures):
    assert Counter(city.status(code, TODAY) for code in city.names.index) == {"unknown": 26, "community": 8}
    values = figures["management", TODAY.year].districts.values()
    assert sum(isinstance(value, Unknown) for value in values) == 26
    assert {
        city.status(code, date(2016, 3, 31)) for code in district_table(city, date(2016, 3, 31)).codes
    } == {"direct"}


def test_eleven_councils_are_named(city):
    assert Counter(link.status for link in city.councils.values())["named"] == 11
    assert all(bool(link.council) == (link.status == "named") for link in city.councils.values())


def test_places_are_as_many_as_published_and_in_the_city(city):
    places = {
        kind: [place for place in city.places if place.kind == kind]
        for kind in ("centre", "station", "branch")
    }
    assert [len(places[kind]) for kind in ("centre", "station", "branch")] == [34, 17, 8]
    assert sorted(place.district_code for place in places["centre"]) == list(city.names.index)
    unknown = [place for place in places["centre"] if place.lon is None]
    assert {city.names.loc[place.district_code, "district"] for place in unknown} == {
        "一関",
        "渋民",
        "奥玉",
        "磐清水",
        "長坂",
    }
    around = shapely.box(*city.outlines.total_bounds)
    known = [place for group in places.values() for place in group if place.lon is not None]
    assert all(around.contains(shapely.Point(place.lon, place.lat)) for place in known)


def test_facilities_are_as_many_as_their_sources_say(city):
    assert {name: len(group) for name, group in city.facilities.items()} == {
        "centres": 34, "branches": 8, "shelters": 238, "clinics": 67, "stations": 17,
    }  # fmt: skip
    stated = [one.hazards for one in city.facilities["shelters"] if one.hazards is not None]
    assert (len(stated), 238 - len(stated)) == (201, 37)
    # counted in the source: how many of the 201 are designated for each disaster
    assert {hazard: sum(one[hazard] for one in stated) for hazard in HAZARDS} == {
        "洪水": 183, "崖崩れ、土石流及び地滑り": 197, "高潮": 0, "地震": 199, "津波": 0, "大規模な火事": 0, "内水氾濫": 183,
        "火山現象": 0,
    }  # fmt: skip
    for group in city.facilities.values():
        assert len({one.code for one in group}) == len(group)


def test_the_hazards_of_a_centre_are_those_of_the_shelter_of_its_name(city):
    flood = {
        city.names.loc[one.district, "district"]: one.hazards and one.hazards["洪水"]
        for one in city.facilities["centres"]
    }
    assert (flood["山目"], flood["関が丘"], flood["中里"]) == (False, True, False)
    assert {name for name, fit in flood.items() if fit is False} == {"山目", "中里", "日形", "松川", "川崎"}
    # five centres are no designated shelter: whether they stand a flood is not known
    assert {name for name, fit in flood.items() if fit is None} == {"一関", "渋民", "奥玉", "磐清水", "長坂"}
    branches = {one.name: one.hazards["洪水"] for one in city.facilities["branches"]}
    assert {name for name, fit in branches.items() if not fit} == {"藤沢市民センター黄海分館"}


def test_a_point_of_a_town_is_marked_and_names_the_town(city):
    assert {one.point for one in city.facilities["clinics"]} == {"town"}
    marked = {
        city.names.loc[one.district, "district"]: one.point_name
        for one in city.facilities["centres"]
        if one.point == "town"
    }
    assert marked == {
        "一関": "大町", "渋民": "大東町渋民", "奥玉": "千厩町奥玉", "磐清水": "千厩町磐清水", "長坂": "東山町長坂",
    }  # fmt: skip
    notes = {one.district: one.note for one in city.facilities["centres"]}
    assert all("住所ではなく、名称と同じ大字" in notes[code] for code in ("23", "27", "28", "29"))
    assert "住所にある大字" in notes["01"]
    exact = [one for name in ("branches", "shelters", "stations") for one in city.facilities[name]]
    assert {one.point for one in exact} == {"exact"}


def test_facilities_lie_in_the_city_and_shelters_in_the_district_they_name(city):
    around = shapely.box(*city.outlines.total_bounds)
    for group in city.facilities.values():
        assert all(around.contains(shapely.Point(one.lon, one.lat)) for one in group)
    plane = to_plane(city.outlines)
    shelters = city.facilities["shelters"]
    points = to_plane(
        gpd.GeoSeries([shapely.Point(one.lon, one.lat) for one in shelters], crs=city.outlines.crs)
    )
    own = plane.reindex([one.district for one in shelters]).to_numpy()
    # the shipped lines are simplified by 40 m: a shelter beside a border may stand that far outside
    assert shapely.distance(own, points.to_numpy()).max() < 80


def test_services_are_all_carried_over_and_tied_only_where_it_is_certain(city):
    services = {one.service: one for one in city.services}
    assert len(services) == 18
    assert Counter(one.status for one in city.services) == {"running": 9, "undated": 8, "abolished": 1}
    taxi = services["千厩地域デマンド型乗合タクシー"]
    names = [city.names.loc[code, "district"] for code in taxi.districts]
    assert (names, taxi.places, taxi.fare_yen) == (["奥玉", "小梨"], ("清田",), 300)
    assert "清田がどの地区に入るかは確認できていない" in taxi.note
    assert services["達古袋 デマンド型乗合タクシー"].districts == ()
    assert [city.names.loc[code, "district"] for code in services["市営バス 大籠線"].districts] == ["藤沢"]
    hobby = [one for one in city.services if one.source_kind.startswith("個人のサイト")]
    assert len(hobby) == 8
    assert all("確認の日なし" in one.source_kind for one in hobby if one.status == "undated")


def test_every_word_about_services_is_japanese(city):
    # a name in the public index of feeds, and those of the index itself, are names
    names = r"jbda-ichinosekicity-Ichinosekibus|MobilityDatabase|GTFS|translations|Wikipedia|ja\.m\.wikipedia\.org|weblio"
    for one in city.services:
        words = (one.service, one.kind, one.route, one.days_and_runs, one.valid, one.note, one.source_kind)
        shown = " ".join([*words, "" if one.reference.startswith("http") else one.reference])
        assert re.search("[A-Za-z]", re.sub(names, "", shown)) is None, shown


def test_the_mesh_is_whole_and_its_difference_to_the_census_is_known(city):
    assert len(city.mesh) == 965
    assert int(city.mesh["population"].sum()) == 113_075
    assert city.mesh["share_in_city"].between(0, 1).all()
    inside = float((city.mesh["population"] * city.mesh["share_in_city"]).sum())
    assert inside == pytest.approx(111_932, rel=0.005)


def test_each_small_area_stands_once_with_its_evidence(city):
    areas = city.small_areas
    assert len(areas) == 490
    assert not areas.duplicated(["key_code", "part"]).any()
    assert areas.index.is_unique
    assert (areas["evidence"].str.len() > 3).all()
    assert set(areas["confidence"]) <= {"high", "medium", "low", "provisional"}
    assert (areas["area"] == areas["district_code"].map(city.names["area"])).all()


def test_every_census_area_is_assigned_and_those_without_a_value_are_named(city):
    assert [(census.year, len(census.counts), len(census.missing)) for census in city.censuses] == [
        (2015, 479, 6), (2020, 490, 0),
    ]  # fmt: skip


def test_every_source_says_who_what_when_and_under_which_licence():
    sources = open_store(DEFAULT_DATA).sources.values()
    for source in sources:
        for name in ("publisher", "title", "reference_date", "published", "accessed", "licence", "method"):
            assert getattr(source, name), (source.id, name)
    assert {source.id for source in sources if source.basis is Basis.ESTIMATED} == {
        "closed_schools",
        "districts",
        "small_areas",
    }
    assert "CC BY-SA 4.0" in open_store(DEFAULT_DATA).sources["stations"].licence


def test_no_file_is_shipped_without_its_source():
    listed = {source.file for source in open_store(DEFAULT_DATA).sources.values()}
    files = [path.relative_to(DEFAULT_DATA).as_posix() for path in DEFAULT_DATA.rglob("*") if path.is_file()]
    assert {name for name in files if not name.endswith("SOURCE.toml")} == listed


def test_no_person_is_named(repository):
    files = [path for path in DEFAULT_DATA.rglob("*") if path.is_file()]
    assert files
    assert not [path.name for path in files if "さん" in path.read_text(encoding="utf-8")]
    assert repository in DEFAULT_DATA.parents


def test_the_shipped_files_are_what_the_sources_give_and_building_twice_changes_nothing(repository, tmp_path):
    sources = repository.parent / "shared" / "sources"
    if not sources.is_dir():
        pytest.skip(
            f"the gathered files are not here ({sources}): only where they are can data/ be built again"
        )
    shutil.copytree(DEFAULT_DATA, tmp_path / "data")
    shipped = {
        path.relative_to(DEFAULT_DATA): path.read_bytes()
        for path in DEFAULT_DATA.rglob("*")
        if path.is_file()
    }
    for _ in range(2):
        written = build_data(sources, tmp_path / "data")
        assert len(written) == len(set(written)) > 10
        built = {
            path.relative_to(tmp_path / "data"): path.read_bytes()
            for path in (tmp_path / "data").rglob("*")
            if path.is_file()
        }
        assert [str(path) for path in shipped if built[path] != shipped[path]] == []
        assert set(built) == set(shipped)


def test_the_outlines_are_plain_geojson_with_names():
    features = json.loads((DEFAULT_DATA / "boundaries" / "districts.geojson").read_bytes())["features"]
    assert {tuple(feature["properties"]) for feature in features} == {("district_code", "district", "area")}
    assert {feature["geometry"]["type"] for feature in features} <= {"Polygon", "MultiPolygon"}


def test_a_start_that_was_only_seen_is_not_said_to_be_a_start():
    city = City.load()
    note = city.management_note("04", date(2026, 11, 23))
    assert "2025年)3月25日に確認(開始日は不明)" in note
    assert note.count("確認") == 1
    assert "から" not in note
    assert city.management_note("34", date(2026, 11, 23)).startswith("平成28年(2016年)4月1日から")
    assert (
        city.management_note("04", date(2020, 4, 1)) == "公表資料なし"
    )  # what was seen later says nothing of 2020


@pytest.mark.parametrize(
    ("year", "band", "change", "outcome"),
    [
        (2020, "age_65_over", 1, "fail"),
        (2020, "age_65_over", -1, "note"),
        (2020, "age_15_64", -5_000, "fail"),
    ],
)
def test_only_a_small_lack_of_ages_is_taken_for_people_of_unknown_age(year, band, change, outcome):
    city = City.load()
    bands = {**city.ages[year], band: city.ages[year][band] + change}
    checks = reconcile(replace(city, ages={**city.ages, year: bands}), TODAY)
    assert {check.id: check.outcome for check in checks}[f"ages:{year}"] == outcome


@pytest.mark.parametrize(("change", "outcome"), [(100, "note"), (1_000, "fail")])
def test_only_a_small_difference_between_publications_is_a_note(change, outcome):
    city = City.load()
    series = {**city.register[2024], "population": city.register[2024]["population"] + change}
    checks = reconcile(replace(city, register={**city.register, 2024: series}), TODAY)
    assert {check.id: check.outcome for check in checks}["register_series:2024-01-01"] == outcome
