"""総覧: the map, its controls, the table and the panel are one view."""

from __future__ import annotations

import re

import pytest
from on_map import (
    SETTLED_MS,
    all_linked,
    choose_indicator,
    chosen,
    click_on_map,
    fills,
    path_of,
    places_on_screen,
    remember_nodes,
    row_of,
    same_nodes,
    zoom_and_pan,
)
from playwright.sync_api import expect

INDICATORS = {
    "population_change", "household_change", "population", "households", "density", "household_size", "km2", "management",
}  # fmt: skip


@pytest.fixture
def overview(visit):
    return visit()


def figures(page):
    """Return the three figures of the panel by level, without unit and marks."""
    levels = ("district", "area", "city")
    texts = {level: page.locator(f".ka-bars-{level} .ka-bars-value").inner_text() for level in levels}
    return {level: re.match(r"\S+", text).group() for level, text in texts.items()}


def test_every_district_of_the_data_is_painted(overview, outlines):
    painted = fills(overview)
    assert painted.keys() == outlines.keys()
    assert all(colour.startswith(("#", "url(#")) for colour in painted.values())
    assert all(float(width) > 0 and float(height) > 0 for *_, width, height in places_on_screen(overview))


def test_the_map_is_not_blank(overview, outlines):
    """A path may stand in the document and not be seen: the middle of each name must lie on its own district."""
    hits = overview.evaluate(
        """codes => codes.filter((code) => {
          const box = document.querySelector(`.ka-label[data-label="${code}"]`).getBoundingClientRect();
          const under = document.elementsFromPoint(box.x, box.y);
          return under.some((node) => node.dataset && node.dataset.code === code);
        })""",
        list(outlines),
    )
    # The legend lies on the lower left of the map, beside the city
    assert set(hits) == set(outlines)


def test_every_indicator_can_be_chosen(overview):
    offered = overview.locator("select[name=indicator] option").evaluate_all(
        "found => found.map((one) => one.value)"
    )
    assert set(offered) >= INDICATORS


def test_another_indicator_changes_everything_but_the_map_itself(overview, idle):
    zoom_and_pan(overview)
    remember_nodes(overview)
    row_of(overview, "21").click()
    overview.wait_for_url("**district=21*")
    overview.wait_for_timeout(SETTLED_MS)
    places = places_on_screen(overview)
    before = (
        fills(overview),
        overview.locator(".ka-legend").inner_text(),
        overview.locator(".ka-panel").inner_text(),
    )
    choose_indicator(overview, "density")
    idle(overview)
    overview.wait_for_timeout(SETTLED_MS)
    after = (
        fills(overview),
        overview.locator(".ka-legend").inner_text(),
        overview.locator(".ka-panel").inner_text(),
    )
    assert all(old != new for old, new in zip(before, after, strict=True))
    assert "is-current" in overview.locator('th[data-column="density"]').get_attribute("class")
    assert same_nodes(overview)
    assert places_on_screen(overview) == places
    assert chosen(overview) == all_linked("21")


def test_another_year_changes_table_and_panel(overview, idle):
    choose_indicator(overview, "population")
    row_of(overview, "21").click()
    cell = row_of(overview, "21").locator("td").nth(4)
    newest = (overview.locator(".ka-panel .ka-figure-number").inner_text(), cell.inner_text())
    overview.locator("select[name=year]").select_option("2015")
    overview.wait_for_url("**year=2015*")
    idle(overview)
    oldest = (overview.locator(".ka-panel .ka-figure-number").inner_text(), cell.inner_text())
    assert newest[0] != oldest[0]
    assert newest[1] != oldest[1]
    assert "2015" in overview.locator('th[data-column="population"]').inner_text()


def test_legend_counts_every_district_once(overview, outlines, idle):
    for name in sorted(INDICATORS):
        if overview.locator("select[name=indicator]").input_value() != name:
            choose_indicator(overview, name)
            idle(overview)
        counts = overview.locator(".ka-legend-count").all_inner_texts()
        assert sum(map(int, counts)) == len(outlines), name


