"""The day on which the buses of 架空市 are asked about, and how a row of people is read: for the tests of transit."""

from __future__ import annotations

from datetime import date

DAY = date(2024, 6, 3)  # a Monday
WALK_M = 50.0


def numbers(row):
    """Return the people of a row: all, usable, on call, too few, nothing."""
    return [int(cell.replace(",", "")) for cell in row[2:7]]
