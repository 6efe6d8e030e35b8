"""協働体 as a script: the register as of a day, activity that is opened or entered, and the staff's forms."""

from __future__ import annotations

import pytest
from opened import ROOT, csv_rows, errors_of, press, table_of, tables_of, text_of, words_of
from streamlit.testing.v1 import AppTest

from kyodo_geo.model.changes import Change
from kyodo_geo.records.store import Records
from kyodo_geo.views import theme_map

ACTIVITY = "brought_activity_kept"
HEAD = "地区コード,年度,役割,活動名,回数,参加人数,時間,金額_円"
TABLE = f"{HEAD}\r\n1,R6,1,会議,3,,2,0\r\n1,R5,5,祭り,1,40,8,9000".encode("utf-8-sig")


@pytest.fixture
def drawn(monkeypatch):
    """The payloads of the maps, newest last."""
    payloads = []
    monkeypatch.setattr(theme_map, "show_map", lambda payload, **_: payloads.append(payload))
    return payloads


@pytest.fixture
def page(monkeypatch, drawn):
    def open_councils(**address):
        monkeypatch.chdir(ROOT)
        app = AppTest.from_file(str(ROOT / "kyodo_geo/views/councils.py"), default_timeout=60)
        for key, text in address.items():
            app.query_params[key] = text
        return app.run()

    return open_councils


@pytest.fixture
def editor(page, fictional):
    """The page with the staff's switch on, signed."""

    def open_editor():
        app = page()
        app.toggle(key="staff_editing").set_value(True).run()
        app.text_input(key="staff_office").set_value("架空課").run()
        return app.text_input(key="staff_source").set_value("架空の議案").run()

    return open_editor


def fill(app, form, **said):
    """Write into the fields of a form of the newest turn."""
    for one, text in said.items():
        fields = [*app.text_input, *app.selectbox]
        key = next(
            f.key for f in fields if f.key.startswith(f"councils_{form}_") and f.key.endswith(f"_{one}")
        )
        next(f for f in fields if f.key == key).set_value(text)
    return press(app, "記録する")


def choose(app, form):
    return app.selectbox(key="councils_edit_form").set_value(form).run()


def others(workspace, subject="K90", **values):
    """What somebody else enters meanwhile."""
    seen = Records(workspace).newest("council", subject)
    change = Change(
        "council", subject, values or {"name": "よその振興会"}, "2020-04-01", "よその資料", "よその課",
        "2026-01-01T09:00:00+09:00",
    )  # fmt: skip
    return Records(workspace).add(change, seen=seen)


def register_of(app):
    return table_of(app, "地域協働体の登録簿")["tbody"]


def test_the_real_city_shows_what_is_published_and_nothing_made_up(page, drawn, downloads):
    app = page()
    assert errors_of(app) == []
    assert drawn == []
    assert "どの地区に協働体がないかは分かっていません" in text_of(app)
    assert "架空" not in text_of(app)
    rows = register_of(app)
    assert {row[0] for row in rows} == {f"{number:02d}" for number in range(1, len(rows) + 1)}
    check = table_of(app, "公表された数との照合")["tbody"][0]
    assert (check[2], check[0]) == ("33 団体", "差あり(既知)")
    assert "実績報告" in text_of(app)
    assert not [button for button in app.button if button.label == "記録する"]
    name, raw = downloads["登録簿をダウンロード(CSV)"]
    assert name.startswith("kyodotai_")
    assert len(csv_rows(raw)) > len(rows)


def test_no_cell_is_blank_nan_or_none(page):
    for caption, table in tables_of(page()).items():
        for row in table["tbody"]:
            assert not {"nan", "None"} & set(row), caption
    for row in register_of(page()):
        assert "" not in row


def test_the_register_is_that_of_the_day_in_the_address(page):
    named = [row for row in register_of(page(on="2016-06-21")) if row[3].startswith("弥栄")]
    assert named == []
    assert [row[5] for row in register_of(page(on="2016-06-22")) if row[3].startswith("弥栄")]


def test_an_address_that_cannot_be_read_is_refused_and_today_stands(page):
    app = page(on="2016-02-30", by="city")
    (box,) = errors_of(app)
    assert "2016-02-30" in box
    assert "city" in box
    assert register_of(app)


def test_a_day_before_the_lines_still_has_a_register(page):
    app = page(on="1950-01-01")
    assert errors_of(app) == []
    assert register_of(app)


def test_another_day_goes_into_the_address(page):
    app = page()
    app.date_input(key="councils_day").set_value("2020-04-01").run()
    assert words_of(app)["on"] == "2020-04-01"


def test_the_sample_is_shown_on_map_and_tables_and_says_that_it_is_made_up(page, drawn, downloads):
    app = press(page(), "体験用データで見る(架空)")
    assert errors_of(app) == []
    first = drawn[-1]["indicators"][0]
    assert {year["mark"] for year in first["years"]} == {"架空"}
    assert len(first["years"]) == 3
    for caption in tables_of(app):
        if caption.startswith(("活動の", "5つの役割")):
            assert "架空" in caption
    name, raw = downloads["活動の集計をダウンロード(CSV)"]
    assert name.startswith("架空_")
    rows = csv_rows(raw)
    assert {row[rows[0].index("印")] for row in rows[1:]} == {"架空"}


