"""The priority index as a file: TOML text that holds a choice, with a comment for who edits it by hand."""

from __future__ import annotations

import tomllib

import tomlkit
from tomlkit.items import AoT, Table

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.priority.choice import (
    BOUNDS,
    DIRECTIONS,
    METHODS,
    MISSING_RULES,
    MOST_WEIGHT,
    USUAL,
    Item,
    PriorityChoice,
    doubled,
    setting_faults,
    unweighted,
)
from kyodo_geo.rules.fields import Fields, decimal_as_written

_COMMENTS = {
    "method": "、".join(f"{key}: {label}" for key, label in METHODS.items()),
    "missing": "、".join(f"{key}: {label}" for key, label in MISSING_RULES.items()),
    "seed": "乱数の種(同じ種なら同じ答え)",
    "draws": "重みを無作為に引く回数",
    "top": "上位いくつに入るかを見る",
}
_TODO = "上の場所を直してください。「設定を保存」で作ったファイルが手本になります"


def to_toml(choice: PriorityChoice) -> str:
    """Write a choice as TOML text that `from_toml` reads back exactly."""
    document = tomlkit.document()
    document.add(tomlkit.comment("優先度の設定(kyodo-geo priority --config で使えます)"))
    for key in USUAL:
        value = tomlkit.item(getattr(choice, key))
        value.comment(_COMMENTS[key])
        document.add(key, value)
    document.add(tomlkit.nl())
    directions = "、".join(f"{key}: {label}" for key, label in DIRECTIONS.items())
    document.add(tomlkit.comment(f"direction は {directions}。weight は 0～{MOST_WEIGHT} の整数"))
    document.add("items", AoT([_table(item) for item in choice.items]))
    return tomlkit.dumps(document)


def from_toml(text: str, *, file: str = "") -> PriorityChoice:
    """Read a choice from TOML text; what a file leaves out of the settings is as usual.

    Raises InputRefused with every fault and its key (`file` names the file): no TOML, a key that is not known, an item
    without indicator, direction or weight, a word or a number that is not allowed.
    """
    try:
        raw = tomllib.loads(text.removeprefix("\ufeff"), parse_float=decimal_as_written)
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits, or endless brackets
        raise InputRefused(
            "優先度の設定を TOML として読めません。", faults=[Fault(str(error), file=file)], todo=_TODO
        ) from error
    faults: list[Fault] = []
    whole = Fields(raw, file=file, place="", faults=faults)
    whole.allow({"items", *USUAL})
    method, missing = (whole.text(key, str(USUAL[key])) for key in ("method", "missing"))
    numbers = {key: whole.whole(key, int(USUAL[key])) for key in BOUNDS}
    _note(whole, setting_faults({"method": method, "missing": missing, **numbers}))
    items = _items(whole)
    if faults:
        raise InputRefused(f"優先度の設定に {len(faults)} 件の誤りがあります。", faults=faults, todo=_TODO)
    return PriorityChoice(items, method=method, missing=missing, **numbers)


def _items(whole: Fields) -> tuple[Item, ...]:
    before = len(whole.faults)
    items = [_item(row) for row in whole.rows("items")]
    read = tuple(item for item in items if item is not None)
    # Whether the weights are all 0 is not known while one of them could not be read
    none_lost = len(whole.faults) == before
    _note(whole, doubled(read) + (unweighted(read) if none_lost else []))
    return read


def _item(row: Fields) -> Item | None:
    needed, before = {"indicator", "direction", "weight"}, len(row.faults)
    row.allow({*needed, "year"}, needed)
    # Stand-ins that are allowed: what is missing has been named, and is not named twice
    indicator, direction = row.text("indicator", "x"), row.text("direction", "high")
    year = row.whole("year", 2000) if "year" in row.raw else None
    try:
        item = Item(indicator, year, direction, row.whole("weight", 1))
    except InputRefused as refused:
        _note(row, refused.faults)
        return None
    return item if len(row.faults) == before else None


def _note(fields: Fields, faults: tuple[Fault, ...] | list[Fault]) -> None:
    for fault in faults:
        fields.fault(fault.what, fault.column)


def _table(item: Item) -> Table:
    table = tomlkit.table()
    table.add("indicator", item.indicator)
    if item.year is not None:
        table.add("year", item.year)
    table.add("direction", item.direction)
    table.add("weight", item.weight)
    return table
