"""Vacant dwellings and the fall of households as files: what may be published, and apart from it what only staff may keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import geopandas as gpd

from kyodo_geo.model.vacancy.groups import PublicStates
from kyodo_geo.model.vacancy.values import SOURCE_CLASSES
from kyodo_geo.present.files import geojson_bytes
from kyodo_geo.present.tables import csv_text
from kyodo_geo.provenance import Basis, Source, Unknown, mark_of
from kyodo_geo.vacancy.households import Change, HouseholdChanges
from kyodo_geo.vacancy.rows import VacancyRow
from kyodo_geo.vacancy.study import Ground, PublicVacancy, StaffVacancy
from kyodo_geo.vacancy.tables import STATE_LABELS, WHY_DIFFERENT, size_text

STAFF_ONLY = "職員用"
_RATE = (
    "段階",
    "コード",
    "名前",
    "地域",
    "調査年",
    "空き家(戸)",
    "分母(戸)",
    "空き家率(%)",
    "分母の名前",
    "根拠",
    "印",
    "不明の理由",
    "出典",
)


def file_name(base: str, basis: Basis, *, staff: bool = False) -> str:
    """Return the name of a download: made-up data begin with 架空_, what is for staff says so."""
    return f"{'架空_' if basis is Basis.FICTIONAL else ''}{f'{STAFF_ONLY}_' if staff else ''}{base}"


def public_csv(shown: PublicVacancy) -> str:
    """Return groups of districts, areas and the city as they may be published, the classes that may be shown, and notes."""
    notes = [f"公表用: {shown.k} 戸に満たない地区は、隣の地区と合わせています(k = {shown.k})", WHY_DIFFERENT]
    return csv_text([
        _RATE,
        *_rate_rows(shown.ground, shown.groups, shown.areas, shown.city),
        *_class_rows("状態", STATE_LABELS, shown, shown.states),
        *_class_rows("調査の方法", SOURCE_CLASSES, shown, shown.sources),
        [],
        *([note] for note in notes),
    ])  # fmt: skip


def staff_csv(staff: StaffVacancy) -> str:
    """Return the districts as they were counted, by state and source too; its first line says that it is for staff."""
    counts = staff.base.counts
    rows = list[Sequence[object]]()
    for row in staff.rows:
        code = row.codes[0]
        states, sources = counts.by_state[code], counts.by_source[code]
        rows.append(
            [
                *_rate_row("地区", code, row, staff.ground),
                *_raw(states, STATE_LABELS),
                *_raw(sources, SOURCE_CLASSES),
            ]
        )
    empty = [""] * (len(STATE_LABELS) + len(SOURCE_CLASSES))
    wholes = [_rate_row("地域", "", row, staff.ground) for row in staff.areas]
    wholes.append(_rate_row("市", "", staff.city, staff.ground))
    mark = mark_of(staff.ground.rate)
    first = f"{STAFF_ONLY}(住民に見せない。少ない戸数をそのまま含む)" + (f" {mark}" if mark else "")
    head = [*_RATE, *STATE_LABELS.values(), *(f"調査の方法 {label}" for label in SOURCE_CLASSES.values())]
    return csv_text([[first], head, *rows, *([*one, *empty] for one in wholes)])


def unplaced_csv(staff: StaffVacancy) -> str:
    """Return what a human must look at, for staff: records of no known district, and names that fit no place or several."""
    rows: list[Sequence[object]] = [["行", one.line, one.name, one.count, ""] for one in staff.unplaced]
    rows += [["名前", "", one.name, "", "、".join(one.candidates)] for one in staff.unfound]
    mark = mark_of(staff.ground.rate)
    first = f"{STAFF_ONLY}(場所の決まらない行と名前)" + (f" {mark}" if mark else "")
    return csv_text([[first], ["種類", "行", "ファイルの書き方", "空き家(戸)", "候補"], *rows])


def cells_csv(shown: PublicVacancy, cells: gpd.GeoDataFrame) -> str:
    """Return the cells of the public grid with the middle of each square's piece (degrees), never of a dwelling."""
    head = (
        "地区コード",
        "地区",
        "大きさ",
        "空き家(戸)",
        "面積(km²)",
        "1 km² 当たり(戸)",
        "経度(区画の中ほど)",
        "緯度(区画の中ほど)",
        "k",
        "調査年",
        "根拠",
        "印",
    )
    middle = cells.geometry.representative_point()
    said = (shown.k, shown.ground.year, shown.ground.count.label, mark_of(shown.ground.count))
    rows = [
        [cell.codes, cell.names, size_text(cell.side_m, placed=cell.placed), cell.count_,
         *((round(cell.km2, 3), round(cell.per_km2, 2), round(at.x, 4), round(at.y, 4)) if cell.placed else ("", "", "", "")), *said]
        for cell, at in zip(cells.rename(columns={"count": "count_"}).itertuples(), middle, strict=True)
    ]  # fmt: skip
    return csv_text([head, *rows])


