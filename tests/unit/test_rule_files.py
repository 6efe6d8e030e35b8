"""Rule files as people get them wrong: refused with file and key, all faults at once."""

from __future__ import annotations

import hashlib

import pytest
from oracle.rule_text import CHOICE, COUNTING, EQUAL, GOOD, HEAD, REST, TERM, value

from kyodo_geo.errors import RuleFileError
from kyodo_geo.rules.book import parse_rule
from kyodo_geo.sources.rule_files import read_rule_file

FLOATS = ("1e3", "1.5e-2", "inf", "-inf", "nan", "+nan")
LIMIT = "[unit]\nfloor = {{ {} }}\n"


def faults_of(text):
    with pytest.raises(RuleFileError) as refused:
        parse_rule(text, name="架空.toml")
    assert "架空.toml" in str(refused.value)
    assert all(fault.file == "架空.toml" for fault in refused.value.faults)
    return "\n".join(map(str, refused.value.faults))


def changed(old, new, text=GOOD):
    assert old in text
    return text.replace(old, new, 1)


def term(**keys):
    """The term of GOOD with more keys, as they are written."""
    return GOOD + "".join(f"{key} = {said}\n" for key, said in keys.items())


def two_terms(first, second):
    """Two terms, each limited as said."""
    other = TERM.replace('"people"', '"other"').replace("人口割", "別の項")
    return HEAD + COUNTING + value() + TERM + first + other + second


