from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.city import DEFAULT_DATA
from kyodo_geo.errors import InputRefused
from kyodo_geo.model.changes import Change, Entered
from kyodo_geo.model.programmes.answers import (
    NO_ANSWERS,
    NOT_PUBLISHED,
    Answer,
    answers_of,
    compare_years,
    distribution,
    texts_of,
)
from kyodo_geo.model.programmes.checks import answer_faults, progress_faults
from kyodo_geo.model.programmes.plan import Scheduled
from kyodo_geo.model.programmes.progress import NO_RECORD, NOT_COMPUTED, figures_of, progress_of
from kyodo_geo.model.programmes.public import HIDDEN, PublicDistribution, public_distribution
from kyodo_geo.model.programmes.questionnaire import NO_ANSWER
from kyodo_geo.model.programmes.rollup import (
    Delay,
    delay_of,
    late_programmes,
    report_rows,
    tally_all,
    tally_by_policy,
)
from kyodo_geo.provenance import Unknown
from kyodo_geo.sources.plans import read_plan

PLAN = read_plan(
    (DEFAULT_DATA / "records" / "plan_2019.toml").read_text(encoding="utf-8"), name="plan_2019.toml"
)
SURVEY = PLAN.survey
AT = "2022-05-01T09:00:00+09:00"
NUMBERS = [one.no for one in PLAN.programmes]
YEARS = [year.year for year in PLAN.years]


def change(subject="plan2:11", since="FY2021", *, kind="progress", corrects=None, undoes=None, **values):
    named = {key.rstrip("_"): value for key, value in values.items()}
    return Change(kind, subject, named, since, "架空の資料", "架空の課", AT, corrects=corrects, undoes=undoes)


def entered(*changes):
    return tuple(Entered(seq, one, "") for seq, one in enumerate(changes, start=1))


def states(*changes):
    return progress_of(PLAN, entered(*changes))


def assessed(no, year, word):
    return change(f"plan2:{no}", f"FY{year}", assessment=word)


records = st.dictionaries(
    st.tuples(st.sampled_from(NUMBERS), st.sampled_from(YEARS)), st.sampled_from(PLAN.words), max_size=40
)


def test_without_records_everything_is_unknown_and_nothing_late():
    nothing = states()
    assert set(nothing) == {(no, year) for no in NUMBERS for year in YEARS}
    assert set(nothing.values()) == {NO_RECORD}
    for year in YEARS:
        whole = tally_all(PLAN, nothing, year)
        assert (whole.unknown, set(whole.counts.values())) == (15, {0})
        assert (whole.late, whole.unclear) == ((), ())
        assert late_programmes(PLAN, nothing, year) == ()


@given(records)
def test_policies_add_up_to_the_plan_and_unknown_is_what_nobody_assessed(given_words):
    found = states(*(assessed(no, year, word) for (no, year), word in given_words.items()))
    for year in YEARS:
        whole, parts = tally_all(PLAN, found, year), tally_by_policy(PLAN, found, year)
        assert whole.programmes == sum(part.programmes for part in parts) == len(NUMBERS)
        assert whole.unknown == sum(part.unknown for part in parts)
        assert whole.unknown == len(NUMBERS) - sum(at == year for _, at in given_words)
        assert Counter(whole.counts) == sum((Counter(part.counts) for part in parts), Counter()) | Counter(
            dict.fromkeys(PLAN.words, 0)
        )
        assert sorted(whole.late) == sorted(no for part in parts for no in part.late)
        assert len(whole.late) >= whole.counts["遅れ"]


