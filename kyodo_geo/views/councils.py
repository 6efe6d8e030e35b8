"""協働体: which council is in which district, and what does it do? The register as of any day, activity, projects."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import streamlit as st

from kyodo_geo.city import City
from kyodo_geo.councils.activity import ActivityStudy, activity_study
from kyodo_geo.councils.export import file_name, register_csv
from kyodo_geo.councils.project_rows import PROJECTS, project_rows
from kyodo_geo.councils.register_rows import (
    ON_SCREEN,
    SAID,
    STATUS_LABELS,
    STATUSES,
    register_rows,
    said_rows,
    status_counts,
    status_rows,
)
from kyodo_geo.fiscal import both_calendars
from kyodo_geo.model.councils.on_day import RegisterOn
from kyodo_geo.model.councils.projects import Project, projects_on
from kyodo_geo.present.check_report import CHECK_COLUMNS, check_rows
from kyodo_geo.present.tables import Col, csv_file, html_table
from kyodo_geo.provenance import Basis, Source, mark_of, weakest
from kyodo_geo.registers.known import Registers
from kyodo_geo.sources.visit.activity.read import ActivityRead
from kyodo_geo.views import context, councils_activity, councils_edit, councils_file, councils_form, staff

_SOURCES = ("councils", "council_links")


def page() -> None:
    """Show the register as of a day, activity and projects; with the switch on, the staff's forms."""
    context.heading("協働体", "どの地区に、どの地域協働体があり、何をしているか")
    chosen = councils_form.ADDRESS.choice()
    day = chosen.day or context.today()
    city, registers = context.city(), staff.registers()
    on = registers.councils_on(day)
    opened = councils_file.usable(context.today())
    study = context.attempt(lambda: activity_study(city, registers, on, opened), None)
    staff.told()
    # Without a map nothing is moved up on a phone, and the heading stays first
    with st.container(key=None if study is None else "kg_answer"):
        _answer(city, on)
    if study is not None:
        with st.container(key="kg_map"):
            known_by = (staff.records().mark(), opened.opened.sha256 if opened else "")
            context.attempt(lambda: councils_activity.draw(city, study, known_by), None)
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    with left:
        councils_form.day(chosen)
    with right:
        editing = staff.editing()
    if editing:
        councils_edit.show(registers)
    else:
        councils_edit.forget()
    _tabs(city, registers, on, study, opened)
    context.footer(
        dict.fromkeys((*_published(city), *(study.sources if study else ()))), city.facts.lines_note
    )


def _published(city: City) -> Iterator[Source]:
    return (city.sources[one] for one in _SOURCES if one in city.sources)


def _ground(city: City, registers: Registers) -> Basis:
    """Return the basis of the register: that of what ships, or of what was entered where there is something."""
    entered = [Basis.SUPPLIED] if registers.entries else []
    return weakest([*(source.basis for source in _published(city)), *entered])


def _answer(city: City, on: RegisterOn) -> None:
    counts = status_counts(on)
    named = sum(isinstance(one.council.name, str) for one in on.councils.values())
    parts = [
        ("公表された協働体", on.check.expected, ""),
        ("名前の分かる協働体", f"{named} 団体", ""),
        *((label, f"{counts.get(status, 0)} 地区", "") for status, label in STATUS_LABELS.items()),
    ]
    listed = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for label, value, _ in parts
    )
    st.html(
        f'<p>{escape(city.facts.name)}、{both_calendars(on.day)}の状態</p><dl class="kg-sums">{listed}</dl>'
    )
    context.notice(on.check.reference)


def _tabs(
    city: City, registers: Registers, on: RegisterOn, study: ActivityStudy | None, opened: ActivityRead | None
) -> None:
    register, said, activity, projects, check = st.tabs(
        ["登録簿", "日付と出典", "活動", "地域づくり計画の事業", "数の検査"], key="councils_tabs"
    )
    with register:
        _register(city, registers, on)
    with said:
        _said(city, registers, on)
    with activity:
        councils_activity.tab(study, councils_form.ADDRESS.known, opened)
    with projects:
        _projects(registers, on)
    with check:
        _check(on)


def _register(city: City, registers: Registers, on: RegisterOn) -> None:
    areas = {str(code): str(area) for code, area in city.names["area"].items()}
    basis = _ground(city, registers)
    word = mark_of(basis) or basis.label
    heads = [
        Col(head, heading=head == "地区", code=head not in {"地区", "協働体"}, wide=head == "協働体")
        for head in ON_SCREEN
    ]
    rows = [row[: len(ON_SCREEN)] for row in register_rows(on, areas)]
    st.html(
        html_table(
            heads,
            rows,
            caption=f"地域協働体の登録簿 {both_calendars(on.day)}時点({word})",
        )
    )
    st.caption(
        "「不明」は公表も入力もないことを示し、ないという意味ではありません。日は、分かっている細かさ(日・月・年度)のまま示します。出典と注記は「日付と出典」にあります。"
    )
    said_by = [source.credit for source in _published(city)]
    said_by += ["職員の入力(記録ごとに出典)"] if registers.entries else []
    st.download_button(
        "登録簿をダウンロード(CSV)", mime="text/csv", on_click="ignore", width="stretch",
        data=lambda: csv_file(register_csv(on, areas, basis=basis, sources=said_by)),
        file_name=file_name(f"kyodotai_{on.day.isoformat()}.csv", basis),
    )  # fmt: skip


def _said(city: City, registers: Registers, on: RegisterOn) -> None:
    published = weakest(source.basis for source in _published(city))
    heads = [
        Col(head, heading=at == 0, wide=head in {"内容", "出典", "備考"}) for at, head in enumerate(SAID)
    ]
    rows = said_rows(registers.register, on.day, published)
    st.html(html_table(heads, rows, caption=f"日付と出典 {both_calendars(on.day)}までに分かっていること"))


def _projects(registers: Registers, on: RegisterOn) -> None:
    register = registers.register
    nothing: tuple[Project, ...] = ()
    found = context.attempt(
        lambda: projects_on(registers.entries, on.day, councils=register.namings, districts=register.districts), nothing
    )  # fmt: skip
    if not found:
        context.notice(
            "地域づくり計画の事業は不明です(公表資料なし、入力もなし)。職員が入力すると、状態・担う人・期限・遅れが出ます。"
        )
        return
    names = {**register.districts, **{one: told[-1].name for one, told in register.namings.items()}}
    heads = [Col(head, heading=at == 1, wide=head in {"事業", "出典"}) for at, head in enumerate(PROJECTS)]
    late = sum(one.is_overdue(on.day) for one in found)
    caption = f"地域づくり計画の事業 {both_calendars(on.day)}時点(入力値、{len(found)} 件、期限を過ぎたもの {late} 件)"
    st.html(html_table(heads, project_rows(found, names, on.day), caption=caption))


def _check(on: RegisterOn) -> None:
    heads = [Col(head, heading=at == 1, wide=at == 5) for at, head in enumerate(CHECK_COLUMNS)]
    st.html(html_table(heads, check_rows([on.check]), caption="公表された数との照合", scroll=False))
    heads = [Col(head, heading=at == 0, number=at == 1, wide=at == 2) for at, head in enumerate(STATUSES)]
    st.html(
        html_table(
            heads, status_rows(on), caption=f"地区ごとの状態 {both_calendars(on.day)}時点", scroll=False
        )
    )


context.run(page)
