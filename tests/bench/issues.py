"""Ageing and vacancy: every indicator of the shipped city, and a prefecture's age table read and joined."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

import pandas as pd
from lines import Line, Ratio, median_ms

from kyodo_geo.city import City
from kyodo_geo.evidence.ages import ages_by_district
from kyodo_geo.figures.build import figures_of
from kyodo_geo.figures.door import NamedContent, open_tables
from kyodo_geo.figures.gazetteer import gazetteer_of
from kyodo_geo.sample.kinds import sample_kind
from kyodo_geo.sample.pack import sample_pack
from kyodo_geo.sources.visit.ages.read import read_ages

_DAY = date(2026, 11, 24)
_AREAS = 10_000
_READ_MS, _FIGURES_MS = 2000, 50


def measure() -> Iterator[Line | Ratio]:
    """Return the bars of the issue; the peer does the same with pandas alone, without suppression groups."""
    city = City.load()
    yield Line("all indicators of the city, from the counts", median_ms(lambda: figures_of(city, _DAY)), "ms", _FIGURES_MS,
               f"{len(figures_of(city, _DAY))} indicator-years, shipped data")  # fmt: skip
    pack = [NamedContent(name, content) for name, content in sample_pack(city, vacancy=city.vacancy).items()]
    ages = [file for file in pack if sample_kind(file.name) == "ages"]
    vacancy = next(file for file in pack if sample_kind(file.name) == "vacancy")
    informed = open_tables(city, _DAY, ages, vacancy, whole_city=True)
    yield Line("the same beside opened ages and 8,690 dwellings", median_ms(lambda: figures_of(informed, _DAY)), "ms",
               note=f"{len(figures_of(informed, _DAY))} indicator-years, sample pack")  # fmt: skip
    yield from _prefecture(city, next(file.content for file in ages if "T001082" in file.name))


def _prefecture(city: City, table: bytes) -> Iterator[Line | Ratio]:
    content = _widened(table, city.facts.code)
    lines = content.count(b"\n") - 2

    def ours() -> dict[str, float]:
        read = read_ages(content, name="bench_tblT001082.txt", gazetteer=gazetteer_of(city, _DAY))
        codes = tuple(dict.fromkeys(city.lines(_DAY).values()))
        found = ages_by_district(read, city.homes(_DAY), city.people_by_key, codes)
        return dict(zip(codes, found.table.at(65, None).tolist(), strict=True))

    home = city.homes(_DAY)
    took, theirs = median_ms(ours, times=3), median_ms(lambda: _naive(content, home), times=3)
    yield Line(f"age table of {lines:,} areas × 60 read and joined", took, "ms", _READ_MS, "median of 3")
    off = sum(abs(ours()[code] - people) for code, people in _naive(content, home).items())
    note = f"{off:,.0f} people apart; the peer checks nothing and knows no merged groups"
    yield Ratio(f"{lines:,} areas × 60 to districts", "pandas, naive", took, theirs, "ms", note)


def _widened(table: bytes, code: str) -> bytes:
    """Return the table with other municipalities' rows behind it, until it has as many areas as a prefecture."""
    lines = table.decode("cp932").splitlines()
    head, own = lines[:2], lines[2:]
    wide = list(own)
    number = int(code)
    while len(wide) < _AREAS:
        number += 1
        other = f"{number:05d}"
        wide += [other + line.removeprefix(code) for line in own]
    return ("\r\n".join([*head, *wide]) + "\r\n").encode("cp932")


def _naive(content: bytes, home: dict[str, str]) -> dict[str, float]:
    """Read all columns, keep the leaves of the city, and add up 65 and over by district."""
    frame = pd.read_csv(io.BytesIO(content), encoding="cp932", dtype=str, skiprows=[1])
    frame = frame[frame["KEY_CODE"].isin(home)]
    people = pd.to_numeric(frame["T001082019"].replace({"-": "0"}), errors="coerce").fillna(0)
    return people.groupby(frame["KEY_CODE"].map(home)).sum().to_dict()
