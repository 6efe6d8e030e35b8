from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import DataFileError, TableError
from kyodo_geo.sources.units import exact_cell, read_last_year, read_units, read_units_file

KNOWN = {"1", "2"}
GOOD = "unit_code,unit,population\n1,架空本町,1200\n2,架空飛地,300\n"
counts = st.lists(st.integers(0, 10**7), min_size=1, max_size=6)


def places(text, **options):
    with pytest.raises(TableError) as refused:
        read_units(text.encode() if isinstance(text, str) else text, name="架空.csv", **options)
    error = refused.value
    assert error.todo
    assert all(fault.file == "架空.csv" and str(fault) in str(error) for fault in error.faults)
    return [(fault.row, fault.column, fault.what) for fault in error.faults]


@given(counts)
def test_units_come_back_in_the_order_of_the_file(people):
    lines = [f'{n},架空{n},"{count:,}"' for n, count in enumerate(people)]
    listed = read_units("\n".join(["unit_code,unit,population", *lines]).encode(), name="架空.csv")
    assert [(row.code, row.name, row.population) for row in listed.rows] == [
        (str(n), f"架空{n}", count) for n, count in enumerate(people)
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_full_width_digits_commas_and_every_usual_encoding_are_read(encoding):
    text = 'ｕｎｉｔ＿ｃｏｄｅ,unit,population\r\n０１,架空①,１２３\r\n02,架空②,"1,234"\r\n'
    rows = read_units(text.encode(encoding), name="架空.csv").rows
    assert [(row.code, row.population) for row in rows] == [("01", 123), ("02", 1_234)]


def test_what_the_file_says_of_its_population_is_carried_when_all_rows_agree():
    text = "unit_code,unit,population,reference_date,population_basis\n1,a,5,2024-01-01,住民基本台帳\n2,b,6,{},\n"
    listed = read_units(text.format("2024-01-01").encode(), name="架空.csv")
    assert (listed.reference_date, listed.counted_by) == ("2024-01-01", "ファイルに記載なし")
    assert (
        read_units(text.format("2023-01-01").encode(), name="架空.csv").reference_date == "ファイルに記載なし"
    )


def test_a_list_by_district_code_is_checked_against_the_city():
    by_district = GOOD.replace("unit_code,unit", "district_code,district")
    assert len(read_units(by_district.encode(), name="架空.csv", known=KNOWN).rows) == 2
    assert places(by_district.replace("\n2,", "\n9,"), known=KNOWN) == [
        (3, "district_code", "「9」は市の地区コードにありません")
    ]
    assert len(read_units(GOOD.replace("\n2,", "\n9,").encode(), name="架空.csv", known=KNOWN).rows) == 2


@pytest.mark.parametrize("column", ["unit_code", "unit", "population"])
def test_a_missing_column_is_named_in_row_1(column):
    header, body = GOOD.split("\n", 1)
    others = ["別の列" if name == column else name for name in header.split(",")]
    assert [place[:2] for place in places(f"{','.join(others)}\n{body}")] == [(1, column)]


@pytest.mark.parametrize(
    ("old", "new", "column", "words"),
    [
        ("2,架空飛地", "1,架空飛地", "unit_code", "「1」が 2 行目にもあります"),
        ("2,架空飛地", "１,架空飛地", "unit_code", "「1」が 2 行目にもあります"),
        ("2,架空飛地", ",架空飛地", "unit_code", "空欄"),
        ("300", "", "population", "空欄"),
        ("300", "-300", "population", "負の数「-300」"),
        ("300", "−３００", "population", "負の数"),
        ("300", "300.5", "population", "整数ではありません"),
        ("300", "三百", "population", "「三百」"),
        ("300", "不明", "population", "「不明」"),
    ],
)
def test_a_bad_cell_is_refused_with_its_row_and_column(old, new, column, words):
    ((row, where, what),) = places(GOOD.replace(old, new))
    assert (row, where) == (3, column)
    assert words in what


def test_all_faults_of_a_file_are_told_at_once():
    found = places("district_code,district,population\n1,a,-1\n1,b,\n9,c,x\n2,d,5\n", known=KNOWN)
    assert [place[:2] for place in found] == [
        (2, "population"), (3, "district_code"), (3, "population"), (4, "district_code"), (4, "population"),
    ]  # fmt: skip


def test_a_file_without_units_is_refused():
    assert places("unit_code,unit,population\n") == [(2, "", "単位が1行もありません")]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(content):
    with pytest.raises(TableError, match=r"架空\.csv: ファイルが空です"):
        read_units(content, name="架空.csv")


def test_a_file_that_cannot_be_opened_is_named(tmp_path):
    for path in (tmp_path / "nai.csv", tmp_path):
        with pytest.raises(DataFileError, match="開けません") as refused:
            read_units_file(path)
        assert str(path) in str(refused.value)
    (tmp_path / "架空.csv").write_bytes(GOOD.encode("cp932"))
    assert read_units_file(tmp_path / "架空.csv").name == "架空.csv"


def test_an_empty_code_is_one_fault():
    by_district = GOOD.replace("unit_code,unit", "district_code,district").replace("\n2,", "\n,")
    assert len(places(by_district, known=KNOWN)) == 1


def test_a_comma_that_separates_no_thousands_is_doubtful_and_refused():
    assert places('unit_code,unit,population\n1,a,"1,5"\n')[0][:2] == (2, "population")


MORE = "unit_code,unit,population,households,factor,months,estimated,last_year_yen,note,備考\n"


def test_every_other_column_in_small_letters_is_an_exact_measure():
    text = f'{MORE}1,a,5,"１,２００",1/3,6,1,"9,000",ほか,x\n2,b,6,,0.1,12,0,,,y\n'
    one, other = read_units(text.encode(), name="架空.csv").rows
    assert one.measures == {"households": Fraction(1_200), "factor": Fraction(1, 3)}
    assert other.measures == {"factor": Fraction(1, 10)}
    assert (one.months, one.estimated, one.last_year_yen) == (6, True, 9_000)
    assert (other.months, other.estimated, other.last_year_yen) == (12, False, None)


def test_without_the_columns_a_unit_stands_all_year_and_is_no_estimate():
    (row, _) = read_units(GOOD.encode(), name="架空.csv").rows
    assert (row.measures, row.months, row.estimated, row.last_year_yen) == ({}, 12, False, None)


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("households", "-1", "0以上の数"), ("households", "多い", "「多い」"), ("households", "1/0", "0以上の数"),
        ("households", "9" * 5_000, "0以上の数"), ("households", f"1/{'9' * 5_000}", "0以上の数"),
        ("factor", "1.", "0以上の数"), ("factor", "1e5", "0以上の数"), ("factor", "nan", "0以上の数"),
        ("months", "13", "0 から 12"), ("months", "1.5", "0 から 12"), ("months", "", "0以上の数"),
        ("estimated", "2", "1(推計)か 0"), ("estimated", "はい", "0以上の数"), ("estimated", "0.5", "1(推計)か 0"),
        ("last_year_yen", "1.5", "円未満"), ("last_year_yen", "-1", "0以上の数"), ("last_year_yen", "なし", "「なし」"),
    ],
)  # fmt: skip
def test_a_bad_cell_of_the_further_columns_is_refused_with_its_place(column, cell, words):
    cells = {"households": "1", "factor": "1", "months": "12", "estimated": "0", "last_year_yen": "5"} | {
        column: cell
    }
    text = f"{MORE}1,a,5,{','.join(cells.values())},,\n"
    ((row, where, what),) = places(text)
    assert (row, where) == (2, column)
    assert words in what
    assert len(what) < 100


