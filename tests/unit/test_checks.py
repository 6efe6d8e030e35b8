from __future__ import annotations

import json

import pytest
import shapely
from fictional import city as fictional

from kyodo_geo.checks import check_files, reconcile
from kyodo_geo.errors import DataFileError
from kyodo_geo.model.check import Check
from kyodo_geo.present.check_report import checks_json, checks_text, summary

PEOPLE = fictional.TOTALS[2020][0]


def failed(checks):
    return {check.id: check for check in checks if check.outcome == "fail"}


def test_a_sound_city_passes_every_check(fictional_city, today):
    checks = reconcile(fictional_city, today)
    assert not failed(checks)
    assert {check.id for check in checks if check.outcome == "note"} <= {"area:city"}
    assert len({check.id for check in checks}) == len(checks)


@pytest.mark.parametrize(
    ("path", "change", "ids", "difference"),
    [
        ("records/city.toml", (f"population = {PEOPLE}", f"population = {PEOPLE + 5}"),
         {"small_areas:population:2020", "districts:population:2020"}, "-5"),
        ("records/city.toml", ("districts_published = 5", "districts_published = 4"), {"districts:count"}, "+1"),
        ("population/areas_and_city.csv", ("架空村,2020-10-01,国勢調査,,801", "架空村,2020-10-01,国勢調査,,1801"),
         {"areas:population:2020:架空村"}, "-1,000"),
        ("population/areas_and_city.csv", ("架空村,2019-01-01,住民基本台帳,外国人を含む,790", "架空村,2019-01-01,住民基本台帳,外国人を含む,791"),
         {"register:2019-01-01"}, "+1"),
        ("population/census2020.csv", ("k51,,300", "k51,,299"),
         {"small_areas:population:2020", "districts:population:2020", "areas:population:2020:架空村"}, "-1"),
    ],
)  # fmt: skip
def test_a_wrong_total_fails_with_the_difference(changed_city, today, path, change, ids, difference):  # noqa: PLR0917
    found = failed(reconcile(changed_city({path: change}), today))
    assert set(found) == ids
    assert {check.difference for check in found.values()} == {difference}


def test_an_area_that_is_not_that_of_the_city_fails(changed_city, today):
    found = failed(
        reconcile(
            changed_city({"records/city.toml": ('area_km2_published = "24', 'area_km2_published = "29')}),
            today,
        )
    )
    assert set(found) == {"area:city"}
    assert found["area:city"].difference == "-5.00"


def test_overlapping_outlines_fail(changed_city, today):
    path = "boundaries/districts.geojson"
    collection = json.loads(fictional.files()[path])
    collection["features"][3]["geometry"] = json.loads(shapely.to_geojson(fictional.box(4, 1, 6, 2.5)))
    moved = changed_city({path: json.dumps(collection).encode()})
    assert set(failed(reconcile(moved, today))) == {"outlines:overlap"}


def test_a_difference_of_two_publications_is_a_note(changed_city, today):
    checks = reconcile(
        changed_city({"population/city_register_series.csv": ("2019,2300", "2019,2301")}), today
    )
    assert not failed(checks)
    assert {check.id: check.difference for check in checks}["register_series:2019-01-01"] == "+1"


def test_every_file_is_proven_and_a_broken_one_named(tmp_path):
    data = fictional.write(tmp_path, fictional.files())
    assert {check.outcome for check in check_files(data)} == {"pass"}
    (data / "records" / "centres.csv").write_bytes(b"a\n")
    (data / "population" / "census2020.csv").unlink()
    assert set(failed(check_files(data))) == {"file:centres", "file:census2020_small_areas"}
    (data / "records" / "SOURCE.toml").unlink()
    with pytest.raises(DataFileError, match="SOURCE"):
        check_files(data)


def test_a_report_counts_outcomes_and_is_ok_when_none_failed():
    checks = [Check("a", "甲", "1", "1", "0", "pass"), Check("b", "乙", "1", "2", "+1", "note", "説明")]
    assert summary(checks) == "合 1 件、否 0 件、差あり(既知) 1 件"
    assert json.loads(checks_json(checks))["ok"] is True
    broken = [*checks, Check("c", "丙", "1", "0", "-1", "fail")]
    report = json.loads(checks_json(broken))
    assert report["ok"] is False
    assert [one["outcome"] for one in report["checks"]] == ["pass", "note", "fail"]
    assert report["checks"][2]["difference"] == "-1"
    assert "否 1 件" in checks_text(broken)


def test_every_check_has_its_own_id_when_two_censuses_are_published_by_area(changed_city, today):
    line = "area,架空町,2020-10-01,国勢調査,,1500,560,published"
    older = "area,架空町,2010-10-01,国勢調査,,1610,540,published"
    city = changed_city({"population/areas_and_city.csv": (line, f"{older},架空の値,架空の資料\n{line}")})
    ids = [check.id for check in reconcile(city, today)]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("population/areas_and_city.csv", "area,架空町,2020", "area,架空無町,2020"),
        ("population/areas_and_city.csv", "city,架空市,2019", "city,架空市,2018"),
        ("records/city.toml", 'dataset = "census2020', 'dataset = "census2021'),
    ],
)
def test_a_published_figure_of_something_unknown_fails_its_check(changed_city, today, path, old, new):
    assert failed(reconcile(changed_city({path: (old, new)}), today))
