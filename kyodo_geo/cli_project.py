"""The command project: a projection by age from two opened tables, or the trend of totals where there are none."""

from __future__ import annotations

import argparse
from argparse import Namespace
from collections.abc import Sequence
from datetime import date

from kyodo_geo.ageing.export import (
    miss_text,
    projection_csv,
    projection_json,
    projection_text,
    trend_csv,
    trend_json,
    trend_text,
)
from kyodo_geo.ageing.miss import MissStudy, miss_study
from kyodo_geo.ageing.projection import project_study
from kyodo_geo.ageing.trend import CityMiss, TrendStudy, city_misses, trend_study
from kyodo_geo.city import City
from kyodo_geo.cli_evidence import accounts, informed_city
from kyodo_geo.errors import InputRefused
from kyodo_geo.model.ageing.choice import AgeingChoice, read_families
from kyodo_geo.model.ageing.projection import SCENARIOS
from kyodo_geo.provenance import Unknown
from kyodo_geo.rules.ageing import Ageing, ageing_settings

_Misses = Sequence[CityMiss] | Unknown


def add_project_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `project` beside --ages, --on, --format and -o, which it shares with others."""
    parser.add_argument(
        "--to",
        type=int,
        metavar="YEAR",
        help="何年まで推計するか(5年おき。既定 表から出せる最後の年、遠くても2050年)",
    )
    parser.add_argument(
        "--scenario", choices=tuple(SCENARIOS), default="as_observed",
        help="、".join(f"{key} {label}" for key, label in SCENARIOS.items()),
    )  # fmt: skip
    parser.add_argument(
        "--families",
        nargs="+",
        default=[],
        metavar="CODE=N",
        help="1年に移住する世帯(地区のコード=世帯数。例 05=2)",
    )


def project_command(options: Namespace, today: date) -> str:
    """Run `project` and return what it writes.

    Raises InputRefused for a year beyond the limits, families without their scenario (or the other way round), and tables
    that cannot be projected.
    """
    choice = _choice(options)
    city, on = informed_city(options, today), options.on or today
    settings = ageing_settings().at(on)
    study, misses = project_study(city, on, choice, settings), city_misses(city)
    if isinstance(study, Unknown):
        return _trend(city, on, options, settings, study)
    test = _attempted(city, on, settings)
    if options.format == "json":
        return projection_json(city, study, misses, test)
    if options.format == "csv":
        return projection_csv(city, study)
    return "\n".join([projection_text(city, study), miss_text(city, misses, test), accounts(city)])


def _attempted(city: City, on: date, settings: Ageing) -> MissStudy | Unknown:
    """Return the back-test; an older table that cannot be projected does not take the projection away."""
    try:
        return miss_study(city, on, settings)
    except InputRefused as refused:
        return Unknown("古い表では確かめられない", refused.what)


def _choice(options: Namespace) -> AgeingChoice:
    families = read_families(options.families)
    if (options.scenario == "families") != bool(families):
        raise InputRefused(
            "--families と --scenario families は一緒に使います。",
            todo="例: --scenario families --families 05=2(地区05に年2世帯)",
        )
    return AgeingChoice(options.to, options.scenario, families)


def _trend(city: City, on: date, options: Namespace, settings: Ageing, why: Unknown) -> str:
    if options.scenario != "as_observed":
        raise InputRefused(
            f"シナリオ「{SCENARIOS[options.scenario]}」は、年齢の表がないと計算できません。",
            todo=f"--ages に表を付けてください。{why.detail}",
        )
    study = _carried(city, on, options, settings, why)
    misses = city_misses(city)
    if options.format == "json":
        return trend_json(city, study, misses, why=why)
    if options.format == "csv":
        return trend_csv(city, study)
    said = f"年齢別の将来推計: {why}。{why.detail}。"
    return "\n".join([f"{said}\n", trend_text(city, study), miss_text(city, misses, Unknown(
        "3回目の総人口が要る", "小地域の総人口は2回分しかないため、地区ごとの外れは確かめられません"
    )), accounts(city)])  # fmt: skip


def _carried(city: City, on: date, options: Namespace, settings: Ageing, why: Unknown) -> TrendStudy:
    try:
        found = trend_study(city, on, options.to, settings)
    except InputRefused as refused:
        raise InputRefused(
            refused.what,
            faults=refused.faults,
            todo=f"年を近くするか、年齢の表を --ages に付けてください。{why.detail}",
        ) from refused
    if isinstance(found, Unknown):
        raise InputRefused(f"総人口の傾向も出せません: {found}。", todo=found.detail)
    return found