def test_unknown_is_hatched_and_never_empty(overview):
    choose_indicator(overview, "management")
    spoken = overview.locator("path.ka-district").evaluate_all(
        "found => found.map((one) => [one.dataset.code, one.getAttribute('aria-label')])"
    )
    unknown = [code for code, label in spoken if "不明" in label]
    assert unknown
    assert all(colour.startswith("url(#") for code, colour in fills(overview).items() if code in unknown)
    assert "不明" in overview.locator(".ka-legend").inner_text()


def test_click_on_the_map_selects_row_panel_and_address(overview, outlines, people, idle):
    choose_indicator(overview, "population")
    click_on_map(overview, "31")
    overview.wait_for_url("**district=31*")
    idle(overview)
    assert chosen(overview) == all_linked("31")
    name, area = outlines["31"]["district"], outlines["31"]["area"]
    assert name in overview.locator(".ka-panel h2").inner_text()
    assert f"{area}地域" in overview.locator(".ka-panel h2").inner_text()
    assert figures(overview) == {
        "district": f"{people['31']:,}",
        "area": f"{people[area]:,}",
        "city": f"{people['city']:,}",
    }
    assert overview.locator(".ka-figure-number").inner_text() == f"{people['31']:,}"
    for part in ("indicator=population", "year=2020", "district=31"):
        assert part in overview.url


def test_click_on_a_row_selects_map_and_panel_and_moves_there(overview, idle):
    zoom_and_pan(overview)
    hidden = next(code for code, x, y, *_ in places_on_screen(overview) if float(x) < -200 or float(y) < -200)
    row_of(overview, hidden).click()
    overview.wait_for_url(f"**district={hidden}*")
    idle(overview)
    overview.wait_for_timeout(SETTLED_MS)
    assert chosen(overview) == all_linked(hidden)
    box, frame = path_of(overview, hidden).bounding_box(), overview.locator(".ka-map").bounding_box()
    assert box["x"] >= frame["x"] - 1
    assert box["y"] >= frame["y"] - 1


def test_the_outline_is_the_chosen_district(overview):
    row_of(overview, "12").click()
    expect(overview.locator("path.ka-outline")).to_have_count(1)
    overview.wait_for_timeout(SETTLED_MS)
    ring, path = (overview.locator("path.ka-outline").bounding_box(), path_of(overview, "12").bounding_box())
    assert all(abs(ring[key] - path[key]) < 6 for key in ("x", "y", "width", "height"))


def test_back_to_the_city(overview, idle):
    row_of(overview, "12").click()
    overview.wait_for_url("**district=12*")
    overview.locator(".ka-clear").click()
    overview.wait_for_url(re.compile(r"^(?!.*district=)"))
    idle(overview)
    assert chosen(overview) == {"panel": "", "paths": [], "rows": [], "outlines": 0}


def test_clicks_faster_than_the_server_end_on_the_last_one(overview, idle):
    for code in ("03", "05", "21", "11", "12"):
        row_of(overview, code).click()
    overview.wait_for_url("**district=12*")
    idle(overview)
    overview.wait_for_timeout(SETTLED_MS)
    assert chosen(overview) == all_linked("12")


def test_find_a_district(overview, outlines):
    typed = {"25": outlines["25"]["district"], "07": outlines["07"]["district"] + "地区", "14": "14"}
    for code, text in typed.items():
        overview.locator("input[name=district]").fill(text)
        overview.keyboard.press("Enter")
        overview.wait_for_url(f"**district={code}*")
        assert chosen(overview) == all_linked(code)


def test_a_name_that_does_not_exist_is_said_in_words(overview):
    overview.locator("input[name=district]").fill("存在しない")
    overview.keyboard.press("Enter")
    expect(overview.locator(".ka-status")).to_have_text("「存在しない」に合う地区がありません")
    assert chosen(overview)["panel"] == ""


