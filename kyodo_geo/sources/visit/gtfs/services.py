"""The days of a feed: calendar.txt and calendar_dates.txt as services, what the feed says of its own validity."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kyodo_geo.model.transit.day_types import AS_SUNDAY, SUNDAY, public_holidays
from kyodo_geo.model.transit.timetable import Service
from kyodo_geo.sources.visit.gtfs.notes import Notes
from kyodo_geo.sources.visit.gtfs.tables import Columns, day

CALENDAR, DATES = "calendar.txt", "calendar_dates.txt"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ADDED, _REMOVED = "1", "2"
# The kinds of day that the Japanese standard names: 平日(月～金), 土曜, 日曜・祝日 …
_SUNDAY_KINDS = ("日曜", "休日", "祝")
_STANDARD_KINDS = ("平日", "土曜", *_SUNDAY_KINDS)
_FIRST_HOLIDAYS = 1948  # 国民の祝日に関する法律 (昭和23年法律第178号)


@dataclass(frozen=True)
class ServiceTable:
    """The services by id, and the ids that stand in the files but whose rows could not be used."""

    services: dict[str, Service]
    broken: frozenset[str]


@dataclass(frozen=True)
class _Week:
    weekdays: tuple[bool, bool, bool, bool, bool, bool, bool]
    start: date | None
    end: date | None


_NO_WEEK = _Week((False, False, False, False, False, False, False), None, None)


def read_services(calendar: Columns, dates: Columns, notes: Notes) -> ServiceTable:
    """Return the services of both files; one that stands only in calendar_dates.txt has no weekdays and no span.

    A row with a wrong day flag, date or exception type is left out; a doubled service_id keeps its first row. An id of
    the standard's own kinds counts a public holiday as a Sunday, as the standard says, except on the very days for
    which calendar_dates.txt has an entry of it; the ids for which that changes a day are named in a caution.
    """
    weeks, broken = _weeks(calendar, notes)
    exceptions = _exceptions(dates, notes)
    services = {}
    broken -= weeks.keys()
    # Of a service whose own row is spoilt the added days alone would be only a part: it is not built at all
    for key in [*weeks, *(key for key in exceptions if key not in weeks and key not in broken)]:
        week, found = weeks.get(key, _NO_WEEK), exceptions.get(key, {})
        services[key] = Service(
            key,
            week.weekdays,
            week.start,
            week.end,
            frozenset(on for on, kind in found.items() if kind == _ADDED),
            frozenset(on for on, kind in found.items() if kind == _REMOVED),
            AS_SUNDAY if _is_standard(key, weekly=any(week.weekdays)) else "by_weekday",
        )
    implied = [key for key, service in services.items() if any(_moved_holidays(service))]
    if implied:
        notes.caution(
            f"{'・'.join(f'「{key}」' for key in implied)} は標準の名前なので、"
            "calendar_dates.txt に書かれていない祝日は日曜のダイヤとして数えます(GTFS-JP の決まり)",
            CALENDAR,
        )
    return ServiceTable(services, frozenset(broken))


def _is_standard(key: str, *, weekly: bool) -> bool:
    plain = unicodedata.normalize("NFKC", key)
    # A Sunday service of single dates has no weekdays to tell it from 平日: it must not settle what a holiday is
    of_dates = not weekly and any(kind in plain for kind in _SUNDAY_KINDS)
    return not of_dates and any(kind in plain for kind in _STANDARD_KINDS)


def _moved_holidays(service: Service) -> Iterator[date]:
    """The public holidays without an entry of the service on which being a Sunday changes whether it runs."""
    if service.holidays != AS_SUNDAY or service.start is None or service.end is None:
        return
    said = service.added | service.removed
    for year in range(max(service.start.year, _FIRST_HOLIDAYS), service.end.year + 1):
        first, last = date(year, 1, 1), date(year, 12, 31)
        for on in sorted(public_holidays(max(first, service.start), min(last, service.end)) - said):
            if service.weekdays[on.weekday()] != service.weekdays[SUNDAY]:
                yield on


def _weeks(calendar: Columns, notes: Notes) -> tuple[dict[str, _Week], set[str]]:
    weeks: dict[str, _Week] = {}
    broken: set[str] = set()
    for line, (key, start, end, *flags) in zip(
        calendar.lines, calendar.rows("service_id", "start_date", "end_date", *DAYS), strict=True
    ):
        if not key:
            notes.leave_out("service_id が空欄です", CALENDAR, line, "service_id")
        elif key in weeks:
            notes.leave_out(
                f"service_id「{key}」が2回あります(先の行を使いました)", CALENDAR, line, "service_id"
            )
        elif week := _week(flags, start, end, line, notes):
            weeks[key] = week
        else:
            broken.add(key)
    return weeks, broken


def _week(flags: list[str], start: str, end: str, line: int, notes: Notes) -> _Week | None:
    wrong = [
        (f"「{flag}」は 0 か 1 ではありません", column)
        for column, flag in zip(DAYS, flags, strict=True)
        if flag not in {"0", "1"}
    ]
    first, last = day(start), day(end)
    if first is None:
        wrong.append((f"「{start}」は YYYYMMDD の日付ではありません", "start_date"))
    if last is None:
        wrong.append((f"「{end}」は YYYYMMDD の日付ではありません", "end_date"))
    if first is not None and last is not None and first > last:
        wrong.append((f"始まり {first} が終わり {last} より後です", "start_date"))
    for what, column in wrong:
        notes.leave_out(what, CALENDAR, line, column)
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (flag == "1" for flag in flags)
    week = monday, tuesday, wednesday, thursday, friday, saturday, sunday
    return None if wrong else _Week(week, first, last)


def _exceptions(dates: Columns, notes: Notes) -> dict[str, dict[date, str]]:
    found: dict[str, dict[date, str]] = {}
    for line, (key, text, kind) in zip(
        dates.lines, dates.rows("service_id", "date", "exception_type"), strict=True
    ):
        on = day(text)
        if not key:
            notes.leave_out("service_id が空欄です", DATES, line, "service_id")
        elif on is None:
            notes.leave_out(f"「{text}」は YYYYMMDD の日付ではありません", DATES, line, "date")
        elif kind not in {_ADDED, _REMOVED}:
            notes.leave_out(f"「{kind}」は 1(運行)か 2(運休)ではありません", DATES, line, "exception_type")
        elif found.setdefault(key, {}).setdefault(on, kind) != kind:
            notes.leave_out(
                f"「{key}」の {on} は運行とも運休とも書かれています(先の行を使いました)", DATES, line, "date"
            )
    return found


def note_days(services: Mapping[str, Service], runs: Mapping[str, int], today: date, notes: Notes) -> None:
    """Say which services of the feed's trips never run, and which ended before today, each with its trips."""
    never = [key for key in runs if not _ever_runs(services[key])]
    if never and len(never) == len(runs):
        notes.caution(
            "どの便にも走る日がありません(運行日がすべて運休とされているか、曜日も追加日もありません)",
            CALENDAR if any(_file(services[key]) == CALENDAR for key in never) else DATES,
        )
    for key in never:
        notes.caution(
            f"service_id「{key}」の便 {runs[key]} 本は、走る日が1日もありません", _file(services[key])
        )
    for key in runs:
        last = None if key in never else _last_day(services[key])
        if last is not None and last < today:
            notes.caution(
                f"service_id「{key}」の便 {runs[key]} 本は {last} で終わっています", _file(services[key])
            )


