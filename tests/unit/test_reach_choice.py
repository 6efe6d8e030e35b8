"""A choice is an address: what is written is read back, and what cannot be read is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach.choice import (
    COUNTED,
    DEMANDS,
    FACILITY_SETS,
    HAZARDS,
    MEASURES,
    MODES,
    ReachChoice,
    from_query,
)

POINTS = st.tuples(
    st.integers(12_200_000, 15_400_000).map(lambda n: n / 100_000),
    st.integers(2_000_000, 4_600_000).map(lambda n: n / 100_000),
)
CODES = st.text("0123456789ABE", min_size=1, max_size=6)


CHOICES = st.builds(
    ReachChoice,
    facilities=st.sampled_from(list(FACILITY_SETS)),
    demand=st.sampled_from(list(DEMANDS)),
    counted=st.sampled_from(list(COUNTED)),
    measure=st.sampled_from(list(MEASURES)),
    mode=st.sampled_from(list(MODES)),
    factor=st.one_of(st.none(), st.integers(10, 50).map(lambda tenths: tenths / 10)),
    within=st.one_of(st.none(), st.integers(1, 20_000).map(float)),
    hazard=st.sampled_from(["", *HAZARDS]),
    closed=st.lists(CODES, unique=True, max_size=4).map(tuple),
    opened=st.lists(POINTS, max_size=3).map(tuple),
    moved=st.dictionaries(CODES, POINTS, max_size=3),
)


@given(CHOICES)
def test_an_address_gives_the_choice_back(choice):
    assert from_query(choice.to_query()) == choice


def test_what_is_as_usual_is_no_part_of_the_address():
    assert ReachChoice().to_query() == {}
    assert ReachChoice(factor=1.3, closed=("05", "12")).to_query() == {"factor": "1.3", "close": "05;12"}


def test_closing_moving_and_restoring_a_facility():
    choice = ReachChoice().close("05").close("05").open((141.1, 38.9)).move("07", (141.2, 38.8))
    assert (choice.closed, choice.opened, dict(choice.moved)) == (
        ("05",),
        ((141.1, 38.9),),
        {"07": (141.2, 38.8)},
    )
    assert choice.changed
    back = choice.restore("05").restore("07").restore("新1")
    assert back == ReachChoice()
    assert not back.changed


def test_closing_what_was_only_tried_out_takes_it_away():
    choice = ReachChoice().open((141.1, 38.9)).open((141.2, 38.9))
    assert choice.close("新1").opened == ((141.2, 38.9),)
    assert choice.move("新2", (141.3, 38.7)).opened == ((141.1, 38.9), (141.3, 38.7))


def test_moving_a_closed_facility_opens_it_again_and_closing_a_moved_one_forgets_the_move():
    moved = ReachChoice().close("05").move("05", (141.0, 38.9))
    assert (moved.closed, dict(moved.moved)) == ((), {"05": (141.0, 38.9)})
    assert moved.close("05") == ReachChoice(closed=("05",))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"facilities": "schools"}, "施設「schools」はありません"),
        ({"measure": "bird"}, "距離の測り方「bird」はありません"),
        ({"hazard": "雪"}, "災害の種類「雪」はありません"),
        ({"within": "近く"}, "within の値「近く」は数ではありません"),
        ({"within": "0"}, "半径 0 は使えません"),
        ({"within": "nan"}, "半径 nan は使えません"),
        ({"within": "0.5"}, "半径 0.5 は使えません"),
        ({"within": "1e9"}, "半径 1e\\+09 は使えません"),
        ({"open": "38.9,141.1"}, "緯度と経度が入れ替わっています"),
        ({"open": "0,0"}, "緯度も経度も 0 です"),
        ({"move": "05@141.1,95"}, "日本の外です"),
        ({"factor": "0.5"}, "係数は 1 から 5 まで"),
        ({"open": "141.1"}, "位置「141.1」を読めません"),
        ({"move": "05"}, "動かす施設「05」を読めません"),
        ({"open": ";".join(["141.1,38.9"] * 21)}, "20 か所まで"),
    ],
)
def test_what_cannot_be_read_is_named(words, said):
    with pytest.raises(InputRefused, match=said):
        from_query(words)
