"""What a road file says of its lines: class, direction, limit, who may pass; four kinds of attributes become one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]

FOOT, NO_ROAD = "foot", ""
_KMH_PER_MPH = 1.609344
_FASTEST_KMH = 120  # the highest limit in Japan; more is a slip
_SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph)?")
_HSTORE = '"{}"=>"([^"]*)"'

_OSM_CLASSES = {
    "motorway": "motorway", "trunk": "trunk", "primary": "primary", "secondary": "secondary", "tertiary": "tertiary",
    "motorway_link": "link", "trunk_link": "link", "primary_link": "link", "secondary_link": "link",
    "tertiary_link": "tertiary", "unclassified": "minor", "residential": "minor", "road": "unknown",
    "living_street": "living_street", "service": "service", "track": "narrow",
    **{f"track_grade{grade}": "narrow" for grade in range(1, 6)},
    **dict.fromkeys(("footway", "path", "steps", "pedestrian", "cycleway", "bridleway", "corridor", "platform"), FOOT),
    **dict.fromkeys(
        ("construction", "proposed", "planned", "abandoned", "razed", "disused", "demolished", "raceway", "busway",
         "bus_guideway", "escape", "rest_area", "services", "elevator", "via_ferrata", "no"), NO_ROAD),
}  # fmt: skip
_NOT_ON_FOOT = {"motorway", "motorway_link"}
# 国土数値情報 N01 道路種別コード: 高速道路, 一般国道, 主要地方道, 一般都道府県道, 特例都道, 市町村道, 私道.
_N01 = {
    "1": "motorway",
    "2": "trunk",
    "3": "primary",
    "4": "secondary",
    "5": "secondary",
    "6": "minor",
    "7": "service",
}
# 国土数値情報 N13 道路分類, and the same words and codes in the tiles of 地理院 (rdCtg); "town" is told apart by width.
_N13 = {"1": "trunk", "2": "secondary", "3": "town", "4": "motorway"}
_RDCTG = {
    "0": "trunk", "1": "secondary", "2": "town", "3": "motorway", "国道": "trunk", "都道府県道": "secondary",
    "市区町村道等": "town", "高速自動車国道等": "motorway",
}  # fmt: skip
_BELOW_3_M = {"N13": {"1"}, "rdCtg": {"0", "3m未満"}}
_ABOVE_5_5_M = {
    "N13": {"3", "4", "5"},
    "rdCtg": {"2", "3", "4", "5.5m-13m未満", "13m-19.5m未満", "19.5m以上"},
}
_ON_FOOT_KINDS = {"N13": {"2", "3", "4"}, "rdCtg": {"庭園路", "徒歩道", "石段"}}
_UNDER_CONSTRUCTION = {"N13": {"5"}, "rdCtg": {"建設中"}}

_AHEAD, _BACK, _BOTH_WAYS = {"yes", "true", "1"}, {"-1", "reverse"}, {"", "no", "false", "0", "b", "nan"}
_ROUND = {"roundabout", "circular"}
_SHUT = {
    "no",
    "private",
    "agricultural",
    "forestry",
    "agricultural;forestry",
    "emergency",
    "military",
    "delivery",
}
_OPEN = {"yes", "designated", "permissive", "official", "destination", "customers"}


@dataclass(frozen=True, eq=False)
class Tags:
    """Of n lines: class (`CAR_CLASSES`, `FOOT`, `NO_ROAD`), limit in km/h (NaN where none is written), directions of
    cars, who may pass, and masks of what was not understood. `scheme` is OSM, N01, N13, rdCtg or "".
    """

    scheme: str
    road_class: Texts
    limit_kmh: Floats
    ahead: Bools
    back: Bools
    on_foot: Bools
    by_car: Bools
    says_direction: bool
    shut: Bools
    not_understood: dict[str, Bools] = field(default_factory=dict)


def read_tags(table: pd.DataFrame) -> Tags:
    """Read the attributes of road lines; columns in any case, those inside `other_tags` of GDAL included.

    A one-way road is one by `oneway` (yes, true, 1; -1 or reverse against the drawing; F, T, B as Geofabrik writes), or by
    being a roundabout or motorway where nothing is written. A walker minds no one-way sign. `access` no or private
    shuts a road to both, `foot` and `motor_vehicle` say otherwise for one. A limit is written in km/h or mph; "none",
    "signals" or a country's word (JP:urban) is no limit known. Class words nobody knows are the class "unknown".
    """
    columns = _Columns(table)
    scheme = next((name for name, column in _SCHEMES.items() if columns.has(*column)), "")
    highway = columns.text("highway", "fclass")
    road_class, strange = _classes(scheme, columns, highway)
    ahead, back, odd_oneway = _directions(columns, highway)
    limit, odd_speed = _limits(columns)
    on_foot, by_car = _passable(columns, highway)
    shut = ~on_foot & ~by_car
    road, foot = road_class != NO_ROAD, road_class == FOOT
    return Tags(
        scheme,
        road_class,
        limit,
        ahead,
        back,
        on_foot & road & (road_class != "motorway"),
        by_car & road & ~foot,
        columns.has("oneway"),
        shut & road,
        {"道路の種別": strange & road, "一方通行": odd_oneway & road, "最高速度": odd_speed & road},
    )


_SCHEMES = {"OSM": ("highway", "fclass"), "N13": ("N13_003",), "N01": ("N01_001",), "rdCtg": ("rdCtg",)}


def known_columns(columns: tuple[str, ...]) -> bool:
    """Return whether any column is one that says what class a road is."""
    known = {name.lower() for names in _SCHEMES.values() for name in names}
    return any(column.lower() in known for column in columns)


class _Columns:
    """The columns of a table by lower-case name, as plain lower-case text."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table
        self.names = {str(name).lower(): name for name in table.columns}
        self.hstore = self.text("other_tags") if "other_tags" in self.names else None

    def has(self, *names: str) -> bool:
        return any(
            name.lower() in self.names
            or (self.hstore is not None and any(f'"{name.lower()}"=>' in text for text in self.hstore))
            for name in names
        )

    def text(self, *names: str) -> Texts:
        """The first of the columns there is; "" for an empty cell, "1" for 1.0, the first of a list."""
        for name in names:
            if name.lower() in self.names:
                return _each(self.table[self.names[name.lower()]], _plain)
        if names[0] != "other_tags" and self.hstore is not None:
            inner = pd.Series(self.hstore).str.extract(_HSTORE.format(names[0].lower()), expand=False)
            return _each(inner, _plain)
        return np.full(len(self.table), "", dtype=object)


