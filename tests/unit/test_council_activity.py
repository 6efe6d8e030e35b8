"""Activity sums and projects: every record counts one time, what was not stated is no zero, and what is late is said."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.changes import Change, Entered
from kyodo_geo.model.councils.activity import activities_of, join_activities
from kyodo_geo.model.councils.projects import overdue, projects_on
from kyodo_geo.model.councils.sums import Ratio, Sum, sum_activities
from kyodo_geo.provenance import Unknown

COUNCILS = {"K1", "K2"}
DISTRICTS = {"01", "02", "03"}
NONE = Unknown("記録なし")


def entries(kind, *given):
    return tuple(
        Entered(
            seq,
            Change(kind, subject, values, since, "架空の資料", "課", "2026-01-05T09:00:00+09:00", "", *rest),
            "0" * 64,
        )
        for seq, (subject, values, since, *rest) in enumerate(given, start=1)
    )


def did(subject, since="FY2024", role="1", **numbers):
    return subject, {"role": role, "name": "草刈り", **numbers}, since


def table(*given):
    return activities_of(entries("activity", *given), councils=COUNCILS, districts=DISTRICTS)


def test_sums_carry_how_many_did_not_state_the_number():
    found = sum_activities(table(did("K1", people="10", yen="500"), did("K1", people="5"), did("K1")))
    assert found.value("K1", 2024, "people") == Sum(15, 3, 1)
    assert found.value("K1", 2024, "yen") == Sum(500, 3, 2)
    assert found.value("K1", 2024, "hours") == Unknown("記載なし")


def test_a_stated_zero_is_zero():
    assert sum_activities(table(did("K1", people="0"))).value("K1", 2024, "people") == Sum(0, 1, 0)


def test_a_year_a_role_and_a_unit_without_records_are_unknown():
    found = sum_activities(table(did("K1", "FY2022", people="1"), did("K1", "FY2024", people="1")))
    assert found.years == (2022, 2023, 2024)
    for unit, year, role in (("K1", 2023, None), ("K1", 2024, 2), ("K2", 2024, None), ("K1", 2030, None)):
        assert found.value(unit, year, "people", role=role) == NONE
        assert found.per_head(unit, year, "people", people=100, role=role) == NONE
        assert found.per_yen(unit, year, "people", role=role) == NONE
    assert sum_activities(table()).value("K1", 2024, "people") == NONE
    with pytest.raises(InputRefused):
        found.value("K1", 2024, "smiles")
    with pytest.raises(InputRefused):
        found.value("K1", 2024, "people", role=6)


def test_a_day_counts_for_its_fiscal_year():
    assert table(did("K1", "2025-03-31"), did("K1", "2025-04-01")).years.tolist() == [2024, 2025]


def test_per_head_is_weak_below_a_hundred_people_and_unknown_without_them():
    found = sum_activities(table(did("01", yen="5000"), did("01")))
    assert found.per_head("01", 2024, "yen", people=100) == Ratio(50, False, 2, 1)
    assert found.per_head("01", 2024, "yen", people=99).weak
    assert found.per_head("01", 2024, "yen", people=Unknown("x")) == Unknown("x")
    assert isinstance(found.per_head("01", 2024, "yen", people=0), Unknown)


def test_per_yen_takes_only_records_that_state_both():
    found = sum_activities(
        table(
            did("K1", people="200", yen="10000"), did("K1", people="900"), did("K1", yen="70000"),
            did("K2", people="30", yen="0"), did("K2", "FY2023", people="30", yen="20000", hours="4"),
        )
    )  # fmt: skip
    assert found.per_yen("K1", 2024, "people") == Ratio(200, False, 1, 2)
    assert isinstance(found.per_yen("K2", 2024, "people"), Unknown)
    assert found.per_yen("K2", 2023, "hours") == Ratio(2, True, 1, 0)
    assert found.per_yen("K1", 2024, "hours") == Unknown("記載なし")
    with pytest.raises(InputRefused):
        found.per_yen("K1", 2024, "yen")


def test_a_district_is_summed_under_its_council_where_that_is_known():
    rows = table(
        did("01", people="1"),
        did("K1", people="2"),
        did("02", people="4"),
        did("K1", people="8", district="03"),
    )
    by_council = sum_activities(rows, other={"01": "K1"})
    assert by_council.units == ("02", "K1")
    assert by_council.value("K1", 2024, "people") == Sum(11, 3, 0)
    by_district = sum_activities(rows, by="district", other={"K1": "01"})
    assert by_district.value("01", 2024, "people") == Sum(3, 2, 0)
    assert by_district.value("03", 2024, "people") == Sum(8, 1, 0)
    with pytest.raises(InputRefused):
        sum_activities(rows, by="city")


def test_every_fault_of_the_activities_is_told_at_once():
    with pytest.raises(InputRefused) as refused:
        table(
            did("99"), did("K1", role="6"), did("K1", people="-3"), did("K1", count="1.5"), did("K1", hours="1e3"),
            did("01", district="02"), did("K1", colour="red"), ("K1", {"role": "1"}, "FY2024"), did("K1", yen="9" * 14),
        )  # fmt: skip
    assert [f"変更 {seq}(" in str(refused.value) for seq in range(1, 10)] == [True] * 9


def test_hours_may_be_fractions_and_undone_records_do_not_count():
    given_ = (did("K1", hours="1.5"), did("K1", hours="2"), ("K1", {}, "FY2024", None, 2))
    found = activities_of(entries("activity", *given_), councils=COUNCILS, districts=DISTRICTS)
    assert found.amounts[:, 2].tolist() == [1.5]


AMOUNT = st.one_of(st.none(), st.integers(0, 10**9))
RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["K1", "K2", "01"]), st.integers(2015, 2025), st.integers(1, 5), AMOUNT, AMOUNT
    ),
    max_size=25,
)


@given(RECORDS, RECORDS)
def test_sums_are_those_of_a_loop_and_of_joined_tables(some, more):
    def made(rows):
        return table(
            *(
                did(
                    unit, f"FY{year}", str(role),
                    **{key: str(number) for key, number in (("people", people), ("yen", yen)) if number is not None},
                )
                for unit, year, role, people, yen in rows
            )
        )  # fmt: skip

    found = sum_activities(join_activities(made(some), made(more)))
    rows = [*some, *more]
    assert found.records.sum() == len(rows)
    for unit, year in {row[:2] for row in rows}:
        for role in (None, 1, 2, 3, 4, 5):
            mine = [row for row in rows if row[:2] == (unit, year) and role in (None, row[2])]
            stated = [row[3] for row in mine if row[3] is not None]
            both = [row[3:] for row in mine if None not in row[3:]]
            want = Sum(sum(stated), len(mine), len(mine) - len(stated)) if stated else Unknown("記載なし")
            assert found.value(unit, year, "people", role=role) == (want if mine else NONE)
            ratio = found.per_yen(unit, year, "people", role=role)
            if sum(yen for _, yen in both):
                assert ratio.value == pytest.approx(
                    sum(one for one, _ in both) * 10_000 / sum(yen for _, yen in both)
                )
                assert ratio.records == len(both)
            else:
                assert isinstance(ratio, Unknown)
    assert np.isfinite(found.totals).all()


def projects(day, *given):
    return projects_on(entries("project", *given), day, councils=COUNCILS, districts=DISTRICTS)


ROAD = (
    ("K1", {"project": "道の草刈り", "state": "planned", "owner": "環境部会", "due": "FY2023"}, "FY2022"),
    ("K1", {"project": "道の草刈り", "state": "running"}, "2023-06-01"),
    ("K1", {"project": "道の草刈り", "state": "done"}, "2024-06-01"),
)


def test_a_project_keeps_what_a_later_entry_does_not_state():
    (found,) = projects(date(2023, 6, 1), *ROAD)
    assert (found.state, found.owner, found.due) == ("running", "環境部会", FiscalYear(2023))
    assert projects(date(2022, 3, 31), *ROAD) == ()


def test_a_project_is_late_from_the_day_after_its_fiscal_year_until_it_is_done():
    late = {
        day: bool(overdue(projects(day, *ROAD), day))
        for day in (date(2024, 3, 31), date(2024, 4, 1), date(2024, 6, 1))
    }
    assert list(late.values()) == [False, True, False]


def test_the_longest_late_comes_first_and_the_unknown_is_not_late():
    day = date(2026, 1, 1)
    found = projects(
        day, ("K1", {"project": "a", "state": "running", "due": "FY2024"}, "FY2020"),
        ("01", {"project": "b", "state": "planned", "due": "FY2020"}, "FY2020"),
        ("01", {"project": "c", "due": "FY2020"}, "FY2020"), ("01", {"project": "d", "state": "running"}, "FY2020"),
        ("01", {"project": "e", "state": "stopped", "due": "FY2020"}, "FY2020"),
    )  # fmt: skip
    assert [one.name for one in overdue(found, day)] == ["b", "a"]
    assert found[2].state == Unknown("記載なし")


@pytest.mark.parametrize(
    "owner",
    ["会長", "事務局", "事務局長", "総務部会", "実行委員会", "市", "まちづくり推進課", "地域担当職員"],
)
def test_an_office_or_a_body_answers_for_a_project(owner):
    (found,) = projects(date(2026, 1, 1), ("K1", {"project": "a", "owner": owner}, "FY2020"))
    assert found.owner == owner


@pytest.mark.parametrize("owner", ["架空太郎", "服部", "会長の架空さん"])
def test_a_person_does_not(owner):
    with pytest.raises(InputRefused, match="人の名前"):
        projects(date(2026, 1, 1), ("K1", {"project": "a", "owner": owner}, "FY2020"))


def test_every_fault_of_the_projects_is_told_at_once():
    with pytest.raises(InputRefused) as refused:
        projects(
            date(2020, 1, 1), ("99", {"project": "a"}, "FY2030"), ("K1", {"state": "planned"}, "FY2020"),
            ("K1", {"project": "a", "state": "late"}, "FY2020"), ("K1", {"project": "a", "due": "2020-04-01"}, "FY2020"),
            ("K1", {"project": "a", "due": "FY20"}, "FY2020"), ("K1", {"project": "a", "boss": "会長"}, "FY2020"),
        )  # fmt: skip
    assert [f"変更 {seq}(" in str(refused.value) for seq in range(1, 7)] == [True] * 6
