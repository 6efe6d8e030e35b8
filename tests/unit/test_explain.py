"""Every step of a line in words, with the arithmetic a reader can do again."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracle.as_rule import by_people, equal, plain, run
from oracle.random_cases import random_case

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.explain import steps

AGEING = ("ageing_percent", [(0, 1), (40, Fraction("1.5")), (50, 2)])


def said(case, index=0):
    return {step.id: step for step in steps(run(case), index)}


def how(case, step_id, index=0):
    return said(case, index)[step_id].how


def term(kind, rate=1, **changes):
    return {"id": "term", "kind": kind, "how": "rate", "value": rate} | changes


def one(kind, rate=1, columns=None, **changes):
    case = plain([1_200], [term(kind, rate, **changes)])
    case["units"][0] |= columns or {}
    return case


@settings(max_examples=400)
@given(st.randoms(use_true_random=False))
def test_every_step_has_a_label_and_words_and_the_last_values_add_up(random):
    case = random_case(random)
    try:
        result = run(case)
    except InputRefused:
        assume(condition=False)
    for index, line in enumerate(result.lines):
        found = steps(result, index)
        assert all(step.label.strip() and step.how.strip() for step in found), found
        assert len({step.id for step in found}) == len(found)
        by_id = {step.id: step.exact for step in found}
        assert by_id["total"] == line.total_yen
        paid = [value for key, value in by_id.items() if key.startswith("instalment_")]
        assert tuple(paid) == line.instalments_yen
        assert by_id["total"] == sums_up(case, result, by_id)


def sums_up(case, result, by_id):
    """The total by what stands before it: the rounded sum with what was handed out, the last limit, or the terms."""
    if any(column.id == "rounded" and not column.term_id for column in result.columns):
        return by_id["rounded"] + by_id.get("remainder", 0)
    for key in ("transition", "cap", "floor"):
        if key in by_id:
            return by_id[key]
    # Terms with fractions that together are whole yen need no rounding: their last step is the one before it
    ids = [part["id"] for part in [*case["terms"], *case["addons"]]]
    return sum(by_id[one] if one in by_id else by_id[f"{one}_before_rounding"] for one in ids)


def test_a_rate_is_said_with_its_source_and_its_arithmetic():
    case = plain([1_200], [equal("rate", 300_000), by_people("rate", Fraction("12.34"))])
    assert how(case, "equal_weight") == "どの単位も 1"
    assert how(case, "equal") == "300,000 円(equalの値、入力値)"
    assert how(case, "people_weight") == "人口 1,200"
    assert said(case)["people_weight"].unit == "人"
    assert how(case, "people") == "12.34 円 × 1,200 人"
    assert said(case)["people"].exact == 14_808
    assert how(case, "total") == "項equal + 項people"
    assert how(plain([1_200], [by_people("rate", 1)]), "people") == "1 円 × 1,200 人"


def test_a_share_and_the_rest_are_said_with_the_sum_that_is_divided():
    case = plain([1_200, 300], [equal("share", 50), by_people()], budget=10_000)
    assert how(case, "equal") == "予算 10,000 円 × 50 % ÷ 2"
    assert how(case, "people") == "項peopleの総額 5,000 円(予算の残り) × 1,200 人 ÷ 1,500 人"
    cut = case | {"total_rounding": (1_000, "floor"), "budget": 10_999}
    assert how(cut, "equal") == "予算 10,000 円(1,000円未満切り捨て) × 50 % ÷ 2"
    fixed = plain([1_200, 300], [by_people("fixed", 5_000)])
    assert how(fixed, "people") == "項peopleの総額 5,000 円 × 1,200 人 ÷ 1,500 人"


def test_the_sum_that_is_divided_is_that_before_the_terms_own_limits():
    people = by_people(cap={"value": Fraction(1_000)})
    case = plain([1_200, 300], [people], budget=5_000)
    words = "項peopleの総額 5,000 円(予算の残り) × 1,200 人 ÷ 1,500 人、1,000 円を超えない"
    assert how(case, "people") == words
    assert said(case)["people"].exact == 1_000
    uneven = by_people(floor={"value": Fraction(1_500)}, rounding=(1_000, "floor"))
    assert "1,500 円を下回らない(1,000 円単位)" in how(
        plain([1, 2], [uneven], budget=9_000), "people_before_rounding"
    )


def test_each_measure_says_how_it_was_counted():
    area = one("area", 1, {"area_m2": 12_345}, measure="area_m2", per=100)
    assert how(area, "term_weight") == "面積 12,345 ÷ 100"
    assert said(area)["term_weight"].unit == ""
    assert (
        how(area, "term_before_rounding" if "term_before_rounding" in said(area) else "term")
        == "1 円 × 123.45"
    )
    distance = one(
        "distance",
        600,
        {"distance_km": Fraction("5.27")},
        measure="distance_km",
        beyond=2,
        step=Fraction(1, 10),
    )
    assert how(distance, "term_weight") == "距離 5.27 のうち 2 を超える分 0.1 未満切り捨て"
    assert how(distance, "term") == "600 円 × 3.2 km"
    bands = one("bands", 1, measure="population", bands=[(0, 1_000), (1_001, 2_000), (9_999, 3_000)])
    assert how(bands, "term_weight") == "人口 1,200 → 1,001 以上9,999 未満の段階"
    assert how(bands, "term") == "2,000 円"
    table = one("table", 1, table={"01": 4_000})
    assert (how(table, "term_weight"), how(table, "term")) == ("規則の表の額", "4,000 円")
    elderly = one("elderly", 5, {"age_75_over": 30}, measure="age_75_over")
    assert (how(elderly, "term_weight"), how(elderly, "term")) == ("75歳以上人口 30", "5 円 × 30 人")


def test_coefficients_and_months_stand_in_the_weight():
    columns = {"factor": Fraction(1, 2), "ageing_percent": Fraction("49.96"), "months": 5}
    case = one("population", 2, columns, measure="population", coefficient="factor", coefficient_by=AGEING)
    words = "人口 1,200 × 係数 0.5(factor) × 係数 1.5(高齢化率 49.9 による) × 5/12 か月"
    assert how(case, "term_weight") == words
    assert said(case)["term_weight"].exact == 375
    assert how(case, "term") == "2 円 × 375 人"


def test_rounding_and_what_was_handed_out_are_said():
    case = plain(
        [2, 1], [by_people()], budget=1_000, rounding=(100, "floor"), leftover=("largest-remainder", "")
    )
    assert how(case, "rounded") == "項people: 100円未満切り捨て"
    assert how(case, "remainder") == "残りを端数の大きい順に1単位ずつ(同じなら小さいコード)"
    assert how(case, "total") == "端数処理後 + 端数の配分"
    assert [said(case)[key].exact for key in ("rounded", "remainder", "total")] == [600, 100, 700]
    webster = case | {"leftover": ("sainte-lague", "")}
    assert "サント・ラグ法" in how(webster, "remainder")
    assert how(case | {"leftover": ("unit", "02")}, "remainder") == "残りを決めた1つの単位に加える"
    by_term = plain([2, 1], [by_people("rate", 55, rounding=(100, "half-up"))])
    assert how(by_term, "people") == "100円未満四捨五入"
    assert how(by_term, "people_before_rounding") == "55 円 × 2 人"


def test_a_rest_on_which_is_handed_out_ends_in_its_own_amount():
    terms = [equal("rate", 100), by_people(rounding=(100, "floor"))]
    case = plain([2, 1], terms, budget=1_200, leftover=("largest-remainder", ""))
    found = said(case)
    assert found["rounded"].label == "項people(端数処理後)"
    assert (found["rounded"].how, found["people"].how) == ("100円未満切り捨て", "端数処理後 + 端数の配分")
    assert found["total"].how == "項equal + 項people"
    assert [found[key].exact for key in ("rounded", "remainder", "people", "equal", "total")] == [
        600,
        100,
        700,
        100,
        800,
    ]


def test_limits_say_what_they_hold_to_and_who_pays():
    case = plain(
        [100, 300], [by_people("rate", 1), equal("rate", 10)], floor={"value": 150, "paid_by": "extra"},
        cap={"percent": Fraction(50), "of": "people"}, transition=(Fraction(90), "others"), last_year={"02": 100},
    )  # fmt: skip
    assert how(case, "floor") == "150 円を下回らない"
    assert how(case, "cap") == "項peopleの 50 % を超えない"
    assert how(case, "transition") == "前年の額がないので保護なし"
    assert (
        how(case, "transition", 1)
        == "前年 100 円の 90 % を下回らない。費用: ほかの単位の額を同じ割合で減らす"
    )
    assert how(case, "total") == "経過措置を当てた額"


def test_an_addition_says_why():
    addon = {"id": "small", "measure": "population", "below": 200, "value": Fraction(5_000)}
    case = plain([199, 200], [by_people("rate", 1)], addons=[addon])
    assert how(case, "small") == "人口 199 が 200 未満なので加算"
    assert how(case, "small", 1) == "人口 200 が 200 以上なので加算なし"
    assert how(case, "total") == "項people + 加算small"


def test_instalments_say_how_they_were_cut():
    case = plain([1_003], [by_people("rate", 1)], instalments=(2, 10))
    assert how(case, "instalment_1") == "合計から第2回以後を引いた額(端数を含む)"
    assert how(case, "instalment_2") == "合計 ÷ 2 の 10 円未満切り捨て"
    first = case | {
        "leftover": ("first-instalment", ""),
        "rounding": (100, "floor"),
        "terms": [by_people("rate", Fraction("1.5"))],
    }
    assert how(first, "instalment_2") == "合計 ÷ 2 の 100 円未満切り捨て"
    assert how(first, "rounded") == "項people: 1円未満切り捨て(端数は第1回の交付に含める)"
