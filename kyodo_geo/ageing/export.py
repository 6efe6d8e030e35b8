"""Projections and trends as text, CSV and JSON; every row says its day, its scenario, its basis and its sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kyodo_geo.ageing.distance import DistanceStudy, nearest_row, own_row
from kyodo_geo.ageing.miss import MissStudy
from kyodo_geo.ageing.projection import Ages, ProjectionStudy, Step
from kyodo_geo.ageing.projection_tables import (
    city_miss_table,
    district_miss_table,
    projection_sentences,
    projection_table,
    trend_table,
)
from kyodo_geo.ageing.tables import TextTable
from kyodo_geo.ageing.trend import NOT_BY_AGE, CityMiss, TrendStudy
from kyodo_geo.city import City
from kyodo_geo.model.ageing.backtest import Miss
from kyodo_geo.model.indicators.counts import Amount
from kyodo_geo.present.reports import source_line, text_table, to_json
from kyodo_geo.present.tables import csv_text
from kyodo_geo.provenance import Basis, Unknown, mark_of

HEADS = ("基準日", "年", "段階", "コード", "名前", "人口(年齢の分かる人)", "65歳以上", "75歳以上", "高齢化率 %", "種別", "シナリオ",
         "市の変化率を使った区分", "区分の数", "根拠", "印", "地区の線の日", "出典")  # fmt: skip
TREND_HEADS = (
    "基準日",
    "年",
    "段階",
    "コード",
    "名前",
    "人口の総数",
    "種別",
    "根拠",
    "印",
    "地区の線の日",
    "注",
    "出典",
)
DISTANCE_HEADS = ("段階", "コード", "名前", "75歳以上", "最寄りのセンターまでの平均 m", "地区のセンターまでの平均 m", "半径 m",
                  "半径の外の人", "基準日", "距離", "根拠", "印", "地区の線の日", "出典")  # fmt: skip


def plain_text(table: TextTable) -> str:
    """Return a table for a terminal, its caption above it."""
    return f"{table.caption}\n{text_table([[column.label for column in table.columns], *table.rows])}"


def projection_text(city: City, study: ProjectionStudy) -> str:
    """Return the projection for a terminal: the table and what must be said of it."""
    said = [
        *projection_sentences(city, study),
        f"根拠: {study.basis.label}。出典: {source_line(study.sources)}",
    ]
    return "\n\n".join([plain_text(projection_table(city, study)), "\n".join(said)]) + "\n"


def projection_csv(city: City, study: ProjectionStudy) -> str:
    """Return a row for each step and district, area and the city; what must be said stands below an empty line."""
    said = ([line] for line in projection_sentences(city, study))
    return csv_text([HEADS, *_rows(city, study), [], *said])


def _rows(city: City, study: ProjectionStudy) -> Iterator[list[object]]:
    kept = study.projection.units
    for step in study.steps:
        for code, ages in step.districts.items():
            few = (
                [study.projection.city_cohorts[kept.index(code)], study.projection.cohorts]
                if code in kept
                else ["", ""]
            )
            name = str(city.names.loc[code, "district"])
            yield _row(study, step, ("地区", code, name), ages, few)
        for area, ages in step.areas.items():
            yield _row(study, step, ("地域", "", area), ages, ["", ""])
        yield _row(study, step, ("市", "", city.facts.name), step.city, ["", ""])


def _row(
    study: ProjectionStudy, step: Step, place: tuple[str, str, str], ages: Ages, few: Sequence[object]
) -> list[object]:
    basis = _basis(study, step, place[0])
    values = [_cell(ages.total), _cell(ages.old), _cell(ages.older), _cell(ages.rate, decimals=2)]
    kind = ["実績", ""] if step.counted else [study.mark, study.projection.label]
    return [
        step.day.isoformat(), step.day.year, *place, *values, *kind, *(["", ""] if step.counted else few),
        basis.label, mark_of(basis), study.on.isoformat(), source_line(study.sources),
    ]  # fmt: skip


def _basis(study: ProjectionStudy, step: Step, level: str) -> Basis:
    if not step.counted:
        return study.basis
    return study.counted_basis if level == "地区" else max(read.opened.source.basis for read in study.tables)


def _cell(value: Amount, *, decimals: int = 1) -> object:
    return str(value) if isinstance(value, Unknown) else round(value, decimals)


def projection_json(
    city: City, study: ProjectionStudy, misses: Sequence[CityMiss] | Unknown, test: MissStudy | Unknown
) -> str:
    """Return the projection as JSON: the choice, every step at three levels, the misses, and what must be said."""
    few = study.projection
    return to_json({
        "kind": "projection", "on": study.on.isoformat(), "to": study.to, "choice": study.choice.to_query(), "scenario": few.label,
        "basis": study.basis.label, "mark": study.mark,
        "counted_by": study.tables[1].counted_by,
        "steps": [_step_json(city, step, study) for step in study.steps],
        "city_cohorts": dict(zip(few.units, few.city_cohorts, strict=True)), "cohorts": few.cohorts,
        "unknown_age": {str(read.day): number for read, number in zip(study.tables, study.unknown_age, strict=True)},
        "missing_districts": list(study.missing),
        "city_miss": misses_json(misses), "district_miss": backtest_json(test),
        "notes": projection_sentences(city, study),
        "sources": [source.credit for source in study.sources],
    })  # fmt: skip


def _step_json(city: City, step: Step, study: ProjectionStudy) -> dict[str, Any]:
    return {
        "day": step.day.isoformat(), "counted": step.counted, "basis": _basis(study, step, "地区").label,
        "districts": {code: {"name": str(city.names.loc[code, "district"]), **_ages_json(ages)} for code, ages in step.districts.items()},
        "areas": {area: _ages_json(ages) for area, ages in step.areas.items()},
        "city": _ages_json(step.city),
    }  # fmt: skip


def _ages_json(ages: Ages) -> dict[str, object]:
    named = {"people": ages.total, "over_65": ages.old, "over_75": ages.older, "ageing_rate": ages.rate}
    return {name: _told(value) for name, value in named.items()}


def _told(value: Amount) -> object:
    return {"unknown": value.reason} if isinstance(value, Unknown) else round(value, 4)


def misses_json(misses: Sequence[CityMiss] | Unknown) -> object:
    """Return the misses of the city's totals as JSON."""
    if isinstance(misses, Unknown):
        return {"unknown": misses.reason}
    return [{"what": one.what, "years": list(one.years), **_miss_json(one.miss)} for one in misses]


