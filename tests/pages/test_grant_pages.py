"""試算 as a script: nothing is pre-filled, every way gives a sum that adds up, and what cannot be is said calmly."""

from __future__ import annotations

import re
from datetime import date

import pytest
from opened import (
    BUDGET,
    EQUAL,
    PER_HEAD,
    PERCENT,
    address_of,
    csv_rows,
    enter,
    errors_of,
    field,
    fields_of,
    go_to,
    html_of,
    press,
    sums_of,
    table_of,
    tables_of,
    text_of,
    whole,
)

from kyodo_geo.model.scenario import from_text
from kyodo_geo.rules.book import RuleBook

ASKED = "rule=hitomachi&fy=2025&budget=20000000&set.equal_percent=50&place=term&round=100&direction=floor"
RULES = RuleBook.load().rules
MARK = "例・架空の額"
LEFTOVERS = ["report", "largest-remainder", "sainte-lague", "unit"]


def total(app):
    """Return the sum of the last column of the result, which must be what the page says is allocated."""
    rows = table_of(app, "各単位の試算")["tbody"]
    assert sum(whole(row[-1]) for row in rows) == sums_of(app)["配分額の合計"]
    return sums_of(app)["配分額の合計"]


def choose(app, **choices):
    for key, value in choices.items():
        app.selectbox(key=key).set_value(value)
    return app.run()


@pytest.mark.parametrize("rule", RULES)
def test_nothing_is_filled_in_on_opening(run, rule):
    app = choose(run("trial"), rule=rule)
    assert not app.exception
    assert set(fields_of(app).values()) == {""}
    assert app.date_input(key="reference_day").value is None
    assert not sums_of(app) or "規則では" in " ".join(
        fields_of(app)
    )  # a rule with published amounts answers at once


def test_the_empty_form_says_what_to_do(run):
    app = run("trial")
    assert "金額を入れると" in app.info[0].value
    assert not sums_of(app)
    assert not app.query_params.get("s")


@pytest.mark.parametrize("number", [0, 1])
def test_an_example_is_marked_wherever_its_amounts_stand(run, downloads, number):
    app = run("trial")
    app.button(key=f"example_hitomachi_{number}").click().run()
    assert errors_of(app) == []
    assert total(app) > 0
    captions = list(tables_of(app))
    assert all(MARK in one for one in captions if not one.startswith("検算"))
    html = html_of(app)
    assert MARK in html.split('<dl class="kg-sums">')[0]
    assert MARK in html.split('<section class="kg-letter"')[1]
    offered = {label: downloads[label] for label in ("ダウンロード(Excel)", "ダウンロード(CSV)")}
    assert all(name.startswith("rei_") for name, _ in offered.values())
    assert "架空" in offered["ダウンロード(CSV)"][1].decode()
    assert "架空" in downloads["この地区の1枚をダウンロード(HTML)"][1].decode()
    assert "example=1" in downloads["試算を保存"][1].decode()


def test_the_mark_goes_when_an_amount_changes(run, downloads):
    app = run("trial")
    app.button(key="example_hitomachi_0").click().run()
    enter(app, budget="30,000,000")
    assert sums_of(app)["予算"] == 30_000_000
    assert MARK not in text_of(app)
    assert downloads["ダウンロード(CSV)"][0].startswith("shisan_")
    assert "例・架空" not in downloads["ダウンロード(CSV)"][1].decode()


def test_the_mark_stays_when_only_the_rounding_changes(run):
    app = run("trial")
    app.button(key="example_hitomachi_0").click().run()
    choose(app, unit=1000)
    assert MARK in text_of(app)


def test_the_form_can_be_emptied(run):
    app = run("trial")
    app.button(key="example_hitomachi_0").click().run()
    press(app, "入力を消す")
    assert set(fields_of(app).values()) == {""}
    assert app.info
    assert not app.query_params.get("s")
    assert app.run().info  # and stays empty


