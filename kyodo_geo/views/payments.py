"""交付の記録: what was limited, asked, decided, spent, set aside and returned, unit by unit, and what is still open?"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from html import escape

import streamlit as st

from kyodo_geo.errors import InputRefused, KyodoError
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model import claims
from kyodo_geo.model.amounts import whole_yen
from kyodo_geo.model.grant_life import Conditions, EventKind, GrantEvent
from kyodo_geo.model.grants import GrantRun
from kyodo_geo.model.scenario import Scenario
from kyodo_geo.present import grant_life_report as report
from kyodo_geo.present.grant_reports import run_name
from kyodo_geo.present.tables import Col, csv_file, html_table
from kyodo_geo.rules.book import Rule
from kyodo_geo.views import context, granting

_RULE, _YEAR, _OPENED = "payments_rule", "payments_year", "payments_year_of"
_RECORDED, _TAKEN, _ROUND, _LAST = "payments_done", "payments_taken", "payments_round", "payments_last"


def page() -> None:
    """Show the table above, entering below it, then history and conditions."""
    context.heading("交付の記録", "限度額から返還まで、どの単位がどこまで進んだか")
    body, foot = st.container(), st.container()
    with foot:
        context.run(_verify)  # before all else: a ledger that cannot be read is when this is needed
    with body:
        _body()


def _body() -> None:
    """Fill the places out of their order: a refused entry stops the page, and all else shall stand there by then."""
    book = _choose()
    units = book.units(_districts(book))
    supplied = _supplied(book)
    if not _writable():
        folder = granting.ledger().path.parent
        todo = "記録するには、書き込みの許可を確かめてください。"
        context.notice(f"作業フォルダー {folder} に書き込めないため、この頁は見るだけです。{todo}")
    importing, table, entering = st.container(), st.container(), st.container()
    conditions = claims.conditions_of(book.rule, book.day, supplied) if supplied is not None else None
    if conditions:
        with table:
            _table(book, units, conditions)
    _history(book, units)
    _conditions(book, supplied or {})
    if conditions:
        with importing:
            _import(book, conditions)
        with entering:
            _enter(book, units, conditions)


def _choose() -> claims.GrantBook:
    """Let the user choose a rule with a claim, the city's own first, and a fiscal year."""
    frozen = granting.frozen_runs()
    rules = {run.rule.id: run.rule for run in frozen} | dict(context.rule_book().rules)
    own = context.city().facts.grant_rule
    keys = sorted(
        (key for key in rules if rules[key].claim), key=lambda key: (bool(rules[key].place), key != own)
    )
    left, right = st.columns([3, 1])
    rule = rules[
        left.selectbox("規則", keys, format_func=lambda key: f"{rules[key].place} {rules[key].title}".strip(), key=_RULE)
    ]  # fmt: skip
    runs = [run for run in frozen if run.rule.id == rule.id]
    years = _years(rule, runs)
    year = right.selectbox("年度", years, format_func=lambda one: FiscalYear(one).label, key=_YEAR)
    events = [event for event in granting.ledger().events() if event.scheme == rule.id]
    return claims.GrantBook(rule, year, runs, events)


def _years(rule: Rule, runs: Sequence[GrantRun]) -> list[int]:
    """Return the fiscal years of a rule; it opens in that of its newest frozen run, else in this year."""
    years = claims.fiscal_years(rule, context.today())
    if st.session_state.get(_YEAR) not in years or st.session_state.get(_OPENED) != rule.id:
        wanted = runs[0].scenario.fiscal_year if runs else FiscalYear.of(context.today()).year
        st.session_state[_YEAR], st.session_state[_OPENED] = min(max(wanted, years[-1]), years[0]), rule.id
    return years


def _districts(book: claims.GrantBook) -> dict[str, str]:
    city, on = context.city(), granting.lines_day(Scenario(book.rule.id, book.fiscal_year))
    return {code: str(city.names.loc[code, "district"]) for code in dict.fromkeys(city.lines(on).values())}


def _supplied(book: claims.GrantBook) -> dict[str, Fraction] | None:
    """Ask for each number of the claim that nobody has published; None while one is missing."""
    missing = claims.missing_values(book.rule, book.day)
    texts = {}
    for column, (name, label) in zip(
        st.columns(max(len(missing), 4)) if missing else [], missing.items(), strict=False
    ):
        known = "".join(str(run.scenario.supplied.get(name, "")) for run in book.runs_of_year[:1])
        key = f"payments_set_{book.rule.id}_{book.fiscal_year}_{name}"
        texts[name] = column.text_input(
            f"{label}(公表されていません)", value=known, key=key, placeholder="例 2/3"
        )
    given = {name: claims.read_number(text, missing[name]) for name, text in texts.items() if text.strip()}
    if len(given) == len(missing):
        return given
    context.notice(
        f"この年度の{'、'.join(missing.values())}は公表されていません。入れると、表が出て記録できます。"
    )
    return None


