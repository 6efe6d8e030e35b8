"""Files of every kind become the same rows of text, or are refused in words people understand."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyodo_geo.errors import TableError
from kyodo_geo.sources.visit.made_up import says_fictional
from kyodo_geo.sources.visit.sheets.book_worker import cell_text
from kyodo_geo.sources.visit.sheets.sheet import Sheet, read_sheets

TEXT = "町名,人口\n髙﨑町①,10\n㈱架空～町,20\n"
ROWS = [("町名", "人口"), ("髙﨑町①", "10"), ("㈱架空～町", "20")]
BAD_CLUSTER = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


def rows_of(sheet: Sheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows]


def lines_of(sheet: Sheet) -> list[int]:
    return [row.line for row in sheet.rows]


def only(content: bytes, name: str = "表.csv") -> Sheet:
    (sheet,) = read_sheets(content, name=name)
    return sheet


def book_of(cells: dict[str, object], *, merged: str = "", more: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "一枚目"
    for where, value in cells.items():
        sheet[where] = value
    if merged:
        sheet.merge_cells(merged)
    for title in more:
        book.create_sheet(title)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zip_of(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def refusal(content: bytes, name: str = "表.csv") -> str:
    with pytest.raises(TableError) as caught:
        read_sheets(content, name=name)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_same_table_in_any_encoding_gives_the_same_rows(encoding):
    assert rows_of(only(TEXT.encode(encoding))) == ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "utf-16-le", "utf-16-be"])
def test_tabs_separate_a_file_that_is_named_csv(encoding):
    text = '町名\t世帯数\t人口\n甲町\t"1,234"\t1,234,567\n乙町\t5,678\t9,012,345\n'
    expected = [("町名", "世帯数", "人口"), ("甲町", "1,234", "1,234,567"), ("乙町", "5,678", "9,012,345")]
    assert rows_of(only(text.encode(encoding))) == expected


def test_a_tab_in_front_of_a_code_does_not_make_tabs_the_separator():
    assert rows_of(only(b"code,n\n\t012,1\n\t013,2\n"))[1] == ("012", "1")


@given(
    st.lists(
        st.lists(st.text(st.characters(blacklist_categories=("C", "Z"), blacklist_characters='"<%'), min_size=1), min_size=2)
        .map(lambda cells: [f"あ{cell}" for cell in cells]),
        min_size=1,
    )
)  # fmt: skip
def test_quoted_cells_come_back_as_they_were_written(rows):
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    assert rows_of(only(text.encode())) == [tuple(row) for row in rows]


def test_lines_are_those_a_spreadsheet_shows_though_cells_hold_line_breaks_and_rows_are_blank():
    sheet = only('題,,\n,,\n　　　,,\n"町\n名",人口\n甲町,1,2,3\n'.encode())
    assert lines_of(sheet) == [1, 4, 5]
    assert rows_of(sheet)[1:] == [("町\n名", "人口"), ("甲町", "1", "2", "3")]


def test_what_keeps_a_code_as_text_in_excel_is_taken_off():
    assert rows_of(only(b'"=""0123""",\'0456,x\n')) == [("0123", "0456", "x")]


def test_a_quote_that_is_never_closed_is_refused_for_it_would_swallow_the_rows_below():
    assert "引用符" in refusal('町名,人口\n"甲町,1\n乙町,2\n'.encode())


def test_a_quote_inside_a_cell_is_read():
    assert rows_of(only('町名,人口\n"甲"町,1\n'.encode()))[1][1] == "1"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空"),
        (b"\xef\xbb\xbf\r\n", "空"),
        (",,,\n , ,\n".encode("cp932"), "空"),
        (b"<!DOCTYPE html><html></html>", "HTML"),
        ("<html><table>".encode("utf-16"), "HTML"),
        (b"  <table><tr>", "HTML"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "画像"),
        (b"\x81,\xff\n\x82", "文字コード"),
        (BAD_CLUSTER, "表計算"),
        (BAD_CLUSTER + "EncryptedPackage".encode("utf-16-le"), "パスワード"),
        (b"PK\x03\x04 broken", "壊れて"),
        (book_of({"A1": "町名"})[:-40], "壊れて"),
    ],
)
def test_what_is_no_table_is_refused_in_japanese(content, word):
    assert word in refusal(content)


def test_a_title_in_angle_brackets_is_no_web_page():
    assert rows_of(only("<町別人口>,\n町名,人口\n".encode()))[0][0] == "<町別人口>"


def test_a_workbook_keeps_its_lines_whole_numbers_and_days():
    cells = {
        "B3": "町名",
        "C3": "人口",
        "B5": "甲町",
        "C5": 45.0,
        "D5": 0.25,
        "E5": dt.date(2024, 4, 1),
        "F5": True,
    }
    sheet = only(book_of(cells, merged="C3:D3"), name="表.xls")
    assert (sheet.name, sheet.file, lines_of(sheet)) == ("一枚目", "表.xls", [3, 5])
    assert rows_of(sheet)[1] == ("", "甲町", "45", "0.25", "2024-04-01", "TRUE")
    assert sheet.merged == ((2, 2, 2, 3),)


