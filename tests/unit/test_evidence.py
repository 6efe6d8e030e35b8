"""Opened tables beside the city's own data: nobody is lost or made, and what is not known stays unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from kyodo_geo.errors import InputRefused
from kyodo_geo.evidence.ages import ages_by_district, groups_of, people_by_small_area, whole_of
from kyodo_geo.evidence.given import NO_EVIDENCE, evidence_of
from kyodo_geo.figures.build import figures_of, known_figures
from kyodo_geo.figures.door import NamedContent, open_tables
from kyodo_geo.figures.levels import levels_of
from kyodo_geo.model.ageing.values import AgeTable, Band
from kyodo_geo.provenance import Basis, Unknown
from kyodo_geo.sample.kinds import sample_kind
from kyodo_geo.sample.pack import sample_pack
from kyodo_geo.sources.visit.ages.values import AgesRead
from kyodo_geo.sources.visit.opened import Opened

ON = date(2026, 11, 24)
BANDS = (Band(0, 14), Band(15, 64), Band(65, 74), Band(75, None))


def read_of(
    places, both, *, year=2020, counted_by="国勢調査", fictional=False, districts=None, unknown_age=None
):
    """An age table as a reader returns it, one row for each of the places."""
    people = np.array(both, dtype=np.float64)
    table = AgeTable(
        tuple(str(at) for at in range(len(places))), BANDS, people,
        np.zeros(len(places)) if unknown_age is None else np.array(unknown_age, dtype=np.float64),
    )  # fmt: skip
    opened = Opened(
        f"表{year}{counted_by}.csv", "架空の表", f"{year}{counted_by}{fictional}", (), fictional=fictional
    )
    return AgesRead(
        table,
        tuple(places),
        tuple(districts or [""] * len(places)),
        date(year, 10, 1),
        counted_by,
        0.0,
        0.0,
        (),
        opened,
    )


@pytest.fixture(scope="module")
def city(shipped_city):
    return shipped_city


@pytest.fixture(scope="module")
def sampled(city):
    files = [NamedContent(name, content) for name, content in sample_pack(city, vacancy=city.vacancy).items()]
    ages = [file for file in files if sample_kind(file.name) == "ages"]
    vacancy = next(file for file in files if sample_kind(file.name) == "vacancy")
    return open_tables(city, ON, ages, vacancy, whole_city=True)


def test_a_group_within_one_district_is_not_split():
    read = read_of([("a", "b"), ("c",)], [[1, 2, 3, 4], [10, 20, 30, 40]])
    found = ages_by_district(
        read, {"a": "1", "b": "1", "c": "2"}, {"a": 5, "b": 5, "c": 100}, ["1", "2", "3"]
    )
    assert found.table.both.tolist() == [[1, 2, 3, 4], [10, 20, 30, 40], [0, 0, 0, 0]]
    assert found.split_people == 0
    assert found.filled == {"1", "2"}


def test_a_group_over_a_border_is_shared_by_people_and_named():
    read = read_of([("a", "b")], [[4, 8, 12, 16]], unknown_age=[4])
    found = ages_by_district(read, {"a": "1", "b": "2"}, {"a": 30, "b": 10}, ["1", "2"])
    assert found.table.both.tolist() == [[3, 6, 9, 12], [1, 2, 3, 4]]
    assert found.table.unknown_age.tolist() == [3, 1]
    assert found.split_people == 44
    assert found.table.total.sum() == read.table.total.sum()


def test_nobody_is_lost_from_small_areas_to_districts_to_the_city(sampled):
    levels = levels_of(sampled, ON)
    for year, brought in levels.brought.items():
        read = next(one for one in sampled.evidence.ages if one.day.year == year)
        assert brought.table.total.sum() == pytest.approx(read.table.total.sum(), abs=1e-6)
        assert levels.city.ages[year]["total"] == read.table.total.sum()
        for group in ("under_15", "working", "over_65", "over_75"):
            assert sum(unit.ages[year][group] for unit in levels.districts.values()) == pytest.approx(
                levels.city.ages[year][group]
            )


def test_the_sample_adds_up_to_what_is_published(sampled):
    levels = levels_of(sampled, ON)
    for year, groups in sampled.ages.items():
        if year in levels.brought:
            assert levels.city.ages[year]["over_65"] == groups["age_65_over"]
    assert (
        levels.city.vacancy[levels.vacancy.year].part
        == sampled.vacancy[levels.vacancy.year]["vacant_dwellings"]
    )


def test_everything_that_stands_on_the_sample_is_fictional_and_nothing_else_is(city, sampled):
    for one in figures_of(sampled, ON):
        touched = one.indicator.span in {"ages", "homes", "vacancy"} and one.year != 2010
        assert (one.basis is Basis.FICTIONAL, one.mark == "架空") == (touched, touched), one.title
    assert all(one.basis is not Basis.FICTIONAL and one.mark != "架空" for one in figures_of(city, ON))


def test_without_a_table_districts_are_unknown_and_the_city_is_as_published(city):
    found = {(one.indicator.id, one.year): one for one in figures_of(city, ON)}
    for year, ages in city.ages.items():
        rate = found["ageing_rate", year]
        assert all(isinstance(value, Unknown) for value in rate.districts.values())
        assert rate.city == pytest.approx(
            100 * ages["age_65_over"] / (ages["age_0_14"] + ages["age_15_64"] + ages["age_65_over"])
        )
    assert not {one.indicator.span for one in known_figures(city, ON)} & {"ages", "homes", "vacancy"}


def test_a_register_is_never_one_series_with_the_census(city):
    key = next(iter(city.people_by_key))
    register = read_of([(key,)], [[1, 2, 3, 4]], year=2025, counted_by="住民基本台帳")
    census = read_of([(key,)], [[1, 2, 3, 4]], year=2020)
    with pytest.raises(InputRefused, match="一緒には使えません") as refused:
        evidence_of([register, census])
    assert "混ぜません" in str(refused.value)
    years = levels_of(city.bring(evidence_of([register])), ON).years["ages"]
    assert list(years) == [2025]


def test_made_up_tables_never_stand_beside_real_ones():
    real, made_up = (
        read_of([("a",)], [[1, 2, 3, 4]], year=2015),
        read_of([("a",)], [[1, 2, 3, 4]], fictional=True),
    )
    with pytest.raises(InputRefused, match="架空"):
        evidence_of([real, made_up])


def test_two_tables_of_one_year_are_refused_by_year():
    one = read_of([("a",)], [[1, 2, 3, 4]])
    with pytest.raises(InputRefused, match="2020年の年齢の表が 2 つ"):
        evidence_of([one, replace(one)])


def test_a_part_of_a_district_and_of_the_city_is_not_the_whole(city):
    key = next(iter(city.people_by_key))
    informed = city.bring(evidence_of([read_of([(key,)], [[10, 20, 30, 40]])]))
    mine, levels = city.homes(ON)[key], levels_of(informed, ON)
    assert levels.districts[mine].ages[2020]["over_65"] == Unknown("開いた表の行が地区の一部だけ")
    assert levels.city.ages[2020]["over_65"] == city.ages[2020]["age_65_over"]
    later = city.bring(evidence_of([read_of([(key,)], [[10, 20, 30, 40]], year=2022)]))
    assert levels_of(later, ON).city.ages[2022]["over_65"] == Unknown("開いた表は市の全体ではない")


def test_a_district_without_a_row_is_unknown_and_not_empty(city):
    mine = next(iter(city.lines(ON).values()))
    informed = city.bring(evidence_of([read_of([()], [[10, 20, 30, 40]], districts=[mine])]))
    ages = {code: unit.ages[2020]["over_65"] for code, unit in levels_of(informed, ON).districts.items()}
    assert ages.pop(mine) == 70
    assert all(isinstance(value, Unknown) and value.reason == "開いた表に行がない" for value in ages.values())


def test_few_people_are_hatched_and_ranked_as_a_range(city):
    codes = list(dict.fromkeys(city.lines(ON).values()))
    rows = [[10, 20, 10, 10] if at == 0 else [100 + at, 500, 150 + 3 * at, 200] for at in range(len(codes))]
    informed = city.bring(evidence_of([read_of([()] * len(codes), rows, districts=codes)]))
    rate = next(
        one for one in figures_of(informed, ON) if (one.indicator.id, one.year) == ("ageing_rate", 2020)
    )
    few = codes[0]
    assert rate.weak == {few}
    best, worst = rate.rank_ranges[few]
    place = 1 + sum(value > rate.districts[few] for value in rate.districts.values())
    assert best < place <= worst
    assert all(low <= high for low, high in rate.rank_ranges.values())


def test_ages_a_table_does_not_tell_apart_are_unknown_with_the_reason():
    read = read_of([("a",)], [[1, 2, 3, 4]])
    groups = groups_of(whole_of(read), 0)
    assert groups["over_75"] == 4
    assert groups["over_85"] == Unknown("表の区分が75歳以上まで")
    assert isinstance(people_by_small_area(read, 85, None, {"a": 1}), Unknown)


def test_people_of_an_age_by_small_area_add_up():
    read = read_of([("a", "b"), ("c",)], [[1, 2, 3, 4], [0, 0, 0, 6]])
    assert people_by_small_area(read, 75, None, {"a": 3, "b": 1, "c": 9}) == {"a": 3.0, "b": 1.0, "c": 6.0}
    alone = read_of([()], [[1, 2, 3, 4]], districts=["1"])
    assert isinstance(people_by_small_area(alone, 75, None, {}), Unknown)


def test_no_evidence_changes_nothing(city):
    assert city.evidence is NO_EVIDENCE
    assert city.bring(NO_EVIDENCE).evidence.key == NO_EVIDENCE.key


def test_vacant_dwellings_are_not_told_on_earlier_lines(sampled):
    assert levels_of(sampled, ON).vacancy is not None
    assert levels_of(sampled, date(2016, 10, 1)).vacancy is None


def test_schools_and_wards_are_those_of_the_day(city):
    later, earlier = (levels_of(city, day).city for day in (ON, date(2022, 12, 31)))
    assert earlier.closed_schools < later.closed_schools
    assert earlier.wards < later.wards
    assert isinstance(levels_of(city, date(2018, 1, 1)).city.closed_schools, Unknown)
