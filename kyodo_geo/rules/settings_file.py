"""A file of settings: dated values with their grounds, read the same way whatever they are about."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources

from kyodo_geo.errors import Fault, RuleFileError
from kyodo_geo.provenance import Basis, Unknown
from kyodo_geo.rules.fields import Fields, decimal_as_written
from kyodo_geo.rules.values import RuleValue, read_values
from kyodo_geo.timeline import Dated, Timeline

Values = Mapping[str, Timeline[RuleValue]]


@dataclass(frozen=True)
class Setting:
    """One setting on a day, ready to be shown with its ground: name, label, value, unit, since, reference, basis."""

    name: str
    label: str
    value: float
    unit: str
    since: date
    reference: str
    basis: Basis


@dataclass(frozen=True)
class SettingsFile:
    """All settings of a file with their dates, by name; `text` is the file itself."""

    title: str
    summary: str
    values: Values
    text: str = ""

    def on(self, day: date) -> dict[str, Setting]:
        """Return the settings in force on a day; NotInForce before the first day of any of them."""
        return {name: _setting(name, timeline.at(day)) for name, timeline in self.values.items()}


Check = Callable[[Values, Fields], None]


def shipped_text(name: str) -> str:
    """Return a settings file that is shipped beside this module."""
    return (resources.files(__package__ or "") / "settings" / name).read_bytes().decode("utf-8")


def read_settings(text: str, *, name: str, single: Sequence[Check], together: Check) -> SettingsFile:
    """Read a settings file; RuleFileError gathers every fault.

    `single` look at names and values one by one, `together` at what they must be to one another: it is only asked when
    nothing else is wrong. Any value must have a reference and an amount above 0.
    """
    try:
        raw = tomllib.loads(text.removeprefix("\ufeff"), parse_float=decimal_as_written)
    except (ValueError, RecursionError) as error:
        raise RuleFileError(
            f"設定ファイル {name} を TOML として読めません。", faults=[Fault(str(error), file=name)]
        ) from error
    faults: list[Fault] = []
    fields = Fields(raw, file=name, place="", faults=faults)
    fields.allow({"title", "summary", "value"}, {"title", "value"})
    title = fields.text("title")
    settings = SettingsFile(title, fields.text("summary"), read_values(fields, title), text)
    for check in (*single, _grounded):
        check(settings.values, fields)
    if not faults:
        together(settings.values, fields)
    if faults:
        raise RuleFileError(
            f"設定ファイル {name} に {len(faults)} 件の誤りがあります。",
            faults=faults,
            todo="上の場所を直してください",
        )
    return settings


def amount_of(entry: Dated[RuleValue]) -> float | None:
    """Return the number of an entry, None where it is open, or no number above 0 (which is a fault of its own)."""
    value = entry.value
    amount = None if isinstance(value, Unknown) else value.amount
    return float(amount) if amount is not None and amount > 0 else None


def _grounded(values: Values, fields: Fields) -> None:
    for name, timeline in values.items():
        for entry in timeline:
            if not entry.reference:
                fields.fault("根拠(reference)が空です", f"value({name})")
            if amount_of(entry) is None:
                fields.fault("0 より大きい数(amount)が必要です", f"value({name})")


def _setting(name: str, entry: Dated[RuleValue]) -> Setting:
    value = entry.value
    if isinstance(value, Unknown) or value.amount is None:  # `read_settings` refuses such a file
        raise RuleFileError(f"設定「{name}」に値がありません。", todo="値(amount)を書いてください")
    return Setting(
        name, value.label, float(value.amount), value.unit, entry.since, entry.reference, value.basis
    )