def backtest_json(test: MissStudy | Unknown) -> object:
    """Return the back-test by district as JSON."""
    if isinstance(test, Unknown):
        return {"unknown": test.reason}
    rows = zip(test.test.units, test.test.total, test.test.old, strict=True)
    return {code: {"people": _miss_json(total), "over_65": _miss_json(old)} for code, total, old in rows}


def _miss_json(miss: Miss) -> dict[str, object]:
    return {
        "projected": round(miss.projected, 4),
        "counted": miss.counted,
        "people": round(miss.people, 4),
        "percent": _told(miss.percent),
    }


def miss_text(city: City, misses: Sequence[CityMiss] | Unknown, test: MissStudy | Unknown) -> str:
    """Return how far the past would have been missed, for a terminal."""
    whole = str(misses) if isinstance(misses, Unknown) else plain_text(city_miss_table(city, misses))
    districts = (
        f"地区ごとの外れ: {test}。{test.detail}"
        if isinstance(test, Unknown)
        else plain_text(district_miss_table(city, test))
    )
    return f"{whole}\n\n{districts}\n"


def trend_text(city: City, study: TrendStudy) -> str:
    """Return the trend for a terminal."""
    return f"{plain_text(trend_table(city, study))}\n\n根拠: {study.basis.label}({study.mark})。出典: {source_line(study.sources)}\n"


def trend_csv(city: City, study: TrendStudy) -> str:
    """Return a row for each step of the trend and district, area and the city."""
    return csv_text([TREND_HEADS, *_trend_rows(city, study)])


def _trend_rows(city: City, study: TrendStudy) -> Iterator[list[object]]:
    trend = study.trend
    days = (study.before_day, *trend.days)
    values = (study.before, *trend.values)
    wholes = (study.city_before, *trend.city)
    areas = (study.area_before(), *(study.of_area(step) for step in range(len(trend.days))))
    for at, day in enumerate(days):
        known = day <= trend.days[0]
        basis = max(source.basis for source in study.sources) if known else study.basis
        tail = ["実績" if known else "傾向", basis.label, mark_of(basis) if known else study.mark, study.on.isoformat(),
                "" if known else NOT_BY_AGE, source_line(study.sources)]  # fmt: skip
        head = [day.isoformat(), day.year]
        for code, value in zip(trend.units, values[at], strict=True):
            yield [*head, "地区", code, str(city.names.loc[code, "district"]), _cell(value), *tail]
        for area, value in areas[at].items():
            yield [*head, "地域", "", area, _cell(value), *tail]
        yield [*head, "市", "", city.facts.name, _cell(wholes[at]), *tail]


def trend_json(city: City, study: TrendStudy, misses: Sequence[CityMiss] | Unknown, *, why: Unknown) -> str:
    """Return the trend as JSON; `why` says why it is no projection by age."""
    trend = study.trend
    steps = [
        {
            "day": day.isoformat(), "counted": at == 0,
            "districts": {code: {"name": str(city.names.loc[code, "district"]), "people": _told(value)}
                          for code, value in zip(trend.units, trend.values[at], strict=True)},
            "areas": {area: _told(value) for area, value in study.of_area(at).items()},
            "city": _told(trend.city[at]),
        }
        for at, day in enumerate(trend.days)
    ]  # fmt: skip
    return to_json({
        "kind": "trend", "mark": study.mark, "basis": study.basis.label, "on": study.on.isoformat(), "note": NOT_BY_AGE,
        "no_projection": why.detail or why.reason, "steps": steps, "city_miss": misses_json(misses),
        "sources": [source.credit for source in study.sources],
    })  # fmt: skip


def distance_csv(city: City, found: DistanceStudy) -> str:
    """Return the distances of the people of 75 and over, a row for each district, area and the city."""
    levels, study = found.levels, found.reach
    places = [
        ("地区", code, str(city.names.loc[code, "district"]), at) for code, at in levels.districts.items()
    ]
    places += [("地域", "", area, at) for area, at in levels.areas.items()]
    places.append(("市", "", city.facts.name, levels.city))
    rows = []
    for level, code, name, at in places:
        near, own = nearest_row(found, at), own_row(found, at)
        rows.append([
            level, code, name, round(near.people, 1), _cell(near.mean), _cell(own.mean), study.within,
            round(near.outside + near.unreachable, 1), study.demand.reference_date, study.measure_label, study.demand.basis.label,
            found.mark, study.on.isoformat(), source_line(study.sources),
        ])  # fmt: skip
    return csv_text([DISTANCE_HEADS, *rows])
