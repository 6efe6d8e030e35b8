from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.grant_life import (
    Conditions,
    EventKind,
    GrantEvent,
    OpenReserve,
    grant_states,
    open_reserves,
    overdue_yen,
    refuse,
)
from kyodo_geo.model.grant_refusals import MOST_YEN

PLAIN = Conditions()
HALF_RESERVE = Conditions(reserve_share=Fraction(1, 2))
IN_TOTAL = Conditions(total_years=2, total_limit_yen=50_000)


def event(kind, amount_yen, *, year=2024, reason="", **changes):
    entry = GrantEvent(
        fiscal_year=year,
        scheme="hitomachi",
        unit_code="01",
        unit="架空協働体",
        kind=EventKind(kind),
        amount_yen=amount_yen,
        day=date(2024, 6, 1),
        entered_by="架空 花子",
        reason=reason,
    )
    return replace(entry, **changes)


def entered(conditions, *events):
    """Enter one after the other as the ledger would: what is refused raises."""
    history = []
    for entry in events:
        refuse(entry, history, conditions)
        history.append(entry)
    return history


def granted(limit=1_000_000, decided=1_000_000, *, year=2024):
    steps = (("limit", limit), ("application", decided), ("decision", decided))
    return [event(kind, amount, year=year) for kind, amount in steps]


def state_of(events, conditions=PLAIN, *, year=2024):
    return next(state for state in grant_states(events, conditions) if state.fiscal_year == year)


def refused(entry, events, conditions=PLAIN):
    with pytest.raises(InputRefused) as refusal:
        refuse(entry, events, conditions)
    assert refusal.value.todo
    return str(refusal.value)


def test_every_kind_has_its_word():
    assert [kind.label for kind in EventKind] == [
        "限度額",
        "申請",
        "交付決定",
        "実績",
        "返還",
        "積立",
        "積立の取崩し",
    ]


def test_a_whole_year_from_the_limit_to_the_repayment():
    events = entered(PLAIN, *granted(1_000_000, 900_000), event("result", 700_000))
    state = state_of(events)
    assert (state.limit_yen, state.applied_yen, state.decided_yen) == (1_000_000, 900_000, 900_000)
    assert (state.spent_yen, state.payable_yen, state.to_repay_yen) == (700_000, 700_000, 200_000)
    events = [*events, event("repayment", 150_000)]
    assert state_of(events).to_repay_yen == 50_000
    assert state_of([*events, event("repayment", 50_000)]).to_repay_yen == 0


def test_before_a_result_nothing_is_known_of_what_is_payable_or_to_return():
    for number in range(1, 4):
        state = state_of(granted()[:number])
        assert (state.spent_yen, state.payable_yen, state.to_repay_yen) == (None, None, None)
    assert state_of(granted()[:1]).applied_yen is None
    assert state_of(granted()[:2]).decided_yen is None
    assert state_of([event("application", 5)]).limit_yen is None


def test_a_result_of_nothing_is_no_missing_result():
    state = state_of([*granted(), event("result", 0)])
    assert (state.spent_yen, state.payable_yen, state.to_repay_yen) == (0, 0, 1_000_000)


def test_what_is_paid_only_after_the_result_is_never_to_return():
    events = [*granted(), event("result", 400_000)]
    state = state_of(events, Conditions(advance_payment=False))
    assert (state.payable_yen, state.to_repay_yen) == (400_000, 0)


def test_the_subsidised_cost_is_floored_to_whole_yen_and_capped_by_the_decision():
    events = [*granted(1_000, 1_000), event("result", 1_000)]
    assert state_of(events, Conditions(rate=Fraction(2, 3))).payable_yen == 666
    assert state_of([*events, event("result", 5_000)], Conditions(rate=Fraction(2, 3))).payable_yen == 1_000


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("limit", "limit_yen"),
        ("application", "applied_yen"),
        ("decision", "decided_yen"),
        ("result", "spent_yen"),
    ],
)
def test_a_later_entry_of_these_kinds_takes_the_place_of_the_earlier(kind, field):
    events = [*granted(), event("result", 900_000), event(kind, 300_000), event(kind, 200_000)]
    assert getattr(state_of(events), field) == 200_000


