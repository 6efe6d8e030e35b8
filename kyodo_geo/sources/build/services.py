"""Build data/records/transit_services.csv: what is written about buses and taxis, in Japanese, tied to districts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kyodo_geo.sources.build.writing import Notes, csv_bytes, read_source, reference_of
from kyodo_geo.sources.tables import Row

_LATIN = re.compile(r"[A-Za-z]")
_TRANSLATED = ("service", "kind", "route_or_zone", "days_and_frequency", "valid", "note")
_COLUMNS = (*_TRANSLATED, "area8_or_district", "minutes", "fare_yen", "source", "confidence")
_OUT = ("service", "kind", "districts", "areas", "places", "route", "days_and_runs", "minutes", "fare_yen", "valid",
        "status", "note", "source_kind", "reference", "confidence")  # fmt: skip
_WHOLE_CITY = "city"


@dataclass(frozen=True)
class Names:
    """The names of the city: areas, the code of each district, and of each area that is one district alone."""

    areas: frozenset[str]
    districts: dict[str, str]
    alone: dict[str, str]

    @classmethod
    def read(cls, sources: Path) -> Names:
        """Read them from centres.csv."""
        table = list(read_source(sources, "centres.csv", ("code", "short_name", "area")))
        sizes = Counter(row["area"] for row in table)
        return cls(
            areas=frozenset(sizes),
            districts={row["short_name"]: row["code"] for row in table if row["short_name"] not in sizes},
            alone={row["area"]: row["code"] for row in table if sizes[row["area"]] == 1},
        )

    def tie(self, cell: str) -> tuple[list[str], list[str], list[str]]:
        """Return the district codes, areas and other places a cell names; only a district's own name ties it.

        A name of an area and of a district in it is taken as the area; places that are neither are not tied at all.
        """
        names = [name.strip() for name in re.split(r"[:/,-]", cell) if name.strip() != _WHOLE_CITY]
        areas = [name for name in names if name in self.areas]
        codes = [self.districts.get(name) or self.alone.get(name) for name in names]
        others = [name for name in names if name not in self.areas and name not in self.districts]
        return [code for code in codes if code], areas, others


def build_services(sources: Path, notes: Notes) -> dict[str, bytes]:
    """Return transit_services.csv, one row a service of the source, in its order; none is dropped."""
    rows = list(read_source(sources, "transit_services.csv", _COLUMNS))
    columns = {name: _japanese([row[name] for row in rows], notes) for name in _TRANSLATED}
    references = _japanese(
        [reference_of(row["source"]) if "http" in row["source"] else row["source"] for row in rows], notes
    )
    names = Names.read(sources)
    return {"transit_services.csv": csv_bytes(_OUT, (
        _service(row, {name: texts[number] for name, texts in columns.items()}, reference, names)
        for number, (row, reference) in enumerate(zip(rows, references, strict=True))
    ))}  # fmt: skip


def _japanese(texts: Sequence[str], notes: Notes) -> list[str]:
    """Put texts with Latin letters into Japanese; names of stops and web addresses stay as they are."""
    foreign = [text for text in texts if _LATIN.search(text) and not text.startswith("http")]
    wording = dict(zip(foreign, notes.translate(foreign), strict=True))
    return [wording.get(text, text) for text in texts]


def _service(row: Row, text: dict[str, str], reference: str, names: Names) -> dict[str, str]:
    districts, areas, others = names.tie(row["area8_or_district"])
    status = _status(row["valid"])
    untied = (
        f"{'・'.join(others)}がどの地区に入るかは確認できていないため、地区に結んでいない" if others else ""
    )
    return {
        "service": text["service"],
        "kind": text["kind"],
        "districts": ";".join(districts),
        "areas": ";".join(areas),
        "places": ";".join(others),
        "route": text["route_or_zone"],
        "days_and_runs": text["days_and_frequency"],
        "minutes": row["minutes"],
        "fare_yen": row["fare_yen"],
        "valid": text["valid"],
        "status": status,
        "note": "。".join(filter(None, (text["note"], untied))),
        "source_kind": _source_kind(row["source"], dated=status != "undated"),
        "reference": reference,
        "confidence": row["confidence"],
    }


def _status(valid: str) -> str:
    """Return running where the source has a day on which it ran, abolished where it says so, else undated."""
    if valid.startswith("abolished"):
        return "abolished"
    return "running" if re.search(r"\d{4}", valid) else "undated"


def _source_kind(source: str, *, dated: bool) -> str:
    if "iwanichi.co.jp" in source:
        kind = "新聞"
    elif "wiki" in source.lower():
        kind = "百科事典サイトの写し"
    else:
        kind = "個人のサイト" if source.startswith("http") else "公開データの点検記録"
    return kind if dated else f"{kind}(確認の日なし)"
