"""The words of a run in tests of the command line, and what is read from its JSON."""

from __future__ import annotations

# every run of a test names its year, so that no test depends on the day it runs on
YEAR = ["--fiscal-year", "2025"]
RATES = ["--set", "equal_yen=1000", "--set", "per_head_yen=12.34"]


def refuse(text):
    """Stand in for float() where JSON is read: no amount may be one."""
    raise AssertionError(text)


def totals(report):
    return [line["total_yen"] for line in report["lines"]]


def outcomes(report):
    return {check["id"]: check["outcome"] for check in report["checks"]}
