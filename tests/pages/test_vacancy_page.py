"""空き家 as a script: households and what is missing without a list, public values with one, points for staff alone."""

from __future__ import annotations

import json

import pytest
from opened import csv_rows, errors_of, go_to, press, table_of, tables_of, text_of, words_of

from kyodo_geo.views import theme_map

LIST = "brought_vacancy"
PLACES = {"架空本町": (0.2, 0.2), "架空飛地": (1.2, 1.2), "架空両端": (4.2, 0.2), "架空新田": (4.2, 2.2)}
HEAD = "所在地,地区名,緯度,経度,判定,調査方法,調査年"


def rows(name, number, start=0, year="2020", state="A"):
    east, north = PLACES[name]
    return [
        f"架空市秘密{start + at}番地,{name},{35 + (north + at % 7 * 0.1) / 100 + at * 1.3e-6:.7f},"
        f"{135 + (east + at % 9 * 0.07) / 100 + at * 1.7e-6:.7f},{state},現地調査,{year}"
        for at in range(number)
    ]


def table(*groups):
    return "\r\n".join([HEAD, *(row for group in groups for row in group)]).encode("cp932")


USUAL = table(rows("架空本町", 60), rows("架空両端", 3, 100), rows("架空新田", 9, 200, state="B"))


@pytest.fixture
def drawn(monkeypatch):
    """The payloads of the maps, newest last."""
    payloads = []
    monkeypatch.setattr(theme_map, "show_map", lambda payload, **_: payloads.append(payload))
    return payloads


@pytest.fixture
def opened(run, fictional, drawn):
    """The page with a list open that covers the whole city."""

    def with_list(content=USUAL, name="空き家一覧.csv", **address):
        app = run("vacancy", **address)
        app.session_state[f"{LIST}_kept"] = (name, content)
        app.session_state["brought_whole_city"] = True
        return app.run()

    return with_list


def staff(app, *, on=True):
    return app.toggle(key="vacancy_staff").set_value(on).run()


def secrets(content=USUAL):
    """The addresses of a list and its coordinates, to five decimals."""
    cells = [line.split(",") for line in content.decode("cp932").splitlines()[1:]]
    return {text for row in cells for text in (row[0], row[2][:9], row[3][:10])}


def test_without_a_list_the_fall_of_households_and_what_is_missing_are_shown(run, fictional):
    app = run("vacancy")
    assert errors_of(app) == []
    assert "地区・小地域ごとの空き家は不明です(公表資料なし)" in text_of(app)
    assert "空き家の実態調査の一覧" in text_of(app)
    table = table_of(app, "地域と市の世帯の減少")["tbody"]
    assert table[-1] == ["架空市", "831", "870", "+39", "+4.7 %"]
    for caption in tables_of(app):
        if "世帯" in caption:
            assert "空き家" not in caption
    assert [button.label for button in app.button if "体験用" in button.label] == ["体験用データで見る(架空)"]


def test_the_real_city_has_its_sampling_survey_and_nothing_made_up(run):
    app = run("vacancy")
    assert errors_of(app) == []
    survey = table_of(app, "住宅・土地統計調査(標本調査、10戸単位)")["tbody"]
    assert [row[2] for row in survey] == ["8,690", "7,640"]
    assert "仮設住宅" in str([one.value for one in app.caption])
    silent = table_of(app, "増減の分からない小地域")["tbody"]
    assert all("不明" in row[4] for row in silent)
    assert "架空" not in text_of(app).replace("体験用データで見る(架空)", "")


def test_a_list_is_counted_with_its_denominator_and_few_stand_together(opened):
    app = opened()
    assert errors_of(app) == []
    found = table_of(app, "地区ごとの空き家")
    for caption in ("地区ごとの空き家", "地域と市の空き家"):
        assert "分母: 国勢調査の世帯数 + この表の空き家数" in next(
            one for one in tables_of(app) if caption in one
        )
    by_name = {row[0]: row[2:5] for row in found["tbody"]}
    assert by_name["架空本町"] == ["60", "510", "11.8 %"]
    assert by_name["架空両端・架空新田(合わせて)"][0] == "12"
    assert by_name["架空飛地"][0] == "0"
    assert table_of(app, "地域と市の空き家")["tbody"][-1][1] == "72"


def test_in_public_no_point_no_address_and_no_count_below_k_is_anywhere(opened, drawn, downloads):
    app = opened()
    written = [
        text_of(app),
        str([one.value for one in app.caption]),
        json.dumps(drawn[-1], ensure_ascii=False),
    ]
    written += [raw.decode("utf-8-sig") for _, raw in downloads.values()]
    for secret in secrets():
        assert not [text[:80] for text in written if secret in text]
    assert drawn[-1]["places"] == []
    assert "places_shown" not in drawn[-1]
    assert not [name for name, _ in downloads.values() if "職員用" in name]
    counts = drawn[-1]["indicators"][1]["years"][0]["values"]
    assert counts["3"] is counts["5"] is None
    cells = csv_rows(downloads["公表用の格子をダウンロード(CSV)"][1])
    assert sum(int(row[3]) for row in cells[1:]) == 72
    assert min(int(row[3]) for row in cells[1:]) >= 5


