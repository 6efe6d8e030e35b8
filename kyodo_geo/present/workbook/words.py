"""The sheets that are mostly words: 内訳, 出典, and what stands around the numbers of 前提 and 人口."""

from __future__ import annotations

from collections.abc import Sequence

from kyodo_geo.model.explain import steps
from kyodo_geo.model.grants import GrantRun
from kyodo_geo.present.workbook.book import QUADRATIC_LIMIT
from kyodo_geo.present.workbook.build import Built
from kyodo_geo.present.workbook.grid import FIRST_ROW, Grid
from kyodo_geo.present.workbook.people import People
from kyodo_geo.present.workbook.premises import FIRST, HEADS, WHO, Premises
from kyodo_geo.rules.read_formula import WHO as COUNTED

BREAKDOWN, SOURCES = "内訳", "出典"
_LEGEND = {
    "input": "担当者が入力してよい欄",
    "rule": "規則の値(規則が変わるときだけ変える)",
    "calculated": "計算(変えない)",
    "fixed": "この表では変えられない選び方(変えるときはツールで試算し直す)",
}


def breakdown(built: Built) -> Grid:
    """Write every step of every unit as a row: the amount from 計算, and the words as of the writing."""
    book = built.book
    grid, row, steps_sheet = Grid(BREAKDOWN, 0), FIRST_ROW, book.calculation
    for column, head in enumerate(("コード", "地区", "段階", "数", "単位", "説明(書き出し時の数で)")):
        grid.text(FIRST_ROW - 1, column, head, "head")
    if book.count > QUADRATIC_LIMIT:
        grid.text(
            row,
            2,
            f"{QUADRATIC_LIMIT:,} 単位を超えるので、文の内訳は省きました。計算のシートを見てください",
            "note",
        )
        return grid
    for index, unit in enumerate(book.people.units):
        for step in steps(book.run.allocation, index):
            grid.text(row, 0, unit.code, "code")
            grid.text(row, 1, unit.name, "name")
            last = step.id == "total"
            grid.text(row, 2, step.label, "label" if last else "text")
            whole = step.exact.denominator == 1
            source = steps_sheet.grid.ref(steps_sheet.grid.rows[index], steps_sheet.place(step.id))
            grid.show(row, 3, source, step.exact, "grand" if last else "step" if whole else "step_decimal")
            grid.text(row, 4, step.unit, "subhead")
            grid.text(row, 5, step.how, "wrapped")
            row += 1
    return grid


