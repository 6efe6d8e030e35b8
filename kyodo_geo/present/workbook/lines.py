"""A line of the sheet 検算."""

from __future__ import annotations

from dataclasses import dataclass

from kyodo_geo.present.workbook.grid import Value

VERDICTS = {"pass": "合", "fail": "否", "note": "注意"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One side of a check: a formula with its value, or, without a formula, the value alone."""

    value: Value
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One check: both sides, and the formula of the verdict, in which {c} and {d} stand for the two cells.

    The verdict is a condition, or an IF of its own that gives 合, 否 or 注意; an empty one makes the line a value.
    """

    label: str
    expected: Shown
    found: Shown
    verdict: str
    now: str
    note: str = ""

    @property
    def is_formula(self) -> bool:
        """Whether the verdict is calculated in the sheet."""
        return bool(self.verdict)


def condition(  # noqa: PLR0913 - both sides, the condition and its present truth
    label: str, expected: Shown, found: Shown, verdict: str, *, holds: bool, note: str = ""
) -> Line:
    """Return a line that says 合 where the condition holds, else 否."""
    return Line(label, expected, found, verdict, VERDICTS["pass" if holds else "fail"], note)


def none_of(label: str, formula: str, count: int, note: str = "") -> Line:
    """Return a line that holds when a count is 0."""
    return condition(label, Shown(0), Shown(count, formula), "{d}=0", holds=count == 0, note=note)


def watched(label: str, formula: str, count: int, note: str = "") -> Line:
    """Return a line that is a note, not a fault, when a count is not 0."""
    return Line(
        label, Shown(0), Shown(count, formula), 'IF({d}=0,"合","注意")', "注意" if count else "合", note
    )
