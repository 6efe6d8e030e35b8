"""How far a projection by age would have missed by district: it needs a third table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kyodo_geo.ageing.projection import by_district, counted, tables_apart
from kyodo_geo.city import City
from kyodo_geo.model.ageing.backtest import BackTest, backtest
from kyodo_geo.provenance import Unknown, mark_of, weakest
from kyodo_geo.rules.ageing import Ageing

if TYPE_CHECKING:
    from kyodo_geo.sources.visit.ages.values import AgesRead

NO_THIRD = Unknown(
    "3つ目の表が要る",
    "地区ごとの外れを確かめるには、5年おきの3つの年齢の表が要ります(前の2つから推計し、3つ目と比べます)",
)


@dataclass(frozen=True, eq=False)
class MissStudy:
    """The back-test of the districts that are in all three tables."""

    tables: tuple[AgesRead, ...]
    test: BackTest

    @property
    def mark(self) -> str:
        """The word beside the numbers."""
        return mark_of(weakest(read.opened.source.basis for read in self.tables))


def miss_study(city: City, on: date, settings: Ageing) -> MissStudy | Unknown:
    """Return the back-test of the newest three tables 5 years apart; Unknown where there are not so many.

    Raises InputRefused for tables that cannot be projected.
    """
    three = tables_apart(city.evidence.ages, 3)
    if three is None:
        return NO_THIRD
    brought = by_district(city, on, three)
    codes = [code for code in brought[0].table.units if all(code in one.filled for one in brought)]
    first, second, third = (counted(one, read, codes) for one, read in zip(brought, three, strict=True))
    return MissStudy(three, backtest(first, second, third, limits=settings.projection))
