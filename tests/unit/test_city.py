from __future__ import annotations

import math
from datetime import date
from fractions import Fraction

import pytest
import shapely
from fictional import city as fictional

from geo.crs import to_plane
from geo.measure import area_km2
from kyodo_geo.compose import district_facts
from kyodo_geo.errors import KeyMismatch, NotInForce
from kyodo_geo.figures.build import district_table, figures_of
from kyodo_geo.model.indicators import REGISTRY, indicator, sum_counts
from kyodo_geo.provenance import Basis, Unknown
from kyodo_geo.runs import district_units, listed_units
from kyodo_geo.sources.units import read_units

BEFORE_SPLIT, AFTER_SPLIT = date(2018, 3, 31), date(2018, 4, 1)
DAYS = [date(2012, 4, 1), BEFORE_SPLIT, AFTER_SPLIT, date(2024, 6, 1)]


def figures_named(city, day, name, year=2020):
    return next(one for one in figures_of(city, day) if one.indicator.id == name and one.year == year)


def test_the_lines_are_those_of_the_day(fictional_city):
    assert list(district_table(fictional_city, AFTER_SPLIT).codes) == ["1", "2", "3", "4", "5"]
    assert list(district_table(fictional_city, BEFORE_SPLIT).codes) == ["1", "2", "3", "4"]
    with pytest.raises(NotInForce, match="2012-03-31"):
        district_table(fictional_city, date(2012, 3, 31))


@pytest.mark.parametrize("day", DAYS)
def test_nobody_is_lost_between_small_areas_districts_areas_and_city(fictional_city, day):
    for year, totals in fictional.TOTALS.items():
        for name, total in zip(("population", "households"), totals, strict=True):
            figures = figures_named(fictional_city, day, name, year)
            assert sum(figures.districts.values()) == sum(figures.areas.values()) == figures.city == total


@pytest.mark.parametrize("day", DAYS)
def test_areas_and_shapes_are_conserved_when_lines_change(fictional_city, day):
    km2 = [unit.km2 for unit in fictional_city.counts(day).values()]
    assert math.fsum(km2) == pytest.approx(area_km2(fictional.outlines()).sum(), rel=1e-6)
    shapes = fictional_city.shapes(day)
    assert set(shapes.index) == set(district_table(fictional_city, day).codes)
    assert shapely.is_valid(shapes.to_numpy()).all()
    assert to_plane(shapes).area.sum() == pytest.approx(to_plane(fictional.outlines()).area.sum())


def test_before_the_split_the_district_counts_what_later_left_it(fictional_city):
    before = district_table(fictional_city, BEFORE_SPLIT)
    after = district_table(fictional_city, AFTER_SPLIT)
    for name in ("population", "households", "population_2010"):
        assert before.table.loc["3", name] == after.table.loc["3", name] + after.table.loc["5", name]
    assert BEFORE_SPLIT.isoformat() in before.restated
    assert district_table(fictional_city, date(2024, 6, 1)).restated == ""
    assert len(shapely.get_parts(fictional_city.shapes(BEFORE_SPLIT)["3"])) == 2


def test_enclave_and_pieces_keep_their_shape(fictional_city):
    shapes = fictional_city.shapes(AFTER_SPLIT)
    assert len(shapes["1"].interiors) == 1
    assert shapely.Polygon(shapes["1"].interiors[0]).equals(shapes["2"])
    assert len(shapely.get_parts(shapes["3"])) == 2


def test_a_census_that_knew_no_parts_is_counted_once(fictional_city):
    assert district_table(fictional_city, AFTER_SPLIT).table.loc[
        "3", ["population_2010", "population"]
    ].tolist() == [500, 501]


def test_the_empty_district_has_zero_people_and_unknown_rates(fictional_city, today):
    row = district_table(fictional_city, today).table.loc["4"]
    assert (row["population"], row["households"], row["density"]) == (0, 0, 0)
    for name in ("household_size", "household_size_2010", "population_change", "household_change"):
        assert isinstance(row[name], Unknown)
        assert row[name].reason


def test_no_value_of_the_table_is_empty_or_not_a_number(fictional_city, today):
    table = district_table(fictional_city, today).table
    values = [value for column in table for value in table[column]]
    assert all(value is not None and value == value for value in values)  # noqa: PLR0124 - NaN is not itself


