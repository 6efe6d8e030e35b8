"""Where a figure comes from and how sure it is: Source, Basis, Unknown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Basis(IntEnum):
    """How a figure was come by; a larger number is a weaker ground, and a result is as weak as its weakest input."""

    PUBLISHED = 0
    DERIVED = 1
    SUPPLIED = 2
    ESTIMATED = 3
    FICTIONAL = 4
    UNKNOWN = 5

    @property
    def label(self) -> str:
        """The Japanese word shown beside the figure."""
        return _BASIS_LABELS[self]

    @classmethod
    def named(cls, word: str) -> Basis:
        """Return the basis a SOURCE.toml or a table names in English lower case; ValueError for another word."""
        try:
            return cls[word.upper()]
        except KeyError:
            allowed = ", ".join(basis.name.lower() for basis in cls)
            msg = f"basis は {allowed} のどれか。「{word}」は使えません"
            raise ValueError(msg) from None


_BASIS_LABELS = {
    Basis.PUBLISHED: "公表値",
    Basis.DERIVED: "公表値から計算",
    Basis.SUPPLIED: "入力値",
    Basis.ESTIMATED: "推計",
    Basis.FICTIONAL: "架空",
    Basis.UNKNOWN: "不明",
}


def mark_of(basis: Basis) -> str:
    """Return the word that must stand beside a figure: 架空, 推計, or none for what is published, derived or supplied."""
    return "架空" if basis is Basis.FICTIONAL else "推計" if basis >= Basis.ESTIMATED else ""


def weakest(bases: Iterable[Basis]) -> Basis:
    """Return the weakest basis of the inputs of a result (PUBLISHED when there are none)."""
    return max(bases, default=Basis.PUBLISHED)


@dataclass(frozen=True)
class Unknown:
    """A value nobody has published: it is not 0, not blank and not a default. The reason is shown.

    `reason` is a few words for a cell; `detail` says more where there is room.
    """

    reason: str
    detail: str = ""

    def __str__(self) -> str:
        return f"不明({self.reason})"


@dataclass(frozen=True)
class Source:
    """A dataset: who published what, when, under which licence, and what this project did with it.

    `file` is the shipped file below data/; `sha256` and `rows` describe that file; `reference_date` is the day
    the figures speak of (text, since some datasets cover a span), `population_basis` says 国勢調査 or 住民基本台帳.
    """

    id: str
    file: str
    publisher: str
    title: str
    url: str
    reference_date: str
    published: str
    accessed: str
    licence: str
    basis: Basis
    method: str
    sha256: str
    rows: int
    population_basis: str = ""

    @property
    def credit(self) -> str:
        """One line for a footer: title (publisher, reference date); what is made up says so first."""
        made_up = "架空: " if self.basis is Basis.FICTIONAL else ""
        return f"{made_up}{self.title}({self.publisher}、{self.reference_date})"


def unite(*groups: Iterable[Source]) -> tuple[Source, ...]:
    """Unite sources in order of first appearance, each once."""
    return tuple(dict.fromkeys(source for group in groups for source in group))
