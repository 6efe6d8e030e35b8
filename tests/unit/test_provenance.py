from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.provenance import Basis, Source, Unknown, unite, weakest

FIRST = Source(
    "a", "a.csv", "架空出版", "架空の表", "", "2020", "2021", "2024", "架空", Basis.FICTIONAL, "", "0", 1
)
SOURCES = [FIRST, *(replace(FIRST, id=name) for name in "bcd")]
bases = st.lists(st.sampled_from(list(Basis)))
groups = st.lists(st.lists(st.sampled_from(SOURCES)), max_size=4)


def test_the_bases_are_ordered_from_strong_to_weak():
    words = "published derived supplied estimated fictional unknown"
    assert [basis.name.lower() for basis in sorted(Basis)] == words.split()


@given(bases, bases)
def test_a_result_is_as_weak_as_its_weakest_input(some, others):
    together = weakest([*some, *others])
    assert together == max(weakest(some), weakest(others))
    assert all(together >= basis for basis in some)


def test_every_basis_can_be_named_and_has_its_own_label():
    assert [Basis.named(basis.name.lower()) for basis in Basis] == list(Basis)
    assert len({basis.label for basis in Basis}) == len(Basis)
    with pytest.raises(ValueError, match=r"「guess」.*") as refused:
        Basis.named("guess")
    assert "estimated" in str(refused.value)


@given(groups)
def test_uniting_keeps_each_source_once_in_the_order_of_first_appearance(lists):
    flat = [source for group in lists for source in group]
    united = unite(*lists)
    assert len(set(united)) == len(united)
    assert set(united) == set(flat)
    assert list(united) == sorted(united, key=flat.index)


def test_a_source_credits_title_publisher_and_day():
    assert FIRST.credit == "架空: 架空の表(架空出版、2020)"
    assert replace(FIRST, basis=Basis.PUBLISHED).credit == "架空の表(架空出版、2020)"


def test_unknown_says_why():
    assert str(Unknown("公表資料なし", detail="長い説明")) == "不明(公表資料なし)"
