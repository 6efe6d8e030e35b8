"""GeoError and its few kinds: each says in Japanese what was expected, what came, where, and what to do.

Every kind is a `GeoError` and also the built-in kind it resembles, so that a caller may catch either.
"""

# ruff: noqa: N818  # the names say what is wrong (CrsMissing), as the message does

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class GeoError(Exception):
    """The family: a sentence for people, the single faults behind it, and what to do."""

    def __init__(self, what: str, *, faults: Sequence[str] = (), todo: str = "") -> None:
        self.what = what
        self.faults = tuple(faults)
        self.todo = todo
        super().__init__(what)

    def __str__(self) -> str:
        lines = [self.what, *(f"  - {fault}" for fault in self.faults)]
        return "\n".join([*lines, *([f"対処: {self.todo}"] if self.todo else [])])


class CrsMissing(GeoError, ValueError):
    """Shapes came without a coordinate reference system."""


class CrsMismatch(GeoError, ValueError):
    """Shapes came in another coordinate reference system than the calculation needs."""


class OutsideJapan(GeoError, ValueError):
    """Coordinates lie outside Japan: swapped, in metres, or simply elsewhere."""


class BadGeometry(GeoError, ValueError):
    """A shape is empty, invalid, of the wrong type, or does not fit its neighbours."""


class KeyNotUnique(GeoError, ValueError):
    """A key is empty or occurs twice."""


class KeyMismatch(GeoError, KeyError):
    """Two tables that should speak of the same units do not have the same keys."""

    __str__ = GeoError.__str__  # KeyError prints the repr of its argument otherwise


class ColumnMissing(GeoError, KeyError):
    """A file does not have the column that was asked for."""

    __str__ = GeoError.__str__  # KeyError prints the repr of its argument otherwise


class FileUnreadable(GeoError, OSError):
    """A file is missing, or is no file of shapes."""

    __str__ = GeoError.__str__  # OSError may print an errno of its own otherwise


class FileRefused(GeoError, ValueError):
    """A file was read but has faults of several kinds; all of them are gathered."""


class MeshCodeInvalid(GeoError, ValueError):
    """A text is no mesh code of JIS X 0410, or a level or place has none."""


class ValueRefused(GeoError, ValueError):
    """A number is missing, negative, or outside what the calculation can answer for."""


def listed(items: Iterable[object], *, limit: int = 8) -> str:
    """One line naming the first `limit` items and counting the rest, for a message."""
    names = [str(item) for item in items]
    rest = f" ほか {len(names) - limit} 件" if len(names) > limit else ""
    return "、".join(names[:limit]) + rest


def raise_gathered(where: str, errors: Sequence[GeoError]) -> None:
    """Nothing if there is no error; a single error as it is; several as one `FileRefused` naming them all."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise FileRefused(
            f"{where}: {len(errors)} 種類の誤りがあります。",
            faults=[str(error).replace("\n", "\n    ") for error in errors],
            todo="上の誤りをすべて直してから、もう一度読み込んでください。",
        )
