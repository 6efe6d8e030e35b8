from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.model.indicators import MANAGEMENT_LABELS
from kyodo_geo.present.classes import NEUTRAL, SEQUENTIAL, categories, diverging_classes, sequential_classes

# what is shown: counts, and rates with up to three decimals
amounts = st.lists(
    st.integers(0, 10**8) | st.integers(0, 10**9).map(lambda n: n / 1000), min_size=1, max_size=60
)
changes = st.lists(st.integers(-300_000, 300_000).map(lambda n: n / 1000), min_size=1, max_size=60)


def homes(value, classes):
    """Count the classes a value falls in: each from low up to but not including high, the last with its end."""
    return sum(one.low <= value < one.high or (one is classes[-1] and value == one.high) for one in classes)


def assert_joined(classes):
    assert all(one.low < one.high for one in classes)
    assert all(one.high == other.low for one, other in pairwise(classes))
    assert len({one.color for one in classes}) == len(classes)


@given(amounts)
def test_sequential_classes_join_up_and_hold_every_value_once(values):
    classes = sequential_classes(values)
    assert 1 <= len(classes) <= len(SEQUENTIAL)
    assert_joined(classes)
    assert all(homes(value, classes) == 1 for value in values)


@given(amounts)
def test_a_larger_value_never_has_a_lighter_colour(values):
    colors = [one.color for one in sequential_classes(values)]
    assert colors == sorted(colors, key=SEQUENTIAL.index)


@given(changes)
def test_diverging_classes_join_up_around_a_neutral_band(values):
    classes = diverging_classes(values)
    assert_joined(classes)
    assert all(homes(value, classes) == 1 for value in values)
    (middle,) = (one for one in classes if one.color == NEUTRAL)
    assert middle.low == -middle.high < 0
    assert len(classes) <= 11


@given(changes)
def test_falls_and_rises_of_the_same_size_are_classed_alike(values):
    plain = [(one.low, one.high) for one in diverging_classes(values)]
    turned = [(-one.high, -one.low) for one in reversed(diverging_classes([-value for value in values]))]
    assert plain == turned


@given(changes)
def test_no_class_of_a_direction_that_nothing_took(values):
    classes = diverging_classes(values)
    middle = next(one for one in classes if one.color == NEUTRAL)
    assert any(one.high <= middle.low for one in classes) == (min(values) < middle.low)
    assert any(one.low >= middle.high for one in classes) == (max(values) > middle.high)


def test_no_values_have_no_classes():
    assert sequential_classes([]) == diverging_classes([]) == ()


@pytest.mark.parametrize("value", [0, 0.5, 5, 1_234])
def test_equal_values_share_one_class_around_them(value):
    (only,) = sequential_classes([value] * 7)
    assert only.low <= value < only.high or value == only.high


def test_few_values_have_few_classes_and_many_have_five():
    assert len(sequential_classes([1, 100])) <= 5
    classes = sequential_classes(list(range(1_000)))
    assert [one.low for one in classes] == [0, 200, 400, 600, 800]
    assert [one.color for one in classes] == list(SEQUENTIAL)


def test_no_change_at_all_is_neutral():
    (only,) = diverging_classes([0.0, 0.0])
    assert only.color == NEUTRAL


def test_management_has_a_colour_and_a_pattern_for_each_status():
    classes = categories(MANAGEMENT_LABELS.items())
    assert [one.label for one in classes] == list(MANAGEMENT_LABELS.values())
    assert len({one.color for one in classes}) == len({one.pattern for one in classes}) == len(classes)
    assert {one.key: one.pattern for one in classes}["unknown"] == "hatch"
