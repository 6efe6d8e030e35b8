"""The made-up buses as a GTFS-JP feed (2nd edition), the same bytes on every machine. Every time and stop is made up.

Weekday, Saturday and Sunday services of one year. Public holidays run as Sundays and are written out in
calendar_dates.txt; nothing runs from 29 December to 3 January. Each stop has two poles, one a direction.
Form: 標準的なバス情報フォーマット(GTFS-JP)第2版、国土交通省.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from kyodo_geo.city import City
from kyodo_geo.model.transit.day_types import public_holidays
from kyodo_geo.sample.draw import fraction
from kyodo_geo.sample.lines import Halt, Line, by_key, lines_of
from kyodo_geo.sample.places import Spot
from kyodo_geo.sample.tables import feed_bytes

PUBLISHER = "架空バス(体験用データ)"
# A 法人番号 never begins with 0: this is nobody's
_AGENCY, _URL = "0000000000000", "https://example.invalid/"
_WEEKDAY, _SATURDAY, _SUNDAY = "平日", "土曜", "日曜・祝日"
_WEEK = {_WEEKDAY: (1, 1, 1, 1, 1, 0, 0), _SATURDAY: (0, 0, 0, 0, 0, 1, 0), _SUNDAY: (0, 0, 0, 0, 0, 0, 1)}
_INWARD, _OUTWARD = 0, 1  # 復路 to the middle, 往路 away from it
_SIDES = {_OUTWARD: 1, _INWARD: -1}
# Minutes after midnight at which runs begin; each line is shifted a little, and a line that is no trunk has fewer
_TIMES: dict[str, dict[int, tuple[int, ...]]] = {
    _WEEKDAY: {_INWARD: (415, 490, 560, 720, 840, 970), _OUTWARD: (470, 605, 730, 905, 1010, 1090)},
    _SATURDAY: {_INWARD: (480, 780, 930), _OUTWARD: (690, 860, 990)},
    _SUNDAY: {_INWARD: (540,), _OUTWARD: (930,)},
}
_SHIFT_MINUTES = 25
_DAYS = 365
_FEWER = {_WEEKDAY: (0.3, 0.8), _SATURDAY: (0.0, 0.7), _SUNDAY: (0.0, 0.0)}
_POLE_DEGREES = 0.00006  # a pole stands some 6 m from the middle of its stop
_FARE_YEN = 200
_ADDED, _REMOVED = 1, 2
_STAMP = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def timetable(city: City, spots: Sequence[Spot], first_day: date) -> bytes | None:
    """Return the zip of the feed, valid for 365 days from `first_day`; None where no two districts have people."""
    lines = lines_of(city, spots)
    if not lines:
        return None
    last_day = first_day + timedelta(days=_DAYS - 1)
    named = {f"R{number:02d}": line for number, line in enumerate(lines, start=1)}
    runs = list(_runs(named))
    tables = {
        **_company(first_day, last_day),
        "stops.txt": _stops(by_key(lines)),
        **_routes(named, first_day),
        "trips.txt": feed_bytes(
            ("route_id", "service_id", "trip_id", "trip_headsign", "direction_id"), (run[0] for run in runs)
        ),
        "stop_times.txt": feed_bytes(
            (
                "trip_id",
                "arrival_time",
                "departure_time",
                "stop_id",
                "stop_sequence",
                "pickup_type",
                "drop_off_type",
            ),
            (call for run in runs for call in run[1]),
        ),
        **_calendar(first_day, last_day),
        "translations.txt": _translations(by_key(lines)),
    }
    return _zip(tables)


def _company(first_day: date, last_day: date) -> dict[str, bytes]:
    return {
        "agency.txt": feed_bytes(
            ("agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang"),
            [(_AGENCY, PUBLISHER, _URL, "Asia/Tokyo", "ja")],
        ),
        "agency_jp.txt": feed_bytes(("agency_id", "agency_official_name"), [(_AGENCY, PUBLISHER)]),
        "fare_attributes.txt": feed_bytes(
            ("fare_id", "price", "currency_type", "payment_method", "transfers"), [("架空", _FARE_YEN, "JPY", 0, 0)]
        ),
        "feed_info.txt": feed_bytes(
            ("feed_publisher_name", "feed_publisher_url", "feed_lang", "feed_start_date", "feed_end_date", "feed_version"),
            [(PUBLISHER, _URL, "ja", _digits(first_day), _digits(last_day), f"架空_{_digits(first_day)}")],
        ),
    }  # fmt: skip


def _stops(halts: Mapping[str, Halt]) -> bytes:
    rows: list[tuple[object, ...]] = []
    for halt in halts.values():
        rows.append((halt.key, halt.name, *_degrees(halt, 0), 1, ""))
        rows += [
            (_pole(halt, way), halt.name, *_degrees(halt, side), 0, halt.key) for way, side in _SIDES.items()
        ]
    return feed_bytes(
        ("stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station"), rows
    )


def _degrees(halt: Halt, side: int) -> tuple[str, str]:
    return f"{halt.lat + side * _POLE_DEGREES:.6f}", f"{halt.lon:.6f}"


def _pole(halt: Halt, way: int) -> str:
    return f"{halt.key}_{way}"


def _routes(named: Mapping[str, Line], first_day: date) -> dict[str, bytes]:
    return {
        "routes.txt": feed_bytes(
            ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type"),
            [(key, _AGENCY, "", f"架空 {line.name}", 3) for key, line in named.items()],
        ),
        "routes_jp.txt": feed_bytes(
            ("route_id", "route_update_date", "origin_stop", "via_stop", "destination_stop"),
            [
                (key, _digits(first_day), line.halts[0].name, line.halts[len(line.halts) // 2].name, line.halts[-1].name)
                for key, line in named.items()
            ],
        ),
    }  # fmt: skip


def _runs(named: Mapping[str, Line]) -> Iterator[tuple[tuple[object, ...], list[tuple[object, ...]]]]:
    """Return for each run its row of trips.txt and its rows of stop_times.txt."""
    for key, line in named.items():
        shift = int(fraction("shift", key) * _SHIFT_MINUTES)
        for service, ways in _TIMES.items():
            for way, times in ways.items():
                for number, start in enumerate(_kept(times, service, line, key), start=1):
                    run = f"{key}_{service}_{way}_{number}"
                    halts, minutes = _directed(line, way)
                    yield (
                        (key, service, run, halts[-1].name, way),
                        [
                            (run, *[_clock(start + shift + minute)] * 2, _pole(halt, way), at, 0, 0)
                            for at, (halt, minute) in enumerate(zip(halts, minutes, strict=True), start=1)
                        ],
                    )


def _kept(times: Sequence[int], service: str, line: Line, key: str) -> Sequence[int]:
    """Return the times a line has: a trunk all, another one the first of them, as many as drawn."""
    if line.trunk:
        return times
    least, most = _FEWER[service]
    count = round(len(times) * (least + (most - least) * fraction("runs", service, key)))
    return times[:: max(1, len(times) // count)][:count] if count else ()


def _directed(line: Line, way: int) -> tuple[Sequence[Halt], Sequence[int]]:
    if way == _OUTWARD:
        return line.halts, line.minutes
    whole = line.minutes[-1]
    return line.halts[::-1], [whole - minute for minute in reversed(line.minutes)]


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}:00"


def _calendar(first_day: date, last_day: date) -> dict[str, bytes]:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    span = (_digits(first_day), _digits(last_day))
    return {
        "calendar.txt": feed_bytes(
            ("service_id", *days, "start_date", "end_date"),
            [(key, *week, *span) for key, week in _WEEK.items()],
        ),
        "calendar_dates.txt": feed_bytes(
            ("service_id", "date", "exception_type"), _exceptions(first_day, last_day)
        ),
    }


def _exceptions(first_day: date, last_day: date) -> Iterator[tuple[str, str, int]]:
    holidays = public_holidays(first_day, last_day)
    for number in range((last_day - first_day).days + 1):
        day = first_day + timedelta(days=number)
        usual = next(key for key, week in _WEEK.items() if week[day.weekday()])
        if (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3):
            yield from ((key, _digits(day), _REMOVED) for key in _WEEK)
        elif day in holidays and usual != _SUNDAY:
            yield usual, _digits(day), _REMOVED
            yield _SUNDAY, _digits(day), _ADDED


def _translations(halts: Mapping[str, Halt]) -> bytes:
    """Return the names in Japanese only: nobody has published how they are read, and a reading is not made up."""
    words = [PUBLISHER, *dict.fromkeys(halt.name for halt in halts.values())]
    return feed_bytes(("trans_id", "lang", "translation"), [(word, "ja", word) for word in words])


def _digits(day: date) -> str:
    return f"{day:%Y%m%d}"


def _zip(tables: Mapping[str, bytes]) -> bytes:
    """Return a zip that depends on nothing but its tables: stored (compressors differ), one date, one system."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in tables.items():
            member = zipfile.ZipInfo(name, _STAMP)
            member.create_system = _UNIX
            member.external_attr = 0o644 << 16
            archive.writestr(member, content)
    return out.getvalue()
