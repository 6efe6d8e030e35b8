"""The one registry of indicators, in the order they are shown."""

from __future__ import annotations

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.indicators.ageing import AGEING
from kyodo_geo.model.indicators.census import CENSUS
from kyodo_geo.model.indicators.decline import DECLINE
from kyodo_geo.model.indicators.vacancy import VACANCY
from kyodo_geo.model.indicators.values import Indicator

REGISTRY: tuple[Indicator, ...] = (*CENSUS, *DECLINE, *AGEING, *VACANCY)


def indicator(indicator_id: str) -> Indicator:
    """Return an indicator by id; InputRefused names the ids there are."""
    for candidate in REGISTRY:
        if candidate.id == indicator_id:
            return candidate
    known = "、".join(candidate.id for candidate in REGISTRY)
    raise InputRefused(f"指標「{indicator_id}」はありません。", todo=f"次から選んでください: {known}")