def test_another_rule_starts_with_an_empty_form(run):
    app = run("trial")
    app.button(key="example_hitomachi_1").click().run()
    choose(app, rule="staff")
    assert set(fields_of(app).values()) == {""}
    assert MARK not in text_of(app)
    choose(app, rule="hitomachi")
    assert set(fields_of(app).values()) == {""}


WAYS = {
    "予算と割合": {"budget": "20000000", "percent": "33.3"},
    "予算と均等割の額": {"budget": "20000000", "equal": "300000"},
    "単価": {"equal": "300000", "per_head": "100"},
}


@pytest.mark.parametrize("amounts", WAYS.values(), ids=list(WAYS))
def test_every_way_to_enter_amounts_adds_up(run, amounts):
    app = enter(run("trial"), **amounts)
    assert errors_of(app) == []
    sums = sums_of(app)
    left = [yen for name, yen in sums.items() if name not in {"予算", "配分額の合計"}]
    assert total(app) + sum(left) == sums.get("予算", total(app) + sum(left))
    assert MARK not in html_of(app)


def test_staff_cost_may_stay_empty_and_is_then_named_as_left_out(run, downloads):
    enter(run("trial"), equal="300000", per_head="100")
    said = {row[1]: row[2] for row in csv_rows(downloads["ダウンロード(CSV)"][1]) if len(row) > 2}
    assert said["計算に含まない項"] == "事務局人件費"


BAD = [
    ({"budget": "-1", "percent": "50"}, "負の数"),
    ({"budget": "1.5", "percent": "50"}, "端数"),
    ({"budget": "たくさん", "percent": "50"}, "「たくさん」"),
    ({"budget": "1000", "percent": "101"}, "0 から 100"),
    ({"budget": "1000", "percent": "-1"}, "0 から 100 "),
    ({"budget": "1000", "percent": "半分"}, "「半分」"),
    ({"budget": "1000", "percent": "1/0"}, "0 で割って"),
    ({"budget": "<script>alert(1)</script>", "percent": "1"}, "<script>"),
    ({"budget": "20000000", "percent": "50", "equal": "300000"}, "両方が入っています"),
    ({"budget": "20000000", "percent": "50", "per_head": "100"}, "予算 20,000,000 円を 1,193,178 円超えます"),
    ({"budget": "20000000"}, "equal_percent"),
    ({"percent": "50"}, "予算"),
    ({"equal": "300000"}, "per_head_yen"),
]


@pytest.mark.parametrize(("amounts", "words"), BAD, ids=[words for _, words in BAD])
def test_what_cannot_be_gets_one_calm_box(run, amounts, words):
    app = enter(run("trial"), **amounts)
    errors = errors_of(app)
    assert len(errors) == 1
    assert words in errors[0]
    assert "<script>" not in html_of(app)
    assert not sums_of(app)
    assert len(app.selectbox) > 5  # the form stays whole, so that the amount can be mended
    assert set(fields_of(app).values()) - {""} == set(amounts.values())


@pytest.mark.parametrize("rule", RULES)
def test_a_year_is_offered_only_if_the_rule_holds_on_its_first_day(run, rule):
    app = choose(run("trial"), rule=rule)
    offered = [
        int(re.search(r"\((\d{4})年度\)", label)[1]) for label in app.selectbox(key="fiscal_year").options
    ]
    book = RULES[rule]
    last = book.ends or date(9999, 1, 1)
    assert all(book.in_force <= date(year, 4, 1) <= last for year in offered)
    assert date(offered[-1] - 1, 4, 1) < book.in_force
    assert offered == sorted(offered, reverse=True)


@pytest.mark.parametrize("year", [2014, 2190])
def test_a_year_in_which_the_rule_does_not_hold_is_refused_in_an_address(run, year):
    app = run("trial", ASKED.replace("fy=2025", f"fy={year}"))
    assert len(errors_of(app)) == 1
    assert str(year) in errors_of(app)[0]
    assert not sums_of(app)


