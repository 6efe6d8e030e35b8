"""The names under which facility files keep what is needed: found by name, wherever the column stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kyodo_geo.model.reach.choice import HAZARDS

# In the order they are looked for, in one form (NFKC, no blanks, small letters). Two generations of the municipal
# standard, 国土地理院, 医療情報ネット, 介護サービス情報公表 and this tool's own tables
ALIASES = {
    "name": ("名称", "施設名", "施設・場所名", "施設名称", "正式名称", "介護サービス事業所名称", "事業所名", "医療機関名",
             "医療機関名称", "name", "facility"),
    "lat": ("緯度", "lat", "latitude", "所在地座標(緯度)"),
    "lon": ("経度", "lon", "lng", "long", "longitude", "所在地座標(経度)"),
    # 国土地理院 has an id (共通ID) beside NO, which is only the number of the row
    "code": ("共通id", "id", "施設コード", "コード", "code", "no", "no.", "番号", "医療機関コード", "事業所番号", "_id"),
    "address": ("住所", "所在地", "所在地_連結表記", "address"),
    "note": ("備考", "note"),
}  # fmt: skip
NEEDED = {"name": "施設の名称", "lat": "緯度", "lon": "経度"}
_YES = {"1", "○", "〇", "◯", "●", "有", "可", "true"}
_NO = {"", "0", "×", "-", "無", "不可", "false"}


@dataclass(frozen=True)
class Columns:
    """Where each thing stands among the columns of a file; `hazards` by the disaster's name."""

    places: Mapping[str, int]
    hazards: Mapping[str, int]

    def missing(self, needed: Sequence[str]) -> list[str]:
        """Return what is needed and has no column."""
        return [role for role in needed if role not in self.places]

    def cell(self, cells: Sequence[str], role: str) -> str:
        """Return the cell of a role, '' where the file has no such column or the row ends before it."""
        at = self.places.get(role)
        return cells[at].strip() if at is not None and at < len(cells) else ""

    def marks(self, cells: Sequence[str]) -> tuple[dict[str, bool] | None, list[tuple[str, str]]]:
        """Return for which disasters a row is marked, and the (disaster, cell) that cannot be understood.

        None where no disaster is marked at all: a shelter designated for nothing is one of which it is not stated.
        """
        found: dict[str, bool] = {}
        strange: list[tuple[str, str]] = []
        for hazard, at in self.hazards.items():
            text = cells[at].strip() if at < len(cells) else ""
            word = unicodedata.normalize("NFKC", text).casefold()
            if word in _YES or word in _NO:
                found[hazard] = word in _YES
            else:
                strange.append((hazard, text))
        return (found if any(found.values()) else None), strange


def columns_of(header: Sequence[str]) -> Columns:
    """Return where the known columns stand in a header row; of several names of one thing the first listed is used.

    A name with a remark in brackets (緯度(世界測地系)) is known too, where only one column has that name.
    """
    names = [_one_form(cell) for cell in header]
    bases = [name.partition("(")[0] for name in names]
    places: dict[str, int] = {}
    for role, aliases in ALIASES.items():
        for alias in aliases:
            if alias in names:
                places.setdefault(role, names.index(alias))
            elif bases.count(alias) == 1:
                places.setdefault(role, bases.index(alias))
    wanted = {_hazard_form(hazard): hazard for hazard in HAZARDS}
    hazards = {wanted[form]: at for at, name in enumerate(names) if (form := _hazard_form(name)) in wanted}
    return Columns(places, hazards)


def _one_form(cell: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", cell)).casefold()


def _hazard_form(name: str) -> str:
    plain = _one_form(name).removeprefix("災害種別_")
    return plain.replace("すべり", "滑り").replace("がけ", "崖").replace(",", "、")
