"""The register of councils as of a day and the sums of activity as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kyodo_geo.councils.activity import ActivityStudy
from kyodo_geo.councils.activity_rows import NO_PEOPLE, name_of
from kyodo_geo.councils.register_rows import REGISTER, register_rows
from kyodo_geo.fiscal import FiscalYear, both_calendars
from kyodo_geo.model.councils.activity import MEASURES, ROLES, UNITS
from kyodo_geo.model.councils.on_day import RegisterOn
from kyodo_geo.model.councils.sums import BY, ActivitySums, Ratio, Sum
from kyodo_geo.present.tables import csv_text
from kyodo_geo.provenance import Basis, Unknown, mark_of

_ALL = "計"


def file_name(base: str, basis: Basis) -> str:
    """Return the name of a download: what is made up begins with 架空_."""
    return f"{'架空_' if basis is Basis.FICTIONAL else ''}{base}"


def register_csv(on: RegisterOn, areas: Mapping[str, str], *, basis: Basis, sources: Sequence[str]) -> str:
    """Return the register as of a day with its check against the published number; `sources` are credits."""
    check = on.check
    return csv_text([
        ["時点", on.day.isoformat(), "根拠", basis.label, *(["印", mark_of(basis)] if mark_of(basis) else [])],
        REGISTER,
        *register_rows(on, areas),
        [],
        ["検査", check.label, f"公表 {check.expected}", check.found, check.difference, check.reference],
        ["出典", *sources],
    ])  # fmt: skip


def activity_csv(study: ActivityStudy, by: str) -> str:
    """Return the sums of every unit, fiscal year and role with what was not stated; a blank number has its reason beside it."""
    measures = [
        head
        for measure, label in MEASURES.items()
        for head in (f"{label}({UNITS[measure]})", f"{label}の記載のない記録")
    ]
    head = [
        "単位", "コード", "名前", "年度", "役割", "記録の数", *measures, "回数(人口100人当たり)", "参加人数(1万円当たり)", "率が少ない人数による", "不明の理由",
        "人口の日", "根拠", "印", "出典",
    ]  # fmt: skip
    sums = study.sums[by]
    return csv_text([head, *_rows(study, sums, by)])


def _rows(study: ActivityStudy, sums: ActivitySums, by: str) -> Iterator[list[object]]:
    credit = "、".join(source.credit for source in study.sources)
    ground = [both_calendars(study.people_day), study.basis.label, mark_of(study.basis), credit]
    for unit in sums.units:
        what = BY["council" if unit in study.ties else "district"]
        for year in sums.years:
            for role in (None, *ROLES):
                label = _ALL if role is None else f"{role} {ROLES[role]}"
                place = [what, unit, name_of(study, by, unit), FiscalYear(year).label, label]
                yield [*place, *_cells(study, sums, (unit, year, role)), *ground]


def _cells(study: ActivityStudy, sums: ActivitySums, at: tuple[str, int, int | None]) -> list[object]:
    unit, year, role = at
    values = [sums.value(unit, year, measure, role=role) for measure in MEASURES]
    people = study.people.get(unit, NO_PEOPLE)
    head = sums.per_head(unit, year, "count", people=people, role=role)
    yen = sums.per_yen(unit, year, "people", role=role)
    reasons = dict.fromkeys(one.reason for one in (*values, head, yen) if isinstance(one, Unknown))
    weak = any(isinstance(one, Ratio) and one.weak for one in (head, yen))
    place = (sums.units.index(unit), sums.years.index(year))
    records = int((sums.records[place] if role is None else sums.records[(*place, role - 1)]).sum())
    return [
        records,
        *(cell for one in values for cell in _amount(one, records)),
        "" if isinstance(head, Unknown) else round(head.value * 100, 3),
        "" if isinstance(yen, Unknown) else round(yen.value, 3),
        "はい" if weak else "",
        "・".join(reasons),
    ]


def _amount(found: Sum | Unknown, records: int) -> list[object]:
    if isinstance(found, Unknown):
        return ["", records]
    return [int(found.value) if found.value.is_integer() else found.value, found.unstated]
