"""Projection by age: by hand, against closed populations, held to the city, and refused where it cannot stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.ageing.backtest import backtest, backtest_totals
from kyodo_geo.model.ageing.five_years import Counted, common_tables, open_end, to_five_years, years_on
from kyodo_geo.model.ageing.measures import add_up, measure_ages
from kyodo_geo.model.ageing.projection import project_observed
from kyodo_geo.model.ageing.scenarios import project_families, project_no_migration
from kyodo_geo.model.ageing.values import AgeTable, Band
from kyodo_geo.provenance import Unknown
from kyodo_geo.rules.ageing import ProjectionLimits, ageing_settings

NO_MINIMUM = ProjectionLimits(min_cohort=0, longest_years=30, last_year=2050)
SHIPPED = ageing_settings().at(date(2026, 1, 1))


def fives(top):
    return (*(Band(age, age + 4) for age in range(0, top, 5)), Band(top, None))


def counted(people, year, *, top=65, by="国勢調査", units=None):
    """A count from people (2, n, m): men and women of n units in 5-year bands."""
    people = np.asarray(people, dtype=np.float64)
    units = units or tuple(f"U{row}" for row in range(people.shape[1]))
    unknown = np.zeros(people.shape[1])
    return Counted(
        AgeTable(units, fives(top), people.sum(axis=0), unknown, people[0], people[1]), date(year, 10, 1), by
    )  # fmt: skip


def found_people(projection):
    return np.stack([projection.male, projection.female], axis=1)


@pytest.fixture
def two_units():
    """Everybody 100, but: young women leave A (200 to 100) and come to B (100 to 300), and B has more sons."""
    before, base = np.full((2, 2, 14), 100.0), np.full((2, 2, 14), 100.0)
    before[1, 0, 3] = 200
    base[1, 1, 4] = 300
    base[:, 0, 0] = 70
    base[0, 1, 0], base[1, 1, 0] = 180, 90
    return counted(before, 2010), counted(base, 2015)


def test_two_units_and_three_steps_worked_by_hand(two_units):
    found = project_observed(*two_units, to=2030, limits=NO_MINIMUM)
    assert found.days == tuple(date(year, 10, 1) for year in (2015, 2020, 2025, 2030))
    # Women 15–19 to 20–24: A 100 ÷ 200, B 300 ÷ 100, city 400 ÷ 300. The 100 of each give 50 and 300, but the city
    # 200 × 4/3 = 800/3; scaled by 16/21 that is 800/21 in A and 1600/7 in B, in each step that begins with 100 and 100.
    young = (Fraction(800, 21), Fraction(1600, 7))
    assert found.female[1, :, 4] == pytest.approx([float(one) for one in young])
    assert found.female[2, :, 4] == pytest.approx([float(one) for one in young])
    # All other ratios are 1: they move up unchanged
    assert found.female[1, :, 5] == pytest.approx([100, 300])
    assert found.female[2, :, 5] == pytest.approx([float(one) for one in young])
    assert found.female[3, :, 6] == pytest.approx([float(one) for one in young])
    assert found.male[1, :, 1] == pytest.approx([70, 180])
    # The open end: 100 ÷ (100 + 100) = 1/2 of the 200 who were 60 and over
    assert found.male[3, :, 13] == pytest.approx([100, 100])
    # Women 15–49 in 2020, 2025 and 2030; those of 15–19 in 2030 are the 70 and 90 girls of 2015
    women = [
        (600 + young[0], 800 + young[1]),
        (500 + 2 * young[0], 700 + 2 * young[1]),
        (70 + 3 * young[0] + 300, 90 + 3 * young[1] + 300 + 200),
    ]
    # In 2015 women 15–49 are 700 and 900: sons 70/700 = 1/10 and 180/900 = 1/5, in the city 250/1600 = 5/32;
    # daughters 1/10 everywhere
    for step, (of_a, of_b) in enumerate(women, start=1):
        raw = (of_a / 10, of_b / 5)
        scale = (of_a + of_b) * Fraction(5, 32) / sum(raw)
        assert found.male[step, :, 0] == pytest.approx([float(one * scale) for one in raw])
        assert found.female[step, :, 0] == pytest.approx([float(of_a / 10), float(of_b / 10)])
    assert found.male[1, 0, 0] == pytest.approx(61.6535, abs=1e-3)
    assert found.city_cohorts == (0, 0)


def survive(people, survival, child_woman):
    """The next count of a closed population by the generator's own arithmetic: units in a loop, no scaling."""
    later = np.zeros_like(people)
    for unit in range(people.shape[1]):
        for sex in (0, 1):
            for band in range(people.shape[2] - 2):
                later[sex, unit, band + 1] = people[sex, unit, band] * survival[sex, band]
            later[sex, unit, -1] = (people[sex, unit, -2] + people[sex, unit, -1]) * survival[sex, -1]
        for sex in (0, 1):
            later[sex, unit, 0] = later[1, unit, 3:10].sum() * child_woman[sex]
    return later


