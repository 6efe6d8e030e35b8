"""The trend of totals: constant ratio, held to the city's, never far, and unknown where nothing can be said."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.ageing.trend import carry_totals_on
from kyodo_geo.provenance import Unknown

DAYS = (date(2015, 10, 1), date(2020, 10, 1))


def carried(before, base, *, to=2035, city=None, days=DAYS):
    units = [f"U{place}" for place in range(len(base))]
    return carry_totals_on(units, before, base, days=days, to=to, longest_years=15, city=city)


def test_two_units_and_two_steps_worked_by_hand():
    # A halves, B stays: 100, 100 of 300; the city goes 200/300 a step
    found = carried([200, 100], [100, 100], to=2030)
    assert found.days == (date(2020, 10, 1), date(2025, 10, 1), date(2030, 10, 1))
    assert found.city == pytest.approx((200, 400 / 3, 800 / 9))
    assert found.values[0] == (100, 100)
    # 50 and 100 scaled to 400/3; 25 and 100 to 800/9
    assert found.values[1] == pytest.approx((400 / 9, 800 / 9))
    assert found.values[2] == pytest.approx((800 / 45, 3200 / 45))
    assert found.label == "参考"


totals = st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 5000)), min_size=1, max_size=6).filter(
    lambda pairs: any(base for _, base in pairs)
)


@given(totals)
def test_the_units_add_up_to_the_citys_trend_and_are_never_negative(pairs):
    before, base = zip(*pairs, strict=True)
    found = carried(before, base)
    for values, city in zip(found.values, found.city, strict=True):
        assert min(values) >= 0
        assert sum(values) == pytest.approx(city)
    assert found.city[1] / found.city[0] == pytest.approx(sum(base) / sum(before))


@given(totals, st.integers(2, 100))
def test_many_times_the_people_come_to_many_times_the_people(pairs, times):
    before, base = zip(*pairs, strict=True)
    once, often = (
        carried(before, base),
        carried([times * one for one in before], [times * one for one in base]),
    )
    for few, many in zip(once.values, often.values, strict=True):
        assert many == pytest.approx([times * one for one in few])


@given(totals, st.randoms(use_true_random=False))
def test_the_order_of_the_units_does_not_matter(pairs, random):
    order = list(range(len(pairs)))
    random.shuffle(order)
    plain = carried(*zip(*pairs, strict=True))
    mixed = carried(*zip(*[pairs[place] for place in order], strict=True))
    for one, other in zip(plain.values, mixed.values, strict=True):
        assert other == pytest.approx([one[place] for place in order])


def test_a_deserted_place_stays_empty_and_a_new_one_is_unknown():
    suppressed = Unknown("秘匿")
    found = carried([100, 0, 50, 0, suppressed, 10], [100, 0, 0, 20, 30, suppressed], to=2025)
    stays, empty, deserted, new, hidden, now_hidden = found.values[1]
    assert (empty, deserted) == (0, 0)
    assert isinstance(new, Unknown)
    assert (hidden, now_hidden) == (suppressed, suppressed)
    # Known at both dates are 150 and 120: the city goes 120/150, and so do the 100 who have a trend. Those 30 and 10 that
    # are known at one date only say nothing about a change.
    assert found.city == pytest.approx((120, 96))
    assert stays == pytest.approx(80)
    # what was counted is never replaced
    assert found.values[0] == (100, 0, 0, 20, 30, suppressed)


def test_the_citys_own_totals_decide_where_they_are_given():
    found = carried([100], [100], city=(1000, 900), to=2025)
    assert found.city == pytest.approx((900, 810))
    assert found.values[1] == pytest.approx((90,))


@pytest.mark.parametrize(
    ("to", "words"),
    [
        (2040, "15 年後(2035 年)まで"),
        (2023, "5年おきの年ではありません"),
        (2020, "5年おきの年ではありません"),
    ],
)
def test_a_year_beyond_the_limit_or_between_steps_is_refused(to, words):
    with pytest.raises(InputRefused) as caught:
        carried([1], [1], to=to)
    assert words in str(caught.value)


def test_impossible_counts_are_refused_together():
    with pytest.raises(InputRefused) as caught:
        carried([-1, 5], [2, float("nan")], days=(date(2015, 10, 1), date(2021, 10, 1)), city=(0, 5))
    message = str(caught.value)
    for words in ("U0: 人口は 0 以上", "U1: 人口は 0 以上", "5年の間がありません", "市全体の人口が 0 人"):
        assert words in message
