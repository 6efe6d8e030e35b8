"""Resident tables of people by age: the municipal standard with its deviations, and tables as cities keep them."""

import io
from dataclasses import replace

import numpy as np
import openpyxl
import pytest
from fictional.ages import CODE, STANDARD_BANDS, ages, as_file, gazetteer, standard_rows

from kyodo_geo.errors import TableError
from kyodo_geo.sources.visit.ages.read import read_ages
from kyodo_geo.sources.visit.sheets.places import Unfound

PLACES = {f"{CODE}0010": "架空本町", f"{CODE}0020": "架空沢", f"{CODE}0030": "架空台", f"{CODE}0040": "双子",
          f"{CODE}0050": "双子"}  # fmt: skip
CITY = replace(
    gazetteer(PLACES),
    districts={"01": "本町", "02": "山辺"},
    areas={"01": "架空町", "02": "架空村"},
    district_of={
        f"{CODE}0010": "01",
        f"{CODE}0020": "01",
        f"{CODE}0030": "02",
        f"{CODE}0040": "01",
        f"{CODE}0050": "02",
    },
)
MEN, WOMEN = ages(40, 18), ages(47, 18)
STANDARD = standard_rows(
    [("架空本町", MEN, WOMEN), ("架空沢", WOMEN, MEN), ("架空台", ages(9, 18), ages(8, 18))]
)
THREE = ["地区", "行政区", "15歳未満", "15～64歳", "65歳以上", "計"]
DAY = ["令和6年4月1日現在"]


def read(rows, *, name="人口.csv", encoding="utf-8-sig", separator=",", city=CITY):
    return read_ages(as_file(rows, encoding=encoding, separator=separator), name=name, gazetteer=city)


def refusal(rows, **options):
    with pytest.raises(TableError) as caught:
        read(rows, **options)
    return str(caught.value)


def told(faults):
    return " / ".join(map(str, faults))


def changed(rows, column, value, *, at=1):
    """Return the rows with one cell changed."""
    rows = [list(row) for row in rows]
    rows[at][rows[0].index(column)] = value
    return rows


def test_the_municipal_standard_is_read_by_name_with_its_day():
    found = read(STANDARD)
    assert found.places == ((f"{CODE}0010",), (f"{CODE}0020",), (f"{CODE}0030",))
    assert found.table.total.tolist() == [87, 87, 17]
    assert found.table.top == 85
    np.testing.assert_array_equal(found.table.male[0], MEN)
    assert (found.day.isoformat(), found.counted_by) == ("2024-04-01", "住民基本台帳")
    assert found.opened.reference_date == "2024-04-01"
    assert found.opened.fictional
    assert not found.opened.cautions
    assert not found.unfound


@pytest.mark.parametrize(
    ("encoding", "separator"), [("cp932", ","), ("utf-16-le", "\t"), ("utf-16", "\t"), ("utf-8", "\t")]
)
def test_encodings_and_tabs_make_no_difference(encoding, separator):
    assert read(STANDARD, encoding=encoding, separator=separator).table.total.tolist() == [87, 87, 17]


def second_generation():
    rows = [row[:2] + row[3:] for row in STANDARD]
    names = {"都道府県コード又は市区町村コード": "全国地方公共団体コード", "市区町村名": "地方公共団体名"}
    return [[names.get(cell, cell) for cell in rows[0]], *rows[1:]]


def full_width():
    head = [
        str(cell).replace("-", "－").replace("総人口", "計").replace("地域名", "行政区名")
        for cell in STANDARD[0]
    ]
    return [head, *STANDARD[1:]]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(second_generation(), id="the second generation"),
        pytest.param(full_width(), id="full-width hyphens, 計 and 行政区名"),
        pytest.param([[*row, ""] for row in STANDARD], id="an empty column behind"),
        pytest.param([list(reversed(row)) for row in STANDARD], id="the columns the other way round"),
        pytest.param([*STANDARD, ["※ 架空の注記"], ["資料 架空市"]], id="notes below"),
        pytest.param([[(f"{cell:,} " if isinstance(cell, int) else cell) for cell in row] for row in STANDARD],
                     id="numbers as text"),
        pytest.param([changed(STANDARD, "調査年月日", "令和６年４月１日", at=at)[at] if at else row
                      for at, row in enumerate(STANDARD)], id="a Japanese date"),
        pytest.param([["架空の表　令和6年4月1日現在"], *[row[:4] + row[5:] for row in STANDARD]], id="the day above"),
    ],
)  # fmt: skip
def test_deviations_seen_in_real_files_are_read_alike(rows):
    found = read(rows)
    assert found.table.total.tolist() == [87, 87, 17]
    assert found.day.isoformat() == "2024-04-01"


