"""Sums of activity as rows for people: by unit and role of one fiscal year, and over the years; what was not stated is told."""

from __future__ import annotations

from dataclasses import dataclass

from kyodo_geo.councils.activity import ActivityStudy
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.councils.activity import MEASURES, ROLES, UNITS
from kyodo_geo.model.councils.sums import BY, PER_YEN, ActivitySums, Ratio, Sum
from kyodo_geo.present.tables import Col, number_text
from kyodo_geo.provenance import Unknown

PER_HEADS = 100
AT_LEAST, WEAK = "以上", "※"
NUMERALS = dict(zip(ROLES, "①②③④⑤", strict=True))
NO_PEOPLE = Unknown("その地区の人口は記録なし")
_TOLD = (
    f"「{AT_LEAST}」は、数の書かれていない記録があり、少なくともその数であることを示します。書かれていない数は 0 とみなしません。"
    f"「{WEAK}」は 100 人未満から計算した率で、1人・1回の違いで大きく変わります。"
)


@dataclass(frozen=True)
class View:
    """Which sums are shown: by district or council, of which measure, in which fiscal year."""

    by: str
    measure: str
    year: int


def explanation() -> str:
    """Return what the signs in the tables mean."""
    return _TOLD


def name_of(study: ActivityStudy, by: str, unit: str) -> str:
    """Return the name of a unit, with what it is where it is not what the table is by."""
    name, tied = study.names.get(unit, unit), unit in study.ties
    return name if tied == (by == "council") else f"{name}({BY['council' if tied else 'district']})"


def year_columns(view: View) -> list[Col]:
    """Return the columns of `year_rows`."""
    per_yen = [] if view.measure == "yen" else [Col(f"{number_text(PER_YEN)}円当たり", number=True)]
    return [
        Col("コード", code=True),
        Col(BY[view.by], heading=True),
        *(Col(numeral, number=True) for numeral in NUMERALS.values()),
        Col("計", number=True),
        Col(f"人口{PER_HEADS}人当たり", number=True),
        *per_yen,
        Col("記録の数", number=True),
    ]


def year_rows(study: ActivityStudy, view: View) -> list[list[str]]:
    """Return a row for each unit: a measure of a fiscal year by role, in all, per head and per yen, and the records."""
    sums = study.sums[view.by]
    return [
        [unit, name_of(study, view.by, unit), *_year_cells(study, sums, unit, view)] for unit in sums.units
    ]


def _year_cells(study: ActivityStudy, sums: ActivitySums, unit: str, view: View) -> list[str]:
    year, measure = view.year, view.measure
    people = study.people.get(unit, NO_PEOPLE)
    records = int(sums.records[sums.units.index(unit), sums.years.index(year)].sum())
    roles = [amount_text(sums.value(unit, year, measure, role=role), measure) for role in ROLES]
    per_yen = [] if measure == "yen" else [ratio_text(sums.per_yen(unit, year, measure))]
    return [
        *roles,
        amount_text(sums.value(unit, year, measure), measure),
        ratio_text(sums.per_head(unit, year, measure, people=people), times=PER_HEADS),
        *per_yen,
        f"{records} 件",
    ]


def over_years_columns(study: ActivityStudy, by: str) -> list[Col]:
    """Return the columns of `over_years_rows`."""
    years = (Col(FiscalYear(year).label, number=True) for year in study.years)
    return [Col("コード", code=True), Col(BY[by], heading=True), *years]


def over_years_rows(study: ActivityStudy, by: str, measure: str) -> list[list[str]]:
    """Return a row for each unit: a measure over all roles in each fiscal year."""
    sums = study.sums[by]
    return [
        [
            unit,
            name_of(study, by, unit),
            *(amount_text(sums.value(unit, year, measure), measure) for year in sums.years),
        ]
        for unit in sums.units
    ]


def role_rows(study: ActivityStudy, year: int) -> list[list[str]]:
    """Return a row for each role: its words, the records of a fiscal year, and each measure over all units."""
    sums = study.sums["district"]
    at = sums.years.index(year)
    rows = []
    for role, label in ROLES.items():
        records = int(sums.records[:, at, role - 1].sum())
        cells = [_whole(sums, at, role, place, records) for place in range(len(MEASURES))]
        texts = [amount_text(cell, measure) for cell, measure in zip(cells, MEASURES, strict=True)]
        rows.append([f"{NUMERALS[role]}{label}", f"{records} 件", *texts])
    return rows


def _whole(sums: ActivitySums, at: int, role: int, place: int, records: int) -> Sum | Unknown:
    unstated = int(sums.unstated[:, at, role - 1, place].sum())
    if not records or unstated == records:
        return Unknown("記載なし" if records else "記録なし")
    return Sum(float(sums.totals[:, at, role - 1, place].sum()), records, unstated)


def amount_text(found: Sum | Unknown, measure: str) -> str:
    """Write a sum with its unit, 以上 where some records do not state the number; 不明(理由) for none."""
    if isinstance(found, Unknown):
        return str(found)
    decimals = 0 if float(found.value).is_integer() else 1
    return number_text(found.value, decimals=decimals, unit=UNITS[measure]) + (
        AT_LEAST if found.unstated else ""
    )


def ratio_text(found: Ratio | Unknown, *, times: int = 0) -> str:
    """Write a ratio, or how much that is for `times` people; 以上 and ※ as `explanation` says, 不明(理由) for none.

    Per yen (no `times`) records without a number are left out on both sides, so that nothing is 以上.
    """
    if isinstance(found, Unknown):
        return str(found)
    value = found.value * times if times else found.value
    least = AT_LEAST if times and found.unstated else ""
    return f"{number_text(value, decimals=2)}{least}{WEAK if found.weak else ''}"
