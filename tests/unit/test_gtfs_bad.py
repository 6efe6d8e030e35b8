"""A feed with faults: what cannot be used is refused or left out by file and row in Japanese, the rest is read."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from fictional.gtfs import FEED, zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from kyodo_geo.errors import Fault, TableError
from kyodo_geo.sources.visit.gtfs import read_gtfs

TODAY = date(2024, 6, 1)
CLEAN = (
    2  # cautions of the feed as it is: the stop without a position, the holidays that the standard implies
)


def read(files, today=TODAY):
    return read_gtfs(zipped(files), name="feed.zip", today=today)


def edited(table, *changes, added=""):
    """Return the feed with words of one table replaced (each must be there) and lines added at its end."""
    text = FEED[table]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return {**FEED, table: text + added}


def without(*tables):
    return {name: text for name, text in FEED.items() if name not in tables}


def refused(content):
    with pytest.raises(TableError) as caught:
        read_gtfs(content, name="feed.zip", today=TODAY)
    return caught.value


def ids(timetable):
    return [trip.id for trip in timetable.trips]


def new_cautions(opened):
    clean = read(FEED)[1].cautions
    return [fault for fault in opened.cautions if fault not in clean]


# --- no feed at all


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE html>\n<html>login</html>", "zip ではなくウェブページ(HTML)です"),
        (b"\xef\xbb\xbf \n<HTML><head>", "zip ではなくウェブページ(HTML)です"),
        (b'<?xml version="1.0"?><html>', "zip ではなくウェブページ(HTML)です"),
        (b"", "ファイルが空です"),
        (b"stop_id,stop_name\n1,a\n", "zip ではありません"),
        (zipped(FEED)[:900], "zip が壊れているか、途中までしかありません"),
    ],
)
def test_what_is_no_zip_is_called_what_it_is(content, words):
    error = refused(content)
    assert words in str(error)
    assert "feed.zip" in str(error)
    assert error.todo


def test_a_damaged_member_is_said():
    content = bytearray(zipped(FEED))
    at = content.index(b"stops.txt") + 20
    content[at : at + 8] = b"\xff" * 8
    assert "zip が壊れているか" in str(refused(bytes(content)))


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_member_is_said_whatever_packed_it(packing):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, text in FEED.items():
            archive.writestr(name, text)
    content = out.getvalue()
    at = content.index(b"stop_times.txt") + len("stop_times.txt")
    size = 200
    for spoilt in range(at, at + size, 4):
        damaged = bytearray(content)
        damaged[spoilt : spoilt + 8] = bytes(byte ^ 0xFF for byte in damaged[spoilt : spoilt + 8])
        assert "zip が壊れているか" in str(refused(bytes(damaged)))


def test_a_locked_zip_says_so():
    content = zipped(FEED)
    # Bit 0 of the flags of every entry of the directory says: encrypted
    locked = bytearray(content)
    at = locked.find(b"PK\x01\x02")
    while at >= 0:
        locked[at + 8] |= 1
        at = locked.find(b"PK\x01\x02", at + 1)
    assert "パスワード" in str(refused(bytes(locked)))


def test_two_feeds_in_one_zip_are_not_mixed():
    both = {f"{folder}/{name}": text for folder in ("東", "西") for name, text in FEED.items()}
    assert "時刻表が 2 つ入っています(東、西)" in str(refused(zipped(both)))


def test_a_zip_in_a_zip_is_named():
    assert "別の zip があります(feed.zip)" in str(refused(zipped({"feed.zip": zipped(FEED)})))


def test_all_missing_files_and_columns_are_said_at_once():
    files = {**without("routes.txt", "calendar.txt", "calendar_dates.txt"), "trips.txt": "trip_id\nW1\n"}
    files["stop_times.txt"] = FEED["stop_times.txt"].splitlines()[0]
    faults = refused(zipped(files)).faults
    assert {(fault.file, fault.row, fault.column) for fault in faults} == {
        ("routes.txt", None, ""),
        ("calendar.txt", None, ""),
        ("trips.txt", 1, "route_id"),
        ("trips.txt", 1, "service_id"),
        ("stop_times.txt", None, ""),
    }
    assert "必要なファイルが zip の中にありません" in str(refused(zipped(files)))
    assert "calendar.txt も calendar_dates.txt もない" in str(refused(zipped(files)))


@pytest.mark.parametrize("table", ["stops.txt", "routes.txt", "trips.txt", "stop_times.txt"])
def test_each_needed_file_is_needed(table):
    fault = Fault("必要なファイルが zip の中にありません", table)
    assert fault in refused(zipped(without(table))).faults


def test_a_file_that_is_no_text_is_refused_and_not_called_empty():
    faults = refused(zipped({**FEED, "stops.txt": b"\xff\xfe\x00\x81\xff"})).faults
    assert len(faults) == 1
    assert "UTF-8 でも Shift_JIS(cp932)でもありません" in faults[0].what


def test_no_usable_run_is_refused_with_what_was_wrong():
    files = edited("trips.txt", ("平日", "a"), ("土曜", "b"), ("日曜・祝日", "c"), ("通学日", "d"))
    error = refused(zipped(files))
    assert "使える便が1本もありません" in str(error)
    assert "service_id「a」が calendar.txt にも calendar_dates.txt にもありません(6 行)" in str(error)


def test_a_refusal_with_very_many_faults_counts_the_rest():
    lines = "route_id,service_id,trip_id\n" + "".join(f"R1,s{at},t{at}\n" for at in range(200))
    error = refused(zipped({**FEED, "trips.txt": lines}))
    assert len(error.faults) == 51
    assert str(error.faults[-1]).endswith(f"ほか {1 + 200 + 12 - 50} 件")


@pytest.mark.parametrize("table", ["agency.txt", "feed_info.txt"])
def test_a_formality_that_is_missing_is_only_a_caution(table):
    timetable, opened = read(without(table))
    assert len(timetable.trips) == 12
    assert new_cautions(opened)[0] == Fault("GTFS-JP で必須のファイルがありません(時刻表は読めます)", table)


def test_without_a_publisher_the_operator_stands_in_and_the_span_is_that_of_the_services():
    timetable, opened = read(without("feed_info.txt"))
    assert opened.publisher == "架空市営バス"
    assert opened.reference_date == "2024-04-01〜2025-03-31(運行日の範囲。有効期間の記載なし)"
    assert timetable.valid_until is None


# --- rows


def test_the_first_of_a_doubled_id_is_kept_and_the_others_are_named():
    files = {
        **edited("stops.txt", added="300,にせ病院,35.03,135.03,0,,\n"),
        "routes.txt": FEED["routes.txt"] + "R1,9000000000001,,にせ線,3\n",
        "trips.txt": FEED["trips.txt"] + "R2,土曜,W1,にせ,0\n",
    }
    timetable, opened = read(files)
    assert {stop.id: stop.name for stop in timetable.stops}["300"] == "本町病院"
    assert timetable.routes[0].name == "中央線"
    assert timetable.trips[0].service == "平日"
    assert [(fault.file, fault.row, fault.column) for fault in opened.left_out] == [
        ("stops.txt", 13, "stop_id"),
        ("routes.txt", 5, "route_id"),
        ("trips.txt", 14, "trip_id"),
    ]
    assert "stop_id「300」が 7 行目にもあります(先の行を使いました)" in opened.left_out[0].what


def test_unknown_references_are_left_out_by_id_with_their_first_row_and_their_number():
    files = edited("trips.txt", ("R3,通学日,G1", "R9,通学日,G1"), ("R1,土曜,S1", "R1,祝,S1"))
    lines = FEED["stop_times.txt"].replace("N1,7:25:00,7:25:00,400", "N1,7:25:00,7:25:00,999")
    files["stop_times.txt"] = lines + "Z9,7:00:00,7:00:00,300,1,0,0\nZ9,7:10:00,7:10:00,400,2,0,0\n"
    timetable, opened = read(files)
    assert set(ids(timetable)) == {"W1", "W2", "W3", "W4", "W5", "S2", "H1", "H2", "N1", "G2"}
    assert [str(fault) for fault in opened.left_out] == [
        "trips.txt 12 行目 列「route_id」: route_id「R9」が routes.txt にありません",
        "trips.txt 7 行目 列「service_id」: service_id「祝」が calendar.txt にも calendar_dates.txt にもありません",
        "stop_times.txt 49 行目 列「trip_id」: 「Z9」が trips.txt にありません(2 行)",
        "stop_times.txt 39 行目 列「stop_id」: 「999」が stops.txt にありません",
    ]
    # The run goes on without the stop that nobody knows
    assert [timetable.stops[stop].id for stop in timetable.stop[timetable.trip == ids(timetable).index("N1")]] == [
        "500", "600", "700", "100_2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("position", "words"),
    [
        ("0,0", "緯度も経度も 0 です"),
        ("135.05,35.025", "緯度と経度が入れ替わっています"),
        ("51.5,-0.1", "日本の外です"),
        ("369.56056,135.05", "日本の外です"),
        ("nan,135.05", "数として読めません"),
        ('"35.1,",135.05', "数として読めません"),
        ("35.025,", "空欄です"),
        ("999,999", "日本の外です"),
    ],
)
def test_a_stop_that_cannot_be_where_it_says_is_kept_without_a_position(position, words):
    timetable, opened = read(edited("stops.txt", ("35.0250,135.0500", position)))
    stop = next(stop for stop in timetable.stops if stop.id == "400")
    assert (stop.lon, stop.lat, stop.place) == (None, None, -1)
    fault = new_cautions(opened)[0]
    assert (fault.file, fault.row) == ("stops.txt", 8)
    assert words in fault.what
    assert len(timetable.trip) == 47


def test_full_width_digits_of_a_position_are_read():
    timetable, _ = read(edited("stops.txt", ("35.0250,135.0500", "３５．０２５,１３５．０５")))
    assert next(stop for stop in timetable.stops if stop.id == "400").lat == 35.025


def test_a_parent_that_is_nowhere_is_said_and_an_entrance_is_no_stop():
    files = edited("stops.txt", ("135.0350,0,,", "135.0350,0,77,"), added="E1,入口,35.0,135.0,2,100,\n")
    files["stop_times.txt"] = FEED["stop_times.txt"].replace("7:25:00,400,", "7:25:00,E1,")
    timetable, opened = read(files)
    assert "E1" not in {stop.id for stop in timetable.stops}
    assert [str(fault) for fault in new_cautions(opened)] == [
        "stops.txt: 出入口などの行(1 行)は停留所ではないので使いません",
        "stops.txt 11 行目 列「parent_station」: parent_station「77」が stops.txt にありません(親なしとして読みました)",
    ]
    assert [str(fault) for fault in opened.left_out] == [
        "stop_times.txt 39 行目 列「stop_id」: 「E1」は出入口などで、停留所ではありません"
    ]


def test_a_run_that_goes_back_in_time_is_left_out_by_name():
    files = edited("stop_times.txt", ("W2,8:20:00,8:20:00", "W2,7:20:00,7:20:00"), ("H1,10:20:00,10:20:00", "H1,10:20:00,10:19:00"))  # fmt: skip
    timetable, opened = read(files)
    assert set(ids(read(FEED)[0])) - set(ids(timetable)) == {"W2", "H1"}
    assert [(fault.file, fault.row) for fault in opened.left_out] == [
        ("stop_times.txt", 7),
        ("stop_times.txt", 32),
    ]
    assert all("戻っています(便を使いません" in fault.what for fault in opened.left_out)
    assert "便「W2」" in opened.left_out[0].what


def test_two_calls_in_one_minute_are_no_step_back():
    timetable, opened = read(edited("stop_times.txt", ("W2,8:20:00,8:20:00", "W2,8:00:00,8:00:00")))
    assert "W2" in ids(timetable)
    assert opened.left_out == ()


def test_a_time_that_is_none_in_the_middle_is_estimated_and_at_an_end_costs_the_run():
    files = edited(
        "stop_times.txt", ("W1,7:10:00,7:10:00", "W1,7:1O:00,あさ"), ("W3,13:00:00,13:00:00", "W3,,25時")
    )
    timetable, opened = read(files)
    assert "W3" not in ids(timetable)
    assert timetable.arrival_s[:4].tolist() == [25200, 25800, 26400, 27600]
    assert [str(fault) for fault in new_cautions(opened)] == [
        "stop_times.txt 3 行目 列「arrival_time」: 「7:1O:00」は H:MM:SS の時刻ではありません(時刻なしとして読みました)",
        "stop_times.txt 3 行目 列「departure_time」: 「あさ」は H:MM:SS の時刻ではありません(時刻なしとして読みました)",
        "stop_times.txt 10 行目 列「departure_time」: 「25時」は H:MM:SS の時刻ではありません(時刻なしとして読みました)",
        "stop_times.txt 3 行目 列「arrival_time」: 時刻のない停留所 1 か所(1 便)は前後から按分(推計)",
    ]
    assert [str(fault) for fault in opened.left_out] == [
        "stop_times.txt 10 行目 列「arrival_time」: 便「W3」の最初か最後の停留所に時刻がありません(便を使いません)"
    ]


def test_a_doubled_sequence_keeps_the_order_of_the_file_and_an_exact_repetition_goes():
    lines = FEED["stop_times.txt"].replace("7:30:00,600,3,", "7:30:00,600,2,")
    again = next(
        line for line in lines.splitlines(keepends=True) if line.startswith("G2,") and ",700," in line
    )
    timetable, opened = read({**FEED, "stop_times.txt": lines + again})
    run = timetable.trip == ids(timetable).index("N1")
    assert [timetable.stops[stop].id for stop in timetable.stop[run]] == ["500", "400", "600", "700", "100_2"]
    assert [str(fault) for fault in new_cautions(opened)] == [
        "stop_times.txt 40 行目 列「stop_sequence」: 同じ便に stop_sequence 2 が2つあります(ファイルの順に並べました)"
    ]
    assert [str(fault) for fault in opened.left_out] == [
        "stop_times.txt 49 行目 列「stop_sequence」: 前と同じ行がもう一度あります"
    ]


def test_a_sequence_that_is_no_number_and_a_run_of_one_call_are_left_out():
    files = edited(
        "stop_times.txt", ("7:35:00,700,2,", "7:35:00,700,二,"), ("7:50:00,200_1,3,", "7:50:00,200_1,-3,")
    )
    timetable, opened = read(files)
    assert "G1" not in ids(timetable)
    assert [str(fault) for fault in opened.left_out] == [
        "stop_times.txt 44 行目 列「stop_sequence」: 「二」は0以上の整数ではありません",
        "stop_times.txt 45 行目 列「stop_sequence」: 「-3」は0以上の整数ではありません",
        "trips.txt 12 行目 列「trip_id」: 便「G1」は使える通過時刻が 1 か所で、便になりません",
    ]


def test_short_rows_are_filled_and_long_rows_left_out():
    head, first, second, *rest = FEED["stop_times.txt"].splitlines()
    files = {**FEED, "stop_times.txt": "\n".join([head, first[: -len(",0,0")], f"{second},x", *rest])}
    timetable, opened = read(files)
    assert timetable.boards.all()
    assert (
        str(new_cautions(opened)[0])
        == "stop_times.txt 2 行目: 値が列より少ない行は、後ろを空欄として読みました(1 行)"
    )
    assert str(opened.left_out[0]) == "stop_times.txt 3 行目: 7 個の値が必要ですが 8 個あります"


def test_a_quote_left_open_is_said_with_the_rows_it_swallowed():
    files = edited("trips.txt", ("W3,新田,1", 'W3,"新田,1'), ("H2,架空駅,0", 'H2,架空駅",0,0'))
    timetable, opened = read(files)
    assert set(ids(timetable)) == {"W1", "W2", "N1", "G1", "G2"}
    assert str(opened.left_out[0]).startswith(
        "trips.txt 4 行目: 5 個の値が必要ですが 6 個あります(引用符の閉じ忘れで 10 行目まで"
    )


def test_a_frequency_that_cannot_be_used_is_said_and_its_pattern_does_not_run():
    lines = (
        "trip_id,start_time,end_time,headway_secs\n"
        "W1,9:00:00,9:00:00,600\nW3,9:00:00,10:00:00,10\nW4,いつも,10:00:00,600\nQQ,9:00:00,10:00:00,600\n"
    )
    timetable, opened = read({**FEED, "frequencies.txt": lines})
    assert {"W1", "W3", "W4"}.isdisjoint(ids(timetable))
    assert [(fault.row, fault.column) for fault in opened.left_out] == [
        (2, "start_time"), (3, "headway_secs"), (4, "start_time"), (5, "trip_id"),
    ]  # fmt: skip
    lost = "(この行の便は作らず、元の便「{}」も数えません)"
    assert [fault.what for fault in opened.left_out[:3]] == [
        f"「9:00:00」から「9:00:00」までは時間帯になりません{lost.format('W1')}",
        f"「10」は 60 秒以上の整数ではありません{lost.format('W3')}",
        f"「いつも」から「10:00:00」までは時間帯になりません{lost.format('W4')}",
    ]


def test_numbers_of_thousands_of_digits_are_no_numbers():
    # Python itself refuses to turn more than 4,300 digits into a number
    long = "7" * 5000
    files = edited("routes.txt", ("北線,3", f"北線,{long}"))
    files["frequencies.txt"] = f"trip_id,start_time,end_time,headway_secs\nW3,9:00:00,10:00:00,{long}\n"
    timetable, opened = read(files)
    assert "W3" not in ids(timetable)
    assert [(fault.file, fault.row, fault.column) for fault in opened.left_out] == [
        ("frequencies.txt", 2, "headway_secs")
    ]
    assert f"「{'7' * 40}…」は 60 秒以上の整数ではありません" in opened.left_out[0].what
    kind = next(fault for fault in opened.cautions if fault.column == "route_type")
    assert kind.what == f"路線「R2」の種別「{'7' * 40}…」は路線バス(3)ではありません"


# --- days


@pytest.mark.parametrize("today", [TODAY, date(2025, 1, 1)])
def test_a_feed_without_calendar_txt_is_not_told_that_it_is_wrong_there(today):
    lines = "service_id,date,exception_type\n" + "".join(f"{key},20240603,1\n" for key in ("平日", "土曜"))
    lines += "日曜・祝日,20240603,2\n通学日,20240603,2\n"
    cautions = read({**without("calendar.txt"), "calendar_dates.txt": lines}, today)[1].cautions
    said = [str(fault) for fault in cautions]
    assert "calendar_dates.txt: service_id「通学日」の便 2 本は、走る日が1日もありません" in said
    ended = "calendar_dates.txt: service_id「平日」の便 6 本は 2024-06-03 で終わっています"
    assert (ended in said) == (today > date(2024, 6, 3))
    assert "calendar.txt" not in {fault.file for fault in cautions}


def test_a_feed_without_calendar_dates_txt_is_not_told_that_it_is_wrong_there():
    calendar = FEED["calendar.txt"]
    for week in ("1,1,1,1,1,0,0", "0,0,0,0,0,1,0", "0,0,0,0,0,0,1"):
        calendar = calendar.replace(week, "0,0,0,0,0,0,0")
    cautions = read({**without("calendar_dates.txt"), "calendar.txt": calendar})[1].cautions
    said = [fault for fault in cautions if "走る日" in fault.what]
    assert len(said) == 5
    assert {fault.file for fault in said} == {"calendar.txt"}


def test_a_feed_whose_dates_only_take_out_never_runs_and_says_so():
    lines = "service_id,date,exception_type\n" + "".join(
        f"{key},20240603,2\n" for key in ("平日", "土曜", "日曜・祝日", "通学日")
    )
    timetable, opened = read({**without("calendar.txt"), "calendar_dates.txt": lines})
    assert len(timetable.trips) == 12
    said = [str(fault) for fault in new_cautions(opened)]
    assert "calendar_dates.txt: どの便にも走る日がありません" in said[0]
    assert "service_id「平日」の便 6 本は、走る日が1日もありません" in said[1]


def test_a_week_without_days_runs_only_on_added_dates():
    files = edited(
        "calendar.txt", ("土曜,0,0,0,0,0,1,0", "土曜,0,0,0,0,0,0,0"), ("通学日,1,1,1,1,1", "通学日,0,0,0,0,0")
    )
    # 土曜 without a weekday is no longer among those that public holidays move
    said = [fault.what for fault in new_cautions(read(files)[1]) if "祝日は日曜" not in fault.what]
    # 通学日 still runs on its one added day, 2024-10-05, after today
    assert said == ["service_id「土曜」の便 2 本は、走る日が1日もありません"]


def test_a_span_without_one_of_its_weekdays_never_runs():
    # 2024-06-03 to 06-07 is Monday to Friday
    files = edited(
        "calendar.txt", ("土曜,0,0,0,0,0,1,0,20240401,20250331", "土曜,0,0,0,0,0,1,0,20240603,20240607")
    )
    assert "service_id「土曜」の便 2 本は、走る日が1日もありません" in [
        fault.what for fault in new_cautions(read(files)[1])
    ]


@pytest.mark.parametrize(
    ("old", "new", "column", "words"),
    [
        ("土曜,0,0,0,0,0,1,0", "土曜,0,0,0,0,0,はい,0", "saturday", "「はい」は 0 か 1 ではありません"),
        (
            "土曜,0,0,0,0,0,1,0,20240401",
            "土曜,0,0,0,0,0,1,0,2024年4月1日",
            "start_date",
            "YYYYMMDD の日付ではありません",
        ),
        (
            "土曜,0,0,0,0,0,1,0,20240401,20250331",
            "土曜,0,0,0,0,0,1,0,20240401,20250231",
            "end_date",
            "「20250231」は",
        ),
        (
            "土曜,0,0,0,0,0,1,0,20240401",
            "土曜,0,0,0,0,0,1,0,20260401",
            "start_date",
            "終わり 2025-03-31 より後です",
        ),
    ],
)
def test_a_spoilt_calendar_row_costs_its_runs_and_both_are_said(old, new, column, words):
    timetable, opened = read(edited("calendar.txt", (old, new)))
    assert {"S1", "S2"}.isdisjoint(ids(timetable))
    assert (opened.left_out[0].file, opened.left_out[0].row, opened.left_out[0].column) == (
        "calendar.txt",
        3,
        column,
    )
    assert words in opened.left_out[0].what
    assert (
        str(opened.left_out[1])
        == "trips.txt 7 行目 列「service_id」: service_id「土曜」の行が使えません(2 行)"
    )


def test_wrong_exceptions_are_left_out_by_row():
    files = edited(
        "calendar_dates.txt", ("通学日,20240806,2", "通学日,20240832,2"), ("通学日,20240807,2", "通学日,20240807,3"),
        added="通学日,20240805,1\n,20240805,1\n",
    )  # fmt: skip
    timetable, opened = read(files)
    assert timetable.services["通学日"].removed == {date(2024, 8, day) for day in (5, 8, 9)}
    assert [(fault.row, fault.column) for fault in opened.left_out] == [
        (3, "date"), (4, "exception_type"), (8, "date"), (9, "service_id"),
    ]  # fmt: skip
    assert "運行とも運休とも書かれています" in opened.left_out[2].what


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2024, 3, 31), ["有効期間は 2024-04-01 からです(まだ始まっていません)"]),
        (date(2024, 4, 1), []),
        (date(2025, 3, 31), []),
        (
            date(2025, 4, 1),
            [
                "service_id「平日」の便 6 本は 2025-03-31 で終わっています",
                "service_id「土曜」の便 2 本は 2025-03-31 で終わっています",
                "service_id「日曜・祝日」の便 2 本は 2025-03-31 で終わっています",
                "service_id「通学日」の便 2 本は 2025-03-31 で終わっています",
                "有効期間は 2025-03-31 までです(期限切れ)",
            ],
        ),
    ],
)
def test_what_has_ended_or_not_begun_is_said_to_the_day(today, expected):
    timetable, opened = read(FEED, today)
    assert [fault.what for fault in new_cautions(opened)] == expected
    assert len(timetable.trips) == 12  # an expired feed is shown, not hidden


def test_a_validity_that_is_no_date_is_unknown_and_said():
    timetable, opened = read(edited("feed_info.txt", ("20250331", "令和7年3月末")))
    assert timetable.valid_until is None
    assert str(new_cautions(opened)[0]).startswith(
        "feed_info.txt 2 行目 列「feed_end_date」: 「令和7年3月末」は"
    )
    assert opened.reference_date == "2024-04-01〜終わりの記載なし(有効期間)"


def test_an_unknown_operator_and_a_nameless_route_are_said():
    files = edited("routes.txt", ("R2,9000000000001,,北線,3", "R2,9.00E+12,,,2"))
    timetable, opened = read(files)
    assert timetable.routes[1].name == "R2"
    assert timetable.routes[1].operator == "事業者の記載なし"
    assert [(fault.row, fault.column) for fault in new_cautions(opened)] == [
        (3, "route_long_name"), (3, "route_type"), (3, "agency_id"),
    ]  # fmt: skip


# --- whatever comes


@settings(max_examples=150)
@given(
    table=st.sampled_from(sorted(FEED)),
    row=st.integers(0, 60),
    column=st.integers(0, 9),
    word=st.one_of(
        st.text(max_size=6), st.sampled_from(["", "0", "-1", "99999999999", "25:61:00", '"', "²", "1e9"])
    ),
)
def test_any_one_spoilt_cell_is_read_or_refused_in_words(table, row, column, word):
    lines = [line.split(",") for line in FEED[table].splitlines()]
    cells = lines[row % len(lines)]
    cells[column % len(cells)] = word
    files = {**FEED, table: "\n".join(",".join(line) for line in lines).encode("utf-8", errors="replace")}
    try:
        timetable, _ = read(files)
    except TableError:
        return  # refused in words; any other error fails the test
    assert len(timetable.trip) == len(timetable.stop) == len(timetable.boards)
    assert (timetable.arrival_s >= 0).all()
    assert (timetable.departure_s >= timetable.arrival_s).all()
    assert all(-1 <= stop.place < len(timetable.places) for stop in timetable.stops)
    assert all((stop.place < 0) == (stop.lon is None) for stop in timetable.stops)


def test_a_zip_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr("kyodo_geo.sources.visit.gtfs.archive._MOST_BYTES", 1000)
    assert "上限 1,000" in str(refused(zipped(FEED)))


def test_a_stored_zip_is_as_good_as_a_packed_one():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, text in FEED.items():
            archive.writestr(name.upper(), text)
    timetable, _ = read_gtfs(out.getvalue(), name="feed.zip", today=TODAY)
    assert len(timetable.trips) == 12
