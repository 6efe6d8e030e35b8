"""Which services run on a day: weekdays, exceptions, public holidays; and the day that stands for its kind."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from fictional.timetables import END, START, fictional, service, timetable
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.model.transit.day_types import (
    MOST_DAYS,
    active_services,
    day_kinds,
    kind_of,
    period,
    public_holidays,
    validity,
)

HOLIDAYS = public_holidays(START, END)
SUNDAYS = "日曜・祝日"
RUN = [("a", "8:00"), ("b", "8:10")]


def with_services(*services, **options):
    runs = {f"T{number}": ("R", one.id, RUN) for number, one in enumerate(services)}
    return timetable(runs, services={one.id: one for one in services}, **options)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(date(2024, 4, 1), {"平日", "通学日"}, id="a Monday"),
        pytest.param(date(2024, 4, 6), {"土曜"}, id="a Saturday"),
        pytest.param(date(2024, 4, 7), {SUNDAYS}, id="a Sunday"),
        pytest.param(date(2024, 8, 5), {"平日"}, id="school holiday: taken out"),
        pytest.param(date(2024, 10, 5), {"土曜", "通学日"}, id="school event on a Saturday: added"),
        pytest.param(date(2024, 5, 4), {SUNDAYS}, id="みどりの日 on a Saturday"),
        pytest.param(date(2024, 5, 6), {SUNDAYS, "通学日"}, id="振替休日: the file leaves 通学日 in"),
        pytest.param(date(2024, 3, 31), set(), id="the day before the first"),
        pytest.param(date(2025, 3, 31), {"平日", "通学日"}, id="the last day"),
        pytest.param(date(2025, 4, 1), set(), id="the day after the last"),
    ],
)
def test_the_services_of_a_day(day, expected):
    assert active_services(fictional(), day, HOLIDAYS) == expected


def test_without_the_list_of_holidays_a_holiday_is_a_weekday():
    assert active_services(fictional(), date(2024, 5, 6), frozenset()) == {"平日", "通学日"}


def test_what_the_file_says_of_a_holiday_goes_before_the_rule():
    new_year, monday = date(2025, 1, 1), date(2024, 5, 6)
    feed = with_services(
        service("平日", added=[monday]), service("土曜"), service(SUNDAYS, removed=[new_year])
    )
    assert active_services(feed, new_year, HOLIDAYS) == frozenset()
    # Only one kind of day can be meant: the Sunday buses do not run besides the weekday buses
    assert active_services(feed, monday, HOLIDAYS) == {"平日"}
    feed = with_services(service("平日"), service("土曜", added=[new_year]), service(SUNDAYS))
    assert active_services(feed, new_year, HOLIDAYS) == {"土曜"}


def test_a_holiday_service_the_file_adds_does_not_stop_the_others_of_the_kind():
    monday = date(2024, 5, 6)
    other = service("日祝B", (False,) * 6 + (True,), holidays="as_sunday")
    feed = with_services(service("平日"), service(SUNDAYS, added=[monday]), other)
    assert active_services(feed, monday, HOLIDAYS) == {SUNDAYS, "日祝B"}


def test_a_service_of_dates_alone_runs_on_them_only():
    days = [date(2024, 4, 3), date(2024, 4, 10)]
    feed = with_services(service("臨時", (False,) * 7, added=days, start=None, end=None), valid=(None, None))
    assert period(feed) == (days[0], days[1])
    for number in range(10):
        day = date(2024, 4, 2) + timedelta(days=number)
        assert active_services(feed, day, HOLIDAYS) == ({"臨時"} if day in days else set())


def test_the_days_of_the_fictional_feed_counted_on_paper():
    """Count 365 days from Monday 2024-04-01: 261 Monday to Friday, 52 Saturdays, 52 Sundays.

    Public holidays on Monday to Friday: 4/29 5/3 5/6 7/15 8/12 9/16 9/23 10/14 11/4 1/1 1/13 2/11 2/24 3/20 = 14, on
    Saturdays 5/4 and 11/23. So weekdays 261 − 14 = 247, of which 5 without school; Saturdays 52 − 2 = 50, of which 1
    with the school event; the rest 52 + 14 + 2 = 68, of which 14 with school buses (the file takes them out on none).
    """
    weekday, saturday, sunday = day_kinds(fictional(), holidays=HOLIDAYS)
    found = [
        [(set(one.services), len(one.days), one.runs, one.more, one.fewer) for one in kind.patterns]
        for kind in (weekday, saturday, sunday)
    ]
    assert found == [
        [({"平日", "通学日"}, 242, 8, 0, 0), ({"平日"}, 5, 6, 0, 2)],
        [({"土曜"}, 49, 2, 0, 0), ({"土曜", "通学日"}, 1, 4, 2, 0)],
        [({SUNDAYS}, 54, 2, 0, 0), ({SUNDAYS, "通学日"}, 14, 4, 2, 0)],
    ]
    assert [kind.label for kind in (weekday, saturday, sunday)] == ["平日", "土曜", "日曜・祝日"]
    assert [kind.representative for kind in (weekday, saturday, sunday)] == [
        date(2024, 4, 1),
        date(2024, 4, 6),
        date(2024, 4, 7),
    ]
    assert weekday.others[0].days == tuple(date(2024, 8, day) for day in range(5, 10))


def test_of_patterns_equally_frequent_the_earlier_stands_for_the_kind():
    feed = with_services(service("平日"), service("奇", removed=[date(2024, 4, 2)], holidays="by_weekday"))
    weekday = day_kinds(feed, holidays=HOLIDAYS, start=date(2024, 4, 1), until=date(2024, 4, 2))[0]
    assert [set(one.services) for one in weekday.patterns] == [{"平日", "奇"}, {"平日"}]
    weekday = day_kinds(feed, holidays=HOLIDAYS, start=date(2024, 4, 2), until=date(2024, 4, 3))[0]
    assert weekday.representative == date(2024, 4, 2)


def test_the_span_of_a_service_that_runs_on_no_weekday_is_no_period():
    # Feeds write calendar rows of seven zeros and a generous span for services of single dates
    once = service(
        "臨時", (False,) * 7, added=[date(2024, 8, 1)], start=date(2000, 1, 1), end=date(2099, 1, 1)
    )
    feed = with_services(once, valid=(None, None))
    assert period(feed) == (date(2024, 8, 1), date(2024, 8, 1))
    assert validity(feed, date(2024, 8, 2)) == "expired"


def test_services_without_runs_make_no_pattern_and_no_period():
    feed = timetable(
        {"T": ("R", "平日", RUN)},
        services={
            "平日": service("平日"),
            "空": service("空", end=date(2099, 1, 1), added=[date(2024, 4, 9)]),
        },
        valid=(None, None),
    )
    assert period(feed) == (START, END)
    assert len(day_kinds(feed, holidays=HOLIDAYS)[0].patterns) == 1


def test_a_kind_without_a_day_has_no_representative():
    kinds = day_kinds(fictional(), holidays=HOLIDAYS, start=date(2024, 4, 1), until=date(2024, 4, 5))
    assert [kind.representative for kind in kinds] == [date(2024, 4, 1), None, None]
    assert kinds[1].others == ()
    nothing = timetable({}, valid=(None, None))
    assert period(nothing) is None
    assert [kind.patterns for kind in day_kinds(nothing, holidays=HOLIDAYS)] == [(), (), ()]
    backwards = timetable({"T": ("R", "平日", RUN)}, valid=(END, START))
    assert [kind.patterns for kind in day_kinds(backwards, holidays=HOLIDAYS)] == [(), (), ()]


def test_a_feed_without_an_end_in_sight_is_counted_so_far_only():
    feed = with_services(service("平日", end=date(9999, 12, 31)), valid=(None, None))
    start, until = period(feed)
    assert (start, (until - start).days + 1) == (START, MOST_DAYS)


@pytest.mark.parametrize(
    ("valid", "expected"),
    [
        pytest.param((START, date(2099, 12, 31)), (START, END), id="stated longer than it runs"),
        pytest.param((date(2015, 1, 1), END), (START, END), id="stated from long before"),
        pytest.param((date.min, date.max), (START, END), id="stated for ever"),
        pytest.param(
            (date(2024, 5, 1), date(2024, 5, 31)), (date(2024, 5, 1), date(2024, 5, 31)), id="within"
        ),
        pytest.param((None, date(2024, 5, 31)), (START, date(2024, 5, 31)), id="only an end"),
        pytest.param((date(2020, 4, 1), date(2021, 3, 31)), (START, END), id="no day in common"),
        pytest.param((END, START), None, id="backwards"),
    ],
)
def test_the_period_is_what_the_stated_validity_and_the_calendar_have_in_common(valid, expected):
    assert period(with_services(service("平日"), valid=valid)) == expected


def test_days_are_cut_off_before_they_are_counted_out():
    today = date(2026, 11, 24)
    feed = with_services(
        service("平日", start=date(2015, 1, 1), end=date(2099, 12, 31)), valid=(date(2015, 1, 1), date.max)
    )
    first, last = period(feed, since=today)
    assert (first, (last - first).days + 1) == (today, MOST_DAYS)
    assert period(feed, since=date(2014, 1, 1))[0] == date(2015, 1, 1)
    assert period(feed, since=date(2100, 1, 1)) is None


@pytest.mark.parametrize(("start", "end"), [(date.min, date(2, 1, 1)), (date(9999, 12, 1), date.max)])
def test_the_first_and_the_last_day_there_is_are_days_like_others(start, end):
    feed = with_services(service("平日", start=start, end=end), valid=(None, None))
    assert period(feed) == (start, end)
    kinds = day_kinds(feed, holidays=public_holidays(start, end))
    assert kinds[0].patterns[0].services == {"平日"}


def test_days_without_a_bus_stand_for_a_kind_where_they_are_the_usual_ones():
    feed = with_services(service("平日", end=date(2024, 4, 3)))
    weekday, saturday, _ = day_kinds(feed, holidays=HOLIDAYS, start=START, until=date(2024, 5, 31))
    assert [(set(one.services), len(one.days)) for one in weekday.patterns] == [(set(), 39), ({"平日"}, 3)]
    assert (weekday.others[0].more, weekday.others[0].fewer) == (1, 0)
    assert saturday.patterns[0].services == frozenset()
    # Within the days it is made for, the timetable has its buses
    first, last = period(feed)
    (usual, *_), *_ = (kind.patterns for kind in day_kinds(feed, holidays=HOLIDAYS, start=first, until=last))
    assert usual.services == {"平日"}


@given(st.tuples(*[st.none() | st.dates()] * 2), st.dates(), st.dates(), st.dates())
def test_a_period_begins_and_ends_with_days_its_services_can_run_on(valid, one, other, since):
    start, end = sorted([one, other])
    feed = with_services(service("平日", start=start, end=end), valid=valid)
    for found in (period(feed), period(feed, since=since)):
        if found is not None:
            assert start <= found[0] <= found[1] <= end
            assert (found[1] - found[0]).days < MOST_DAYS


@pytest.mark.parametrize(
    ("valid", "on", "word"),
    [
        ((START, END), date(2024, 4, 1), "valid"),
        ((START, END), date(2025, 3, 31), "valid"),
        ((START, END), date(2025, 4, 1), "expired"),
        ((START, END), date(2024, 3, 31), "not_yet"),
        ((None, END), date(2024, 6, 1), "valid"),
        ((START, None), date(2024, 6, 1), "unstated"),
        ((None, None), date(2024, 6, 1), "unstated"),
        pytest.param((None, None), date(2025, 4, 1), "expired", id="no service has a day left"),
        pytest.param((START, date(2030, 1, 1)), date(2025, 4, 1), "expired", id="stated longer than it runs"),
        pytest.param((date(2020, 1, 1), END), date(2024, 3, 31), "not_yet", id="stated before it runs"),
        pytest.param(
            (START, date(2024, 5, 1)), date(2024, 5, 2), "expired", id="stated shorter than it runs"
        ),
    ],
)
def test_whether_the_timetable_is_in_force(valid, on, word):
    assert validity(with_services(service("平日"), valid=valid), on) == word


def test_the_public_holidays_are_those_of_the_span():
    assert public_holidays(date(2024, 5, 3), date(2024, 5, 6)) == {date(2024, 5, day) for day in (3, 4, 5, 6)}
    # 2026-09-22 lies between two holidays and is one by that (国民の休日)
    assert date(2026, 9, 22) in public_holidays(date(2026, 1, 1), date(2027, 12, 31))


dates = st.dates(START - timedelta(days=3), START + timedelta(days=30))
any_service = st.builds(
    lambda name, weekdays, added, removed, start, end, holidays: service(
        name, weekdays, added=added, removed=removed, start=start, end=end, holidays=holidays
    ),
    st.sampled_from("pqr"),
    st.tuples(*[st.booleans()] * 7),
    st.frozensets(dates, max_size=3),
    st.frozensets(dates, max_size=3),
    dates,
    dates,
    st.sampled_from(["as_sunday", "by_weekday"]),
)


@given(st.lists(any_service, min_size=1, max_size=3, unique_by=lambda one: one.id), st.frozensets(dates))
def test_every_day_is_in_one_pattern_with_the_services_of_that_day(services, holidays):
    feed = with_services(*services)
    start, until = START, START + timedelta(days=25)
    kinds = day_kinds(feed, holidays=holidays, start=start, until=until)
    for kind in kinds:
        sizes = [len(one.days) for one in kind.patterns]
        assert sizes == sorted(sizes, reverse=True)
        for one in kind.patterns:
            assert one.runs - one.more + one.fewer == kind.patterns[0].runs
            for day in one.days:
                assert kind_of(day, holidays) == kind.kind
                assert active_services(feed, day, holidays) == one.services
    days = sorted(day for kind in kinds for one in kind.patterns for day in one.days)
    assert days == [start + timedelta(days=number) for number in range(26)]


@given(any_service, dates, st.frozensets(dates))
def test_the_rule_of_one_service_said_again_in_words(one, day, holidays):
    """Written out anew: exceptions first, then span, then the weekday, a holiday being a Sunday where it says so."""
    weekday = 6 if day in holidays and one.holidays == "as_sunday" else day.weekday()
    if day in one.removed:
        runs = False
    elif day in one.added:
        runs = True
    else:
        runs = one.start <= day <= one.end and one.weekdays[weekday]
    assert (one.id in active_services(with_services(one), day, holidays)) == runs
