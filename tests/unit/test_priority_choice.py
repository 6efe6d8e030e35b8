"""The choice behind the priority index is an address and a file: both give it back, and nonsense is named."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.priority.choice import (
    BOUNDS,
    DIRECTIONS,
    METHODS,
    MISSING_RULES,
    Item,
    PriorityChoice,
    from_query,
)
from kyodo_geo.model.priority.config import from_toml, to_toml

ITEMS = st.builds(
    Item,
    st.from_regex(r"[a-z0-9][a-z0-9_]{0,20}", fullmatch=True),
    st.none() | st.integers(1900, 2200),
    st.sampled_from(list(DIRECTIONS)),
    st.integers(0, 100),
)
CHOICES = st.builds(
    PriorityChoice,
    st.lists(ITEMS, min_size=1, max_size=6, unique_by=lambda item: (item.indicator, item.year))
    .filter(lambda items: any(item.weight for item in items))
    .map(tuple),
    method=st.sampled_from(list(METHODS)),
    missing=st.sampled_from(list(MISSING_RULES)),
    **{key: st.integers(*ends) for key, ends in BOUNDS.items()},
)
ONE = PriorityChoice((Item("ageing", 2020, "high", 30), Item("density", None, "low", 10)))
ROW = '[[items]]\nindicator = "a"\ndirection = "high"\nweight = 1\n'


def _faults(act, *given, **named):
    with pytest.raises(InputRefused) as refused:
        act(*given, **named)
    return [str(fault) for fault in refused.value.faults]


@given(CHOICES)
def test_an_address_gives_the_choice_back(choice):
    assert from_query(choice.to_query()) == choice


@given(CHOICES)
def test_a_file_gives_the_choice_back_and_is_written_again_the_same(choice):
    text = to_toml(choice)
    assert from_toml(text) == choice
    assert to_toml(from_toml(text)) == text


def test_an_address_is_short_and_needs_no_percent_signs():
    assert ONE.to_query() == {"items": "ageing.2020.high.30~density.low.10"}


def test_settings_that_are_not_as_usual_stand_in_the_address():
    choice = PriorityChoice(ONE.items, method="z", top=3)
    assert choice.to_query() == {"items": "ageing.2020.high.30~density.low.10", "method": "z", "top": "3"}


def test_words_of_other_pages_are_passed_over_and_items_given_stand_in_for_none_named():
    assert from_query({"facilities": "centres", "top": "2"}, items=ONE.items) == PriorityChoice(
        ONE.items, top=2
    )
    assert from_query({"items": "a.high.1"}, items=ONE.items).items == (Item("a", None, "high", 1),)


def test_an_address_without_any_indicator_is_refused():
    assert _faults(from_query, {}) == ["列「items」: 指標を1つ以上選んでください"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"items": "ageing"}, "「ageing」を読めません"),
        ({"items": "ageing.2020.high"}, "「ageing.2020.high」を読めません"),
        ({"items": "ageing.high.３"}, "「ageing.high.３」を読めません"),
        ({"items": "ageing.high.-3"}, "「ageing.high.-3」を読めません"),
        ({"items": "ageing.up.3"}, "「ageing.up.3」の向き「up」は使えません(high: 大きいほど優先、low: 小さいほど優先)"),
        ({"items": "ageing.high.101"}, "「ageing.high.101」の重み 101 は使えません(0 から 100 までの整数)"),
        ({"items": "ageing.20.high.1"}, "「ageing.20.high.1」の年 20 は使えません(1,900 から 2,200 までの整数)"),
        ({"items": "高齢化.high.1"}, "「高齢化.high.1」の指標の名前「高齢化」は使えません(a-z 0-9 _)"),
        ({"items": "a.high.1", "method": "mean"}, "「mean」は使えません(percentile、minmax、z のどれか)"),
        ({"items": "a.high.1", "missing": "zero"}, "「zero」は使えません(range、exclude のどれか)"),
        ({"items": "a.high.1", "draws": "たくさん"}, "重みを引く回数「たくさん」は整数ではありません"),
        ({"items": "a.high.1", "draws": "99999"}, "重みを引く回数 99999 は使えません(1 から 10,000 までの整数)"),
        ({"items": "a.high.1", "top": "0"}, "上位の数 0 は使えません(1 から 1,000 までの整数)"),
        ({"items": "a.high.1", "seed": "-1"}, "乱数の種「-1」は整数ではありません"),
        ({"items": "a.high.1~a.low.2"}, "指標「a」が同じ年で2回以上あります"),
        ({"items": "a.high.0~b.low.0"}, "重みがすべて 0 です。1つ以上を 1 以上にしてください"),
        ({"items": "~".join(f"a{n}.high.1" for n in range(41))}, "指標が 41 あります。選べるのは 40 までです"),
    ],
)  # fmt: skip
def test_what_an_address_cannot_say_is_named(words, said):
    (fault,) = _faults(from_query, words)
    assert fault.endswith(f"」: {said}")


def test_all_that_is_wrong_with_an_address_is_named_at_once():
    said = _faults(from_query, {"items": "x~a.up.500", "method": "q", "top": "a"})
    assert len(said) == 5


@given(st.dictionaries(st.sampled_from(["items", "method", *BOUNDS]), st.text("az.~19high-０ ", max_size=30)))
def test_any_address_is_refused_or_read_as_one_that_is_read_the_same(words):
    try:
        choice = from_query(words)
    except InputRefused as refused:
        choice = None
        said = refused.faults
    assert said if choice is None else from_query(choice.to_query()) == choice


def test_the_same_indicator_may_stand_in_two_years():
    assert from_query({"items": "a.2015.high.1~a.2020.high.1"}).items[1].year == 2020


@pytest.mark.parametrize("weight", [True, 1.0, -1, pytest.param(10**5000, id="of 5,000 digits")])
def test_a_weight_is_a_whole_number_in_its_bounds(weight):
    (said,) = _faults(Item, "a", None, "high", weight)
    assert "重み" in said


def test_a_file_needs_only_what_is_not_as_usual():
    assert from_toml(ROW) == PriorityChoice((Item("a", None, "high", 1),))
    assert from_toml("\ufefftop = 2\n" + ROW).top == 2


def test_a_file_says_in_japanese_what_its_words_mean():
    text = to_toml(ONE)
    assert "百分位" in text
    assert "大きいほど優先" in text
    assert tomllib.loads(text)["items"][1] == {"indicator": "density", "direction": "low", "weight": 10}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "f.toml 列「items」: 指標を1つ以上選んでください"),
        ("items = 3", "f.toml 列「items」: [items] ではなく [[items]] と書いてください"),
        ("weights = 1\n" + ROW, "f.toml: 知らない項目「weights」"),
        (ROW + "year = true\n", "f.toml 列「items 1.year」: 整数を書いてください"),
        (ROW + "wieght = 3\n", "f.toml 列「items 1」: 知らない項目「wieght」"),
        (ROW + '[[items]]\nindicator = "b"\ndirection = "low"\n', "f.toml 列「items 2」: 項目「weight」がありません"),
        (ROW.replace("1\n", "1.5\n"), "f.toml 列「items 1.weight」: 整数を書いてください。「1.5」は使えません"),
        (ROW.replace("1\n", "0\n"), "f.toml 列「items」: 重みがすべて 0 です"),
        (ROW.replace("high", "up"), "f.toml 列「items 1.direction」: 向き「up」は使えません"),
        (ROW + ROW, "f.toml 列「items」: 指標「a」が同じ年で2回以上あります"),
        ("method = 3\n" + ROW, "f.toml 列「method」: 文字を引用符"),
        ('method = "mean"\n' + ROW, "f.toml 列「method」: 「mean」は使えません"),
        ("seed = 0x" + "f" * 6000 + "\n" + ROW, "f.toml 列「seed」: 乱数の種 (大きすぎる数) は使えません"),
        ("top = ", "f.toml: "),
    ],
)  # fmt: skip
def test_what_a_file_cannot_say_is_named_with_its_key(text, said):
    (fault,) = _faults(from_toml, text, file="f.toml")
    assert fault.startswith(said)


def test_all_that_is_wrong_with_a_file_is_named_at_once():
    text = 'x = 1\nmethod = "q"\ntop = 0\n[[items]]\nindicator = "A B"\n[[items]]\nweight = 400\n'
    said = _faults(from_toml, text)
    assert [fault.split(":")[0] for fault in said] == [
        "知らない項目「x」(使える項目",
        "列「method」",
        "列「top」",
        "列「items 1」",
        "列「items 1」",
        "列「items 1.indicator」",
        "列「items 2」",
        "列「items 2」",
        "列「items 2.weight」",
    ]


def test_rows_that_cannot_be_read_are_not_taken_for_the_same_indicator():
    rows = '[[items]]\ndirection = "high"\nweight = 1\n' * 2
    assert _faults(from_toml, rows) == [f"列「items {n}」: 項目「indicator」がありません" for n in (1, 2)]


@given(st.text(max_size=80))
def test_any_text_is_a_choice_or_refused(text):
    with pytest.raises(InputRefused):
        from_toml(text)
