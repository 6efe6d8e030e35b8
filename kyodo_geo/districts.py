"""Districts: the one table of a city, one row a district, keyed by code; `attach` is the only join."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import pandas as pd

from kyodo_geo.errors import KeyMismatch
from kyodo_geo.provenance import Basis, Source, unite, weakest


def require_same_keys(expected: Iterable[Hashable], given: Iterable[Hashable], *, what: str) -> None:
    """Refuse by name when two key sets differ (missing, extra or doubled keys); order does not matter."""
    want, have = list(expected), list(given)
    missing = sorted(map(str, set(want) - set(have)))
    extra = sorted(map(_named, set(have) - set(want)))
    doubled = sorted({str(key) for key in have if have.count(key) > 1}) if len(set(have)) < len(have) else []
    if not (missing or extra or doubled):
        return
    parts = [
        f"{label}: {'、'.join(keys)}"
        for label, keys in (("足りない", missing), ("余分", extra), ("重複", doubled))
        if keys
    ]
    raise KeyMismatch(f"{what} のコードが合いません({' / '.join(parts)})", todo="コードをそろえてください")


def _named(key: Hashable) -> str:
    """Write a key; a code that came as a number looks right and is not, so it says so."""
    return key if isinstance(key, str) else f"{key}(文字ではなく {type(key).__name__})"


@dataclass(frozen=True)
class Column:
    """What a column of the table says: its basis, the day it speaks of, and its sources."""

    basis: Basis
    reference_date: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Districts:
    """The districts of a day: `table` is indexed by `district_code` and has `district`, `area` and attached columns.

    `on` is the day whose lines these are; `restated` says that figures were moved onto the lines of that day.
    """

    on: date
    table: pd.DataFrame
    columns: Mapping[str, Column]
    restated: str = ""

    @classmethod
    def of(cls, on: date, names: pd.DataFrame, column: Column, *, restated: str = "") -> Districts:
        """Start from `names` (index district_code; columns district, area); codes must be unique text."""
        require_same_keys(dict.fromkeys(names.index), names.index, what="地区の一覧")
        base = names[["district", "area"]].rename_axis("district_code")
        return cls(on, base, MappingProxyType({"district": column, "area": column}), restated)

    @property
    def codes(self) -> tuple[str, ...]:
        """District codes in the table's order."""
        return tuple(str(code) for code in self.table.index)

    def attach(self, name: str, values: pd.Series, column: Column) -> Districts:
        """Add one column; `values` must be indexed by exactly the same codes, in any order.

        Raises KeyMismatch naming what is missing, extra or doubled, or a column that stands already. Nothing is
        filled in.
        """
        if name in self.columns:
            raise KeyMismatch(f"列「{name}」はすでにあります", todo="別の名前にしてください")
        require_same_keys(self.table.index, values.index, what=f"列「{name}」")
        table = self.table.assign(**{name: values.reindex(self.table.index)})
        return replace(self, table=table, columns=MappingProxyType({**self.columns, name: column}))

    def basis(self, *names: str) -> Basis:
        """Return the weakest basis of the named columns (of all columns when none is named)."""
        return weakest(self.columns[name].basis for name in names or self.columns)

    def sources(self, *names: str) -> tuple[Source, ...]:
        """Return the sources of the named columns (of all when none is named), in order, each once."""
        return unite(*(self.columns[name].sources for name in names or self.columns))
