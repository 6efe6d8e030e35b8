from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest
from fictional import grants
from hypothesis import assume, given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.allocation import allocate, exact_amounts, without_rounding
from kyodo_geo.model.change import PART_LABELS, PARTS, split_change
from kyodo_geo.model.measures import Unit
from kyodo_geo.rules.formula import Leftover, LeftoverMethod, PaidBy, Transition
from kyodo_geo.rules.rounding import ROUNDING_UNITS, Rounding

RULE = grants.rule(
    ('amount = { rate = "equal_yen" }', 'amount = [{ rate = "equal_yen" }, { share = "equal_percent" }]'),
    (
        '[[term]]\nid = "equal"',
        """[[value]]
name = "equal_percent"
label = "均等割の割合"
unit = "%"
since = 2020-04-01
to_be_supplied = true
reference = "第3条"

[[term]]
id = "equal\"""",
    ),
)
rates = st.fixed_dictionaries({
    "equal_yen": st.integers(0, 90_000).map(Fraction), "per_head_yen": st.fractions(0, 300, max_denominator=99),
})  # fmt: skip
by_rates = st.builds(dict, supplied=rates, rounding=st.builds(Rounding, st.sampled_from(ROUNDING_UNITS)))
by_budget = st.builds(
    dict,
    budget_yen=st.integers(0, 9_000_000),
    supplied=st.fractions(0, 100, max_denominator=99).map(lambda percent: {"equal_percent": percent}),
    rounding=st.builds(Rounding, st.sampled_from(ROUNDING_UNITS)),
    leftover=st.sampled_from([None, Leftover(LeftoverMethod.LARGEST_REMAINDER), Leftover(LeftoverMethod.SAINTE_LAGUE)]),
    place=st.sampled_from(["term", "unit"]),
)  # fmt: skip
protected = st.builds(
    lambda choices, percent: {**choices, "transition": Transition(percent, PaidBy.EXTRA)},
    by_rates, st.fractions(0, 100, max_denominator=9),
)  # fmt: skip
counts = st.lists(st.tuples(st.integers(0, 9_000), st.integers(0, 9_000)), min_size=2, max_size=4).filter(
    lambda pairs: all(any(column) for column in zip(*pairs, strict=True))
)


def units_of(people):
    return [Unit(f"{n}", f"架空{n}", count) for n, count in enumerate(people)]


def year(people, choices, last=None):
    return allocate(units_of(people), grants.scenario(**choices).settle(RULE), last_year_yen=last)


def brute_force(before, after, index):
    """The 24 orders one by one: at its turn each of the four changes, and what it moved is its own."""
    old = {unit.code: unit for unit in before.units}
    budgets = [before.settled.budget_yen, after.settled.budget_yen]
    budgets = [
        budgets[1] if budgets[0] is None else budgets[0],
        budgets[0] if budgets[1] is None else budgets[1],
    ]

    def worth(done):
        side = after if "rule" in done else before
        people = [
            unit if ("own" if place == index else "others") in done else old[unit.code]
            for place, unit in enumerate(after.units)
        ]
        settled = replace(without_rounding(side.settled), budget_yen=budgets["budget" in done])
        return exact_amounts(people, settled, last_year_yen=side.last_year_yen)[index]

    parts = dict.fromkeys(PARTS, Fraction(0))
    for order in permutations(PARTS):
        for turn, part in enumerate(order):
            parts[part] += Fraction(1, 24) * (worth({*order[: turn + 1]}) - worth({*order[:turn]}))
    return parts


def mixed_sums(was, now):
    """The people of every mixture of the two years in which one unit differs from all others."""
    return [
        sum(base) - base[place] + other[place]
        for base, other in ((was, now), (now, was))
        for place in range(len(was))
    ]


any_year = by_rates | by_budget | protected


@given(counts, any_year, any_year, st.data())
def test_the_parts_add_up_to_the_change_exactly_and_are_the_average_of_all_orders(
    people, first, second, data
):
    was, now = zip(*people, strict=True)
    before = year(was, first, {})
    after = year(now, second, {"0": 50_000, "1": 3})
    assume(0 not in mixed_sums(was, now))
    changes = split_change(before, after)
    old, new = (
        exact_amounts(one.units, without_rounding(one.settled), last_year_yen=one.last_year_yen)
        for one in (before, after)
    )
    for index, change in enumerate(changes):
        assert list(change.parts) == list(PART_LABELS)
        assert all(isinstance(part, Fraction) for part in change.parts.values())
        assert sum(change.parts.values()) == change.change_yen == change.after_yen - change.before_yen
        assert (change.before_yen, change.after_yen) == (before.totals_yen[index], after.totals_yen[index])
        assert sum(change.parts[part] for part in PARTS) == new[index] - old[index]
    index = data.draw(st.integers(0, len(changes) - 1))
    assert {part: changes[index].parts[part] for part in PARTS} == brute_force(before, after, index)


