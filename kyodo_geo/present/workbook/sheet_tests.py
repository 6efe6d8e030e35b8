"""The checks of the workbook itself: inputs as written, amounts as the tool's, exact numbers, inputs in range."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from kyodo_geo.present.workbook.build import Built
from kyodo_geo.present.workbook.lines import Line, Shown, condition, none_of
from kyodo_geo.present.workbook.number import Ratio
from kyodo_geo.present.workbook.premises import DECIMALS, FIRST

_AREAS_IN_A_FORMULA = 40


def sheet_tests(built: Built, changes: str) -> Iterator[Line]:
    """Yield the checks that every workbook has; `changes` is the cell that counts the changed inputs."""
    yield _unchanged(changes)
    yield _as_the_tool(built, changes)
    yield _values_columns(built, changes)
    yield _not_too_large(built)
    yield from _in_range(built)
    for label, bounds in built.book.bounds:
        yield _rising(label, bounds)
    for label, test in built.book.tests:
        yield condition(
            label,
            Shown("はい"),
            Shown("はい" if test.holds else "いいえ", f'IF({test.text},"はい","いいえ")'),
            test.text,
            holds=test.holds,
        )


def changed(built: Built) -> str:
    """Return the formula that counts the inputs that differ from what was written."""
    premises, book = built.book.premises, built.book
    marks = premises.grid.area(10, FIRST, premises.last_row)
    pairs = [*book.people.copies, *([book.last_year.copies] if book.last_year.copies else [])]
    parts = [f"SUMPRODUCT(--({area}<>{copy}))" for area, copy in pairs]
    return "+".join([f'COUNTIF({marks},"変更")', *parts])


def _unchanged(changes: str) -> Line:
    note = "変えると、下の「ツールの額」との照合は休みます。ツールで試算し直すと確かめられます"
    verdict = 'IF({d}=0,"合","変更あり")'
    return Line("前提・人口・前年の額が書き出し時のまま", Shown(0), Shown(0, changes), verdict, "合", note)


def _as_the_tool(built: Built, changes: str) -> Line:
    found = Shown(0, f"SUMPRODUCT(--({built.totals.area}<>{built.kept_totals.area}))")
    verdict = f'IF({changes}>0,"変更あり",IF({{d}}=0,"合","否"))'
    return Line("計算の合計がツールの額(控え)と1円まで同じ", Shown(0), found, verdict, "合", "違う行の数")


def _values_columns(built: Built, changes: str) -> Line:
    reasons, steps = built.book.reasons, built.book.calculation
    labels = {step.id: step.label for step in steps.steps} | {"account": "残りの内訳"}
    said = "、".join(f"{labels.get(key, key)}({reason})" for key, reason in reasons.items())
    note = f"値で書いたもの: {said}。前提を変えても、そこは変わりません" if said else "すべての列が式です"
    verdict = f'IF({{d}}=0,"合",IF({changes}>0,"否","注意"))'
    return Line(
        "値(式ではない)で書いた列", Shown(0), Shown(len(reasons)), verdict, "注意" if reasons else "合", note
    )


def _not_too_large(built: Built) -> Line:
    area = built.book.integers.everything
    cells = built.book.integers.grid.cells.values()
    largest = max(
        [
            Fraction(0),
            *(abs(Fraction(cell.value)) for cell in cells if not isinstance(cell.value, str | float)),
        ]
    )
    found = Shown(largest, f"MAX(MAX({area}),-MIN({area}))")
    return condition(
        "途中の数が15桁に収まる(表計算が正確に扱える)",
        Shown(10**15 - 1),
        found,
        "{d}<={c}",
        holds=True,
        note="最も大きい数",
    )


def _in_range(built: Built) -> Iterator[Line]:
    premises, people = built.book.premises, built.book.people
    cells = [premises.grid.ref(row, 2, "both") for row in premises.decimal_rows]
    decimals = [f"IF(ROUND({cell},{DECIMALS})={cell},0,1)" for cell in cells]
    for name in people.columns:
        area, digits = people.area(name), 0 if people.is_whole(name) else DECIMALS
        decimals.append(f"SUMPRODUCT(--(ROUND({area},{digits})<>{area}))")
    yield from _counted(f"小数は{DECIMALS}桁まで、人や世帯や月は整数", decimals)
    negative = [f"IF({cell}<0,1,0)" for cell in cells] + [
        f"SUMPRODUCT(--({people.area(name)}<0))" for name in people.columns
    ]
    yield from _counted("前提・人口に負の数がない", negative)
    percents = [
        f"IF({premises.grid.ref(row, 2, 'both')}>100,1,0)"
        for row in premises.decimal_rows
        if premises.is_percent(row)
    ]
    if percents:
        yield from _counted("割合は 100 % まで", percents)
    yield none_of("月数は 0 から 12", f"SUMPRODUCT(--({people.area('months')}>12))", 0)


def _counted(label: str, parts: list[str]) -> Iterator[Line]:
    for start in range(0, len(parts), _AREAS_IN_A_FORMULA):
        yield none_of(label, "+".join(parts[start : start + _AREAS_IN_A_FORMULA]), 0)


def _rising(label: str, bounds: list[Ratio]) -> Line:
    tests = [f"{bounds[0].num.text}=0"]
    tests += [f"{one.num.text}*{two.den.text}<{two.num.text}*{one.den.text}" for one, two in pairwise(bounds)]
    text = f"AND({','.join(tests)})"
    return condition(
        f"{label}の段階の下限が 0 からの小さい順",
        Shown("はい"),
        Shown("はい", f'IF({text},"はい","いいえ")'),
        text,
        holds=True,
    )