@given(
    hnp.arrays(np.int64, st.tuples(st.just(2), st.integers(1, 4), st.just(16)), elements=st.integers(1, 400)),
    hnp.arrays(np.float64, (2, 15), elements=st.floats(0.05, 1)),
)
def test_a_closed_population_is_projected_exactly(first, survival):
    child_woman = (0.12, 0.11)
    generations = [first.astype(np.float64)]
    for _ in range(4):
        generations.append(survive(generations[-1], survival, child_woman))
    before, base = (counted(generations[place], 2010 + 5 * place, top=75) for place in (0, 1))
    found = project_observed(before, base, to=2030, limits=NO_MINIMUM)
    assert found_people(found) == pytest.approx(np.stack(generations[1:]), rel=1e-9)
    missed = backtest(before, base, counted(generations[2], 2020, top=75), limits=NO_MINIMUM)
    assert missed.mean_percent_total == pytest.approx(0, abs=1e-9)


def test_without_migration_the_life_table_decides_whatever_was_observed():
    rng = np.random.default_rng(1)
    before, base = (rng.integers(50, 300, (2, 3, 18)).astype(np.float64) for _ in range(2))
    men, women = (np.array(SHIPPED.stationary[sex]) for sex in ("male", "female"))
    survival = np.stack(
        [
            np.append(living[1:17] / living[:16], living[17:].sum() / living[16:].sum())
            for living in (men, women)
        ]
    )
    observed_births = base[:, :, 0] / base[1, :, 3:10].sum(axis=1)
    found = project_no_migration(
        counted(before, 2015, top=85), counted(base, 2020, top=85), to=2025, limits=NO_MINIMUM,
        stationary=SHIPPED.stationary,
    )  # fmt: skip
    expected = survive(base, survival, (0, 0))
    assert found_people(found)[1, :, :, 1:] == pytest.approx(expected[:, :, 1:])
    raw = expected[1, :, 3:10].sum(axis=1) * observed_births
    city = expected[1, :, 3:10].sum() * base[:, :, 0].sum(axis=1) / base[1, :, 3:10].sum()
    assert found_people(found)[1, :, :, 0] == pytest.approx(raw * (city / raw.sum(axis=1))[:, None])
    assert found.city_cohorts == (0, 0, 0)
    assert "推計" in found.label


def test_survival_beyond_the_life_table_is_refused():
    people = np.full((2, 1, 22), 100.0)
    tables = counted(people, 2015, top=105), counted(people, 2020, top=105)
    with pytest.raises(InputRefused, match="100 歳以上"):
        project_no_migration(*tables, to=2025, limits=NO_MINIMUM, stationary=SHIPPED.stationary)


pairs = st.integers(1, 4).flatmap(
    lambda units: hnp.arrays(np.int64, (2, 2, units, 16), elements=st.integers(0, 120))
)


def projected(pair, *, minimum=30.0, to=2050, units=None):
    before, base = (
        counted(one, year, top=75, units=units) for one, year in zip(pair, (2015, 2020), strict=True)
    )
    return project_observed(before, base, to=to, limits=replace(NO_MINIMUM, min_cohort=minimum))


@given(pairs)
def test_nobody_is_negative_and_the_units_add_up_to_the_city(pair):
    found = projected(pair)
    alone = projected(pair.sum(axis=2, keepdims=True))
    top = len(found.bands)
    assert len(alone.bands) == top
    assert (found_people(found) >= 0).all()
    assert np.isfinite(found_people(found)).all()
    assert found_people(found).sum(axis=2) == pytest.approx(found_people(alone)[:, :, 0], rel=1e-9, abs=1e-9)


