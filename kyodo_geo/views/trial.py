"""試算: how much, and why? A rule, its amounts, the people it counts; the result with every step and every check."""

from __future__ import annotations

from html import escape

import streamlit as st

from kyodo_geo.model.grants import GrantRun
from kyodo_geo.model.scenario_file import write_scenarios
from kyodo_geo.present.grant_reports import grant_columns, grant_csv, grant_foot, grant_notes, grant_rows
from kyodo_geo.present.tables import Col, csv_file, html_table
from kyodo_geo.rules.book import Rule
from kyodo_geo.views import context, form_state, granting, trial_form
from kyodo_geo.views.one_unit import show_one_unit


def page() -> None:
    """Show the form; with all amounts entered, the result with every step."""
    context.heading("配分試算", "規則のとおりに配ると、各地区はいくらになるか")
    context.attempt(form_state.take_address, None)
    rule = trial_form.choose_rule()
    _rule_note(rule)
    scenario = trial_form.scenario(rule)
    if scenario is None:
        st.info("金額を入れると、ここに結果が出ます。公表されていない金額は、初めは空欄です。")
        return
    granting.remember(scenario)
    run = granting.run_scenario(scenario)
    _result(run)


def _rule_note(rule: Rule) -> None:
    """Say what the rule says and does not say, and offer its fictional examples."""
    open_things = "".join(f"<li>{escape(one)}</li>" for one in rule.not_stated)
    unsaid = f"<details><summary>分かっていないこと({len(rule.not_stated)})</summary><ul>{open_things}</ul></details>"
    supply = (
        "公表されていない金額は、担当課が決めた値を入れてください。"
        if form_state.supplied_names(rule)
        else ""
    )
    st.html(
        f'<div class="kg-note"><p><strong>{escape(rule.title)}</strong> {escape(rule.place)}</p>'
        f"<p>{escape(rule.summary)}</p><p>根拠: {escape(rule.instrument)}。{supply}</p>"
        f"{unsaid if rule.not_stated else ''}</div>"
    )
    columns = st.columns(max(len(rule.examples) + 1, 3))
    for column, (number, example) in zip(columns, enumerate(rule.examples), strict=False):
        column.button(
            example["label"],
            key=f"example_{rule.id}_{number}",
            on_click=form_state.fill,
            args=(rule, example),
            width="stretch",
        )
    columns[-1].button("入力を消す", on_click=form_state.fill, args=(rule, {}), width="stretch")


def _result(run: GrantRun) -> None:
    granting.show_sums(run)
    columns = [
        Col(label, number=position > 1, heading=position == 1)
        for position, label in enumerate(grant_columns(run))
    ]
    said = "、".join(
        f"{label} {text}" for label, text in grant_notes(run) if label in {"年度", "予算", "端数処理"}
    )
    mark = "例・架空の額: " if run.scenario.example else ""
    foot = granting.texts(grant_foot(run))
    st.html(
        html_table(
            columns, granting.texts(grant_rows(run)), caption=f"{mark}各単位の{run.status}({said})", foot=foot
        )
    )
    _downloads(run)
    show_one_unit(run)
    granting.show_checks(run.checks)
    granting.footer(run)


def _downloads(run: GrantRun) -> None:
    """Offer the workbook, the CSV, the scenario, and to put the scenario aside for comparing."""
    name = f"{'rei_' if run.scenario.example else ''}shisan_{run.scenario.fiscal_year}_{run.rule.id}"
    excel, table, saved, aside = st.columns(4)
    granting.excel_button(excel, run, name)
    table.download_button(
        "ダウンロード(CSV)", data=csv_file(grant_csv(run)), file_name=f"{name}.csv", mime="text/csv",
        on_click="ignore", width="stretch",
    )  # fmt: skip
    saved.download_button(
        "試算を保存", data=write_scenarios([run.scenario]), file_name=f"{name}.json", mime="application/json",
        on_click="ignore", width="stretch", help="入力した条件のファイル。比較の頁で開けます",
    )  # fmt: skip
    text = run.scenario.to_text()
    kept, full = text in granting.basket(), len(granting.basket()) >= granting.MOST
    label = "比較に加えました" if kept else f"比較は{granting.MOST}つまでです" if full else "比較に加える"
    aside.button(
        label, key="put_aside", on_click=granting.basket().append, args=(text,), disabled=kept or full, width="stretch",
    )  # fmt: skip


context.run(page)
