"""Read data/records: the city's facts, centres, councils, management, stations and vacancy."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kyodo_geo.lineage import Lineage, Split
from kyodo_geo.model.councils.shipped import Shipped, shipped_councils
from kyodo_geo.model.management.states import Published
from kyodo_geo.provenance import Unknown
from kyodo_geo.sources.manifest import Store
from kyodo_geo.sources.tables import Row, one_of
from kyodo_geo.timeline import Dated, Timeline

NOT_PUBLISHED = "公表資料なし"


@dataclass(frozen=True)
class PublishedTotal:
    """What a dataset must add up to, and who says so."""

    dataset: str
    population: int
    households: int
    reference: str


@dataclass(frozen=True)
class UnknownThing:
    """Something nobody has published: what, why, and where it might be had."""

    what: str
    why: str
    where: str


@dataclass(frozen=True)
class CityFacts:
    """What is true of this city and of no other; the code knows neither names nor counts."""

    name: str
    prefecture: str
    code: str
    area_word: str
    area_km2: float
    area_km2_reference: str
    districts_published: int
    districts_reference: str
    councils_published: int
    councils_reference: str
    lines_note: str
    grant_rule: str
    lineage: Lineage
    cautions: Mapping[str, str]
    totals: tuple[PublishedTotal, ...]
    unknown: tuple[UnknownThing, ...]
    community_managed: tuple[Published, ...] = ()


@dataclass(frozen=True)
class Place:
    """A centre, branch or station; `lon` and `lat` are None where no point is published."""

    kind: str
    name: str
    district_code: str
    address: str
    lon: float | None
    lat: float | None
    note: str


@dataclass(frozen=True)
class Management:
    """Who manages a centre: `status` is direct or community; unknown stretches are Unknown in the timeline.

    `since_seen` marks a status that was only seen on its first day and may have begun earlier.
    """

    status: str
    since_seen: bool
    manager: str
    term_end: date | None
    note: str


@dataclass(frozen=True)
class CouncilLink:
    """A district's council as far as it is known: status named, exists or unknown."""

    district_code: str
    council: str
    status: str
    established: str
    note: str


def load_city_facts(store: Store) -> CityFacts:
    """Read city.toml; DataFileError when an entry is missing or of the wrong kind."""
    with store.reading("city"):
        raw: dict[str, Any] = tomllib.loads(store.bytes_of("city").decode("utf-8"))
        lineage = Lineage(
            raw["centres_since"], raw["centres_reference"], tuple(Split(**entry) for entry in raw["lineage"])
        )
        return CityFacts(
            name=raw["name"],
            prefecture=raw["prefecture"],
            code=raw["code"],
            area_word=raw["area_word"],
            area_km2=float(raw["area_km2_published"]),
            area_km2_reference=raw["area_km2_reference"],
            districts_published=_count(raw["districts_published"]),
            districts_reference=raw["districts_reference"],
            councils_published=_count(raw["councils_published"]),
            councils_reference=raw["councils_reference"],
            lines_note=raw["lines_note"],
            grant_rule=raw["grant_rule"],
            lineage=lineage,
            cautions=raw["cautions"],
            totals=tuple(PublishedTotal(**entry) for entry in raw["published_total"]),
            unknown=tuple(UnknownThing(**entry) for entry in raw["unknown"]),
            community_managed=tuple(
                Published(**{"centres": None, **entry}) for entry in raw.get("community_managed", [])
            ),
        )


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        msg = f"数を引用符なしで書きます(来た値: {value!r})"
        raise TypeError(msg)
    return value


def load_places(store: Store, codes: Mapping[str, str]) -> tuple[Place, ...]:
    """Return centres, branches and stations; `codes` maps a district name to its code (a branch names its parent)."""
    with store.reading("centres"):
        centres = [
            _place("centre", row["centre"], row["district_code"], row["address"], row)
            for row in store.table("centres")
        ]
    with store.reading("branches"):
        branches = [
            _place("branch", row["branch"], codes[row["parent"]], row["address"], row)
            for row in store.table("branches")
        ]
    with store.reading("stations"):
        stations = [
            _place("station", f"{row['station']}駅", "", row["line"], row) for row in store.table("stations")
        ]
    return (*centres, *branches, *stations)


def _place(kind: str, name: str, code: str, address: str, row: Row) -> Place:
    lon, lat = (float(row[axis]) if row[axis] else None for axis in ("lon", "lat"))
    return Place(kind, name, code, address, lon, lat, row.cells.get("note", ""))


def load_management(store: Store) -> dict[str, Timeline[Management]]:
    """Return the timeline of each centre by district code; stretches without a published status are Unknown."""
    with store.reading("management"):
        entries: dict[str, list[Dated[Management]]] = {}
        for row in store.table("management"):
            entries.setdefault(row["district_code"], []).append(
                Dated(date.fromisoformat(row["since"]), _management(row), row["reference"])
            )
        return {
            code: Timeline(f"センター {code} の管理", tuple(sorted(spells, key=lambda spell: spell.since)))
            for code, spells in entries.items()
        }


def _management(row: Row) -> Management | Unknown:
    if one_of(row["status"], ("direct", "community", "unknown")) == "unknown":
        return Unknown(NOT_PUBLISHED, detail=row["note"])
    end = date.fromisoformat(row["term_end"]) if row["term_end"] else None
    return Management(row["status"], row["since_kind"] == "seen", row["manager"], end, row["note"])


def load_shipped_councils(store: Store) -> Shipped:
    """Return what is published of councils, their districts and their founding, as the register builds on it."""
    with store.reading("council_links"):
        return shipped_councils(
            [row.cells for row in store.table("councils")],
            [row.cells for row in store.table("council_links")],
        )


def load_council_links(store: Store) -> dict[str, CouncilLink]:
    """Return what is known of the council of each district, by district code."""
    with store.reading("council_links"):
        councils = {row["council_id"]: row for row in store.table("councils")}
        links = {}
        for row in store.table("council_links"):
            council = councils[row["council_id"]] if row["council_id"] else None
            links[row["district_code"]] = CouncilLink(
                district_code=row["district_code"],
                council=council["council"] if council else "",
                status=one_of(row["status"], ("named", "exists", "unknown")),
                established=council["established"] if council else "",
                note=row["note"],
            )
        return links
