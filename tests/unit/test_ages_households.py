"""Households with elderly by small area: two columns of e-Stat's table by family type."""

import pytest
from fictional.ages import CODE, Area, as_file, gazetteer, household_rows, zipped

from kyodo_geo.errors import TableError
from kyodo_geo.sources.visit.ages.households import read_elderly_households

CITY = gazetteer({f"{CODE}0010": "架空本町", f"{CODE}0020": "架空沢", f"{CODE}0030": "架空台"})
AREAS = (
    (Area(f"{CODE}0010", "架空本町", state="1", members="0020"), 40, 22),
    (Area(f"{CODE}0020", "架空沢", state="2", into="0010"), "X", "X"),
    (Area(f"{CODE}0030", "架空台"), 12, "-"),
)


def read(rows, *, city=CITY):
    return read_elderly_households(as_file(rows), name="世帯.txt", gazetteer=city)


def refusal(rows):
    with pytest.raises(TableError) as caught:
        read(rows)
    return caught.value


def test_households_are_read_with_merged_groups_together_and_a_dash_as_zero():
    found = read(household_rows(AREAS, total=(52, 22)))
    assert found.places == ((f"{CODE}0010", f"{CODE}0020"), (f"{CODE}0030",))
    assert found.households.tolist() == [40, 12]
    assert found.with_elderly.tolist() == [22, 0]
    assert found.day.isoformat() == found.opened.reference_date == "2020-10-01"
    assert not found.opened.cautions
    assert found.opened.fictional


def test_the_table_of_2015_and_a_zip_are_read():
    content = zipped(as_file(household_rows(AREAS, total=(52, 22), table="T000851")))
    assert read_elderly_households(content, name="a.zip", gazetteer=CITY).day.isoformat() == "2015-10-01"


def test_a_row_kept_back_without_a_mark_is_left_out_by_name():
    found = read(household_rows([*AREAS[:2], (AREAS[2][0], 12, "X")], total=(52, 22)))
    assert found.households.tolist() == [40]
    assert [(fault.row, fault.column) for fault in found.opened.left_out] == [(6, "T001084009")]
    assert "40 世帯" in str(found.opened.cautions[0])


def test_a_key_of_no_small_area_is_named_and_its_households_are_no_difference():
    found = read(household_rows([*AREAS, (Area(f"{CODE}0990", "字架空"), 3, 1)], total=(55, 23)))
    assert found.households.tolist() == [40, 12]
    assert f"{CODE}0990" in str(found.opened.left_out[0])
    assert not found.opened.cautions


def test_more_with_elderly_than_households_refuse_the_file():
    assert "一般世帯 12 より多く" in str(
        refusal(household_rows([*AREAS[:2], (AREAS[2][0], 12, 13)], total=(52, 35)))
    )


def test_cells_that_are_no_numbers_are_all_named():
    error = refusal(household_rows([(AREAS[0][0], "a", "b"), *AREAS[1:]], total=(52, 22)))
    assert {fault.column for fault in error.faults} == {"T001084001", "T001084009"}


def test_an_age_table_is_refused_with_what_can_be_read():
    error = refusal(household_rows(AREAS, total=(52, 22), table="T001082"))
    assert "T001082" in str(error)
    assert "T001084" in error.todo
    assert "小地域の表ではありません" in str(refusal([["a", "b"], [1, 2]]))