def _writable() -> bool:
    """Say whether the ledger may be written, as far as permissions tell; a full disk shows only when writing."""
    path = granting.ledger().path.absolute()
    if os.access(path, os.F_OK) and not os.access(path, os.W_OK):
        return False
    return os.access(next(folder for folder in path.parents if os.access(folder, os.F_OK)), os.W_OK)


def _table(book: claims.GrantBook, units: Mapping[str, str], conditions: Conditions) -> None:
    lines = report.life_lines(units, book.events, conditions, fiscal_year=book.fiscal_year)
    if late := report.overdue_words(lines):
        st.html(
            '<div class="kg-note" role="status" style="border-left-color:#b54708">'
            f"<p><strong>{escape(late)}</strong></p>"
            "<p>返還を受けたら、積み立てた年度を選んで「返還」を記録してください。</p></div>"
        )
    caption = f"{book.title}(円)"
    st.html(
        html_table(
            report.LIFE_COLUMNS, report.life_rows(lines), caption=caption, foot=report.life_foot(lines)
        )
    )
    _download("一覧", report.life_csv(lines, book.rule), f"koufu_{book.fiscal_year}_{book.rule.id}.csv")


def _heading(text: str) -> None:
    st.html(f'<div class="kg-letter"><h2>{escape(text)}</h2></div>')


def _download(what: str, text: str, name: str) -> None:
    st.download_button(
        f"{what}をダウンロード(CSV)", data=csv_file(text), file_name=name, mime="text/csv", on_click="ignore"
    )


def _import(book: claims.GrantBook, conditions: Conditions) -> None:
    """Offer the frozen runs of the year, and write their amounts as limits."""
    runs = {run.run_id: run for run in book.runs_of_year}
    if done := st.session_state.pop(_TAKEN, ""):
        context.notice(done)
    with st.expander("限度額を確定した試算から取り込む", expanded=bool(runs) and not book.events):
        if not runs:
            st.caption("この規則と年度の確定した試算はありません。「確定」の頁で確定すると、ここで選べます。")
            return
        run = runs[st.selectbox("確定した試算", list(runs), format_func=lambda key: _name(runs[key]))]
        left, right = st.columns(2)
        who = left.text_input("取り込む人(職名または氏名)", key="payments_import_who", max_chars=60)
        why = right.text_input(
            "理由(記録した額より低く直すときだけ)", key="payments_import_why", max_chars=200
        )
        if st.button("限度額を取り込む", disabled=not _writable()):
            context.run(partial(_take_limits, run, conditions, who.strip(), why.strip()))


def _name(run: GrantRun) -> str:
    return f"{run_name(run)}、合計 {run.allocation.allocated_yen:,} 円"


def _take_limits(run: GrantRun, conditions: Conditions, who: str, why: str) -> None:
    ledger = granting.ledger()
    limits = claims.limit_events(
        run, ledger.events(), conditions, day=context.today(), entered_by=who, reason=why
    )
    for event in limits:
        ledger.append(event, conditions=conditions)
    same = len(run.allocation.lines) - len(limits)
    said = f"同じ額が記録済みの {same} 件は書いていません。" if same else ""
    st.session_state[_TAKEN] = f"試算 {run.run_id} から限度額を {len(limits)} 件記録しました。{said}"
    st.rerun()


def _enter(book: claims.GrantBook, units: Mapping[str, str], conditions: Conditions) -> None:
    """Show the form for one event; after an entry it is a new form, so that a second click records nothing twice."""
    _heading("1件を記録する")
    if done := st.session_state.pop(_RECORDED, ""):
        context.notice(done)
    number = st.session_state.setdefault(_ROUND, 0)
    with st.form(f"payments_form_{number}", enter_to_submit=False):
        entry = _fields(units, book.rule, str(number))
        pressed = st.form_submit_button("記録する", type="primary", disabled=not _writable())
    st.caption(
        "実績は対象経費の額です。限度額・申請・交付決定・実績を直すときは、正しい額をもう一度記録します(前の記録も残ります)。"
        "返還・積立・取崩しは足し合わせます。返還は返す補助金の年度に、取崩しは使う年度に記録します。"
    )
    if pressed:
        context.run(partial(_record, book, units, conditions, entry))


