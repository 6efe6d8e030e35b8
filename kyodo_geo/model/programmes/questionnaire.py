"""A questionnaire to the councils as a plan publishes it: sections, items, wishes in words, and what is not stated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

NO_ANSWER = "無回答"


@dataclass(frozen=True)
class Item:
    """An item answered by a word of the section's scale; `mark` is its number as printed (①)."""

    id: str
    mark: str
    title: str


@dataclass(frozen=True)
class Wishes:
    """An item answered in words of the council's own; `stated` is what the plan says of the answers."""

    id: str
    mark: str
    title: str
    stated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """Items on one question. `scale` holds the words that are known, in order, all of them only if `scale_complete`."""

    id: str
    title: str
    summary: str
    reference: str
    items: tuple[Item, ...]
    scale: tuple[str, ...] = ()
    scale_complete: bool = False
    scale_note: str = ""
    wishes: Wishes | None = None


@dataclass(frozen=True)
class Questionnaire:
    """A survey that can be asked again: its definition, and how many were asked and answered when the plan was made.

    `fiscal_year` is that of the published survey, whose figures are public only if `numbers_published`.
    """

    id: str
    title: str
    fiscal_year: int
    year_note: str
    asked: int
    answered: int
    numbers_published: bool
    reference: str
    sections: tuple[Section, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """The items that have a scale, in order."""
        return tuple(item for section in self.sections for item in section.items)

    def section_of(self, item_id: str) -> Section | None:
        """Return the section that holds an item or wishes, or None where no section does."""
        for section in self.sections:
            if item_id in {item.id for item in section.items} | _ids(section.wishes):
                return section
        return None

    def scale_of(self, item_id: str) -> tuple[str, ...] | None:
        """Return the known words of the scale of an item (maybe none); None for wishes and for an unknown item."""
        for section in self.sections:
            if item_id in {item.id for item in section.items}:
                return section.scale
        return None

    def ids(self) -> Iterator[str]:
        """Yield the ids of all items and wishes."""
        for section in self.sections:
            yield from (item.id for item in section.items)
            yield from _ids(section.wishes)


def _ids(wishes: Wishes | None) -> set[str]:
    return set() if wishes is None else {wishes.id}
