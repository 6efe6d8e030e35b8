from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote
from xml.etree.ElementTree import fromstring

import pytest
import shapely

from kyodo_geo.city import City
from kyodo_geo.compose import chosen_figures, map_payload
from kyodo_geo.present.classes import class_of, classes_of
from kyodo_geo.present.map.payload import step_label, stored
from kyodo_geo.present.small_maps import FICTIONAL_BAND, small_maps
from kyodo_geo.provenance import Basis, Unknown

SVG = "{http://www.w3.org/2000/svg}"
EVIL = """</p><script>alert('1')</script>"&'"""


class Fragment(HTMLParser):
    """The elements of a fragment, its text, and the drawings in its images."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.found, self.words = [], []
        self.feed(html)
        self.close()
        sources = [given["src"] for tag, given in self.found if tag == "img"]
        assert all(source.startswith("data:image/svg+xml,") for source in sources)
        drawings = [fromstring(unquote(source.split(",", 1)[1])) for source in sources]
        self.maps = [one for one in drawings if one.get("role") == "img"]
        self.swatches = [one for one in drawings if one.get("role") != "img"]

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return "".join(self.words)


@pytest.fixture
def figures(fictional_city, today):
    return lambda name: [one for one in chosen_figures(fictional_city, today) if one.indicator.id == name]


@pytest.fixture
def drawn(fictional_city, today):
    """Draw figures and read the fragment again."""
    return lambda given, **options: Fragment(
        small_maps(fictional_city.shapes(today), given, **({"columns": 2} | options))
    )


def fills(drawing):
    """Return the fill of each district, in their order."""
    return [path.get("fill") for path in drawing.iterfind(f"{SVG}g/{SVG}path")]


def polygon(text):
    rings = []
    for start, steps in re.findall(r"M(\d+ \d+)l([^z]*)z", text):
        x, y = map(int, start.split())
        ring, numbers = [(x, y)], [int(one) for one in re.findall(r"-?\d+", steps)]
        for dx, dy in zip(numbers[0::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        rings.append(ring)
    area = shapely.Polygon()
    for ring in rings:
        area = area.symmetric_difference(shapely.Polygon(ring))
    return area


def test_every_year_has_a_map_in_the_classes_of_the_large_one(fictional_city, today, figures, drawn):
    given = figures("population")
    fragment = drawn(given)
    large = next(one for one in map_payload(fictional_city, today)["indicators"] if one["id"] == "population")
    bounds = {(one["from"], one["to"]): one["color"] for one in large["classes"]}
    assert len(fragment.maps) == len(given) > 1
    for one, drawing in zip(given, fragment.maps, strict=True):
        assert step_label(one) in fragment.text
        homes = [class_of(classes_of(given), stored(one, value)) for value in one.districts.values()]
        assert fills(drawing) == [bounds[home.low, home.high] for home in homes]
        # The one class that the value lies in by the bounds of the large map, its end only in the last
        for value, home in zip(one.districts.values(), homes, strict=True):
            assert home.low <= value <= home.high


def test_neighbours_still_meet_and_cover_the_city(drawn, figures, fictional_city, today):
    drawing = drawn(figures("population")).maps[0]
    shapes = [polygon(path.get("d")) for path in drawing.iterfind(f"{SVG}g/{SVG}path")]
    assert len(shapes) == len(fictional_city.shapes(today))
    assert shapely.coverage_is_valid(shapes)
    assert sum(shape.area for shape in shapes) == pytest.approx(shapely.union_all(shapes).area)
    _, _, width, height = (int(number) for number in drawing.get("viewBox").split())
    assert shapely.box(0, 0, width, height).contains(shapely.union_all(shapes))


def test_unknown_and_weak_are_hatched_each_in_its_own_way(figures, drawn):
    given = figures("population")
    plain = drawn(given)
    assert "不明" not in plain.text
    assert "斜線" not in plain.text
    first, second, *_ = given[0].districts
    changed = replace(
        given[0],
        districts={**given[0].districts, first: Unknown("公表資料なし")},
        weak=frozenset({first, second}),
    )
    fragment = drawn([changed, *given[1:]], weak_below=30)
    hatched = [fill for fill in fills(fragment.maps[0]) if fill.startswith("url(#")]
    assert hatched[0] == fills(fragment.maps[0])[0] == "url(#unknownFFFFFF)"
    assert hatched[1:] == [fills(fragment.maps[0])[1]]
    patterns = {one.get("id"): one for one in fragment.maps[0].iter(f"{SVG}pattern")}
    weak = patterns[hatched[1][5:-1]]
    homes = class_of(classes_of([changed, *given[1:]]), stored(changed, changed.districts[second]))
    assert weak.find(f"{SVG}rect").get("fill") == homes.color
    assert "不明" in fragment.text
    assert "斜線: 30人未満から計算した率" in fragment.text
    assert not [fill for fill in fills(fragment.maps[1]) if fill.startswith("url(")]


def test_statuses_keep_their_patterns_and_names(figures, drawn):
    fragment = drawn(figures("management"))
    assert {"指定管理", "直営"} <= set(fragment.words)
    assert set(fills(fragment.maps[0])) <= {"#0072B2", "url(#hollowFFFFFF)", "url(#unknownFFFFFF)"}


def test_the_legend_has_a_swatch_for_each_class_and_names_the_unit(figures, drawn):
    given = figures("density")
    fragment = drawn(given)
    assert len(fragment.swatches) == len(classes_of(given))
    assert f"({given[0].indicator.unit}" in fragment.text


@pytest.mark.parametrize(
    ("basis", "word"), [(Basis.DERIVED, ""), (Basis.ESTIMATED, "推計"), (Basis.FICTIONAL, "架空")]
)
def test_a_mark_stands_beside_the_year_and_the_city_and_the_fictional_has_a_band(figures, drawn, basis, word):
    given = [replace(one, basis=basis, whole_basis=basis) for one in figures("population")]
    fragment = drawn(given)
    assert [text for text in fragment.words if text in {"推計", "架空"}] == [word] * (2 * len(given)) * bool(
        word
    )
    assert (FICTIONAL_BAND in fragment.text) == (word == "架空")


def test_an_unknown_city_is_unknown_without_a_mark(figures, drawn):
    given = [replace(figures("population")[0], city=Unknown("公表資料なし"), basis=Basis.PUBLISHED)]
    fragment = drawn([replace(given[0], whole_basis=Basis.ESTIMATED)])
    assert "市全体 不明" in fragment.text
    assert "推計" not in fragment.text


def test_each_map_says_what_it_shows_in_words(figures, drawn):
    given = figures("population_change")
    fragment = drawn(given)
    spoken = [given["alt"] for tag, given in fragment.found if tag == "img" and given["alt"]]
    assert len(spoken) == len(fragment.maps)
    for words, one, drawing in zip(spoken, given, fragment.maps, strict=True):
        assert words.startswith(f"{one.title} {step_label(one)}。市全体 ")
        assert drawing.get("aria-label") == drawing.findtext(f"{SVG}title") == words
        assert sum(int(count) for count in re.findall(r" (\d+)地区", words)) == len(one.districts)


def test_names_stay_text_and_nothing_is_loaded_or_run(figures, drawn):
    given = [
        replace(one, indicator=replace(one.indicator, label=EVIL, unit="<b>"))
        for one in figures("population")
    ]
    fragment = drawn(given)
    assert {tag for tag, _ in fragment.found} <= {
        "section", "p", "div", "figure", "figcaption", "span", "img", "strong", "ul", "li",
    }  # fmt: skip
    assert not [
        key for _, keys in fragment.found for key in keys if key.startswith("on") or key in {"id", "href"}
    ]
    assert EVIL in fragment.text
    assert all(EVIL in drawing.get("aria-label") for drawing in fragment.maps)


def test_two_years_of_a_city_stay_small(today):
    shipped_city = City.load()
    given = [one for one in chosen_figures(shipped_city, today) if one.indicator.id == "population"]
    html = small_maps(shipped_city.shapes(today), given, columns=2)
    assert len(given) == 2
    assert len(html.encode()) < 60_000


def test_no_years_no_maps(fictional_city, today):
    assert small_maps(fictional_city.shapes(today), [], columns=3) == ""
