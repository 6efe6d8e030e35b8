"""What the pages and the command line both need: a city's knowledge handed to the model and to the documents."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from kyodo_geo.city import City
from kyodo_geo.figures.build import known_figures
from kyodo_geo.fiscal import stated_day
from kyodo_geo.model.compare import Comparison
from kyodo_geo.model.figures import Fact, Figures, MapPoint
from kyodo_geo.model.grants import PopulationUsed
from kyodo_geo.model.indicators import MANAGEMENT_LABELS, Indicator, indicator
from kyodo_geo.present.map.payload import MapDistricts, MapTexts, build_payload
from kyodo_geo.provenance import Basis, Unknown, unite
from kyodo_geo.sources.records import CouncilLink

CONFIDENCE_LABELS = {"high": "高い", "medium": "中くらい", "low": "低い", "provisional": "仮置き"}


def chosen_figures(city: City, on: date, indicators: Collection[str] = ()) -> list[Figures]:
    """Return the figures of the named indicators (all when none is named); InputRefused for an unknown id."""
    for name in indicators:
        indicator(name)
    return [one for one in known_figures(city, on) if not indicators or one.indicator.id in indicators]


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


def theme_payload(  # noqa: PLR0913 - the figures of a page, and what stands beside them
    city: City,
    on: date,
    figures: Sequence[Figures],
    *,
    title: str,
    facts: Mapping[str, Sequence[Fact]] | None = None,
    places: Sequence[MapPoint] = (),
    view: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what the map renderer draws for some figures on the districts of a day; places are shown from the start."""
    kept = list(dict.fromkeys(city.lines(on).values()))
    first = figures[0].indicator.id
    newest = max(one.year for one in figures if one.indicator.id == first)
    return build_payload(
        MapTexts(f"{city.facts.name}の{title}", city.facts.name, city.facts.lines_note),
        MapDistricts(city.names.loc[kept], city.shapes(on), city.uncertain(on), facts or {}),
        figures,
        places,
        {"indicator": first, "year": newest, "district": None, **(view or {})},
        places_shown=bool(places),
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


def change_payload(
    city: City, on: date, comparison: Comparison, titles: Sequence[str], populations: Sequence[PopulationUsed]
) -> dict[str, Any]:
    """Return what the map renderer draws for the differences of scenarios from the first, one indicator a scenario."""
    lines = city.lines(on)
    kept = list(dict.fromkeys(lines.values()))
    figures = [
        _change_figures(city, comparison, number, title, populations, on)
        for number, title in enumerate(titles)
        if number
    ]
    return build_payload(
        MapTexts("試算の差", city.facts.name, city.facts.lines_note),
        MapDistricts(city.names.loc[kept], city.shapes(on), city.uncertain(on), {}),
        figures,
        [],
        {"indicator": figures[0].indicator.id, "year": figures[0].year, "district": None},
    )


def _change_figures(  # noqa: PLR0913, PLR0917 - a comparison, which one of it, and what must stand beside
    city: City,
    comparison: Comparison,
    number: int,
    title: str,
    populations: Sequence[PopulationUsed],
    on: date,
) -> Figures:
    """Return the differences of one scenario as figures: by district, summed by area and for the city.

    Their day is that of the scenario's people; a table that somebody brought need not state one, then it is that of
    the lines. Where the first scenario counts other people, the caution says so.
    """
    first, population = populations[0], populations[number]
    try:
        day, unstated = date.fromisoformat(population.reference_date), ""
    except ValueError:
        day, unstated = on, "。人口の基準日は表に書かれていません"
    changes = dict(zip(comparison.codes, comparison.differences_yen[number], strict=True))
    areas: dict[str, int] = {}
    for code, yen in changes.items():
        areas[city.area_of(code)] = areas.get(city.area_of(code), 0) + yen
    item = _change_indicator(number, title)
    return Figures(
        indicator=item,
        year=day.year,
        before=day.year,
        reference_date=day.isoformat(),
        districts={code: float(yen) for code, yen in changes.items()},
        areas={area: float(yen) for area, yen in areas.items()},
        city=float(sum(changes.values())),
        caution=f"{item.caution}{unstated}{_other_people(first, population)}",
        basis=max(first.basis, population.basis, Basis.ESTIMATED),
        whole_basis=Basis.ESTIMATED,
        sources=unite(first.sources, population.sources),
    )


def _change_indicator(number: int, title: str) -> Indicator:
    return Indicator(
        id=f"change_{number}",
        label=title,
        unit="円",
        kind="diverging",
        decimals=0,
        span="status",
        higher="試算1より多い",
        definition="この試算の額から、試算1の額を引いたもの",
        caution="試算です。確定した額ではありません",
        compute=lambda _counts, _year, _before: Unknown("計算済み"),
        inputs=(),
    )


def _other_people(first: PopulationUsed, population: PopulationUsed) -> str:
    if (first.title, first.reference_date) == (population.title, population.reference_date):
        return ""
    return (
        f"。人口が違います: 試算1は{first.counted_by} {first.reference_date}、"
        f"この試算は{population.counted_by} {population.reference_date}"
    )
