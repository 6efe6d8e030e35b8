"""Build the facilities of data/records beyond the centres: shelters with their hazards, and clinics by their town."""

from __future__ import annotations

from pathlib import Path

from kyodo_geo.districts import require_same_keys
from kyodo_geo.errors import Fault, TableError
from kyodo_geo.model.reach.choice import HAZARDS
from kyodo_geo.sources.build.towns import Towns
from kyodo_geo.sources.build.writing import csv_bytes, read_source
from kyodo_geo.sources.tables import Row, one_of

_SHELTERS = "shelters_2025.csv"


def build_facilities(sources: Path, towns: Towns, *, prefecture: str) -> dict[str, bytes]:
    """Return shelters.csv and clinics.csv; KeyMismatch names a town of a clinic that has no point."""
    return {"shelters.csv": _shelters(sources, prefecture), "clinics.csv": _clinics(sources, towns)}


def _shelters(sources: Path, prefecture: str) -> bytes:
    """Carry hazards over as 1 or blank; a kind of which the source states none says so in hazards_stated."""
    columns = ("kind", "name", "address", "id", "lon", "lat", *HAZARDS, "note", "KEY_CODE")
    table = read_source(sources, _SHELTERS, columns)
    out = ("id", "kind", "name", "address", "lon", "lat", *HAZARDS, "hazards_stated", "key_code", "note")
    return csv_bytes(out, ({
        "id": row["id"],
        "kind": _word(row, "kind", ("emergency", "evacuation")),
        "name": row["name"],
        "address": row["address"].removeprefix(prefecture),
        "lon": row["lon"],
        "lat": row["lat"],
        **{hazard: _word(row, hazard, ("1", "")) for hazard in HAZARDS},
        "hazards_stated": "1" if row["kind"] == "emergency" else "0",
        "key_code": row["KEY_CODE"],
        "note": row["note"],
    } for row in table))  # fmt: skip


def _word(row: Row, column: str, allowed: tuple[str, ...]) -> str:
    try:
        return one_of(row[column], allowed)
    except ValueError as error:
        raise TableError(
            f"{_SHELTERS} を読めません。",
            faults=[Fault(str(error), file=_SHELTERS, row=row.line, column=column)],
            todo="元データのファイルを確かめてください",
        ) from error


def _clinics(sources: Path, towns: Towns) -> bytes:
    table = read_source(sources, "clinics_2025.csv", ("code9", "name", "address", "oaza_full"))
    strangers = {row["oaza_full"] for row in table} - set(towns.points)
    require_same_keys([], strangers, what="clinics_2025.csv(大字・町丁目)")
    out = ("code", "name", "address", "town_name", "town_lon", "town_lat")
    return csv_bytes(out, ({
        "code": row["code9"],
        "name": row["name"],
        "address": row["address"],
        "town_name": row["oaza_full"],
        "town_lon": towns.points[row["oaza_full"]][0],
        "town_lat": towns.points[row["oaza_full"]][1],
    } for row in table))  # fmt: skip
