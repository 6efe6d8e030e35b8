"""From a city or a person's table to a grant run: which people are counted, by which rule, with which checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from kyodo_geo.city import City
from kyodo_geo.errors import DataFileError, InputRefused, RuleFileError, TableError, os_reason
from kyodo_geo.fiscal import FiscalYear, both_calendars
from kyodo_geo.ledger import Ledger
from kyodo_geo.model.allocation import allocate
from kyodo_geo.model.change import Change, split_change
from kyodo_geo.model.grants import GrantRun, LastYear, PopulationUsed
from kyodo_geo.model.measures import Unit
from kyodo_geo.model.record import run_of
from kyodo_geo.model.run_checks import CHANGE_FLAG_PERCENT, open_questions, run_checks
from kyodo_geo.model.scenario import Scenario
from kyodo_geo.present.files import write_whole
from kyodo_geo.provenance import Basis, unite, weakest
from kyodo_geo.rules.book import Rule, RuleBook
from kyodo_geo.sources.population import Census, Published
from kyodo_geo.sources.units import UnitList

Units = tuple[list[Unit], PopulationUsed]


def population_choices(city: City) -> dict[str, str]:
    """Return the populations by district that the city has, newest first: id and label."""
    return {
        census.source.id: f"{census.source.population_basis} {both_calendars(census.day)}"
        for census in reversed(city.censuses)
    }


def district_units(city: City, on: date, population: str = "") -> Units:
    """Return the districts of a day with their people of a census (the newest when none is named).

    InputRefused names the populations there are. Households and m² come along as measures.
    """
    census = _census(city, population)
    year, uncertain = census.day.year, city.uncertain(on)
    sources = (census.source, city.sources["small_areas"])
    basis = weakest(source.basis for source in sources)
    units = [
        Unit(
            code,
            str(city.names.loc[code, "district"]),
            counts.population[year],
            {"households": counts.households[year], "area_m2": round(counts.km2 * 1_000_000)},
            estimated=basis >= Basis.ESTIMATED,
            uncertain=uncertain[code],
        )
        for code, counts in city.counts(on).items()
    ]
    total = next((one for one in city.facts.totals if one.dataset == census.source.id), None)
    return units, PopulationUsed(
        title=census.source.title,
        reference_date=census.day.isoformat(),
        counted_by=census.source.population_basis,
        basis=basis,
        sources=sources,
        note=city.facts.lines_note,
        published_total=total.population if total else None,
        published_reference=total.reference if total else "",
        expected_codes=tuple(dict.fromkeys(city.lines(on).values())),
    )


def _census(city: City, population: str) -> Census:
    if not population:
        return city.latest
    for census in city.censuses:
        if population in {census.source.id, str(census.day.year)}:
            return census
    raise InputRefused(
        f"人口「{population}」はありません。",
        todo=f"次から選んでください: {'、'.join(population_choices(city))}",
    )


def listed_units(units: UnitList, codes: Sequence[str] = ()) -> Units:
    """Return the units of a table that a person brought, and what it says of its population.

    A table by district must hold every district of `codes`: a sum divided among some of them would be wrong for all.
    TableError names those that are missing.
    """
    missing = sorted(set(codes) - {row.code for row in units.rows}) if units.by_district else []
    if missing:
        raise TableError(
            f"{units.name} に {len(missing)} 地区の行がありません: {'、'.join(missing)}",
            todo="すべての地区の行を入れてください(一部だけで分けるなら、列名を unit_code にしてください)",
        )
    found = [
        Unit(row.code, row.name, row.population, row.measures, row.months, row.estimated)
        for row in units.rows
    ]
    return found, PopulationUsed(
        title=f"入力ファイル {units.name}",
        reference_date=units.reference_date,
        counted_by=units.counted_by,
        basis=Basis.SUPPLIED,
        note="人口は入力ファイルの値です",
        expected_codes=tuple(codes) if units.by_district else (),
    )


def listed_last_year(units: UnitList) -> LastYear | None:
    """Return last year's yen where the table of units has them."""
    yen = {row.code: row.last_year_yen for row in units.rows if row.last_year_yen is not None}
    return LastYear(f"入力ファイル {units.name} の last_year_yen", yen) if yen else None


def last_year_of(run: GrantRun) -> LastYear:
    """Return what another run gave, as last year's yen."""
    name = f"{run.status} {run.run_id}".strip()
    yen = {line.unit.code: line.total_yen for line in run.allocation.lines}
    return LastYear(f"{FiscalYear(run.scenario.fiscal_year).label} {name}", yen, run.run_id, run)


def open_frozen(ledger: Ledger, run_id: str) -> GrantRun:
    """Return a frozen run computed again from its record, with the frozen run it was compared with, if any.

    Raises what `Ledger.run` and `run_of` raise.
    """
    stored = ledger.run(run_id)
    run = run_of(stored.record, stored.run_id)
    before = run.last_year
    if before is None or not before.run_id:
        return run
    earlier = ledger.run(before.run_id)
    return replace(run, last_year=replace(before, run=run_of(earlier.record, earlier.run_id)))


