"""Vacant dwellings and the fall of households as rows of tables: numbers as texts, the unknown with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import geopandas as gpd

from kyodo_geo.model.rates import WEAK_BELOW
from kyodo_geo.model.vacancy.groups import PublicStates
from kyodo_geo.model.vacancy.measures import NOT_STATED
from kyodo_geo.model.vacancy.values import SOURCE_CLASSES, STATES
from kyodo_geo.present.tables import Col, number_text
from kyodo_geo.provenance import Unknown
from kyodo_geo.vacancy.households import Change, HouseholdChanges
from kyodo_geo.vacancy.rows import VacancyRow
from kyodo_geo.vacancy.study import PublicVacancy, StaffVacancy

SAMPLED = "住宅・土地統計調査(標本調査、10戸単位)"
WHY_DIFFERENT = (
    "住宅・土地統計調査は、選んだ住戸から市全体を推し量る標本調査で、賃貸・売却用の空き室や別荘も空き家に数えます。"
    "開いた一覧は、だれかが調べて書き出した戸数です。対象も数え方も違うため、足しも引きもせず、並べて示します。"
)
STATE_LABELS = {**{state: f"状態 {state}" for state in STATES}, NOT_STATED: "状態 不明"}
SAMPLED_COLUMNS = (
    Col("年", heading=True),
    Col("住宅(戸)", number=True),
    Col("空き家(戸)", number=True),
    Col("空き家率", number=True),
)
UNFOUND_COLUMNS = (Col("ファイルの書き方", heading=True), Col("当てはまる小地域の候補", wide=True))
UNPLACED_COLUMNS = (
    Col("行", number=True),
    Col("ファイルの書き方", heading=True),
    Col("空き家(戸)", number=True),
)
CELL_COLUMNS = (Col("地区", heading=True), Col("大きさ"), Col("面積(km²)", number=True), Col("空き家(戸)", number=True),
                Col("1 km² 当たり(戸)", number=True))  # fmt: skip
WEAK = f"※ 分母が {WEAK_BELOW} 戸に満たず、率は1戸で大きく動きます。"


def count_text(number: float | Unknown, *, decimals: int = 0, signed: bool = False, unit: str = "") -> str:
    """Write a number, or 不明 with its reason."""
    return (
        str(number)
        if isinstance(number, Unknown)
        else number_text(number, decimals=decimals, signed=signed, unit=unit)
    )


def sampled_rows(published: Mapping[int, Mapping[str, int]]) -> list[list[str]]:
    """Return a row for each year of the published sampling survey that has both numbers, newest first."""
    return [
        [f"{year}年", number_text(one["dwellings"]), number_text(one["vacant_dwellings"]),
         number_text(100 * one["vacant_dwellings"] / one["dwellings"], decimals=1, unit="%")]
        for year, one in sorted(published.items(), reverse=True)
        if {"dwellings", "vacant_dwellings"} <= set(one)
    ]  # fmt: skip


def change_columns(changes: HouseholdChanges, *, small: bool = False) -> list[Col]:
    """Return the heads of a table of household changes; those of small areas have no area but a district."""
    return [
        Col("小地域" if small else "地区", heading=True), Col("地区" if small else "地域"),
        Col(f"{changes.earlier.year}年(世帯)", number=True), Col(f"{changes.later.year}年(世帯)", number=True),
        Col("増減(世帯)", number=True), Col("増減率", number=True),
    ]  # fmt: skip


def without_place(heads: Sequence[Col], rows: Iterable[Sequence[str]]) -> tuple[list[Col], list[list[str]]]:
    """Return heads and rows of areas and the city: the second column, where a district says its area, is taken out."""
    return [Col("地域・市", heading=True), *heads[2:]], [[row[0], *row[2:]] for row in rows]


def change_row(change: Change) -> list[str]:
    """Return a place with both numbers and their change."""
    return [
        change.name, change.place, count_text(change.before), count_text(change.after),
        count_text(change.by, signed=True), count_text(change.percent, decimals=1, signed=True, unit="%"),
    ]  # fmt: skip


def list_columns() -> list[Col]:
    """Return the heads of the table of vacant dwellings; its caption must name the denominator."""
    return [Col("地区", heading=True), Col("地域"), Col("空き家(戸)", number=True), Col("分母(戸)", number=True),
            Col("空き家率", number=True)]  # fmt: skip


def list_row(row: VacancyRow) -> list[str]:
    """Return a row of vacant dwellings with both numbers of its rate; a rate of few carries a mark (see `WEAK`)."""
    rate = _other(row.percent, row.dwellings, decimals=1, unit="%")
    return [
        row.name, row.area, count_text(row.vacant), _other(row.dwellings, row.vacant),
        f"{rate}※" if row.weak and not isinstance(row.percent, Unknown) else rate,
    ]  # fmt: skip


def _other(number: float | Unknown, before: float | Unknown, *, decimals: int = 0, unit: str = "") -> str:
    """Write a number; where the one before it is unknown for the same reason, 不明 alone."""
    return (
        "不明"
        if isinstance(number, Unknown) and number == before
        else count_text(number, decimals=decimals, unit=unit)
    )


def class_columns(labels: Mapping[str, str]) -> list[Col]:
    """Return the heads of a table of classes."""
    return [Col("地区", heading=True), Col("地域"), *(Col(label, number=True) for label in labels.values())]


def public_class_rows(
    shown: PublicVacancy, found: PublicStates, labels: Mapping[str, str]
) -> tuple[list[list[str]], list[list[str]]]:
    """Return the rows of groups and of the city that may be shown by class; none where they may not."""
    by_group = found.by_group or ()
    # A district without a row in the list has no classes; it is not one of none
    rows = [
        [row.name, row.area, *(_class(row, classes, key) for key in labels)]
        for row, classes in zip(shown.groups, by_group, strict=False)
    ]
    city = [] if found.city is None else [["市全体(場所の決まった行)", "", *_classes(found.city, labels)]]
    return rows, city


def _class(row: VacancyRow, classes: Mapping[str, int], key: str) -> str:
    return str(row.vacant) if isinstance(row.vacant, Unknown) else number_text(classes.get(key, 0))


def _classes(classes: Mapping[str, int], labels: Mapping[str, str]) -> Iterator[str]:
    return (number_text(classes.get(key, 0)) for key in labels)


def staff_class_rows(
    staff: StaffVacancy, found: Mapping[str, Mapping[str, int] | Unknown], labels: Mapping[str, str]
) -> list[list[str]]:
    """Return the rows of districts by class as they were counted: for staff only."""
    return [
        [row.name, row.area, *_raw(found[row.codes[0]], labels)]
        for row in staff.rows
    ]  # fmt: skip


def _raw(classes: Mapping[str, int] | Unknown, labels: Mapping[str, str]) -> Iterable[str]:
    return [str(classes)] * len(labels) if isinstance(classes, Unknown) else _classes(classes, labels)


def source_labels() -> Mapping[str, str]:
    """Return the classes of sources in the order of their columns."""
    return SOURCE_CLASSES


def cell_rows(cells: gpd.GeoDataFrame) -> list[list[str]]:
    """Return a row for each cell of the public grid, densest first; those without a position last."""
    ordered = cells.assign(nowhere=~cells["placed"]).sort_values(
        ["nowhere", "per_km2"], ascending=[True, False]
    )
    return [
        [cell.names, size_text(cell.side_m, placed=cell.placed), number_text(cell.km2, decimals=2) if cell.placed else "",
         number_text(cell.count_), number_text(cell.per_km2, decimals=1) if cell.placed else ""]
        for cell in ordered.rename(columns={"count": "count_"}).itertuples()
    ]  # fmt: skip


def size_text(side_m: int, *, placed: bool) -> str:
    """Write the size of a cell: 500 m 四方, 2 km 四方, all of its districts, or that nobody knows where it is."""
    if not placed:
        return "位置のないもの"
    if not side_m:
        return "地区の全体"
    return f"{side_m // 1000} km 四方" if side_m >= 1000 else f"{side_m} m 四方"


def unfound_rows(staff: StaffVacancy) -> list[list[str]]:
    """Return the names of the file that fit no small area, or several."""
    return [[one.name, "、".join(one.candidates) or "なし"] for one in staff.unfound]


def unplaced_rows(staff: StaffVacancy) -> list[list[str]]:
    """Return the records of no known district, in the order of the file."""
    return [[str(one.line), one.name, number_text(one.count)] for one in staff.unplaced]


def lines_text(lines: Sequence[int]) -> str:
    """Write rows of a file: 3、8、12 行目."""
    return f"{'、'.join(map(str, lines))} 行目"
