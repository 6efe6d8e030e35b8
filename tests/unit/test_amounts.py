from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.amounts import exact_text, percentage, whole_yen, yen_rate

FULL_WIDTH = str.maketrans("0123456789,.-%", "０１２３４５６７８９，．－％")


@given(st.integers(0, 10**15))
def test_yen_is_read_however_staff_type_it(amount):
    for text in (f"{amount}", f"{amount:,}", f" {amount:,}円 ", f"{amount:,}".translate(FULL_WIDTH)):
        assert whole_yen(text, "予算") == amount


@given(st.decimals(-1000, 1000, places=3))
def test_a_decimal_is_read_exactly(number):
    for text in (
        str(number),
        str(number).translate(FULL_WIDTH),
        str(number).replace("-", "−"),
        f" {number} ",
    ):
        assert percentage(text, "割合") == yen_rate(text, "単価") == Fraction(number)
    assert percentage(f"{number}％", "割合") == yen_rate(f"{number}円", "単価") == Fraction(number)


@pytest.mark.parametrize("text", ["12.5", "１２．５", "0.1円", "1,234.5"])
def test_a_fraction_of_a_yen_is_no_whole_yen(text):
    with pytest.raises(InputRefused, match="円未満の端数"):
        whole_yen(text, "予算")


@pytest.mark.parametrize("text", ["-1", "−1", "－１", "-1,000円"])
def test_a_negative_amount_is_refused(text):
    with pytest.raises(InputRefused, match="負の数"):
        whole_yen(text, "予算")


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "円", "１千", "1e5", "inf", "nan", "0x10", "1_000", "1/3", "1.", ".5", "--1", "1.2.3", "٣", "1 000",
        "1,5", "1,2,3", ",1", "1,0000", "1,000,00", "9" * 5000,
    ],
)  # fmt: skip
def test_anything_else_is_no_number_and_the_label_and_the_text_are_named(text):
    for read in (whole_yen, yen_rate, percentage):
        with pytest.raises(InputRefused, match="読めません") as refused:
            read(text, "予算")
        assert f"予算の「{text[:20]}" in str(refused.value)
        assert refused.value.todo


def test_yen_is_no_percentage_and_a_percentage_no_yen():
    for read, text in ((whole_yen, "50%"), (yen_rate, "50%"), (percentage, "50円")):
        with pytest.raises(InputRefused, match="読めません"):
            read(text, "欄")


@given(st.fractions(-(10**9), 10**9, max_denominator=9_999))
def test_an_exact_amount_can_be_read_back_from_its_text(amount):
    text = exact_text(amount)
    whole, _, rest = text.replace(",", "").lstrip("−").partition(" と ")
    value = Fraction(whole) + Fraction(rest or 0)
    assert (-value if text.startswith("−") else value) == amount
    assert not rest or (0 < Fraction(rest) < 1 and "." not in whole)
    assert bool(rest) == bool((amount * 10**6).denominator - 1)


def test_exact_amounts_are_written_as_decimals_that_end_or_as_mixed_numbers():
    given_as = ("0", "1234", "20983/17", "-1/2", "-1500", "1234.05", "1/3", "0.000001", "0.0000001")
    assert [exact_text(Fraction(amount)) for amount in given_as] == [
        "0", "1,234", "1,234 と 5/17", "−0.5", "−1,500", "1,234.05", "0 と 1/3", "0.000001", "0 と 1/10,000,000",
    ]  # fmt: skip
