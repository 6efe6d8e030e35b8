from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from fictional import grants
from fictional.grants import PEOPLE, UNITS

from kyodo_geo.model.explain import SAME_FOR_ALL, steps
from kyodo_geo.model.grants import Frozen
from kyodo_geo.present.letter import letter, letter_html
from kyodo_geo.rules.rounding import Rounding

HOSTILE = '<script>alert("1")</script>&\'=1+1'


def said(run, index=0):
    page = letter(run, index)
    return "\n".join([page.title, *page.marks, page.answer, *page.sentences, *page.notes])


def test_the_page_answers_first_and_says_who_how_much_and_of_what_day():
    page = letter(grants.run(), 0)
    assert page.title == "あなたの地区(架空本町)の令和7年度(2025年度)の額"
    assert page.answer == "15,808 円"
    assert page.marks == ("試算",)
    text = said(grants.run())
    for words in (
        "1,200 人",
        "1,802 人",
        "66.59 %",
        "住民基本台帳",
        "令和7年(2025年)4月1日",
        "1,000 円",
        "14,808 円",
    ):
        assert words in text
    assert "1人当たり" in text
    assert "試算です。確定した額ではありません。" in page.notes


@pytest.mark.parametrize("index", range(4))
def test_the_table_has_every_step_that_is_this_unit_s_own_with_its_amount(index):
    run = grants.run(grants.rule(more=grants.HALVES), budget_yen=100_003, rounding=Rounding(1_000))
    rows, found = letter(run, index).rows, steps(run.allocation, index)
    assert [row[0] for row in rows] == [step.label for step in found if step.how != SAME_FOR_ALL]
    assert {step.id for step in found if step.how == SAME_FOR_ALL} == {"equal_weight"}
    assert {row[2] for row in rows} < {step.how for step in found}
    total = next(step for step in found if step.id == "total")
    assert (total.label, f"{total.exact.numerator:,} 円", total.how) in rows


def test_a_unit_without_people_has_no_yen_per_head():
    assert "1人当たりにすると" not in said(grants.run(), 3)
    assert "1人当たりにすると" in said(grants.run(), 0)


def test_nobody_anywhere_is_no_division():
    assert "0 %" in said(grants.run(units=UNITS[3:]))


@pytest.mark.parametrize(
    ("before", "words"), [(15_808, "同じ額です"), (15_000, "808 円増えます"), (16_000, "192 円減ります")]
)
def test_last_year_is_compared_in_words(before, words):
    text = said(grants.run(last_year={"1": before}))
    assert words in text
    assert f"{before:,} 円" in text
    assert "前年(" not in said(grants.run(last_year={"2": 5}))
    assert "前年(" not in said(grants.run())


def test_instalments_are_said_with_their_months_and_add_up():
    run = grants.run(grants.rule(more=grants.HALVES))
    (sentence,) = (one for one in letter(run, 0).sentences if "2 回" in one)
    paid = [int(one.replace(",", "")) for one in re.findall(r"月に ([\d,]+) 円", sentence)]
    assert (sum(paid), paid[1] % 1_000) == (15_808, 0)
    assert "4月に" in sentence
    assert "10月に" in sentence


def test_what_is_not_sure_or_not_in_force_is_said():
    weak = (replace(UNITS[0], uncertain=True), replace(UNITS[1], estimated=True), *UNITS[2:])
    assert "確からしさの低い" in said(grants.run(units=weak), 0)
    assert "確からしさの低い" not in said(grants.run(units=weak), 1)
    assert "境界か人口は推計です" in said(grants.run(units=weak), 1)
    assert "架空の額" in said(grants.run(example=True))
    assert "例・架空の額" in letter(grants.run(example=True), 0).marks
    assert "架空の注意" in said(grants.run(people=replace(PEOPLE, note="架空の注意")))
    assert "ファイルに記載なし" in said(
        grants.run(people=replace(PEOPLE, reference_date="ファイルに記載なし"))
    )


def test_a_frozen_run_says_its_number_and_by_whom_and_no_more_that_it_is_a_trial():
    run = replace(grants.run(), frozen=Frozen("abcd1234", "2025-04-01T09:00:00+09:00", "架空 太郎"))
    assert letter(run, 0).marks == ("確定 番号 abcd1234",)
    assert "試算です" not in said(run)
    page = letter_html(run, 0)
    for words in ("abcd1234", "令和7年(2025年)4月1日 09:00 (+09:00)", "架空 太郎"):
        assert words in page


def test_the_file_needs_no_network_and_every_word_of_data_is_text():
    frozen = Frozen("abcd1234", "2025-04-01T09:00:00+09:00", HOSTILE)
    words = ("1人当たりの額", "人口割")
    labels = [(f'label = "{word}"', f"label = {json.dumps(HOSTILE)}") for word in words]
    run = grants.run(
        grants.rule(*labels),
        units=(replace(UNITS[0], name=HOSTILE), *UNITS[1:]),
        people=replace(PEOPLE, title=HOSTILE, note=HOSTILE, counted_by=HOSTILE),
        last_year={"1": 5},
    )
    page = letter_html(replace(run, frozen=frozen), 0)
    assert page.startswith('<!doctype html><html lang="ja">')
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"https?://|@import|url\(|<(?:img|link|iframe)", page)
    assert page.count("<table>") == page.count("</table>") == 1


@pytest.mark.parametrize("index", range(5))
def test_every_district_of_another_city_has_its_page(fictional_city, today, index):
    from kyodo_geo.runs import district_units, make_run  # noqa: PLC0415 - only here a city is asked for

    run = make_run(grants.rule(), grants.scenario(fiscal_year=2024), district_units(fictional_city, today))
    name = run.allocation.units[index].name
    assert name in letter_html(run, index)
    assert letter(run, index).answer == f"{run.allocation.totals_yen[index]:,} 円"
