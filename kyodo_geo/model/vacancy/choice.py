"""What a reader chose on the page of vacant dwellings: the survey year, and the least number a published place holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.vacancy.groups import LEAST_K

MOST_K = 1000
_YEARS = (1900, 2200)
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)
_LABELS = {"year": "調査の年", "k": "k"}


@dataclass(frozen=True)
class VacancyChoice:
    """The survey year (None: the latest of the list) and k, the least number of vacant dwellings of a published place.

    Whether staff see more is no part of it: that is never written into an address.
    Raises InputRefused with every fault for a year outside 1900 to 2200 and for a k below 5 or above 1,000.
    """

    year: int | None = None
    k: int = LEAST_K

    def __post_init__(self) -> None:
        found = [*_fault("k", self.k, LEAST_K, MOST_K)]
        if self.year is not None:
            found += _fault("year", self.year, *_YEARS)
        _refuse(found)

    def to_query(self) -> dict[str, str]:
        """Write the choice as the words of an address; what is as usual is left out."""
        year = {} if self.year is None else {"survey": str(self.year)}
        return {**year, **({} if self.k == LEAST_K else {"k": str(self.k)})}


def from_query(words: Mapping[str, str]) -> VacancyChoice:
    """Read what `to_query` wrote; words of other keys are passed over.

    Raises InputRefused with everything that is no whole number or out of bounds.
    """
    faults: list[Fault] = []
    year = _number("year", words.get("survey", ""), faults)
    k = _number("k", words.get("k", ""), faults)
    _refuse(faults)
    return VacancyChoice(year, LEAST_K if k is None else k)


def _number(key: str, text: str, faults: list[Fault]) -> int | None:
    if not text:
        return None
    if _WHOLE.fullmatch(text):
        return int(text)
    faults.append(Fault(f"{_LABELS[key]}「{text[:20]}」は整数ではありません", column=key))
    return None


def _fault(key: str, value: int, least: int, most: int) -> list[Fault]:
    # True is an int to Python, but no number of dwellings
    if type(value) is int and least <= value <= most:
        return []
    return [Fault(f"{_LABELS[key]} {value} は使えません({least} から {most} までの整数)", column=key)]


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InputRefused(
            "空き家のページの設定に誤りがあります。",
            faults=faults,
            todo=f"k は {LEAST_K} 以上の整数、年は西暦にしてください",
        )
