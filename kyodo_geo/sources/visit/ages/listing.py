"""Census people by age of small areas from the e-Stat file download ('h03_03.csv'), 2015 and 2020 in their two layouts.

FORMATS.md 1.6: the head is found by 市区町村コード and 町丁字コード; 2020 has one row for each of 総数, 男, 女 of an area,
2015 has them side by side under repeated names. Bands reach 100歳以上.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kyodo_geo.errors import Fault, TableError
from kyodo_geo.sources.visit.ages.bands import AgeHead, Kind, Sex, read_age_head
from kyodo_geo.sources.visit.ages.estat_file import another_city, refused
from kyodo_geo.sources.visit.ages.official import OfficialRows, gather
from kyodo_geo.sources.visit.ages.plan import plan_ages
from kyodo_geo.sources.visit.ages.suppression import AreaRow, Treatment, split_codes
from kyodo_geo.sources.visit.ages.values import CENSUS, STATISTICS_BUREAU, Account, AgesRead, ages_read
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.made_up import says_fictional
from kyodo_geo.sources.visit.sheets.dates import read_year
from kyodo_geo.sources.visit.sheets.sheet import Sheet, SheetRow

_HEAD_ROWS = 30
_CITY, _AREA, _SEX = "市区町村コード", "町丁字コード", "男女"
_LEVEL = "地域階層レベル"
_STATE, _INTO, _MEMBERS = "秘匿処理", "秘匿先情報", "合算地域"
_CITY_NAME, _TOWN, _BLOCK = "市区町村名", "大字・町名", "字・丁目名"
_NEEDED = (_CITY, _AREA, _STATE, _INTO, _MEMBERS, _CITY_NAME, _TOWN, _BLOCK)
_WHOLE = "-"  # stands for the code of an area on the row of the city


def listing_head(sheet: Sheet) -> int | None:
    """Return which row of a sheet holds the column names of such a listing; None when none does."""
    for at, row in enumerate(sheet.rows[:_HEAD_ROWS]):
        names = {_plain(cell) for cell in row.cells}
        if {_CITY, _AREA} <= names and names & {_STATE, _INTO, _MEMBERS, _LEVEL}:
            return at
    return None


def read_listing(sheet: Sheet, *, content: bytes, name: str, gazetteer: Gazetteer) -> AgesRead:
    """Return the people of the city's small areas in the listing's bands, both sexes and each.

    Suppression, totals and unknown ages as for the tables by code; the census year stands in the title rows or in the
    file's name. In a row's Faults the row is the one of 総数. Raises TableError without a year, for missing columns,
    for a listing of another city, and for whatever `gather` and `plan_ages` refuse.
    """
    at = listing_head(sheet)
    if at is None:
        raise TableError(f"{name}: 「{_CITY}」と「{_AREA}」の列がありません。")
    head = [_plain(cell) for cell in sheet.rows[at].cells]
    titles = [cell for row in sheet.rows[:at] for cell in row.cells if cell]
    day = _day([*titles, sheet.name, name], name)
    places = _places(head, sheet.rows[at].line, name)
    heads = _heads(head, name, long=_SEX in places)
    plan = plan_ages({column: meant for column, (_, _, meant) in heads.items()}, name=name)
    found = _Found(name, places, heads, gazetteer)
    for row in sheet.rows[at + 1 :]:
        found.take(row)
    rows = found.rows()
    gathered = gather(rows, plan, gazetteer)
    said = [*titles, *found.names.values(), *(area.name for area in rows.areas)]
    account = Account(
        title=f"{'令和' if day.year >= 2020 else '平成'}{day.year - (2018 if day.year >= 2020 else 1988)}年国勢調査"
        " 小地域集計 年齢(5歳階級)別人口(開いたファイル)",
        day=day,
        counted_by=CENSUS,
        publisher=STATISTICS_BUREAU,
        fictional=says_fictional(name, said),
        rows=found.count,
        left_out=gathered.left_out,
        cautions=(*found.cautions, *gathered.cautions),
    )
    return ages_read(gathered.counted, plan, account, name=name, content=content)


def _plain(cell: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", cell))


def _day(texts: Sequence[str], name: str) -> date:
    """Return 1 October of the census the titles, the sheet or the file name speak of."""
    told = [text for text in texts if "国勢調査" in text] or texts
    todo = "表の上の行かファイル名に「令和2年国勢調査」のように書いてください"
    try:
        years = {year for text in told if (year := read_year(text)) and year % 5 == 0}
    except ValueError as error:
        raise TableError(
            f"{name}: いつの国勢調査の表か分かりません。", faults=[Fault(str(error), name)], todo=todo
        ) from error
    if len(years) == 1:
        return date(years.pop(), 10, 1)
    what = (
        f"年が {'、'.join(map(str, sorted(years)))} と書かれています" if years else "年がどこにもありません"
    )
    raise TableError(f"{name}: いつの国勢調査の表か分かりません({what})。", todo=todo)


def _places(head: Sequence[str], line: int, name: str) -> dict[str, int]:
    missing = [Fault("この列がありません", name, line, one) for one in _NEEDED if one not in head]
    if missing:
        raise TableError(
            f"{name}: 小地域の一覧に必要な列がありません。",
            faults=missing,
            todo="e-Stat から取ったままのファイルを開いてください",
        )
    return {one: head.index(one) for one in (*_NEEDED, _SEX) if one in head}


def _heads(head: Sequence[str], name: str, *, long: bool) -> dict[str, tuple[Sex | None, int, AgeHead]]:
    """Return by a column name of its own: the rows it is read from (a sex, None for any), its place, what it means.

    Side by side a name without a sex that stands a second and third time is of 男 and of 女.
    """
    known = [(at, meant) for at, cell in enumerate(head) if cell != _SEX and (meant := read_age_head(cell))]
    every: list[tuple[Sex | None, int, AgeHead]] = []
    if long:
        every += [(sex, at, replace(meant, sex=sex)) for sex in Sex for at, meant in known]
    else:
        seen: dict[tuple[object, ...], int] = {}
        for at, meant in known:
            sign = (meant.kind, meant.band)
            number = seen[sign] = seen.get(sign, -1) + 1
            sex = list(Sex)[min(number, 2)] if meant.sex is Sex.BOTH else meant.sex
            every.append((None, at, replace(meant, sex=sex)))
    columns = {f"{meant.sex.value} {head[at]}": (rows, at, meant) for rows, at, meant in every}
    if len(columns) < len(every):
        raise TableError(
            f"{name}: 同じ見出しの列が多すぎます(総数・男・女の3つまで)。",
            todo="e-Stat から取ったままのファイルを開いてください",
        )
    return columns


@dataclass
class _Entry:
    """An area on the way: its first row, its short code as written, and its cells by column name."""

    line: int
    cells: Sequence[str]
    short: str
    values: dict[str, str]


class _Found:
    """The city's areas of one listing in its order; it lives only as long as the reading."""

    def __init__(
        self,
        file: str,
        places: Mapping[str, int],
        heads: Mapping[str, tuple[Sex | None, int, AgeHead]],
        gazetteer: Gazetteer,
    ) -> None:
        self.file, self.places, self.heads, self.gazetteer = file, places, heads, gazetteer
        self.entries: dict[str, _Entry] = {}
        self.names: dict[str, str] = {}
        self.count = 0
        self.wrong: list[Fault] = []
        self.cautions: list[Fault] = []

    def take(self, row: SheetRow) -> None:
        """Take a row of the city; the rows of one area come together."""
        code = self._cell(row.cells, _CITY)
        code = f"0{code}" if len(code) == 4 else code
        if not code.isdecimal():
            return  # a note below the table, or the second row of the head
        self.names.setdefault(code, self._cell(row.cells, _CITY_NAME))
        if code != self.gazetteer.code:
            return
        self.count += 1
        short = self._cell(row.cells, _AREA) or _WHOLE
        sex = self._sex(row)
        entry = self.entries.setdefault(short, _Entry(row.line, row.cells, short, {}))
        values = {
            column: row.cells[at] if at < len(row.cells) else ""
            for column, (rows, at, _) in self.heads.items()
            if rows is None or rows is sex
        }
        if values.keys() & entry.values.keys():
            self.wrong.append(
                Fault(f"「{short}」は {entry.line} 行目にもあります", self.file, row.line, _AREA)
            )
        entry.values.update(values)

    def _sex(self, row: SheetRow) -> Sex | None:
        if _SEX not in self.places:
            return None
        text = self._cell(row.cells, _SEX)
        meant = read_age_head(text)
        if meant is None or meant.kind is not Kind.TOTAL:
            self.wrong.append(
                Fault(f"「{text}」は総数・男・女のどれでもありません", self.file, row.line, _SEX)
            )
            return None
        return meant.sex

    def _cell(self, cells: Sequence[str], column: str) -> str:
        at = self.places[column]
        return unicodedata.normalize("NFKC", cells[at]).strip() if at < len(cells) else ""

    def rows(self) -> OfficialRows:
        """Return the areas with whole keys; TableError for another city or rows that cannot be told apart."""
        if not self.entries:
            raise another_city(
                self.file, self.gazetteer, list(dict.fromkeys(filter(None, self.names.values())))
            )
        keys = self._keys()
        areas = [self._area(entry, key) for entry, key in zip(self.entries.values(), keys, strict=True)]
        if self.wrong:
            raise refused(self.file, self.wrong, "e-Stat から取ったままのファイルを開いてください")
        return OfficialRows(self.file, areas, [entry.values for entry in self.entries.values()])

    def _keys(self) -> Iterable[str]:
        """Return the whole keys; zeros that a spreadsheet took are put back to 4 digits, with 字・丁目名 to 6."""
        shorts = [entry.short for entry in self.entries.values() if entry.short != _WHOLE]
        lost = [short for short in shorts if short.isdecimal() and len(short) not in {4, 6}]
        if lost:
            what = f"町丁字コードの前に消えた 0 を補いました(「{lost[0]}」など)"
            self.cautions.append(Fault(what, self.file, column=_AREA))
        return [self._key(entry, restore=bool(lost)) for entry in self.entries.values()]

    def _key(self, entry: _Entry, *, restore: bool) -> str:
        if entry.short == _WHOLE:
            return self.gazetteer.code
        if not restore or not entry.short.isdecimal():
            whole = f"{self.gazetteer.code}{entry.short}"
            return entry.short if entry.short in self.gazetteer.small_areas else whole
        fine = len(entry.short) > 4 or self._cell(entry.cells, _BLOCK).strip("-") != ""
        return f"{self.gazetteer.code}{entry.short.zfill(6 if fine else 4)}"

    def _area(self, entry: _Entry, key: str) -> AreaRow:
        state = self._cell(entry.cells, _STATE)
        known = {
            "": Treatment.NONE,
            "-": Treatment.NONE,
            "合算地域あり": Treatment.RECEIVES,
            "秘匿地域": Treatment.SUPPRESSED,
        }
        if state not in known:
            self.wrong.append(Fault(f"「{state}」の意味が分かりません", self.file, entry.line, _STATE))
        label = f"{self._cell(entry.cells, _TOWN)}{self._cell(entry.cells, _BLOCK).strip('-')}"
        return AreaRow(
            line=entry.line,
            key=key,
            name=label.strip("-") or self._cell(entry.cells, _CITY_NAME),
            treatment=known.get(state, Treatment.NONE),
            into=self._cell(entry.cells, _INTO).strip("-"),
            members=split_codes(self._cell(entry.cells, _MEMBERS)),
        )