def test_what_must_be_supplied_is_asked_for_by_name(run):
    app = enter(run("trial"), budget="1000000")
    box = errors_of(app)[0]
    assert all(label in box for label in ("均等割の割合", "均等割(1地区当たり)", "公表されていません"))


def test_the_rules_of_others_ask_for_their_columns_by_name(run):
    box = errors_of(choose(run("trial"), rule="kuroshio"))[0]
    assert "列 area_m2_without_state_forest" in box
    assert "単位の表を読み込んで" in box


TABLE = """unit_code,unit,population,households,population_basis,reference_date,last_year_yen
A,架空一区,100,40,住民基本台帳,2026-04-01,100000
B,架空二区,60,20,住民基本台帳,2026-04-01,90000
"""


def bring(app, text=TABLE, key="units_file", name="ku.csv"):
    raw = text if isinstance(text, bytes) else text.encode()
    app.file_uploader(key=key).set_value((name, raw, "text/csv"))
    return app.run()


def test_the_rule_of_another_town_works_with_a_table_of_units(run):
    app = bring(choose(run("trial"), rule="kora"))
    assert errors_of(app) == []
    assert app.selectbox(key="population").value == "file"
    rows = {row[0]: row[-1] for row in table_of(app, "各単位の試算")["tbody"]}
    # 65,000 + 350 × 世帯 + 100 × 人口 + 100,000 + 600 × 世帯
    assert {code: whole(text) for code, text in rows.items()} == {"A": 213_000, "B": 190_000}
    assert total(app) == 403_000
    assert "前年" in text_of(app)


def test_a_table_survives_a_walk_to_another_page(run):
    app = bring(choose(run("trial"), rule="kora"))
    go_to(go_to(app, "rules"), "trial")
    assert total(app) == 403_000
    assert app.selectbox(key="population").value == "file"


def test_a_table_can_be_taken_away(run, outlines_count):
    app = bring(choose(run("trial"), rule="kora"))
    app.file_uploader(key="units_file").set_value(None).run()
    assert errors_of(app) == []
    assert len(table_of(app, "各単位の試算")["tbody"]) == outlines_count


@pytest.fixture
def outlines_count(repository):
    return (repository / "data/boundaries/districts.geojson").read_text("utf-8").count('"district_code"')


def test_a_table_with_faults_is_refused_with_their_rows(run):
    app = bring(choose(run("trial"), rule="kora"), TABLE.replace(",60,", ",六十,"))
    box = errors_of(app)[0]
    assert "ku.csv" in box
    assert "3 行目" in box
    # another population does not need the table
    choose(app, population="census2020_small_areas")
    assert errors_of(app) == []


def test_an_address_that_needs_a_table_asks_for_it(run):
    app = run("trial", "rule=kora&fy=2025&pop=file")
    assert "単位の表" in errors_of(app)[0]


PLACES = {"term": 100, "unit": 1000}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("unit", [1, 10, 100, 1000, 10000])
def test_amounts_are_whole_rounding_units(run, place, unit):
    app = choose(run("trial", ASKED), place=place, unit=unit)
    rows = table_of(app, "各単位の試算")["tbody"]
    assert all(whole(row[-1]) % unit == 0 for row in rows)
    assert total(app) <= 20_000_000


@pytest.mark.parametrize("leftover", LEFTOVERS)
@pytest.mark.parametrize("direction", ["floor", "ceil", "half-up"])
def test_every_leftover_method_gives_a_result_or_a_reason(run, direction, leftover):
    app = choose(run("trial", ASKED), direction=direction, leftover=leftover)
    if leftover == "unit":
        field(app, "残りを受け取る単位のコード").set_value("05").run()
    errors = errors_of(app)
    assert bool(sums_of(app)) != bool(errors)
    if errors:
        assert re.search("切り捨て|予算", errors[0]), errors
        return
    sums = sums_of(app)
    assert sums["予算"] == sum(yen for name, yen in sums.items() if name != "予算")
    if direction == "floor" and leftover in {"largest-remainder", "sainte-lague", "unit"}:
        assert total(app) == 20_000_000