def test_sort_by_a_column(overview, people, outlines):
    def order():
        return overview.locator(".ka-table tbody tr").evaluate_all(
            "rows => rows.map((row) => row.dataset.code)"
        )

    by_people = sorted(outlines, key=lambda code: (-people[code], code))
    overview.locator('button[data-sort="population"]').click()
    assert order() == by_people
    expect(overview.locator('th[data-column="population"]')).to_have_attribute("aria-sort", "descending")
    overview.locator('button[data-sort="population"]').click()
    assert order() == sorted(outlines, key=lambda code: (people[code], code))
    overview.locator('button[data-sort="code"]').click()
    assert order() == sorted(outlines)
    expect(overview.locator('th[data-column="population"]')).to_have_attribute("aria-sort", "none")


def test_the_table_ends_with_the_city(overview, people):
    choose_indicator(overview, "population")
    foot = overview.locator(".ka-table tfoot").inner_text()
    assert "市全体" in foot
    assert f"{people['city']:,}" in foot


def test_places_can_be_shown(overview):
    overview.locator("input[name=places]").check()
    for kind in ("centre", "branch", "station"):
        assert overview.locator(f".ka-place-{kind}").count() > 0
    overview.locator("input[name=places]").uncheck()
    assert overview.locator(".ka-place").count() == 0


def test_whole_city_brings_the_resting_view_back(overview):
    overview.wait_for_timeout(SETTLED_MS)
    resting = places_on_screen(overview)
    zoom_and_pan(overview)
    assert places_on_screen(overview) != resting
    overview.locator(".ka-fit").click()
    overview.wait_for_timeout(SETTLED_MS * 2)
    assert places_on_screen(overview) == resting


def test_sharing_gives_the_address_of_the_view(overview):
    row_of(overview, "12").click()
    overview.wait_for_url("**district=12*")
    overview.context.grant_permissions(["clipboard-read", "clipboard-write"])
    overview.locator(".ka-share").click()
    expect(overview.locator(".ka-status")).to_have_text("URLをコピーしました")
    assert overview.evaluate("navigator.clipboard.readText()") == overview.url


def test_a_tooltip_says_name_area_and_value(overview, outlines):
    choose_indicator(overview, "population")
    box = overview.locator('.ka-label[data-label="31"]').bounding_box()
    overview.mouse.move(box["x"], box["y"])
    tip = overview.locator(".ka-tip")
    expect(tip).to_contain_text(outlines["31"]["district"])
    expect(tip).to_contain_text(f"{outlines['31']['area']}地域")
    expect(tip).to_contain_text("人")


def test_sources_of_what_is_shown_stand_below(overview, manifests):
    titles = {entry["id"]: entry["title"] for entry in manifests}
    choose_indicator(overview, "population")
    assert titles["census2020_small_areas"] in overview.locator(".ka-sources").inner_text()
    overview.locator(".ka-details summary").click()
    assert "地区の線は推計です" in overview.locator(".ka-details").inner_text()


def test_the_map_downloads_as_one_file_with_its_view(overview, tmp_path, idle):
    row_of(overview, "12").click()
    overview.wait_for_url("**district=12*")
    idle(overview)  # Streamlit forgets a download that was not yet asked for at every rerun
    with overview.expect_download() as caught:
        overview.get_by_role("button", name="地図をダウンロード(HTML)").click()
    caught.value.save_as(tmp_path / "map.html")
    assert '"district":"12"' in (tmp_path / "map.html").read_text("utf-8")


def test_the_table_downloads_as_csv_with_bom(overview, outlines, people):
    with overview.expect_download() as caught:
        overview.get_by_role("button", name="地区の表をダウンロード(CSV)").click()
    raw = caught.value.path().read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = raw.decode("utf-8-sig").split("\r\n")
    assert len([line for line in lines if line]) == len(outlines) + 1
    assert str(people["31"]) in next(line for line in lines if line.startswith("31,"))
