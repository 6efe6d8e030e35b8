"""Whether a file calls itself made up: the one rule for every kind of opened file."""

from __future__ import annotations

from collections.abc import Iterable

_FICTIONAL = "架空"


def says_fictional(name: str, texts: Iterable[str]) -> bool:
    """Tell whether a file calls itself made up (架空), in its name or in one of the texts."""
    return any(_FICTIONAL in text for text in (name, *texts))
