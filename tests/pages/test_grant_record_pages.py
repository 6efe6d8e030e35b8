"""確定 and 規則 as scripts: what blocks a signature, what is kept for good, and what the rules say."""

from __future__ import annotations

import pytest
from opened import csv_rows, errors_of, html_of, open_page, sums_of, table_of, tables_of, text_of, whole

from kyodo_geo.rules.book import RuleBook

SOUND = (
    "rule=hitomachi&fy=2025&pop=census2020_small_areas&budget=20000000&set.equal_percent=50"
    "&place=term&round=1&direction=floor&day=2020-10-01"
)
RULES = RuleBook.load().rules
OWN_RULE = """id = "{id}"
title = "架空の交付金"
instrument = "架空市交付要綱"
url = "https://example.invalid/"
in_force = 2020-04-01
summary = "架空の規則。"

[[value]]
name = "equal_yen"
label = "均等割の額"
unit = "円"
since = 2020-04-01
amount = 1000
reference = "第3条"

[[term]]
id = "equal"
label = "均等割"
kind = "equal"
amount = {{ rate = "equal_yen" }}
"""


def sign(app, name="地域づくり課長", note="決裁 第12号", *, seen=True):
    app.text_input(key="confirm_name").set_value(name)
    app.text_input(key="confirm_note").set_value(note)
    box = app.checkbox(key="confirm_seen")
    (box.check if seen else box.uncheck)()
    return next(button for button in app.button if button.label == "確定する").click().run()


def records(app):
    return table_of(app, "確定した試算")["tbody"]


@pytest.fixture
def frozen(run, workspace):
    """A run that was frozen, its page and its id."""
    app = sign(run("confirm", SOUND))
    assert errors_of(app) == []
    return app, records(app)[0][0]


def test_nothing_to_confirm_says_what_to_do(run, workspace):
    app = run("confirm")
    assert "試算の頁" in app.info[0].value
    assert str(workspace) in app.caption[0].value
    assert not workspace.exists()  # looking writes nothing


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        (("&day=2020-10-01", "&day=2024-04-01"), "基準日"),
        (("&day=2020-10-01", "&day=2020-10-01&example=1"), "架空の額"),
    ],
)
def test_a_failing_check_blocks_the_form(run, change, failing):
    app = run("confirm", SOUND.replace(*change))
    assert errors_of(app) == []
    assert any(row[0] == "否" and failing in row[1] for row in table_of(app, "検算")["tbody"])
    assert "確定できません" in text_of(app)
    assert not [button for button in app.button if button.label == "確定する"]


def test_notes_must_be_acknowledged(run, workspace):
    app = sign(run("confirm", SOUND), seen=False)
    assert errors_of(app) == []
    assert "印を付けて" in text_of(app)
    assert not workspace.exists()


@pytest.mark.parametrize("name", ["", "   ", "　"])
def test_a_name_is_required(run, workspace, name):
    app = sign(run("confirm", SOUND), name)
    assert "名前" in errors_of(app)[0]
    assert not list(workspace.glob("*.jsonl"))
    assert "確定しました" not in text_of(app)


def test_freezing_shows_the_id_and_lists_the_record(frozen):
    app, run_id = frozen
    assert f"確定しました。番号 {run_id}" in text_of(app)
    row = records(app)[0]
    assert row[2:4] == [RULES["hitomachi"].title, f"{sums_of(app)['配分額の合計']:,}"]
    assert row[5:] == ["地域づくり課長", "決裁 第12号"]
    assert any("記録したときのまま" in one.value for one in app.caption)


def test_a_second_press_does_not_sign_again(frozen):
    """The form is emptied after signing: the officer must sign anew to make another record."""
    app, _ = frozen
    assert app.text_input(key="confirm_name").value == ""
    assert app.checkbox(key="confirm_seen").value is False
    next(button for button in app.button if button.label == "確定する").click().run()
    assert len(records(app)) == 1


def test_the_record_opens_with_the_same_bytes_every_time(frozen, downloads):
    app, run_id = frozen
    offered = []
    for _ in range(2):
        app.selectbox(key="confirm_open").set_value(run_id).run()
        assert errors_of(app) == []
        offered.append(dict(downloads))
        app.selectbox(key="confirm_open").set_value("").run()
    assert offered[0] == offered[1]
    assert set(offered[0]) == {
        "ダウンロード(Excel)", "ダウンロード(CSV)", "記録そのもの(JSON)", "この地区の1枚をダウンロード(HTML)",
    }  # fmt: skip
    assert all(run_id in name and raw for name, raw in offered[0].values())
    said = {
        row[1]: row[2] for row in csv_rows(offered[0]["ダウンロード(CSV)"][1]) if len(row) > 2 and not row[0]
    }
    assert said["状態"].startswith(f"確定(番号 {run_id}")


def test_a_frozen_run_survives_a_restart(frozen, downloads):
    _, run_id = frozen
    app = open_page("confirm")
    assert [row[0] for row in records(app)] == [run_id]
    app.selectbox(key="confirm_open").set_value(run_id).run()
    assert errors_of(app) == []
    rows = table_of(app, f"確定 番号 {run_id}")
    assert sum(whole(row[-1]) for row in rows["tbody"]) == sums_of(app)["配分額の合計"]
    assert f"確定した試算の番号 {run_id}" in html_of(app).split("kg-footer")[-1]


