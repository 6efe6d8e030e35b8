"""What the pages and the command line both need: a city's knowledge handed to the model and to the documents."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from kyodo_geo.city import City
from kyodo_geo.fiscal import stated_day
from kyodo_geo.model.allocation import Unit
from kyodo_geo.model.figures import Fact, Figures, MapPoint
from kyodo_geo.model.grants import PopulationUsed
from kyodo_geo.model.indicators import MANAGEMENT_LABELS, indicator
from kyodo_geo.present.map.payload import MapDistricts, MapTexts, build_payload
from kyodo_geo.provenance import Basis, Unknown, weakest
from kyodo_geo.sources.records import CouncilLink
from kyodo_geo.sources.units import UnitList

CONFIDENCE_LABELS = {"high": "高い", "medium": "中くらい", "low": "低い", "provisional": "仮置き"}


def chosen_figures(city: City, on: date, indicators: Collection[str] = ()) -> list[Figures]:
    """Return the figures of the named indicators (all when none is named); InputRefused for an unknown id."""
    for name in indicators:
        indicator(name)
    return [one for one in city.figures(on) if not indicators or one.indicator.id in indicators]


def map_payload(
    city: City, on: date, *, indicators: Collection[str] = (), view: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what the map renderer draws for the districts of a day."""
    figures = chosen_figures(city, on, indicators)
    lines = city.lines(on)
    kept = list(dict.fromkeys(lines.values()))
    first = figures[0].indicator.id
    newest = max(one.year for one in figures if one.indicator.id == first)
    return build_payload(
        MapTexts(f"{city.facts.name}の{len(kept)}地区", city.facts.name, city.facts.lines_note),
        MapDistricts(
            city.names.loc[kept],
            city.shapes(on),
            city.uncertain(on),
            {code: district_facts(city, code, on) for code in kept},
        ),
        figures,
        [
            MapPoint(place.kind, place.name, place.lon, place.lat, place.note or place.address)
            for place in city.places
            if place.lon is not None and place.lat is not None
        ],
        {"indicator": first, "year": newest, "district": None, **(view or {})},
    )


def district_facts(city: City, code: str, on: date) -> list[Fact]:
    """Return what is known of a district on a day: its centre, who manages it, its council, and how sure its lines are."""
    centre = next(place for place in city.places if place.kind == "centre" and place.district_code == code)
    return [
        Fact("市民センター", centre.name),
        Fact("住所", centre.address or "不明(公表資料なし)", unknown=not centre.address),
        _management_fact(city, code, on),
        _council_fact(city.councils[code]),
        Fact("地区の線", f"推計(割り当ての確からしさ: {_confidence(city, code, on)})"),
    ]


def _management_fact(city: City, code: str, on: date) -> Fact:
    value = city.management[code].at(on).value
    if isinstance(value, Unknown):
        return Fact("管理", str(value), unknown=True)
    return Fact("管理", f"{MANAGEMENT_LABELS[value.status]}、{city.management_note(code, on)}")


def _council_fact(link: CouncilLink) -> Fact:
    if link.status == "named":
        since = f"({stated_day(link.established)}設立)" if link.established else "(設立日は不明)"
        return Fact("地域協働体", link.council + since)
    word = "名称は不明" if link.status == "exists" else "不明(公表資料なし)"
    return Fact("地域協働体", f"{word}。{link.note}" if link.status == "exists" else word, unknown=True)


def _confidence(city: City, code: str, on: date) -> str:
    """Write how many small areas stand on which confidence, surest first."""
    codes = city.small_areas["district_code"].map(city.lines(on))
    found = city.small_areas.loc[codes == code, "confidence"].value_counts()
    return "・".join(f"{label} {found[key]}区画" for key, label in CONFIDENCE_LABELS.items() if key in found)


def census_units(city: City, on: date, year: int) -> tuple[list[Unit], PopulationUsed]:
    """Return the districts of a day with their people of a census year, and what population that is."""
    census = next(census for census in city.censuses if census.year == year)
    counts = city.counts(on)
    units = [
        Unit(code, str(city.names.loc[code, "district"]), unit.population[year])
        for code, unit in counts.items()
    ]
    sources = (census.source, city.sources["small_areas"])
    used = PopulationUsed(
        title=census.source.title,
        reference_date=census.day.isoformat(),
        counted_by=census.source.population_basis,
        basis=weakest(source.basis for source in sources),
        sources=sources,
        note=city.facts.lines_note,
    )
    return units, used


def listed_units(units: UnitList) -> tuple[list[Unit], PopulationUsed]:
    """Return the units of a file that a person brought, and what the file says of its population."""
    used = PopulationUsed(
        title=f"入力ファイル {units.name}",
        reference_date=units.reference_date,
        counted_by=units.counted_by,
        basis=Basis.SUPPLIED,
        note="人口は入力ファイルの値です",
    )
    return [Unit(row.code, row.name, row.population) for row in units.rows], used
