"""The settings of ageing: each named, dated and grounded; the life table's survival is that of the published table."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kyodo_geo.errors import NotInForce, RuleFileError
from kyodo_geo.provenance import Basis
from kyodo_geo.rules.ageing import STATIONARY_AGES, ageing_settings, parse_ageing

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def shipped():
    return ageing_settings()


def refuse(text):
    with pytest.raises(RuleFileError) as caught:
        parse_ageing(text, name="高齢化.toml")
    return str(caught.value)


def with_amount(text, name, amount):
    changed, count = re.subn(
        rf'(name = "{name}"\n(?:(?!\[\[).*\n)*?amount = )[\d.]+', rf"\g<1>{amount}", text
    )
    assert count == 1
    return changed


def without(text, name):
    changed, count = re.subn(rf'\[\[value\]\]\nname = "{name}"\n(?:(?!\[\[).*\n?)*', "", text)
    assert count == 1
    return changed


def test_every_value_says_its_ground_and_what_is_ours_is_called_ours(shipped):
    for setting in shipped.at(TODAY).settings.values():
        assert setting.label
        assert setting.unit
        assert (setting.basis == Basis.ESTIMATED) == setting.reference.startswith(
            ("この道具の置いた値", "この道具の計算した値")
        )


def test_the_limits_are_those_of_the_issue(shipped):
    ageing = shipped.at(TODAY)
    assert ageing.weak_below == 100
    assert ageing.trend_years == 15
    assert (ageing.projection.longest_years, ageing.projection.last_year) == (30, 2050)
    assert ageing.projection.min_cohort > 0


@pytest.mark.parametrize(("sex", "expectancy"), [("male", 81.56), ("female", 87.71)])
def test_the_life_table_lives_as_long_as_the_published_one(shipped, sex, expectancy):
    living = shipped.at(TODAY).stationary[sex]
    assert len(living) == len(STATIONARY_AGES)
    # of 100,000 born; the bands are rounded to people
    assert sum(living) / 100_000 == pytest.approx(expectancy, abs=0.01)
    assert "第23回生命表" in shipped.at(TODAY).settings[f"stationary_{sex}_65"].reference


def test_women_outlive_men_at_every_age_over_forty(shipped):
    living = shipped.at(TODAY).stationary
    for band in range(8, 20):
        men, women = (living[sex][band + 1] / living[sex][band] for sex in ("male", "female"))
        assert men < women < 1


def test_a_family_is_somebody_and_is_called_an_assumption(shipped):
    ageing = shipped.at(TODAY)
    assert sum(sum(ages.values()) for ages in ageing.family.values()) == 3
    assert all("仮定" in one.label for name, one in ageing.settings.items() if name.startswith("family_"))


def test_a_day_before_the_first_is_refused(shipped):
    with pytest.raises(NotInForce, match="2000-01-01 から"):
        shipped.at(date(1999, 12, 31))


@pytest.mark.parametrize(
    ("name", "amount", "words"),
    [
        ("weak_below", 0, "0 より大きい数"),
        ("projection_years", 12, "5 の倍数"),
        ("trend_years", 7.5, "5 の倍数"),
        ("stationary_male_60", 999_999, "ひとつ若い区分より多い人数"),
    ],
)
def test_a_value_out_of_its_range_is_named(shipped, name, amount, words):
    message = refuse(with_amount(shipped.file.text, name, amount))
    assert words in message
    assert f"value({name})" in message
    assert "1 件の誤り" in message


def test_missing_unknown_and_open_values_are_gathered(shipped):
    text = shipped.file.text.replace('name = "trend_years"', 'name = "trend_year"')
    text = text.replace("amount = 30\n", "to_be_supplied = true\n", 1)
    message = refuse(text)
    for words in (
        "値「trend_years」がありません",
        "知らない値「trend_year」です",
        "value(min_cohort)",
        "3 件の誤り",
    ):
        assert words in message


def test_a_family_of_nobody_is_refused(shipped):
    text = shipped.file.text
    for name in ("family_male_30", "family_female_30", "family_male_0", "family_female_0"):
        text = without(text, name)
    assert "1人もいません" in refuse(text)


def test_a_file_that_is_no_toml_is_refused():
    assert "TOML として読めません" in refuse("title = ")
