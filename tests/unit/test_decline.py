"""What is told of single places is carried over as it is told: tied only where a name decides, never summed or filled in."""

from __future__ import annotations

import pytest

from kyodo_geo.sources.build.decline import Lookup

LOOKUP = Lookup(
    districts={"架空東": "1", "架空西": "2", "架空町": "3", "室": "4"},
    areas=frozenset({"架空町", "室"}),
    alone={"室": "4"},
    towns={"沼": frozenset({"2"}), "境": frozenset({"1", "2"})},
)


@pytest.mark.parametrize(
    ("name", "code", "area"),
    [
        ("架空東", "1", ""),
        ("架空町", "", "架空町"),  # the name of a district too, but an area of several
        ("室", "4", "室"),
        ("室東", "4", "室"),
        ("沼", "2", ""),
        ("境", "", ""),  # in two districts
        ("どこか", "", ""),
    ],
)
def test_a_name_ties_only_what_it_decides(name, code, area):
    assert LOOKUP.tie(name) == (code, area)


def test_no_school_is_lost_and_those_without_a_district_leave_its_neighbours_unknown(
    shipped_city, shipped_day
):
    counted = [one for one in shipped_city.closed_schools if one.kind in shipped_city.SCHOOL_KINDS]
    loose = {one.area for one in counted if not one.district_code}
    counts = shipped_city.counts(shipped_day)
    for code, unit in counts.items():
        unknown = not isinstance(unit.closed_schools, int)
        assert unknown == (shipped_city.area_of(code) in loose)
    known = sum(unit.closed_schools for unit in counts.values() if isinstance(unit.closed_schools, int))
    assert known < len(counted) < len(shipped_city.closed_schools)


def test_a_small_area_without_an_earlier_value_is_not_called_falling(shipped_city):
    first, last = shipped_city.censuses
    named = shipped_city.vanishing()[last.year]
    assert named
    assert not set(named) & set(first.missing)
    for key in named:
        now = last.counts["population"]
        people = sum(now[one] for one in now.index if one.split("-")[0] == key.split("-")[0])
        assert people < 20
        assert people < first.counts["population"][key.split("-")[0]]


def test_wards_keep_their_own_date_and_say_what_is_rounded(shipped_city):
    assert all(ward.published for ward in shipped_city.wards)
    assert any(ward.about for ward in shipped_city.wards)
    assert any(ward.population is None for ward in shipped_city.wards)
    assert all(ward.district_code in {"", *shipped_city.names.index} for ward in shipped_city.wards)
    assert sum(ward.ageing_percent is not None for ward in shipped_city.wards) == 2


def test_people_of_eighty_stand_at_their_own_level(shipped_city):
    levels = {one.level for one in shipped_city.aged}
    assert levels == {"area", "city_without_later_areas", "district", "ward"}
    for year in (2008, 2009, 2010):
        parts = [one.people for one in shipped_city.aged if one.fiscal_year == year and one.level == "area"]
        whole = next(
            one.people
            for one in shipped_city.aged
            if one.fiscal_year == year and one.level.startswith("city")
        )
        assert sum(parts) == whole