def test_the_first_instalment_takes_the_leftover_only_where_there_are_instalments(run):
    app = run("trial", ASKED)
    for rule, offered in (("hitomachi", False), ("kobayashi", bool(RULES["kobayashi"].formula.instalments))):
        labels = choose(app, rule=rule).selectbox(key="leftover").options
        assert any("第1回" in label for label in labels) == offered
    assert "第1回" in errors_of(run("trial", ASKED + "&leftover=first-instalment"))[0]


def test_a_unit_that_is_not_there_cannot_take_the_leftover(run):
    app = choose(run("trial", ASKED), leftover="unit")
    field(app, "残りを受け取る単位のコード").set_value("99").run()
    assert "「99」" in errors_of(app)[0]


def test_a_transition_without_last_year_is_refused_in_words(run):
    app = enter(run("trial", ASKED), 経過措置="90")
    assert "前年の額が要ります" in errors_of(app)[0]


def test_a_transition_with_last_year_protects(run):
    app = enter(run("trial", ASKED), 経過措置="100")
    before = "unit_code,last_year_yen\n" + "".join(f"{code:02},{700_000}\n" for code in range(1, 35))
    bring(app, before, key="last_file", name="zennen.csv")
    assert errors_of(app) == []
    assert min(whole(row[-1]) for row in table_of(app, "各単位の試算")["tbody"]) >= 700_000
    assert "zennen.csv" in text_of(app)
    # walking away and back keeps last year
    go_to(go_to(app, "rules"), "trial")
    assert errors_of(app) == []
    assert any("zennen.csv" in one.value for one in app.caption)


def test_over_100_percent_of_last_year_is_refused(run):
    app = enter(run("trial", ASKED), 経過措置="120")
    assert "0 から 100" in errors_of(app)[0]


def test_the_address_fills_the_form(run):
    more = "&title=案1&leftover=largest-remainder&day=2020-10-01&pop=census2015_small_areas"
    app = run("trial", ASKED + more)
    assert errors_of(app) == []
    said = fields_of(app)
    assert (said[BUDGET], said[PERCENT], said["この試算の名前"]) == ("20,000,000", "50", "案1")
    chosen = {
        key: app.selectbox(key=key).value
        for key in ("fiscal_year", "place", "unit", "leftover", "population")
    }
    assert chosen == {
        "fiscal_year": 2025, "place": "term", "unit": 100, "leftover": "largest-remainder",
        "population": "census2015_small_areas",
    }  # fmt: skip
    assert app.date_input(key="reference_day").value == date(2020, 10, 1)


def test_the_address_follows_the_form(run):
    app = enter(run("trial", ASKED), budget="12345678")
    choose(app, unit=1000, fiscal_year=2024)
    told = from_text(address_of(app)[0])
    assert (told.budget_yen, told.rounding.unit_yen, told.fiscal_year) == (12_345_678, 1000, 2024)
    assert sums_of(app)["予算"] == 12_345_678


def test_an_address_written_by_hand_does_not_undo_an_edit(run):
    """The first run rewrites the address; an amount that cannot be read must not bring the old one back."""
    app = enter(run("trial", ASKED + "&example=0"), budget="x")
    assert "「x」" in errors_of(app)[0]
    enter(app, percent="40")
    assert fields_of(app)[BUDGET] == "x"


def test_a_step_back_in_the_browser_brings_the_form_along(run):
    app = enter(run("trial", ASKED), budget="12345678")
    app.query_params["s"] = ASKED
    app.run()
    assert fields_of(app)[BUDGET] == "20,000,000"
    assert sums_of(app)["予算"] == 20_000_000


def test_a_reader_who_comes_back_finds_the_form_as_it_was(run):
    app = go_to(go_to(run("trial", ASKED), "compare"), "trial")
    assert fields_of(app)[BUDGET] == "20,000,000"
    assert sums_of(app)["予算"] == 20_000_000


