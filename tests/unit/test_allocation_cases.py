"""Allocations worked out by hand, and every refusal."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from oracle.as_rule import by_people, equal, plain, run

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.explain import steps
from kyodo_geo.model.measures import Unit
from kyodo_geo.rules.rounding import Direction, Rounding

AGEING = ("ageing_percent", [(0, 1), (40, Fraction("1.5")), (50, 2)])


def with_measures(case, **columns):
    """The case with columns added to its units."""
    units = [
        unit | {name: values[i] for name, values in columns.items()} for i, unit in enumerate(case["units"])
    ]
    return case | {"units": units}


def one_term(kind, rate=1, **changes):
    return {"id": "term", "kind": kind, "how": "rate", "value": rate} | changes


def test_four_units_at_100_yen_a_head_with_thousands_cut_off():
    people = [2_960, 2_630, 2_230, 970]
    result = run(plain(people, [by_people("rate", 100)], budget=879_000, rounding=(1_000, "floor")))
    assert result.totals_yen == (296_000, 263_000, 223_000, 97_000)
    assert (result.allocated_yen, result.leftover_yen) == (879_000, 0)
    by_term = plain(people, [by_people("rate", 100, rounding=(1_000, "floor"))], budget=879_000)
    assert run(by_term).totals_yen == result.totals_yen
    divided = plain(
        people, [by_people()], budget=879_000, rounding=(1_000, "floor"), leftover=("largest-remainder", "")
    )
    assert run(divided).totals_yen == result.totals_yen


def test_each_kind_of_term_counts_its_own():
    case = plain([100, 1_500], [])
    columns = {
        "households": (40, 600), "area_m2": (12_345, 90), "age_70_over": (30, 400), "distance_km": (Fraction("5.27"), 1),
        "lamps": (3, 7), "ageing_percent": (Fraction("49.9"), 50), "factor": (Fraction(1, 2), 1),
    }  # fmt: skip
    terms = {
        "equal": (one_term("equal", 30_000), (30_000, 30_000)),
        "flat": (one_term("flat", 1_000, measure="lamps"), (3_000, 7_000)),
        "population": (one_term("population", 50, measure="population"), (5_000, 75_000)),
        "households": (one_term("households", 350, measure="households"), (14_000, 210_000)),
        "area": (one_term("area", 1, measure="area_m2", per=100), (123, 0)),
        "elderly": (one_term("elderly", 1_000, measure="age_70_over"), (30_000, 400_000)),
        # 3.27 km beyond 2 km, below 0.1 km cut: 3.2 × 600
        "distance": (
            one_term("distance", 600, measure="distance_km", beyond=2, step=Fraction(1, 10)),
            (1_920, 0),
        ),
        "bands": (
            one_term("bands", bands=[(0, 1_000), (101, 2_000), (1_500, 3_000)], measure="population"),
            (1_000, 3_000),
        ),
        "table": (one_term("table", table={"01": 4_000, "02": 7_000}), (4_000, 7_000)),
        "coefficient": (
            one_term("population", 10, measure="population", coefficient="factor"),
            (500, 15_000),
        ),
        "by ageing": (
            one_term("population", 100, measure="population", coefficient_by=AGEING),
            (15_000, 300_000),
        ),
        "a division": (one_term("population", 71, measure="population", per=Fraction("35.5")), (200, 3_000)),
    }
    for name, (term, expected) in terms.items():
        assert run(with_measures(case | {"terms": [term]}, **columns)).totals_yen == expected, name


def test_a_share_a_fixed_sum_and_the_rest_divide_by_weight():
    case = plain([100, 300], [by_people()], budget=1_000)
    assert run(case).totals_yen == (250, 750)
    assert run(case | {"terms": [by_people("share", 40)]}).totals_yen == (100, 300)
    assert run(case | {"terms": [by_people("fixed", 800)], "budget": None}).totals_yen == (200, 600)
    both = run(case | {"terms": [by_people(), equal("rate", 100)]})
    assert both.totals_yen == (300, 700)
    assert [line.terms_yen for line in both.lines] == [
        {"people": 200, "equal": 100},
        {"people": 600, "equal": 100},
    ]


def test_a_unit_that_stands_for_some_months_gets_that_part():
    case = with_measures(plain([100, 100, 100], [by_people("rate", 120)]), months=(12, 5, 0))
    assert run(case).totals_yen == (12_000, 5_000, 0)
    assert run(case | {"terms": [by_people("rate", 120, by_months=False)]}).totals_yen == (12_000,) * 3
    assert run(case | {"terms": [by_people()], "budget": 1_700}).totals_yen == (1_200, 500, 0)


def test_small_units_get_an_addition_below_the_threshold_only():
    addon = {"id": "small", "measure": "population", "below": 200, "value": Fraction(5_000)}
    result = run(plain([199, 200], [by_people("rate", 1)], addons=[addon]))
    assert result.totals_yen == (5_199, 200)
    rest = run(plain([199, 200], [by_people()], addons=[addon], budget=5_399))
    assert (rest.totals_yen, rest.leftover_yen) == ((5_199, 200), 0)


def test_the_total_is_rounded_before_it_is_divided():
    case = plain(
        [1, 3], [by_people("share", 50), equal("rest")], budget=12_345, total_rounding=(1_000, "floor")
    )
    result = run(case)
    assert result.totals_yen == (1_500 + 3_000, 4_500 + 3_000)
    assert [(one.id, one.yen) for one in result.leftovers] == [("left_total", 345), ("left_rounding", 0)]


def test_a_term_with_a_rounding_is_rounded_even_when_it_is_whole():
    terms = [equal("rate", 350_500, rounding=(1_000, "floor")), by_people("rate", 1)]
    assert run(plain([5], terms)).totals_yen == (350_005,)


def test_rounding_of_a_term_comes_before_that_of_the_unit():
    terms = [equal("rate", Fraction("99.5"), rounding=(1, "ceil")), by_people("rate", Fraction("0.1"))]
    assert run(plain([9], terms, rounding=(1, "half-up"))).totals_yen == (101,)


def test_rates_with_decimals_leave_an_exact_remainder_that_is_no_whole_yen():
    result = run(plain([3, 7], [equal("rate", 1_000), by_people("rate", Fraction("12.34"))]))
    assert result.totals_yen == (1_037, 1_086)
    assert result.leftover_yen is None
    assert result.leftover_exact == Fraction("0.4")


def test_rounding_up_may_exceed_the_budget_and_says_so():
    rounding = (1_000, "ceil")
    for case in (
        plain([1, 1], [equal("share", 50, rounding=rounding), by_people(rounding=rounding)], budget=3_000),
        plain([1, 1], [by_people("rate", 1_500)], budget=3_000, rounding=rounding),
    ):
        assert run(case).leftovers[-1].label == "端数処理による超過"
        assert run(case).leftover_yen == -1_000


def test_very_large_numbers_stay_exact():
    people = [10**15 + 1, 10**15]
    result = run(plain(people, [by_people()], budget=10**40 + 1, leftover=("largest-remainder", "")))
    assert result.allocated_yen == 10**40 + 1
    assert result.totals_yen[0] == (10**40 + 1) * people[0] // sum(people) + 1


def test_every_amount_is_exact():
    result = run(plain([1, 2], [equal("share", 50), by_people()], budget=100))
    assert all(type(total) is int for total in result.totals_yen)
    assert all(isinstance(one, Fraction) for column in result.columns for one in column.values.fractions())
    assert [column.id for column in result.columns] == [
        "equal_weight", "equal", "people_weight", "people_before_rounding", "rounded", "total",
    ]  # fmt: skip
    with pytest.raises(KeyError):
        result.column("nothing")


def test_the_ageing_rate_is_computed_when_its_parts_are_there():
    unit = Unit("01", "架空", 200, {"age_65_over": 99})
    assert unit.measure("ageing_percent") == Fraction("49.5")
    assert unit.measure("households") is None
    assert Unit("01", "架空", 0, {"age_65_over": 0}).measure("ageing_percent") is None


@pytest.mark.parametrize("unit_yen", [0, 7, 1_000_000])
def test_an_odd_rounding_unit_is_refused(unit_yen):
    with pytest.raises(InputRefused, match=f"「{unit_yen}」円"):
        Rounding(unit_yen)


def test_exactly_half_a_unit_goes_up_only_under_half_up():
    assert [Rounding(100, way).apply(Fraction(250)) for way in Direction] == [200, 300, 300]
    assert Rounding(100, Direction.HALF_UP).apply(Fraction(24_999, 100)) == 200
    assert [Rounding(1_000, way).label for way in Direction] == [
        "1,000円未満切り捨て", "1,000円未満切り上げ", "1,000円未満四捨五入",
    ]  # fmt: skip


ELDERLY = one_term("elderly", measure="age_75_over")
REFUSALS = [
    (plain([], [by_people("rate", 1)]), "単位が1つもありません"),
    (plain([5, -1], [by_people("rate", 1)]), "負の数があります: 02"),
    (with_measures(plain([5], [by_people("rate", 1)]), lamps=(-1,)), "負の数があります: 01"),
    (with_measures(plain([5], [by_people("rate", 1)]), months=(13,)), r"月数は 0 から 12 まで.*01.*\(13\)"),
    (plain([5], [ELDERLY]), r"「項term」に要る 75歳以上人口\(列 age_75_over\)がありません"),
    (plain([5] * 7, [ELDERLY]), "値のない単位: 01 架空01、.*ほか 2 件"),
    (plain([0, 0], [by_people()], budget=5), "「項people」の人口の合計が0です"),
    (with_measures(plain([5, 5], [by_people("fixed", 9)]), months=(0, 0)), "合計が0です"),
    (plain([1, 1], [equal("rate", 5), by_people()], budget=9), r"予算 9 円が項equalの合計 10 円に足りません"),
    (plain([10], [by_people("rate", 1)], budget=9), r"単価で計算した額 10 円が予算 9 円を 1 円超えます"),
    (plain([10], [by_people("share", 60), equal("share", 60)], budget=100), "120 円が予算 100 円を 20 円超えます"),
    (plain([10], [equal("fixed", 101)], budget=100), "101 円が予算 100 円を 1 円超えます"),
    (plain([1_500], [by_people("rate", 1)], budget=1_999, total_rounding=(1_000, "floor")), "予算 1,000 円(.*)を 500 円超え"),
    (plain([5], [by_people("rate", 1)], leftover=("unit", "77")), "残りを受け取る単位「77」がありません"),
    (plain([5], [by_people("rate", 1)], leftover=("first-instalment", "")), r"\[instalments\] が要ります"),
    (plain([5], [by_people("rate", 1)], leftover=("sainte-lague", ""), rounding=(10, "ceil")), "切り捨て"),
    (plain([5], [by_people(rounding=(10, "half-up"))], budget=9, leftover=("largest-remainder", "")), "切り捨て"),
    (plain([5], [by_people("rate", 1, per=0)]), r"「項people」の除数\(per\)が 0"),
    (plain([5], [one_term("bands", measure="population", bands=[(0, 1), (9, 2), (8, 3)])]), r"「項term」の段階の下限\(0、9、8\)"),
    (plain([5], [one_term("bands", measure="population", bands=[(Fraction("0.5"), 1)])]), r"下限\(0\.5\)は 0 から"),
    (plain([5], [one_term("table", table={"02": 1, "03": 1})]), "表に額がありません: 01(.|\n)*コードの単位がありません: 02"),
    (
        plain([5], [by_people("rate", 1)], addons=[{"id": "a", "measure": "households", "below": 1, "value": 1}]),
        r"「加算a」に要る 世帯数\(列 households\)がありません: 01",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("case", "words"), REFUSALS, ids=range(len(REFUSALS)))
def test_what_cannot_be_calculated_is_refused_by_name(case, words):
    with pytest.raises(InputRefused, match=words):
        run(case)


def test_all_faults_of_the_units_are_said_at_once():
    case = plain([5, -1, 3], [by_people("rate", 1)])
    case["units"][2] |= {"code": "01", "months": -1}
    with pytest.raises(InputRefused) as refused:
        run(case)
    assert [fault.what for fault in refused.value.faults] == [
        "同じコードが2回あります: 01", "負の数があります: 02 架空02", "月数は 0 から 12 までです: 01 架空01(-1)",
    ]  # fmt: skip


def test_a_rule_stands_on_its_reference_day():
    from kyodo_geo.rules.formula import Counting  # noqa: PLC0415 - beside what it shows

    assert Counting("10-01", year_offset=-1).day(2025) == date(2024, 10, 1)
    assert Counting("").day(2025) is None


def test_where_nobody_lives_no_coefficient_is_needed():
    term = one_term("population", 100, measure="population", coefficient_by=AGEING)
    case = with_measures(plain([0, 10], [term]), age_65_over=(0, 5))
    result = run(case)
    assert result.totals_yen == (0, 2_000)
    assert steps(result, 0)[0].how == "人口 0"
    with pytest.raises(InputRefused, match=r"高齢化率.*\n.*値のない単位: 02 架空02"):
        run(plain([0, 10], [term]))
