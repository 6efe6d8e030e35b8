"""Suppressed small areas (秘匿): which rows are counted, and which areas' people stand together in one of them (合算)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kyodo_geo.errors import Fault

_SHORT = re.compile(r"[;；,、\s]+")


class Treatment(StrEnum):
    """What was done to a row (HTKSYORI): nothing, it took in others (1), or its own values were moved away (2)."""

    NONE = ""
    RECEIVES = "合算先"
    SUPPRESSED = "秘匿"


@dataclass(frozen=True)
class AreaRow:
    """A row of an official small-area table: its line, whole key, name, and where its values went or came from.

    `into` (HTKSAKI) and `members` (GASSAN) are codes as the file writes them, inside the city.
    """

    line: int
    key: str
    name: str
    treatment: Treatment = Treatment.NONE
    into: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """One counted row: `key` whose numbers stand for all small areas of `keys`, itself first."""

    key: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Grouping:
    """The counted rows of a city in the file's order; `left_out` and `cautions` say what did not fit together."""

    groups: tuple[Group, ...]
    left_out: tuple[Fault, ...]
    cautions: tuple[Fault, ...]


def split_codes(text: str) -> tuple[str, ...]:
    """Return the codes of a GASSAN cell, in its order."""
    return tuple(code for code in _SHORT.split(text.strip()) if code and code != "-")


def leaf_keys(keys: Iterable[str]) -> frozenset[str]:
    """Return the keys that no longer key begins with: the rows that count people once.

    A 9-digit row with 11-digit rows below it is their subtotal; HYOSYO says so in one year and not in another, and is
    not asked (FORMATS.md 1.4).
    """
    known = set(keys)
    above = {key[:9] for key in known if len(key) == 11}
    return frozenset(key for key in known if key not in above)


def group_areas(rows: Sequence[AreaRow], *, city: str, file: str) -> Grouping:
    """Return which rows are counted, and of which small areas each speaks.

    A row marked 2 is never counted, and never 0: its people are in the row that received them. A row marked 1 and all
    that it took in are one group, whether its GASSAN or their HTKSAKI says so. Values that went into a subtotal make
    the whole subtotal one group with what was moved, counted by its own row. A suppressed row without a receiver, a
    receiver that names no row, an unknown or an unsuppressed one, and one-sided statements become Faults.
    """
    return _Grouper(rows, city, file).group()


