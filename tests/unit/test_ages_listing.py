"""The listings of the e-Stat file download, in the layouts of 2020 and 2015."""

import numpy as np
import pytest
from fictional.ages import CODE, Area, ages, as_file, gazetteer, listing_2015, listing_2020

from kyodo_geo.errors import TableError
from kyodo_geo.sources.visit.ages.read import read_ages

CITY = gazetteer({f"{CODE}0010": "架空本町", f"{CODE}0020": "架空沢", f"{CODE}003001": "架空台"})
AREAS = (
    Area(f"{CODE}0010", "架空本町", ages(50, 21), ages(63, 21), (2, 1), "1", "", "0020"),
    Area(f"{CODE}0020", "架空沢", state="2", into="0010", marks="X"),
    Area(f"{CODE}003001", "架空台", ages(31, 21), ages(40, 21)),
)
LAYOUTS = pytest.mark.parametrize("layout", [listing_2020, listing_2015])


def read(rows, *, name="h03_99.csv", city=CITY):
    return read_ages(as_file(rows), name=name, gazetteer=city)


def refusal(rows, **options):
    with pytest.raises(TableError) as caught:
        read(rows, **options)
    return str(caught.value)


@LAYOUTS
def test_both_layouts_give_the_same_people_up_to_a_hundred(layout):
    found = read(layout(AREAS))
    assert found.places == ((f"{CODE}0010", f"{CODE}0020"), (f"{CODE}003001",))
    assert found.table.top == 100
    assert found.table.total.tolist() == [116, 71]
    assert found.table.unknown_age.tolist() == [3, 0]
    np.testing.assert_array_equal(found.table.male[1], ages(31, 21))
    np.testing.assert_array_equal(found.table.female[1], ages(40, 21))
    assert not found.opened.cautions
    assert found.opened.fictional
    assert found.merged_people == 116


def test_the_census_is_the_one_of_the_title():
    assert read(listing_2020(AREAS)).day.isoformat() == "2020-10-01"
    found = read(listing_2015(AREAS))
    assert found.day.isoformat() == "2015-10-01"
    assert found.opened.title.startswith("平成27年国勢調査")


@LAYOUTS
def test_without_a_year_it_is_refused_unless_the_file_name_has_one(layout):
    rows = layout(AREAS)
    rows[0] = ["小地域集計"]
    assert "いつの国勢調査の表か分かりません" in refusal(rows)
    assert read(rows, name="令和2年国勢調査_h03.csv").day.year == 2020
    rows[0] = ["令和1年4月 平成40年国勢調査"]
    assert "いつの国勢調査" in refusal(rows)


def test_zeros_that_a_spreadsheet_took_are_put_back_and_named():
    rows = listing_2020(AREAS)
    at, block = rows[4].index("町丁字コード"), rows[4].index("字・丁目名")
    for row in rows[5:]:
        row[at] = str(row[at]).lstrip("0")
        row[block] = "一丁目" if row[at] == "3001" else ""
    found = read(rows)
    assert found.places == ((f"{CODE}0010", f"{CODE}0020"), (f"{CODE}003001",))
    assert "消えた 0" in str(found.opened.cautions[0])


@LAYOUTS
def test_sums_that_do_not_agree_refuse_the_file(layout):
    rows = layout(AREAS)
    head = next(row for row in rows if "市区町村コード" in row)
    rows[-1][head.index("100歳以上")] = 900
    assert "合計" in refusal(rows)


def test_an_unknown_word_of_suppression_is_refused():
    rows = listing_2015(AREAS)
    rows[-1][4] = "ひみつ"
    assert "「ひみつ」の意味が分かりません" in refusal(rows)


def test_an_unknown_sex_and_a_doubled_row_are_refused():
    rows = listing_2020(AREAS)
    rows[-1][1] = "犬"
    assert "「犬」は総数・男・女のどれでもありません" in refusal(rows)
    rows[-1][1] = "男"
    assert "行目にもあります" in refusal(rows)


def test_missing_columns_and_another_city_are_refused():
    rows = listing_2015(AREAS)
    rows[3][4] = ""
    assert "列「秘匿処理」" in refusal(rows)
    assert "別の市の表です" in refusal(listing_2020(AREAS, code="11111", city="他市"))


def test_notes_below_the_table_are_no_rows():
    assert read([*listing_2020(AREAS), ["※ 架空の注記"]]).table.total.sum() == 187
