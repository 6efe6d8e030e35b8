"""The names under which lists of vacant dwellings keep what is needed, and the columns of persons that are never read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kyodo_geo.model.vacancy.values import STATES

# In the order they are looked for, in one form (NFKC, no blanks, small letters)
ALIASES = {
    "key": ("key_code", "keycode", "小地域コード", "町丁字コード", "町字コード"),
    "name": ("小地域名", "小地域", "町丁字名", "町丁字", "町丁名", "町丁目名", "町丁目", "町字名", "町字", "町名", "大字名",
             "大字・町名", "大字", "行政区名", "行政区", "自治会名", "自治会", "集落名", "集落", "s_name"),
    "sub_name": ("字・丁目名", "丁目名", "丁目", "小字名", "小字", "字名", "字"),
    "district_code": ("地区コード",),
    "district": ("地区名", "地区", "市民センター名", "市民センター", "協働体名", "協働体", "地域協働体名", "地域協働体"),
    "address": ("所在地", "所在地_連結表記", "物件所在地", "空き家所在地", "空家所在地", "建物所在地", "所在地番", "所在",
                "住所", "地番", "address"),
    "lat": ("緯度", "lat", "latitude", "所在地座標(緯度)"),
    "lon": ("経度", "lon", "lng", "long", "longitude", "所在地座標(経度)"),
    "count": ("空き家戸数", "空家戸数", "空き家数", "空家数", "空き家総数", "空家総数", "空家等数", "空き家等数", "空家等戸数",
              "空き家件数", "空家件数", "空家等件数", "空き家等件数", "空き家棟数", "空家棟数"),
    "bare_count": ("空き家", "空家", "空家等", "空き家等", "戸数", "件数", "棟数"),
    "sum": ("合計", "総計", "総数", "計"),
    "dwellings": ("総住宅数", "住宅総数", "住宅数", "総戸数", "住宅戸数", "住戸数", "全戸数"),
    "year": ("調査年度", "調査年", "調査年月日", "調査日", "調査年月", "調査日時", "調査時期", "現地調査日", "年度"),
    "state": ("判定ランク", "総合ランク", "ランク", "総合判定", "判定結果", "判定", "状態区分", "状態", "不良度ランク",
              "不良度判定", "不良度", "老朽度ランク", "老朽度", "危険度ランク", "危険度"),
    "source": ("出所", "情報源", "調査方法", "調査手法", "把握方法", "把握手段", "source"),
    "note": ("備考", "note"),
    "city": ("市区町村名", "cityname", "地方公共団体名"),
    "area": ("地域名", "地域", "旧市町村名", "旧市町村"),
}  # fmt: skip
# By its lowest level alone a head may speak of a part (屋根 状態), of another year (建築 年度) or remark
_ONE_ONLY = frozenset({"state", "source", "year"})
_WHOLE_ONLY = frozenset({"年度", "備考", "note", "市区町村名", "cityname"})
_PLACES = ("key", "name", "sub_name", "district", "district_code", "address")
# What a person is: owners above all, but also who looks after the house or walked the survey
_PERSONAL = re.compile(
    r"所有|氏名|名義|連絡先|電話|携帯|^tel|^fax|メール|mail|管理人|管理者|相続|納税|世帯主|世帯コード|生年月日|続柄"
    r"|居住者|入居者|使用者|借主|貸主|担当者|調査員|本籍|国籍|水道番号|お客様番号"
)
# Whether a house is vacant at all; which marks count as vacant differs from form to form
_DOUBTFUL = ("空家判定", "空き家判定", "居住判断", "居住判定", "居住状況", "居住の有無", "利用状況")
# When or whether a house was taken down
_GONE = re.compile(
    r"(?:除却|解体|滅失|取り?壊し?|撤去)(?:済み?|完了)?(?:年度?|年月日?|日|状況|の?有無|区分|等)?"
)
_LETTER = re.compile(r"(?:総合|ランク|判定|評価|区分|等級)*([a-d])(?:ランク|判定|評価|等級|区分)?")
_NUMBERED = re.compile(r"\s\([0-9]+\)$")  # how a second column of the same name is told apart


@dataclass(frozen=True)
class Columns:
    """The column of each role by its name, of each state letter, and those that are told of but not read.

    `doubled` are (role, columns) of one name that cannot be told apart; `personal` and `doubtful` are columns of
    persons and of whether a dwelling is vacant at all, `gone` of when or whether a single dwelling was taken down;
    `unread` are all others.
    """

    roles: Mapping[str, str]
    states: Mapping[str, str]
    personal: tuple[str, ...]
    doubtful: tuple[str, ...]
    doubled: tuple[tuple[str, tuple[str, ...]], ...]
    unread: tuple[str, ...]
    gone: tuple[str, ...] = ()

    @property
    def has_point(self) -> bool:
        """Whether there are latitude and longitude."""
        return {"lat", "lon"} <= set(self.roles)

    @property
    def has_place(self) -> bool:
        """Whether a row says where it lies, by a place's name or key or by a point."""
        return self.has_point or any(role in self.roles for role in _PLACES)

    @property
    def counts_by_place(self) -> bool:
        """Whether a row is a place with a number of vacant dwellings; else it is one vacant dwelling."""
        return "count" in self.roles or bool(self.states)

    @property
    def kind(self) -> frozenset[str]:
        """What the table is made of: sheets of the same kind are read as one."""
        return frozenset({*self.roles, *self.states} - {"note", "city"})

    def cell(self, cells: Mapping[str, str], role: str) -> str:
        """Return the cell of a role; "" where the table has no such column."""
        column = self.roles.get(role)
        return cells.get(column, "") if column else ""


