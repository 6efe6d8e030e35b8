"""The options --ages, --vacancy and --whole-city, and the city they make."""

from __future__ import annotations

import argparse
from argparse import Namespace
from datetime import date
from pathlib import Path

from kyodo_geo.city import City
from kyodo_geo.figures.door import from_disk, open_tables
from kyodo_geo.present.opened_report import account_lines
from kyodo_geo.sources.visit.sheets.places import Unfound


def evidence_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that open tables beside the shipped data."""
    parser.add_argument(
        "--ages", type=Path, nargs="+", action="extend", default=[], metavar="FILE",
        help="年齢の表(e-Stat 小地域、住民基本台帳など。年の違うものを並べられる)、65歳以上のいる世帯の表",
    )  # fmt: skip
    parser.add_argument("--vacancy", type=Path, metavar="FILE", help="空き家の一覧(CSV・Excel)")
    parser.add_argument(
        "--whole-city", action="store_true", help="空き家の調査は市の全域(一覧に行のない地区は 0 戸とみなす)"
    )


def accounts(city: City) -> str:
    """Return the accounts of the opened tables as lines: what was read, what was not, and names that fit no place."""
    evidence = city.evidence
    listed = (evidence.vacancy.opened,) if evidence.vacancy else ()
    lines = account_lines(evidence.tables, withheld=listed)
    for one in evidence.ages:
        lines += [f"  場所を決められない名前: {_named(place)}" for place in one.unfound]
    return "".join(f"{line}\n" for line in lines)


def _named(place: Unfound) -> str:
    return f"{place.name}({'、'.join(place.candidates) or '合う所がない'})"


def informed_city(options: Namespace, today: date) -> City:
    """Return the city with the tables the options name; TableError or InputRefused when they cannot be used."""
    city, on = City.load(options.data), options.on or today
    vacancy = from_disk(options.vacancy) if options.vacancy else None
    return open_tables(
        city, on, [from_disk(path) for path in options.ages], vacancy, whole_city=options.whole_city
    )
