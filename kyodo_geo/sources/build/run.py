"""Build every folder of data/ and write sha256 and rows back into its SOURCE.toml."""

from __future__ import annotations

import hashlib
from pathlib import Path

import tomlkit

from kyodo_geo.errors import DataFileError, os_reason
from kyodo_geo.sources.build.boundaries import build_boundaries
from kyodo_geo.sources.build.population import build_population
from kyodo_geo.sources.build.records import build_records
from kyodo_geo.sources.build.writing import Notes
from kyodo_geo.sources.manifest import FOLDERS, MANIFEST, count_rows


def build_data(sources: Path, data: Path) -> list[Path]:
    """Derive data/ from the gathered files and return what was written.

    Everything is computed before the first file is written, so that a refused input leaves data/ as it was.
    """
    if not sources.is_dir():
        raise DataFileError(
            f"元データのフォルダーがありません: {sources}", todo="フォルダーの場所を確かめてください"
        )
    notes = Notes.read(_authored(data, "notes_ja.csv"), name="notes_ja.csv")
    city_toml = _authored(data, "city.toml")
    made = {
        "boundaries": build_boundaries(sources, notes),
        "population": build_population(sources, notes),
        "records": build_records(sources, notes, city_toml),
    }
    written = [
        _write(data / folder / name, content)
        for folder, files in made.items()
        for name, content in files.items()
    ]
    return written + [_write(data / folder / MANIFEST, _proof(data / folder)) for folder in FOLDERS]


def _authored(data: Path, name: str) -> bytes:
    try:
        return (data / "records" / name).read_bytes()
    except OSError as error:
        raise DataFileError(
            f"人が書くファイル {name} を {data / 'records'} から読めません({os_reason(error)})。",
            todo="配布物の data/records から写してください",
        ) from error


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _proof(folder: Path) -> bytes:
    """Return the folder's SOURCE.toml with the sha256 and rows of the files as they now are."""
    document = tomlkit.parse((folder / MANIFEST).read_text(encoding="utf-8"))
    for entry in document["dataset"]:
        content = (folder / str(entry["file"])).read_bytes()
        entry["sha256"] = hashlib.sha256(content).hexdigest()
        entry["rows"] = count_rows(str(entry["file"]), content)
    return tomlkit.dumps(document).encode("utf-8")
