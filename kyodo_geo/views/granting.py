"""What the pages of 配分 share: the scenario in the address, the files brought in, the run, the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kyodo_geo.city import City
from kyodo_geo.errors import InputRefused, KyodoError
from kyodo_geo.fiscal import FiscalYear, moment_words
from kyodo_geo.ledger import Ledger, workspace
from kyodo_geo.model.amounts import exact_text
from kyodo_geo.model.check import Check
from kyodo_geo.model.grants import GrantRun, LastYear
from kyodo_geo.model.scenario import Scenario, from_text
from kyodo_geo.present.grant_reports import outcome
from kyodo_geo.present.tables import Col, html_table, number_text
from kyodo_geo.present.workbook import workbook_bytes
from kyodo_geo.provenance import unite
from kyodo_geo.runs import (
    Units,
    changes_of,
    district_units,
    last_year_of,
    listed_last_year,
    listed_units,
    make_run,
    open_frozen,
)
from kyodo_geo.sources.units import read_last_year, read_units
from kyodo_geo.views import context

UNITS, LAST_YEAR, SCENARIO, BASKET = "grant_units", "grant_last_year", "grant_scenario", "grant_basket"
FROM_FILE = "file"
MOST = 6  # scenarios that can be compared


def ledger() -> Ledger:
    """Return the ledger of the workspace; the folder may be named by KYODO_GEO_WORKSPACE."""
    return Ledger(workspace())


def now() -> str:
    """Return this moment with its time zone, to the second; pages are a door where the clock may be read."""
    return datetime.now().astimezone().isoformat(timespec="seconds")  # noqa: TID251 - see the docstring


def moment() -> datetime:
    """Return this moment."""
    return datetime.fromisoformat(now())


def frozen_runs() -> list[GrantRun]:
    """Return every frozen run, newest first; one that this version cannot compute again is named and left out."""
    found = []
    for stored in reversed(ledger().runs()):
        try:
            found.append(open_frozen(ledger(), stored.run_id))
        except KyodoError as error:
            context.show_error(error)
    return found


def lines_day(scenario: Scenario) -> date:
    """Return the day whose district lines a fiscal year uses: its first, or the first on which there are districts."""
    return max(FiscalYear(scenario.fiscal_year).first_day, context.city().facts.lineage.first_day)


@st.cache_resource(show_spinner=False, max_entries=32)
def _district_units(_city: City, on: date, population: str) -> Units:
    return district_units(_city, on, population)


def units_of(scenario: Scenario) -> Units:
    """Return the units of a scenario: the table the user brought in this session, or the districts."""
    city, on = context.city(), lines_day(scenario)
    if scenario.population != FROM_FILE:
        return _district_units(city, on, scenario.population)
    brought = st.session_state.get(UNITS)
    if brought is None:
        raise InputRefused(
            "この試算は読み込んだ単位の表の人口を使いますが、その表がありません。",
            todo="試算の頁で単位の表をもう一度読み込んでください",
        )
    table = read_units(brought[1], name=brought[0], known=city.names.index)
    return listed_units(table, tuple(dict.fromkeys(city.lines(on).values())))


def last_year(scenario: Scenario) -> LastYear | None:
    """Return last year as chosen in this session: a table, a frozen run, or the column of the units' table."""
    kind, name, content = st.session_state.get(LAST_YEAR, ("", "", b""))
    if kind == "file":
        return LastYear(f"入力ファイル {name}", read_last_year(content, name=name))
    if kind == "run":
        return last_year_of(open_frozen(ledger(), name))
    brought = st.session_state.get(UNITS)
    if brought is None or scenario.population != FROM_FILE:
        return None
    return listed_last_year(read_units(brought[1], name=brought[0]))


def run_scenario(scenario: Scenario) -> GrantRun:
    """Compute a scenario with the files of this session."""
    return make_run(
        context.rule_book().rule(scenario.rule_id), scenario, units_of(scenario), last_year(scenario)
    )


def run_or_reason(text: str) -> GrantRun | None:
    """Compute a scenario written as text; None after showing why it cannot be."""
    return context.attempt(lambda: run_scenario(from_text(text)), None)


