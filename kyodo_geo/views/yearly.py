"""前年比: why is it more or less than last year? The change of each district, split into five parts that add up."""

from __future__ import annotations

from html import escape

import streamlit as st

from kyodo_geo.model.change import Change
from kyodo_geo.model.grants import GrantRun
from kyodo_geo.present.change_report import CHANGE_COLUMNS, METHOD, change_csv, change_foot, change_rows
from kyodo_geo.present.compare_report import scenario_name
from kyodo_geo.present.grant_reports import run_name
from kyodo_geo.present.tables import Col, csv_file, html_table
from kyodo_geo.runs import year_change
from kyodo_geo.views import context, granting


def page() -> None:
    """Let the user choose two runs (frozen ones, or scenarios of this session) and show the split."""
    context.heading("前年比", "なぜ増えたか、なぜ減ったか")
    context.city()  # broken data are named before anything is asked
    choices = _choices()
    if len(choices) < 2:
        st.info(
            "比べる試算が2つ要ります。試算の頁で「比較に加える」を押すか、試算を確定すると、ここで選べます。"
        )
        return
    left, right = st.columns(2)
    ids, names = list(choices), {key: name for key, (name, _) in choices.items()}
    before = left.selectbox("前(前年)", ids, index=1, format_func=names.__getitem__, key="yearly_before")
    after = right.selectbox("後(今年)", ids, index=0, format_func=names.__getitem__, key="yearly_after")
    if before == after:
        st.info("前と後に違う試算を選んでください。")
        return
    _show(choices[before][1], choices[after][1])


def _choices() -> dict[str, tuple[str, GrantRun]]:
    """Return what can be chosen, with its name: the scenario at work, those put aside, and every frozen run."""
    found: dict[str, tuple[str, GrantRun]] = {}
    asked = granting.asked()
    for text in dict.fromkeys([*([asked] if asked else []), *granting.basket()]):
        run = granting.run_or_reason(text)
        if run is not None:
            found[text] = f"試算 {scenario_name(run.scenario, run.rule)}", run
    return {**found, **{run.run_id: (run_name(run), run) for run in granting.frozen_runs()}}


def _show(before: GrantRun, after: GrantRun) -> None:
    changes = year_change(before, after)
    example = any(run.scenario.example for run in (before, after))
    st.html(f"<p>{granting.marks(after)}前: {escape(run_name(before))} → 後: {escape(run_name(after))}</p>")
    columns = [
        Col(label, number=1 < position < len(CHANGE_COLUMNS) - 1, heading=position == 1, wide=position == len(CHANGE_COLUMNS) - 1)
        for position, label in enumerate(CHANGE_COLUMNS)
    ]  # fmt: skip
    title = f"{'例・架空の額: ' if example else ''}増減の理由(円)"
    st.html(html_table(columns, change_rows(changes), caption=title, foot=[change_foot(changes)]))
    st.caption(METHOD)
    _download(before, after, changes)
    granting.footer(after)


def _download(before: GrantRun, after: GrantRun, changes: tuple[Change, ...]) -> None:
    st.download_button(
        "前年比をダウンロード(CSV)", data=csv_file(change_csv(before, after, changes)), file_name="zennenhi.csv",
        mime="text/csv", on_click="ignore",
    )  # fmt: skip


context.run(page)
