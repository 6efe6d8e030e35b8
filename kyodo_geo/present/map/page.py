"""The map as one HTML file: no network, no second file, the same look as in the app."""

from __future__ import annotations

import json
from html import escape
from typing import Any

import folium
from branca.element import Element, Figure
from jinja2 import Template

from kyodo_geo.present.map import assets

_PAGE_STYLE = (
    "html,body{margin:0;padding:0;background:#fff}main{max-width:1360px;margin:0 auto;padding:12px 16px}"
)
_BOOT = """
const payload = JSON.parse(document.getElementById("kyodo-payload").textContent);
const read = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const fromHash = () => { const view = read(); return view.year ? { ...view, year: Number(view.year) } : view; };
payload.view = { ...payload.view, ...fromHash() };
const atlas = KyodoAtlas.mount(document.getElementById("kyodo-atlas"), payload, {
  onView(view) {
    const set = Object.entries(view).filter(([, value]) => value !== null);
    history.replaceState(null, "", "#" + new URLSearchParams(set));
  },
});
window.addEventListener("hashchange", () => atlas.setView({ ...payload.view, district: null, second: null, ...fromHash() }));
"""


class _Text(Element):
    """Text that goes into the page as it is: branca would read braces in it as a template of its own."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class AtlasMap(folium.Map):
    """A folium map whose page draws with our renderer: every address of a CDN is left out, all is inlined."""

    def __init__(self, payload: dict[str, Any]) -> None:
        super().__init__(tiles=None)
        self.payload = payload

    def render(self, **_: object) -> str:
        """Put style, script, data and mount point into the figure that folium made."""
        figure = self.get_root()
        if not isinstance(figure, Figure):
            msg = "add the map to a Figure first"
            raise TypeError(msg)
        title = escape(str(self.payload["title"]))
        parts = (
            (figure.header, '<meta name="viewport" content="width=device-width,initial-scale=1">'),
            (figure.header, f"<title>{title}</title>"),
            (figure.header, f"<style>{_PAGE_STYLE}{assets.style()}</style>"),
            (figure.html, '<main id="kyodo-atlas"></main>'),
            (figure.html, _data(self.payload)),
            (figure.script, f"{assets.script()}\n(() => {{{_BOOT}}})();"),
        )
        for place, text in parts:
            place.add_child(_Text(text))
        return ""


def map_page(payload: dict[str, Any]) -> str:
    """Return the page for a payload of `build_payload`; names and notes stand in it as JSON, never as markup."""
    figure = Figure()
    AtlasMap(payload).add_to(figure)
    html = str(figure.render())
    return html.replace("<html>", '<html lang="ja">', 1)


def _data(payload: dict[str, Any]) -> str:
    """Return the data as a JSON script element; `<` is escaped so that no text can end the element."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" id="kyodo-payload">{text}</script>'