@given(counts, by_budget, st.integers(0, 9_000_000))
def test_where_only_the_budget_changed_only_the_budget_and_the_rounding_have_a_part(people, choices, budget):
    was, _ = zip(*people, strict=True)
    before, after = year(was, choices), year(was, {**choices, "budget_yen": budget})
    for change in split_change(before, after):
        assert (change.parts["own"], change.parts["others"], change.parts["rule"]) == (0, 0, 0)
    assert (
        sum(change.parts["budget"] for change in split_change(before, after))
        == budget - choices["budget_yen"]
    )


@given(counts, by_rates, by_rates)
def test_where_only_the_rates_changed_only_the_rule_and_the_rounding_have_a_part(people, first, second):
    was, _ = zip(*people, strict=True)
    for change in split_change(year(was, first), year(was, second)):
        assert [part for part in PARTS if change.parts[part]] in ([], ["rule"])


@given(counts, by_rates)
def test_by_rates_the_people_of_others_mean_nothing(people, choices):
    was, now = zip(*people, strict=True)
    for change, old, new in zip(split_change(year(was, choices), year(now, choices)), was, now, strict=True):
        assert change.parts["own"] == (new - old) * choices["supplied"]["per_head_yen"]
        assert [part for part in ("others", "rule", "budget") if change.parts[part]] == []


@given(counts, any_year)
def test_nothing_changed_is_no_part_at_all(people, choices):
    was, _ = zip(*people, strict=True)
    one = year(was, choices, {"0": 9})
    assert not any(part for change in split_change(one, one) for part in change.parts.values())


@given(counts, by_budget, by_budget)
def test_back_again_is_the_same_with_the_other_sign(people, first, second):
    was, now = zip(*people, strict=True)
    before, after = year(was, first), year(now, second)
    assume(0 not in mixed_sums(was, now))
    there, back = split_change(before, after), split_change(after, before)
    assert [one.parts for one in there] == [{part: -yen for part, yen in one.parts.items()} for one in back]


@given(counts, by_budget, by_budget)
def test_twins_have_the_same_parts_whatever_their_order(people, first, second):
    was, now = zip(*people, (5, 7), (5, 7), strict=True)
    before, after = year(was, first), year(now, second)
    changes = split_change(before, after)
    one, other = changes[-2:]
    assert [one.parts[part] for part in PARTS] == [other.parts[part] for part in PARTS]
    turned = replace(before, units=before.units[::-1], totals_yen=before.totals_yen[::-1], instalments_yen=before.instalments_yen[::-1])  # fmt: skip
    assert split_change(turned, after) == changes


def test_an_example_by_hand():
    # 100,000 yen by people: 600 of 1,000 become 500 of 1,000, and the budget 120,000
    choices = {"supplied": {"equal_percent": Fraction(0)}}
    before = year((600, 400), {**choices, "budget_yen": 100_000})
    after = year((500, 500), {**choices, "budget_yen": 120_000})
    first, second = split_change(before, after)
    assert (first.before_yen, first.after_yen, first.change_yen) == (60_000, 60_000, 0)
    # own people before the others' (600/1,000 to 500/900) or after them (600/1,100 to 500/1,000); of the six orders
    # each, two have both the old budget, two the new one, and one of each stands between
    early, late = Fraction(500, 900) - Fraction(6, 10), Fraction(1, 2) - Fraction(600, 1_100)
    own = early * Fraction(2 * 100_000 + 120_000, 6) + late * Fraction(100_000 + 2 * 120_000, 6)
    assert first.parts["own"] == own
    assert second.parts["own"] != first.parts["own"]
    # the budget before all people (6/10), after own or others, after all (5/10)
    shares = 2 * Fraction(6, 10) + Fraction(5, 9) + Fraction(6, 11) + 2 * Fraction(5, 10)
    assert first.parts["budget"] == 20_000 * shares / 6
    assert (first.parts["rule"], first.parts["rounding"]) == (0, 0)


def test_a_change_from_rates_to_a_budget_belongs_to_the_rule():
    before = year((600, 400), {"supplied": {"equal_yen": Fraction(0), "per_head_yen": Fraction(100)}})
    after = year((600, 400), {"supplied": {"equal_percent": Fraction(50)}, "budget_yen": 100_000})
    for change in split_change(before, after):
        assert change.parts["rule"] == change.change_yen
    assert [change.change_yen for change in split_change(before, after)] == [-5_000, 5_000]


@pytest.mark.parametrize("people", [(600, 400, 100), (600,)])
def test_other_units_are_refused(people):
    choices = {"supplied": {"equal_yen": Fraction(1), "per_head_yen": Fraction(1)}}
    with pytest.raises(InputRefused, match="単位がそろっていません"):
        split_change(year((600, 400), choices), year(people, choices))


def test_a_mixture_with_nobody_to_divide_by_is_refused():
    choices = {"supplied": {"equal_percent": Fraction(0)}, "budget_yen": 1_000}
    with pytest.raises(InputRefused, match="分ける相手がいません"):
        split_change(year((5, 0), choices), year((0, 5), choices))
