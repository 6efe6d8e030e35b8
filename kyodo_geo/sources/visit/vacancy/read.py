"""Read a list of vacant dwellings that somebody opens: points, dwellings with a place, or counts by place."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kyodo_geo.errors import Fault, TableError
from kyodo_geo.model.vacancy.values import VacantRecord
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.made_up import says_fictional
from kyodo_geo.sources.visit.opened import Opened
from kyodo_geo.sources.visit.sheets.areas import BY_AREA
from kyodo_geo.sources.visit.sheets.dates import read_year
from kyodo_geo.sources.visit.sheets.heads import Body, find_body
from kyodo_geo.sources.visit.sheets.other_city import title_of_another
from kyodo_geo.sources.visit.sheets.places import Unfound, place_names
from kyodo_geo.sources.visit.sheets.sheet import Sheet, read_sheets
from kyodo_geo.sources.visit.vacancy.columns import Columns, columns_of, is_known, suffices
from kyodo_geo.sources.visit.vacancy.doubles import repeated
from kyodo_geo.sources.visit.vacancy.rows import Reading
from kyodo_geo.sources.visit.vacancy.table import Stated, Table

_TITLE = "空き家の一覧(利用者が開いたファイル)"
_WORDS = ("空き家", "空家", "空屋", "空き屋", "vacan", "akiya")
_MOST_MARKS, _LONGEST_MARK = 6, 8
_TODO = (
    "見出しの行に、場所(所在地・行政区・町丁字・小地域コード・地区、または緯度と経度)と、"
    "空き家数か1軒ごとの項目(ランク・調査年など)を置いてください"
)
_TODO_YEAR = "「調査年」の列を加えるか、表題かファイル名に調査の年(例 令和5年)を入れてください"


@dataclass(frozen=True)
class VacancyRead:
    """The vacant dwellings of a file, the places that are no small area or several, and the account of its reading."""

    records: tuple[VacantRecord, ...]
    unfound: tuple[Unfound, ...]
    opened: Opened


def read_vacancy(content: bytes, *, name: str, gazetteer: Gazetteer) -> VacancyRead:
    """Return the vacant dwellings of a CSV or a workbook in the order of the file.

    A row is one vacant dwelling (所在地, 緯度 and 経度, or a place with ランク or 調査年), or a place with 空き家数 and
    perhaps 住宅数; A to D side by side give a record for each state. States are passed on as they stand: which letter
    is the best differs from city to city. 低, 中 and 高 are no states, and 空家判定 chooses no rows; both are told.
    Columns of persons (所有者, 電話 …) are not read at all. The year of the survey comes from its column, else from
    the count's head, the title, the sheet's or the file's name. A row whose place is no or several small areas stays
    a record without keys and its name is `unfound`, unless it has a point. Rows without place, year or number are left
    out by row, and so are a district's row that is the sum of its places' rows, dwellings that were taken down (除却,
    解体) and those with an address in another municipality. Nothing is checked against the city's
    outline: that needs its geometry.
    Raises TableError, with all faults at once, for no such table, sheets of different kinds, columns of one name, no
    year, years and numbers that cannot be, more vacant than dwellings, a district's row beside other rows of it that
    do not add up to it, rows or titles of another city, rows that are former municipalities, and more than 100,000
    vacant dwellings in a row.
    """
    tables = _tables(read_sheets(content, name=name), name, gazetteer)
    _refuse_others(tables, name, gazetteer)
    reading = Reading(gazetteer)
    for table in tables:
        reading.faults += _table_faults(table)
        reading.cautions += _table_cautions(table)
        reading.take(table)
    if reading.faults:
        raise TableError(
            f"{name}: 空き家の一覧に使えない値があります。",
            faults=reading.faults,
            todo=_TODO_YEAR
            if any(_has_no_year(table) for table in tables)
            else "上の行を直して開き直してください",
        )
    if not reading.records:
        raise TableError(f"{name}: 使える空き家の行が1つもありません。", faults=reading.left_out, todo=_TODO)
    reading.cautions += _whole_cautions(reading, tables, name)
    return VacancyRead(
        tuple(reading.records), tuple(reading.unfound), _opened(reading, tables, name, content)
    )


def _refuse_others(tables: Sequence[Table], name: str, gazetteer: Gazetteer) -> None:
    """Raise TableError for titles that speak of another city, and for rows that are former municipalities."""
    for table in tables:
        elsewhere = title_of_another([*table.body.title, table.body.sheet], gazetteer)
        if elsewhere:
            raise TableError(
                f"{name}: 別の市の表です(表題かシート名に「{elsewhere}」とあります)。",
                faults=[Fault(f"{gazetteer.city}の名前がありません", table.where)],
                todo=f"{gazetteer.city}の空き家の一覧を開いてください",
            )
        if place_names(gazetteer).is_by_area(table.names()):
            raise TableError(
                f"{name}: {BY_AREA}。", faults=[Fault("地域の名前の行です", table.where)], todo=_TODO
            )


def _tables(sheets: Sequence[Sheet], name: str, gazetteer: Gazetteer) -> list[Table]:
    bodies = [body for sheet in sheets if (body := _body(sheet, gazetteer))]
    if not bodies:
        # Only a row of column names is shown: a row of values may name persons
        heads = (row for sheet in sheets for row in sheet.rows if any(map(is_known, row.cells)))
        came = "、".join(next((row.cells for row in heads), ()))
        raise TableError(
            f"{name}: 空き家の一覧に必要な列がありません(来た列: {came[:200] or '見出しの行が見つかりません'})。",
            todo=_TODO,
        )
    tables = [_table(body) for body in bodies]
    if len({table.columns.kind for table in tables}) > 1:
        raise TableError(
            f"{name}: 種類の違う表が {len(tables)} つあります(足すと二重に数えるかもしれません)。",
            faults=[Fault(f"列: {'、'.join(table.columns.roles.values())}", table.where) for table in tables],
            todo="読む表のシートだけを残して開き直してください",
        )
    return tables


def _body(sheet: Sheet, gazetteer: Gazetteer) -> Body | None:
    """Return the table of a sheet; totals are looked for by arithmetic only where rows are counts."""
    places = place_names(gazetteer)
    place, district = places.is_place, places.is_district
    body = find_body(sheet, known=is_known, needed=suffices, sums=False, place=place, district=district)
    if body and columns_of(body.columns).counts_by_place:
        return find_body(sheet, known=is_known, needed=suffices, sums=True, place=place, district=district)
    return body


def _table(body: Body) -> Table:
    columns = columns_of(body.columns)
    return Table(body, columns, _stated(body, columns))


def _stated(body: Body, columns: Columns) -> Stated:
    """Return the year that the count's head, the title (its 調査 first), the sheet's or the file's name says."""
    surveys = [text for text in body.title if "調査" in text]
    for text in (columns.roles.get("count", ""), *surveys, *body.title, body.sheet, body.file):
        try:
            year = read_year(text)
        except ValueError as error:
            return Stated(text=text, wrong=str(error))
        if year is not None:
            return Stated(year, text)
    return Stated()


