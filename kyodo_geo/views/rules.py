"""規則: what does the rule say? Every rule with its values, articles, order of arithmetic and open questions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from kyodo_geo.errors import KyodoError
from kyodo_geo.fiscal import both_calendars
from kyodo_geo.ledger import rules_folder
from kyodo_geo.model.grants import GrantRun
from kyodo_geo.present.rule_report import VALUE_COLUMNS, step_lines, value_rows
from kyodo_geo.present.tables import Col, html_table, number_text
from kyodo_geo.rules.book import Rule, parse_rule
from kyodo_geo.runs import case_run, keep_rule
from kyodo_geo.views import context, granting


def page() -> None:
    """Show a rule in words, its published cases computed again, and check a file the user brings."""
    context.heading("規則", "配分の規則は何と言っているか。何が決まっていないか")
    rules = context.rule_book().rules
    own = context.city().facts.grant_rule
    ordered = sorted(rules, key=lambda key: (bool(rules[key].place), key != own))
    asked = st.query_params.get("rule", own)
    chosen = st.selectbox(
        "規則", ordered, index=ordered.index(asked) if asked in ordered else 0,
        format_func=lambda key: f"{rules[key].place + ' ' if rules[key].place else ''}{rules[key].title}", key="rule_shown",
    )  # fmt: skip
    st.query_params["rule"] = chosen
    show_rule(rules[chosen])
    runs = _cases(rules[chosen])
    _own_file()
    for run in runs:
        granting.footer(run)


def show_rule(rule: Rule) -> None:
    """Show one rule: instrument, order of arithmetic, values with articles, conditions, what is not known."""
    until = f" から {both_calendars(rule.ends)} まで" if rule.ends else " から"
    st.html(
        f'<div class="kg-note"><p><strong>{escape(rule.title)}</strong> {escape(rule.place)}</p><p>{escape(rule.summary)}</p>'
        f"<p>根拠: {escape(rule.instrument)}({escape(rule.url)})</p>"
        f"<p>期間: {both_calendars(rule.in_force)}{until}。ファイルの指紋 {rule.sha256[:16]}</p></div>"
    )
    steps = "".join(f"<li>{escape(line)}</li>" for line in step_lines(rule))
    st.html(f"<h2>計算の順</h2><ol>{steps}</ol>")
    columns = [
        Col(
            label,
            number=label == "額",
            heading=label == "値",
            wide=label in {"値", "根拠"},
            code=label in {"名前", "この日から"},
        )
        for label in VALUE_COLUMNS
    ]
    st.html(html_table(columns, value_rows(rule), caption="値と根拠", scroll=False))
    conditions = [f"{one.text}({one.reference})" for one in rule.claim.conditions] if rule.claim else []
    for title, lines in (("交付の条件", conditions), ("分かっていないこと", rule.not_stated)):
        if lines:
            st.html(f"<h2>{title}</h2><ul>{''.join(f'<li>{escape(one)}</li>' for one in lines)}</ul>")


def _cases(rule: Rule) -> list[GrantRun]:
    """Compute every published case of the rule from the city's populations and set it beside what was published."""
    runs = []
    for case in rule.cases:
        found = context.attempt(partial(_case, rule, case), None)
        if found is None:
            continue
        run, published = found
        rows = [
            [unit.name, number_text(unit.population), number_text(total), number_text(published[unit.name]),
             "合" if total == published[unit.name] else "否"]
            for unit, total in zip(run.allocation.units, run.allocation.totals_yen, strict=True)
        ]  # fmt: skip
        sums = number_text(run.allocation.allocated_yen), number_text(sum(published.values()))
        foot = [["合計", "", *sums, "合" if sums[0] == sums[1] else "否"]]
        columns = [Col("地域", heading=True), Col("人口(人)", number=True), Col("この規則での額(円)", number=True),
                   Col("公表された額(円)", number=True), Col("一致")]  # fmt: skip
        st.html(
            html_table(
                columns, rows, caption=f"公表された表との照合: {case['label']}", foot=foot, scroll=False
            )
        )
        st.html(f"<p>公表された額の出典: {escape(str(case['reference']))}</p>")
        runs.append(run)
    return runs


def _case(rule: Rule, case: Mapping[str, Any]) -> tuple[GrantRun, dict[str, int]] | None:
    return case_run(context.city(), rule, case)


def _own_file() -> None:
    """Check a rule file that the user wrote, its faults listed with their places, and keep a good one for use."""
    st.html("<h2>自分の規則ファイルを確かめる、使う</h2>")
    for error in context.broken_rules():
        context.show_error(error)
    given = st.file_uploader(
        "規則ファイル(TOML)。書き方は README の「規則ファイル」にあります", type="toml", key="rule_file"
    )
    if given is None:
        return
    try:
        rule = parse_rule(given.getvalue().decode("utf-8"), name=given.name)
    except UnicodeDecodeError:
        context.notice("UTF-8 の文字ではありません。UTF-8 で保存し直してください。")
    except KyodoError as error:
        context.show_error(error)
    else:
        context.notice("誤りはありません。")
        if st.button("この規則を使う", help="作業フォルダーの rules に置き、試算で選べるようにします"):
            keep_rule(rule, context.rule_book(), rules_folder())
            context.notice(f"置きました。試算の頁で「{rule.title}」を選べます。")
        show_rule(rule)


context.run(page)