@pytest.mark.parametrize(
    ("kind", "field"),
    [("repayment", "repaid_yen"), ("reserve", "reserved_yen"), ("reserve_use", "reserve_used_yen")],
)
def test_entries_of_these_kinds_add_up(kind, field):
    assert getattr(state_of([*granted(), event(kind, 300), event(kind, 200)]), field) == 500


def test_schemes_units_and_years_are_kept_apart_and_in_order():
    others = [
        event("limit", 1, year=2025),
        event("limit", 2, unit_code="02", unit="別の協働体"),
        event("limit", 3, scheme="consensus"),
    ]
    states = grant_states([*others, *granted()], PLAIN)
    assert [(state.scheme, state.unit_code, state.fiscal_year, state.limit_yen) for state in states] == [
        ("consensus", "01", 2024, 3),
        ("hitomachi", "01", 2024, 1_000_000),
        ("hitomachi", "01", 2025, 1),
        ("hitomachi", "02", 2024, 2),
    ]
    assert states[-1].unit == "別の協働体"
    assert grant_states([], PLAIN) == ()


def test_another_unit_or_scheme_opens_no_door():
    for other in ({"unit_code": "02"}, {"scheme": "consensus"}):
        elsewhere = [replace(entry, **other) for entry in granted()]
        assert "申請がありません" in refused(event("decision", 1), elsewhere)


@pytest.mark.parametrize("amount", [-1, MOST_YEN, 1.5, True, "1000"])
def test_an_amount_that_is_no_whole_yen_from_zero_is_refused(amount):
    assert "0以上の整数" in refused(event("limit", amount), [])


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"entered_by": " "}, "入力者"),
        ({"scheme": ""}, "制度"),
        ({"unit_code": " "}, "団体"),
        ({"fiscal_year": 6}, "年度"),
        ({"day": datetime(2024, 6, 1, 9, 0)}, "日付"),  # noqa: DTZ001 - a time in place of a day
    ],
)
def test_an_entry_without_its_who_what_and_when_is_refused(change, word):
    assert word in refused(event("limit", 1, **change), [])


def test_no_decision_without_an_application_and_a_limit():
    limit, application, decision = granted()
    assert "申請がありません" in refused(decision, [limit])
    assert "限度額がありません" in refused(decision, [application])
    refuse(decision, [limit, application], PLAIN)


@pytest.mark.parametrize("kind", ["application", "decision"])
def test_over_the_limit_only_with_a_reason_which_the_state_carries(kind):
    before = granted(1_000_000, 1_000_000)[:2]
    said = refused(event(kind, 1_200_000, reason=" "), before)
    assert "1,200,000" in said
    assert "1,000,000" in said
    assert "200,000 円超え" in said
    refuse(event(kind, 1_000_000), before, PLAIN)
    with_reason = event(kind, 1_200_000, reason="災害のため")
    refuse(with_reason, before, PLAIN)
    state = state_of([*before, with_reason])
    assert (state.over_limit_yen, state.over_limit_reason) == (200_000, "災害のため")


def test_a_decision_within_the_limit_settles_an_application_over_it():
    events = entered(
        PLAIN, event("limit", 100), event("application", 150, reason="希望額"), event("decision", 100)
    )
    assert (state_of(events).over_limit_yen, state_of(events).over_limit_reason) == (0, "")


def test_an_application_may_come_before_its_limit_and_then_shows_as_over_it():
    events = entered(PLAIN, event("application", 150), event("limit", 100, reason="別の理由"))
    assert (state_of(events).over_limit_yen, state_of(events).over_limit_reason) == (50, "")
    assert "50 円超え" in refused(event("decision", 150), events)


