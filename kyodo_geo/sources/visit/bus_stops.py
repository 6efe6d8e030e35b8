"""Bus stops of 国土数値情報 P11, in both editions: names, operators, routes and kinds of bus; no timetable."""

from __future__ import annotations

import hashlib
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from geo.crs import to_lonlat
from kyodo_geo.errors import Fault, TableError
from kyodo_geo.model.reach.positions import misplaced
from kyodo_geo.sources.disk import content_of
from kyodo_geo.sources.visit.damaged import DAMAGED
from kyodo_geo.sources.visit.opened import Opened

# 国土数値情報 バス停留所データ(P11) 製品仕様書: バス区分コード
_KINDS = {"1": "民間バス", "2": "公営バス", "3": "コミュニティバス", "4": "デマンドバス", "5": "その他"}
_DEGREES = 6668  # JGD2011; the older edition is JGD2000, which differs by metres at most
_TODO = "国土数値情報のバス停留所(P11)の zip、GeoJSON、シェープファイル、GeoPackage のどれかを開いてください"
_FILES = (".shp", ".geojson", ".json", ".gpkg")
_BESIDE = {".shp", ".shx", ".dbf", ".prj", ".cpg"}


@dataclass(frozen=True)
class BusStop:
    """A bus stop of P11: `id` is the edition and its row, for the data has no id; `lon` None without a position."""

    id: str
    name: str
    operators: tuple[str, ...]
    routes: tuple[str, ...]
    kinds: tuple[str, ...]
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class _Edition:
    """Which columns mean what: field numbers changed their meaning between the editions."""

    name: str
    year: str
    operators: str
    routes: str
    kinds: str
    others: str


_P11_10 = _Edition(
    "P11-10", "2010(平成22)年度", r"P11_003_\d{1,2}", r"P11_004_\d{1,2}", r"P11_002(_\d{1,2})?", "P11_001"
)
_P11_22 = _Edition("P11-22", "2022(令和4)年度", r"P11_002", r"P11_003_\d\d", r"P11_004_\d\d", r"P11_00[15]")


def read_bus_stops(path: Path) -> tuple[tuple[BusStop, ...], Opened]:
    """Return the stops of a P11 file in its order, and the account of its reading; the edition is told by the columns.

    GeoJSON, GeoPackage, shapefile or a zip of one; a shapefile without .cpg is read as cp932, one without .prj as
    JGD2011 degrees, said as a caution. A stop without a name or with a position outside Japan is kept and listed.
    Raises DataFileError when the file cannot be opened, TableError when it is no P11 file.
    Source: 国土数値情報 バス停留所データ(P11)、国土交通省.
    """
    sha256 = hashlib.sha256(content_of(path, what="バス停のファイル")).hexdigest()
    cautions: list[Fault] = []
    frame = _in_degrees(_frame(path, cautions), path.name, cautions)
    edition = _edition(frame, path.name)
    _note_columns(frame, edition, path.name, cautions)
    stops = _stops(frame, edition, path.name, cautions)
    placed = sum(stop.lon is not None for stop in stops)
    counts = (("バス停", len(stops)), ("位置のあるバス停", placed))
    title = f"国土数値情報 バス停留所 {edition.name}({edition.year})"
    publisher = "国土交通省(国土数値情報)"
    opened = Opened(
        path.name, title, sha256, counts, (), tuple(cautions), publisher, f"{edition.year}(版による)"
    )
    return stops, opened


def _frame(path: Path, cautions: list[Fault]) -> gpd.GeoDataFrame:
    with tempfile.TemporaryDirectory() as folder:
        file = _unzipped(path, Path(folder)) if zipfile.is_zipfile(path) else path
        shapefile = file.suffix.lower() == ".shp"
        encoding = "cp932" if shapefile and not _has_sibling(file, ".cpg") else None
        try:
            layers = [str(layer) for layer, _ in pyogrio.list_layers(file)]
            frame = gpd.read_file(file, layer=layers[0], encoding=encoding, engine="pyogrio")
        except (DataSourceError, DataLayerError, UnicodeDecodeError) as error:
            raise TableError(f"{path.name}: 図形のファイルとして読めません。", todo=_TODO) from error
    if len(layers) > 1:
        what = f"層が {len(layers)} あります({'、'.join(layers)})。最初の層を読みました"
        cautions.append(Fault(what, path.name))
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        raise TableError(f"{path.name}: 点が1つも入っていません。", todo=_TODO)
    return frame


def _has_sibling(file: Path, suffix: str) -> bool:
    return any(other.stem == file.stem and other.suffix.lower() == suffix for other in file.parent.iterdir())


