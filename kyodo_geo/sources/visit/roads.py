"""Read a road file somebody opens: OpenStreetMap, 国土数値情報 or bare lines become roads to walk and to drive."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from geopandas import GeoDataFrame, GeoSeries

from geo.crs import to_plane
from geo.errors import GeoError, listed
from geo.network import RoadGraph, build_graph
from geo.read import layers, outside_japan, read_shapes, require_in_japan
from kyodo_geo.errors import DataFileError, Fault, InputRefused, TableError, os_reason
from kyodo_geo.rules.travel import Travel
from kyodo_geo.sources.visit.opened import Opened
from kyodo_geo.sources.visit.road_tags import NO_ROAD, Tags, known_columns, read_tags

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

MODES = {"walk": "歩き", "car": "車", "winter": "車(冬)"}
_TODO = "道路の線のファイル(GeoPackage、GeoJSON、シェープファイルかその zip)か確かめてください"
_SCHEME_WORDS = {
    "OSM": "OpenStreetMap",
    "N01": "国土数値情報 道路(N01)",
    "N13": "国土数値情報 道路(N13)",
    "rdCtg": "国土地理院 道路中心線",
    "": "道路の線(種別の列なし)",
}
_POINTS = (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT)
_AREAS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)


@dataclass(frozen=True, eq=False)
class Passage:
    """How n lines may be passed in one way of travelling: as drawn, against it, and km/h (NaN where not at all)."""

    forward: Bools
    backward: Bools
    speed_kmh: Floats


@dataclass(frozen=True, eq=False)
class Roads:
    """The roads of a file: n lines in a plane CRS indexed by their row in the file, and how each mode passes them."""

    name: str
    scheme: str
    lines: GeoSeries
    modes: Mapping[str, Passage]

    @property
    def epsg(self) -> int:
        """The plane system of the lines."""
        return int(self.lines.crs.to_epsg())

    def graph(self, mode: str) -> RoadGraph:
        """Build the graph of a mode (`MODES`); keeping it is the caller's part. InputRefused for another word."""
        if mode not in self.modes:
            raise InputRefused(
                f"移動の仕方「{mode}」はありません。", todo=f"次から選んでください: {'、'.join(MODES)}"
            )
        way = self.modes[mode]
        return build_graph(self.lines, forward=way.forward, backward=way.backward, speed_kmh=way.speed_kmh)


def read_roads(path: Path, travel: Travel) -> tuple[Roads, Opened]:
    """Read road lines with the speeds of `travel`, and what was left out or is to be taken with care, by row.

    Rows count from 1 in the file's order. A car goes at the speed of its class, not above a written limit; a line of
    unknown class goes at its limit. Left out are shapes that are missing, no lines, without length or outside Japan,
    and lines that are no road, unfinished or shut to everybody.
    Raises DataFileError when the file cannot be opened, TableError when nothing in it is usable (no CRS, degrees as
    metres, HTML, several layers of roads, no passable line).
    """
    digest = _digest(path)
    frame, left_out = _lines(path)
    read = len(frame) + sum(count for count, _ in left_out)
    tags = read_tags(frame.drop(columns=frame.geometry.name))
    kept = tags.on_foot | tags.by_car
    left_out += _not_passable(tags, frame, path.name)
    if not kept.any():
        raise TableError(
            f"{path.name}: 通れる道路の線が一本もありません。",
            faults=[fault for _, fault in left_out],
            todo=_TODO,
        )
    roads = Roads(
        path.name,
        tags.scheme,
        to_plane(frame.geometry[kept]),
        {mode: _passage(mode, tags, travel, kept) for mode in MODES},
    )
    opened = Opened(
        name=path.name,
        title=f"道路のファイル {path.name}({_SCHEME_WORDS[tags.scheme]})",
        sha256=digest,
        counts=(("道路の線", int(kept.sum())), ("使わない図形", read - int(kept.sum()))),
        left_out=tuple(fault for _, fault in left_out),
        cautions=(*_tag_cautions(tags, frame, travel, path.name), *_graph_cautions(roads)),
    )
    return roads, opened


