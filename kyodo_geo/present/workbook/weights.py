"""What each unit counts in a term, as formulas: measure, beyond, step, per, bands, tables, coefficients, months."""

from __future__ import annotations

from collections.abc import Sequence

from kyodo_geo.model.measures import MONTHS, measure_label
from kyodo_geo.present.workbook.book import Book
from kyodo_geo.present.workbook.number import (
    NotLiveError,
    Num,
    Ratio,
    at_least,
    gcd,
    larger,
    lcm,
    literal,
    same,
    when,
)
from kyodo_geo.present.workbook.people import Measured
from kyodo_geo.rules.formula import Band, Banded, Kind, Term

_MOST_BANDS = 40  # a nested IF may be 64 deep

Weighed = tuple[Sequence[Num], Num]


def weigh(book: Book, term: Term) -> Weighed:
    """Return the whole-number weights of a term and their common denominator."""
    nums, den = _base(book, term)
    if term.coefficient:
        nums, den = _times(nums, den, book.people.measured(term.coefficient))
    if term.coefficient_by:
        factors, below = _banded(book, term.coefficient_by, f"{term.label}の係数")
        nums, den = [one * factor for one, factor in zip(nums, factors, strict=True)], den * below
    if term.by_months and book.people.with_months:
        nums, den = _by_months(book, nums, den, term.label)
    return nums, den


def _base(book: Book, term: Term) -> Weighed:
    count = len(book.people.units)
    if term.kind in {Kind.EQUAL, Kind.FLAT} and not term.measure:
        return [literal(1)] * count, literal(1)
    if term.kind is Kind.BANDS:
        return _banded(book, Banded(term.measure, term.bands), term.label)
    if term.table:
        table = dict(term.table)
        refs = [table[unit.code] for unit in book.people.units]
        measured = book.people.table(f"table.{term.id}", f"{term.label}の表", refs, book.premises)
        return measured.nums, measured.den
    return _counted(book, term)


def _counted(book: Book, term: Term) -> Weighed:
    measured = book.people.measured(term.measure)
    nums: Sequence[Num] = measured.nums
    den, number = measured.den, book.premises.number
    if term.beyond != 0:
        nums, den = _beyond(
            book, nums, den, number(term.beyond, f"{term.label}: これを超える分を数える"), term.label
        )
    if term.step != 0:
        nums, den = _stepped(
            book, nums, den, number(term.step, f"{term.label}: この数ごとに数える"), term.label
        )
    if term.per != 1:
        per = number(term.per, f"{term.label}: この数で割る")
        nums, den = [one * per.den for one in nums], den * per.num
    return nums, den


def _beyond(book: Book, nums: Sequence[Num], den: Num, beyond: Ratio, label: str) -> Weighed:
    opened = book.integers.open(f"{label}: 超える分")
    below = opened.den(lcm([den, beyond.den]))
    least = opened.factor(beyond.num * below.over(beyond.den))
    column = opened.fill(larger(one * below.over(den) - least, literal(0)) for one in nums)
    return column.nums, below


def _stepped(book: Book, nums: Sequence[Num], den: Num, step: Ratio, label: str) -> Weighed:
    if not step.num.value:
        msg = "数える単位が0"
        raise NotLiveError(msg)
    opened = book.integers.open(f"{label}: 数える単位で切り捨て")
    none = same(step.num, literal(0))
    below = opened.den(when(none, den, step.den))
    size = opened.factor(den * step.num)
    column = opened.fill(when(none, one, (one * step.den).floor_div(size) * step.num) for one in nums)
    return column.nums, below


def _banded(book: Book, banded: Banded, label: str) -> Weighed:
    """Return the value of the band that each unit falls in, over one denominator."""
    if len(banded.bands) > _MOST_BANDS:
        msg = f"段階が{_MOST_BANDS}を超える"
        raise NotLiveError(msg)
    what = measure_label(banded.measure, book.run.allocation.settled.formula.columns)
    opened = book.integers.open(f"{label}: {what}の段階")
    pairs = [
        _band(book, band, f"{label} 段階{place}", what) for place, band in enumerate(banded.bands, start=1)
    ]
    bottom = lcm([value.den for _, value in pairs])
    den = opened.den(bottom)
    weights = [(lower, value.num * den.over(value.den)) for lower, value in pairs]
    measured = book.people.measured(banded.measure)
    book.bounds.append((label, [lower for lower, _ in pairs]))
    column = opened.fill(
        _choose(weights, num, below) for num, below in zip(measured.nums, measured.dens, strict=True)
    )
    return column.nums, den


def _band(book: Book, band: Band, label: str, what: str) -> tuple[Ratio, Ratio]:
    return book.premises.number(band.lower, f"{label}の下限({what})"), book.premises.number(
        band.value, f"{label}の値"
    )


def _choose(weights: Sequence[tuple[Ratio, Num]], num: Num, den: Num) -> Num:
    chosen = weights[0][1]
    for lower, weight in weights[1:]:
        chosen = when(at_least(num * lower.den, lower.num * den), weight, chosen)
    return chosen


def _times(nums: Sequence[Num], den: Num, factor: Measured) -> Weighed:
    return [one * by for one, by in zip(nums, factor.nums, strict=True)], den * factor.den


def _by_months(book: Book, nums: Sequence[Num], den: Num, label: str) -> Weighed:
    months = book.people.measured("months")
    opened = book.integers.open(f"{label}: 月割り")
    area = book.people.area("months")
    twelve = opened.factor(Num(f"IF(SUMPRODUCT(--({area}<>{MONTHS}))=0,1,{MONTHS})", MONTHS))
    column = opened.fill(
        when(same(twelve, literal(1)), one, one * month) for one, month in zip(nums, months.nums, strict=True)
    )
    return column.nums, den * twelve


def shared_factor(rate: Ratio, den: Num) -> tuple[Num, Num]:
    """Return multiplier and denominator of rate ÷ den, with what numerator and `den` have in common taken out."""
    common = gcd(rate.num, den)
    return rate.num.over(common), rate.den * den.over(common)
