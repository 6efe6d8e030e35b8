from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.present.reports import text_table
from kyodo_geo.present.tables import Col, csv_file, csv_text, html_table, number_text, safe_cell

EVIL = "<script>alert(1)</script>"


def test_every_cell_heading_and_caption_is_text_and_never_markup():
    columns = [Col(EVIL, heading=True), Col('"x"', number=True), Col("y", wide=True)]
    table = html_table(columns, [[EVIL, 1, None]], caption=f'"{EVIL}', foot=[[EVIL, 2, EVIL]])
    assert "<script" not in table
    assert table.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 6
    assert 'aria-label="&quot;&lt;' in table
    assert "None" not in table
    short = html_table(columns, [], caption="空", scroll=False)
    assert short.startswith('<div class="kg-wide-table" tabindex="0" role="region" aria-label="空"><table')


def test_a_table_says_which_cells_head_what():
    table = html_table([Col("名称", heading=True), Col("人口", number=True)], [["架空本町", 5]], caption="表")
    assert '<th scope="col">名称</th>' in table
    assert '<th scope="row">架空本町</th><td class="kg-number">5</td>' in table
    assert "tfoot" not in table


def test_a_row_of_another_length_is_an_error():
    with pytest.raises(ValueError, match="zip"):
        html_table([Col("a")], [["1", "2"]], caption="表")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_would_start_a_formula_is_disarmed(start):
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"
    assert safe_cell(f"架空{start}1") == f"架空{start}1"


def test_numbers_are_left_as_numbers_and_nothing_is_empty():
    assert [safe_cell(value) for value in (-5, -0.5, 0, None, "", "−5")] == [-5, -0.5, 0, "", "", "−5"]


@given(st.lists(st.lists(st.text(max_size=6), min_size=2, max_size=2), min_size=1, max_size=5))
def test_a_spreadsheet_gets_back_what_was_written_and_no_formula(rows):
    text = csv_text(rows)
    assert text.endswith("\r\n")
    back = list(csv.reader(io.StringIO(text, newline="")))
    for row, cells in zip(rows, back, strict=True):
        for old, new in zip(row, cells, strict=True):
            assert new in {old, f"'{old}"}
            assert not new.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_file_has_a_bom_and_a_pipe_has_none():
    assert csv_text([["架空"]]) == "架空\r\n"
    assert csv_file("架空\r\n") == b"\xef\xbb\xbf" + "架空\r\n".encode()


@pytest.mark.parametrize(
    ("value", "options", "text"),
    [
        (1234567, {"unit": "人"}, "1,234,567人"),
        (-14.92, {"decimals": 1, "signed": True, "unit": "%"}, "−14.9 %"),
        (0.26, {"decimals": 1, "signed": True}, "+0.3"),
        (-0.04, {"decimals": 1, "signed": True}, "0.0"),
        (-0.0, {}, "0"),
        (0, {"signed": True}, "0"),
        (0.04, {"decimals": 1, "signed": True}, "0.0"),
        (-5, {}, "−5"),
        (5, {"unit": "km²"}, "5 km²"),
    ],
)
def test_numbers_have_separators_a_true_minus_and_no_minus_zero(value, options, text):
    assert number_text(value, **options) == text


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_a_number_that_is_shown_can_be_read_back(value, decimals):
    text = number_text(value, decimals=decimals)
    assert "-" not in text
    assert float(text.replace(",", "").replace("−", "-")) == float(f"{value:.{decimals}f}")


def test_a_text_table_lines_up_by_the_width_of_letters():
    lines = text_table([["名称", "円"], ["架空本町", 1234], ["a", 5]]).splitlines()
    assert lines == ["名称         円", "架空本町  1,234", "a             5"]
