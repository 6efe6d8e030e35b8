"""Lists of vacant dwellings as people have them: what is read, what is left out, what is refused, and why."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import TableError
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.vacancy.columns import columns_of
from kyodo_geo.sources.visit.vacancy.read import read_vacancy
from kyodo_geo.sources.visit.vacancy.words import read_source, read_state

HILL, RIVER, FIRST, SECOND, TWIN, OTHER_TWIN = (
    "479990010", "479990020", "47999003001", "47999003002", "479990040", "479990050",
)  # fmt: skip
CITY = Gazetteer(
    code="47999",
    prefecture="架空県",
    city="架空市",
    small_areas={HILL: "丘町", RIVER: "川町", FIRST: "青葉一丁目", SECOND: "青葉二丁目", TWIN: "双町", OTHER_TWIN: "双町"},
    people=dict.fromkeys((HILL, RIVER, FIRST, SECOND, TWIN, OTHER_TWIN), 100),
    homes=dict.fromkeys((HILL, RIVER, FIRST, SECOND, TWIN, OTHER_TWIN), 40),
    districts={"N": "北", "S": "南"},
    areas={"N": "旧北", "S": "旧南"},
    district_of={HILL: "N", RIVER: "N", FIRST: "S", SECOND: "S", TWIN: "N", OTHER_TWIN: "S"},
)  # fmt: skip


def read(table, name="空き家.csv"):
    return read_vacancy(table.encode(), name=name, gazetteer=CITY)


def refusal(table, name="空き家.csv"):
    with pytest.raises(TableError) as refused:
        read(table, name)
    return refused.value


def told(faults):
    return [str(fault) for fault in faults]


def book(**sheets):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def test_points_are_read_with_state_source_and_year():
    found = read(
        "整理番号,所在地,緯度,経度,ランク,調査方法,調査年月日\n"
        "1,架空市丘町1-2,38.93,141.13,Ａ,現地調査,令和5年10月1日\n"
        "2,架空市川町3,38.94,141.14,Dランク,水道閉栓,2023/11/2\n"
    )
    first, second = found.records
    assert (first.keys, first.lon, first.lat, first.state, first.source_class, first.year, first.count) == (
        (HILL,), 141.13, 38.93, "A", "survey", 2023, 1,
    )  # fmt: skip
    assert (second.keys, second.state, second.source_class, second.line) == ((RIVER,), "D", "water", 3)
    assert found.unfound == ()
    assert found.opened.reference_date == "2023年"
    assert dict(found.opened.counts)["位置のある行"] == 2


def test_counts_by_place_keep_their_dwellings_and_leave_the_totals_out():
    found = read(
        "架空市の空き家(令和5年調査),,\n町丁字,空き家数,住宅数\n丘町,３戸,100\n川町,-,80\n"
        "青葉一丁目,1,20\n合計,4,200\n※令和5年10月1日現在\n"
    )
    assert [(one.keys, one.count, one.dwellings, one.year) for one in found.records] == [
        ((HILL,), 3, 100, 2023), ((RIVER,), 0, 80, 2023), ((FIRST,), 1, 20, 2023),
    ]  # fmt: skip
    assert [fault.row for fault in found.opened.left_out] == [6, 7]
    assert any(
        "令和5年調査" in str(one) and "2023年の調査としました" in str(one) for one in found.opened.cautions
    )


def test_keys_districts_and_names_tie_a_row_to_its_place():
    found = read(
        "小地域コード,町丁字,地区,空き家数,調査年\n47999003001,,,1,2023\n,双町,南,2,2023\n,,北,3,2023\n,,青葉二丁目,4,2023\n"
    )
    assert [(one.keys, one.district) for one in found.records] == [
        ((FIRST,), ""), ((OTHER_TWIN,), "S"), ((), "N"), ((SECOND,), ""),
    ]  # fmt: skip
    assert found.unfound == ()


def test_a_name_of_no_or_several_small_areas_is_listed_and_its_dwellings_stay_counted():
    found = read("町丁字,空き家数,調査年\n双町,7,2023\n無町,2,2023\n丘町,1,2023\n")
    assert [(one.name, one.candidates) for one in found.unfound] == [
        ("双町", (f"{TWIN} 双町", f"{OTHER_TWIN} 双町")), ("無町", ()),
    ]  # fmt: skip
    assert [(one.count, one.keys, one.district) for one in found.records] == [
        (7, (), ""), (2, (), ""), (1, (HILL,), ""),
    ]  # fmt: skip
    assert dict(found.opened.counts) == {
        "位置のある行": 0,
        "小地域か地区の分かる行": 1,
        "場所の決まらない行": 2,
    }


def test_a_point_needs_no_name_but_it_is_told_that_the_name_was_not_found():
    found = read("所在地,緯度,経度,調査年\n無町9,38.93,141.13,2023\n")
    assert found.unfound == ()
    assert found.records[0].lon == 141.13
    assert any("1 行は、位置だけで読みました" in str(one) for one in found.opened.cautions)


@pytest.mark.parametrize(
    ("lat", "lon", "words"),
    [("141.13", "38.93", "入れ替"), ("38930000", "141.13", "小数点"), ("0", "0", "0"), ("", "", "空欄")],
)
def test_a_position_that_cannot_be_is_none_and_the_row_stays(lat, lon, words):
    found = read(f"所在地,緯度,経度,調査年\n丘町1,{lat},{lon},2023\n")
    assert (found.records[0].lon, found.records[0].keys) == (None, (HILL,))
    assert any("位置なし" in str(one) and words in str(one) for one in found.opened.cautions)


def test_states_side_by_side_give_a_record_each_and_what_is_left_is_not_stated():
    found = read(
        "空き家の状態別,,,,,,\n,ランク,,,,,\n行政区,A,B,C,D,合計,調査年\n丘町,2,0,1,3,7,2023\n川町,0,0,0,0,0,2023\n"
    )
    assert [(one.name, one.state, one.count) for one in found.records] == [
        ("丘町", "A", 2), ("丘町", "C", 1), ("丘町", "D", 3), ("丘町", "", 1), ("川町", "", 0),
    ]  # fmt: skip
    refused = refusal("空き家,,,,\n行政区,A,B,合計,調査年\n丘町,2,3,4,2023\n")
    assert "状態別の合計 5 戸" in str(refused)


def test_low_and_high_are_no_states_and_are_told_once_with_their_rows():
    found = read(
        "所在地,老朽度,調査年\n丘町1,高,2023\n丘町2,低,2023\n川町3,高,2023\n川町4,Ｂ,2023\n丘町5,,2023\n"
    )
    assert [one.state for one in found.records] == ["", "", "", "B", ""]
    marks = [str(one) for one in found.opened.cautions if "A〜D ではない" in str(one)]
    assert len(marks) == 2
    assert "「高」" in marks[0]
    assert "(2 行)" in marks[0]
    assert "列「老朽度」" in marks[0]


SECRET = ("山田架空太郎", "090-0000-0000", "遠市一丁目1", "借太郎")


def test_columns_of_persons_are_read_into_nothing():
    found = read(
        "所在地,行政区,地図番号,所有者氏名,住所,連絡先,管理人,構造,調査年\n"
        f"丘町1,丘町,5,{SECRET[0]},{SECRET[2]},{SECRET[1]},{SECRET[3]},木造,2023\n"
        f",,6,{SECRET[0]},{SECRET[2]},{SECRET[1]},{SECRET[3]},木造,x\n"
    )
    assert not any(word in repr(found) for word in SECRET)
    assert any(
        "個人に関わる列" in str(one) and "所有者氏名、連絡先、管理人、住所" in str(one)
        for one in found.opened.cautions
    )
    assert any("読まなかった列: 地図番号、構造" in str(one) for one in found.opened.cautions)


@pytest.mark.parametrize(
    ("columns", "address"),
    [
        (["住所", "所有者氏名"], "住所"),
        (["所有者氏名", "住所"], None),
        (["所在地", "住所"], "所在地"),
        (["所有者 住所", "空家 所在地"], "空家 所在地"),
        (["所有者 所在地", "住所"], None),
    ],
)
def test_an_address_behind_an_owner_is_the_owners(columns, address):
    assert columns_of(columns).roles.get("address") == address


@pytest.mark.parametrize(
    ("columns", "count", "dwellings"),
    [
        (["行政区", "戸数", "総戸数"], "戸数", "総戸数"),
        (["行政区", "戸数", "空き家数"], "空き家数", None),
        (["行政区", "空き家 件数", "相談 件数"], "空き家 件数", None),
        (["行政区", "空き家", "住宅数"], "空き家", "住宅数"),
        (["所在地", "緯度", "経度", "戸数", "総戸数"], None, None),
        (["行政区", "空家数(令和5年10月1日)"], "空家数(令和5年10月1日)", None),
    ],
)
def test_a_bare_number_of_homes_counts_vacant_ones_only_where_nothing_says_better(columns, count, dwellings):
    roles = columns_of(columns).roles
    assert (roles.get("count"), roles.get("dwellings")) == (count, dwellings)


def test_a_list_without_a_count_says_that_each_row_was_one_dwelling():
    found = read("行政区,判定,居住判断\n丘町,A,空き家\n丘町,B,居住中\n", name="空き家R5.csv")
    assert [(one.count, one.state, one.year) for one in found.records] == [(1, "A", 2023), (1, "B", 2023)]
    cautions = "\n".join(told(found.opened.cautions))
    assert "1 行を 1 戸と数えました(2 行)" in cautions
    assert "空き家 1 行、居住中 1 行" in cautions
    assert "行目にもあります" not in cautions


def test_free_text_about_living_there_is_not_repeated():
    found = read(f"所在地,居住状況,調査年\n丘町1,{SECRET[0]}の親族が管理している,2023\n丘町2,,2023\n")
    assert SECRET[0] not in repr(found)
    assert any("2 種類の記入" in str(one) for one in found.opened.cautions)


def test_a_file_without_column_names_is_refused_without_repeating_its_rows():
    assert SECRET[0] not in str(refusal(f"1,{SECRET[0]},丘町1\n2,{SECRET[3]},丘町2\n"))


def test_numbers_under_an_unknown_name_are_not_taken_for_single_dwellings():
    refused = refusal("行政区,無人の戸数調べ,調査年\n丘町,12,2023\n川町,3,2023\n")
    assert "列「無人の戸数調べ」" in str(refused)


def test_two_columns_of_counts_are_refused_because_either_could_be_meant():
    for heads in ("空き家数(令和2年),空き家数(令和5年)", "空き家数,空き家数"):
        refused = refusal(f"行政区,{heads},調査年\n丘町,12,10,2023\n川町,3,4,2023\n")
        assert "同じ意味の列が 2 つ" in str(refused)


def test_all_faults_come_at_once_each_with_its_row_and_column():
    refused = refusal(
        "町丁字,空き家数,住宅数,調査年\n丘町,-3,100,2023\n川町,2.5,80,2023\n青葉一丁目,30,20,2023\n"
        "青葉二丁目,1,20,平成40年\n丘町,多数,20,2023\n"
    )
    assert [(one.row, one.column) for one in refused.faults] == [
        (2, "空き家数"), (3, "空き家数"), (4, "空き家数"), (5, "調査年"), (6, "空き家数"),
    ]  # fmt: skip
    assert "空き家 30 戸が住宅 20 戸より多く" in str(refused)


def test_a_missing_survey_year_is_refused_with_what_to_do():
    for table in ("町丁字,空き家数\n丘町,3\n", "町丁字,空き家数,調査年\n丘町,3,\n"):
        refused = refusal(table)
        assert "調査の年が分かりません" in str(refused)
        assert "「調査年」の列を加えるか" in refused.todo
    assert "「平成40」" in str(refusal("平成40年 空き家調査,\n町丁字,空き家数\n丘町,3\n"))


def test_rows_without_a_year_a_place_or_a_number_are_left_out_by_row():
    found = read(
        "町丁字,空き家数,調査年\n丘町,3,2023\n川町,4,\n,5,2023\n青葉一丁目,X,2023\n青葉二丁目,,2023\n川町,1,いつか\n"
    )
    assert [one.count for one in found.records] == [3]
    assert [(one.row, one.column) for one in found.opened.left_out] == [
        (3, "調査年"), (4, "町丁字"), (5, "空き家数"), (6, "空き家数"), (7, "調査年"),
    ]  # fmt: skip
    assert "秘匿" in found.opened.left_out[2].what
    assert "記載なし" in found.opened.left_out[3].what


def test_several_years_are_told_and_kept_apart():
    found = read("町丁字,空き家数,調査年度\n丘町,3,令和2年度\n丘町,4,令和5年度\n")
    assert [one.year for one in found.records] == [2020, 2023]
    assert any("2020年 1 行、2023年 1 行" in str(one) for one in found.opened.cautions)


def test_a_row_that_stands_twice_is_counted_and_told():
    found = read("町丁字,空き家数,調査年\n丘町,3,2023\n丘町,3,2023\n")
    assert len(found.records) == 2
    assert any(one.row == 3 and "2 行目にもあります" in one.what for one in found.opened.cautions)


def test_another_citys_key_or_name_is_refused():
    assert "別の市区町村(13101)" in str(refusal("小地域コード,空き家数,調査年\n131010010,3,2023\n"))
    assert "「遠市」は架空市ではありません" in str(
        refusal("市区町村名,町丁字,空き家数,調査年\n遠市,丘町,3,2023\n")
    )


def test_the_city_as_a_whole_is_no_place_of_a_count():
    found = read("KEY_CODE,空き家数,調査年\n47999,9,2023\n479990010,3,2023\n479990020,4,2023\n")
    assert [one.count for one in found.records] == [3, 4]
    assert "市全体" in found.opened.left_out[0].what


@pytest.mark.parametrize(
    ("table", "name", "fictional"),
    [
        ("町丁字,空き家数,調査年\n丘町,3,2023\n", "空き家.csv", False),
        ("町丁字,空き家数,調査年\n丘町,3,2023\n", "架空の空き家.csv", True),
        ("架空の空き家調査\n町丁字,空き家数,調査年\n丘町,3,2023\n", "a.csv", True),
        ("町丁字,空き家数,調査年,備考\n丘町,3,2023,架空の値\n", "a.csv", True),
        ("市区町村名,町丁字,空き家数,調査年\n架空市,丘町,3,2023\n", "a.csv", True),
    ],
)
def test_a_file_that_calls_itself_made_up_is_fictional(table, name, fictional):
    assert read(table, name).opened.fictional is fictional


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_encoding_changes_nothing(encoding):
    table = "町丁字,空き家数,調査年\n丘町,3,2023\n"
    found = read_vacancy(table.encode(encoding), name="空き家.csv", gazetteer=CITY)
    assert found.records == read(table).records


def test_a_workbook_of_one_kind_of_sheet_is_one_list_and_of_two_kinds_is_refused():
    rows = [["町丁字", "空き家数"], ["丘町", 3], ["川町", 4]]
    both = read_vacancy(book(令和2年=rows, 令和5年=rows), name="空き家.xlsx", gazetteer=CITY)
    assert [(one.year, one.count) for one in both.records] == [(2020, 3), (2020, 4), (2023, 3), (2023, 4)]
    points = [["所在地", "緯度", "経度"], ["丘町1", 38.93, 141.13]]
    with pytest.raises(TableError, match="種類の違う表が 2 つ") as refused:
        read_vacancy(book(令和5年=rows, 一覧=points), name="空き家.xlsx", gazetteer=CITY)
    assert "シート「一覧」" in str(refused.value)


def test_a_table_with_its_places_across_is_turned_and_its_faults_name_the_column():
    across = "令和5年 空き家調査,,\n行政区,丘町,川町\n空き家数,3,{}\n住宅数,10,20\n"
    assert [(one.keys, one.count, one.dwellings) for one in read(across.format(4)).records] == [
        ((HILL,), 3, 10), ((RIVER,), 4, 20),
    ]  # fmt: skip
    (fault,) = refusal(across.format(-4)).faults
    assert (fault.row, fault.column, fault.what[:5]) == (None, "空き家数", "3 列目:")


def test_a_table_of_something_else_is_refused_with_the_columns_that_came():
    refused = refusal("名称,電話\n架空館,0\n", name="施設.csv")
    assert "必要な列がありません" in str(refused)
    assert "名称、電話" in str(refused)


def test_a_list_that_never_says_vacant_is_read_with_a_caution():
    found = read("町丁字,戸数,調査年\n丘町,3,2023\n", name="list.csv")
    assert any("「空き家」の語がありません" in str(one) for one in found.opened.cautions)


@given(
    st.lists(
        st.tuples(st.sampled_from(["丘町", "川町", "無町"]), st.integers(0, 999)), min_size=1, max_size=12
    )
)
def test_every_dwelling_of_a_list_is_a_record_or_a_row_left_out(rows):
    lines = "".join(f"479990010,{name}{at},{count},2023\n" for at, (name, count) in enumerate(rows))
    found = read(f"小地域コード,町丁字,空き家数,調査年\n{lines}")
    assert [one.count for one in found.records] == [count for _, count in rows]


@pytest.mark.parametrize(
    ("text", "state"),
    [("A", "A"), ("ｂ", "B"), ("Ｃ", "C"), ("D ランク", "D"), ("判定A", "A"), ("", ""), ("不明", ""), ("E", None),
     ("中", None), ("1", None), ("AB", None)],
)  # fmt: skip
def test_states_are_letters_only(text, state):
    assert read_state(text) == state


@pytest.mark.parametrize(
    ("text", "source"),
    [("現地調査", "survey"), ("外観目視", "survey"), ("水道閉開栓状況", "water"), ("推計値", "estimate"), ("", "unknown"),
     ("不明", "unknown"), ("現地調査と水道", None), ("住民の声", None)],
)  # fmt: skip
def test_sources_are_one_of_three_classes_or_not_known(text, source):
    assert read_source(text) == source


MEMBERS = "北,丘町,3,2023\n北,川町,4,2023\n北,知らない組,1,2023\n南,,2,2023\n南,,9,2022\n"


def test_a_districts_row_that_adds_up_its_places_is_a_total_and_is_left_out():
    found = read(f"地区,町丁字,空き家数,調査年\n北,,8,2023\n{MEMBERS}")
    assert [(one.count, one.keys, one.district) for one in found.records] == [
        (3, (HILL,), "N"), (4, (RIVER,), "N"), (1, (), "N"), (2, (), "S"), (9, (), "S"),
    ]  # fmt: skip
    assert [(one.row, "合計の行" in one.what) for one in found.opened.left_out] == [(2, True)]


def test_a_districts_row_that_its_places_contradict_is_refused():
    refused = refusal(f"地区,町丁字,空き家数,調査年\n北,,7,2023\n{MEMBERS}")
    assert [(one.row, "7 戸" in one.what, "8 戸" in one.what) for one in refused.faults] == [(2, True, True)]


AREAS = replace(
    CITY,
    districts={"N": "北", "S": "南", "E": "東", "W": "西"},
    areas={"N": "北", "S": "北", "E": "谷", "W": "谷"},
)


@pytest.mark.parametrize("head", ["地域", "地区", "町名", "旧市町村名"])
@pytest.mark.parametrize("ending", ["", "地域"])
def test_a_table_by_former_municipality_is_refused(head, ending):
    table = f"{head},空き家数,調査年\n北{ending},4,2023\n谷{ending},7,2023\n"
    with pytest.raises(
        TableError, match=r"旧市町村\(地域\)ごとの表です。地区か町丁字・行政区ごとの表が必要です"
    ):
        read_vacancy(table.encode(), name="空き家.csv", gazetteer=AREAS)


def test_a_column_of_former_municipalities_beside_addresses_says_nothing_of_the_district():
    table = "地区,所在地,調査年\n谷,丘町1,2023\n北,川町2,2023\n"
    found = read_vacancy(table.encode(), name="空き家.csv", gazetteer=AREAS)
    assert [(one.keys, one.district) for one in found.records] == [((HILL,), ""), ((RIVER,), "")]


def test_a_place_is_no_total_though_its_dwellings_are_the_sum_of_those_above():
    found = read("町名,空き家数,調査年\n丘町,12,2023\n川町,30,2023\n青葉一丁目,42,2023\n")
    assert [one.count for one in found.records] == [12, 30, 42]
    assert found.opened.left_out == ()


def test_a_districts_own_name_among_places_is_a_total_only_where_it_is_their_sum():
    table = "町名,空き家数,調査年\n丘町,2,2023\n川町,3,2023\n北地区,{},2023\n青葉一丁目,9,2023\n"
    assert [one.count for one in read(table.format(5)).records] == [2, 3, 9]
    assert [one.count for one in read(table.format(4)).records] == [2, 3, 4, 9]


@pytest.mark.parametrize(
    "table", ["地区,行政区,調査年\n北,青葉一丁目,2023\n", "地区,所在地,調査年\n北,青葉一丁目2-3,2023\n"]
)
def test_a_name_or_address_in_another_district_than_the_row_names_is_unfound(table):
    found = read(table)
    assert [(one.keys, one.district) for one in found.records] == [((), "")]
    assert found.unfound[0].candidates == ("N 北", f"{FIRST} 青葉一丁目")


def test_names_that_are_no_place_are_told_of_once_beside_their_district():
    found = read("地区,行政区,空き家数,調査年\n北,一区,1,2023\n北,二区,2,2023\n")
    assert [one.district for one in found.records] == ["N", "N"]
    assert "空き家.csv 2 行目: 町丁字に当たらない名前や所在地の 2 行は、地区だけで結びました" in told(
        found.opened.cautions
    )


@pytest.mark.parametrize("column", ["除却年", "除却日", "解体年", "除却状況", "除却済", "解体年月日"])
def test_a_dwelling_that_was_taken_down_is_left_out_by_row(column):
    stands = ["", "-", "なし", "未", "未除却", "予定あり"]
    rows = "".join(f"丘町{at},2023,{cell}\n" for at, cell in enumerate([*stands, "2024", "済"]))
    found = read(f"所在地,調査年,{column}\n{rows}")
    assert [one.line for one in found.records] == [2, 3, 4, 5, 6, 7]
    assert [(one.row, one.column) for one in found.opened.left_out] == [(8, column), (9, column)]
    assert "除却・解体された建物です" in told(found.opened.left_out)[0]


def test_a_number_of_houses_taken_down_takes_no_place_out():
    found = read("町名,空き家数,除却済,調査年\n丘町,4,2,2023\n")
    assert [one.count for one in found.records] == [4]


@pytest.mark.parametrize(
    "table", ["町名,空き家数,調査年\n丘町,{},2023\n", "町名,空き家数,A,B,調査年\n丘町,100000,{},0,2023\n"]
)
def test_more_vacant_dwellings_than_any_place_has_are_refused(table):
    refused = refusal(table.format(99999999999))
    assert any(
        "100,000 を超えて" in one.what and (one.row, bool(one.column)) == (2, True) for one in refused.faults
    )
    assert read(table.format(100000)).records[0].count == 100000


@pytest.mark.parametrize(
    "cell", ["令和99年", "99999", "00001", "2117", "令和4～5年", "2022-2023", "2022/4/1～2023/3/31"]
)
def test_a_year_that_cannot_be_and_two_years_are_refused_with_row_and_column(cell):
    (fault,) = refusal(f"町名,空き家数,調査年\n丘町,3,{cell}\n").faults
    assert (fault.row, fault.column) == (2, "調査年")


def test_the_number_of_houses_in_a_title_is_no_year():
    assert "調査の年が分かりません" in str(refusal("市内の空き家 2019棟の一覧\n町名,空き家数\n丘町,3\n"))


def test_a_title_of_another_city_is_refused_by_name():
    assert "「奥州市」" in str(refusal("奥州市空き家実態調査 令和5年\n町名,空き家数\n丘町,3\n"))


def test_an_address_in_another_municipality_is_left_out_by_name():
    found = read(
        "所在地,調査年\n岩手県奥州市丘町1,2023\n奥州市水沢丘町1,2023\n東郡平泉町2,2023\n架空県架空市丘町3,2023\n"
    )
    assert [(one.line, one.keys) for one in found.records] == [(5, (HILL,))]
    assert [one.row for one in found.opened.left_out] == [2, 3, 4]
    assert "別の市町村(奥州市)の所在地です" in told(found.opened.left_out)[1]
    assert found.unfound == ()
    assert "1 行を 1 戸と数えました(1 行)" in " ".join(told(found.opened.cautions))
