from __future__ import annotations

import csv
import io
from dataclasses import replace
from fractions import Fraction

import pytest
from fictional import grants
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.model.change import PART_LABELS, Change, split_change
from kyodo_geo.model.grants import Frozen
from kyodo_geo.present import change_report as report
from kyodo_geo.rules.rounding import Rounding

BEFORE = replace(
    grants.run(budget_yen=100_000, rounding=Rounding(100)),
    frozen=Frozen("abcd1234", "2025-04-01T09:00:00+09:00", "架空 太郎"),
)
AFTER = grants.run(budget_yen=90_001, units=grants.moved((1_000, 400, 301, 3)), fiscal_year=2026)
CHANGES = split_change(BEFORE.allocation, AFTER.allocation)


def change(before=10, after=10, **parts):
    return Change(
        grants.UNITS[0], before, after, {part: Fraction(parts.get(part, 0)) for part in PART_LABELS}
    )


@given(st.fractions(-(10**9), 10**9, max_denominator=999))
def test_two_decimals_are_rounded_half_up_from_the_exact_amount(exact):
    text = report.two_decimals(exact)
    shown = Fraction(text.replace(",", "").replace("−", "-"))
    assert abs(shown - exact) <= Fraction(1, 200)
    assert (text[0] in "+−") == (shown != 0)
    assert text[-3] == "."


@pytest.mark.parametrize(
    ("exact", "text"),
    [
        ("0", "0.00"),
        ("1/200", "+0.01"),
        ("-1/200", "−0.01"),
        ("1/201", "0.00"),
        ("1234.5", "+1,234.50"),
        ("-2/3", "−0.67"),
    ],
)
def test_two_decimals_by_hand(exact, text):
    assert report.two_decimals(Fraction(exact)) == text


def test_the_table_has_a_row_a_unit_and_sums_that_add_up():
    rows, foot = report.change_rows(CHANGES), report.change_foot(CHANGES)
    assert {len(report.CHANGE_COLUMNS)} == {len(row) for row in (*rows, foot)}
    assert [row[1] for row in rows] == [unit.name for unit in grants.UNITS]
    for place in (2, 3, 4):
        cells = [int(row[place].replace(",", "").replace("−", "-")) for row in (*rows, foot)]
        assert sum(cells[:-1]) == cells[-1]


def test_a_change_is_said_in_a_sentence():
    assert report.change_words(change()) == "前と同じ額です。"
    more = report.change_words(change(10, 1_510, own=2_000, others="-700.5", budget="200.5"))
    assert more.startswith("1,500円増えました。")
    assert more.index(PART_LABELS["own"]) < more.index(PART_LABELS["others"])
    assert "+2,000円" in more
    assert "−701円" in more
    less = report.change_words(change(10, 9, rounding=-1))
    assert less.startswith("1円減りました。")
    assert "端数" in less
    least = report.change_words(change(10, 11, own="0.5", rounding="0.5"))
    assert least.startswith("1円増えました。")
    assert "端数だけ" in least


def test_the_words_agree_with_the_numbers():
    for one in CHANGES:
        words = report.change_words(one)
        assert f"{abs(one.change_yen):,}円" in words or one.change_yen == 0
        assert ("増えました" in words, "減りました" in words) == (one.change_yen > 0, one.change_yen < 0)


def test_the_text_names_both_runs_and_the_way_of_splitting():
    text = report.change_text(BEFORE, AFTER, CHANGES)
    assert text.startswith(
        "前: 令和7年度(2025年度) 架空の交付金 確定 abcd1234\n後: 令和8年度(2026年度) 架空の交付金 試算\n"
    )
    assert "シャープレイ値" in text
    assert all(label in text for label in PART_LABELS.values())


def test_the_csv_is_exact_and_no_cell_of_it_is_a_date_or_a_formula_for_a_spreadsheet():
    def exact(cell):
        sign, plain = (-1, cell[1:]) if cell[0] in "−-" else (1, cell)
        whole, _, rest = plain.replace(",", "").partition(" と ")
        return sign * (Fraction(whole) + Fraction(rest or 0))

    rows = list(csv.reader(io.StringIO(report.change_csv(BEFORE, AFTER, CHANGES), newline="")))
    assert rows[0] == report.CHANGE_COLUMNS
    for cells, one in zip(rows[1:5], CHANGES, strict=True):
        before, after, difference, *parts = cells[2:-1]
        assert (int(before), int(after), int(difference)) == (one.before_yen, one.after_yen, one.change_yen)
        assert sum(map(exact, parts)) == one.change_yen
        assert [exact(part) for part in parts] == [one.parts[part] for part in PART_LABELS]
        assert not any(cell.startswith("'") or ("/" in cell and " と " not in cell) for cell in cells)
    notes = {row[0]: row[1] for row in rows[6:]}
    assert "abcd1234" in notes["前"]
    assert "シャープレイ値" in notes["分け方"]


def test_a_unit_that_is_a_formula_is_disarmed():
    named = replace(CHANGES[0], unit=replace(grants.UNITS[0], name="=1+1"))
    assert ",'=1+1," in report.change_csv(BEFORE, AFTER, [named])