@given(pairs, st.integers(2, 50))
def test_a_city_of_many_times_the_people_has_many_times_the_people(pair, times):
    once, often = projected(pair, minimum=10), projected(pair * times, minimum=10 * times)
    assert found_people(often) == pytest.approx(times * found_people(once), rel=1e-9, abs=1e-9)
    assert once.city_cohorts == often.city_cohorts


@given(pairs, st.randoms(use_true_random=False))
def test_the_order_of_the_units_does_not_matter(pair, random):
    order = list(range(pair.shape[2]))
    random.shuffle(order)
    plain, mixed = projected(pair), projected(pair[:, :, order])
    assert found_people(mixed) == pytest.approx(found_people(plain)[:, :, order], rel=1e-9, abs=1e-9)
    assert mixed.city_cohorts == tuple(plain.city_cohorts[unit] for unit in order)


@given(pairs)
def test_no_family_is_as_observed(pair):
    tables = [counted(one, year, top=75) for one, year in zip(pair, (2015, 2020), strict=True)]
    words = {"to": 2040, "limits": NO_MINIMUM}
    plain = project_observed(*tables, **words)
    for families in ({}, {"U0": 0.0}):
        with_none = project_families(*tables, **words, families=families, makeup=SHIPPED.family)
        assert np.array_equal(found_people(with_none), found_people(plain))
        assert not with_none.added.any()


@given(pairs, st.floats(0, 20))
def test_families_are_wholly_there_and_take_nobody_away_elsewhere(pair, families):
    tables = [counted(one, year, top=75) for one, year in zip(pair, (2015, 2020), strict=True)]
    words = {"to": 2040, "limits": NO_MINIMUM}
    plain = project_observed(*tables, **words)
    more = project_families(*tables, **words, families={"U0": families}, makeup=SHIPPED.family)
    assert more.totals[:, 1:] == pytest.approx(plain.totals[:, 1:])
    assert more.totals == pytest.approx(plain.totals + more.added)
    assert more.added[0].sum() == 0
    # 5 years of families of three
    assert more.added[1, 0] == pytest.approx(15 * families)


def test_families_age_and_have_children_by_the_ratios_of_their_unit(two_units):
    words = {"to": 2025, "limits": NO_MINIMUM}
    plain = project_observed(*two_units, **words)
    more = project_families(*two_units, **words, families={"U1": 2}, makeup=SHIPPED.family)
    extra = found_people(more) - found_people(plain)
    # 2020: 10 families; 2025: 10 more, the first ones 35–39 with children of 5–9
    assert extra[1, :, 1, [0, 6]] == pytest.approx(np.array([[5, 5], [10, 10]]))
    assert extra[2, :, 1, [1, 7]] == pytest.approx(np.array([[5, 5], [10, 10]]))
    # and 10 women have 10 × 1/5 sons and 10 × 1/10 daughters beside the 5 and 5 who came
    assert extra[2, :, 1, 0] == pytest.approx([7, 6])
    assert extra[:, :, 0] == pytest.approx(0)
    assert "仮定" in more.label


def test_families_of_unknown_units_and_impossible_numbers_are_refused_together(two_units):
    with pytest.raises(InputRefused) as caught:
        project_families(
            *two_units, to=2025, limits=NO_MINIMUM, families={"どこか": 1, "U0": -1, "U1": float("nan")},
            makeup=SHIPPED.family,
        )  # fmt: skip
    assert len(caught.value.faults) == 3


def test_a_cohort_of_few_people_takes_the_citys_ratio_and_is_counted(two_units):
    before, base = two_units
    before.table.male[1, 5], base.table.male[1, 6] = 29, 290
    before.table.male[0, 5], base.table.male[0, 6] = 30, 60
    found = project_observed(before, base, to=2020, limits=replace(NO_MINIMUM, min_cohort=30))
    assert found.city_cohorts == (0, 1)
    assert found.cohorts == 26
    assert found.city_births == (False, False)
    # 350 ÷ 59 in the city. A's 30 are enough for its own 60 ÷ 30; B's ten-fold growth of 29 is not believed
    raw = np.array([200, 100 * 350 / 59])
    assert found.male[1, :, 6] == pytest.approx(raw * (200 * 350 / 59) / raw.sum())


