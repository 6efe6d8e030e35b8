"""A row is tied to a place by key, district or name, and only where that is certain."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.sheets.keys import area_key, check_digit
from kyodo_geo.sources.visit.sheets.names import loose_form, plain_form, without_front
from kyodo_geo.sources.visit.sheets.other_city import address_of_another, title_of_another
from kyodo_geo.sources.visit.sheets.places import Found, Places, Unfound, find_place, place_names

ROOT = Path(__file__).parents[2]
AREAS = {
    "041010010": ("本町", "01"),
    "041010020": ("字山", "01"),
    "041010030": ("字山", "02"),
    "041010040": ("永野", "02"),
    "04101005001": ("青葉一丁目", "01"),
    "04101005002": ("青葉二丁目", "02"),
    "04101006001": ("市川町字市野ノ原", "02"),
    "04101006002": ("市川町字鶴ケ沢", "02"),
    "04101006003": ("市川町字十文字", "02"),
    "04101007001": ("篭田字西", "03"),
    "04101007002": ("籠田字西", "03"),
    "041010080": ("南", "01"),
    "041010090": ("南", "03"),
}


def gazetteer(areas: dict[str, tuple[str, str]] = AREAS) -> Gazetteer:
    return Gazetteer(
        code="04101", prefecture="架空県", city="架空市",
        small_areas={key: name for key, (name, _) in areas.items()}, people={}, homes={},
        districts={"01": "中央", "02": "市川", "03": "篭田"}, areas={"01": "中央", "02": "東川", "03": "南川"},
        district_of={key: district for key, (_, district) in areas.items()},
    )  # fmt: skip


CITY = gazetteer()


def shipped() -> Gazetteer:
    with (ROOT / "data/boundaries/small_areas.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with (ROOT / "data/records/centres.csv").open(encoding="utf-8-sig", newline="") as file:
        centres = list(csv.DictReader(file))
    return Gazetteer(
        code=rows[0]["key_code"][:5], prefecture="岩手県", city="一関市",
        small_areas={row["key_code"]: row["name"] for row in rows}, people={}, homes={},
        districts={row["district_code"]: row["district"] for row in centres},
        areas={row["district_code"]: row["area"] for row in centres},
        district_of={row["key_code"]: row["district_code"] for row in rows},
    )  # fmt: skip


REAL = shipped()


@pytest.mark.parametrize(
    "key",
    ["04101006001", "4101006001", "４１０１００６００１", "04101006001.0", "'04101006001", "041017006001", "04101006001-E2"],
)  # fmt: skip
def test_a_key_is_read_however_it_was_kept(key):
    key = key.replace("041017", f"04101{check_digit('04101')}")
    assert find_place(CITY, key=key, name="本町", district="03") == Found(("04101006001",), "")


@given(st.sampled_from(sorted(AREAS)))
def test_every_key_finds_itself_with_and_without_its_zero(key):
    for text in (key, key[1:], f"{key[:5]}{check_digit(key[:5])}{key[5:]}"):
        assert area_key(text, city="04101") == key


def test_the_check_digits_of_jis_x_0402():
    assert [check_digit(code) for code in ("03209", "13101", "01100", "27100")] == ["3", "6", "2", "4"]


def test_nine_digits_that_only_longer_keys_begin_with_stand_for_all_of_those():
    assert find_place(CITY, key="041010050") == Found(("04101005001", "04101005002"), "")


@pytest.mark.parametrize("code", ["04101", "4101", f"04101{check_digit('04101')}", "", "4,101"])
def test_the_citys_own_code_names_no_place(code):
    assert find_place(CITY, key=code) == Found((), "")
    assert find_place(CITY, key=code, name="本町") == Found(("041010010",), "")


@pytest.mark.parametrize(
    "key", ["04102", "04102006001", "4102006001", "041020010", f"04102{check_digit('04102')}"]
)
def test_a_key_of_another_city_is_refused_with_that_citys_code(key):
    with pytest.raises(ValueError, match="04102"):
        find_place(CITY, key=key, name="本町")


@pytest.mark.parametrize("key", ["7", "0008-001", "04101099099", "abc", "1101"])
def test_what_is_no_key_leaves_the_row_to_its_name(key):
    assert find_place(CITY, key=key, name="本町") == Found(("041010010",), "")
    assert find_place(CITY, key=key) == Unfound(key, ())


@pytest.mark.parametrize(
    "text",
    [
        "02",
        "市川",
        "市川地区",
        "市川市民センター",
        "架空市市川市民センター",
        "市川地区市民センター",
        " 市 川 ",
    ],
)
def test_a_district_is_found_by_code_or_name(text):
    assert find_place(CITY, district=text) == Found((), "02")


def test_a_district_beside_a_name_chooses_between_places_of_that_name():
    assert isinstance(find_place(CITY, name="字山"), Unfound)
    assert find_place(CITY, name="字山", district="市川") == Found(("041010030",), "02")
    assert find_place(CITY, name="どこか", district="市川") == Found((), "02")


def test_an_unknown_district_is_unfound_unless_the_name_is_known():
    assert find_place(CITY, district="東川") == Unfound("東川", ())
    assert find_place(CITY, district="東川", name="本町") == Found(("041010010",), "")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("本町", "041010010"), ("　本　町 ", "041010010"), ("架空市本町", "041010010"), ("架空県架空市本町", "041010010"),
        ("架空県東郡架空市本町", "041010010"), ("青葉１丁目", "04101005001"), ("青葉一丁目", "04101005001"), ("架空市青葉2丁目", "04101005002"),
        ("市川町字市野ノ原", "04101006001"), ("架空市市川町字市野ノ原", "04101006001"), ("市川町市野の原", "04101006001"),
        ("市川町大字市野之原", "04101006001"), ("市川町鶴ヶ沢", "04101006002"), ("市川町字鶴が沢", "04101006002"), ("市川町字鶴ｹ沢", "04101006002"),
        ("市川町十文字", "04101006003"), ("東川町永野", "041010040"), ("東郡東川町永野", "041010040"), ("大字永野", "041010040"),
        ("本町12番地3", "041010010"), ("青葉二丁目4番5号", "04101005002"), ("青葉2-4-5", "04101005002"), ("市川町字鶴ヶ沢５６－１", "04101006002"),
        ("架空市永野字西7番地", "041010040"), ("永野字西字奥", "041010040"), ("南川町南", "041010090"), ("中央町南", "041010080"),
    ],
)  # fmt: skip
def test_a_name_is_found_in_the_spellings_people_use(name, key):
    assert find_place(CITY, name=name) == Found((key,), "")


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("字山", ["041010020", "041010030"]),
        ("南", ["041010080", "041010090"]),
        ("青葉", ["04101005001", "04101005002"]),
        ("青葉町", []),
        ("山", ["041010020", "041010030"]),
        ("架空市", []),
        ("市野ノ原", []),
        ("東川町南", []),
        ("市川町字未知", []),
        ("川町字市野ノ原", []),
    ],
)
def test_a_name_of_no_place_or_of_several_is_unfound_with_its_candidates(name, keys):
    expected = tuple(f"{key} {AREAS[key][0]}" for key in keys)
    assert find_place(CITY, name=name) == Unfound(name, expected)


def test_the_common_head_of_small_areas_of_one_district_is_that_district():
    assert find_place(CITY, name="市川町") == Found((), "02")
    assert find_place(CITY, name="架空市市川町") == Found((), "02")


def test_a_head_that_is_a_small_area_too_is_not_taken_for_it():
    areas = AREAS | {"041010060": ("市川町", "01")}
    assert isinstance(find_place(gazetteer(areas), name="市川町"), Unfound)


def test_spelling_is_loosened_only_where_one_candidate_is_left():
    assert find_place(CITY, name="篭田字西") == Found(("04101007001",), "")
    assert find_place(CITY, name="籠田西") == Found(("04101007002",), "")
    without_new = {key: place for key, place in AREAS.items() if key != "04101007002"}
    assert find_place(gazetteer(without_new), name="籠田字西") == Found(("04101007001",), "")
    twice = {**AREAS, "04101006009": ("市川町字鶴ガ沢", "02")}
    assert len(find_place(gazetteer(twice), name="市川町字鶴が沢").candidates) == 2


def test_a_name_ending_as_a_district_does_is_that_district_and_a_bare_one_only_a_candidate():
    assert find_place(CITY, name="中央地区") == Found((), "01")
    assert find_place(CITY, name="中央") == Unfound("中央", ("01 中央",))


def test_a_city_is_cut_off_only_at_the_start():
    form = plain_form("市川町字市野々原")
    assert without_front(form, prefecture="架空県", city="架空市") == form
    assert without_front("四日市市市場町", prefecture="三重県", city="四日市市") == "市場町"


@given(
    st.sampled_from(sorted(REAL.small_areas)),
    st.sampled_from(["", "一関市", "岩手県一関市", "岩手県 一関市 "]),
)
def test_shipped_names_find_themselves_their_district_or_say_their_candidates(key, front):
    name = REAL.small_areas[key]
    place = find_place(REAL, name=f"{front}{name}")
    if isinstance(place, Unfound):
        assert f"{key} {name}" in place.candidates
        assert len(place.candidates) > 1
    elif place.keys:
        assert place == Found((key,), "")
    else:
        assert place.district == REAL.district_of[key]


def test_no_shipped_name_of_several_keys_is_given_to_one_of_them():
    by_name = defaultdict(list)
    for key, name in REAL.small_areas.items():
        by_name[name].append(key)
    doubled = {name: keys for name, keys in by_name.items() if len(keys) > 1}
    assert doubled
    for name, keys in doubled.items():
        homes = {REAL.district_of[key] for key in keys}
        place = find_place(REAL, name=name)
        if len(homes) == 1:
            assert place == Found((), homes.pop())
        else:
            assert place == Unfound(name, tuple(f"{key} {name}" for key in sorted(keys)))


def test_doubled_shipped_names_are_unfound_once_their_keys_lie_in_different_districts():
    by_name = defaultdict(list)
    for key, name in REAL.small_areas.items():
        by_name[name].append(key)
    codes = sorted(REAL.districts)
    torn = {key: codes[at] for keys in by_name.values() for at, key in enumerate(sorted(keys))}
    places = Places(Gazetteer(**{**vars(REAL), "district_of": torn}))
    for name, keys in by_name.items():
        if len(keys) > 1:
            found = places.find(name=name)
            assert isinstance(found, Unfound)
            assert {f"{key} {name}" for key in keys} <= set(found.candidates)


def test_every_shipped_key_finds_itself():
    for key in REAL.small_areas:
        assert find_place(REAL, key=key.removeprefix("0")) == Found((key,), "")


@given(st.text(max_size=15), st.text(max_size=8))
def test_any_text_gives_places_of_the_city_or_none(name, district):
    place = find_place(CITY, name=name, district=district)
    if isinstance(place, Found):
        assert set(place.keys) <= set(AREAS)
        assert place.district in ("", *CITY.districts)
    else:
        assert place.name in (name.strip(), district.strip())


@pytest.mark.parametrize(
    ("name", "loose"),
    [
        ("青葉十二丁目", "青葉12丁目"),
        ("青葉二十丁目", "青葉20丁目"),
        ("大字鶴ヶ沢字丸の内", "鶴ケ沢丸ノ内"),
        ("ノ字ケ", "ノケ"),
        ("十文字", "十文字"),
    ],
)
def test_loose_forms(name, loose):
    assert loose_form(plain_form(name)) == loose_form(loose) == loose


def of_areas() -> Gazetteer:
    """Return a city whose areas 中央 and 東川 have two districts each; 中央 is a district's name too."""
    return replace(
        CITY,
        districts={"01": "中央", "02": "市川", "03": "篭田", "04": "上台"},
        areas={"01": "中央", "02": "東川", "03": "東川", "04": "中央"},
    )


