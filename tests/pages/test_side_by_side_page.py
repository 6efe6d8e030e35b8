"""地区の比較 as a script: two districts on opening, form and address say the same, the made-up is called so."""

from __future__ import annotations

from opened import csv_rows, errors_of, go_to, html_of, press, table_of, tables_of, text_of, words_of


def chosen(app):
    return app.multiselect(key="side_districts").value


def beside(app):
    """Return the first button that puts a similar district beside."""
    return next(one for one in app.button if (one.key or "").startswith("side_beside_"))


def test_the_page_answers_on_opening_with_real_data_only(run):
    app = run("side_by_side")
    assert errors_of(app) == []
    assert len(chosen(app)) == 2
    assert "最も大きい地区と最も小さい地区" in text_of(app)
    assert "架空" not in text_of(app)
    assert "どの地区の値も分からない指標" in str(list(tables_of(app)))
    assert "体験用データで見る(架空)" in [button.label for button in app.button]


def test_the_districts_of_an_address_are_the_columns_in_its_order(run):
    app = run("side_by_side", districts="12-05-27")
    assert chosen(app) == ["12", "05", "27"]
    heads = table_of(app, "の比較。時点と根拠は各行")["thead"][0]
    assert [head.split("旧市町村")[0] for head in heads] == ["指標", "永井", "狐禅寺", "奥玉", "一関市"]
    assert "最も大きい地区と最も小さい地区" not in text_of(app)


def test_an_address_that_cannot_be_read_is_said_and_the_usual_pair_stands(run):
    app = run("side_by_side", districts="05-99")
    (said,) = errors_of(app)
    assert "地区「99」はありません" in said
    assert len(chosen(app)) == 2
    (said,) = errors_of(run("side_by_side", districts="05"))
    assert "2 から 4 地区です" in said


def test_the_form_and_the_address_say_the_same(run):
    app = run("side_by_side", districts="05-12")
    app.multiselect(key="side_districts").set_value(["05", "12", "01"]).run()
    assert words_of(app) == {"districts": "05-12-01"}
    app.multiselect(key="side_like").set_value(["density"]).run()
    assert words_of(app) == {"districts": "05-12-01", "like": "density"}
    again = run("side_by_side", districts="05-12-01", like="density")
    assert tables_of(again) == tables_of(app)
    assert errors_of(again) == []
    app.multiselect(key="side_like").set_value([]).run()
    assert "like" not in words_of(app)
    assert len(app.multiselect(key="side_like").value) > 1


def test_one_district_alone_is_refused_and_what_stood_there_stays(run):
    app = run("side_by_side", districts="05-12")
    app.multiselect(key="side_districts").set_value(["05"]).run()
    (said,) = errors_of(app)
    assert "2 から 4 地区です(1 あります)" in said
    assert words_of(app) == {"districts": "05-12"}


def test_a_similar_district_is_put_beside_and_with_four_only_the_two_stay(run):
    app = run("side_by_side", districts="05-12")
    button = beside(app)
    other = button.key.removeprefix("side_beside_")
    app = button.click().run()
    assert words_of(app)["districts"] == f"05-12-{other}"
    app = run("side_by_side", districts="05-12-27-32")
    button = beside(app)
    assert "だけを並べる" in button.label
    app = button.click().run()
    assert len(words_of(app)["districts"].split("-")) == 2


def test_what_was_chosen_is_there_again_after_another_page(run):
    app = run("side_by_side", districts="05-12")
    app.multiselect(key="side_districts").set_value(["05", "12", "01"]).run()
    app = go_to(go_to(app, "sources"), "side_by_side")
    assert chosen(app) == ["05", "12", "01"]
    assert words_of(app)["districts"] == "05-12-01"
    assert len(app.multiselect(key="side_like").value) > 1


def test_downloads_are_named_after_the_districts(run, downloads):
    run("side_by_side", districts="05-12")
    name, raw = downloads["印刷用のページをダウンロード(HTML)"]
    assert name == "比較_05-12.html"
    assert b'lang="ja"' in raw
    name, raw = downloads["表をダウンロード(CSV)"]
    assert name == "比較_05-12.csv"
    assert csv_rows(raw)[0][:3] == ["テーマ", "指標", "id"]


def test_sample_data_are_called_made_up_in_tables_and_files_and_can_be_taken_away(run, downloads):
    app = press(run("side_by_side", districts="05-12"), "体験用データで見る(架空)")
    assert errors_of(app) == []
    assert "架空" in next(caption for caption in tables_of(app) if "時点と根拠は各行" in caption)
    rows = [row for row in table_of(app, "時点と根拠は各行")["tbody"] if row[0].startswith("高齢化率")]
    assert all("架空" in cell for cell in rows[0][1:])
    assert downloads["印刷用のページをダウンロード(HTML)"][0] == "架空_比較_05-12.html"
    assert downloads["表をダウンロード(CSV)"][0] == "架空_比較_05-12.csv"
    assert "ageing_rate" in app.multiselect(key="side_like").value
    app = press(app, "体験用データを消す")
    assert "架空" not in text_of(app)
    assert "ageing_rate" not in app.multiselect(key="side_like").value


def test_every_source_stands_below_with_day_and_basis(run):
    text = text_of(run("side_by_side", districts="05-12"))
    assert "根拠: 公表値" in text
    assert "根拠: 推計" in text
    assert "2020-10-01" in text


def test_the_page_prints_without_form_and_navigation(run):
    style = next(one.proto.body for one in run("side_by_side").get("html") if "@page" in one.proto.body)
    assert "size:A4 landscape" in style
    assert '[data-testid="stHeader"]' in style
    assert ".stMultiSelect" in style


def test_another_city_is_compared_by_its_own_districts(run, fictional):
    app = run("side_by_side")
    assert errors_of(app) == []
    assert "<script" not in html_of(app)
    assert set(chosen(app)) <= {"1", "2", "3", "5"}
