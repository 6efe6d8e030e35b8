"""The state of all centres on any day, and the courses of 34 and 200 centres laid out from what is entered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from lines import Line, Ratio, median_ms

from kyodo_geo.model.changes import Change, Entered
from kyodo_geo.model.management import Course, counts_by_year, gantt_rows, state_on, timelines_of
from kyodo_geo.provenance import Unknown
from kyodo_geo.rules.management import management_rules
from kyodo_geo.sources.records import Management
from kyodo_geo.timeline import Dated, Timeline

_BAR_MS = 2
_YEARS = range(2015, 2036)
_FIRST = date(2015, 4, 1)


def measure() -> Iterator[Line | Ratio]:
    """Return the state of any day with and without plans, the counts of 20 years, the Gantt rows, and the laying out."""
    for centres in (34, 200):
        shipped, entered = _shipped(centres), _entered(centres)
        rules = management_rules()
        courses = timelines_of(shipped, entered, rules=rules)
        took = median_ms(lambda c=courses: _days(c), times=15) / 100
        yield Line(
            f"management of {centres} centres on a day", took, "ms", _BAR_MS, "with plans; mean of 100 days"
        )
        took = median_ms(lambda c=courses: counts_by_year(c, _YEARS))
        yield Line(f"counts of {len(_YEARS)} years, {centres} centres", took, "ms", None, "median of 7")
        took = median_ms(lambda c=courses: gantt_rows(c, _FIRST, date(2035, 3, 31)))
        yield Line(f"Gantt rows of {centres} centres", took, "ms", None, "median of 7")
        took = median_ms(lambda s=shipped, e=entered, r=rules: timelines_of(s, e, rules=r))
        what = f"courses of {centres} centres from {len(entered)} entries"
        yield Line(what, took, "ms", None, "by the rules; median of 7")


def _days(courses: dict[str, Course]) -> None:
    for number in range(100):
        state_on(courses, _FIRST + timedelta(days=70 * number), planned=True)


def _shipped(centres: int) -> dict[str, Timeline[Management]]:
    direct = Dated[Management](_FIRST, Management("direct", False, "", None, ""))
    untold = Dated[Management](date(2016, 4, 1), Unknown("架空"))
    return {f"{code:03d}": Timeline("架空", (direct, untold)) for code in range(centres)}


def _entered(centres: int) -> tuple[Entered, ...]:
    """Two terms and a planned third for every centre."""
    changes = [
        Change(
            "management",
            f"{code:03d}",
            {"status": "community", "manager": "架空協議会", "term_end": f"{year + 5}-03-31"}
            | ({"planned": "yes"} if year > 2025 else {}),
            f"{year}-04-01",
            "架空の議決",
            "架空課",
            "2026-11-01T09:00:00+09:00",
        )
        for code in range(centres)
        for year in (2018, 2023, 2028)
    ]
    return tuple(Entered(seq, one, "") for seq, one in enumerate(changes, start=1))