class _Grouper:
    """The rows of one city by key, the receiver found for each suppressed one, and the Faults on the way."""

    def __init__(self, rows: Sequence[AreaRow], city: str, file: str) -> None:
        self.rows: Mapping[str, AreaRow] = {row.key: row for row in rows if row.key != city}
        self.leaves = leaf_keys(self.rows)
        self.city, self.file = city, file
        self.receiver: dict[str, str] = {}
        self.left_out: list[Fault] = []
        self.cautions: list[Fault] = []

    def group(self) -> Grouping:
        for row in self.rows.values():
            if row.key in self.leaves and row.treatment is Treatment.SUPPRESSED:
                self._follow(row)
        for row in self.rows.values():
            for code in row.members:
                self._check_member(row, code)
        for row in self.rows.values():
            if self._is_suppressed_leaf(row.key) and row.key not in self.receiver:
                what = f"{row.name or row.key}は秘匿され、合算先が分からないため、人数に入っていません"
                self.left_out.append(Fault(what, self.file, row.line))
        return Grouping(self._groups(), tuple(self.left_out), tuple(self.cautions))

    def _follow(self, row: AreaRow) -> None:
        """Find the receiver a suppressed row names itself, or the subtotal above it does."""
        above = self.rows.get(row.key[:9])
        code = row.into or (above.into if above else "")
        if not code:
            return
        target = self._within(self._find(code), row.key)
        if target is None:
            self.left_out.append(
                Fault(f"合算先「{code}」の行がありません({row.name or row.key})", self.file, row.line)
            )
        elif target.treatment is Treatment.SUPPRESSED:
            self.left_out.append(
                Fault(f"合算先「{code}」も秘匿されています({row.name or row.key})", self.file, row.line)
            )
        else:
            self.receiver[row.key] = target.key
            self._check_told(row, target)

    def _within(self, target: AreaRow | None, key: str) -> AreaRow | None:
        """Return the one row below a subtotal that says it took the values in; else the row itself."""
        if target is None or target.key in self.leaves:
            return target
        below = [self.rows[one] for one in self._below(target.key)]
        takers = [one for one in below if key in self._told(one)]
        return takers[0] if len(takers) == 1 else target

    def _told(self, row: AreaRow) -> set[str]:
        return {key for code in row.members for key in self._leaves_of(code)}

    def _check_told(self, row: AreaRow, target: AreaRow) -> None:
        if row.key not in self._told(target):
            what = f"合算先 {target.name or target.key} の合算地域に {row.name or row.key} がありません"
            self.cautions.append(Fault(what, self.file, target.line))

    def _check_member(self, row: AreaRow, code: str) -> None:
        """Take a member its receiver alone names; say so when it is no row of the file, or none that was suppressed."""
        keys = self._leaves_of(code)
        if not keys:
            what = f"合算された小地域「{code}」の行がありません({row.name or row.key}に含まれる)"
            self.cautions.append(Fault(what, self.file, row.line))
        for key in keys:
            here = self.rows[key]
            if here.treatment is not Treatment.SUPPRESSED:
                what = f"合算地域「{code}」は秘匿されていないため、別に数えます({here.name or key})"
                self.cautions.append(Fault(what, self.file, row.line))
            elif self.receiver.setdefault(key, row.key) != row.key and not self._above(row.key, key):
                what = f"{here.name or key}は2か所に合算されています({row.name or row.key}では数えません)"
                self.cautions.append(Fault(what, self.file, row.line))

    def _above(self, subtotal: str, key: str) -> bool:
        """Tell whether a subtotal repeats what one of its own rows below received."""
        return subtotal not in self.leaves and self.receiver[key].startswith(subtotal)

    def _find(self, code: str) -> AreaRow | None:
        """Return the row of a code inside the city (4 or 6 digits, perhaps without their zeros) or of a whole key."""
        whole = [f"{self.city}{code}", f"{self.city}{code.zfill(4)}", f"{self.city}{code.zfill(6)}", code]
        return next((self.rows[key] for key in whole if key in self.rows), None)

    def _leaves_of(self, code: str) -> tuple[str, ...]:
        row = self._find(code)
        return self._below(row.key) if row else ()

    def _below(self, key: str) -> tuple[str, ...]:
        if key in self.leaves:
            return (key,)
        return tuple(one for one in self.rows if one in self.leaves and one.startswith(key))

    def _is_suppressed_leaf(self, key: str) -> bool:
        return key in self.leaves and self.rows[key].treatment is Treatment.SUPPRESSED

    def _groups(self) -> tuple[Group, ...]:
        taken: defaultdict[str, list[str]] = defaultdict(list)
        for key, receiver in self.receiver.items():
            taken[receiver].append(key)
        subtotals = [key for key in taken if key not in self.leaves]
        inside = {one for key in subtotals for one in self._below(key)}
        found = []
        for key in self.rows:
            if key in subtotals:
                found.append(Group(key, self._of_subtotal(key, taken)))
            elif key in self.leaves and key not in inside and not self._is_suppressed_leaf(key):
                found.append(Group(key, (key, *taken[key])))
        return tuple(found)

    def _of_subtotal(self, key: str, taken: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
        """Return all below a subtotal and what they took in, but what itself went elsewhere."""
        stayed = [one for one in self._below(key) if self.receiver.get(one, key).startswith(key)]
        moved = [one for below in stayed for one in (below, *taken.get(below, ()))]
        return tuple(dict.fromkeys([*moved, *taken[key]]))
