from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import TableError
from kyodo_geo.sources.tables import Row, decode, read_table, small_area_key, whole_number

FULL_WIDTH = str.maketrans("0123456789,", "０１２３４５６７８９，")
words = st.text("架空髙﨑①ｱ１a,;\"'= ", max_size=5)
cells = st.lists(st.tuples(words, words), max_size=5)


def refused(content, name="架空.csv"):
    with pytest.raises(TableError) as caught:
        read_table(content, name=name)
    assert name in str(caught.value)
    return caught.value


@given(cells, st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_table_reads_the_same_in_every_encoding_and_line_end(rows, line_end):
    out = io.StringIO()
    csv.writer(out, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows([("名前", "値"), *rows])
    encodings = ("utf-8", "utf-8-sig", "cp932")
    tables = [read_table(out.getvalue().encode(encoding), name="f") for encoding in encodings]
    kept = [(first.strip(), second.strip()) for first, second in rows if first.strip() or second.strip()]
    assert tables[0] == tables[1] == tables[2]
    assert [tuple(row.cells.values()) for row in tables[0]] == kept
    assert tables[0].columns == ("名前", "値")


def test_a_file_of_excel_in_japan_is_read():
    table = read_table("unit_code,unit\r\n1,架空①髙﨑\r\n".encode("cp932"), name="f")
    assert table.rows == (Row(2, {"unit_code": "1", "unit": "架空①髙﨑"}),)


def test_a_file_in_no_known_encoding_is_refused():
    with pytest.raises(TableError, match="UTF-8 でも Shift_JIS"):
        decode(b"\x81\x20\xff\x81", name="架空.csv")


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n", b",,\n1,2,3\n", "　\n".encode()])
def test_a_file_without_a_header_is_empty(content):
    assert "空です" in str(refused(content))


def test_headers_may_be_full_width_and_padded_and_blank_rows_are_nothing():
    table = read_table("ｕｎｉｔ＿ｃｏｄｅ, 人口 \n\n1,2\n , \n3,4\n".encode(), name="f")
    assert table.columns == ("unit_code", "人口")
    assert [row.line for row in table] == [3, 5]


def test_doubled_headers_and_ragged_rows_are_all_named_with_their_rows():
    error = refused(b"a,a,b\n1,2,3\n1,2\n1,2,3,4\n")
    assert [(fault.row, fault.column) for fault in error.faults] == [(1, "a"), (3, ""), (4, "")]
    assert "3 個の値が必要ですが 2 個" in str(error)
    assert "3 個の値が必要ですが 4 個" in str(error)


def test_rows_are_counted_as_a_spreadsheet_shows_the_last_line_of_a_cell():
    table = read_table(b'a,b\n"x\ny",1\nz,2\n', name="f")
    assert [row.line for row in table] == [3, 4]


def test_missing_columns_are_all_named_with_those_that_came():
    table = read_table(b"a,b\n", name="架空.csv")
    assert table.require(["a"]) is table
    with pytest.raises(TableError, match="来た列: a、b") as caught:
        table.require(["a", "c", "d"])
    assert [fault.column for fault in caught.value.faults] == ["c", "d"]


@given(st.integers(0, 10**15))
def test_whole_numbers_are_read_as_people_write_them(number):
    for text in (str(number), f"{number:,}", f"{number:,}".translate(FULL_WIDTH), f" {number} "):
        assert whole_number(text) == number


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "空欄"), ("　", "空欄"), ("-5", "負の数「-5」"), ("−５", "負の数"), ("－５", "負の数"), ("1.5", "整数"),
        ("五", "整数"), ("5人", "整数"), ("1e3", "整数"), ("#N/A", "整数"), ("--5", "整数"), ("٣", "整数"), ("1,5", "整数"), (",1", "整数"), ("1,2,3", "整数"), ("-1,5", "整数"),
    ],
)  # fmt: skip
def test_anything_else_is_no_whole_number(text, words):
    with pytest.raises(ValueError, match=words):
        whole_number(text)


def test_the_key_of_a_small_area_names_its_part_where_there_is_one():
    assert small_area_key(Row(2, {"key_code": "k31", "part": "E2"})) == "k31-E2"
    assert small_area_key(Row(2, {"key_code": "k31", "part": ""})) == "k31"


def test_a_cell_that_never_ends_is_refused():
    assert refused(b"a\n" + b"x" * 140_000)


def test_a_number_of_5000_digits_is_refused_in_japanese():
    with pytest.raises(ValueError, match="整数ではありません"):
        whole_number("9" * 5000)
