"""The commands reach and site: a study from the words of the command line, as text, CSV, JSON or GeoPackage."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kyodo_geo.city import City
from kyodo_geo.cli_reach_arguments import AS_SET
from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach.choice import FACILITY_SETS, ReachChoice, from_query
from kyodo_geo.present.opened_report import account_lines
from kyodo_geo.present.reports import text_table, to_json
from kyodo_geo.reach.export import districts_csv, places_csv, study_geopackage, study_head, study_json
from kyodo_geo.reach.roads import RoadsGiven
from kyodo_geo.reach.site import (
    CHOSEN,
    COMPARED,
    GREEDY,
    chosen_rows,
    compared_rows,
    greedy_rows,
    site,
    site_record,
    verdict,
)
from kyodo_geo.reach.study import Given, Study, study_of
from kyodo_geo.reach.text import heading, notes, study_text
from kyodo_geo.rules.travel import travel_settings
from kyodo_geo.sources.visit.facility_file import read_facilities_file
from kyodo_geo.sources.visit.opened import Opened
from kyodo_geo.sources.visit.roads import read_roads


def reach_command(options: Namespace, today: date) -> str | bytes:
    """Run `reach` and return what it writes; InputRefused for options that do not go together."""
    if options.format == "gpkg" and options.output is None:
        raise InputRefused(
            "GeoPackage はファイルにしか書けません。", todo="-o ファイル名.gpkg を付けてください"
        )
    if options.places and options.format != "csv":
        raise InputRefused("--places は CSV だけです。", todo="--format csv を付けてください")
    asked = ask(options, today)
    if options.format == "json":
        return study_json(asked.city, asked.study)
    if options.format == "gpkg":
        return study_geopackage(asked.city, asked.study)
    if options.format == "csv":
        return (places_csv if options.places else districts_csv)(asked.city, asked.study)
    return study_text(asked.city, asked.study, asked.opened)


def site_command(options: Namespace, today: date) -> str:
    """Run `site` and return what it writes."""
    asked = ask(options, today)
    answer = site(
        asked.study,
        p=options.p,
        objective=options.objective,
        candidates=options.candidates,
        roads=asked.given.roads,
    )
    if options.format == "json":
        return to_json({**study_head(asked.study), **site_record(answer)})
    tables = [(COMPARED, compared_rows(answer)), (CHOSEN, chosen_rows(answer)), (GREEDY, greedy_rows(answer))]
    parts = [heading(asked.study), verdict(answer), *(text_table([heads, *rows]) for heads, rows in tables)]
    return "\n\n".join([*parts, "\n".join([*notes(asked.study), *account_lines(asked.opened)])]) + "\n"


@dataclass(frozen=True)
class Asked:
    """What the options ask for: the city, the study, the files it stands on and the accounts of their reading."""

    city: City
    study: Study
    given: Given
    opened: tuple[Opened, ...]


def ask(options: Namespace, today: date) -> Asked:
    """Return the study the options ask for."""
    city, on = City.load(options.data), options.on or today
    travel = travel_settings().at(on)
    choice = _choice(options)
    given, opened = Given(), []
    if choice.facilities == "own":
        facilities, account = read_facilities_file(Path(options.facilities))
        given = replace(given, facilities=facilities, facilities_source=account.source)
        opened.append(account)
    if options.roads is not None:
        roads, account = read_roads(options.roads, travel)
        given = replace(given, roads=RoadsGiven(roads, account, travel))
        opened.append(account)
    return Asked(city, study_of(city, choice, travel, on=on, given=given), given, tuple(opened))


def _choice(options: Namespace) -> ReachChoice:
    """Return the choice; a word that names no set of facilities is a file."""
    if options.roads is not None and options.detour is not None:
        raise InputRefused("--roads と --detour は同時に使えません。", todo="どちらか一つにしてください")
    if options.roads is None and (options.by == "time" or options.mode != "walk"):
        raise InputRefused(
            "--mode と --by time には道路のファイルが要ります。", todo="--roads FILE を付けてください"
        )
    by_road = "time" if options.by == "time" else "road"
    measure = by_road if options.roads is not None else "straight" if options.detour is None else "detour"
    tried = {
        "close": ";".join(getattr(options, "close", ())),
        "open": ";".join(getattr(options, "open", ())),
        "move": ";".join(getattr(options, "move", ())),
    }
    return replace(
        from_query(tried),
        facilities=options.facilities if options.facilities in FACILITY_SETS else "own",
        demand=options.demand,
        counted=options.count,
        measure=measure,
        mode=options.mode,
        factor=None if options.detour is AS_SET else options.detour,
        within=options.within,
        hazard=options.hazard or "",
    )