@given(st.fractions(0, 10**9, max_denominator=10**6))
def test_a_cell_is_read_exactly_as_a_fraction(value):
    assert exact_cell(str(value)) == exact_cell(f" {value} ") == value


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("unit_code,last_year_yen", "01,\"1,200\""), ("district_code,total_yen", "01,１２００"),
        ("コード,名称,合計(円)", "01,a,1200"), ("unit_code,unit,population,last_year_yen", "01,a,5,1200"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_last_year_is_read_from_each_kind_of_table(head, line, encoding):
    assert read_last_year(f"{head}\r\n{line}\r\n".encode(encoding), name="前年.csv") == {"01": 1_200}


def test_sums_and_notes_below_the_lines_are_no_units():
    text = "コード,名称,合計(円)\n01,a,5\n02,b,6\n,合計,11\n,,\n,状態,試算\n03,c,7\n"
    assert read_last_year(text.encode(), name="前年.csv") == {"01": 5, "02": 6}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("unit_code,last_year_yen\n1,x\n2,-5\n1,7\n3,\n", [(2, "last_year_yen"), (3, "last_year_yen"), (4, "unit_code"), (5, "last_year_yen")]),
        ("unit_code,last_year_yen\n", [(2, "")]),
        ("unit_code,last_year_yen\n,5\n", [(2, "")]),
        ("unit_code,last_year_yen\n1,1.5\n", [(2, "last_year_yen")]),
    ],
)  # fmt: skip
def test_faults_of_last_year_are_told_at_once_and_speak_of_yen(text, found):
    with pytest.raises(TableError) as refused:
        read_last_year(text.encode(), name="前年.csv")
    assert [(fault.row, fault.column) for fault in refused.value.faults] == found
    assert "人" not in str(refused.value)


@pytest.mark.parametrize("text", ["unit,yen\na,5\n", "unit_code,yen\n1,5\n", "code,last_year_yen\n1,5\n"])
def test_a_last_year_without_its_columns_is_refused_with_those_wanted(text):
    with pytest.raises(TableError, match="どの列もありません"):
        read_last_year(text.encode(), name="前年.csv")
