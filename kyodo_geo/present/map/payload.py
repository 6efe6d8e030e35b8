"""What the map is given: one shared geometry, a small value table, legends, facts and sources, as plain JSON."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from kyodo_geo.fiscal import era_year
from kyodo_geo.model.figures import (
    Axis,
    DemandLayer,
    DemandPoint,
    Fact,
    Figures,
    MapActs,
    MapPoint,
    PlaceClass,
)
from kyodo_geo.model.indicators import MANAGEMENT_LABELS, Value
from kyodo_geo.present.classes import (
    Category,
    Interval,
    categories,
    diverging_classes,
    fixed_classes,
    sequential_classes,
)
from kyodo_geo.provenance import Basis, Source, Unknown, unite

SCALE = 100_000  # five decimals of a degree: about one metre


@dataclass(frozen=True)
class MapTexts:
    """The words around the map."""

    title: str
    city: str
    lines_note: str


@dataclass(frozen=True)
class MapDistricts:
    """The districts of a day: `names` (columns district, area) and `shapes` by code, who is uncertain, and facts."""

    names: pd.DataFrame
    shapes: gpd.GeoSeries
    uncertain: Mapping[str, bool]
    facts: Mapping[str, Sequence[Fact]]


def build_payload(  # noqa: PLR0913 - what a map always has stands in order, what only some have is named
    texts: MapTexts,
    districts: MapDistricts,
    figures: Sequence[Figures],
    places: Iterable[MapPoint],
    view: Mapping[str, Any],
    *,
    axis: Axis | None = None,
    demand: DemandLayer | None = None,
    act: MapActs | None = None,
    places_shown: bool = False,
    place_classes: Iterable[PlaceClass] = (),
) -> dict[str, Any]:
    """Return the JSON the renderer draws; figures of one indicator must stand together, oldest year first.

    What only some maps have is named: `axis` turns the years into steps of a slider, `demand` are the people, `act` is
    what can be tried; `places_shown` shows the places from the start, `place_classes` explain their colours. A map
    without them carries no key of them.
    """
    shapes = _shapes(districts)
    return {
        "title": texts.title,
        "city": texts.city,
        "lines_note": texts.lines_note,
        "shapes": {"id": hashlib.sha256(json.dumps(shapes).encode()).hexdigest()[:16], **shapes},
        "districts": [_district(str(code), districts) for code in districts.names.index],
        "indicators": [
            _indicator(list(group)) for _, group in groupby(figures, key=lambda one: one.indicator.id)
        ],
        "places": [_place(place) for place in places],
        "sources": [_source(source) for source in unite(*(one.sources for one in figures))],
        "view": dict(view),
        **_present(
            axis=axis and asdict(axis),
            demand=demand and _demand(demand),
            act=act and asdict(act),
            places_shown=places_shown,
            place_classes=[asdict(one) for one in place_classes],
        ),
    }


def _present(**keys: object) -> dict[str, Any]:
    """Return the keys that hold something: where nothing is asked for, nothing is written."""
    return {name: value for name, value in keys.items() if value}


def _place(place: MapPoint) -> dict[str, Any]:
    return {
        "kind": place.kind,
        "name": place.name,
        "lon": place.lon,
        "lat": place.lat,
        "note": place.note or None,
        **_present(
            code=place.code, state=place.state, town=place.town, color=place.color, lines=list(place.lines)
        ),
    }


def _demand(layer: DemandLayer) -> dict[str, Any]:
    return {
        "label": layer.label,
        "unit": layer.unit,
        "counted": layer.counted,
        "distance_label": layer.distance_label,
        "distance_unit": layer.distance_unit,
        "points": [_demand_point(point) for point in layer.points],
    }


def _demand_point(point: DemandPoint) -> dict[str, Any]:
    return {
        "at": [round(point.lon, 5), round(point.lat, 5)],
        "people": _whole(round(point.people, 3)),
        "distance": _distance(point.distance),
        "name": point.name,
        "district": point.district,
        "to": point.to or None,
        **({"before": _distance(point.before)} if point.compared else {}),
    }


def _distance(value: float | None) -> float | None:
    """Round up to a tenth, so that a place just beyond a whole step stays beyond it; infinitely far is out of reach."""
    if value is None or not math.isfinite(value):
        return None
    return _whole(math.ceil(value * 10) / 10)


def _whole(value: float) -> float:
    return int(value) if float(value).is_integer() else float(value)


def _shapes(districts: MapDistricts) -> dict[str, Any]:
    areas = districts.names["area"]
    outer = {
        name: shapely.boundary(shapely.coverage_union_all(districts.shapes.reindex(group.index).to_numpy()))
        for name, group in areas.groupby(areas, sort=False)
    }
    return {
        "scale": SCALE,
        "districts": [
            {"code": str(code), "polygons": _polygons(shape), "label": _label(shape)}
            for code, shape in districts.shapes.reindex(districts.names.index).items()
        ],
        "areas": [
            {"name": str(name), "lines": [_delta(line) for line in _lines(shape)]}
            for name, shape in outer.items()
        ],
    }


def _polygons(shape: shapely.Geometry) -> list[list[list[int]]]:
    return [
        [_delta(ring, closed=True) for ring in (polygon.exterior, *polygon.interiors)]
        for polygon in shapely.get_parts(shape)
    ]


def _lines(shape: shapely.Geometry) -> list[shapely.Geometry]:
    return list(shapely.get_parts(shape))


def _delta(line: shapely.Geometry, *, closed: bool = False) -> list[int]:
    """Write a line as its first point and steps in whole units of 1/SCALE degree; a closed ring omits its last point."""
    points = np.rint(shapely.get_coordinates(line) * SCALE).astype(np.int64)
    kept = points[:-1] if closed else points
    steps = np.vstack([kept[:1], np.diff(kept, axis=0)])
    return [int(number) for number in steps.ravel()]


def _label(shape: shapely.Geometry) -> list[float]:
    point = shapely.point_on_surface(shape)
    return [round(float(shapely.get_x(point)), 5), round(float(shapely.get_y(point)), 5)]


def _district(code: str, districts: MapDistricts) -> dict[str, Any]:
    return {
        "code": code,
        "name": str(districts.names.loc[code, "district"]),
        "area": str(districts.names.loc[code, "area"]),
        "uncertain": bool(districts.uncertain[code]),
        "facts": [
            {"label": fact.label, "text": fact.text, "unknown": fact.unknown}
            for fact in districts.facts.get(code, ())
        ],
    }


def _indicator(years: Sequence[Figures]) -> dict[str, Any]:
    item = years[0].indicator
    return {
        "id": item.id,
        "label": years[0].title if len(years) == 1 else item.label,
        "unit": item.unit,
        "kind": item.kind,
        "decimals": item.decimals,
        "signed": item.kind == "diverging",
        "definition": item.definition,
        "caution": years[0].caution or None,
        "classes": [_class(one) for one in _classes(years)],
        "years": [_year(figures) for figures in years],
    }


def _classes(years: Sequence[Figures]) -> Sequence[Interval | Category]:
    kind = years[0].indicator.kind
    if kind == "category":
        return categories((key, label) for key, label in MANAGEMENT_LABELS.items() if key != "unknown")
    if years[0].indicator.bins:
        return fixed_classes(years[0].indicator.bins)
    numbers = [
        float(value) for one in years for value in one.districts.values() if isinstance(value, int | float)
    ]
    return diverging_classes(numbers) if kind == "diverging" else sequential_classes(numbers)


def _class(one: Interval | Category) -> dict[str, Any]:
    if isinstance(one, Category):
        return {"key": one.key, "label": one.label, "color": one.color, "pattern": one.pattern}
    return {"from": one.low, "to": one.high, "color": one.color, "label": None}


def _year(figures: Figures) -> dict[str, Any]:
    unknown = {code: value.reason for code, value in figures.districts.items() if isinstance(value, Unknown)}
    return {
        "year": figures.year,
        "label": _step_label(figures),
        "reference": figures.reference_date,
        "values": {code: _json(figures, value) for code, value in figures.districts.items()},
        "reasons": unknown,
        "estimated": figures.estimated,
        "estimated_area": figures.whole_basis >= Basis.ESTIMATED,
        "estimated_city": figures.whole_basis >= Basis.ESTIMATED,
        "basis": figures.basis.label,
        "counted": "・".join(
            dict.fromkeys(s.population_basis for s in figures.sources if s.population_basis)
        ),
        "areas": {area: _json(figures, value) for area, value in figures.areas.items()},
        "city": _json(figures, figures.city),
        "sources": [source.id for source in figures.sources],
        **({"city_reason": figures.city.reason} if isinstance(figures.city, Unknown) else {}),
    }


def _step_label(figures: Figures) -> str:
    if figures.step_label is not None:
        return figures.step_label
    return f"{era_year(figures.day)}({figures.day.year})"


def _json(figures: Figures, value: Value) -> float | str | None:
    """Round to what is shown plus two digits: the legend's class and the text can never disagree with the value."""
    if isinstance(value, Unknown):
        return None
    return round(value, figures.indicator.decimals + 2) if isinstance(value, float) else value


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "publisher": source.publisher,
        "title": source.title,
        "reference": source.reference_date,
        "published": source.published,
        "licence": source.licence,
        "url": source.url,
    }
