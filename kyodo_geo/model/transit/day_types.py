"""On which days a timetable's services run, and which day stands for weekdays, Saturdays, and Sundays and holidays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt
from holidays import country_holidays

from kyodo_geo.model.transit.timetable import Service, Timetable

AS_SUNDAY = "as_sunday"
SUNDAY = 6
# Feeds without an end say 2099 or 9999; no timetable is counted further ahead than this.
MOST_DAYS = 3_660

Kind = Literal["weekday", "saturday", "sunday"]
Validity = Literal["valid", "expired", "not_yet", "unstated"]
KIND_LABELS: dict[Kind, str] = {"weekday": "平日", "saturday": "土曜", "sunday": "日曜・祝日"}


@dataclass(frozen=True)
class DayPattern:
    """Days on which the same services run, in order, and the runs of such a day.

    `more` and `fewer` count the runs this pattern has and the first one of its kind has not, and the other way round
    (both 0 for the first one).
    """

    services: frozenset[str]
    days: tuple[date, ...]
    runs: int
    more: int
    fewer: int


@dataclass(frozen=True)
class DayKind:
    """A kind of day with its patterns, the most frequent first (ties: the earlier first day); none without days.

    Days without any bus are a pattern like others: where most Sundays have none, that is what a Sunday is.
    """

    kind: Kind
    patterns: tuple[DayPattern, ...]

    @property
    def label(self) -> str:
        """The Japanese word for the kind."""
        return KIND_LABELS[self.kind]

    @property
    def representative(self) -> date | None:
        """The first day of the first pattern (`service_day` shows it); None where the period holds no such day."""
        return self.patterns[0].days[0] if self.patterns else None

    @property
    def others(self) -> tuple[DayPattern, ...]:
        """The patterns of the other days (school holidays, the turn of the year)."""
        return self.patterns[1:]


def public_holidays(start: date, until: date) -> frozenset[date]:
    """Return Japan's public holidays (国民の祝日, 振替休日, 国民の休日) from `start` to `until`, both included.

    Source: the package `holidays`; it reckons the equinoxes of years not yet announced.
    """
    listed = country_holidays("JP", years=range(start.year, until.year + 1))
    return frozenset(day for day in listed if start <= day <= until)


def active_services(timetable: Timetable, day: date, holidays: AbstractSet[date]) -> frozenset[str]:
    """Return the ids of the services that run on the day.

    The file's exceptions for a service on that very day come first. Otherwise it runs by its weekdays within its span,
    where a public holiday counts as a Sunday for services that say so ("as_sunday"). If the file itself puts such a
    service that is none of Sundays (平日 or 土曜) on a holiday, it has said what that day is, and no other one of them
    runs for the holiday's sake.
    """
    services = tuple(timetable.services.values())
    runs = _running(services, (day,), holidays)[:, 0]
    return frozenset(service.id for service, one in zip(services, runs, strict=True) if one)


def period(timetable: Timetable, *, since: date | None = None) -> tuple[date, date] | None:
    """Return the first and last day of the timetable, both included; None where nothing says them.

    They are the days the validity stated by the feed and the span of the services with runs have in common: a stated
    end beyond the calendar (2099) adds no days without buses. Where the two have no day in common (a validity that was
    not kept up), the span of the services; None for a validity that ends before it begins. Days before `since` are cut
    off first (None where nothing is left), and then at most 3,660 days are counted.
    """
    first, last = _span(timetable)
    stated = timetable.valid_from, timetable.valid_until
    start = max((day for day in (first, stated[0]) if day is not None), default=None)
    until = min((day for day in (last, stated[1]) if day is not None), default=None)
    if start is None or until is None or (stated[0] and stated[1] and stated[0] > stated[1]):
        return None
    if start > until and first is not None and last is not None:
        start, until = first, last
    start = max(start, since or start)
    return (start, _at_most(start, until)) if start <= until else None


def _at_most(start: date, until: date) -> date:
    """The last day counted; by ordinals, for a date near 9999 cannot be moved on."""
    return date.fromordinal(min(until.toordinal(), start.toordinal() + MOST_DAYS - 1))


def validity(timetable: Timetable, on: date) -> Validity:
    """Say whether the timetable is in force on the day.

    "expired" after the end the feed states or after the last day of any service; "not_yet" before the beginning;
    "unstated" where services run but the feed states no end.
    """
    first, last = _span(timetable)
    if any(end is not None and on > end for end in (timetable.valid_until, last)):
        return "expired"
    if any(begin is not None and on < begin for begin in (timetable.valid_from, first)):
        return "not_yet"
    return "unstated" if timetable.valid_until is None else "valid"


def day_kinds(
    timetable: Timetable,
    *,
    holidays: AbstractSet[date],
    start: date | None = None,
    until: date | None = None,
) -> tuple[DayKind, ...]:
    """Return weekdays, Saturdays, and Sundays with holidays, each with the patterns of services that run.

    Counted are all days from `start` to `until`, both included (where None: of `period`). Services without a run make
    no pattern. A pattern without any service (no bus at the turn of the year) is listed like the others.
    """
    whole = period(timetable)
    first, last = start or (whole and whole[0]), until or (whole and whole[1])
    days = _days(first, last) if first and last else ()
    runs = _runs_of_services(timetable)
    services = tuple(service for service in timetable.services.values() if service.id in runs)
    table = _running(services, days, holidays)
    by_kind: dict[Kind, dict[frozenset[str], list[date]]] = {kind: {} for kind in KIND_LABELS}
    for day, column in zip(days, table.T, strict=True):
        pattern = frozenset(services[index].id for index in np.flatnonzero(column))
        by_kind[kind_of(day, holidays)].setdefault(pattern, []).append(day)
    return tuple(DayKind(kind, _patterns(found, runs)) for kind, found in by_kind.items())


def kind_of(day: date, holidays: AbstractSet[date]) -> Kind:
    """Return the kind of a day: a public holiday is as a Sunday, on whichever weekday it falls."""
    if day in holidays or day.weekday() == SUNDAY:
        return "sunday"
    return "saturday" if day.weekday() == SUNDAY - 1 else "weekday"


def _patterns(found: dict[frozenset[str], list[date]], runs: dict[str, int]) -> tuple[DayPattern, ...]:
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[1][0]))
    usual = ordered[0][0] if ordered else frozenset()

    def total(services: Iterable[str]) -> int:
        return sum(runs[service] for service in services)

    return tuple(
        DayPattern(services, tuple(days), total(services), total(services - usual), total(usual - services))
        for services, days in ordered
    )


def _running(
    services: Sequence[Service], days: Sequence[date], holidays: AbstractSet[date]
) -> npt.NDArray[np.bool_]:
    """Which service (rows) runs on which day (columns)."""
    ordinal = np.array([day.toordinal() for day in days], dtype=np.int64)
    weekday = (ordinal - 1) % 7  # 1 January of year 1, ordinal 1, is a Monday
    holiday = np.array([day in holidays for day in days], dtype=bool)
    named = {
        day for one in services if one.holidays == AS_SUNDAY and not one.weekdays[SUNDAY] for day in one.added
    }
    settled = np.array([day in named for day in days], dtype=bool) & holiday
    table = np.zeros((len(services), len(days)), dtype=bool)
    for number, service in enumerate(services):
        follows = holiday & (service.holidays == AS_SUNDAY)
        weekly = np.array(service.weekdays, dtype=bool)[np.where(follows, SUNDAY, weekday)]
        after = ordinal >= (service.start or date.min).toordinal()
        until = ordinal <= (service.end or date.max).toordinal()
        added = np.array([day in service.added for day in days], dtype=bool)
        removed = np.array([day in service.removed for day in days], dtype=bool)
        table[number] = ((weekly & ~(follows & settled) & after & until) | added) & ~removed
    return table


def _span(timetable: Timetable) -> tuple[date | None, date | None]:
    """The first and last day any service with runs can run."""
    runs = _runs_of_services(timetable)
    used = [service for service in timetable.services.values() if service.id in runs]
    weekly = [service for service in used if any(service.weekdays)]
    added = [day for service in used for day in service.added]
    starts = [service.start for service in weekly if service.start] + added
    ends = [service.end for service in weekly if service.end] + added
    return min(starts, default=None), max(ends, default=None)


def _runs_of_services(timetable: Timetable) -> dict[str, int]:
    runs: dict[str, int] = {}
    for trip in timetable.trips:
        runs[trip.service] = runs.get(trip.service, 0) + 1
    return {service: count for service, count in runs.items() if service in timetable.services}


def _days(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))
