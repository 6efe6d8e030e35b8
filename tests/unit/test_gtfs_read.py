"""A sound feed is read the same whatever its packing: the hand-made timetable of 架空市, and what makes a stopping place."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from fictional.gtfs import FEED, RUNS, zipped
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import TableError
from kyodo_geo.model.transit.day_types import active_services, public_holidays
from kyodo_geo.sources.visit.gtfs import read_gtfs
from kyodo_geo.sources.visit.gtfs.calls import seconds
from kyodo_geo.transit.feed import open_feed

TODAY = date(2024, 6, 1)


def read(files, today=TODAY):
    return read_gtfs(zipped(files), name="feed.zip", today=today)


def changed(**files):
    """Return the feed with some tables replaced; a table's name stands without .txt, None takes it out."""
    result = {**FEED, **{f"{name}.txt": text for name, text in files.items()}}
    return {name: text for name, text in result.items() if text is not None}


def spelled(timetable):
    """Return every run as (trip, service, [(stop, arrival, departure)]), apart from the order of the arrays."""
    calls = {trip.id: (trip.service, []) for trip in timetable.trips}
    for trip, stop, arrival, departure in zip(
        timetable.trip, timetable.stop, timetable.arrival_s, timetable.departure_s, strict=True
    ):
        calls[timetable.trips[trip].id][1].append((timetable.stops[stop].id, int(arrival), int(departure)))
    return calls


def test_every_run_of_the_hand_made_timetable_is_read_as_written():
    timetable, opened = read(FEED)
    on_paper = {
        run: (service, [(stop, seconds(time), seconds(time)) for stop, time in calls])
        for run, (_, service, _, _, calls) in RUNS.items()
    }
    assert spelled(timetable) == on_paper
    assert opened.counts == (("停留所", 7), ("標柱", 10), ("路線", 3), ("便", 12), ("通過時刻", 47))
    assert opened.left_out == ()
    assert [route.name for route in timetable.routes] == ["中央線", "北線", "通学線"]
    assert {route.operator for route in timetable.routes} == {"架空市営バス"}
    assert timetable.boards.all()
    assert timetable.alights.all()


@pytest.mark.parametrize(
    ("services", "departures"),
    [
        (
            {"平日", "通学日"},
            {"100": 3, "200_1": 6, "300": 5, "400": 3, "500": 1, "600": 1, "700": 3, "701": 1},
        ),
        ({"土曜"}, {"100": 1, "200_1": 2, "300": 2, "400": 1}),
        ({"日曜・祝日"}, {"100": 1, "200_1": 2, "300": 2, "400": 1}),
    ],
)
def test_the_departures_per_place_are_those_on_paper(services, departures):
    timetable, _ = read(FEED)
    last = np.append(timetable.trip[1:] != timetable.trip[:-1], True)
    found = {}
    for trip, at, end in zip(timetable.trip, timetable.stop, last, strict=True):
        if timetable.trips[trip].service in services and not end:
            stop = timetable.stops[at]
            place = timetable.places[stop.place].id if stop.place >= 0 else stop.id
            found[place] = found.get(place, 0) + 1
    assert found == departures


def test_times_past_midnight_count_on_from_the_day_of_service():
    timetable, _ = read(FEED)
    assert spelled(timetable)["W5"][1][-1] == ("400", 24 * 3600 + 1800, 24 * 3600 + 1800)


def test_the_account_says_whose_feed_it_is_and_for_when():
    timetable, opened = read(FEED)
    assert opened.title == "架空市 時刻表(GTFS) 版 20240401_01"
    assert opened.publisher == "架空市"
    assert opened.reference_date == "2024-04-01〜2025-03-31(有効期間)"
    assert opened.licence == "ファイルに記載なし"
    assert (timetable.valid_from, timetable.valid_until) == (date(2024, 4, 1), date(2025, 3, 31))


def test_a_licence_is_what_a_column_for_it_says():
    info = "feed_publisher_name,feed_license\n架空市,CC BY 4.0\n"
    assert read(changed(feed_info=info))[1].licence == "CC BY 4.0"


def test_days_and_exceptions_are_the_files():
    services = read(FEED)[0].services
    assert services["通学日"].removed == {date(2024, 8, day) for day in (5, 6, 7, 8, 9)}
    assert services["通学日"].added == {date(2024, 10, 5)}
    assert services["土曜"].weekdays == (False, False, False, False, False, True, False)
    assert services["土曜"].start == date(2024, 4, 1)