@given(records)
def test_the_report_has_each_programme_once_and_says_what_the_tally_says(given_words):
    found = states(*(assessed(no, year, word) for (no, year), word in given_words.items()))
    for year in YEARS:
        rows, whole = report_rows(PLAN, found, year), tally_all(PLAN, found, year)
        assert [row.programme.no for row in rows] == NUMBERS
        words = Counter(row.assessment for row in rows if not isinstance(row.assessment, Unknown))
        assert {word: words[word] for word in PLAN.words} == dict(whole.counts)
        assert [row.programme.no for row in rows if row.delay is Delay.LATE] == list(whole.late)
        if year > YEARS[0]:
            before = {row.programme.no: row.assessment for row in report_rows(PLAN, found, year - 1)}
            assert {row.programme.no: row.before for row in rows} == before


def test_the_first_year_has_no_year_before():
    assert {row.before for row in report_rows(PLAN, states(), YEARS[0])} == {Unknown("計画の初年度")}


def test_each_part_is_the_newest_that_was_stated_and_the_rest_unknown():
    found = states(
        change(since="2021-04-10", planned="2館の移行", assessment="順調"),
        change(since="2022-03-20", done="1館の移行", assessment="遅れ", figure="14", figure_unit="館"),
        change(since="2021-10-01", assessment="おおむね順調", next="協議"),
    )[11, 2021]
    assert (found.planned, found.done, found.assessment, found.next_step) == (
        "2館の移行",
        "1館の移行",
        "遅れ",
        "協議",
    )
    assert found.evidence == NO_RECORD
    assert (found.figure.value, found.figure.unit, found.figure.mark) == (Decimal(14), "館", "")
    assert found.seqs == (1, 2, 3)


def test_march_belongs_to_the_fiscal_year_before():
    found = states(
        change(since="2022-03-31", assessment="順調"), change(since="2022-04-01", assessment="完了")
    )
    assert (found[11, 2021].assessment, found[11, 2022].assessment) == ("順調", "完了")


def test_corrections_and_undoes_count():
    first = change(assessment="順調")
    corrected = change(assessment="遅れ", corrects=1)
    assert states(first, corrected)[11, 2021].assessment == "遅れ"
    assert states(first, corrected, change(undoes=2))[11, 2021].assessment == "順調"
    assert states(first, change(undoes=1))[11, 2021] == NO_RECORD


def test_other_plans_and_kinds_do_not_speak_of_this_plan():
    others = (change("plan3:11", assessment="遅れ"), change(kind="project", assessment="遅れ"))
    assert set(states(*others).values()) == {NO_RECORD}


def delay(word, *, year=2020, schedule=()):
    programme = replace(PLAN.programme(1), schedule=schedule)
    return delay_of(PLAN, programme, states(assessed(1, year, word))[1, year])


DO = Scheduled("実施", "do", "table", 2021, 2023)
UNREAD = Scheduled("実施", "do", "rest")


@pytest.mark.parametrize(
    ("word", "year", "schedule", "expected"),
    [
        ("遅れ", 2019, (DO,), Delay.LATE),
        ("未着手", 2020, (DO,), Delay.NONE),
        ("未着手", 2021, (DO,), Delay.LATE),
        ("未着手", 2020, (UNREAD,), Delay.UNCLEAR),
        ("未着手", 2023, (UNREAD,), Delay.LATE),
        ("未着手", 2023, (Scheduled("要請に応じて", "as_needed", "rest"),), Delay.NONE),
        ("未着手", 2023, (Scheduled("検討", "consider", "rest"),), Delay.NONE),
        ("未着手", 2023, (Scheduled("補助金", "label", "rest"),), Delay.UNCLEAR),
        ("未着手", 2023, (), Delay.UNCLEAR),
        ("順調", 2023, (DO,), Delay.NONE),
        ("完了", 2023, (DO,), Delay.NONE),
    ],
)
def test_late_is_what_is_called_late_or_has_not_begun_when_it_was_due(word, year, schedule, expected):
    assert delay(word, year=year, schedule=schedule) is expected


def test_a_programme_with_a_record_but_no_assessment_is_not_judged():
    found = states(change(done="架空"))
    assert delay_of(PLAN, PLAN.programme(11), found[11, 2021]) == NO_RECORD
    assert tally_all(PLAN, found, 2021).unknown == 15