def test_an_opened_table_tells_what_is_not_stated_from_0(page, fictional):
    app = page()
    app.session_state[ACTIVITY] = ("活動.csv", TABLE)
    app.run()
    assert errors_of(app) == []
    assert table_of(app, "地区ごと、令和6年度")["tbody"][0][2:4] == ["3回", "不明(記録なし)"]
    app.selectbox(key="councils_measure").set_value("people").run()
    assert table_of(app, "地区ごと、令和6年度")["tbody"][0][2] == "不明(記載なし)"
    app.selectbox(key="councils_measure").set_value("yen").run()
    assert table_of(app, "地区ごと、令和6年度")["tbody"][0][2] == "0円"
    app.selectbox(key="councils_fy").set_value(2023).run()
    assert table_of(app, "地区ごと、令和5年度")["tbody"][0][6] == "9,000円"
    assert words_of(app) == {"measure": "yen", "fy": "2023"}


def test_a_table_that_cannot_be_read_is_refused_and_the_register_stands(page, fictional):
    app = page()
    app.session_state[ACTIVITY] = ("活動.csv", f"{HEAD}\r\n1,R6,9,会議,-1,,,\r\n".encode())
    app.run()
    (box,) = errors_of(app)
    assert "役割" in box
    assert register_of(app)


def test_a_council_is_entered_and_stands_in_the_register(editor, workspace):
    app = editor()
    app = fill(app, "council", subject="K90", name="架空新振興会", since="2020-04-01")
    assert errors_of(app) == []
    assert [row[4] for row in register_of(app) if row[3] == "架空新振興会"] == ["振興会"]
    assert "記録 1" in text_of(app)
    app = choose(app, "link")
    app = fill(app, "link", subject="K90", district="2", since="令和2年度")
    assert errors_of(app) == []
    assert [row[0] for row in register_of(app) if row[3] == "架空新振興会"] == ["2"]
    assert [one.change.since for one in Records(workspace).entries()] == ["2020-04-01", "FY2020"]


def test_every_fault_of_a_form_is_told_at_once_and_nothing_is_stored(page, fictional, workspace):
    app = page()
    app.toggle(key="staff_editing").set_value(True).run()
    app = choose(app, "activity")
    app = fill(app, "activity", since="2024", subject="1", count="-1", yen="いくらか")
    (box,) = errors_of(app)
    for word in ("出典", "部署", "role", "name", "count", "yen"):
        assert word in box
    assert Records(workspace).entries() == ()
    kept = [one.value for one in app.text_input if one.key.endswith("_yen")]
    assert kept == ["いくらか"]


def test_an_entered_activity_is_drawn_and_a_project_is_late(editor, drawn):
    app = choose(editor(), "activity")
    app = fill(app, "activity", subject="1", since="令和6年度", role="1", name="会議", count="4")
    assert errors_of(app) == []
    assert drawn[-1]["indicators"][1]["years"][-1]["values"]["1"] == 4
    app = choose(app, "project")
    app = fill(
        app,
        "project",
        subject="1",
        project="広場",
        state="running",
        owner="会長",
        due="2020",
        since="2019-04-01",
    )
    assert errors_of(app) == []
    assert table_of(app, "地域づくり計画の事業")["tbody"][0][5] == "期限を過ぎている"


def test_what_somebody_else_entered_meanwhile_is_a_conflict_and_not_overwritten(editor, workspace):
    app = editor()
    others(workspace)
    app = fill(app, "council", subject="K90", name="わたしの振興会", since="2021-04-01")
    (box,) = errors_of(app)
    assert "別の入力" in box
    assert "よその課" in box
    assert [one.change.values["name"] for one in Records(workspace).entries()] == ["よその振興会"]
    assert "よその振興会" in text_of(app)
    app = press(app, "記録する")
    assert errors_of(app) == []
    assert len(Records(workspace).entries()) == 2


def test_an_entry_about_another_council_is_no_conflict(editor, workspace):
    app = editor()
    others(workspace, "K91")
    app = fill(app, "council", subject="K90", name="わたしの振興会", since="2021-04-01")
    assert errors_of(app) == []
    assert len(Records(workspace).entries()) == 2


def test_a_correction_is_a_new_record_and_can_be_taken_back(editor, workspace):
    app = fill(editor(), "council", subject="K90", name="まちがい振興会", since="2020-04-01")
    app.selectbox(key="councils_edit_corrects").set_value(1).run()
    assert [one.value for one in app.text_input if one.key.endswith("_name")] == ["まちがい振興会"]
    app = fill(app, "council", name="ただしい振興会")
    assert errors_of(app) == []
    assert [row[3] for row in register_of(app) if "振興会" in row[3] and "い" in row[3]] == ["ただしい振興会"]
    app.selectbox(key="councils_edit_undo").set_value(2).run()
    app = press(app, "取り消す")
    assert errors_of(app) == []
    assert "まちがい振興会" in [row[3] for row in register_of(app)]
    assert [one.change.undoes for one in Records(workspace).entries()] == [None, None, 2]
    assert [row[5] for row in table_of(app, "入力の記録")["tbody"]] == [
        "取消し",
        "無効(訂正か取消し)",
        "有効",
    ]


def test_a_council_that_others_rest_on_is_not_taken_back(editor, workspace):
    app = fill(editor(), "council", subject="K90", name="架空新振興会", since="2020-04-01")
    app = choose(app, "link")
    app = fill(app, "link", subject="K90", district="2", since="2020-04-01")
    app.selectbox(key="councils_edit_undo").set_value(1).run()
    app = press(app, "取り消す")
    (box,) = errors_of(app)
    assert "取り消せません" in box
    assert len(Records(workspace).entries()) == 2


def test_text_that_staff_enter_is_never_markup(editor):
    app = fill(editor(), "council", subject="K90", name="<b>太い</b>振興会", since="2020-04-01")
    bodies = [one.proto.body for one in app.get("html")]
    assert not [body for body in bodies if "<b>太い" in body]
    assert "太い" in text_of(app)
