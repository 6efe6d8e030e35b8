"""The register of councils: what is published and entered, as of any day, no finer than it is known."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.changes import Change, Entered
from kyodo_geo.model.councils.on_day import register_on
from kyodo_geo.model.councils.register import build_register
from kyodo_geo.model.councils.shipped import Shipped, shipped_councils
from kyodo_geo.model.councils.stated import PERHAPS, SURE, UNDATED, read_stated
from kyodo_geo.model.councils.values import form_of
from kyodo_geo.provenance import Unknown
from kyodo_geo.sources.manifest import open_store

DISTRICTS = {"01": "北", "02": "南", "03": "丘", "04": "谷"}
TODAY = date(2026, 1, 1)


def council(key, name, established="", note=""):
    return {"council_id": key, "council": name, "established": established, "plan_note": "", "note": note,
            "confidence": "high", "reference": f"{name}の頁"}  # fmt: skip


def link(code, key="", status="named", *, since="", until="", note=""):
    return {"district_code": code, "council_id": key, "since": since, "until": until, "status": status,
            "note": note, "reference": "架空の頁"}  # fmt: skip


SHIPPED = shipped_councils(
    [council("K1", "北まちづくり協議会", "2015-02"), council("K2", "南振興会"), council("K3", "丘振興協議会", "FY2016")],
    [link("01", "K1"), link("02", "K2"), link("03", "K3", since="FY2016"), link("04", status="exists", note="名前なし")],
)  # fmt: skip


def entries(*changes):
    return tuple(
        Entered(
            seq,
            Change(
                kind, subject, values, since, "架空の資料", "まちづくり推進課", "2026-01-05T09:00:00+09:00", "",
                *rest,
            ),
            "0" * 64,
        )
        for seq, (kind, subject, values, since, *rest) in enumerate(changes, start=1)
    )  # fmt: skip


def register(*changes, shipped=SHIPPED, districts=DISTRICTS):
    return build_register(shipped, entries(*changes), districts=districts)


def on(day, *changes, published=3, **given):
    return register_on(register(*changes, **given), day, published=published)


def refusal(*changes, **given):
    with pytest.raises(InputRefused) as refused:
        register(*changes, **given)
    return [fault.what for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("山まちづくり協議会", "まちづくり協議会"), ("海振興協議会", "振興協議会"), ("里地区振興会", "振興会"),
        ("町住民自治協議会 (愛称 どんとこ)", "住民自治協議会"), ("みどりの郷協議会", "その他"), ("振興会を考える集い", "その他"),
    ],
)  # fmt: skip
def test_the_form_is_what_the_name_ends_in_and_nothing_is_guessed(name, form):
    assert form_of(name) == form


@given(st.dates(date(1927, 4, 1), date(2100, 1, 1)))
def test_a_stated_day_holds_the_day_in_every_fineness(day):
    year = day.year if day.month > 3 else day.year - 1
    spans = [read_stated(text) for text in (day.isoformat(), day.isoformat()[:7], f"FY{year}")]
    for finer, coarser in pairwise(spans):
        assert coarser.first <= finer.first <= day <= finer.last <= coarser.last
    for one in spans:
        assert one.reached(one.last) == one.holds(one.first) == SURE
        assert one.reached(one.first - timedelta(days=1)) == one.holds(one.last + timedelta(days=1)) == ""
    assert spans[1].words.endswith("月")
    assert spans[2].words.endswith(f"度({year}年度)")


@pytest.mark.parametrize(
    "text",
    ["2015-02-30", "2015-13", "FY0000", "FY9999", "1900-01-01", "2015", "R5", "", "2015-2-1", "20150201"],
)
def test_a_day_that_never_was_is_none(text):
    with pytest.raises(ValueError, match="日として読めません"):
        read_stated(text)


def test_published_councils_stay_as_fine_as_they_are_known():
    found = on(date(2016, 6, 1))
    assert {key: one.certainty for key, one in found.councils.items()} == {
        "K1": SURE,
        "K2": UNDATED,
        "K3": PERHAPS,
    }
    (founded,) = found.councils["K1"].milestones
    assert (founded.milestone.day.words, founded.sure) == ("平成27年(2015年)2月", True)
    (maybe,) = found.councils["K3"].milestones
    assert (maybe.milestone.day.text, maybe.sure) == ("FY2016", False)
    assert found.councils["K2"].milestones == ()
    assert {code: one.status for code, one in found.districts.items()} == {
        "01": "named", "02": "named", "03": "named", "04": "exists",
    }  # fmt: skip


def test_before_its_founding_a_council_is_not_there_and_its_district_is_unknown():
    found = on(date(2015, 1, 31))
    assert set(found.councils) == {"K2"}
    assert found.without_known == ("01", "03")
    assert found.districts["01"].note


def test_the_number_published_stands_beside_the_number_known_and_nobody_guesses_who_has_none():
    districts = {**DISTRICTS, "05": "峠"}
    check = on(TODAY, published=4, districts=districts).check
    assert (check.outcome, check.expected) == ("note", "4 団体")
    assert "どの地区に協働体がないかは分かっていません(有無も名前も分からない地区 1)" in check.reference
    assert on(TODAY, published=Unknown("公表なし")).check.outcome == "note"
    assert on(TODAY, published=1).check.outcome == "fail"  # two are sure


def test_a_district_that_is_said_to_have_none_settles_the_count():
    none = ("council_link", "04", {"status": "none"}, "2020-04-01")
    found = on(TODAY, none)
    assert found.districts["04"].status == "none"
    assert found.check.outcome == "pass"
    assert on(date(2019, 1, 1), none).districts["04"].status == "exists"


def test_a_council_may_serve_several_districts_and_a_district_have_several_councils():
    found = on(
        TODAY,
        ("council", "K9", {"name": "谷住民自治協議会"}, "FY2020"),
        ("council_link", "K9", {"district": "04"}, "FY2020"),
        ("council_link", "K9", {"district": "03", "until": "2022-03-31"}, "2021-04-01"),
        ("council_link", "K1", {"district": "04"}, "2022-04-01"),
    )
    assert [one.link.council for one in found.districts["04"].links] == ["K1", "K9"]
    assert [one.link.council for one in found.districts["03"].links] == ["K3"]
    assert [one.link.district for one in found.councils["K1"].districts] == ["01", "04"]
    assert found.councils["K9"].council.form == "住民自治協議会"


@given(
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
)
def test_a_link_holds_from_its_first_to_its_last_day(since, until, day):
    changes = (
        ("council", "K9", {"name": "谷振興会"}, "1990-01-01"),
        ("council_link", "K9", {"district": "04", "until": until.isoformat()}, since.isoformat()),
    )
    if until < since:
        assert any("より前です" in what for what in refusal(*changes))
        return
    held = bool(on(day, *changes).districts["04"].links)
    assert held == (since <= day <= until)


def test_after_a_link_has_ended_nobody_knows_what_the_district_has():
    ended = ("council_link", "K2", {"district": "02", "until": "2024-03-31"}, "2016-04-01")
    assert on(date(2024, 3, 31), ended).districts["02"].status == "named"
    found = on(date(2024, 4, 1), ended)
    assert found.districts["02"].status == "unknown"
    assert register(ended).superseded == (SHIPPED.links[1],)


def test_a_council_ends_with_the_day_it_dissolves_and_takes_its_links_along():
    end = ("milestone", "K1", {"milestone": "dissolved"}, "2023-03-31")
    assert "K1" in on(date(2023, 3, 31), end).councils
    after = on(date(2023, 4, 1), end)
    assert "K1" not in after.councils
    assert after.districts["01"].status == "unknown"


def test_an_end_known_only_by_its_year_leaves_that_year_open():
    end = ("milestone", "K1", {"milestone": "dissolved"}, "FY2022")
    found = [
        on(day, end).councils.get("K1") for day in (date(2022, 3, 31), date(2022, 6, 1), date(2023, 4, 1))
    ]
    assert [one and one.certainty for one in found] == [SURE, PERHAPS, None]


def test_the_newest_revision_of_a_plan_is_the_one_reached():
    changes = [
        ("milestone", "K1", {"milestone": "plan_revised"}, day) for day in ("2022-04-01", "2020-04-01")
    ]
    found = on(TODAY, *changes).councils["K1"]
    assert found.reached("plan_revised").milestone.day.text == "2022-04-01"
    assert found.reached("liaison") is None


def test_a_link_may_begin_again_the_day_after_it_ended_but_not_on_that_day():
    first = ("council_link", "K2", {"district": "03", "until": "2020-03-31"}, "2018-04-01")
    assert register(first, ("council_link", "K2", {"district": "03"}, "2020-04-01"))
    assert any(
        "重なって" in what
        for what in refusal(first, ("council_link", "K2", {"district": "03"}, "2020-03-31"))
    )


def test_a_month_must_begin_with_a_day_that_since_states():
    register(("milestone", "K2", {"milestone": "registered", "day": "2016-02"}, "2016-02-01"))
    assert refusal(("milestone", "K2", {"milestone": "registered", "day": "2016-02"}, "2016-03-01"))


def test_a_founding_that_staff_entered_takes_the_place_of_the_published_one():
    better = ("milestone", "K1", {"milestone": "founded"}, "2015-02-14")
    assert on(date(2015, 2, 13), better).councils.keys() == {"K2"}
    assert register(better).superseded == SHIPPED.milestones[:1]


def test_a_month_is_told_in_its_own_key_and_must_lie_in_its_fiscal_year():
    adopted = ("milestone", "K1", {"milestone": "plan_adopted", "day": "2016-02"}, "FY2015")
    (_, plan) = on(date(2016, 2, 10), adopted).councils["K1"].milestones
    assert (plan.milestone.day.text, plan.sure) == ("2016-02", False)
    assert any("合いません" in what for what in refusal(("milestone", "K1", adopted[2], "FY2016")))


def test_a_name_holds_from_its_day_and_the_one_before_until_then():
    renamed = ("council", "K2", {"name": "南まちづくり協議会"}, "2020-04-01")
    assert on(date(2020, 3, 31), renamed).councils["K2"].council.name == "南振興会"
    after = on(date(2020, 4, 1), renamed).councils["K2"].council
    assert (after.name, after.form) == ("南まちづくり協議会", "まちづくり協議会")


def test_a_council_older_than_its_name_exists_without_one():
    found = on(
        date(2016, 1, 1),
        ("council", "K9", {"name": "谷振興会"}, "2020-04-01"),
        ("milestone", "K9", {"milestone": "founded"}, "2015-04-01"),
        ("council_link", "K9", {"district": "04"}, "2015-04-01"),
    )
    assert isinstance(found.councils["K9"].council.name, Unknown)
    assert isinstance(found.councils["K9"].council.form, Unknown)
    assert found.districts["04"].status == "exists"


def test_office_staff_is_of_the_city_first_and_unknown_where_nobody_said():
    staff = (
        ("staff", "K1", {"state": "city", "people": "1"}, "2016-04-01"),
        ("staff", "K1", {"state": "council"}, "2017-04-01"),
        ("staff", "K1", {"state": "liaison", "people": "2"}, "FY2017"),
    )
    before, first, then = (
        on(day, *staff).councils["K1"].staff
        for day in (date(2016, 3, 31), date(2016, 4, 1), date(2017, 4, 1))
    )
    assert (before.employer, before.people) == (Unknown("記録なし"), Unknown("記録なし"))
    assert (first.employer, first.people, first.employed.sure) == ("city", 1, True)
    assert (then.employer, then.people) == ("council", Unknown("人数の記載なし"))
    assert (then.liaison_people, then.liaison.sure) == (2, False)


@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.sampled_from(["city", "council"])),
        min_size=1,
        unique_by=lambda one: one[0],
    ),
    st.integers(0, 41),
)
def test_the_staff_of_a_day_is_the_newest_entry_by_then(steps, asked):
    first = date(2016, 4, 1)
    changes = [
        ("staff", "K1", {"state": state}, (first + timedelta(days=at)).isoformat()) for at, state in steps
    ]
    begun = [one for one in sorted(steps) if one[0] <= asked]
    found = on(first + timedelta(days=asked), *changes).councils["K1"].staff.employer
    assert found == (begun[-1][1] if begun else Unknown("記録なし"))


def test_what_was_undone_or_corrected_does_not_count():
    founded = ("milestone", "K2", {"milestone": "founded"}, "2010-04-01")
    undo = ("milestone", "K2", {}, "2010-04-01", None, 1)
    assert on(date(2012, 1, 1), founded).councils["K2"].certainty == SURE
    assert on(date(2012, 1, 1), founded, undo).councils["K2"].certainty == UNDATED
    corrected = ("milestone", "K2", {"milestone": "founded"}, "2014-04-01", 1)
    assert "K2" not in on(date(2012, 1, 1), founded, corrected).councils


def test_every_contradiction_is_told_at_once():
    told = refusal(
        ("council_link", "K1", {"district": "77"}, "2020-04-01"),
        ("council_link", "K7", {"district": "01"}, "2020-04-01"),
        ("council_link", "K2", {"district": "02", "until": "2019-03-31"}, "2020-04-01"),
        ("milestone", "K1", {"milestone": "registered"}, "2015-01-31"),
        ("milestone", "K3", {"milestone": "plan_adopted", "day": "2016-02-30"}, "FY2016"),
        ("staff", "K1", {"state": "someone", "people": "-1"}, "2020-04-01"),
        ("council", "01", {"name": "x"}, "2020-04-01"),
        ("milestone", "K2", {"milestone": "party", "place": "y"}, "2020-04-01"),
        ("council_link", "99", {"status": "none"}, "2020-04-01"),
        ("council", "K8", {}, "FY2020"),
    )
    for words in ("「77」はこの市にありません", "変更 2", "より前です", "設立「2015-02」より前", "2016-02-30", "someone", "「-1」",
                  "地区のコードと同じ", "「party」", "「place」", "「99」はこの市", "「name」がありません"):  # fmt: skip
        assert any(words in what for what in told), words


def test_a_fuzzy_milestone_is_refused_only_where_no_day_of_it_fits():
    assert refusal(("milestone", "K3", {"milestone": "registered"}, "FY2015"))
    assert register(("milestone", "K3", {"milestone": "registered"}, "FY2016"))
    assert register(("milestone", "K1", {"milestone": "registered"}, "2015-02-01"))
    assert register(("milestone", "K1", {"milestone": "registered"}, "FY2014"))


@pytest.mark.parametrize(
    "changes",
    [
        [("milestone", "K2", {"milestone": "founded"}, day) for day in ("2010-04-01", "2011-04-01")],
        [("council_link", "K2", {"district": "03"}, day) for day in ("2010-04-01", "2011-04-01")],
        [("staff", "K2", {"state": state}, "2016-04-01") for state in ("city", "council")],
        [("council", "K2", {"name": name}, "2016-04-01") for name in ("a", "b")],
        [("council_link", "04", {"status": status}, "2016-04-01") for status in ("none", "exists")],
        [("milestone", "K2", {"milestone": kind}, day) for kind, day in (("dissolved", "2016-04-01"), ("liaison", "2017-04-01"))],
        [("milestone", "K2", {"milestone": kind}, day) for kind, day in (("plan_adopted", "2016-04-01"), ("plan_revised", "2015-04-01"))],
        [("council_link", "K1", {"district": "02"}, "2014-04-01")],
        [("council_link", "01", {"status": "none", "district": "01"}, "2014-04-01")],
    ],
)  # fmt: skip
def test_what_cannot_be_true_together_is_refused(changes):
    assert len(refusal(*changes)) == 1


def test_published_rows_with_an_impossible_day_or_a_link_to_no_council_are_refused():
    with pytest.raises(InputRefused) as refused:
        shipped_councils(
            [council("K1", "a", "2015-02-30")], [link("01", "K5"), link("02", status="perhaps", since="x")]
        )
    assert len(refused.value.faults) == 4
    assert refusal(shipped=shipped_councils([council("K1", "a")], [link("88", "K1")]))


def test_the_shipped_register_builds_and_never_names_the_district_without_a_council(
    shipped_city, shipped_day
):
    from kyodo_geo.city import DEFAULT_DATA  # noqa: PLC0415 - only here the real data are read

    store = open_store(DEFAULT_DATA)
    shipped = shipped_councils(
        [row.cells for row in store.table("councils")], [row.cells for row in store.table("council_links")]
    )
    districts = {str(code): str(name) for code, name in shipped_city.names["district"].items()}
    found = register_on(
        build_register(shipped, (), districts=districts),
        shipped_day,
        published=shipped_city.facts.councils_published,
    )
    said = {code: link.status for code, link in shipped_city.councils.items()}
    assert {code: one.status for code, one in found.districts.items()} == said
    assert not [one for one in found.districts.values() if one.status == "none"]
    assert found.check.outcome == "note"
    assert "どの地区に協働体がないかは分かっていません" in found.check.reference


def test_a_city_about_whose_councils_nothing_is_known_is_all_unknown():
    found = register_on(
        build_register(Shipped(), (), districts=DISTRICTS), TODAY, published=Unknown("公表なし")
    )
    assert found.without_known == tuple(DISTRICTS)
    assert found.councils == {}
