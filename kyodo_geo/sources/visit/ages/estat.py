"""Census people by age of small areas: e-Stat tables T001082 (2020) and T000849 (2015), columns found by code.

FORMATS.md 1.2-1.5.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kyodo_geo.errors import Fault
from kyodo_geo.model.ageing.values import Band
from kyodo_geo.sources.visit.ages.bands import AgeHead, Kind, Sex, read_age_head
from kyodo_geo.sources.visit.ages.estat_file import EstatFile, read_estat
from kyodo_geo.sources.visit.ages.official import OfficialRows, gather
from kyodo_geo.sources.visit.ages.plan import plan_ages
from kyodo_geo.sources.visit.ages.values import CENSUS, STATISTICS_BUREAU, Account, AgesRead, ages_read
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.sheets.sheet import Sheet

TABLES = {"T001082": "令和2年国勢調査", "T000849": "平成27年国勢調査"}
DAYS = {"T001082": date(2020, 10, 1), "T000849": date(2015, 10, 1)}
_TITLE = "小地域集計 年齢(5歳階級)別人口"
_FIVE_YEARS = tuple(Band(low, low + 4) for low in range(0, 75, 5))
# The twenty columns of a block in their order; None is the total
_BLOCK = (None, *_FIVE_YEARS, Band(0, 14), Band(15, 64), Band(65, None), Band(75, None))
# What each column of the table means, by the three digits that end its code
COLUMNS = {
    f"{20 * block + at:03}": AgeHead(Kind.BAND if band else Kind.TOTAL, sex, band)
    for block, sex in enumerate(Sex)
    for at, band in enumerate(_BLOCK, start=1)
}


def read_estat_ages(sheet: Sheet, *, content: bytes, name: str, gazetteer: Gazetteer) -> AgesRead:
    """Return the people of the city's small areas in the bands 0～4 … 70～74, 75歳以上, both sexes and each.

    Rows marked 2 are no rows of people; what they hold stands in the row that took them in, whose places are all their
    keys. People of no known age: the total less the bands. Raises TableError as `read_estat` and `gather` do.
    """
    titles = {table: f"{census} {_TITLE}" for table, census in TABLES.items()}
    file = read_estat(sheet, name=name, gazetteer=gazetteer, readable=titles, needed=tuple(COLUMNS))
    plan = plan_ages({f"{file.table}{number}": head for number, head in COLUMNS.items()}, name=name)
    gathered = gather(OfficialRows(name, file.areas, file.cells), plan, gazetteer)
    account = Account(
        title=f"{titles[file.table]}(開いたファイル)",
        day=DAYS[file.table],
        counted_by=CENSUS,
        publisher=STATISTICS_BUREAU,
        fictional=file.fictional,
        rows=len(file.areas),
        left_out=gathered.left_out,
        cautions=(*_strange_labels(file), *gathered.cautions),
    )
    return ages_read(gathered.counted, plan, account, name=name, content=content)


def _strange_labels(file: EstatFile) -> Iterable[Fault]:
    """Name the columns whose Japanese head says other ages than their code: the code is followed."""
    for code, label in file.labels.items():
        meant, said = COLUMNS[code.removeprefix(file.table)], read_age_head(label)
        if said is not None and (said.kind, said.sex, said.band) != (meant.kind, meant.sex, meant.band):
            yield Fault(
                f"見出し「{label}」がコードと合いません(コードに従って読みました)",
                file.file,
                file.label_line,
                code,
            )
