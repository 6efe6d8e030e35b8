"""Read a list of facilities that somebody opens: CSV as municipalities publish it, GeoJSON, GeoPackage, shapefile."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kyodo_geo.errors import Fault, TableError
from kyodo_geo.model.reach.values import Facility
from kyodo_geo.sources.disk import content_of
from kyodo_geo.sources.visit.coordinates import Position, position_of
from kyodo_geo.sources.visit.facility_columns import ALIASES, NEEDED, Columns, columns_of
from kyodo_geo.sources.visit.facility_shapes import read_features, read_shapes
from kyodo_geo.sources.visit.opened import Opened
from kyodo_geo.sources.visit.separated import SeparatedRow, read_separated

_SHAPE_FILES = (".gpkg", ".zip", ".shp")
_TITLE_ROWS = 30  # no list was seen whose column names stand further down
_NOTE_SIGNS = ("※", "*", "注", "資料", "出典")
# Signs that separate codes where facilities are listed in an address, and the words this tool puts before its own
_NO_CODE = re.compile(r"[;,@]|^[新移]")

ReadFacilities = tuple[tuple[Facility, ...], Opened]


@dataclass(frozen=True)
class _Entry:
    """One facility as it stands in a file: where (line, column of the position), its cells, its position."""

    line: int | None
    where: str
    cells: Sequence[str]
    position: Position


def read_facilities_file(path: Path) -> ReadFacilities:
    """Read a file from disk as `read_facilities`; also GeoPackage (.gpkg) and shapefiles (.shp, .zip) of points.

    Raises DataFileError when the file cannot be opened.
    """
    content = content_of(path, what="施設のファイル")
    if path.suffix.lower() in _SHAPE_FILES:
        return _from_features(read_shapes(path), name=path.name, content=content)
    return read_facilities(content, name=path.name)


def read_facilities(content: bytes, *, name: str) -> ReadFacilities:
    """Read facilities from a CSV (comma or tab; UTF-8, UTF-16 with BOM, cp932) or a GeoJSON of points.

    Columns are found by name, in whichever row they stand. A row whose position cannot be read stays in the list with
    point "none" and the reason in its note; rows without a name or with a code that already stands above are left out.
    Everything of that kind is a Fault of the Opened. Without a code column the rows are numbered from 1.
    Raises TableError when no facility with a position is found, saying which columns were expected and which came.
    """
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return _from_features(read_features(content, name=name), name=name, content=content)
    rows, header = read_separated(content, name=name), None
    for number, row in enumerate(rows[:_TITLE_ROWS]):
        columns = columns_of(row.cells)
        if not columns.missing(tuple(NEEDED)):
            header = number
            break
    if header is None:
        raise _no_columns(rows, name)
    entries = [
        _Entry(
            row.line,
            "",
            row.cells,
            position_of(columns.cell(row.cells, "lat"), columns.cell(row.cells, "lon")),
        )
        for row in rows[header + 1 :]
    ]
    return _facilities(entries, columns, rows[header].cells, name=name, content=content)


def _no_columns(rows: Sequence[SeparatedRow], name: str) -> TableError:
    """Say which columns were expected, beside those of the row that knows most of them."""
    best = min(rows[:_TITLE_ROWS], key=lambda row: len(columns_of(row.cells).missing(tuple(NEEDED))))
    missing = columns_of(best.cells).missing(tuple(NEEDED))
    came = "、".join(cell for cell in best.cells if cell)
    return TableError(
        f"{name}: 施設の一覧に必要な列がありません。",
        faults=[_missing_column(role, name, best.line) for role in missing],
        todo=f"列の名前を上のどれかにしてください(来た列: {came[:300] or 'なし'})",
    )


def _missing_column(role: str, name: str, line: int | None) -> Fault:
    known = "・".join(ALIASES[role])
    return Fault(f"{NEEDED[role]}の列がありません(読める列名: {known})", file=name, row=line)


def _from_features(
    features: Sequence[tuple[Mapping[str, str], Position]], *, name: str, content: bytes
) -> ReadFacilities:
    header = list(dict.fromkeys(key for properties, _ in features for key in properties))
    columns = columns_of(header)
    if columns.missing(("name",)):
        raise TableError(
            f"{name}: 施設の名称の項目がありません。",
            faults=[_missing_column("name", name, None)],
            todo=f"項目の名前を上のどれかにしてください(来た項目: {'、'.join(header)[:300] or 'なし'})",
        )
    entries = [
        _Entry(None, f"{number} 番目の地物: ", [properties.get(key, "") for key in header], position)
        for number, (properties, position) in enumerate(features, start=1)
    ]
    return _facilities(entries, columns, header, name=name, content=content)


def _facilities(
    entries: Iterable[_Entry], columns: Columns, header: Sequence[str], *, name: str, content: bytes
) -> ReadFacilities:
    reading = _Reading(name, columns, header)
    found = [one for number, entry in enumerate(entries, start=1) if (one := reading.take(entry, number))]
    placed = sum(one.lon is not None for one in found)
    if not placed:
        raise TableError(
            f"{name}: 位置の分かる施設が1つもありません({len(found)} 件すべて位置なし)。",
            faults=reading.left_out or [Fault("施設の行がありません", file=name)],
            todo="緯度と経度を度の数(例 緯度 38.93、経度 141.13)で入れてください",
        )
    counts = (("位置のある施設", placed), ("位置なし", len(found) - placed))
    return tuple(found), Opened(
        name=name,
        title="施設の一覧(利用者が開いたファイル)",
        sha256=hashlib.sha256(content).hexdigest(),
        counts=counts,
        left_out=tuple(reading.left_out),
        cautions=tuple(reading.cautions),
    )


class _Reading:
    """The faults and the codes of one reading; it lives only as long as the reading."""

    def __init__(self, name: str, columns: Columns, header: Sequence[str]) -> None:
        self.name, self.columns, self.header = name, columns, header
        self.left_out: list[Fault] = []
        self.cautions: list[Fault] = []
        self.seen: dict[str, str] = {}

    def take(self, entry: _Entry, number: int) -> Facility | None:
        """Return the facility of an entry, or None when it is left out."""
        label = self.columns.cell(entry.cells, "name")
        fault = self._unusable(entry, label)
        if fault:
            self.left_out.append(self._fault(entry, fault, "name"))
            return None
        code = self._code(entry, number)
        if code in self.seen:
            self.left_out.append(
                self._fault(entry, f"「{label}」のコード「{code}」は{self.seen[code]}にもあります", "code")
            )
            return None
        self.seen[code] = f" {entry.line} 行目" if entry.line else f" {number} 番目の地物"
        hazards, strange = self.columns.marks(entry.cells)
        for hazard, text in strange:
            self.cautions.append(
                self._fault(entry, f"{hazard}の「{text}」は 1 でも空欄でもないため、不明とします")
            )
        return self._facility(entry, code, label, hazards)

    def _unusable(self, entry: _Entry, label: str) -> str:
        if not label:
            return "名称が空欄です"
        alone = sum(bool(cell.strip()) for cell in entry.cells) == 1
        if alone and label.startswith(_NOTE_SIGNS):
            return f"「{label[:30]}」は注記の行とみなしました"
        extra = [cell for cell in entry.cells[len(self.header) :] if cell.strip()]
        if extra:
            return f"{len(self.header)} 個の値が必要ですが {len(entry.cells)} 個です"
        return ""

    def _code(self, entry: _Entry, number: int) -> str:
        if "code" not in self.columns.places:
            return str(number)
        code = unicodedata.normalize("NFKC", self.columns.cell(entry.cells, "code")).removeprefix("'")
        if code and not _NO_CODE.search(code):
            return code
        stand_in = f"行{entry.line or number}"
        why = f"コード「{code}」は使えない記号を含む" if code else "コードが空欄の"
        self.cautions.append(self._fault(entry, f"{why}ため、「{stand_in}」とします", "code"))
        return stand_in

    def _facility(self, entry: _Entry, code: str, label: str, hazards: Mapping[str, bool] | None) -> Facility:
        at = entry.position
        if at.wrong:
            self.left_out.append(self._fault(entry, f"「{label}」は位置なし: {at.wrong}"))
        if at.remark:
            self.cautions.append(self._fault(entry, f"「{label}」の{at.remark}"))
        told = (
            f"位置なし: {at.wrong}" if at.wrong else "",
            self.columns.cell(entry.cells, "address"),
            self.columns.cell(entry.cells, "note"),
        )
        return Facility(
            code, label, "own", at.lon, at.lat, point="none" if at.wrong else "exact",
            note="。".join(filter(None, told)), hazards=hazards,
        )  # fmt: skip

    def _fault(self, entry: _Entry, what: str, role: str = "") -> Fault:
        at = self.columns.places.get(role)
        column = self.header[at] if at is not None else ""
        return Fault(f"{entry.where}{what}", file=self.name, row=entry.line, column=column)
