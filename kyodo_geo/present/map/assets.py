"""The renderer's files as text: Leaflet from its PyPI package, our scripts in load order, our style."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

import rjsmin
from xstatic.pkg import leaflet

# Each script adds to one namespace and may use those before it; atlas.js puts the parts together.
SCRIPTS = (
    "dom", "format", "model", "shapes", "patterns", "places", "labels", "bivariate", "tip", "demand", "placing", "map", "legend",
    "chart", "curve", "panel", "table", "controls", "notes", "atlas",
)  # fmt: skip


@cache
def script() -> str:
    """Return Leaflet and the renderer, without comments and layout, as one script: classic or inside an ES module."""
    folder = resources.files(__package__ or "")
    own = "\n".join((folder / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    return "\n".join([_leaflet("leaflet.js"), str(rjsmin.jsmin(own))])


@cache
def style() -> str:
    """Return Leaflet's style and ours; Leaflet's image addresses are emptied, since none of them is used."""
    own = (resources.files(__package__ or "") / "style.css").read_text(encoding="utf-8")
    return _without_images(_leaflet("leaflet.css")) + _unindented(own)


def _unindented(text: str) -> str:
    """Leave out indentation and empty lines; no text of ours runs over a line's end."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _leaflet(name: str) -> str:
    folder = Path(leaflet.BASE_DIR)
    found = next(path for path in (folder / name, folder / "dist" / name) if path.exists())
    text = found.read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if "sourceMappingURL" not in line)


def _without_images(css: str) -> str:
    """Drop the declarations that would load an image file beside the style sheet (layer control, marker)."""
    kept = [part for part in css.split("}") if "url(images/" not in part]
    return "}".join(kept)
