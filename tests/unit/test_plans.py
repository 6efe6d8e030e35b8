from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.city import DEFAULT_DATA
from kyodo_geo.errors import DataFileError
from kyodo_geo.model.programmes.plan import COMPUTED, SCHEDULE_KINDS, TIED_BY
from kyodo_geo.provenance import Basis, Source
from kyodo_geo.rules.book import RuleBook
from kyodo_geo.sources.manifest import Store, count_rows, open_store
from kyodo_geo.sources.plans import load_plans, read_plan

PLAN_FILE = DEFAULT_DATA / "records" / "plan_2019.toml"
TEXT = PLAN_FILE.read_text(encoding="utf-8")
DAY = date(2019, 4, 1)
SECOND = """
id = "plan3"
title = "架空の次の計画"
publisher = "架空市"
url = ""
first_year = 2024
last_year = 2026
reference = "架空の第1章"

[[policy]]
no = 1
mark = "⑴"
title = "架空の方針"
summary = "架空"
measures = ["架空"]
reference = "架空の第2章"

[[programme]]
no = 1
policy = 1
measure = "①"
title = "架空の事業"
content = ["架空の内容"]
who = "架空の人"
schedule_not_readable = false
reference = "架空の第3章"

[[programme.schedule]]
words = "実施"
kind = "do"
first_year = 2025
last_year = 2026

[assessment]
note = "架空の区分"

[[assessment.word]]
word = "よい"
meaning = "架空"
standing = "on"
"""


@pytest.fixture(scope="module")
def plan():
    return load_plans(open_store(DEFAULT_DATA), rules=RuleBook.load().rules)[0]


def store_of(folder, *texts):
    """A store that holds plans only."""
    (folder / "records").mkdir(parents=True, exist_ok=True)
    sources = {}
    for number, text in enumerate(texts, start=1):
        content, file = text.encode("utf-8"), f"records/plan_{number}.toml"
        (folder / file).write_bytes(content)
        sources[f"plan_{number}"] = Source(
            f"plan_{number}", file, "架空市", "架空の計画", "", "", "", "", "", Basis.FICTIONAL, "",
            hashlib.sha256(content).hexdigest(), count_rows(file, content),
        )  # fmt: skip
    return Store(folder, sources)


def refused(text, **options):
    with pytest.raises(DataFileError) as caught:
        read_plan(text, name="架空.toml", **options)
    assert caught.value.todo
    return str(caught.value)


def changed(old, new, text=SECOND):
    assert old in text
    return text.replace(old, new, 1)


