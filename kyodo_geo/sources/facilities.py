"""Read the shipped facilities and services: centres, branches, shelters, clinics, stations, buses and taxis."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kyodo_geo.model.reach.choice import HAZARDS
from kyodo_geo.model.reach.values import Facility
from kyodo_geo.sources.manifest import Store
from kyodo_geo.sources.records import load_city_facts
from kyodo_geo.sources.tables import Row, one_of, whole_number

_STATUS = ("running", "abolished", "undated")
_MESH = "mesh1km_2020"
_SHELTERS = {"emergency": "指定緊急避難場所", "evacuation": "指定避難所(災害の種類の指定は資料にない)"}

Hazards = Mapping[str, Mapping[str, bool]]


@dataclass(frozen=True)
class TransitService:
    """What is written about one bus or taxi; it has neither stops nor times.

    `districts` are the codes the source lets it be tied to for certain, `areas` the former municipalities it names,
    `places` the names that are neither. `status` is running (it ran on the day of the source, `valid`, not today),
    abolished or undated. `minutes` and `fare_yen` are None where not written.
    """

    service: str
    kind: str
    districts: tuple[str, ...]
    areas: tuple[str, ...]
    places: tuple[str, ...]
    route: str
    days_and_runs: str
    minutes: int | None
    fare_yen: int | None
    valid: str
    status: str
    note: str
    source_kind: str
    reference: str
    confidence: str


def load_facilities(store: Store, codes: Mapping[str, str]) -> dict[str, tuple[Facility, ...]]:
    """Return the facilities by set: centres, branches, shelters, clinics, stations, each in its file's order.

    `codes` maps a district name to its code. A centre carries its district's code, branches are B1, B2, …. A centre or
    branch has the hazards of the one emergency shelter that bears its name; where none or several do, they are None.
    """
    shelters, hazards = _load_shelters(store)
    return {
        "centres": _load_centres(store, hazards),
        "branches": _load_branches(store, codes, hazards),
        "shelters": shelters,
        "clinics": _load_clinics(store),
        "stations": _load_stations(store),
    }


def load_services(store: Store) -> tuple[TransitService, ...]:
    """Return every service of transit_services.csv in its order."""
    with store.reading("transit_services"):
        return tuple(_service(row) for row in store.table("transit_services"))


def load_mesh(store: Store) -> pd.DataFrame:
    """Return the 1 km cells that touch the city, by mesh_code: population (people), share_in_city (0 to 1, by area)."""
    with store.reading(_MESH):
        rows = store.table(_MESH).rows
        return pd.DataFrame(
            {
                "population": [whole_number(row["population"]) for row in rows],
                "share_in_city": [float(row["share_in_city"]) for row in rows],
            },
            index=pd.Index([row["mesh_code"] for row in rows], name="mesh_code"),
        )


def _load_shelters(store: Store) -> tuple[tuple[Facility, ...], Hazards]:
    """Return all shelters, and the hazards of each name that exactly one emergency shelter bears."""
    with store.reading("small_areas"):
        # A key code that stands twice lies in one district, in all its parts
        districts = {row["key_code"]: row["district_code"] for row in store.table("small_areas")}
    found: list[Facility] = []
    named: dict[str, list[Mapping[str, bool]]] = {}
    with store.reading("shelters"):
        for row in store.table("shelters"):
            hazards = _hazards(row)
            said = _SHELTERS[one_of(row["kind"], tuple(_SHELTERS))]
            note = "。".join(filter(None, (said, row["note"])))
            district = districts[row["key_code"]]
            found.append(
                Facility(
                    row["id"],
                    row["name"],
                    "shelter",
                    note=note,
                    district=district,
                    hazards=hazards,
                    **_own_point(row),
                )
            )
            if hazards is not None:
                named.setdefault(_stem(row["name"]), []).append(hazards)
    return tuple(found), {name: several[0] for name, several in named.items() if len(several) == 1}


def _hazards(row: Row) -> Mapping[str, bool] | None:
    if one_of(row["hazards_stated"], ("0", "1")) == "0":
        return None
    return {hazard: one_of(row[hazard], ("1", "")) == "1" for hazard in HAZARDS}


def _stem(name: str) -> str:
    """Return a name up to its first bracket, in one form: 市民センター(体育館) bears the name 市民センター."""
    return unicodedata.normalize("NFKC", name).partition("(")[0].strip()


def _load_centres(store: Store, hazards: Hazards) -> tuple[Facility, ...]:
    city = load_city_facts(store).name
    with store.reading("centres"):
        return tuple(
            Facility(row["district_code"], row["centre"], "centre", note=row["note"], district=row["district_code"],
                     hazards=hazards.get(_stem(row["centre"]).removeprefix(city)), **_own_or_town(row))
            for row in store.table("centres")
        )  # fmt: skip


def _load_branches(store: Store, codes: Mapping[str, str], hazards: Hazards) -> tuple[Facility, ...]:
    with store.reading("branches"):
        return tuple(
            Facility(f"B{number}", row["branch"], "branch", note=row["address"], district=codes[row["parent"]],
                     hazards=hazards.get(_stem(row["branch"])), **_own_point(row))
            for number, row in enumerate(store.table("branches"), start=1)
        )  # fmt: skip


def _load_clinics(store: Store) -> tuple[Facility, ...]:
    with store.reading("clinics"):
        return tuple(
            Facility(row["code"], row["name"], "clinic", note=row["address"], **_town_point(row))
            for row in store.table("clinics")
        )


def _load_stations(store: Store) -> tuple[Facility, ...]:
    with store.reading("stations"):
        return tuple(
            Facility(
                row["station_code"], f"{row['station']}駅", "station", note=row["line"], **_own_point(row)
            )
            for row in store.table("stations")
        )


def _own_or_town(row: Row) -> dict[str, Any]:
    return _town_point(row) if not row["lon"] and row["town_name"] else _own_point(row)


def _own_point(row: Row) -> dict[str, Any]:
    """Return where a facility is as the arguments of Facility; no point where its row has none."""
    if not row["lon"]:
        return {"lon": None, "lat": None, "point": "none"}
    return {"lon": float(row["lon"]), "lat": float(row["lat"]), "point": "exact"}


def _town_point(row: Row) -> dict[str, Any]:
    """Return the point of the town that stands for a facility, marked as such."""
    lon, lat = float(row["town_lon"]), float(row["town_lat"])
    return {"lon": lon, "lat": lat, "point": "town", "point_name": row["town_name"]}


def _service(row: Row) -> TransitService:
    return TransitService(
        service=row["service"],
        kind=row["kind"],
        districts=_listed(row["districts"]),
        areas=_listed(row["areas"]),
        places=_listed(row["places"]),
        route=row["route"],
        days_and_runs=row["days_and_runs"],
        minutes=whole_number(row["minutes"]) if row["minutes"] else None,
        fare_yen=whole_number(row["fare_yen"]) if row["fare_yen"] else None,
        valid=row["valid"],
        status=one_of(row["status"], _STATUS),
        note=row["note"],
        source_kind=row["source_kind"],
        reference=row["reference"],
        confidence=row["confidence"],
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)
