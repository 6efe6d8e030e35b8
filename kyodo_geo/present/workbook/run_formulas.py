"""The checks of a run as formulas over the sheets, by the id that the model gives each check."""

from __future__ import annotations

import re
from collections.abc import Callable

from kyodo_geo.model.check import Check
from kyodo_geo.present.workbook.account import value_of
from kyodo_geo.present.workbook.book import QUADRATIC_LIMIT
from kyodo_geo.present.workbook.build import Built
from kyodo_geo.present.workbook.last_year import BEFORE, NOW
from kyodo_geo.present.workbook.lines import Line, Shown, condition, none_of, watched
from kyodo_geo.present.workbook.number import Num
from kyodo_geo.present.workbook.premises import FIRST as FIRST_PREMISE

Cells = dict[str, str]
Maker = Callable[[Built, Check, Cells], Line | None]


def formula_of(built: Built, check: Check, cells: Cells) -> Line | None:
    """Return the check as a formula, or None where it cannot be one."""
    make = _MAKERS.get(check.id)
    return make(built, check, cells) if make else None


def _codes_unique(built: Built, check: Check, _: Cells) -> Line | None:
    book = built.book
    if book.count > QUADRATIC_LIMIT:
        return None
    codes, grid = book.calculation.grid.area(0), book.calculation.grid
    texts = [f"SUMPRODUCT(--EXACT({codes},{grid.ref(row, 0)}))" for row in grid.rows]
    column = book.integers.open("同じコードの数").fill(Num(text, 1) for text in texts)
    return none_of(check.label, f"SUMPRODUCT(--({column.area}>1))", 0, check.reference)


def _population_total(built: Built, check: Check, _: Cells) -> Line | None:
    used = built.book.run.population
    if used.published_total is None:
        return None
    found = sum(unit.population for unit in built.book.people.units)
    shown = Shown(found, f"SUM({built.book.people.area('population')})")
    holds = found == used.published_total
    return condition(
        check.label, Shown(used.published_total), shown, "{c}={d}", holds=holds, note=check.reference
    )


def _stated(key: str) -> Maker:
    def line(_: Built, check: Check, cells: Cells) -> Line | None:
        """Return the check as a comparison of two texts; None for a note, which no formula can judge."""
        if check.outcome == "note":
            return None
        shown = Shown(check.found, cells[key])
        return condition(
            check.label,
            Shown(check.expected),
            shown,
            "EXACT({c},{d})",
            holds=check.outcome == "pass",
            note=check.reference,
        )

    return line


def _sum_lines(built: Built, check: Check, _: Cells) -> Line:
    grid = built.book.calculation.grid
    total = built.totals.total()
    cell = grid.ref(grid.total_row, built.book.calculation.place("total"))
    column = f"SUMPRODUCT({built.totals.area}*1)"
    return condition(check.label, Shown(total.value, cell), Shown(total.value, column), "{c}={d}", holds=True)


def _sum_budget(built: Built, check: Check, _: Cells) -> Line | None:
    into, left, total = built.account.into, built.account.left, built.totals.total()
    if into is None or left is None:
        return None
    found = Shown(value_of(left) + total.value, f"{total.text}+{left.text}")
    exact = f"{into.whole.text}={total.text}+{left.whole.text},{into.rest.text}*{left.den.text}={left.rest.text}*{into.den.text}"
    return condition(
        check.label, Shown(value_of(into), into.text), found, f"AND({exact})", holds=check.outcome == "pass"
    )


def _within_budget(built: Built, check: Check, _: Cells) -> Line | None:
    into, total = built.account.into, built.totals.total()
    if into is None:
        return None
    verdict = f"{{d}}<={into.whole.text}"
    found = Shown(total.value, total.text)
    return condition(
        check.label,
        Shown(value_of(into), into.text),
        found,
        verdict,
        holds=check.outcome == "pass",
        note="以下",
    )


def _sum_terms(built: Built, check: Check, _: Cells) -> Line:
    steps, formula = built.book.calculation, built.book.run.allocation.settled.formula
    ids = [*(term.id for term in formula.terms), *(addon.id for addon in formula.addons)]
    together = "+".join(steps.grid.area(steps.place(key)) for key in ids)
    return none_of(
        check.label, f"SUMPRODUCT(--({together}<>{built.totals.area}))", 0 if check.outcome == "pass" else 1
    )


def _not_negative(built: Built, check: Check, _: Cells) -> Line:
    count = sum(total.value < 0 for total in built.totals.nums)
    return none_of(check.label, f"SUMPRODUCT(--({built.totals.area}<0))", count)


def _sum_instalments(built: Built, check: Check, _: Cells) -> Line | None:
    steps, plan = built.book.calculation, built.book.run.allocation.settled.formula.instalments
    if plan is None:
        return None
    areas = [steps.grid.area(steps.place(f"instalment_{number + 1}")) for number in range(plan.count)]
    return none_of(check.label, f"SUMPRODUCT(--({'+'.join(areas)}<>{built.totals.area}))", 0)


def _not_fictional(built: Built, check: Check, _: Cells) -> Line:
    premises = built.book.premises
    area = premises.grid.area(6, FIRST_PREMISE, premises.last_row)
    cells = premises.grid.cells
    count = sum(cells[row, 6].value == "架空" for row in range(FIRST_PREMISE, premises.last_row + 1))
    return none_of(check.label, f'COUNTIF({area},"架空")', count, "前提の根拠が「架空」の欄の数")


def _change(built: Built, check: Check, _: Cells) -> Line | None:
    sheet = built.book.last_year
    found = re.search(r"±(\d+)", check.label)
    if not sheet.exists or not found:
        return None
    percent, before, now = found.group(1), sheet.grid.area(BEFORE), sheet.grid.area(NOW)
    formula = (
        f'SUMPRODUCT(--({before}=""))+SUMPRODUCT(({before}<>"")*(ABS({now}-{before})*100>{before}*{percent}))'
    )
    gone = len(set(sheet.before) - {unit.code for unit in sheet.units})
    formula += f"+{gone}" if gone else ""
    pairs = [
        (sheet.before.get(unit.code), total.value)
        for unit, total in zip(sheet.units, built.totals.nums, strict=True)
    ]
    count = sum(was is None or abs(now_yen - was) * 100 > was * int(percent) for was, now_yen in pairs) + gone
    return watched(check.label, formula, count, check.reference)


def _estimated(built: Built, check: Check, _: Cells) -> Line:
    people = built.book.people
    count = sum(people.grid.cells[row, people.estimate_column].value == "推計" for row in people.grid.rows)
    return watched(
        check.label, f'COUNTIF({people.grid.area(people.estimate_column)},"推計")', count, check.reference
    )


_MAKERS: dict[str, Maker] = {
    "codes_unique": _codes_unique,
    "population_total": _population_total,
    "reference_day": _stated("reference_day"),
    "counted_by": _stated("counted_by"),
    "sum_lines": _sum_lines,
    "sum_budget": _sum_budget,
    "within_budget": _within_budget,
    "sum_terms": _sum_terms,
    "not_negative": _not_negative,
    "sum_instalments": _sum_instalments,
    "not_fictional": _not_fictional,
    "change": _change,
    "estimated": _estimated,
}
