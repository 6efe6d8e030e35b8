"""Build what is told of single places: people of 80 and over, wards with published figures, schools that closed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kyodo_geo.errors import DataFileError, Fault
from kyodo_geo.sources.build.writing import Notes, csv_bytes, read_source, reference_of
from kyodo_geo.sources.tables import Row

_LEVELS = {
    "area7": "area",
    "city(7 areas)": "city_without_later_areas",
    "district": "district",
    "ward": "ward",
}
_ABOUT = re.compile(r"\babout\b", re.IGNORECASE)
_NAMED_SIDES = "東西南北"


@dataclass(frozen=True)
class Lookup:
    """The names of the city: district codes by name, areas, which area is one district alone, districts of a 大字."""

    districts: dict[str, str]
    areas: frozenset[str]
    alone: dict[str, str]
    towns: dict[str, frozenset[str]]

    @classmethod
    def read(cls, sources: Path) -> Lookup:
        """Read them from centres.csv and the assignment of small areas."""
        table = list(read_source(sources, "centres.csv", ("code", "short_name", "area")))
        by_area: dict[str, list[str]] = {}
        for row in table:
            by_area.setdefault(row["area"], []).append(row["code"])
        towns: dict[str, set[str]] = {}
        for row in read_source(sources, "district_assignment.csv", ("small_area", "district_code")):
            for name in _town_names(row["small_area"]):
                towns.setdefault(name, set()).add(row["district_code"])
        return cls(
            districts={row["short_name"]: row["code"] for row in table},
            areas=frozenset(by_area),
            alone={area: codes[0] for area, codes in by_area.items() if len(codes) == 1},
            towns={name: frozenset(codes) for name, codes in towns.items()},
        )

    def tie(self, name: str) -> tuple[str, str]:
        """Return (district code, area) of a name, each '' where the name does not decide it.

        The name of an area that is more than one district decides only the area, also where a district has it too.
        """
        plain = name.rstrip(_NAMED_SIDES) if name.rstrip(_NAMED_SIDES) in self.alone else name
        if plain in self.alone:
            return self.alone[plain], plain
        if plain in self.areas:
            return "", plain
        if plain in self.districts:
            return self.districts[plain], ""
        found = self.towns.get(plain, frozenset())
        return (next(iter(found)), "") if len(found) == 1 else ("", "")


def _town_names(small_area: str) -> Iterable[str]:
    """Yield the name of the 大字 in the name of a small area, with and without the town before it (藤沢町新沼字…)."""
    town = small_area.split("字", maxsplit=1)[0]
    yield town
    if "町" in town[:-1]:
        yield town.split("町", maxsplit=1)[1]


def build_age80(sources: Path, notes: Notes) -> bytes:
    """Return area_age80.csv: people who reach 80 or more within a fiscal year, at the level each was published for.

    A place that the source names twice in a fiscal year with the same number stands once.
    """
    columns = ("fiscal_year", "count_date", "level", "place", "count_80plus", "definition", "source", "note")
    table = _once(read_source(sources, "area_age80_2008_2010.csv", columns))
    definitions = notes.translate(row["definition"] for row in table)
    remarks = notes.translate(row["note"] for row in table)
    out = ("fiscal_year", "count_date", "level", "place", "age_80_over", "definition", "note", "reference")
    return csv_bytes(out, ({
        "fiscal_year": row["fiscal_year"],
        "count_date": row["count_date"],
        "level": _LEVELS[row["level"]],
        "place": row["place"],
        "age_80_over": row["count_80plus"],
        "definition": definition,
        "note": remark,
        "reference": reference_of(row["source"]),
    } for row, definition, remark in zip(table, definitions, remarks, strict=True)))  # fmt: skip


def _once(table: Iterable[Row]) -> list[Row]:
    said = ("fiscal_year", "level", "place", "count_80plus")
    return list({tuple(row[name] for name in said): row for row in reversed(list(table))}.values())[::-1]


def build_wards(sources: Path, notes: Notes) -> bytes:
    """Return wards.csv: wards with a published figure, tied to a district where the source names one.

    `about` is 1 where the source itself says that its figures are rounded; what it says in words stands in `said`.
    """
    columns = ("ward", "area8", "district", "population", "people", "households", "aging_rate_pct", "published", "note",
               "source")  # fmt: skip
    table = list(read_source(sources, "wards.csv", columns))
    districts = Lookup.read(sources).districts
    told = _told(sources, notes)
    names = _wording((row["ward"] for row in table), notes)
    days = _wording((row["published"] for row in table), notes)
    out = ("ward", "area", "district_code", "population", "households", "ageing_percent", "about", "published", "said",
           "reference")  # fmt: skip
    return csv_bytes(out, ({
        "ward": name,
        "area": row["area8"],
        "district_code": districts.get(row["district"], ""),
        "population": row["population"] or row["people"],
        "households": row["households"],
        "ageing_percent": row["aging_rate_pct"],
        "about": "1" if _ABOUT.search(row["note"]) else "",
        "published": day,
        "said": told.get(row["ward"], ""),
        "reference": reference_of(row["source"]) if "http" in row["source"] else row["source"],
    } for row, name, day in zip(table, names, days, strict=True)))  # fmt: skip


def _told(sources: Path, notes: Notes) -> dict[str, str]:
    """Return what is told in words of the ages of a ward, by the ward's name."""
    rows = [
        row
        for row in read_source(sources, "ward_aging_rate.csv", ("place", "aging_rate_pct", "definition"))
        if not row["aging_rate_pct"]
    ]
    return dict(
        zip((row["place"] for row in rows), notes.translate(row["definition"] for row in rows), strict=True)
    )


def _wording(texts: Iterable[str], notes: Notes) -> list[str]:
    """Put texts with Latin words into Japanese; the others stay as they are."""
    given = list(texts)
    foreign = [text for text in given if re.search(r"[A-Za-z]{3}", text)]
    wording = dict(zip(foreign, notes.translate(foreign), strict=True))
    return [wording.get(text, text) for text in given]


def build_schools(sources: Path, city_name: str) -> bytes:
    """Return closed_schools.csv: schools closed since 2021, tied to a district where the name alone decides it."""
    table = list(read_source(sources, "schools_closed_2021_2026.csv", ("kind", "closed_year", "name")))
    lookup = Lookup.read(sources)
    out = ("closed_year", "kind", "school", "district_code", "area")
    return csv_bytes(out, (_school(row, lookup, city_name) for row in table))


def _school(row: Row, lookup: Lookup, city_name: str) -> dict[str, str]:
    core = row["name"].removeprefix(city_name).removeprefix("立").removesuffix(row["kind"])
    if not core:
        raise DataFileError(
            "学校の名前から地名を取り出せません。", faults=[Fault(row["name"], file="schools_closed_2021_2026.csv", row=row.line)]
        )  # fmt: skip
    code, area = lookup.tie(core)
    return {
        "closed_year": row["closed_year"],
        "kind": row["kind"],
        "school": row["name"],
        "district_code": code,
        "area": area,
    }
