"""Read data/population: censuses by small area, and what is published for areas and the city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from kyodo_geo.provenance import Basis, Source
from kyodo_geo.sources.manifest import Store
from kyodo_geo.sources.tables import small_area_key, whole_number

_CENSUS_PREFIX, _CENSUS_SUFFIX = "census", "_small_areas"


@dataclass(frozen=True)
class Census:
    """One census by small area: `counts` has population and households by key; `missing` lists areas without a value."""

    source: Source
    counts: pd.DataFrame
    missing: tuple[str, ...]

    @property
    def day(self) -> date:
        """The census day."""
        return date.fromisoformat(self.source.reference_date)

    @property
    def year(self) -> int:
        """The census year."""
        return self.day.year


@dataclass(frozen=True)
class Published:
    """A published count of the city or an area: `counted` says who (foreigners in or out), where it is stated."""

    level: str
    name: str
    reference_date: date
    population_basis: str
    counted: str
    population: int
    households: int | None
    basis: Basis
    method: str
    reference: str


def load_censuses(store: Store) -> tuple[Census, ...]:
    """Return every census by small area, oldest first; areas without a value are named, never counted as zero."""
    ids = [
        name for name in store.sources if name.startswith(_CENSUS_PREFIX) and name.endswith(_CENSUS_SUFFIX)
    ]
    return tuple(sorted((_census(store, source_id) for source_id in ids), key=lambda census: census.day))


def _census(store: Store, source_id: str) -> Census:
    with store.reading(source_id) as source:
        table = store.table(source_id)
        frame = pd.DataFrame([row.cells for row in table], index=[small_area_key(row) for row in table])
        blank = frame["population"] == ""
        counts = frame.loc[~blank, ["population", "households"]].map(whole_number).astype(int)
        date.fromisoformat(source.reference_date)
        return Census(source, counts, tuple(frame.index[blank]))


def load_published(store: Store) -> tuple[Published, ...]:
    """Return the published counts of the city and its areas, in file order."""
    with store.reading("areas_and_city"):
        return tuple(
            Published(
                level=row["level"],
                name=row["name"],
                reference_date=date.fromisoformat(row["reference_date"]),
                population_basis=row["population_basis"],
                counted=row["counted"],
                population=int(row["population"]),
                households=int(row["households"]) if row["households"] else None,
                basis=Basis.named(row["basis"]),
                method=row["method"],
                reference=row["reference"],
            )
            for row in store.table("areas_and_city")
        )


def load_by_year(store: Store, source_id: str) -> dict[int, dict[str, int]]:
    """Return a table of the city with one row a year: the counts of each year that are not blank."""
    with store.reading(source_id):
        return {
            int(row["year"]): {
                name: int(value) for name, value in row.cells.items() if name != "year" and value
            }
            for row in store.table(source_id)
        }
