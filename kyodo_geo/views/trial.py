"""試算: how much, and why? 均等割 + 地域割 over the districts, for a budget or for rates the officer enters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from kyodo_geo.compose import census_units
from kyodo_geo.fiscal import both_calendars
from kyodo_geo.model.allocation import (
    ROUNDING_UNITS,
    Allocation,
    Direction,
    Leftover,
    Rounding,
    Terms,
    allocate,
)
from kyodo_geo.model.amounts import exact_text, percentage, whole_yen, yen_rate
from kyodo_geo.model.grants import GrantRun, steps
from kyodo_geo.present.reports import (
    allocation_columns,
    allocation_csv,
    allocation_foot,
    allocation_notes,
    allocation_rows,
)
from kyodo_geo.present.tables import Col, csv_file, html_table, number_text
from kyodo_geo.rules.book import Rule
from kyodo_geo.views import context

_RULE = "hitomachi"
_WAYS = {
    "budget_percent": "予算と均等割の割合",
    "budget_equal": "予算と均等割の額",
    "rates": "均等割と1人当たりの単価",
}
_FIELDS = {
    "budget_percent": ("budget", "equal_percent"),
    "budget_equal": ("budget", "equal"),
    "rates": ("equal", "per_head"),
}
_LABELS = {
    "budget": "予算(円)",
    "equal_percent": "均等割の割合(%)",
    "equal": "均等割(1地区当たり、円)",
    "per_head": "地域割の単価(1人当たり、円)",
}
_DIRECTIONS = {one.value: one.label for one in Direction}
_LEFTOVERS = {one.value: one.label for one in Leftover}
_EXAMPLE_FIELDS = {
    "budget_yen": "budget",
    "equal_percent": "equal_percent",
    "equal_yen": "equal",
    "per_head_yen": "per_head",
}


@dataclass(frozen=True)
class _Choices:
    """What the officer chose beside the amounts."""

    way: str
    year: int
    rounding: Rounding
    leftover: Leftover


def page() -> None:
    """Show the form; with all amounts entered, the result with every step."""
    rule = context.city().rules.rule(_RULE)
    context.heading("配分試算", "均等割と地域割で配ると、各地区はいくらになるか")
    _rule_note(rule)
    choices = _choose()
    terms = _terms(choices)
    if terms is None:
        st.info("金額を入れると、ここに結果が出ます。金額は公表されていないため、初めは空欄です。")
        return
    _result(terms, choices)


def _rule_note(rule: Rule) -> None:
    """Say what the rule says and does not say, and offer the fictional examples."""
    st.html(
        f'<div class="kg-note"><p><strong>{escape(rule.title)}</strong></p><p>{escape(rule.summary)}</p>'
        f"<p>根拠: {escape(rule.instrument)}。金額は担当課が決めた値を入れてください。事務局人件費はここに含みません。</p></div>"
    )
    columns = st.columns(len(rule.examples) + 1)
    for column, (number, example) in zip(columns, enumerate(rule.examples), strict=False):
        column.button(
            example["label"], key=f"example_{number}", on_click=_fill, args=(example,), width="stretch"
        )
    columns[-1].button("入力を消す", on_click=_fill, args=({},), width="stretch")


def _fill(example: Mapping[str, Any]) -> None:
    """Put an example into the form, or empty it; the mark 例 stays until an amount is changed."""
    for name, field in _EXAMPLE_FIELDS.items():
        st.session_state[field] = f"{example[name]:,}" if name in example else ""
    for way, fields in _FIELDS.items():
        if example and set(fields) == {_EXAMPLE_FIELDS[name] for name in example if name in _EXAMPLE_FIELDS}:
            st.session_state["way"] = way
    st.session_state["example"] = str(example.get("label", ""))


def _choose() -> _Choices:
    way = st.radio("配り方", list(_WAYS), format_func=_WAYS.__getitem__, horizontal=True, key="way")
    years = {census.year: both_calendars(census.day) for census in reversed(context.city().censuses)}
    columns = st.columns(4)
    year = columns[0].selectbox(
        "人口", list(years), format_func=lambda one: f"国勢調査 {years[one]}", key="year"
    )
    unit = columns[1].selectbox(
        "端数処理の単位", ROUNDING_UNITS, format_func=lambda one: f"{one:,} 円", key="unit"
    )
    direction = columns[2].selectbox(
        "端数の向き", [*_DIRECTIONS], format_func=_DIRECTIONS.__getitem__, key="direction"
    )
    leftover = columns[3].selectbox(
        "残りの扱い", [*_LEFTOVERS], format_func=_LEFTOVERS.__getitem__, key="leftover"
    )
    return _Choices(way or "budget_percent", year, Rounding(unit, Direction(direction)), Leftover(leftover))


def _terms(choices: _Choices) -> Terms | None:
    """Return the terms when every amount of the chosen way is entered; InputRefused for one that cannot be read."""
    fields = _FIELDS[choices.way]
    columns = st.columns(4)
    texts = {
        field: column.text_input(_LABELS[field], key=field, placeholder="例: 1,000,000" if field == "budget" else "",
                                 on_change=_no_example)
        for column, field in zip(columns, fields, strict=False)
    }  # fmt: skip
    if not all(texts.values()):
        return None
    budget, percent, equal, per_head = (
        texts.get(name) for name in ("budget", "equal_percent", "equal", "per_head")
    )
    return Terms(
        budget_yen=whole_yen(budget, "予算") if budget else None,
        equal_percent=percentage(percent, "均等割の割合") if percent else None,
        equal_yen=whole_yen(equal, "均等割") if equal else None,
        per_head_yen=yen_rate(per_head, "地域割の単価") if per_head else None,
        rounding=choices.rounding,
        leftover=choices.leftover,
    )


def _no_example() -> None:
    st.session_state["example"] = ""


def _result(terms: Terms, choices: _Choices) -> None:
    units, used = census_units(context.city(), context.today(), choices.year)
    run = GrantRun(allocate(units, terms), used)
    _summary(run)
    columns = [
        Col(label, number=position > 1, heading=position == 1)
        for position, label in enumerate(allocation_columns(run))
    ]
    said = "、".join(f"{label} {text}" for label, text in allocation_notes(run)[1:4])
    caption = f"{_example_mark()}各地区の試算({said})"
    st.html(
        html_table(columns, _texts(allocation_rows(run)), caption=caption, foot=_texts(allocation_foot(run)))
    )
    _download(run)
    _explain(run.allocation)
    context.footer(
        used.sources, f"人口: {used.counted_by}、基準日 {used.reference_date}、{used.basis.label}", used.note
    )


def _summary(run: GrantRun) -> None:
    """Show the sums with the leftover by name, under the mark of a trial (and of an example)."""
    allocation = run.allocation
    left = (
        number_text(allocation.leftover_yen)
        if allocation.leftover_yen is not None
        else exact_text(allocation.leftover_exact)
    )
    figures = [("配分額の合計", number_text(allocation.allocated_yen)), (allocation.leftover_label, left)]
    if allocation.terms.budget_yen is not None:
        figures.insert(0, ("予算", number_text(allocation.terms.budget_yen)))
    example = st.session_state.get("example", "")
    marks = f'<span class="kg-mark">{escape(run.status)}</span>' + (
        '<span class="kg-mark">例・架空の額</span>' if example else ""
    )
    items = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{text} <small>円</small></dd></div>" for label, text in figures
    )
    st.html(f'<p>{marks}確定した額ではありません。</p><dl class="kg-sums">{items}</dl>')


def _example_mark() -> str:
    """What stands before the title of a table that holds fictional amounts."""
    return "例・架空の額: " if st.session_state.get("example") else ""


def _texts(rows: list[list[object]]) -> list[list[object]]:
    return [[number_text(cell) if isinstance(cell, int) else cell for cell in row] for row in rows]


def _download(run: GrantRun) -> None:
    example = bool(st.session_state.get("example"))
    st.download_button(
        "試算の結果をダウンロード(CSV)",
        data=csv_file(allocation_csv(run, example=example)),
        file_name=f"{'rei_' if example else ''}shisan_{run.population.reference_date}.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _explain(allocation: Allocation) -> None:
    """Show the steps of one chosen unit: each with its exact amount and how it comes about."""
    lines = {f"{line.unit.code} {line.unit.name}": line for line in allocation.lines}
    chosen = st.selectbox("計算の内訳を見る地区", list(lines), key="explained")
    line = lines[chosen]
    rows = [[step.label, exact_text(step.exact), step.how] for step in steps(allocation, line)]
    columns = [Col("段階", heading=True, wide=True), Col("金額(円)", number=True), Col("計算のしかた")]
    st.html(
        html_table(
            columns,
            rows,
            caption=f"{_example_mark()}{line.unit.name}の試算({line.unit.population:,}人)",
            scroll=False,
        )
    )


context.run(page)