def _has_no_year(table: Table) -> bool:
    return not table.year_in_rows and table.stated.year is None


def _table_faults(table: Table) -> Iterator[Fault]:
    for _, several in table.columns.doubled:
        what = (
            f"同じ意味の列が {len(several)} つあります({'、'.join(several)})。読む列を1つだけ残してください"
        )
        yield Fault(what, table.where, column=several[0])
    if _has_no_year(table):
        why = table.stated.wrong or "列にも表題にもファイル名にもありません"
        yield Fault(f"調査の年が分かりません: {why}", table.where, column=table.columns.roles.get("year", ""))
    uncounted = _uncounted(table)
    if uncounted:
        what = "空き家の数のようですが、列の名前が分かりません(「空き家数」としてください)"
        yield Fault(what, table.where, column=uncounted)


def _uncounted(table: Table) -> str:
    """Return a column of numbers that may be the count of places, in a table that seems to list single dwellings."""
    columns = table.columns
    if columns.counts_by_place or columns.has_point or "address" in columns.roles:
        return ""
    for column in columns.unread:
        cells = [record.cells.get(column, "") for record in table.body.records]
        if any(word in column for word in ("数", "戸", "件", "棟")) and all(
            cell.isdecimal() for cell in cells
        ):
            return column
    return ""


