"""5-year bands: tables of different bands brought to the same ones, 0～4 to an open end, so that cohorts can be followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.ageing.values import AgeTable, Band, Floats, require_tiling

STEP_YEARS = 5
# An open end below this would hide the people the whole subject is about
LOWEST_TOP = 65


@dataclass(frozen=True, eq=False)
class Counted:
    """A table of people by age with its day and by whom they were counted (国勢調査 / 住民基本台帳)."""

    table: AgeTable
    day: date
    counted_by: str


def years_on(day: date, years: int) -> date:
    """Return the same day some years on; 29 February becomes 28 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def open_end(table: AgeTable) -> int:
    """Return the first age of the open end of a table once it is in 5-year bands: 75, 85, 100.

    Single years and other bands that lie within 5-year bands are summed; an open end within a 5-year band (103 and
    over) falls to that band's start. Raises InputRefused for bands that straddle a 5-year limit, that leave ages out,
    or whose end begins below 65.
    """
    require_tiling(table.bands)
    top = table.top // STEP_YEARS * STEP_YEARS
    begins = {band.low for band in table.bands}
    missing = [age for age in range(0, top, STEP_YEARS) if age not in begins]
    if missing:
        raise InputRefused(
            "5歳ごとの区分にできない表です。",
            faults=[Fault(f"{age} 歳から始まる区分がありません") for age in missing],
            todo="5歳ごとか各歳の表を開いてください",
        )
    if top < LOWEST_TOP:
        raise InputRefused(
            f"最後の区分が {table.top} 歳以上の表からは、{LOWEST_TOP} 歳以上が分かりません。",
            todo=f"{LOWEST_TOP} 歳以上を分けた表を開いてください",
        )
    return top


def to_five_years(table: AgeTable, *, top: int | None = None) -> AgeTable:
    """Return the table in 5-year bands with the open end at `top` (None: its own); nobody is lost or made.

    Raises InputRefused as `open_end`, and for a `top` that is no multiple of 5 from 65 to the table's own.
    """
    own = open_end(table)
    top = own if top is None else top
    if top % STEP_YEARS or not LOWEST_TOP <= top <= own:
        raise InputRefused(f"最後の区分は {LOWEST_TOP} から {own} までの5の倍数です。「{top}」は使えません。")
    starts = [
        place for place, band in enumerate(table.bands) if band.low <= top and band.low % STEP_YEARS == 0
    ]
    bands = (
        *(Band(age, age + STEP_YEARS - 1) for age in range(0, top, STEP_YEARS)),
        Band(top, None),
    )
    male = None if table.male is None else _summed(table.male, starts)
    female = None if table.female is None else _summed(table.female, starts)
    return AgeTable(table.units, bands, _summed(table.both, starts), table.unknown_age, male, female)


def common_tables(*counts: Counted) -> tuple[Counted, ...]:
    """Return the counts in the same 5-year bands, with the coarsest of their open ends. Raises InputRefused as `open_end`."""
    top = min(open_end(count.table) for count in counts)
    return tuple(
        Counted(to_five_years(count.table, top=top), count.day, count.counted_by) for count in counts
    )


def require_five_years_apart(before: Counted, after: Counted) -> None:
    """Refuse two counts that are not the same units, counted alike, on the same day of the year, 5 years apart.

    InputRefused names all faults at once.
    """
    faults = []
    if before.table.units != after.table.units:
        faults.append(Fault(_differing(before.table.units, after.table.units)))
    if before.counted_by != after.counted_by:
        faults.append(Fault(f"{before.counted_by}と{after.counted_by}は数え方が違い、続けて比べられません"))
    if after.day != years_on(before.day, STEP_YEARS):
        faults.append(Fault(f"ちょうど5年の間がありません({before.day} と {after.day})"))
    if faults:
        raise InputRefused(
            "2つの年の表から変化率を出せません。",
            faults=faults,
            todo="同じ地域・同じ数え方で、同じ月日の5年おきの表を開いてください",
        )


def _summed(people: Floats, starts: Sequence[int]) -> Floats:
    summed: Floats = np.add.reduceat(people, starts, axis=1)
    return summed


def _differing(before: Sequence[str], after: Sequence[str]) -> str:
    alone = sorted(set(before) ^ set(after))
    if not alone:
        return "2つの表の地域の並びが違います"
    return f"一方の表にしかない地域があります: {'、'.join(alone[:10])}{' ほか' if len(alone) > 10 else ''}"