def is_known(cell: str) -> bool:
    """Tell whether one cell is the name of a column that such a list has."""
    form = _one_form(cell)
    names = {form, _base(form)}
    known = any(name in aliases for aliases in ALIASES.values() for name in names)
    return known or bool(_letter(cell)) or bool(_PERSONAL.search(form)) or form in _DOUBTFUL or _is_gone(cell)


def suffices(columns: Sequence[str]) -> bool:
    """Tell whether columns make a list of vacant dwellings: a place, and a count or what else tells of a dwelling."""
    found = columns_of(columns)
    tells = (
        found.counts_by_place or found.has_point or {"address", "state", "source", "year"} & set(found.roles)
    )
    return found.has_place and bool(tells)


def columns_of(columns: Sequence[str]) -> Columns:
    """Return which column plays which role; of several names of one thing the first listed is used.

    Columns of persons are set aside first, and a 住所 with them where it stands beside 所在地 or behind an owner: it is
    the owner's then. A bare 戸数 or 空き家 counts vacant dwellings only where rows are neither points nor addresses, and
    a 計 only beside columns of states. A 地域 names the place only where no other column does.
    """
    named = [column for column in columns if column]
    personal = [column for column in named if _PERSONAL.search(_one_form(column))]
    doubtful = [column for column in named if _last(column) in _DOUBTFUL]
    personal += _owners_address(named, personal)
    free = [column for column in named if column not in personal and column not in doubtful]
    roles, doubled = _roles(free)
    states = _state_columns(free) if "state" not in roles else {}
    _settle_count(roles, states)
    _settle_area(roles)
    doubled = [(role, several) for role, several in doubled if several[0] in roles.values()]
    used = {*roles.values(), *states.values(), *(column for _, several in doubled for column in several)}
    counted = "count" in roles or states  # 除却済 beside a count is how many were taken down
    gone = tuple(column for column in free if not counted and column not in used and _is_gone(column))
    unread = tuple(column for column in free if column not in used and column not in gone)
    return Columns(roles, states, tuple(personal), tuple(doubtful), tuple(doubled), unread, gone)


def _roles(columns: Sequence[str]) -> tuple[dict[str, str], list[tuple[str, tuple[str, ...]]]]:
    """Return the column of each role and those of one name; the whole joined head goes before its lowest level.

    Several 状態 below 屋根 and 外壁 are none of the dwelling; several 空き家数 below years must be told of.
    """
    roles: dict[str, str] = {}
    doubled = []
    for role, aliases in ALIASES.items():
        found = _named(columns, aliases, _whole_forms)
        if not found:
            found = _named(columns, [one for one in aliases if one not in _WHOLE_ONLY], _last_forms)
            found = [] if role in _ONE_ONLY and len(found) > 1 else found
        if found:
            roles[role] = found[0]
        if len(found) > 1:
            doubled.append((role, tuple(found)))
    return roles, doubled


def _named(columns: Sequence[str], aliases: Sequence[str], forms: Callable[[str], set[str]]) -> list[str]:
    """Return the columns of the first alias that any has."""
    found = ([column for column in columns if alias in forms(column)] for alias in aliases)
    return next(filter(None, found), [])


def _settle_count(roles: dict[str, str], states: Mapping[str, str]) -> None:
    """Decide which column counts vacant dwellings, and drop the roles that have no say then."""
    bare, total = roles.pop("bare_count", None), roles.pop("sum", None)
    points = "address" in roles or {"lat", "lon"} <= set(roles)
    chosen = roles.get("count") or (None if points else bare) or (total if states else None)
    if chosen:
        roles["count"] = chosen
    elif not states:
        roles.pop("dwellings", None)


def _settle_area(roles: dict[str, str]) -> None:
    area = roles.pop("area", None)
    if area and not {*_PLACES, "lat", "lon"} & set(roles):
        roles["district"] = area


def _is_gone(column: str) -> bool:
    return bool(_GONE.fullmatch(_base(_last(column))))


def _state_columns(columns: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        letter = _letter(column)
        if letter:
            found.setdefault(letter, column)
    return found if len(found) > 1 else {}


def _letter(column: str) -> str:
    found = _LETTER.fullmatch(_base(_last(column)))
    return found[1].upper() if found and found[1].upper() in STATES else ""


def _owners_address(columns: Sequence[str], personal: Sequence[str]) -> list[str]:
    homes = [column for column in columns if _base(_one_form(column)) == "住所"]
    if any("所在" in column for column in columns if column not in personal):
        return homes
    first = min((columns.index(column) for column in personal), default=len(columns))
    return [column for column in homes if columns.index(column) > first]


def _whole_forms(column: str) -> set[str]:
    whole = _one_form(column)
    return {whole, _base(whole)}


def _last_forms(column: str) -> set[str]:
    last = _last(column)
    return {last, _base(last)}


def _last(column: str) -> str:
    """Return the lowest level of a joined head in one form."""
    plain = _NUMBERED.sub("", unicodedata.normalize("NFKC", column))
    return _one_form(plain.split(" ")[-1]) if plain.strip() else ""


def _base(form: str) -> str:
    return form.partition("(")[0] or form


def _one_form(column: str) -> str:
    plain = _NUMBERED.sub("", unicodedata.normalize("NFKC", column))
    return re.sub(r"\s", "", plain).casefold()
