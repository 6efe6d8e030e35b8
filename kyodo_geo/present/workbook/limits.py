"""The unit's sum, its floor and cap, and the transition from last year, as formulas where one pass is enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

from kyodo_geo.present.workbook.book import Book, need
from kyodo_geo.present.workbook.number import (
    Amounts,
    NotLiveError,
    Num,
    Test,
    at_least,
    gcd,
    larger,
    lcm,
    less,
    literal,
    same,
    smaller,
    when,
    whole_number,
)
from kyodo_geo.present.workbook.premises import Entry
from kyodo_geo.present.workbook.rounded import whole_down, whole_up
from kyodo_geo.present.workbook.terms import limit_cells
from kyodo_geo.rules.formula import LeftoverMethod, Limit, PaidBy, Transition

Builder = Callable[[], Amounts]
Bounds = Callable[[], list[Num]]
PAID_IN_TURNS = "ほかの単位が負担する計算は順に繰り返すため"


def build_limits(book: Book) -> None:
    """Write the sum of the terms and what floor, cap and transition make of it."""
    formula = book.run.allocation.settled.formula
    amounts = _tried(book, "", lambda: _unit_sum(book))
    if formula.cap:
        cap = formula.cap
        book.high = _bounds_or_none(book, lambda: _cap_yen(book, cap))
    if formula.floor:
        floor = formula.floor
        amounts = _protected(book, "floor", amounts, floor.paid_by, lambda: _floor(book, floor))
    if formula.cap:
        before = amounts
        amounts = _tried(book, "cap", lambda: _capped(book, need(before)))
        book.freed = before, amounts
    if formula.transition:
        transition = formula.transition
        amounts = _protected(
            book, "transition", amounts, transition.paid_by, lambda: _minimum(book, transition)
        )
    book.limited = amounts


def rounding_unit(book: Book) -> Num:
    """Return the rounding unit of the unit's sum: one yen where the first instalment takes the odd amounts."""
    takes_odd = book.run.allocation.settled.formula.leftover.method is LeftoverMethod.FIRST_INSTALMENT
    return literal(1) if takes_odd else sum_unit(book)


def sum_unit(book: Book) -> Num:
    """Return the cell of the rounding unit that the rule or the officer gave the sum."""
    rounding = book.run.allocation.settled.formula.rounding
    label = f"合計額の端数処理(円未満{rounding.direction.label})"
    return book.premises.whole(Entry(label, "円", "端数処理", "", "input"), rounding.unit_yen)


def _bounds_or_none(book: Book, build: Bounds) -> list[Num | None] | None:
    try:
        with book.undone_on_failure():
            return list(build())
    except NotLiveError:
        return None


def _cap_yen(book: Book, cap: Limit) -> list[Num]:
    bounds, below = limit_cells(book, cap, "上限(1単位)")
    high = book.integers.open("上限(円)").fill(
        whole_down(bound, below, rounding_unit(book)) for bound in bounds
    )
    return list(high.nums)


def _tried(book: Book, step_id: str, build: Builder) -> Amounts | None:
    try:
        with book.undone_on_failure():
            amounts = build()
            if step_id:
                _show(book, step_id, amounts)
            return amounts
    except NotLiveError as reason:
        if not step_id:
            book.sum_reason = f"項の合計: {reason}"
            return None
        book.reasons[step_id] = str(reason)
        book.calculation.put_values(step_id)
        step = book.calculation.step(step_id)
        return book.amounts_of_values(step.label, step.values)


def _show(book: Book, step_id: str, amounts: Amounts) -> None:
    values = book.calculation.step(step_id).values
    for index in range(book.count):
        rest = amounts.rest_of(index).value
        if values[index] * amounts.den.value != amounts.whole[index].value * amounts.den.value + rest:
            msg = "式の結果がツールの額と違う"
            raise NotLiveError(msg)
    book.calculation.show(step_id, [(amounts.shown(index), values[index]) for index in range(book.count)])


