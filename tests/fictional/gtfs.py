"""The buses of 架空市 as a GTFS-JP feed by hand, so small that every answer can be found on paper.

Stops (lon 135.0 + x/1000, lat 35.0 + y/1000), west to east:

    100  架空駅       x  5.0 y  5.0  本町   parent, with the poles 100_1 (out, x 4.9) and 100_2 (back, x 5.1)
    200  飛地役場前   x 15.0 y 15.0  飛地   two poles of one name, 11 m apart, no parent: 200_1 (out), 200_2 (back)
    300  本町病院     x 25.0 y  5.0  本町   one point for both directions
    700  学校前       x 35.0 y  5.0  本町   ┐ one name, 910 m apart:
    701  学校前       x 45.0 y  5.0  両端   ┘ two stopping places
    600  空地口       no position    空地
    400  新田         x 50.0 y 25.0  新田
    500  両端北       x 50.0 y 35.0  両端

Runs (h:mm at each call; the last call of a run is no departure):

    R1 中央線  平日        W1   架空駅  7:00  飛地役場前  7:10  本町病院  7:20  新田    7:40
               平日        W2   新田    8:00  本町病院    8:20  飛地役場前 8:30  架空駅  8:40
               平日        W3   架空駅 13:00  飛地役場前 13:10  本町病院 13:20  新田   13:40
               平日        W4   新田   17:00  本町病院   17:20  飛地役場前 17:30 架空駅 17:40
               平日        W5   架空駅 23:50  飛地役場前 24:00  本町病院 24:10  新田   24:30   past midnight
               土曜        S1   架空駅  9:00  飛地役場前  9:10  本町病院  9:20  新田    9:40
               土曜        S2   新田   15:00  本町病院   15:20  飛地役場前 15:30 架空駅 15:40
               日曜・祝日  H1   架空駅 10:00  飛地役場前 10:10  本町病院 10:20  新田   10:40
               日曜・祝日  H2   新田   16:00  本町病院   16:20  飛地役場前 16:30 架空駅 16:40
    R2 北線    平日        N1   両端北  7:15  新田 7:25  空地口 7:30  学校前(700) 7:40  架空駅 7:50   one bus a day
    R3 通学線  通学日      G1   学校前(701) 7:30  学校前(700) 7:35  飛地役場前  7:50
               通学日      G2   飛地役場前 16:10  学校前(700) 16:25  学校前(701) 16:30

Days, 2024-04-01 (a Monday) to 2025-03-31: 平日 Monday to Friday, 土曜 Saturday, 日曜・祝日 Sunday, none with exceptions
(so a public holiday is a Sunday); 通学日 Monday to Friday, but not 2024-08-05 to 08-09 (school holiday) and also on
Saturday 2024-10-05 (a school event); having exceptions of its own, it runs on a public holiday as on any weekday.

Departures of a school weekday: 架空駅 3, 飛地役場前 6 (W1–W5 and G2), 本町病院 5, 新田 3 (W2, W4, N1), 両端北 1,
空地口 1, 学校前(700) 3 (N1, G1, G2), 学校前(701) 1; on a Saturday: 架空駅 1, 飛地役場前 2, 本町病院 2, 新田 1, all others 0;
on a Sunday the same as on a Saturday. 空地 has a bus on no day that can be placed, 両端北 one away and none back.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

# run: route, service, direction, headsign, calls (stop, time)
RUNS: dict[str, tuple[str, str, str, str, tuple[tuple[str, str], ...]]] = {}


def _out(run: str, service: str, *times: str) -> None:
    calls = tuple(zip(("100_1", "200_1", "300", "400"), times, strict=True))
    RUNS[run] = ("R1", service, "1", "新田", calls)


def _back(run: str, service: str, *times: str) -> None:
    calls = tuple(zip(("400", "300", "200_2", "100_2"), times, strict=True))
    RUNS[run] = ("R1", service, "0", "架空駅", calls)


_out("W1", "平日", "7:00:00", "7:10:00", "7:20:00", "7:40:00")
_back("W2", "平日", "8:00:00", "8:20:00", "8:30:00", "8:40:00")
_out("W3", "平日", "13:00:00", "13:10:00", "13:20:00", "13:40:00")
_back("W4", "平日", "17:00:00", "17:20:00", "17:30:00", "17:40:00")
_out("W5", "平日", "23:50:00", "24:00:00", "24:10:00", "24:30:00")
_out("S1", "土曜", "09:00:00", "09:10:00", "09:20:00", "09:40:00")
_back("S2", "土曜", "15:00:00", "15:20:00", "15:30:00", "15:40:00")
_out("H1", "日曜・祝日", "10:00:00", "10:10:00", "10:20:00", "10:40:00")
_back("H2", "日曜・祝日", "16:00:00", "16:20:00", "16:30:00", "16:40:00")
RUNS["N1"] = (
    "R2", "平日", "1", "架空駅",
    (("500", "7:15:00"), ("400", "7:25:00"), ("600", "7:30:00"), ("700", "7:40:00"), ("100_2", "7:50:00")),
)  # fmt: skip
RUNS["G1"] = (
    "R3",
    "通学日",
    "1",
    "飛地役場前",
    (("701", "7:30:00"), ("700", "7:35:00"), ("200_1", "7:50:00")),
)
RUNS["G2"] = (
    "R3",
    "通学日",
    "0",
    "学校前",
    (("200_2", "16:10:00"), ("700", "16:25:00"), ("701", "16:30:00")),
)
SCHOOL_HOLIDAY = ("20240805", "20240806", "20240807", "20240808", "20240809")
SCHOOL_EVENT = "20241005"


def _lines(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


FEED: dict[str, str] = {
    "agency.txt": _lines(
        "agency_id,agency_name,agency_url,agency_timezone,agency_lang",
        "9000000000001,架空市営バス,https://example.jp/,Asia/Tokyo,ja",
    ),
    "stops.txt": _lines(
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,platform_code",
        "100,架空駅,35.0050,135.0050,1,,",
        "100_1,架空駅,35.0050,135.0049,0,100,1",
        "100_2,架空駅,35.0050,135.0051,0,100,2",
        "200_1,飛地役場前,35.0150,135.0150,0,,",
        "200_2,飛地役場前,35.0151,135.0150,0,,",
        "300,本町病院,35.0050,135.0250,0,,",
        "400,新田,35.0250,135.0500,0,,",
        "500,両端北,35.0350,135.0500,0,,",
        "600,空地口,,,0,,",
        "700,学校前,35.0050,135.0350,0,,",
        "701,学校前,35.0050,135.0450,0,,",
    ),
    "routes.txt": _lines(
        "route_id,agency_id,route_short_name,route_long_name,route_type",
        "R1,9000000000001,,中央線,3",
        "R2,9000000000001,,北線,3",
        "R3,9000000000001,,通学線,3",
    ),
    "trips.txt": _lines(
        "route_id,service_id,trip_id,trip_headsign,direction_id",
        *(f"{route},{service},{run},{sign},{way}" for run, (route, service, way, sign, _) in RUNS.items()),
    ),
    "stop_times.txt": _lines(
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type",
        *(
            f"{run},{time},{time},{stop},{number},0,0"
            for run, (*_, calls) in RUNS.items()
            for number, (stop, time) in enumerate(calls, start=1)
        ),
    ),
    "calendar.txt": _lines(
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
        "平日,1,1,1,1,1,0,0,20240401,20250331",
        "土曜,0,0,0,0,0,1,0,20240401,20250331",
        "日曜・祝日,0,0,0,0,0,0,1,20240401,20250331",
        "通学日,1,1,1,1,1,0,0,20240401,20250331",
    ),
    "calendar_dates.txt": _lines(
        "service_id,date,exception_type",
        *(f"通学日,{day},2" for day in SCHOOL_HOLIDAY),
        f"通学日,{SCHOOL_EVENT},1",
    ),
    "feed_info.txt": _lines(
        "feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,feed_end_date,feed_version",
        "架空市,https://example.jp/,ja,20240401,20250331,20240401_01",
    ),
    "fare_attributes.txt": _lines("fare_id,price,currency_type,payment_method,transfers", "F1,200,JPY,0,"),
    "translations.txt": _lines(
        "trans_id,lang,translation",
        "架空駅,ja,架空駅",
        "架空駅,ja-Hrkt,かくうえき",
    ),
}


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Return a zip of the files, text as UTF-8 without BOM and LF, as it stands; the same bytes at any time of day."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time=(2024, 4, 1, 0, 0, 0))
            archive.writestr(entry, content, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()
