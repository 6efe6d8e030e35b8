"""Councils as a page and a file show them: nothing unknown is 0, made-up data say so, and a form refuses all faults at once."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.councils.activity import activity_study
from kyodo_geo.councils.activity_rows import View, over_years_rows, role_rows, year_columns, year_rows
from kyodo_geo.councils.choice import FIRST_DAY, LAST_DAY, CouncilsChoice, from_query
from kyodo_geo.councils.export import activity_csv, file_name, register_csv
from kyodo_geo.councils.figures import activity_figures
from kyodo_geo.councils.forms import FORMS, draft_of, form_of, newest_seen, plain_day, said_of, suggested_id
from kyodo_geo.councils.project_rows import project_rows
from kyodo_geo.councils.proving import require_draft, require_undo, takeable
from kyodo_geo.councils.register_rows import REGISTER, register_rows, said_rows, status_rows
from kyodo_geo.errors import InputRefused
from kyodo_geo.figures.gazetteer import gazetteer_of
from kyodo_geo.model.changes import Change, Entered
from kyodo_geo.model.councils.activity import MEASURES
from kyodo_geo.model.councils.projects import projects_on
from kyodo_geo.model.councils.sums import BY
from kyodo_geo.provenance import Basis, Unknown
from kyodo_geo.registers.entering import Signature
from kyodo_geo.registers.known import registers_of
from kyodo_geo.sources.visit.activity.read import read_activity

DAY = date(2026, 11, 1)
SIGNED = Signature("架空課", "架空の議案", "2026-11-01T09:00:00+09:00")
HEAD = "地区コード,年度,役割,活動名,回数,参加人数,時間,金額_円"


@pytest.fixture
def city(fictional_city):
    return fictional_city


def change(kind, subject, since="2020-04-01", *, corrects=None, undoes=None, **values):
    return Change(
        kind,
        subject,
        values,
        since,
        "架空の資料",
        "架空課",
        "2026-11-01T09:00:00+09:00",
        "",
        corrects,
        undoes,
    )


def entered(*changes):
    return tuple(Entered(seq, one, "") for seq, one in enumerate(changes, 1))


def known(city, *changes):
    return registers_of(city, entered(*changes))


def opened(city, *rows, name="活動.csv"):
    content = "\r\n".join([HEAD, *rows]).encode("utf-8-sig")
    return read_activity(content, name=name, gazetteer=gazetteer_of(city, DAY))


def studied(city, registers, file=None, day=DAY):
    return activity_study(city, registers, registers.councils_on(day), file)


COUNCIL = change("council", "K90", name="架空振興会")
LINK = change("council_link", "K90", district="1")


@pytest.mark.parametrize("words", [{"on": "2026-02-30"}, {"by": "city"}, {"measure": "cats"}, {"fy": "R6"}])
def test_an_address_that_says_nothing_usable_is_refused(words):
    with pytest.raises(InputRefused):
        from_query(words)


def test_all_faults_of_an_address_are_told_at_once():
    with pytest.raises(InputRefused) as refused:
        from_query({"on": "yesterday", "by": "city", "measure": "cats", "fy": "R6"})
    assert len(refused.value.faults) == 4


@given(
    st.builds(
        CouncilsChoice,
        st.none() | st.dates(FIRST_DAY, LAST_DAY),
        st.sampled_from(list(BY)),
        st.sampled_from(list(MEASURES)),
        st.none() | st.integers(FIRST_DAY.year, LAST_DAY.year),
    )
)
def test_a_choice_survives_its_address(choice):
    assert from_query(choice.to_query()) == choice


def test_every_district_has_a_row_and_no_cell_of_what_is_unknown_is_blank_or_0(city):
    on = known(city).councils_on(DAY)
    rows = register_rows(on, {})
    assert {row[0] for row in rows} >= set(on.districts)
    for row in rows:
        assert len(row) == len(REGISTER)
        for head, cell in list(zip(REGISTER, row, strict=True))[3:-1]:
            assert cell not in {"", "0", "None", "nan"}, head
    for row in rows:
        if on.districts[row[0]].status == "unknown":
            assert all(cell.startswith("不明(") for cell in row[3:12])


def test_a_district_said_to_have_none_is_told_apart_from_an_unknown_one(city):
    free = next(
        code for code, one in known(city).councils_on(DAY).districts.items() if one.status == "unknown"
    )
    on = known(city, change("council_link", free, status="none")).councils_on(DAY)
    row = next(one for one in register_rows(on, {}) if one[0] == free)
    assert set(row[3:12]) == {"協働体なし"}
    assert row[12] == "架空の資料"


def test_the_register_is_that_of_the_day_asked_for(city):
    registers = known(city, COUNCIL, LINK, change("milestone", "K90", "2022-05-01", milestone="registered"))

    def row(day):
        rows = register_rows(registers.councils_on(day), {})
        return next((one for one in rows if "架空振興会" in one), None)

    assert row(date(2020, 3, 31)) is None
    assert row(date(2022, 4, 30))[6] == "不明(記録なし)"
    assert row(date(2022, 5, 1))[6] == "令和4年(2022年)5月1日"


def test_a_council_without_a_district_is_not_lost(city):
    rows = register_rows(known(city, COUNCIL).councils_on(DAY), {})
    assert [row[1] for row in rows if row[3] == "架空振興会"] == ["不明(受け持つ地区の記録なし)"]


def test_what_is_said_names_its_ground_and_its_source(city):
    registers = known(city, COUNCIL, LINK, change("staff", "K90", state="city", people="2"))
    mine = [row for row in said_rows(registers.register, DAY, Basis.PUBLISHED) if "K90" in row[0]]
    assert [row[1] for row in mine] == ["名前: 架空振興会", f"受け持つ地区: {registers.register.districts['1']}", "事務局職員(市が雇用) 2人"]  # fmt: skip
    assert {row[3][:3] for row in mine} == {"入力値"}
    assert {row[4] for row in mine} == {"架空の資料"}


def test_the_statuses_count_every_district_one_time(city):
    on = known(city).councils_on(DAY)
    assert sum(int(row[1]) for row in status_rows(on)) == len(on.districts)


def test_without_a_record_there_is_no_activity(city):
    assert studied(city, known(city)) is None


def test_a_number_that_is_not_stated_is_not_0(city):
    study = studied(city, known(city), opened(city, "1,R6,1,会議,,12,,0", "1,R6,1,会議,3,,,"))
    row = year_rows(study, View("district", "count", 2024))[0]
    assert row[2] == "3回以上"
    assert row[3] == "不明(記録なし)"
    assert over_years_rows(study, "district", "hours")[0][2] == "不明(記載なし)"
    assert over_years_rows(study, "district", "yen")[0][2] == "0円以上"
    assert role_rows(study, 2024)[0][2:] == ["3回以上", "12人以上", "不明(記載なし)", "0円以上"]


@pytest.mark.parametrize("measure", list(MEASURES))
def test_every_row_fills_its_columns(city, measure):
    study = studied(city, known(city), opened(city, "1,R6,1,会議,1,2,3,4", "2,R5,5,祭り,1,2,3,4"))
    for by in BY:
        view = View(by, measure, 2024)
        assert {len(row) for row in year_rows(study, view)} == {len(year_columns(view))}


def test_activity_of_later_years_is_left_out_and_counted(city):
    file = opened(city, "1,R6,1,会議,1,2,3,4", "1,R5,1,会議,1,2,3,4")
    study = studied(city, known(city), file, day=date(2024, 3, 31))
    assert (study.years, study.later) == ((2023,), 1)
    assert studied(city, known(city), file, day=date(2022, 3, 31)) is None


def test_entered_and_opened_activity_is_summed_and_is_as_weak_as_its_weakest(city):
    registers = known(city, change("activity", "1", "FY2024", role="1", name="会議", count="2"))
    study = studied(city, registers, opened(city, "1,R6,1,会議,1,,,", name="架空_活動.csv"))
    assert over_years_rows(study, "district", "count")[0][2] == "3回"
    assert (study.basis, len(study.sources)) == (Basis.FICTIONAL, 2)
    assert studied(city, registers).basis is Basis.SUPPLIED


def test_a_council_of_one_district_and_the_district_are_the_same_row(city):
    free = next(code for code, one in known(city).councils_on(DAY).districts.items() if not one.links)
    tie = change("council_link", "K90", district=free)
    registers = known(
        city, COUNCIL, tie, change("activity", "K90", "FY2024", role="1", name="会議", count="2")
    )
    study = studied(city, registers, opened(city, f"{free},R6,1,会議,1,,,"))
    for by, unit in (("district", free), ("council", "K90")):
        assert [row[0] for row in over_years_rows(study, by, "count")] == [unit]
        assert over_years_rows(study, by, "count")[0][2] == "3回"


def test_what_a_council_of_two_districts_did_is_not_shared_out(city):
    second = change("council_link", "K90", district="2")
    done = change("activity", "K90", "FY2024", role="1", name="会議", count="2")
    study = studied(city, known(city, COUNCIL, LINK, second, done))
    figures = activity_figures(city, study)[0]
    assert isinstance(figures.districts["1"], Unknown)
    assert "割り振らない" in figures.districts["1"].reason
    assert isinstance(figures.city, Unknown)


def test_the_map_has_a_value_for_every_district_and_marks_what_is_made_up(city):
    codes = list(dict.fromkeys(city.lines(DAY).values()))
    rows = [f"{code},R6,1,会議,2,,," for code in codes]
    study = studied(city, known(city), opened(city, *rows, name="架空_活動.csv"))
    figures = activity_figures(city, study)
    people = city.counts(DAY)
    year = city.latest.year
    for code, value in figures[0].districts.items():
        live = people[code].population[year]
        assert value == (pytest.approx(200 / live) if live else Unknown("住む人がいない"))
    assert figures[1].city == 2 * len(codes)
    assert {one.mark for one in figures} == {"架空"}
    assert set(figures[0].weak) == {code for code in codes if 0 < people[code].population[year] < 100}


def test_one_district_without_a_record_leaves_the_city_unknown(city):
    figures = activity_figures(city, studied(city, known(city), opened(city, "1,R6,1,会議,2,,,")))
    assert isinstance(figures[0].city, Unknown)
    assert isinstance(figures[0].districts["2"], Unknown)


def test_the_files_say_what_they_are(city):
    registers = known(city)
    study = studied(city, registers, opened(city, "1,R6,1,会議,2,,,", name="架空_活動.csv"))
    rows = list(csv.reader(io.StringIO(activity_csv(study, "district"))))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert {row[rows[0].index("印")] for row in rows[1:]} == {"架空"}
    total = rows[1]
    assert (total[rows[0].index("役割")], total[rows[0].index("回数(回)")]) == ("計", "2")
    assert total[rows[0].index("金額(円)")] == ""
    assert "記載なし" in total[rows[0].index("不明の理由")]
    assert file_name("a.csv", study.basis) == "架空_a.csv"
    told = register_csv(registers.councils_on(DAY), {}, basis=Basis.PUBLISHED, sources=["市"])
    assert "2026-11-01" in told
    assert "不明(" in told


def test_projects_tell_what_is_late_and_what_is_unknown(city):
    registers = known(
        city,
        change("project", "1", project="広場", state="running", owner="環境部会", due="FY2025"),
        change("project", "1", project="地図"),
        change("project", "1", project="祭り", state="done", due="FY2021"),
    )
    found = projects_on(registers.entries, DAY, councils=(), districts=registers.register.districts)
    rows = {row[1]: row for row in project_rows(found, {}, DAY)}
    assert next(iter(rows)) == "広場"
    assert (rows["広場"][5], rows["祭り"][5]) == ("期限を過ぎている", "なし")
    assert all(cell.startswith("不明(") for cell in rows["地図"][2:6])


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("令和6年度", "FY2024"),
        ("FY2024", "FY2024"),
        ("2015-2", "2015-02"),
        ("平成28年6月22日", "2016-06-22"),
        ("2016/6/22", "2016-06-22"),
        ("いつか", "いつか"),
        ("2016-02-30", "2016-02-30"),
        ("2024", "2024"),
        ("", ""),
    ],
)
def test_days_are_taken_as_people_write_them(text, plain):
    assert plain_day(text) == plain


def test_four_digits_are_a_fiscal_year_where_one_is_asked_for():
    assert plain_day("2024", fiscal=True) == "FY2024"


def test_a_month_stays_a_month():
    draft = draft_of(FORMS["milestone"], {"subject": "K90", "milestone": "founded", "since": "2015-02"})
    assert (draft.since, dict(draft.values)) == ("FY2014", {"milestone": "founded", "day": "2015-02"})


@pytest.mark.parametrize("name", list(FORMS))
def test_a_correction_begins_with_what_was_entered(name):
    form = FORMS[name]
    said = {one.key: next(iter(one.options), "1") for one in form.fields}
    said |= {one.key: "FY2024" for one in form.fields if one.key in {"since", "due"}}
    if "until" in said:
        said["until"] = "FY2025"
    draft = draft_of(form, said)
    made = Change(
        draft.kind, draft.subject, draft.values, draft.since, "出典", "課", SIGNED.moment, draft.note
    )
    assert form_of(made) == name
    assert said_of(form, made) == said


def test_an_unsigned_form_with_an_impossible_day_tells_everything_at_once(city):
    draft = draft_of(
        FORMS["activity"],
        {"subject": "99", "since": "2024", "role": "7", "name": "", "count": "-1", "yen": "1.5"},
    )
    with pytest.raises(InputRefused) as refused:
        require_draft(known(city), draft, Signature("", "", SIGNED.moment), corrects=None)
    told = " ".join(str(one) for one in refused.value.faults)
    for word in ("出典", "部署", "99", "role", "name", "count", "yen"):
        assert word in told


def test_a_good_draft_is_let_through_and_a_council_of_no_register_is_not(city):
    registers = known(city, COUNCIL)
    good = draft_of(FORMS["link"], {"subject": "K90", "district": "1", "since": "2020-04-01"})
    require_draft(registers, good, SIGNED, corrects=None)
    with pytest.raises(InputRefused, match="記録できません"):
        require_draft(known(city), good, SIGNED, corrects=None)


def test_what_others_rest_on_cannot_be_taken_back(city):
    registers = known(city, COUNCIL, LINK)
    with pytest.raises(InputRefused):
        require_undo(registers, registers.entries[0], SIGNED)
    require_undo(registers, registers.entries[1], SIGNED)


def test_a_council_with_activity_cannot_be_taken_back(city):
    done = change("activity", "K90", "FY2024", role="1", name="会議")
    registers = known(city, COUNCIL, done)
    with pytest.raises(InputRefused):
        require_undo(registers, registers.entries[0], SIGNED)


def test_an_undo_can_be_taken_back_one_time(city):
    undo = change("council", "K90", undoes=1)
    assert [one.seq for one in takeable(known(city, COUNCIL, undo))] == [2]
    again = change("council", "K90", undoes=2)
    assert [one.seq for one in takeable(known(city, COUNCIL, undo, again))] == [3, 1]


def test_what_came_after_the_screen_was_drawn_is_not_seen():
    entries = entered(COUNCIL, LINK, COUNCIL)
    assert newest_seen(entries, "council", "K90", up_to=2) == 1
    assert newest_seen(entries, "council", "K90", up_to=3) == 3
    assert newest_seen(entries, "council", "K91", up_to=3) is None


def test_a_suggested_id_is_free(city):
    register = known(city, COUNCIL).register
    assert suggested_id(register) not in register.namings
    assert suggested_id(register) not in register.districts
