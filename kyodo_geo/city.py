"""City: everything that is known of a city, read once from data/, proven, and frozen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from kyodo_geo.districts import require_same_keys
from kyodo_geo.evidence.given import NO_EVIDENCE, Evidence
from kyodo_geo.fiscal import both_calendars
from kyodo_geo.model.councils.shipped import Shipped
from kyodo_geo.model.indicators import UnitCounts
from kyodo_geo.model.indicators.decline import FEW_PEOPLE
from kyodo_geo.model.programmes.plan import Plan
from kyodo_geo.model.reach.values import Facility
from kyodo_geo.provenance import Source, Unknown
from kyodo_geo.rules.book import RuleBook
from kyodo_geo.sources.boundaries import load_outlines, load_small_areas
from kyodo_geo.sources.facilities import TransitService, load_facilities, load_mesh, load_services
from kyodo_geo.sources.manifest import open_store
from kyodo_geo.sources.plans import load_plans
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
    load_shipped_councils,
)
from kyodo_geo.sources.told import AgedPeople, ClosedSchool, Ward, load_aged, load_closed_schools, load_wards
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
    households: Mapping[int, Mapping[str, int]]
    vacancy: Mapping[int, Mapping[str, int]]
    aged: tuple[AgedPeople, ...]
    wards: tuple[Ward, ...]
    closed_schools: tuple[ClosedSchool, ...]
    places: tuple[Place, ...]
    management: Mapping[str, Timeline[Management]]
    councils: Mapping[str, CouncilLink]
    shipped_councils: Shipped
    plans: tuple[Plan, ...]
    rules: RuleBook
    facilities: Mapping[str, tuple[Facility, ...]]
    services: tuple[TransitService, ...]
    mesh: pd.DataFrame
    evidence: Evidence = NO_EVIDENCE

    # The closing of these leaves a district without its school; others serve the whole city
    SCHOOL_KINDS: ClassVar[frozenset[str]] = frozenset({"小学校", "中学校", "義務教育学校", "幼稚園"})

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
            households=load_by_year(store, "city_households") if "city_households" in store.sources else {},
            vacancy=load_by_year(store, "city_vacancy") if "city_vacancy" in store.sources else {},
            aged=load_aged(store) if "area_age80" in store.sources else (),
            wards=load_wards(store) if "wards" in store.sources else (),
            closed_schools=load_closed_schools(store) if "closed_schools" in store.sources else (),
            places=load_places(store, codes),
            management=load_management(store),
            councils=load_council_links(store),
            shipped_councils=load_shipped_councils(store),
            plans=load_plans(store, rules=RuleBook.load().rules),
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

    def bring(self, evidence: Evidence) -> City:
        """Return the city with opened tables beside its own data; they replace those brought before."""
        return replace(self, evidence=evidence)

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
        names, codes = [str(code) for code in shapes.index], [""] * len(points)
        for at, shape in sorted(zip(asked.tolist(), found.tolist(), strict=True), reverse=True):
            codes[at] = names[shape]  # on a border the first district has it
        return codes

    def area_of(self, code: str) -> str:
        """Return the area (旧市町村) of a district."""
        return self._areas[code]

    @cached_property
    def _areas(self) -> dict[str, str]:
        return {str(code): str(area) for code, area in self.names["area"].items()}

    def counts(self, on: date) -> dict[str, UnitCounts]:
        """Return what is counted in each district of a day, on the lines of that day."""
        lines = self.lines(on)
        codes = self.small_areas["district_code"].map(lines)
        km2 = self.small_areas["km2"].groupby(codes).sum()
        keys = self._keys(codes)
        people = {census.year: _sums(census, keys, "population") for census in self.censuses}
        homes = {census.year: _sums(census, keys, "households") for census in self.censuses}
        vanishing, wards = self.vanishing(), self.wards_by(on)
        return {
            code: UnitCounts(
                population={year: int(sums[code]) for year, sums in people.items()},
                households={year: int(sums[code]) for year, sums in homes.items()},
                km2=float(km2[code]),
                management=Counter([self.status(code, on)]),
                vanishing={year: sum(codes[key] == code for key in gone) for year, gone in vanishing.items()},
                closed_schools=self._closed_schools(code, on),
                wards=sum(lines.get(ward.district_code) == code for ward in wards),
            )
            for code in dict.fromkeys(lines.values())
        }

    def vanishing(self) -> dict[int, tuple[str, ...]]:
        """Return the small areas with few people and fewer than in the census before, by census year from the second on.

        Parts of one key are counted together and named by their first; where the census before has no value, nobody
        knows whether people went away, and the small area is not among them.
        """
        first = dict(zip(self.small_areas["key_code"][::-1], self.small_areas.index[::-1], strict=True))
        people = [
            {str(first.get(key, key)): int(count) for key, count in _whole_keys(census).items()}
            for census in self.censuses
        ]
        return {
            census.year: tuple(
                key for key, count in after.items() if count < FEW_PEOPLE and count < before.get(key, -1)
            )
            for census, before, after in zip(self.censuses[1:], people, people[1:], strict=False)
        }

    def closed_by(self, on: date) -> tuple[ClosedSchool, ...]:
        """Return the schools of a district's own that had closed by the year of a day, in file order."""
        return tuple(
            one for one in self.closed_schools if one.kind in self.SCHOOL_KINDS and one.year <= on.year
        )

    def _closed_schools(self, code: str, on: date) -> int | Unknown:
        """Return how many schools the names tie to a district closed by a year; unknown where a name ties one only to its area.

        The source says nothing of the years before its first.
        """
        first = min((one.year for one in self.closed_schools), default=None)
        if first is None or on.year < first:
            return Unknown("公表資料なし" if first is None else f"資料は{first}年から")
        lines, counted = self.lines(on), self.closed_by(on)
        tied = sum(lines.get(school.district_code) == code for school in counted)
        loose = sum(
            not school.district_code and school.area in {"", self.area_of(code)} for school in counted
        )
        return Unknown(f"{tied}校以上。ほかに、地区の決まらない{loose}校がある") if loose else tied

    def wards_by(self, on: date) -> tuple[Ward, ...]:
        """Return the wards whose figures were published by the year of a day; those without a date count."""
        return tuple(
            one for one in self.wards if not one.published[:4].isdigit() or int(one.published[:4]) <= on.year
        )

    def homes(self, on: date) -> dict[str, str]:
        """Return the district of a day of each small area (by key, also without its part) and of each latest district code."""
        lines = self.lines(on)
        return {**lines, **self._keys(self.small_areas["district_code"].map(lines))}

    @cached_property
    def people_by_key(self) -> dict[str, int]:
        """The people of each small area in the newest census, by its key without part."""
        people = self.latest.counts["population"].reindex(self.small_areas.index).fillna(0)
        summed = people.groupby(self.small_areas["key_code"].to_numpy()).sum()
        return {str(key): int(count) for key, count in summed.items()}

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

    def uncertain(self, on: date) -> dict[str, bool]:
        """Say of each district of a day whether any small area with people in it is assigned with low confidence."""
        codes = self.small_areas["district_code"].map(self.lines(on))
        people = self.latest.counts["population"].reindex(self.small_areas.index)
        weak = self.small_areas["confidence"].isin(["low", "provisional"]) & (people > 0)
        return {str(code): bool(flag) for code, flag in weak.groupby(codes).any().items()}


def _whole_keys(census: Census) -> pd.Series:
    """Return the people of each small area by its key without part."""
    return census.counts["population"].groupby(lambda key: str(key).split("-", maxsplit=1)[0]).sum()


def _sums(census: Census, lookup: Mapping[str, str], column: str) -> pd.Series:
    unknown = [key for key in census.counts.index if key not in lookup]
    require_same_keys([], unknown, what=f"{census.source.title}(小地域の割り当て)")
    return census.counts[column].groupby(lambda key: lookup[str(key)]).sum()