def cells_geojson(shown: PublicVacancy, cells: gpd.GeoDataFrame) -> bytes:
    """Return the cells of the public grid as GeoJSON; those without a position have no shape and are left out."""
    drawn = cells[cells["placed"]].assign(
        k=shown.k, year=shown.ground.year, basis=shown.ground.count.label, mark=mark_of(shown.ground.count),
        source=shown.ground.file.credit,
    )  # fmt: skip
    rounded = drawn.assign(km2=drawn["km2"].round(4), per_km2=drawn["per_km2"].round(2))
    return geojson_bytes(rounded.set_geometry(rounded.geometry.set_precision(1e-6)))


def households_csv(changes: HouseholdChanges) -> str:
    """Return the change of households of districts, areas, city and small areas, with the caution."""
    head = ("段階", "コード", "名前", "地区・地域", f"{changes.earlier.year}年(世帯)", f"{changes.later.year}年(世帯)", "増減(世帯)", "増減率(%)",
            "不明の理由", "根拠", "出典")  # fmt: skip
    groups: Iterable[tuple[str, Iterable[Change], Basis]] = (
        ("地区", changes.districts, Basis.ESTIMATED),
        ("地域", changes.areas, Basis.DERIVED),
        ("市", (changes.city,), Basis.DERIVED),
        ("小地域", (*changes.small, *changes.silent), Basis.DERIVED),
    )
    credit = _credit(changes.sources)
    rows = [
        [level, one.code, one.name, one.place, *_cells(one.before, one.after, one.by), _percent(one.percent), _reason(one.by),
         basis.label, credit]
        for level, some, basis in groups
        for one in some
    ]  # fmt: skip
    return csv_text([head, *rows, *([[], [changes.caution]] if changes.caution else [])])


def _rate_rows(
    ground: Ground, rows: Sequence[VacancyRow], areas: Sequence[VacancyRow], city: VacancyRow
) -> Iterator[list[object]]:
    for row in rows:
        yield _rate_row("地区", "・".join(row.codes), row, ground)
    for row in areas:
        yield _rate_row("地域", "", row, ground)
    yield _rate_row("市", "", city, ground)


def _rate_row(level: str, code: str, row: VacancyRow, ground: Ground) -> list[object]:
    basis = ground.rate if level == "地区" else ground.whole_rate
    reason = _reason(row.vacant) or _reason(row.percent)
    return [
        level, code, row.name, row.area, ground.year, *_cells(row.vacant, row.dwellings), _percent(row.percent),
        ground.denominator, basis.label, mark_of(basis), reason, _credit(ground.sources),
    ]  # fmt: skip


def _class_rows(
    what: str, labels: Mapping[str, str], shown: PublicVacancy, found: PublicStates | Unknown
) -> Iterator[list[object]]:
    yield []
    if isinstance(found, Unknown):
        yield [what, str(found)]
        return
    yield [what, "コード", "名前", *labels.values()]
    for row, classes in zip(shown.groups, found.by_group or (), strict=False):
        if not isinstance(row.vacant, Unknown):
            yield ["地区", "・".join(row.codes), row.name, *(classes.get(key, 0) for key in labels)]
    if found.city is not None:
        yield ["市", "", shown.city.name, *(found.city.get(key, 0) for key in labels)]
    if found.reason:
        yield [found.reason]


def _raw(classes: Mapping[str, int] | Unknown, labels: Mapping[str, str]) -> list[object]:
    return [""] * len(labels) if isinstance(classes, Unknown) else [classes[key] for key in labels]


def _cells(*numbers: int | Unknown) -> list[object]:
    return ["" if isinstance(one, Unknown) else one for one in numbers]


def _percent(value: float | Unknown) -> object:
    return "" if isinstance(value, Unknown) else round(value, 2)


def _reason(value: object) -> str:
    return value.reason if isinstance(value, Unknown) else ""


def _credit(sources: Iterable[Source]) -> str:
    return "、".join(source.credit for source in sources)
