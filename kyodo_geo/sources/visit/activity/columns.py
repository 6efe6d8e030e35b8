"""The names under which activity tables keep their columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kyodo_geo.model.councils.activity import MEASURES

# In one form: NFKC, no blanks, small letters, the unit behind the name off
ALIASES = {
    "council_code": ("協働体コード", "地域協働体コード", "協働体番号", "地域協働体番号"),
    "council": ("協働体", "協働体名", "地域協働体", "地域協働体名"),
    "district_code": ("地区コード",),
    "district": ("地区", "地区名", "市民センター", "市民センター名"),
    "year": ("年度", "会計年度", "実施年度", "事業年度"),
    "role": ("役割", "5つの役割", "役割区分", "役割番号"),
    "name": ("活動名", "活動", "活動内容", "活動の名称"),
    "count": ("回数", "実施回数", "開催回数", "活動回数"),
    "people": ("参加人数", "参加者数", "延べ参加人数", "延べ参加者数", "延べ人数", "人数"),
    "hours": ("時間", "活動時間", "時間数", "延べ時間"),
    "yen": ("金額", "事業費", "支出額", "経費", "費用"),
    "project": ("地域づくり計画の事業", "計画の事業", "地域づくり計画事業", "計画事業"),
    "note": ("備考", "note"),
    "city": ("市区町村名", "cityname"),
}
PLACES = ("council_code", "council", "district_code", "district")
_UNIT = re.compile(r"[_(]+(?:円|人|回|時間|h)\)*$")
# A sum in thousands is never multiplied out: nobody could tell a slip of the head from a rich council
_THOUSANDS = re.compile(r"[千万]円")
_NUMBERED = re.compile(r"\s\([0-9]+\)$")  # how a second column of the same name is told apart


@dataclass(frozen=True)
class Columns:
    """The column of each role by its name; `doubled` names columns of one meaning, `thousands` those in 千円 or 万円."""

    roles: Mapping[str, str]
    doubled: tuple[tuple[str, ...], ...]
    thousands: tuple[str, ...]
    unread: tuple[str, ...]


def is_known(cell: str) -> bool:
    """Tell whether one cell is the name of a column that such a table has."""
    form = _form(cell)
    return any(form in aliases for aliases in ALIASES.values())


def suffices(columns: Sequence[str]) -> bool:
    """Tell whether columns make an activity table: a place, a role, and the activity's name or a number."""
    roles = columns_of(columns).roles
    told = {"name", *MEASURES} & set(roles)
    return "role" in roles and bool(told) and any(place in roles for place in PLACES)


def columns_of(columns: Sequence[str]) -> Columns:
    """Return which column plays which role."""
    found = {
        role: tuple(column for column in columns if column and _form(column) in aliases)
        for role, aliases in ALIASES.items()
    }
    used = {column for some in found.values() for column in some}
    rest = [column for column in columns if column and column not in used]
    thousands = tuple(column for column in rest if _THOUSANDS.search(unicodedata.normalize("NFKC", column)))
    return Columns(
        {role: some[0] for role, some in found.items() if some},
        tuple(some for some in found.values() if len(some) > 1),
        thousands,
        tuple(column for column in rest if column not in thousands),
    )


def _form(column: str) -> str:
    plain = _NUMBERED.sub("", unicodedata.normalize("NFKC", column))
    return _UNIT.sub("", re.sub(r"\s", "", plain).casefold())
