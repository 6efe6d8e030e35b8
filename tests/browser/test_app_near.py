"""近さ and 交通 in the browser: the slider repaints without the server, and what is tried out on the map comes true."""

from __future__ import annotations

import json
import re

import pytest
from fictional.gtfs import FEED, zipped
from on_map import fills, places_on_screen, remember_nodes, same_nodes, zoom_and_pan
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def near(visit):
    page = visit("reach")
    page.locator("path.ka-district").first.wait_for()
    return page


def slide(page, steps):
    """Move the slider by keyboard; every key is one step."""
    slider = page.locator("input[name=step]")
    slider.focus()
    for _ in range(abs(steps)):
        slider.press("ArrowRight" if steps > 0 else "ArrowLeft")


def marker(page, name):
    return page.locator(f'.ka-place[aria-label^="{name}"]')


def shares(page):
    return page.locator(".ka-table tbody tr").evaluate_all(
        "rows => rows.map((row) => row.cells[3].textContent)"
    )


def test_the_slider_repaints_map_table_curve_and_people(near):
    before, numbers = fills(near), shares(near)
    expect(near.locator(".ka-step")).to_have_text("800 m")
    expect(near.locator(".ka-curve circle")).to_have_count(1)
    remember_nodes(near)
    slide(near, 8)
    expect(near.locator(".ka-step")).to_have_text("2,500 m")
    assert same_nodes(near)
    assert fills(near) != before
    assert shares(near) != numbers
    expect(near.locator(".ka-legend-people")).to_contain_text("2,500 m以内")


def test_the_radius_goes_into_the_address_and_the_figures_of_the_page(near, idle):
    slide(near, 2)
    near.wait_for_url("**within=1000*")
    idle(near)
    expect(near.locator(".kg-sums")).to_contain_text("1,000 m以内")
    expect(near.locator(".ka-step")).to_have_text("1,000 m")


def test_an_indicator_without_steps_keeps_the_radius(near):
    slide(near, 2)
    near.locator("select[name=indicator]").select_option("mean_distance")
    expect(near.locator("input[name=step]")).to_be_disabled()
    near.locator("select[name=indicator]").select_option("share_within")
    expect(near.locator(".ka-step")).to_have_text("1,000 m")


def test_a_centre_is_closed_by_a_click_and_restored_by_another(near, idle):
    marker(near, "一関市永井市民センター").click()
    box = near.get_by_role("dialog", name="一関市永井市民センター")
    expect(box).to_contain_text("洪水のとき: 使える")
    remember_nodes(near)
    here = places_on_screen(near)
    box.get_by_role("button", name="閉じてみる").click()
    near.wait_for_url("**close=12*")
    idle(near)
    expect(near.get_by_text("もしもの結果:")).to_be_visible()
    assert same_nodes(near)
    assert places_on_screen(near) == here
    near.get_by_role("tab", name="もしもの変化").click()
    expect(near.get_by_role("region", name=re.compile("最も遠くなる所"))).to_contain_text("永井")
    marker(near, "一関市永井市民センター").click()
    near.get_by_role("dialog").get_by_role("button", name="元に戻す").click()
    expect(near.get_by_text("もしもの結果:")).to_have_count(0)
    expect(near).not_to_have_url(re.compile("close="))


def test_a_facility_is_put_where_the_map_is_clicked_and_zoom_stays(near, idle):
    zoom_and_pan(near)
    here = places_on_screen(near)
    near.get_by_role("button", name="ここに置いてみる").click()
    expect(near.locator(".ka-status")).to_contain_text("置く所を地図の上で押してください")
    box = near.locator(".ka-map").bounding_box()
    near.mouse.click(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.4)
    near.wait_for_url("**open=*")
    idle(near)
    expect(near.get_by_text("もしも: 新しい施設 1")).to_be_visible()
    expect(marker(near, "新しい施設 1")).to_have_count(1)
    assert places_on_screen(near) == here
    near.get_by_role("button", name="元に戻す", exact=True).click()
    expect(marker(near, "新しい施設 1")).to_have_count(0)


def test_placing_works_by_keyboard_and_can_be_left(near, idle):
    near.get_by_role("button", name="ここに置いてみる").click()
    near.keyboard.press("Escape")
    expect(near.locator(".ka-status")).to_have_text("")
    near.get_by_role("button", name="ここに置いてみる").click()
    near.keyboard.press("Enter")
    near.wait_for_url("**open=*")
    idle(near)
    expect(near.get_by_text("もしも: 新しい施設 1")).to_be_visible()


def test_a_place_is_opened_and_left_by_keyboard(near):
    pin = marker(near, "一関市真柴市民センター")
    pin.focus()
    near.keyboard.press("Enter")
    box = near.get_by_role("dialog", name="一関市真柴市民センター")
    expect(box.get_by_role("button", name="閉じてみる")).to_be_focused()
    near.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(pin).to_be_focused()


def test_a_centre_is_moved_to_a_point(near, idle):
    marker(near, "一関市室根市民センター").click()
    near.get_by_role("dialog").get_by_role("button", name="動かしてみる").click()
    near.keyboard.press("Enter")
    near.wait_for_url("**move=32*")
    idle(near)
    expect(near.get_by_text("もしも: 32 一関市室根市民センター を動かす")).to_be_visible()


