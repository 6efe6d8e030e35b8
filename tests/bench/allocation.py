"""Allocation of the city's districts and of 10,000 units; ties of the largest remainder beside `apportionment`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from lines import Line, Ratio, median_ms, missing

from kyodo_geo.model.allocation import Leftover, Terms, Unit, allocate

_TIES = ((15, 15, 17, 3), 5)
# By hand: quotas 1.5 1.5 1.7 0.3, wholes 1 1 1 0, two seats left: first .7, then the first of the two .5
_RIGHT = [2, 1, 2, 0]


def measure() -> Iterator[Line | Ratio]:
    """Return the two sizes, and the ties."""
    for number in (34, 10_000):
        yield _sized(number, Leftover.REPORT)
        yield _sized(number, Leftover.LARGEST_REMAINDER)
    try:
        yield _ties()
    except ImportError as error:
        yield missing("apportionment, largest remainder", error)


def _sized(number: int, leftover: Leftover) -> Line:
    units = [Unit(f"{code:05d}", f"地区{code}", 500 + code * 7919 % 15_000) for code in range(number)]
    terms = Terms(budget_yen=number * 600_000 + 7, equal_percent=Fraction(50), leftover=leftover)
    times = 15 if number < 1000 else 5
    took = median_ms(lambda: allocate(units, terms), times=times)
    return Line(
        f"allocate {number:,} units, {leftover.value}", took, "ms", note=f"exact fractions, median of {times}"
    )


def _ties() -> Ratio:
    from apportionment import methods  # noqa: PLC0415 - a peer, not there for everybody

    people, seats = _TIES
    units = [Unit(f"{code}", "", number) for code, number in enumerate(people)]
    terms = Terms(budget_yen=seats, equal_percent=Fraction(0), leftover=Leftover.LARGEST_REMAINDER)
    ours = [line.total_yen for line in allocate(units, terms).lines]
    theirs = [int(one) for one in methods.largest_remainder(list(people), seats)]
    note = "; ".join(
        f"{name} {'right' if found == _RIGHT else f'WRONG, {_RIGHT} expected'}"
        for name, found in (("ours", ours), ("peer", theirs))
    )
    return Ratio(
        f"largest remainder, {list(people)} for {seats}", "apportionment", str(ours), str(theirs), note=note
    )
