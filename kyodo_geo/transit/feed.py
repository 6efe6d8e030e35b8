"""An opened timetable with what the calendar makes of it: holidays, kinds of day, and whether it is still in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.transit.choice import TransitChoice
from kyodo_geo.model.transit.day_types import (
    DayKind,
    Validity,
    active_services,
    day_kinds,
    kind_of,
    period,
    public_holidays,
    validity,
)
from kyodo_geo.model.transit.timetable import Timetable
from kyodo_geo.sources.visit.gtfs import read_gtfs
from kyodo_geo.sources.visit.opened import Opened

_WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, eq=False)
class Feed:
    """A timetable, the account of its reading, Japan's holidays on the days counted, and its kinds of day.

    Counted are the days of `period` from `today` on where the timetable is in force (valid, or without a stated end),
    else the whole period: an expired feed is shown as it was.
    """

    timetable: Timetable
    opened: Opened
    holidays: frozenset[date]
    kinds: tuple[DayKind, ...]
    validity: Validity


@dataclass(frozen=True)
class ServiceDay:
    """The day whose runs are shown, in words, and the services that run on it."""

    day: date
    label: str
    services: frozenset[str]


def open_feed(content: bytes, *, name: str, today: date) -> Feed:
    """Return the feed of a GTFS zip; TableError where there is nothing to use."""
    timetable, opened = read_gtfs(content, name=name, today=today)
    return feed_of(timetable, opened, today=today)


def feed_of(timetable: Timetable, opened: Opened, *, today: date) -> Feed:
    """Return a timetable with its calendar; without kinds of day where nothing says its days."""
    state = validity(timetable, today)
    span = period(timetable, since=today if state in {"valid", "unstated"} else None)
    if span is None:
        return Feed(timetable, opened, frozenset(), (), state)
    start, until = span
    holidays = public_holidays(start, until)
    kinds = day_kinds(timetable, holidays=holidays, start=start, until=until)
    return Feed(timetable, opened, holidays, kinds, state)


def service_day(feed: Feed, choice: TransitChoice) -> ServiceDay:
    """Return the day of a choice: the date itself, or the most usual day of a kind; InputRefused where there is none."""
    if choice.date is not None:
        holidays = feed.holidays | public_holidays(choice.date, choice.date)
        kind = (
            next(one.label for one in feed.kinds if one.kind == kind_of(choice.date, holidays))
            if feed.kinds
            else ""
        )
        return ServiceDay(
            choice.date, _label(choice.date, kind), active_services(feed.timetable, choice.date, holidays)
        )
    found = next((one for one in feed.kinds if one.kind == choice.day), None)
    if found is None or found.representative is None:
        raise InputRefused(
            "この時刻表の期間に、その種類の日がありません。",
            todo="別の日を選ぶか、有効期間を確かめてください",
        )
    pattern = found.patterns[0]
    label = f"{_label(found.representative, found.label)}、同じ便の日は {len(pattern.days)} 日"
    return ServiceDay(found.representative, label, pattern.services)


def _label(day: date, kind: str) -> str:
    return f"{day.isoformat()}({_WEEKDAYS[day.weekday()]}){f' {kind}' if kind else ''}"