def _table_cautions(table: Table) -> Iterator[Fault]:
    columns, where = table.columns, table.where
    if columns.personal:
        told = "、".join(columns.personal)
        yield Fault(f"個人に関わる列がありますが、読んでいません: {told}", where)
    for column in columns.doubtful:
        told = _marks(record.cells.get(column, "") for record in table.body.records)
        yield Fault(f"この列では行を選ばず、すべて空き家として数えました({told})", where, column=column)
    if columns.unread:
        yield Fault(f"読まなかった列: {'、'.join(columns.unread)[:300]}", where)
    if not table.year_in_rows and table.stated.year is not None:
        said = table.stated.text[:60]
        yield Fault(f"調査年の列に値がないため、「{said}」から {table.stated.year}年の調査としました", where)


def _marks(cells: Iterable[str]) -> str:
    """Tell the marks of a column and their rows; only their number where it holds free text, which may name persons."""
    marks = Counter(cell or "空欄" for cell in cells)
    if len(marks) > _MOST_MARKS or any(len(mark) > _LONGEST_MARK for mark in marks):
        return f"{len(marks)} 種類の記入"
    return "、".join(f"{mark} {times} 行" for mark, times in marks.most_common())


def _whole_cautions(reading: Reading, tables: Sequence[Table], name: str) -> Iterator[Fault]:
    texts = (
        name,
        *(text for table in tables for text in (*table.body.title, table.body.sheet, *table.body.columns)),
    )
    if not any(word in text.casefold() for text in texts for word in _WORDS):
        yield Fault(
            "表題・列名・ファイル名に「空き家」の語がありません。空き家の一覧か確かめてください", name
        )
    if reading.by_point_only:
        yield Fault(
            f"所在地が小地域の名前に当たらない {reading.by_point_only} 行は、位置だけで読みました", name
        )
    if not tables[0].columns.counts_by_place:
        what = f"空き家数の列がないため、1 行を 1 戸と数えました({len(reading.records)} 行)"
        yield Fault(what, tables[0].body.file)
    lost = reading.by_district_only
    if lost:
        what = f"町丁字に当たらない名前や所在地の {len(lost):,} 行は、地区だけで結びました"
        yield Fault(what, lost[0].file, lost[0].row)
    years = Counter(record.year for record in reading.records)
    if len(years) > 1:
        told = "、".join(f"{year}年 {rows} 行" for year, rows in sorted(years.items()))
        yield Fault(f"調査の年が {len(years)} つあります({told})。年ごとに数え、足しません", name)
    # Dwellings of one 行政区 have no name of their own, so only points and places can be told to be doubles
    places = tables[0].columns.counts_by_place
    yield from repeated([one for one in reading.records if places or one.lon is not None], name=name)


def _opened(reading: Reading, tables: Sequence[Table], name: str, content: bytes) -> Opened:
    placed = sum(one.lon is not None for one in reading.records)
    known = sum(one.lon is None and bool(one.keys or one.district) for one in reading.records)
    lost = len(reading.records) - placed - known
    titles = [text for table in tables for text in table.body.title]
    said = [
        table.columns.cell(record.cells, role)
        for table in tables
        for record in table.body.records
        for role in ("city", "note")
    ]
    return Opened(
        name=name,
        title=titles[0] if titles else _TITLE,
        sha256=hashlib.sha256(content).hexdigest(),
        counts=(("位置のある行", placed), ("小地域か地区の分かる行", known), ("場所の決まらない行", lost)),
        left_out=tuple(reading.left_out),
        cautions=tuple(reading.cautions),
        reference_date="、".join(f"{year}年" for year in sorted({one.year for one in reading.records})),
        fictional=says_fictional(name, [*titles, *(table.body.sheet for table in tables), *said]),
    )