def test_a_year_outside_the_plan_is_refused():
    for ask in (tally_all, tally_by_policy, report_rows, late_programmes):
        with pytest.raises(InputRefused, match="2024年度"):
            ask(PLAN, states(), 2024)


def test_figures_worked_out_fill_themselves_in_and_are_marked():
    computed = {
        "community_managed": {2021: 15, 2022: Unknown("公表資料なし")},
        "grants_paid:hitomachi": {2021: 9},
    }
    found = states(change(figure="14.5", figure_unit="館"))
    first, second = figures_of(PLAN.programme(11), 2021, found[11, 2021], computed=computed)
    assert (first.value, first.unit, first.mark) == (15, "館", "自動")
    assert (second.value, second.mark) == (Decimal("14.5"), "")
    (unknown,) = figures_of(PLAN.programme(11), 2022, found[11, 2022], computed=computed)
    assert unknown.value == Unknown("公表資料なし")
    (left_out,) = figures_of(PLAN.programme(11), 2023, found[11, 2023], computed=computed)
    assert left_out.value == NOT_COMPUTED
    rows = {row.programme.no: row for row in report_rows(PLAN, found, 2021, computed=computed)}
    assert [one.value for one in rows[8].figures] == [9]
    assert rows[7].figures[0].value == NOT_COMPUTED
    assert rows[3].figures == ()


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (change("plan2:16", done="架空"), "plan2:16"),
        (change("plan3:1", done="架空"), "plan3:1"),
        (change(since="FY2018", done="架空"), "期間"),
        (change(since="2024-04-01", done="架空"), "期間"),
        (change(), "1つ以上"),
        (change(wish="架空"), "wish"),
        (change(figure="約14", figure_unit="館"), "約14"),
        (change(figure="-1", figure_unit="館"), "-1"),
        (change(figure="14"), "数値と単位"),
        (change(figure_unit="館"), "数値と単位"),
        (change(assessment="A"), "順調、おおむね順調"),
        (change(kind="answer", done="架空"), "answer"),
    ],
)
def test_a_wrong_record_of_progress_is_told(bad, told):
    assert any(told in str(fault) for fault in progress_faults(bad, PLAN))


def test_all_faults_of_a_record_come_at_once():
    bad = change("plan2:99", "FY2030", figure="x", assessment="?", wish="架空")
    assert len(progress_faults(bad, PLAN)) == 6


@given(
    st.sampled_from(NUMBERS),
    st.sampled_from(YEARS),
    st.sampled_from(PLAN.words),
    st.decimals(0, 10**9, places=2),
)
def test_a_right_record_has_no_fault_and_comes_back_as_it_was_entered(no, year, word, figure):
    good = change(f"plan2:{no}", f"FY{year}", assessment=word, figure=str(figure), figure_unit="件")
    assert progress_faults(good, PLAN) == ()
    found = states(good)[no, year]
    assert (found.assessment, found.figure.value) == (word, figure)


def test_taking_back_needs_no_values():
    assert progress_faults(change(undoes=1), PLAN) == ()
    assert answer_faults(change(kind="answer", undoes=1), SURVEY) == ()


# ---- survey


def answer(council, word, year=2023, *, item="m1", public=None, **options):
    values = {"survey": SURVEY.id, "item": item, "answer": word}
    agreed = {} if public is None else {"public": public}
    return change(council, f"FY{year}", kind="answer", **values, **agreed, **options)


def given_answers(words, *, agreed=()):
    return [Answer(f"c{number}", 2023, "m1", word, number in agreed) for number, word in enumerate(words)]


def test_the_published_survey_has_no_figures_and_another_year_none_yet():
    assert distribution(SURVEY, (), item="a1", year=2018) == NOT_PUBLISHED
    assert distribution(SURVEY, (), item="a1", year=2023) == NO_ANSWERS
    assert public_distribution(SURVEY, (), item="a1", year=2018) == NOT_PUBLISHED


