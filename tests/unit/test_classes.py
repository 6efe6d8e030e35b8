from __future__ import annotations

import math
from bisect import bisect_right
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.model.indicators import MANAGEMENT_LABELS
from kyodo_geo.present.classes import (
    BIVARIATE,
    FALL,
    NEUTRAL,
    RISE,
    SEQUENTIAL,
    categories,
    diverging_classes,
    sequential_classes,
    third_breaks,
)

# what is shown: counts, and rates with up to three decimals
amounts = st.lists(
    st.integers(0, 10**8) | st.integers(0, 10**9).map(lambda n: n / 1000), min_size=1, max_size=60
)
changes = st.lists(st.integers(-300_000, 300_000).map(lambda n: n / 1000), min_size=1, max_size=60)

# How eyes without one kind of cone see linear RGB: Machado, Oliveira and Fernandes 2009, table 1, severity 1.0
SIGHT = {
    "all cones": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# Oklab: Ottosson 2020, https://bottosson.github.io/posts/oklab/
CONES = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
LAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]


def seen(color, sight):
    """Return the Oklab coordinates of an #RRGGBB colour as some eyes see it."""
    coded = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    return np.array(LAB) @ np.cbrt(np.array(CONES) @ np.clip(np.array(SIGHT[sight]) @ linear, 0, 1))


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(
    ("palette", "least"),
    [(SEQUENTIAL, 0.09), ((*FALL, NEUTRAL, *RISE), 0.06), (BIVARIATE, 0.09), ((*BIVARIATE, "#FFFFFF"), 0.06)],
)
def test_any_two_colours_of_a_palette_are_told_apart(palette, least, sight):
    points = [seen(color, sight) for color in palette]
    assert min(np.linalg.norm(one - other) for one, other in combinations(points, 2)) > least


def test_two_colours_that_only_cones_tell_apart_would_be_found():
    red, green = "#B8695A", "#7C8A56"
    near = [np.linalg.norm(seen(red, one) - seen(green, one)) for one in ("all cones", "deutan")]
    assert near[0] > 0.09 > near[1]


@given(amounts | changes, st.integers(0, 2))
def test_thirds_are_never_empty_and_as_even_as_the_values_allow(values, decimals):
    breaks = third_breaks(values, decimals=decimals)
    if breaks is None:
        assert len({math.floor(value * 10**decimals) for value in values}) < 4
        return
    assert breaks[0] < breaks[1]
    assert {bisect_right(breaks, value) for value in values} == {0, 1, 2}


@given(st.integers(1, 40))
def test_different_values_part_into_even_thirds(count):
    thirds = [bisect_right(third_breaks(range(3 * count), decimals=0), value) for value in range(3 * count)]
    assert [thirds.count(third) for third in range(3)] == [count] * 3


@pytest.mark.parametrize("values", [[], [5], [5, 5, 5], [1, 1, 2]])
def test_too_few_different_values_have_no_thirds(values):
    assert third_breaks(values, decimals=0) is None


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