@pytest.mark.parametrize(
    ("key", "holidays"),
    [
        ("平日", "as_sunday"),
        ("平日（月～金）", "as_sunday"),
        ("日曜・祝日", "as_sunday"),
        ("休日", "as_sunday"),
        ("土日祝", "as_sunday"),
        ("毎日", "by_weekday"),
        ("1", "by_weekday"),
    ],
)
def test_only_the_standards_own_kinds_of_day_imply_holidays(key, holidays):
    files = changed(
        trips=FEED["trips.txt"].replace(",平日,", f",{key},"),
        calendar=FEED["calendar.txt"].replace("\n平日,", f"\n{key},"),
    )
    timetable, opened = read(files)
    assert timetable.services[key].holidays == holidays
    said = [fault.what for fault in opened.cautions if "祝日は日曜のダイヤ" in fault.what]
    assert (f"「{key}」" in said[0]) == (holidays == "as_sunday")


HEAD = "service_id,date,exception_type\n"
SUNDAYS = "日曜・祝日"
HOLIDAYS = public_holidays(date(2024, 4, 1), date(2025, 3, 31))


def running(dates, on):
    """Return the services that run on a day when calendar_dates.txt holds these rows."""
    return active_services(read(changed(calendar_dates=HEAD + dates))[0], on, HOLIDAYS) - {"通学日"}


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        pytest.param("", {SUNDAYS}, id="nothing said"),
        pytest.param("平日,20241230,2\n", {SUNDAYS}, id="an exception of another day"),
        pytest.param("平日,20250101,2\n", {SUNDAYS}, id="an exception of another holiday"),
        pytest.param("日曜・祝日,20241230,1\n", {SUNDAYS}, id="the Sunday buses on another day"),
        pytest.param("平日,20241104,2\n日曜・祝日,20241104,1\n", {SUNDAYS}, id="the rule written out"),
        pytest.param("日曜・祝日,20241104,1\n", {SUNDAYS}, id="half of the rule written out"),
        pytest.param("平日,20241104,1\n", {"平日"}, id="weekday buses on the holiday"),
        pytest.param("土曜,20241104,1\n平日,20241104,2\n", {"土曜"}, id="Saturday buses on the holiday"),
        pytest.param("日曜・祝日,20241104,2\n", set(), id="no bus on the holiday"),
        pytest.param("日曜臨時,20241104,1\n", {SUNDAYS, "日曜臨時"}, id="a Sunday service of dates besides"),
    ],
)
def test_a_public_holiday_is_a_sunday_unless_the_file_speaks_of_that_very_day(dates, expected):
    assert running(dates, date(2024, 11, 4)) == expected  # a Monday, 文化の日 (振替休日)
    assert running(dates, date(2024, 11, 5)) == {"平日"}


def test_a_feed_that_writes_all_holidays_out_runs_as_one_that_leaves_them_to_the_rule():
    rows = []
    for day in sorted(HOLIDAYS):
        if day.weekday() < 6:
            rows += [
                f"{'土曜' if day.weekday() == 5 else '平日'},{day:%Y%m%d},2",
                f"{SUNDAYS},{day:%Y%m%d},1",
            ]
    written, opened = read(changed(calendar_dates=HEAD + "\n".join(rows)))
    ruled = read(changed(calendar_dates=None))[0]
    for number in range(365):
        day = date(2024, 4, 1) + timedelta(days=number)
        assert active_services(written, day, HOLIDAYS) == active_services(ruled, day, HOLIDAYS)
    assert not any("祝日は日曜のダイヤ" in fault.what for fault in opened.cautions)


def test_the_account_names_the_services_for_which_the_holiday_rule_changes_a_day():
    # 2024-05-04 and 11-23 are the public holidays on a Saturday
    dates = HEAD + "土曜,20240504,2\n土曜,20241123,2\n平日,20241230,2\n"
    said = [fault.what for fault in read(changed(calendar_dates=dates))[1].cautions]
    rule = "calendar_dates.txt に書かれていない祝日は日曜のダイヤとして数えます(GTFS-JP の決まり)"
    assert [what for what in said if "祝日は日曜のダイヤ" in what] == [
        f"「平日」・「日曜・祝日」 は標準の名前なので、{rule}"
    ]


FOR_EVER = [
    ("20240401", "20250331"), ("20150401", "20991231"), ("00010101", "99991231"), ("", "20991231"),
]  # fmt: skip


