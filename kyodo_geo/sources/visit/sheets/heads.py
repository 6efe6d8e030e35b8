"""The body of a table as people lay it out: its head found by known names, its rows one record each."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from kyodo_geo.errors import Fault
from kyodo_geo.sources.visit.sheets.head_rows import Head, Known, Needed, clean_head, find_head
from kyodo_geo.sources.visit.sheets.sheet import Sheet, SheetRow
from kyodo_geo.sources.visit.sheets.totals import find_sums, is_total_name
from kyodo_geo.sources.visit.sheets.turn import name_corner, turn

_NOTE = re.compile(
    r"[(\[【<〔]?(?:※|\*|注(?:[0-9一-九\s:.、)\]】>〕釈記意]|$)|資料|出典|備考(?:[\s:)\]】>〕]|$)|\(注)"
)
_NAMES_A_PLACE = re.compile(
    r"町|丁|字|地区|地域|行政区|自治会|集落|校区|学区|区分|区域|名称|市区|市町|村|所在|住所|地名|団体|項目|^名$|NAME|name"
)
_NO_PLACE = re.compile(r"コード|番号|男|女|年齢|性別|人口|世帯|戸|数$|率|カナ|かな|URL|備考")
# Columns of what the whole table lies in say nothing about the place of one row
_NAMES_A_CITY = re.compile(r"都道府県|市区町村|市町村|団体|CITYNAME")
_SHOWN = 30

IsPlace = Callable[[str], bool]


@dataclass(frozen=True)
class Record:
    """One row of one block: its 1-based line as a spreadsheet shows it, and its cells by the name of the column.

    In a table that was turned `line` is the column's number, from 1.
    """

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Body:
    """A table's records below its head: `title` the texts above it, `columns` the names of one block.

    Columns of the same name carry a number from the second on (男 (2)); a column with values but no name is called by
    its letter (列C). `left_out` names every row passed over: totals, notes, repeated heads. `turned` says that the
    places stood across and the names of the columns down the side.
    """

    file: str
    sheet: str
    title: tuple[str, ...]
    columns: tuple[str, ...]
    records: tuple[Record, ...]
    left_out: tuple[Fault, ...]
    turned: bool = False


def find_body(  # noqa: PLR0913 - what tells columns, and what tells places
    sheet: Sheet,
    *,
    known: Known,
    needed: Needed,
    sums: bool = True,
    place: IsPlace | None = None,
    district: IsPlace | None = None,
) -> Body | None:
    """Return the table of a sheet, None when no row (or column) holds the names needed.

    `known` tells whether one cell is a column's name, `needed` whether the joined names of all columns suffice ("" for
    columns without). Blocks side by side are stacked, the first block's rows first. Rows of notes end the table. Totals
    are left out by name and, with `sums`, by being the sum of the rows above them (see `totals.find_sums`); a row all of
    whose names are a `place` of the city is never left out by its sum. With `place` also a table whose places stand
    across under a corner that is blank, 年齢 or 区分 is turned, and its places are under 地区 where most are a `district`.
    """
    head = find_head(sheet, known=known, needed=needed)
    if head:
        return _body(sheet, head, sums=sums, place=place)
    turned, title = turn(sheet, known=known)
    head = find_head(turned, known=known, needed=needed) if turned.rows else None
    if head is None and place and turned.rows:
        turned = name_corner(turned, place=place, district=district)
        head = find_head(turned, known=known, needed=needed)
    if head is None:
        return None
    body = _body(turned, head, sums=sums, place=place)
    told = tuple(replace(fault, what=f"{fault.row} 列目: {fault.what}", row=None) for fault in body.left_out)
    return replace(body, title=(*title, *body.title), left_out=told, turned=True)


def _body(sheet: Sheet, head: Head, *, sums: bool, place: IsPlace | None) -> Body:
    title = tuple(cell for row in sheet.rows[: head.first] for cell in row.cells if cell)
    rows, left_out = _own_rows(sheet, head)
    places, columns = _columns(head, rows)
    stacked = tuple(_stack(rows, head, places, columns))
    totals = dict(_totals(stacked, columns, sums=sums, place=place))
    faults = [Fault(why, file=sheet.file, row=stacked[at].line) for at, why in totals.items()]
    return Body(
        file=sheet.file,
        sheet=sheet.name,
        title=title,
        columns=columns,
        records=tuple(record for at, record in enumerate(stacked) if at not in totals),
        left_out=tuple(sorted([*left_out, *faults], key=lambda fault: fault.row or 0)),
    )


def _own_rows(sheet: Sheet, head: Head) -> tuple[list[SheetRow], list[Fault]]:
    """Return the rows below the head up to the notes, without repeated heads; and what was passed over."""
    heads = {_cleaned(row) for row in sheet.rows[head.first : head.last + 1]}
    rows: list[SheetRow] = []
    left_out: list[Fault] = []
    below = sheet.rows[head.last + 1 :]
    for at, row in enumerate(below):
        if _is_note(row):
            left_out.append(
                Fault(f"「{_first(row)}」は注記の行とみなしました", file=sheet.file, row=row.line)
            )
            left_out += _below_the_note(sheet, below[at + 1 :])
            break
        if _cleaned(row) in heads:
            left_out.append(Fault("見出しの繰り返しとみなしました", file=sheet.file, row=row.line))
        else:
            rows.append(row)
    return rows, left_out


def _below_the_note(sheet: Sheet, rows: Sequence[SheetRow]) -> list[Fault]:
    if not rows:
        return []
    what = f"注記より下の {len(rows)} 行({rows[-1].line} 行目まで)は読んでいません"
    return [Fault(what, file=sheet.file, row=rows[0].line)]


def _is_note(row: SheetRow) -> bool:
    filled = [cell for cell in row.cells if cell]
    return len(filled) == 1 and bool(_NOTE.match(unicodedata.normalize("NFKC", filled[0])))


def _cleaned(row: SheetRow) -> tuple[str, ...]:
    return tuple(clean_head(cell) for cell in row.cells if cell)


def _first(row: SheetRow) -> str:
    return next(cell for cell in row.cells if cell)[:_SHOWN]


def _columns(head: Head, rows: Sequence[SheetRow]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the places of a block's columns, from the block's first on, and their names."""
    first, end = head.blocks[0]
    if len(head.blocks) > 1:
        named = [at for at in range(first, end) if head.columns[at]]
        return tuple(at - first for at in named), tuple(head.columns[at] for at in named)
    used = {at for row in rows for at, cell in enumerate(row.cells) if cell}
    kept = [at for at in range(end) if head.columns[at] or at in used]
    return tuple(kept), tuple(head.columns[at] or f"列{column_letter(at)}" for at in kept)


