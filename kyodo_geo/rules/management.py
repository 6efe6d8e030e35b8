"""How centres may be managed: the statuses and the lawful changes from one to another, each with its ground."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from kyodo_geo.rules.fields import Fields
from kyodo_geo.rules.settings_file import shipped_text
from kyodo_geo.rules.toml_file import read_toml

DIRECT, COMMUNITY, UNKNOWN = "direct", "community", "unknown"
# What a centre comes from on its first day: it was no centre yet
NONE = "none"
STATUSES = (DIRECT, COMMUNITY, UNKNOWN)
BASES = {"law": "法律", "plan": "計画", "own": "この道具の解釈"}
NEEDS = {
    "manager": "管理者",
    "term_start": "指定期間の始まる日(年度ではなく日)",
    "term_end": "指定期間の終わり",
    "reason": "理由",
}
TIMINGS = {
    "any": "いつでも",
    "day_after_term": "指定期間の終わりの翌日に",
    "within_term": "指定期間の途中に",
}
_KEYS = {"id", "label", "from", "to", "seen", "timing", "needs", "refused", "reference", "basis"}


@dataclass(frozen=True)
class Transition:
    """One change of management: from `before` to `after`, what it needs, when it may come, and its ground.

    `seen` speaks of an entry that only saw the new status, whose beginning nobody knows. A `refused` one is never
    lawful and says why. `basis` is a key of BASES; `timing` of TIMINGS; `needs` of NEEDS.
    """

    id: str
    label: str
    before: str
    after: str
    seen: bool
    timing: str
    needs: tuple[str, ...]
    refused: str
    reference: str
    basis: str

    @property
    def ground(self) -> str:
        """The words shown beside the rule: whose it is, and where it stands."""
        return f"{BASES[self.basis]}: {self.reference}"


@dataclass(frozen=True)
class ManagementRules:
    """The words for the statuses, what was before the first day, and every rule; `text` is the file itself."""

    title: str
    before_first: str
    labels: Mapping[str, str]
    transitions: tuple[Transition, ...]
    text: str = ""

    def between(self, before: str, after: str, *, seen: bool) -> tuple[Transition, ...]:
        """Return the rules that speak of a change, in the order of the file; none where the file has none."""
        return tuple(
            rule for rule in self.transitions if (rule.before, rule.after, rule.seen) == (before, after, seen)
        )


def management_rules() -> ManagementRules:
    """Return the rules shipped beside this module; RuleFileError with every fault of the file."""
    return parse_management(shipped_text("management.toml"), name="management.toml")


def parse_management(text: str, *, name: str) -> ManagementRules:
    """Read a file of rules; RuleFileError gathers every fault.

    Refused are a status without a word, a doubled or empty id, a rule without a ground, one that is refused and has
    needs, and a pair of statuses that no rule speaks of: such a change would be refused without a reason.
    """
    return read_toml(text, name=name, read=lambda fields: _rules(fields, text))


def _rules(fields: Fields, text: str) -> ManagementRules:
    keys = {"title", "before_first", "status", "transition"}
    fields.allow(keys, keys)
    labels = dict(map(_label, fields.rows("status")))
    for status in STATUSES:
        if not labels.get(status):
            fields.fault(f"状態「{status}」の呼び名がありません", "status")
    transitions = tuple(map(_transition, fields.rows("transition")))
    rules = ManagementRules(fields.text("title"), fields.text("before_first"), labels, transitions, text)
    _check_ids(rules, fields)
    _check_pairs(rules, fields)
    return rules


def _label(row: Fields) -> tuple[str, str]:
    row.allow({"id", "label"}, {"id", "label"})
    return row.choice("id", STATUSES), row.text("label")


def _transition(row: Fields) -> Transition:
    row.allow(_KEYS, {"id", "label", "from", "to", "reference", "basis"})
    rule = Transition(
        id=row.name("id"),
        label=row.text("label"),
        before=row.choice("from", (NONE, *STATUSES)),
        after=row.choice("to", STATUSES),
        seen=row.flag("seen", default=False),
        timing=row.choice("timing", TIMINGS, "any"),
        needs=row.texts("needs"),
        refused=row.text("refused"),
        reference=row.text("reference"),
        basis=row.choice("basis", BASES),
    )
    for need in rule.needs:
        if need not in NEEDS:
            row.fault(f"{'、'.join(NEEDS)} のどれかです。「{need}」は使えません", "needs")
    if rule.refused and rule.needs:
        row.fault("認めない変化に、必要な項目(needs)は書けません", "needs")
    if not rule.reference.strip():
        row.fault("根拠(reference)が空です", "reference")
    return rule


def _check_ids(rules: ManagementRules, fields: Fields) -> None:
    for name, times in Counter(rule.id for rule in rules.transitions).items():
        if times > 1:
            fields.fault(f"規則「{name}」が {times} 回あります", "transition")


def _check_pairs(rules: ManagementRules, fields: Fields) -> None:
    for before in (NONE, *STATUSES):
        for after in STATUSES:
            for seen in (False, True) if after != UNKNOWN else (False,):  # nobody sees that nothing is known
                if not rules.between(before, after, seen=seen):
                    what = f"{before} から {after} への変化(seen = {str(seen).lower()})の規則がありません"
                    fields.fault(what, "transition")
