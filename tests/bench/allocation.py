"""Grant runs: 34 and 10,000 units by each method, the workbook, the year-on-year split, and ties beside a peer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

from lines import Line, Ratio, median_ms, missing

from kyodo_geo.model.allocation import allocate
from kyodo_geo.model.change import split_change
from kyodo_geo.model.grants import GrantRun, PopulationUsed
from kyodo_geo.model.measures import Unit
from kyodo_geo.model.run_checks import run_checks
from kyodo_geo.model.scenario import Scenario
from kyodo_geo.present.workbook import workbook_bytes
from kyodo_geo.provenance import Basis
from kyodo_geo.rules.book import RuleBook
from kyodo_geo.rules.formula import Leftover, LeftoverMethod
from kyodo_geo.rules.rounding import Rounding

_TIES = ((15, 15, 17, 3), 5)
# By hand: quotas 1.5 1.5 1.7 0.3, wholes 1 1 1 0, two seats left: first .7, then the first of the two .5
_RIGHT = [2, 1, 2, 0]
_METHODS = (LeftoverMethod.REPORT, LeftoverMethod.LARGEST_REMAINDER, LeftoverMethod.SAINTE_LAGUE)
_BARS_MS = {34: 5, 10_000: 500}


def measure() -> Iterator[Line | Ratio]:
    """Return the sizes by each method, the workbook, the split, and the ties."""
    for number, bar in _BARS_MS.items():
        for method in _METHODS:
            yield _sized(number, method, bar)
    yield _workbook()
    yield _split()
    try:
        yield _ties()
    except ImportError as error:
        yield missing("apportionment, largest remainder", error)


def _units(number: int) -> list[Unit]:
    return [Unit(f"{code:05d}", f"地区{code}", 500 + code * 7919 % 15_000) for code in range(number)]


def _scenario(number: int, method: LeftoverMethod) -> Scenario:
    return Scenario(
        "hitomachi", 2025, budget_yen=number * 600_000 + 7, supplied={"equal_percent": Fraction(50)},
        place="term", rounding=Rounding(100), leftover=Leftover(method),
    )  # fmt: skip


def _sized(number: int, method: LeftoverMethod, bar: float) -> Line:
    """Settle the rule, divide, and make every line: what a run is before it is shown."""
    rule, units = RuleBook.load().rule("hitomachi"), _units(number)
    scenario = _scenario(number, method)
    times = 15 if number < 1000 else 5
    took = median_ms(lambda: allocate(units, scenario.settle(rule)).lines, times=times)
    return Line(f"run of {number:,} units, {method.value}", took, "ms", bar, f"exact, median of {times}")


def _workbook() -> Line:
    rule, units = RuleBook.load().rule("hitomachi"), _units(34)
    scenario = _scenario(34, LeftoverMethod.LARGEST_REMAINDER)
    used = PopulationUsed("架空", "2025-04-01", "住民基本台帳", Basis.FICTIONAL)
    result = allocate(units, scenario.settle(rule))
    run = GrantRun(rule, scenario, result, used, run_checks(result, scenario, used, None))
    took = median_ms(lambda: workbook_bytes(run, written_on=datetime(2025, 4, 1, tzinfo=UTC)), times=7)
    return Line("workbook of 34 units with formulas", took / 1000, "s", 0.3, "median of 7")


def _split() -> Line:
    rule, units = RuleBook.load().rule("hitomachi"), _units(34)
    scenario = _scenario(34, LeftoverMethod.LARGEST_REMAINDER)
    later = replace(scenario, budget_yen=21_000_000, supplied={"equal_percent": Fraction(45)})
    moved = [replace(unit, population=unit.population * 97 // 100 + 13) for unit in units]
    before, after = (allocate(some, one.settle(rule)) for some, one in ((units, scenario), (moved, later)))
    took = median_ms(lambda: split_change(before, after), times=7)
    return Line(
        "year-on-year split of 34 units", took, "ms", 50, "Shapley over four, rounding apart; median of 7"
    )


def _ties() -> Ratio:
    from apportionment import methods  # noqa: PLC0415 - a peer, not there for everybody

    people, seats = _TIES
    units = [Unit(f"{code}", "", number) for code, number in enumerate(people)]
    scenario = Scenario(
        "hitomachi", 2025, budget_yen=seats, supplied={"equal_percent": Fraction(0)}, place="term",
        leftover=Leftover(LeftoverMethod.LARGEST_REMAINDER),
    )  # fmt: skip
    ours = list(allocate(units, scenario.settle(RuleBook.load().rule("hitomachi"))).totals_yen)
    theirs = [int(one) for one in methods.largest_remainder(list(people), seats)]
    note = "; ".join(
        f"{name} {'right' if found == _RIGHT else f'WRONG, {_RIGHT} expected'}"
        for name, found in (("ours", ours), ("peer", theirs))
    )
    return Ratio(
        f"largest remainder, {list(people)} for {seats}", "apportionment", str(ours), str(theirs), note=note
    )
