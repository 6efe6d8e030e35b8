"""e-Stat tables of people by age, opened: codes before labels, suppressed rows never 0, nobody lost."""

from dataclasses import replace

import numpy as np
import pytest
from fictional.ages import CODE, Area, ages, as_file, estat_file, estat_rows, gazetteer, zipped
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import TableError
from kyodo_geo.sources.visit.ages.read import read_ages

PLACES = {
    f"{CODE}0010": "架空本町",
    f"{CODE}0020": "架空沢",
    f"{CODE}003001": "架空台一丁目",
    f"{CODE}003002": "架空台二丁目",
}
CITY = gazetteer(PLACES)
AREAS = (
    Area(f"{CODE}0010", "架空本町", ages(50), ages(63), (2, 1), "1", "", "0020"),
    Area(f"{CODE}0020", "架空沢", state="2", into="0010", marks="X"),
    Area(f"{CODE}003001", "架空台一丁目", ages(31), ages(40)),
    Area(f"{CODE}003002", "架空台二丁目", ages(7), ages(5)),
)
SUBTOTAL = Area(f"{CODE}0030", "架空台", ages(38), ages(45))


def read(content, *, name="tbl.txt", city=CITY):
    return read_ages(content, name=name, gazetteer=city)


def rows_of(areas=AREAS):
    return estat_rows(areas, subtotals=[])


def refusal(rows, **options):
    with pytest.raises(TableError) as caught:
        read(as_file(rows), **options)
    return caught.value


def told(faults):
    return " / ".join(map(str, faults))


def test_the_rows_of_the_city_are_read_with_merged_groups_kept_together():
    found = read(as_file(estat_rows(AREAS, subtotals=[replace(SUBTOTAL, men=ages(38), women=ages(45))])))
    assert found.table.units == (f"{CODE}0010", f"{CODE}003001", f"{CODE}003002")
    assert found.places == ((f"{CODE}0010", f"{CODE}0020"), (f"{CODE}003001",), (f"{CODE}003002",))
    assert found.table.total.tolist() == [116, 71, 12]
    assert found.table.unknown_age.tolist() == [3, 0, 0]
    assert (found.merged_people, found.unplaced_people) == (116, 0)
    assert found.table.top == 75
    assert (found.day.isoformat(), found.counted_by) == ("2020-10-01", "国勢調査")
    assert not found.opened.cautions
    assert not found.opened.left_out
    assert ("合算された組", 1) in found.opened.counts
    assert "令和2年国勢調査" in found.opened.title
    assert found.opened.fictional


def test_the_sexes_add_up_to_both_in_every_band():
    table = read(estat_file(AREAS)).table
    np.testing.assert_array_equal(table.male + table.female, table.both)
    np.testing.assert_array_equal(table.male[1], ages(31))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(zipped(estat_file(AREAS)), id="zip"),
        pytest.param(as_file(rows_of(), separator="\t"), id="tab"),
        pytest.param(as_file(rows_of(), encoding="utf-8-sig"), id="utf-8"),
        pytest.param(as_file([list(reversed(row)) for row in rows_of()]), id="columns the other way round"),
        pytest.param(as_file([["架空の表"], *rows_of()]), id="a title above"),
    ],
)
def test_the_same_table_is_read_from_any_form_of_the_file(content):
    expected, found = read(estat_file(AREAS)), read(content)
    np.testing.assert_array_equal(found.table.both, expected.table.both)
    assert found.places == expected.places


def test_the_table_of_2015_is_of_its_own_day():
    assert read(estat_file(AREAS, table="T000849")).day.isoformat() == "2015-10-01"


def test_a_real_city_needs_no_title_to_be_real_and_gets_its_publisher():
    real = replace(gazetteer({"012340010": "甲"}, code="01234"), city="某市")
    content = estat_file([Area("012340010", "甲", ages(30), ages(31))], code="01234", city="某市")
    opened = read(content, city=real).opened
    assert (opened.fictional, opened.publisher) == (False, "総務省統計局")


