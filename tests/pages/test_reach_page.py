"""近さ as a script: the answer on opening, the form and the address say the same, a what-if names whom it hurts."""

from __future__ import annotations

import pytest
from opened import csv_rows, errors_of, go_to, press, table_of, tables_of, text_of, words_of


def choose(app, **choices):
    for key, value in choices.items():
        app.selectbox(key=f"reach_{key}").set_value(value)
    return app.run()


def people(cell):
    return int(cell.replace(",", ""))


def open_file(app, key, name, content):
    """Open a file for this session, as the chooser does."""
    app.session_state[f"{key}_kept"] = (name, content)
    return app.run()


def test_the_page_answers_on_opening(run, fictional):
    app = run("reach")
    assert errors_of(app) == []
    text = text_of(app)
    assert "市民センターまで、直線距離" in text
    assert "2020-10-01 の人口" in text
    table = table_of(app, "地区ごとの近さ")
    assert sum(people(row[4]) for row in table["tbody"]) == people(table["tfoot"][0][4]) == 2301


def test_every_table_says_what_was_measured_and_on_what_ground(run, fictional):
    for caption in tables_of(run("reach")):
        assert "市民センターまで、直線距離" in caption
        assert "架空" in caption  # as the data of the fictional city call themselves


@pytest.mark.parametrize("name", ["centres", "centres+branches", "shelters", "clinics", "stations"])
def test_every_set_of_facilities_can_be_chosen(run, fictional, name):
    app = choose(run("reach"), facilities=name)
    assert errors_of(app) == []
    if name != "centres":
        assert words_of(app)["facilities"] == name


def test_the_form_and_the_address_say_the_same(run, fictional):
    app = choose(run("reach"), facilities="shelters", hazard="地震", measure="detour")
    words = words_of(app)
    assert words == {"facilities": "shelters", "hazard": "地震", "measure": "detour"}
    again = run("reach", **words)
    assert again.selectbox(key="reach_facilities").value == "shelters"
    assert table_of(again, "地区ごとの近さ") == table_of(app, "地区ごとの近さ")
    assert "直線距離 × 1.3" in text_of(again)


def test_closing_a_centre_shows_whom_it_hurts(run, fictional):
    app = run("reach")
    app.multiselect(key="reach_closed").set_value(["4"]).run()
    assert words_of(app)["close"] == "4"
    assert "もしもの結果:" in text_of(app)
    hurt = table_of(app, "最も遠くなる所")["tbody"]
    city = table_of(app, "地区ごとの変化")["tfoot"][0]
    assert sum(people(row[2]) for row in hurt) == people(city[2]) > 0
    press(app, "もしもをすべて元に戻す")
    assert "close" not in words_of(app)
    assert "もしもの結果:" not in text_of(app)


def test_a_facility_tried_out_by_the_address_can_be_taken_back(run, fictional):
    app = run("reach", open="135.03000,35.03000")
    assert "新しい施設 1" in text_of(app)
    app.button(key="reach_undo_新1").click().run()
    assert "open" not in words_of(app)


def test_another_set_begins_without_the_what_if(run, fictional):
    app = choose(run("reach", close="4"), facilities="stations")
    assert errors_of(app) == []
    assert "close" not in words_of(app)


def test_an_address_that_cannot_be_read_is_said_and_the_usual_stands(run, fictional):
    (said,) = errors_of(run("reach", facilities="学校"))
    assert "施設「学校」はありません" in said
    (said,) = errors_of(run("reach", close="99"))
    assert "「99」はありません" in said


def test_what_was_chosen_is_there_again_after_another_page(run, fictional):
    app = choose(run("reach"), facilities="clinics")
    app = go_to(go_to(app, "sources"), "reach")
    assert app.selectbox(key="reach_facilities").value == "clinics"
    assert words_of(app)["facilities"] == "clinics"


def test_a_file_of_facilities_is_read_and_its_gaps_are_shown(run, fictional):
    content = "名称,緯度,経度\n架空商店,35.01,135.01\n<b>位置なし</b>,,\n".encode("cp932")
    app = open_file(run("reach"), "visit_facilities", "店.csv", content)
    assert "読んだもの" in text_of(app)
    assert table_of(app, "読まなかったもの")["tbody"][0][1] == "3"
    app = choose(app, facilities="own")
    assert errors_of(app) == []
    rows = table_of(app, "施設ごとの人")["tbody"]
    assert [row[1] for row in rows] == ["架空商店", "<b>位置なし</b>"]
    assert rows[1][-1] == "測れない"


def test_a_file_that_is_none_is_said_and_the_page_stands(run, fictional):
    app = open_file(run("reach"), "visit_facilities", "店.csv", b"\x00\x01\x02")
    assert len(errors_of(app)) == 1
    assert "地区ごとの近さ" in str(list(tables_of(app)))


def test_the_best_places_are_calculated_on_request_and_tried_on_the_map(run, fictional):
    app = run("reach")
    app.number_input(key="reach_site_p").set_value(2)
    app = press(app, "計算する")
    assert "最適(証明ずみ)" in text_of(app)
    assert [row[0] for row in table_of(app, "案の比較")["tbody"]] == [
        "今のまま",
        "厳密な答え",
        "順に選んだ答え(貪欲法)",
    ]
    app = press(app, "この答えを地図で試す")
    assert len(words_of(app)["close"].split(";")) == 3


def test_downloads_carry_measure_day_and_sources(run, fictional, downloads):
    run("reach")
    name, raw = downloads["地区の表をダウンロード(CSV)"]
    assert name.endswith(".csv")
    head, *rows = csv_rows(raw)
    for column in ("measure", "reference_date", "basis", "sources"):
        assert all(row[head.index(column)] for row in rows)
    assert downloads["GIS のデータをダウンロード(GeoPackage)"][1].startswith(b"SQLite format 3")


def test_ages_are_said_to_be_unknown(run, fictional):
    assert "年齢別の人数は、小地域の年齢の表が公表資料として手元にないため不明です" in text_of(run("reach"))


def test_without_its_file_the_page_says_so_and_still_offers_to_open_one(run, fictional):
    app = run("reach", facilities="own")
    (said,) = errors_of(app)
    assert "施設のファイルが開かれていません" in said
    assert len(app.get("file_uploader")) == 2
    app = choose(app, facilities="centres")
    assert errors_of(app) == []


def test_a_set_of_which_no_disaster_is_known_is_refused_and_not_counted_as_gone(run, fictional):
    (said,) = errors_of(run("reach", facilities="stations", hazard="洪水"))
    assert "使えないという意味ではありません" in said


def test_what_is_tried_out_stands_beside_its_result(run, fictional):
    assert "(4 架空空地センターを閉じる)" in text_of(run("reach", close="4"))
