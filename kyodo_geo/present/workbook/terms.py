"""The terms of the formula as spreadsheet formulas: weight, pot, exact amount, floor and cap, rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kyodo_geo.model.exact import Exact
from kyodo_geo.model.terms import in_order
from kyodo_geo.present.workbook.book import Book, need
from kyodo_geo.present.workbook.division import divided_in_two_steps
from kyodo_geo.present.workbook.integers import improper
from kyodo_geo.present.workbook.number import (
    Amounts,
    Mixed,
    NotLiveError,
    Num,
    Ratio,
    Test,
    as_count,
    gcd,
    larger,
    lcm,
    less,
    literal,
    smaller,
)
from kyodo_geo.present.workbook.premises import Entry
from kyodo_geo.present.workbook.rounded import round_amount, whole_down, whole_up
from kyodo_geo.present.workbook.weights import Weighed, shared_factor, weigh
from kyodo_geo.rules.formula import Addon, How, Limit, Term
from kyodo_geo.rules.rounding import Rounding


@dataclass(frozen=True, slots=True)
class _Pending:
    """Numerators over one denominator, not yet split into whole yen and rest."""

    nums: Sequence[Num]
    den: Num


def build_terms(book: Book) -> None:
    """Write every term and add-on: as formulas where they can be, else as values with the reason."""
    formula = book.run.allocation.settled.formula
    for addon in formula.addons:
        try:
            with book.undone_on_failure():
                done = _live_addon(book, addon)
        except NotLiveError as reason:
            book.reasons[addon.id] = str(reason)
            done = Amounts(book.calculation.put_values(addon.id))
        book.amounts[addon.id] = book.exact[addon.id] = done
    for term in in_order(formula.terms):
        try:
            with book.undone_on_failure():
                _live_term(book, term)
        except NotLiveError as reason:
            _term_values(book, term, str(reason))


def _term_values(book: Book, term: Term, reason: str) -> None:
    steps = book.calculation
    ids = [f"{term.id}_weight", f"{term.id}_before_rounding", term.id]
    for step_id in ids:
        if steps.has(step_id) and not (step_id == term.id and is_open(book, term)):
            book.reasons[step_id] = reason
            steps.put_values(step_id)
    before = steps.has(ids[1])
    exact = steps.step(ids[1] if before else term.id).values
    book.exact[term.id] = book.amounts_of_values(term.label, exact)
    if before and steps.has(term.id) and not is_open(book, term):
        whole: Exact = steps.step(term.id).values
        book.amounts[term.id] = book.amounts_of_values(f"{term.label}(端数処理後)", whole)
    else:
        book.amounts[term.id] = book.exact[term.id]


def is_open(book: Book, term: Term) -> bool:
    """Whether what is left over is handed out on this term."""
    steps = book.calculation
    return steps.has("rounded") and steps.step("rounded").term_id == term.id


def _live_term(book: Book, term: Term) -> None:
    steps = book.calculation
    weighed = _shown_weights(book, term, *weigh(book, term))
    exact = _exact(book, term, weighed)
    shown = [
        (exact.shown(index), steps.step(_exact_id(book, term)).values[index]) for index in range(book.count)
    ]
    _refuse_other(book, term, exact)
    if steps.has(f"{term.id}_before_rounding"):
        steps.show(f"{term.id}_before_rounding", shown)
    done = exact
    if steps.has(term.id) and not is_open(book, term):
        done = _rounded(book, term, exact) if term.rounding else exact
        if not term.rounding:
            steps.show(term.id, shown)
    book.exact[term.id], book.amounts[term.id] = exact, done


def _exact_id(book: Book, term: Term) -> str:
    before = f"{term.id}_before_rounding"
    return before if book.calculation.has(before) else term.id


def _refuse_other(book: Book, term: Term, exact: Amounts) -> None:
    values = book.calculation.step(_exact_id(book, term)).values
    for index in range(book.count):
        rest, whole = exact.rest_of(index), exact.whole[index]
        if values[index] * exact.den.value != whole.value * exact.den.value + rest.value:
            msg = "式の結果がツールの額と違う"
            raise NotLiveError(msg)


def _shown_weights(book: Book, term: Term, nums: Sequence[Num], den: Num) -> Weighed:
    steps, step_id = book.calculation, f"{term.id}_weight"
    if den.is_literal(1):
        return steps.fill(step_id, nums).nums, den
    opened = book.integers.open(f"{term.label}の割り当ての数(整数)")
    below = opened.den(den)
    column = opened.fill(nums)
    values = steps.step(step_id).values
    steps.show(
        step_id, [(f"{num.text}/{below.text}", values[index]) for index, num in enumerate(column.nums)]
    )
    return column.nums, below


def _exact(book: Book, term: Term, weighed: Weighed) -> Amounts:
    """Multiply by the rate, or divide the pot by weight, within the term's limits; in two steps where one is too large."""
    factor, below = _factors(book, term, weighed)
    try:
        with book.undone_on_failure():
            opened = book.integers.open(f"{term.label}(分子)")
            by, den = opened.factor(factor), opened.den(below)
            pending = _Pending(opened.fill(num * by for num in weighed[0]).nums, den)
            return _split(book, term, _limited(book, term, pending))
    except NotLiveError:
        if term.floor or term.cap:
            raise
        return divided_in_two_steps(book, term.label, weighed[0], Ratio(factor, below))


