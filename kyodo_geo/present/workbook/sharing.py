"""Rounding each unit's sum, handing out what is left over, the totals and the instalments, as formulas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

from kyodo_geo.present.workbook.book import QUADRATIC_LIMIT, Book, need
from kyodo_geo.present.workbook.limits import rounding_unit, sum_unit
from kyodo_geo.present.workbook.number import (
    Amounts,
    Column,
    Mixed,
    NotLiveError,
    Num,
    Test,
    larger,
    less,
    literal,
    smaller,
    when,
)
from kyodo_geo.present.workbook.premises import Entry
from kyodo_geo.present.workbook.rounded import round_amount
from kyodo_geo.present.workbook.terms import term_unit
from kyodo_geo.rules.formula import How, LeftoverMethod, Term
from kyodo_geo.rules.rounding import Direction

Builder = Callable[[], Column]


def build_totals(book: Book) -> Column:
    """Write rounding, remainder, total and instalments; return the column of the totals."""
    rest = _open_term(book)
    _same_shape(book, rest)
    quotas = book.amounts.get(rest.id) if rest else book.limited
    unit, direction = _rounding(book, rest)
    wholes = _step(book, "rounded", lambda: _rounded(book, quotas, unit, direction))
    extra = _step(book, "remainder", lambda: _extra(book, need(quotas), need_column(wholes), unit))
    return _total(book, rest, wholes, extra)


def _same_shape(book: Book, opened: Term | None) -> None:
    """Test that the other terms stay whole yen, or stay not so: on that depends on what the remainder is handed out."""
    formula = book.run.allocation.settled.formula
    rest = next((term for term in formula.terms if term.amount.how is How.REST and term.rounding), None)
    later = formula.floor or formula.cap or formula.transition or formula.rounding.unit_yen > 1
    if rest is None or not formula.leftover.method.hands_out or later or rest.floor or rest.cap:
        return
    others = [one for key, one in book.amounts.items() if key != rest.id and one and one.rest]
    if others:
        together = "+".join(f"SUM({one.rest.area})" for one in others if one.rest)
        sign = "=" if opened else ">"
        book.tests.append(
            (
                "項が円単位かどうかが書き出し時と同じ(端数の配り方が変わる)",
                Test(f"{together}{sign}0", holds=True),
            )
        )


def _open_term(book: Book) -> Term | None:
    steps = book.calculation
    opened = steps.step("rounded").term_id if steps.has("rounded") else ""
    terms = book.run.allocation.settled.formula.terms
    return next((term for term in terms if opened and term.id == opened), None)


def _rounding(book: Book, rest: Term | None) -> tuple[Num, Direction]:
    """Return the rounding that the units are rounded by: the open term's own, or that of the sum."""
    formula = book.run.allocation.settled.formula
    if rest and rest.rounding:
        return term_unit(book, rest), rest.rounding.direction
    takes_odd = formula.leftover.method is LeftoverMethod.FIRST_INSTALMENT
    return rounding_unit(book), Direction.FLOOR if takes_odd else formula.rounding.direction


def _step(book: Book, step_id: str, build: Builder) -> Column | None:
    """Build a column; where the engine shows it, it may fall back to the engine's values."""
    try:
        with book.undone_on_failure():
            return build()
    except NotLiveError as reason:
        if not book.calculation.has(step_id):
            return None
        book.reasons[step_id] = str(reason)
        return book.calculation.put_values(step_id)


def _rounded(book: Book, quotas: Amounts | None, unit: Num, direction: Direction) -> Column:
    if quotas is None:
        raise NotLiveError(book.sum_reason)
    amounts = quotas
    nums = [round_amount(amounts, index, unit, direction) for index in range(book.count)]
    if book.calculation.has("rounded"):
        return book.calculation.fill("rounded", nums)
    return book.integers.open("端数処理後(円)").fill(nums)


def _extra(book: Book, quotas: Amounts, wholes: Column, unit: Num) -> Column:
    method = book.run.allocation.settled.formula.leftover.method
    if method is LeftoverMethod.SAINTE_LAGUE:
        msg = "サント・ラグ法は1つずつ順に配るため"
        raise NotLiveError(msg)
    if method is LeftoverMethod.LARGEST_REMAINDER:
        return _largest(book, quotas, wholes, unit)
    if method is LeftoverMethod.UNIT:
        return _to_one(book, quotas, wholes)
    return Column((literal(0),) * book.count, "")


def _largest(book: Book, quotas: Amounts, wholes: Column, unit: Num) -> Column:
    """Give one rounding unit each to the largest remainders: rank = how many are larger, or equal with a lower code."""
    if book.count > QUADRATIC_LIMIT:
        msg = f"{QUADRATIC_LIMIT:,} 単位を超える順位づけのため"
        raise NotLiveError(msg)
    beyond = [one - whole for one, whole in zip(quotas.whole.nums, wholes.nums, strict=True)]
    keys = book.integers.open("端数(分子)").fill(
        one * quotas.den + quotas.rest_of(index) for index, one in enumerate(beyond)
    )
    spare_yen = quotas.whole.total() - wholes.total()
    if quotas.rest:
        spare_yen += book.integers.reduced("円未満の合計", quotas.rest.total(), quotas.den).whole
    spare = book.integers.mixed(
        "配る単位の数", [(1, Mixed(spare_yen.small_div(unit), literal(0), literal(1)))]
    ).whole
    order = _code_order(book)
    ranks = book.integers.open("端数の順位(0から)").fill(_ranks(keys, order))
    return book.calculation.fill(
        "remainder", [when(less(rank, spare), unit, literal(0)) for rank in ranks.nums]
    )


