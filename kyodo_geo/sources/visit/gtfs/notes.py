"""What a reader finds wrong on its way through a feed: refused, left out, or used with a caution."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kyodo_geo.errors import Fault

_MOST_SHOWN = 40


@dataclass
class Notes:
    """The faults of one reading, gathered in the order they were met; it lives only as long as the reading."""

    refused: list[Fault] = field(default_factory=list)
    left_out: list[Fault] = field(default_factory=list)
    cautions: list[Fault] = field(default_factory=list)

    def refuse(self, what: str, file: str, row: int | None = None, column: str = "") -> None:
        """Note something without which the feed cannot be used."""
        self.refused.append(Fault(what, file, row, column))

    def leave_out(self, what: str, file: str, row: int | None = None, column: str = "") -> None:
        """Note something that was not read."""
        self.left_out.append(Fault(what, file, row, column))

    def caution(self, what: str, file: str, row: int | None = None, column: str = "") -> None:
        """Note something that was read, but not as it stands or not without doubt."""
        self.cautions.append(Fault(what, file, row, column))


def shortened(word: str) -> str:
    """Return a word from a file as a message can show it: its first 40 characters."""
    return word if len(word) <= _MOST_SHOWN else f"{word[:_MOST_SHOWN]}…"


def by_word(found: Iterable[tuple[str, int]]) -> dict[str, tuple[int, str]]:
    """Return for each (word, row) found: its first row, and how many rows where there are several, as 「(3 行)」.

    One wrong id may stand in thousands of rows: it is one fault, with its first row and its count.
    """
    rows: dict[str, list[int]] = {}
    for word, row in found:
        rows.setdefault(word, []).append(row)
    return {
        word: (min(lines), f"({len(lines)} 行)" if len(lines) > 1 else "") for word, lines in rows.items()
    }
