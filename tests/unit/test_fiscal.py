from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.fiscal import FiscalYear, both_calendars, era_year, moment_words, stated_day

days = st.dates(date(1926, 12, 25), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("1926-12-25", "昭和元年"),
        ("1989-01-07", "昭和64年"),
        ("1989-01-08", "平成元年"),
        ("2019-04-30", "平成31年"),
        ("2019-05-01", "令和元年"),
        ("2020-01-01", "令和2年"),
        ("2026-12-31", "令和8年"),
    ],
)
def test_an_era_begins_on_its_first_day_and_its_first_year_is_gannen(day, name):
    assert era_year(date.fromisoformat(day)) == name


def test_a_day_before_the_eras_that_are_known_is_refused():
    with pytest.raises(ValueError, match="1926-12-24"):
        era_year(date(1926, 12, 24))


@given(days)
def test_the_year_of_an_era_changes_only_at_new_year_or_with_the_era(day):
    changed = era_year(day) != era_year(day + timedelta(days=1))
    ends = {(1989, 1, 7), (2019, 4, 30)}
    assert changed == ((day.month, day.day) == (12, 31) or (day.year, day.month, day.day) in ends)


def test_a_day_is_written_in_both_calendars():
    assert both_calendars(date(2020, 10, 1)) == "令和2年(2020年)10月1日"


@given(days)
def test_every_day_lies_in_its_fiscal_year(day):
    year = FiscalYear.of(day)
    assert year.first_day <= day <= year.last_day
    assert FiscalYear(year.year + 1).first_day - year.last_day == timedelta(days=1)


def test_the_fiscal_year_turns_on_the_first_of_april():
    assert FiscalYear.of(date(2024, 3, 31)) == FiscalYear(2023)
    assert FiscalYear.of(date(2024, 4, 1)) == FiscalYear(2024)
    assert FiscalYear(2023) < FiscalYear(2024)


@pytest.mark.parametrize(
    ("year", "label", "short"),
    [
        (2024, "令和6年度(2024年度)", "R6"),
        (2019, "令和元年度(2019年度)", "R1"),
        (2018, "平成30年度(2018年度)", "H30"),
        (1989, "平成元年度(1989年度)", "H1"),
        (1988, "昭和63年度(1988年度)", "S63"),
    ],
)
def test_a_fiscal_year_has_a_long_and_a_short_name(year, label, short):
    assert FiscalYear(year).label == label
    assert FiscalYear(year).short == short


def test_a_day_is_written_as_finely_as_it_is_known():
    assert stated_day("2016-06-22") == "平成28年(2016年)6月22日"
    assert stated_day("2015-02") == "平成27年(2015年)2月"
    assert stated_day("FY2015") == "平成27年度(2015年度)"


@pytest.mark.parametrize("text", ["", "2015", "2015-13", "2015年", "FY", "FYabcd", "2015-02-30"])
def test_any_other_form_of_a_day_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the words are those of Python's own parsers
        stated_day(text)


def test_a_moment_is_written_as_people_do_with_its_own_zone():
    assert moment_words("2026-11-23T23:38:45+09:00") == "令和8年(2026年)11月23日 23:38 (+09:00)"
    assert moment_words("2026-11-23T09:05:00").endswith("9:05 (時間帯の記録なし)")
