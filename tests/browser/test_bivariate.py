"""Two indicators on one map, and what the map says of weak and of fictional figures; in a file and in the app."""

from __future__ import annotations

import copy
import json
import re
from bisect import bisect_right
from datetime import date

import pytest
from on_map import all_linked, chosen, fills, path_of, row_of
from playwright.sync_api import expect

from kyodo_geo.city import City
from kyodo_geo.compose import map_payload
from kyodo_geo.present.map.page import map_page

FIRST, SECOND = "population_change", "household_size"
TWO = f"#indicator={FIRST}&second={SECOND}&year=2020"
BAND = "架空 — 体験用データ。実際の数字ではありません"


@pytest.fixture(scope="module")
def payload():
    return map_payload(City.load(), date(2026, 4, 1))


@pytest.fixture
def open_map(desk, tmp_path):
    """Open a payload as a file, at an address in it."""

    def opened(payload, address="", **options):
        path = tmp_path / "地図.html"
        path.write_text(map_page(payload), encoding="utf-8")
        page = desk.context("file://", **options).new_page()
        page.goto(path.as_uri() + address)
        page.locator("path.ka-district").first.wait_for()
        return page

    return opened


def indicator_of(payload, name):
    return next(one for one in payload["indicators"] if one["id"] == name)


def newest(payload, name):
    return indicator_of(payload, name)["years"][-1]


def classes_of_two(payload):
    """Return the place of each district among the nine colours, from the payload alone."""
    across, up = (
        {
            code: bisect_right(indicator_of(payload, name)["thirds"], value)
            for code, value in newest(payload, name)["values"].items()
        }
        for name in (FIRST, SECOND)
    )
    return {code: up[code] * 3 + across[code] for code in across}


def test_choosing_a_second_indicator_colours_by_both(open_map, payload):
    page = open_map(payload)
    before = fills(page)
    page.locator("select[name=second]").select_option(SECOND)
    colors = payload["bivariate"]["colors"]
    expected = {code: colors[place] for code, place in classes_of_two(payload).items()}
    assert fills(page) == expected != before
    assert f"second={SECOND}" in page.url
    page.locator("select[name=second]").select_option("")
    assert fills(page) == before
    assert "second=" not in page.url


def test_the_square_counts_every_district_and_names_both_axes(open_map, payload):
    page = open_map(payload, TWO)
    places = list(classes_of_two(payload).values())
    counts = page.locator(".ka-square .ka-legend-count").all_text_contents()
    assert [int(count) for count in counts] == [places.count(place) for place in range(9)]
    legend = page.locator(".ka-legend").inner_text()
    for name in (FIRST, SECOND):
        one = indicator_of(payload, name)
        assert f"{one['label']}（{one['unit']}）" in legend
        for edge in one["thirds"]:
            assert f"{abs(edge):,.{one['decimals']}f}" in legend
    texts = page.locator(".ka-square svg text").all_text_contents()
    assert texts.count("低い") == texts.count("高い") == 2


def test_tooltip_panel_and_table_show_both_values(open_map, payload):
    page = open_map(payload, f"{TWO}&district=31")
    texts = [
        f"{abs(newest(payload, name)['values']['31']):.{indicator_of(payload, name)['decimals']}f}"
        for name in (FIRST, SECOND)
    ]
    assert chosen(page) == all_linked("31")
    assert [text.lstrip("−+") for text in page.locator(".ka-figure-number").all_inner_texts()] == texts
    assert page.locator(".ka-figure .ka-mark").all_inner_texts() == ["推計", "推計"]
    expect(page.locator("thead th.is-current")).to_have_count(3)
    assert "・" in row_of(page, "31").locator(".ka-both").inner_text()
    box = page.locator('.ka-label[data-label="31"]').bounding_box()
    page.mouse.move(box["x"], box["y"])
    for text in texts:
        expect(page.locator(".ka-tip")).to_contain_text(text)
    spoken = path_of(page, "31").get_attribute("aria-label")
    assert all(text in spoken for text in texts)


