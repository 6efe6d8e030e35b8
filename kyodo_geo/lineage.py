"""Which districts existed on which day, and how a later district folds back into the one it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kyodo_geo.errors import NotInForce


@dataclass(frozen=True)
class Split:
    """A district `code` that left district `was` and stands on its own since a day."""

    code: str
    since: date
    was: str
    reference: str


@dataclass(frozen=True)
class Lineage:
    """The first day on which there are districts at all, and the splits since."""

    first_day: date
    first_reference: str
    splits: tuple[Split, ...]

    def __post_init__(self) -> None:
        if not all(
            isinstance(day, date) for day in (self.first_day, *(split.since for split in self.splits))
        ):
            msg = "地区の来歴の日付は引用符なしで書きます(例 2017-04-01)"
            raise TypeError(msg)
        parents = {split.code: split.was for split in self.splits}
        for code in parents:
            _root(code, parents)

    def fold(self, codes: Iterable[str], on: date) -> dict[str, str]:
        """Map each latest code to the district it belonged to on a day (itself when it stood already).

        Raises NotInForce for a day before the first district.
        """
        if on < self.first_day:
            raise NotInForce(
                f"市民センターの地区は {self.first_day.isoformat()} からです({self.first_reference})。"
                f"{on.isoformat()} にはまだありません。",
                todo=f"{self.first_day.isoformat()} 以後の日を指定してください",
            )
        later = {split.code: split.was for split in self.splits if split.since > on}
        return {code: _root(code, later) for code in codes}


def _root(code: str, later: dict[str, str]) -> str:
    """Follow a code back to where it came from; ValueError for one that comes back to itself."""
    seen = {code}
    while code in later:
        code = later[code]
        if code in seen:
            msg = f"地区 {code} の来歴が一回りしています"
            raise ValueError(msg)
        seen.add(code)
    return code
