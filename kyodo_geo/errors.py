"""The errors people meet: each says in Japanese what was expected, what came, where, and what to do.

Every kind is a `KyodoError` and also the built-in kind it resembles, so that library code may catch either.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an input: what, and where (file, 1-based row as seen in a spreadsheet, column)."""

    what: str
    file: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        place = [self.file] if self.file else []
        place += [f"{self.row} 行目"] if self.row is not None else []
        place += [f"列「{self.column}」"] if self.column else []
        return f"{' '.join(place)}: {self.what}" if place else self.what


class KyodoError(Exception):
    """The family: a sentence for people, the single faults behind it, and what to do."""

    def __init__(self, what: str, *, faults: Sequence[Fault] = (), todo: str = "") -> None:
        self.what = what
        self.faults = tuple(faults)
        self.todo = todo
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [self.what, *(f"  - {fault}" for fault in self.faults)]
        return "\n".join([*lines, *([f"対処: {self.todo}"] if self.todo else [])])


class DataFileError(KyodoError, OSError):
    """A shipped or workspace data file is missing, changed, or not what its SOURCE.toml says."""

    __str__ = KyodoError.__str__  # OSError prints an errno of its own otherwise


class LedgerError(KyodoError, OSError):
    """The ledger cannot be read or written, or what stands in it is not what was once frozen."""

    __str__ = KyodoError.__str__  # OSError prints an errno of its own otherwise


_OS_REASONS = {
    errno.ENOENT: "ファイルかフォルダーがありません",
    errno.EACCES: "許可がありません",
    errno.EPERM: "許可がありません",
    errno.EROFS: "書き込みのできない場所です",
    errno.ENOSPC: "ディスクの空きがありません",
    errno.EISDIR: "ファイルではなくフォルダーです",
    errno.ENOTDIR: "フォルダーではありません",
}


def os_reason(error: OSError) -> str:
    """Say in Japanese why the system refused a file; the system's own words for a rare reason."""
    return _OS_REASONS.get(error.errno or 0, error.strerror or str(error))


class TableError(KyodoError, ValueError):
    """A table handed in by a person cannot be read; all its faults are gathered."""


class KeyMismatch(KyodoError, KeyError):  # noqa: N818 - named for what happened
    """Two tables that should speak of the same units do not have the same keys."""

    __str__ = KyodoError.__str__  # KeyError prints the repr of its argument otherwise


class InputRefused(KyodoError, ValueError):  # noqa: N818 - named for what happened
    """A number or an option entered by a person is outside what the calculation allows."""


class NotInForce(KyodoError, LookupError):  # noqa: N818 - named for what happened
    """Something was asked for a day before it existed (a rule, a district, a dated value)."""


class RuleFileError(KyodoError, ValueError):
    """A rule file is not well formed; all its faults are gathered."""
