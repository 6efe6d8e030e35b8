"""Rounding an amount to a rounding unit, in whole numbers: down, up, or half up."""

from __future__ import annotations

from kyodo_geo.present.workbook.number import (
    Amounts,
    Num,
    Test,
    as_count,
    at_least,
    less,
    literal,
    same,
    when,
)
from kyodo_geo.rules.rounding import Direction


def round_amount(amounts: Amounts, index: int, unit: Num, direction: Direction) -> Num:
    """Return the formula of one unit's amount rounded to `unit` yen."""
    whole, rest = amounts.whole[index], amounts.rest_of(index)
    if direction is Direction.CEIL:
        above = as_count(less(literal(0), rest)) if amounts.rest else literal(0)
        return (whole + above + unit - literal(1)).small_div(unit) * unit
    if direction is Direction.HALF_UP:
        return _half_up(amounts, index, unit)
    return whole.small_div(unit) * unit


def _half_up(amounts: Amounts, index: int, unit: Num) -> Num:
    whole, rest = amounts.whole[index], amounts.rest_of(index)
    to_yen = whole + as_count(at_least(rest * literal(2), amounts.den)) if amounts.rest else whole
    half = Num(f"{unit.part}/2", unit.value // 2, atom=False)
    coarse = (whole + half).small_div(unit) * unit
    return when(same(unit, literal(1)), to_yen, coarse)


def whole_down(num: Num, den: Num, unit: Num) -> Num:
    """Return num / den down to a multiple of `unit`."""
    return num.floor_div(den * unit) * unit


def whole_up(num: Num, den: Num, unit: Num) -> Num:
    """Return num / den up to a multiple of `unit`."""
    return (num + den * unit - literal(1)).floor_div(den * unit) * unit


def truth(test: Test) -> str:
    """Write a condition as a cell that says 合 or 否."""
    return f'IF({test.text},"合","否")'
