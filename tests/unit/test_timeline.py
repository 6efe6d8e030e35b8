from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import NotInForce
from kyodo_geo.provenance import Unknown
from kyodo_geo.timeline import Dated, Timeline

DAY = timedelta(days=1)
starts = st.lists(st.dates(date(1990, 1, 1), date(2050, 1, 1)), min_size=1, max_size=6, unique=True).map(
    sorted
)


def timeline_of(days):
    return Timeline("架空の規則", tuple(Dated(day, number) for number, day in enumerate(days)))


@given(starts)
def test_each_value_holds_from_its_day_until_the_eve_of_the_next(days):
    line = timeline_of(days)
    for number, day in enumerate(days):
        assert line.at(day).value == number
        assert number == 0 or line.at(day - DAY).value == number - 1
    assert line.at(date.max).value == len(days) - 1
    assert [entry.since for entry in line] == days


@given(starts)
def test_a_day_before_the_first_is_refused_and_told_the_first(days):
    with pytest.raises(NotInForce, match="架空の規則") as refused:
        timeline_of(days).at(days[0] - DAY)
    assert days[0].isoformat() in str(refused.value)
    assert (days[0] - DAY).isoformat() in str(refused.value)


def test_unknown_is_a_value_and_no_refusal():
    unknown = Unknown("公表資料なし")
    line = Timeline("管理", (Dated(date(2015, 4, 1), "direct"), Dated(date(2016, 4, 1), unknown, "架空")))
    assert line.at(date(2020, 1, 1)).value is unknown
    assert line.at(date(2020, 1, 1)).reference == "架空"


@pytest.mark.parametrize("days", [[], ["2020-01-02", "2020-01-01"], ["2020-01-01", "2020-01-01"]])
def test_no_days_unordered_days_and_doubled_days_are_refused(days):
    with pytest.raises(ValueError, match="古い順"):
        timeline_of([date.fromisoformat(day) for day in days])
