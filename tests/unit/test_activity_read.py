"""Tables of activities as people have them: roles, years and numbers in many spellings, and what is refused."""

from __future__ import annotations

import io
from datetime import date

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import TableError
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.councils.sums import sum_activities
from kyodo_geo.sources.visit.activity.read import read_activity
from kyodo_geo.sources.visit.activity.words import read_fiscal_year, read_hours, read_role
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.sheets.cells import Mark

CITY = Gazetteer(
    code="47999",
    prefecture="架空県",
    city="架空市",
    small_areas={"479990010": "丘町"},
    people={"479990010": 100},
    homes={"479990010": 40},
    districts={"01": "北", "02": "南", "10": "丘"},
    areas={"01": "旧北", "02": "旧南", "10": "旧南"},
    district_of={"479990010": "10"},
)
COUNCILS = {"K1": "北まちづくり協議会", "K2": "南振興会 (愛称 みなみ)", "K3": "双子会", "K4": "双子会"}
HEAD = "地区コード,地区,年度,役割,活動名,回数,参加人数,時間,金額_円,備考\n"
BOTH = "協働体コード,協働体,地区,年度,役割,活動名,回数,参加人数,時間,金額_円,地域づくり計画の事業\n"


def read(table, name="活動.csv"):
    content = table if isinstance(table, bytes) else table.encode()
    return read_activity(content, name=name, gazetteer=CITY, councils=COUNCILS)


def refusal(table, name="活動.csv"):
    with pytest.raises(TableError) as refused:
        read(table, name)
    return refused.value


def places_of(faults):
    return [(one.row, one.column) for one in faults]


def test_the_columns_of_the_sample_are_read():
    found = read(
        HEAD
        + '01,北,令和6年度,①行政機能や基礎的コミュニティ機能の支援・補完,防災訓練,3,120,4.5,"15,000",架空\n'
        "02,南地区,R5,5,産直市,１２回,３００人,-,,\n"
    )
    rows = found.activities
    assert rows.districts.tolist() == ["01", "02"]
    assert rows.councils.tolist() == ["", ""]
    assert rows.years.tolist() == [2024, 2023]
    assert rows.roles.tolist() == [1, 5]
    assert rows.amounts.tolist() == [[3, 120, 4.5, 15000], [12, 300, 0, 0]]
    assert rows.stated.tolist() == [[True] * 4, [True, True, True, False]]
    assert rows.names == ("防災訓練", "産直市")
    assert found.opened.fictional
    assert found.opened.source.rows == 2
    assert found.opened.reference_date == "令和5年度(2023年度)〜令和6年度(2024年度)"


def test_the_made_up_sample_reads_without_a_fault(fictional_city):
    from kyodo_geo.sample.activity import activities  # noqa: PLC0415 - only this test makes a sample

    names = {str(code): str(name) for code, name in fictional_city.names["district"].items()}
    here = Gazetteer("47999", "架空県", "架空市", {}, {}, {}, names, dict.fromkeys(names, "旧"), {})
    content = activities(fictional_city, (), FiscalYear.of(date(2026, 4, 1)))
    found = read_activity(content, name="活動.csv", gazetteer=here)
    assert set(found.activities.years.tolist()) == {2023, 2024, 2025}
    assert set(found.activities.districts.tolist()) <= set(names)
    assert found.opened.fictional
    assert found.opened.left_out == ()


def test_councils_are_tied_by_id_or_name_with_their_district_and_project():
    found = read(
        BOTH
        + "K1,,,2024,1,a,1,,,,道の草刈り\n,南振興会,南,2024,2,b,1,,,,\n,南振興会(愛称 みなみ),,2024,2,c,1,,,,\n"
    ).activities
    assert list(zip(found.councils.tolist(), found.districts.tolist(), strict=True)) == [
        ("K1", ""), ("K2", "02"), ("K2", ""),
    ]  # fmt: skip
    assert found.projects == ("道の草刈り", "", "")


def test_unknown_and_contradicting_places_are_named_with_their_rows_all_at_once():
    refused = refusal(
        BOTH + "K9,,,2024,1,a,1,,,,\n,無名会,,2024,1,b,1,,,,\n,,無,2024,1,c,1,,,,\n,,,2024,1,d,1,,,,\n"
        "K1,南振興会,,2024,1,e,1,,,,\n,双子会,,2024,1,f,1,,,,\n,,無,2024,1,g,1,,,,\n"
    )
    assert places_of(refused.faults) == [
        (2, "協働体コード"), (3, "協働体"), (4, "地区"), (5, "協働体コード"), (6, "協働体"), (7, "協働体"), (8, "地区"),
    ]  # fmt: skip
    text = str(refused)
    assert all(word in text for word in ("K9", "無名会", "空欄", "K3、K4"))


