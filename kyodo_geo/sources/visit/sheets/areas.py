"""Names of former municipalities (地域), which tables use where others have districts."""

from __future__ import annotations

from collections.abc import Iterable

from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.sheets.names import plain_form, without_front

BY_AREA = "旧市町村(地域)ごとの表です。地区か町丁字・行政区ごとの表が必要です"
_ENDINGS = ("", "地域", "支所", "支所管内", "町", "村", "市")


def area_of(gazetteer: Gazetteer, text: str) -> str:
    """Return the former municipality that a text names, 地域, 支所, 町 or 村 behind it or not; "" for none."""
    form = without_front(plain_form(text), prefecture=gazetteer.prefecture, city=gazetteer.city)
    areas = dict.fromkeys(gazetteer.areas.values())
    return next((area for area in areas if form in {plain_form(area) + one for one in _ENDINGS}), "")


def districts_of_area(gazetteer: Gazetteer, text: str) -> tuple[str, ...]:
    """Return the codes of the districts of the former municipality that a text names; () for fewer than two."""
    area = area_of(gazetteer, text)
    codes = tuple(code for code, one in gazetteer.areas.items() if area and one == area)
    return codes if len(codes) > 1 else ()


def without_city(gazetteer: Gazetteer, names: Iterable[str]) -> list[str]:
    """Return the different names that are neither blank nor the city's own."""
    city = plain_form(gazetteer.city)
    whole = {"", city, plain_form(gazetteer.prefecture) + city}
    return [name for form, name in {plain_form(name): name for name in names}.items() if form not in whole]
