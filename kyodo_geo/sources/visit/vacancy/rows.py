"""The rows of a vacancy list as records: their place, year, counts and marks; what cannot be used is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kyodo_geo.errors import Fault
from kyodo_geo.model.vacancy.values import VacantRecord
from kyodo_geo.sources.visit.coordinates import Position, position_of
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.sheets.cells import Mark, read_whole
from kyodo_geo.sources.visit.sheets.heads import Record
from kyodo_geo.sources.visit.sheets.other_city import address_of_another
from kyodo_geo.sources.visit.sheets.places import Found, Unfound, place_names
from kyodo_geo.sources.visit.vacancy.doubles import part_totals
from kyodo_geo.sources.visit.vacancy.spots import Texts, find_spot
from kyodo_geo.sources.visit.vacancy.table import Table
from kyodo_geo.sources.visit.vacancy.words import read_source, read_state, read_survey_year, says_gone

_NOWHERE = Position()
_MOST_VACANT = 100_000  # more than stand empty in any ward; a number beyond it is a slip or another figure


@dataclass(frozen=True)
class _Spot:
    name: str
    keys: tuple[str, ...]
    district: str
    lon: float | None
    lat: float | None
    is_within: bool = False  # its own name lies somewhere in the district, nobody knows where


class Reading:
    """The records and faults of one reading; it lives only as long as the reading.

    `faults` refuse the whole file, `left_out` are rows that were not used, `cautions` what was used with a remark;
    `whole` are the records of the table at hand that speak of a whole district, `named` those whose own name does;
    `by_district_only` are the rows whose name is no place beside a district that is.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.records: list[VacantRecord] = []
        self.faults: list[Fault] = []
        self.left_out: list[Fault] = []
        self.cautions: list[Fault] = []
        self.unfound: dict[Unfound, None] = {}
        self.by_area = False
        self.by_point_only = 0
        self.whole: set[int] = set()
        self.named: set[int] = set()
        self.by_district_only: list[Fault] = []
        self._marks: dict[tuple[str, str, str], list[int]] = {}

    def take(self, table: Table) -> None:
        """Read every row of a table."""
        self.left_out += [Fault(one.what, table.where, one.row, one.column) for one in table.body.left_out]
        # Where the district's column holds former municipalities, only names and addresses can tell the place
        self.by_area = place_names(self.gazetteer).is_by_area(table.districts())
        before, self.records = self.records, []
        for record in table.body.records:
            _Row(self, table, record).take()
        parted = part_totals(
            self.records,
            self.whole,
            district_of=self.gazetteer.district_of,
            where=table.where,
            named=self.named,
        )
        self.records = [*before, *parted.kept]
        self.left_out += parted.left_out
        self.faults += parted.faults
        self.whole.clear()
        self.named.clear()
        for (role, column, text), lines in self._marks.items():
            meant = {
                "state": "A〜D ではないため、状態の記載なし",
                "source": "現地調査・水道・推計のどれとも決められないため、出所不明",
            }[role]
            what = f"「{text[:20]}」は{meant}として読みました({len(lines)} 行)"
            self.cautions.append(Fault(what, table.where, lines[0], column))
        self._marks.clear()

    def note_mark(self, role: str, column: str, text: str, line: int) -> None:
        """Remember a mark that was not understood, to be told of once with the number of its rows."""
        self._marks.setdefault((role, column, text), []).append(line)


