"""Households with people of 65 and over by small area: e-Stat tables T001084 (2020) and T000851 (2015).

Columns 001 (一般世帯総数) and 009 (６５歳以上世帯員のいる一般世帯総数), FORMATS.md 1.6. Single elderly households are not in them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from kyodo_geo.errors import Fault, TableError
from kyodo_geo.model.ageing.values import Floats
from kyodo_geo.sources.visit.ages.estat_file import EstatFile, estat_head, read_estat, refused
from kyodo_geo.sources.visit.ages.suppression import AreaRow, group_areas
from kyodo_geo.sources.visit.ages.values import NOT_SAID, STATISTICS_BUREAU, places_of_keys
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.opened import Opened
from kyodo_geo.sources.visit.sheets.cells import Mark, read_whole
from kyodo_geo.sources.visit.sheets.sheet import read_sheets

TABLES = {
    "T001084": "令和2年国勢調査 世帯の家族類型別一般世帯数",
    "T000851": "平成27年国勢調査 世帯の家族類型別一般世帯数",
}
_DAYS = {"T001084": date(2020, 10, 1), "T000851": date(2015, 10, 1)}
_ALL, _ELDERLY = "001", "009"


@dataclass(frozen=True, eq=False)
class ElderlyHouseholds:
    """General households of n counted rows, `households` (n,), and those with somebody of 65 or over, `with_elderly` (n,).

    `places` are the small areas each row speaks of, several for a merged group.
    """

    places: tuple[tuple[str, ...], ...]
    households: Floats
    with_elderly: Floats
    day: date
    opened: Opened


def read_elderly_households(content: bytes, *, name: str, gazetteer: Gazetteer) -> ElderlyHouseholds:
    """Return the households of the city's small areas and those with elderly; suppressed areas as in `group_areas`.

    Rows whose numbers are kept back or whose key the city does not have are left out and named. Raises TableError for
    another table, another city, cells that are no numbers, and more households with elderly than households.
    """
    sheets = [sheet for sheet in read_sheets(content, name=name) if estat_head(sheet) is not None]
    if not sheets:
        raise TableError(
            f"{name}: e-Stat の小地域の表ではありません。", todo=f"次のどれかを開いてください: {_readable()}"
        )
    file = read_estat(sheets[0], name=name, gazetteer=gazetteer, readable=TABLES, needed=(_ALL, _ELDERLY))
    grouping = group_areas(file.areas, city=gazetteer.code, file=name)
    cells = {area.key: (area, row) for area, row in zip(file.areas, file.cells, strict=True)}
    counted = _Counted(file)
    for group in grouping.groups:
        area, row = cells[group.key]
        counted.take(area.line, area.name, row, places_of_keys(group.keys, gazetteer))
    compared = counted.against_the_city(cells.get(gazetteer.code))
    if counted.wrong:
        raise refused(name, counted.wrong, "e-Stat から取ったままのファイルを開いてください")
    merged = sum(len(places) > 1 for places in counted.places)
    opened = Opened(
        name=name,
        title=f"{TABLES[file.table].replace(' ', ' 小地域集計 ')}(開いたファイル)",
        sha256=hashlib.sha256(content).hexdigest(),
        counts=(("行", len(file.areas)), ("合算された組", merged)),
        left_out=(*grouping.left_out, *counted.left_out),
        cautions=(*grouping.cautions, *compared),
        publisher=NOT_SAID if file.fictional else STATISTICS_BUREAU,
        reference_date=_DAYS[file.table].isoformat(),
        counted_by="国勢調査",
        fictional=file.fictional,
    )
    return counted.answer(_DAYS[file.table], opened)


def _readable() -> str:
    return "、".join(f"{table}({title})" for table, title in TABLES.items())


class _Counted:
    """The rows of one reading and what was wrong with others; it lives only as long as the reading."""

    def __init__(self, file: EstatFile) -> None:
        self.file = file.file
        self.columns = (f"{file.table}{_ALL}", f"{file.table}{_ELDERLY}")
        self.places: list[tuple[str, ...]] = []
        self.numbers: list[tuple[int, int]] = []
        self.lost = 0
        self.wrong: list[Fault] = []
        self.left_out: list[Fault] = []

    def take(
        self, line: int, label: str, row: Mapping[str, str], found: tuple[tuple[str, ...], tuple[str, ...]]
    ) -> None:
        """Take a counted row; found are its small areas, and keys that are none of the city's."""
        places, lost = found
        both = self._read(line, row)
        if both is None:
            return
        if lost:
            what = f"{label}の {'、'.join(lost)} は市の小地域にありません"
            self.left_out.append(Fault(what, self.file, line))
        if not places:
            self.lost += both[0]
            return
        self.places.append(places)
        self.numbers.append(both)

    def _read(self, line: int, row: Mapping[str, str]) -> tuple[int, int] | None:
        values: list[int] = []
        for column in self.columns:
            try:
                value = read_whole(row[column])
            except ValueError as error:
                self.wrong.append(Fault(str(error), self.file, line, column))
                continue
            if isinstance(value, Mark):
                self.left_out.append(
                    Fault(f"世帯数が{value.value}のため、使えません", self.file, line, column)
                )
            else:
                values.append(value)
        if len(values) < len(self.columns):
            return None
        households, elderly = values
        if elderly > households:
            what = f"65歳以上のいる世帯 {elderly:,} が一般世帯 {households:,} より多くなっています"
            self.wrong.append(Fault(what, self.file, line, self.columns[1]))
        return households, elderly

    def against_the_city(self, city: tuple[AreaRow, Mapping[str, str]] | None) -> Sequence[Fault]:
        """Name the difference between the sum of the small areas and the row of the city."""
        if city is None:
            return [Fault("市全体の行がないため、小地域の合計を確かめていません", self.file)]
        area, row = city
        both = self._read(area.line, row)
        summed = sum(households for households, _ in self.numbers) + self.lost
        if both is None or both[0] == summed:
            return []
        return [
            Fault(
                f"小地域の合計 {summed:,} 世帯が、市全体の行の {both[0]:,} 世帯と違います",
                self.file,
                area.line,
            )
        ]

    def answer(self, day: date, opened: Opened) -> ElderlyHouseholds:
        """Return the households of the rows taken."""
        numbers: Floats = np.array(self.numbers, dtype=np.float64).reshape(len(self.numbers), 2)
        return ElderlyHouseholds(tuple(self.places), numbers[:, 0], numbers[:, 1], day, opened)
