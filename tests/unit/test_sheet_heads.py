"""Tables in the shapes people give them become one record a place; totals and notes are left out and named."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.sources.visit.sheets.heads import Body, column_letter, find_body
from kyodo_geo.sources.visit.sheets.sheet import Sheet, read_sheets
from kyodo_geo.sources.visit.sheets.totals import find_sums, is_total_name

PLACES = ("町丁名", "町名", "町", "NAME")
COUNTS = ("世帯数", "男", "女", "計", "人口", "総数", "0～14歳", "15～64歳", "65歳以上")
BELOW = ("校区", "地区", "KEY_CODE", *PLACES, *COUNTS)


def known(cell: str) -> bool:
    return cell in BELOW


def needed(columns) -> bool:
    words = [word for column in columns for word in column.split(" ")]
    return any(word in PLACES for word in words) and any(word in COUNTS for word in words)


def body_of(sheet: Sheet, **options: Any) -> Body:
    body = find_body(sheet, known=known, needed=needed, **options)
    assert body is not None
    return body


def csv_body(text: str, **options: Any) -> Body:
    return body_of(read_sheets(text.encode(), name="t.csv")[0], **options)


def column(body: Body, name: str) -> list[str]:
    return [record.cells[name] for record in body.records]


def test_a_plain_table_keeps_its_title_its_lines_and_its_columns():
    body = csv_body("架空市の人口,,令和6年4月1日\n\n町　名,世 帯 数,男\n甲町,1,2\n\n乙町,3,4\n")
    assert body.title == ("架空市の人口", "令和6年4月1日")
    assert body.columns == ("町名", "世帯数", "男")
    assert [(record.line, *record.cells.values()) for record in body.records] == [
        (4, "甲町", "1", "2"),
        (6, "乙町", "3", "4"),
    ]
    assert (body.left_out, body.turned, body.file) == ((), False, "t.csv")


def test_a_sheet_without_the_names_needed_has_no_body():
    for text in ("あ,い\n1,2\n", "町名,備考\n甲町,1\n", "世帯数,男\n1,2\n"):
        assert find_body(read_sheets(text.encode(), name="t.csv")[0], known=known, needed=needed) is None


BLOCKS = """人　口　表,,,,,,,平成３０年７月１日現在
町丁名,世帯数,男,町丁名,世帯数,男,町丁名,世帯数,男
甲町,10,1,乙町,20,2,丙町,40,4
丁町,30,3,戊町,15,6,　　　,,
,,,,,,合　計,115,16
      ,,,,,,,,
