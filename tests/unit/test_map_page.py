from __future__ import annotations

import copy
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kyodo_geo.compose import map_payload
from kyodo_geo.present.map import assets
from kyodo_geo.present.map.page import map_page

EVIL = "</script><img src=x onerror=alert(1)>"
BRACES = "{{ 7*7 }}{% raw %}{# x #}"
LOADS = ("src", "href", "srcset", "data", "poster", "action", "style")


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text of each style and script."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.found, self.texts = [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append((self.found[-1] if self.found else ("", {}), data))

    def payload(self):
        """Return the JSON data of the page."""
        return json.loads(
            "".join(
                text
                for (tag, given), text in self.texts
                if tag == "script" and given.get("id") == "kyodo-payload"
            )
        )


@pytest.fixture(scope="module")
def payload(fictional_city, today):
    """The payload of the fictional city."""
    return map_payload(fictional_city, today)


@pytest.fixture
def evil(payload):
    """A payload whose every text tries to become markup or a template."""
    return json.loads(
        json.dumps(payload, ensure_ascii=False).replace("架空", f"{EVIL}{BRACES}".replace('"', ""))
    )


def test_the_page_is_one_document_in_japanese_with_its_data(payload):
    elements = Elements(map_page(payload))
    assert elements.found[0] == ("html", {"lang": "ja"})
    assert ("main", {"id": "kyodo-atlas"}) in elements.found
    assert elements.payload() == payload
    assert any(tag == "meta" and "utf-8" in str(given).lower() for tag, given in elements.found)


def test_nothing_is_loaded_from_a_network_or_from_another_file(payload):
    page = map_page(payload)
    elements = Elements(page)
    loads = [(tag, given[key]) for tag, given in elements.found for key in LOADS if key in given]
    assert loads == []
    assert not [
        tag for tag, _ in elements.found if tag in {"link", "iframe", "object", "embed", "img", "base"}
    ]
    styles = "".join(text for (tag, _), text in elements.texts if tag == "style")
    assert styles
    assert "@import" not in styles
    assert not re.findall(r"url\(\s*['\"]?(?!data:|#)", styles)


def test_the_scripts_open_no_connection_of_their_own():
    own = assets.script().split("KyodoAtlas", 1)[1]
    for word in ("fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "EventSource", "import(", "eval("):
        assert word not in own
    assert "sourceMappingURL" not in assets.script()


def test_names_stay_data_whatever_they_say(evil):
    page = map_page(evil)
    elements = Elements(page)
    assert elements.payload() == evil
    assert not [tag for tag, _ in elements.found if tag == "img"]
    assert not [given for _, given in elements.found if any(key.startswith("on") for key in given)]
    assert EVIL not in page
    assert "{{ 7*7 }}" in page
    title = "".join(text for (tag, _), text in elements.texts if tag == "title")
    assert title.strip() == evil["title"]


def test_the_scripts_write_no_markup_from_data(repository):
    folder = repository / "kyodo_geo" / "present" / "map"
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.js")}
    assert texts
    for word in (".innerHTML", ".outerHTML", "insertAdjacentHTML", "document.write"):
        assert not [name for name, text in texts.items() if word in text]


def test_making_a_page_leaves_the_payload_as_it_was_and_is_repeatable(payload):
    before = copy.deepcopy(payload)
    first, second = map_page(payload), map_page(payload)
    assert payload == before
    assert first == second


def test_no_text_of_the_scripts_runs_over_the_end_of_a_line_or_stands_inside_another():
    """Both would be changed without a word when layout and comments are left out."""
    folder = Path(assets.__file__).parent
    scripts = sorted(folder.glob("*.js"))
    assert {path.stem for path in scripts} == set(assets.SCRIPTS)
    for path in scripts:
        lines = path.read_text("utf-8").splitlines()
        assert [line for line in lines if line.count("`") % 2] == [], path.name
        assert [line for line in lines if re.search(r"`[^`]*\$\{[^}`]*`", line)] == [], path.name


def test_every_text_of_the_scripts_comes_through_without_their_comments():
    made = assets.script()
    for path in sorted(Path(assets.__file__).parent.glob("*.js")):
        source = path.read_text("utf-8")
        assert source.splitlines()[0].strip("/* ") not in made, path.name
        code = re.sub(r"/\*.*?\*/|^\s*//.*$", "", source, flags=re.DOTALL | re.MULTILINE)
        texts = re.findall(r'"[^"\n]*"|`[^`\n]*`', code)
        assert texts
        assert [text for text in texts if text not in made] == [], path.name


def test_the_exported_map_stays_small(payload):
    """Its scripts and styles are the same for every city; what is left of 400 KB is for lines and figures."""
    assert len(map_page(payload).encode()) < 290_000
