"""Everybody can use it: by keyboard, on a phone, with a screen reader, in Japanese."""

from __future__ import annotations

import re

import pytest
from on_map import all_linked, chosen, row_of
from playwright.sync_api import expect
from running_app import RunningApp

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
PAGES = {
    "総覧": "", "試算": "trial", "比較": "compare", "前年比": "yearly", "確定": "confirm", "交付の記録": "payments",
    "規則": "rules", "近さ": "reach", "高齢化": "ageing", "交通": "transit", "空き家": "vacancy", "優先度": "priority",
    "地区の比較": "sidebyside", "協働体": "councils",
    "出典": "sources", "検査": "checks",
}  # fmt: skip
# Addresses, files, folders, and the fingerprint of a rule file
_ADDRESSES = re.compile(
    r"https?://\S+|[\w./-]+\.(?:csv|geojson|toml|json|html)\b|(?<!\w)/[\w./-]+|\b[0-9a-f]{16}\b"
)
# The number of a frozen run: eight hexadecimal digits
_RUN_IDS = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{8}(?![0-9A-Za-z])")
# File formats, keys, units, and names that are written in Latin letters in Japanese too
_KNOWN = {
    "CSV", "HTML", "URL", "km", "Ctrl", "e-Stat", "GTFS-JP", "GTFS", "JP", "N03", "CC", "BY", "SA", "BSD", "Clause",
    "Leaflet", "GRS80", "kyodo_geo", "kyodo-geo", "station_database", "BY-SA", "jp", "FY2015", "OK", "SOURCE", "toml",
    "MB", "Excel", "README", "TOML", "JSON", "GeoJSON", "GeoPackage", "GIS", "OpenStreetMap", "zip", "P11",
    "ZIP", "GPKG", "GEOJSON", "txt", "TXT", "TSV", "XLSX", "XLS", "ODS", "MIT", "idea",
    # Tables of e-Stat by their numbers, as staff ask for them
    "T001082", "T000849", "T001084", "T000851",
}  # fmt: skip
_STREAMLIT = ("Deploy", "Rerun", "Press", "Running", "Stop", "Download", "Search", "Connecting", "Traceback")


def english(text):
    """Return the words in Latin letters that are neither a file format nor an address nor a known name."""
    plain = _RUN_IDS.sub(" ", _ADDRESSES.sub(" ", text))
    words = re.findall(r"[A-Za-z][A-Za-z0-9_-]+", plain)
    return sorted(set(words) - _KNOWN)


def settle(page):
    """Give the page the moment it needs to put Streamlit's own words into Japanese."""
    page.wait_for_timeout(500)


def visible_text(page):
    """Return what can be read on the page, without Streamlit's skip link, which has a test of its own, and its icons.

    Names of repositories, publications and programs come from the data; what a source is called is not ours to say.
    """
    return page.evaluate(
        """() => {
          const ours = document.body;
          const data = [...ours.querySelectorAll('tbody, .kg-source, .kg-footer p:first-child, [data-testid="stSkipToContent"], [data-testid="stIconMaterial"]')];
          const shown = data.map((one) => one.style.display);
          data.forEach((one) => { one.style.display = "none"; });
          const text = ours.innerText;
          data.forEach((one, i) => { one.style.display = shown[i]; });
          return text;
        }"""
    )


@pytest.mark.parametrize("path", PAGES.values(), ids=list(PAGES))
def test_the_page_is_in_japanese_and_says_so(visit, path):
    page = visit(path)
    settle(page)
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    for tab in page.get_by_role("tab").all():
        tab.click()
        assert english(visible_text(page)) == []
    text = visible_text(page)
    assert [word for word in _STREAMLIT if word in text] == []
    assert english(text) == []


def test_no_english_words_while_an_amount_is_typed(visit):
    page = visit("trial")
    page.get_by_label("予算(円)").click()
    page.keyboard.type("1000")
    page.wait_for_timeout(300)
    assert english(visible_text(page)) == []


def test_an_open_list_speaks_japanese(visit):
    page = visit("trial")
    settle(page)
    page.get_by_test_id("stSelectbox").locator("input").first.click()
    settle(page)
    assert english(visible_text(page)) == []


def test_a_stopped_server_is_said_in_japanese(desk):
    with RunningApp() as short_lived:
        page = desk.context(short_lived.url).new_page()
        page.goto(short_lived.url)
        page.locator(".ka-panel").wait_for()
        settle(page)
    page.get_by_role("dialog").wait_for()
    text = visible_text(page)
    page.close()  # what the page says on the console of a lost server is no complaint
    desk.forget()
    assert english(text) == []


def test_the_first_tab_stop_speaks_japanese(visit):
    page = visit()
    settle(page)
    page.keyboard.press("Tab")
    assert english(page.evaluate("document.activeElement.textContent")) == []


@pytest.mark.parametrize("path", PAGES.values(), ids=list(PAGES))
def test_spoken_names_are_japanese(visit, path):
    page = visit(path)
    settle(page)
    names = page.locator("[aria-label], [title], [placeholder], [alt]").evaluate_all(
        """found => found.flatMap((one) => ["aria-label", "title", "placeholder", "alt"].map((name) => one.getAttribute(name) || ""))"""
    )
    # Of the keys the map's hint names, Tab is one
    assert [name for name in names if set(english(name)) - {"Tab"}] == []


def test_keyboard_alone_chooses_a_district(visit):
    page = visit()
    focused = ""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate('document.activeElement.closest("path.ka-district")?.dataset.code ?? ""')
        if focused:
            break
    assert focused, "no district within 60 Tab stops"
    page.keyboard.press("Tab")
    second = page.evaluate("document.activeElement.dataset.code")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**district={second}*")
    assert chosen(page) == all_linked(second)
    assert page.evaluate("document.activeElement.dataset.code") == second  # focus is not lost by the rerun


def test_keyboard_alone_chooses_a_row(visit):
    page = visit()
    row_of(page, "01").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**district=02*")
    assert chosen(page) == all_linked("02")


def test_the_map_can_be_skipped(visit):
    page = visit()
    page.locator(".ka-skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate('document.activeElement.classList.contains("ka-table")')


def test_every_district_has_a_spoken_name_with_its_value(visit, outlines):
    page = visit()
    for code, properties in outlines.items():
        label = page.locator(f'path.ka-district[data-code="{code}"]').get_attribute("aria-label")
        assert label.startswith(properties["district"])
        assert re.search(r"[\d不]", label)


@pytest.mark.parametrize("path", PAGES.values(), ids=list(PAGES))
def test_a_phone_shows_no_page_wider_than_itself(visit, path):
    page = visit(path)
    page.set_viewport_size(PHONE["viewport"])
    page.wait_for_timeout(200)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert page.evaluate("innerWidth") == PHONE["viewport"]["width"]


def test_on_a_phone_the_map_stands_above_the_panel(visit):
    page = visit("", **PHONE)
    map_box, panel_box = (page.locator(one).bounding_box() for one in (".ka-map", ".ka-panel"))
    assert map_box["y"] + map_box["height"] <= panel_box["y"]
    assert panel_box["x"] + panel_box["width"] <= PHONE["viewport"]["width"]


def test_on_a_phone_a_tap_chooses(visit):
    page = visit("", **PHONE)
    box = page.locator('.ka-label[data-label="34"]').bounding_box()
    page.touchscreen.tap(box["x"], box["y"])
    page.wait_for_url("**district=34*")
    assert chosen(page) == all_linked("34")
