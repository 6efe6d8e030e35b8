"""A study as files: places and districts as CSV, JSON for a program, GeoPackage for a GIS; each row says what it is."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import LONLAT
from kyodo_geo.city import City
from kyodo_geo.present.reports import plain, source_json, source_line, to_json
from kyodo_geo.present.tables import csv_text
from kyodo_geo.provenance import Unknown
from kyodo_geo.reach.figures import levels_of
from kyodo_geo.reach.study import Study
from kyodo_geo.reach.tables import (
    change_row,
    flood_text,
    inhabited,
    nearest_name,
    point_text,
    reach_row,
    state_text,
)
from kyodo_geo.reach.words import after_words, not_counted

# One row a place; distances are numbers in the unit that stands beside them, empty where there is no way
PLACE_HEADS = [
    "place", "name", "district_code", "district", "lon", "lat", "people", "counted", "nearest_code", "nearest", "distance",
    "unit", "within", "distance_before", "measure", "lines_on", "reference_date", "basis", "sources",
]  # fmt: skip
DISTRICT_HEADS = [
    "district_code", "district", "area", "places", "people", "within_people", "share_percent", "outside_people", "unreachable_people",
    "mean", "p90", "unit", "radius", "counted", "measure", "lines_on", "reference_date", "basis", "sources",
]  # fmt: skip


def places_csv(city: City, study: Study) -> str:
    """Return one row a place where people are, with its nearest facility and how far it is."""
    return csv_text([PLACE_HEADS, *_place_rows(city, study)])


def _place_rows(city: City, study: Study) -> list[list[object]]:
    demand, after, before = study.demand, study.after, study.before
    return [
        [
            key, demand.names[at], demand.districts[at], str(city.names.loc[demand.districts[at], "district"]),
            *(round(float(one), 6) for one in demand.lonlat[at]), _count(demand.weight[at]), demand.counted,
            study.targets[after.facility[at]].code if after.facility[at] >= 0 else "",
            nearest_name(study, int(after.facility[at])), _distance(after.distance[at]), study.unit,
            "はい" if after.distance[at] <= study.within else "いいえ", _distance(before.distance[at]), *said(study),
        ]
        for at, key in enumerate(demand.keys)
    ]  # fmt: skip


def _count(weight: float) -> float:
    return int(weight) if float(weight).is_integer() else round(float(weight), 2)


def _distance(value: float) -> float | None:
    return round(float(value), 1) if np.isfinite(value) else None


def said(study: Study) -> list[str]:
    """Return what every row of a file says of itself: measure, day of the lines and of the people, basis, sources."""
    measure = f"{study.what}まで、{study.measure_label}{after_words(study)}"
    return [
        measure,
        study.on.isoformat(),
        study.demand.reference_date,
        study.basis.label,
        source_line(study.sources),
    ]


def districts_csv(city: City, study: Study) -> str:
    """Return one row a district and the city's at the end."""
    return csv_text([DISTRICT_HEADS, *(list(row.values()) for row in _district_records(city, study))])


def _district_records(city: City, study: Study) -> list[dict[str, object]]:
    levels = levels_of(city, study)
    rows = [
        _record(study, [code, str(city.names.loc[code, "district"]), city.area_of(code)], at)
        for code, at in levels.districts.items()
    ]
    return [*rows, _record(study, ["", f"{city.facts.name}全体", ""], levels.city)]


def _record(study: Study, names: list[str], at: npt.NDArray[np.int64]) -> dict[str, object]:
    row = reach_row(study, at)
    values = [
        *names, inhabited(study, at), _count(row.people), _count(row.within), _cell(row.share), _count(row.outside),
        _count(row.unreachable), _cell(row.mean), _cell(row.p90), study.unit, _count(study.within),
        study.demand.counted, *said(study),
    ]  # fmt: skip
    return dict(zip(DISTRICT_HEADS, values, strict=True))


def _cell(value: float | Unknown) -> object:
    return str(value) if isinstance(value, Unknown) else round(value, 2)


