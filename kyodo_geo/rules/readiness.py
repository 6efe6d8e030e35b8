"""What to ask before a centre is handed over: the items of the checklist, their weights and their grounds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from kyodo_geo.rules.fields import Fields, exact_number
from kyodo_geo.rules.management import BASES
from kyodo_geo.rules.settings_file import shipped_text
from kyodo_geo.rules.toml_file import read_toml

_KEYS = {"id", "label", "question", "weight", "reference", "basis", "who"}


@dataclass(frozen=True)
class ReadinessItem:
    """One item: the question, who answers it, its weight (a share of the sum of all), and the ground for asking.

    `basis` is a key of BASES and speaks of the question; the weights are this tool's own throughout.
    """

    id: str
    label: str
    question: str
    weight: Fraction
    reference: str
    basis: str
    who: str

    @property
    def ground(self) -> str:
        """The words shown beside the item: whose it is, and where it stands."""
        return f"{BASES[self.basis]}: {self.reference}"


@dataclass(frozen=True)
class Checklist:
    """The items in the order they are shown, with a word on the weights; `text` is the file itself."""

    title: str
    weights_note: str
    items: tuple[ReadinessItem, ...]
    text: str = ""

    @property
    def total(self) -> Fraction:
        """The sum of the weights."""
        return sum((item.weight for item in self.items), Fraction())


def readiness_items() -> Checklist:
    """Return the checklist shipped beside this module; RuleFileError with every fault of the file."""
    return parse_readiness(shipped_text("readiness.toml"), name="readiness.toml")


def parse_readiness(text: str, *, name: str) -> Checklist:
    """Read a checklist; RuleFileError gathers every fault: no item, a doubled id, a weight of 0, an empty text."""
    return read_toml(text, name=name, read=lambda fields: _checklist(fields, text))


def _checklist(fields: Fields, text: str) -> Checklist:
    keys = {"title", "weights_note", "item"}
    fields.allow(keys, keys)
    items = tuple(map(_item, fields.rows("item")))
    if not items:
        fields.fault("項目([[item]])が1つもありません", "item")
    for name, times in Counter(item.id for item in items).items():
        if times > 1:
            fields.fault(f"項目「{name}」が {times} 回あります", "item")
    return Checklist(fields.text("title"), fields.text("weights_note"), items, text)


def _item(row: Fields) -> ReadinessItem:
    row.allow(_KEYS, _KEYS)
    for key in ("label", "question", "reference", "who"):
        if key in row.raw and not row.text(key).strip():
            row.fault("空です", key)
    raw = row.raw.get("weight", 1)
    weight = None if isinstance(raw, str) else exact_number(raw)
    if not weight:
        row.fault(f"0 より大きい数(例 1、0.5)です。「{raw}」は使えません", "weight")
    return ReadinessItem(
        id=row.name("id"),
        label=row.text("label"),
        question=row.text("question"),
        weight=weight or Fraction(1),
        reference=row.text("reference"),
        basis=row.choice("basis", BASES),
        who=row.text("who"),
    )
