from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import replace
from datetime import date
from itertools import accumulate

import pytest
import shapely

from geo.crs import to_plane
from kyodo_geo.compose import chosen_figures, map_payload
from kyodo_geo.errors import InputRefused
from kyodo_geo.figures.build import district_table
from kyodo_geo.model.figures import Axis, DemandLayer
from kyodo_geo.model.indicators import REGISTRY
from kyodo_geo.present.classes import BIVARIATE
from kyodo_geo.present.map.payload import MapDistricts, MapTexts, build_payload
from kyodo_geo.provenance import Basis

DAYS = [date(2018, 3, 31), date(2024, 6, 1)]


@pytest.fixture(params=DAYS, ids=str)
def day(request):
    """A day before and a day after the split."""
    return request.param


@pytest.fixture
def build(fictional_city, today):
    """Build a payload of figures as they are, or as `change` makes each of them; options are those of build_payload."""

    def payload(change=lambda one: one, **options):
        districts = MapDistricts(
            fictional_city.names.loc[list(dict.fromkeys(fictional_city.lines(today).values()))],
            fictional_city.shapes(today),
            fictional_city.uncertain(today),
            {},
        )
        figures = [change(one) for one in chosen_figures(fictional_city, today)]
        return build_payload(MapTexts("図", "市", ""), districts, figures, [], {}, **options)

    return payload


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
    assert codes == list(district_table(fictional_city, day).codes)
    names = [one["id"] for one in payload["indicators"]]
    assert {"population_change", "population", "management"} <= set(names)
    assert names == [one.id for one in REGISTRY if one.id in names]
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
            assert year["mark"] == "架空"
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


def years_of(payload, name):
    return next(one["years"] for one in payload["indicators"] if one["id"] == name)


@pytest.mark.parametrize(
    ("basis", "word"),
    [(Basis.PUBLISHED, ""), (Basis.SUPPLIED, ""), (Basis.ESTIMATED, "推計"), (Basis.FICTIONAL, "架空")],
)
def test_each_level_carries_the_word_of_its_own_ground(build, basis, word):
    payload = build(lambda one: replace(one, basis=basis, whole_basis=Basis.PUBLISHED))
    for year in (year for one in payload["indicators"] for year in one["years"]):
        assert (year["mark"], year["mark_area"], year["mark_city"]) == (word, "", "")
    assert ("fictional" in payload) == (word == "架空")


def test_one_fictional_whole_or_one_fictional_place_makes_the_map_say_so(build):
    def published(one):
        whole = Basis.FICTIONAL if one.indicator.id == "km2" else Basis.PUBLISHED
        return replace(one, basis=Basis.PUBLISHED, whole_basis=whole)

    def all_published(one):
        return replace(one, basis=Basis.PUBLISHED, whole_basis=Basis.PUBLISHED)

    assert build(published)["fictional"] is True
    assert build(all_published, fictional=True)["fictional"] is True
    assert "fictional" not in build(all_published)


def test_weak_rates_and_spans_of_places_are_written_only_where_there_are_some(build):
    def weaken(one):
        found = one.indicator.id == "household_size"
        return replace(one, weak=frozenset({"3", "1"}), rank_ranges={"1": (2, 4)}) if found else one

    payload = build(weaken, weak_below=50)
    assert payload["weak_below"] == 50
    assert all(year["weak"] == ["1", "3"] for year in years_of(payload, "household_size"))
    assert all(year["ranks"] == {"1": [2, 4]} for year in years_of(payload, "household_size"))
    assert not [year for year in years_of(payload, "population") if "weak" in year or "ranks" in year]
    assert "weak_below" not in build()


def test_the_thirds_of_an_indicator_hold_for_all_its_years_and_none_is_empty(build):
    numeric = [one for one in build()["indicators"] if one["kind"] != "category"]
    assert [one for one in numeric if "thirds" in one]
    for one in numeric:
        values = [value for year in one["years"] for value in year["values"].values() if value is not None]
        if "thirds" not in one:
            assert len(set(values)) < 4
            continue
        assert {bisect_right(one["thirds"], value) for value in values} == {0, 1, 2}


def test_two_indicators_can_be_laid_over_each_other_but_not_over_steps_or_people(build):
    axis, demand = Axis("半径", "m"), DemandLayer("点", "人", "人口", (), "距離")
    assert build()["bivariate"] == {"colors": list(BIVARIATE)}
    assert "bivariate" not in build(axis=axis)
    assert "bivariate" not in build(demand=demand)


def test_one_indicator_alone_has_nothing_to_be_laid_over(fictional_city, today):
    for names in (["population"], ["population", "management"]):
        assert "bivariate" not in map_payload(fictional_city, today, indicators=names)