def _digest(path: Path) -> str:
    """Fingerprint the file as it is (of a shapefile the .shp), after a look whether it can be one of shapes."""
    try:
        with path.open("rb") as file:
            head = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataFileError(
            f"道路のファイルを開けません: {path}({os_reason(error)})",
            todo="ファイルの場所と名前を確かめてください",
        ) from error
    if not head:
        raise TableError(f"{path.name}: 空のファイルです。", todo=_TODO)
    if head.startswith((b"<!doctype html", b"<html")):
        raise TableError(
            f"{path.name}: 道路のファイルではなく、ウェブページ(HTML)が入っています。",
            todo="ダウンロードし直してください(ログインや同意の画面が保存されたようです)",
        )
    return digest


def _layer(path: Path) -> str | None:
    """Choose the layer that holds roads: the only one, the only one of lines, or the only one with a road's class."""
    found = layers(path)
    if len(found) <= 1:
        return None
    lines = [layer for layer in found if "LineString" in layer.kind] or [one for one in found if one.kind]
    classed = [layer for layer in lines if known_columns(layer.columns)]
    for choice in (lines, classed):
        if len(choice) == 1:
            return choice[0].name
    raise TableError(
        f"{path.name}: 道路の層を一つに決められません。層: {listed(layer.name for layer in found)}。",
        todo="道路の線の層だけのファイルにしてください",
    )


_LeftOut = list[tuple[int, Fault]]


def _lines(path: Path) -> tuple[GeoDataFrame, _LeftOut]:
    """Read the usable lines of a file and what else stands in it; what geo refuses becomes a TableError."""
    try:
        return _usable_lines(read_shapes(path, layer=_layer(path)), path.name)
    except GeoError as error:
        faults = [Fault(fault, file=path.name) for fault in error.faults]
        raise TableError(error.what, faults=faults, todo=error.todo or _TODO) from error


def _usable_lines(frame: GeoDataFrame, name: str) -> tuple[GeoDataFrame, _LeftOut]:
    """Give the lines within Japan that have a length; raise `OutsideJapan` if every line is elsewhere."""
    shapes = np.asarray(frame.geometry.array, dtype=object)
    kind = shapely.get_type_id(shapes)
    none = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    finite = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    line = np.isin(kind, _LINES) & ~none & finite
    outside = np.zeros(len(frame), dtype=bool)
    outside[line] = outside_japan(frame[line])
    if line.any() and outside[line].all():
        require_in_japan(frame[line], name)
    flat = line & ~outside & (shapely.length(shapes) == 0)
    reasons = {
        "図形がない行": none,
        "線ではない図形(点)": np.isin(kind, _POINTS) & ~none,
        "線ではない図形(面)": np.isin(kind, _AREAS) & ~none,
        "線ではない図形(その他)": ~none & ~np.isin(kind, (*_POINTS, *_AREAS, *_LINES)),
        "座標が数でない線": np.isin(kind, _LINES) & ~none & ~finite,
        "日本の外の線": outside,
        "長さのない線": flat,
    }
    left_out = _left_out(reasons, frame, name)
    usable = frame[line & ~outside & ~flat]
    if usable.empty:
        raise TableError(
            f"{name}: 道路として使える線が一本もありません。",
            faults=[fault for _, fault in left_out],
            todo=_TODO,
        )
    return usable, left_out


def _not_passable(tags: Tags, frame: GeoDataFrame, name: str) -> _LeftOut:
    no_road = tags.road_class == NO_ROAD
    neither = ~(tags.on_foot | tags.by_car)
    reasons = {
        "道路ではない、または工事中・計画中の線": no_road,
        "通行できないと書かれた線(access など)": tags.shut,
        "歩きでも車でも通れない線": neither & ~no_road & ~tags.shut,
    }
    return _left_out(reasons, frame, name)