def test_people_of_no_known_age_have_columns_of_their_own():
    rows = [
        [*row, *extra]
        for row, extra in zip(
            STANDARD, [["不詳者の男性", "不詳者の女性"], [1, 2], [0, 0], [0, 0]], strict=True
        )
    ]
    assert "総数 87 人と、年齢別の合計 90 人が違います" in told(read(rows).opened.cautions)
    found = read(changed(rows, "総人口", 90))
    assert found.table.unknown_age.tolist() == [3, 0, 0]


def test_bands_may_reach_a_hundred_or_be_single_years():
    head = ["町名", *(f"{age}歳" for age in range(100)), "100歳以上", "総数"]
    found = read([DAY, head, ["架空本町", *[2] * 101, 202], ["架空沢", *[1] * 101, 101]])
    assert found.table.top == 100
    assert len(found.table.bands) == 101
    assert found.table.male is None
    assert found.table.total.tolist() == [202, 101]


def test_the_day_may_stand_in_the_file_name_only():
    rows = [row[:4] + row[5:] for row in STANDARD]
    found = read(rows, name="人口_20240401.csv")
    assert found.day.isoformat() == "2024-04-01"
    assert "名前から読みました" in told(found.opened.cautions)
    assert "いつの人口か分かりません" in refusal(rows)
    assert "調査年月日" in refusal(rows)


def test_several_days_are_refused_by_name():
    text = refusal(changed(STANDARD, "調査年月日", "2023-04-01"))
    assert "2023-04-01" in text
    assert "2024-04-01" in text


@pytest.mark.parametrize("day", ["令和1年4月30日", "いつか", "令和6年度"])
def test_a_day_that_cannot_be_is_refused_with_its_row(day):
    assert "2 行目" in refusal(changed(STANDARD, "調査年月日", day))


def test_a_census_table_says_so():
    assert (
        read([["国勢調査 2020年10月1日現在"], *[row[:4] + row[5:] for row in STANDARD]]).counted_by
        == "国勢調査"
    )


@pytest.mark.parametrize("whole", ["", "架空市", "架空県架空市"])
def test_a_row_of_the_whole_city_is_a_total_and_no_place(whole):
    wrong = standard_rows([(whole, ages(90, 18), ages(100, 18))])[1]
    found = read([*STANDARD[:1], wrong, *STANDARD[1:]])
    assert found.table.total.tolist() == [87, 87, 17]
    assert found.unplaced_people == 0
    assert "190 人が、行の合計 191 人と違います" in told(found.opened.cautions)
    assert "合計の行とみなしました" in told(found.opened.left_out)


def test_a_printed_total_that_differs_is_named():
    rows = [DAY, THREE, ["本町", "1区", 1, 2, 3, 6], ["本町", "2区", 2, 2, 2, 6], ["", "合計", 3, 4, 6, 13]]
    found = read(rows)
    assert found.table.total.tolist() == [6, 6]
    assert "12 人と同じ値がありません" in told(found.opened.cautions)
    assert "合計" not in told(read([*rows[:-1], ["", "合計", 3, 4, 5, 12]]).opened.cautions)


def test_wards_are_tied_to_the_district_their_row_names():
    found = read([DAY, THREE, ["本町", "1区", 1, 2, 3, 6], ["山辺", "1区", 5, 7, 9, 21]])
    assert found.districts == ("01", "02")
    assert found.places == ((), ())