def texts_in(value):
    """Every text of a TOML table, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


def test_every_policy_programme_role_and_item_of_the_plan_is_there(plan):
    assert [one.no for one in plan.policies] == [1, 2, 3, 4, 5]
    assert [one.no for one in plan.programmes] == list(range(1, 16))
    assert [one.no for one in plan.roles] == [1, 2, 3, 4, 5]
    assert all(one.examples for one in plan.roles)
    assert [[item.mark for item in section.items] for section in plan.survey.sections] == [
        list("①②③④⑤⑥⑦"),
        list("①②③④⑤⑥⑦⑧⑨"),
    ]
    assert [(section.wishes.mark, len(section.wishes.stated)) for section in plan.survey.sections] == [
        ("⑧", 5),
        ("⑩", 5),
    ]


def test_each_policy_has_the_programmes_the_plan_gives_it(plan):
    assert {one.no: [each.no for each in plan.programmes_of(one.no)] for one in plan.policies} == {
        1: [1, 2, 3, 4, 5], 2: [6], 3: [7, 8, 9, 10, 11], 4: [12, 13, 14], 5: [15],
    }  # fmt: skip


def test_the_five_years_bear_the_names_of_the_new_era_and_those_the_plan_wrote(plan):
    assert [year.short for year in plan.years] == ["R1", "R2", "R3", "R4", "R5"]
    assert plan.years[0].label.startswith("令和元年度")
    assert plan.years_as_written == ("31年度", "32年度", "33年度", "34年度", "35年度")


def test_history_runs_from_2010_to_2018_in_order_with_its_reference(plan):
    years = [one.fiscal_year for one in plan.history]
    assert years == sorted(years)
    assert sorted(set(years)) == [2010, 2013, 2014, 2015, 2016, 2017, 2018]
    assert len(plan.history) == 14


def test_everything_names_the_chapter_it_comes_from(plan):
    told = [
        *plan.policies, *plan.programmes, *plan.loose, *plan.history, *plan.roles, *plan.survey.sections,
        plan.survey, plan.follow_up,
    ]  # fmt: skip
    assert all(re.match(r"第[1-4]章", one.reference) for one in told)


def test_no_schedule_claims_a_year_that_the_text_does_not_show(plan):
    for one in plan.programmes:
        assert one.schedule_not_readable
        assert one.schedule
        assert {(each.first, each.last) for each in one.schedule} == {(None, None)}
        assert {each.kind for each in one.schedule} <= set(SCHEDULE_KINDS)
        assert {each.tied_by for each in one.schedule} <= set(TIED_BY) - {"table"}
    assert [(one.words, one.programmes) for one in plan.loose] == [("随時、制度見直し", (8, 9))]


def test_limits_and_rates_are_those_of_the_rules(plan):
    rules = RuleBook.load().rules
    linked = {one.no: one.rule for one in plan.programmes if one.rule}
    assert linked == {1: "consensus", 7: "council_support", 8: "hitomachi", 9: "staff"}
    for no, rule in linked.items():
        programme, values = plan.programme(no), rules[rule].at(DAY)
        if programme.limit_yen is not None:
            assert values["limit_yen"].value.amount == programme.limit_yen
        if programme.rate is not None:
            assert values["rate"].value.amount == programme.rate
    assert [plan.programme(no).rate for no in (1, 7, 8)] == [1, Fraction(2, 3), 1]
    assert [plan.programme(no).limit_yen for no in (1, 7, 8, 9)] == [50_000, 100_000, None, None]


def test_what_the_tool_works_out_is_known_to_it(plan):
    keys = {key for one in plan.programmes for key in one.computed}
    assert keys == set(COMPUTED)
    assert ("grants_paid", "grants_paid:hitomachi") in plan.programme(8).figure_keys


def test_the_survey_says_that_its_figures_and_scale_are_not_published(plan):
    survey = plan.survey
    assert (survey.fiscal_year, survey.asked, survey.answered) == (2018, 33, 33)
    assert survey.numbers_published is False
    assert [section.scale for section in survey.sections] == [(), ("満足", "ほぼ満足", "普通")]
    assert not any(section.scale_complete for section in survey.sections)
    assert all(section.scale_note for section in survey.sections)


def test_the_words_of_assessment_are_said_to_be_ours(plan):
    assert plan.words == ("順調", "おおむね順調", "遅れ", "未着手", "完了")
    assert "この道具" in plan.assessment_note


def test_no_phone_number_mail_address_or_name_of_a_person_is_written():
    for text in texts_in(tomllib.loads(TEXT)):
        digits = unicodedata.normalize("NFKC", text)
        assert not re.search(r"\d{2,5}[-−－(]\d{1,4}[-−－)]\d{3,4}", digits)
        assert not re.search(r"TEL|FAX|@|〒|電話", digits)
        assert not re.search(r"氏(?!名)|さん|会長|館長|部長|課長", text)


def test_a_second_plan_is_a_second_file(tmp_path):
    plans = load_plans(store_of(tmp_path, SECOND, TEXT))
    assert [one.id for one in plans] == ["plan2", "plan3"]
    assert plans[1].survey is None
    assert plans[1].follow_up is None
    assert plans[1].programmes[0].schedule[0].first == 2025
    assert plans[1].programmes[0].schedule[0].tied_by == "table"


def test_a_store_without_plans_has_none(tmp_path):
    assert load_plans(store_of(tmp_path)) == ()


def test_two_plans_of_one_id_are_refused(tmp_path):
    with pytest.raises(DataFileError, match="plan3"):
        load_plans(store_of(tmp_path, SECOND, SECOND))


def test_the_faults_of_all_plans_are_told_at_once(tmp_path):
    texts = changed('who = "架空の人"', 'whom = "架空の人"'), changed('standing = "on"', 'standing = "up"')
    with pytest.raises(DataFileError) as caught:
        load_plans(store_of(tmp_path, *texts))
    told = str(caught.value)
    assert "知らない項目「whom」" in told
    assert "項目「who」がありません" in told
    assert "「up」は使えません" in told
    assert {"records/plan_1.toml", "records/plan_2.toml"} <= {fault.file for fault in caught.value.faults}


def test_a_changed_file_is_refused_by_its_checksum(tmp_path):
    store = store_of(tmp_path, SECOND)
    (tmp_path / "records" / "plan_1.toml").write_text(SECOND + "\n# もう1行\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="sha256"):
        load_plans(store)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("last_year = 2026\nreference", "last_year = 2023\nreference", "最初の年度より前"),
        ("first_year = 2024", "first_year = 24", "「24」は使えません"),
        ("first_year = 2024", 'years_as_written = ["6年度"]\nfirst_year = 2024', "3年度と同じ数"),
        ("first_year = 2025", "first_year = 2027", "計画の期間に収まりません"),
        ("schedule_not_readable = false", "schedule_not_readable = true", "年度を書けません"),
        ("first_year = 2025\nlast_year = 2026", "", "schedule_not_readable = true としてください"),
        ('kind = "do"', 'kind = "maybe"', "「maybe」は使えません"),
        ("policy = 1", "policy = 2", "基本方針2はありません"),
        ('who = "架空の人"', 'who = "架空の人"\nrate = "3/2"', "「3/2」は使えません"),
        ('who = "架空の人"', 'who = "架空の人"\ncomputed = ["luck"]', "「luck」は使えません"),
        ('who = "架空の人"', 'who = "架空の人"\ncomputed = ["grants_paid"]', "規則(rule)が要ります"),
        ('who = "架空の人"', 'who = "架空の人"\nlimit_yen = -1', "「-1」は使えません"),
        ('content = ["架空の内容"]', "content = []", "1つ以上"),
        ('reference = "架空の第3章"', 'reference = " "', "空にはできません"),
        ("[[programme]]", "[programme]", "[[programme]]"),
        ("[assessment]", "aim = 3\n[assessment]", "知らない項目「aim」"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_key(old, new, told):
    assert told in refused(changed(old, new))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ('[[history]]\nfiscal_year = 2010\nday = "2010-03"\nwhat = "架空"\nreference = "架空"', "2010年度ではありません"),
        ('[[history]]\nfiscal_year = 2010\nday = "22年"\nwhat = "架空"\nreference = "架空"', "「22年」は使えません"),
        ('[[loose_schedule]]\nwords = "架空"\nprogrammes = [1, 9]\nwhy = "架空"\nreference = "架空"', "事業9はありません"),
        ('[[loose_schedule]]\nwords = "架空"\nprogrammes = [1]\nwhy = "架空"\nreference = "架空"', "2つ以上"),
        ('[[policy]]\nno = 1\nmark = ""\ntitle = "架空"\nsummary = ""\nmeasures = []\nreference = "架空"', "「1」が2つ"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_true_is_refused(row, told):
    assert told in refused(f"{SECOND}\n{row}\n")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("answered = 33", "answered = 34", "対象の数(33)"),
        ('id = "a2"', 'id = "a1"', "「a1」が2つ以上"),
        ("scale = []\nscale_complete = false", "scale = []\nscale_complete = true", "語が2つ以上"),
        ('scale = ["満足"', 'scale = ["無回答"', "「無回答」は尺度の語にできません"),
    ],
)
def test_a_survey_that_cannot_be_true_is_refused(old, new, told):
    assert told in refused(changed(old, new, TEXT))


def test_a_rule_that_is_not_there_is_refused_when_the_rules_are_known():
    assert "規則「hitomachi」はありません" in refused(TEXT, rules={"consensus", "council_support", "staff"})
    assert read_plan(TEXT, name="架空.toml").programme(8).rule == "hitomachi"


def test_what_is_no_toml_is_refused_in_words():
    assert "TOML として読めません" in refused("id = ")


@given(
    st.sets(
        st.sampled_from([*re.findall(r"^(\w+) = ", SECOND.split("[[policy]]", maxsplit=1)[0], re.MULTILINE)])
    )
)
def test_every_key_that_is_missing_is_named(left_out):
    head, rest = SECOND.split("[[policy]]", 1)
    lines = [line for line in head.splitlines() if line.split(" = ")[0] not in left_out]
    text = "\n".join(lines) + "\n[[policy]]" + rest
    if not left_out:
        assert read_plan(text, name="架空.toml").id == "plan3"
        return
    told = refused(text)
    assert all(f"項目「{key}」がありません" in told for key in left_out)