def _unit_sum(book: Book) -> Amounts:
    """Add up the terms: whole yen apart from the rests, which are put over one denominator and carried."""
    parts = [need(amounts) for amounts in book.amounts.values()]
    wholes = [reduce(Num.__add__, (part.whole[index] for part in parts)) for index in range(book.count)]
    if all(part.rest is None for part in parts):
        return Amounts(book.integers.open("項の合計(円)").fill(wholes))
    opened = book.integers.open("項の余りの合計(分子)")
    den = opened.den(lcm([part.den for part in parts]))
    sums = opened.fill(
        reduce(Num.__add__, (part.rest_of(index) * den.over(part.den) for part in parts if part.rest))
        for index in range(book.count)
    )
    return _carried(book, "項の合計", wholes, [(rest, den) for rest in sums.nums])


def _carried(book: Book, label: str, wholes: Sequence[Num], rests: Sequence[tuple[Num, Num]]) -> Amounts:
    whole = book.integers.open(f"{label}(円)").fill(
        one + rest.floor_div(den) for one, (rest, den) in zip(wholes, rests, strict=True)
    )
    opened = book.integers.open(f"{label}(余り)")
    below = opened.den(rests[0][1])
    rest_column = opened.fill(rest - rest.floor_div(below) * below for rest, _ in rests)
    return Amounts(whole, rest_column, below)


def _floor(book: Book, floor: Limit) -> list[Num]:
    bounds, den = limit_cells(book, floor, "下限(1単位)")
    unit, opened = rounding_unit(book), book.integers.open("下限(円)")
    high = _high(book) if book.run.allocation.settled.formula.cap else [None] * book.count
    nums = [whole_up(bound, den, unit) for bound in bounds]
    low = opened.fill(
        num if most is None else smaller(num, most) for num, most in zip(nums, high, strict=True)
    )
    book.low = list(low.nums)
    return list(low.nums)


def _high(book: Book) -> list[Num | None]:
    if book.high is None:
        msg = "上限が値"
        raise NotLiveError(msg)
    return book.high


def _minimum(book: Book, transition: Transition) -> list[Num]:
    """Return the least yen of each unit by last year's; 0 for one that had nothing."""
    percent = book.premises.number(transition.percent, "経過措置(前年の何 % を下回らないか)", "%")
    opened = book.integers.open("経過措置の最低額(円)")
    den = percent.den * literal(100)
    nums = [book.last_year.cell(index) * percent.num for index in range(book.count)]
    kept = [whole_up(num, den, rounding_unit(book)) for num in nums]
    if book.run.allocation.settled.formula.floor:
        if book.low is None:
            msg = "下限が値"
            raise NotLiveError(msg)
        kept = [larger(num, low) for num, low in zip(kept, book.low, strict=True)]
    least = list(opened.fill(kept).nums)
    if book.high:
        raised = [larger(most, low) if most else None for most, low in zip(book.high, least, strict=True)]
        book.high = list(raised)
    return least


def _protected(
    book: Book, step_id: str, before: Amounts | None, paid_by: PaidBy, bounds: Bounds
) -> Amounts | None:
    def build() -> Amounts:
        if paid_by is PaidBy.OTHERS:
            raise NotLiveError(PAID_IN_TURNS)
        least = bounds()
        raised = _raised(book, need(before), least, step_id)
        return raised if paid_by is PaidBy.EXTRA else _gainers_pay(book, need(before), raised, least)

    after = _tried(book, step_id, build)
    if paid_by is PaidBy.EXTRA:
        label = "下限" if step_id == "floor" else "経過措置"
        book.added.append((f"{label}のために予算の外から加えた額", before, after))
    return after


