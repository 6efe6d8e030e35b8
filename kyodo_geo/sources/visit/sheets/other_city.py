"""Signs that a table or a row is of another municipality: a 〜市 in the titles, an address that begins elsewhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.sheets.areas import area_of
from kyodo_geo.sources.visit.sheets.names import plain_form

_LETTERS = "々ヶケ\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff"
# A name begins where a text, a word or a date does, and ends before what a title says of a city; 市民, 市街 and the like
# begin with 市 themselves
_IN_A_TITLE = re.compile(
    rf"(?:^|[^{_LETTERS}]|[都道府]県|県|年度?|現在|[0-9]日)([{_LETTERS}]{{1,5}}市)"
    r"(?=$|[^\w]|_|の|内|全|人口|空|住|町丁|町別|行政区|地区|地域|区別|小地域|年齢|世帯|調査|実態|公|統計|推計|役所|[0-9]|令和|平成)"
)
_NO_CITY = re.compile(
    r"^(?:都|本|当|同|各|全|他|旧|両|朝|度|年度|近隣|周辺|新|版|県内|構成)市$|(?<!京)都市$|架空"
)
_BEFORE = re.compile(r"(?:日?現在|年度版?|[\u4e00-\u9fff]{2,3}県)(?=..)")
_PREFECTURE = re.compile(r"東京都|北海道|(?:大阪|京都)府|[\u4e00-\u9fff]{2,3}県")
_CITY = re.compile(r"[町村]?[^0-9市町村字区]{1,5}市")
_COUNTY = re.compile(r"[^0-9市町村字区郡]{1,4}郡([^0-9町村]{1,5}[町村])")


def title_of_another(texts: Iterable[str], gazetteer: Gazetteer) -> str:
    """Return the first 〜市 that texts above a table or a sheet's name speak of; "" where they name none or the own one.

    What is part of a name of the city's own places (七日市) is no other city.
    """
    told = [unicodedata.normalize("NFKC", text) for text in texts]
    if any(plain_form(gazetteer.city) in plain_form(text) for text in told):
        return ""
    found = (_BEFORE.sub("", match[1], count=1) for text in told for match in _IN_A_TITLE.finditer(text))
    return next((city for city in found if not _NO_CITY.search(city) and not _is_own(city, gazetteer)), "")


def address_of_another(address: str, gazetteer: Gazetteer) -> str:
    """Return the municipality or prefecture elsewhere that an address begins with; "" for none.

    郡 and 町 count as elsewhere only where both are written and the town is no former municipality of the city.
    """
    form = plain_form(address)
    rest = form.removeprefix(plain_form(gazetteer.prefecture))
    city = plain_form(gazetteer.city)
    if rest.startswith(city) or re.match(rf"[^郡市]{{1,5}}郡{re.escape(city)}", rest):
        return ""
    prefecture = _PREFECTURE.match(rest)
    if prefecture and rest == form and not _is_own(prefecture[0], gazetteer):
        return prefecture[0]
    county, other = _COUNTY.match(rest), _CITY.match(rest)
    if county:
        return "" if area_of(gazetteer, county[1]) or _is_own(county[0], gazetteer) else county[0]
    return other[0] if other and not _is_own(other[0], gazetteer) else ""


def _is_own(text: str, gazetteer: Gazetteer) -> bool:
    names = (*gazetteer.small_areas.values(), *gazetteer.districts.values(), *gazetteer.areas.values())
    return any(text in plain_form(name) for name in names)