def _fields(units: Mapping[str, str], rule: Rule, number: str) -> dict[str, object]:
    """Show the fields, with unit, kind and person as in the last entry, and return what is in them."""
    last, codes, kinds, today = st.session_state.get(_LAST, {}), list(units), list(EventKind), context.today()
    (unit, kind, amount), (on, who, why) = st.columns(3), st.columns(3)
    return {
        "unit": unit.selectbox(
            "単位", codes, index=codes.index(last["unit"]) if last.get("unit") in units else 0,
            format_func=lambda code: f"{code} {units[code]}", key=f"payments_unit_{number}",
        ),
        "kind": kind.selectbox(
            "種類", kinds, index=kinds.index(last.get("kind", EventKind.APPLICATION)),
            format_func=lambda one: EventKind(one).label, key=f"payments_kind_{number}",
        ),
        "amount": amount.text_input("金額(円)", key=f"payments_amount_{number}", placeholder="例 300,000"),
        "day": on.date_input(
            "日", value=today, min_value=min(rule.in_force - timedelta(days=366), today),
            max_value=today + timedelta(days=366), format="YYYY-MM-DD", key=f"payments_day_{number}",
        ),
        "by": who.text_input(
            "入力した人(職名または氏名)", value=last.get("by", ""), key=f"payments_by_{number}", max_chars=60
        ),
        "reason": why.text_input(
            "理由(限度額を超えるときなど)", key=f"payments_reason_{number}", max_chars=200
        ),
    }  # fmt: skip


def _record(
    book: claims.GrantBook, units: Mapping[str, str], conditions: Conditions, entry: Mapping[str, object]
) -> None:
    """Write one event and say what was recorded; what is refused is named with what to do."""
    code, kind, day = str(entry["unit"]), EventKind(str(entry["kind"])), entry["day"]
    by, reason, amount = (str(entry[name]).strip() for name in ("by", "reason", "amount"))
    if not amount:
        todo = "金額(円)を入れてください。ないことが分かっているときは 0 です"
        raise InputRefused("金額が空です。", todo=todo)
    if not isinstance(day, date):
        raise InputRefused("日が空です。", todo="その出来事のあった日を選んでください")
    yen = whole_yen(amount, "金額")
    event = GrantEvent(book.fiscal_year, book.rule.id, code, units[code], kind, yen, day, by, reason)
    number = granting.ledger().append(event, conditions=conditions)
    st.session_state[_ROUND] += 1
    st.session_state[_LAST] = {"unit": code, "kind": kind, "by": by}
    said = f"{FiscalYear(book.fiscal_year).label} {event.unit} {kind.label} {yen:,} 円"
    st.session_state[_RECORDED] = f"記録しました(番号 {number}): {said}"
    st.rerun()


def _history(book: claims.GrantBook, units: Mapping[str, str]) -> None:
    _heading("履歴")
    if not book.events:
        st.caption("この規則の記録はまだありません。")
        return
    codes = ["", *sorted({event.unit_code for event in book.events})]
    chosen = st.selectbox(
        "履歴を見る単位", codes, format_func=lambda code: f"{code} {units[code]}" if code else "すべての単位",
        key=f"payments_history_{book.rule.id}",
    )  # fmt: skip
    events = [event for event in book.events if chosen in {"", event.unit_code}]
    caption = f"記録 {len(events)} 件(すべての年度、新しい順)"
    st.html(html_table(report.EVENT_COLUMNS, report.event_rows(events), caption=caption))
    _download("履歴", report.events_csv(events), f"rireki_{book.rule.id}.csv")


def _conditions(book: claims.GrantBook, supplied: Mapping[str, Fraction]) -> None:
    _heading("交付の条件")
    columns = (Col("条件", heading=True, wide=True), Col("根拠", wide=True))
    rows = report.condition_rows(book.rule, book.day, supplied)
    caption = f"{book.title}の条件(合うかどうかは担当者が確かめます)"
    st.html(html_table(columns, rows, caption=caption, scroll=False))
    st.html(
        f'<footer class="kg-footer"><p>規則: {escape(book.rule.title)}({escape(book.rule.instrument)})</p>'
        f"<p>台帳: {escape(str(granting.ledger().path))}</p></footer>"
    )


def _verify() -> None:
    """Offer to hold every entry of the ledger against its sums."""
    if not st.button("台帳を確かめる", help="すべての記録が、記録したときのままかを調べます"):
        return
    ledger = granting.ledger()
    if faults := ledger.verify():
        todo = "この台帳を使わず、台帳のファイルの控えと比べてください"
        context.show_error(
            KyodoError("台帳に、記録したときと違うところがあります。", faults=faults, todo=todo)
        )
        return
    said = f"確定 {len(ledger.runs())} 件、交付の記録 {len(ledger.events())} 件"
    context.notice(f"台帳を確かめました({said})。すべての記録が、記録したときのままです。")


context.run(page)
