"""What a choice of families may name: districts there are, with rows in the tables."""

from __future__ import annotations

from collections.abc import Collection

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.ageing.choice import AgeingChoice


def require_families(choice: AgeingChoice, kept: Collection[str], codes: Collection[str]) -> None:
    """Refuse families for districts that are none of the day's (`codes`) or not in both tables (`kept`), all at once."""
    faults = [
        Fault(
            f"「{code}」という地区はありません"
            if code not in codes
            else f"地区 {code} は2つの表の両方には行がありません"
        )
        for code in choice.families
        if code not in kept
    ]
    if faults:
        raise InputRefused(
            "移住する家族の地区を読めません。", faults=faults, todo=f"次から選んでください: {'、'.join(kept)}"
        )
