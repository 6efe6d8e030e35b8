"""The city as the readers of opened tables must know it."""

from __future__ import annotations

from datetime import date

from kyodo_geo.city import City
from kyodo_geo.sources.visit.gazetteer import Gazetteer


def gazetteer_of(city: City, on: date) -> Gazetteer:
    """Return the places of a city by which a row of an opened table can be tied to it, on the lines of a day."""
    areas, home = city.small_areas, city.homes(on)
    names = dict(zip(areas["key_code"], areas["name"], strict=True))
    households = city.latest.counts["households"].reindex(areas.index).fillna(0)
    homes = households.groupby(areas["key_code"].to_numpy()).sum()
    codes = dict.fromkeys(city.lines(on).values())
    return Gazetteer(
        code=city.facts.code,
        prefecture=city.facts.prefecture,
        city=city.facts.name,
        small_areas={str(key): str(name) for key, name in names.items()},
        people=city.people_by_key,
        homes={str(key): int(count) for key, count in homes.items()},
        districts={code: str(city.names.loc[code, "district"]) for code in codes},
        areas={code: city.area_of(code) for code in codes},
        district_of={key: home[key] for key in names},
    )
