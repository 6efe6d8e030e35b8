"""Every page as its script: no exception, Japanese, and one calm box when something is wrong."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from opened import PAGES, ROOT, errors_of, go_to, html_of, press, text_of
from streamlit.testing.v1 import AppTest

HEADINGS = {"overview": "一関市の地区の地図", "trial": "配分試算", "sources": "出典", "checks": "検査"}
# Parts of pages that have no page of their own
SHARED = {
    "__init__", "context", "granting", "form_state", "trial_form", "one_unit", "addressed", "opening", "visit_files", "reach_map",
    "reach_form", "reach_results", "reach_site", "transit_form", "transit_results", "transit_trips", "transit_tabs", "brought",
    "theme_map", "priority_form", "side_by_side_form", "ageing_form", "ageing_tabs", "ageing_files",
    "vacancy_form", "vacancy_known", "vacancy_list", "vacancy_map",
    "staff", "councils_activity", "councils_edit", "councils_file", "councils_form", "councils_history",
}  # fmt: skip
BROKEN = "population/census_small_areas_2020.csv"


@pytest.mark.parametrize("name", PAGES.values(), ids=list(PAGES))
def test_runs_without_an_exception(run, name):
    app = run(name)
    assert not app.exception
    assert not app.error
    assert "kg-error" not in html_of(app)


@pytest.mark.parametrize("name", PAGES.values(), ids=list(PAGES))
def test_has_one_japanese_title(run, name):
    titles = re.findall(r"<h1[^>]*>(.*?)</h1>", html_of(run(name)))
    assert len(titles) == 1
    assert HEADINGS.get(name, titles[0]) == titles[0]
    assert re.search("[ぁ-んァ-ヶ一-龠]", titles[0])


@pytest.mark.parametrize("name", PAGES.values(), ids=list(PAGES))
def test_runs_again_without_an_exception(run, name):
    app = run(name).run()
    assert not app.exception


def test_every_file_page_is_tested():
    files = {path.stem for path in (ROOT / "kyodo_geo/views").glob("*.py")} - SHARED
    assert files == set(PAGES.values())


@pytest.mark.parametrize("name", PAGES.values(), ids=list(PAGES))
def test_runs_for_another_city(run, fictional, name):
    app = run(name)
    assert not app.exception
    assert "kg-error" not in html_of(app)
    assert "一関市の地区" not in text_of(app)


@pytest.mark.parametrize("name", PAGES.values(), ids=list(PAGES))
def test_nothing_made_up_reaches_a_page_nobody_asked_for_it(run, name):
    app = run(name)
    assert "架空" not in text_of(app)
    for component in app.get("bidi_component"):
        assert "架空" not in json.dumps(json.loads(component.proto.json or "null"), ensure_ascii=False)
        assert '"fictional"' not in component.proto.json


@pytest.mark.parametrize("name", ["overview", "side_by_side", "ageing", "transit", "vacancy"])
def test_the_sample_shows_as_made_up_and_goes_with_one_click(run, name):
    app = press(run("priority"), "体験用データで見る(架空)")
    app = go_to(app, name)
    assert errors_of(app) == []
    assert "架空のファイルを開いています" in text_of(app)
    maps = [
        one.proto.json
        for one in app.get("bidi_component")
        if one.proto.component_name.endswith("kyodo_atlas")
    ]
    assert all('"fictional": true' in text or '"fictional":true' in text for text in maps)
    app = press(app, "体験用データを消す")
    assert "架空" not in text_of(app)
    assert all('"fictional"' not in one.proto.json for one in app.get("bidi_component"))


def test_files_of_the_reader_come_back_when_the_sample_is_closed(run):
    app = run("ageing")
    app.session_state["brought_ages_all_kept"] = {"自分の表.csv": "地区,0～64歳,65歳以上\n".encode()}
    app = press(app.run(), "体験用データで見る(架空)")
    assert "自分の表.csv" not in app.session_state["brought_ages_all_kept"]
    app = press(app, "体験用データを消す")
    assert list(app.session_state["brought_ages_all_kept"]) == ["自分の表.csv"]


def test_a_list_of_the_reader_is_not_taken_for_the_whole_city_beside_the_sample(run):
    app = press(run("vacancy"), "体験用データで見る(架空)")
    name, content = app.session_state["brought_vacancy_kept"]
    part = b"\r\n".join(content.replace("架空".encode(), b"").split(b"\r\n")[:200])
    app.session_state["brought_vacancy_kept"] = (name.replace("架空_", ""), part)
    assert "不明(この表に行がない)" in text_of(app.run())


def test_transit_offers_the_sample_where_there_is_no_timetable(run):
    app = press(run("transit"), "体験用データで見る(架空)")
    assert errors_of(app) == []
    assert "時刻表がまだ開かれていません" not in text_of(app)


def test_the_map_component_gets_every_district(run):
    app = run("overview")
    payload = _component_data(app, "kyodo_atlas")
    features = json.loads((ROOT / "data/boundaries/districts.geojson").read_text("utf-8"))["features"]
    assert {one["code"] for one in payload["districts"]} == {
        one["properties"]["district_code"] for one in features
    }
    assert payload["view"]["indicator"] == "population_change"


def test_an_unknown_view_in_the_address_is_named(monkeypatch):
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.query_params["district"] = "99"
    app.query_params["indicator"] = "density"
    app.run()
    assert not app.exception
    assert any("地区「99」" in element.body for element in app.get("html"))
    view = _component_data(app, "kyodo_atlas")["view"]
    assert (view["indicator"], view["district"]) == ("density", None)


def _component_data(app, name):
    found = (one.proto for one in app.get("bidi_component") if one.proto.component_name.endswith(name))
    return json.loads(next(found).json)


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """A copy of the data in which one bit of one figure was changed."""
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    content = bytearray((data / BROKEN).read_bytes())
    content[-3] ^= 1
    (data / BROKEN).write_bytes(content)
    monkeypatch.setenv("KYODO_GEO_DATA", str(data))
    return data


@pytest.mark.parametrize("name", PAGES.values(), ids=list(PAGES))
def test_broken_data_is_named_on_every_page(run, broken, name):
    app = run(name)
    assert not app.exception
    assert BROKEN in text_of(app)
    assert "対処" in text_of(app)
    assert not app.get("bidi_component") or "kyodo_atlas" not in str(app.get("bidi_component"))


@pytest.mark.parametrize("name", PAGES.values(), ids=list(PAGES))
def test_a_missing_data_folder_is_named_on_every_page(run, tmp_path, monkeypatch, name):
    monkeypatch.setenv("KYODO_GEO_DATA", str(tmp_path / "どこにもない"))
    app = run(name)
    assert not app.exception
    assert "どこにもない" in text_of(app)
