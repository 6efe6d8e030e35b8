"""Loading and importing in fresh processes, and a rerun of the map page on the server."""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

from lines import Line, Ratio, median_ms

ROOT = Path(__file__).resolve().parents[2]
_IMPORT = "import time; a = time.perf_counter(); import kyodo_geo.city; print(time.perf_counter() - a)"
# The import is no part of the load: it has a bar of its own
_LOAD = (
    "import time; from kyodo_geo.city import City; a = time.perf_counter(); City.load(); "
    "print(time.perf_counter() - a)"
)


def measure() -> list[Line | Ratio]:
    """Return loading, import and rerun."""
    return [
        Line(
            "City.load, cold", _fresh(_LOAD), "s", 0.5, "median of 7 fresh processes, files in the page cache"
        ),
        Line(
            "import kyodo_geo.city",
            _fresh(_IMPORT),
            "s",
            1.5,
            "median of 7 fresh processes, byte code compiled",
        ),
        _rerun(),
    ]


def _fresh(code: str, times: int = 7) -> float:
    """Return the median of what a fresh Python process measures; a first one fills the caches."""
    seconds = [_seconds(code) for _ in range(times + 1)][1:]
    return statistics.median(seconds)


def _seconds(code: str) -> float:
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    return float(done.stdout)


def _rerun() -> Line:
    """Measure the map page's script with a warm city, as after every click on the map."""
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415 - only this line needs it

    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    empty = AppTest.from_string("import streamlit as st\nst.html('x')")
    own, frame = median_ms(app.run, times=15), median_ms(empty.run, times=15)
    note = f"AppTest.run() of app.py, median of 15, with its parsing; an empty script takes {frame:.0f} ms"
    return Line("rerun of the map page on the server", own, "ms", 50, note)