@pytest.mark.parametrize("stated", FOR_EVER)
@pytest.mark.parametrize("end", ["20240607", "20250331"])
def test_a_stated_validity_beyond_the_calendar_adds_no_days_without_buses(stated, end):
    info = FEED["feed_info.txt"].replace("20240401,20250331", ",".join(stated))
    calendar = FEED["calendar.txt"].replace("20250331", end)
    # 2024-06-03 is a Monday; with the calendar at its end on Friday the rest of the stated year is empty
    feed = open_feed(
        zipped(changed(feed_info=info, calendar=calendar, calendar_dates=None)),
        name="a.zip",
        today=date(2024, 6, 3),
    )
    weekday = feed.kinds[0]
    assert feed.validity == "valid"
    assert (weekday.representative, weekday.patterns[0].runs) == (date(2024, 6, 3), 8)
    assert all(one.services for one in weekday.patterns)


@pytest.mark.parametrize(
    "span", [("00010101", "00020101"), ("99991201", "99991231"), ("00010101", "99991231")]
)
def test_a_calendar_at_the_ends_of_time_is_opened(span):
    calendar = FEED["calendar.txt"].replace("20240401,20250331", ",".join(span))
    info = FEED["feed_info.txt"].replace("20240401,20250331", ",".join(span))
    feed = open_feed(
        zipped(changed(calendar=calendar, feed_info=info, calendar_dates=None)), name="a.zip", today=TODAY
    )
    assert feed.kinds[0].patterns[0].runs == 8


def test_an_expired_feed_and_one_to_come_are_counted_whole():
    for today, state in ((date(2026, 1, 1), "expired"), (date(2023, 1, 1), "not_yet")):
        feed = open_feed(zipped(FEED), name="a.zip", today=today)
        assert feed.validity == state
        assert sum(len(one.days) for kind in feed.kinds for one in kind.patterns) == 365


def test_a_feed_with_dates_only_runs_on_its_dates():
    lines = FEED["calendar_dates.txt"] + "".join(
        f"{key},20240603,1\n" for key in ("平日", "土曜", "日曜・祝日")
    )
    timetable, opened = read(changed(calendar=None, calendar_dates=lines))
    assert timetable.services["平日"].added == {date(2024, 6, 3)}
    assert not any(timetable.services["平日"].weekdays)
    assert timetable.services["平日"].start is None
    assert len(timetable.trips) == 12
    assert opened.left_out == ()


@pytest.mark.parametrize(
    "pack",
    [
        pytest.param(lambda text: b"\xef\xbb\xbf" + text.encode(), id="BOM on every file"),
        pytest.param(lambda text: text.encode("cp932"), id="cp932"),
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(lambda text: text.replace("\n", "\r\n", 3).encode(), id="CRLF and LF mixed"),
        pytest.param(lambda text: ("\n" + text + "\n\n,,,\n").encode(), id="blank lines"),
        pytest.param(
            lambda text: "\n".join(
                ",".join(f'" {cell} "' for cell in line.split(",")) for line in text.splitlines()
            ).encode(),
            id="every cell in quotes with spaces",
        ),
        pytest.param(
            lambda text: "".join(f"{line},,\n" for line in text.splitlines()).encode(), id="trailing commas"
        ),
    ],
)
def test_the_packing_of_the_text_does_not_matter(pack):
    timetable, opened = read({name: pack(text) for name, text in FEED.items()})
    plain, account = read(FEED)
    assert spelled(timetable) == spelled(plain)
    assert timetable.stops == plain.stops
    assert timetable.services == plain.services
    assert [fault.what for fault in opened.cautions] == [fault.what for fault in account.cautions]


class _WithoutFlag(zipfile.ZipInfo):
    """An entry as Windows in Japan writes it: the name in some encoding, and no flag that says which."""

    encoding = "cp932"

    def _encodeFilenameFlags(self):  # noqa: N802 - zipfile's own name
        return self.filename.encode(self.encoding), self.flag_bits


class _Utf8WithoutFlag(_WithoutFlag):
    encoding = "utf-8"


@pytest.mark.parametrize("entry", [zipfile.ZipInfo, _WithoutFlag, _Utf8WithoutFlag])
# 表 ends in the byte of a backslash in cp932
@pytest.mark.parametrize("folder", ["", "feed/", "a/b/", "架空市バス/", "表/", "表\\"])
def test_the_folder_in_the_zip_and_the_encoding_of_its_names_do_not_matter(folder, entry):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry("読んでください.pdf"), b"%PDF")
        archive.writestr(entry("__MACOSX/feed/stops.txt"), b"\x00\x05")
        for name, text in FEED.items():
            archive.writestr(entry(folder + name), text)
    timetable, _ = read_gtfs(out.getvalue(), name="feed.zip", today=TODAY)
    assert len(timetable.trips) == 12