def finish_premises(premises: Premises, run: GrantRun) -> None:
    """Put the choices that are not numbers below the numbers, and the heads and the legend above."""
    formula, population = run.allocation.settled.formula, run.population
    method = formula.leftover.method
    named = f"({formula.leftover.unit_code})" if formula.leftover.unit_code else ""
    premises.words("残りの扱い", f"{method.label}{named}")
    if formula.transition:
        premises.words("経過措置の費用", formula.transition.paid_by.label)
    if formula.floor:
        premises.words("下限の費用", formula.floor.paid_by.label)
    if formula.instalments:
        premises.words("交付の月", "・".join(f"{month}月" for month in formula.instalments.months))
    if formula.left_out:
        premises.words("額がないので計算しない項", "、".join(formula.left_out))
    premises.words("人口の基準日", population.reference_date)
    premises.words("人口の数え方", population.counted_by or "不明")
    _who_counts(premises, run)
    premises.words("例・架空の額", "はい" if run.scenario.example else "いいえ")
    for column, head in enumerate(HEADS):
        premises.grid.text(FIRST - 1, column, head, "head")
    for column, (who, said) in enumerate(_LEGEND.items()):
        premises.grid.text(2 + column // 2, column % 2 * 2, WHO[who], f"{who}_mark")
        premises.grid.text(2 + column // 2, column % 2 * 2 + 1, said, "note")


def _who_counts(premises: Premises, run: GrantRun) -> None:
    seen = dict.fromkeys(
        term.counting for term in run.allocation.settled.formula.terms if term.measure and not term.table
    )
    for counting in seen:
        day = counting.month_day or "規則に定めなし"
        said = f"基準日 {day}、外国人 {COUNTED[counting.foreigners]}、施設の入所者 {COUNTED[counting.care_homes]}"
        premises.words("規則が定める数え方", said, who="rule", reference=counting.reference)


def finish_people(people: People, run: GrantRun) -> dict[str, str]:
    """Put the sums and the source below the units; return the cells of the day and of the way of counting."""
    grid, used = people.grid, run.population
    grid.text(grid.total_row, 1, "合計", "total_text")
    for name, column in people.columns.items():
        if name in {"population", "households"} or name.endswith("_over"):
            total = sum(int(grid.cells[row, column].value) for row in grid.rows)
            grid.show(grid.total_row, column, f"SUM({grid.area(column)})", total, "total")
    row, cells = grid.total_row + 2, dict[str, str]()
    facts = [
        ("出典", used.title, ""),
        ("基準日", used.reference_date, "reference_day"),
        ("数え方", used.counted_by or "不明", "counted_by"),
        ("確かさ", used.basis.label, ""),
        ("付記", used.note, ""),
    ]
    for label, text, key in facts:
        grid.text(row, 1, label, "label")
        grid.text(row, 2, text, "plain")
        cells |= {key: grid.ref(row, 2, "both")} if key else {}
        row += 1
    if used.published_total is not None:
        grid.text(row, 1, "公表された合計", "label")
        grid.number(row, 2, used.published_total, "number")
        grid.text(row, 3, used.published_reference, "plain")
    return cells


def sources(run: GrantRun) -> Grid:
    """List the sources of the people, the articles of the values, the conditions, and what the rule leaves unsaid."""
    rule, grid, row = run.rule, Grid(SOURCES, 0), 3
    claim = rule.claim.conditions if rule.claim else ()
    sections: list[tuple[str, Sequence[tuple[str, ...]]]] = [
        ("人口などの出典", _people_sources(run)),
        ("規則", _rule_texts(run)),
        ("値の条文", _articles(run)),
        ("要件(このツールは判断しない)", [(one.reference, one.text) for one in claim]),
        ("見られた条文に書かれていないこと", [("", said) for said in rule.not_stated]),
        ("前年の額", [("", run.last_year.title)] if run.last_year else []),
    ]
    for heading, rows in sections:
        if not rows:
            continue
        grid.text(row, 0, heading, "heading")
        for place, cells in enumerate(rows, start=row + 1):
            for column in range(4):
                grid.text(place, column, cells[column] if column < len(cells) else "", "wrapped")
        row += len(rows) + 2
    return grid


def _people_sources(run: GrantRun) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [
        (
            one.publisher,
            one.title,
            f"{one.reference_date}。{one.licence}。取得 {one.accessed}。{one.method}",
            one.url,
        )
        for one in run.population.sources
    ]
    return found or [("", run.population.title, run.population.note)]


def _rule_texts(run: GrantRun) -> list[tuple[str, ...]]:
    rule = run.rule
    until = f"{rule.ends} まで" if rule.ends else ""
    return [
        ("題名", rule.title, rule.summary, rule.url),
        ("根拠", rule.instrument, f"{rule.in_force} から{until}"),
        ("SHA-256", rule.sha256, "規則ファイルの指紋"),
    ]


def _articles(run: GrantRun) -> list[tuple[str, ...]]:
    settled = run.allocation.settled
    found: list[tuple[str, ...]] = [
        (value.label, value.reference, f"{value.since} から。{value.basis.label}")
        for value in settled.values.values()
    ]
    found += [(term.label, term.reference, "項") for term in settled.formula.terms if term.reference]
    found += [(addon.label, addon.reference, "加算") for addon in settled.formula.addons if addon.reference]
    return found
