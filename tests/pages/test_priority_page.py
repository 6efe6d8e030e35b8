"""優先度 as a script: form, address and file say the same, and what is opened can be weighed."""

from __future__ import annotations

import pytest
from opened import csv_rows, errors_of, press, table_of, text_of, words_of


def choose(app, *indicators):
    app.multiselect(key="priority_items").set_value(list(indicators))
    return app.run()


def test_the_page_answers_on_opening(run):
    app = run("priority")
    assert errors_of(app) == []
    table = table_of(app, "優先度(推計)")
    assert table["tbody"][0][0] == "1位"
    assert "困っている人の数やその理由を表すものではなく" in text_of(app)


def test_the_form_and_the_address_say_the_same(run):
    app = choose(run("priority"), "population_change", "density")
    app.selectbox(key="priority_direction_density").set_value("low")
    app.number_input(key="priority_weight_density").set_value(30)
    app = app.run()
    words = words_of(app)
    assert words["items"] == "population_change.2020.low.10~density.2020.low.30"
    again = run("priority", **words)
    assert again.number_input(key="priority_weight_density").value == 30
    assert table_of(again, "優先度(推計)") == table_of(app, "優先度(推計)")


@pytest.mark.parametrize("method", ["percentile", "minmax", "z"])
def test_the_parts_add_up_in_every_method(run, method):
    app = run("priority")
    app.selectbox(key="priority_method").set_value(method)
    for row in table_of(app.run(), "優先度(推計)")["tbody"]:
        assert sum(map(float, row[5:])) == pytest.approx(float(row[3]), abs=0.2)


def test_an_address_that_names_nothing_known_is_refused_and_the_form_stays(run):
    app = run("priority", items="ghost.2020.high.10")
    assert "ghost" in errors_of(app)[0]
    assert app.multiselect(key="priority_items")


def test_an_empty_choice_is_refused_and_changes_nothing(run):
    app = run("priority")
    before = table_of(app, "優先度(推計)")
    app = choose(app)
    assert table_of(run("priority"), "優先度(推計)") == before
    assert any("指標を1つ以上" in box for box in errors_of(app))


def test_unknown_districts_are_listed_and_get_no_single_place(run):
    app = choose(run("priority"), "closed_schools")
    lacking = table_of(app, "分からない値のある地区")["tbody"]
    names = {row[0] for row in lacking}
    rows = table_of(app, "優先度(推計)")["tbody"]
    assert names
    assert all("～" in row[0] for row in rows if row[1] in names)


def test_the_files_carry_the_choice_and_the_result(run, downloads):
    run("priority")
    name, content = downloads["結果をダウンロード(CSV)"]
    assert name.startswith("priority_")
    assert csv_rows(content)[0][0] == "順位"
    assert "推計" in content.decode("utf-8-sig")
    saved, toml = downloads["設定を保存(TOML)"]
    assert saved == "priority.toml"
    assert b'indicator = "population_change"' in toml


def test_the_usual_choice_follows_the_open_tables_until_it_is_changed(run):
    app = press(run("priority"), "体験用データで見る(架空)")
    assert "ageing_rate" in app.multiselect(key="priority_items").value
    app = press(app, "体験用データを消す")
    assert "ageing_rate" not in app.multiselect(key="priority_items").value
    app = press(choose(app, "density"), "体験用データで見る(架空)")
    assert app.multiselect(key="priority_items").value == ["density"]


def test_a_table_that_is_gone_leaves_the_page_standing(run):
    app = run("priority", items="population_change.2020.low.10~vacancy_rate.2023.high.10")
    assert errors_of(app) == []
    assert {row[1] for row in table_of(app, "分からない値のある地区")["tbody"]} == {"空き家率(2023年)"}
    assert table_of(app, "優先度(推計)")["tbody"]


def test_a_refused_edit_puts_the_field_back(run):
    app = run("priority")
    for key in ("population_change", "household_change", "vanishing_areas"):
        app.number_input(key=f"priority_weight_{key}").set_value(0)
        app = app.run()
    assert any("重み" in box for box in errors_of(app))
    assert app.number_input(key="priority_weight_vanishing_areas").value == 10


def test_the_sample_is_shown_as_fictional_and_goes_with_one_click(run, downloads):
    app = press(run("priority"), "体験用データで見る(架空)")
    assert "架空のファイルを開いています" in text_of(app)
    app = choose(app, "ageing_rate", "vacancy_rate")
    assert errors_of(app) == []
    assert table_of(app, "優先度(架空)")["tbody"]
    assert downloads["結果をダウンロード(CSV)"][0].startswith("架空_")
    app = choose(press(app, "体験用データを消す"), "population_change")
    assert "架空のファイルを開いています" not in text_of(app)
    assert table_of(app, "優先度(推計)")["tbody"]