def test_a_lost_front_zero_and_a_float_key_are_restored():
    real = replace(gazetteer({"012340010": "甲", "01234002001": "乙"}, code="01234"), city="某市")
    areas = [Area("012340010", "甲", ages(30), ages(31)), Area("01234002001", "乙", ages(9), ages(8))]
    rows = estat_rows(areas, code="01234", city="某市")
    for row in rows[2:]:
        row[0] = f"{row[0][1:]}.0"
    assert read(as_file(rows), city=real).places == (("012340010",), ("01234002001",))


people = st.lists(st.integers(0, 40), min_size=16, max_size=16)


@given(st.lists(st.tuples(people, people, st.integers(0, 5), st.integers(0, 6)), min_size=1, max_size=7))
def test_nobody_is_lost_or_doubled_through_suppression(drawn):
    """Areas drawn with a receiver among the first two are suppressed into it; the city's total stays."""
    areas, members = [], {0: [], 1: []}
    for at, (men, women, unknown, into) in enumerate(drawn):
        if at > 1 and into < 2:
            members[into].append(f"{at:04}")
            areas.append(Area(f"{CODE}{at:04}", f"町{at}", state="2", into=f"{into:04}", marks="X"))
        else:
            areas.append(Area(f"{CODE}{at:04}", f"町{at}", men, women, (unknown, 0)))
    for at, moved in members.items():
        if moved:
            areas[at] = replace(areas[at], state="1", members=";".join(moved))
    found = read(estat_file(areas), city=gazetteer({area.key: area.name for area in areas}))
    assert found.table.total.sum() == sum(area.people for area in areas)
    assert sorted(key for keys in found.places for key in keys) == sorted(area.key for area in areas)
    assert found.opened.cautions == ()
    assert found.merged_people == sum(area.people for area in areas if area.state == "1")


def test_a_suppressed_area_without_receiver_is_named_and_the_city_total_too():
    rows = rows_of(
        [
            Area(f"{CODE}0010", "架空本町", ages(50), ages(60)),
            Area(f"{CODE}0020", "架空沢", state="2", marks="X"),
        ]
    )
    opened = read(as_file(rows)).opened
    assert "架空沢は秘匿され、合算先が分からない" in told(opened.left_out)


def test_a_difference_to_the_row_of_the_city_is_named():
    rows = rows_of(AREAS)
    opened = read(as_file([row for row in rows if row[0] != f"{CODE}003002"])).opened
    assert "小地域の合計 187 人が、市全体の行の 199 人と 12 人違います" in told(opened.cautions)


def test_a_city_without_its_own_row_is_said_to_be_unchecked():
    opened = read(as_file([row for row in rows_of() if row[0] != CODE])).opened
    assert "確かめていません" in told(opened.cautions)


def test_an_x_in_a_row_not_marked_keeps_its_total_as_people_of_no_known_age():
    rows = rows_of([AREAS[2], AREAS[3]])
    rows[-1][10] = "X"
    found = read(as_file(rows))
    assert found.table.total.tolist() == [71, 12]
    assert found.table.unknown_age.tolist() == [0, 12]
    assert "12 人を年齢の分からない人として数えます" in told(found.opened.cautions)
    rows[-1][7] = rows[-1][27] = "X"
    assert "使えません" in told(read(as_file(rows)).opened.left_out)


def test_an_x_that_can_only_be_zero_is_zero():
    area = Area(f"{CODE}003002", "架空台二丁目", (0, *ages(7, 15)), (0, *ages(5, 15)))
    rows = rows_of([AREAS[2], area])
    for at in (8, 28, 48):
        rows[-1][at] = "X"
    found = read(as_file(rows))
    assert found.table.unknown_age.tolist() == [0, 0]


def test_a_dash_is_zero():
    area = Area(f"{CODE}003002", "架空台二丁目", (0, *ages(7, 15)), (0, *ages(5, 15)))
    rows = rows_of([area])
    rows[-1] = ["-" if cell == 0 else cell for cell in rows[-1]]
    assert read(as_file(rows)).table.both[0, 0] == 0


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("T001082019", 999, "65歳以上の 999 人"),
        ("T001082020", 999, "の合計が 999 人ではありません"),
        ("T001082022", 999, "の合計が"),
        ("T001082001", 1, "総数 1 人より"),
        ("T001082005", "多い", "数として読めません"),
        ("T001082005", "-3", "負の数"),
        ("HTKSYORI", "7", "0・1・2 のどれでもありません"),
    ],
)
def test_numbers_that_disagree_refuse_the_file_with_row_and_column(column, value, words):
    rows = rows_of()
    rows[-1][rows[0].index(column)] = value
    error = refusal(rows)
    assert words in str(error)
    assert {fault.row for fault in error.faults} == {len(rows)}
    assert all(fault.file == "tbl.txt" for fault in error.faults)


