"""What a reader sees of a page that was run as a script; the tests stay sentences."""

from __future__ import annotations

import csv
import io
import re
from fractions import Fraction
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
_PAGES = re.compile(r'views/(\w+)\.py", title="([^"]+)"')
PAGES = {title: name for name, title in _PAGES.findall((ROOT / "app.py").read_text("utf-8"))}
BUDGET, PERCENT = "予算(円)", "均等割の割合(予算のうち)(%)"
EQUAL, PER_HEAD = "均等割(1地区当たり)(円)", "地域割(1人当たり)(円)"


def open_page(name, *scenarios, **address):
    """Open a page with an address of its own, in a session of its own."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    if name != "overview":
        app.switch_page(f"kyodo_geo/views/{name}.py")
    if scenarios:
        app.query_params["s"] = list(scenarios)
    for key, text in address.items():
        app.query_params[key] = text
    return app.run()


def go_to(app, name):
    """Walk to another page of the same session; the navigation leaves the address behind."""
    app.query_params.clear()
    return app.switch_page(f"kyodo_geo/views/{name}.py").run()


def html_of(app):
    """Return all HTML of a page in order, without the style sheet."""
    parts = [one.proto.body for one in app.get("html")]
    return "\n".join(part for part in parts if not part.startswith("<style>"))


def text_of(app):
    return unescape(re.sub(r"<[^>]+>", " ", html_of(app)))


def errors_of(app):
    """Return the calm boxes as texts; anything else that looks like an error fails at once."""
    assert not app.exception
    assert not app.error
    boxes = re.findall(r'<div class="kg-error".*?</div>', html_of(app), re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", " ", box)) for box in boxes]


def field(app, label):
    """Return the text field whose label begins so."""
    return next(one for one in app.text_input if one.label.startswith(label))


def fields_of(app):
    """Return what is written in every text field, by label."""
    return {one.label: one.value for one in app.text_input}


def enter(app, **amounts):
    """Type amounts into the form and run the page."""
    labels = {"budget": BUDGET, "percent": PERCENT, "equal": EQUAL, "per_head": PER_HEAD}
    for name, text in amounts.items():
        field(app, labels.get(name, name)).set_value(text)
    return app.run()


def press(app, label):
    """Press the button with a label and run the page."""
    return next(button for button in app.button if button.label == label).click().run()


def sums_of(app):
    """Return the figures above the table by their names."""
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?) <small>", html_of(app))
    return {name: whole(text) for name, text in pairs}


def whole(text):
    """Read yen as the page writes them: 1,234, or 1,234 と 5/17."""
    number, _, part = text.replace(",", "").replace("−", "-").replace("+", "").partition(" と ")
    return int(number) + Fraction(part) if part else int(number)


def address_of(app):
    """Return the scenarios of the address."""
    asked = app.query_params.get("s", [])
    return [asked] if isinstance(asked, str) else list(asked)


def words_of(app):
    """Return the words of the address, one text a key."""
    return {key: value if isinstance(value, str) else value[0] for key, value in app.query_params.items()}


class _Tables(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tables, self.part, self.caption = {}, "", ""

    def handle_starttag(self, tag, attrs):
        if tag in {"thead", "tbody", "tfoot", "caption"}:
            self.part = tag
        if tag == "caption":
            self.caption = ""
        if tag == "tr":
            self.tables[self.caption][self.part].append([])
        if tag in {"td", "th"}:
            self.tables[self.caption][self.part][-1].append("")

    def handle_data(self, data):
        if self.part == "caption":
            self.caption += data
        elif self.part and self.tables[self.caption][self.part]:
            self.tables[self.caption][self.part][-1][-1] += data

    def handle_endtag(self, tag):
        if tag == "caption":
            self.tables[self.caption] = {"thead": [], "tbody": [], "tfoot": []}
        if tag in {"caption", "table"}:
            self.part = ""


def tables_of(app):
    """Return every table by its caption: rows of texts by thead, tbody, tfoot."""
    reader = _Tables()
    reader.feed(html_of(app))
    return reader.tables


def table_of(app, words):
    """Return the table whose caption holds the words."""
    found = [table for caption, table in tables_of(app).items() if words in caption]
    assert len(found) == 1, list(tables_of(app))
    return found[0]


def csv_rows(raw):
    """Read a CSV as Excel would: it has a BOM."""
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
