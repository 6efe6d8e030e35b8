"""The text of a fictional rule file, in pieces that tests put together or break."""

from __future__ import annotations

HEAD = """
id = "kakuu"
title = "架空補助金"
instrument = "架空要綱"
url = "https://example.invalid/"
in_force = 2020-04-01
summary = "架空の規則"
"""
COUNTING = """
[counting]
reference_day = "04-01"
counted_by = "register"
"""
TERM = """
[[term]]
id = "people"
label = "人口割"
kind = "population"
amount = { rate = "per_head_yen" }
"""
EQUAL = """
[[term]]
id = "equal"
label = "均等割"
kind = "equal"
amount = [{ share = "equal_percent" }, { rate = "equal_yen" }]
"""
REST = """
[[term]]
id = "rest"
label = "残り割"
kind = "households"
amount = { rest = true }
"""


def value(name="per_head_yen", said="amount = 100", *, since="2020-04-01", label="単価", unit="円"):
    """One [[value]] as text."""
    return f"""
[[value]]
name = "{name}"
label = "{label}"
unit = "{unit}"
since = {since}
{said}
reference = "架空要綱 第3条"
"""


SUPPLIED = "to_be_supplied = true"
GOOD = HEAD + COUNTING + value() + TERM
CHOICE = (
    HEAD + COUNTING + value() + TERM + EQUAL
    + value("equal_percent", SUPPLIED, label="均等割の割合", unit="%")
    + value("equal_yen", SUPPLIED, label="均等割の額")
)  # fmt: skip