def test_a_limit_corrected_below_what_rests_on_it_needs_a_reason():
    events = granted(1_000_000, 900_000)
    assert "900,000" in refused(event("limit", 800_000), events)
    refuse(event("limit", 900_000), events, PLAIN)
    corrected = [*events, event("limit", 800_000, reason="入力の誤り")]
    refuse(corrected[-1], events, PLAIN)
    assert (state_of(corrected).over_limit_yen, state_of(corrected).over_limit_reason) == (
        100_000,
        "入力の誤り",
    )
    assert "積立 500,000" in refused(
        event("limit", 999_999), [*granted(), event("reserve", 500_000)], HALF_RESERVE
    )


def test_no_result_before_a_decision():
    assert "交付決定がありません" in refused(event("result", 1), granted()[:2])


def test_no_more_is_returned_than_was_decided():
    events = [*granted(), event("repayment", 600_000)]
    said = refused(event("repayment", 400_001), events)
    assert "1,000,001" in said
    assert "1,000,000" in said
    refuse(event("repayment", 400_000), events, PLAIN)
    assert "0 円を超え" in refused(event("repayment", 1), granted()[:2])
    assert "600,000" in refused(event("decision", 500_000), events)


def test_a_reserve_is_at_most_its_share_of_the_limit_floored():
    before = granted(1_000_001, 1_000_001)
    refuse(event("reserve", 500_000), before, HALF_RESERVE)
    said = refused(event("reserve", 500_001), before, HALF_RESERVE)
    assert "500,001" in said
    assert "上限 500,000 円" in said
    assert "1/2" in said
    first = [*before, event("reserve", 300_000)]
    assert "500,001" in refused(event("reserve", 200_001), first, HALF_RESERVE)
    assert "積立ができません" in refused(event("reserve", 0), before, PLAIN)
    assert "限度額がありません" in refused(event("reserve", 1), [], HALF_RESERVE)


def test_a_reserve_counts_as_payable_and_is_open_for_two_years():
    events = entered(HALF_RESERVE, *granted(), event("reserve", 300_000), event("result", 600_000))
    state = state_of(events, HALF_RESERVE)
    assert (state.payable_yen, state.to_repay_yen) == (900_000, 100_000)
    assert state.open_reserves == (OpenReserve(2024, 2026, 300_000),)
    assert state.overdue_reserve_yen == 0


@pytest.mark.parametrize(("year", "allowed"), [(2023, 0), (2024, 0), (2025, 300), (2026, 300), (2027, 0)])
def test_a_reserve_is_spent_only_in_the_years_after_its_own(year, allowed):
    before = [*granted(), event("reserve", 300)]
    said = refused(event("reserve_use", 301, year=year), before, HALF_RESERVE)
    assert f"取り崩せるのは {allowed} 円まで" in said
    assert "残り 300 円" in said
    assert "2026年度" in said
    if allowed:
        refuse(event("reserve_use", allowed, year=year), before, HALF_RESERVE)
    else:
        refused(event("reserve_use", 1, year=year), before, HALF_RESERVE)


def test_the_oldest_reserve_is_spent_first():
    before = [event("reserve", 100), event("reserve", 200, year=2025)]
    events = [*before, event("reserve_use", 150, year=2026)]
    refuse(events[-1], before, HALF_RESERVE)
    assert open_reserves(events, HALF_RESERVE, until=2026) == (OpenReserve(2025, 2027, 150),)
    assert open_reserves(events, HALF_RESERVE, until=2025) == (
        OpenReserve(2024, 2026, 100),
        OpenReserve(2025, 2027, 200),
    )


def test_a_use_entered_late_for_an_earlier_year_leaves_later_uses_covered():
    before = [event("reserve", 100, year=2023), event("reserve", 100), event("reserve_use", 100, year=2025)]
    refuse(event("reserve_use", 100), before, HALF_RESERVE)
    assert "取り崩せるのは 100 円まで" in refused(event("reserve_use", 101), before, HALF_RESERVE)


