"""The drawings of ageing: nothing of a file is markup, every number is text as well, sexes differ without colour."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.present.line_chart import Series, line_chart
from kyodo_geo.present.pyramid import Pyramid, pyramid_chart, pyramid_table

BANDS = ("0～4歳", "5～9歳", "10歳以上")
SVG = "{http://www.w3.org/2000/svg}"


def pyramid_of(name, *shares):
    return Pyramid(name, tuple((band, *pair) for band, pair in zip(BANDS, shares, strict=True)))


ONE = pyramid_of("架空本町", (10.0, 12.5), (5.0, 2.5), (30.0, 40.0))
CITY = pyramid_of("架空市", (20.0, 20.0), (10.0, 10.0), (20.0, 20.0))


def drawing_of(html):
    """Return the one drawing of a fragment as XML: it must be well formed."""
    (address,) = re.findall(r'src="data:image/svg\+xml,([^"]*)"', html)
    return ET.fromstring(unquote(unescape(address)))


def words_of(html):
    return unescape(re.search(r'alt="([^"]*)"', html)[1])


def bars_of(drawing, sex):
    return [
        float(one.get("width")) for one in drawing.iter(f"{SVG}rect") if one.get("fill") == f"url(#{sex})"
    ]


def test_every_share_is_said_in_words_too():
    words = words_of(pyramid_chart(ONE, [CITY], title="題"))
    for text in ("0～4歳 男 10.0 % 女 12.5 %", "10歳以上 男 30.0 % 女 40.0 %"):
        assert text in words


def test_the_bars_are_as_long_as_the_shares_and_the_sexes_have_patterns_of_their_own():
    drawing = drawing_of(pyramid_chart(ONE, [CITY], title="題"))
    men, women = bars_of(drawing, "m"), bars_of(drawing, "f")
    assert men[2] / men[0] == pytest.approx(3, rel=0.01)
    assert women[2] / men[2] == pytest.approx(4 / 3, rel=0.01)
    assert {one.get("id") for one in drawing.iter(f"{SVG}pattern")} == {"m", "f"}


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=3, max_size=3),
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=3, max_size=3),
)
def test_no_bar_leaves_the_drawing(shares, others):
    drawing = drawing_of(pyramid_chart(pyramid_of("甲", *shares), [pyramid_of("乙", *others)], title="題"))
    width = float(drawing.get("viewBox").split()[2])
    for bar in drawing.iter(f"{SVG}rect"):
        left = float(bar.get("x", 0))
        assert left >= 0
        assert left + float(bar.get("width")) <= width + 0.1


def test_two_wholes_are_told_apart_by_their_lines():
    drawing = drawing_of(pyramid_chart(ONE, [CITY, CITY], title="題"))
    assert len({one.get("stroke-dasharray") for one in drawing.iter(f"{SVG}polyline")}) == 2


def test_a_name_from_a_file_is_text_and_never_markup():
    bad = Pyramid("<b>甲</b>&'", ONE.shares)
    html = pyramid_chart(bad, [bad], title="<i>題</i>") + pyramid_table(bad, [bad], caption="<u>")
    assert "<b>" not in html
    assert "<i>" not in html
    assert "<u>" not in html
    assert drawing_of(pyramid_chart(bad, [], title="<i>題</i>")) is not None


def test_the_table_begins_with_the_oldest():
    html = pyramid_table(ONE, [CITY], caption="表")
    assert html.index("10歳以上") < html.index("0～4歳")
    assert "架空市 女" in html


LINES = (
    Series("人口", ((2015, 100.0), (2020, 90.0), (2025, 81.0)), 2),
    Series("65歳以上", ((2015, 30.0), (2020, 33.0), (2025, 36.0)), 2),
)


def test_what_was_not_counted_is_dashed_and_said():
    html = line_chart(LINES, title="題", unit="人")
    dashes = [one.get("stroke-dasharray") for one in drawing_of(html).iter(f"{SVG}polyline")]
    assert [bool(dash) for dash in dashes] == [False, True, False, True]
    assert "2025年(推計) 81人" in words_of(html)
    assert "2020年 90人" in words_of(html)


def test_two_lines_differ_without_colour():
    drawing = drawing_of(line_chart(LINES, title="題", unit="人"))
    assert len(list(drawing.iter(f"{SVG}circle"))) == 3
    squares = [one for one in drawing.iter(f"{SVG}rect") if one.get("width") == "8"]
    assert len(squares) == 3


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=8))
def test_no_point_leaves_the_scale(values):
    points = tuple((2015 + 5 * at, value) for at, value in enumerate(values))
    drawing = drawing_of(line_chart([Series("人口", points, 1)], title="題", unit="人"))
    height = float(drawing.get("viewBox").split()[3])
    for point in drawing.iter(f"{SVG}circle"):
        assert 0 <= float(point.get("cy")) <= height


def test_without_a_point_there_is_no_chart():
    assert line_chart([Series("人口", (), 0)], title="題", unit="人") == ""