def test_a_district_above_its_wards_is_a_total():
    rows = [
        DAY,
        THREE,
        ["本町", "", 3, 4, 6, 13],
        ["本町", "1区", 1, 2, 3, 6],
        ["本町", "2区", 2, 2, 2, 6],
        ["山辺", "", 5, 7, 9, 21],
    ]
    found = read(rows)
    assert found.districts == ("01", "01", "02")
    assert found.table.total.sum() == 33
    assert "「本町」の 13 人が、行の合計 12 人と違います" in told(found.opened.cautions)


def test_a_table_of_districts_alone_is_read():
    found = read(
        [DAY, ["地区名", "15歳未満", "15～64歳", "65歳以上"], ["本町地区", 1, 2, 3], ["山辺", 2, 3, 4]]
    )
    assert found.districts == ("01", "02")


def test_names_of_no_and_of_two_places_are_listed_and_never_guessed():
    head = ["町名", "15歳未満", "15～64歳", "65歳以上"]
    found = read([DAY, head, ["架空本町", 1, 2, 3], ["双子", 2, 3, 4], ["幻町", 5, 5, 5]])
    assert found.places == ((f"{CODE}0010",),)
    assert [one.name for one in found.unfound] == ["双子", "幻町"]
    assert len(found.unfound[0].candidates) == 2
    assert found.unplaced_people == 24
    assert ("場所の分からない行", 2) in found.opened.counts


def test_keys_stand_before_names():
    head = ["KEY_CODE", "町名", "15歳未満", "15～64歳", "65歳以上"]
    assert read([DAY, head, [f"{CODE}0050", "双子", 2, 3, 4]]).places == ((f"{CODE}0050",),)


def test_one_place_twice_is_named():
    head = ["町名", "15歳未満", "15～64歳", "65歳以上"]
    assert "3 行目と名前か場所が同じです" in told(
        read([DAY, head, ["架空沢", 1, 2, 3], ["架空沢", 2, 2, 2]]).opened.cautions
    )


def test_blocks_side_by_side_are_stacked_unless_they_repeat_their_places():
    head = ["町名", "15歳未満", "15～64歳", "65歳以上"]
    rows = [
        DAY,
        [*head, *head],
        ["架空本町", 1, 2, 3, "架空台", 4, 4, 4],
        ["架空沢", 2, 2, 9, "", "", "", ""],
    ]
    assert read(rows).table.total.tolist() == [6, 13, 12]
    text = refusal([*rows[:2], ["架空本町", 1, 2, 3, "架空本町", 1, 1, 1]])
    assert "「架空本町」が同じ行に2回あります" in text


def test_two_head_rows_and_sexes_above_ages_are_joined():
    rows = [DAY, ["町名", "男", "", "", "女", "", ""], ["", *["0～14歳", "15～64歳", "65歳以上"] * 2],
            ["架空本町", 1, 2, 3, 4, 5, 6], ["架空沢", 1, 1, 1, 1, 1, 1]]  # fmt: skip
    found = read(rows)
    assert found.table.male.tolist() == [[1, 2, 3], [1, 1, 1]]
    assert found.table.female[0].tolist() == [4, 5, 6]


def test_sexes_and_ages_down_the_rows_are_put_together():
    head = ["町名", "年齢", "男", "女", "計"]
    rows = [
        [place, age, n, n + 1, 2 * n + 1]
        for place, n in (("架空本町", 3), ("架空沢", 5))
        for age in ("0～14歳", "15～64歳", "65歳以上")
    ]
    found = read([DAY, head, *rows])
    assert found.table.male.tolist() == [[3] * 3, [5] * 3]
    assert found.table.both.tolist() == [[7] * 3, [11] * 3]
    assert "2つあります" in refusal([DAY, head, *rows, rows[0]])
    head = ["町名", "性別", "0～14歳", "15～64歳", "65歳以上"]
    rows = [["架空本町", "計", 3, 5, 7], ["架空本町", "男", 1, 2, 3], ["架空本町", "女", 2, 3, 4]]
    assert read([DAY, head, *rows]).table.female.tolist() == [[2, 3, 4]]


