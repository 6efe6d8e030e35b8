"""The pages of the workbook in their order, each with widths, frozen panes and print set-up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.change import Change
from kyodo_geo.model.grants import GrantRun
from kyodo_geo.present.workbook.build import Built, build
from kyodo_geo.present.workbook.checks import FIRST as FIRST_CHECK
from kyodo_geo.present.workbook.checks import CheckSheet
from kyodo_geo.present.workbook.cover import Cover, is_fictional, run_label
from kyodo_geo.present.workbook.grid import FIRST_ROW, Cell, clean_text
from kyodo_geo.present.workbook.number import NotLiveError
from kyodo_geo.present.workbook.premises import FIRST as FIRST_PREMISE
from kyodo_geo.present.workbook.premises import Premises
from kyodo_geo.present.workbook.style import ACCENT, INPUT, LINE, WARNING
from kyodo_geo.present.workbook.words import breakdown, finish_people, finish_premises, sources
from kyodo_geo.present.workbook.write import Page, lines_of, write_pages
from kyodo_geo.rules.rounding import ROUNDING_UNITS

_HEADS = (FIRST_ROW - 3, FIRST_ROW - 1)


def workbook_bytes(run: GrantRun, *, written_on: datetime, changes: Sequence[Change] | None = None) -> bytes:
    """Return a run as an .xlsx file whose formulas calculate it again; the same run and moment give the same bytes.

    `changes` (of `split_change`) adds the reasons of each change to 前年比較. Steps that no single formula gives are
    written as values, and the column, 検算 and 表紙 say so. Raises InputRefused for amounts beyond 10^15, which no
    spreadsheet holds exactly.
    """
    try:
        built = build(run)
    except NotLiveError as error:
        raise InputRefused(
            "15桁を超える数があるので、Excel の表にできません。",
            todo="金額と人口を確かめるか、CSV か JSON で書き出してください",
        ) from error
    finish_premises(built.book.premises, run)
    cells = finish_people(built.book.people, run)
    built.book.last_year.finish(built.totals.nums, changes)
    checks = CheckSheet(built, cells)
    mark = "例・架空の額 " if is_fictional(run) else ""
    return write_pages(
        _pages(built, checks, written_on),
        header=f"{mark}{run.run_id or '試算'}",
        footer=f"{run.rule.title} {run_label(run)}",
        written_on=written_on,
        title=f"{run.rule.title} {run_label(run)}",
    )


def _pages(built: Built, checks: CheckSheet, written_on: datetime) -> list[Page]:
    run = built.book.run
    summary = checks.grid.cells[2, 0]
    cover = Cover(built, written_on, summary=(checks.summary, str(summary.value)))
    return [
        _cover_page(cover),
        _premises_page(built.book.premises),
        _people_page(built),
        _calculation_page(built),
        _integers_page(built),
        _breakdown_page(built),
        _last_year_page(built),
        _checks_page(checks),
        Page(sources(run), "出典", "", [(0, 0, 26), (1, 1, 58), (2, 2, 52), (3, 3, 44)], tab=LINE),
    ]


def _cover_page(cover: Cover) -> Page:
    def merge(sheet: Worksheet, formats: dict[str, Format]) -> None:
        """Join the cells of the cover's facts and set their heights and links."""
        for row, first, last, text, style in cover.merges:
            cell = cover.grid.cells.get((row, first))
            sheet.merge_range(row, first, row, last, "", formats[style])
            if cell:
                sheet.write_formula(row, first, cell.formula, formats[style], _plain(cell))
            else:
                sheet.write_string(row, first, clean_text(text), formats[style])
            tall = {"mark_trial": 52, "mark_frozen": 52, "mark_fictional": 36, "title": 30}.get(style)
            sheet.set_row(row, tall or 8 + 13.5 * lines_of(text, 84))
        for row, name in cover.links:
            sheet.write_url(row, 0, f"internal:'{name}'!A1", formats["link"], name)

    return Page(cover.grid, "", "", [(0, 0, 24), (1, 3, 28)], landscape=False, tab=ACCENT, dress=merge)


def _plain(cell: Cell) -> float | str:
    return cell.value if isinstance(cell.value, str) else float(cell.value)


def _premises_page(premises: Premises) -> Page:
    def dress(sheet: Worksheet, formats: dict[str, Format]) -> None:
        """Join the cells of words, and let only sound values into the input cells."""
        for row in premises.word_rows:
            cell = premises.grid.cells[row, 2]
            sheet.merge_range(row, 2, row, 5, "", formats[cell.style])
            sheet.write_string(row, 2, str(cell.value), formats[cell.style])
        for row in range(FIRST_PREMISE, premises.last_row + 1):
            if allowed := _allowed(premises, row):
                sheet.data_validation(row, 2, row, 2, allowed)

    widths = [
        (0, 0, 8),
        (1, 1, 40),
        (2, 2, 20),
        (3, 3, 8),
        (4, 5, 13),
        (6, 6, 13),
        (7, 7, 46),
        (8, 9, 13),
        (10, 10, 8),
    ]
    note = "黄色の「入力」欄を変えると、計算・検算がこの表の中で計算し直されます。色のほかに「欄」の列の言葉でも示します。"
    heads = (FIRST_PREMISE - 1, FIRST_PREMISE - 1)
    return Page(
        premises.grid,
        "前提",
        note,
        widths,
        (FIRST_PREMISE, 2),
        heads,
        tab=INPUT,
        dress=dress,
        print_columns=8,
    )