words = st.lists(st.sampled_from(["満足", "ほぼ満足", "普通", "不満", NO_ANSWER]), max_size=33)


@given(words, st.integers(0, 5))
def test_answers_blanks_and_the_unrecorded_add_up_to_those_asked(given_words, more):
    asked = [f"c{number}" for number in range(len(given_words) + more)]
    found = distribution(SURVEY, given_answers(given_words), item="m1", year=2023, asked=asked)
    if not given_words:
        assert found == NO_ANSWERS
        return
    assert found.n + found.no_answer == len(given_words)
    assert found.unrecorded == more
    assert list(found.counts)[:3] == ["満足", "ほぼ満足", "普通"]
    assert NO_ANSWER not in found.counts


def test_how_many_are_unrecorded_is_unknown_when_nobody_says_who_was_asked():
    found = distribution(SURVEY, given_answers(["満足"]), item="m1", year=2023)
    assert isinstance(found.unrecorded, Unknown)


def test_of_several_answers_the_one_that_stands_last_counts():
    entries = entered(
        answer("c1", "普通"),
        answer("c1", "満足", public="yes"),
        answer("c2", "普通"),
        answer("c2", "満足", corrects=3),
    )
    assert answers_of(SURVEY, entries) == (
        Answer("c1", 2023, "m1", "満足", public=True),
        Answer("c2", 2023, "m1", "満足", public=False),
    )


def test_years_are_compared_and_a_year_without_records_stays_unknown():
    answers = answers_of(
        SURVEY, entered(answer("c1", "普通"), answer("c2", NO_ANSWER), answer("c1", "満足", 2024))
    )
    found = {year: distribution(SURVEY, answers, item="m1", year=year) for year in (2018, 2023, 2024)}
    rows = {row.answer: row.counts for row in compare_years(found)}
    assert rows["普通"] == {2018: NOT_PUBLISHED, 2023: 1, 2024: 0}
    assert rows["満足"] == {2018: NOT_PUBLISHED, 2023: 0, 2024: 1}
    assert list(rows)[-1] == NO_ANSWER
    assert rows[NO_ANSWER][2023] == 1


def test_wishes_are_texts_and_not_counted():
    answers = answers_of(
        SURVEY,
        entered(
            answer("c1", "除雪", item="a8", public="yes"),
            answer("c2", "買い物", item="a8"),
            answer("c3", NO_ANSWER, item="a8"),
        ),
    )
    assert texts_of(answers, item="a8", year=2023, agreed_only=False) == {"c1": "除雪", "c2": "買い物"}
    assert texts_of(answers, item="a8", year=2023, agreed_only=True) == {"c1": "除雪"}
    with pytest.raises(InputRefused, match="a8"):
        distribution(SURVEY, answers, item="a8", year=2023)


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (answer("c1", "満足", item="m10x"), "m10x"),
        (answer("c1", "満足", public="はい"), "はい"),
        (change("c1", kind="answer", survey="other", item="m1", answer="満足"), "other"),
        (change("c1", kind="answer", survey="council_survey", item="m1"), "値がありません"),
        (answer("c9", "満足"), "c9"),
        (answer("c1", "と" * 31), "31字"),
        (change("c1", done="架空"), "progress"),
    ],
)
def test_a_wrong_answer_is_told(bad, told):
    assert any(told in str(fault) for fault in answer_faults(bad, SURVEY, councils={"c1"}))


def test_a_whole_scale_allows_its_words_only():
    sections = tuple(replace(one, scale=("よい", "わるい"), scale_complete=True) for one in SURVEY.sections)
    whole = replace(SURVEY, sections=sections)
    assert answer_faults(answer("c1", "よい"), whole) == answer_faults(answer("c1", NO_ANSWER), whole) == ()
    assert answer_faults(answer("c1", "と" * 500, item="m10"), whole) == ()
    assert "「普通」は使えません" in str(answer_faults(answer("c1", "普通"), whole)[0])


