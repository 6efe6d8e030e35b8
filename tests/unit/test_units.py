from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import DataFileError, TableError
from kyodo_geo.sources.units import read_units, read_units_file

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
