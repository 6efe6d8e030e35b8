"""Measure the issue's bars, and this project beside its peers, in one run: `python tests/bench/run.py`.

Needs the extras `test` and `bench` and a Chromium; what is missing is named in its line and left out. Nothing here
is a test: a slow machine fails nobody, the reader compares. Lines above a bar are marked.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# The folder of the helpers, the repository, and the server and browser that the browser tests use too
sys.path[:0] = [str(HERE), str(ROOT), str(HERE.parent / "browser")]

import access  # noqa: E402
import ageing  # noqa: E402
import allocation  # noqa: E402
import councils  # noqa: E402
import in_browser  # noqa: E402
import issues  # noqa: E402
import management  # noqa: E402
import map_peers  # noqa: E402
import priority  # noqa: E402
import start_up  # noqa: E402
import weights  # noqa: E402
from lines import Line, Ratio, lines_text, missing, ratios_text  # noqa: E402

PARTS: tuple[Callable[[], Iterable[Line | Ratio]], ...] = (
    start_up.measure, in_browser.measure, map_peers.measure, weights.measure, allocation.measure,
    access.measure, issues.measure, ageing.projection_lines, priority.measure, councils.measure,
    management.measure,
)  # fmt: skip


def main() -> None:
    """Measure every part, then print both tables: a part that cannot run is a line that says so."""
    # Outside a browser Streamlit warns at every run that nobody looks
    logging.disable(logging.WARNING)
    found: list[Line | Ratio] = []
    for part in PARTS:
        name = part.__module__
        sys.stderr.write(f"… {name}\n")
        try:
            found += part()
        except ImportError as error:
            found.append(missing(name, error))
    sys.stdout.write(lines_text([one for one in found if isinstance(one, Line)]) + "\n\n")
    sys.stdout.write(ratios_text([one for one in found if isinstance(one, Ratio)]) + "\n")


if __name__ == "__main__":
    main()
