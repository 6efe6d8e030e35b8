"""The rule book: every rule with its dated values and articles, its formula, and what it leaves unsaid."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from importlib import resources
from typing import Any

from kyodo_geo.errors import Fault, InputRefused, NotInForce, RuleFileError
from kyodo_geo.rules.fields import Fields, decimal_as_written
from kyodo_geo.rules.formula import Claim, Formula
from kyodo_geo.rules.read_claim import read_claim
from kyodo_geo.rules.read_formula import FORMULA_KEYS, read_formula
from kyodo_geo.rules.settled import Settled, own_budget, settle_formula
from kyodo_geo.rules.validity import formula_faults
from kyodo_geo.rules.values import RuleValue, read_values
from kyodo_geo.timeline import Dated, Timeline

_TEXTS = ("id", "title", "instrument", "url", "summary")
_KEYS = {*_TEXTS, "in_force", "ends", "place", "not_stated", "value", "example", "case", *FORMULA_KEYS}


@dataclass(frozen=True)
class Rule:
    """A rule with its instrument, formula and dated values; examples are fictional and always shown as such.

    `place` names whose rule it is where it is not the city's own; `ends` is its last day where one is known;
    `not_stated` says in words what the text seen leaves open; `text` is the file itself.
    """

    id: str
    title: str
    instrument: str
    url: str
    in_force: date
    summary: str
    values: Mapping[str, Timeline[RuleValue]]
    formula: Formula
    claim: Claim | None = None
    ends: date | None = None
    place: str = ""
    not_stated: tuple[str, ...] = ()
    examples: tuple[Mapping[str, Any], ...] = ()
    cases: tuple[Mapping[str, Any], ...] = ()
    text: str = field(default="", repr=False)

    @property
    def sha256(self) -> str:
        """The fingerprint of the file."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    def at(self, day: date) -> dict[str, Dated[RuleValue]]:
        """Return the values in force on a day; NotInForce before the rule's first day and after its last."""
        if day < self.in_force:
            raise NotInForce(
                f"{self.title} は {self.in_force.isoformat()} からです。{day.isoformat()} には使えません。",
                todo=f"{self.in_force.isoformat()} 以後の日を指定してください",
            )
        if self.ends is not None and day > self.ends:
            raise NotInForce(
                f"{self.title} は {self.ends.isoformat()} までです。{day.isoformat()} には使えません。",
                todo=f"{self.ends.isoformat()} 以前の日を指定してください",
            )
        return {name: timeline.at(day) for name, timeline in self.values.items()}

    def settle(
        self, day: date, supplied: Mapping[str, Fraction], *, budget_yen: int | None = None
    ) -> Settled:
        """Return the rule as of a day with nothing left open; see `settle_formula` for what is refused."""
        entries = self.at(day)
        budget = own_budget(self.title, self.formula, entries, supplied, budget_yen)
        formula, values = settle_formula(self.title, self.formula, entries, supplied, budget)
        return Settled(self.id, self.title, day, formula, values, budget)


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
        rules = [parse_rule(entry.read_bytes().decode("utf-8"), name=entry.name) for entry in files]
        return cls({rule.id: rule for rule in rules})

    def rule(self, rule_id: str) -> Rule:
        """Return a rule by id; InputRefused names the ids there are."""
        if rule_id not in self.rules:
            raise InputRefused(
                f"規則「{rule_id}」はありません。", todo=f"次から選んでください: {'、'.join(self.rules)}"
            )
        return self.rules[rule_id]


def parse_rule(text: str, *, name: str) -> Rule:
    """Read one rule file; decimals stay exact, and all faults are raised at once as RuleFileError.

    `text` is the file as it is, its line ends and a byte order mark included: the fingerprint is that of the file.
    """
    try:
        raw = tomllib.loads(text.removeprefix("\ufeff"), parse_float=decimal_as_written)
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits, or endless brackets
        raise RuleFileError(
            f"規則ファイル {name} を TOML として読めません。", faults=[Fault(str(error), file=name)]
        ) from error
    faults: list[Fault] = []
    fields = Fields(raw, file=name, place="", faults=faults)
    fields.allow(_KEYS, {*_TEXTS, "in_force", "value"})
    in_force = fields.day("in_force") or date.min
    texts = {key: fields.text(key) for key in _TEXTS}
    values, formula, claim = read_values(fields, texts["title"]), read_formula(fields), read_claim(fields)
    faults += [Fault(what, file=name) for what in formula_faults(formula, claim, values, in_force)]
    ends = fields.day("ends")
    if ends is not None and ends < in_force:
        fields.fault(f"最後の日({ends})が初日({in_force})より前です", "ends")
    rule = Rule(
        **texts,
        in_force=in_force,
        ends=ends,
        place=fields.text("place"),
        not_stated=fields.texts("not_stated"),
        values=values,
        formula=formula,
        claim=claim,
        examples=tuple(row.raw for row in fields.rows("example")),
        cases=tuple(row.raw for row in fields.rows("case")),
        text=text,
    )
    if faults:
        todo = "上の場所を直してください。書き方は README の「規則ファイル」にあります"
        raise RuleFileError(
            f"規則ファイル {name} に {len(faults)} 件の誤りがあります。", faults=faults, todo=todo
        )
    return rule