def test_the_table_can_be_sorted_by_both_and_keeps_the_choice(open_map, payload):
    page = open_map(payload, f"{TWO}&district=31")
    page.locator('button[data-sort="both"]').click()
    rows = page.locator(".ka-table tbody tr")
    order = rows.evaluate_all("rows => rows.map((row) => row.dataset.code)")
    places = classes_of_two(payload)
    keys = [(places[code] % 3, places[code] // 3) for code in order]
    assert keys == sorted(keys, reverse=True)
    page.locator("select[name=second]").select_option("")
    expect(page.locator('button[data-sort="both"]')).to_have_count(0)
    assert chosen(page) == all_linked("31")


@pytest.mark.parametrize("second", ["nai", FIRST, "management"])
def test_what_cannot_be_laid_over_is_left_out_without_a_word(open_map, payload, second):
    page = open_map(payload, f"#indicator={FIRST}&second={second}")
    assert page.locator("select[name=second]").input_value() == ""
    assert page.locator(".ka-square").count() == 0


def test_a_status_has_nothing_laid_over_it(open_map, payload):
    page = open_map(payload, TWO)
    page.locator("select[name=indicator]").select_option("management")
    expect(page.locator("select[name=second]")).to_be_disabled()
    assert page.locator(".ka-square").count() == 0


def test_without_a_second_numeric_indicator_there_is_no_choice(open_map, payload):
    alone = {key: value for key, value in payload.items() if key != "bivariate"}
    page = open_map(alone, TWO)
    expect(page.locator("select[name=second]")).to_be_hidden()
    assert page.locator(".ka-square").count() == 0


def test_unknown_in_either_is_hatched_and_said(open_map, payload):
    changed = copy.deepcopy(payload)
    for name, codes in ((FIRST, ("11", "31")), (SECOND, ("21", "31"))):
        for code in codes:
            newest(changed, name)["values"][code] = None
            newest(changed, name)["reasons"][code] = "公表資料なし"
    page = open_map(changed, TWO)
    shown = fills(page)
    assert len({shown[code] for code in ("11", "21", "31")}) == 3
    assert all(shown[code].startswith("url(#") for code in ("11", "21", "31"))
    legend = page.locator(".ka-legend").inner_text()
    labels = [indicator_of(payload, name)["label"] for name in (FIRST, SECOND)]
    for text in (*labels, "両方"):
        assert f"不明: {text}" in legend
        assert any(text in row for row in page.locator(".ka-both").all_inner_texts() if "不明" in row)


@pytest.fixture
def weak(payload):
    """A payload with a weak rate in one district and spans of places."""
    changed = copy.deepcopy(payload)
    year = newest(changed, FIRST)
    year["weak"] = ["31"]
    year["ranks"] = {code: [at, at] for at, code in enumerate(year["values"], 1)} | {"31": [12, 19]}
    changed["weak_below"] = 100
    return changed


@pytest.mark.parametrize("address", ["", TWO])
def test_a_weak_rate_keeps_its_colour_under_a_hatch_and_is_said_everywhere(open_map, payload, weak, address):
    plain = fills(open_map(payload, address))
    page = open_map(weak, address)
    shown = fills(page)
    assert {code for code in plain if shown[code] != plain[code]} == {"31"}
    pattern = page.locator(f"pattern{shown['31'][4:-1]} rect")
    assert pattern.get_attribute("fill") == plain["31"]
    assert "斜線: 100人未満から計算した率。順位は幅で示す" in page.locator(".ka-legend").inner_text()
    row_of(page, "31").click()
    assert "12〜19番目" in page.locator(".ka-panel .ka-rank").first.inner_text()
    expect(page.locator(".ka-panel .ka-panel-head")).to_contain_text("100人未満から計算した率")
    assert row_of(page, "31").locator(".ka-cell-note").inner_text() == "100人未満・12〜19番目"
    box = page.locator('.ka-label[data-label="31"]').bounding_box()
    page.mouse.move(box["x"], box["y"])
    expect(page.locator(".ka-tip")).to_contain_text("100人未満から計算した率、12〜19番目")


def test_nothing_is_said_of_weak_rates_where_there_are_none(open_map, payload):
    page = open_map(payload)
    assert "斜線" not in page.locator(".ka-legend").inner_text()
    assert page.locator(".ka-cell-note").count() == 0


def test_fictional_figures_have_a_band_across_the_map_also_in_print(open_map, payload):
    changed = copy.deepcopy(payload)
    newest(changed, SECOND)["mark"] = "架空"
    changed["fictional"] = True
    page = open_map(changed)
    band = page.locator(".ka-map-frame > .ka-band")
    expect(page.locator(".ka-band-all")).to_be_visible()
    expect(band).to_be_hidden()
    page.locator("select[name=second]").select_option(SECOND)
    expect(band).to_have_text(BAND)
    expect(page.locator(".ka-legend-title + * + .ka-mark")).to_have_text("架空")
    assert "架空" in page.locator(f'th[data-column="{SECOND}"] .ka-head-year').inner_text()
    page.emulate_media(media="print")
    expect(band).to_be_visible()
    expect(page.locator(".ka-band-all")).to_be_visible()


def test_published_figures_have_neither_mark_nor_band(open_map, payload):
    changed = json.loads(re.sub(r'"mark(_\w+)?": "[^"]*"', r'"mark\1": ""', json.dumps(payload)))
    page = open_map(changed, f"{TWO}&district=31")
    assert page.locator(".ka-mark").count() == 0
    expect(page.locator(".ka-band").first).to_be_hidden()
    expect(page.locator(".ka-map-frame > .ka-band")).to_be_hidden()


def test_on_a_phone_nothing_is_wider_than_the_screen(open_map, payload):
    page = open_map(payload, TWO, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    box = page.locator(".ka-square svg").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_the_choice_travels_in_the_address_of_the_app(visit, idle):
    page = visit(f"?indicator={FIRST}&second={SECOND}&district=31")
    expect(page.locator("select[name=second]")).to_have_value(SECOND)
    page.locator("select[name=second]").select_option("density")
    page.wait_for_url("**second=density*")
    idle(page)
    expect(page.locator("select[name=second]")).to_have_value("density")
    page.locator("select[name=second]").select_option("")
    page.wait_for_url(re.compile(r"^(?!.*second=)"))
    idle(page)
    expect(page.locator("select[name=second]")).to_have_value("")


def test_the_browsers_back_button_takes_the_second_indicator_away_again(visit, idle):
    page = visit(f"?indicator={FIRST}&district=31")
    page.locator("select[name=second]").select_option(SECOND)
    page.wait_for_url(f"**second={SECOND}*")
    idle(page)
    page.go_back()
    expect(page.locator("select[name=second]")).to_have_value("")
    assert chosen(page) == all_linked("31")
