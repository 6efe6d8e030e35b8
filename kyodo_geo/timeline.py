"""Values in force from a day: a timeline refuses a day before its first entry and may hold Unknown."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

from kyodo_geo.errors import NotInForce
from kyodo_geo.provenance import Unknown

T = TypeVar("T")


@dataclass(frozen=True)
class Dated(Generic[T]):
    """A value in force from a day on, with the reference (article, page) that says so."""

    since: date
    value: T | Unknown
    reference: str = ""


@dataclass(frozen=True)
class Timeline(Generic[T]):
    """Dated values in ascending order; each holds until the next begins."""

    name: str
    entries: tuple[Dated[T], ...]

    def __post_init__(self) -> None:
        days = [entry.since for entry in self.entries]
        if not days or any(later <= earlier for earlier, later in pairwise(days)):
            msg = f"{self.name}: 日付は1つ以上、古い順に、重なりなく並べてください"
            raise ValueError(msg)

    def __iter__(self) -> Iterator[Dated[T]]:
        return iter(self.entries)

    def at(self, day: date) -> Dated[T]:
        """Return the entry in force on a day, its Unknown included.

        Raises NotInForce before the first day: the past is refused, never answered by 0 or by the first value.
        """
        index = bisect_right([entry.since for entry in self.entries], day)
        if index == 0:
            first = self.entries[0].since.isoformat()
            raise NotInForce(
                f"{self.name} は {first} からです。{day.isoformat()} にはまだありません。",
                todo=f"{first} 以後の日を指定してください",
            )
        return self.entries[index - 1]