def _code_order(book: Book) -> Column:
    codes = [unit.code for unit in book.people.units]
    place = {code: number for number, code in enumerate(sorted(codes))}
    return book.integers.values("コードの順(同じ端数のとき)", [place[code] for code in codes])


def _ranks(keys: Column, order: Column) -> list[Num]:
    pairs = [(-key.value, place.value) for key, place in zip(keys.nums, order.nums, strict=True)]
    rank = {pair: number for number, pair in enumerate(sorted(pairs))}
    texts = [
        f"SUMPRODUCT(({keys.area}>{key.text})+({keys.area}={key.text})*({order.area}<{place.text}))"
        for key, place in zip(keys.nums, order.nums, strict=True)
    ]
    return [Num(text, rank[pair]) for text, pair in zip(texts, pairs, strict=True)]


def _to_one(book: Book, quotas: Amounts, wholes: Column) -> Column:
    named = book.run.allocation.settled.formula.leftover.unit_code
    together = book.integers.sum_of("端数処理前の合計", quotas).whole
    spare = together - wholes.total()
    high = book.high or [None] * book.count
    nums = [
        literal(0) if unit.code != named else spare if most is None else smaller(spare, most - wholes[index])
        for index, (unit, most) in enumerate(zip(book.people.units, high, strict=True))
    ]
    return book.calculation.fill("remainder", nums)


def _total(book: Book, rest: Term | None, wholes: Column | None, extra: Column | None) -> Column:
    try:
        nums = [
            _line(book, rest, need_column(wholes), need_column(extra), index) for index in range(book.count)
        ]
        if rest:
            final = [wholes[index] + extra[index] for index in range(book.count)] if wholes and extra else []
            open_column = book.calculation.fill(rest.id, final)
            others = [_others(book, rest, index) for index in range(book.count)]
            nums = [reduce(Num.__add__, [*more, open_column[index]]) for index, more in enumerate(others)]
        elif not book.calculation.has("rounded") and not book.calculation.has("remainder"):
            nums = _plain_sum(book) or nums
        column = book.calculation.fill("total", nums)
    except NotLiveError as reason:
        if rest:
            book.reasons[rest.id] = str(reason)
            book.calculation.put_values(rest.id)
        book.reasons["total"] = str(reason)
        column = book.calculation.put_values("total")
    try:
        with book.undone_on_failure():
            _instalments(book, column)
    except NotLiveError as reason:
        for step in book.calculation.steps:
            if step.kind == "instalment":
                book.reasons[step.id] = str(reason)
                book.calculation.put_values(step.id)
    return column


def _plain_sum(book: Book) -> list[Num] | None:
    """Return the sum of the terms as they stand in 計算, where they are whole yen and nothing comes after them."""
    formula = book.run.allocation.settled.formula
    parts = [
        book.amounts[key] for key in (*(one.id for one in formula.terms), *(one.id for one in formula.addons))
    ]
    if formula.floor or formula.cap or formula.transition or formula.rounding.unit_yen != 1:
        return None
    if any(part is None or part.rest is not None for part in parts):
        return None
    return [reduce(Num.__add__, (need(part).whole[index] for part in parts)) for index in range(book.count)]


def _line(book: Book, rest: Term | None, wholes: Column, extra: Column, index: int) -> Num:
    total = wholes[index] + extra[index]
    return reduce(Num.__add__, [*_others(book, rest, index), total]) if rest else total


def _others(book: Book, rest: Term, index: int) -> list[Num]:
    return [need(amounts).whole[index] for key, amounts in book.amounts.items() if key != rest.id]


def _instalments(book: Book, totals: Column) -> None:
    plan = book.run.allocation.settled.formula.instalments
    if plan is None:
        return
    unit = book.premises.whole(
        Entry("第2回以後の交付の端数処理(円未満切り捨て)", "円", "端数処理", "", "input"), plan.unit_yen
    )
    if book.run.allocation.settled.formula.leftover.method is LeftoverMethod.FIRST_INSTALMENT:
        unit = larger(unit, sum_unit(book))
    count = literal(plan.count)
    later = [total.small_div(count).small_div(unit) * unit for total in totals.nums]
    columns: Sequence[Num] = ()
    for number in range(plan.count, 1, -1):
        columns = book.calculation.fill(f"instalment_{number}", later).nums
    others = columns or [literal(0)] * book.count
    first = [total - one * literal(plan.count - 1) for total, one in zip(totals.nums, others, strict=True)]
    book.calculation.fill("instalment_1", first)


def need_column(column: Column | None) -> Column:
    """Return a column; NotLiveError when it could not be made."""
    if column is None:
        msg = "前の段階が値"
        raise NotLiveError(msg)
    return column
