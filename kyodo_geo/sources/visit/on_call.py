"""On-call (demand) areas that a person brings: small areas or polygons, with days, hours and how to book.

A class of its own: who books gets a ride. It is nowhere counted as a fixed service.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

import shapely
from shapely.errors import ShapelyError

from kyodo_geo.errors import Fault, TableError
from kyodo_geo.model.reach.positions import misplaced
from kyodo_geo.sources.tables import decode, read_table
from kyodo_geo.sources.visit.opened import Opened

NAME, KEYS, DAYS, HOURS, BOOKING, NOTE = "区域名", "小地域コード", "曜日", "時間帯", "予約方法", "備考"
_KEY_NAMES = (KEYS, "key_code")
_ATTRIBUTES = (DAYS, HOURS, BOOKING, NOTE)
_UNSAID = "記載なし"
# JGD2000, JGD2011, WGS84: degrees, metres apart at most
_DEGREES = re.compile(r"CRS84|EPSG:+(4326|4612|6668|6697)$")
_TODO = "1行に「区域名」と「小地域コード」を置いた CSV か、同じ項目を持つ面の GeoJSON を開いてください"


@dataclass(frozen=True)
class OnCallArea:
    """An area where a ride can be booked: its small areas by key or its outline, and what the file says of the service."""

    name: str
    keys: tuple[str, ...]
    polygon: shapely.Geometry | None
    days: str
    hours: str
    booking: str
    note: str


@dataclass
class _Found:
    file: str
    areas: list[OnCallArea] = field(default_factory=list)
    left_out: list[Fault] = field(default_factory=list)
    cautions: list[Fault] = field(default_factory=list)

    def leave_out(self, what: str, row: int, column: str = "") -> None:
        self.left_out.append(Fault(what, self.file, row, column))

    def caution(self, what: str, row: int, column: str = "") -> None:
        self.cautions.append(Fault(what, self.file, row, column))


def read_on_call(
    content: bytes, *, name: str, small_areas: Collection[str]
) -> tuple[tuple[OnCallArea, ...], Opened]:
    """Return the on-call areas of a CSV or a GeoJSON in the order of the file, and the account of its reading.

    CSV columns: 区域名, 小地域コード (one a row, or several with ; between), and optionally 曜日, 時間帯, 予約方法, 備考;
    rows of one name and the same service are one area, and a row with a name and codes only continues the area of that
    name. GeoJSON: polygons in degrees with the same properties, the codes optional. A code of a small area stands for
    all its parts. Blank names and codes that are not among `small_areas` are left out by row; a blank attribute is
    記載なし. Raises TableError when there is no area to use.
    """
    found = _Found(name)
    known = _Known(small_areas)
    if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        _read_shapes(content, known, found)
    else:
        _read_rows(content, known, found)
    if not found.areas:
        raise TableError(
            f"{name}: 使える予約制の区域が1つもありません。",
            faults=[*found.left_out, *found.cautions],
            todo=_TODO,
        )
    keys = {key for area in found.areas for key in area.keys}
    shapes = sum(area.polygon is not None for area in found.areas)
    counts = (("予約制の区域", len(found.areas)), ("小地域", len(keys)), ("面", shapes))
    sha256 = hashlib.sha256(content).hexdigest()
    return tuple(found.areas), Opened(
        name, "予約制(デマンド)交通の区域", sha256, counts, tuple(found.left_out), tuple(found.cautions)
    )


class _Known:
    """The keys of the small areas, found by the whole key, by the code of all its parts, or with its lost zero."""

    def __init__(self, small_areas: Collection[str]) -> None:
        self._parts: dict[str, list[str]] = {}
        for key in small_areas:
            self._parts.setdefault(key, []).append(key)
            code, hyphen, _ = key.partition("-")
            if hyphen:
                self._parts.setdefault(code, []).append(key)

    def find(self, text: str) -> tuple[list[str], bool]:
        """Return the keys that a code stands for (none when unknown), and whether a leading zero had to be restored."""
        plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
        if plain in self._parts:
            return self._parts[plain], False
        return self._parts.get(f"0{plain}", []), True


def _read_rows(content: bytes, known: _Known, found: _Found) -> None:
    table = read_table(content, name=found.file).require([NAME])
    column = next((one for one in _KEY_NAMES if one in table.columns), None)
    if column is None:
        table.require([KEYS])
    at: dict[tuple[str, ...], int] = {}
    latest: dict[str, int] = {}
    for row in table:
        keys = _keys(row[column or KEYS], row.line, known, found)
        label = row[NAME]
        if not label:
            found.leave_out("区域名が空欄です", row.line, NAME)
        if not label or not keys:
            continue
        said = tuple(row.cells.get(one, "") for one in _ATTRIBUTES)
        number = at.get((label, *said), latest.get(label) if not any(said) else None)
        if number is None:
            number = len(found.areas)
            found.areas.append(_area(label, (), None, row.cells))
            at[label, *said] = number
        latest[label] = number
        area = found.areas[number]
        found.areas[number] = replace(area, keys=tuple(dict.fromkeys([*area.keys, *keys])))


def _area(
    label: str, keys: tuple[str, ...], polygon: shapely.Geometry | None, said: Mapping[str, str]
) -> OnCallArea:
    days, hours, booking, note = (said.get(one, "") for one in _ATTRIBUTES)
    return OnCallArea(label, keys, polygon, days or _UNSAID, hours or _UNSAID, booking or _UNSAID, note)


def _keys(cell: str, line: int, known: _Known, found: _Found, *, needed: bool = True) -> list[str]:
    keys: list[str] = []
    codes = [code.strip() for code in re.split(r"[;；]", cell) if code.strip()]
    if not codes and needed:
        found.leave_out("小地域コードが空欄です", line, KEYS)
    for code in codes:
        here, restored = known.find(code)
        if not here:
            found.leave_out(f"「{code}」は市の小地域コードにありません", line, KEYS)
        elif restored:
            found.caution(f"「{code}」の前に消えた 0 を補いました", line, KEYS)
        keys += here
    return keys


def _read_shapes(content: bytes, known: _Known, found: _Found) -> None:
    for number, (said, geometry) in enumerate(_features(content, found.file), start=1):
        label = said.get(NAME, "")
        if not label:
            found.leave_out("区域名が空欄です", number, NAME)
            continue
        polygon, wrong = _polygon(geometry)
        if polygon is None:
            found.leave_out(f"区域「{label}」: {wrong}", number)
            continue
        if wrong:
            found.caution(f"区域「{label}」: {wrong}", number)
        cell = next((said[one] for one in _KEY_NAMES if said.get(one)), "")
        keys = _keys(cell, number, known, found, needed=False)
        found.areas.append(_area(label, tuple(dict.fromkeys(keys)), polygon, said))


def _features(content: bytes, name: str) -> Iterator[tuple[dict[str, str], object]]:
    refused = TableError(f"{name}: GeoJSON の FeatureCollection として読めません。", todo=_TODO)
    try:
        collection = json.loads(decode(content, name=name))
    except ValueError as error:  # also a number of thousands of digits
        raise refused from error
    except RecursionError as error:
        raise TableError(f"{name}: GeoJSON の入れ子が深すぎて読めません。", todo=_TODO) from error
    features = collection.get("features")
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise refused
    crs = collection.get("crs")
    if crs and not _DEGREES.search(_crs_name(crs)):
        raise TableError(
            f"{name}: 座標系「{_crs_name(crs)}」は経緯度(度)ではありません。",
            todo="経緯度の GeoJSON で保存し直してください",
        )
    for feature in features:
        said = feature.get("properties")
        words = {str(key): _word(value) for key, value in said.items()} if isinstance(said, dict) else {}
        yield words, feature.get("geometry")


def _crs_name(crs: object) -> str:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    return str(properties.get("name", "")) if isinstance(properties, dict) else str(crs)


def _word(value: object) -> str:
    # A list or an object is no word; spelling out a deeply nested one would also fail
    return "" if value is None or isinstance(value, list | dict) else str(value).strip()


def _polygon(geometry: object) -> tuple[shapely.Geometry | None, str]:
    """Return the polygon in degrees and a caution about it, or None and why it cannot be used."""
    try:
        shape = shapely.from_geojson(json.dumps(geometry)) if geometry is not None else None
    except (ShapelyError, RecursionError):
        return None, "図形を読めません"
    if shape is None or shape.geom_type not in {"Polygon", "MultiPolygon"} or shape.is_empty:
        return None, "面(ポリゴン)ではありません"
    west, south, east, north = shape.bounds
    wrong = misplaced(west, south) or misplaced(east, north)
    if wrong:
        return None, f"位置は{wrong}"
    if shape.is_valid:
        return shape, ""
    repaired = shapely.make_valid(shape, method="structure")
    if repaired.is_empty or repaired.area == 0:
        return None, "面が広さを持ちません"
    return repaired, "輪郭が自分と交わっているので直して読みました"