def test_staff_see_points_and_raw_counts_and_nothing_of_it_is_in_the_address(opened, drawn, downloads):
    app = staff(opened(k="6"))
    assert errors_of(app) == []
    assert "職員の表示。住民に見せる画面では使わない" in text_of(app)
    assert words_of(app) == {"k": "6"}
    assert {row[0]: row[2] for row in table_of(app, "地区ごとの空き家")["tbody"]}["架空両端"] == "3"
    places = drawn[-1]["places"]
    assert len(places) == 72
    assert {(one["kind"], one["name"], one["note"]) for one in places} == {
        ("vacant", "状態 A、現地調査", None),
        ("vacant", "状態 B、現地調査", None),
    }
    name, raw = downloads["職員用の表をダウンロード(CSV)"]
    assert name == "職員用_akiya_2020.csv" or name.startswith("架空_職員用_")
    assert csv_rows(raw)[0][0].startswith("職員用")
    downloads.clear()
    app = staff(app, on=False)
    assert not [label for label in downloads if "職員用" in label]
    assert drawn[-1]["places"] == []


def test_staff_are_gone_when_the_page_is_left(opened, drawn):
    app = staff(opened())
    app = go_to(go_to(app, "sources"), "vacancy")
    assert app.toggle(key="vacancy_staff").value is False
    assert drawn[-1]["places"] == []


def test_k_is_a_setting_in_the_address(opened):
    app = opened()
    app.number_input(key="vacancy_k").set_value(10).run()
    assert words_of(app) == {"k": "10"}
    assert "10 戸以上" in text_of(app)
    again = opened(k="10")
    assert again.number_input(key="vacancy_k").value == 10


def test_a_k_that_is_too_small_is_refused_and_the_usual_stands(run, fictional):
    (said,) = errors_of(run("vacancy", k="4"))
    assert "k 4 は使えません(5 から 1000 までの整数)" in said


def test_k_is_still_there_after_another_page(opened):
    app = opened(k="10")
    app = go_to(go_to(app, "sources"), "vacancy")
    assert app.number_input(key="vacancy_k").value == 10
    assert words_of(app) == {"k": "10"}


def test_one_of_several_years_is_chosen_and_they_are_never_added(opened):
    content = table(rows("架空本町", 40), rows("架空本町", 30, 100, year="2015"))
    app = opened(content)
    assert table_of(app, "地域と市の空き家")["tbody"][-1][1] == "40"
    app.selectbox(key="vacancy_year").set_value(2015).run()
    assert words_of(app) == {"survey": "2015"}
    assert table_of(app, "地域と市の空き家(2015年")["tbody"][-1][1] == "30"
    app = opened(content, survey="2011")
    assert "2011年の行はこの一覧にありません" in errors_of(app)[0]
    assert table_of(app, "地域と市の空き家(2020年")["tbody"][-1][1] == "40"


def test_a_list_that_calls_itself_made_up_is_marked_everywhere(opened, downloads):
    app = opened(name="架空_空き家.csv")
    for caption in tables_of(app):
        if "空き家" in caption and "標本調査" not in caption:
            assert "架空" in caption
    for label, (name, _) in downloads.items():
        assert name.startswith("架空_") == ("世帯" not in label)


def test_names_without_a_place_are_listed_for_staff_in_full(opened):
    lost = ["架空字まよい1番地,,,,A,現地調査,2020", "架空字まよい2番地,,,,A,現地調査,2020"]
    app = opened(table(rows("架空本町", 20), lost))
    assert "まよい" not in text_of(app)
    assert "2戸" not in str([one.value for one in app.caption])
    assert "5未満の戸" in str([one.value for one in app.caption])
    assert "地区の決まらない行" in str([one.value for one in app.caption])
    app = staff(app)
    assert [row[1] for row in table_of(app, "地区の決まらない行 2 件")["tbody"]] == [
        "架空字まよい1番地",
        "架空字まよい2番地",
    ]
    assert len(table_of(app, "小地域に当たらない名前")["tbody"]) >= 1


def test_more_vacant_than_dwellings_is_refused_and_the_page_still_stands(opened):
    content = "地区名,空き家数,住宅数,調査年\r\n架空本町,30,400,2020\r\n架空新田,9,8,2020".encode("cp932")
    app = opened(content)
    assert len(errors_of(app)) == 1
    assert "地域と市の世帯の減少" in str(list(tables_of(app)))


def test_the_sample_is_shown_as_made_up_and_closed_again(run, drawn):
    app = press(run("vacancy"), "体験用データで見る(架空)")
    assert errors_of(app) == []
    assert table_of(app, "地域と市の空き家")["tbody"][-1][1] == "8,690"
    assert table_of(app, "住宅・土地統計調査(標本調査、10戸単位)")["tbody"][0][2] == "8,690"
    assert "足しも引きもせず" in text_of(app)
    assert drawn[-1]["fictional"]
    app = press(app, "体験用データを消す")
    assert "fictional" not in drawn[-1]