BROKEN = {
    "two values on one day": (GOOD + value(), ["value(per_head_yen)", "同じ日(2020-04-01)に値が2つ"]),
    "an unknown key": (changed("summary", "sumary"), ["知らない項目「sumary」", "「summary」がありません"]),
    "an unknown key of a term": (term(cofficient='"x"'), ["term 1(people)", "「cofficient」"]),
    "an unknown key of a value": (changed('unit = "円"', 'unitt = "円"'), ["value 1(per_head_yen)", "「unitt」"]),
    "no reference day": (changed(COUNTING, ""), ["term 1(people).counting", "基準日がありません"]),
    "no reference day of a measure": (
        changed(COUNTING, "").replace('kind = "population"', 'kind = "flat"\nmeasure = "age_70_over"'),
        ["基準日がありません"],
    ),
    "no reference day of an add-on": (
        HEAD + value() + EQUAL.replace('[{ share = "equal_percent" }, { rate = "equal_yen" }]', "{ rate = 5 }")
        + '[[addon]]\nid = "a"\nlabel = "加算"\nmeasure = "population"\nbelow = 5\nvalue = 1\n',
        ["addon 1(a).counting", "基準日がありません"],
    ),
    "a day that is none": (changed('"04-01"', '"02-30"'), ["counting.reference_day", "「02-30」"]),
    "a leap day": (changed('"04-01"', '"02-29"'), ["「02-29」"]),
    "no counting": (changed("register", "guess"), ["counting.counted_by", "「guess」"]),
    "a percentage over 100": (GOOD + value("p", "amount = 101", unit="%"), ["value 2(p)", "100 % を超えて"]),
    "a share over 100": (changed('rate = "per_head_yen"', "share = 100.5"), ["人口割: 割合が 100 %"]),
    "a floor over 100": (GOOD + LIMIT.format('percent = 101, of = "people"'), ["unit.floor: 割合が 100 %"]),
    "a transition over 100": (GOOD + '[unit]\ntransition = { percent = 101, paid_by = "extra" }\n', ["経過措置: 割合が"]),
    "a share in yen": (changed("rate =", "share ="), ["割合に使う値「per_head_yen」の unit"]),
    "bands that overlap": (
        term(kind2="1").replace("kind2 = 1", "").replace('"population"', '"bands"\nmeasure = "population"')
        + "bands = [{ from = 0, below = 20, value = 1 }, { from = 10, value = 2 }]\n",
        ["term 1(people).bands 2.from", "20 未満、この段階は 10 から", "重なり"],
    ),
    "bands with a hole": (
        changed('"population"', '"bands"\nmeasure = "population"')
        + "bands = [{ from = 0, below = 10, value = 1 }, { from = 20, value = 2 }]\n",
        ["10 未満、この段階は 20 から", "すき間"],
    ),
    "bands from above 0": (
        changed('"population"', '"bands"\nmeasure = "population"') + "bands = [{ from = 5, value = 1 }]\n",
        ["0 から 5 まで", "すき間"],
    ),
    "bands with an end": (
        changed('"population"', '"bands"\nmeasure = "population"') + "bands = [{ from = 0, below = 9, value = 1 }]\n",
        ["9 以上の段階がありません"],
    ),
    "bands that fall": (
        changed('"population"', '"bands"\nmeasure = "population"')
        + "bands = [{ from = 0, value = 1 }, { from = 9, value = 1 }, { from = 8, value = 1 }]\n",
        ["9 の次が 8", "重なり"],
    ),
    "bands that fall on a later day": (
        changed('"population"', '"bands"\nmeasure = "population"')
        + 'bands = [{ from = 0, value = 1 }, { from = "low", value = 1 }, { from = 50, value = 1 }]\n'
        + value("low", "amount = 10") + value("low", "amount = 60", since="2022-04-01"),
        ["60 の次が 50"],
    ),
    "no bands": (changed('"population"', '"bands"'), ["段階がありません", "何で段階を分けるか"]),
    "no bands of a coefficient": (
        term(coefficient_by='{ measure = "population", bands = [] }'), ["coefficient_by.bands", "段階がありません"],
    ),
    "bands where none belong": (term(bands="[{ from = 0, value = 1 }]"), ["bands は kind = 'bands'"]),
    "a cap in a circle": (
        two_terms('cap = { percent = 50, of = "other" }\n', 'cap = { percent = 50, of = "people" }\n'),
        ["人口割: 上限・下限が自分自身に", "別の項: 上限・下限が自分自身に", "循環"],
    ),
    "a cap of itself": (term(cap='{ percent = 50, of = "people" }'), ["循環"]),
    "a cap of nobody": (term(cap='{ percent = 50, of = "nobody" }'), ["of = 「nobody」という項はありません"]),
    "a floor of nobody": (GOOD + LIMIT.format('percent = 5, of = "nobody"'), ["unit: of = 「nobody」"]),
    "a cap of the rest": (
        two_terms('cap = { percent = 50, of = "rest" }\n', "") + REST, ["of = 「rest」は残り", "循環"],
    ),
    "a cap of a term that may be left out": (
        two_terms('cap = { percent = 50, of = "other" }\n', "optional = true\n"), ["of = 「other」は省ける項"],
    ),
    "a limit of two kinds": (GOOD + LIMIT.format('value = 1, percent = 5, of = "people"'), ["どちらかを書いて"]),
    "a percentage of nothing": (GOOD + LIMIT.format("percent = 5"), ["percent と of は一緒に"]),
    "a payer where nobody pays": (term(floor='{ value = 5, paid_by = "others" }'), ["people).floor", "「paid_by」"]),
    "an unknown name": (changed('rate = "per_head_yen"', 'rate = "per_heads"'), ["値「per_heads」が [[value]] に"]),
    "an id twice": (two_terms("", "").replace('"other"', '"people"'), ["id「people」が2回"]),
    "an id of a step": (changed('"people"', '"total"'), ["id「total」は計算の段階の名前"]),
    "two rests": (GOOD + REST + REST.replace('"rest"\nl', '"more"\nl'), ["残り(rest)で決まる項は1つだけ"]),
    "first instalment of none": (GOOD + '[total]\nleftover = { method = "first-instalment" }\n', ["[instalments]"]),
    "handing out after rounding up": (
        GOOD + '[total]\nleftover = { method = "sainte-lague" }\n[unit]\nrounding = { unit_yen = 10, direction = "ceil" }\n',
        ["切り捨て(floor)"],
    ),
    "handing out after a rest rounded up": (
        GOOD + REST + 'rounding = { unit_yen = 10, direction = "half-up" }\n[total]\nleftover = { method = "unit", unit = "01" }\n',
        ["切り捨て(floor)"],
    ),
    "a named unit without its code": (GOOD + '[total]\nleftover = { method = "unit" }\n', ["total.leftover.unit"]),
    "a code nobody asked for": (GOOD + '[total]\nleftover = { method = "report", unit = "01" }\n', ["leftover.unit"]),
    "an odd rounding unit": (term(rounding='{ unit_yen = 7, direction = "floor" }'), ["rounding.unit_yen", "「7」"]),
    "no direction": (term(rounding='{ unit_yen = 10, direction = "down" }'), ["rounding.direction", "「down」"]),
    "three instalments": (GOOD + "[instalments]\nmonths = [4, 8, 12]\n", ["instalments.months"]),
    "a month that is none": (GOOD + "[instalments]\nmonths = [4, 13]\n", ["instalments.months"]),
    "a month twice": (GOOD + "[instalments]\nmonths = [4, 4]\n", ["同じ月が2回"]),
    "months of another kind": (GOOD + "[instalments]\nmonths = [[4], 4.0]\n", ["instalments.months"]),
    "an amount of two kinds": (changed('{ rate = "per_head_yen" }', "{ rate = 1, rest = true }"), ["term 1(people).amount"]),
    "an amount of none": (changed('{ rate = "per_head_yen" }', "[]"), ["金額の出し方が1つもありません"]),
    "a rest that is none": (changed('rate = "per_head_yen"', "rest = false"), ["amount.rest", "true だけ"]),
    "no term": (HEAD + value(), ["[[term]] が1つもありません"]),
    "a term as a table": (GOOD.replace("[[term]]", "[term]"), ["[[term]] と書いて"]),
    "no age": (changed('"population"', '"elderly"'), ["people).age", "何歳以上"]),
    "a negative age": (changed('"population"', '"elderly"\nage = -1'), ["people).age", "「-1」"]),
    "an age of nobody": (term(age="65"), ["people).age", "何も変えません"]),
    "a division of nothing": (changed('"population"', '"equal"\nper = 100'), ["people).per", "何も変えません"]),
    "a division by 0": (term(per="0"), ["people).per", "0 では割れません"]),
    "a table of nothing": (changed('"population"', '"table"\ntable = {}'), ["people).table"]),
    "a table where none belongs": (term(table='{ "01" = 5 }'), ["table は kind = 'table'"]),
    "a word for a flag": (term(optional='"yes"'), ["people).optional", "「yes」"]),
    "an unknown kind": (changed('"population"', '"people"'), ["people).kind", "「people」"]),
    "an array for a word": (changed('"register"', '["register"]'), ["counting.counted_by"]),
    "an array for a basis": (GOOD + value("x", "amount = 1\nbasis = []"), ["value 2(x).basis"]),
    "a number for a text": (changed('"架空補助金"', "1e3"), ["title", "1e3"]),
    "a text for what is not stated": ("not_stated = 5\n" + GOOD, ["not_stated"]),
    "an end before the beginning": ("ends = 2020-03-31\n" + GOOD, ["ends", "初日(2020-04-01)より前"]),
    "a day in quotes": (changed("in_force = 2020-04-01", 'in_force = "2020-04-01"'), ["in_force", "引用符なし"]),
    "a value before the rule": (GOOD + value("x", since="2019-04-01"), ["値「x」の日(2019-04-01)が規則の初日"]),
    "a value of two kinds": (GOOD + value("x", "amount = 1\nto_be_supplied = true"), ["どれか1つ"]),
    "a value of no kind": (GOOD + value("x", ""), ["どれか1つ"]),
    "not to be supplied": (GOOD + value("x", "to_be_supplied = false"), ["true だけ"]),
    "a fraction of 0": (GOOD + value("x", 'fraction = "2/0"'), ["value 2(x).fraction", "「2/0」"]),
    "a negative amount": (GOOD + value("x", "amount = -1"), ["「-1」"]),
    "an endless number": (GOOD + value("x", "amount = 1" + "0" * 40), ["value 2(x).amount"]),
    "a claim with an unknown key": (GOOD + "[claim]\nratee = 1\n", ["claim", "「ratee」"]),
    "a claim of an unknown name": (GOOD + '[claim]\nreserve_share = "nothing"\n', ["値「nothing」"]),
    "a condition without its article": (GOOD + '[[claim.conditions]]\ntext = "架空"\n', ["claim.conditions 1", "「reference」"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), BROKEN.values(), ids=list(BROKEN))
def test_a_broken_file_is_refused_with_its_key(text, words):
    found = faults_of(text)
    assert all(word in found for word in words), found


@pytest.mark.parametrize("number", FLOATS)
def test_a_float_is_refused_wherever_a_number_stands(number):
    for text, key in (
        (changed("amount = 100", f"amount = {number}"), "value 1(per_head_yen).amount"),
        (changed('"per_head_yen" }', f"{number} }}"), "term 1(people).amount.rate"),
        (term(per=number), "term 1(people).per"),
        (GOOD + LIMIT.format(f"value = {number}"), "unit.floor.value"),
    ):
        found = faults_of(text)
        assert key in found
        assert f"「{number}」" in found


def test_all_faults_of_a_file_are_said_at_once_each_with_its_key():
    text = (
        changed("title", "titel", CHOICE).replace("amount = 100", "amount = 1e2").replace('"register"', '"x"')
    )
    found = faults_of(text + 'rounding = 5\n[total]\nleftover = { method = "unit" }\n')
    for words in (
        "「titel」",
        "「title」",
        "per_head_yen).amount",
        "counted_by",
        "total.leftover.unit",
        "value 3(equal_yen)",
    ):
        assert words in found, found
    with pytest.raises(RuleFileError, match=r"規則ファイル 架空.toml に 5 件の誤り(.|\n)*README") as refused:
        parse_rule(text + '[total]\nleftover = { method = "unit" }\n', name="架空.toml")
    assert len(refused.value.faults) == 5


@pytest.mark.parametrize(
    "text",
    [
        "id = ",
        'id = "a"\nid = "b"',
        "[[value]",
        "id = 2020-13-01",
        "a = " + "[" * 5_000,
        "a = " + "9" * 5_000,
    ],
)
def test_what_is_no_toml_is_refused(text):
    assert faults_of(text)


def test_a_file_of_nothing_lacks_everything():
    assert faults_of("").count("がありません") == 7


def test_a_file_that_cannot_be_opened_or_read_is_refused_with_its_name(tmp_path):
    with pytest.raises(RuleFileError, match=r"ない.toml\(ファイルかフォルダーがありません"):
        read_rule_file(tmp_path / "ない.toml")
    with pytest.raises(RuleFileError, match="フォルダーです"):
        read_rule_file(tmp_path)
    path = tmp_path / "規則.toml"
    path.write_bytes(GOOD.encode("cp932"))
    with pytest.raises(RuleFileError, match=r"規則\.toml は UTF-8 の文字ではありません"):
        read_rule_file(path)


def test_a_file_with_a_byte_order_mark_is_the_same_rule(tmp_path):
    path = tmp_path / "規則.toml"
    path.write_bytes(GOOD.replace("\n", "\r\n").encode("utf-8-sig"))
    found, plain = read_rule_file(path), parse_rule(GOOD, name="x")
    assert (found.formula, found.values, found.title) == (plain.formula, plain.values, plain.title)
    assert (
        found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    )  # the fingerprint of the file as it is