def test_single_years_down_the_rows_may_be_bare_numbers():
    rows = [["架空本町", str(age), 1] for age in range(90)] + [["架空本町", "90歳以上", 4]]
    assert read([DAY, ["町名", "年齢", "人口"], *rows]).table.total.tolist() == [94]


def test_an_excel_book_is_read_and_a_second_table_in_it_refused():
    book = openpyxl.Workbook()
    for row in STANDARD:
        book.active.append(row)
    saved = io.BytesIO()
    book.save(saved)
    assert read_ages(saved.getvalue(), name="人口.xlsx", gazetteer=CITY).table.total.tolist() == [87, 87, 17]
    other = book.create_sheet("外国人")
    for row in STANDARD:
        other.append(row)
    book.save(saved)
    with pytest.raises(TableError, match="Sheet、外国人"):
        read_ages(saved.getvalue(), name="人口.xlsx", gazetteer=CITY)


def test_bands_that_do_not_reach_65_whole_are_refused_by_name():
    rows = [[cell for at, cell in enumerate(row) if "70-74歳" not in STANDARD[0][at]] for row in STANDARD]
    assert "65歳以上を作れません: 65～69歳の次が75～79歳です" in refusal(rows)


def test_a_total_below_its_bands_is_refused_with_row_and_column():
    text = refusal(changed(STANDARD, "総人口", 3))
    assert "2 行目 列「総人口」" in text


def test_a_total_above_its_bands_leaves_people_of_no_known_age_and_says_so():
    found = read(changed(STANDARD, "総人口", 90))
    assert found.table.unknown_age.tolist() == [3, 0, 0]
    assert "差 3 人を、年齢の分からない人" in told(found.opened.cautions)


def test_shifted_sexes_are_named():
    assert "男と女の合計" in told(read(changed(STANDARD, "男性", 1)).opened.cautions)


def test_sexes_that_contradict_the_total_of_a_band_are_not_used():
    head = [
        "町名",
        *(f"{sex} {band}" for sex in ("計", "男", "女") for band in ("15歳未満", "15～64歳", "65歳以上")),
    ]
    rows = [DAY, head, ["架空本町", 3, 5, 7, 1, 2, 3, 2, 3, 4], ["架空沢", 2, 2, 2, 1, 1, 1, 1, 1, 2]]
    found = read(rows)
    assert found.table.male is found.table.female is None
    assert found.table.both.tolist() == [[3, 5, 7], [2, 2, 2]]
    assert "男女別の人数は使いません" in told(found.opened.cautions)
    assert read([*rows[:-1], ["架空沢", 2, 2, 2, 1, 1, 1, 1, 1, 1]]).table.male is not None


def test_a_blank_age_is_zero_only_where_the_total_leaves_nothing_else():
    men = (0, *ages(40, 17))
    rows = standard_rows([("架空本町", men, WOMEN), ("架空沢", WOMEN, MEN)])
    found = read(changed(rows, "0-4歳の男性", ""))
    assert found.table.total.tolist() == [87, 87]
    assert found.table.unknown_age.tolist() == [0, 0]
    found = read(changed(rows, "5-9歳の男性", ""))
    assert found.table.unknown_age.tolist() == [87, 0]


def test_cells_that_are_no_counts_are_all_named():
    rows = changed(changed(STANDARD, "0-4歳の男性", "12.5"), "5-9歳の女性", "多数", at=2)
    text = refusal(rows)
    assert "2 行目 列「0-4歳の男性」" in text
    assert "3 行目 列「5-9歳の女性」" in text


@pytest.mark.parametrize("code", ["999997", "99999", 999997])
def test_the_city_code_is_known_with_and_without_its_check_digit(code):
    assert read(changed(STANDARD, "都道府県コード又は市区町村コード", code)).table.total.sum() == 191


def test_a_lost_zero_of_the_city_code_is_known():
    city = replace(gazetteer({"032090010": "架空本町"}, code="03209"), city="架空市")
    for code in ("032093", "32093", "03209", "3209", "03,209"):
        rows = standard_rows([("架空本町", MEN, WOMEN)], code=code)
        assert read(rows, city=city).places == (("032090010",),)