def _left_out(reasons: Mapping[str, Bools], frame: GeoDataFrame, name: str) -> _LeftOut:
    return [
        (int(mask.sum()), _rows(f"{what} {mask.sum()} 件は使いません", mask, frame, name))
        for what, mask in reasons.items()
        if mask.any()
    ]


def _rows(what: str, mask: Bools, frame: GeoDataFrame, name: str) -> Fault:
    """Say something of rows: the first stands as the fault's row, the sentence lists them."""
    rows = frame.index[mask]
    return Fault(f"{what}({listed(f'{row} 行目' for row in rows)})", file=name, row=int(rows[0]))


def _passage(mode: str, tags: Tags, travel: Travel, kept: Bools) -> Passage:
    if mode == "walk":
        may = tags.on_foot[kept]
        return Passage(may, may, np.where(may, travel.walk_kmh, np.nan))
    by_class = travel.car_kmh
    speed = np.array([by_class.get(name, np.nan) for name in tags.road_class], dtype=float)
    limited = ~np.isnan(tags.limit_kmh)
    unclassed = limited & (tags.road_class == "unknown")
    speed[limited] = np.minimum(speed[limited], tags.limit_kmh[limited])
    speed[unclassed] = tags.limit_kmh[unclassed]
    factor = travel.winter_factor if mode == "winter" else 1.0
    may = tags.by_car[kept]
    return Passage(may & tags.ahead[kept], may & tags.back[kept], np.where(may, speed[kept] * factor, np.nan))


def _tag_cautions(tags: Tags, frame: GeoDataFrame, travel: Travel, name: str) -> list[Fault]:
    """What the speeds and directions rest on where the file does not say them."""
    silent = tags.by_car & np.isnan(tags.limit_kmh)
    unclassed = silent & (tags.road_class == "unknown")
    said = []
    if silent.any():
        said.append(
            Fault(
                f"速度の書かれていない区間 {silent.sum()} 本は、道路の種別ごとの車の速さ(この道具の置いた値)で計算します",
                file=name,
            )
        )
    if unclassed.any():
        speed = f"{travel.car_kmh['unknown']:g} km/h(この道具の置いた値)"
        said.append(
            Fault(
                f"種別も速度も分からない区間 {unclassed.sum()} 本は、車の速さを {speed} とします", file=name
            )
        )
    if tags.by_car.any() and not tags.says_direction:
        said.append(
            Fault("一方通行の列(oneway)がありません。車もすべて両方向に通れるとして計算します", file=name)
        )
    if tags.scheme == "N01":
        said.append(Fault("国土数値情報 N01 は主な道路だけの資料です。細い道の遠回りは測れません", file=name))
    said += [
        _rows(f"{what}の読めない線 {mask.sum()} 本は、書かれていないものとして扱います", mask, frame, name)
        for what, mask in tags.not_understood.items()
        if mask.any()
    ]
    return said


def _graph_cautions(roads: Roads) -> list[Fault]:
    """Parts that do not hang together, for walkers and for cars, and lines that lead back to themselves."""
    said = []
    for mode in ("walk", "car"):
        graph = roads.graph(mode)
        if not len(graph.tail):
            said.append(Fault(f"{MODES[mode]}: 通れる線が一本もありません", file=roads.name))
            continue
        apart = graph.island_km()[1:]
        if len(apart):
            what = f"道がつながっていない部分が {len(apart)} か所、合計 {apart.sum():.1f} km あります"
            rest = "いちばん大きな部分との行き来はできないものとして計算します"
            said.append(Fault(f"{MODES[mode]}: {what}。{rest}", file=roads.name))
        if mode == "walk" and graph.self_loops:
            said.append(
                Fault(
                    f"始まりと終わりが同じ所の短い線 {graph.self_loops} 本は、道のりに関わらないので使いません",
                    file=roads.name,
                )
            )
    return said
