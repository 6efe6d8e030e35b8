"""交付の記録 as its script: from a frozen run to limits, entries, refusals, history; nothing lost, nothing written twice."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from kyodo_geo.city import City
from kyodo_geo.errors import LedgerError
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.ledger import Ledger
from kyodo_geo.model.grant_life import EventKind, GrantEvent
from kyodo_geo.model.record import record_of
from kyodo_geo.model.scenario import Scenario
from kyodo_geo.runs import district_units, make_run

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "kyodo_geo/views/payments.py"
YEAR, DAY = 2024, date(2024, 4, 1)
VALUES = {"equal_yen": Fraction(300_000), "per_head_yen": Fraction(100)}


@pytest.fixture(scope="module")
def city():
    return City.load()


@pytest.fixture(autouse=True)
def _fresh_cache():
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    monkeypatch.setenv("KYODO_GEO_WORKSPACE", str(tmp_path / "作業"))
    monkeypatch.chdir(ROOT)
    return Ledger(tmp_path / "作業")


def freeze(ledger, city, **values):
    scenario = Scenario(
        "hitomachi",
        YEAR,
        supplied=VALUES | values,
        place="term",
        reference_day=date(2020, 10, 1),
    )
    run = make_run(city.rules.rule("hitomachi"), scenario, district_units(city, DAY))
    return ledger.freeze(record_of(run, frozen_at="2024-04-10T09:00:00+09:00", frozen_by="架空 花子")).run_id


@pytest.fixture
def frozen(ledger, city):
    return freeze(ledger, city)


def opened():
    app = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert not app.exception
    return app


def html_of(app):
    return "\n".join(one.proto.body for one in app.get("html"))


def text_of(app):
    return re.sub(r"<[^>]+>", " ", html_of(app))


def choose(app, label, value):
    next(one for one in app.selectbox if one.label == label).set_value(value)
    return app


def write(app, start, text):
    next(one for one in app.text_input if one.label.startswith(start)).set_value(text)
    return app


def press(app, label):
    next(one for one in app.button if one.label == label).click()
    app.run()
    assert not app.exception
    return app


def take(app, who="架空 太郎", why=""):
    return press(write(write(app, "取り込む人", who), "理由(記録した", why), "限度額を取り込む")


def record(app, kind, yen, *, unit="01", by="架空 太郎", reason=""):
    choose(choose(app, "単位", unit), "種類", EventKind(kind))
    return press(write(write(write(app, "金額", yen), "入力した人", by), "理由(限度額", reason), "記録する")


def boxes(app):
    return html_of(app).count('class="kg-error"')


def own_event(kind, yen, *, year=YEAR, code="01", **changes):
    entry = GrantEvent(year, "hitomachi", code, "一関", EventKind(kind), yen, date(year, 6, 1), "花子")
    return replace(entry, **changes)


def test_an_empty_ledger_shows_every_district_with_words_and_writes_nothing(ledger, city):
    app = opened()
    assert not boxes(app)
    assert html_of(app).count("未入力") >= 3 * len(city.names)
    assert "この規則の記録はまだありません" in " ".join(one.value for one in app.caption)
    assert not ledger.path.parent.exists()


def test_only_rules_with_a_claim_are_offered_the_citys_own_first(ledger, city):
    offered = next(one for one in opened().selectbox if one.label == "規則").options
    with_claim = [rule for rule in city.rules.rules.values() if rule.claim]
    assert len(offered) == len(with_claim)
    assert offered[0] == city.rules.rule(city.facts.grant_rule).title


def test_every_rule_opens_in_every_year(ledger, city):
    app = opened()
    for rule in (one for one in city.rules.rules.values() if one.claim):
        choose(app, "規則", rule.id).run()
        assert not app.exception
        assert not boxes(app)
        first = FiscalYear.of(rule.in_force).year
        choose(app, "年度", first).run()
        assert not app.exception
        assert not boxes(app)


def test_limits_come_from_a_frozen_run_once(ledger, city, frozen):
    app = take(opened())
    assert f"試算 {frozen} から限度額を {len(city.names)} 件記録しました" in text_of(app)
    events = ledger.events()
    assert {event.run_id for event in events} == {frozen}
    assert {event.entered_by for event in events} == {"架空 太郎"}
    app = take(app)
    assert f"限度額を 0 件記録しました。同じ額が記録済みの {len(city.names)} 件" in text_of(app)
    assert ledger.events() == events


def test_a_new_run_writes_only_what_differs_and_not_below_a_decision(ledger, city, frozen):
    app = take(opened())
    limit = next(event.amount_yen for event in ledger.events() if event.unit_code == "01")
    for kind in ("application", "decision"):
        ledger.append(own_event(kind, limit))
    second = freeze(ledger, city, equal_yen=Fraction(200_000))
    app = opened()
    choose(app, "確定した試算", second)
    before = ledger.events()
    app = take(app)
    assert boxes(app) == 1
    assert "理由を入れてください" in text_of(app)
    assert ledger.events() == before
    app = take(app, why="算定の訂正")
    assert len(ledger.events()) == len(before) + len(city.names)
    assert "限度額を 100,000 円超過(理由: 算定の訂正)" in text_of(app)


def test_importing_without_a_name_is_refused_whole(ledger, frozen):
    app = take(opened(), who=" ")
    assert boxes(app) == 1
    assert "入力者がありません" in text_of(app)
    assert ledger.events() == ()


def test_an_entry_is_recorded_said_and_shown(ledger, frozen):
    app = record(take(opened()), "application", "２００，０００円")
    number = ledger.events()[-1].seq
    assert f"記録しました(番号 {number})" in text_of(app)
    assert "申請 200,000 円" in text_of(app)
    assert "交付決定を待っています" in text_of(app)
    last = ledger.events()[-1]
    assert (last.kind, last.amount_yen, last.fiscal_year, last.unit_code) == (
        EventKind.APPLICATION,
        200_000,
        YEAR,
        "01",
    )
    assert next(one for one in app.text_input if one.label == "金額(円)").value == ""
    assert next(one for one in app.text_input if one.label.startswith("入力した人")).value == "架空 太郎"


def test_pressing_again_does_not_record_twice(ledger, frozen):
    app = record(take(opened()), "application", "200000")
    count = len(ledger.events())
    press(app, "記録する")
    assert len(ledger.events()) == count
    assert "金額が空です" in text_of(app)


def test_a_whole_life_to_the_repayment(ledger, frozen):
    app = take(opened())
    for kind, yen in (
        ("application", "300000"),
        ("decision", "300000"),
        ("reserve", "100000"),
        ("result", "150000"),
    ):
        app = record(app, kind, yen)
        assert not boxes(app)
    assert "返還が必要です" in text_of(app)
    assert "100,000(令和8年度まで)" in text_of(app)
    assert "精算済み" in text_of(record(app, "repayment", "50000"))


@pytest.mark.parametrize(
    ("kind", "yen", "word"),
    [
        ("application", "", "金額が空です"),
        ("application", "たくさん", "「たくさん」"),
        ("application", "-1", "負の数"),
        ("application", "1.5", "端数"),
        ("application", "99,999,999", "超える理由"),
        ("decision", "1", "申請がありません"),
        ("result", "1", "交付決定がありません"),
        ("repayment", "1", "交付決定 0 円を超えます"),
        ("reserve", "99,999,999", "1/2"),
        ("reserve_use", "1", "取り崩せるのは 0 円まで"),
        ("application", "<script>alert(1)</script>", "&lt;script&gt;"),
    ],
)
def test_what_is_refused_gets_one_calm_box_and_the_table_stays(ledger, frozen, kind, yen, word):
    app = take(opened())
    before = ledger.events()
    app = record(app, kind, yen)
    assert boxes(app) == 1
    assert word in html_of(app)
    assert "対処" in html_of(app)
    assert "申請を待っています" in html_of(app)
    assert "交付の条件" in html_of(app)
    assert ledger.events() == before


def test_without_a_name_nothing_is_recorded(ledger, frozen):
    app = record(take(opened()), "application", "1", by=" ")
    assert "入力者がありません" in text_of(app)
    assert ledger.events()[-1].kind is EventKind.LIMIT


def test_texts_of_users_are_text(ledger, frozen):
    app = record(take(opened()), "application", "1", by="<b>名前</b>", reason="<img src=x onerror=alert(1)>")
    assert "<img" not in html_of(app)
    assert "<b>名前" not in html_of(app)
    assert "&lt;img" in html_of(app)


def test_an_overdue_reserve_stands_out_in_words(ledger, frozen):
    ledger.append(own_event("reserve", 1_000, year=2021))
    app = opened()
    assert "▲ 期限切れ: 使える年度を過ぎた積立があります。一関 1,000 円" in text_of(app)
    assert "1,000(▲ 期限切れ 令和5年度まで)" in text_of(app)


def test_the_history_of_one_unit(ledger, frozen):
    app = take(opened())
    assert frozen in html_of(app)
    choose(app, "履歴を見る単位", "02").run()
    assert "記録 1 件" in text_of(app)


def test_before_the_rate_was_published_it_is_asked_for(ledger):
    app = opened()
    choose(app, "年度", 2018).run()
    assert "補助率は公表されていません" in text_of(app)
    assert not [one for one in app.button if one.label == "記録する"]
    write(app, "補助率", "９/10").run()
    assert [one for one in app.button if one.label == "記録する"]
    assert "10分の9(入力した値)" in text_of(app)
    write(app, "補助率", "3/2").run()
    assert boxes(app) == 1
    assert "0 から 1 まで" in text_of(app)


def test_the_ledger_is_checked_on_request(ledger, frozen):
    app = press(take(opened()), "台帳を確かめる")
    assert "すべての記録が、記録したときのままです" in text_of(app)


def test_a_changed_ledger_is_named_and_can_still_be_checked(ledger, frozen):
    take(opened())
    with closing(sqlite3.connect(ledger.path)) as connection:
        connection.execute("DROP TRIGGER events_no_update")
        connection.execute("UPDATE events SET amount_yen = amount_yen + 1 WHERE seq = 2")
        connection.commit()
    app = opened()
    assert "記録 2 番 は改ざんされたか破損しています" in text_of(app)
    app = press(app, "台帳を確かめる")
    assert "内容が sha256 と合いません" in text_of(app)


def test_where_nothing_can_be_written_the_page_is_for_reading(ledger, frozen, monkeypatch):
    take(opened())
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and real(path, mode))
    app = opened()
    assert "書き込めないため、この頁は見るだけです" in text_of(app)
    assert all(one.disabled for one in app.button if one.label in {"記録する", "限度額を取り込む"})
    assert "申請を待っています" in text_of(app)


def test_a_disk_that_is_full_while_writing_is_one_calm_box(ledger, frozen, monkeypatch):
    app = take(opened())
    before = ledger.events()

    def full(self, event, *, conditions=None):
        raise LedgerError(
            "台帳に書き込めません(ディスクの空きがありません)。", todo="空き容量を確かめてください"
        )

    monkeypatch.setattr(Ledger, "append", full)
    app = record(app, "application", "1")
    assert boxes(app) == 1
    assert "ディスクの空きがありません" in text_of(app)
    assert ledger.events() == before


def test_a_workspace_that_is_a_file_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("KYODO_GEO_WORKSPACE", str(tmp_path / "file"))
    app = opened()
    assert boxes(app) == 1
    assert "作業フォルダーではなくファイルです" in text_of(app)