def test_where_all_units_come_to_nothing_the_citys_ratio_is_shared():
    before, base = np.full((2, 2, 14), 100.0), np.full((2, 2, 14), 100.0)
    # A had too few to tell and has none left of that age; B loses all: only the city's ratio 5 ÷ 110 has anybody
    before[0, 0, 2], base[0, 0, 3], base[0, 0, 2] = 10, 5, 0
    base[0, 1, 3] = 0
    found = project_observed(
        counted(before, 2015), counted(base, 2020), to=2025, limits=replace(NO_MINIMUM, min_cohort=30)
    )
    assert found.male[1, :, 3] == pytest.approx([0, 100 * 5 / 110])


def test_an_age_that_is_empty_in_the_whole_city_neither_grows_nor_shrinks():
    before, base = np.full((2, 2, 14), 100.0), np.full((2, 2, 14), 100.0)
    before[0, :, 2] = 0
    found = project_observed(counted(before, 2015), counted(base, 2020), to=2025, limits=NO_MINIMUM)
    assert found.male[1, :, 3] == pytest.approx([100, 100])


def test_an_open_end_of_too_few_people_in_the_city_becomes_coarser():
    people = np.full((2, 1, 20), 100.0)
    people[0, 0, 18:] = 10
    found = project_observed(
        counted(people, 2015, top=95), counted(people, 2020, top=95), to=2025,
        limits=replace(NO_MINIMUM, min_cohort=30),
    )  # fmt: skip
    assert found.bands[-1] == Band(90, None)
    assert found.totals[0, 0] == people.sum()


def test_single_years_and_different_open_ends_are_brought_to_the_same_bands():
    ones = (*(Band(age, age) for age in range(103)), Band(103, None))
    people = np.arange(2 * 104, dtype=np.float64).reshape(2, 1, 104)
    single = Counted(
        AgeTable(("U0",), ones, people.sum(axis=0), np.array([3.0]), people[0], people[1]),
        date(2015, 10, 1), "国勢調査",
    )  # fmt: skip
    coarse = counted(np.full((2, 1, 16), 100.0), 2020, top=75)
    assert open_end(single.table) == 100
    left, right = common_tables(single, coarse)
    assert left.table.bands == right.table.bands == fives(75)
    assert left.table.both.sum() == people.sum()
    assert left.table.male[0, 0] == 0 + 1 + 2 + 3 + 4
    assert left.table.male[0, -1] == sum(range(75, 104))
    assert left.table.unknown_age == [3.0]
    assert project_observed(single, coarse, to=2025, limits=NO_MINIMUM).bands[-1].low == 75


@pytest.mark.parametrize(
    ("bands", "words"),
    [
        ((Band(0, 14), *fives(75)[3:]), ["5 歳から始まる区分がありません", "10 歳から"]),
        ((*fives(55)[:-1], Band(55, None)), ["最後の区分が 55 歳以上", "65 歳以上を分けた表"]),
        ((Band(0, 4), Band(6, None)), ["すき間か重なり"]),
    ],
)
def test_bands_that_are_no_five_years_are_refused(bands, words):
    people = np.ones((1, len(bands)))
    with pytest.raises(InputRefused) as caught:
        open_end(AgeTable(("U0",), bands, people, np.zeros(1), people, people))
    assert all(word in str(caught.value) for word in words)


def test_the_same_day_is_found_in_a_year_without_a_leap_day():
    assert years_on(date(2020, 2, 29), 5) == date(2025, 2, 28)
    assert years_on(date(2020, 10, 1), 30) == date(2050, 10, 1)


def test_an_open_end_beyond_the_table_is_refused():
    with pytest.raises(InputRefused, match="5の倍数"):
        to_five_years(counted(np.ones((2, 1, 16)), 2020, top=75).table, top=80)


