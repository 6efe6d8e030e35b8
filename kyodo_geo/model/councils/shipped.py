"""The councils as they ship: the rows of councils.csv and council_links.csv as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.councils.stated import Stated, read_stated
from kyodo_geo.model.councils.values import Link, Milestone, Naming, Saying

_SAID = ("exists", "none", "unknown")


@dataclass(frozen=True)
class Shipped:
    """What is published of councils; `notes` are remarks by council id."""

    namings: tuple[Naming, ...] = ()
    links: tuple[Link, ...] = ()
    sayings: tuple[Saying, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


def shipped_councils(councils: Iterable[Mapping[str, str]], links: Iterable[Mapping[str, str]]) -> Shipped:
    """Return the shipped councils from the rows of councils.csv and council_links.csv as text by column.

    A blank `established`, `since` or `until` stays not known. Raises InputRefused with every impossible day, every
    status that is none, and every link without a council of its id.
    """
    faults: list[Fault] = []
    rows, tied = list(councils), list(links)
    ids = {row["council_id"] for row in rows}
    days = _Days(faults)
    found = Shipped(
        tuple(Naming(row["council_id"], row["council"], None, row["reference"]) for row in rows),
        tuple(_links(tied, ids, days)),
        tuple(_sayings(tied, days)),
        tuple(_foundings(rows, days)),
        {row["council_id"]: tuple(filter(None, (row["note"], row["plan_note"]))) for row in rows},
    )
    if faults:
        raise InputRefused(
            "地域協働体の公表資料に誤りがあります。", faults=faults, todo="上の行を直してください"
        )
    return found


class _Days:
    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults

    def read(self, text: str, file: str, column: str) -> Stated | None:
        if not text:
            return None
        try:
            return read_stated(text)
        except ValueError as error:
            self.faults.append(Fault(str(error), file=file, column=column))
            return None


def _foundings(rows: Iterable[Mapping[str, str]], days: _Days) -> Iterable[Milestone]:
    for row in rows:
        day = days.read(row["established"], "councils.csv", "established")
        if day:
            yield Milestone(row["council_id"], "founded", day, row["reference"], row["note"])


def _links(rows: Iterable[Mapping[str, str]], ids: set[str], days: _Days) -> Iterable[Link]:
    for row in rows:
        if row["status"] != "named":
            continue
        if row["council_id"] not in ids:
            what = f"地区 {row['district_code']}: 協働体「{row['council_id']}」が councils.csv にありません"
            days.faults.append(Fault(what, file="council_links.csv", column="council_id"))
        since, until = (days.read(row[column], "council_links.csv", column) for column in ("since", "until"))
        yield Link(row["council_id"], row["district_code"], since, until, row["reference"], row["note"])


def _sayings(rows: Iterable[Mapping[str, str]], days: _Days) -> Iterable[Saying]:
    for row in rows:
        if row["status"] == "named":
            continue
        if row["status"] not in _SAID:
            what = f"地区 {row['district_code']}: 状態「{row['status']}」は named・{'・'.join(_SAID)} のどれでもありません"
            days.faults.append(Fault(what, file="council_links.csv", column="status"))
        since = days.read(row["since"], "council_links.csv", "since")
        yield Saying(row["district_code"], row["status"], since, row["reference"], row["note"])