def test_all_wrong_rows_are_named_at_once():
    rows = rows_of()
    rows[-1][12] = rows[-2][13] = "?"
    assert {fault.row for fault in refusal(rows).faults} == {len(rows), len(rows) - 1}


def test_missing_and_doubled_columns_are_named_at_once():
    rows = rows_of()
    rows[0][rows[0].index("T001082033")] = "T001082034"
    rows[0][rows[0].index("GASSAN")] = ""
    assert {fault.column for fault in refusal(rows).faults} == {"T001082033", "T001082034", "GASSAN"}


def test_rows_of_another_length_are_refused():
    rows = rows_of()
    rows[-1] = rows[-1][:-1]
    assert "67 個の値が必要ですが 66 個です" in str(refusal(rows))


def test_a_key_that_a_spreadsheet_spoiled_is_refused():
    rows = rows_of()
    rows[-1][0] = "1.0E+10"
    assert "指数表記" in str(refusal(rows))


def test_a_doubled_key_is_refused():
    rows = rows_of()
    assert "行目にもあります" in str(refusal([*rows, rows[-1]]))


def test_another_table_is_refused_by_name_with_those_that_can_be_read():
    error = refusal(estat_rows(AREAS, table="T001081"))
    assert "T001081" in str(error)
    assert "T001082" in error.todo
    assert "T000849" in error.todo


def test_a_table_of_other_cities_is_refused_and_at_most_five_are_named():
    rows = rows_of()[:2] + [
        row for n in range(7) for row in estat_rows([], code=f"1111{n}", city=f"町{n}")[2:]
    ]
    error = refusal(rows)
    assert "別の市の表です" in str(error)
    assert "町0、町1、町2、町3、町4 ほか 2" in str(error)


def test_only_the_city_is_read_from_a_prefecture():
    other = estat_rows([Area("111110010", "甲", ages(900), ages(900))], code="11111", city="他市")
    found = read(as_file([*rows_of(), *other[2:]]))
    assert found.table.total.sum() == 199


def test_a_key_the_city_does_not_have_is_unfound_and_its_people_counted_apart():
    found = read(estat_file([*AREAS, Area(f"{CODE}0990", "字架空", ages(4), ages(5))]))
    assert [one.name for one in found.unfound] == [f"{CODE}0990 字架空"]
    assert found.unplaced_people == 9
    assert found.table.total.sum() == 199
    assert found.opened.cautions == ()


def test_a_finer_or_coarser_key_is_tied_to_the_area_it_lies_in():
    city = gazetteer({f"{CODE}0030": "架空台", f"{CODE}001001": "本町一", f"{CODE}001002": "本町二"})
    found = read(estat_file([AREAS[2], Area(f"{CODE}0010", "架空本町", ages(8), ages(9))]), city=city)
    assert found.places == ((f"{CODE}0030",), (f"{CODE}001001", f"{CODE}001002"))


def test_keys_of_any_form_are_known_by_the_gazetteer():
    city = gazetteer({"k11": "架空本町", "k12": "架空沢"})
    areas = [
        Area("k11", "架空本町", ages(20), ages(22), (0, 1), "1", "", "k12"),
        Area("k12", "架空沢", state="2", into="k11", marks="X"),
    ]
    assert read(estat_file(areas), city=city).places == (("k11", "k12"),)


def test_a_label_that_contradicts_its_code_is_named_and_the_code_followed():
    rows = rows_of()
    rows[1][8], rows[1][9] = rows[1][9], rows[1][8]
    found = read(as_file(rows))
    assert found.table.total.sum() == 199
    assert len(found.opened.cautions) == 2


def test_the_file_without_its_labels_is_read_all_the_same():
    rows = rows_of()
    assert read(as_file([rows[0], *rows[2:]])).table.total.sum() == 199