def test_counts_that_cannot_be_compared_are_refused_with_every_reason(two_units):
    before, base = two_units
    other = counted(np.full((2, 1, 14), 100.0), 2016, by="住民基本台帳", units=("X",))
    with pytest.raises(InputRefused) as caught:
        project_observed(before, other, to=2026, limits=NO_MINIMUM)
    message = str(caught.value)
    for words in (
        "U0、U1、X",
        "国勢調査と住民基本台帳",
        "ちょうど5年の間がありません(2010-10-01 と 2016-10-01)",
    ):
        assert words in message
    mixed = replace(base, table=add_up(base.table, {"U1": [1], "U0": [0]}))
    with pytest.raises(InputRefused, match="並びが違います"):
        project_observed(before, mixed, to=2020, limits=NO_MINIMUM)
    with pytest.raises(InputRefused, match="5年の間"):
        project_observed(before, replace(base, day=date(2015, 1, 1)), to=2020, limits=NO_MINIMUM)


def test_a_table_without_sexes_is_refused(two_units):
    before, base = two_units
    with pytest.raises(InputRefused, match="男女別"):
        project_observed(
            before, replace(base, table=replace(base.table, male=None, female=None)), to=2020, limits=NO_MINIMUM
        )  # fmt: skip


@pytest.mark.parametrize(
    ("to", "words"),
    [
        (2023, "2023 年は 2015 年から5年おきの年ではありません"),
        (2015, "5年おきの年ではありません"),
        (2010, "5年おきの年ではありません"),
        (2050, "推計の限り(30 年後、2050 年まで)を越えています"),
    ],
)
def test_a_year_that_is_no_step_or_too_far_is_refused_with_those_there_are(two_units, to, words):
    with pytest.raises(InputRefused) as caught:
        project_observed(*two_units, to=to, limits=NO_MINIMUM)
    assert words in str(caught.value)
    assert "2020、2025、2030、2035、2040、2045" in str(caught.value)


def test_a_projection_is_measured_like_any_table(two_units):
    found = project_observed(*two_units, to=2020, limits=NO_MINIMUM)
    table = found.table(1)
    assert table.both == pytest.approx(table.male + table.female)
    assert measure_ages(table).old == pytest.approx((200, 200))
    assert found.totals[1] == pytest.approx(table.total)


def test_the_miss_is_what_was_projected_less_what_was_counted(two_units):
    before, base = two_units
    projected_people = found_people(project_observed(before, base, to=2020, limits=NO_MINIMUM))[1]
    actual = projected_people.copy()
    actual[0, 0, 13] -= 10
    actual[0, 1, 2] += 40
    missed = backtest(before, base, counted(actual, 2020), limits=NO_MINIMUM)
    assert [one.people for one in missed.old] == pytest.approx([10, 0])
    assert [one.people for one in missed.total] == pytest.approx([10, -40])
    assert missed.old[0].percent == pytest.approx(100 * 10 / 190)
    assert missed.mean_percent_old == pytest.approx(50 * 10 / 190)
    assert missed.city_total.people == pytest.approx(-30)
    assert missed.day == date(2020, 10, 1)


def test_a_unit_where_nobody_was_counted_has_no_percentage_and_is_not_in_the_mean(two_units):
    before, base = two_units
    actual = found_people(project_observed(before, base, to=2020, limits=NO_MINIMUM))[1]
    actual[:, 0] = 0
    missed = backtest(before, base, counted(actual, 2020), limits=NO_MINIMUM)
    assert isinstance(missed.total[0].percent, Unknown)
    assert missed.mean_percent_total == pytest.approx(0, abs=1e-9)
    actual[:] = 0
    nobody = backtest(before, base, counted(actual, 2020), limits=NO_MINIMUM)
    assert isinstance(nobody.mean_percent_total, Unknown)


def test_a_third_count_of_another_day_is_refused(two_units):
    with pytest.raises(InputRefused, match="5年の間"):
        backtest(*two_units, counted(np.ones((2, 2, 14)), 2021), limits=NO_MINIMUM)


def test_the_trend_of_totals_misses_by_hand():
    missed = backtest_totals(100, 90, 80)
    assert (missed.projected, missed.people, missed.percent) == pytest.approx((81, 1, 1.25))
    with pytest.raises(InputRefused, match="総人口の傾向"):
        backtest_totals(0, 1, 1)
