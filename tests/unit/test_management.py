"""Management of centres: courses without gap or overlap, changes by the rules alone, counts beside the published."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused, NotInForce, RuleFileError
from kyodo_geo.lineage import Lineage, Split
from kyodo_geo.model.changes import Change, Entered, standing
from kyodo_geo.model.management import (
    CAVEAT,
    Published,
    before_after,
    branches_on,
    counts_by_year,
    ends_unknown,
    ends_within,
    first_transfers,
    gantt_rows,
    management_faults,
    plans_past,
    state_on,
    timeline_of,
    timelines_of,
)
from kyodo_geo.provenance import Unknown
from kyodo_geo.rules.management import management_rules, parse_management
from kyodo_geo.timeline import Dated, Timeline

DAY = timedelta(days=1)
RULES = management_rules()
FIRST = date(2015, 4, 1)
LAST = date(2040, 3, 31)
NOT_PUBLISHED = Unknown("公表資料なし", detail="架空の理由")


@dataclass(frozen=True)
class Row:
    """A shipped row, as the tables have it."""

    status: str
    since_seen: bool = False
    manager: str = ""
    term_end: date | None = None
    note: str = ""


def shipped(*entries):
    return Timeline(
        "架空", tuple(Dated(date.fromisoformat(day), value, "架空の表") for day, value in entries)
    )


DIRECT = ("2015-04-01", Row("direct"))
UNTOLD = ("2016-04-01", NOT_PUBLISHED)
DARK = shipped(DIRECT, UNTOLD)
BRIGHT = shipped(DIRECT)


def change(since, status, subject="1", **values):
    options = {key: values.pop(key) for key in ("corrects", "undoes", "kind", "note") if key in values}
    return Change(
        options.pop("kind", "management"),
        subject,
        {"status": status, **values},
        since,
        "架空の議決",
        "架空課",
        "2026-11-01T09:00:00+09:00",
        **options,
    )


def numbered(*changes):
    return tuple(Entered(seq, one, f"{seq:064x}") for seq, one in enumerate(changes, start=1))


def course(entries, *changes):
    return timeline_of(entries, standing(numbered(*changes)), code="1", rules=RULES)


def faults(entries, *changes):
    with pytest.raises(InputRefused) as caught:
        course(entries, *changes)
    return [str(fault) for fault in caught.value.faults]


def tried(entries, *changes):
    """Return the course, or None and the faults it was refused with."""
    try:
        return course(entries, *changes), ()
    except InputRefused as refused:
        return None, refused.faults


def told(made):
    return [
        (spell.since.isoformat(), spell.until and spell.until.isoformat(), spell.status)
        for spell in made.spells
    ]


def community(since, end=None, manager="架空協議会", **more):
    values = {"manager": manager, **({"term_end": end} if end else {}), **more}
    return change(since, "community", **values)


# ── courses ──
days = st.dates(FIRST - timedelta(days=400), date(2035, 12, 31))
stated = st.builds(
    lambda since, status, length, flags, year_only: change(
        f"FY{since.year}" if year_only else since.isoformat(),
        status,
        **({"manager": "架空協議会"} if status == "community" and flags != "bare" else {}),
        **(
            {"term_end": (since + timedelta(days=length)).isoformat()}
            if status == "community" and length
            else {}
        ),
        **({"reason": "架空の理由"} if status == "direct" else {}),
        **({flags: "yes"} if flags in {"planned", "seen"} else {}),
    ),
    days,
    st.sampled_from(["direct", "community", "community"]),
    st.sampled_from([0, 364, 365, 1825, -30]),
    st.sampled_from(["", "", "bare", "planned", "seen"]),
    st.booleans(),
)
tables = st.sampled_from(
    [
        BRIGHT,
        DARK,
        shipped(
            DIRECT,
            ("2024-04-01", Row("community", term_end=date(2029, 3, 31))),
            ("2029-04-01", NOT_PUBLISHED),
        ),
        shipped(DIRECT, UNTOLD, ("2025-03-25", Row("community", since_seen=True))),
        shipped(("2015-04-01", Row("community"))),
    ]
)


@given(tables, st.lists(stated, max_size=5))
def test_a_course_has_no_gap_and_no_overlap_or_is_refused(table, changes):
    made, found = tried(table, *changes)
    event("laid out" if made else "refused")
    if made is None:
        assert found
        assert changes
        return
    assert made.spells[0].since == FIRST
    assert made.spells[-1].until is None
    for spell, after in pairwise(made.spells):
        assert spell.since <= spell.until == after.since - DAY
    for spell in made.spells:
        assert made.at(spell.since) == spell
        assert made.at(spell.until or date.max) == spell
        assert spell.term_end is None or (spell.since <= spell.term_end)
        assert spell.term_end is None or (spell.until or date.max) <= spell.term_end
    for one in changes:
        if not {"planned", "seen"} & set(one.values) and not one.since.startswith("FY"):
            assert made.at(date.fromisoformat(one.since)).status == one.values["status"]
    for spell, after in pairwise(made.planned):
        assert spell.until < after.since


@given(tables, st.lists(stated, max_size=4), stated)
def test_a_change_is_judged_at_the_form_as_it_is_judged_in_the_records(table, changes, another):
    made, _ = tried(table, *changes)
    assume(made is not None)
    # A plan is refused at the form; in the records facts may have overtaken it, which is no fault
    assume("planned" not in another.values)
    judged = management_faults(another, made)
    again, found = tried(table, *changes, another)
    event("lawful" if again else "refused")
    assert len(judged) == len(found)
    assert (again is None) == bool(judged)


@given(tables, st.lists(stated, max_size=4), st.integers(1, 4))
def test_the_order_of_entry_does_not_matter(table, changes, turn):
    turned = [*changes[turn:], *changes[:turn]]
    made, found = tried(table, *changes)
    event("laid out" if made else "refused")
    again, others = tried(table, *turned)
    assert bool(found) == bool(others)  # of two on one day the other one is named
    assert made is None or told(again) == told(made)


@st.composite
def histories(draw):
    """A lawful history of a centre and what must be told of it: terms, renewals, gaps, returns to direct management."""
    entered, expected = [], [(FIRST, "direct")]
    day, status = FIRST + draw(st.integers(1, 900)) * DAY, "direct"
    for _ in range(draw(st.integers(1, 5))):
        if status != "direct" and draw(st.booleans()):
            entered.append(change(day.isoformat(), "direct"))
            status = "direct"
        else:
            end = day + draw(st.integers(0, 2000)) * DAY
            manager = draw(st.sampled_from(["架空協議会", "別の会"]))
            entered.append(community(day.isoformat(), end.isoformat(), manager))
            status = "community"
        expected.append((day, status))
        gap = draw(st.integers(1 if status == "direct" else 0, 700))
        if status == "community":
            if gap:
                expected.append((end + DAY, "unknown"))
            day = end + (gap + 1) * DAY
        else:
            day += gap * DAY
    if status == "community" and expected[-1][1] == "community":
        expected.append((end + DAY, "unknown"))
    return entered, expected


@given(histories(), st.randoms())
def test_a_lawful_history_is_told_as_it_was_entered_in_whatever_order(history, chance):
    entered, expected = history
    chance.shuffle(entered)
    assert [(spell.since, spell.status) for spell in course(BRIGHT, *entered).spells] == expected


@given(histories(), st.data())
def test_nothing_begins_within_a_term_but_an_early_end_with_its_reason(history, data):
    entered, _ = history
    terms = [one for one in entered if one.values.get("term_end", one.since) > one.since]
    assume(terms)
    term = data.draw(st.sampled_from(terms))
    day = data.draw(
        st.dates(date.fromisoformat(term.since) + DAY, date.fromisoformat(term.values["term_end"]))
    )
    made = course(BRIGHT, *entered)
    seq = entered.index(term) + 1
    assert management_faults(community(day.isoformat()), made)
    assert management_faults(change(day.isoformat(), "direct"), made)
    left = course(BRIGHT, *entered[:seq])
    assert management_faults(change(day.isoformat(), "direct", reason="架空の取消し"), left) == ()


def test_shipped_entries_alone_are_the_shipped_timeline():
    table = shipped(DIRECT, UNTOLD, ("2025-03-25", Row("community", since_seen=True, manager="架空会")))
    made = course(table)
    assert told(made) == [
        ("2015-04-01", "2016-03-31", "direct"),
        ("2016-04-01", "2025-03-24", "unknown"),
        ("2025-03-25", None, "community"),
    ]
    assert made.spells[1].note == "架空の理由"
    assert made.spells[2].since_seen
    assert made.spells[2].source == "架空の表"


def test_a_day_before_the_first_is_refused_when_asked_and_when_entered():
    with pytest.raises(NotInForce, match="公民館"):
        course(DARK).at(FIRST - DAY)
    (only,) = faults(DARK, change("2015-03-31", "direct"))
    assert "2015-04-01" in only
    assert "公民館" in only


def test_after_a_term_nothing_is_known_until_somebody_states_it():
    made = course(DARK, community("2018-04-01", "2023-03-31"))
    assert told(made)[2:] == [("2018-04-01", "2023-03-31", "community"), ("2023-04-01", None, "unknown")]
    assert "その後の記録がない" in made.spells[-1].note
    renewed = course(
        DARK, community("2018-04-01", "2023-03-31"), community("2023-04-01", "2028-03-31", "別の会")
    )
    assert [spell.manager for spell in renewed.spells[2:]] == ["架空協議会", "別の会", ""]


def test_a_shipped_unknown_says_nothing_against_what_staff_know_but_a_look_lets_it_stand():
    assert told(course(DARK, change("2015-10-01", "direct")))[-1] == ("2015-10-01", None, "direct")
    looked = course(DARK, change("2015-10-01", "direct", seen="yes"))
    assert told(looked) == told(course(DARK))
    darker = shipped(DIRECT, UNTOLD, ("2020-04-01", NOT_PUBLISHED))
    found = course(darker, change("2017-04-01", "direct", seen="yes"))
    assert told(found)[-2:] == [("2017-04-01", "2020-03-31", "direct"), ("2020-04-01", None, "unknown")]
    covered = course(darker, community("2018-04-01", "2020-04-01"))
    assert told(covered)[-2:] == [("2018-04-01", "2020-04-01", "community"), ("2020-04-02", None, "unknown")]


def test_an_entry_takes_the_place_of_a_shipped_one_of_the_same_day():
    table = shipped(DIRECT, ("2021-04-01", Row("community", manager="架空会")))
    made = course(table, community("2021-04-01", "2026-03-31", "架空会"))
    assert made.at(date(2021, 4, 1)).term_end == date(2026, 3, 31)
    assert made.at(date(2021, 4, 1)).seq == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([change("2018-04-01", "community")], ["管理者が要ります", "designate", "第244条の2 第3項"]),
        ([community("FY2018")], ["年度ではなく日", "designate"]),
        ([community("2018-04-01", "2018-03-31")], ["指定期間の終わり", "より前"]),
        (
            [community("2018-04-01", "2023-03-31"), community("2022-04-01")],
            ["renew", "終わりの翌日", "2023-03-31"],
        ),
        (
            [community("2018-04-01", "2023-03-31"), change("2020-04-01", "direct")],
            ["理由が要ります", "end_early"],
        ),
        ([community("2018-04-01"), change("2020-04-01", "unknown")], ["no_unknown_after_community", "訂正"]),
        ([change("2018-04-01", "unknown")], ["no_unknown_after_direct"]),
        ([community("2018-04-01", seen="yes")], ["seen_after_direct", "始まった日"]),
        ([community("2018-04-01"), community("2018-04-01")], ["同じ日", "記録 2", "記録 1"]),
        ([change("2018-04-01", "direct", manager="架空会")], ["直営にはありません"]),
        ([change("2018-04-01", "closed")], ["direct か community"]),
        ([community("2018-04-01", "2023-02-30")], ["2029-03-31 の形"]),
        ([community("2018-04-01", planned="no")], ["yes だけ"]),
        ([community("2018-04-01", mayor="架空")], ["知らない項目「mayor」"]),
        ([community("2018-04-01", planned="yes", seen="yes")], ["予定は確認できません"]),
    ],
)
def test_an_unlawful_change_is_refused_with_its_rule(changes, words):
    (only,) = faults(BRIGHT, *changes)
    for word in words:
        assert word in only


def test_all_faults_of_all_centres_come_at_once():
    entered = numbered(
        change("2018-04-01", "community"),
        change("2014-04-01", "direct", subject="2"),
        change("2018-04-01", "direct", subject="9"),
        change("2018-04-01", "community", subject="2", manager="架空会", term_end="2017-03-31"),
    )
    with pytest.raises(InputRefused) as caught:
        timelines_of({"1": BRIGHT, "2": BRIGHT}, entered, rules=RULES)
    text = str(caught.value)
    assert len(caught.value.faults) == 4
    for word in ("管理者が要ります", "公民館", "地区「9」はありません", "より前(2017-03-31)"):
        assert word in text


def test_an_early_end_with_its_reason_and_an_end_after_the_term_lead_back_to_direct():
    early = course(
        BRIGHT, community("2018-04-01", "2023-03-31"), change("2020-04-01", "direct", reason="架空の取消し")
    )
    assert told(early)[1:] == [("2018-04-01", "2020-03-31", "community"), ("2020-04-01", None, "direct")]
    assert early.spells[1].ended_early
    due = course(BRIGHT, community("2018-04-01", "2023-03-31"), change("2023-04-01", "direct"))
    assert told(due)[-1] == ("2023-04-01", None, "direct")
    assert not due.spells[1].ended_early


def test_from_unknown_anything_may_become_known_without_more():
    assert told(course(DARK, change("FY2018", "community")))[-1] == ("2018-04-01", None, "community")
    assert course(DARK, change("FY2018", "community")).spells[-1].year_only
    assert course(DARK, change("2018-06-01", "direct", seen="yes")).spells[-1].since_seen


def test_a_look_names_a_manager_within_a_term_from_its_start_and_else_only_from_its_own_day():
    table = shipped(DIRECT, ("2021-04-01", Row("community", term_end=date(2026, 3, 31))))
    within = course(table, community("2023-01-01", seen="yes"))
    assert [spell.manager for spell in within.spells] == ["", "架空協議会", ""]
    assert "架空の議決" in within.spells[1].note
    endless = course(shipped(DIRECT, ("2021-04-01", Row("community"))), community("2023-01-01", seen="yes"))
    assert [(spell.manager, spell.since_seen) for spell in endless.spells[1:]] == [
        ("", False),
        ("架空協議会", True),
    ]


def test_a_look_that_names_another_manager_is_refused_and_one_after_the_term_begins_anew():
    first = community("2018-04-01", "2023-03-31")
    (only,) = faults(BRIGHT, first, community("2020-04-01", manager="別の会", seen="yes"))
    assert "更新なら" in only
    (last,) = faults(BRIGHT, first, community("2023-03-31", manager="別の会", seen="yes"))
    assert "更新なら" in last
    after = course(BRIGHT, first, community("2023-04-01", manager="別の会", seen="yes"))
    assert told(after)[-1] == ("2023-04-01", None, "community")
    assert after.spells[-1].since_seen


def test_what_is_entered_must_agree_with_what_is_shipped_after_it():
    table = shipped(DIRECT, UNTOLD, ("2025-03-25", Row("community", since_seen=True)))
    (only,) = faults(table, change("2020-04-01", "direct"))
    assert "配布データ(2025-03-25" in only
    overlapping = shipped(DIRECT, ("2024-04-01", Row("community", term_end=date(2029, 3, 31))))
    (only,) = faults(overlapping, community("2020-04-01", "2025-03-31"))
    assert "renew" in only


def test_a_shipped_term_that_ends_before_it_begins_or_overlaps_the_next_is_refused():
    wrong = shipped(DIRECT, ("2024-04-01", Row("community", term_end=date(2023, 3, 31))))
    assert "終わっています" in faults(wrong)[0]
    twice = shipped(
        ("2020-04-01", Row("community", term_end=date(2025, 3, 31))), ("2024-04-01", Row("community"))
    )
    assert "重なります" in faults(twice)[0]
    for day, overlaps in (("2025-03-31", True), ("2025-04-01", False)):
        table = shipped(("2020-04-01", Row("community", term_end=date(2025, 3, 31))), (day, Row("community")))
        assert bool(tried(table)[1]) == overlaps


# ── corrections, undos, the form ──
def test_a_correction_replaces_and_an_undo_takes_back():
    wrong = community("2018-04-01", "2023-03-31")
    right = community("2019-04-01", "2024-03-31", corrects=1)
    assert told(course(BRIGHT, wrong, right))[1][0] == "2019-04-01"
    back = change("2019-04-01", "direct", undoes=2)
    assert told(course(BRIGHT, wrong, right, back)) == told(course(BRIGHT, wrong))


def test_a_correction_is_judged_without_what_it_corrects_and_with_what_comes_after():
    first, second = community("2018-04-01", "2023-03-31"), community("2023-04-01", "2028-03-31")
    made = course(BRIGHT, first, second)
    assert management_faults(community("2018-04-01", "2023-03-31", "別の会", corrects=1), made) == ()
    (only,) = management_faults(community("2018-04-01", "2024-03-31", corrects=1), made)
    assert "記録 2" in str(only)
    (only,) = management_faults(community("2018-04-01", "2023-03-31"), made)
    assert "同じ日" in str(only)
    assert str(only).startswith("この入力")


def test_the_form_names_a_correction_of_nothing_another_district_and_another_kind():
    made = course(BRIGHT)
    assert "訂正する記録 7" in str(management_faults(community("2018-04-01", corrects=7), made)[0])
    assert "地区「2」" in str(management_faults(change("2018-04-01", "direct", subject="2"), made)[0])
    assert "activity" in str(management_faults(change("2018-04-01", "direct", kind="activity"), made)[0])


def test_an_undo_is_judged_by_what_is_left():
    first = community("2018-04-01", "2023-03-31")
    end = change("2020-04-01", "direct", reason="架空の取消し")
    made = course(BRIGHT, first, end, community("2021-04-01", "2026-03-31"))
    (only,) = management_faults(change("2020-04-01", "direct", undoes=2), made)
    assert "記録 3" in str(only)
    assert management_faults(change("2021-04-01", "direct", undoes=3), made) == ()


# ── plans ──
def test_a_plan_is_apart_from_the_facts_and_shows_only_when_asked_for():
    plan = change("2027-04-01", "community", planned="yes", term_end="2032-03-31")
    courses = {"1": course(BRIGHT, plan)}
    assert told(courses["1"]) == [("2015-04-01", None, "direct")]
    assert state_on(courses, date(2028, 1, 1))["1"].status == "direct"
    intended = state_on(courses, date(2028, 1, 1), planned=True)["1"]
    assert (intended.status, intended.planned) == ("community", True)
    assert state_on(courses, date(2027, 3, 31), planned=True)["1"].planned is False
    assert state_on(courses, date(2032, 3, 31), planned=True)["1"].status == "community"
    assert state_on(courses, date(2032, 4, 1), planned=True)["1"].status == "unknown"
    assert plans_past(courses, date(2027, 4, 1))["1"].since == date(2027, 4, 1)
    assert plans_past(courses, date(2027, 3, 31)) == {}


def test_a_fact_overtakes_a_plan_but_a_plan_after_a_fact_is_refused_at_the_form():
    plan = change("2027-04-01", "community", planned="yes")
    assert course(BRIGHT, plan, community("2027-04-01", "2032-03-31")).planned == ()
    assert course(BRIGHT, plan, community("2026-10-01", "2031-03-31")).planned == ()
    made = course(BRIGHT, community("2026-10-01", "2031-03-31"))
    assert "renew" in str(management_faults(plan, made)[0])
    late = change("2020-04-01", "community", planned="yes")
    assert "事実がすでに" in str(management_faults(late, made)[0])
    renewal = change("2031-04-01", "community", planned="yes")
    assert management_faults(renewal, made) == ()


def test_a_second_plan_follows_the_first():
    first = change("2027-04-01", "community", planned="yes", term_end="2032-03-31")
    second = change("2032-04-01", "community", planned="yes")
    made = course(BRIGHT, first, second)
    assert [(one.since.year, one.until and one.until.year) for one in made.planned] == [
        (2027, 2032),
        (2032, None),
    ]


def test_a_planned_early_end_cuts_the_plan_before_it():
    first = change("2027-04-01", "community", planned="yes", term_end="2032-03-31")
    made = course(BRIGHT, first, change("2032-03-31", "direct", planned="yes"))
    assert [one.until for one in made.planned] == [date(2032, 3, 30), None]


# ── a day, years, terms ──
LINEAGE = Lineage(FIRST, "架空の条例", (Split("3", date(2017, 4, 1), "1", "架空"),))
TABLES = {
    "1": DARK,
    "2": shipped(
        DIRECT, ("2016-04-01", Row("community", term_end=date(2021, 3, 31))), ("2021-04-01", NOT_PUBLISHED)
    ),
    "3": shipped(("2017-04-01", Row("community", manager="架空会"))),
}


@pytest.fixture
def courses():
    return timelines_of(TABLES, (), rules=RULES, lineage=LINEAGE)


def test_a_branch_is_no_centre_before_its_day(courses):
    assert list(state_on(courses, date(2017, 3, 31))) == ["1", "2"]
    assert branches_on(LINEAGE, courses, date(2017, 3, 31)) == {"3": "1"}
    assert list(state_on(courses, date(2017, 4, 1))) == ["1", "2", "3"]
    assert branches_on(LINEAGE, courses, date(2017, 4, 1)) == {}
    with pytest.raises(NotInForce, match="公民館"):
        state_on(courses, FIRST - DAY)


def test_a_centre_whose_first_day_is_not_its_districts_is_refused():
    with pytest.raises(InputRefused, match="地区の始まり 2017-04-01"):
        timelines_of(TABLES | {"3": BRIGHT}, (), rules=RULES, lineage=LINEAGE)


def test_counts_stand_beside_the_published_ones_and_name_the_gap(courses):
    published = {
        2016: Published(date(2016, 4, 1), 1, None, "架空の計画", at_least=True),
        2018: Published(date(2019, 3, 31), 3, 3, "架空の計画"),
        2020: Published(date(2020, 4, 1), 1, 4, "架空の計画"),
    }
    by_year = {one.year: one for one in counts_by_year(courses, range(2015, 2022), published=published)}
    assert [(one.direct, one.community, one.unknown) for one in by_year.values()] == [
        (2, 0, 0), (0, 1, 1), (0, 2, 1), (0, 2, 1), (0, 2, 1), (0, 2, 1), (0, 1, 2),
    ]  # fmt: skip
    assert by_year[2016].gap == 0
    assert by_year[2018].note == "公表 3 のうち 1 は名前が分からない"
    assert by_year[2018].community_most == 3
    low = {2018: Published(date(2019, 3, 31), 1, 3, "架空の計画", at_least=True)}
    assert counts_by_year(courses, [2018], published=low)[0].note == "公表 1以上 と合う(分かっているのは 2)"
    assert by_year[2020].gap == -1
    assert "より多く、合わない" in by_year[2020].note
    assert "公表のセンター数は 4、ここでは 3" in by_year[2020].note
    assert by_year[2017].gap is None
    assert by_year[2017].note == ""


def test_a_published_count_is_compared_on_its_own_day(courses):
    (year,) = counts_by_year(
        courses, [2016], published={2016: Published(date(2017, 3, 31), 1, 2, "架空")}, on=(4, 2)
    )
    assert (year.day, year.known_then, year.standing_then) == (date(2016, 4, 2), 1, 2)
    with pytest.raises(InputRefused, match="2016年度"):
        counts_by_year(courses, [2016], published={2016: Published(date(2017, 4, 1), 1, 2, "架空")})


def test_the_day_of_the_counts_lies_in_the_fiscal_year(courses):
    (year,) = counts_by_year(courses, [2016], on=(3, 31))
    assert year.day == date(2017, 3, 31)
    with pytest.raises(InputRefused, match="2月30日"):
        counts_by_year(courses, [2016], on=(2, 30))
    with pytest.raises(NotInForce):
        counts_by_year(courses, [2014])


def test_terms_that_end_are_listed_on_both_edges_and_with_what_follows(courses):
    assert [one.code for one in ends_within(courses, date(2020, 3, 31))] == ["2"]
    assert ends_within(courses, date(2020, 3, 30)) == ()
    (last,) = ends_within(courses, date(2021, 3, 31), 0)
    assert (last.days_left, last.following) == (0, None)
    assert ends_within(courses, date(2021, 4, 1)) == ()
    renewal = numbered(change("2021-04-01", "community", subject="2", manager="架空会"))
    renewed = timelines_of(TABLES, renewal, rules=RULES)
    assert ends_within(renewed, date(2021, 1, 1))[0].following.manager == "架空会"
    with pytest.raises(InputRefused, match="0 以上"):
        ends_within(courses, FIRST, -1)


def test_a_term_without_a_known_end_is_named_apart_and_one_that_ended_early_is_not_listed(courses):
    assert ends_unknown(courses, date(2018, 1, 1)) == ("3",)
    early = course(
        BRIGHT, community("2018-04-01", "2023-03-31"), change("2020-04-01", "direct", reason="架空の取消し")
    )
    assert ends_within({"1": early}, date(2022, 6, 1)) == ()


@given(st.dates(date(2016, 1, 1), date(2030, 12, 31)), st.integers(0, 40))
def test_a_window_of_months_ends_on_the_same_day_or_the_last_of_a_shorter_month(day, months):
    total = day.month - 1 + months
    year, month = day.year + total // 12, total % 12 + 1
    after = date(year + month // 12, month % 12 + 1, 1) - DAY
    last = after if after.day < day.day else date(year, month, day.day)

    def listed(end):
        made = course(BRIGHT, community("2015-10-01", end.isoformat()))
        return bool(ends_within({"1": made}, day, months))

    assert listed(last)
    assert not listed(last + DAY)


def test_a_first_transfer_is_known_only_where_all_before_it_is(courses):
    first = first_transfers(courses | {"4": course(DARK, community("2018-04-01")), "5": course(BRIGHT)})
    assert first["2"] == date(2016, 4, 1)
    assert first["3"] == date(2017, 4, 1)
    assert isinstance(first["1"], Unknown)
    assert "初めての移行かどうか" in first["4"].reason
    assert "記録がない" in first["5"].reason


def test_gantt_bars_are_cut_to_the_window_and_say_where_they_were_cut(courses):
    rows = {row.code: row for row in gantt_rows(courses, date(2016, 1, 1), date(2019, 12, 31))}
    assert [(bar.first, bar.last, bar.begins, bar.ends) for bar in rows["1"].facts] == [
        (date(2016, 1, 1), date(2016, 3, 31), False, True),
        (date(2016, 4, 1), date(2019, 12, 31), True, False),
    ]
    assert rows["3"].facts[0].first == date(2017, 4, 1)
    assert gantt_rows(courses, FIRST, FIRST)[2].facts == ()
    edge = date(2016, 3, 31)
    (bar,) = gantt_rows(courses, edge, edge)[0].facts
    assert (bar.spell.status, bar.begins, bar.ends) == ("direct", False, True)
    seen = course(DARK, change("2018-06-01", "direct", seen="yes"))
    assert [bar.begins for bar in gantt_rows({"1": seen}, FIRST, LAST)[0].facts] == [True, True, False]
    with pytest.raises(InputRefused, match="より前"):
        gantt_rows(courses, LAST, FIRST)


# ── before and after ──
def test_before_and_after_are_means_of_the_centres_with_a_known_start_and_a_figure():
    values = {
        "1": {2014: 1.0, 2015: 2.0, 2016: 4.0, 2017: Unknown("架空")},
        "2": {2016: 10.0, 2017: 20.0, 2018: 30.0},
        "3": {2016: 99.0},
    }
    starts = {"1": date(2016, 3, 31), "2": date(2017, 4, 1), "3": Unknown("架空")}
    told_ = before_after(values, starts, reach=1)
    assert [(step.offset, step.mean, step.n) for step in told_.steps] == [
        (-1, 5.5, 2),
        (0, 11.0, 2),
        (1, 17.0, 2),
    ]
    assert told_.without_start == ("3",)
    assert told_.caveat == CAVEAT
    wide = before_after(values, starts, reach=2)
    assert isinstance(wide.steps[0].mean, Unknown)
    assert (wide.steps[0].n, wide.steps[-1].n) == (0, 0)


def test_the_same_centres_alone_can_be_followed_through_all_steps():
    values = {"1": {2015: 1.0, 2016: 2.0, 2017: 3.0}, "2": {2016: 100.0}}
    starts = {"1": date(2016, 4, 1), "2": date(2016, 4, 1)}
    followed = before_after(values, starts, reach=1, same_centres=True)
    assert [step.mean for step in followed.steps] == [1.0, 2.0, 3.0]
    assert {step.centres for step in followed.steps} == {("1",)}


@pytest.mark.parametrize("figure", [float("nan"), float("inf")])
def test_a_figure_that_is_no_number_is_refused(figure):
    with pytest.raises(InputRefused, match="数ではありません"):
        before_after({"1": {2016: figure}}, {"1": date(2016, 4, 1)})


def test_a_reach_below_a_year_is_refused():
    with pytest.raises(InputRefused, match="1 以上"):
        before_after({}, {}, reach=0)


# ── the rules ──
def test_every_rule_has_a_ground_and_what_is_ours_says_so():
    for rule in RULES.transitions:
        assert rule.label
        assert (rule.basis == "own") == rule.reference.startswith("この道具の解釈")
        for article in re.findall(r"地方自治法 (第\S+?条の\d+)", rule.reference):
            assert article == "第244条の2"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "renew"', 'id = "end"', "規則「end」が 2 回"),
        ('needs = ["reason"]', 'needs = ["mood"]', "「mood」は使えません"),
        ('timing = "within_term"', 'timing = "someday"', "「someday」は使えません"),
        ('from = "none"\nto = "direct"\nbasis', 'from = "direct"\nto = "direct"\nbasis', "none から direct"),
        ('reference = "この道具の解釈。状態は変わらない"', 'reference = " "', "根拠(reference)が空"),
        ('label = "不明"\n', "", "label"),
        ('id = "open"', "id = open", "TOML として読めません"),
        (
            'refused = "不明は入力できません。',
            'needs = ["reason"]\nrefused = "不明は入力できません。',
            "needs",
        ),
    ],
)
def test_a_wrong_rule_file_is_refused_with_its_place(old, new, words):
    assert old in RULES.text
    with pytest.raises(RuleFileError) as caught:
        parse_management(RULES.text.replace(old, new), name="架空.toml")
    assert words in str(caught.value)
    assert "架空.toml" in str(caught.value)
