"""比較 and 前年比 as scripts: side by side, differences and parts that add up, and what cannot be compared."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from opened import (
    address_of,
    csv_rows,
    enter,
    errors_of,
    go_to,
    html_of,
    press,
    sums_of,
    table_of,
    text_of,
    whole,
)

BASE = "rule=hitomachi&fy=2025&pop=census2020_small_areas&budget=20000000&set.equal_percent=50&place=term&round=1&direction=floor"
OLDER = BASE.replace("census2020", "census2015").replace("fy=2025", "fy=2024")
LESS_EQUAL = BASE.replace("percent=50", "percent=30")
RATES = "rule=hitomachi&fy=2025&pop=census2020_small_areas&set.equal_yen=300000&set.per_head_yen=100"
FOUR = (BASE, OLDER, LESS_EQUAL, RATES)
TABLE = "unit_code,unit,population,population_basis\n{0},架空一区,100,住民基本台帳\n{1},架空二区,60,住民基本台帳\n"


def titled(number):
    return f"{BASE}&title=案{number}"


def summary(app):
    return {row[0]: row[1:] for row in table_of(app, "試算のまとめ")["tbody"]}


def atlas(app):
    found = [
        one.proto for one in app.get("bidi_component") if one.proto.component_name.endswith("kyodo_atlas")
    ]
    return json.loads(found[0].json) if found else None


@pytest.fixture
def districts(repository):
    features = json.loads((repository / "data/boundaries/districts.geojson").read_text("utf-8"))["features"]
    return {one["properties"]["district_code"] for one in features}


def test_an_empty_comparison_says_what_to_do(run):
    assert "比較に加える" in run("compare").info[0].value


def test_four_scenarios_side_by_side(run, districts):
    app = run("compare", *FOUR)
    assert errors_of(app) == []
    table = table_of(app, "地区ごとの比較")
    assert {row[0] for row in table["tbody"]} == districts
    assert [one for one in table["thead"][0] if one.startswith("試算")] == [
        "試算1",
        "試算2",
        "試算3",
        "試算4",
    ]
    assert len(summary(app)) == 4


def test_differences_add_up_and_winners_are_counted(run):
    app = run("compare", *FOUR)
    table = table_of(app, "地区ごとの比較")
    at = {name: number for number, name in enumerate(table["thead"][0]) if name != "1人当たり"}
    counted = list(summary(app).values())
    for number in (2, 3, 4):
        changes = [whole(row[at[f"{number}−1の差"]]) for row in table["tbody"]]
        for row, change in zip(table["tbody"], changes, strict=True):
            assert whole(row[at[f"試算{number}"]]) - whole(row[at["試算1"]]) == change
        assert sum(changes) == whole(table["tfoot"][0][at[f"{number}−1の差"]])
        more, less = sum(one > 0 for one in changes), sum(one < 0 for one in changes)
        assert counted[number - 1][1:3] == [str(more), str(less)]
        total = whole(table["tfoot"][0][at[f"試算{number}"]])
        assert (
            whole(counted[number - 1][0])
            == total
            == sum(whole(row[at[f"試算{number}"]]) for row in table["tbody"])
        )


def test_the_map_shows_the_differences_of_every_district(run, districts):
    payload = atlas(run("compare", *FOUR))
    assert {one["code"] for one in payload["districts"]} == districts


def test_the_map_is_shown_for_districts_only(run):
    app = run("trial", "rule=kora&fy=2025")
    app.file_uploader(key="units_file").set_value(("ku.csv", _table("A", "B"), "text/csv")).run()
    press(app, "比較に加える")
    app.text_input(key="set_operating_yen").set_value("70000").run()
    press(app, "比較に加える")
    go_to(app, "compare")
    assert errors_of(app) == []
    assert len(summary(app)) == 2
    assert atlas(app) is None
    assert any("地図には示せません" in one.value for one in app.caption)


def _table(*codes):
    text = TABLE.format(*codes).replace("population_basis", "population_basis,households")
    return text.replace("住民基本台帳\n", "住民基本台帳,10\n").encode()


def test_a_scenario_can_be_taken_out(run):
    app = run("compare", *FOUR)
    app.button_group(key="compare_out").select(FOUR[1]).run()
    assert address_of(app) == [BASE, LESS_EQUAL, RATES]
    assert len(summary(app)) == 3
    # the way back brings it back
    app.query_params["s"] = list(FOUR)
    app.run()
    assert len(summary(app)) == 4


def test_more_than_six_are_said_and_cut(run):
    app = run("compare", *[titled(number) for number in range(1, 9)])
    assert len(summary(app)) == 6
    assert "6 つまで" in text_of(app)
    go_to(app, "trial")
    enter(app, budget="1000", percent="50")
    assert next(one for one in app.button if one.key == "put_aside").disabled


def test_scenarios_survive_a_file(run, downloads):
    run("compare", *FOUR)
    name, raw = downloads["比較を保存"]
    app = run("compare")
    app.file_uploader(key="scenario_file").set_value((name, raw, "application/json")).run()
    assert address_of(app) == list(FOUR)
    assert len(summary(app)) == 4


def test_a_file_beyond_six_is_said(run):
    raw = json.dumps({"kind": "kyodo_geo scenarios", "scenarios": [titled(one) for one in range(8)]}).encode()
    app = run("compare")
    app.file_uploader(key="scenario_file").set_value(("x.json", raw, "application/json")).run()
    assert len(summary(app)) == 6
    assert "6 つまで" in text_of(app)


@pytest.mark.parametrize(
    "raw", [b"{", b"[]", b"\xff\xfe", b'{"kind": "kyodo_geo scenarios", "scenarios": ["<b>"]}']
)
def test_a_file_that_is_none_is_one_calm_box(run, raw):
    app = run("compare", BASE)
    app.file_uploader(key="scenario_file").set_value(("x.json", raw, "application/json")).run()
    assert len(errors_of(app)) == 1
    assert "<b>" not in html_of(app)
    app.run()
    assert len(summary(app)) == 1


def test_one_that_cannot_be_computed_is_named_and_can_be_taken_out(run):
    bad = BASE.replace("percent=50", "percent=500")
    app = run("compare", BASE, bad)
    assert len(errors_of(app)) == 1
    assert "試算2 は上の理由で" in text_of(app)
    app.button_group(key="compare_out").select(bad).run()
    assert errors_of(app) == []
    assert len(summary(app)) == 1


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "rule=<b>x</b>&fy=2025", "x" * 3000])
def test_a_hostile_address_is_refused_calmly(run, text):
    for page in ("compare", "yearly", "confirm"):
        app = run(page, text)
        assert len(errors_of(app)) >= 1
        assert "<script>" not in html_of(app)
        assert "<b>x" not in html_of(app)


def test_one_click_opens_a_scenario_again(run):
    app = run("compare", *FOUR)
    app.button_group(key="compare_open").select(LESS_EQUAL).run()
    go_to(app, "trial")  # the script runner of the test does not follow st.switch_page by itself
    assert app.text_input(key="set_equal_percent").value == "30"
    assert sums_of(app)["予算"] == 20_000_000


def test_examples_are_marked_among_others(run):
    app = run("compare", BASE, BASE + "&example=1")
    assert "例・架空の額" in table_of_caption(app)
    assert sum("例・架空の額" in name for name in summary(app)) == 1


def table_of_caption(app):
    return html_of(app).split("地区ごとの比較")[0][-60:]


def test_two_years_need_two_runs(run):
    assert "2つ要ります" in run("yearly").info[0].value
    assert run("yearly", BASE).info


def year_pair(run, before, after):
    """Put two scenarios aside and let 前年比 explain the change from one to the other."""
    app = go_to(run("compare", after, before), "yearly")
    app.selectbox(key="yearly_before").set_value(before)
    app.selectbox(key="yearly_after").set_value(after)
    return app.run()


def parts_of(raw):
    rows = csv_rows(raw)
    return rows[0], [row for row in rows[1:] if row and row[0].isdigit()]


@pytest.mark.parametrize(
    "before", [OLDER, RATES, LESS_EQUAL], ids=["another census", "another way", "another share"]
)
def test_parts_add_up_to_the_change_that_is_shown(run, downloads, districts, before):
    app = year_pair(run, before, BASE)
    assert errors_of(app) == []
    shown = {row[0]: row for row in table_of(app, "増減の理由")["tbody"]}
    head, rows = parts_of(downloads["前年比をダウンロード(CSV)"][1])
    first = head.index("増減") + 1
    assert {row[0] for row in rows} == districts == set(shown)
    for row in rows:
        exact = [_exact(cell) for cell in row[first : first + 5]]
        assert sum(exact) == int(row[first - 1]) == whole(shown[row[0]][4])
        assert int(row[3]) - int(row[2]) == int(row[first - 1])


def _exact(cell):
    """Read a part as the CSV writes it: −1,234 と 5/17, 1,234.5, 12."""
    text = cell.lstrip("'").replace(",", "").replace("−", "-")
    sign = -1 if text.startswith("-") else 1
    number, _, part = text.lstrip("-").partition(" と ")
    return sign * (Fraction(number) + (Fraction(part) if part else 0))


def test_the_change_is_said_in_words(run):
    app = year_pair(run, OLDER, BASE)
    for row in table_of(app, "増減の理由")["tbody"]:
        word = {1: "増えました", -1: "減りました", 0: "同じ額"}[(whole(row[4]) > 0) - (whole(row[4]) < 0)]
        assert word in row[-1]
        if whole(row[4]):
            assert f"{abs(whole(row[4])):,}円" in row[-1]


def test_the_same_run_twice_is_no_comparison(run):
    app = year_pair(run, OLDER, BASE)
    app.selectbox(key="yearly_before").set_value(BASE).run()
    assert "違う試算" in app.info[0].value


def test_people_counted_differently_are_not_compared(run, districts):
    header = "unit_code,unit,population,population_basis\n"
    table = header + "".join(f"{code},x,100,住民基本台帳\n" for code in sorted(districts))
    app = run("trial", BASE)
    app.file_uploader(key="units_file").set_value(("juki.csv", table.encode(), "text/csv")).run()
    assert errors_of(app) == []
    press(app, "比較に加える")
    app.selectbox(key="population").set_value("census2020_small_areas").run()
    app = go_to(app, "yearly")
    box = errors_of(app)[0]
    assert "数え方が違う" in box
    assert "住民基本台帳" in box


def test_two_of_one_name_stay_two(run):
    app = go_to(run("compare", titled(1), titled(1).replace("percent=50", "percent=40")), "yearly")
    assert errors_of(app) == []
    assert len(app.selectbox(key="yearly_before").options) == 2
