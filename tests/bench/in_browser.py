"""The real app in Chromium: how soon the page is there, and how soon a click is on the screen."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from lines import Line, Ratio
from running_app import BROWSER_ARGUMENTS, RunningApp, find_chromium

from kyodo_geo.city import City

_COLD_RUNS = 3
_PAINTED = """count => document.querySelectorAll('path.ka-district[fill]').length === count"""
# Two frames: the first is asked for before the change is drawn, the second comes when it has been
_SWITCH = """async (indicator) => {
  const select = document.querySelector("select[name=indicator]");
  const start = performance.now();
  select.value = indicator;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - start;
}"""
# A step of the slider of 近さ, told as a drag tells it: until the map, the people, the curve and the table are drawn
_SLIDE = """async (step) => {
  const slider = document.querySelector("input[name=step]");
  const start = performance.now();
  slider.value = step;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - start;
}"""
_KEEP = """() => { globalThis.kept = [...document.querySelectorAll(".ka-map, path.ka-district")]; }"""
_SAME = """() => [...document.querySelectorAll(".ka-map, path.ka-district")].every((one, i) => one === globalThis.kept[i])"""
_PLACES = """() => JSON.stringify([...document.querySelectorAll("path.ka-district")].map((one) => one.getAttribute("d")))"""
_ORDER = ("population", "density", "management", "km2", "households", "population_change", "household_size")


def measure() -> Iterator[Line | Ratio]:
    """Return server start, page ready and the switch of the indicator; one line says why when there is no browser."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an extra, not there for everybody

    path = find_chromium()
    if path is None:
        yield Line("in the browser", None, "", note="left out, no Chromium on PATH")
        return
    districts = len(City.load().names)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_ARGUMENTS))
        starts, loads = zip(*(_cold(browser, districts) for _ in range(_COLD_RUNS)), strict=True)
        fresh = f"median of {_COLD_RUNS} fresh server processes"
        yield Line(
            "server start", statistics.median(starts), "s", note=f"{fresh}, until it says it is healthy"
        )
        yield Line(
            "page ready, cold", statistics.median(loads), "s", 4,
            f"{fresh} and empty browser contexts, until every district is painted",
        )  # fmt: skip
        with RunningApp() as app:
            yield from _switching(browser, app.url, districts)
            yield from _sliding(browser, f"{app.url}/reach", districts)
        browser.close()


def _cold(browser, districts: int) -> tuple[float, float]:
    start = time.perf_counter()
    with RunningApp() as app:
        started = time.perf_counter()
        page = _open(browser, app.url, districts)
        ready = time.perf_counter()
        page.context.close()
    return started - start, ready - started


def _open(browser, url: str, districts: int):
    page = browser.new_context(viewport={"width": 1360, "height": 900}, locale="ja-JP").new_page()
    page.goto(url)
    page.wait_for_function(_PAINTED, arg=districts, polling="raf")
    return page


def _switching(browser, url: str, districts: int) -> Iterator[Line]:
    """Switch through the indicators on a map that was zoomed; it must be the same map afterwards."""
    page = _open(browser, url, districts)
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(1000)
    page.evaluate(_KEEP)
    places = page.evaluate(_PLACES)
    painted, answered = zip(*(_switch(page, name) for name in _ORDER), strict=True)
    kept = "kept" if page.evaluate(_SAME) and page.evaluate(_PLACES) == places else "LOST"
    note = f"{len(_ORDER)} switches in the real app, two frames after the change; same nodes, zoom and pan {kept}"
    yield Line("click on an indicator → painted, median", statistics.median(painted), "ms", 150, note)
    yield Line("click on an indicator → painted, slowest", max(painted), "ms", 150, "of the same switches")
    yield Line(
        "click → address written by the server", statistics.median(answered), "ms", note="rerun and both ways"
    )
    page.context.close()


def _sliding(browser, url: str, districts: int) -> Iterator[Line]:
    """Move the radius of 近さ over its whole range; the same map must stand afterwards."""
    page = _open(browser, url, districts)
    page.wait_for_timeout(1000)
    page.evaluate(_KEEP)
    steps = range(0, int(page.locator("input[name=step]").get_attribute("max")) + 1, 2)
    painted = [page.evaluate(_SLIDE, step) for step in steps]
    kept = "same nodes" if page.evaluate(_SAME) else "nodes LOST"
    people = len(City.load().small_areas)
    note = (
        f"{len(painted)} steps, {districts} districts and {people} places of people, two frames after; {kept}"
    )
    yield Line("slider of 近さ → painted, median", statistics.median(painted), "ms", 200, note)
    yield Line("slider of 近さ → painted, slowest", max(painted), "ms", 200, "of the same steps")
    page.context.close()


def _switch(page, indicator: str) -> tuple[float, float]:
    start = time.perf_counter()
    painted = page.evaluate(_SWITCH, indicator)
    page.wait_for_function(f"location.search.includes('indicator={indicator}&')", polling="raf")
    answered = (time.perf_counter() - start) * 1000
    page.wait_for_timeout(250)
    return painted, answered