def _each(values: pd.Series, read: Callable[[object], object]) -> Texts:
    """Read every distinct value once."""
    codes, distinct = pd.factorize(values.astype(object), use_na_sentinel=False)
    found = np.empty(len(distinct), dtype=object)
    found[:] = [read(value) for value in distinct]
    return found[codes]


def _plain(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip().lower()
    if text.startswith("["):
        text = text.strip("[]").split(",")[0].strip("'\" ")
    return text


def _is(values: Texts, words: set[str]) -> Bools:
    return np.isin(values.astype(str), sorted(words))


def _classes(scheme: str, columns: _Columns, highway: Texts) -> tuple[Texts, Bools]:
    nothing_odd = np.zeros(len(highway), dtype=bool)
    if scheme == "OSM":
        first = _each(pd.Series(highway), lambda word: str(word).split(";", maxsplit=1)[0])
        known = {**_OSM_CLASSES, "": NO_ROAD}
        return _each(pd.Series(first), lambda word: known.get(str(word), "unknown")), ~_is(first, set(known))
    if scheme == "N01":
        return _each(
            pd.Series(columns.text("N01_001")), lambda code: _N01.get(str(code), "unknown")
        ), nothing_odd
    if scheme == "N13":
        names = ("N13_003", "N13_006", "N13_002", "N13_004")
        return _by_width(scheme, _N13, *(columns.text(name) for name in names)), nothing_odd
    if scheme == "rdCtg":
        names = ("rdCtg", "rnkWidth", "type", "state")
        return _by_width(scheme, _RDCTG, *(columns.text(name) for name in names)), nothing_odd
    return np.full(len(highway), "unknown", dtype=object), nothing_odd


def _by_width(  # noqa: PLR0913, PLR0917 - four columns of one record
    scheme: str, categories: dict[str, str], category: Texts, width: Texts, kind: Texts, state: Texts
) -> Texts:
    """Classes of the survey's own data: a town road wide enough for two lanes, a common one, or a narrow one."""
    found = _each(pd.Series(category), lambda code: categories.get(str(code), "unknown"))
    wide, narrow = _is(width, _ABOVE_5_5_M[scheme]), _is(width, _BELOW_3_M[scheme])
    town = found == "town"
    found[town] = "minor"
    found[town & wide] = "tertiary"
    found[(town | (found == "unknown")) & narrow] = "narrow"
    found[_is(kind, _ON_FOOT_KINDS[scheme])] = FOOT
    found[_is(state, _UNDER_CONSTRUCTION[scheme])] = NO_ROAD
    return found


def _directions(columns: _Columns, highway: Texts) -> tuple[Bools, Bools, Bools]:
    """Whether cars may go ahead, whether back, and where `oneway` is not understood (then both)."""
    oneway = columns.text("oneway")
    geofabrik = "fclass" in columns.names
    only_ahead = _is(oneway, _AHEAD | ({"f"} if geofabrik else set()))
    only_back = _is(oneway, _BACK | ({"t"} if geofabrik else set()))
    odd = ~(only_ahead | only_back | _is(oneway, _BOTH_WAYS))
    implied = _is(columns.text("junction"), _ROUND) | (highway == "motorway")
    only_ahead |= (oneway == "") & implied
    return ~only_back, ~only_ahead, odd


def _limits(columns: _Columns) -> tuple[Floats, Bools]:
    text = columns.text("maxspeed")
    limit = np.array(_each(pd.Series(text), _kmh), dtype=float)
    # Zero is Geofabrik's "not known", a word no number that was meant as one.
    number = _each(pd.Series(text), lambda one: str(one)[:1].isdigit() and str(one) != "0").astype(bool)
    return limit, number & np.isnan(limit)


def _kmh(text: object) -> float:
    found = _SPEED.fullmatch(str(text))
    if not found:
        return float("nan")
    kmh = float(found[1]) * (_KMH_PER_MPH if found[2] == "mph" else 1)
    return kmh if 0 < kmh <= _FASTEST_KMH else float("nan")


def _passable(columns: _Columns, highway: Texts) -> tuple[Bools, Bools]:
    shut = _is(columns.text("access"), _SHUT)
    foot, motor = columns.text("foot"), columns.text("motor_vehicle")
    for name in ("motorcar", "vehicle"):
        other = columns.text(name)
        motor = np.where(motor == "", other, motor)
    on_foot = np.where(shut, _is(foot, _OPEN), ~_is(foot, _SHUT))
    on_foot &= ~_is(highway, _NOT_ON_FOOT) & ~_is(columns.text("motorroad"), {"yes"})
    return on_foot, np.where(shut, _is(motor, _OPEN), ~_is(motor, _SHUT))