class _Row:
    def __init__(self, reading: Reading, table: Table, record: Record) -> None:
        self.reading, self.table, self.record = reading, table, record

    def take(self) -> None:
        """Add the records of the row; one for each state where states stand side by side."""
        self._check_city()
        if self._is_gone() or self._is_elsewhere():
            return
        year, dwellings = self._year(), self._dwellings()
        counts = list(self._counts(dwellings))
        spot = self._spot() if year is not None and counts else None
        if year is None or spot is None:
            return
        source = self._mark("source") or "unknown"
        if spot.district and not spot.keys and not spot.is_within and self.table.columns.counts_by_place:
            own = range(len(self.reading.records), len(self.reading.records) + len(counts))
            (self.reading.whole if self._names_only_a_district() else self.reading.named).update(own)
        for state, count in counts:
            self.reading.records.append(
                VacantRecord(
                    self.record.line, spot.name, count, year, spot.keys, spot.district, spot.lon, spot.lat,
                    dwellings, state, source,
                )
            )  # fmt: skip

    def _names_only_a_district(self) -> bool:
        within = ("key", "name", "sub_name", "address")
        return not any(self._cell(role) for role in within)

    def _is_gone(self) -> bool:
        """Leave the row out where a column says that the dwelling was taken down."""
        for column in self.table.columns.gone:
            if says_gone(self.record.cells.get(column, "")):
                self._leave_out("除却・解体された建物です", column)
                return True
        return False

    def _is_elsewhere(self) -> bool:
        """Leave the row out where its address begins in another municipality."""
        elsewhere = address_of_another(self._cell("address"), self.reading.gazetteer)
        if elsewhere:
            self._leave_out(f"別の市町村({elsewhere})の所在地です", self._column("address"))
        return bool(elsewhere)

    def _cell(self, role: str) -> str:
        return self.table.columns.cell(self.record.cells, role)

    def _fault(self, what: str, column: str = "") -> Fault:
        if self.table.body.turned:
            return Fault(f"{self.record.line} 列目: {what}", self.table.where, column=column)
        return Fault(what, self.table.where, self.record.line, column)

    def _leave_out(self, what: str, column: str) -> None:
        self.reading.left_out.append(self._fault(f"{what}(この行は数えていません)", column))

    def _column(self, role: str) -> str:
        return self.table.columns.roles.get(role, "")

    def _check_city(self) -> None:
        cell, city = self._cell("city"), self.reading.gazetteer.city
        if cell and city not in cell:
            self.reading.faults.append(
                self._fault(f"「{cell[:20]}」は{city}ではありません", self._column("city"))
            )

    def _year(self) -> int | None:
        column = self._column("year")
        if not self.table.year_in_rows:
            return self.table.stated.year
        text = self._cell("year")
        try:
            year = read_survey_year(text)
        except ValueError as error:
            self.reading.faults.append(self._fault(str(error), column))
            return None
        if year is None:
            why = f"「{text[:20]}」から調査の年が読めません" if text else "調査の年が空欄です"
            self._leave_out(why, column)
        return year

    def _number(self, column: str) -> int | Mark | None:
        """Return the whole number of a cell or why it has none; None after a refusal."""
        try:
            return read_whole(self.record.cells.get(column, ""))
        except ValueError as error:
            self.reading.faults.append(self._fault(str(error), column))
            return None

    def _count(self, column: str) -> int | Mark | None:
        number = self._number(column)
        if isinstance(number, int) and number > _MOST_VACANT:
            what = f"空き家の数が {_MOST_VACANT:,} を超えています。1つの場所の戸数か確かめてください"
            self.reading.faults.append(self._fault(what, column))
            return None
        return number

    def _dwellings(self) -> int | None:
        column = self._column("dwellings")
        number = self._number(column) if column else None
        if isinstance(number, Mark):
            self.reading.cautions.append(self._fault(f"住宅数は{number.value}です(率には使えません)", column))
            return None
        return number

    def _counts(self, dwellings: int | None) -> Iterator[tuple[str, int]]:
        """Yield state and count of the row's records: none for a row that cannot be used."""
        columns = self.table.columns
        if not columns.counts_by_place:
            yield self._mark("state"), 1
            return
        numbers = {state: self._count(column) for state, column in columns.states.items()}
        by_state = {state: number for state, number in numbers.items() if isinstance(number, int)}
        total = self._total(sum(by_state.values()), whole=len(by_state) == len(numbers))
        if total is None:
            return
        if dwellings is not None and total > dwellings:
            what = f"空き家 {total:,} 戸が住宅 {dwellings:,} 戸より多くなっています"
            self.reading.faults.append(
                self._fault(what, self._column("count") or "・".join(columns.states.values()))
            )
            return
        if not columns.states:
            yield self._mark("state"), total
            return
        rest = total - sum(by_state.values())
        told = [(state, count) for state, count in (*by_state.items(), ("", rest)) if count]
        yield from told or [("", 0)]

    def _total(self, stated: int, *, whole: bool) -> int | None:
        """Return the row's vacant dwellings; None where it has none to count, which is told."""
        column = self._column("count")
        number = self._count(column) if column else None
        if column and number is None:
            return None
        if isinstance(number, int):
            if number < stated:
                what = f"空き家 {number:,} 戸より、状態別の合計 {stated:,} 戸が多くなっています"
                self.reading.faults.append(self._fault(what, column))
                return None
            return number
        if not column and whole:
            return stated
        why = number.value if isinstance(number, Mark) else "状態別の一部に数がない"
        told = column or "・".join(self.table.columns.states.values())
        self._leave_out(f"空き家の数は{why}", told)
        return None

    def _mark(self, role: str) -> str:
        text, column = self._cell(role), self._column(role)
        read = read_state(text) if role == "state" else read_source(text)
        if read is None:
            self.reading.note_mark(role, column, text, self.record.line)
        return read or ""

    def _spot(self) -> _Spot | None:
        position = self._position()
        name = f"{self._cell('name')}{self._cell('sub_name')}"
        texts = (
            self._cell("address"),
            name,
            self._cell("district"),
            self._cell("district_code"),
            self._cell("key"),
        )
        label = next(filter(None, texts), "")
        if not label and position.lon is None:
            columns = (self._column(role) for role in ("address", "name", "district", "key", "lat"))
            self._leave_out("場所が空欄です", next(filter(None, columns), ""))
            return None
        found = self._found(name) if label else None
        is_within = isinstance(found, Found) and bool(found.unknown)
        if is_within:
            self.reading.by_district_only.append(self._fault("", self._column("name")))
        keys, district = (found.keys, found.district) if isinstance(found, Found) else ((), "")
        if isinstance(found, Unfound):
            if position.lon is None:
                self.reading.unfound[found] = None
            else:
                self.reading.by_point_only += 1
        elif found and position.lon is None and not keys and not district:
            self._leave_out(f"「{label[:20]}」は市全体としか分かりません", self._column("key"))
            return None
        return _Spot(
            label or f"{self.record.line} 行目", keys, district, position.lon, position.lat, is_within
        )

    def _position(self) -> Position:
        if not self.table.columns.has_point:
            return _NOWHERE
        position = position_of(self._cell("lat"), self._cell("lon"))
        told = f"位置なし: {position.wrong}" if position.wrong else position.remark
        if told:
            self.reading.cautions.append(self._fault(told, self._column("lat")))
        return position

    def _found(self, name: str) -> Found | Unfound | None:
        """Return the place of the row as `find_spot`; None after a refusal (another city's key)."""
        code, called = self._cell("district_code"), self._cell("district")
        texts = Texts(self._cell("key"), name, self._cell("address"), code, called)
        if self.reading.by_area and (texts.key or name or texts.address):
            texts = replace(texts, district_code="", district="")
        try:
            return find_spot(texts, self.reading.gazetteer)
        except ValueError as error:
            self.reading.faults.append(self._fault(str(error), self._column("key")))
            return None
