"""Coverage of the fictional city: nobody is lost between places, districts and the city, and a what-if says whom it hurts."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach.choice import ReachChoice
from kyodo_geo.model.reach.values import Facility
from kyodo_geo.provenance import Basis
from kyodo_geo.reach.demand import demand_of, mesh_demand, small_area_demand
from kyodo_geo.reach.figures import levels_of, reach_figures, steps_of
from kyodo_geo.reach.payload import reach_payload
from kyodo_geo.reach.site import compared_rows, site, verdict
from kyodo_geo.reach.study import Given, study_of
from kyodo_geo.reach.tables import (
    change_row,
    change_rows,
    district_rows,
    facility_rows,
    hurt_rows,
    outside_rows,
    reach_row,
)
from kyodo_geo.rules.travel import travel_settings


@pytest.fixture(scope="module")
def travel(today):
    return travel_settings().at(today)


@pytest.fixture(scope="module")
def ask(fictional_city, travel, today):
    """Return the study of a choice in the fictional city."""

    def asked(choice, given=Given()):  # noqa: B008 - a frozen value
        return study_of(fictional_city, choice, travel, on=today, given=given)

    return asked


def test_small_areas_hold_exactly_the_people_of_the_census(fictional_city, today):
    people = small_area_demand(fictional_city, today)
    homes = small_area_demand(fictional_city, today, counted="households")
    assert (people.weight.sum(), homes.weight.sum()) == (2301, 870)
    assert people.basis is Basis.ESTIMATED
    assert (people.unit, homes.unit) == ("人", "世帯")


def test_mesh_cells_are_shared_out_by_area_and_the_difference_is_stated(fictional_city, today):
    people = mesh_demand(fictional_city, today)
    inside = fictional_city.mesh["population"] * fictional_city.mesh["share_in_city"]
    assert people.weight.sum() == pytest.approx(inside.sum(), abs=1)
    total = fictional_city.mesh["population"].sum()
    assert f"{total:,.0f} 人のうち {people.weight.sum():,.0f} 人を地区に分けた" in people.unplaced
    assert f"残り {total - people.weight.sum():,.0f} 人は市の外" in people.unplaced
    shapes = fictional_city.shapes(today)
    for code, (lon, lat) in zip(people.districts, people.lonlat, strict=True):
        from shapely import Point  # noqa: PLC0415 - only here

        assert shapes[code].buffer(1e-9).contains(Point(lon, lat))


def test_households_of_mesh_cells_are_refused_because_nobody_has_them_here(fictional_city, today):
    with pytest.raises(InputRefused, match="世帯数は手元の資料にありません"):
        demand_of(fictional_city, today, kind="mesh", counted="households")


def test_people_of_districts_add_up_to_the_city(fictional_city, ask):
    study = ask(ReachChoice(within=1500))
    levels = levels_of(fictional_city, study)
    city = reach_row(study, levels.city)
    for name in ("people", "within", "outside", "unreachable"):
        assert sum(getattr(reach_row(study, at), name) for at in levels.districts.values()) == getattr(
            city, name
        )
        assert sum(getattr(reach_row(study, at), name) for at in levels.areas.values()) == getattr(city, name)


def test_a_centre_known_by_its_town_only_is_measured_from_there_and_marked(ask):
    study = ask(ReachChoice())
    town = next(one for one in study.targets if one.code == "4")
    assert (town.point, town.lon, town.lat) == ("town", 135.05, 35.015)
    assert facility_rows(study)[3][:2] == ["4", "架空空地センター"]
    assert facility_rows(study)[3][4] == "大字の点(推計) 架空空地"


def test_a_facility_without_a_position_is_named_and_not_measured(ask):
    own = (
        Facility("1", "ある所", "own", 135.01, 35.01),
        Facility("2", "ない所", "own", None, None, point="none"),
    )
    source = small_source()
    study = ask(ReachChoice(facilities="own"), Given(own, source))
    assert [one.name for one in study.targets] == ["ある所"]
    assert [one.name for one in study.unplaced] == ["ない所"]
    assert facility_rows(study)[-1] == ["2", "ない所", "−", "−", "位置なし", "不明", "測れない"]
    assert source in study.sources


def small_source():
    from kyodo_geo.sources.visit.opened import Opened  # noqa: PLC0415 - only here

    return Opened("a.csv", "施設", "0" * 64, (("施設", 2),)).source


def test_in_a_flood_only_designated_shelters_count_and_the_unknown_are_named(ask):
    study = ask(ReachChoice(hazard="地震"))
    assert [one.code for one, counts in zip(study.targets, study.counts_after, strict=True) if counts] == [
        "1"
    ]
    assert {one.code for one in study.unstated} == {"2", "3", "4", "5"}
    flood = ask(ReachChoice(hazard="洪水"))
    assert [one.code for one in flood.unfit] == ["1"]
    assert flood.what == "洪水のとき使えると分かっている市民センター"
    assert not np.isfinite(flood.after.distance).any()
    assert facility_rows(flood)[0][5:] == ["使えない", "洪水のときは使えない"]


def test_what_does_not_count_in_a_disaster_is_drawn_as_such(fictional_city, ask):
    places = reach_payload(fictional_city, ask(ReachChoice(hazard="地震")))["places"]
    assert {place["code"]: place.get("state", "") for place in places} == {
        "1": "",
        **dict.fromkeys("2345", "unfit"),
    }


def test_closing_a_centre_names_who_walks_farther_and_by_how_much(fictional_city, ask):
    study = ask(ReachChoice(closed=("4",), within=1500))
    now = ask(ReachChoice(within=1500))
    longer = study.after.distance - now.after.distance
    hurt = np.flatnonzero((longer > 0) & (study.demand.weight > 0))
    rows = hurt_rows(fictional_city, study)
    assert len(rows) == len(hurt) > 0
    assert rows[0][0] == study.demand.names[hurt[np.argmax(longer[hurt])]]
    city = change_row(study, levels_of(fictional_city, study).city)
    assert city.longer == study.demand.weight[hurt].sum()
    assert sum(int(row[2].replace(",", "")) for row in change_rows(fictional_city, study)[0]) == city.longer
    assert facility_rows(study)[3][-1] == "閉じた"


@given(st.sets(st.sampled_from(["1", "2", "3", "4", "5"]), max_size=4))
def test_closing_never_helps_anyone(ask, closed):
    study = ask(ReachChoice(closed=tuple(sorted(closed))))
    assert (study.after.distance >= study.before.distance).all()


@given(st.tuples(st.floats(135.0, 135.06), st.floats(35.0, 35.04)))
def test_opening_never_hurts_anyone(ask, at):
    study = ask(ReachChoice().open(at))
    assert (study.after.distance <= study.before.distance).all()
    assert study.targets[-1].code == "新1"


def test_moving_a_centre_is_closing_it_there_and_opening_it_here(ask):
    at = (135.05, 35.035)
    moved, both = ask(ReachChoice(moved={"3": at})), ask(ReachChoice(closed=("3",), opened=(at,)))
    assert moved.after.distance.tolist() == both.after.distance.tolist()
    states = {row[0]: (row[4], row[6]) for row in facility_rows(moved)}
    assert (states["3"], states["移3"]) == (("", "動かした"), ("", "動かした先"))
    town = ask(ReachChoice(moved={"4": at}, hazard="地震"))
    assert {row[0]: row[4:] for row in facility_rows(town)}["移4"] == ["", "不明", "地震のときは不明"]


def test_a_code_that_is_none_is_refused_with_those_there_are(ask):
    with pytest.raises(InputRefused, match="「99」はありません") as refused:
        ask(ReachChoice(closed=("99",)))
    assert "1(架空本町センター)" in refused.value.todo


def test_a_way_by_road_needs_a_file_of_roads(ask):
    with pytest.raises(InputRefused, match="道路のファイルが開かれていません"):
        ask(ReachChoice(measure="road"))


def test_the_curve_on_the_map_ends_with_everybody_and_never_falls(fictional_city, ask):
    study = ask(ReachChoice())
    shares = [one for one in reach_figures(fictional_city, study) if one.indicator.id == "share_within"]
    assert [one.year for one in shares] == list(steps_of(study))
    assert [one.city for one in shares] == sorted(one.city for one in shares)
    assert shares[-1].city == 100
    outside = [one for one in reach_figures(fictional_city, study) if one.indicator.id == "people_outside"]
    for share, out in zip(shares, outside, strict=True):
        assert out.city == pytest.approx(2301 * (1 - share.city / 100))


def test_what_the_map_gets_holds_every_inhabited_place_and_who_is_nearest(fictional_city, ask):
    study = ask(ReachChoice(closed=("1",)))
    payload = reach_payload(fictional_city, study)
    points = payload["demand"]["points"]
    assert sum(point["people"] for point in points) == 2301
    assert all(point["before"] <= point["distance"] for point in points)
    assert payload["axis"] == {"label": "半径", "unit": "m", "kind": "slider"}
    closed = next(place for place in payload["places"] if place["code"] == "1")
    assert closed["state"] == "closed"


def test_a_table_says_the_same_as_the_map(fictional_city, ask):
    study = replace(ask(ReachChoice()), within=1500.0)
    rows, foot = district_rows(fictional_city, study)
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]
    assert rows[3][3:] == [
        "0",
        "0",
        "0",
        "不明(人がいないため計算できません)",
        "0",
        "0",
        *["不明(人がいないため計算できません)"] * 2,
    ]
    for within in (100.0, 1234.0, 1500.0, 50_000.0):  # a step, none, a step, beyond the last step
        asked = ask(ReachChoice(within=within))
        shown = {one["id"]: one for one in reach_payload(fictional_city, asked)["indicators"]}["share_within"]
        here = next(one for one in shown["years"] if one["year"] == within)
        assert district_rows(fictional_city, asked)[1][6] == f"{here['city']:.1f}"
    far = outside_rows(fictional_city, study)
    assert sum(int(row[2].replace(",", "")) for row in far) == int(foot[7].replace(",", "")) + int(
        foot[8].replace(",", "")
    )


@pytest.mark.parametrize("objective", ["cover", "distance"])
def test_the_best_choice_is_never_worse_than_the_greedy_one(fictional_city, ask, objective):
    study = ask(ReachChoice(within=1200))
    for p in (1, 2, 3, 4):
        answer = site(study, p=p, objective=objective, candidates="existing")
        sign = 1 if objective == "cover" else -1
        assert sign * answer.sited.objective >= sign * answer.sited.greedy.objective
        assert len(answer.sited.chosen) == p
        assert answer.as_choice().closed == answer.given_up
        assert [row[0] for row in compared_rows(answer)] == [
            "今のまま",
            "厳密な答え",
            "順に選んだ答え(貪欲法)",
        ]
        assert "最適(証明ずみ)" in verdict(answer)


def test_more_places_keep_all_that_stand(ask):
    answer = site(ask(ReachChoice(within=1200)), p=2, objective="cover", candidates="places")
    assert answer.given_up == ()
    assert len(answer.new) == 2
    assert len(answer.as_choice().opened) == 2


def test_keeping_more_than_there_are_is_refused(ask):
    with pytest.raises(InputRefused, match="今の施設は 5 か所です"):
        site(ask(ReachChoice()), p=5, objective="cover", candidates="existing")
