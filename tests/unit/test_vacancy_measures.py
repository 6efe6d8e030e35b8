"""Vacant dwellings by district: never added over years, never 0 where nobody looked, never without a denominator."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.vacancy.measures import NO_ROW, VacancyList, count_by_year, count_vacancies, years
from kyodo_geo.model.vacancy.rates import census_dwellings, given_dwellings, own_dwellings, vacancy_rates
from kyodo_geo.model.vacancy.values import SOURCE_CLASSES, STATES, VacantRecord
from kyodo_geo.provenance import Basis, Unknown

DISTRICTS = ("1", "2", "3")
records_of_any_kind = st.builds(
    VacantRecord,
    line=st.integers(2, 99),
    name=st.sampled_from(["架空町", "架空村"]),
    count=st.integers(0, 20),
    year=st.integers(2020, 2022),
    state=st.sampled_from([*STATES, ""]),
    source_class=st.sampled_from([*SOURCE_CLASSES]),
)
listings = st.lists(
    st.tuples(records_of_any_kind, st.sampled_from(["", *DISTRICTS])), min_size=1, max_size=30
).map(lambda rows: VacancyList(tuple(row for row, _ in rows), tuple(place for _, place in rows), DISTRICTS))


def listing(*rows, **options):
    """Return a list from (district, count, more of the record)."""
    records = [
        VacantRecord(line, f"架空{line}", count, **{"year": 2023, **more})
        for line, (_, count, more) in enumerate(rows, start=2)
    ]
    return VacancyList(tuple(records), tuple(place for place, _, _ in rows), DISTRICTS, **options)


@given(listings)
def test_each_dwelling_is_counted_once_in_one_year_one_place_one_state_one_source(some):
    by_year = count_by_year(some)
    assert tuple(by_year) == years(some.records)
    for year, counts in by_year.items():
        known = [number for number in counts.vacant.values() if not isinstance(number, Unknown)]
        assert sum(known) + counts.unplaced == sum(one.count for one in some.records if one.year == year)
        for code in DISTRICTS:
            assert (code in counts.listed) == (counts.vacant[code] != NO_ROW) == (code in _listed(some, year))
            if code in counts.listed:
                assert sum(counts.by_source[code].values()) == counts.vacant[code]
                states = counts.by_state[code]
                assert isinstance(states, Unknown) or sum(states.values()) == counts.vacant[code]


def _listed(some, year):
    return {place for one, place in zip(some.records, some.places, strict=True) if one.year == year}


@given(listings)
def test_a_complete_survey_turns_silence_into_zero_and_nothing_else(some):
    apart, whole = count_vacancies(some), count_vacancies(replace(some, complete=True))
    for code in DISTRICTS:
        assert whole.vacant[code] == (apart.vacant[code] if code in apart.listed else 0)
    assert (whole.listed, whole.unplaced) == (apart.listed, apart.unplaced)


def test_the_latest_year_is_counted_unless_another_is_asked_for():
    some = listing(("1", 4, {"year": 2020}), ("1", 3, {}))
    assert years(some.records) == (2020, 2023)
    assert count_vacancies(some).vacant["1"] == 3
    assert count_vacancies(some, year=2020).vacant["1"] == 4
    with pytest.raises(InputRefused, match="2021年の行はこの一覧にありません"):
        count_vacancies(some, year=2021)


def test_a_row_that_counts_none_is_a_zero_and_no_silence():
    counts = count_vacancies(listing(("1", 0, {}), ("2", 1, {"state": "A"})))
    assert [counts.vacant[code] for code in DISTRICTS] == [0, 1, NO_ROW]
    assert counts.bases["3"] is Basis.UNKNOWN


def test_states_that_no_row_of_a_district_states_are_unknown_and_not_zero():
    counts = count_vacancies(listing(("1", 2, {}), ("2", 2, {}), ("2", 1, {"state": "D"})))
    assert counts.by_state["1"] == Unknown("状態の記載がない")
    assert counts.by_state["2"] == {"A": 0, "B": 0, "C": 0, "D": 1, "不明": 2}


@pytest.mark.parametrize(("basis", "expected"), [(Basis.SUPPLIED, 3), (Basis.FICTIONAL, 4)])
def test_an_estimated_row_makes_its_district_an_estimate_but_never_less_weak(basis, expected):
    some = listing(("1", 2, {}), ("1", 1, {"source_class": "estimate"}), ("2", 1, {}), basis=basis)
    counts = count_vacancies(some)
    assert counts.bases["1"] == Basis(expected)
    assert counts.bases["2"] is basis


def test_the_files_own_dwellings_are_named_and_added_by_district():
    some = listing(("1", 2, {"dwellings": 10}), ("1", 1, {"dwellings": 30}), ("2", 4, {}))
    own = own_dwellings(some)
    assert (own.label, own.basis) == ("この表の住宅数", Basis.SUPPLIED)
    assert own.per_district == {"1": 40, "2": Unknown("住宅数のない行がある"), "3": NO_ROW}
    rates = vacancy_rates(count_vacancies(some), own)
    assert (rates["1"].share, rates["1"].vacant, rates["1"].denominator) == (0.075, 3, "この表の住宅数")
    assert (rates["2"], rates["3"]) == (Unknown("住宅数のない行がある"), NO_ROW)


def test_dwellings_repeated_for_each_state_of_a_place_count_once():
    place = {"keys": ("032090010",), "dwellings": 50}
    rows = listing(("1", 3, place | {"state": "A"}), ("1", 2, place | {"state": "D"}))
    same = replace(rows, records=tuple(replace(one, name="架空町") for one in rows.records))
    assert own_dwellings(same).per_district["1"] == 50
    first, second = same.records
    differing = replace(same, records=(first, replace(second, dwellings=40)))
    assert own_dwellings(differing).per_district["1"] == Unknown("同じ場所の住宅数が行によって違う")


def test_more_vacant_than_dwellings_is_refused_and_every_place_named():
    some = listing(("1", 5, {"dwellings": 4}), ("2", 1, {"dwellings": 4}), ("", 9, {"dwellings": 8}))
    with pytest.raises(InputRefused) as refused:
        own_dwellings(some)
    assert [fault.what[:5] for fault in refused.value.faults] == ["「架空4」", "「架空2」"]
    counts = count_vacancies(listing(("1", 5, {}), ("2", 7, {})))
    given_low = given_dwellings("家屋", {"1": 4, "2": 6}, basis=Basis.SUPPLIED)
    with pytest.raises(InputRefused, match="「北区」は空き家 5 戸が住宅 4 戸より多く") as refused:
        vacancy_rates(counts, given_low, names={"1": "北区"})
    assert len(refused.value.faults) == 2


@given(st.integers(0, 50), st.integers(0, 500))
def test_a_rate_with_census_households_is_an_estimate_between_zero_and_one(vacant, households):
    counts = count_vacancies(listing(("1", vacant, {}), ("2", 1, {})))
    census = census_dwellings(counts, {"1": households})
    assert census.label == "国勢調査の世帯数 + この表の空き家数"
    rates = vacancy_rates(counts, census)
    if vacant + households == 0:
        assert rates["1"] == Unknown("住宅がない")
    else:
        assert 0 <= rates["1"].share <= 1
        assert rates["1"].dwellings == vacant + households
        assert rates["1"].basis is Basis.ESTIMATED
    assert rates["2"] == Unknown("国勢調査の世帯数がない")
    assert rates["3"] == NO_ROW


def test_a_given_denominator_keeps_its_name_and_its_unknowns():
    counts = count_vacancies(listing(("1", 5, {}), ("2", 7, {}), ("3", 1, {})))
    given_ones = given_dwellings(" 固定資産税 2024 ", {"1": 50, "2": Unknown("秘匿")}, basis=Basis.PUBLISHED)
    rates = vacancy_rates(counts, given_ones)
    assert (rates["1"].denominator, rates["1"].basis) == ("固定資産税 2024", Basis.SUPPLIED)
    assert rates["2"] == Unknown("秘匿")
    assert rates["3"] == Unknown("「固定資産税 2024」がない")


def test_a_denominator_without_a_name_or_below_zero_is_refused():
    with pytest.raises(InputRefused, match="名前がありません"):
        given_dwellings(" ", {"1": 5}, basis=Basis.SUPPLIED)
    with pytest.raises(InputRefused, match="「2」の住宅数 -1"):
        given_dwellings("家屋", {"1": 5, "2": -1}, basis=Basis.SUPPLIED)


def test_lists_that_are_not_tied_to_the_citys_districts_are_refused():
    with pytest.raises(InputRefused, match="地区は 0 件"):
        VacancyList((VacantRecord(2, "架空", 1, 2023),), (), DISTRICTS)
    with pytest.raises(InputRefused, match="2 行目: 「架空2」の地区「9」"):
        listing(("9", 1, {}))
    with pytest.raises(InputRefused, match="1つもありません"):
        count_vacancies(VacancyList((), (), DISTRICTS))
