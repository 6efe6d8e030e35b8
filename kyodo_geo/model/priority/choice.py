"""What a reader chose for the priority index: indicators, their direction and weight, method and missing rule."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from kyodo_geo.errors import Fault, InputRefused

DIRECTIONS = {"high": "大きいほど優先", "low": "小さいほど優先"}
METHODS = {"percentile": "百分位", "minmax": "最小・最大", "z": "標準得点"}
MISSING_RULES = {"range": "分からない値は点の幅で示す", "exclude": "分からない値のある地区は別に示す"}
MOST_WEIGHT = 100
MOST_ITEMS = 40
BOUNDS = {"seed": (0, 2**32 - 1), "draws": (1, 10_000), "top": (1, 1_000)}
_LABELS = {"seed": "乱数の種", "draws": "重みを引く回数", "top": "上位の数"}
_YEARS = (1900, 2200)
_INDICATOR = re.compile(r"[a-z0-9][a-z0-9_]{0,59}", re.ASCII)
_ITEM = re.compile(r"([^.]+)(?:\.(\d{1,9}))?\.([^.]+)\.(\d{1,9})", re.ASCII)
_WHOLE = re.compile(r"\d{1,12}", re.ASCII)
_TODO = "指標.年.high か low.重み を ~ でつないでください(例 population_change.2020.low.30~density.low.10)"


@dataclass(frozen=True)
class Item:
    """One chosen indicator: its id, the year (None: it has none, or the newest), what presses, and a weight of 0 to 100.

    `direction` high: a larger value is more pressing; low: a smaller one is. Weight 0 keeps it in the table but out of
    the score. Raises InputRefused with every fault, the key as its column.
    """

    indicator: str
    year: int | None
    direction: str
    weight: int

    def __post_init__(self) -> None:
        _refuse(_item_faults(self), "選んだ指標に誤りがあります。")

    def to_text(self) -> str:
        """Write the item as a part of an address: population_change.2020.low.30."""
        year = "" if self.year is None else f".{self.year}"
        return f"{self.indicator}{year}.{self.direction}.{self.weight}"


@dataclass(frozen=True)
class PriorityChoice:
    """The inputs of the priority index beside its values.

    `method` scales each indicator (METHODS), `missing` says what an unknown does (MISSING_RULES); `draws` random
    weightings from `seed` tell how often a unit is among the first `top`.
    Raises InputRefused with every fault: no indicator or too many, one twice for the same year, no weight above 0, a
    word or a number that is none of those allowed.
    """

    items: tuple[Item, ...]
    method: str = "percentile"
    missing: str = "range"
    seed: int = 1
    draws: int = 1000
    top: int = 5

    def __post_init__(self) -> None:
        settings = {key: getattr(self, key) for key in USUAL}
        found = [*doubled(self.items), *unweighted(self.items), *setting_faults(settings)]
        _refuse(found, "優先度の設定に誤りがあります。")

    def to_query(self) -> dict[str, str]:
        """Write the choice as the words of an address; settings as usual are left out."""
        settings = {
            key: str(getattr(self, key)) for key, usual in USUAL.items() if getattr(self, key) != usual
        }
        return {"items": "~".join(item.to_text() for item in self.items), **settings}


USUAL: Mapping[str, str | int] = {
    one.name: one.default
    for one in fields(PriorityChoice)
    if one.name != "items" and isinstance(one.default, str | int)
}


def from_query(words: Mapping[str, str], *, items: Sequence[Item] = ()) -> PriorityChoice:
    """Read what `to_query` wrote; words of other keys are passed over.

    `items` are taken where the address names none. Raises InputRefused with everything that cannot be read.
    """
    faults: list[Fault] = []
    parts = [part for part in words.get("items", "").split("~") if part]
    read = [_item(part, faults) for part in parts]
    method = words.get("method") or str(USUAL["method"])
    missing = words.get("missing") or str(USUAL["missing"])
    numbers = {key: _number(key, words.get(key, ""), faults) for key in BOUNDS}
    faults += setting_faults({"method": method, "missing": missing, **numbers})
    _refuse(faults, "アドレスの優先度の設定を読めません。", todo=_TODO)
    chosen = tuple(item for item in read if item is not None) or tuple(items)
    return PriorityChoice(chosen, method=method, missing=missing, **numbers)


def setting_faults(settings: Mapping[str, str | int]) -> list[Fault]:
    """Return what is wrong with the settings beside the items (those of USUAL), each with its key as column."""
    found = [
        Fault(f"「{_shown(settings[key])}」は使えません({'、'.join(allowed)} のどれか)", column=key)
        for key, allowed in (("method", METHODS), ("missing", MISSING_RULES))
        if settings[key] not in allowed
    ]
    for key, (least, most) in BOUNDS.items():
        found += _bounds_fault(settings[key], least, most, key, _LABELS[key])
    return found


def doubled(items: Sequence[Item]) -> list[Fault]:
    """Return a fault for each indicator chosen twice for the same year."""
    keys = [(item.indicator, item.year) for item in items]
    return [
        Fault(f"指標「{indicator}」が同じ年で2回以上あります", column="items")
        for indicator, year in dict.fromkeys(keys)
        if keys.count((indicator, year)) > 1
    ]


def unweighted(items: Sequence[Item]) -> list[Fault]:
    """Return a fault when the items cannot make a score: none, too many, or all of weight 0."""
    if not items:
        return [Fault("指標を1つ以上選んでください", column="items")]
    if len(items) > MOST_ITEMS:
        return [Fault(f"指標が {len(items)} あります。選べるのは {MOST_ITEMS} までです", column="items")]
    if not any(item.weight for item in items):
        return [Fault("重みがすべて 0 です。1つ以上を 1 以上にしてください", column="items")]
    return []


def _item_faults(item: Item) -> list[Fault]:
    found = []
    if not _INDICATOR.fullmatch(item.indicator):
        found.append(Fault(f"指標の名前「{item.indicator}」は使えません(a-z 0-9 _)", column="indicator"))
    if item.direction not in DIRECTIONS:
        allowed = "、".join(f"{key}: {label}" for key, label in DIRECTIONS.items())
        found.append(Fault(f"向き「{item.direction}」は使えません({allowed})", column="direction"))
    if item.year is not None:
        found += _bounds_fault(item.year, *_YEARS, "year", "年")
    return found + _bounds_fault(item.weight, 0, MOST_WEIGHT, "weight", "重み")


def _bounds_fault(value: str | int, least: int, most: int, key: str, label: str) -> list[Fault]:
    # True is an int to Python, but no weight
    if type(value) is int and least <= value <= most:
        return []
    return [Fault(f"{label} {_shown(value)} は使えません({least:,} から {most:,} までの整数)", column=key)]


def _shown(value: object) -> str:
    # Python refuses to write whole numbers of thousands of digits
    return "(大きすぎる数)" if isinstance(value, int) and abs(value) >= 10**15 else str(value)


def _item(part: str, faults: list[Fault]) -> Item | None:
    found = _ITEM.fullmatch(part)
    if found is None:
        faults.append(Fault(f"「{part}」を読めません", column="items"))
        return None
    try:
        return Item(found[1], int(found[2]) if found[2] else None, found[3], int(found[4]))
    except InputRefused as refused:
        faults += [Fault(f"「{part}」の{fault.what}", column="items") for fault in refused.faults]
        return None


def _number(key: str, text: str, faults: list[Fault]) -> int:
    if not text:
        return int(USUAL[key])
    if _WHOLE.fullmatch(text):
        return int(text)
    faults.append(Fault(f"{_LABELS[key]}「{text}」は整数ではありません", column=key))
    return int(USUAL[key])


def _refuse(faults: Sequence[Fault], what: str, *, todo: str = "") -> None:
    if faults:
        raise InputRefused(what, faults=faults, todo=todo)
