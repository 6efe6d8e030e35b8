"""The commands indicators and sample: every registered indicator with its values and ground, and the made-up files."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from pathlib import Path

from kyodo_geo.city import City
from kyodo_geo.cli_evidence import accounts, informed_city
from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.figures.build import figures_of
from kyodo_geo.present.files import make_folder, write_whole
from kyodo_geo.present.indicator_report import Names, indicators_csv, indicators_json, indicators_text
from kyodo_geo.sample.pack import sample_pack


def indicators_command(options: Namespace, today: date) -> str:
    """Run `indicators` and return what it writes; InputRefused names the districts there are not on the day."""
    city, on = informed_city(options, today), options.on or today
    codes = list(dict.fromkeys(city.lines(on).values()))
    strangers = [code for code in options.districts if code not in codes]
    if strangers:
        raise InputRefused(
            f"{on.isoformat()} にない地区のコードがあります。",
            faults=[Fault(f"「{code}」") for code in strangers],
            todo=f"次から選んでください: {'、'.join(codes)}",
        )
    names = Names(
        city.facts.name,
        {code: str(city.names.loc[code, "district"]) for code in codes},
        {code: city.area_of(code) for code in codes},
    )
    figures = figures_of(city, on)
    if options.format == "json":
        return indicators_json(figures, names, options.districts or codes)
    if options.format == "csv":
        return indicators_csv(figures, names, options.districts or codes)
    opened = accounts(city)
    return indicators_text(figures, names, options.districts) + opened


def sample_command(options: Namespace) -> list[Path]:
    """Run `sample`: write the pack into a folder (made when missing) and return the files; each whole or not at all."""
    city = City.load(options.data)
    pack = sample_pack(city, vacancy=city.vacancy)
    make_folder(options.output)
    for name, content in pack.items():
        write_whole(options.output / name, content)
    return [options.output / name for name in pack]
