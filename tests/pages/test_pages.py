"""Every page as its script: no exception, Japanese, and one calm box when something is wrong."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
PAGES = {"総覧": "overview", "試算": "trial", "出典": "sources", "検査": "checks"}
HEADINGS = {"overview": "一関市の地区の地図", "trial": "配分試算", "sources": "出典", "checks": "検査"}
BUDGET, PERCENT = "予算(円)", "均等割の割合(%)"
BROKEN = "population/census_small_areas_2020.csv"


@pytest.fixture(autouse=True)
def _fresh_cache():
    # Pages keep the city for all readers; a test that breaks the data must not leave it to the next, nor get it
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def run(monkeypatch):
    """Open a page as its reader does, through the frame: run(name) -> AppTest."""
    monkeypatch.chdir(ROOT)

    def open_page(name):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        app.run()
        if name != "overview":
            app.switch_page(f"kyodo_geo/views/{name}.py").run()
        return app

    return open_page


def html_of(app):
    """Return all HTML of a page in order, without the style sheet."""
    parts = [one.proto.body for one in app.get("html")]
    return "\n".join(part for part in parts if not part.startswith("<style>"))


def text_of(app):
    return re.sub(r"<[^>]+>", " ", html_of(app))


def enter(app, **amounts):
    """Type amounts into the form by their labels and run the page."""
    labels = {
        "budget": BUDGET,
        "percent": PERCENT,
        "equal": "均等割(1地区当たり、円)",
        "per_head": "地域割の単価(1人当たり、円)",
    }
    for name, text in amounts.items():
        next(field for field in app.text_input if field.label == labels[name]).set_value(text)
    return app.run()


def sums_of(app):
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?) <small>", html_of(app))
    return {name: int(text.replace(",", "").replace("−", "-")) for name, text in pairs}


@pytest.mark.parametrize("name", PAGES.values(), ids=list(PAGES))
def test_runs_without_an_exception(run, name):
    app = run(name)
    assert not app.exception
    assert not app.error
    assert "kg-error" not in html_of(app)


@pytest.mark.parametrize("name", PAGES.values(), ids=list(PAGES))
def test_has_one_japanese_title(run, name):
    titles = re.findall(r"<h1[^>]*>(.*?)</h1>", html_of(run(name)))
    assert titles == [HEADINGS[name]]


@pytest.mark.parametrize("name", PAGES.values(), ids=list(PAGES))
def test_runs_again_without_an_exception(run, name):
    app = run(name).run()
    assert not app.exception


def test_every_file_page_is_tested():
    files = {path.stem for path in (ROOT / "kyodo_geo/views").glob("*.py")} - {"__init__", "context"}
    assert files == set(PAGES.values())


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


def test_the_form_opens_empty_with_a_hint(run):
    app = run("trial")
    assert [field.value for field in app.text_input] == ["", ""]
    assert "金額を入れると" in app.info[0].value
    assert not sums_of(app)


@pytest.mark.parametrize("number", [0, 1])
def test_an_example_fills_the_form_and_is_marked(run, number):
    app = run("trial")
    app.button(key=f"example_{number}").click().run()
    assert not app.exception
    assert all(field.value for field in app.text_input)
    assert "例・架空の額" in html_of(app)
    assert "試算" in html_of(app)
    assert not app.info


def test_the_sums_add_up_and_the_budget_is_met(run):
    app = enter(run("trial"), budget="20,000,000", percent="50")
    sums = sums_of(app)
    assert sums["予算"] == 20_000_000
    assert sums["予算"] == sums["配分額の合計"] + sums["端数処理による残り"]
    assert "例・架空の額" not in html_of(app)


def test_an_amount_that_was_changed_is_no_example(run):
    app = run("trial")
    app.button(key="example_0").click().run()
    enter(app, budget="30,000,000")
    assert sums_of(app)["予算"] == 30_000_000
    assert "例・架空の額" not in html_of(app)


def test_the_form_can_be_emptied(run):
    app = run("trial")
    app.button(key="example_0").click().run()
    next(button for button in app.button if button.label == "入力を消す").click().run()
    assert [field.value for field in app.text_input] == ["", ""]
    assert app.info


@pytest.mark.parametrize("way", ["budget_percent", "budget_equal", "rates"])
def test_every_way_gives_a_result(run, way):
    app = run("trial")
    app.radio(key="way").set_value(way).run()
    amounts = {
        "budget_percent": {"budget": "20000000", "percent": "33.3"},
        "budget_equal": {"budget": "20000000", "equal": "300000"},
        "rates": {"equal": "300000", "per_head": "100"},
    }[way]
    enter(app, **amounts)
    assert not app.exception
    assert sums_of(app)["配分額の合計"] > 0


def test_the_largest_remainder_leaves_nothing(run):
    app = run("trial")
    app.selectbox(key="leftover").set_value("largest-remainder").run()
    enter(app, budget="19999999", percent="50")
    assert sums_of(app)["端数処理による残り"] == 0
    assert sums_of(app)["配分額の合計"] == 19_999_999


@pytest.mark.parametrize(
    ("amounts", "word"),
    [
        ({"budget": "-1", "percent": "50"}, "負の数"),
        ({"budget": "1.5", "percent": "50"}, "端数"),
        ({"budget": "たくさん", "percent": "50"}, "「たくさん」"),
        ({"budget": "1000", "percent": "101"}, "使えません"),
        ({"budget": "1000", "percent": "半分"}, "「半分」"),
        ({"budget": "<script>alert(1)</script>", "percent": "1"}, "&lt;script&gt;"),
    ],
)
def test_bad_amounts_get_one_calm_box(run, amounts, word):
    app = enter(run("trial"), **amounts)
    assert not app.exception
    assert html_of(app).count('class="kg-error"') == 1
    assert word in html_of(app)
    assert "対処" in html_of(app)
    assert not sums_of(app)


@pytest.mark.parametrize("leftover", ["report", "largest-remainder"])
@pytest.mark.parametrize("direction", ["floor", "ceil", "half-up"])
def test_every_combination_gives_a_result_or_a_reason(run, direction, leftover):
    app = run("trial")
    app.selectbox(key="direction").set_value(direction)
    app.selectbox(key="leftover").set_value(leftover).run()
    enter(app, budget="20000000", percent="50")
    assert not app.exception
    assert bool(sums_of(app)) != ("kg-error" in html_of(app))


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
