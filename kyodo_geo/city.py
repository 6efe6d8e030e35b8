"""City: everything that is known of a city, read once from data/, proven, and frozen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from kyodo_geo.districts import Column, Districts, require_same_keys
from kyodo_geo.fiscal import both_calendars
from kyodo_geo.model.figures import Figures
from kyodo_geo.model.indicators import REGISTRY, Indicator, UnitCounts, Value, describe_management, sum_counts
from kyodo_geo.model.reach.values import Facility
from kyodo_geo.provenance import Basis, Source, Unknown, unite, weakest
from kyodo_geo.rules.book import RuleBook
from kyodo_geo.sources.boundaries import load_outlines, load_small_areas
from kyodo_geo.sources.facilities import TransitService, load_facilities, load_mesh, load_services
from kyodo_geo.sources.manifest import open_store
from kyodo_geo.sources.population import Census, Published, load_by_year, load_censuses, load_published
from kyodo_geo.sources.records import (
    CityFacts,
    CouncilLink,
    Management,
    Place,
    load_city_facts,
    load_council_links,
    load_management,
    load_places,
)
from kyodo_geo.timeline import Timeline

DEFAULT_DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True)
class City:
    """The frozen knowledge of a city; every question is asked as of a day `on`, whose lines the answer uses."""

    facts: CityFacts
    sources: Mapping[str, Source]
    names: pd.DataFrame
    outlines: gpd.GeoSeries
    small_areas: pd.DataFrame
    censuses: tuple[Census, ...]
    published: tuple[Published, ...]
    register: Mapping[int, Mapping[str, int]]
    ages: Mapping[int, Mapping[str, int]]
    places: tuple[Place, ...]
    management: Mapping[str, Timeline[Management]]
    councils: Mapping[str, CouncilLink]
    rules: RuleBook
    facilities: Mapping[str, tuple[Facility, ...]]
    services: tuple[TransitService, ...]
    mesh: pd.DataFrame

    @classmethod
    def load(cls, data: Path = DEFAULT_DATA) -> City:
        """Read and prove the data folder; DataFileError names the file that is missing or changed."""
        store = open_store(data)
        outlines, names = load_outlines(store)
        codes = {str(name): str(code) for code, name in names["district"].items()}
        city = cls(
            facts=load_city_facts(store),
            sources=store.sources,
            names=names,
            outlines=outlines,
            small_areas=load_small_areas(store),
            censuses=load_censuses(store),
            published=load_published(store),
            register=load_by_year(store, "register_series"),
            ages=load_by_year(store, "city_ages"),
            places=load_places(store, codes),
            management=load_management(store),
            councils=load_council_links(store),
            rules=RuleBook.load(),
            facilities=load_facilities(store, codes),
            services=load_services(store),
            mesh=load_mesh(store),
        )
        for what, keys in (("小地域の割り当て", set(city.small_areas["district_code"])),
                           ("センターの管理", city.management), ("地域協働体", city.councils),
                           ("市民センター", [place.district_code for place in city.places if place.kind == "centre"])):  # fmt: skip
            require_same_keys(names.index, keys, what=what)
        tied = {code for service in city.services for code in service.districts}
        require_same_keys([], tied - set(names.index), what="バスとデマンド交通の地区")
        strangers = {split.was for split in city.facts.lineage.splits} - set(names.index)
        require_same_keys([], strangers, what="地区の来歴(もとの地区)")
        for census in city.censuses:
            lookup = city._keys(city.small_areas["district_code"])
            counted = {lookup[str(key)] for key in census.counts.index if str(key) in lookup}
            require_same_keys(names.index, counted, what=f"{census.source.title}で値のある地区")
        return city

    @property
    def latest(self) -> Census:
        """The newest census."""
        return self.censuses[-1]

    def lines(self, on: date) -> dict[str, str]:
        """Map each latest district code to the district it belonged to on a day; NotInForce before the first."""
        return self.facts.lineage.fold((str(code) for code in self.names.index), on)

    def shapes(self, on: date) -> gpd.GeoSeries:
        """Return the outlines of a day (EPSG:4326) by district code."""
        lines = pd.Series(self.lines(on))
        merged = {
            code: shapely.coverage_union_all(self.outlines.reindex(group.index).to_numpy())
            for code, group in lines.groupby(lines)
        }
        return gpd.GeoSeries(merged, crs=self.outlines.crs).rename_axis("district_code")

    def districts_of(self, points: Sequence[tuple[float, float]], on: date) -> list[str]:
        """Return the district of a day that each point (longitude, latitude) lies in; "" for one outside the city."""
        shapes = self.shapes(on)
        tree = shapely.STRtree(shapes.to_numpy())
        asked, found = tree.query(
            shapely.points(np.asarray(points, dtype=float).reshape(-1, 2)), predicate="intersects"
        )
        codes = [""] * len(points)
        for at, shape in sorted(zip(asked.tolist(), found.tolist(), strict=True), reverse=True):
            codes[at] = str(shapes.index[shape])  # on a border the first district has it
        return codes

    def area_of(self, code: str) -> str:
        """Return the area (旧市町村) of a district."""
        return str(self.names.loc[code, "area"])

    def counts(self, on: date) -> dict[str, UnitCounts]:
        """Return what is counted in each district of a day, on the lines of that day."""
        lines = self.lines(on)
        codes = self.small_areas["district_code"].map(lines)
        km2 = self.small_areas["km2"].groupby(codes).sum()
        keys = self._keys(codes)
        people = {census.year: _sums(census, keys, "population") for census in self.censuses}
        homes = {census.year: _sums(census, keys, "households") for census in self.censuses}
        return {
            code: UnitCounts(
                population={year: int(sums[code]) for year, sums in people.items()},
                households={year: int(sums[code]) for year, sums in homes.items()},
                km2=float(km2[code]),
                management=Counter([self.status(code, on)]),
            )
            for code in dict.fromkeys(lines.values())
        }

    def _keys(self, codes: pd.Series) -> dict[str, str]:
        """Look up a district by small area; a census that knows no parts is taken by the first part of a code."""
        by_first_part = dict(zip(self.small_areas["key_code"][::-1], codes[::-1], strict=True))
        return {**by_first_part, **codes.to_dict()}

    def status(self, code: str, on: date) -> str:
        """Return community, direct or unknown: how the centre of a district is managed on a day."""
        value = self.management[code].at(on).value
        return "unknown" if isinstance(value, Unknown) else value.status

    def management_note(self, code: str, on: date) -> str:
        """Say since when a centre is managed as it is on a day, by whom and why, or why that is not known."""
        entry = self.management[code].at(on)
        if isinstance(entry.value, Unknown):
            return entry.value.detail or entry.value.reason
        day = both_calendars(entry.since)
        since = f"{day}に確認(開始日は不明)" if entry.value.since_seen else f"{day}から"
        return "、".join(filter(None, (since, entry.value.manager, entry.value.note)))

    def figures(self, on: date) -> list[Figures]:
        """Return every indicator in every year it has, for the districts of a day, their areas and the city."""
        counts = self.counts(on)
        areas = {
            area: sum_counts(counts[code] for code in counts if self.area_of(code) == area)
            for area in dict.fromkeys(self.area_of(code) for code in counts)
        }
        whole = sum_counts(counts.values())
        years = [census.year for census in self.censuses]
        return [
            self._figures(item, year, counts, areas, whole, on)
            for item in REGISTRY
            for year in item.years(years, on)
        ]

    def _figures(  # noqa: PLR0913, PLR0917 - the counts of three levels belong together and are computed once
        self,
        item: Indicator,
        year: int,
        counts: Mapping[str, UnitCounts],
        areas: Mapping[str, UnitCounts],
        whole: UnitCounts,
        on: date,
    ) -> Figures:
        before = max((census.year for census in self.censuses if census.year < year), default=year)
        columns = [self._column(name, year, on) for name in item.inputs]
        if item.span == "change":
            columns += [self._column(name, before, on) for name in item.inputs]
        return Figures(
            indicator=item,
            year=year,
            before=before,
            reference_date=columns[0].reference_date,
            districts={code: item.compute(unit, year, before) for code, unit in counts.items()},
            areas={area: _of_whole(item, unit, year, before) for area, unit in areas.items()},
            city=_of_whole(item, whole, year, before),
            caution="。".join(filter(None, (item.caution, self.facts.cautions.get(item.id, "")))),
            basis=weakest(column.basis for column in columns),
            whole_basis=Basis.DERIVED,
            sources=unite(*(column.sources for column in columns)),
        )

    def _column(self, name: str, year: int, on: date) -> Column:
        if name == "management":
            return Column(self.sources["management"].basis, on.isoformat(), (self.sources["management"],))
        if name == "km2":
            return self._lines_column
        census = next(census for census in self.censuses if census.year == year)
        sources = (census.source, self.sources["small_areas"])
        return Column(weakest(source.basis for source in sources), census.day.isoformat(), sources)

    @cached_property
    def _lines_column(self) -> Column:
        sources = (self.sources["districts"], self.sources["small_areas"])
        return Column(weakest(source.basis for source in sources), sources[0].reference_date, sources)

    def districts(self, on: date) -> Districts:
        """Return the one table of a day: counts of every census, km² and every indicator, one row a district.

        The latest census stands as `population` and `households`; older ones carry their year in the name.
        """
        lines = self.lines(on)
        kept = list(dict.fromkeys(lines.values()))
        column = Column(Basis.PUBLISHED, on.isoformat(), (self.sources["centres"], self.sources["city"]))
        moved = any(code != was for code, was in lines.items()) or on < self.latest.day
        note = f"国勢調査の値を {on.isoformat()} の地区の線に組み替えたもの" if moved else ""
        table = Districts.of(on, self.names.loc[kept], column, restated=note)
        for figures in self.figures(on):
            item, name = figures.indicator, figures.indicator.id
            if item.span in {"count", "change"} and figures.year != self.latest.year:
                name = f"{name}_{figures.year}"
            given = Column(figures.basis, figures.reference_date, figures.sources)
            table = table.attach(name, pd.Series(dict(figures.districts), dtype=object), given)
        return table.attach("uncertain", pd.Series(self.uncertain(on)), self._lines_column)

    def uncertain(self, on: date) -> dict[str, bool]:
        """Say of each district of a day whether any small area with people in it is assigned with low confidence."""
        codes = self.small_areas["district_code"].map(self.lines(on))
        people = self.latest.counts["population"].reindex(self.small_areas.index)
        weak = self.small_areas["confidence"].isin(["low", "provisional"]) & (people > 0)
        return {str(code): bool(flag) for code, flag in weak.groupby(codes).any().items()}


def _of_whole(item: Indicator, counts: UnitCounts, year: int, before: int) -> Value:
    if item.kind == "category":
        return describe_management(counts.management)
    return item.compute(counts, year, before)


def _sums(census: Census, lookup: Mapping[str, str], column: str) -> pd.Series:
    unknown = [key for key in census.counts.index if key not in lookup]
    require_same_keys([], unknown, what=f"{census.source.title}(小地域の割り当て)")
    return census.counts[column].groupby(lambda key: lookup[str(key)]).sum()
