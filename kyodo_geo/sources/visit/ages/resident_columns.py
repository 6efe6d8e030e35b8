"""The columns of resident tables: which names the place, the district, the day, the municipality, and which hold ages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kyodo_geo.sources.visit.ages.bands import AgeHead, Kind, read_age_head
from kyodo_geo.sources.visit.sheets.heads import Body, Record

# In the order they are looked for, in one form (NFKC, no blanks, capitals): both generations of the municipal standard,
# files that claim it (FORMATS.md 6.3, 6.4), and ordinary tables (6.5)
ALIASES = {
    "code": ("都道府県コード又は市区町村コード", "全国地方公共団体コード", "市区町村コード", "市町村コード", "団体コード"),
    "city": ("市区町村名", "市町村名", "地方公共団体名", "所在地_市区町村", "CITYNAME", "市区町村", "市町村"),
    "day": ("調査年月日", "基準日", "基準年月日", "年月日"),
    "key": ("KEY_CODE", "小地域コード", "小地域キー"),
    "short": ("町丁字コード", "町字コード", "地域コード"),
    "name": ("地域名", "行政区名", "行政区", "町丁字名", "町丁目名", "町丁名", "町丁・字等名", "町丁・字名", "町丁字", "町丁目",
             "町丁", "小地域名", "小地域", "大字・町名", "大字名", "大字", "町名", "町字名", "字名", "自治会名", "自治会", "集落名",
             "集落", "校区名", "校区", "学区", "区名", "名称", "地域"),
    "district_code": ("地区コード",),
    "district": ("地区名", "地区", "市民センター名", "市民センター", "公民館区", "協働体", "地域協働体"),
    "sex": ("性別", "男女", "男女別"),
    "age": ("年齢", "年齢区分", "年齢階級", "年齢層", "年齢(5歳階級)", "5歳階級", "年齢別"),
    "note": ("備考",),
}  # fmt: skip
_PLACES = ("key", "short", "name", "district_code", "district")
_FEWEST_BANDS = 2


@dataclass(frozen=True)
class Entry:
    """A record of a place: its 1-based line, what its cells say by role ("" where there is none), its people by column."""

    line: int
    said: Mapping[str, str]
    people: Mapping[str, str]


def is_known_name(cell: str) -> bool:
    """Tell whether a cell is the name of a column of a resident table."""
    return _role(cell) != "" or read_age_head(cell) is not None


def is_role(cell: str) -> bool:
    """Tell whether a cell is the name of a column of places, days or codes; heads of ages are none of these."""
    return _role(cell) != ""


def are_enough(columns: Sequence[str]) -> bool:
    """Tell whether columns make a table of people by age: a place, and at least two bands across or ages down."""
    roles = {_role(column) for column in columns}
    heads = [head for column in columns if (head := read_age_head(column))]
    bands = {head.band for head in heads if head.kind is Kind.BAND}
    return bool(roles & {*_PLACES}) and (len(bands) >= _FEWEST_BANDS or ("age" in roles and bool(heads)))


def has_kinds_down(columns: Iterable[str]) -> bool:
    """Tell whether sexes or ages stand down the rows, so that one row may well be the sum of others."""
    return any(_role(column) in {"sex", "age"} for column in columns)


def entries_of(body: Body) -> tuple[list[Entry], dict[str, AgeHead], list[tuple[int, str]]]:
    """Return the records as one entry a place, what each column of people means, and (line, column) said twice.

    Where sexes or ages stand down the rows (columns 性別, 年齢) the rows of one place are put together, and a column's
    name is that of the row and its own (男 65～69歳 人口).
    """
    places: dict[str, str] = {}
    for role, aliases in ALIASES.items():
        at = [column for alias in aliases for column in body.columns if _form(column) == alias]
        last = [
            column for alias in aliases for column in body.columns if _form(column.split(" ")[-1]) == alias
        ]
        places |= {role: (at or last)[0]} if at or last else {}
    down = [places[role] for role in ("sex", "age") if role in places]
    values = [column for column in body.columns if column not in places.values()]
    if not down:
        heads = {column: head for column in values if (head := read_age_head(column))}
        return [Entry(one.line, _said(one, places), one.cells) for one in body.records], heads, []
    return _put_together(body.records, places, down, values)


def _put_together(
    records: Sequence[Record], places: Mapping[str, str], down: Sequence[str], values: Sequence[str]
) -> tuple[list[Entry], dict[str, AgeHead], list[tuple[int, str]]]:
    entries: dict[tuple[str, ...], tuple[Entry, dict[str, str]]] = {}
    heads: dict[str, AgeHead] = {}
    doubled: list[tuple[int, str]] = []
    for record in records:
        said = _said(record, places)
        place = tuple(text for role, text in said.items() if role not in {"sex", "age", "note"})
        _, people = entries.setdefault(place, (Entry(record.line, said, {}), {}))
        row = " ".join(_aged(record.cells[column]) for column in down)
        for value in values:
            column = f"{row} {value}"
            head = heads.get(column) or read_age_head(column)
            if head is None:
                continue
            heads[column] = head
            doubled += [(record.line, column)] if column in people else []
            people[column] = record.cells[value]
    return [Entry(one.line, one.said, people) for one, people in entries.values()], heads, doubled


def _aged(cell: str) -> str:
    """Return the age or sex of a row; a number alone below 年齢 is a single year."""
    plain = unicodedata.normalize("NFKC", cell).strip()
    return f"{plain}歳" if plain.isdecimal() else plain


def _said(record: Record, places: Mapping[str, str]) -> dict[str, str]:
    return {role: record.cells[places[role]].strip() if role in places else "" for role in ALIASES}


def _role(column: str) -> str:
    form = _form(column)
    return next((role for role, aliases in ALIASES.items() if form in aliases), "")


def _form(column: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", column)).upper()
