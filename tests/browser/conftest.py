"""One server and one browser for all tests; a fresh, watched context for each page; a screenshot of each failure."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))  # the helpers beside this file, whatever import mode pytest runs in

from running_app import BROWSER_ARGUMENTS, ROOT, RunningApp, find_chromium  # noqa: E402
from watched import Watch  # noqa: E402

ARTEFACTS = HERE / "artefacts"
DESKTOP = {"width": 1360, "height": 900}
_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Leave the outcome where the fixtures find it when they clean up."""
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


def _no_browser(reason):
    # CI must never go green because the browser tests did not run
    if os.environ.get("KYODO_GEO_CI"):
        pytest.fail(f"browser tests must run in CI: {reason}", pytrace=False)
    pytest.skip(f"browser tests not run: {reason}")


@pytest.fixture(scope="session")
def chromium():
    """Launch the browser all tests share."""
    path = find_chromium()
    if path is None:
        _no_browser("no Chromium on PATH; KYODO_GEO_CHROMIUM can name one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def app(chromium):
    """Run the real app; only where there is a browser to look at it."""
    with RunningApp() as running:
        yield running


class Desk:
    """Contexts that are watched, and the pages opened in one test."""

    def __init__(self, chromium):
        self.chromium = chromium
        self.shared = {}
        self.opened = []

    def context(self, url, **options):
        """Open a context of its own for this test: empty cache, no history, whatever size is asked for."""
        context, watch = self._new(url, options)
        self.opened.append((context, watch))
        return context

    def page(self, url):
        """Open a page at the desk all tests share: only its cache of files is kept, which makes it quick."""
        if url not in self.shared:
            self.shared[url] = self._new(url, {})
        return self.shared[url][0].new_page()

    def _new(self, url, options):
        options = {"viewport": DESKTOP, "locale": "ja-JP", "timezone_id": "Asia/Tokyo", **options}
        context = self.chromium.new_context(**options)
        context.set_default_timeout(15_000)
        watch = Watch(urlsplit(url).netloc)
        watch.attach(context)
        return context, watch

    def forget(self):
        """Leave out what the pages have complained of so far: where the complaint is what the test asked for."""
        for _, watch in [*self.opened, *self.shared.values()]:
            watch.take()

    def clear(self, item):
        """Close what the test has opened, keep a picture if it failed, and return what must not have happened."""
        everything = [*self.opened, *self.shared.values()]
        problems = [problem for _, watch in everything for problem in watch.take()]
        pages = [page for context, _ in everything for page in context.pages]
        if problems or item.stash.get(_FAILED, False):
            _keep_screenshots(item, pages)
        for page in pages:
            page.close()
        for context, _ in self.opened:
            context.close()
        self.opened.clear()
        return problems


@pytest.fixture(scope="session")
def _desk(chromium):
    return Desk(chromium)


@pytest.fixture
def desk(_desk, request):
    """Give the desk to one test; at its end nothing may have gone wrong on any page."""
    yield _desk
    problems = _desk.clear(request.node)
    assert not problems


def _keep_screenshots(item, pages):
    ARTEFACTS.mkdir(exist_ok=True)
    name = re.sub(r"[^\w.-]+", "_", item.name)
    for number, page in enumerate(pages):
        page.screenshot(path=ARTEFACTS / f"{name}{f'_{number}' if number else ''}.png", full_page=True)


@pytest.fixture
def visit(app, desk):
    """Open a page of the app: visit(path, **context options) -> page, once its script has run."""

    def open_page(path="", **options):
        assert app.process.poll() is None, f"the server has ended:\n{app.output()}"
        page = desk.context(app.url, **options).new_page() if options else desk.page(app.url)
        page.goto(f"{app.url}/{path}")
        page.locator(".ka-panel, .kg-heading, .kg-error").first.wait_for()
        wait_idle(page)
        return page

    return open_page


@pytest.fixture
def idle():
    """Wait until the server's script has come to rest: idle(page)."""
    return wait_idle


def wait_idle(page):
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


@pytest.fixture(scope="session")
def outlines():
    """The shipped outlines, read without our code: what the map must show."""
    features = json.loads((ROOT / "data/boundaries/districts.geojson").read_text("utf-8"))["features"]
    return {feature["properties"]["district_code"]: feature["properties"] for feature in features}


@pytest.fixture(scope="session")
def manifests():
    """Every dataset's entry of the shipped SOURCE.toml files, read without our code."""
    files = sorted((ROOT / "data").glob("*/SOURCE.toml"))
    return [entry for path in files for entry in tomllib.loads(path.read_text("utf-8"))["dataset"]]


@pytest.fixture(scope="session")
def facts():
    """The facts of the shipped city, read without our code."""
    return tomllib.loads((ROOT / "data/records/city.toml").read_text("utf-8"))


@pytest.fixture(scope="session")
def people(outlines):
    """People of 2020 by district, by area and as a whole, added up from the shipped CSV files without our code."""
    district_of = {
        (row["key_code"], row["part"]): row["district_code"] for row in _rows("boundaries/small_areas.csv")
    }
    counted = Counter()
    for row in _rows("population/census_small_areas_2020.csv"):
        code = district_of[row["key_code"], row["part"]]
        for key in (code, outlines[code]["area"], "city"):
            counted[key] += int(row["population"] or 0)
    return counted


def _rows(path):
    with (ROOT / "data" / path).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
