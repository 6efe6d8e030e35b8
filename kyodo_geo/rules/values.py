"""The dated values of a rule file: each a number with its article, or declared as one that must be supplied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from kyodo_geo.provenance import Basis
from kyodo_geo.rules.fields import Fields, exact_number
from kyodo_geo.timeline import Dated, Timeline

_KEYS = {"name", "label", "unit", "since", "reference", "amount", "fraction", "to_be_supplied", "basis"}
_ONE_OF = ("amount", "fraction", "to_be_supplied")
_BASES = {"published": Basis.PUBLISHED, "estimated": Basis.ESTIMATED, "fictional": Basis.FICTIONAL}


@dataclass(frozen=True)
class RuleValue:
    """One named number of a rule: `amount` is None when nobody has published it and the user must supply it."""

    label: str
    unit: str
    amount: Fraction | None
    basis: Basis = Basis.PUBLISHED


def read_values(fields: Fields, title: str) -> Mapping[str, Timeline[RuleValue]]:
    """Read every [[value]] of a file; two values of one name on one day are a fault."""
    by_name: dict[str, list[Dated[RuleValue]]] = {}
    for row in fields.rows("value"):
        row.allow(_KEYS, _KEYS - {*_ONE_OF, "basis"})
        since, value = row.day("since"), _value(row)
        if since is not None:
            by_name.setdefault(row.name("name"), []).append(Dated(since, value, row.text("reference")))
    timelines = {}
    for name, entries in by_name.items():
        twice = [day for day, times in Counter(entry.since for entry in entries).items() if times > 1]
        for day in twice:
            fields.fault(f"同じ日({day})に値が2つあります", f"value({name})")
        by_day = {entry.since: entry for entry in entries}
        timelines[name] = Timeline(f"{title} {name}", tuple(by_day[day] for day in sorted(by_day)))
    return timelines


def _value(row: Fields) -> RuleValue:
    if sum(key in row.raw for key in _ONE_OF) != 1:
        row.fault("amount・fraction・to_be_supplied のどれか1つが必要です")
    if row.raw.get("to_be_supplied", True) is not True:
        row.fault("to_be_supplied は true だけです。値があるときは amount か fraction を書いてください")
    unit, amount = row.text("unit"), _amount(row)
    if unit == "%" and amount is not None and amount > 100:
        row.fault(f"割合が 100 % を超えています({amount} %)")
    return RuleValue(row.text("label"), unit, amount, _BASES[row.choice("basis", _BASES, "published")])


def _amount(row: Fields) -> Fraction | None:
    if "amount" in row.raw:
        raw = row.raw["amount"]
        amount = None if isinstance(raw, str) else exact_number(raw)
        if amount is None:
            row.fault(f"amount は 0 以上の数(例 100、0.5)です。「{raw}」は使えません", "amount")
        return amount
    if "fraction" in row.raw:
        raw = row.raw["fraction"]
        amount = exact_number(raw) if isinstance(raw, str) and "/" in raw else None
        if amount is None:
            row.fault(f'fraction は "2/3" の形です。「{raw}」は使えません', "fraction")
        return amount
    return None
