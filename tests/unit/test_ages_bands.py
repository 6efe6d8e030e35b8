"""Heads of age columns, and bands that must tile."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import TableError
from kyodo_geo.model.ageing.values import Band, require_tiling
from kyodo_geo.sources.visit.ages.bands import AgeHead, Kind, Sex, finest_tiling, read_age_head
from kyodo_geo.sources.visit.ages.plan import parts_of, plan_ages

FIVES = [Band(low, low + 4) for low in range(0, 75, 5)]
DASHES = "-－−‐–—―ー~～〜"


def band(low, high=None, sex=Sex.BOTH, *, again=False):
    return AgeHead(Kind.BAND, sex, Band(low, high), again=again)


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("0-4歳の男性", band(0, 4, Sex.MALE)),
        ("85歳以上の女性", band(85, None, Sex.FEMALE)),
        ("総数０〜４歳", band(0, 4)),
        ("女７５歳以上", band(75, None, Sex.FEMALE)),
        ("男 15～64歳", band(15, 64, Sex.MALE)),
        ("65歳 女", band(65, 65, Sex.FEMALE)),
        ("85～", band(85)),
        ("95歳～", band(95)),
        ("15歳未満", band(0, 14)),
        ("（再掲）65歳以上", band(65, again=True)),
        ("うち75歳以上", band(75, again=True)),
        ("老年人口（65歳以上）", band(65)),
        ("0ー4才", band(0, 4)),
        ("総人口", AgeHead(Kind.TOTAL, Sex.BOTH)),
        ("計", AgeHead(Kind.TOTAL, Sex.BOTH)),
        ("人口総数 男", AgeHead(Kind.TOTAL, Sex.MALE)),
        ("男女計", AgeHead(Kind.TOTAL, Sex.BOTH)),
        ("総数、年齢「不詳」含む", AgeHead(Kind.TOTAL, Sex.BOTH)),
        ("年齢「不詳」", AgeHead(Kind.UNKNOWN, Sex.BOTH)),
        ("不詳者の男性", AgeHead(Kind.UNKNOWN, Sex.MALE)),
        ("年齢不詳の女性", AgeHead(Kind.UNKNOWN, Sex.FEMALE)),
    ],
)
def test_a_head_of_real_files_says_whom_its_column_counts(text, head):
    assert read_age_head(text) == head


@pytest.mark.parametrize(
    "text",
    ["", "世帯数", "平均年齢", "総年齢", "年齢", "65歳以上割合", "65歳以上単身世帯", "日本人 0～4歳", "75歳超", "65",
     "1,234", "５歳階級", "地区名", "200歳以上", "20～10歳"],
)  # fmt: skip
def test_what_is_no_plain_count_of_people_by_age_is_no_head(text):
    assert read_age_head(text) is None


@given(
    st.integers(0, 120), st.integers(0, 9), st.sampled_from(DASHES), st.sampled_from(["", "の男性", " 女"])
)
def test_any_dash_or_wave_parts_the_ages(low, more, dash, sex):
    head = read_age_head(f"{low}{dash}{low + more}歳{sex}")
    assert head is not None
    assert head.band == Band(low, low + more)
    assert head.sex is {"": Sex.BOTH, "の男性": Sex.MALE, " 女": Sex.FEMALE}[sex]


@given(st.sets(st.integers(1, 110)))
def test_bands_that_tile_come_back_whatever_coarser_ones_stand_beside_them(cuts):
    edges = sorted({0, 65, *cuts})
    bands = [Band(low, high - 1) for low, high in pairwise(edges)] + [Band(edges[-1], None)]
    coarser = [Band(0, 64), Band(65, None)]
    found = finest_tiling([*coarser, *reversed(bands)], name="表")
    require_tiling(found)
    assert list(found) == bands


@given(st.integers(0, 14), st.booleans())
def test_a_missing_band_is_never_bridged(at, coarse):
    bands = [one for number, one in enumerate([*FIVES, Band(75, None)]) if number != at]
    with pytest.raises(TableError):
        finest_tiling([*bands, *([Band(65, None)] if coarse and at < 13 else [])], name="表")


@pytest.mark.parametrize(
    ("bands", "words"),
    [
        ([*FIVES[:14], Band(75, 79), Band(80, None)], "65歳以上を作れません: 65～69歳の次が75～79歳です"),
        (FIVES, "「75歳以上」の列がありません"),
        ([Band(0, 9), Band(5, 14), Band(15, None)], "「0～9歳」と「5～14歳」が重なっています"),
        ([Band(0, 59), Band(60, 69), Band(70, None)], "「60～69歳」が65歳で分かれていません"),
        ([Band(65, None)], "0 歳から始まりません"),
        ([], "年齢の列がありません"),
    ],
)
def test_bands_that_do_not_tile_are_refused_by_name(bands, words):
    with pytest.raises(TableError, match=words):
        finest_tiling(bands, name="表")


def test_three_bands_are_enough():
    three = (Band(0, 14), Band(15, 64), Band(65, None))
    assert finest_tiling(three, name="表") == three
    assert parts_of(Band(0, 64), three) == slice(0, 2)
    assert parts_of(Band(60, None), three) is None


def test_sexes_alone_are_read_as_both_and_repeats_are_kept_to_check():
    heads = {
        f"{sex.value}{one.label}": AgeHead(Kind.BAND, sex, one)
        for sex in (Sex.MALE, Sex.FEMALE)
        for one in (Band(0, 14), Band(15, 64), Band(65, 74), Band(75, None), Band(65, None))
    }
    plan = plan_ages(heads, name="表")
    assert set(plan.columns) == {Sex.MALE, Sex.FEMALE}
    assert plan.bands == (Band(0, 14), Band(15, 64), Band(65, 74), Band(75, None))
    assert {column for _, _, column in plan.again} == {"男65歳以上", "女65歳以上"}


def test_sexes_in_different_bands_are_refused():
    men = (Band(0, 14), Band(15, 64), Band(65, None))
    women = (Band(0, 64), Band(65, None))
    heads = {f"男{one.label}": AgeHead(Kind.BAND, Sex.MALE, one) for one in men}
    heads |= {f"女{one.label}": AgeHead(Kind.BAND, Sex.FEMALE, one) for one in women}
    with pytest.raises(TableError, match="男と女で年齢の区分が違います"):
        plan_ages(heads, name="表")


def test_two_columns_of_one_head_are_refused_by_name():
    heads = {"a": band(0, 64), "b": band(0, 64), "c": band(65)}
    with pytest.raises(TableError) as caught:
        plan_ages(heads, name="表")
    assert [fault.column for fault in caught.value.faults] == ["b"]


@pytest.mark.parametrize("ages", [(75,), (75, 85), (70, 80, 90)])
def test_repeats_of_the_oldest_split_the_open_band(ages):
    heads = {"a": band(0, 14), "b": band(15, 64), "c": band(65)}
    heads |= {f"うち{age}": band(age, again=True) for age in ages}
    plan = plan_ages(heads, name="表")
    require_tiling(plan.bands)
    assert [one.low for one in plan.bands] == [0, 15, 65, *ages]
    assert plan.columns[Sex.BOTH][-1] == f"うち{ages[-1]}"
    assert list(plan.differences.values()) == list(pairwise(["c", *(f"うち{age}" for age in ages)]))
    assert set(plan.read) == set(heads)


def test_a_repeat_that_one_sex_lacks_splits_nothing():
    heads = {
        f"{sex.value}{low}": band(low, high, sex)
        for sex in (Sex.MALE, Sex.FEMALE)
        for low, high in ((0, 64), (65, None))
    }
    plan = plan_ages({**heads, "男うち75": band(75, None, Sex.MALE, again=True)}, name="表")
    assert plan.bands == (Band(0, 64), Band(65, None))
    assert plan.unused == ("男うち75",)