def column_letter(at: int) -> str:
    """Return the letters a spreadsheet shows for the 0-based column `at`: A, Z, AA."""
    letters = ""
    while at >= 0:
        at, letter = divmod(at, 26)
        letters, at = chr(ord("A") + letter) + letters, at - 1
    return letters


def _stack(
    rows: Sequence[SheetRow], head: Head, places: Sequence[int], columns: Sequence[str]
) -> Iterator[Record]:
    several = len(head.blocks) > 1
    for first, _ in head.blocks:
        for row in rows:
            at = [first + place if several else place for place in places]
            cells = [row.cells[one] if one < len(row.cells) else "" for one in at]
            if any(cells):
                yield Record(row.line, MappingProxyType(dict(zip(columns, cells, strict=True))))


def _totals(
    records: Sequence[Record], columns: Sequence[str], *, sums: bool, place: IsPlace | None
) -> Iterator[tuple[int, str]]:
    """Yield the place of each total among the records and what gave it away."""
    naming = _naming(columns, records)
    names = [next((name for c in naming if is_total_name(name := record.cells[c])), "") for record in records]
    for at, name in enumerate(names):
        if name:
            yield at, f"「{name[:_SHOWN]}」は合計・再掲の行とみなしました"
    rows = [tuple(record.cells.values()) for record in records]
    places = _places(records, naming, place) if sums and place else []
    found = find_sums(columns, rows, [bool(name) for name in names], places) if sums else {}
    for at, count in found.items():
        name = next((records[at].cells[c] for c in naming if records[at].cells[c]), "名前なし")
        yield at, f"「{name[:_SHOWN]}」はほかの {count} 行の合計に等しいため、合計の行とみなしました"


def _places(records: Sequence[Record], naming: Sequence[str], place: IsPlace) -> list[bool]:
    """Tell of each row whether all its names, or all of them put together, are places of the city.

    Of rows that bear the same names one may well be the sum above or below the other's neighbours.
    """
    own = [column for column in naming if not _NAMES_A_CITY.search(column)]
    names = [tuple(cell for column in own if (cell := record.cells[column])) for record in records]
    rows = Counter(names)
    return [bool(one) and rows[one] == 1 and (all(map(place, one)) or place("".join(one))) for one in names]


def _naming(columns: Sequence[str], records: Sequence[Record]) -> list[str]:
    """Return the columns that name places; failing that the first with more words than numbers."""
    naming = [column for column in columns if _NAMES_A_PLACE.search(column) and not _NO_PLACE.search(column)]
    if naming:
        return naming
    for column in columns:
        filled = [record.cells[column] for record in records if record.cells[column]]
        words = sum(not cell[-1:].isdigit() for cell in filled)
        if filled and 2 * words > len(filled):
            return [column]
    return []
