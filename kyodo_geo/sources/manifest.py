"""SOURCE.toml: what each shipped file is, and the proof that it is still that file."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from kyodo_geo.errors import DataFileError, Fault, KyodoError, os_reason
from kyodo_geo.provenance import Basis, Source
from kyodo_geo.sources.tables import Table, read_table

MANIFEST = "SOURCE.toml"
FOLDERS = ("boundaries", "population", "records")
_REINSTALL = "配布物の data フォルダーを元に戻してください(手で直した場合は kyodo-geo build-data)"


@dataclass(frozen=True)
class Store:
    """The shipped data folder and its sources by id; every read proves sha256 and rows first."""

    root: Path
    sources: dict[str, Source]

    def bytes_of(self, source_id: str) -> bytes:
        """Return the bytes of a dataset; DataFileError when it is not listed, missing or changed."""
        source = self._source(source_id)
        content = _read(self.root / source.file)
        if hashlib.sha256(content).hexdigest() != source.sha256:
            raise DataFileError(
                f"{source.file} の中身が SOURCE.toml の記録(sha256)と違います。読み込みを止めました。",
                todo=_REINSTALL,
            )
        found = count_rows(source.file, content)
        if found != source.rows:
            raise DataFileError(
                f"{source.file}: {source.rows} 行のはずが {found} 行です。読み込みを止めました。",
                todo=_REINSTALL,
            )
        return content

    def table(self, source_id: str) -> Table:
        """Return a CSV dataset as text cells."""
        return read_table(self.bytes_of(source_id), name=self._source(source_id).file)

    @contextmanager
    def reading(self, source_id: str) -> Iterator[Source]:
        """Name the file when its content is not what its reader expects (a column, a date, a number, a code).

        The checksum proves that a file is the one that was built, not that it was built rightly.
        """
        source = self._source(source_id)
        try:
            yield source
        except KyodoError:
            raise
        except (KeyError, TypeError, ValueError) as error:
            raise DataFileError(
                f"{source.file} の中身が読み手の求める形ではありません({type(error).__name__}: {error})。",
                todo=_REINSTALL,
            ) from error

    def _source(self, source_id: str) -> Source:
        if source_id not in self.sources:
            raise DataFileError(f"SOURCE.toml に「{source_id}」という資料がありません。", todo=_REINSTALL)
        return self.sources[source_id]


def open_store(root: Path) -> Store:
    """Read the SOURCE.toml of every folder below `root`; DataFileError names each that is missing or incomplete."""
    sources: dict[str, Source] = {}
    faults: list[Fault] = []
    for folder in FOLDERS:
        for entry in _datasets(root, folder, faults):
            source = _source(entry, folder, faults)
            if source is not None:
                sources[source.id] = source
    if faults:
        raise DataFileError("データの出典(SOURCE.toml)を読めません。", faults=faults, todo=_REINSTALL)
    return Store(root, sources)


def count_rows(name: str, content: bytes) -> int:
    """Count what a dataset holds: data rows of a CSV, features of a GeoJSON, top-level keys of a TOML file."""
    if name.endswith(".geojson"):
        return len(json.loads(content)["features"])
    if name.endswith(".toml"):
        return len(tomllib.loads(content.decode("utf-8")))
    return len(read_table(content, name=name).rows)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DataFileError(f"データのファイルがありません: {path}", todo=_REINSTALL) from error
    except OSError as error:
        raise DataFileError(
            f"データのファイルを開けません: {path}({os_reason(error)})", todo=_REINSTALL
        ) from error


def _datasets(root: Path, folder: str, faults: list[Fault]) -> list[dict[str, Any]]:
    path = root / folder / MANIFEST
    try:
        entries = tomllib.loads(_read(path).decode("utf-8")).get("dataset", [])
        if isinstance(entries, list):
            return entries
        faults.append(Fault("[dataset] ではなく [[dataset]] と書いてください", file=str(path)))
    except DataFileError as error:
        faults.append(Fault(error.what))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(Fault(f"TOML として読めません({error})", file=str(path)))
    return []


def _source(entry: dict[str, Any], folder: str, faults: list[Fault]) -> Source | None:
    where = f"{folder}/{MANIFEST}[{entry.get('id', '?')}]"
    given = {key: value for key, value in entry.items() if key != "inputs"}
    needed = {field.name for field in fields(Source)} - {"population_basis"}
    missing = sorted(needed - set(given))
    extra = sorted(set(given) - needed - {"population_basis"})
    faults.extend(Fault(f"項目「{key}」がありません", file=where) for key in missing)
    faults.extend(Fault(f"知らない項目「{key}」があります", file=where) for key in extra)
    if missing or extra:
        return None
    try:
        basis = Basis.named(given["basis"])
    except ValueError as error:
        faults.append(Fault(str(error), file=where))
        return None
    return Source(**{**given, "basis": basis, "file": f"{folder}/{given['file']}"})
