"""People by age of wards, 町丁字 or districts: 地域・年齢別人口 of the municipal standard, and registers as cities keep them.

FORMATS.md 6.2-6.5: columns by name, never by position; the day in a column, above the table or in the file's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from kyodo_geo.errors import Fault, TableError
from kyodo_geo.sources.visit.ages.bands import AgeHead, Kind
from kyodo_geo.sources.visit.ages.estat_file import another_city, refused
from kyodo_geo.sources.visit.ages.people import read_people, sexes_agree
from kyodo_geo.sources.visit.ages.plan import AgePlan, plan_ages
from kyodo_geo.sources.visit.ages.resident_columns import (
    Entry,
    are_enough,
    entries_of,
    has_kinds_down,
    is_known_name,
)
from kyodo_geo.sources.visit.ages.resident_rows import ResidentRows, plain, refuse_areas
from kyodo_geo.sources.visit.ages.values import (
    CENSUS,
    NOT_SAID,
    REGISTER,
    Account,
    AgesRead,
    Counted,
    ages_read,
)
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.made_up import says_fictional
from kyodo_geo.sources.visit.sheets.cells import Mark, read_whole
from kyodo_geo.sources.visit.sheets.dates import read_day
from kyodo_geo.sources.visit.sheets.heads import Body, find_body
from kyodo_geo.sources.visit.sheets.keys import area_key
from kyodo_geo.sources.visit.sheets.other_city import title_of_another
from kyodo_geo.sources.visit.sheets.places import place_names
from kyodo_geo.sources.visit.sheets.sheet import Sheet

_DATE_TODO = "表の上に「令和6年4月1日現在」のように書くか、「調査年月日」の列に日付を入れてください"
_SHOWN_CAUTIONS = 30
_TOTALS = frozenset({"合計", "総計", "総数", "計"})


def resident_body(sheet: Sheet, gazetteer: Gazetteer) -> Body | None:
    """Return the table of people by age of a sheet; None when no row names a place and ages."""
    places = place_names(gazetteer)
    place, district = places.is_place, places.is_district
    body = find_body(sheet, known=is_known_name, needed=are_enough, place=place, district=district)
    if body and has_kinds_down(body.columns):
        return find_body(
            sheet, known=is_known_name, needed=are_enough, sums=False, place=place, district=district
        )
    return body


def read_resident(sheet: Sheet, body: Body, *, content: bytes, name: str, gazetteer: Gazetteer) -> AgesRead:
    """Return the people by age of every row that names a place of the city.

    Bands are the finest that tile. Rows of the whole city (地域名 blank or the city's) and of a district above its
    members are totals: compared, and no places. A row that fits no or several places is `unfound`, never guessed.
    Printed sums that differ are cautions; cells that are no numbers, a total below its bands, no day or several days,
    bands that do not tile, a table of another city (by its rows or its titles) and one by former municipality raise
    TableError with every fault.
    """
    elsewhere = title_of_another([*body.title, sheet.name], gazetteer)
    if elsewhere:
        raise another_city(name, gazetteer, [elsewhere])
    entries, heads, doubled = entries_of(body)
    _refuse_doubled(doubled, name)
    own = _of_the_city(entries, gazetteer, name)
    refuse_areas(own, gazetteer, name)
    plan, about_plan = _plan(own, heads, name)
    day, about_day = _day(own, body, name)
    readings = [read_people(entry.people, plan, file=name, line=entry.line) for entry in own]
    rows = ResidentRows(own, readings, gazetteer, name)
    rows.place()
    wrong = [*(fault for reading in readings for fault in reading.wrong), *rows.wrong]
    if wrong:
        raise refused(name, wrong, "上の行と列の値を確かめ、人数だけの列にしてください")
    texts = [*body.title, sheet.name, *(text for entry in own for text in entry.said.values())]
    counted_by = CENSUS if any("国勢調査" in text for text in (*body.title, sheet.name, name)) else REGISTER
    account = Account(
        title=f"地域・年齢別人口({counted_by})(開いたファイル)",
        day=day,
        counted_by=counted_by,
        publisher=NOT_SAID,
        fictional=says_fictional(name, texts),
        rows=len(own),
        left_out=(*_elsewhere(entries, own, name), *body.left_out, *rows.left_out),
        cautions=(
            *about_day,
            *about_plan,
            *_about_whom([*body.title, sheet.name, name], name),
            *_about_columns(plan, heads, rows, name),
            *rows.cautions,
            *_printed(sheet, body, rows),
        ),
    )
    return ages_read(Counted(rows.placed, rows.unplaced), plan, account, name=name, content=content)


def _plan(
    entries: Sequence[Entry], heads: Mapping[str, AgeHead], name: str
) -> tuple[AgePlan, tuple[Fault, ...]]:
    """Return the plan; without columns that split the open band where a row has no number there but one for the whole."""
    plan = plan_ages(heads, name=name)
    lost = {
        part: entry.line
        for entry in entries
        for whole, part in plan.differences.values()
        if _number(entry.people.get(part, "")) is None and _number(entry.people.get(whole, ""))
    }
    if not lost:
        return plan, ()
    told = tuple(
        Fault("数のない行があるため、この列の年齢では分けません", name, lost[one], one) for one in lost
    )
    return plan_ages({column: head for column, head in heads.items() if column not in lost}, name=name), told


def _refuse_doubled(doubled: Sequence[tuple[int, str]], name: str) -> None:
    if doubled:
        faults = [Fault("同じ場所の同じ値が2つあります", name, line, column) for line, column in doubled]
        raise refused(name, faults, "同じ場所の行は、男女と年齢ごとに1行にしてください")


def _of_the_city(entries: Sequence[Entry], gazetteer: Gazetteer, name: str) -> list[Entry]:
    own = [entry for entry in entries if _is_own(entry, gazetteer)]
    if not own:
        raise another_city(
            name,
            gazetteer,
            list(dict.fromkeys(entry.said["city"] or entry.said["code"] for entry in entries)),
        )
    return own


def _elsewhere(entries: Sequence[Entry], own: Sequence[Entry], name: str) -> Iterable[Fault]:
    lines = {entry.line for entry in own}
    others = [entry for entry in entries if entry.line not in lines]
    if others:
        what = f"別の市区町村の {len(others):,} 行は読んでいません({others[0].said['city'] or others[0].said['code']} など)"
        yield Fault(what, name, others[0].line)


def _is_own(entry: Entry, gazetteer: Gazetteer) -> bool:
    """Tell whether a row is the city's by its code (5 digits, 6 with the check digit, the front zero lost) and its name."""
    code = "".join(sign for sign in plain(entry.said["code"]) if sign.isdecimal())
    codes = {code.zfill(5), code.zfill(6)[:5]} if code else {gazetteer.code}
    city = plain(entry.said["city"])
    try:
        area_key(entry.said["key"], city=gazetteer.code)
    except ValueError:
        return False  # the key of a small area elsewhere
    return gazetteer.code in codes and (not city or plain(gazetteer.city) in city)


def _day(entries: Iterable[Entry], body: Body, name: str) -> tuple[date, tuple[Fault, ...]]:
    """Return the one day of the table: of the column, else of the texts above it, else of the sheet's or file's name.

    A day of a name alone comes with a caution, for it may be the day of the file.
    """
    told = [(entry.said["day"], entry.line) for entry in entries if entry.said["day"]]
    above = [text for text in body.title if "現在" in text or "時点" in text] or list(body.title)
    names = [(body.sheet, None), (name, None)]
    for texts in (told, [(text, None) for text in above], names):
        days = _days(texts, name)
        if len(days) > 1:
            shown = "、".join(day.isoformat() for day in sorted(days))
            raise TableError(
                f"{name}: {len(days)} つの日付が1つの表にあります({shown})。",
                todo="1つの日付の行だけにした表を開いてください",
            )
        if days:
            day = days.pop()
            what = f"日付({day.isoformat()})は、シートかファイルの名前から読みました"
            return day, (Fault(what, name),) if texts is names else ()
    raise TableError(f"{name}: いつの人口か分かりません(日付がどこにもありません)。", todo=_DATE_TODO)


def _days(texts: Sequence[tuple[str, int | None]], name: str) -> set[date]:
    days: set[date] = set()
    faults: list[Fault] = []
    for text, line in dict.fromkeys(texts):
        try:
            day = read_day(text, serial=line is not None)
        except ValueError as error:
            faults.append(Fault(str(error), name, line))
            continue
        if day is not None:
            days.add(day)
        elif line is not None:
            faults.append(Fault(f"「{text}」は日付として読めません", name, line))
    if faults:
        raise TableError(f"{name}: 日付が読めません。", faults=faults[:_SHOWN_CAUTIONS], todo=_DATE_TODO)
    return days


def _about_columns(
    plan: AgePlan, heads: Mapping[str, AgeHead], rows: ResidentRows, name: str
) -> Iterable[Fault]:
    if not sexes_agree([one.row for one in rows.placed], plan):
        yield Fault("男と女の合計が総数と違う行があるため、男女別の人数は使いません", name)
    for column in plan.unused:
        yield Fault("年齢の列ですが、ほかの区分と重なるため使っていません", name, column=column)
    unknown = sum(row.unknown for row in rows.counted if row.aged)
    if unknown and not any(head.kind is Kind.UNKNOWN for head in heads.values()):
        yield Fault(f"総数と年齢別の合計の差 {unknown:,} 人を、年齢の分からない人として数えました", name)


def _printed(sheet: Sheet, body: Body, rows: ResidentRows) -> Iterable[Fault]:
    """Say when no row of 合計 or 総数 holds the sum of the rows: it may stand in any column, and others are of districts."""
    people = sum(row.people for row in rows.counted)
    cells = {row.line: row.cells for row in sheet.rows}
    totals = [fault for fault in body.left_out if {*map(plain, cells.get(fault.row or 0, ()))} & _TOTALS]
    held = [{number for text in cells[fault.row or 0] if (number := _number(text))} for fault in totals]
    if any(held) and not any(people in numbers for numbers in held):
        yield Fault(f"合計の行に、行の合計 {people:,} 人と同じ値がありません", body.file, totals[-1].row)


def _about_whom(texts: Iterable[str], name: str) -> Iterable[Fault]:
    for text in texts:
        if "日本人" in text or "外国人" in text:
            yield Fault(f"「{text[:60]}」とあります。住民全員の表か確かめてください", name)


def _number(text: str) -> int | None:
    try:
        value = read_whole(text)
    except ValueError:
        return None
    return None if isinstance(value, Mark) else value
