"""What councils did: records of an activity in a fiscal year for one of the five roles, kept as columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.changes import Entered, standing
from kyodo_geo.model.councils.entry import Entry

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

# 地域協働推進計画が協働体に期待する役割、その順の番号で呼ぶ
ROLES = MappingProxyType(
    {
        1: "行政機能や基礎的コミュニティ機能の支援・補完",
        2: "コミュニティ機能の再生・創出",
        3: "地域意見の調整や集約",
        4: "人材育成、確保",
        5: "新たなまちづくりや活性化",
    }
)
MEASURES = MappingProxyType({"count": "回数", "people": "参加人数", "hours": "時間", "yen": "金額"})
UNITS = MappingProxyType({"count": "回", "people": "人", "hours": "時間", "yen": "円"})
_WHOLE = frozenset({"count", "people", "yen"})
_KEYS = ("role", "name", *MEASURES, "project", "district")


@dataclass(frozen=True, eq=False)
class Activities:
    """n records as columns.

    `councils` and `districts` are (n,) texts, the council's id and the district's code, "" where a record names none (it
    names at least one). `years` (n,) is the fiscal year, `roles` (n,) 1 to 5. `amounts` (n, 4) holds count, people, hours
    and yen in the order of MEASURES where `stated` (n, 4) is true, else 0. `names` and `projects` are texts.
    """

    councils: npt.NDArray[np.str_]
    districts: npt.NDArray[np.str_]
    years: Ints
    roles: Ints
    amounts: Floats
    stated: Bools
    names: tuple[str, ...]
    projects: tuple[str, ...]

    def __post_init__(self) -> None:
        shapes = {column.shape for column in (self.councils, self.districts, self.years, self.roles)}
        wide = {self.amounts.shape, self.stated.shape}
        n = len(self.names)
        if shapes != {(n,)} or wide != {(n, len(MEASURES))} or len(self.projects) != n:
            msg = f"活動の列の長さが合いません({n} 件に対して {shapes}、{wide})"
            raise ValueError(msg)

    def __len__(self) -> int:
        return len(self.names)


def join_activities(*tables: Activities) -> Activities:
    """Return the records of all tables, one after the other; nothing is looked for that stands twice."""
    if not tables:
        return _columns([])
    return Activities(
        np.concatenate([one.councils for one in tables]),
        np.concatenate([one.districts for one in tables]),
        np.concatenate([one.years for one in tables]),
        np.concatenate([one.roles for one in tables]),
        np.concatenate([one.amounts for one in tables]),
        np.concatenate([one.stated for one in tables]),
        tuple(name for one in tables for name in one.names),
        tuple(name for one in tables for name in one.projects),
    )


def activities_of(
    entries: Sequence[Entered], *, councils: Collection[str], districts: Collection[str]
) -> Activities:
    """Return the standing changes of kind activity; the subject is a council's id or a district's code.

    The fiscal year is that of `since`. Keys of values: role (1 to 5) and name are needed; count, people, yen (whole),
    hours, project, and district beside a council are not. Raises InputRefused with all faults at once.
    """
    rows: list[_Row] = []
    faults: list[Fault] = []
    for entered in standing(entries):
        if entered.change.kind == "activity":
            entry = Entry(entered, keys=_KEYS)
            rows.append(_row(entry, councils, districts))
            faults += entry.faults
    if faults:
        raise InputRefused(
            "活動の入力に誤りがあります。", faults=faults, todo="上の入力を訂正するか取り消してください"
        )
    return _columns(rows)


@dataclass(frozen=True)
class _Row:
    council: str
    district: str
    year: int
    role: int
    amounts: tuple[float | None, ...]
    name: str
    project: str


def _row(entry: Entry, councils: Collection[str], districts: Collection[str]) -> _Row:
    subject, district = entry.change.subject, entry.text("district")
    if subject not in councils and subject not in districts:
        entry.refuse(f"「{subject}」という協働体も地区もありません")
    if district and (district not in districts or subject in districts):
        entry.refuse(f"district「{district}」は使えません(対象が協働体のときに、地区のコードを入れます)")
    since = entry.begins()
    return _Row(
        council=subject if subject in councils else "",
        district=subject if subject in districts else district,
        year=FiscalYear.of(since.first).year if since else 0,
        role=int(entry.one_of("role", {str(number): label for number, label in ROLES.items()}) or 0),
        amounts=tuple(entry.number(measure, whole=measure in _WHOLE) for measure in MEASURES),
        name=entry.text("name", needed=True),
        project=entry.text("project"),
    )


def _columns(rows: Sequence[_Row]) -> Activities:
    amounts = [[0.0 if amount is None else amount for amount in row.amounts] for row in rows]
    stated = [[amount is not None for amount in row.amounts] for row in rows]
    return Activities(
        np.array([row.council for row in rows], dtype=np.str_),
        np.array([row.district for row in rows], dtype=np.str_),
        np.array([row.year for row in rows], dtype=np.int64),
        np.array([row.role for row in rows], dtype=np.int64),
        np.array(amounts, dtype=np.float64).reshape(-1, len(MEASURES)),
        np.array(stated, dtype=np.bool_).reshape(-1, len(MEASURES)),
        tuple(row.name for row in rows),
        tuple(row.project for row in rows),
    )