def study_json(city: City, study: Study) -> str:
    """Return the study for a program; an unknown is null beside its reason, no way is null."""
    records = [_known(row) for row in _district_records(city, study)]
    return to_json({
        **study_head(study),
        "districts": records[:-1],
        "city": records[-1],
        "change": _change_json(city, study) if study.changed else None,
        "facility_list": [
            {"code": one.code, "name": one.name, "point": one.point, "point_note": point_text(one),
             "flood": flood_text(one), "state": state_text(study, number)}
            for number, one in enumerate(study.targets)
        ],
    })  # fmt: skip


def study_head(study: Study) -> dict[str, object]:
    """Return what every answer from a study must say of itself: what, how, whose, when, from where, and what is left out."""
    return {
        "facilities": study.what,
        "hazard": study.choice.hazard or None,
        "measure": study.measure_label,
        "measure_note": study.measure_note,
        "unit": study.unit,
        "radius": study.within,
        "counted": study.demand.counted,
        "people_method": study.demand.method,
        "people_not_placed": study.demand.unplaced,
        "reference_date": study.demand.reference_date,
        "lines_on": study.on.isoformat(),
        "basis": study.basis.name.lower(),
        "what_if": study.choice.to_query() if study.changed else None,
        "not_measured": [
            {"code": one.code, "name": one.name, "reason": "位置なし"} for one in study.unplaced
        ],
        "not_counted": not_counted(study),
        "sources": [source_json(source) for source in study.sources],
    }


def _known(record: dict[str, object]) -> dict[str, object]:
    """Give unknown numbers as null with their reason beside them; what stands on the whole study is left out."""
    reasons = {
        key: value
        for key, value in record.items()
        if key in {"share_percent", "mean", "p90"} and isinstance(value, str)
    }
    shown = {key: None if key in reasons else value for key, value in record.items()}
    for key in DISTRICT_HEADS[DISTRICT_HEADS.index("unit") :]:
        shown.pop(key)
    return {**shown, "unknown": reasons}


def _change_json(city: City, study: Study) -> list[dict[str, object]]:
    levels = levels_of(city, study)
    return [_change_record(code, vars(change_row(study, at))) for code, at in levels.districts.items()]


def _change_record(code: str, row: Mapping[str, float | Unknown]) -> dict[str, object]:
    """Give unknown numbers as null with their reason; `most` is null where somebody loses the only way."""
    unknown = {name: str(value) for name, value in row.items() if isinstance(value, Unknown)}
    known = {
        name: None if isinstance(value, Unknown) or not np.isfinite(value) else plain(value)
        for name, value in row.items()
    }
    return {"district_code": code, **known, "unknown": unknown}


def study_geopackage(city: City, study: Study) -> bytes:
    """Return a GeoPackage of three layers: `places` (points), `facilities` (points) and `districts` (outlines)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reach.gpkg"
        for name, frame in _layers(city, study):
            frame.to_file(path, layer=name, driver="GPKG")
        return path.read_bytes()


def _layers(city: City, study: Study) -> list[tuple[str, gpd.GeoDataFrame]]:
    rows = [dict(zip(PLACE_HEADS, row, strict=True)) for row in _place_rows(city, study)]
    places = gpd.GeoDataFrame(rows, geometry=shapely.points(study.demand.lonlat), crs=LONLAT)
    facilities = gpd.GeoDataFrame(
        [
            {"code": one.code, "name": one.name, "kind": one.kind, "point": point_text(one) or "正確な位置",
             "flood": flood_text(one), "state": state_text(study, number), "note": one.note}
            for number, one in enumerate(study.targets)
        ],
        geometry=shapely.points(study.target_lonlat),
        crs=LONLAT,
    )  # fmt: skip
    records = _district_records(city, study)[:-1]
    shapes = city.shapes(study.on).reindex([str(row["district_code"]) for row in records])
    districts = gpd.GeoDataFrame(records, geometry=shapes.to_numpy(), crs=LONLAT)
    return [("places", places), ("facilities", facilities), ("districts", districts)]
