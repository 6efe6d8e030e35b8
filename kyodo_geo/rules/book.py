"""The rule book: every value of every rule under the day it takes effect, with the article that says so."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from importlib import resources
from typing import Any

from kyodo_geo.errors import Fault, InputRefused, NotInForce, RuleFileError
from kyodo_geo.timeline import Dated, Timeline

_RULE_KEYS = {"id", "title", "instrument", "url", "in_force", "summary", "value", "example"}
_VALUE_KEYS = {"name", "label", "unit", "since", "reference", "amount", "fraction", "to_be_supplied"}
_DAY_WANTED = "日付(例 2015-04-01)を引用符なしで書いてください"
_FRACTION = re.compile(r"[0-9]+/[1-9][0-9]*")
_ONE_OF = ("amount", "fraction", "to_be_supplied")


@dataclass(frozen=True)
class RuleValue:
    """One named number of a rule: `amount` is None when nobody has published it and the user must supply it."""

    label: str
    unit: str
    amount: Fraction | None


@dataclass(frozen=True)
class Rule:
    """A rule with its instrument and its dated values; examples are fictional and always shown as such."""

    id: str
    title: str
    instrument: str
    url: str
    in_force: date
    summary: str
    values: Mapping[str, Timeline[RuleValue]]
    examples: tuple[Mapping[str, Any], ...]

    def at(self, day: date) -> dict[str, Dated[RuleValue]]:
        """Return the values in force on a day; NotInForce before the rule's first day."""
        if day < self.in_force:
            raise NotInForce(
                f"{self.title} は {self.in_force.isoformat()} からです。{day.isoformat()} には使えません。",
                todo=f"{self.in_force.isoformat()} 以後の日を指定してください",
            )
        return {name: timeline.at(day) for name, timeline in self.values.items()}

    def settle(self, day: date, supplied: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return every value of a day as a number, taking unpublished ones from `supplied`.

        Raises InputRefused naming each value that must be supplied and was not, and each unknown name supplied.
        """
        given = self.at(day)
        strangers = sorted(set(supplied) - set(given))
        wanted = [name for name, entry in given.items() if _amount(entry) is None and name not in supplied]
        if strangers or wanted:
            faults = [Fault(f"「{name}」という値はこの規則にありません") for name in strangers]
            faults += [
                Fault(f"{_label(given[name])}({name})を入れてください。公表されていません") for name in wanted
            ]
            raise InputRefused(f"{self.title}: 値がそろいません。", faults=faults)
        return {name: supplied.get(name, _amount(entry) or Fraction(0)) for name, entry in given.items()}


def _amount(entry: Dated[RuleValue]) -> Fraction | None:
    return entry.value.amount if isinstance(entry.value, RuleValue) else None


def _label(entry: Dated[RuleValue]) -> str:
    return entry.value.label if isinstance(entry.value, RuleValue) else ""


@dataclass(frozen=True)
class RuleBook:
    """All rules by id."""

    rules: Mapping[str, Rule]

    @classmethod
    def load(cls) -> RuleBook:
        """Read the rule files shipped beside this module; RuleFileError gathers the faults of a file."""
        files = sorted(
            (entry for entry in resources.files(__package__ or "").iterdir() if entry.name.endswith(".toml")),
            key=lambda entry: entry.name,
        )
        rules = [parse_rule(entry.read_text(encoding="utf-8"), name=entry.name) for entry in files]
        return cls({rule.id: rule for rule in rules})

    def rule(self, rule_id: str) -> Rule:
        """Return a rule by id; InputRefused names the ids there are."""
        if rule_id not in self.rules:
            raise InputRefused(
                f"規則「{rule_id}」はありません。", todo=f"次から選んでください: {'、'.join(self.rules)}"
            )
        return self.rules[rule_id]


def parse_rule(text: str, *, name: str) -> Rule:
    """Read one rule file; decimals stay exact, and all faults are raised at once as RuleFileError."""
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise RuleFileError(
            f"規則ファイル {name} を TOML として読めません。", faults=[Fault(str(error), file=name)]
        ) from error
    faults = _faults(raw, name)
    if faults:
        raise RuleFileError(f"規則ファイル {name} に誤りがあります。", faults=faults)
    by_name: dict[str, list[Dated[RuleValue]]] = {}
    for entry in raw["value"]:
        value = RuleValue(entry["label"], entry["unit"], _number(entry))
        by_name.setdefault(entry["name"], []).append(Dated(entry["since"], value, entry["reference"]))
    return Rule(
        **{key: raw[key] for key in ("id", "title", "instrument", "url", "in_force", "summary")},
        values={
            key: Timeline(f"{raw['title']} {key}", tuple(sorted(entries, key=lambda entry: entry.since)))
            for key, entries in by_name.items()
        },
        examples=tuple(raw.get("example", ())),
    )


def _number(entry: Mapping[str, Any]) -> Fraction | None:
    if entry.get("to_be_supplied"):
        return None
    return Fraction(entry["fraction"]) if "fraction" in entry else Fraction(entry["amount"])


def _faults(raw: Mapping[str, Any], name: str) -> list[Fault]:
    """Return every fault of a rule file: of the rule, of each value, and of values that share a day."""
    faults = [Fault(f"知らない項目「{key}」", file=name) for key in sorted(set(raw) - _RULE_KEYS)]
    missing = sorted(_RULE_KEYS - {"example"} - set(raw))
    faults += [Fault(f"項目「{key}」がありません", file=name) for key in missing]
    if "in_force" in raw and not _is_day(raw["in_force"]):
        faults.append(Fault(_DAY_WANTED, file=name, column="in_force"))
    values = raw.get("value", [])
    if not isinstance(values, list):
        return [*faults, Fault("[value] ではなく [[value]] と書いてください", file=name)]
    for number, entry in enumerate(values, start=1):
        where = f"value {number}({entry.get('name', '?')})"
        faults += [Fault(what, file=name, column=where) for what in _value_faults(entry)]
    days = Counter((str(entry.get("name")), str(entry.get("since"))) for entry in values)
    twice = [key for key, times in days.items() if times > 1]
    return faults + [
        Fault(f"同じ日({day})に値が2つあります", file=name, column=f"value({key})") for key, day in twice
    ]


def _value_faults(entry: Mapping[str, Any]) -> list[str]:
    faults = [f"知らない項目「{key}」" for key in sorted(set(entry) - _VALUE_KEYS)]
    faults += [f"項目「{key}」がありません" for key in sorted(_VALUE_KEYS - set(_ONE_OF) - set(entry))]
    if "since" in entry and not _is_day(entry["since"]):
        faults.append(f"since: {_DAY_WANTED}")
    if sum(key in entry for key in _ONE_OF) != 1:
        faults.append("amount・fraction・to_be_supplied のどれか1つが必要です")
    if entry.get("to_be_supplied", True) is not True:
        faults.append("to_be_supplied は true だけです。値があるときは amount か fraction を書いてください")
    if "amount" in entry and (
        isinstance(entry["amount"], bool) or not isinstance(entry["amount"], int | Decimal)
    ):
        faults.append(f"amount は数です。「{entry['amount']}」は使えません")
    if "fraction" in entry and not _FRACTION.fullmatch(str(entry["fraction"])):
        faults.append(f'fraction は "2/3" の形です。「{entry["fraction"]}」は使えません')
    return faults


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)
