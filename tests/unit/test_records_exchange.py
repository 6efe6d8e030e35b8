from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused, TableError
from kyodo_geo.model.changes import KINDS, Change
from kyodo_geo.present.records_book import records_book
from kyodo_geo.records import Conflict, Records, Taken, export_csv, import_file
from kyodo_geo.records.cells import is_plain_number, read_cell, write_cell
from kyodo_geo.sources.visit.sheets.sheet import read_sheets

MOMENT = datetime(2024, 6, 1, 9)  # noqa: DTZ001 - a workbook's moment has no zone
HARD = (
    "=1+1", "+81", "-5", "@x", "'05", "''", "'", "=\"05\"", "05", "0", "120", "1.50", "1e5", "１２", "1,000", "2024-04-01",
    "4/1", "R6.4.1", "令和6年4月1日", "10:30", "TRUE", "SEP1", "#N/A", "\t=1", "\r\n", "a\r\nb", "a\nb\n", " a ", "　a　",
    "\ufeffa\u200b", "\\u0041", "\\\\u0041", "\\", "\\u00\x01", "_x000D_", "_x005F_x0041_", "\x00", "a\x01b", "\x85", "\u2028", "\ufffe",
    "👨‍👩‍👧", "\U000e0001", 'a"b,c', "<b>&amp;", "'5\n6", "'=1", "a\tb\tc", "架空" * 900, "\x01" * 2000, "1" * 20, "%PDF", "<html>",
)  # fmt: skip


def change(number=1, **said):
    entry = Change(
        "activity", "c01", {"people": str(number), "title": "清掃"}, "FY2024", "架空の報告書", "架空課",
        f"2024-06-01T09:00:{number:02}+09:00",
    )  # fmt: skip
    return replace(entry, **said)


def as_csv(entries):
    return export_csv(entries)


def as_excel(entries):
    return records_book(entries, written_on=MOMENT)


both = pytest.mark.parametrize("written", [as_csv, as_excel])


@pytest.fixture
def records(tmp_path):
    return Records(tmp_path / "here")


@pytest.fixture
def other(tmp_path):
    return Records(tmp_path / "there")


@pytest.fixture
def filled(records):
    """Six entries: three, a correction, an undo of it, and one of another kind."""
    for number, said in enumerate(({}, {}, {}, {"corrects": 2}, {"undoes": 4, "values": {}}), start=1):
        records.add(change(number, **said), seen=number - 1 or None)
    records.add(
        change(6, kind="council", since="2024-04-01", values={"name": "架空"}, note="備考"), seen=None
    )
    return records