def test_a_district_code_without_its_zero_is_that_of_excel_but_not_where_it_disagrees_with_the_name():
    assert read(HEAD + "1,,2024,1,a,1,1,1,1,\n").activities.districts.tolist() == ["01"]
    assert places_of(refusal(HEAD + "1,南,2024,1,a,1,1,1,1,\n9,,2024,1,a,1,1,1,1,\n").faults) == [
        (2, "地区"), (3, "地区コード"),
    ]  # fmt: skip


def test_every_bad_number_year_and_role_is_named_by_row_and_column():
    refused = refusal(
        HEAD
        + "01,,いつか,6,a,-3,1.5,-2,x円,\n02,,2024,,b,1,1,1,1,\n01,,,①④,c,1,1,1,10000000000000,\n01,,令和9年2月,2,d,,,,,\n"
    )
    assert set(places_of(refused.faults)) == {
        (2, "年度"), (2, "役割"), (2, "回数"), (2, "参加人数"), (2, "時間"), (2, "金額_円"),
        (3, "役割"), (4, "年度"), (4, "役割"), (4, "金額_円"), (5, "年度"),
    }  # fmt: skip
    assert "負の数「-3」" in str(refused)


def test_totals_are_left_out_and_named_but_an_activity_that_sounds_like_one_stays():
    found = read(
        HEAD
        + "01,北,2024,1,うちわ作り,1,2,3,4,\n02,南,2024,1,全体,5,6,7,8,\n小計,,,,,6,8,10,12,\n,,,,合計,6,8,10,12,\n"
    )
    assert found.activities.names == ("うちわ作り", "全体")
    assert [one.row for one in found.opened.left_out] == [4, 5]
    assert all("合計の行" in one.what or "合計・再掲" in one.what for one in found.opened.left_out)


def test_an_activity_as_large_as_all_above_it_is_no_total():
    found = read(HEAD + "01,北,2024,1,a,1,2,3,4,\n01,北,2024,1,b,1,2,3,4,\n01,北,2024,2,c,2,4,6,8,\n")
    assert len(found.activities) == 3


def test_a_blank_is_not_stated_a_dash_is_none_and_what_is_kept_back_is_told():
    found = read(HEAD + "01,北,2024,1,a,,-,X,…,\n")
    assert found.activities.stated.tolist() == [[False, True, False, False]]
    assert any("秘匿" in one.what and one.column == "時間" for one in found.opened.cautions)


def test_a_column_that_is_not_there_is_not_stated_and_told():
    found = read("地区,年度,役割,活動名,回数\n北,2024,1,a,3\n")
    assert found.activities.stated.tolist() == [[True, False, False, False]]
    assert any("参加人数、時間、金額" in one.what for one in found.opened.cautions)


def test_the_year_may_stand_in_the_title_or_the_sheet_and_is_told():
    found = read("令和5年度 活動報告,,,\n地区,役割,活動名,回数\n北,1,a,3\n")
    assert found.activities.years.tolist() == [2023]
    assert any("令和5年度(2023年度)" in one.what for one in found.opened.cautions)
    assert "年度が分かりません" in str(refusal("地区,役割,活動名,回数\n北,1,a,3\n"))


def test_sheets_of_several_years_are_one_table():
    made = openpyxl.Workbook()
    for title in ("R5", "R6"):
        sheet = made.create_sheet(title)
        sheet.append(["地区コード", "役割", "活動名", "回数"])
        sheet.append([1, "③", "会", 2])
    made.remove(made.worksheets[0])
    stream = io.BytesIO()
    made.save(stream)
    found = read(stream.getvalue(), name="活動.xlsx")
    assert found.activities.years.tolist() == [2023, 2024]
    assert found.activities.districts.tolist() == ["01", "01"]


def test_thousands_of_yen_and_two_columns_of_one_meaning_are_refused():
    refused = refusal("地区,年度,役割,活動名,金額(千円),人数,参加者数\n北,2024,1,a,3,4,5\n")
    assert {one.column for one in refused.faults} == {"金額(千円)", "人数"}
    assert "人数、参加者数" in str(refused)


