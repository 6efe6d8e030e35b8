"""Build data/records: centres, branches, councils, management and what is beside them; what is not known stays empty."""

from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from kyodo_geo.sources.build.decline import build_schools
from kyodo_geo.sources.build.facilities import build_facilities
from kyodo_geo.sources.build.services import build_services
from kyodo_geo.sources.build.towns import Towns
from kyodo_geo.sources.build.writing import Notes, copy_columns, csv_bytes, read_source, reference_of
from kyodo_geo.sources.tables import Row

_SHELTERS = "国土地理院 指定緊急避難場所データ(2025-10)"


def build_records(sources: Path, notes: Notes, city_toml: bytes) -> dict[str, bytes]:
    """Return the files of data/records by name; city.toml and notes_ja.csv are written by people and stay."""
    councils = list(read_source(sources, "councils.csv", (
        "district_code", "district", "area", "council_name", "established", "establishment_note",
        "chiiki_zukuri_plan", "source", "confidence",
    )))  # fmt: skip
    city = tomllib.loads(city_toml.decode("utf-8"))
    towns = Towns.read(sources)
    return {
        "centres.csv": _centres(sources, notes, towns, city["name"]),
        "branches.csv": _branches(sources),
        "councils.csv": _councils(councils, notes),
        "council_links.csv": _council_links(councils, notes),
        "management.csv": _management(sources, notes, city),
        "stations.csv": copy_columns(sources, "stations.csv", {
            "code": "station_code", "name": "station", "kana": "kana", "line": "line", "lat": "lat", "lon": "lon",
        }),
        "city_vacancy.csv": copy_columns(sources, "city_vacancy_2018_2023.csv", {
            "year": "year", "dwellings": "dwellings", "vacant": "vacant_dwellings",
        }),
        "closed_schools.csv": build_schools(sources, city["name"]),
        **build_facilities(sources, towns, prefecture=city["prefecture"]),
        **build_services(sources, notes),
    }  # fmt: skip


def _centres(sources: Path, notes: Notes, towns: Towns, city_name: str) -> bytes:
    columns = ("code", "official_name", "short_name", "area", "address_ordinance", "address_gsi", "lat", "lon",
               "name_source", "confidence", "notes")  # fmt: skip
    table = list(read_source(sources, "centres.csv", columns))
    remarks = notes.translate(row["notes"] for row in table)
    out = ("district_code", "centre", "district", "area", "address", "lat", "lon", "town_name", "town_lon",
           "town_lat", "confidence", "note")  # fmt: skip
    return csv_bytes(out, ({
        "district_code": row["code"],
        "centre": row["official_name"],
        "district": row["short_name"],
        "area": row["area"],
        "address": row["address_ordinance"] or row["address_gsi"].removeprefix("岩手県"),
        "lat": row["lat"],
        "lon": row["lon"],
        "confidence": row["confidence"].split(" ")[0].rstrip(";"),
        **_town(row, remark, towns, city_name),
    } for row, remark in zip(table, remarks, strict=True)))  # fmt: skip


def _town(row: Row, remark: str, towns: Towns, city_name: str) -> dict[str, str]:
    """Return the town that stands for a centre without a point: that of its address, else the one of its name."""
    if row["lat"]:
        return {"town_name": "", "town_lon": "", "town_lat": "", "note": remark}
    address = row["address_ordinance"].removeprefix(city_name)
    town = towns.of_address(address) or towns.named(row["short_name"])
    lon, lat = towns.points.get(town, ("", ""))
    why = "住所にある" if address else "住所ではなく、名称と同じ"
    said = f"大字の点は{why}大字「{town}」の代表点で、建物の位置ではない" if town else ""
    note = "。".join(filter(None, (remark, said)))
    return {"town_name": town, "town_lon": lon, "town_lat": lat, "note": note}


def _branches(sources: Path) -> bytes:
    table = read_source(
        sources, "branches.csv", ("name", "parent", "address", "lat", "lon", "census2020_key")
    )
    out = ("branch", "parent", "address", "lat", "lon", "key_code", "reference")
    return csv_bytes(out, ({
        "branch": row["name"], "parent": row["parent"], "address": row["address"].removeprefix("岩手県"),
        "lat": row["lat"], "lon": row["lon"], "key_code": row["census2020_key"], "reference": _SHELTERS,
    } for row in table))  # fmt: skip