def shown_of(found):
    totals = {**found.counts, NO_ANSWER: found.no_answer}
    return {word: count for word, count in totals.items() if not isinstance(count, Unknown)}


@given(words, st.sets(st.integers(0, 32)))
def test_the_public_never_sees_a_small_class_nor_can_work_one_out(given_words, agreed):
    answers = given_answers(given_words, agreed=agreed)
    found = public_distribution(SURVEY, answers, item="m1", year=2023)
    others = Counter(one.answer for one in answers if not one.public)
    if not isinstance(found, PublicDistribution):
        assert not given_words
        return
    assert found.named == {one.council: one.answer for one in answers if one.public}
    shown = shown_of(found)
    for word, count in shown.items():
        assert count == sum(one.answer == word for one in answers)
        assert others[word] == 0 or others[word] >= 3
    hidden = {word: count for word, count in others.items() if word not in shown}
    assert sum(shown.values()) + found.hidden == found.recorded == len(answers)
    if shown and hidden:
        assert len(hidden) >= 2
        assert sum(hidden.values()) >= 3
    if shown and not hidden:
        assert len(others) != 1
    if isinstance(found.no_answer, Unknown):
        assert found.n == HIDDEN


def test_councils_that_all_answered_alike_are_not_given_away():
    found = public_distribution(SURVEY, given_answers(["満足"] * 33), item="m1", year=2023)
    assert (dict(found.counts), found.no_answer, found.n, found.recorded) == ({}, HIDDEN, HIDDEN, 33)


def test_a_small_class_hides_with_the_next_smallest():
    found = public_distribution(
        SURVEY, given_answers(["満足"] * 20 + ["普通"] * 5 + ["不満"]), item="m1", year=2023
    )
    assert dict(found.counts) == {"満足": 20, "ほぼ満足": 0, "普通": HIDDEN, "不満": HIDDEN}
    assert (found.no_answer, found.n, found.hidden) == (0, 26, 6)


def test_no_more_is_hidden_than_must_be():
    answers = given_answers(["満足"] * 20 + ["ほぼ満足"] * 5 + ["普通", "不満"])
    found = public_distribution(SURVEY, answers, item="m1", year=2023)
    assert shown_of(found) == {"満足": 20, NO_ANSWER: 0}
    assert found.hidden == 7


@pytest.mark.parametrize("given_words", [["満足"], ["満足", "普通"], ["満足", NO_ANSWER]])
def test_a_handful_of_answers_is_hidden_altogether(given_words):
    found = public_distribution(SURVEY, given_answers(given_words), item="m1", year=2023)
    assert (dict(found.counts), found.no_answer, found.n) == ({}, HIDDEN, HIDDEN)


def test_where_all_agreed_everything_is_shown():
    found = public_distribution(SURVEY, given_answers(["満足", "不満"], agreed={0, 1}), item="m1", year=2023)
    assert (found.counts["満足"], found.counts["不満"], found.n, found.hidden) == (1, 1, 2, 0)
    assert found.named == {"c0": "満足", "c1": "不満"}


def test_one_council_that_did_not_agree_is_not_seen_behind_those_that_did():
    given_words = ["満足"] * 3 + ["普通"] * 6 + ["不満"] * 4
    found = public_distribution(SURVEY, given_answers(given_words, agreed={0, 1}), item="m1", year=2023)
    assert found.counts["満足"] == found.counts["不満"] == HIDDEN
    assert found.counts["普通"] == 6


def test_the_number_below_which_is_hidden_is_a_choice_from_two_on():
    answers = given_answers(["満足"] * 3 + ["普通"] * 4)
    assert public_distribution(SURVEY, answers, item="m1", year=2023).counts["満足"] == 3
    assert public_distribution(SURVEY, answers, item="m1", year=2023, smallest=4).counts["満足"] == HIDDEN
    with pytest.raises(InputRefused, match="2以上"):
        public_distribution(SURVEY, answers, item="m1", year=2023, smallest=1)