def test_another_table_is_refused():
    assert "必要な列がありません" in str(refusal("名称,電話\n館,0\n"))


def test_the_same_row_twice_is_counted_and_told():
    found = read(HEAD + "01,北,2024,1,a,1,2,3,4,\n01,北,2024,1,a,1,2,3,4,\n")
    assert len(found.activities) == 2
    assert [one.row for one in found.opened.cautions if "同じ内容" in one.what] == [3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_encoding_changes_nothing(encoding):
    table = HEAD + "01,北,2024,1,a,1,2,3,4,\n"
    assert read(table.encode(encoding)).activities.amounts.tolist() == [[1, 2, 3, 4]]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("①", 1), ("❷", 2), ("３", 3), ("(4)", 4), ("5.", 5), ("役割2", 2), ("1 行政機能や基礎的コミュニティ機能の支援・補完", 1),
        ("②多様な住民参画を通じたコミュニティ機能の再生・創出", 2), ("③民主的な地域意見の調整や集約", 3), ("人材育成、確保", 4),
        ("⑤新たなまちづくりや活性化の実現", 5),
    ],
)  # fmt: skip
def test_a_role_is_its_number_or_its_wording(text, role):
    assert read_role(text) == role


@pytest.mark.parametrize(
    "text", ["", "0", "6", "①④", "1、4", "1 人材育成", "その他", "1 その他", "人材と意見", "一", "1回目"]
)
def test_no_role_several_roles_and_contradicting_ones_are_refused(text):
    with pytest.raises(ValueError, match="役割"):
        read_role(text)


@pytest.mark.parametrize(
    ("text", "year"),
    [("令和6年度", 2024), ("R6", 2024), ("２０２４", 2024), ("令和元年度(2019年度)", 2019), ("2025/3/31", 2024),
     ("令和7年4月1日", 2025), ("平成31年度", 2019), ("45383", 2024), ("令和6年度4月分", 2024), ("2月分(令和6年度)", 2024)],
)  # fmt: skip
def test_a_fiscal_year_is_read(text, year):
    assert read_fiscal_year(text) == year


@pytest.mark.parametrize(
    "text", ["", "6", "2025年3月", "2025-03", "202503", "令和5〜6年度", "2023-2024", "R5・R6", "平成40年度"]
)
def test_a_month_a_span_and_a_year_that_never_was_are_refused(text):
    with pytest.raises(ValueError, match="年"):
        read_fiscal_year(text)


@pytest.mark.parametrize(
    ("text", "hours"),
    [("1.5", 1.5), ("1:30", 1.5), ("01:30:00", 1.5), ("1時間30分", 1.5), ("90分", None), ("45分", 0.75), ("２時間", 2.0),
     ("-", 0.0), ("1,000", 1000.0)],
)  # fmt: skip
def test_hours_are_read_in_tenths_and_by_the_clock(text, hours):
    if hours is None:
        with pytest.raises(ValueError, match="読めません"):
            read_hours(text)
    else:
        assert float(read_hours(text)) == hours
    assert read_hours("") is Mark.MISSING


ROW = st.tuples(
    st.sampled_from(["01", "02", "10"]), st.integers(2018, 2025), st.integers(1, 5),
    st.one_of(st.none(), st.integers(0, 10**6)), st.one_of(st.none(), st.integers(0, 10**9)),
)  # fmt: skip


@given(st.lists(ROW, min_size=1, max_size=30))
def test_every_row_counts_once_and_every_blank_is_told(rows):
    lines = "".join(
        f"{code},,{year},{role},a{at},,{'' if people is None else people},,{'' if yen is None else yen},\n"
        for at, (code, year, role, people, yen) in enumerate(rows)
    )
    found = sum_activities(read(HEAD + lines).activities, by="district")
    assert found.records.sum() == len(rows)
    for code, year, role in {row[:3] for row in rows}:
        mine = [row for row in rows if row[:3] == (code, year, role)]
        at = (found.units.index(code), found.years.index(year), role - 1)
        assert found.totals[at][1] == sum(row[3] or 0 for row in mine)
        assert found.totals[at][3] == sum(row[4] or 0 for row in mine)
        blanks = [sum(row[3] is None for row in mine), sum(row[4] is None for row in mine)]
        assert found.unstated[at][[1, 3]].tolist() == blanks
    assert not np.isnan(found.totals).any()
