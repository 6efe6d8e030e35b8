"""Our map beside folium's default page and streamlit-folium's: size, rerun, and what stands there without a network."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from lines import Line, Ratio, median_ms, missing
from running_app import BROWSER_ARGUMENTS, RunningApp, find_chromium

from kyodo_geo.city import City
from kyodo_geo.compose import map_payload
from kyodo_geo.present.map.page import map_page

ROOT = Path(__file__).resolve().parents[2]
_PEER_APP = Path(__file__).with_name("folium_app.py")
_DAY = date(2024, 4, 1)
_PATIENCE_MS = 4000
_LOADED = re.compile(r"""<(?:script|link)\b[^>]*(?:src|href)=["']https?://([^/"']+)""")


def measure() -> Iterator[Line | Ratio]:
    """Return the exported map's size, and both peers beside ours."""
    ours = map_page(map_payload(City.load(), _DAY))
    note = f"every indicator; loads from {len(set(_LOADED.findall(ours)))} other machines"
    yield Line("exported map", len(ours.encode("utf-8")) / 1024, "KB", 400, note)
    theirs = _folium_page()
    yield Ratio("exported map, size", "folium", *(len(page.encode("utf-8")) / 1024 for page in (ours, theirs)), "KB",
                "the peer's has one layer, no legend, no table")  # fmt: skip
    yield Ratio("exported map, machines it loads from", "folium", _hosts(ours), _hosts(theirs))
    if find_chromium() is None:
        yield Line("maps without a network", None, "", note="left out, no Chromium on PATH")
        return
    yield from _without_network(ours, theirs)


def _folium_page() -> str:
    import folium  # noqa: PLC0415 - beside the other peers

    chart = folium.Map(location=[38.93, 141.2], zoom_start=10)
    outlines = (ROOT / "data/boundaries/districts.geojson").read_text(encoding="utf-8")
    folium.GeoJson(outlines).add_to(chart)
    return chart.get_root().render()


def _hosts(page: str) -> str:
    loading = _LOADED.findall(page)
    return f"{len(loading)} files, {len(set(loading))} CDNs" if loading else "none"


def _without_network(ours: str, theirs: str) -> Iterator[Line | Ratio]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an extra, not there for everybody

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(BROWSER_ARGUMENTS))
        shapes = [_shapes_of_file(browser, page) for page in (ours, theirs)]
        yield Ratio("exported map, shapes painted offline", "folium", *shapes)
        try:
            yield from _in_the_app(browser)
        except ImportError as error:
            yield missing("streamlit-folium", error)
        browser.close()


def _shapes_of_file(browser, html: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.html"
        path.write_text(html, encoding="utf-8")
        return _shapes(browser, path.as_uri())


def _shapes(browser, url: str) -> str:
    """Count the painted shapes in all frames of a page, with patience for a slow one."""
    page = browser.new_page()
    page.goto(url)
    for _ in range(_PATIENCE_MS // 250):
        page.wait_for_timeout(250)
        count = sum(frame.locator("path.leaflet-interactive").count() for frame in page.frames)
        if count:
            break
    page.close()
    return f"{count} painted" if count else "blank"


def _in_the_app(browser) -> Iterator[Ratio]:
    import streamlit_folium  # noqa: PLC0415, F401 - its absence is to be known before a server is started

    peer_command = (sys.executable, "-m", "streamlit", "run", str(_PEER_APP), "--server.port", "{port}",
                    "--server.headless", "true")  # fmt: skip
    with RunningApp() as app:
        ours = _shapes(browser, app.url)
    with RunningApp(command=peer_command) as app:
        theirs = _shapes(browser, app.url)
    yield Ratio("map in the app, shapes painted offline", "streamlit-folium", ours, theirs)
    yield Ratio("map in the app, rerun on the server", "streamlit-folium", _rerun(ROOT / "app.py"), _rerun(_PEER_APP), "ms",
                "AppTest.run(), median of 7; ours with every indicator, table and downloads")  # fmt: skip


def _rerun(script: Path) -> float:
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415 - only this line needs it

    app = AppTest.from_file(str(script), default_timeout=60)
    app.run()
    return median_ms(app.run)
