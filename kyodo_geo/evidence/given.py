"""Evidence: the opened tables that a city's figures may stand on; nothing of it is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.provenance import Basis, Source, weakest
from kyodo_geo.sources.visit.opened import Opened

if TYPE_CHECKING:
    from kyodo_geo.sources.visit.ages.households import ElderlyHouseholds
    from kyodo_geo.sources.visit.ages.values import AgesRead
    from kyodo_geo.sources.visit.vacancy.read import VacancyRead


@dataclass(frozen=True, eq=False)
class Evidence:
    """Opened tables: of ages and of households with elderly oldest first, and one list of vacant dwellings.

    `whole_city` says that the survey of vacant dwellings covered the whole city, so that a district without one has none.
    """

    ages: tuple[AgesRead, ...] = ()
    elderly: tuple[ElderlyHouseholds, ...] = ()
    vacancy: VacancyRead | None = None
    whole_city: bool = False

    @property
    def opened(self) -> tuple[Opened, ...]:
        """The accounts of all files."""
        lists = (self.vacancy.opened,) if self.vacancy else ()
        return (*self.tables, *lists)

    @property
    def tables(self) -> tuple[Opened, ...]:
        """The accounts of the tables of ages and households, which hold no address."""
        return (*(one.opened for one in self.ages), *(one.opened for one in self.elderly))

    @property
    def key(self) -> tuple[str, ...]:
        """What tells this evidence from another: the fingerprints of its files, and what is said of the survey."""
        return (*(one.sha256 for one in self.opened), f"whole_city={self.whole_city}")

    @property
    def basis(self) -> Basis:
        """The weakest basis of the files."""
        return weakest(source.basis for source in self.sources)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files as sources."""
        return tuple(one.source for one in self.opened)

    @property
    def counted_by(self) -> str:
        """How the people of the age tables are counted: 国勢調査, 住民基本台帳, or "" without a table."""
        return self.ages[0].counted_by if self.ages else ""


NO_EVIDENCE = Evidence()


def evidence_of(
    ages: Iterable[AgesRead] = (),
    elderly: Iterable[ElderlyHouseholds] = (),
    vacancy: VacancyRead | None = None,
    *,
    whole_city: bool = False,
) -> Evidence:
    """Put opened tables together, oldest first; InputRefused when they cannot stand in one series.

    Register and census are never one series, two tables of one day never one figure, and made-up tables never stand
    beside real ones of the same kind.
    """
    tables = tuple(sorted(ages, key=lambda one: one.day))
    homes = tuple(sorted(elderly, key=lambda one: one.day))
    faults = [*_mixed(tables), *_doubled("年齢の表", tables), *_doubled("65歳以上のいる世帯の表", homes)]
    if faults:
        raise InputRefused("開いた表を一緒には使えません。", faults=faults, todo="合わない表を閉じてください")
    return Evidence(tables, homes, vacancy, whole_city)


def _mixed(tables: tuple[AgesRead, ...]) -> list[Fault]:
    faults = []
    if len({one.counted_by for one in tables}) > 1:
        said = "、".join(f"{one.opened.name} は{one.counted_by}" for one in tables)
        faults.append(Fault(f"国勢調査と住民基本台帳の年齢は、一つの推移に混ぜません({said})"))
    if len({one.opened.fictional for one in tables}) > 1:
        made_up = "、".join(one.opened.name for one in tables if one.opened.fictional)
        faults.append(Fault(f"架空の表と実際の表は、一緒に使えません(架空: {made_up})"))
    return faults


def _doubled(what: str, tables: Iterable[AgesRead | ElderlyHouseholds]) -> list[Fault]:
    days = Counter(one.day.year for one in tables)
    return [Fault(f"{year}年の{what}が {number} つあります") for year, number in days.items() if number > 1]