def test_folders_named_in_cp932_are_shown_as_they_are_called():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for folder in ("時刻表", "予定"):  # 表 and 予 hold the byte of a backslash
            archive.writestr(_WithoutFlag(f"{folder}/stops.txt"), FEED["stops.txt"])
    with pytest.raises(TableError, match=r"時刻表が 2 つ入っています.*時刻表、予定"):
        read_gtfs(out.getvalue(), name="feed.zip", today=TODAY)


@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_rows_and_columns_does_not_matter(seed):
    chance = random.Random(seed)

    def shuffled(text):
        head, *rows = [line.split(",") for line in text.splitlines()]
        order = chance.sample(range(len(head)), len(head))
        chance.shuffle(rows)
        return "".join(",".join(line[at] for at in order) + ",\n" for line in [head, *rows])

    files = {name: shuffled(text) for name, text in FEED.items()}
    timetable, _ = read({**files, "stops.txt": FEED["stops.txt"], "extra.txt": "a,b\n1\n"})
    assert spelled(timetable) == spelled(read(FEED)[0])
    assert timetable.places == read(FEED)[0].places
    assert (np.diff(timetable.trip) >= 0).all()


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_a_time_is_its_seconds_however_it_is_padded(hours, minutes, rest):
    expected = hours * 3600 + minutes * 60 + rest
    assert seconds(f"{hours}:{minutes:02}:{rest:02}") == expected
    assert seconds(f"{hours:02}：{minutes:02}：{rest:02}") == expected
    assert seconds(f"{hours:02}:{minutes:02}") == expected - rest


@pytest.mark.parametrize(
    "text", ["7", "7:60:00", "7:00:60", "-1:00:00", "730", "七時", "07:00:00 AM", "0.3125"]
)
def test_what_is_no_time_is_not_read_as_one(text):
    assert seconds(text) < -1


def places(*rows):
    """Return {place: ids of its stops} of the stops in these rows (ids with x), added to the feed's, and the account."""
    head, *others = (line.split(",")[:6] for line in FEED["stops.txt"].splitlines())
    lines = [",".join(head), *rows, *(",".join(cells) for cells in others)]
    timetable, opened = read(changed(stops="\n".join(lines)))
    found = {}
    for stop in timetable.stops:
        if stop.place >= 0 and stop.id.startswith("x"):
            found.setdefault(timetable.places[stop.place], []).append(stop.id)
    return found, opened


def test_poles_of_one_parent_are_one_place_at_the_parent_wherever_they_stand():
    found, _ = places("x1,広場,35.01,135.01,1,", "x2,広場A,35.01,135.02,0,x1", "x3,広場B,35.01,135.03,,x1")
    assert [(place.name, place.lon, ids) for place, ids in found.items()] == [
        ("広場", 135.01, ["x1", "x2", "x3"])
    ]


def test_poles_of_one_name_are_one_place_only_when_they_are_near():
    # 0.002 degrees of latitude are 222 m, 0.0017 are 189 m
    found, _ = places(
        "x1,橋,35.0100,135.01,0,",
        "x2,橋,35.0117,135.01,0,",
        "x3,橋,35.0300,135.01,0,",
        "x4,橋,35.0320,135.01,0,",
    )
    assert list(found.values()) == [["x1", "x2"], ["x3"], ["x4"]]
    assert next(iter(found)).lat == pytest.approx((35.0100 + 35.0117) / 2)


def test_near_poles_of_other_names_are_other_places():
    found, _ = places("x1,橋,35.0100,135.01,0,", "x2,橋東,35.0101,135.01,0,", "x3,橋 ,35.0101,135.01,0,")
    assert list(found.values()) == [["x1", "x3"], ["x2"]]


def test_a_chain_of_near_poles_is_one_place_whatever_their_order():
    rows = [f"x{at},長い橋,{35.01 + at * 0.0017:.4f},135.01,0," for at in range(4)]
    for order in (rows, rows[::-1], [rows[0], rows[3], rows[1], rows[2]]):
        found, _ = places(*order)
        assert [sorted(ids) for ids in found.values()] == [["x0", "x1", "x2", "x3"]]


