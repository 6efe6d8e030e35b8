"""The study of ageing: what is published, what an opened table adds, distances, projections, trends and their misses."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.ageing import published
from kyodo_geo.ageing.distance import distance_study, distance_table
from kyodo_geo.ageing.export import (
    distance_csv,
    miss_text,
    projection_csv,
    projection_json,
    projection_text,
    trend_csv,
)
from kyodo_geo.ageing.figures import PROJECTED, ageing_figures, projected_figures
from kyodo_geo.ageing.miss import miss_study
from kyodo_geo.ageing.projection import project_study, tables_apart
from kyodo_geo.ageing.projection_tables import projection_sentences, projection_table, trend_table
from kyodo_geo.ageing.pyramid import pyramids_of
from kyodo_geo.ageing.tables import account_sentences, district_table, said_of, unfound_tables, whole_table
from kyodo_geo.ageing.trend import city_misses, trend_study
from kyodo_geo.errors import InputRefused
from kyodo_geo.evidence.given import evidence_of
from kyodo_geo.figures.build import figures_of
from kyodo_geo.figures.levels import levels_of
from kyodo_geo.model.ageing.choice import AgeingChoice, from_query, read_families
from kyodo_geo.model.ageing.values import AgeTable, Band
from kyodo_geo.provenance import Basis, Unknown
from kyodo_geo.rules.ageing import ageing_settings
from kyodo_geo.sources.visit.ages.households import ElderlyHouseholds
from kyodo_geo.sources.visit.ages.values import AgesRead
from kyodo_geo.sources.visit.opened import Opened
from kyodo_geo.sources.visit.sheets.places import Unfound

BANDS = (*(Band(low, low + 4) for low in range(0, 75, 5)), Band(75, None))
# People of each small area, the same for each sex and band; k41 is an empty district
PLACES = (("k11",), ("k12",), ("k21",), ("k31",), ("k41",), ("k51",))
PEOPLE = (50.0, 40.0, 35.0, 31.0, 0.0, 2.0)


@pytest.fixture(scope="module")
def settings(today):
    return ageing_settings().at(today)


def read_of(year, *, people=PEOPLE, places=PLACES, bands=BANDS, fictional=True, sexes=True, unfound=()):
    """An opened table in which every sex and band of a small area has so many people."""
    each = np.outer(people, np.ones(len(bands)))
    table = AgeTable(
        tuple(f"行{at}" for at in range(len(places))), bands, 2 * each, np.full(len(places), 1.0),
        male=each if sexes else None, female=each if sexes else None,
    )  # fmt: skip
    opened = Opened(f"{'架空' if fictional else '表'}{year}.csv", f"年齢の表{year}", f"{year}" * 8, (("行", len(places)),), fictional=fictional,
                    reference_date=f"{year}-10-01", counted_by="国勢調査")  # fmt: skip
    merged = sum(float(table.total[at]) for at, keys in enumerate(places) if len(keys) > 1)
    return AgesRead(
        table,
        places,
        ("",) * len(places),
        date(year, 10, 1),
        "国勢調査",
        merged,
        7.0 * len(unfound),
        unfound,
        opened,
    )


def informed(city, *reads):
    return city.bring(evidence_of(reads))


@pytest.fixture(scope="module")
def two(fictional_city):
    return informed(fictional_city, read_of(2015), read_of(2020))


def refused(step):
    with pytest.raises(InputRefused) as caught:
        step()
    return f"{caught.value}"


def test_what_is_published_is_shown_dated_and_at_its_own_level(fictional_city):
    ages = published.city_ages_table(fictional_city)
    (row,) = ages.rows
    assert row[:6] == ["2020年10月1日", "2,301", "201", "1,100", "1,000", "不明(公表資料なし)"]
    assert row[7] == "43.5 %"
    assert "国勢調査" in ages.caption
    assert all(table.rows for table in published.published_tables(fictional_city))


def test_people_of_unknown_age_are_what_the_groups_leave(fictional_city):
    ages = {2020: {**fictional_city.ages[2020], "population": 2311}}
    assert published.unknown_age(replace(fictional_city, ages=ages), 2020) == 10


def test_without_a_table_no_district_is_drawn(fictional_city, today):
    assert ageing_figures(figures_of(fictional_city, today)) == []


def test_district_and_area_counts_stand_beside_rates_and_add_up(two, today):
    levels, figures = levels_of(two, today), figures_of(two, today)
    table = district_table(two, levels, figures, year=2020, said=said_of(two, 2020))
    heads = [column.label for column in table.columns]
    by_code = {row[0]: dict(zip(heads, row, strict=True)) for row in table.rows}
    assert by_code["1"]["年齢の分かる人"] == "2,880"  # (50 + 40) people × 16 bands × 2 sexes
    assert by_code["1"]["65歳以上の人"] == "540"
    assert by_code["1"]["高齢化率"] == "18.8 %"
    assert by_code["4"]["高齢化率"].startswith("不明(")
    assert "架空" in table.caption
    assert "2020-10-01" in table.caption
    whole = whole_table(two, levels, figures, year=2020, said=said_of(two, 2020))
    assert whole.rows[-1][1] == "5,056"
    assert "85歳以上の人" not in heads


def test_households_with_elderly_stand_beside_the_people(fictional_city, today):
    read = read_of(2020)
    opened = replace(read.opened, sha256="homes")
    homes = ElderlyHouseholds(PLACES, np.full(6, 40.0), np.full(6, 10.0), read.day, opened)
    city = fictional_city.bring(evidence_of([read], [homes]))
    table = district_table(city, levels_of(city, today), figures_of(city, today), year=2020, said="")
    heads = [column.label for column in table.columns]
    assert table.rows[0][heads.index("65歳以上のいる世帯の割合")] == "25.0 %※"  # 20 of 80 households


def test_a_rate_of_few_is_marked_and_its_place_is_a_range(two, today):
    levels, figures = levels_of(two, today), figures_of(two, today)
    rows = district_table(two, levels, figures, year=2020, said="").rows
    few = next(row for row in rows if row[0] == "5")  # 2 × 16 × 2 = 64 people
    assert "18.8 %※" in few
    assert "〜" in few[-1]


def test_the_difference_to_the_published_city_is_named(two, today):
    said = "".join(account_sentences(two, levels_of(two, today), 2020))
    assert "公表された2020年の市の人口は 2,301 人" in said
    assert "人口 +2,761 人" in said  # 5,056 of known and 6 of unknown age less 2,301


def test_merged_split_and_unplaced_people_are_counted_and_listed(fictional_city, today):
    places = (("k11", "k21"), ("k12",), ("k31",), ("k51",))
    lost = (Unfound("<b>どこか</b>", ("k11 甲", "k12 乙")),)
    city = informed(fictional_city, read_of(2020, people=(50, 40, 31, 2), places=places, unfound=lost))
    said = "".join(account_sentences(city, levels_of(city, today), 2020))
    assert "合算された組に入る人 1,601 人" in said
    assert "人口の割合で分けた人 1,601 人" in said
    assert "場所を結べなかった行 1 行、7 人" in said
    (table,) = unfound_tables(city)
    assert table.rows == [["<b>どこか</b>", "k11 甲、k12 乙"]]


def test_a_pyramid_stands_beside_its_area_and_the_city(two, today):
    levels = levels_of(two, today)
    unit, area, city = pyramids_of(two, levels, 2020, "2")
    assert (unit.name, area.name, city.name) == ("架空飛地", "架空町地域", "市全体")
    for one in (unit, area, city):
        assert sum(men + women for _, men, women in one.shares) == pytest.approx(100)
    assert isinstance(pyramids_of(two, levels, 2020, "4"), Unknown)


def test_a_pyramid_needs_the_sexes(fictional_city, today):
    city = informed(fictional_city, read_of(2020, sexes=False))
    found = pyramids_of(city, levels_of(city, today), 2020, "1")
    assert isinstance(found, Unknown)
    assert "男女" in found.detail


def test_distances_are_weighted_with_the_people_of_75_and_over(two, today):
    found = distance_study(two, today)
    weight = dict(zip(found.reach.demand.keys, found.reach.demand.weight, strict=True))
    assert weight["k11"] == 100
    assert weight["k31-E1"] + weight["k31-E2"] == pytest.approx(62)
    assert weight["k31-E1"] / weight["k31-E2"] == pytest.approx(480 / 21)
    assert found.reach.demand.basis is Basis.FICTIONAL
    table = distance_table(two, found)
    assert "直線距離" in table.caption
    assert "架空" in table.caption
    assert table.rows[-1][2] == "316"
    rows = list(csv.reader(io.StringIO(distance_csv(two, found))))
    assert float(rows[-1][3]) == 316


def test_the_way_to_the_own_centre_is_never_shorter_than_to_the_nearest(two, today):
    found = distance_study(two, today)
    assert (found.own >= found.reach.after.distance).all()


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (read_of(2020, bands=(Band(0, 14), Band(15, 64), Band(65, None))), "表の区分が65歳以上まで"),
        (
            replace(read_of(2020), places=((),) * 6, districts=("1", "1", "2", "3", "4", "5")),
            "小地域のものではない",
        ),
    ],
)
def test_distances_are_unknown_where_the_table_does_not_tell(fictional_city, today, read, words):
    found = distance_study(informed(fictional_city, read), today)
    assert isinstance(found, Unknown)
    assert words in found.reason


def test_without_a_table_the_distance_is_unknown(fictional_city, today):
    assert isinstance(distance_study(fictional_city, today), Unknown)


def test_one_table_makes_no_projection(fictional_city, today, settings):
    found = project_study(informed(fictional_city, read_of(2020)), today, AgeingChoice(), settings)
    assert isinstance(found, Unknown)
    assert "5年はなれた2つの年齢の表" in found.detail


@given(st.lists(st.integers(2000, 2030), min_size=1, max_size=5, unique=True), st.integers(1, 3))
def test_tables_are_taken_five_years_apart_or_not_at_all(years, count):
    reads = [read_of(year) for year in sorted(years)]
    found = tables_apart(reads, count)
    newest = max(years)
    wanted = [newest - 5 * back for back in range(count - 1, -1, -1)]
    if found is None:
        assert not set(wanted) <= set(years)
    else:
        assert [one.day.year for one in found] == wanted


def test_the_levels_of_a_projection_add_up_at_every_step(two, today, settings):
    study = project_study(two, today, AgeingChoice(), settings)
    assert (study.steps[0].day.year, study.steps[-1].day.year) == (2015, 2050)
    assert [step.counted for step in study.steps] == [True, True, *[False] * 6]
    for step in study.steps:
        districts = sum(ages.total for ages in step.districts.values() if not isinstance(ages.total, Unknown))
        assert sum(ages.total for ages in step.areas.values()) == pytest.approx(districts)
        assert step.city.total == pytest.approx(districts)
    assert study.basis is Basis.FICTIONAL
    assert study.mark == "架空"


def test_a_district_without_rows_is_unknown_and_so_is_its_area(fictional_city, today, settings):
    short = {"people": PEOPLE[:5], "places": PLACES[:5]}
    city = informed(fictional_city, read_of(2015, **short), read_of(2020))
    study = project_study(city, today, AgeingChoice(), settings)
    assert study.missing == ("5",)
    last = study.steps[-1]
    assert isinstance(last.districts["5"].total, Unknown)
    assert isinstance(last.areas["架空村"].total, Unknown)
    assert not isinstance(last.areas["架空町"].total, Unknown)
    assert "架空新田" in "".join(projection_sentences(city, study))


def test_real_tables_are_marked_as_an_estimate(fictional_city, today, settings):
    city = informed(fictional_city, read_of(2015, fictional=False), read_of(2020, fictional=False))
    study = project_study(city, today, AgeingChoice(), settings)
    assert study.basis is Basis.ESTIMATED
    assert "推計" in projection_table(city, study).caption


def test_families_are_added_where_they_move_and_nowhere_else(two, today, settings):
    usual = project_study(two, today, AgeingChoice(2040), settings)
    more = project_study(two, today, AgeingChoice(2040, "families", {"2": 2}), settings)
    for code in ("1", "3"):
        assert more.steps[-1].districts[code].total == pytest.approx(usual.steps[-1].districts[code].total)
    assert more.steps[-1].districts["2"].total > usual.steps[-1].districts["2"].total + 2 * 5 * 4
    assert "仮定" in "".join(projection_sentences(two, more))


def test_families_of_unknown_districts_are_refused_by_name(two, today, settings):
    choice = AgeingChoice(2040, "families", {"9": 2.0, "77": 1.0})
    said = refused(lambda: project_study(two, today, choice, settings))
    assert "「9」という地区はありません" in said
    assert "「77」" in said


def test_a_year_that_is_no_step_is_refused(two, today, settings):
    assert "2050" in refused(lambda: project_study(two, today, AgeingChoice(2055), settings))
    assert "5年おき" in refused(lambda: project_study(two, today, AgeingChoice(2033), settings))


def test_people_of_unknown_age_are_stated(two, today, settings):
    study = project_study(two, today, AgeingChoice(), settings)
    assert study.unknown_age == (6, 6)
    assert "2015年 6 人、2020年 6 人" in "".join(projection_sentences(two, study))


def test_projected_rates_are_figures_of_the_map_with_the_same_classes_at_every_step(two, today, settings):
    figures = projected_figures(
        project_study(two, today, AgeingChoice(2035), settings), weak_below=settings.weak_below
    )
    assert [one.year for one in figures] == [2025, 2030, 2035]
    assert {one.indicator.id for one in figures} == {PROJECTED}
    assert len({one.indicator.bins for one in figures}) == 1
    for one in figures:
        assert one.mark == one.whole_mark == "架空"
        assert "5" in one.weak
        assert one.rank_ranges is not None
        first, last = one.rank_ranges["5"]
        assert first < last
        assert isinstance(one.districts["4"], Unknown)


def test_files_of_a_projection_say_on_every_row_what_it_is(two, today, settings):
    study = project_study(two, today, AgeingChoice(2025), settings)
    head, *rows = list(csv.reader(io.StringIO(projection_csv(two, study))))
    rows = rows[: rows.index([])]
    assert len(rows) == 3 * (5 + 2 + 1)
    for row in rows:
        cells = dict(zip(head, row, strict=True))
        assert cells["印"] == "架空"
        assert cells["基準日"].endswith("-10-01")
        assert (cells["種別"] == "実績") == (cells["年"] != "2025")
        assert "年齢の表2020" in cells["出典"]
    assert "nan" not in projection_csv(two, study).lower()
    told = json.loads(projection_json(two, study, city_misses(two), miss_study(two, today, settings)))
    assert told["steps"][-1]["districts"]["4"]["ageing_rate"] == {"unknown": "人がいない"}
    assert told["district_miss"] == {"unknown": "3つ目の表が要る"}
    assert "架空" in projection_text(two, study)


def test_three_tables_show_how_far_each_district_would_have_been_missed(fictional_city, today, settings):
    city = informed(fictional_city, read_of(2010), read_of(2015), read_of(2020))
    study = miss_study(city, today, settings)
    assert set(study.test.units) == {"1", "2", "3", "4", "5"}
    assert study.mark == "架空"
    assert "架空本町" in miss_text(city, city_misses(city), study)


def test_two_tables_leave_the_miss_of_districts_unknown(two, today, settings):
    assert isinstance(miss_study(two, today, settings), Unknown)


def test_the_miss_of_the_city_stands_on_three_published_years(fictional_city):
    assert isinstance(city_misses(fictional_city), Unknown)
    one = fictional_city.ages[2020]
    ages = {2010: one, 2015: {**one, "population": 2000}, 2020: {**one, "population": 1900}}
    total, old = city_misses(replace(fictional_city, ages=ages))
    assert total.miss.projected == pytest.approx(2000 * 2000 / 2301)
    assert total.miss.counted == 1900
    assert old.miss.people == 0


def test_censuses_ten_years_apart_make_no_trend(fictional_city, today, settings):
    assert isinstance(trend_study(fictional_city, today, None, settings), Unknown)


@pytest.fixture
def five_apart(fictional_city):
    """The fictional city whose older census was taken 5 years before the newer one."""
    first, last = fictional_city.censuses
    early = replace(first, source=replace(first.source, reference_date="2015-10-01"))
    return replace(fictional_city, censuses=(early, last))


def test_a_trend_is_a_reference_and_adds_up_to_the_city(five_apart, today, settings):
    study = trend_study(five_apart, today, None, settings)
    assert study.trend.days[-1].year == 2035
    for step, city in enumerate(study.trend.city):
        assert sum(value for value in study.trend.values[step]) == pytest.approx(city)
        assert sum(study.of_area(step).values()) == pytest.approx(city)
    table = trend_table(five_apart, study)
    assert study.mark in table.caption
    assert "年齢別の推計ではありません" in table.caption
    rows = list(csv.DictReader(io.StringIO(trend_csv(five_apart, study))))
    assert {row["印"] for row in rows if row["種別"] == "傾向"} == {study.mark}


def test_a_trend_ends_after_fifteen_years(five_apart, today, settings):
    assert "15" in refused(lambda: trend_study(five_apart, today, 2040, settings))


WORDS = st.builds(
    AgeingChoice,
    st.none() | st.integers(1900, 2200),
    st.sampled_from(("as_observed", "no_migration", "families")),
    st.dictionaries(
        st.from_regex(r"[0-9]{1,3}", fullmatch=True), st.integers(1, 1000).map(float), max_size=4
    ),
)


@given(WORDS)
def test_an_address_says_the_same_choice(choice):
    assert from_query(choice.to_query()) == choice


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"to": "いつか"}, "いつか"),
        ({"to": "12"}, "12"),
        ({"scenario": "夢"}, "夢"),
        ({"families": "05"}, "05"),
        ({"families": "05:0"}, "0 世帯"),
        ({"families": "05:9999"}, "9999"),
        ({"families": "05:1,05:2"}, "2回"),
    ],
)
def test_an_address_that_cannot_be_read_is_refused_by_name(words, said):
    assert said in refused(lambda: from_query(words))


def test_all_faults_of_families_are_named_at_once():
    said = refused(lambda: read_families(["05", "06=x", "07=1"]))
    assert "「05」" in said
    assert "「06=x」" in said
