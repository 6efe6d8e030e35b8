"""The exported map: one file, opened from a disk, that asks for nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest
from on_map import all_linked, chosen, click_on_map, fills, row_of
from playwright.sync_api import expect
from running_app import ROOT


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("exported") / "地図.html"
    command = [sys.executable, "-m", "kyodo_geo", "map", "-o", str(path)]
    subprocess.run(command, check=True, cwd=ROOT)
    return path


@pytest.fixture
def exported(desk, file):
    """Open the file where everything but the file itself is refused, and every request is a failure."""

    def open_file(address=""):
        page = desk.context("file://").new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(file.as_uri() + address)
        page.locator("path.ka-district").first.wait_for()
        return page

    return open_file


def test_painted_without_any_request(exported, outlines):
    page = exported()
    assert fills(page).keys() == outlines.keys()
    assert [url.split("#")[0] for url in page.asked] == [page.url.split("#")[0]]
    expect(page.locator("html")).to_have_attribute("lang", "ja")


def test_can_be_switched_and_clicked(exported):
    page = exported()
    before = fills(page)
    page.locator("select[name=indicator]").select_option("population")
    assert fills(page) != before
    click_on_map(page, "31")
    assert chosen(page) == all_linked("31")
    row_of(page, "12").click()
    assert chosen(page) == all_linked("12")
    assert len(page.asked) == 1


def test_its_address_holds_the_view(exported):
    page = exported("#indicator=households&year=2015&district=07")
    assert page.locator("select[name=indicator]").input_value() == "households"
    assert page.locator("select[name=year]").input_value() == "2015"
    assert chosen(page) == all_linked("07")


def test_names_no_other_machine_to_load_from(file):
    """Addresses of sources are text; nothing is loaded from one."""
    text = file.read_text("utf-8")
    for loading in ('src="http', "src='http", '<link rel="stylesheet" href', "url(http", "@import", "cdn."):
        assert loading not in text
