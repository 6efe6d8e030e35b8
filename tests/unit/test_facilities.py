"""The shipped facilities and services as they are loaded, on the fictional city."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fictional import city as fictional

from kyodo_geo.errors import DataFileError, KeyMismatch
from kyodo_geo.model.reach.choice import HAZARDS
from kyodo_geo.sources.facilities import load_facilities
from kyodo_geo.sources.manifest import open_store

SHELTERS = "records/shelters.csv"


def test_every_set_is_loaded_with_its_codes(fictional_city):
    codes = {kind: [one.code for one in group] for kind, group in fictional_city.facilities.items()}
    assert codes == {
        "centres": ["1", "2", "3", "4", "5"], "branches": ["B1"], "shelters": ["E1", "E2"], "clinics": ["990000001"],
        "stations": ["0"],
    }  # fmt: skip
    assert {one.kind for group in fictional_city.facilities.values() for one in group} == {
        "centre", "branch", "shelter", "clinic", "station",
    }  # fmt: skip


def test_a_point_is_exact_a_towns_or_none_and_never_anything_else(fictional_city):
    for one in (one for group in fictional_city.facilities.values() for one in group):
        assert one.point in {"exact", "town", "none"}
        assert (one.point == "none") == (one.lon is None) == (one.lat is None)
        assert (one.point == "town") == bool(one.point_name)
    centres = {one.code: one for one in fictional_city.facilities["centres"]}
    assert (centres["4"].point, centres["4"].point_name) == ("town", "架空空地")
    assert (centres["4"].lon, centres["4"].lat) == (135.05, 35.015)
    assert {centres[code].point for code in "1235"} == {"exact"}
    assert fictional_city.facilities["clinics"][0].point == "town"
    assert fictional_city.facilities["branches"][0].point == "none"


def test_a_centre_bears_the_hazards_of_the_one_shelter_of_its_name(fictional_city):
    centres = {one.code: one for one in fictional_city.facilities["centres"]}
    assert centres["1"].hazards == {hazard: hazard == "地震" for hazard in HAZARDS}
    # 飛地 has only a 指定避難所 of its name, for which no disasters are stated
    assert {code for code, one in centres.items() if one.hazards is None} == {"2", "3", "4", "5"}
    shelters = fictional_city.facilities["shelters"]
    assert shelters[0].hazards == centres["1"].hazards
    assert shelters[1].hazards is None
    assert "災害の種類の指定は資料にない" in shelters[1].note


@pytest.mark.parametrize("name", ["架空本町センター", "架空本町センター（分室）"])
def test_of_two_shelters_of_one_name_neither_speaks_for_the_centre(changed_city, name):
    text = (
        fictional.files()[SHELTERS].decode().replace("E2,evacuation,架空飛地センター", f"E2,emergency,{name}")
    )
    city = changed_city({SHELTERS: text.replace(",0,k21", ",1,k21").encode()})
    assert city.facilities["centres"][0].hazards is None
    assert city.facilities["shelters"][0].hazards is not None


def test_a_longer_name_is_another_building(changed_city):
    city = changed_city({SHELTERS: ("架空本町センター(体育館)", "架空本町センター体育館")})
    assert city.facilities["centres"][0].hazards is None


def test_the_name_of_the_city_before_a_centre_is_no_part_of_its_own(changed_city):
    text = (
        fictional.files()["records/centres.csv"]
        .decode()
        .replace("架空本町センター", "架空市架空本町センター")
    )
    city = changed_city({"records/centres.csv": text.encode()})
    assert city.facilities["centres"][0].hazards is not None


def test_a_shelter_stands_in_the_district_of_its_small_area(fictional_city):
    assert [one.district for one in fictional_city.facilities["shelters"]] == ["1", "2"]
    assert [one.district for one in fictional_city.facilities["branches"]] == ["1"]
    # the town of a clinic may lie in several districts
    assert [one.district for one in fictional_city.facilities["clinics"]] == [""]


def test_a_service_is_tied_to_the_districts_its_row_names(fictional_city):
    (service,) = fictional_city.services
    assert (service.districts, service.areas, service.places) == (("3", "5"), ("架空村",), ("架空沢",))
    assert (service.minutes, service.fare_yen, service.status) == (None, 300, "running")


def test_the_cells_of_the_mesh_are_as_written(fictional_city):
    mesh = fictional_city.mesh
    assert [(code, *row) for code, row in zip(mesh.index, mesh.to_numpy().tolist(), strict=True)] == [
        (code, people, float(share)) for code, people, share in fictional.MESH
    ]
    assert mesh["population"].dtype == int
    assert mesh.index.name == "mesh_code"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (SHELTERS, ",k11,", ",k99,"),
        (SHELTERS, "E1,emergency", "E1,shelter"),
        (SHELTERS, "洪水", "水害"),
        (SHELTERS, ",,1,k11", ",,?,k11"),
        ("records/clinics.csv", "135.045", "東経135度"),
        ("records/centres.csv", "135.05,35.015", ",35.015"),
        ("records/transit_services.csv", ",running,", ",運行,"),
        ("records/transit_services.csv", ",300,", ",三百,"),
        ("population/mesh1km_2020.csv", "52354000,500", "52354000,五百"),
    ],
)
def test_content_that_means_nothing_is_refused_by_the_file(changed_city, path, old, new):
    with pytest.raises(DataFileError) as caught:
        changed_city({path: (old, new)})
    assert path in str(caught.value)


def test_a_service_of_a_district_that_does_not_exist_is_refused(changed_city):
    with pytest.raises(KeyMismatch, match="バスとデマンド交通の地区"):
        changed_city({"records/transit_services.csv": (",3;5,", ",3;9,")})


def test_the_same_folder_gives_the_same_facilities(fictional_data, fictional_city):
    codes = {name: code for code, name in fictional_city.names["district"].items()}
    again = load_facilities(open_store(fictional_data), codes)
    assert again == fictional_city.facilities
    changed = {**again, "clinics": (replace(again["clinics"][0], name="別の医院"),)}
    assert changed != fictional_city.facilities
