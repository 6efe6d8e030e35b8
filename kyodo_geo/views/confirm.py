"""確定: is it right, and who signs? A trial becomes an immutable record; every record can be opened again."""

from __future__ import annotations

from html import escape

import streamlit as st

from kyodo_geo.errors import KyodoError
from kyodo_geo.fiscal import FiscalYear, moment_words
from kyodo_geo.model.grants import GrantRun
from kyodo_geo.model.record import record_of
from kyodo_geo.present.change_report import CHANGE_COLUMNS, METHOD, change_foot, change_rows
from kyodo_geo.present.grant_reports import grant_columns, grant_csv, grant_foot, grant_rows, run_name
from kyodo_geo.present.tables import Col, csv_file, html_table
from kyodo_geo.runs import changes_of
from kyodo_geo.views import context, granting
from kyodo_geo.views.one_unit import show_one_unit

_OPEN = "confirm_open"


def page() -> None:
    """Show the trial at hand with its checks and the form that freezes it, and the frozen runs."""
    context.heading("確定", "この額でよいか。だれが、いつ確定したか")
    context.city()  # broken data are named before anything is asked
    done = st.session_state.pop("confirm_done", "")
    if done:
        st.session_state.update({"confirm_name": "", "confirm_note": "", "confirm_seen": False})
        context.notice(f"確定しました。番号 {done}。この記録は変わりません。")
    asked = granting.asked()
    run = granting.run_or_reason(asked) if asked else None
    if not asked:
        st.info("試算の頁で金額を入れると、ここで確定できます。")
    if run is not None:
        _trial(run)
    _records()


def _trial(run: GrantRun) -> None:
    st.html(f"<h2>{escape(run_name(run))}</h2>")
    granting.show_sums(run)
    _lines(run)
    granting.show_checks(run.checks)
    granting.footer(run)
    if run.failed:
        context.notice(
            "検算に否があるため確定できません。試算は続けられます。直すところは上の表の説明にあります。"
        )
        return
    same = [
        one
        for one in granting.frozen_runs()
        if one.scenario == run.scenario
        and one.rule.sha256 == run.rule.sha256
        and one.allocation.totals_yen == run.allocation.totals_yen
    ]
    if same:
        context.notice(
            f"同じ条件で同じ額の確定が、すでにあります(番号 {same[0].run_id})。もう一度確定すると、別の番号の記録になります。"
        )
    _form(run)


def _form(run: GrantRun) -> None:
    """Ask who confirms, and that what was flagged has been seen; both go into the record."""
    flagged = [check for check in run.checks if check.outcome == "note"]
    with st.form("confirm"):
        name = st.text_input("確定する人(職名または氏名)", key="confirm_name", max_chars=60)
        note = st.text_input("記録に残す言葉(決裁番号など)", key="confirm_note", max_chars=200)
        seen = st.checkbox(
            f"注意 {len(flagged)} 件({'、'.join(check.label for check in flagged)})を確かめました",
            key="confirm_seen",
        )
        pressed = st.form_submit_button("確定する", type="primary")
    if not pressed:
        return
    if flagged and not seen:
        context.notice("注意の項目を確かめたことに印を付けてください。")
        return
    seen_labels = [check.label for check in flagged]
    record = record_of(run, frozen_at=granting.now(), frozen_by=name, note=note, seen=seen_labels)
    st.session_state["confirm_done"] = granting.ledger().freeze(record).run_id
    st.rerun()


def _records() -> None:
    """List the frozen runs, and open one of them with its lines and files."""
    runs = granting.frozen_runs()
    st.html("<h2>確定した試算</h2>")
    if not runs:
        st.caption(f"まだありません。記録はこのフォルダーに置きます: {granting.ledger().path.parent}")
        return
    columns = [
        Col("番号", heading=True),
        Col("年度"),
        Col("規則", wide=True),
        Col("配分額(円)", number=True),
        Col("確定日時"),
        Col("確定した人"),
        Col("言葉"),
    ]
    rows = [_row(run) for run in runs]
    st.html(html_table(columns, rows, caption=f"確定した試算 {len(runs)} 件(新しい順)", scroll=False))
    broken = granting.ledger().verify()
    if broken:
        context.show_error(
            KyodoError(
                "台帳に、記録したときと違うところがあります。",
                faults=broken,
                todo="台帳のファイルの控えと比べてください",
            )
        )
    else:
        st.caption("台帳を確かめました: すべての記録が、記録したときのままです。")
    names = {run.run_id: f"{run.run_id} {run_name(run)}" for run in runs}
    chosen = st.selectbox(
        "開く記録", ["", *names], format_func=lambda key: names.get(key, "選ばない"), key=_OPEN
    )
    if chosen:
        _opened(next(run for run in runs if run.run_id == chosen))


def _row(run: GrantRun) -> list[object]:
    frozen = run.frozen
    if frozen is None:
        msg = "a run of the ledger is frozen"
        raise AssertionError(msg)
    return [
        run.run_id, FiscalYear(run.scenario.fiscal_year).label, run.rule.title, f"{run.allocation.allocated_yen:,}",
        moment_words(frozen.frozen_at), frozen.frozen_by, frozen.note,
    ]  # fmt: skip


def _lines(run: GrantRun) -> None:
    """Show every line that is, or would be, signed, with its steps."""
    mark = "例・架空の額: " if run.scenario.example else ""
    columns = [
        Col(label, number=position > 1, heading=position == 1)
        for position, label in enumerate(grant_columns(run))
    ]
    st.html(
        html_table(
            columns,
            granting.texts(grant_rows(run)),
            caption=f"確定 番号 {run.run_id}" if run.frozen else f"{mark}確定する前の試算(円)",
            foot=granting.texts(grant_foot(run)),
        )
    )


def _opened(run: GrantRun) -> None:
    granting.show_sums(run)
    _lines(run)
    excel, table, record = st.columns(3)
    granting.excel_button(excel, run, f"kakutei_{run.run_id}")
    table.download_button(
        "ダウンロード(CSV)", data=csv_file(grant_csv(run)), file_name=f"kakutei_{run.run_id}.csv", mime="text/csv",
        on_click="ignore", width="stretch",
    )  # fmt: skip
    record.download_button(
        "記録そのもの(JSON)", data=granting.ledger().run(run.run_id).content, file_name=f"kakutei_{run.run_id}.json",
        mime="application/json", on_click="ignore", width="stretch",
    )  # fmt: skip
    show_one_unit(run)
    _changes(run)
    granting.show_checks(run.checks)
    granting.footer(run)


def _changes(run: GrantRun) -> None:
    """Show why it is more or less than the frozen run it was compared with, where there is one."""
    changes = changes_of(run)
    if changes is None or run.last_year is None:
        return
    columns = [
        Col(
            label,
            number=1 < place < len(CHANGE_COLUMNS) - 1,
            heading=place == 1,
            wide=place == len(CHANGE_COLUMNS) - 1,
        )
        for place, label in enumerate(CHANGE_COLUMNS)
    ]
    caption = f"前年({run.last_year.title})からの増減の理由(円)"
    st.html(html_table(columns, change_rows(changes), caption=caption, foot=[change_foot(changes)]))
    st.caption(METHOD)


context.run(page)
