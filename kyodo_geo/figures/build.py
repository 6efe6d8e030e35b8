"""The indicators as figures: values at three levels, their ground, and which rates stand on too few."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from kyodo_geo.city import City
from kyodo_geo.districts import Column, Districts
from kyodo_geo.figures.columns import LISTS, ground_of
from kyodo_geo.figures.levels import Levels, levels_of
from kyodo_geo.model.figures import Figures
from kyodo_geo.model.indicators import REGISTRY, Indicator, UnitCounts, Value, describe_management
from kyodo_geo.model.rates import is_weak, places_of
from kyodo_geo.provenance import Basis, Unknown, unite, weakest


def figures_of(city: City, on: date) -> list[Figures]:
    """Return every indicator in every year it has, for the districts of a day, their areas and the city.

    An indicator of which the districts are not known (ages, without an opened table) has its figures all the same:
    the city's, and Unknown for the districts.
    """
    levels = levels_of(city, on)
    there = [item for item in REGISTRY if _has_source(city, item)]
    return [_figures(city, levels, item, year, on) for item in there for year in item.years(levels.years)]


def _has_source(city: City, item: Indicator) -> bool:
    """Say whether the city's data have what an indicator of lists (closed schools, wards) counts."""
    return all(name in city.sources for name in item.inputs if name in LISTS)


def known_figures(city: City, on: date) -> list[Figures]:
    """Return the figures of the indicators that are known of at least one district in some year."""
    figures = figures_of(city, on)
    known = {
        one.indicator.id
        for one in figures
        if not all(isinstance(value, Unknown) for value in one.districts.values())
    }
    return [one for one in figures if one.indicator.id in known and not is_blank(one)]


def is_blank(figures: Figures) -> bool:
    """Say whether a year of ages is known of no district: beside an opened table only the table's years are drawn."""
    unknown = all(isinstance(value, Unknown) for value in figures.districts.values())
    return unknown and figures.indicator.span in {"ages", "homes", "vacancy"}


def _figures(city: City, levels: Levels, item: Indicator, year: int, on: date) -> Figures:
    known = item.years(levels.years) if item.span != "change" else sorted(levels.years["census"])
    before = max((one for one in known if one < year), default=year)
    grounds = [ground_of(city, levels, name, year, on) for name in item.inputs]
    if item.span == "change":
        grounds += [ground_of(city, levels, name, before, on) for name in item.inputs]
    values = {code: item.compute(unit, year, before) for code, unit in levels.districts.items()}
    return Figures(
        indicator=item,
        year=year,
        before=before,
        reference_date=grounds[0].column.reference_date,
        districts=values,
        areas={area: _of_whole(item, unit, year, before) for area, unit in levels.areas.items()},
        city=_of_whole(item, levels.city, year, before),
        caution="。".join(
            filter(None, (item.caution, city.facts.cautions.get(item.id, ""), _caution(levels, item, year)))
        ),
        basis=weakest(ground.column.basis for ground in grounds),
        whole_basis=weakest([Basis.DERIVED, *(ground.whole_basis for ground in grounds)]),
        sources=unite(*(ground.column.sources for ground in grounds)),
        weak=frozenset(code for code, unit in levels.districts.items() if is_weak(item, unit, year)),
        rank_ranges=places_of(item, levels.districts, values, year),
    )


def _caution(levels: Levels, item: Indicator, year: int) -> str:
    """Say what the opened table itself asks to be said of a figure."""
    if item.span == "vacancy" and levels.vacancy is not None:
        left = "・".join(f"{one}年" for one in levels.vacancy.other_years)
        return f"分母: {levels.vacancy.denominator.label}" + (
            f"。{left}の調査の空き家は含めない" if left else ""
        )
    split = levels.brought[year].split_people if item.span == "ages" and year in levels.brought else 0
    return f"地区の境をまたぐ合算の {split:,.0f} 人は、人口の割合で分けています(推計)" if split else ""


def _of_whole(item: Indicator, counts: UnitCounts, year: int, before: int) -> Value:
    if item.kind == "category":
        return describe_management(counts.management)
    return item.compute(counts, year, before)


def district_table(city: City, on: date) -> Districts:
    """Return the one table of a day: every known indicator, one row a district.

    The latest year of an indicator stands under its name; older ones carry their year in the name.
    """
    lines = city.lines(on)
    kept = list(dict.fromkeys(lines.values()))
    column = Column(Basis.PUBLISHED, on.isoformat(), (city.sources["centres"], city.sources["city"]))
    moved = any(code != was for code, was in lines.items()) or on < city.latest.day
    note = f"国勢調査の値を {on.isoformat()} の地区の線に組み替えたもの" if moved else ""
    table = Districts.of(on, city.names.loc[kept], column, restated=note)
    figures = known_figures(city, on)
    newest: Mapping[str, int] = {one.indicator.id: one.year for one in figures}
    for one in figures:
        name = one.indicator.id if one.year == newest[one.indicator.id] else f"{one.indicator.id}_{one.year}"
        given = Column(one.basis, one.reference_date, one.sources)
        table = table.attach(name, pd.Series(dict(one.districts), dtype=object), given)
    lines_column = ground_of(city, levels_of(city, on), "km2", city.latest.year, on).column
    return table.attach("uncertain", pd.Series(city.uncertain(on)), lines_column)