def test_the_change_can_be_seen_on_the_map(visit):
    page = visit("reach?close=12")
    page.locator("path.ka-district").first.wait_for()
    page.get_by_label("変化を表示").check()
    expect(page.locator(".ka-legend-people")).to_contain_text("遠くなる")


def test_a_person_dot_tells_who_and_how_far(near):
    box = near.locator(".ka-map").bounding_box()
    spot = near.evaluate(
        """() => {
          const map = document.querySelector(".ka-map");
          const from = map.getBoundingClientRect();
          for (let y = 60; y < from.height - 40; y += 3) for (let x = from.width * 0.6; x < from.width - 40; x += 3) {
            map.dispatchEvent(new MouseEvent("mousemove", { clientX: from.x + x, clientY: from.y + y, bubbles: true }));
            if (map.classList.contains("is-on-dot")) return [x, y];
          }
          return null;
        }"""
    )
    assert spot
    near.mouse.move(box["x"] + spot[0], box["y"] + spot[1])
    expect(near.locator(".ka-dot-tip")).to_contain_text("最寄り: ")
    expect(near.locator(".ka-dot-tip")).to_contain_text("直線距離")


def test_on_a_phone_the_map_comes_before_the_form(visit):
    page = visit("reach", **PHONE)
    page.locator("path.ka-district").first.wait_for()
    tops = [page.locator(one).bounding_box()["y"] for one in (".ka-map", ".st-key-reach_facilities")]
    assert tops == sorted(tops)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_timetable_opened_in_the_page_is_counted_and_drawn(visit, idle):
    page = visit("transit")
    expect(page.get_by_text("時刻表がまだ開かれていません")).to_be_visible()
    page.locator('.st-key-visit_gtfs_upload input[type="file"]').set_input_files(
        {"name": "架空.zip", "mimeType": "application/zip", "buffer": zipped(FEED)}
    )
    expect(page.get_by_text("有効期間が過ぎています", exact=False).first).to_be_visible()
    idle(page)
    page.locator("path.ka-district").first.wait_for()
    expect(page.locator(".ka-place-stop")).to_have_count(7)
    page.get_by_role("tab", name="停留所").click()
    expect(page.get_by_role("region", name=re.compile("停留所 7 か所"))).to_contain_text("架空駅")


def test_a_symbol_hit_while_placing_gives_its_point_and_opens_no_box(near, idle):
    near.get_by_role("button", name="ここに置いてみる").click()
    marker(near, "一関市永井市民センター").click()
    near.wait_for_url("**open=*")
    idle(near)
    expect(near.get_by_role("dialog")).to_have_count(0)
    expect(near.get_by_text("もしも: 新しい施設 1")).to_be_visible()


def test_the_keyboard_stays_on_the_symbol_when_a_what_if_has_been_calculated(near, idle):
    marker(near, "一関市永井市民センター").focus()
    near.keyboard.press("Enter")
    near.keyboard.press("Enter")  # on 閉じてみる
    near.wait_for_url("**close=12*")
    idle(near)
    expect(marker(near, "一関市永井市民センター")).to_be_focused()


@pytest.mark.parametrize("within", ["1,234 m", "800 m", "40,000 m"])
def test_map_and_figures_speak_of_the_same_radius_whatever_the_address_says(visit, within):
    page = visit(f"reach?within={within.removesuffix(' m').replace(',', '')}")
    page.locator("path.ka-district").first.wait_for()
    expect(page.locator(".ka-step")).to_have_text(within)
    expect(page.locator(".kg-sums")).to_contain_text(f"{within}以内")
    share = page.locator(".kg-sums dd").first.inner_text().split(" ")[0]
    expect(page.locator(".ka-panel .ka-figure-number")).to_have_text(share)


def test_the_browsers_back_button_takes_the_map_with_it(near, idle):
    slide(near, 2)
    near.wait_for_url("**within=1000*")
    idle(near)
    near.go_back()
    expect(near.locator(".kg-sums")).to_contain_text("800 m以内")
    expect(near.locator(".ka-step")).to_have_text("800 m")


def test_metres_and_minutes_are_never_mixed(near, idle):
    roads = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"highway": "primary"}, "geometry": {"type": "LineString", "coordinates": line}}
            for line in ([[140.9, 38.93], [141.5, 38.93]], [[141.13, 38.75], [141.13, 39.1]], [[141.35, 38.8], [141.35, 39.1]])
        ],
    }  # fmt: skip
    near.get_by_text("ファイルを開く(施設の一覧、道路)").click()
    near.locator('.st-key-visit_roads_upload input[type="file"]').set_input_files(
        {"name": "道路.geojson", "mimeType": "application/geo+json", "buffer": json.dumps(roads).encode()}
    )
    expect(near.get_by_text("道路の線 3", exact=False).first).to_be_visible()
    idle(near)
    for measure, unit in (("道路の所要時間", "15分"), ("直線距離", "800 m")):
        near.locator(".st-key-reach_measure").get_by_role("combobox").click()
        near.get_by_role("option", name=measure, exact=True).click()
        expect(near.locator(".kg-sums")).to_contain_text(f"{unit}以内")
        # While the server works, the map of the other unit still stands: in the end there is one
        expect(near.locator(".ka-step")).to_have_text([unit])