def test_rows_of_another_city_are_not_read_and_a_table_of_others_is_refused():
    other = standard_rows([("架空台", MEN, WOMEN)], code="111112", city="他市")
    found = read([*STANDARD, *other[1:]])
    assert found.table.total.sum() == 191
    assert "別の市区町村の 1 行は読んでいません(他市 など)" in told(found.opened.left_out)
    assert "別の市の表です" in refusal(other)
    assert "他市" in refusal(other)
    assert "別の市の表です" in refusal(changed(STANDARD[:2], "市区町村名", "他市"))
    assert "別の市の表です" in refusal(
        [DAY, ["KEY_CODE", "町名", "15歳未満", "15～64歳", "65歳以上"], ["111110010", "甲", 1, 1, 1]]
    )


def test_a_table_without_any_known_place_is_refused():
    assert "幻町" in refusal([DAY, ["町名", "15歳未満", "15～64歳", "65歳以上"], ["幻町", 1, 2, 3]])


def test_what_is_no_table_of_ages_is_refused_with_what_can_be_read():
    text = refusal([["名称", "緯度", "経度"], ["架空", 35, 135]])
    assert "年齢の列が見つかりません" in text
    assert "T001082" in text


def test_the_bands_of_the_fixture_are_the_standard_ones():
    assert len(STANDARD_BANDS) == 18
    assert len(STANDARD[0]) == 47


AREAS = replace(
    CITY,
    districts={"01": "本町", "02": "山辺", "03": "南", "04": "北"},
    areas={"01": "本町", "02": "本町", "03": "谷", "04": "谷"},
)
BANDS = ["15歳未満", "15～64歳", "65歳以上"]


def test_a_list_handed_in_by_mistake_is_refused_without_repeating_its_cells():
    text = refusal(
        [
            ["整理番号", "所在地", "地区名", "所有者"],
            [1, "架空本町1番2号", "本町", "架空 太郎"],
            [2, "架空沢3", "男", "65歳"],
        ]
    )
    for cell in ("架空本町", "架空 太郎", "架空沢", "所有者", "整理番号", "65歳、", "男"):
        assert cell not in text.split("読める表")[0]
    assert "3 行、最大 4 列" in text
    assert "知っている列名: 地区名" in text


@pytest.mark.parametrize("head", ["地域", "地区", "町名"])
@pytest.mark.parametrize("ending", ["", "地域", "町"])
def test_a_table_by_former_municipality_is_refused(head, ending):
    rows = [DAY, [head, *BANDS], [f"本町{ending}", 1, 2, 3], [f"谷{ending}", 4, 5, 6]]
    assert "旧市町村(地域)ごとの表です。地区か町丁字・行政区ごとの表が必要です" in refusal(rows, city=AREAS)


def test_a_name_of_a_district_and_of_an_area_is_the_district_beside_other_districts():
    found = read([DAY, ["地区", *BANDS], ["本町", 1, 2, 3], ["南", 4, 5, 6]], city=AREAS)
    assert found.districts == ("01", "03")


def test_a_column_of_former_municipalities_beside_the_names_says_nothing_of_the_district():
    rows = [DAY, ["地区", "町名", *BANDS], ["本町", "架空本町", 1, 2, 3], ["谷", "架空台", 4, 5, 6]]
    found = read(rows, city=AREAS)
    assert (found.places, found.districts) == (((f"{CODE}0010",), (f"{CODE}0030",)), ("", ""))


def test_a_place_is_no_total_though_its_people_are_the_sum_of_those_above():
    rows = [
        DAY,
        ["町名", *BANDS],
        ["架空本町", 1, 2, 3],
        ["架空沢", 4, 5, 6],
        ["架空台", 5, 7, 9],
        ["幻町", 1, 1, 1],
    ]
    assert read(rows).table.total.tolist() == [6, 15, 21]


