"""A cell holds a number, zero, a mark for a number kept back, or nothing; never one for the other."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.sources.visit.sheets.cells import Mark, read_count, read_whole

FULL_WIDTH = str.maketrans("0123456789,.", "０１２３４５６７８９，．")
NUMBERS = st.integers(0, 10**12)
# Marks that say by themselves where they end
GLUED_BEFORE = ["①", "㉑", "⑴", "²", "※1)", "注1)"]
GLUED_BEHIND = ["①", "⑫⑬", "²", "※", "※2", "※２", "*2", "＊", "注1", "注", "(注1)", "（※2）", "[1]", "†"]
SPACED = ["※2", "※２", "*2", "注1", "1)", "２）", "(1)", "※", "a)"]


@given(NUMBERS, st.booleans(), st.booleans(), st.sampled_from(["", "人", "世帯", "戸", "円", "％", "%"]))
def test_digits_commas_width_spaces_and_units_do_not_change_a_number(number, commas, wide, unit):
    text = f"{number:,}" if commas else str(number)
    text = text.translate(FULL_WIDTH) if wide else text
    assert read_count(f"　{text} {unit} ") == number


@given(NUMBERS, st.sampled_from("-－−‐–―ー△▲"), st.sampled_from(["", " ", "　"]))
def test_a_dash_or_triangle_before_digits_is_minus(number, sign, space):
    assert read_count(f"{sign}{space}{number:,}") == -number


@given(NUMBERS.filter(lambda number: number > 99))
def test_brackets_around_a_number_are_minus(number):
    assert read_count(f"({number:,})") == read_count(f"（{number}）") == -number


@pytest.mark.parametrize("dashes", ["-", "－", "−", "‐", "–", "―", "ー", "ｰ", "--", " － ", "-①", "－※1"])
def test_dashes_alone_are_zero(dashes):
    assert read_count(dashes) == 0
    assert not isinstance(read_count(dashes), Mark)


@pytest.mark.parametrize("text", ["X", "x", "Ｘ", "*", "＊", "***", "秘匿", "X①", " X "])
def test_kept_back_is_not_zero_and_not_missing(text):
    assert read_count(text) is Mark.SUPPRESSED
    assert read_whole(text) is Mark.SUPPRESSED


@pytest.mark.parametrize("text", ["", " ", "　　　", "…", "...", "‥", "・・・", "不明", "\n"])
def test_blank_and_dots_are_missing(text):
    assert read_count(text) is Mark.MISSING
    assert read_whole(text) is Mark.MISSING


@given(NUMBERS, st.sampled_from(GLUED_BEFORE))
def test_a_footnote_mark_before_a_number_is_taken_off(number, mark):
    assert read_count(f"{mark}{number}") == number


@given(NUMBERS, st.sampled_from(GLUED_BEHIND))
def test_a_footnote_mark_behind_a_number_never_becomes_its_digit(number, mark):
    assert read_count(f"{number}{mark}") == number


@given(NUMBERS, st.sampled_from(SPACED))
def test_a_mark_with_a_space_is_taken_off_at_either_end(number, mark):
    assert read_count(f"{mark} {number:,}") == number
    if not mark.startswith("(") and "a" not in mark:
        assert read_count(f"{number} {mark}") == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("100①", 100), ("※２ 1,234", 1234), ("*2 10", 10), ("2※内1個は故障中", 2), ("※1,234", 1234), ("4,315 ", 4315),
     ("△1,234①", -1234), ("12.3％", Fraction(123, 10)), ("￥1,200", 1200), ("1.0", 1), (".5", Fraction(1, 2)), ("+5", 5)],
)  # fmt: skip
def test_numbers_as_they_were_seen(text, number):
    assert read_count(text) == number


@pytest.mark.parametrize(
    "text",
    ["可", "〃", "12 34", "12\n34", "1,23", "1,2345", "1.23E+12", "※12", "*2", "注1", "①", "※", "12千人", "1万", "½",
     "(△12)", "(12", "12)", "10 (5)", "▲", "0..", "1231)", "約100", "10～20", "٣", "3㈱", "--1", "nan", "inf", "9" * 500],
)  # fmt: skip
def test_what_has_more_than_one_reading_is_refused_in_japanese(text):
    with pytest.raises(ValueError, match="数として読めません"):
        read_count(text)


@given(st.text(max_size=30))
def test_any_text_gives_a_number_a_mark_or_a_refusal(text):
    try:
        value = read_count(text)
    except ValueError as error:
        assert "数として" in str(error)  # noqa: PT017 - either outcome is right
    else:
        assert isinstance(value, Fraction | Mark)


def test_whole_numbers_only_where_whole_numbers_are_asked_for():
    assert read_whole("1,234人") == 1234
    assert isinstance(read_whole("5.0"), int)
    with pytest.raises(ValueError, match="負の数"):
        read_whole("△5")
    with pytest.raises(ValueError, match="整数ではありません"):
        read_whole("5.5")
