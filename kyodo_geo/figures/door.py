"""The door for opened tables: files as they were handed in become evidence, each read as what it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kyodo_geo.city import City
from kyodo_geo.evidence.given import Evidence, evidence_of
from kyodo_geo.figures.gazetteer import gazetteer_of
from kyodo_geo.sources.disk import content_of
from kyodo_geo.sources.visit.ages.estat_file import estat_head
from kyodo_geo.sources.visit.ages.households import TABLES, ElderlyHouseholds, read_elderly_households
from kyodo_geo.sources.visit.ages.read import read_ages
from kyodo_geo.sources.visit.ages.values import AgesRead
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.sheets.sheet import read_sheets
from kyodo_geo.sources.visit.vacancy.read import VacancyRead, read_vacancy


@dataclass(frozen=True)
class NamedContent:
    """A file as it was handed in."""

    name: str
    content: bytes = field(repr=False)


def from_disk(path: Path) -> NamedContent:
    """Return a file of the disk; DataFileError when it cannot be opened."""
    return NamedContent(path.name, content_of(path, what="表のファイル"))


def read_age_file(file: NamedContent, gazetteer: Gazetteer) -> AgesRead | ElderlyHouseholds:
    """Read a table of ages, or of households with somebody of 65 or over, whichever it is; TableError with all faults."""
    if _of_households(file):
        return read_elderly_households(file.content, name=file.name, gazetteer=gazetteer)
    return read_ages(file.content, name=file.name, gazetteer=gazetteer)


def _of_households(file: NamedContent) -> bool:
    heads = ((sheet, estat_head(sheet)) for sheet in read_sheets(file.content, name=file.name))
    cells = (cell for sheet, at in heads if at is not None for cell in sheet.rows[at].cells)
    return any(cell.startswith(tuple(TABLES)) for cell in cells)


def put_together(
    tables: Iterable[AgesRead | ElderlyHouseholds],
    vacancy: VacancyRead | None = None,
    *,
    whole_city: bool = False,
) -> Evidence:
    """Return the evidence of tables that were read; InputRefused when they cannot stand together."""
    read = list(tables)
    return evidence_of(
        [one for one in read if isinstance(one, AgesRead)],
        [one for one in read if isinstance(one, ElderlyHouseholds)],
        vacancy,
        whole_city=whole_city,
    )


def open_tables(
    city: City,
    on: date,
    ages: Sequence[NamedContent] = (),
    vacancy: NamedContent | None = None,
    *,
    whole_city: bool = False,
) -> City:
    """Return the city with opened files beside its own data, on the lines of a day."""
    gazetteer = gazetteer_of(city, on)
    tables = [read_age_file(file, gazetteer) for file in ages]
    listed = read_vacancy(vacancy.content, name=vacancy.name, gazetteer=gazetteer) if vacancy else None
    return city.bring(put_together(tables, listed, whole_city=whole_city))
