"""The record of grants in words: unknown is never 0, and what needs attention is said."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from kyodo_geo.model.grant_life import Conditions, EventKind, GrantEvent
from kyodo_geo.present.grant_life_report import (
    EVENT_COLUMNS,
    LIFE_COLUMNS,
    condition_rows,
    event_rows,
    events_csv,
    life_csv,
    life_foot,
    life_lines,
    life_rows,
    overdue_words,
    reserve_words,
    share_words,
    status_words,
)
from kyodo_geo.rules.book import RuleBook

HALF = Conditions(reserve_share=Fraction(1, 2))
UNITS = {"01": "架空一", "02": "架空二"}


def event(kind, amount_yen, *, year=2024, code="01", **changes):
    entry = GrantEvent(
        year, "hitomachi", code, UNITS.get(code, "別"), EventKind(kind), amount_yen, date(year, 6, 1), "花子"
    )
    return replace(entry, **changes)


def events(*steps, **changes):
    return [event(kind, yen, **changes) for kind, yen in steps]


GRANTED = (("limit", 1_000), ("application", 1_000), ("decision", 1_000))


def line(entered, conditions=HALF, *, year=2024):
    return life_lines(UNITS, entered, conditions, fiscal_year=year)[0]


def test_a_unit_without_an_entry_has_words_and_no_zero():
    nothing = line([])
    assert nothing.amounts == ("未入力",) * 4 + ("まだ分かりません",) * 2 + ("記録なし",) * 2
    assert not any("0" in cell for cell in life_rows([nothing])[0][1:])
    assert line([], Conditions()).amounts[-1] == "対象外"
    assert line([], Conditions(total_limit_yen=50_000)).amounts[0] == 50_000


def test_what_was_entered_as_nothing_is_zero():
    entered = events(*GRANTED, ("result", 0), ("repayment", 1_000), ("reserve", 0))
    assert line(entered).amounts == (1_000, 1_000, 1_000, 0, 0, 0, 1_000, 0)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((), "限度額が未入力"),
        (GRANTED[:1], "申請を待っています"),
        (GRANTED[:2], "交付決定を待っています"),
        (GRANTED, "実績を待っています"),
        ((*GRANTED[:2], ("decision", 0)), "交付なしの決定"),
        ((*GRANTED, ("result", 700)), "返還が必要です"),
        ((*GRANTED, ("result", 700), ("repayment", 300)), "精算済み"),
    ],
)
def test_each_step_has_its_words(steps, words):
    assert status_words(line(events(*steps))) == words


def test_a_total_limit_needs_no_entry_to_wait_for_the_application():
    assert status_words(line([], Conditions(total_limit_yen=50_000))) == "申請を待っています"


def test_over_the_limit_shows_the_recorded_reason():
    entered = [*events(*GRANTED[:2]), event("decision", 1_200, reason="台風")]
    assert "限度額を 200 円超過(理由: 台風)" in status_words(line(entered))
    before = events(("application", 1_200), ("limit", 1_000))
    assert "理由: 記録なし" in status_words(line(before))


def test_a_reserve_says_its_last_year_and_an_overdue_one_stands_out_in_words():
    entered = events(*GRANTED, ("reserve", 300))
    said = [reserve_words(line(entered, year=year)) for year in (2024, 2026, 2027)]
    assert said == [
        "300(令和8年度まで)",
        "300(令和8年度まで、この年度が最後)",
        "300(▲ 期限切れ 令和8年度まで)",
    ]
    late = line(entered, year=2027)
    assert late.state is None
    assert "▲ 期限切れの積立 300 円。返還が必要です" in status_words(late)
    assert overdue_words([late]).endswith("架空一 300 円")
    assert not overdue_words([line(entered, year=2026)])


def test_sums_are_of_what_is_known_and_the_rest_is_counted():
    entered = [
        *events(*GRANTED, ("reserve", 300)),
        *events(*GRANTED[:1], code="02"),
        event("limit", 5, code="07"),
    ]
    lines = life_lines(UNITS, entered, HALF, fiscal_year=2024)
    assert [one.unit for one in lines] == ["架空一", "架空二", "別"]
    sums, gaps = life_foot(lines)
    assert sums[2:] == ["2,005", "1,000", "1,000", "−", "−", "−", "−", "300", "300"]
    assert gaps[2:10] == ["なし", "2", "2", "3", "3", "3", "3", "2"]
    assert life_foot(life_lines(UNITS, [], Conditions(), fiscal_year=2024))[1][9] == "なし"


def test_rows_fit_their_columns():
    lines = life_lines(UNITS, events(*GRANTED), HALF, fiscal_year=2024)
    assert {len(row) for row in [*life_rows(lines), *life_foot(lines)]} == {len(LIFE_COLUMNS)}
    assert {len(row) for row in event_rows(events(*GRANTED))} == {len(EVENT_COLUMNS)}
    assert life_foot([]) == []


def test_the_history_comes_newest_first_with_all_that_was_entered():
    first = event("limit", 1_234, seq=1, run_id="abcd1234")
    rows = event_rows([first, event("application", 5, seq=2, reason="理由")])
    assert rows[0][:6] == ["2", "令和6年度", "2024-06-01", "01 架空一", "申請", "5"]
    assert rows[1][5:] == ["1,234", "", "花子", "abcd1234"]


def test_csv_holds_plain_numbers_words_for_unknown_and_no_formula():
    entered = [event("limit", 1_000, reason="=1+1", entered_by="@x", unit="-y", seq=1)]
    rows = list(csv.reader(io.StringIO(events_csv(entered))))
    assert rows[1][4:10] == ["01", "'-y", "限度額", "1000", "'=1+1", "'@x"]
    assert {len(row) for row in rows} == {11}
    rule = RuleBook.load().rule("hitomachi")
    table = list(csv.reader(io.StringIO(life_csv(life_lines(UNITS, entered, HALF, fiscal_year=2024), rule))))
    assert {len(row) for row in table} == {16}
    assert table[1][4:6] == ["1000", "未入力"]
    assert table[2][4] == "未入力"


def test_conditions_come_with_their_articles():
    book = RuleBook.load()
    rows = condition_rows(book.rule("hitomachi"), date(2024, 4, 1), {})
    said = dict(rows)
    assert all(said.values())
    assert "補助率: 10割" in said
    assert any(text.startswith("積立の上限") and text.endswith("2分の1") for text in said)
    assert any("翌年度" in text and "2 年度" in text for text in said)
    assert any("他の補助制度" in text for text in said)
    assert any("前払い" in text and "定めが分からない" in text for text in said)
    total = [text for text, _ in condition_rows(book.rule("consensus"), date(2024, 4, 1), {})]
    assert "限度額(1組織の総額): 50,000 円" in total
    assert "前払い(概算払い)ができる" in total


def test_a_value_not_published_is_shown_as_such_or_as_supplied():
    rule, day = RuleBook.load().rule("hitomachi"), date(2018, 4, 1)
    assert condition_rows(rule, day, {})[0][0] == "補助率: 未入力(公表されていない)"
    assert condition_rows(rule, day, {"rate": Fraction(2, 3)})[0][0] == "補助率: 3分の2(入力した値)"


@pytest.mark.parametrize(
    ("share", "words"), [(Fraction(1), "10割"), (Fraction(1, 2), "2分の1"), (Fraction(2, 3), "3分の2")]
)
def test_shares_are_written_as_in_an_ordinance(share, words):
    assert share_words(share) == words
