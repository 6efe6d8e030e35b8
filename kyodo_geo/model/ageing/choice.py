"""What a reader chose of a projection: up to which year, what is assumed, and who moves where; it is an address too."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.ageing.projection import SCENARIOS

MOST_FAMILIES = 1_000
_YEARS = (1900, 2200)
_FAMILIES = re.compile(r"([^=:,\s]+)[=:](\d+(?:\.\d+)?)", re.ASCII)


@dataclass(frozen=True)
class AgeingChoice:
    """The inputs of a projection beside its tables.

    `to` is its last year, None the farthest the tables allow; `scenario` one of SCENARIOS; `families` how many move into
    each district a year, by district code, which only the scenario families uses (none at first, while a form is filled).
    Raises InputRefused for a word or a number that cannot be.
    """

    to: int | None = None
    scenario: str = "as_observed"
    families: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if self.scenario not in SCENARIOS:
            raise InputRefused(
                f"シナリオ「{self.scenario}」はありません。",
                todo=f"次から選んでください: {'、'.join(SCENARIOS)}",
            )
        if self.to is not None and not _YEARS[0] <= self.to <= _YEARS[1]:
            raise InputRefused(
                f"将来推計の年「{self.to}」は使えません。", todo="西暦の4桁の年を入れてください"
            )
        faults = [
            Fault(f"{code}: {number:g} 世帯は使えません")
            for code, number in self.families.items()
            if not (math.isfinite(number) and 0 < number <= MOST_FAMILIES)
        ]
        if faults:
            raise InputRefused(
                "1年に移住する世帯の数を読めません。", faults=faults,
                todo=f"0 より大きく {MOST_FAMILIES:,} 以下の数にしてください",
            )  # fmt: skip

    @property
    def label(self) -> str:
        """The scenario in words."""
        return SCENARIOS[self.scenario]

    def to_query(self) -> dict[str, str]:
        """Write the choice as the words of an address; what is as usual is left out."""
        words = {
            "to": "" if self.to is None else str(self.to),
            "scenario": "" if self.scenario == AgeingChoice().scenario else self.scenario,
            "families": ",".join(f"{code}:{number:g}" for code, number in sorted(self.families.items())),
        }
        return {key: word for key, word in words.items() if word}


def from_query(words: Mapping[str, str]) -> AgeingChoice:
    """Read what `to_query` wrote; words of other keys are passed over. Raises InputRefused naming what cannot be read."""
    to = words.get("to", "")
    if to and not (to.isascii() and to.isdigit() and len(to) == 4):
        raise InputRefused(f"将来推計の年「{to}」を読めません。", todo="西暦の4桁の年を入れてください")
    return AgeingChoice(
        int(to) if to else None,
        words.get("scenario") or AgeingChoice().scenario,
        read_families(filter(None, words.get("families", "").split(","))),
    )


def read_families(parts: Iterable[str]) -> Mapping[str, float]:
    """Read 05=2 or 05:2: two families a year into the district 05. Raises InputRefused with every part that is not so."""
    families: dict[str, float] = {}
    faults = []
    for part in parts:
        found = _FAMILIES.fullmatch(part.strip())
        if found is None:
            faults.append(Fault(f"「{part}」"))
        elif found[1] in families:
            faults.append(Fault(f"「{part}」: 地区 {found[1]} が2回あります"))
        else:
            families[found[1]] = float(found[2])
    if faults:
        raise InputRefused(
            "1年に移住する世帯の数を読めません。",
            faults=faults,
            todo="地区のコード=世帯数(例 05=2)の形で書いてください",
        )
    return MappingProxyType(families)
