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
import pandas as pd

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
from kyodo_geo.model.indicators import Value
from kyodo_geo.present.classes import (
    BIVARIATE,
    Category,
    Interval,
    classes_of,
    numbers_of,
    third_breaks,
)
from kyodo_geo.present.map.outlines import outlines
from kyodo_geo.provenance import Basis, Source, Unknown, unite


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
    fictional: bool = False,
    weak_below: int = 100,
) -> dict[str, Any]:
    """Return the JSON the renderer draws; figures of one indicator must stand together, oldest year first.

    What only some maps have is named: `axis` turns the years into steps of a slider, `demand` are the people, `act` is
    what can be tried; `places_shown` shows the places from the start, `place_classes` explain their colours;
    `fictional` says that a place is (a figure says so itself), `weak_below` from how many people on a rate is no longer
    weak. A map without them carries no key of them.
    """
    shapes = outlines(districts.names["area"], districts.shapes)
    indicators = [_indicator(list(group)) for _, group in groupby(figures, key=lambda one: one.indicator.id)]
    can_join = not axis and not demand and sum("thirds" in one for one in indicators) > 1
    return {
        "title": texts.title,
        "city": texts.city,
        "lines_note": texts.lines_note,
        "shapes": {"id": hashlib.sha256(json.dumps(shapes).encode()).hexdigest()[:16], **shapes},
        "districts": [_district(str(code), districts) for code in districts.names.index],
        "indicators": indicators,
        "places": [_place(place) for place in places],
        "sources": [_source(source) for source in unite(*(one.sources for one in figures))],
        "view": dict(view),
        **_present(
            axis=axis and asdict(axis),
            demand=demand and _demand(demand),
            act=act and asdict(act),
            places_shown=places_shown,
            place_classes=[asdict(one) for one in place_classes],
            fictional=fictional or any(_is_fictional(one) for one in figures),
            weak_below=any(one.weak for one in figures) and weak_below,
            bivariate=can_join and {"colors": list(BIVARIATE)},
        ),
    }


def _present(**keys: object) -> dict[str, Any]:
    """Return the keys that hold something: where nothing is asked for, nothing is written."""
    return {name: value for name, value in keys.items() if value}


def _is_fictional(figures: Figures) -> bool:
    return Basis.FICTIONAL in {figures.basis, figures.whole_basis}


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


def _district(code: str, districts: MapDistricts) -> dict[str, Any]:
    return {
        "code": code,
        "name": str(districts.names.loc[code, "district"]),
        "area": str(districts.names.loc[code, "area"]),
        "uncertain": bool(districts.uncertain[code]),
        "facts": [
            {"label": fact.label, "text": fact.text, **_present(unknown=fact.unknown)}
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
        "classes": [_class(one) for one in classes_of(years)],
        "years": [_year(figures) for figures in years],
        **_present(thirds=item.kind != "category" and _thirds(years)),
    }


def _thirds(years: Sequence[Figures]) -> list[float]:
    return [*(third_breaks(numbers_of(years), decimals=years[0].indicator.decimals) or ())]


def _class(one: Interval | Category) -> dict[str, Any]:
    if isinstance(one, Category):
        return {"key": one.key, "label": one.label, "color": one.color, "pattern": one.pattern}
    return {"from": one.low, "to": one.high, "color": one.color}


def _year(figures: Figures) -> dict[str, Any]:
    unknown = {code: value.reason for code, value in figures.districts.items() if isinstance(value, Unknown)}
    return {
        "year": figures.year,
        "label": step_label(figures),
        "reference": figures.reference_date,
        "values": {code: stored(figures, value) for code, value in figures.districts.items()},
        "reasons": unknown,
        "mark": figures.mark,
        "mark_area": figures.whole_mark,
        "mark_city": figures.whole_mark,
        "basis": figures.basis.label,
        "counted": "・".join(
            dict.fromkeys(s.population_basis for s in figures.sources if s.population_basis)
        ),
        "areas": {area: stored(figures, value) for area, value in figures.areas.items()},
        "city": stored(figures, figures.city),
        "sources": [source.id for source in figures.sources],
        **({"city_reason": figures.city.reason} if isinstance(figures.city, Unknown) else {}),
        **_present(weak=sorted(figures.weak), ranks=_ranks(figures)),
    }


def _ranks(figures: Figures) -> dict[str, list[int]]:
    return {code: list(places) for code, places in (figures.rank_ranges or {}).items()}


def step_label(figures: Figures) -> str:
    """Return the words of a year in both calendars, 令和2年(2020), or of a step of an axis."""
    if figures.step_label is not None:
        return figures.step_label
    return f"{era_year(figures.day)}({figures.day.year})"


def stored(figures: Figures, value: Value) -> float | str | None:
    """Return a value as it is drawn, None where unknown: as short as shows the same, at least two digits more.

    The legend's class and the text can then never disagree with the value, nor with the same value in a table: rounded
    in two steps, 31.5496 would be 31.55 and then 31.6.
    """
    if isinstance(value, Unknown):
        return None
    if not isinstance(value, float):
        return value
    shown = figures.indicator.decimals
    lengths = (shown + 2, shown + 4, shown + 8)
    return next(
        (kept for digits in lengths if f"{(kept := round(value, digits)):.{shown}f}" == f"{value:.{shown}f}"),
        value,
    )


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
