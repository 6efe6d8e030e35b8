"""Days and years are read in both calendars, and a day that never was is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.fiscal import era_year
from kyodo_geo.sources.visit.sheets.dates import read_day, read_year

DAYS = st.dates(date(1926, 12, 25), date(2060, 12, 31))
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
LETTERS = {"令": "R", "平": "H", "昭": "S"}


def parts(day: date) -> tuple[str, str]:
    era = era_year(day)
    return era[:2], era[2:-1].replace("元", "1")


@given(DAYS, st.booleans())
def test_a_day_reads_the_same_in_every_spelling(day, wide):
    era, number = parts(day)
    letter, short = LETTERS[era[0]], era[0]
    y, m, d = day.year, day.month, day.day
    for text in (
        f"{era_year(day)}{m}月{d}日現在", f"{era}{number}年{m}月{d}日", f"{short}{number}. {m}. {d}", f"{letter}{number}.{m}.{d}",
        f"{letter}{int(number):02}/{m:02}/{d:02}", f"{letter}{number}-{m}-{d}", f"{y}/{m}/{d}", f"{y}年{m}月{d}日", f"{y}-{m:02}-{d:02}",
        f"{y}.{m}.{d}", f"{y}{m:02}{d:02}", f"({y}年({era_year(day)}){m}月{d}日)", f"町別人口 {era_year(day)}({y}年){m}月{d}日 現在",
        f"{letter}{int(number):02}{m:02}{d:02}", f"{y}-{m:02}-{d:02} 09:30:00",
    ):  # fmt: skip
        assert read_day(text.translate(WIDE) if wide else text) == day, text
        assert read_year(text) == y, text


@pytest.mark.parametrize(
    "text",
    ["令和1年4月30日", "R1.4.30", "R元.4.30", "平成31年5月1日", "H31.5.1", "昭和64年1月8日", "平成元年1月7日", "昭和1年12月24日",
     "令和0年4月1日", "2024/2/30", "令和6年13月1日", "2023年2月29日"],
)  # fmt: skip
def test_a_day_that_never_was_is_refused(text):
    with pytest.raises(ValueError, match="ありません"):
        read_day(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "令和6年度",
        "令和6年",
        "2024",
        "令和６年４月",
        "202404",
        "45383",
        "20249999",
        "12.3.4",
        "大正5年3月1日",
        "表3-1-2",
    ],
)
def test_what_names_no_day_gives_none(text):
    assert read_day(text) is None


def test_the_day_of_the_count_comes_before_the_day_of_printing():
    assert read_day("令和6年5月10日作成 令和6年4月1日現在") == date(2024, 4, 1)
    assert read_day("令和6年4月1日～令和7年3月31日") == date(2024, 4, 1)


@given(st.integers(10_000, 58_806))
def test_a_serial_number_is_a_day_only_when_asked(serial):
    assert read_day(str(serial)) is None
    assert read_day(f"{serial}.0", serial=True) == date(2024, 4, 1) + timedelta(days=serial - 45383)


@pytest.mark.parametrize(
    ("text", "year"),
    [("令和6年度", 2024), ("令和元年", 2019), ("R6", 2024), ("令6", 2024), ("平成31年度", 2019), ("H31", 2019), ("昭和64年", 1989),
     ("２０２０年国勢調査", 2020), ("r0604_jinko.csv", 2024), ("2024_04.csv", 2024), ("R6_表", 2024), ("㋿6年", 2024)],
)  # fmt: skip
def test_years_of_both_calendars(text, year):
    assert read_year(text) == year


@pytest.mark.parametrize(
    "text", ["", "h03_03.csv", "tblT001082C03.txt", "総人口 2013人", "12,013", "2404-", "大正5年", "第2表"]
)
def test_what_names_no_year_gives_none(text):
    assert read_year(text) is None


@pytest.mark.parametrize("text", ["平成32年", "昭和65年", "令和0年度"])
def test_a_year_its_era_never_had_is_refused(text):
    with pytest.raises(ValueError, match="ありません"):
        read_year(text)


@pytest.mark.parametrize(
    "text",
    ["令和99年", "令和99年4月1日", "2117", "2117年", "2117/4/1", "1889", "1889年度", "1919-12-31", "R50"],
)
def test_a_year_in_which_nothing_was_counted_is_refused(text):
    with pytest.raises(ValueError, match="1920年から2060年"):
        read_year(text)


@pytest.mark.parametrize("text", ["99999", "00001", "58807", "2117/4/1", "令和99年4月1日", "2061年1月1日"])
def test_a_day_in_which_nothing_was_counted_is_refused(text):
    with pytest.raises(ValueError, match="1920年から2060年"):
        read_day(text, serial=True)


@pytest.mark.parametrize(
    ("text", "years"),
    [("令和4～5年", "2022年と2023年"), ("2022-2023", "2022年と2023年"), ("R4・R5", "2022年と2023年"), ("2023/4-2024/3", "2023年と2024年"),
     ("2022～23年", "2022年と2023年"), ("令和5年(2024年)", "2023年と2024年"), ("令和元年度～2年度", "2019年と2020年")],
)  # fmt: skip
def test_two_different_years_in_one_text_are_refused_by_name(text, years):
    with pytest.raises(ValueError, match=years):
        read_year(text)


def test_a_day_whose_year_is_given_twice_must_be_the_same():
    with pytest.raises(ValueError, match="2024年と2025年"):
        read_day("令和6年(2025年)4月1日現在")
    assert read_day("令和5年度版 令和6年(暫定)4月1日現在") == date(2024, 4, 1)
    assert read_day("令和5年度版 令和6年(2024年)4月1日現在") == date(2024, 4, 1)


@pytest.mark.parametrize("unit", ["棟", "軒", "戸", "件", "人", "世帯", "番", " 棟"])
def test_a_number_of_houses_or_people_is_no_year(unit):
    assert read_year(f"空き家 2019{unit}の一覧") is None
    assert read_year(f"R6{unit}") is None
    assert read_year(f"令和5年度 空き家 2019{unit}の一覧") == 2023