def test_a_pole_without_a_position_stands_at_its_parent_and_the_account_says_so():
    found, opened = places("x1,広場,35.01,135.01,1,", "x2,広場A,,,0,x1")
    assert list(found.values()) == [["x1", "x2"]]
    assert any("「x2」は親「x1」の位置に置きました" in fault.what for fault in opened.cautions)


def said_of_stops(opened):
    return [str(fault) for fault in opened.cautions if fault.file == "stops.txt"]


def test_far_poles_of_a_parent_without_a_position_are_places_of_their_own():
    # 0.4 degrees of latitude are 44 km
    found, opened = places(
        "x1,広場,,,1,", "x2,広場A,35.41,135.01,0,x1", "x3,広場B,35.01,135.01,0,x1", "x4,広場C,35.01,135.012,0,x1",
        "x5,広場D,35.41,135.012,0,x1", "x6,広場E,35.01,135.014,0,x1",
    )  # fmt: skip
    # The most poles are the place; it is in the middle of them
    assert {(place.id, place.name): ids for place, ids in found.items()} == {
        ("x1", "広場"): ["x3", "x4", "x6"],
        ("x2", "広場A"): ["x2", "x5"],
    }
    lat, lon = next((place.lat, place.lon) for place in found if place.id == "x1")
    assert (lat, lon) == pytest.approx((35.01, 135.012))
    assert [fault for fault in said_of_stops(opened) if "遠い" in fault] == [
        f"stops.txt {row} 行目 列「stop_lat」: 停留所「{key}」は親「x1」のほかの標柱から 1,000 m(この道具の置いた値)より"
        "遠いので、別の停留所として数えます"
        for row, key in ((3, "x2"), (6, "x5"))
    ]


def test_the_poles_near_the_parent_are_its_place_even_when_more_are_far():
    found, _ = places(
        "x1,広場,35.01,135.01,1,", "x2,広場A,35.01,135.011,0,x1",
        "x3,広場B,35.41,135.01,0,x1", "x4,広場C,35.41,135.01,0,x1",
    )  # fmt: skip
    assert {(place.id, place.lat): ids for place, ids in found.items()} == {
        ("x1", 35.01): ["x1", "x2"],
        ("x3", 35.41): ["x3", "x4"],
    }


def test_a_parent_far_from_all_its_poles_does_not_say_where_they_are():
    found, opened = places(
        "x1,広場,35.91,135.01,1,", "x2,広場A,35.01,135.01,0,x1", "x3,広場B,35.01,135.02,0,x1"
    )
    assert [(place.id, place.name, place.lat, ids) for place, ids in found.items()] == [
        ("x1", "広場", 35.01, ["x2", "x3"])
    ]
    assert next(iter(found)).lon == pytest.approx(135.015)
    assert any(
        fault.startswith(
            "stops.txt 2 行目 列「stop_lat」: 親「x1」の位置はどの標柱からも 1,000 m(この道具の置いた値)より遠い"
        )
        for fault in said_of_stops(opened)
    )


def test_a_pole_without_a_position_does_not_go_to_a_parent_that_is_far_away():
    found, opened = places("x1,広場,35.91,135.01,1,", "x2,広場A,35.01,135.01,0,x1", "x3,広場B,,,0,x1")
    assert list(found.values()) == [["x2"]]
    assert not any("位置に置きました" in fault for fault in said_of_stops(opened))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6), st.booleans())
def test_no_pole_of_a_parent_is_far_from_the_rest_of_its_place(spots, placed):
    """Poles on a grid of 0.01 degrees of latitude (1.1 km, far) and 0.005 of longitude (456 m, near)."""
    rows = [f"x{n + 1},広場,{35 + y / 100},{135 + x / 200},0,x0" for n, (x, y) in enumerate(spots)]
    found, _ = places("x0,広場,35.2,135.1,1," if placed else "x0,広場,,,1,", *rows)
    where = {f"x{n + 1}": spot for n, spot in enumerate(spots)} | {"x0": (20, 20)}
    assert len({place.id for place in found}) == len(found)
    for ids in found.values():
        assert len({where[key][1] for key in ids}) == 1
        columns = sorted(where[key][0] for key in ids)
        assert all(after - before <= 2 for before, after in pairwise(columns))
    assert {key for ids in found.values() for key in ids} >= where.keys() - {"x0"}


