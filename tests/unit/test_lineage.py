from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import NotInForce
from kyodo_geo.lineage import Lineage, Split

FIRST = date(2012, 4, 1)
LINEAGE = Lineage(
    FIRST,
    "架空条例",
    (Split("5", date(2018, 4, 1), "3", "架空"), Split("6", date(2020, 4, 1), "5", "架空")),
)
CODES = ("1", "3", "5", "6")


@given(st.dates(FIRST, date(2100, 1, 1)))
def test_every_code_folds_into_one_that_stands_on_that_day(day):
    folded = LINEAGE.fold(CODES, day)
    assert tuple(folded) == CODES
    standing = {code for code, was in folded.items() if code == was}
    assert set(folded.values()) == standing
    assert standing == {"1", "3"} | {split.code for split in LINEAGE.splits if split.since <= day}


def test_a_district_stands_on_its_own_from_the_very_day():
    assert LINEAGE.fold(CODES, date(2018, 3, 31))["5"] == "3"
    assert LINEAGE.fold(CODES, date(2018, 4, 1))["5"] == "5"


def test_a_split_of_a_split_folds_back_to_the_root():
    assert LINEAGE.fold(CODES, date(2019, 1, 1))["6"] == "5"
    assert LINEAGE.fold(CODES, date(2017, 1, 1))["6"] == "3"


def test_there_are_no_districts_before_the_first_day():
    with pytest.raises(NotInForce, match="2012-03-31") as refused:
        LINEAGE.fold(CODES, date(2012, 3, 31))
    assert "架空条例" in str(refused.value)
    assert LINEAGE.fold(CODES, FIRST)["1"] == "1"