def _unzipped(path: Path, folder: Path) -> Path:
    """Write the one file of shapes in the zip (and its siblings) into the folder, under plain names."""
    try:
        with zipfile.ZipFile(path) as archive:
            if any(info.flag_bits & 1 for info in archive.infolist()):
                raise TableError(f"{path.name}: zip にパスワードがかかっています。", todo=_TODO)
            members = [member for member in archive.namelist() if "__MACOSX" not in member]
            # KSJ's GML zips hold a GeoJSON of the same points beside the shapefile: the first form found is enough
            found = [one for suffix in _FILES for one in members if one.lower().endswith(suffix)]
            shapes = [one for one in found if Path(one).suffix.lower() == Path(found[0]).suffix.lower()]
            if len(shapes) != 1:
                raise TableError(
                    f"{path.name}: zip の中の図形のファイルは1つだけにしてください({len(shapes)} つあります)。",
                    faults=[Fault("図形のファイル", one) for one in shapes],
                    todo=_TODO,
                )
            stem, suffix = shapes[0][: -len(Path(shapes[0]).suffix)], Path(shapes[0]).suffix.lower()
            beside = _BESIDE if suffix == ".shp" else {suffix}
            contents = {
                kind: archive.read(member)
                for member in members
                if (kind := Path(member).suffix.lower()) in beside and member[: -len(kind)] == stem
            }
    except TableError:
        raise  # said above, and a ValueError itself
    except DAMAGED as error:
        raise TableError(f"{path.name}: zip が壊れています。", todo=_TODO) from error
    for kind, content in contents.items():
        (folder / f"stops{kind}").write_bytes(content)
    return folder / f"stops{suffix}"


def _in_degrees(frame: gpd.GeoDataFrame, name: str, cautions: list[Fault]) -> gpd.GeoDataFrame:
    if frame.crs is None:
        cautions.append(Fault("座標系が書かれていないので、経緯度(JGD2011)として読みました", name))
        frame = frame.set_crs(_DEGREES)
    return to_lonlat(frame)


def _edition(frame: gpd.GeoDataFrame, name: str) -> _Edition:
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    if "P11_001" in columns:
        if (
            any(re.fullmatch(r"P11_003_\d\d|P11_005", column) for column in columns)
            and "P11_003_1" not in columns
        ):
            return _P11_22
        if "P11_003_1" in columns:
            return _P11_10
    raise TableError(
        f"{name}: バス停留所(P11)の列がありません。",
        faults=[
            Fault("P11_001 と、P11_003_1(2010年度版)か P11_003_01(2022年度版)が要ります", name),
            Fault(f"来た列: {'、'.join(columns[:20]) or 'なし'}", name),
        ],
        todo=_TODO,
    )


def _note_columns(frame: gpd.GeoDataFrame, edition: _Edition, name: str, cautions: list[Fault]) -> None:
    known = re.compile(f"{edition.operators}|{edition.routes}|{edition.kinds}|{edition.others}")
    unknown = [
        str(column)
        for column in frame.columns
        if column != frame.geometry.name and not known.fullmatch(str(column))
    ]
    if unknown:
        cautions.append(Fault(f"{edition.name} にない列は読みませんでした: {'、'.join(unknown)}", name))


def _stops(
    frame: gpd.GeoDataFrame, edition: _Edition, name: str, cautions: list[Fault]
) -> tuple[BusStop, ...]:
    lists = [_texts(frame, pattern) for pattern in (edition.operators, edition.routes, edition.kinds)]
    names = [text for (text,) in _texts(frame, "P11_001")]
    stops = []
    for number, (label, operators, routes, codes, point) in enumerate(
        zip(names, *lists, frame.geometry, strict=True), start=1
    ):
        if not label:
            cautions.append(Fault("名前が空欄です(「名前なし」と表示します)", name, number, "P11_001"))
        kinds = tuple(_kind(code, name, number, cautions) for code in _parts(codes, ",、・"))
        lon, lat = _position(point, name, number, cautions)
        stop = BusStop(
            f"{edition.name}:{number}",
            label or "名前なし",
            # The newer edition joins operators by ・ in one field; the older one has a field each
            _parts(operators, "・" if edition is _P11_22 else ""),
            _parts(routes, ",、"),
            tuple(dict.fromkeys(kinds)),
            lon,
            lat,
        )
        stops.append(stop)
    return tuple(stops)


def _texts(frame: gpd.GeoDataFrame, pattern: str) -> list[tuple[str, ...]]:
    """Return row by row the cells of the columns that match, in the order of the columns; missing is blank."""
    columns = [column for column in frame.columns if re.fullmatch(pattern, str(column))]
    if not columns:
        return [()] * len(frame)
    cells = [[_text(cell) for cell in frame[column]] for column in columns]
    return list(zip(*cells, strict=True))


def _text(cell: object) -> str:
    if cell is None or cell is pd.NA or (isinstance(cell, float) and pd.isna(cell)):
        return ""
    # A class code read as a number: 3.0 is the code 3
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _parts(cells: Iterable[str], separators: str) -> tuple[str, ...]:
    """Return the words of the cells in order, each once."""
    words = (
        word.strip()
        for cell in cells
        for word in (re.split(f"[{separators}]", cell) if separators else [cell])
    )
    return tuple(dict.fromkeys(word for word in words if word))


def _kind(code: str, name: str, number: int, cautions: list[Fault]) -> str:
    plain = unicodedata.normalize("NFKC", code)
    if plain in _KINDS:
        return _KINDS[plain]
    cautions.append(Fault(f"バス区分「{code}」は 1〜5 ではありません", name, number))
    return f"区分不明({code})"


def _position(
    point: object, name: str, number: int, cautions: list[Fault]
) -> tuple[float, float] | tuple[None, None]:
    if getattr(point, "geom_type", "") != "Point" or getattr(point, "is_empty", True):
        cautions.append(Fault("点がありません(位置なし)", name, number))
        return None, None
    lon, lat = float(getattr(point, "x", 0.0)), float(getattr(point, "y", 0.0))
    wrong = misplaced(lon, lat)
    if wrong:
        cautions.append(Fault(f"位置は{wrong}(位置なし)", name, number))
        return None, None
    return lon, lat
