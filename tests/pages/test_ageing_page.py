"""高齢化 as a script: real and dated without a file, everything marked 架空 with the sample, form and address alike."""

from __future__ import annotations

import pytest
from opened import csv_rows, errors_of, go_to, html_of, press, table_of, tables_of, text_of, words_of

from kyodo_geo.city import City

SAMPLE = "体験用データで見る(架空)"


@pytest.fixture
def sample(run):
    """The page with the sample pack open."""
    return press(run("ageing"), SAMPLE)


def edited(app, **values):
    for key, value in values.items():
        app.session_state[f"ageing_{key}"] = value
    return app.run()


def test_the_default_page_shows_what_is_published_and_nothing_made_up(run):
    app = run("ageing")
    assert errors_of(app) == []
    text = text_of(app)
    assert "架空" not in text
    assert "T001082" in text
    ages = table_of(app, "の年齢(国勢調査")
    assert ages["tbody"][-1][:2] == ["2020年10月1日", "111,932"]
    assert ages["tbody"][0][5] == "不明(公表資料なし)"
    assert "敬老会の招待者" in str(list(tables_of(app)))
    assert {"nan", "None"}.isdisjoint(text.split())


def test_without_ages_the_trend_is_a_reference_with_its_miss(run):
    app = run("ageing")
    assert "年齢別の推計ではありません" in text_of(app)
    trend = table_of(app, "人口の総数の傾向(参考")
    assert trend["thead"][0][-1] == "2035年(参考)"
    missed = [table for caption, table in tables_of(app).items() if "割合が2020年まで続く" in caption]
    assert missed[0]["tbody"][0][1:] == ["115,812", "111,932", "+3,880", "+3.5 %"]
    assert "不明(3つ目の表が要る)" in text_of(app)


def test_a_trend_beyond_its_limit_is_refused_and_the_usual_stands(run):
    app = run("ageing", to="2050")
    (said,) = errors_of(app)
    assert "15 年後" in said
    assert table_of(app, "人口の総数の傾向(参考")["thead"][0][-1] == "2035年(参考)"


def test_the_fictional_city_has_a_page_too(run, fictional):
    app = run("ageing")
    assert errors_of(app) == []
    assert "傾向を出せません" in text_of(app)


def test_the_sample_is_marked_in_every_table_of_its_own(sample):
    assert errors_of(sample) == []
    real = (
        "国勢調査、各年",
        "高齢者の世帯",
        "80歳以上の人",
        "記事が伝えた",
        "公表値から計算",
        "注意して使う",
        "読まなかった",
    )
    own = [caption for caption in tables_of(sample) if not any(word in caption for word in real)]
    assert len(own) >= 6
    assert all("架空" in caption for caption in own), own
    assert table_of(sample, "地域と市の年齢")["tbody"][-1][4] == "41,448"


def test_a_pyramid_and_a_chart_say_their_numbers_in_words(sample):
    html = html_of(sample)
    assert 'alt="一関の人口ピラミッド(2020-10-01、国勢調査、架空)' in html
    assert "75歳以上 男" in html
    assert "2050年(推計)" in html


def test_another_district_can_be_chosen_and_both_charts_follow(sample):
    sample.selectbox(key="ageing_district_pyramid").set_value("05").run()
    assert "狐禅寺の人口ピラミッド" in html_of(sample)
    assert "狐禅寺の人口と65歳以上の人" in html_of(sample)


def test_the_form_and_the_address_say_the_same(sample, run):
    app = edited(sample)
    app.selectbox(key="ageing_to").set_value(2040).run()
    app.radio(key="ageing_scenario").set_value("families").run()
    app.multiselect(key="ageing_family_districts").set_value(["05"]).run()
    app.number_input(key="ageing_families_05").set_value(3.0).run()
    assert words_of(app) == {"to": "2040", "scenario": "families", "families": "05:3"}
    assert "狐禅寺に年 3 世帯" in text_of(app)
    again = press(run("ageing", to="2040", scenario="no_migration"), SAMPLE)
    assert "2040年までの将来推計(転入・転出がない場合(推計)、架空" in str(list(tables_of(again)))
    assert again.selectbox(key="ageing_to").value == 2040


def test_the_choice_is_there_again_after_another_page(sample):
    sample.radio(key="ageing_scenario").set_value("no_migration").run()
    app = go_to(go_to(sample, "sources"), "ageing")
    assert app.radio(key="ageing_scenario").value == "no_migration"
    assert words_of(app)["scenario"] == "no_migration"


def test_families_of_a_district_there_is_not_are_refused(run):
    app = press(run("ageing", scenario="families", families="99:1"), SAMPLE)
    (said,) = errors_of(app)
    assert "「99」という地区はありません" in said
    assert "これまでどおり" in str(list(tables_of(app)))


def test_downloads_are_named_and_marked_made_up(sample, downloads):
    sample.run()
    for label in (
        "地区ごとの表をダウンロード(CSV)",
        "将来推計をダウンロード(CSV)",
        "距離の表をダウンロード(CSV)",
    ):
        name, raw = downloads[label]
        assert name.startswith("架空_")
        assert "架空" in raw.decode("utf-8-sig")
    head, *rows = csv_rows(downloads["将来推計をダウンロード(CSV)"][1])
    assert all(row[head.index("印")] == "架空" for row in rows[: rows.index([])])


def test_one_table_needs_a_second_one(run):
    app = press(run("ageing"), SAMPLE)
    files = dict(app.session_state["brought_ages_all_kept"])
    app.session_state["brought_ages_all_kept"] = {
        name: raw for name, raw in files.items() if "T001082" in name
    }
    app.run()
    assert errors_of(app) == []
    assert "不明(5年おきの2つ目の表が要る)" in text_of(app)
    assert "参考" in str(list(tables_of(app)))


def test_one_click_takes_the_sample_away(sample):
    app = press(sample, "体験用データを消す")
    assert "架空" not in text_of(app)
    assert errors_of(app) == []


def test_a_name_from_a_file_is_text(run):
    city = City.load()
    app = run("ageing")
    name = next(iter(city.small_areas["name"]))
    rows = f"時点,町丁字名,総人口,0-14歳,15-64歳,65歳以上\n2024-04-01,{name},30,10,10,10\n2024-04-01,<b>どこか</b>,30,10,10,10\n"
    app.session_state["brought_ages_all_kept"] = {"年齢.csv": rows.encode("utf-8")}
    app.run()
    assert not app.exception
    assert "<b>どこか" not in html_of(app)


def test_the_district_of_the_map_is_that_of_the_pyramid(run):
    app = press(run("ageing", district="05"), SAMPLE)
    assert words_of(app)["district"] == "05"
    assert "狐禅寺の人口ピラミッド" in html_of(app)