def _councils(rows: list[Row], notes: Notes) -> bytes:
    known = [row for row in rows if row["council_name"]]
    origins = notes.translate(row["establishment_note"] for row in known)
    plans = notes.translate(row["chiiki_zukuri_plan"] for row in known)
    out = ("council_id", "council", "established", "plan_note", "note", "confidence", "reference")
    return csv_bytes(out, ({
        "council_id": f"K{row['district_code']}",
        "council": row["council_name"],
        "established": row["established"].split(" ")[0],
        "plan_note": plan,
        "note": origin,
        "confidence": row["confidence"].split(" ")[0],
        "reference": reference_of(row["source"]),
    } for row, origin, plan in zip(known, origins, plans, strict=True)))  # fmt: skip


def _council_links(rows: list[Row], notes: Notes) -> bytes:
    """One row a district: named, exists (a council is known to act but not its name) or unknown."""
    remarks = notes.translate(row["establishment_note"] for row in rows)
    out = ("district_code", "council_id", "since", "until", "status", "note", "reference")
    return csv_bytes(out, ({
        "district_code": row["district_code"],
        "council_id": f"K{row['district_code']}" if row["council_name"] else "",
        "since": row["established"] if re.fullmatch(r"\d{4}-\d{2}-\d{2}", row["established"]) else "",
        "until": "",
        "status": "named" if row["council_name"] else "exists" if "exists" in row["confidence"] else "unknown",
        "note": remark,
        "reference": reference_of(row["source"]),
    } for row, remark in zip(rows, remarks, strict=True)))  # fmt: skip


def _management(sources: Path, notes: Notes, city: dict[str, Any]) -> bytes:
    columns = ("district_code", "start_date", "start_fiscal_year", "term_end", "manager", "note", "source",
               "confidence")  # fmt: skip
    rows = sorted(read_source(sources, "management.csv", columns), key=lambda row: row["district_code"])
    remarks = notes.translate(row["note"] for row in rows)
    first_transfer = min(date.fromisoformat(row["start_date"]) for row in rows if row["start_date"])
    opened = {entry["code"]: entry["since"] for entry in city["lineage"]}
    out = ("district_code", "since", "since_kind", "status", "manager", "term_end", "note", "reference")
    entries: list[dict[str, str]] = []
    for row, remark in zip(rows, remarks, strict=True):
        since = opened.get(row["district_code"], city["centres_since"])
        entries += _spells(row, remark, since, first_transfer, city["management_reference"])
    return csv_bytes(out, entries)


def _spell(code: str, since: date, status: str, **more: str) -> dict[str, str]:
    empty = {"since_kind": "start", "manager": "", "term_end": "", "note": "", "reference": ""}
    return {"district_code": code, "since": since.isoformat(), "status": status, **empty, **more}


def _spells(
    row: Row, remark: str, opened: date, first_transfer: date, city_reference: str
) -> list[dict[str, str]]:
    """Return the dated statuses of one centre: direct until the city's first transfer, then what is known.

    A centre with a known start was direct until that day; one without is unknown from the first transfer on.
    """
    spell = partial(_spell, row["district_code"])
    known = {
        "manager": "" if row["manager"].startswith("(") else row["manager"],
        "term_end": row["term_end"],
        "note": remark,
        "reference": reference_of(row["source"]),
    }
    if row["start_date"]:
        start = date.fromisoformat(row["start_date"])
        before = [spell(opened, "direct", reference=city_reference)] if opened < start else []
        end = row["term_end"]
        after = [spell(date.fromisoformat(end) + timedelta(days=1), "unknown")] if end else []
        return [*before, spell(start, "community", **known), *after]
    seen = re.search(r"指定管理 in force on (\d{4}-\d{2}-\d{2})", row["note"])
    spells = [
        spell(opened, "direct", reference=city_reference),
        spell(first_transfer, "unknown", **({} if seen else known)),
    ]
    if seen is None:
        return spells
    return [*spells, spell(date.fromisoformat(seen[1]), "community", since_kind="seen", **known)]
