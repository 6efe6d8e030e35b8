from __future__ import annotations

import json
from datetime import date
from itertools import accumulate

import pytest
import shapely

from geo.crs import to_plane
from kyodo_geo.compose import chosen_figures, map_payload
from kyodo_geo.errors import InputRefused
from kyodo_geo.model.indicators import REGISTRY

DAYS = [date(2018, 3, 31), date(2024, 6, 1)]


@pytest.fixture(params=DAYS, ids=str)
def day(request):
    """A day before and a day after the split."""
    return request.param


def ring_of(steps, scale):
    points = zip(accumulate(steps[0::2]), accumulate(steps[1::2]), strict=True)
    return [(x / scale, y / scale) for x, y in points]


def drawn(payload):
    """Draw the shapes again from the payload, as the renderer does."""
    scale = payload["shapes"]["scale"]
    for shape in payload["shapes"]["districts"]:
        parts = [[ring_of(ring, scale) for ring in polygon] for polygon in shape["polygons"]]
        yield shape["code"], shapely.MultiPolygon([(rings[0], rings[1:]) for rings in parts])


def test_the_payload_is_plain_json_and_comes_back_unchanged(fictional_city, day):
    payload = map_payload(fictional_city, day)
    assert json.loads(json.dumps(payload, allow_nan=False)) == payload
    assert "架空市" in payload["title"]


def test_every_district_has_a_value_or_a_reason(fictional_city, day):
    payload = map_payload(fictional_city, day)
    codes = [district["code"] for district in payload["districts"]]
    assert codes == list(fictional_city.districts(day).codes)
    assert [one["id"] for one in payload["indicators"]] == [one.id for one in REGISTRY]
    for one in payload["indicators"]:
        for year in one["years"]:
            assert list(year["values"]) == codes
            missing = {code for code, value in year["values"].items() if value is None}
            assert missing == set(year["reasons"])
            assert all(year["reasons"].values())
            assert set(year["areas"]) == {"架空町", "架空村"}


def test_every_value_lies_in_exactly_one_class_of_its_legend(fictional_city, day):
    for one in map_payload(fictional_city, day)["indicators"]:
        classes = one["classes"]
        for year in one["years"]:
            for value in filter(lambda value: value is not None, year["values"].values()):
                if one["kind"] == "category":
                    homes = [kind for kind in classes if kind["key"] == value]
                else:
                    homes = [kind for kind in classes if kind["from"] <= value < kind["to"]]
                    homes += [kind for kind in classes[-1:] if value == kind["to"]]
                assert len(homes) == 1


def test_the_shapes_are_those_of_the_city(fictional_city, day):
    shapes = fictional_city.shapes(day)
    back = dict(drawn(map_payload(fictional_city, day)))
    assert set(back) == set(shapes.index)
    for code, shape in back.items():
        assert shape.is_valid
        assert shape.symmetric_difference(shapes[code]).area < 1e-9
        assert shapely.get_num_geometries(shape) == shapely.get_num_geometries(shapes[code])
    assert to_plane(shapes).area.sum() > 0


def test_a_ring_does_not_repeat_its_first_point(fictional_city, day):
    payload = map_payload(fictional_city, day)
    polygons = [polygon for shape in payload["shapes"]["districts"] for polygon in shape["polygons"]]
    for ring in (ring_of(ring, 1) for polygon in polygons for ring in polygon):
        assert len(ring) >= 4
        assert len(set(ring)) == len(ring)


def test_a_label_stands_inside_its_district(fictional_city, day):
    payload = map_payload(fictional_city, day)
    back = dict(drawn(payload))
    for shape in payload["shapes"]["districts"]:
        assert back[shape["code"]].contains(shapely.Point(shape["label"]))


def test_the_same_lines_have_the_same_id_and_other_lines_another(fictional_city):
    ids = [map_payload(fictional_city, day)["shapes"]["id"] for day in (*DAYS, date(2023, 1, 1))]
    assert ids[1] == ids[2] != ids[0]


def test_every_source_of_a_value_is_listed(fictional_city, day):
    payload = map_payload(fictional_city, day)
    listed = {source["id"] for source in payload["sources"]}
    for one in payload["indicators"]:
        for year in one["years"]:
            assert set(year["sources"]) <= listed
            assert year["estimated"] is True
            assert year["basis"] == "架空"


def test_only_places_with_a_point_are_drawn(fictional_city, today):
    names = [place["name"] for place in map_payload(fictional_city, today)["places"]]
    assert sorted(names) == [
        "架空両端センター",
        "架空新田センター",
        "架空本町センター",
        "架空飛地センター",
        "架空駅",
    ]


def test_the_view_begins_with_the_first_indicator_and_what_was_asked_for(fictional_city, today):
    payload = map_payload(
        fictional_city, today, indicators=["households", "population"], view={"district": "2"}
    )
    assert [one["id"] for one in payload["indicators"]] == ["population", "households"]
    assert payload["view"] == {"indicator": "population", "year": 2020, "district": "2"}


def test_an_unknown_indicator_is_refused_with_those_there_are(fictional_city, today):
    with pytest.raises(InputRefused, match="「nai」") as refused:
        chosen_figures(fictional_city, today, ["population", "nai"])
    assert all(one.id in str(refused.value) for one in REGISTRY)


def test_before_the_split_the_map_shows_its_lines_and_no_more(fictional_city):
    payload = map_payload(fictional_city, DAYS[0])
    assert len(payload["districts"]) == len(payload["shapes"]["districts"]) == 4
    assert payload["title"] == "架空市の4地区"