def test_a_frozen_run_is_last_year_of_the_next(frozen, run):
    _, run_id = frozen
    app = run("trial", SOUND.replace("fy=2025", "fy=2026"))
    app.selectbox(key="last_run").set_value(run_id).run()
    assert errors_of(app) == []
    assert f"確定 {run_id}" in text_of(app)
    app = open_page("yearly", SOUND.replace("fy=2025", "fy=2026"))
    assert errors_of(app) == []
    assert {row[4] for row in table_of(app, "増減の理由")["tbody"]} == {"0"}


def test_texts_of_the_officer_are_text(run, downloads):
    app = sign(run("confirm", SOUND), "<b>課長</b>", "=HYPERLINK(1)")
    assert errors_of(app) == []
    assert "<b>課長" not in html_of(app)
    assert records(app)[0][5:] == ["<b>課長</b>", "=HYPERLINK(1)"]


def test_a_workspace_that_is_a_file_is_one_calm_box(run, workspace):
    workspace.write_text("no folder")
    app = run("confirm", SOUND)
    assert len(errors_of(app)) == 1
    assert "workspace" in errors_of(app)[0]
    assert workspace.read_text() == "no folder"


def test_a_changed_ledger_is_named(frozen, workspace):
    ledger = next(one for one in workspace.iterdir() if one.is_file())
    raw = bytearray(ledger.read_bytes())
    at = raw.find("決裁".encode())
    raw[at : at + 3] = "採".encode()
    ledger.write_bytes(bytes(raw))
    errors = errors_of(open_page("confirm"))
    assert errors
    assert "Traceback" not in errors[0]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_shown_with_its_articles(run, rule):
    app = run("rules", rule=rule)
    assert errors_of(app) == []
    text, book = text_of(app), RULES[rule]
    for said in (book.title, book.instrument, book.url, book.sha256[:16], *book.not_stated):
        assert said in text
    names = {row[1] for row in table_of(app, "値と根拠")["tbody"]}
    assert names == set(book.values)


def test_an_unknown_rule_in_the_address_shows_the_citys_own(run):
    app = run("rules", rule="<b>x</b>")
    assert errors_of(app) == []
    assert RULES["hitomachi"].title in text_of(app)


def test_the_published_table_of_2010_is_met_by_all_seven(run):
    app = run("rules", rule="genki_2010")
    table = table_of(app, "公表された表との照合")
    assert [row[-1] for row in table["tbody"]] == ["合"] * 7
    assert {row[0]: whole(row[2]) // 1000 for row in table["tbody"]} == {
        "一関": 7000, "花泉": 6000, "大東": 6000, "千厩": 6000, "東山": 5000, "室根": 5000, "川崎": 5000,
    }  # fmt: skip
    assert table["tfoot"][0][2:] == ["40,000,000", "40,000,000", "合"]


def test_a_case_whose_people_another_city_lacks_is_said(run, fictional):
    app = run("rules", rule="genki_2010")
    assert "人口がありません" in errors_of(app)[0]
    assert app.file_uploader  # the rest of the page stands


def bring(app, raw):
    app.file_uploader(key="rule_file").set_value(("watashi.toml", raw, "application/toml"))
    return app.run()


def test_a_sound_rule_file_is_shown(run):
    app = bring(run("rules"), OWN_RULE.format(id="kakuu").encode())
    assert errors_of(app) == []
    assert "誤りはありません" in text_of(app)
    assert "架空の交付金" in text_of(app)


def test_a_bad_rule_file_lists_all_its_faults(run):
    text = (
        OWN_RULE.format(id="kakuu")
        .replace("amount = 1000", "amount = 0.1e3\nsome = 1")
        .replace('kind = "equal"', 'kind = "ひとしく"')
    )
    app = bring(run("rules"), text.encode())
    box = html_of(app).split('class="kg-error"')[1]
    assert box.count("<li>") >= 2
    assert "watashi.toml" in errors_of(app)[0]
    assert "誤りはありません" not in text_of(app)


@pytest.mark.parametrize("raw", [b"id = ", b"[[[", b"x = 1" * 10], ids=["cut", "brackets", "junk"])
def test_what_is_no_toml_is_said(run, raw):
    assert "TOML" in errors_of(bring(run("rules"), raw))[0]


def test_a_rule_file_must_be_utf8(run):
    app = bring(run("rules"), OWN_RULE.format(id="kakuu").encode("cp932"))
    assert errors_of(app) == []
    assert "UTF-8" in text_of(app)


def test_markup_in_a_rule_file_is_text(run):
    app = bring(
        run("rules"), OWN_RULE.format(id="kakuu").replace("架空の規則。", "<script>1</script>").encode()
    )
    assert "<script>" not in html_of(app)
    assert len(tables_of(app)) > 0


def test_a_rule_of_ones_own_is_kept_and_can_be_tried(run, workspace):
    app = bring(run("rules"), OWN_RULE.format(id="kakuu").encode())
    assert not workspace.exists()  # a look writes nothing
    next(button for button in app.button if button.label == "この規則を使う").click().run()
    assert errors_of(app) == []
    assert len(list((workspace / "rules").iterdir())) == 1
    app = open_page("trial", "rule=kakuu&fy=2025")
    assert errors_of(app) == []
    assert {row[-1] for row in table_of(app, "各単位の試算")["tbody"]} == {"1,000"}


def test_a_broken_rule_of_ones_own_is_named_and_stops_nothing(run, workspace):
    (workspace / "rules").mkdir(parents=True)
    (workspace / "rules" / "kowareta.toml").write_text("id = ")
    app = run("rules")
    assert any("kowareta.toml" in error for error in errors_of(app))
    assert errors_of(open_page("trial", SOUND)) == []