def _allowed(premises: Premises, row: int) -> dict[str, object]:
    """Return what may be typed into a row of the sheet 前提; nothing where it is no input."""
    told = {"error_title": "入力できません", "error_message": "0 以上の数(割合は 100 まで)を入れてください"}
    if premises.grid.cells[row, 6].value == "端数処理":
        return {"validate": "list", "source": list(ROUNDING_UNITS), **told}
    if row not in premises.decimal_rows and row != premises.budget_row:
        return {}
    most = 100 if premises.is_percent(row) else 10**15
    return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": most, **told}


def _people_page(built: Built) -> Page:
    people = built.book.people
    widths = [(0, 0, 9), (1, 1, 22), (2, max(people.marks_column, 5), 14)]
    note = f"{built.book.run.population.title}。推計の印は、境界か人口が推計の地区です。"
    return Page(
        people.grid,
        "人口",
        note,
        widths,
        (FIRST_ROW, 2),
        _HEADS,
        [(2, 32)],
        landscape=people.marks_column > 6,
        one_page=_is_short(built),
        tab=INPUT,
    )


def _calculation_page(built: Built) -> Page:
    grid, steps = built.book.calculation.grid, built.book.calculation.steps
    note = "左から順に1列が1段階。額は整数計算のシートで端数を失わずに計算し、ここに示します。"
    widths = [(0, 0, 9), (1, 1, 30), (2, 1 + len(steps), 16)]
    return Page(
        grid,
        "計算",
        note,
        widths,
        (FIRST_ROW, 2),
        _HEADS,
        [(2, 46)],
        pages_wide=1 + len(steps) // 16,
        tab=ACCENT,
    )


def _integers_page(built: Built) -> Page:
    integers = built.book.integers
    note = "金額 = 分子 ÷ 分母 を、円の整数部と余りに分けて持ちます。どの数も15桁に収まり、表計算でも誤差がありません。"
    widths = [(0, 0, 36), (1, 1, 22), (2, 2, 3), (3, integers.width, 17)]
    return Page(
        integers.grid,
        "整数計算(裏付け)",
        note,
        widths,
        (FIRST_ROW, 2),
        _HEADS,
        [(2, 46)],
        pages_wide=1 + integers.width // 14,
        tab=LINE,
    )


def _breakdown_page(built: Built) -> Page:
    grid = breakdown(built)
    last = max(row for row, _ in grid.cells)
    note = "数は計算のシートを指す式。説明の文は書き出した時の数で書いてあり、前提を変えても変わりません。"
    widths = [(0, 0, 9), (1, 1, 22), (2, 2, 26), (3, 3, 18), (4, 4, 7), (5, 5, 70)]
    area = (FIRST_ROW - 1, 0, last, 5)
    return Page(
        grid,
        "内訳",
        note,
        widths,
        (FIRST_ROW, 2),
        (FIRST_ROW - 1, FIRST_ROW - 1),
        filter_area=area,
        tab=ACCENT,
    )


def _last_year_page(built: Built) -> Page:
    sheet, run = built.book.last_year, built.book.run
    title = run.last_year.title if run.last_year else ""
    note = (
        f"前年: {title or '表題なし'}"
        if sheet.exists
        else "前年の額がありません。前年の表か確定した試算を選んで試算すると、ここに差が出ます。"
    )
    if any(column > 5 for _, column in sheet.grid.cells):
        note += "。差の理由(値): 人口(この地区・ほか)・規則・予算は順序によらない平均(シャープレイ値)、残りが端数処理で、足すと差になります"
    return Page(
        sheet.grid,
        "前年比較",
        note,
        [(0, 0, 9), (1, 1, 22), (2, 11, 16)],
        (FIRST_ROW, 2),
        _HEADS,
        [(2, 32)],
        one_page=_is_short(built),
        tab=INPUT,
    )


def _is_short(built: Built) -> bool:
    """Whether all units fit on one printed page."""
    return built.book.count <= 45


def _checks_page(checks: CheckSheet) -> Page:
    widths = [(0, 0, 6), (1, 1, 46), (2, 3, 20), (4, 4, 12), (5, 5, 7), (6, 6, 60), (7, 7, 3), (8, 9, 11)]
    area = (FIRST_CHECK, 4, checks.last_row, 4)
    note = "否があると確定できません。注意は、分かっていて説明のある違いです。"
    heads = (FIRST_CHECK - 1, FIRST_CHECK - 1)
    return Page(
        checks.grid,
        "検算",
        note,
        widths,
        (FIRST_CHECK, 2),
        heads,
        tab=WARNING,
        verdict_areas=[area],
        print_columns=7,
    )