def changes_of(run: GrantRun) -> tuple[Change, ...] | None:
    """Return the split of the change from last year, where last year is a run over the same units, counted alike."""
    before = run.last_year.run if run.last_year else None
    if before is None or before.population.counted_by != run.population.counted_by:
        return None
    codes = [{unit.code for unit in one.allocation.units} for one in (before, run)]
    return year_change(before, run) if codes[0] == codes[1] else None


def make_run(
    rule: Rule,
    scenario: Scenario,
    units: Units,
    last_year: LastYear | None = None,
    *,
    change_percent: int = CHANGE_FLAG_PERCENT,
) -> GrantRun:
    """Settle the rule, divide, and check; the result is a trial."""
    settled = scenario.settle(rule)
    if settled.formula.transition and last_year is None:
        raise InputRefused(
            "経過措置には前年の額が要ります。", todo="前年の表か、確定した前年の試算を選んでください"
        )
    _refuse_lost_zeros(units[0], last_year)
    result = allocate(units[0], settled, last_year_yen=last_year.yen if last_year else None)
    checks = run_checks(result, scenario, units[1], last_year, change_percent=change_percent)
    checks += open_questions(rule)
    return GrantRun(rule, scenario, result, units[1], checks, last_year)


def year_change(before: GrantRun, after: GrantRun) -> tuple[Change, ...]:
    """Split the change between two runs; register and census are not mixed.

    Raises InputRefused when the people of the two were not counted the same way, or as `split_change` does.
    """
    ways = [run.population.counted_by or "記載なし" for run in (before, after)]
    if ways[0] != ways[1]:
        raise InputRefused(
            f"人口の数え方が違うため、増減を分けられません(前 {ways[0]}、後 {ways[1]})。",
            todo="同じ数え方(住民基本台帳どうし、国勢調査どうし)の試算を選んでください",
        )
    return split_change(before.allocation, after.allocation)


def _refuse_lost_zeros(units: Sequence[Unit], last_year: LastYear | None) -> None:
    """Refuse a table of last year whose codes lost their leading zeros on the way through a spreadsheet."""
    codes = {unit.code for unit in units}
    strangers = [code for code in last_year.yen if code not in codes] if last_year else []
    bare = {code.lstrip("0"): code for code in codes}
    lost = [f"{code} → {bare[code.lstrip('0')]}" for code in strangers if code.lstrip("0") in bare]
    if lost:
        raise InputRefused(
            f"前年の表のコードに、単位のコードと先頭の 0 だけが違うものがあります: {'、'.join(lost[:10])}",
            todo="コードの列を文字として開き直し、単位のコードとそろえてください",
        )


def case_run(city: City, rule: Rule, case: Mapping[str, Any]) -> tuple[GrantRun, dict[str, int]]:
    """Compute a published case of a rule (its areas' people, its budget) and return it with the published yen by name.

    Raises InputRefused when the city's data lack the population that the case names.
    """
    level, day = case["population"]["level"], case["population"]["day"]
    published: dict[str, int] = dict(case["published_yen"])
    rows = {
        row.name: row
        for row in city.published
        if (row.level, row.reference_date) == (level, day) and row.name in published
    }
    missing = sorted(set(published) - set(rows))
    if missing:
        raise InputRefused(f"{case['label']}: {day} の人口がありません({'、'.join(missing)})")
    units = [
        Unit(f"{number:02}", name, rows[name].population) for number, name in enumerate(published, start=1)
    ]
    scenario = Scenario(rule.id, case["fiscal_year"], budget_yen=case["budget_yen"], title=case["label"])
    return make_run(rule, scenario, (units, _case_population(city, list(rows.values()), case))), published


def _case_population(city: City, rows: Sequence[Published], case: Mapping[str, Any]) -> PopulationUsed:
    first = rows[0]
    return PopulationUsed(
        title="地域(旧市町村)の人口",
        reference_date=first.reference_date.isoformat(),
        counted_by=first.population_basis,
        basis=Basis.DERIVED,
        sources=unite([city.sources["areas_and_city"]]),
        note=str(case.get("note", "")),
    )


def keep_rule(rule: Rule, book: RuleBook, folder: Path) -> Path:
    """Put a rule file into the workspace, under its id, so that it can be chosen; nothing is ever overwritten.

    Raises RuleFileError when the book has that id already, DataFileError when the folder cannot be written.
    """
    path = folder / f"{rule.id}.toml"
    if rule.id in book.rules or path.exists():
        raise RuleFileError(
            f"id「{rule.id}」の規則は、すでにあります。", todo="規則ファイルの id を変えてください"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataFileError(
            f"{folder} を作れません({os_reason(error)})。",
            todo="作業フォルダーに書き込めるか確かめてください",
        ) from error
    write_whole(path, rule.text.encode("utf-8"))
    return path