def table(content):
    """The rows of a CSV as a person sees them, the head first."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def retyped(rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def new_row(head, **said):
    plain = {
        "種類": "活動", "対象": "c01", "いつから": "FY2024", "出典": "s", "入力した部署": "架空課",
        "入力の時刻": "2024-07-01T09:00:00+09:00", "people": "7",
    }  # fmt: skip
    return [(plain | said).get(column, "") for column in head]


def refused(do, error=TableError):
    with pytest.raises(error) as met:
        do()
    assert met.value.todo
    return met.value


# there and back


@both
def test_all_entries_come_back_under_the_same_numbers_and_sums(filled, other, written):
    taken = import_file(other, written(filled.entries()), name="控え")
    assert taken == Taken(filled.entries(), 0)
    assert other.entries() == filled.entries()
    assert other.broken() == ()


@both
def test_entries_of_a_kind_come_back_with_numbers_of_their_own(filled, other, written):
    other.add(change(9, subject="c09"), seen=None)
    import_file(other, written(filled.entries("activity")), name="控え")
    assert [one.sha256 for one in other.entries()[1:]] == [one.sha256 for one in filled.entries("activity")]
    assert [(one.change.corrects, one.change.undoes) for one in other.entries()[-2:]] == [
        (3, None),
        (None, 5),
    ]
    assert other.broken() == ()


@both
def test_what_stands_there_already_is_counted_and_left_alone(filled, written):
    before = filled.entries()
    for _ in range(2):
        assert import_file(filled, written(before), name="控え") == Taken((), 6)
    assert filled.entries() == before


@both
def test_no_entries_come_back_as_none(records, written):
    assert import_file(records, written(()), name="控え") == Taken((), 0)
    assert records.entries() == ()


@both
def test_texts_that_a_table_would_spoil_come_back(records, other, written):
    for number, text in enumerate(HARD):
        said = {"note": text} | ({"values": {"text": text}, "source": text} if text.strip() else {})
        records.add(change(0, subject=f"{number:03}", **said), seen=None)
    import_file(other, written(records.entries()), name="控え")
    assert other.entries() == records.entries()


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(HARD)
spoken = texts.filter(str.strip)
keys = st.sampled_from(["people", "yen", "name", "a1", "title"])


@st.composite
def many_changes(draw):
    made = draw(
        st.lists(
            st.tuples(st.sampled_from(list(KINDS)), st.dictionaries(keys, spoken), spoken, spoken, texts),
            min_size=1,
            max_size=12,
        )
    )
    return [
        change(number, kind=kind, subject=f"{number}{source[:9]}".replace("\0", ""), values=values, source=source,
               entered_by=by, note=note)
        for number, (kind, values, source, by, note) in enumerate(made)
    ]  # fmt: skip


@both
@settings(max_examples=25)
@given(many_changes())
def test_any_texts_come_back(tmp_path_factory, written, many):
    records, other = (Records(tmp_path_factory.mktemp("any")) for _ in range(2))
    records.add_all(many, seen={})
    import_file(other, written(records.entries()), name="控え")
    assert other.entries() == records.entries()
    assert [one.change for one in other.entries()] == many


@settings(max_examples=30)
@given(st.lists(texts.filter(bool), min_size=1, max_size=60), st.booleans())
def test_a_cell_is_read_as_the_text_it_was_written_from(many, untyped):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["x", write_cell(text, untyped=untyped)] for text in many])
    (sheet,) = read_sheets(out.getvalue().encode("utf-8-sig"), name="x.csv")
    assert [read_cell(row.cells[1]) for row in sheet.rows] == many


@given(texts)
def test_no_cell_begins_as_a_formula_or_with_what_a_reader_cuts_off(text):
    for untyped in (True, False):
        cell = write_cell(text, untyped=untyped)
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        assert cell == cell.strip()
        assert "\r" not in cell


@pytest.mark.parametrize(
    "text",
    ["05", "1.50", "1e5", "1E5", "１２", "1,000", "¥100", "5%", "2024-04-01", "4/1", "1-2", "R6.4.1", "令和6年4月1日",
     "9時30分", "10:30", "10:30 AM", "TRUE", "false", "SEP1", "1 jan", "#N/A", "1" * 16, ".5", "(5)"],
)  # fmt: skip
def test_what_excel_would_retype_in_a_csv_is_marked_as_text(text):
    assert write_cell(text, untyped=True) == f"'{text}"
    assert write_cell(text) == text


@pytest.mark.parametrize(
    "text", ["120", "0", "架空", "c01", "FY2024", "3回", "2024-06-01T09:00:00+09:00", "a-b"]
)
def test_plain_texts_and_numbers_are_left_plain(text):
    assert write_cell(text, untyped=True) == write_cell(text) == text


def test_a_plain_number_is_one_that_a_spreadsheet_gives_back():
    assert [text for text in HARD if is_plain_number(text)] == ["0", "120"]


# what people see and do


def test_the_csv_is_what_excel_in_japan_opens(filled):
    content = export_csv(filled.entries())
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 7
    head, first, *_ = table(content)
    assert head == [
        "番号", "種類", "対象", "いつから", "people", "title", "name", "出典", "入力した部署", "入力の時刻",
        "訂正する番号", "取り消す番号", "備考", "内容の sha256",
    ]  # fmt: skip
    assert first[:6] == ["1", "活動", "c01", "FY2024", "1", "清掃"]


def test_the_workbook_opens_in_another_program_with_numbers_to_sum_and_codes_as_text(filled):
    filled.add(change(7, subject="05"), seen=None)
    book = openpyxl.load_workbook(io.BytesIO(as_excel(filled.entries())))
    assert book.sheetnames == ["記録", "説明"]
    rows = list(book["記録"].values)
    assert (rows[1][0], rows[1][4], rows[7][2]) == (1, 1, "05")
    assert as_excel(filled.entries()) == as_excel(filled.entries())


def test_a_workbook_that_another_program_saved_comes_back(filled, other):
    book = openpyxl.load_workbook(io.BytesIO(as_excel(filled.entries())))
    saved = io.BytesIO()
    book.save(saved)
    import_file(other, saved.getvalue(), name="控え.xlsx")
    assert other.entries() == filled.entries()


def test_rows_that_were_added_to_an_export_are_added_in_their_order(filled):
    head, *rows = table(export_csv(filled.entries()))
    rows.append(new_row(head, 番号="90", people="8"))
    rows.append(new_row(head, 訂正する番号="90", people="9", 種類="activity"))
    rows.append(new_row(head, 取り消す番号="3", people="", いつから="2024/4/1"))
    taken = import_file(filled, retyped([head, [], *rows]), name="記録.csv")
    assert taken.already == 6
    added = [one.change for one in taken.added]
    assert [one.seq for one in taken.added] == [7, 8, 9]
    assert [(one.corrects, one.undoes) for one in added] == [(None, None), (7, None), (None, 3)]
    assert (added[1].values, added[2].values, added[2].since) == ({"people": "9"}, {}, "2024-04-01")
    assert filled.broken() == ()
    assert import_file(filled, retyped([head, *rows]), name="記録.csv") == Taken((), 9)


def test_columns_may_stand_in_any_order_and_those_for_numbers_be_left_out(records):
    head = ["出典", "対象", "people", "種類", "入力の時刻", "入力した部署", "いつから", ""]
    taken = import_file(records, retyped([head, new_row(head)]), name="手書き.csv")
    assert [one.change.values for one in taken.added] == [{"people": "7"}]


def test_a_cp932_file_with_tabs_is_read_as_well(records):
    head = ["種類", "対象", "いつから", "出典", "入力した部署", "入力の時刻", "people"]
    lines = "\r\n".join("\t".join(row) for row in (head, new_row(head)))
    assert len(import_file(records, lines.encode("cp932"), name="手書き.txt").added) == 1


# what is refused


def test_every_fault_is_told_with_its_row_and_column_and_nothing_is_written(filled):
    before = filled.entries()
    head, *rows = table(export_csv(before))
    rows[0][head.index("出典")] = "別の出典"
    rows += [
        new_row(head, 種類="何か", いつから="2024-02-30"),
        new_row(head, 訂正する番号="99"),
        new_row(head, 取り消す番号="x"),
        new_row(head, 番号="2"),
        new_row(head, 訂正する番号="4"),
        new_row(head, people="55"),
        new_row(head, people="55"),
        [*new_row(head, people="56"), "はみ出し"],
        new_row(head, 番号="77", 訂正する番号="77"),
        new_row(head, people="あ" * 2001, 入力の時刻="2024-06-01"),
    ]
    error = refused(lambda: import_file(filled, retyped([head, *rows]), name="記録.csv"))
    assert [(fault.row, fault.column) for fault in error.faults] == [
        (2, "内容の sha256"), (8, "種類"), (8, "いつから"), (9, "訂正する番号"), (10, "取り消す番号"), (11, "番号"),
        (12, "訂正する番号"), (14, ""), (15, ""), (16, "訂正する番号"), (17, "入力の時刻"), (17, "people"),
    ]  # fmt: skip
    assert {fault.file for fault in error.faults} == {"記録.csv"}
    assert filled.entries() == before


def test_faults_that_only_the_records_can_tell_come_with_row_and_column(filled):
    head, *rows = table(export_csv(filled.entries()))
    rows += [
        new_row(head, 訂正する番号="4"),
        new_row(head, 対象="c02", 訂正する番号="3"),
        new_row(head, 備考="あ" * 5000),
    ]
    error = refused(lambda: import_file(filled, retyped([head, *rows]), name="記録.csv"))
    assert [(fault.row, fault.column) for fault in error.faults] == [
        (8, "訂正する番号"),
        (9, "訂正する番号"),
        (10, "備考"),
    ]
    assert len(filled.entries()) == 6


def test_a_correction_whose_own_row_is_not_in_the_file_points_nowhere(filled):
    head, *rows = table(export_csv(filled.entries()))
    for left in ([*rows[2:]], [rows[3], *rows[:3], *rows[4:]]):
        error = refused(lambda rows=left: import_file(filled, retyped([head, *rows]), name="記録.csv"))
        assert {fault.column for fault in error.faults} == {"訂正する番号"}


def test_values_that_their_kind_does_not_allow_are_refused_with_their_row(records):
    def check(one):
        if not one.values["people"].isdigit():
            raise InputRefused("項目「people」は人数を数字で書いてください。")

    head = ["種類", "対象", "いつから", "出典", "入力した部署", "入力の時刻", "people"]
    rows = [head, new_row(head), new_row(head, people="多数")]
    error = refused(lambda: import_file(records, retyped(rows), name="記録.csv", check=check))
    assert [(fault.row, fault.column) for fault in error.faults] == [(3, "people")]
    assert records.entries() == ()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空"),
        ("地区,人口\r\n架空,5\r\n".encode(), "記録の表ではありません"),
        ("種類,対象\r\n活動,c01\r\n".encode(), "この列がありません"),
        ("種類,対象,いつから,出典,入力した部署,入力の時刻,人数,備考,備考\r\n".encode(), "2つ"),
        ("種類,対象,いつから,出典,入力した部署,入力の時刻,人数\r\n".encode(), "列名は使えません"),
        (b"PK\x03\x04 no zip", ""),
    ],
)
def test_what_is_no_table_of_records_is_refused(records, content, word):
    assert word in str(refused(lambda: import_file(records, content, name="何か.csv")))
    assert not records.path.exists()


def test_who_was_overtaken_since_the_export_sees_the_conflict(filled):
    head, *rows = table(export_csv(filled.entries()))
    filled.add(change(20), seen=5)
    before = filled.entries()
    error = refused(
        lambda: import_file(filled, retyped([head, *rows, new_row(head)]), name="記録.csv"), Conflict
    )
    assert [one.seq for one in error.came] == [7]
    assert filled.entries() == before
    fresh = table(export_csv(before))
    assert len(import_file(filled, retyped([*fresh, new_row(fresh[0])]), name="記録.csv").added) == 1


def test_what_was_on_the_screen_may_be_said_instead(filled):
    head = ["種類", "対象", "いつから", "出典", "入力した部署", "入力の時刻", "people"]
    content = retyped([head, new_row(head)])
    refused(lambda: import_file(filled, content, name="記録.csv", seen={("activity", "c01"): 4}), Conflict)
    assert len(import_file(filled, content, name="記録.csv", seen={("activity", "c01"): 5}).added) == 1


def test_a_workbook_that_cannot_hold_a_text_is_refused_rather_than_cut(filled):
    one = filled.entries()[0]
    long = replace(one, change=replace(one.change, note="あ" * 40_000))
    assert "収まりません" in str(refused(lambda: as_excel([long])))