def _factors(book: Book, term: Term, weighed: Weighed) -> tuple[Num, Num]:
    """Return what every weight is multiplied and divided by; what the two share is taken out first."""
    nums, den = weighed
    if term.amount.how is How.RATE:
        rate = book.premises.number(term.amount.value, f"{term.label}の単価", "円")
        return shared_factor(rate, den)
    top, bottom = improper(_pot(book, term))
    together = _sum_of_weights(book, term, nums)
    common = gcd(top, bottom * together)
    return top.over(common), (bottom * together).over(common)


def _sum_of_weights(book: Book, term: Term, nums: Sequence[Num]) -> Num:
    first, last = nums[0].text, nums[-1].text.split("!")[1]
    total = Num(f"SUM({first}:{last})", sum(num.value for num in nums))
    return book.integers.mixed(
        f"{term.label}の割り当ての合計", [(1, Mixed(total, literal(0), literal(1)))]
    ).whole


def _pot(book: Book, term: Term) -> Mixed:
    """Return what the term divides: a share of the budget, a fixed sum, or what the other terms leave."""
    label, how = f"{term.label}の総額", term.amount.how
    if how is How.FIXED:
        fixed = book.premises.number(term.amount.value, label, "円")
        pot = book.integers.reduced(label, fixed.num, fixed.den)
    elif how is How.SHARE:
        percent = book.premises.number(term.amount.value, f"{term.label}の割合", "%")
        pot = book.integers.reduced(label, _budget(book).whole * percent.num, percent.den * literal(100))
    else:
        hands_out = book.run.allocation.settled.formula.leftover.method.hands_out
        taken = book.amounts if hands_out else book.exact
        others = [(-1, book.integers.sum_of(f"{key}の合計", need(amounts))) for key, amounts in taken.items()]
        pot = book.integers.mixed(f"{label}(予算の残り)", [(1, _budget(book)), *others])
        book.tests.append(
            (f"{label}(予算の残り)が負でない", Test(f"{pot.whole.text}>=0", pot.whole.value >= 0))
        )
    book.pots[term.id] = pot
    return pot


def _budget(book: Book) -> Mixed:
    if book.budget is None:
        msg = "予算がない"
        raise NotLiveError(msg)
    return book.budget


def _limited(book: Book, term: Term, pending: _Pending) -> _Pending:
    """Raise to the term's floor, then cut at its cap."""
    kinds = ((term.floor, larger, whole_up, "下限"), (term.cap, smaller, whole_down, "上限"))
    for limit, choose, to_unit, word in kinds:
        if limit is None:
            continue
        label = f"{term.label}の{word}"
        bounds, den = limit_cells(book, limit, label)
        if term.rounding:
            unit, below = term_unit(book, term), den
            column = book.integers.open(f"{label}(円)").fill(to_unit(bound, below, unit) for bound in bounds)
            bounds, den = column.nums, literal(1)
        opened = book.integers.open(f"{label}を当てた額(分子)")
        below = opened.den(lcm([pending.den, den]))
        pairs = zip(pending.nums, bounds, strict=True)
        nums = [choose(num * below.over(pending.den), bound * below.over(den)) for num, bound in pairs]
        pending = _Pending(opened.fill(nums).nums, below)
    return pending


def limit_cells(book: Book, limit: Limit, label: str) -> tuple[Sequence[Num], Num]:
    """Return the bound of each unit as numerators over one denominator."""
    if not limit.of:
        value = book.premises.number(limit.value, label, "円")
        return [value.num] * book.count, value.den
    percent = book.premises.number(limit.percent, f"{label}(割合)", "%")
    other = need(book.amounts.get(limit.of))
    nums = [
        (one * other.den + other.rest_of(index)) * percent.num for index, one in enumerate(other.whole.nums)
    ]
    return nums, other.den * percent.den * literal(100)


def _split(book: Book, term: Term, pending: _Pending) -> Amounts:
    """Split each amount into whole yen and what is left of one yen."""
    if pending.den.is_literal(1):
        return Amounts(book.integers.open(f"{term.label}(円)").fill(pending.nums))
    opened = book.integers.open(f"{term.label}(円)")
    wholes = opened.fill(num.floor_div(pending.den) for num in pending.nums)
    opened = book.integers.open(f"{term.label}(余り)")
    pairs = zip(pending.nums, wholes.nums, strict=True)
    rests = opened.fill(num - whole * pending.den for num, whole in pairs)
    return Amounts(wholes, rests, pending.den)


def term_unit(book: Book, term: Term) -> Num:
    """Return the cell of the rounding unit of a term."""
    rounding = term.rounding or Rounding()
    label = f"{term.label}の端数処理(円未満{rounding.direction.label})"
    return book.premises.whole(Entry(label, "円", "端数処理", "", "input"), rounding.unit_yen)


def _rounded(book: Book, term: Term, exact: Amounts) -> Amounts:
    rounding = term.rounding or Rounding()
    unit = term_unit(book, term)
    nums = [round_amount(exact, index, unit, rounding.direction) for index in range(book.count)]
    return Amounts(book.calculation.fill(term.id, nums))


def _live_addon(book: Book, addon: Addon) -> Amounts:
    below = book.premises.number(addon.below, f"{addon.label}: これより少ない単位に加える")
    value = book.premises.number(addon.value, addon.label, "円")
    measured = book.people.measured(addon.measure)
    if value.num.value % value.den.value:
        msg = "加算が円単位でない"
        raise NotLiveError(msg)
    book.tests.append((f"{addon.label}が円単位", Test(f"{value.den.text}=1", value.den.value == 1)))
    yen = value.num
    nums = [
        as_count(less(num * below.den, below.num * den)) * yen
        for num, den in zip(measured.nums, measured.dens, strict=True)
    ]
    return Amounts(book.calculation.fill(addon.id, nums))
