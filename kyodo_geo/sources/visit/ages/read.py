"""The door for tables of people by age: which form a file has is told by its content, never by its name."""

from __future__ import annotations

from kyodo_geo.errors import Fault, TableError
from kyodo_geo.sources.visit.ages import estat, listing, resident
from kyodo_geo.sources.visit.ages.estat_file import estat_head
from kyodo_geo.sources.visit.ages.resident_columns import is_role
from kyodo_geo.sources.visit.ages.values import AgesRead
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.sheets.sheet import Sheet, read_sheets

__all__ = ["AgesRead", "read_ages"]

_FORMS = (
    "e-Stat の小地域の表(T001082・T000849)、e-Stat の「年齢別人口」のファイル(h03)、"
    "自治体標準オープンデータの「地域・年齢別人口」、または町丁字・行政区・地区と年齢の列を持つ表"
)


def read_ages(content: bytes, *, name: str, gazetteer: Gazetteer) -> AgesRead:
    """Return the people by age in a file: e-Stat tables and listings, the municipal standard, resident registers.

    CSV of any encoding, Excel, ODS, or a zip with one of them. Raises TableError, with all faults, for anything that is
    no such table, and for what each reader refuses.
    """
    sheets = read_sheets(content, name=name)
    for sheet in sheets:
        if estat_head(sheet) is not None:
            return estat.read_estat_ages(sheet, content=content, name=name, gazetteer=gazetteer)
        if listing.listing_head(sheet) is not None:
            return listing.read_listing(sheet, content=content, name=name, gazetteer=gazetteer)
    bodies = [(sheet, body) for sheet in sheets if (body := resident.resident_body(sheet, gazetteer))]
    if len(bodies) != 1:
        raise _not_one(sheets, [sheet.name for sheet, _ in bodies], name)
    sheet, body = bodies[0]
    return resident.read_resident(sheet, body, content=content, name=name, gazetteer=gazetteer)


def _not_one(sheets: tuple[Sheet, ...], found: list[str], name: str) -> TableError:
    if found:
        return TableError(
            f"{name}: 年齢別人口の表のあるシートが {len(found)} つあります({'、'.join(found)})。",
            todo="使うシートだけを1つのファイルにして開いてください",
        )
    # Only names of columns that are ours are shown: a list handed in by mistake may name persons and their homes
    names = dict.fromkeys(
        cell for sheet in sheets for row in sheet.rows for cell in row.cells if is_role(cell)
    )
    rows = sum(len(sheet.rows) for sheet in sheets)
    columns = max(len(row.cells) for sheet in sheets for row in sheet.rows)
    known = f"、そのうち知っている列名: {'、'.join(names)}" if names else ""
    return TableError(
        f"{name}: 年齢別人口の表として読めません。場所の列と、年齢の列が見つかりません。",
        faults=[Fault(f"来たもの: {rows:,} 行、最大 {columns:,} 列{known}", name)],
        todo=f"読める表: {_FORMS}",
    )
