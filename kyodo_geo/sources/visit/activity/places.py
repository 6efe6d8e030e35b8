"""Whom a row of an activity table speaks of: a council by its id or name, a district by its code or name; never guessed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.sheets.names import plain_form
from kyodo_geo.sources.visit.sheets.places import Found, Unfound, find_place

_NICKNAME = re.compile(r"[(【].*[)】]$")
Cells = tuple[str, str, str, str]  # in the order of columns.PLACES


class Subjects:
    """Councils and districts ready to be looked up: `councils` gives the name of each council by id."""

    def __init__(self, gazetteer: Gazetteer, councils: Mapping[str, str]) -> None:
        self.gazetteer = gazetteer
        self.councils = {plain_form(council): council for council in councils}
        self.names: dict[str, set[str]] = defaultdict(set)
        for council, name in councils.items():
            self.names[_plain_name(name)].add(council)
        self.by_number: dict[str, list[str]] = defaultdict(list)
        for code in gazetteer.districts:
            self.by_number[code.lstrip("0")].append(code)

    def find(self, cells: Cells) -> tuple[str, str]:
        """Return a row's council id and district code, "" for one that it does not name.

        Raises RefusedPlaceError with the place (in columns.PLACES) of the cell that names nothing known, or another thing than the
        cell beside it, or of the first where all are blank.
        """
        council, district = self._council(cells[0], cells[1]), self._district(cells[2], cells[3])
        if not council and not district:
            raise RefusedPlaceError(0, "協働体も地区も空欄です")
        return council, district

    def _council(self, code: str, name: str) -> str:
        by_code = self.councils.get(plain_form(code), "")
        if code and not by_code:
            raise RefusedPlaceError(0, f"協働体コード「{code[:20]}」は登録簿にありません")
        named = self.names.get(_plain_name(name), set()) if name else set()
        if name and not named:
            raise RefusedPlaceError(1, f"協働体「{name[:30]}」は登録簿にありません")
        if by_code and name and by_code not in named:
            raise RefusedPlaceError(1, f"協働体「{name[:30]}」は協働体コード {by_code} の名前ではありません")
        if not by_code and len(named) > 1:
            told = "、".join(sorted(named))
            raise RefusedPlaceError(
                1, f"協働体「{name[:30]}」は {len(named)} つあります({told})。コードを書いてください"
            )
        return by_code or next(iter(named), "")

    def _district(self, code: str, name: str) -> str:
        by_code = self._code(code)
        if code and not by_code:
            raise RefusedPlaceError(2, f"地区コード「{code[:20]}」はこの市にありません")
        if not name:
            return by_code
        found = find_place(self.gazetteer, district=name)
        if isinstance(found, Unfound):
            told = f"(候補: {'、'.join(found.candidates)})" if found.candidates else ""
            raise RefusedPlaceError(3, f"地区「{name[:30]}」はこの市にありません{told}")
        return self._agreed(by_code, found, name)

    @staticmethod
    def _agreed(by_code: str, found: Found, name: str) -> str:
        if not found.district or (by_code and found.district != by_code):
            what = f"地区コード {by_code} の名前ではありません" if by_code else "地区の名前ではありません"
            raise RefusedPlaceError(3, f"地区「{name[:30]}」は{what}")
        return found.district

    def _code(self, text: str) -> str:
        plain = plain_form(text)
        if plain in self.gazetteer.districts or not plain:
            return plain
        # Excel takes the zeros off the front of a code
        several = self.by_number.get(plain.lstrip("0"), [])
        return several[0] if plain.isdigit() and len(several) == 1 else ""


class RefusedPlaceError(ValueError):
    """A cell that names nothing known: its place among columns.PLACES, and why."""

    def __init__(self, at: int, why: str) -> None:
        self.at, self.why = at, why
        super().__init__(why)


def _plain_name(name: str) -> str:
    plain = plain_form(name)
    return _NICKNAME.sub("", plain) or plain
