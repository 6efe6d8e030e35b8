"""e-Stat small-area tables as downloaded: a row of codes, a row of labels, then one row an area of a whole prefecture."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kyodo_geo.errors import Fault, TableError
from kyodo_geo.sources.visit.ages.suppression import AreaRow, Treatment, split_codes
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.made_up import says_fictional
from kyodo_geo.sources.visit.sheets.cells import read_whole
from kyodo_geo.sources.visit.sheets.sheet import Sheet, SheetRow

_HEAD_ROWS = 10  # the codes stand in the first row; a copy saved again may have titles above
_CODE = re.compile(r"(T\d{6})(\d{3})")
_NAMES = ("KEY_CODE", "CITYNAME", "NAME", "HTKSYORI", "HTKSAKI", "GASSAN")
_TREATMENTS = {"": Treatment.NONE, "0": Treatment.NONE, "1": Treatment.RECEIVES, "2": Treatment.SUPPRESSED}
_LOST_ZERO = (4, 8, 10)
_SHOWN = 5
_SHOWN_FAULTS = 100


@dataclass(frozen=True)
class EstatFile:
    """The rows of one city of a small-area table: `areas` and, beside each, its cells by column code.

    `table` is the id (T001082), `labels` the Japanese heads by code and `label_line` their row. `city` is the index of
    the row of the whole city among `areas`, None when the file has none.
    """

    file: str
    table: str
    labels: Mapping[str, str]
    label_line: int | None
    areas: tuple[AreaRow, ...]
    cells: tuple[Mapping[str, str], ...]
    city: int | None
    fictional: bool

    def of(self, key: str) -> tuple[AreaRow, Mapping[str, str]]:
        """Return the row of a key and its cells."""
        at = next(at for at, area in enumerate(self.areas) if area.key == key)
        return self.areas[at], self.cells[at]


@dataclass(frozen=True)
class _Layout:
    """Where the columns of a file stand, and how many cells a row has."""

    file: str
    places: Mapping[str, int]
    width: int


@dataclass
class _Body:
    """The city's rows as they are found; it lives only as long as the reading."""

    areas: list[AreaRow] = field(default_factory=list)
    cells: list[Mapping[str, str]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def estat_head(sheet: Sheet) -> int | None:
    """Return which row of a sheet holds the codes of an e-Stat table (KEY_CODE and T001082001 …), None when none does."""
    for at, row in enumerate(sheet.rows[:_HEAD_ROWS]):
        if "KEY_CODE" in row.cells and any(_CODE.fullmatch(cell) for cell in row.cells):
            return at
    return None


def read_estat(
    sheet: Sheet, *, name: str, gazetteer: Gazetteer, readable: Mapping[str, str], needed: Sequence[str]
) -> EstatFile:
    """Return the city's rows of a small-area table.

    `readable` gives what each table id is, `needed` the three digits of the columns to have. Rows are the city's by the
    first five digits of KEY_CODE, or by a key of the gazetteer; a zero lost at the front of KEY_CODE is put back.
    Raises TableError for another table (named, with those that can be read), for missing or doubled columns, for rows of
    another length, for unknown HTKSYORI, and for a table of other municipalities (at most five named).
    """
    at = estat_head(sheet)
    if at is None:
        raise TableError(f"{name}: e-Stat の小地域の表ではありません(KEY_CODE の行がありません)。")
    head = sheet.rows[at]
    table = _table_of(head, readable, name)
    codes = [f"{table}{number}" for number in needed]
    places = _columns(head, codes, name)
    rows = sheet.rows[at + 1 :]
    labels = rows[0] if rows and _is_labels(rows[0], places["KEY_CODE"], places[codes[0]]) else None
    body = _body(rows[1:] if labels else rows, _Layout(name, places, len(head.cells)), gazetteer)
    _require_sound(body, gazetteer, name)
    said = [cell for row in sheet.rows[: at + 2] for cell in row.cells]
    keys = [area.key for area in body.areas]
    return EstatFile(
        file=name,
        table=table,
        labels={code: _cell(labels, places[code]) for code in codes} if labels else {},
        label_line=labels.line if labels else None,
        areas=tuple(body.areas),
        cells=tuple(body.cells),
        city=keys.index(gazetteer.code) if gazetteer.code in keys else None,
        fictional=says_fictional(name, [*said, *body.names.values(), *(area.name for area in body.areas)]),
    )


def _table_of(head: SheetRow, readable: Mapping[str, str], name: str) -> str:
    ids = list(dict.fromkeys(found[1] for cell in head.cells if (found := _CODE.fullmatch(cell))))
    if len(ids) == 1 and ids[0] in readable:
        return ids[0]
    what = "、".join(f"{table}({title})" for table, title in readable.items())
    came = (
        f"この表は {ids[0]} です"
        if len(ids) == 1
        else f"{len(ids)} つの表({'、'.join(ids)})が1つになっています"
    )
    raise TableError(
        f"{name}: ここで読める小地域の表ではありません。",
        faults=[Fault(came, file=name, row=head.line)],
        todo=f"次のどれかを開いてください: {what}",
    )


def _columns(head: SheetRow, codes: Sequence[str], name: str) -> dict[str, int]:
    wanted = (*_NAMES, *codes)
    faults = [
        Fault("この列がありません", name, head.line, one) for one in wanted if one not in head.cells
    ] + [Fault("同じ列が2つあります", name, head.line, one) for one in wanted if head.cells.count(one) > 1]
    if faults:
        raise TableError(
            f"{name}: 小地域の表に必要な列がそろっていません。",
            faults=faults,
            todo="e-Stat から取ったままのファイル(zip のままでもよい)を開いてください",
        )
    return {one: head.cells.index(one) for one in wanted}


def _cell(row: SheetRow, at: int) -> str:
    return row.cells[at] if at < len(row.cells) else ""


def _is_labels(row: SheetRow, key: int, first: int) -> bool:
    try:
        read_whole(_cell(row, first))
    except ValueError:
        return True
    return not _cell(row, key)


def _key(row: SheetRow, at: int) -> str:
    """Return a KEY_CODE with the zero that a spreadsheet took from its front."""
    text = _cell(row, at)
    whole, point, rest = text.partition(".")
    key = whole if point and not rest.strip("0") else text
    return f"0{key}" if len(key) in _LOST_ZERO and key.isdecimal() else key


def _body(rows: Iterable[SheetRow], layout: _Layout, gazetteer: Gazetteer) -> _Body:
    body, seen = _Body(), dict[str, int]()
    at, named = layout.places["KEY_CODE"], layout.places["CITYNAME"]
    columns = [(column, place) for column, place in layout.places.items() if column.startswith("T")]
    for row in rows:
        key = _key(row, at)
        body.names.setdefault(key[:5], _cell(row, named))
        if "E+" in key.upper():
            what = f"「{key}」は指数表記になり、元のコードが分かりません"
            body.faults.append(Fault(what, layout.file, row.line, "KEY_CODE"))
        if key[:5] != gazetteer.code and key not in gazetteer.small_areas:
            continue
        if key in seen:
            what = f"「{key}」は {seen[key]} 行目にもあります"
            body.faults.append(Fault(what, layout.file, row.line, "KEY_CODE"))
        seen[key] = row.line
        body.areas.append(_area(row, key, layout, body.faults))
        body.cells.append({column: _cell(row, place) for column, place in columns})
    return body


def _area(row: SheetRow, key: str, layout: _Layout, faults: list[Fault]) -> AreaRow:
    cells = {column: _cell(row, layout.places[column]) for column in _NAMES}
    code = cells["HTKSYORI"].removesuffix(".0")
    treatment = _TREATMENTS.get(code)
    if treatment is None:
        faults.append(Fault(f"「{code}」は 0・1・2 のどれでもありません", layout.file, row.line, "HTKSYORI"))
    if len(row.cells) < layout.width or any(row.cells[layout.width :]):
        what = f"{layout.width} 個の値が必要ですが {len(row.cells)} 個です"
        faults.append(Fault(what, layout.file, row.line))
    return AreaRow(
        line=row.line,
        key=key,
        name=cells["NAME"] or cells["CITYNAME"],
        treatment=treatment or Treatment.NONE,
        into=cells["HTKSAKI"].removesuffix(".0").strip("-"),
        members=split_codes(cells["GASSAN"]),
    )


def _require_sound(body: _Body, gazetteer: Gazetteer, name: str) -> None:
    if body.faults:
        raise refused(
            name, body.faults, "e-Stat から取ったままのファイルを開いてください(Excel で開いて保存し直さない)"
        )
    if not body.areas:
        raise another_city(name, gazetteer, list(dict.fromkeys(filter(None, body.names.values()))))


def another_city(name: str, gazetteer: Gazetteer, names: Collection[str]) -> TableError:
    """Return the error for a table without any row of the city; it names at most five municipalities it holds."""
    shown = "、".join(list(names)[:_SHOWN]) or "市区町村名なし"
    more = f" ほか {len(names) - _SHOWN}" if len(names) > _SHOWN else ""
    return TableError(
        f"{name}: 別の市の表です。{gazetteer.city}({gazetteer.code})の行がありません。",
        faults=[Fault(f"入っている市区町村: {shown}{more}", file=name)],
        todo=f"{gazetteer.prefecture}の表で、{gazetteer.city}を含むものを開いてください",
    )


def refused(name: str, faults: Sequence[Fault], todo: str) -> TableError:
    """Return the error for a table whose numbers cannot be used: its faults (the first hundred, and how many more)."""
    rest = len(faults) - _SHOWN_FAULTS
    more = [Fault(f"ほかに {rest:,} か所", name)] if rest > 0 else []
    return TableError(
        f"{name}: 値が読めないか、合計が合わないため、この表は使いません({len(faults):,} か所)。",
        faults=[*faults[:_SHOWN_FAULTS], *more],
        todo=todo,
    )
