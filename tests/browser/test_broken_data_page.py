"""A data file that was changed stops the app with a page that says which and why."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import expect
from running_app import ROOT, RunningApp

BROKEN = "population/census_small_areas_2020.csv"


@pytest.fixture(scope="module")
def broken_app(chromium, tmp_path_factory):
    data = tmp_path_factory.mktemp("broken") / "data"
    shutil.copytree(ROOT / "data", data)
    content = bytearray((data / BROKEN).read_bytes())
    content[-3] ^= 1  # one bit of the last figure: still a well-formed table, but not the published one
    (data / BROKEN).write_bytes(content)
    with RunningApp(data) as running:
        yield running


@pytest.mark.parametrize("path", ["", "trial", "sources", "checks"])
def test_the_file_is_named_and_nothing_is_shown_from_it(broken_app, desk, path):
    page = desk.page(broken_app.url)
    page.goto(f"{broken_app.url}/{path}")
    box = page.locator(".kg-error")
    expect(box).to_contain_text(BROKEN)
    expect(box).to_contain_text("SOURCE.toml")
    expect(box).to_contain_text("対処")
    text = page.locator("body").inner_text()
    assert "Traceback" not in text
    assert "Error" not in text
    assert page.locator("path.ka-district, .kg-sums").count() == 0
    expect(page.locator("html")).to_have_attribute("lang", "ja")
