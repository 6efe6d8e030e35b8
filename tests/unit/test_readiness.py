"""Readiness before a transfer: what is unknown is neither yes nor no, and every answer keeps its day and source."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import RuleFileError
from kyodo_geo.model.changes import Change, Entered, standing
from kyodo_geo.model.management import Answer, readiness_faults, readiness_of
from kyodo_geo.rules.readiness import parse_readiness, readiness_items

LIST = readiness_items()
ITEMS = [item.id for item in LIST.items]
TODAY = date(2026, 11, 24)


def change(item, answer, since="2026-04-01", subject="1", **more):
    return Change(
        more.pop("kind", "readiness"),
        subject,
        {"item": item, "answer": answer},
        since,
        "架空の総会",
        "架空課",
        "2026-11-01T09:00:00+09:00",
        **more,
    )


def ready(*changes, on=TODAY, recorded=None):
    entries = tuple(Entered(seq, one, "") for seq, one in enumerate(changes, start=1))
    return readiness_of(LIST, standing(entries), "1", on=on, recorded=recorded)


def test_nobody_asked_means_nothing_known_and_anything_possible():
    asked = ready()
    assert asked.known == 0
    assert asked.yes_between == (0, 1)
    assert [state.given for state in asked.states] == [None] * len(ITEMS)


@given(st.dictionaries(st.sampled_from(ITEMS), st.sampled_from(["yes", "no", "unknown"])))
def test_the_interval_holds_every_way_the_unknown_may_turn_out(answers):
    now = ready(*(change(item, answer) for item, answer in answers.items()))
    low, high = now.yes_between
    assert 0 <= low <= high <= 1
    assert high - low == 1 - now.known
    for turned, bound in (("no", low), ("yes", high)):
        full = {
            item: answer if (answer := answers.get(item, "unknown")) != "unknown" else turned
            for item in ITEMS
        }
        settled = ready(*(change(item, answer) for item, answer in full.items()))
        assert settled.yes_between == (bound, bound)
        assert settled.known == 1


def test_weights_count_and_are_those_of_the_file():
    weights = {item.id: item.weight for item in LIST.items}
    assert ready(change("residents_agree", "yes")).yes_between[0] == weights["residents_agree"] / LIST.total
    assert ready(change("staff", "no")).share("no") == weights["staff"] / LIST.total
    assert LIST.weights_note


def test_the_latest_answer_of_a_day_counts_and_a_later_unknown_takes_a_yes_back():
    changes = [
        change("staff", "yes", "2025-04-01"),
        change("staff", "no", "FY2026"),
        change("staff", "unknown", "2026-10-01"),
    ]
    by_day = {
        day: ready(*changes, on=day).states
        for day in (date(2025, 3, 31), date(2025, 4, 1), date(2026, 4, 1), TODAY)
    }
    answers = [
        next(state.answer for state in states if state.item.id == "staff") for states in by_day.values()
    ]
    assert answers == ["unknown", "yes", "no", "unknown"]
    twice = ready(change("staff", "yes"), change("staff", "no"))
    assert [item.id for item in twice.items("no")] == ["staff"]


def test_an_answer_keeps_its_source_its_number_and_who_entered_it():
    (given_,) = [
        state.given for state in ready(change("training", "yes", note="架空の注")).states if state.given
    ]
    assert given_ == Answer(
        "yes", date(2026, 4, 1), "架空の総会", note="架空の注", entered_by="架空課", seq=1
    )


def test_a_correction_replaces_an_answer_and_other_subjects_and_kinds_do_not_count():
    assert ready(change("staff", "yes"), change("staff", "no", corrects=1)).share("yes") == 0
    assert ready(change("staff", "yes", subject="2"), change("staff", "yes", kind="answer")).known == 0


def test_what_other_records_know_fills_in_until_a_later_answer_is_entered():
    recorded = {"council_registered": Answer("yes", date(2025, 6, 1), "架空の登録簿")}
    assert ready(recorded=recorded).items("yes")[0].id == "council_registered"
    assert ready(recorded=recorded, on=date(2025, 6, 1)).known > 0
    assert ready(recorded=recorded, on=date(2025, 5, 31)).known == 0
    assert ready(change("council_registered", "no", "2025-07-01"), recorded=recorded).items("yes") == ()
    assert ready(change("council_registered", "no", "2025-05-01"), recorded=recorded).items("no") == ()


def test_worries_stand_beside_and_change_no_share():
    now = ready(change("staff", "yes"))
    beside = now.beside(["架空の不安"])
    assert beside.worries == ("架空の不安",)
    assert beside.yes_between == now.yes_between == (Fraction(1, 8), 1)


def test_a_wrong_answer_is_refused_with_all_its_faults():
    wrong = Change(
        "staff",
        "9",
        {"item": "mood", "sky": "blue"},
        "2026-04-01",
        "架空",
        "架空課",
        "2026-11-01T09:00:00+09:00",
    )
    texts = [str(fault) for fault in readiness_faults(wrong, LIST, ["1"])]
    assert len(texts) == 5
    for word in ("sky", "staff", "地区「9」", "「mood」", "「なし」"):
        assert any(word in text for text in texts)
    assert readiness_faults(change("staff", "unknown"), LIST, ["1"]) == ()


def test_every_item_asks_somebody_and_says_on_what_ground():
    for item in LIST.items:
        assert item.question.endswith("か") or "か(" in item.question
        assert item.who
        assert "章" in item.reference
        assert item.weight > 0
        assert (item.basis == "own") == ("この道具の解釈" in item.reference)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("weight = 2", "weight = 0", "0 より大きい数"),
        ("weight = 2", 'weight = "2"', "0 より大きい数"),
        ('id = "training"', 'id = "staff"', "項目「staff」が 2 回"),
        ('who = "地域協働体の会長"', 'who = ""', "空です"),
        ('basis = "plan"', 'basis = "hope"', "「hope」は使えません"),
        ("weights_note", "weight_note", "知らない項目「weight_note」"),
    ],
)
def test_a_wrong_checklist_is_refused_with_its_place(old, new, words):
    assert old in LIST.text
    with pytest.raises(RuleFileError) as caught:
        parse_readiness(LIST.text.replace(old, new), name="架空.toml")
    assert words in str(caught.value)


def test_a_checklist_without_items_is_refused():
    with pytest.raises(RuleFileError, match="1つもありません"):
        parse_readiness('title = "架空"\nweights_note = "架空"\nitem = []\n', name="架空.toml")
