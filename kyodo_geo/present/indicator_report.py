"""Indicators as a table, CSV and JSON: every value with its year, basis, mark and sources, the unknown with its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kyodo_geo.model.figures import Figures
from kyodo_geo.model.indicators import MANAGEMENT_LABELS, REGISTRY, Indicator, Value
from kyodo_geo.present.reports import text_table, to_json
from kyodo_geo.present.tables import csv_text, number_text
from kyodo_geo.provenance import Unknown

PRESSING = {"high": "大きいほど課題が重い", "low": "小さいほど課題が重い", "": "向きなし"}
_COLUMNS = (
    "指標",
    "id",
    "年",
    "段階",
    "コード",
    "名前",
    "値",
    "単位",
    "根拠",
    "印",
    "順位(大きい順)",
    "不明の理由",
    "基準日",
    "出典",
)


@dataclass(frozen=True)
class Names:
    """The names around the values: of the city, and of district and area by code."""

    city: str
    districts: Mapping[str, str]
    areas: Mapping[str, str]


def value_text(item: Indicator, value: Value, *, unit: bool = True) -> str:
    """Write a value as it is shown, with its unit; an unknown one as 不明 with its reason."""
    if isinstance(value, Unknown):
        return str(value)
    if isinstance(value, str):
        return MANAGEMENT_LABELS.get(value, value)
    return number_text(
        float(value), decimals=item.decimals, signed=item.kind == "diverging", unit=item.unit if unit else ""
    )


def place_text(figures: Figures, code: str) -> str:
    """Write the place of a district among the known ones, largest first: 3, or 3〜7 where rates of few leave it open."""
    value = figures.districts[code]
    if figures.rank_ranges is not None and code in figures.rank_ranges:
        first, last = figures.rank_ranges[code]
        return f"{first}" if first == last else f"{first}〜{last}"
    if not isinstance(value, int | float):
        return ""
    known = [one for one in figures.districts.values() if isinstance(one, int | float)]
    return str(1 + sum(one > value for one in known))


def indicators_text(figures: Sequence[Figures], names: Names, codes: Collection[str]) -> str:
    """Return what is known as a table: an indicator and year a row, the chosen districts and the city as columns."""
    chosen = [code for code in names.districts if code in codes]
    head = ["指標", "年", *(names.districts[code] for code in chosen), names.city, "印"]
    rows = [
        [one.title, str(one.year), *(value_text(one.indicator, one.districts[code]) for code in chosen),
         value_text(one.indicator, one.city), one.mark]
        for one in figures
    ]  # fmt: skip
    return f"{text_table([head, *rows])}\n\n{_silent(figures)}出典: {_credits(figures)}\n"


def _silent(figures: Sequence[Figures]) -> str:
    """Name the registered indicators of which there is no figure at all."""
    there = {one.indicator.id for one in figures}
    missing = "、".join(item.label for item in REGISTRY if item.id not in there)
    return f"数字のない指標: {missing}(表を開くと計算します)\n" if missing else ""


def _credits(figures: Iterable[Figures]) -> str:
    sources = dict.fromkeys(source.credit for one in figures for source in one.sources)
    return "、".join(sources)


def indicators_csv(figures: Sequence[Figures], names: Names, codes: Collection[str]) -> str:
    """Return every value as a row: districts, their areas and the city."""
    return csv_text([_COLUMNS, *_rows(figures, names, codes)])


def _rows(figures: Iterable[Figures], names: Names, codes: Collection[str]) -> Iterator[list[object]]:
    for one in figures:
        chosen = [code for code in one.districts if code in codes]
        for code in chosen:
            place = place_text(one, code)
            yield _row(
                one,
                ("地区", code, names.districts[code]),
                one.districts[code],
                (one.basis.label, one.mark, place),
            )
        for area in dict.fromkeys(names.areas[code] for code in chosen):
            yield _row(one, ("地域", "", area), one.areas[area], (one.whole_basis.label, one.whole_mark, ""))
        yield _row(one, ("市", "", names.city), one.city, (one.whole_basis.label, one.whole_mark, ""))


def _row(one: Figures, place: tuple[str, str, str], value: Value, said: tuple[str, str, str]) -> list[object]:
    item = one.indicator
    reason = value.reason if isinstance(value, Unknown) else ""
    basis, mark, rank = ("不明", "", "") if reason else said
    shown = "" if reason else _cell(item, value)
    credit = "、".join(source.credit for source in one.sources)
    return [
        one.title,
        item.id,
        one.year,
        *place,
        shown,
        item.unit,
        basis,
        mark,
        rank,
        reason,
        one.reference_date,
        credit,
    ]


def _cell(item: Indicator, value: Value) -> object:
    return (
        round(value, item.decimals + 2)
        if isinstance(value, float)
        else MANAGEMENT_LABELS.get(str(value), value)
    )


def indicators_json(figures: Sequence[Figures], names: Names, codes: Collection[str]) -> str:
    """Return the registry with the values of each year as JSON; a registered indicator without a figure has no years."""
    by_id: dict[str, list[Figures]] = {}
    for one in figures:
        by_id.setdefault(one.indicator.id, []).append(one)
    return to_json({
        "city": names.city,
        "indicators": [_entry(item, by_id.get(item.id, []), codes) for item in REGISTRY],
        "sources": [
            {"id": source.id, "credit": source.credit, "licence": source.licence, "basis": source.basis.label}
            for source in dict.fromkeys(source for one in figures for source in one.sources)
        ],
    })  # fmt: skip


def _entry(item: Indicator, years: Sequence[Figures], codes: Collection[str]) -> dict[str, Any]:
    return {
        "id": item.id, "label": item.label, "theme": item.theme, "unit": item.unit, "definition": item.definition,
        "direction": PRESSING[item.pressing], "caution": years[-1].caution if years else item.caution,
        "years": [_year(one, codes) for one in years],
    }  # fmt: skip


def _year(one: Figures, codes: Collection[str]) -> dict[str, Any]:
    return {
        "year": one.year, "before": one.before if one.indicator.span == "change" else None,
        "reference_date": one.reference_date, "basis": one.basis.label, "mark": one.mark,
        "whole_basis": one.whole_basis.label, "whole_mark": one.whole_mark,
        "districts": {code: _told(value) for code, value in one.districts.items() if code in codes},
        "areas": {area: _told(value) for area, value in one.areas.items()},
        "city": _told(one.city),
        "weak": sorted(one.weak & set(codes)),
        "places": {code: place_text(one, code) for code in one.districts if code in codes},
        "sources": [source.id for source in one.sources],
    }  # fmt: skip


def _told(value: Value) -> object:
    return {"unknown": value.reason} if isinstance(value, Unknown) else value