def test_a_district_named_like_a_place_is_a_total_where_it_is_the_sum_of_its_places():
    rows = [
        DAY,
        ["町名", *BANDS],
        ["架空本町", 1, 2, 3],
        ["架空沢", 4, 5, 6],
        ["本町地区", 5, 7, 9],
        ["架空台", 1, 1, 1],
    ]
    found = read(rows)
    assert found.table.total.tolist() == [6, 15, 3]
    assert "「本町地区」はその中の場所の行の合計に等しい" in told(found.opened.left_out)


def test_a_name_in_another_district_than_its_row_names_is_unfound_and_an_unknown_one_is_told():
    rows = [DAY, ["地区", "行政区", *BANDS], ["本町", "架空台", 1, 2, 3], ["本町", "1区", 4, 5, 6]]
    found = read(rows)
    assert found.unfound == (Unfound("架空台", ("01 本町", f"{CODE}0030 架空台")),)
    assert (found.districts, found.unplaced_people) == (("01",), 6)
    assert "町丁字に当たらない名前 1 件(「1区」 など)は、地区だけで結びました" in told(found.opened.cautions)


def test_a_table_whose_names_all_contradict_their_districts_says_so():
    text = refusal([DAY, ["地区", "行政区", *BANDS], ["本町", "架空台", 1, 2, 3]])
    assert f"「架空台」は行の地区の中にありません(01 本町、{CODE}0030 架空台)" in text


REPEAT = ["行政区", *BANDS, "うち75歳以上"]


def test_the_oldest_told_again_split_those_of_65_and_over():
    found = read([DAY, REPEAT, ["架空本町", 10, 50, 40, 15], ["架空沢", 1, 5, 0, 0]])
    assert [one.label for one in found.table.bands] == ["0～14歳", "15～64歳", "65～74歳", "75歳以上"]
    assert found.table.both.tolist() == [[10, 50, 25, 15], [1, 5, 0, 0]]


def test_more_of_75_than_of_65_are_refused_with_row_and_column():
    text = refusal([DAY, REPEAT, ["架空本町", 10, 50, 40, 41]])
    assert "3 行目 列「うち75歳以上」: 「65歳以上」の 40 人より、その一部の 41 人が多くなっています" in text


def test_a_kept_back_repeat_splits_nothing_and_loses_nobody():
    found = read([DAY, REPEAT, ["架空本町", 10, 50, 40, 15], ["架空沢", 1, 5, 2, "X"]])
    assert found.table.both.tolist() == [[10, 50, 40], [1, 5, 2]]
    assert "4 行目 列「うち75歳以上」: 数のない行があるため" in told(found.opened.cautions)


def test_a_title_of_another_city_is_refused_by_name():
    rows = [["奥州市 行政区別人口 令和6年4月1日現在"], ["行政区", *BANDS], ["架空本町", 1, 2, 3]]
    text = refusal(rows)
    assert "別の市の表です" in text
    assert "奥州市" in text
    rows[0] = ["奥州市・架空市 行政区別人口 令和6年4月1日現在"]
    assert read(rows).table.total.tolist() == [6]


@pytest.mark.parametrize("corner", ["", "年齢", "区分"])
def test_places_across_are_read_whatever_the_corner_says(corner):
    for names, places in (
        (("架空本町", "架空台"), ((f"{CODE}0010",), (f"{CODE}0030",))),
        (("本町", "山辺"), ((), ())),
    ):
        rows = [
            DAY,
            [corner, *names, "計"],
            ["15歳未満", 1, 2, 3],
            ["15～64歳", 3, 4, 7],
            ["65歳以上", 5, 6, 11],
        ]
        found = read(rows)
        assert found.table.both.tolist() == [[1, 3, 5], [2, 4, 6]]
        assert found.places == places
        assert found.districts == (("", "") if places[0] else ("01", "02"))


@pytest.mark.parametrize("day", ["令和99年4月1日", "99999", "2117/4/1"])
def test_a_day_in_which_nothing_was_counted_is_refused(day):
    assert "1920年から2060年" in refusal(changed(STANDARD, "調査年月日", day))
