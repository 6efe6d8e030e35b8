"""比較: what if? Scenarios side by side, who gains and who loses on the map, how even the yen per head are."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape

import streamlit as st

from kyodo_geo.compose import change_payload
from kyodo_geo.model.compare import Comparison, Evenness, compare
from kyodo_geo.model.grants import GrantRun
from kyodo_geo.model.scenario import Scenario, from_text
from kyodo_geo.model.scenario_file import read_scenarios, write_scenarios
from kyodo_geo.present.change_report import two_decimals
from kyodo_geo.present.compare_report import (
    compare_columns,
    compare_csv,
    compare_foot,
    compare_rows,
    scenario_name,
)
from kyodo_geo.present.map.component import show_map
from kyodo_geo.present.tables import Col, csv_file, html_table
from kyodo_geo.views import context, granting

_TAKEN = "compare_taken"


def page() -> None:
    """Show the scenarios of the address (?s=…&s=…), else those put aside on 試算."""
    context.heading("比較", "条件を変えると、どの地区が増え、どの地区が減るか")
    context.city()  # broken data are named before anything is asked
    _take_address()
    _manage()
    kept = granting.basket()
    if not kept:
        st.info(
            "試算の頁で「比較に加える」を押すか、保存した試算のファイルを読み込むと、ここに並びます(6つまで)。"
        )
        return
    st.query_params["s"] = kept
    st.session_state[_TAKEN] = list(kept)
    runs = _computed(kept)
    if len(runs) < len(kept):
        return
    comparison = compare([run.allocation for run in runs])
    _summary(runs, comparison)
    _table(runs, comparison)
    if len(runs) > 1:
        _map(runs, comparison)
    granting.footer(*runs)


def _computed(kept: Sequence[str]) -> list[GrantRun]:
    """Compute the scenarios; one that cannot be computed is named beside the reason, and left out."""
    runs = []
    for number, text in enumerate(kept, start=1):
        run = granting.run_or_reason(text)
        if run is None:
            context.notice(f"試算{number} は上の理由で計算できません。「外す」の ✕ 試算{number} で外せます。")
        else:
            runs.append(run)
    return runs


def _take_address() -> None:
    """Take the scenarios of an address that was opened; those of this session stand otherwise."""
    asked = st.query_params.get_all("s")
    if asked and asked != granting.basket() and st.session_state.get(_TAKEN) != asked:
        granting.basket()[:] = asked[: granting.MOST]
        st.session_state[_TAKEN] = asked
        if len(asked) > granting.MOST:
            _say_most()


def _say_most() -> None:
    context.notice(f"比べられるのは {granting.MOST} つまでです。はじめの {granting.MOST} つを使います。")


def _manage() -> None:
    """Let the user take scenarios out, save them, and read them back."""
    kept = granting.basket()
    left, middle, right = st.columns([2, 1, 1])
    with right.popover("保存した試算を読み込む", width="stretch"):
        _read_file(kept)
    if st.session_state.pop("compare_too_many", False):
        _say_most()
    if not kept:
        return
    names = {text: f"試算{number}" for number, text in enumerate(kept, start=1)}
    with left.container(horizontal=True):
        chosen = st.pills(
            "試算の頁で開く", list(names), format_func=lambda text: names.get(text, ""), key="compare_open"
        )
        st.pills(
            "外す",
            list(names),
            format_func=lambda text: f"✕ {names.get(text, '')}",
            key="compare_out",
            on_change=_take_out,
        )
    if chosen:
        st.session_state[granting.SCENARIO] = chosen
        st.session_state.pop("rule", None)
        st.switch_page("kyodo_geo/views/trial.py")
    scenarios: list[Scenario] = context.attempt(lambda: [from_text(text) for text in kept], [])
    middle.download_button(
        "比較を保存", data=write_scenarios(scenarios), disabled=not scenarios, file_name="hikaku.json",
        mime="application/json", on_click="ignore", width="stretch",
    )  # fmt: skip


def _read_file(kept: list[str]) -> None:
    """Add the scenarios of a saved file, each file once."""
    given = st.file_uploader("試算のファイル(JSON)", type="json", key="scenario_file")
    if given is None or st.session_state.get("scenario_file_taken") == given.file_id:
        return
    st.session_state["scenario_file_taken"] = given.file_id
    found = [one.to_text() for one in read_scenarios(given.getvalue().decode("utf-8-sig", errors="replace"))]
    together = list(dict.fromkeys([*kept, *found]))
    kept[:] = together[: granting.MOST]
    st.session_state["compare_too_many"] = len(together) > granting.MOST
    st.rerun()


def _take_out() -> None:
    gone = st.session_state.get("compare_out")
    granting.basket()[:] = [text for text in granting.basket() if text != gone]
    st.session_state["compare_out"] = None
    st.session_state[_TAKEN] = st.query_params.get_all("s")


def _summary(runs: Sequence[GrantRun], comparison: Comparison) -> None:
    """Show each scenario's sums, winners and losers, and how even its yen per head are."""
    rows = [_summary_row(number, runs, comparison) for number in range(len(runs))]
    columns = [Col("試算", heading=True, wide=True), *(Col(label, number=True) for label in (
        "配分額の合計(円)", "増える地区", "減る地区", "1人当たり 最小(円)", "最大(円)", "最大÷最小", "ジニ係数"))]  # fmt: skip
    st.html(html_table(columns, rows, caption="試算のまとめ(増減は試算1と比べたもの)", scroll=False))