*世帯数は「外国人のみの世帯数」と…
出典,1,2,3
"""


def test_blocks_side_by_side_are_stacked_and_the_total_at_the_foot_of_the_last_is_left_out():
    body = csv_body(BLOCKS)
    assert body.columns == ("町丁名", "世帯数", "男")
    assert column(body, "町丁名") == ["甲町", "丁町", "乙町", "戊町", "丙町"]
    assert [record.line for record in body.records] == [3, 4, 3, 4, 3]
    assert [fault.row for fault in body.left_out] == [5, 7, 8]


def test_notes_end_the_table_and_what_stands_below_is_told():
    told = [str(fault) for fault in csv_body(BLOCKS).left_out]
    assert "合　計" in told[0]
    assert "注記の行" in told[1]
    assert "1 行" in told[2]


@pytest.mark.parametrize(
    "note",
    [
        "※ 秘匿",
        "*注",
        "＊1 注",
        "注) あ",
        "注1 あ",
        "（注）あ",
        "資料：架空市",
        "出典 架空市",
        "備考：あ",
        "注",
    ],
)
def test_a_note_is_a_row_of_one_cell_with_a_sign_before_it(note):
    assert column(csv_body(f"町名,人口\n甲町,1\n{note},\n乙町,2\n"), "町名") == ["甲町"]


@pytest.mark.parametrize("row", ["注連町,5", "資料,5", "*,5", "注連町,"])
def test_a_place_is_no_note(row):
    assert len(csv_body(f"町名,人口\n甲町,1\n{row}\n").records) == 2


TWO_LEVELS = """町名,総数,,,男,,
,計,0～14歳,65歳以上,計,0～14歳,65歳以上
,人,人,人,人,人,人
甲町,10,2,3,5,1,1
計画町,20,2,3,5,1,1
本庁地区計,30,4,6,10,2,2
"""


def test_levels_of_a_head_are_joined_and_upper_names_filled_rightwards():
    body = csv_body(TWO_LEVELS)
    assert body.columns == (
        "町名", "総数 計", "総数 0～14歳", "総数 65歳以上", "男 計", "男 0～14歳", "男 65歳以上",
    )  # fmt: skip
    assert column(body, "町名") == ["甲町", "計画町"]
    assert column(body, "男 65歳以上") == ["1", "1"]


def test_an_upper_name_is_not_filled_beyond_a_cell_that_stands_alone():
    body = csv_body("町名,世帯数,,,\n,,男,女,計\n甲町,1,2,3,5\n")
    assert body.columns == ("町名", "世帯数", "男", "女", "計")


def test_merged_cells_of_a_workbook_tell_how_far_an_upper_name_reaches():
    book = openpyxl.Workbook()
    for row in (["町名", "男", None, None], [None, "0～14歳", "65歳以上", "計"], ["甲町", 1, 2, 9]):
        book.active.append(row)
    book.active.merge_cells("B1:C1")
    out = io.BytesIO()
    book.save(out)
    body = body_of(read_sheets(out.getvalue(), name="b.xlsx")[0])
    assert body.columns == ("町名", "男 0～14歳", "男 65歳以上", "計")


@pytest.mark.parametrize(
    "text",
    [
        "町名,平成30年,,令和6年,\n,男,女,男,女\n甲町,1,2,3,4\n",
        ",平成30年,,令和6年,\n町名,男,女,男,女\n甲町,1,2,3,4\n",
    ],
)
def test_years_above_tell_columns_of_one_name_apart(text):
    assert csv_body(text).columns == ("町名", "平成30年 男", "平成30年 女", "令和6年 男", "令和6年 女")


def test_columns_of_one_name_without_anything_above_carry_a_number():
    body = csv_body("町名,男,女,男\n甲町,1,2,3\n")
    assert dict(body.records[0].cells) == {"町名": "甲町", "男": "1", "女": "2", "男 (2)": "3"}


def test_a_column_without_a_name_is_kept_only_when_it_holds_something():
    assert csv_body("町名,,人口,,\n甲町,注,1,,\n").columns == ("町名", "列B", "人口")


def test_a_row_of_zeros_or_kept_back_values_below_a_head_is_no_head():
    assert column(csv_body("町名,男,女\n甲町,-,-\n乙町,X,X\n"), "町名") == ["甲町", "乙町"]
    assert len(csv_body("地区,町名,男,女\n,甲町,X,X\n").records) == 1


def test_a_repeated_head_is_left_out_and_rows_below_it_are_read():
    body = csv_body("町名,男,女\n甲町,1,2\n町 名,男,女\n乙町,5,9\n")
    assert column(body, "町名") == ["甲町", "乙町"]
    assert [fault.row for fault in body.left_out] == [3]


def test_short_and_long_rows_are_read():
    body = csv_body("町名,人口,世帯数\n甲町,1\n乙町,2,3,余り\n")
    assert body.columns == ("町名", "人口", "世帯数", "列D")
    assert column(body, "世帯数") == ["", "3"]


TURNED = """平成21年1月1日現在 町別年齢別
校区,東,,,西,
地区,一,,小計,二,三
町,甲町,乙町,,丙町,丁町
総数,10,20,30,5,6
0～14歳,1,2,3,1,2
65歳以上,4,5,9,1,1
"""


def test_a_table_laid_on_its_side_is_turned():
    body = csv_body(TURNED)
    assert body.turned
    assert body.title == ("平成21年1月1日現在 町別年齢別",)
    assert [tuple(record.cells.values())[:4] for record in body.records] == [
        ("東", "一", "甲町", "10"), ("東", "一", "乙町", "20"), ("西", "二", "丙町", "5"), ("西", "三", "丁町", "6"),
    ]  # fmt: skip
    assert [str(fault) for fault in body.left_out] == [
        "t.csv: 4 列目: 「小計」は合計・再掲の行とみなしました"
    ]


@pytest.mark.parametrize(
    "name",
    ["合計", "計", "合　計", "小 計", "総数", "総　計", "市計", "県計", "区部計", "★都計", "☆区部計", "再掲", "（再掲）65歳以上",
     "うち外国人", "本庁地区計", "東部地域合計", "【合計】", "全市", "市全体", "町村計"],
)  # fmt: skip
def test_names_of_totals(name):
    assert is_total_name(name)


@pytest.mark.parametrize(
    "name",
    ["計画町", "合計町", "字時計", "時計台", "計石", "中央町", "総数町", "小計画", "架空市", "", "市野々"],
)
def test_names_of_places(name):
    assert not is_total_name(name)


def test_a_total_under_a_places_name_is_found_by_adding_up():
    body = csv_body(
        "町名,人口,世帯数,高齢化率\n甲町,10,3,30.1\n乙町,20,5,40\n東支所,30,8,35\n丙町,7,1,20\n丁町,8,2,20\n西支所,15,3,20\n架空市,45,11,33\n"
    )
    assert column(body, "町名") == ["甲町", "乙町", "丙町", "丁町"]
    assert [fault.row for fault in body.left_out] == [4, 7, 8]
    assert "2 行の合計" in str(body.left_out[0])


def test_a_first_row_that_is_the_whole_city_is_found_by_adding_up():
    assert column(csv_body("町名,人口,世帯数\n架空市,12,7\n甲町,2,1\n乙町,3,2\n丙町,7,4\n"), "町名") == [
        "甲町",
        "乙町",
        "丙町",
    ]


def test_small_numbers_in_one_column_add_up_by_chance_and_stay():
    assert column(csv_body("町名,人口\n甲町,2\n乙町,3\n丙町,5\n丁町,40\n"), "人口") == ["2", "3", "5", "40"]


def test_the_sum_at_the_foot_of_one_column_is_left_out():
    assert column(csv_body("町名,人口\n甲町,2\n乙町,3\n架空市,5\n※ 注\n"), "人口") == ["2", "3"]


def test_adding_up_can_be_switched_off_and_names_still_count():
    body = csv_body("町名,人口,世帯数\n甲町,1,2\n乙町,3,4\n丙町,4,6\n合計,8,12\n", sums=False)
    assert column(body, "町名") == ["甲町", "乙町", "丙町"]


def test_a_row_with_the_key_of_a_small_area_is_never_a_sum():
    rows = "".join(f"99999{at:04},町{at},{n},{n}\n" for at, n in enumerate([1, 2, 3, 6]))
    assert len(csv_body(f"KEY_CODE,NAME,人口,世帯数\n{rows}").records) == 4


def test_rows_by_sex_are_no_sums_of_each_other():
    columns = ("町名", "男女", "人口", "世帯数")
    rows = [("甲町", "男", "1", "2"), ("甲町", "女", "3", "4"), ("甲町", "計", "4", "6")]
    assert find_sums(columns, rows, [False] * 3) == {}


def test_total_as_a_value_of_the_column_of_sexes_is_no_total_row():
    assert len(csv_body("町名,男女,人口\n甲町,総数,5\n甲町,男,2\n甲町,女,4\n").records) == 3


def test_a_row_equal_to_one_peopled_row_above_is_no_sum():
    rows = [("甲町", "1", "2"), ("乙町", "0", "0"), ("丙町", "1", "2"), ("丁町", "9", "9")]
    assert find_sums(("町名", "人口", "世帯数"), rows, [False] * 4) == {}


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 500)), min_size=2, max_size=8))
def test_a_sum_at_the_foot_is_always_found_and_nothing_is_lost(counts):
    rows = [(f"町{at}", str(people), str(homes)) for at, (people, homes) in enumerate(counts)]
    total = ("架空市", str(sum(people for people, _ in counts)), str(sum(homes for _, homes in counts)))
    text = "\n".join(",".join(row) for row in [("町名", "人口", "世帯数"), *rows, total])
    body = csv_body(text)
    assert len(body.records) + len(body.left_out) == len(rows) + 1
    assert "架空市" not in column(body, "町名")


@pytest.mark.parametrize(("at", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_lettered_as_a_spreadsheet_does(at, letters):
    assert column_letter(at) == letters


def is_town(name: str) -> bool:
    return name in {"甲町", "乙町", "丙町"}


SUMS = "町名,男,女\n甲町,1,2\n乙町,3,4\n{},4,6\n丁町,9,9\n"


def test_a_place_of_the_city_is_no_total_though_it_is_the_sum_of_those_above():
    assert column(csv_body(SUMS.format("丙町")), "町名") == ["甲町", "乙町", "丁町"]
    assert column(csv_body(SUMS.format("丙町"), place=is_town), "町名") == ["甲町", "乙町", "丙町", "丁町"]
    assert column(csv_body(SUMS.format("本庁管内"), place=is_town), "町名") == ["甲町", "乙町", "丁町"]
    assert column(csv_body(SUMS.format("合計"), place=lambda _: True), "町名") == ["甲町", "乙町", "丁町"]


def test_of_two_rows_of_one_name_the_sum_is_still_a_total():
    rows = "町名,男,女\n甲町,1,2\n乙町,3,4\n甲町,4,6\n"
    assert [record.line for record in csv_body(rows, place=is_town).records] == [2, 3]


@pytest.mark.parametrize("corner", ["", "年齢", "区分"])
def test_a_turned_table_whose_corner_names_no_place_is_known_by_its_places(corner):
    rows = f"{corner},甲町,乙町,計\n総数,3,7,10\n男,1,3,4\n女,2,4,6\n"
    body = csv_body(rows, place=is_town)
    assert (body.turned, column(body, "町名"), column(body, "男")) == (True, ["甲町", "乙町"], ["1", "3"])
    sheet = read_sheets(rows.encode(), name="t.csv")[0]
    districts = find_body(sheet, known=known, needed=needed_of_districts, place=is_town, district=is_town)
    assert districts is not None
    assert column(districts, "地区") == ["甲町", "乙町"]
    assert find_body(sheet, known=known, needed=needed, place=lambda _: False) is None


def needed_of_districts(columns) -> bool:
    return needed([*columns, "町名"] if "地区" in columns else columns)