def _file(service: Service) -> str:
    """The file that has the service's days: only a row of calendar.txt gives it a span."""
    return DATES if service.start is None else CALENDAR


def _ever_runs(service: Service) -> bool:
    if service.added:
        return True
    if service.start is None or service.end is None or not any(service.weekdays):
        return False
    span = (
        service.start + timedelta(days=number) for number in range((service.end - service.start).days + 1)
    )
    return any(service.weekdays[on.weekday()] and on not in service.removed for on in span)


def _last_day(service: Service) -> date | None:
    ends = [service.end] if service.end is not None and any(service.weekdays) else []
    return max([*ends, *service.added], default=None)


def validity(info: Columns, today: date, notes: Notes) -> tuple[date | None, date | None]:
    """Return the first and the last day for which the feed says it is valid; None where it does not say."""
    start = _stated_day(info, "feed_start_date", notes)
    end = _stated_day(info, "feed_end_date", notes)
    if end is not None and end < today:
        notes.caution(f"有効期間は {end} までです(期限切れ)", info.file, info.lines[0], "feed_end_date")
    if start is not None and start > today:
        notes.caution(
            f"有効期間は {start} からです(まだ始まっていません)", info.file, info.lines[0], "feed_start_date"
        )
    return start, end


def _stated_day(info: Columns, column: str, notes: Notes) -> date | None:
    text = next(iter(info[column]), "")
    found = day(text)
    if text and found is None:
        notes.caution(f"「{text}」は YYYYMMDD の日付ではありません", info.file, info.lines[0], column)
    return found
