"""A check: one comparison of what should stand somewhere with what does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One comparison: what was expected, what was found, and `outcome` pass, fail or note.

    A note is a difference that is known and explained; it is shown, and it does not fail the run.
    """

    id: str
    label: str
    expected: str
    found: str
    difference: str
    outcome: str
    reference: str = ""


def verdict(  # noqa: PLR0913 - the fields of a check
    check_id: str, label: str, expected: str, found: str, *, good: bool, reference: str = ""
) -> Check:
    """Return a check that passes or fails."""
    return Check(check_id, label, expected, found, "", "pass" if good else "fail", reference)