def _raised(book: Book, amounts: Amounts, least: Sequence[Num], label: str) -> Amounts:
    word = "下限" if label == "floor" else "経過措置"
    whole = book.integers.open(f"{word}を当てた額(円)").fill(
        larger(one, low) for one, low in zip(amounts.whole.nums, least, strict=True)
    )
    if amounts.rest is None:
        return Amounts(whole)
    opened = book.integers.open(f"{word}を当てた額(余り)")
    den = opened.den(amounts.den)
    pairs = zip(amounts.whole.nums, least, amounts.rest.nums, strict=True)
    rest = opened.fill(when(less(one, low), literal(0), rest) for one, low, rest in pairs)
    return Amounts(whole, rest, den)


def _capped(book: Book, amounts: Amounts) -> Amounts:
    high = [most for most in _high(book) if most]
    whole = book.integers.open("上限を当てた額(円)").fill(
        smaller(one, most) for one, most in zip(amounts.whole.nums, high, strict=True)
    )
    if amounts.rest is None:
        return Amounts(whole)
    opened = book.integers.open("上限を当てた額(余り)")
    den = opened.den(amounts.den)
    triples = zip(amounts.whole.nums, high, amounts.rest.nums, strict=True)
    return Amounts(
        whole, opened.fill(when(at_least(one, most), literal(0), rest) for one, most, rest in triples), den
    )


def _gainers_pay(book: Book, before: Amounts, raised: Amounts, least: Sequence[Num]) -> Amounts:
    """Take from each the same part of what it gains: whole numbers over one denominator, refused when too large."""
    den = raised.den
    gains = book.integers.open("前年からの増加(分子)").fill(_gains(book, raised, least))
    together = book.integers.mixed("前年からの増加の合計", [(1, whole_number(gains.total()))]).whole
    now, was = (
        one.whole.total() * den + (one.rest.total() if one.rest else literal(0)) for one in (raised, before)
    )
    cost = book.integers.mixed(
        "経過措置の費用(分子)", [(1, whole_number(now)), (-1, whole_number(was))]
    ).whole
    test = Test(f"{cost.text}<={together.text}", cost.value <= together.value)
    book.tests.append(("増える単位が経過措置の費用を負担できる", test))
    nobody, common = same(cost, literal(0)), gcd(cost, together)
    opened = book.integers.open("負担(分子)")
    factor = opened.factor(_unless(nobody, literal(0), cost, common))
    below = opened.den(_unless(nobody, literal(1), together, common) * den)
    paid = opened.fill(gain * factor for gain in gains.nums)
    yen = book.integers.open("負担(円)").fill(one.floor_div(below) for one in paid.nums)
    pairs = zip(paid.nums, yen.nums, strict=True)
    odd = book.integers.open("負担(余り)").fill(one - whole * below for one, whole in pairs)
    wholes = [one - whole for one, whole in zip(raised.whole.nums, yen.nums, strict=True)]
    rests = [_scaled(raised.rest_of(index), below, den) - rest for index, rest in enumerate(odd.nums)]
    column = book.integers.open("負担した後の余り(くり下げ前)").fill(rests)
    return _carried(book, "負担した後の額", wholes, [(one, below) for one in column.nums])


def _scaled(rest: Num, below: Num, den: Num) -> Num:
    return rest if rest.is_literal(0) else rest * below.over(den)


def _unless(test: Test, otherwise: Num, top: Num, bottom: Num) -> Num:
    """Divide by a common divisor that may be 0 where the condition holds."""
    if test.holds:
        return Num(f"IF({test.text},{otherwise.text},{top.text}/{bottom.text})", otherwise.value)
    return when(test, otherwise, top.over(bottom))


def _numerators(amounts: Amounts) -> list[Num]:
    return [one * amounts.den + amounts.rest_of(index) for index, one in enumerate(amounts.whole.nums)]


def _gains(book: Book, raised: Amounts, least: Sequence[Num]) -> list[Num]:
    gains = []
    for index, one in enumerate(_numerators(raised)):
        if not book.last_year.has(index):
            gains.append(literal(0))
            continue
        base = larger(least[index], book.last_year.cell(index)) * raised.den
        gains.append(larger(one - base, literal(0)))
    return gains
