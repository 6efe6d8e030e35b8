"""How the gathered files become facilities and services, on small made-up files."""

from __future__ import annotations

import pytest
from fictional.city import csv_bytes

from kyodo_geo.errors import DataFileError, KeyMismatch, TableError
from kyodo_geo.model.reach.choice import HAZARDS
from kyodo_geo.sources.build.facilities import build_facilities
from kyodo_geo.sources.build.services import Names, build_services
from kyodo_geo.sources.build.towns import Towns
from kyodo_geo.sources.build.writing import Notes, note_key
from kyodo_geo.sources.tables import read_table

TOWNS = Towns(
    {
        "本町": ("1", "2"),
        "本町一丁目": ("3", "4"),
        "東村沢": ("5", "6"),
        "西村沢": ("7", "8"),
        "西村里": ("9", "0"),
    }
)
SERVICE = ("service", "kind", "area8_or_district", "route_or_zone", "days_and_frequency", "minutes", "fare_yen",
           "valid", "note", "source", "confidence")  # fmt: skip


@pytest.fixture
def sources(tmp_path):
    """A folder with the centres of two areas: 東 with districts 東 and 沢, 西 with one district alone."""
    (tmp_path / "centres.csv").write_bytes(
        csv_bytes(("code", "short_name", "area"), [("1", "東", "東"), ("2", "沢", "東"), ("3", "西", "西")])
    )
    return tmp_path


def services_of(sources, *rows, wording=()):
    (sources / "transit_services.csv").write_bytes(csv_bytes(SERVICE, rows))
    notes = Notes({note_key(text): japanese for text, japanese in dict(wording).items()})
    return list(read_table(build_services(sources, notes)["transit_services.csv"], name="x"))


def test_a_town_of_an_address_is_the_longest_name_it_begins_with():
    assert TOWNS.of_address("本町一丁目2番") == "本町一丁目"
    assert TOWNS.of_address("本町2番") == "本町"
    assert TOWNS.of_address("山田3番") == TOWNS.of_address("") == ""


def test_a_name_borne_by_two_towns_stands_for_neither():
    assert TOWNS.named("里") == "西村里"
    assert TOWNS.named("沢") == ""


@pytest.mark.parametrize(
    ("cell", "tied"),
    [
        ("東", ([], ["東"], [])),
        ("東: 沢", (["2"], ["東"], [])),
        ("東: 沢, 谷", (["2"], ["東"], ["谷"])),
        ("西", (["3"], ["西"], [])),
        ("東/西", (["3"], ["東", "西"], [])),
        ("東-西", (["3"], ["東", "西"], [])),
        ("city", ([], [], [])),
    ],
)
def test_only_the_name_of_a_district_ties_a_service(sources, cell, tied):
    assert Names.read(sources).tie(cell) == tied


@pytest.mark.parametrize(
    ("valid", "source", "status", "kind"),
    [
        ("2022-04", "https://www.iwanichi.co.jp/1", "running", "新聞"),
        ("", "http://example.invalid/", "undated", "個人のサイト(確認の日なし)"),
        ("2015-01", "http://example.invalid/", "running", "個人のサイト"),
        ("", "https://x.invalid/wiki/y", "undated", "百科事典サイトの写し(確認の日なし)"),
    ],
)
def test_a_service_without_a_day_is_undated(sources, valid, source, status, kind):
    (row,) = services_of(sources, ("バス", "市営", "東", "甲-乙", "", "", "", valid, "", source, "medium"))
    assert (row["status"], row["source_kind"], row["reference"]) == (status, kind, source)


def test_words_of_another_language_need_a_japanese_wording(sources):
    row = ("バス", "bus", "東: 谷", "甲-乙", "Mon", "5", "300", "abolished by 2022", "", "a copy", "low")
    with pytest.raises(DataFileError, match="日本語の注記がない"):
        services_of(sources, row)
    words = {"bus": "市営バス", "Mon": "月", "abolished by 2022": "2022年に廃止", "a copy": "写し"}
    (made,) = services_of(sources, row, wording=words)
    assert (made["kind"], made["days_and_runs"], made["valid"], made["reference"]) == (
        "市営バス",
        "月",
        "2022年に廃止",
        "写し",
    )
    assert made["status"] == "abolished"
    assert made["note"] == "谷がどの地区に入るかは確認できていないため、地区に結んでいない"


def facilities_of(folder, town="本町", marks=("1", *[""] * 7), kind="emergency"):
    (folder / "clinics_2025.csv").write_bytes(
        csv_bytes(("code9", "name", "address", "oaza_full"), [("001", "医院", "本町1", town)])
    )
    columns = ("kind", "name", "address", "id", "lon", "lat", *HAZARDS, "note", "KEY_CODE")
    (folder / "shelters_2025.csv").write_bytes(
        csv_bytes(columns, [(kind, "館", "架空県本町1", "E1", 141, 39, *marks, "", "k1")])
    )
    return build_facilities(folder, TOWNS, prefecture="架空県")


def test_a_clinic_stands_at_its_town_and_one_without_a_town_is_refused(tmp_path):
    (clinic,) = read_table(facilities_of(tmp_path)["clinics.csv"], name="x")
    assert (clinic["code"], clinic["town_name"], clinic["town_lon"], clinic["town_lat"]) == (
        "001",
        "本町",
        "1",
        "2",
    )
    with pytest.raises(KeyMismatch, match="無い町"):
        facilities_of(tmp_path, town="無い町")


def test_the_hazards_of_a_shelter_are_kept_as_they_are_and_their_lack_is_said(tmp_path):
    (shelter,) = read_table(facilities_of(tmp_path)["shelters.csv"], name="x")
    assert [shelter[hazard] for hazard in HAZARDS] == ["1", *[""] * 7]
    assert (shelter["hazards_stated"], shelter["address"]) == ("1", "本町1")
    (shelter,) = read_table(
        facilities_of(tmp_path, marks=[""] * 8, kind="evacuation")["shelters.csv"], name="x"
    )
    assert shelter["hazards_stated"] == "0"
    with pytest.raises(TableError, match="2 行目 列「洪水」: 「○」"):
        facilities_of(tmp_path, marks=("○", *[""] * 7))