@pytest.mark.parametrize(
    "translations",
    [
        pytest.param(
            "trans_id,lang,translation\n本町病院,en,Hospital\n本町病院,ja,本町総合病院\n", id="v1-2"
        ),
        pytest.param(
            "table_name,field_name,language,translation,record_id,field_value\n"
            "stops,stop_name,ja-Hrkt,ほんちょう,300,\nroutes,route_long_name,ja,路線,300,\n"
            "stops,stop_name,ja,本町総合病院,300,\n",
            id="v3 by record",
        ),
        pytest.param(
            "table_name,field_name,language,translation,record_id,field_value\n"
            "stops,stop_name,ja,本町総合病院,,本町病院\n",
            id="v3 by value",
        ),
    ],
)
def test_a_name_that_is_an_id_is_shown_in_japanese(translations):
    timetable, _ = read(changed(translations=translations))
    names = {stop.id: stop.name for stop in timetable.stops}
    assert names["300"] == "本町総合病院"
    assert names["400"] == "新田"


def test_blank_times_between_two_known_ones_lie_in_equal_steps_and_are_called_an_estimate():
    lines = (
        FEED["stop_times.txt"].replace("N1,7:25:00,7:25:00,", "N1,,,").replace("N1,7:30:00,7:30:00,", "N1,,,")
    )
    timetable, opened = read(changed(stop_times=lines))
    minutes = [(arrival / 60, departure / 60) for _, arrival, departure in spelled(timetable)["N1"][1]]
    assert minutes == [
        (435, 435),
        (pytest.approx(443 + 1 / 3, abs=1 / 60),) * 2,
        (pytest.approx(451 + 2 / 3, abs=1 / 60),) * 2,
        (460, 460),
        (470, 470),
    ]
    said = [fault.what for fault in opened.cautions]
    assert "時刻のない停留所 2 か所(1 便)は前後から按分(推計)" in said


def test_one_blank_of_arrival_and_departure_is_the_other():
    lines = (
        FEED["stop_times.txt"]
        .replace("N1,7:15:00,7:15:00,", "N1,,7:15:00,")
        .replace("N1,7:50:00,7:50:00,", "N1,7:50:00,,")
    )
    timetable, opened = read(changed(stop_times=lines))
    assert spelled(timetable) == spelled(read(FEED)[0])
    assert not any("按分" in fault.what for fault in opened.cautions)


def test_boarding_by_phone_is_no_fixed_boarding_but_a_word_to_the_driver_is():
    lines = FEED["stop_times.txt"]
    for call, kinds in {"500,1": "2,0", "400,2": "3,3", "600,3": "1,2", "700,4": "0,1"}.items():
        lines = "".join(
            line.removesuffix("0,0\n") + f"{kinds}\n"
            if line.startswith("N1,") and f",{call}," in line
            else line
            for line in lines.splitlines(keepends=True)
        )
    timetable, opened = read(changed(stop_times=lines))
    mine = np.array([timetable.trips[trip].id == "N1" for trip in timetable.trip])
    assert timetable.boards[mine].tolist() == [False, True, False, True, True]
    assert timetable.alights[mine].tolist() == [True, True, False, False, True]
    assert timetable.boards[~mine].all()
    said = {fault.column: fault.what for fault in opened.cautions if "(2)" in fault.what}
    assert said == {
        "pickup_type": "電話予約の要る乗車(2)は、定時の便の乗車に数えません(1 か所)",
        "drop_off_type": "電話予約の要る降車(2)は、定時の便の降車に数えません(1 か所)",
    }


@pytest.mark.parametrize(("exact", "estimates"), [("0", 1), ("", 1), ("1", 0)])
def test_an_interval_becomes_its_runs_in_place_of_the_pattern(exact, estimates):
    lines = f"trip_id,start_time,end_time,headway_secs,exact_times\nW3,9:00:00,10:00:00,1200,{exact}\n"
    timetable, opened = read({**FEED, "frequencies.txt": lines})
    runs = spelled(timetable)
    assert "W3" not in runs
    assert [runs[f"W3@{start}"][1][0][1] / 60 for start in ("9:00", "9:20", "9:40")] == [540, 560, 580]
    assert [call[1] / 60 for call in runs["W3@9:20"][1]] == [560, 570, 580, 600]
    assert len(runs) == 12 - 1 + 3
    assert (np.diff(timetable.trip) >= 0).all()
    assert sum("等間隔とみなしました(推計)" in fault.what for fault in opened.cautions) == estimates
