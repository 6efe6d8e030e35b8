"""Build data/population: counts are carried over as they were published, never filled in."""

from __future__ import annotations

import json
import re
from pathlib import Path

from kyodo_geo.errors import DataFileError
from kyodo_geo.sources.build.decline import build_age80, build_wards
from kyodo_geo.sources.build.writing import Notes, copy_columns, csv_bytes, read_source, reference_of
from kyodo_geo.sources.tables import Row

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CENSUS = ("key_code", "part", "population", "households")


def build_population(sources: Path, notes: Notes) -> dict[str, bytes]:
    """Return the files of data/population by name."""
    return {
        "census_small_areas_2020.csv": _census_2020(sources),
        "census_small_areas_2015.csv": _census_2015(sources),
        "areas_and_city.csv": _areas_and_city(sources, notes),
        "city_register_series.csv": copy_columns(sources, "city_register_2013_2026.csv", {
            "year_jan1": "year", "registry_population": "population", "households": "households",
            "births_prev_year": "births_previous_year", "deaths_prev_year": "deaths_previous_year",
            "in_total_prev_year": "moved_in_previous_year", "out_total_prev_year": "moved_out_previous_year",
        }),
        "city_census_ages.csv": copy_columns(sources, "city_census_age_2010_2020.csv", {
            "year": "year", "total": "population", "a0_14": "age_0_14", "a15_64": "age_15_64", "a65": "age_65_over",
        }),
        "city_census_households.csv": copy_columns(sources, "city_households_2010_2020.csv", {
            "year": "year", "households": "households", "general_hh": "general_households", "nuclear": "nuclear",
            "single": "single", "elderly_couple": "elderly_couple", "elderly_single": "elderly_single",
            "pop75": "age_75_over",
        }),
        "mesh1km_2020.csv": copy_columns(sources, "mesh1km_population_2020.csv", {
            "mesh_code": "mesh_code", "population": "population", "share_in_city": "share_in_city",
        }),
        "area_age80.csv": build_age80(sources, notes),
        "wards.csv": build_wards(sources, notes),
    }  # fmt: skip


def _census_2020(sources: Path) -> bytes:
    table = read_source(sources, "small_areas_2020.csv", _CENSUS)
    rows = sorted(table, key=lambda row: (row["key_code"], row["part"]))
    return csv_bytes(_CENSUS, ({column: row[column] for column in _CENSUS} for row in rows))


def _census_2015(sources: Path) -> bytes:
    """Take the counts from the polygons' properties; an area without a value keeps empty cells."""
    name = "small_areas_2015.geojson"
    try:
        collection = json.loads((sources / name).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataFileError(f"元データ {name} が {sources} にありません。") from error
    areas = sorted(
        (feature["properties"] for feature in collection["features"]), key=lambda area: area["key_code"]
    )
    return csv_bytes(_CENSUS, ({
        "key_code": area["key_code"],
        "part": "",
        "population": _count(area["population"]),
        "households": _count(area["households"]),
    } for area in areas))  # fmt: skip


def _count(value: float | None) -> str:
    return "" if value is None else str(int(value))


def _areas_and_city(sources: Path, notes: Notes) -> bytes:
    columns = ("level", "name", "date", "basis", "population", "households", "method", "source", "confidence")
    table = read_source(sources, "population_city_and_areas.csv", columns)
    kept = [row for row in table if _dated(row)]
    methods = notes.translate(row["method"] for row in kept)
    out = ("level", "name", "reference_date", "population_basis", "counted", "population", "households", "basis",
           "method", "reference")  # fmt: skip
    return csv_bytes(out, (_area_row(row, method) for row, method in zip(kept, methods, strict=True)))


def _dated(row: Row) -> bool:
    """Keep city and area rows with a day and a way of counting; the source's own district sums are ours to make."""
    counted = row["basis"].startswith(("国勢調査", "住民基本台帳")) and "as labelled" not in row["basis"]
    return row["level"] in {"city", "area8"} and bool(_DAY.fullmatch(row["date"])) and counted


def _area_row(row: Row, method: str) -> dict[str, str]:
    way, _, who = row["basis"].partition(" ")
    counted = {
        "incl. foreigners": "外国人を含む",
        "total": "外国人を含む",
        "Japanese only": "日本人のみ",
    }.get(who, "")
    return {
        "level": {"area8": "area"}.get(row["level"], row["level"]),
        "name": row["name"],
        "reference_date": row["date"],
        "population_basis": way,
        "counted": counted,
        "population": row["population"],
        "households": row["households"],
        "basis": "published" if "published" in row["method"].split("derived")[0] else "derived",
        "method": method,
        "reference": reference_of(row["source"]),
    }
