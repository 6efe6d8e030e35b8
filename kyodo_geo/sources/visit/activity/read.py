"""Read a table of what councils did that somebody opens: one row an activity, by council or district, year and role."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from kyodo_geo.errors import Fault, TableError
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.councils.activity import MEASURES, Activities, join_activities
from kyodo_geo.sources.visit.activity.columns import columns_of, is_known, suffices
from kyodo_geo.sources.visit.activity.places import Subjects
from kyodo_geo.sources.visit.activity.rows import Reading, Table
from kyodo_geo.sources.visit.activity.words import read_fiscal_year
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.made_up import says_fictional
from kyodo_geo.sources.visit.opened import Opened
from kyodo_geo.sources.visit.sheets.dates import read_year
from kyodo_geo.sources.visit.sheets.heads import Body, find_body
from kyodo_geo.sources.visit.sheets.sheet import Sheet, read_sheets

_TITLE = "地域協働体の活動(利用者が開いたファイル)"
_TODO = "見出しの行に、協働体か地区(コードか名前)、年度、役割(①〜⑤)、活動名と、回数・参加人数・時間・金額を置いてください"
_NO_COUNCILS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class ActivityRead:
    """The activities of a file in its order and the account of its reading."""

    activities: Activities
    opened: Opened


def read_activity(
    content: bytes, *, name: str, gazetteer: Gazetteer, councils: Mapping[str, str] = _NO_COUNCILS
) -> ActivityRead:
    """Return the activities of a CSV or a workbook; `councils` gives the name of each council by id.

    Columns: 協働体 or 協働体コード, 地区 or 地区コード (at least one of the four), 年度, 役割, 活動名, 回数, 参加人数, 時間, 金額_円,
    地域づくり計画の事業, 備考. Roles are read as ①, 1, or their wording; without a column 年度 the year comes from the title, the
    sheet's or the file's name. A blank number is not stated and no 0; a dash is 0. Totals are left out by their name.
    Raises TableError, with all faults at once, for no such table, two columns of one meaning, sums in 千円, a council or
    district that is not known or that contradicts its code, years and roles that cannot be read, and numbers that are
    negative, no numbers, or beyond 10**12.
    """
    tables = [_table(body) for sheet in read_sheets(content, name=name) if (body := _body(sheet))]
    if not tables:
        raise TableError(f"{name}: 協働体の活動の表に必要な列がありません。", todo=_TODO)
    subjects = Subjects(gazetteer, councils)
    readings = [Reading(table, subjects) for table in tables]
    faults = [fault for table in tables for fault in _table_faults(table)]
    taken = [reading.take() for reading in readings]
    faults += [fault for reading in readings for fault in reading.faults]
    left_out = tuple(fault for reading in readings for fault in reading.left_out)
    if faults:
        raise TableError(
            f"{name}: 協働体の活動の表に使えない値があります。",
            faults=sorted(faults, key=lambda fault: (fault.file, fault.row or 0)),
            todo="上の行を直して開き直してください",
        )
    activities = join_activities(*taken)
    if not len(activities):
        raise TableError(f"{name}: 使える活動の行が1つもありません。", faults=left_out, todo=_TODO)
    cautions = tuple(fault for reading in readings for fault in _cautions(reading))
    return ActivityRead(activities, _opened(readings, activities, left_out, cautions, (name, content)))


def _body(sheet: Sheet) -> Body | None:
    # An activity can be as large as all above it together: only a name tells a total
    return find_body(sheet, known=is_known, needed=suffices, sums=False)


def _table(body: Body) -> Table:
    columns = columns_of(body.columns)
    return Table(body, columns, None if "year" in columns.roles else _stated_year(body))


def _stated_year(body: Body) -> int | None:
    """Return the fiscal year that the title, the sheet's or the file's name says; None for none, or for no one year."""
    for text in (*body.title, body.sheet, body.file):
        try:
            if read_year(text) is not None:
                return read_fiscal_year(text)
        except ValueError:
            continue
    return None


def _table_faults(table: Table) -> Iterator[Fault]:
    for several in table.columns.doubled:
        what = (
            f"同じ意味の列が {len(several)} つあります({'、'.join(several)})。読む列を1つだけ残してください"
        )
        yield Fault(what, table.where, column=several[0])
    for column in table.columns.thousands:
        yield Fault(
            "千円・万円単位の列は読めません(円に直して「金額_円」としてください)", table.where, column=column
        )
    if table.year is None and "year" not in table.columns.roles:
        what = "年度が分かりません(「年度」の列を加えるか、表題かファイル名に年度を入れてください)"
        yield Fault(what, table.where)


def _cautions(reading: Reading) -> Iterator[Fault]:
    table = reading.table
    if table.columns.unread:
        yield Fault(f"読まなかった列: {'、'.join(table.columns.unread)[:300]}", table.where)
    absent = [label for measure, label in MEASURES.items() if measure not in table.columns.roles]
    if absent:
        yield Fault(f"列がないため、すべて記載なしとしました: {'、'.join(absent)}", table.where)
    if table.year is not None:
        yield Fault(
            f"年度の列がないため、表題かファイル名から{FiscalYear(table.year).label}としました", table.where
        )
    yield from reading.cautions
    yield from reading.doubles()


def _opened(
    readings: Sequence[Reading],
    activities: Activities,
    left_out: tuple[Fault, ...],
    cautions: tuple[Fault, ...],
    given: tuple[str, bytes],
) -> Opened:
    name, content = given
    titles = [text for reading in readings for text in reading.table.body.title]
    sheets = [reading.table.body.sheet for reading in readings]
    said = {text for reading in readings for role in ("note", "city") for text in reading.texts(role)}
    years = sorted(set(activities.years.tolist()))
    labels = [FiscalYear(year).label for year in (years[0], years[-1])]
    silent = int((~activities.stated).any(axis=1).sum())
    return Opened(
        name=name,
        title=titles[0] if titles else _TITLE,
        sha256=hashlib.sha256(content).hexdigest(),
        counts=(("数がすべて書かれた活動", len(activities) - silent), ("数の一部が記載なしの活動", silent)),
        left_out=left_out,
        cautions=cautions,
        reference_date="〜".join(dict.fromkeys(labels)),
        fictional=says_fictional(name, [*titles, *sheets, *said]),
    )
