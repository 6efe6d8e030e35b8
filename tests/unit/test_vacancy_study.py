"""A list of vacant dwellings as a page shows it: nothing small and no point in public, everything for staff, nothing lost."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from enum import Enum
from fractions import Fraction

import geopandas as gpd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kyodo_geo.compose import theme_payload
from kyodo_geo.errors import InputRefused
from kyodo_geo.evidence.given import Evidence
from kyodo_geo.figures.levels import levels_of
from kyodo_geo.model.vacancy.choice import VacancyChoice, from_query
from kyodo_geo.model.vacancy.values import VacantRecord
from kyodo_geo.provenance import Basis, Source, Unknown
from kyodo_geo.sources.visit.opened import Opened
from kyodo_geo.sources.visit.sheets.places import Unfound
from kyodo_geo.sources.visit.vacancy.read import VacancyRead
from kyodo_geo.vacancy.drawing import grid_picture
from kyodo_geo.vacancy.export import (
    cells_csv,
    cells_geojson,
    file_name,
    households_csv,
    public_csv,
    staff_csv,
    unplaced_csv,
)
from kyodo_geo.vacancy.figures import staff_points, vacancy_figures
from kyodo_geo.vacancy.households import household_changes
from kyodo_geo.vacancy.squares import cell_frame
from kyodo_geo.vacancy.study import list_study
from kyodo_geo.vacancy.tables import list_row, public_class_rows, sampled_rows, unfound_rows, unplaced_rows

# A corner in each district, and one outside the city
CORNERS = {
    "1": (0.2, 0.2),
    "2": (1.2, 1.2),
    "3": (4.2, 0.2),
    "4": (4.2, 1.2),
    "5": (4.2, 2.2),
    "": (8.2, 8.2),
}
HOME = "架空字秘密12番地"


def house(line, district="", at=None, **more):
    """A dwelling in a district, its point somewhere in that of `at`."""
    east, north = CORNERS[at] if at is not None else (None, None)
    lon = None if east is None else 135 + (east + line % 50 * 0.0123) / 100 + 1.23e-7 * line
    lat = None if north is None else 35 + (north + line % 41 * 0.0137) / 100 + 1.17e-7 * line
    said = {"count": 1, "year": 2020, "state": "A", "source_class": "survey", **more}
    return VacantRecord(line, HOME, lon=lon, lat=lat, district=district, **said)


def brought(city, records, *, whole=True, unfound=(), fictional=True):
    opened = Opened("一覧.csv", "一覧", "a" * 64, (("行", 1000),), fictional=fictional)
    read = VacancyRead(tuple(records), tuple(unfound), opened)
    return city.bring(Evidence(vacancy=read, whole_city=whole))


def studied(city, on, records, k=5, year=None, **more):
    informed = brought(city, records, **more)
    return informed, list_study(informed, on, VacancyChoice(year, k))


def many(district, number, start, **more):
    return [house(line, district, district, **more) for line in range(start, start + number)]


def walk(thing):
    """Yield every number and text of a structure, but not those of the sources, which speak of whole files."""
    if isinstance(thing, Source | Enum | bool) or thing is None:
        return
    if isinstance(thing, int | float | str):
        yield thing
    elif isinstance(thing, gpd.GeoDataFrame):
        yield from walk(thing.drop(columns=["geometry", "side_m"]).to_dict("list"))
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from walk(key)
            yield from walk(value)
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from walk(getattr(thing, field.name))
    else:
        for one in thing:
            yield from walk(one)


def texts_of(city, on, shown, levels):
    """Everything the public page writes: tables, files, pictures and the map."""
    cells = cell_frame(city, on, shown.picture) if shown.picture else None
    figures = vacancy_figures(shown, levels.districts)
    tables = [list_row(row) for row in (*shown.groups, *shown.areas, shown.city)]
    for found in (shown.states, shown.sources):
        tables += [] if isinstance(found, Unknown) else [*public_class_rows(shown, found, {"A": "A"})]
    yield json.dumps(tables, ensure_ascii=False)
    yield json.dumps(theme_payload(city, on, figures, title="空き家"), ensure_ascii=False)
    yield public_csv(shown)
    if cells is not None:
        yield cells_csv(shown, cells)
        yield cells_geojson(shown, cells).decode()
        yield grid_picture(city.shapes(on), cells, k=shown.k, title="格子", mark="架空")


houses = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3", "4", "5", ""]),
        st.sampled_from(["own", "none", "away"]),
        st.integers(1, 9),
        st.sampled_from(["A", "B", "C", "D", ""]),
        st.sampled_from(["survey", "water", "estimate", "unknown"]),
    ),
    min_size=1,
    max_size=18,
)


def listed(some):
    records, line = [], 2
    for district, where, number, state, source in some:
        at = {"own": district, "none": None, "away": "" if district else None}[where]
        for _ in range(number):
            # Without a district a point outside the city ties the row to none
            records.append(
                house(
                    line,
                    district,
                    at if district else "" if where == "own" else None,
                    state=state,
                    source_class=source,
                )
            )
            line += 1
    return records


@pytest.fixture(scope="module")
def levels(fictional_city, today):
    return levels_of(fictional_city, today)


@pytest.fixture(scope="module")
def leaks(fictional_city, today, levels):
    """What must not be in public of a list: numbers below k, points and the address."""

    def found(records, k, *, whole):
        city, study = studied(fictional_city, today, records, k, whole=whole)
        shown = study.public
        cells = cell_frame(city, today, shown.picture)["count"].tolist() if shown.picture else []
        small = [one for one in (*walk(shown), *cells) if isinstance(one, int) and 0 < one < k]
        points = {str(number) for one in records for number in (one.lon, one.lat) if number}
        floats = {str(one) for one in walk(shown) if isinstance(one, float)}
        written = [
            secret
            for text in texts_of(city, today, shown, levels)
            for secret in (HOME, *(point[:10] for point in points))
            if secret in text
        ]
        return small, floats & points, written

    return found


@given(some=houses, k=st.integers(5, 11), whole=st.booleans())
@settings(max_examples=40)
def test_in_public_there_is_no_number_of_1_to_k_minus_1_and_no_point(leaks, some, k, whole):
    assume(
        any(district or where != "own" for district, where, *_ in some)
    )  # a point outside is no dwelling here
    assert leaks(listed(some), k, whole=whole) == ([], set(), [])


@pytest.fixture(scope="module")
def counted(fictional_city, today):
    return lambda records, k: studied(fictional_city, today, records, k)[1]


@given(some=houses, k=st.integers(5, 11))
@settings(max_examples=40)
def test_groups_and_cells_add_up_and_the_city_less_the_groups_shows_nothing_small(counted, some, k):
    assume(
        any(district or where != "own" for district, where, *_ in some)
    )  # a point outside is no dwelling here
    study = counted(listed(some), k)
    shown, staff = study.public, study.staff
    placed = sum(row.vacant for row in staff.rows if not isinstance(row.vacant, Unknown))
    assert placed + sum(one.count for one in staff.unplaced) == staff.city.vacant == len(staff.records)
    if isinstance(shown.city.vacant, Unknown):
        assert 0 < placed < k
        assert all(isinstance(row.vacant, Unknown) for row in (*shown.groups, *shown.areas))
        return
    assert sum(row.vacant for row in shown.groups if not isinstance(row.vacant, Unknown)) == placed
    rest = shown.city.vacant - placed
    assert rest == 0 or rest >= k
    if shown.picture:
        assert sum(cell.count for cell in shown.picture.cells) == placed
        groups = {group.members: group.count for group in shown.picture.groups}
        told = {row.codes: row.vacant for row in shown.groups if not isinstance(row.vacant, Unknown)}
        assert {codes: count for codes, count in groups.items() if count} == {
            codes: count for codes, count in told.items() if count
        }
    for row in shown.areas:
        inside = [one for one in shown.groups if set(one.codes) & set(row.codes)]
        assert isinstance(row.vacant, Unknown) or row.vacant == sum(one.vacant for one in inside)


def test_districts_of_few_stand_in_one_row_and_have_no_value_of_their_own(fictional_city, today, levels):
    records = [*many("1", 20, 2), *many("3", 3, 30), *many("5", 9, 40)]
    _, study = studied(fictional_city, today, records)
    (together,) = [row for row in study.public.groups if len(row.codes) > 1]
    assert together.codes == ("3", "5")
    assert (together.name, together.vacant) == ("架空両端・架空新田(合わせて)", 12)
    assert together.dwellings == 190 + 120 + 12
    _, dwellings = vacancy_figures(study.public, levels.districts)
    assert dwellings.districts["1"] == 20
    assert dwellings.districts["4"] == 0
    assert isinstance(dwellings.districts["3"], Unknown)
    rate, raw = vacancy_figures(study.staff, levels.districts)
    assert raw.districts["3"] == 3
    assert rate.districts["1"] == pytest.approx(100 * 20 / (450 + 20))
    assert rate.mark == rate.whole_mark == "架空"
    assert "国勢調査の世帯数 + この表の空き家数" in rate.caution


def test_states_of_few_are_shown_for_the_city_alone_or_not_at_all(fictional_city, today):
    records = [*many("1", 9, 2, state="A"), *many("1", 3, 20, state="B"), *many("5", 9, 40, state="B")]
    _, study = studied(fictional_city, today, records)
    assert study.public.states.by_group is None
    assert study.public.states.city["B"] == 12
    _, study = studied(fictional_city, today, records[:12])
    assert study.public.states.city is None
    assert study.staff.base.counts.by_state["1"]["B"] == 3
    assert study.public.sources.by_group is not None


def test_a_list_that_states_nothing_says_so(fictional_city, today):
    _, study = studied(fictional_city, today, many("1", 9, 2, state="", source_class="unknown"))
    assert str(study.public.states) == "不明(一覧に状態の記載がない)"
    assert isinstance(study.public.sources, Unknown)
    assert "不明(一覧に状態の記載がない)" in public_csv(study.public)


def test_an_incomplete_list_leaves_silent_districts_and_the_rate_of_the_city_unknown(fictional_city, today):
    _, study = studied(fictional_city, today, many("1", 9, 2), whole=False)
    for shown in (study.public, study.staff):
        assert str(shown.city.vacant) == str(shown.city.percent) == "不明(一覧に行のない地区がある)"
    silent = [row for row in study.public.groups if row.codes == ("3",)]
    assert str(silent[0].percent) == "不明(この表に行がない)"


def test_a_list_of_another_city_alone_is_refused(fictional_city, today):
    with pytest.raises(InputRefused, match="市の中にある空き家の行が1つもありません"):
        studied(fictional_city, today, [house(2, "", ""), house(3, "", "")])


def test_survey_years_are_never_added_up(fictional_city, today):
    records = [*many("1", 9, 2), *many("1", 7, 20, year=2015)]
    for year, number in ((None, 9), (2020, 9), (2015, 7)):
        _, study = studied(fictional_city, today, records, year=year)
        assert study.years == (2015, 2020)
        assert study.public.city.vacant == len(study.staff.records) == number
    with pytest.raises(InputRefused, match="2016年の行はこの一覧にありません"):
        studied(fictional_city, today, records, year=2016)


def test_points_that_do_not_fit_are_named_by_row_for_staff(fictional_city, today):
    records = [*many("1", 9, 2), house(20, "1", ""), house(21, "1", "5"), *many("5", 6, 40)]
    _, study = studied(fictional_city, today, records)
    assert study.staff.outside == (20,)
    assert study.staff.elsewhere == (21,)
    assert str(study.public.told.outside) == "不明(5件未満)"
    assert study.public.groups[0].vacant == 11


def test_what_a_human_must_look_at_is_in_the_staff_file_alone(fictional_city, today):
    unfound = (Unfound("字ひみつ", ("k11 架空本町1丁目", "k12 架空本町2丁目")),)
    records = [*many("1", 9, 2), house(30), house(31)]
    _, study = studied(fictional_city, today, records, unfound=unfound)
    assert unplaced_rows(study.staff) == [["30", HOME, "1"], ["31", HOME, "1"]]
    assert unfound_rows(study.staff) == [["字ひみつ", "k11 架空本町1丁目、k12 架空本町2丁目"]]
    assert "字ひみつ" in unplaced_csv(study.staff)
    for text in (staff_csv(study.staff), unplaced_csv(study.staff)):
        assert text.startswith("職員用")
        assert "架空" in text.splitlines()[0]
    assert "字ひみつ" not in public_csv(study.public)
    assert study.public.city.vacant == 9
    assert study.staff.city.vacant == 11


def test_the_points_of_staff_say_state_and_source_and_nothing_else(fictional_city, today):
    _, study = studied(
        fictional_city, today, [*many("1", 6, 2), house(30, "1"), house(31, "1", "1", count=3, state="")]
    )
    points = staff_points(study.staff.records)
    assert len(points) == 7
    assert {point.name for point in points} == {"状態 A、現地調査", "状態 不明、現地調査、3戸"}
    assert {(point.kind, point.note, point.code, point.lines) for point in points} == {("vacant", "", "", ())}


def test_a_rate_of_few_dwellings_carries_a_mark_and_the_list_s_own_dwellings_are_the_denominator(
    fictional_city, today
):
    records = [house(2, "1", count=20, dwellings=40), house(3, "5", count=30, dwellings=400)]
    _, study = studied(fictional_city, today, records, whole=False)
    rows = {row.codes[0]: list_row(row) for row in study.public.groups}
    assert rows["1"] == ["架空本町", "架空町", "20", "40", "50.0 %※"]
    assert rows["5"] == ["架空新田", "架空村", "30", "400", "7.5 %"]
    assert rows["3"] == ["架空両端", "架空村", "不明(この表に行がない)", "不明", "不明"]
    assert study.public.ground.denominator == "この表の住宅数"
    assert fictional_city.latest.source not in study.public.ground.sources


def test_a_list_without_positions_has_no_grid(fictional_city, today):
    _, study = studied(fictional_city, today, [house(2, "1", count=30), house(3, "5", count=6)])
    assert study.public.picture is None
    assert [row.vacant for row in study.public.groups if row.vacant] == [30, 6]


def test_several_dwellings_at_one_point_count_several_times(fictional_city, today):
    _, study = studied(fictional_city, today, [house(2, "1", "1", count=7)])
    (cell,) = study.public.picture.cells
    assert (cell.count, cell.side_m) == (7, 250.0)


def test_cells_lie_in_their_district_and_their_squares_are_cut_to_it(fictional_city, today):
    city, study = studied(fictional_city, today, [*many("1", 60, 2), *many("2", 60, 100)])
    frame = cell_frame(city, today, study.public.picture)
    shapes = city.shapes(today)
    for cell in frame.itertuples():
        assert cell.geometry.difference(shapes[cell.codes].buffer(1e-7)).area < 1e-12
        assert cell.per_km2 == pytest.approx(frame["count"][cell.Index] / cell.km2)
    assert frame["km2"].sum() <= 20
    raw = json.loads(cells_geojson(study.public, frame))
    assert {one["properties"]["mark"] for one in raw["features"]} == {"架空"}
    assert sum(one["properties"]["count"] for one in raw["features"]) == 120


def test_names_of_files_say_what_is_made_up_and_what_is_for_staff():
    assert file_name("a.csv", Basis.SUPPLIED) == "a.csv"
    assert file_name("a.csv", Basis.FICTIONAL) == "架空_a.csv"
    assert file_name("a.csv", Basis.ESTIMATED, staff=True) == "職員用_a.csv"
    assert file_name("a.csv", Basis.FICTIONAL, staff=True) == "架空_職員用_a.csv"


def test_a_real_list_is_an_estimate_by_district_for_its_lines_are_ours(fictional_city, today):
    _, study = studied(fictional_city, today, many("1", 9, 2), fictional=False)
    assert study.public.ground.whole_count is Basis.SUPPLIED
    assert study.public.ground.whole_rate is Basis.ESTIMATED
    assert study.public.ground.count >= Basis.ESTIMATED


def test_households_are_compared_part_by_part_and_at_every_level_alike(fictional_city, today, levels):
    changes = household_changes(fictional_city, today, levels.districts, levels.areas, levels.city)
    assert (changes.years, changes.city.by) == ("2010→2020", 870 - 831)
    (parts,) = [one for one in changes.small if one.code == "k31"]
    assert (parts.before, parts.after, parts.by) == (180, 190, 10)
    assert changes.small[0].name == "架空本町1丁目"
    for level in (changes.small, changes.districts, changes.areas):
        assert sum(one.by for one in level) == changes.city.by
    assert changes.silent == ()
    assert "空き家" not in households_csv(changes)


def test_a_small_area_without_an_earlier_value_is_named_and_never_counted_as_risen(changed_city, today):
    city = changed_city({"population/census2010.csv": ("k12,,400,140", "k12,,,")})
    levels = levels_of(city, today)
    changes = household_changes(city, today, levels.districts, levels.areas, levels.city)
    (silent,) = changes.silent
    assert (silent.code, silent.after) == ("k12", 160)
    assert str(silent.by) == str(silent.percent) == "不明(前の国勢調査に値がない)"
    assert "k12" not in {one.code for one in changes.small}


def test_the_sampling_survey_has_a_row_for_each_year_with_both_numbers():
    published = {
        2018: {"dwellings": 200, "vacant_dwellings": 30},
        2023: {"dwellings": 300, "vacant_dwellings": 60},
        2013: {"dwellings": 9},
    }
    assert sampled_rows(published) == [["2023年", "300", "60", "20.0 %"], ["2018年", "200", "30", "15.0 %"]]


@given(year=st.none() | st.integers(1900, 2200), k=st.integers(5, 1000))
def test_a_choice_comes_back_from_its_address(year, k):
    chosen = VacancyChoice(year, k)
    assert from_query({**chosen.to_query(), "indicator": "households", "year": "2020"}) == chosen


def test_a_usual_choice_leaves_no_word_and_staff_are_never_in_an_address():
    assert VacancyChoice().to_query() == {}
    assert set(VacancyChoice(2020, 9).to_query()) == {"survey", "k"}
    assert from_query({"staff": "1", "vacancy_staff": "true"}) == VacancyChoice()


@pytest.mark.parametrize(
    ("words", "said"),
    [({"k": "4"}, "k 4 は使えません"), ({"k": "五"}, "「五」は整数ではありません"), ({"survey": "12"}, "調査の年 12"), ({"k": "1001"}, "1001")],
)  # fmt: skip
def test_an_address_that_cannot_be_a_choice_is_refused(words, said):
    with pytest.raises(InputRefused, match=said):
        from_query(words)


@pytest.mark.parametrize("k", [0, -5, True, 5.0, Fraction(9)])
def test_a_k_that_is_no_whole_number_of_5_or_more_is_refused(k):
    with pytest.raises(InputRefused, match="使えません"):
        VacancyChoice(k=k)