def test_unknown_management_stays_unknown(fictional_city, today):
    figures = figures_named(fictional_city, today, "management", today.year)
    assert figures.districts["4"] == Unknown("公表資料なし")
    assert {code: figures.districts[code] for code in "1235"} == {
        "1": "community", "2": "direct", "3": "community", "5": "direct",
    }  # fmt: skip
    assert figures.areas == {"架空町": "指定管理 1・直営 1", "架空村": "指定管理 1・直営 1・不明 1"}
    assert figures.city == "指定管理 2・直営 2・不明 1"
    assert fictional_city.management_note("4", today) == "架空の資料にない"


def test_management_is_that_of_the_day(fictional_city):
    assert [fictional_city.status("1", day) for day in (date(2016, 3, 31), date(2016, 4, 1))] == [
        "direct",
        "community",
    ]
    with pytest.raises(NotInForce):
        fictional_city.status("5", BEFORE_SPLIT)


def test_one_council_serves_two_districts_and_one_district_has_none_known(fictional_city):
    councils = fictional_city.councils
    assert councils["1"].council == councils["2"].council == "架空まちづくり協議会"
    assert (councils["4"].status, councils["4"].council) == ("unknown", "")
    facts = {
        code: {fact.label: fact for fact in district_facts(fictional_city, code, AFTER_SPLIT)}
        for code in "1245"
    }
    assert facts["1"]["地域協働体"].text.endswith("(平成25年(2013年)4月設立)")
    assert facts["4"]["地域協働体"].unknown
    assert facts["4"]["管理"].unknown
    assert facts["5"]["地域協働体"].text.startswith("名称は不明")
    assert not facts["2"]["管理"].unknown


def test_uncertain_districts_are_those_with_people_on_weak_ground(fictional_city):
    assert [code for code, weak in fictional_city.uncertain(AFTER_SPLIT).items() if weak] == ["5"]
    assert [code for code, weak in fictional_city.uncertain(BEFORE_SPLIT).items() if weak] == ["3"]


def test_every_figure_names_its_basis_and_sources(fictional_city, today):
    for figures in figures_of(fictional_city, today):
        assert figures.basis is Basis.FICTIONAL
        assert figures.estimated
        assert figures.sources
        assert figures.day <= today
    changed = figures_named(fictional_city, today, "population_change")
    assert changed.title == "人口増減率 2010→2020"
    assert {source.id for source in changed.sources} >= {"census2010_small_areas", "census2020_small_areas"}
    assert changed.caution == "架空の注意"
    districts = district_table(fictional_city, today)
    assert districts.basis() is Basis.FICTIONAL
    assert set(districts.columns) == set(districts.table.columns)


def test_the_whole_is_calculated_like_its_parts(fictional_city, today):
    counts = fictional_city.counts(today)
    whole = sum_counts(counts.values())
    for item in REGISTRY:
        if item.kind != "category" and item.span in {"count", "change", "latest"}:
            assert figures_named(fictional_city, today, item.id).city == item.compute(whole, 2020, 2010)
    assert indicator("population_change").compute(whole, 2020, 2010) == pytest.approx(
        float(Fraction(-14200, 2443))
    )


def test_units_are_the_districts_with_their_people(fictional_city):
    units, used = district_units(fictional_city, BEFORE_SPLIT, "2010")
    assert [(unit.code, unit.name, unit.population) for unit in units] == [
        ("1", "架空本町", 1300), ("2", "架空飛地", 310), ("3", "架空両端", 833), ("4", "架空空地", 0),
    ]  # fmt: skip
    assert (used.reference_date, used.counted_by, used.basis) == ("2010-10-01", "国勢調査", Basis.FICTIONAL)
    assert [source.id for source in used.sources] == ["census2010_small_areas", "small_areas"]


def test_units_that_a_person_brings_are_supplied():
    units, used = listed_units(read_units(b"unit_code,unit,population\nx,y,5\n", name="架空.csv"))
    assert [(unit.code, unit.population) for unit in units] == [("x", 5)]
    assert used.basis is Basis.SUPPLIED
    assert "架空.csv" in used.title


def test_a_district_that_a_census_did_not_count_is_refused_by_name(changed_city):
    with pytest.raises(KeyMismatch, match=r"架空のcensus2010_small_areas.*足りない: 5"):
        changed_city({"population/census2010.csv": ("k51,,333,111", "k51,,,")})


def test_a_district_without_a_centre_is_refused_by_name(changed_city):
    row = fictional.files()["records/centres.csv"].decode().splitlines()[4]
    with pytest.raises(KeyMismatch, match=r"市民センター.*足りない: 4"):
        changed_city({"records/centres.csv": (f"{row}\n", "")})