def _summary_row(number: int, runs: Sequence[GrantRun], comparison: Comparison) -> list[object]:
    run, changes = runs[number], comparison.differences_yen[number]
    more, less = sum(one > 0 for one in changes), sum(one < 0 for one in changes)
    mark = "【例・架空の額】" if run.scenario.example else ""
    used = run.population
    said = f"人口: {used.counted_by} {used.reference_date}、{used.basis.label}"
    name = f"試算{number + 1} {mark}{scenario_name(run.scenario, run.rule)}。{said}"
    counted = [str(more), str(less)] if number else ["—", "—"]
    return [name, f"{run.allocation.allocated_yen:,}", *counted, *_even(comparison.evenness[number])]


def _even(even: Evenness | None) -> list[str]:
    if even is None:
        return ["—"] * 4
    ratio = f"{_plain(even.ratio)} 倍" if even.ratio is not None else "—"
    return [_plain(even.least_yen), _plain(even.most_yen), ratio, _plain(even.gini)]


def _plain(value: Fraction) -> str:
    return two_decimals(value).lstrip("+") or "0.00"


def _table(runs: Sequence[GrantRun], comparison: Comparison) -> None:
    columns = [
        Col(label, number=position > 1, heading=position == 1)
        for position, label in enumerate(compare_columns(runs))
    ]
    mark = "例・架空の額を含む: " if any(run.scenario.example for run in runs) else ""
    st.html(
        html_table(columns, granting.texts(compare_rows(runs, comparison)), caption=f"{mark}地区ごとの比較(試算、円)",
                   foot=granting.texts([compare_foot(runs, comparison)]))
    )  # fmt: skip
    st.download_button(
        "比較の表をダウンロード(CSV)", data=csv_file(compare_csv(runs, comparison)), file_name="hikaku.csv",
        mime="text/csv", on_click="ignore",
    )  # fmt: skip


def _map(runs: Sequence[GrantRun], comparison: Comparison) -> None:
    """Show the differences on the map, one indicator a scenario; only where the units are the districts."""
    city, on = context.city(), granting.lines_day(runs[0].scenario)
    if set(comparison.codes) != set(city.lines(on).values()):
        st.caption("読み込んだ単位は地区ではないため、地図には示せません。")
        return
    titles = [f"試算{number} − 試算1" for number in range(1, len(runs) + 1)]
    st.html(
        f"<h2>試算1との差(地図)</h2><p>{escape('橙は増える地区、紫は減る地区。表の行を押すと地区の欄が開きます。')}</p>"
    )
    payload = change_payload(city, on, comparison, titles, [run.population for run in runs])
    show_map(payload, key=f"compare_map_{payload['view']['indicator']}_{len(runs)}", on_view=_nothing)


def _nothing() -> None:
    """The view of this map is not kept."""


context.run(page)