def test_a_name_in_another_district_than_the_row_names_is_unfound_with_both():
    found = find_place(CITY, name="永野", district="中央")
    assert found == Unfound("永野", ("01 中央", "041010040 永野"))
    assert isinstance(found, Unfound)
    assert found.contradicts
    assert find_place(CITY, name="永野12-3", district="01") == Unfound(
        "永野12-3", ("01 中央", "041010040 永野")
    )
    assert find_place(CITY, name="市川地区", district="中央") == Unfound("市川地区", ("01 中央", "02 市川"))


@pytest.mark.parametrize("name", ["知らない町", "永野5区"])
def test_a_name_that_is_no_place_keeps_its_district_and_is_told_of(name):
    found = find_place(CITY, name=name, district="中央")
    assert found == Found((), "01")
    assert isinstance(found, Found)
    assert found.unknown == name


def test_a_name_of_several_places_one_of_them_in_the_district_contradicts_nothing():
    for name in ("字山", "本町", "市川町"):
        found = find_place(CITY, name=name, district="02" if name == "市川町" else "01")
        assert isinstance(found, Found)
        assert not found.unknown


@pytest.mark.parametrize("name", ["東川", "東川地域", "東川町", "架空市東川", "中央地域"])
def test_a_former_municipality_of_several_districts_is_unfound_with_them(name):
    codes = ("01 中央", "04 上台") if name == "中央地域" else ("02 市川", "03 篭田")
    assert find_place(of_areas(), district=name) == Unfound(name, codes)
    assert find_place(of_areas(), name=name) == Unfound(name, codes)