def test_only_sheets_that_hold_something_come_back():
    assert [sheet.name for sheet in read_sheets(book_of({"A1": "x"}, more=("空",)), name="b.xlsx")] == [
        "一枚目"
    ]
    assert "空" in refusal(book_of({}))


def test_a_hidden_sheet_is_not_read():
    book = openpyxl.load_workbook(io.BytesIO(book_of({"A1": "x"}, more=("裏",))))
    book["裏"]["A1"] = "y"
    book["裏"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert [sheet.name for sheet in read_sheets(out.getvalue(), name="b.xlsx")] == ["一枚目"]


NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns"
ODS = f"""<office:document-content xmlns:office="{NAMESPACE}:office:1.0" xmlns:table="{NAMESPACE}:table:1.0"
 xmlns:text="{NAMESPACE}:text:1.0"><office:body><office:spreadsheet><table:table table:name="表"><table:table-row>
<table:table-cell office:value-type="string"><text:p>甲町</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="12"><text:p>12</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def test_an_ods_is_read_like_a_workbook():
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": ODS.replace("\n", "").encode(),
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{NAMESPACE}:manifest:1.0"/>'.encode(),
    }
    assert rows_of(only(zip_of(parts), name="表.ods")) == [("甲町", "12")]


def test_cells_at_opposite_corners_are_refused_and_end_no_process_of_ours():
    assert "広すぎます" in refusal(book_of({"A1": "x", "XFD1048576": "y"}))


@given(st.integers(0, 4000), st.integers(0, 255))
@settings(max_examples=10, deadline=None)
def test_a_damaged_book_is_read_or_refused(at, byte):
    content = bytearray(book_of({"A1": "町名", "B2": 5}))
    content[at % len(content)] = byte
    try:
        sheets = read_sheets(bytes(content), name="b.xlsx")
    except TableError as error:
        assert str(error).startswith("b.xlsx: ")  # noqa: PT017 - either outcome is right
    else:
        assert sheets


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (45.0, "45"),
        (-3.0, "-3"),
        (1e-05, "0.00001"),
        (141264748.5, "141264748.5"),
        (dt.datetime(2024, 4, 1), "2024-04-01"),  # noqa: DTZ001 - a spreadsheet's day has no zone
        (dt.datetime(2024, 4, 1, 9, 30), "2024-04-01 09:30:00"),  # noqa: DTZ001
        (dt.time(9, 5), "09:05:00"),
        (dt.timedelta(hours=25, minutes=3), "25:03:00"),
        (False, "FALSE"),
        ("0123", "0123"),
    ],
)
def test_a_spreadsheets_value_is_written_as_people_would(value, text):
    assert cell_text(value) == text


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_of_a_spreadsheet_have_no_decimal_point(number):
    assert cell_text(float(number)) == str(number)


def test_a_zip_with_one_table_is_opened_and_named_with_it():
    content = zip_of({"readme.pdf": b"%PDF", "__MACOSX/._表.csv": b"x", "中/表.csv": TEXT.encode("cp932")})
    sheet = only(content, name="外.zip")
    assert (sheet.file, rows_of(sheet)) == ("外.zip/表.csv", ROWS)


def test_a_workbook_in_a_zip_is_opened():
    assert rows_of(only(zip_of({"b.xlsx": book_of({"A1": "町名"})}), name="a.csv")) == [("町名",)]


def test_names_in_a_zip_without_the_utf8_flag_are_read_as_cp932():
    raw = "架空表.csv".encode("cp932")
    plain = zip_of({"x" * len(raw): TEXT.encode()})
    with pytest.raises(TableError, match="表"):
        read_sheets(plain.replace(b"x" * len(raw), b"y" * len(raw)), name="z.zip")
    assert only(plain.replace(b"x" * len(raw), raw), name="z.zip").file == "z.zip/架空表.csv"


def test_a_zip_with_several_tables_or_none_is_refused_by_name():
    assert {"a.csv", "b.txt"} <= set(
        refusal(zip_of({"a.csv": b"1", "b.txt": b"2"})).replace(":", " ").split()
    )
    assert "gis.shp" in refusal(zip_of({"gis.shp": b"1"}))


def test_a_zip_that_would_fill_the_memory_is_refused_before_it_is_unpacked():
    content = zip_of({"a.csv": b"1"})
    huge = (900_000_000).to_bytes(4, "little")
    at = content.rindex(b"PK\x01\x02") + 24  # APPNOTE 4.3.12: uncompressed size in the central directory
    assert "900,000,000" in refusal(content[:at] + huge + content[at + 4 :])


def test_a_locked_zip_is_refused():
    content = bytearray(zip_of({"a.csv": b"1,2"}))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(sign) + offset] |= 1
    assert "パスワード" in refusal(bytes(content))


def test_a_file_says_itself_that_it_is_made_up():
    assert says_fictional("架空市.csv", [])
    assert says_fictional("a.csv", ["題", "架空のデータです"])
    assert not says_fictional("a.csv", ["空", "架"])


def test_a_zip_within_a_zip_is_refused_however_deep():
    content = zip_of({"a.csv": TEXT.encode()})
    for _ in range(1200):
        content = zip_of({"a.csv": content})
    assert "また zip です" in refusal(content)
