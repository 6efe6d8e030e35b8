"""Every reconciliation of the shipped data: small areas → districts → areas → city, against what is published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import shapely

from geo.crs import to_plane
from geo.topology import overlaps
from kyodo_geo.city import City
from kyodo_geo.errors import DataFileError
from kyodo_geo.figures.build import figures_of
from kyodo_geo.model.check import Check
from kyodo_geo.sources.manifest import open_store

# Outlines of another product and year, or another publication of the same count: one part in a thousand
_TOLERANCE = 0.001
# People of unknown age stand outside the bands: never more than one in a hundred, and never fewer than none
_UNKNOWN_AGES = 0.01


def check_files(data: Path) -> list[Check]:
    """Prove sha256 and rows of every dataset, one check a file; DataFileError when a SOURCE.toml cannot be read."""
    store = open_store(data)
    results = []
    for source in store.sources.values():
        try:
            store.bytes_of(source.id)
        except DataFileError as error:
            results.append(
                Check(f"file:{source.id}", source.file, "記録どおり", error.what, "", "fail", source.title)
            )
        else:
            found = f"{source.rows:,} 行"
            results.append(Check(f"file:{source.id}", source.file, found, found, "0", "pass", source.title))
    return results


def reconcile(city: City, on: date) -> list[Check]:
    """Compare every sum of the city with what is published, on the lines of a day."""
    return [
        *_totals(city, on),
        *_areas(city, on),
        *_register(city),
        *_ages(city),
        *_lines(city, on),
    ]


def _equal(check_id: str, label: str, expected: int, found: int, reference: str) -> Check:
    outcome = "pass" if expected == found else "fail"
    return Check(check_id, label, f"{expected:,}", f"{found:,}", f"{found - expected:+,}", outcome, reference)


def _without(check_id: str, label: str, missing: str) -> Check:
    """Return the failed check of a published figure that has nothing to be compared with."""
    return Check(check_id, label, "比べる相手", f"{missing}がありません", "", "fail")


def _totals(city: City, on: date) -> Iterator[Check]:
    counts = city.counts(on)
    for total in city.facts.totals:
        census = next((census for census in city.censuses if census.source.id == total.dataset), None)
        if census is None:
            yield _without(
                f"total:{total.dataset}",
                f"公表された合計 {total.reference}",
                f"{total.dataset} という国勢調査",
            )
            continue
        for column, word, published in (
            ("population", "人口", total.population), ("households", "世帯数", total.households),
        ):  # fmt: skip
            by_district = (getattr(unit, column)[census.year] for unit in counts.values())
            key = f"{column}:{census.year}"
            small = int(census.counts[column].sum())
            yield _equal(
                f"small_areas:{key}",
                f"{census.year}年 {word}: 小地域の合計",
                published,
                small,
                total.reference,
            )
            yield _equal(
                f"districts:{key}",
                f"{census.year}年 {word}: 地区の合計",
                published,
                sum(by_district),
                total.reference,
            )


def _areas(city: City, on: date) -> Iterator[Check]:
    """Compare district sums with the area figures of the same census day (published, or summed from small areas)."""
    for figures in figures_of(city, on):
        if figures.indicator.id not in {"population", "households"}:
            continue
        for row in city.published:
            if row.level != "area" or row.reference_date.isoformat() != figures.reference_date:
                continue
            published = row.population if figures.indicator.id == "population" else row.households
            found = figures.areas.get(row.name)
            key = f"areas:{figures.indicator.id}:{figures.year}:{row.name}"
            label = f"{figures.year}年 {figures.indicator.label}: {row.name}{city.facts.area_word}の地区の合計と地域の値"
            if found is None:
                yield _without(key, label, f"{row.name}{city.facts.area_word}の地区")
            elif published is not None and isinstance(found, int):
                yield _equal(key, label, published, found, row.reference)


def _register(city: City) -> Iterator[Check]:
    """Areas of the register must add up to the city of the same day; another publication's figure is a note."""
    register = [
        row
        for row in city.published
        if row.population_basis == "住民基本台帳" and row.counted != "日本人のみ"
    ]
    for day in sorted({row.reference_date for row in register if row.level == "area"}):
        label = f"{day} 住民基本台帳: {city.facts.area_word}の合計"
        total = next((row for row in register if row.level == "city" and row.reference_date == day), None)
        if total is None:
            yield _without(f"register:{day}", label, "同じ日の市の公表値")
            continue
        found = sum(row.population for row in register if row.level == "area" and row.reference_date == day)
        yield _equal(f"register:{day}", label, total.population, found, total.reference)
    for row in register:
        series = city.register.get(row.reference_date.year, {}).get("population")
        if (
            row.level != "city"
            or series is None
            or (row.reference_date.month, row.reference_date.day) != (1, 1)
        ):
            continue
        check = _equal(
            f"register_series:{row.reference_date}",
            f"{row.reference_date} 住民基本台帳: 市の公表値と年次の表",
            row.population,
            series,
            row.reference,
        )
        known = abs(series - row.population) <= row.population * _TOLERANCE
        yield _noted(check, "2つの資料の値が違う(理由は不明)。どちらも書き換えずに持つ", known=known)


def _ages(city: City) -> Iterator[Check]:
    for year, bands in city.ages.items():
        found = sum(value for name, value in bands.items() if name.startswith("age_"))
        label = f"{year}年 国勢調査: 年齢3区分の合計と市の人口"
        check = _equal(f"ages:{year}", label, bands["population"], found, city.sources["city_ages"].title)
        known = 0 <= bands["population"] - found <= bands["population"] * _UNKNOWN_AGES
        yield _noted(check, "差は、3区分に入らない年齢不詳の人と見られる", known=known)


def _noted(check: Check, why: str, *, known: bool) -> Check:
    """Turn a failed check into a note that says why, if its difference is of the known kind; else leave it."""
    return replace(check, outcome="note", reference=why) if check.outcome == "fail" and known else check


def _lines(city: City, on: date) -> Iterator[Check]:
    facts = city.facts
    yield _equal(
        "districts:count", "地区の数", facts.districts_published, len(city.names), facts.districts_reference
    )
    doubled = [code for code, number in Counter(city.names.index).items() if number > 1]
    yield _equal("districts:codes", "重なる地区コード", 0, len(doubled), "")
    shapes = city.shapes(on)
    invalid = int((~shapely.is_valid(shapes.to_numpy())).sum())
    yield _equal("outlines:valid", "形の正しくない地区の線", 0, invalid, city.sources["districts"].title)
    yield _equal(
        "outlines:overlap",
        "重なり合う地区の組",
        0,
        len(overlaps(to_plane(shapes))),
        city.sources["districts"].title,
    )
    km2 = sum(unit.km2 for unit in city.counts(on).values())
    gap = km2 - facts.area_km2
    inside = abs(gap) <= facts.area_km2 * _TOLERANCE
    yield Check(
        "area:city", "市の面積(km²): 小地域の計測値の合計と公表値(差は千分の一まで)",
        f"{facts.area_km2:,.2f}", f"{km2:,.2f}", f"{gap:+,.2f}", "note" if inside else "fail", facts.area_km2_reference,
    )  # fmt: skip