def test_what_is_a_districts_name_and_an_areas_stays_the_district():
    assert find_place(of_areas(), district="中央") == Found((), "01")


@pytest.mark.parametrize(
    ("names", "by_area"),
    [(["中央", "東川"], True), (["中央地域", "東川地域"], True), (["中央町", "東川町", "架空市"], True), (["東川"], True),
     (["中央"], False), (["中央地区"], False), (["中央", "東川", "市川"], False), (["中央", "東川", "永野"], False),
     (["中央", "東川", "謎の組"], True), (["東川", "一区", "二区"], False), ([], False), (["中央", "市川", "篭田", "上台"], False)],
)  # fmt: skip
def test_names_are_former_municipalities_only_where_none_is_a_place_of_another_kind(names, by_area):
    assert place_names(of_areas()).is_by_area(names) is by_area


@pytest.mark.parametrize(
    ("text", "city"),
    [("奥州市 行政区別人口 令和6年4月1日現在", "奥州市"), ("令和5年度奥州市空き家実態調査", "奥州市"), ("岩手県奥州市の人口", "奥州市"),
     ("行政区別人口(奥州市)", "奥州市"), ("奥州市と架空市の人口", ""), ("市内の空き家", ""), ("各市の人口", ""), ("都市計画区域内の人口", ""),
     ("永野市民センター別人口", ""), ("中心市街地の空き家", ""), ("県内市町村別人口", ""), ("令和5年度 市 空き家調査", "")],
)  # fmt: skip
def test_a_title_of_another_city_is_known_by_its_name(text, city):
    assert title_of_another([text], CITY) == city


def test_a_name_of_the_citys_own_places_is_no_other_city():
    own = replace(CITY, small_areas={**CITY.small_areas, "041010099": "本町字七日市"})
    assert title_of_another(["七日市 人口"], own) == ""
    assert address_of_another("七日市12", own) == ""
    assert title_of_another(["七日市 人口"], CITY) == "七日市"


@pytest.mark.parametrize(
    ("address", "elsewhere"),
    [("岩手県奥州市水沢1-1", "岩手県"), ("架空県奥州市水沢1-1", "奥州市"), ("奥州市水沢", "奥州市"), ("架空県東郡平泉町1", "東郡平泉町"),
     ("架空市永野1", ""), ("架空県架空市永野1", ""), ("永野1-2", ""), ("市川町字市野ノ原3", ""), ("東郡南川町南", ""), ("", "")],
)  # fmt: skip
def test_an_address_elsewhere_is_known_by_how_it_begins(address, elsewhere):
    assert address_of_another(address, CITY) == elsewhere