def test_a_fraction_in_an_address_can_be_typed_again(run):
    app = run("trial", "rule=hitomachi&fy=2025&set.equal_yen=1000000/3&set.per_head_yen=100")
    assert fields_of(app)[EQUAL] == "1000000/3"
    assert sums_of(app)
    enter(app, per_head="２／３")
    assert fields_of(app)[PER_HEAD] == "２／３"
    assert errors_of(app) == []


HOSTILE = [
    "<script>alert(1)</script>",
    "rule=<img src=x onerror=alert(1)>&fy=2025",
    "rule=hitomachi&fy=<b>x</b>",
    "rule=hitomachi&fy=2025&budget=<b>1</b>",
    "rule=hitomachi&fy=2025&pop=<b>x</b>&budget=1000&set.equal_percent=5",
    "rule=hitomachi&fy=2025&set.<b>x</b>=5&budget=1000",
    "rule=hitomachi&fy=2025&day=<b>x</b>",
    "rule=hitomachi&fy=2025&place=unit&round=7&direction=floor",
    "rule=hitomachi&fy=2025&fy=2024",
    "rule=hitomachi",
    "rule=hitomachi&fy=2025&budget=" + "9" * 5000,
    "rule=hitomachi&fy=2025&set.equal_yen=1/0",
    "%00%ff&&&===",
    "x" * 5000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:30] for text in HOSTILE])
def test_a_hostile_address_is_refused_in_japanese(run, text):
    app = run("trial", text)
    errors = errors_of(app)
    assert len(errors) == 1
    assert re.search("[ぁ-ん]", errors[0])
    assert "Traceback" not in errors[0]
    assert not re.search("<(script|img|b)[ >]", html_of(app))
    assert app.selectbox(key="rule").value == "hitomachi"  # the form stands and can be used
    assert errors_of(enter(app, budget="1000000", percent="50")) == []


def test_a_hostile_title_is_text(run, downloads):
    app = run("trial", f"{ASKED}&title=%3Cb%3E=1%2B1")
    assert fields_of(app)["この試算の名前"] == "<b>=1+1"
    go_to(press(app, "比較に加える"), "compare")
    assert errors_of(app) == []
    assert "<b>" not in html_of(app)
    assert "&lt;b&gt;" in html_of(app)


def test_a_broken_ledger_does_not_stop_a_trial(run, workspace):
    workspace.write_text("no folder")
    app = run("trial", ASKED)
    assert len(errors_of(app)) == 1
    assert total(app) > 0


def test_every_district_has_its_letter(run):
    app = run("trial", ASKED)
    options = app.selectbox(key="explained").options
    rows = {row[0]: row[-1] for row in table_of(app, "各単位の試算")["tbody"]}
    assert [one.split()[0] for one in options] == list(rows)
    for name in (options[0], options[-1]):
        choose(app, explained=name)
        assert f"{rows[name.split()[0]]} 円" in html_of(app).split('<section class="kg-letter"')[1]


def test_the_csv_adds_up_to_the_page(run, downloads):
    app = run("trial", ASKED)
    rows = csv_rows(downloads["ダウンロード(CSV)"][1])
    lines = [row for row in rows[1:] if row and row[0].isdigit() and len(row) == len(rows[0])]
    assert sum(int(row[-1]) for row in lines) == total(app)


def test_the_workbook_is_a_zip(run, downloads):
    run("trial", ASKED)
    name, raw = downloads["ダウンロード(Excel)"]
    assert name.endswith(".xlsx")
    assert raw.startswith(b"PK")


def test_the_fictional_city_gets_its_allocation(run, fictional):
    app = run("trial", ASKED.replace("round=100", "round=1"))
    assert errors_of(app) == []
    assert len(table_of(app, "各単位の試算")["tbody"]) == 5
    assert total(app) <= 20_000_000