def test_what_is_left_after_the_last_year_is_overdue_until_it_is_returned():
    events = [*granted(), event("reserve", 300), event("result", 999_700)]
    events += [event("reserve_use", 100, year=2026), event("limit", 1, year=2027)]
    assert state_of(events, HALF_RESERVE, year=2026).overdue_reserve_yen == 0
    assert state_of(events, HALF_RESERVE, year=2027).overdue_reserve_yen == 200
    left = open_reserves(events, HALF_RESERVE, until=2027)
    assert [overdue_yen(left, fiscal_year=year) for year in (2026, 2027)] == [0, 200]
    returned = [*events, event("repayment", 200)]
    refuse(returned[-1], events, HALF_RESERVE)
    assert state_of(returned, HALF_RESERVE, year=2027).overdue_reserve_yen == 0


def test_a_limit_in_total_needs_no_entry_and_holds_over_the_years():
    first = [event("application", 30_000), event("decision", 30_000)]
    events = entered(IN_TOTAL, *first, event("application", 20_000, year=2025))
    assert state_of(events, IN_TOTAL).limit_yen == 50_000
    said = refused(event("decision", 20_001, year=2025), events, IN_TOTAL)
    assert "合計 50,001 円" in said
    assert "50,000 円を超え" in said
    assert "50,001" in refused(event("application", 20_001, year=2025, reason="理由"), first, IN_TOTAL)


def test_what_was_not_spent_is_free_for_the_next_year():
    first = [event("application", 50_000), event("decision", 50_000), event("result", 30_000)]
    events = entered(
        IN_TOTAL, *first, event("application", 20_000, year=2025), event("decision", 20_000, year=2025)
    )
    assert "70,000" in refused(event("result", 50_000), events, IN_TOTAL)


def test_a_limit_in_total_ends_with_its_number_of_years():
    years = [event("application", 10_000, year=year) for year in (2024, 2026)]
    events = entered(IN_TOTAL, *years)
    said = refused(event("application", 10_000, year=2027), events, IN_TOTAL)
    assert "3 年度" in said
    assert "2027年度" in said
    turned_down = [*events, event("limit", 50_000, year=2026), event("decision", 0, year=2026)]
    refuse(event("application", 10_000, year=2027), turned_down, IN_TOTAL)
    refuse(event("limit", 1, year=2027), events, IN_TOTAL)


def test_a_yearly_limit_knows_no_number_of_years():
    events = entered(PLAIN, *(entry for year in range(2020, 2027) for entry in granted(year=year)))
    assert [state.fiscal_year for state in grant_states(events, PLAIN)] == list(range(2020, 2027))


entries = st.lists(
    st.builds(
        event,
        st.sampled_from(list(EventKind)),
        st.integers(0, 1_000),
        year=st.integers(2020, 2025),
        reason=st.sampled_from(["", "理由"]),
    ),
    max_size=40,
)
rules = st.builds(
    Conditions,
    rate=st.fractions(Fraction(1, 10), Fraction(1), max_denominator=10),
    reserve_share=st.sampled_from([None, Fraction(1, 2), Fraction(1, 3)]),
    reserve_years=st.integers(1, 3),
)


@given(entries, rules)
def test_whatever_is_entered_no_yen_is_made_or_lost(tried, conditions):
    history = []
    for entry in [*granted(800, 700), *tried]:
        try:
            refuse(entry, history, conditions)
        except InputRefused:
            continue
        history.append(entry)
    assert len(history) >= 3
    states = grant_states(history, conditions)
    for state in states:
        if state.payable_yen is not None:
            assert state.payable_yen <= state.decided_yen
            assert state.payable_yen <= state.spent_yen * conditions.rate + state.reserved_yen
            assert state.payable_yen + state.repaid_yen + state.to_repay_yen >= state.decided_yen
        if state.decided_yen is not None and state.decided_yen > state.limit_yen:
            assert (state.over_limit_yen, state.over_limit_reason) == (
                state.decided_yen - state.limit_yen,
                "理由",
            )
    reserved = sum(state.reserved_yen for state in states)
    used = sum(state.reserve_used_yen for state in states)
    left = sum(reserve.open_yen for reserve in states[-1].open_reserves)
    repaid = sum(state.repaid_yen for state in states)
    assert left <= reserved
    assert reserved - used - repaid <= left
    assert repaid or left == reserved - used