def asked() -> str:
    """Return the scenario of the address (?s=…), else the one this session worked on last, "" without one."""
    return st.query_params.get("s") or str(st.session_state.get(SCENARIO, ""))


def remember(scenario: Scenario) -> None:
    """Keep a scenario for the other pages and put it into the address, so that the address can be shared."""
    st.session_state[SCENARIO] = scenario.to_text()
    if st.query_params.get("s") != scenario.to_text():
        st.query_params["s"] = scenario.to_text()


def basket() -> list[str]:
    """Return the scenarios put aside for comparing, as texts."""
    kept: list[str] = st.session_state.setdefault(BASKET, [])
    return kept


def marks(run: GrantRun) -> str:
    """Return the marks that stand above every amount: 試算 or 確定 with its id, and 例・架空の額."""
    said = [f"確定 番号 {run.run_id}" if run.frozen else run.status]
    said += ["例・架空の額"] if run.scenario.example else []
    return "".join(f'<span class="kg-mark">{escape(one)}</span>' for one in said)


def show_sums(run: GrantRun) -> None:
    """Show budget, allocated sum and every leftover by name, under the marks."""
    allocation = run.allocation
    figures = [
        (one.label, exact_text(one.yen))
        for one in allocation.balances
        if one.id == "budget" or one.id.startswith("added_")
    ]
    figures.append(("配分額の合計", number_text(allocation.allocated_yen)))
    figures += [(one.label, exact_text(one.yen)) for one in allocation.leftovers]
    items = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{text} <small>円</small></dd></div>" for label, text in figures
    )
    what = (
        f"{moment_words(run.frozen.frozen_at)} {run.frozen.frozen_by}"
        if run.frozen
        else "確定した額ではありません。"
    )
    st.html(f'<p>{marks(run)}{escape(what)}</p><dl class="kg-sums">{items}</dl>')


def show_checks(checks: Sequence[Check]) -> None:
    """Show the checks of a run, those that failed first."""
    order = ("fail", "note", "pass")
    rows = [
        [outcome(one.outcome), one.label, one.expected, one.found, one.difference, one.reference]
        for one in sorted(checks, key=lambda one: order.index(one.outcome))
    ]
    columns = [Col("結果"), Col("検算", heading=True, wide=True), Col("あるべき値", number=True),
               Col("実際の値"), Col("差", number=True), Col("説明", wide=True)]  # fmt: skip
    failed = sum(one.outcome == "fail" for one in checks)
    said = f"否 {failed} 件: 直すまで確定できません" if failed else "否はありません"
    st.html(html_table(columns, rows, caption=f"検算({said})", scroll=False))


def texts(rows: Iterable[Sequence[object]]) -> list[list[object]]:
    """Write whole numbers of a table with thousands separators."""
    return [[number_text(cell) if isinstance(cell, int) else cell for cell in row] for row in rows]


def footer(*runs: GrantRun) -> None:
    """Show where the people of the runs come from, each once, their rules, and their ids."""
    lines = [f"規則: {run.rule.title}({run.rule.instrument})" for run in runs]
    lines += [
        f"人口: {used.counted_by}、基準日 {used.reference_date}、{used.basis.label}"
        for used in (run.population for run in runs)
    ]
    lines += [run.population.note for run in runs]
    lines += [f"確定した試算の番号 {run.run_id}" for run in runs if run.frozen]
    context.footer(unite(*(run.population.sources for run in runs)), *dict.fromkeys(lines))


def moment_of(run: GrantRun) -> datetime:
    """Return when a run was frozen (its workbook carries it, so that it is the same bytes every time), else now."""
    return datetime.fromisoformat(run.frozen.frozen_at) if run.frozen else moment()


def excel_button(place: DeltaGenerator, run: GrantRun, name: str) -> None:
    """Offer the workbook of a run; it is made when it is asked for."""
    written_on = moment_of(run)
    place.download_button(
        "ダウンロード(Excel)",
        data=lambda: workbook_bytes(run, written_on=written_on, changes=changes_of(run)),
        file_name=f"{name}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        on_click="ignore",
        width="stretch",
    )
