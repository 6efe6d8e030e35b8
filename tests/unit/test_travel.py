"""The settings of getting about: every one dated, named and grounded, none beyond the law."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kyodo_geo.errors import NotInForce, RuleFileError
from kyodo_geo.provenance import Basis
from kyodo_geo.rules.travel import CAR_CLASSES, NARROW_CLASSES, parse_travel, travel_settings

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def shipped():
    return travel_settings()


def refuse(text):
    with pytest.raises(RuleFileError) as caught:
        parse_travel(text, name="移動.toml")
    return str(caught.value)


def with_amount(text, name, amount):
    """The shipped file with another amount for the last value of a name."""
    changed, count = re.subn(
        rf'(name = "{name}"\n(?:(?!\[\[).*\n)*?amount = )[\d.]+(?![\s\S]*name = "{name}")',
        rf"\g<1>{amount}",
        text,
    )
    assert count == 1
    return changed


def test_walking_is_eighty_metres_a_minute(shipped):
    travel = shipped.at(TODAY)
    assert travel.walk_kmh == pytest.approx(4.8)
    assert "80メートル" in travel.settings["walk_m_per_min"].reference


def test_every_value_says_its_ground_and_what_is_ours_is_called_ours(shipped):
    for setting in shipped.at(TODAY).settings.values():
        assert setting.label
        assert setting.unit
        assert setting.basis in {Basis.PUBLISHED, Basis.ESTIMATED}
        # A value without a publisher is never shown as if it had one.
        assert (setting.basis == Basis.ESTIMATED) == setting.reference.startswith("この道具の置いた値")


def test_the_detour_says_whom_it_follows(shipped):
    travel = shipped.at(TODAY)
    assert travel.detour_factor == 1.3
    assert "腰塚・小林 1983" in travel.settings["detour_factor"].reference


def test_the_lower_limit_of_narrow_roads_begins_on_its_day(shipped):
    before, after = shipped.at(date(2026, 8, 31)), shipped.at(date(2026, 9, 1))
    assert (before.number("legal_narrow_kmh"), after.number("legal_narrow_kmh")) == (60, 30)
    assert after.number("legal_general_kmh") == 60


def test_no_car_is_faster_than_the_law(shipped):
    for day in (date(2026, 8, 31), TODAY):
        travel = shipped.at(day)
        assert set(travel.car_kmh) == set(CAR_CLASSES)
        for name, speed in travel.car_kmh.items():
            kind = "motorway" if name == "motorway" else "narrow" if name in NARROW_CLASSES else "general"
            assert 0 < speed <= travel.number(f"legal_{kind}_kmh")


def test_winter_runs_over_the_turn_of_the_year(shipped):
    assert shipped.at(TODAY).winter_months == (12, 1, 2, 3)
    said = {month: shipped.at(date(2026, month, 15)).is_winter for month in range(1, 13)}
    assert [month for month, winter in said.items() if winter] == [1, 2, 3, 12]
    assert 0 < shipped.at(TODAY).winter_factor < 1


def test_a_winter_within_a_year_does_not_turn(shipped):
    text = with_amount(with_amount(shipped.file.text, "winter_first_month", 1), "winter_last_month", 2)
    assert parse_travel(text, name="f").at(TODAY).winter_months == (1, 2)


def test_distances_ascend_and_begin_with_one_of_them(shipped):
    travel = shipped.at(TODAY)
    assert list(travel.reach_choices_m) == sorted(set(travel.reach_choices_m))
    assert travel.reach_default_m in travel.reach_choices_m
    assert travel.attach_m > 0


def test_a_day_before_the_first_is_refused(shipped):
    with pytest.raises(NotInForce, match="2000-01-01 から"):
        shipped.at(date(1999, 12, 31))


@pytest.mark.parametrize(
    ("name", "amount", "words"),
    [
        ("winter_first_month", 13, "月は 1 から 12 まで"),
        ("winter_last_month", 2.5, "月は 1 から 12 まで"),
        ("detour_factor", 0.9, "道のりは直線より短くなりません"),
        ("winter_factor", 1.2, "冬の割合は 1 以下"),
        ("walk_m_per_min", 0, "0 より大きい数"),
        ("car_trunk_kmh", 61, "法定速度 60 km/h(2000-01-01 現在)を超えています"),
        ("car_minor_kmh", 31, "法定速度 30 km/h(2026-09-01 現在)を超えています"),
        ("car_motorway_kmh", 120, "法定速度 100 km/h"),
    ],
)
def test_a_value_out_of_its_range_is_named(shipped, name, amount, words):
    message = refuse(with_amount(shipped.file.text, name, amount))
    assert words in message
    assert f"value({name})" in message
    assert "移動.toml に 1 件の誤り" in message


def test_missing_unknown_and_open_values_are_gathered(shipped):
    text = shipped.file.text.replace('name = "attach_m"', 'name = "atach_m"')
    text = text.replace("amount = 1.3", "to_be_supplied = true")
    message = refuse(text)
    for words in (
        "値「attach_m」がありません",
        "知らない値「atach_m」です",
        "value(detour_factor)",
        "3 件の誤り",
    ):
        assert words in message


def test_a_file_that_is_no_toml_is_refused():
    assert "TOML として読めません" in refuse("title = ")
