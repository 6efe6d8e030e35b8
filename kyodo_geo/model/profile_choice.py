"""What a reader chose to see side by side: two to four districts, and by which variables others are like them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from kyodo_geo.errors import Fault, InputRefused

LEAST, MOST = 2, 4
MOST_VARIABLES = 20
_SHOWN = 40
_TODO = f"コードを - でつないで {LEAST} から {MOST} 地区を選んでください(例 districts=01-02)"


@dataclass(frozen=True)
class ProfileChoice:
    """The districts in their order, by code, and the ids of the variables of likeness; () stands for the usual ones.

    Raises InputRefused with every fault, the key as its column: fewer than two districts, more than four, one twice; a
    variable twice, or too many.
    """

    districts: tuple[str, ...]
    like: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        faults = [*_count_faults(self.districts), *_doubled(self.districts, "地区", "districts")]
        faults += _doubled(self.like, "変数", "like")
        if len(self.like) > MOST_VARIABLES:
            faults.append(
                Fault(f"変数は {MOST_VARIABLES} までです({len(self.like)} あります)", column="like")
            )
        _refuse(faults)

    def to_query(self) -> dict[str, str]:
        """Write the choice as the words of an address; usual variables are left out."""
        like = {"like": "~".join(self.like)} if self.like else {}
        return {"districts": "-".join(self.districts), **like}

    def beside(self, own: str, other: str) -> ProfileChoice:
        """Return the choice with one more district; where there is no room, only `own` and the other one."""
        if other in self.districts:
            return self
        fits = len(self.districts) < MOST
        return replace(self, districts=(*self.districts, other) if fits else (own, other))


def from_query(
    words: Mapping[str, str], *, districts: Sequence[str], known: Collection[str], variables: Collection[str]
) -> ProfileChoice:
    """Read what `to_query` wrote; words of other keys are passed over.

    `districts` are taken where the address names none; `known` are the codes there are, `variables` the ids there are.
    Raises InputRefused with everything that cannot be read: an unknown code or variable is named.
    """
    asked = tuple(part for part in words.get("districts", "").split("-") if part) or tuple(districts)
    like = tuple(part for part in words.get("like", "").split("~") if part)
    faults = [*_strangers(asked, known, "地区", "districts"), *_strangers(like, variables, "変数", "like")]
    faults += _count_faults(asked)
    _refuse(faults)
    return ProfileChoice(asked, like)


def _count_faults(districts: Sequence[str]) -> list[Fault]:
    if LEAST <= len(districts) <= MOST:
        return []
    return [
        Fault(f"並べられるのは {LEAST} から {MOST} 地区です({len(districts)} あります)", column="districts")
    ]


def _doubled(codes: Sequence[str], what: str, column: str) -> list[Fault]:
    twice = dict.fromkeys(code for code in codes if codes.count(code) > 1)
    return [Fault(f"{what}「{code[:_SHOWN]}」が2回以上あります", column=column) for code in twice]


def _strangers(codes: Sequence[str], known: Collection[str], what: str, column: str) -> list[Fault]:
    unknown = [code for code in dict.fromkeys(codes) if code not in known]
    return [Fault(f"{what}「{code[:_SHOWN]}」はありません", column=column) for code in unknown]


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise InputRefused("地区の比較の選び方に誤りがあります。", faults=faults, todo=_TODO)
