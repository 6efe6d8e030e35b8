"""On what a figure stands: the basis, the day and the sources of each input, for districts and for the whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kyodo_geo.city import City
from kyodo_geo.districts import Column
from kyodo_geo.figures.levels import Levels
from kyodo_geo.provenance import Basis, Source, weakest

# Lists that another city may not have
LISTS = frozenset({"closed_schools", "wards"})


@dataclass(frozen=True)
class Ground:
    """The ground of one input: the column of the districts, and the basis of areas and city, which need no lines."""

    column: Column
    whole_basis: Basis


def ground_of(city: City, levels: Levels, name: str, year: int, on: date) -> Ground:
    """Return the ground of an input (population, households, km2, management, ages …) in a year."""
    if name in {"management", *LISTS}:
        source = city.sources[name]
        return Ground(Column(source.basis, on.isoformat(), (source,)), weakest([Basis.DERIVED, source.basis]))
    if name == "km2":
        return Ground(_column((city.sources["districts"], city.sources["small_areas"])), Basis.DERIVED)
    if name in {"ages", "elderly_homes", "vacancy"}:
        return _brought(city, levels, name, year)
    census = next(census for census in city.censuses if census.year == year)
    column = _column((census.source, city.sources["small_areas"]), census.day.isoformat())
    return Ground(column, Basis.FICTIONAL if census.source.basis is Basis.FICTIONAL else Basis.DERIVED)


def _column(sources: Iterable[Source], day: str = "") -> Column:
    named = tuple(sources)
    return Column(weakest(source.basis for source in named), day or named[0].reference_date, named)


def _brought(city: City, levels: Levels, name: str, year: int) -> Ground:
    """Return the ground of an opened table, or of the published ages of the city."""
    lines = city.sources["small_areas"]
    if name == "vacancy" and levels.vacancy is not None and city.evidence.vacancy is not None:
        source = city.evidence.vacancy.opened.source
        bases = [source.basis, levels.vacancy.denominator.basis]
        column = Column(weakest([*bases, lines.basis]), f"{year}年", (source, lines))
        return Ground(column, weakest(bases))
    tables = city.evidence.elderly if name == "elderly_homes" else city.evidence.ages
    found = next((one for one in tables if one.day.year == year), None)
    if found is None:
        published = [city.sources[one] for one in ("city_ages", "city_households") if one in city.sources]
        return Ground(_column(published, f"{year}-10-01"), Basis.PUBLISHED)
    source = found.opened.source
    column = Column(weakest([source.basis, lines.basis]), found.day.isoformat(), (source, lines))
    return Ground(column, source.basis)
