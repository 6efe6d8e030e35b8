"""The pyramid of a district beside its area and the city, from an opened table."""

from __future__ import annotations

from kyodo_geo.city import City
from kyodo_geo.errors import InputRefused
from kyodo_geo.evidence.ages import whole_of
from kyodo_geo.figures.levels import Levels
from kyodo_geo.model.ageing.five_years import to_five_years
from kyodo_geo.model.ageing.measures import add_up, pyramid
from kyodo_geo.model.ageing.values import AgeTable
from kyodo_geo.present.pyramid import Pyramid
from kyodo_geo.provenance import Unknown

Pyramids = tuple[Pyramid, Pyramid, Pyramid]


def pyramids_of(city: City, levels: Levels, year: int, code: str) -> Pyramids | Unknown:
    """Return the pyramids of a district, its area and the city in 5-year bands.

    Unknown where the table has no row of the district, does not tell the sexes apart or has no 5-year bands, and where
    nobody lives.
    """
    brought = levels.brought[year]
    if code not in brought.filled:
        return Unknown("開いた表に行がない", "この地区の行が、開いた年齢の表にありません")
    read = next(one for one in city.evidence.ages if one.day.year == year)
    units = brought.table.units
    members = [row for row, unit in enumerate(units) if city.area_of(unit) == city.area_of(code)]
    parts = (
        (str(city.names.loc[code, "district"]), add_up(brought.table, {code: [units.index(code)]})),
        (f"{city.area_of(code)}地域", add_up(brought.table, {city.area_of(code): members})),
        ("市全体", whole_of(read)),
    )
    found = [_of(name, table) for name, table in parts]
    known = [one for one in found if isinstance(one, Pyramid)]
    if len(known) < len(found):
        return next(one for one in found if isinstance(one, Unknown))
    return known[0], known[1], known[2]


def _of(name: str, table: AgeTable) -> Pyramid | Unknown:
    try:
        shares = pyramid(to_five_years(table), 0)
    except InputRefused as refused:
        return Unknown("5歳ごとの区分がない", refused.what)
    return shares if isinstance(shares, Unknown) else Pyramid(name, shares)
