"""The command priority: the index of a saved choice, or of the usual one, as text, CSV, JSON or its own TOML."""

from __future__ import annotations

from argparse import Namespace
from datetime import date

from kyodo_geo.cli_evidence import accounts, informed_city
from kyodo_geo.errors import InputRefused
from kyodo_geo.figures.build import figures_of
from kyodo_geo.figures.levels import levels_of
from kyodo_geo.figures.vacancy import names_of
from kyodo_geo.model.priority.config import from_toml, to_toml
from kyodo_geo.priority.export import priority_csv, priority_json, priority_text
from kyodo_geo.priority.study import priority_study, usual_choice
from kyodo_geo.sources.disk import content_of


def priority_command(options: Namespace, today: date) -> str:
    """Run `priority` and return what it writes; InputRefused for a file that is no choice or names what is not there."""
    city, on = informed_city(options, today), options.on or today
    figures, levels = figures_of(city, on), levels_of(city, on)
    choice = usual_choice(figures)
    if options.config is not None:
        choice = from_toml(_text(options), file=options.config.name)
    if options.format == "toml":
        return to_toml(choice)
    study = priority_study(figures, levels, choice, on=on)
    codes = tuple(levels.districts)
    names, areas = names_of(city, codes), {code: city.area_of(code) for code in codes}
    if options.format == "json":
        return priority_json(study, names)
    if options.format == "csv":
        return priority_csv(study, names, areas)
    opened = accounts(city)
    return priority_text(study, names, areas) + opened


def _text(options: Namespace) -> str:
    try:
        return content_of(options.config, what="優先度の設定").decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputRefused(
            f"{options.config.name} は UTF-8 の文字で書かれていません。", todo="UTF-8 で保存し直してください"
        ) from error
