"""Writing and reading of the build step: plain CSV in, canonical CSV out, notes put into Japanese."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kyodo_geo.errors import DataFileError, Fault
from kyodo_geo.sources.tables import Table, read_table


def read_source(folder: Path, name: str, columns: Sequence[str]) -> Table:
    """Read a gathered CSV by name; DataFileError when it is missing, TableError when a column is."""
    try:
        content = (folder / name).read_bytes()
    except FileNotFoundError as error:
        raise DataFileError(
            f"元データ {name} が {folder} にありません。", todo="元データのフォルダーを確かめてください"
        ) from error
    return read_table(content, name=name).require(columns)


def csv_bytes(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Write rows as UTF-8 CSV with LF line ends; each row must have exactly the named columns."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


@dataclass(frozen=True)
class Notes:
    """The Japanese wording of the notes in the gathered files, found by a digest of the original."""

    wording: Mapping[str, str]

    @classmethod
    def read(cls, content: bytes, *, name: str) -> Notes:
        """Read notes_ja.csv (note_key, ja)."""
        table = read_table(content, name=name).require(["note_key", "ja"])
        return cls({row["note_key"]: row["ja"] for row in table})

    def translate(self, originals: Iterable[str]) -> list[str]:
        """Return the Japanese of each note ('' stays ''); DataFileError names every note still without one."""
        texts = list(originals)
        missing = sorted({text for text in texts if text and note_key(text) not in self.wording})
        if missing:
            raise DataFileError(
                "日本語の注記がないものがあります。",
                faults=[Fault(f"{note_key(text)}: {text}", file="records/notes_ja.csv") for text in missing],
                todo="records/notes_ja.csv に note_key と日本語を足してください",
            )
        return [self.wording[note_key(text)] if text else "" for text in texts]


def note_key(text: str) -> str:
    """Return the first eight hex digits of the sha256 of a note."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]


def reference_of(text: str) -> str:
    """Return the web addresses of a source cell, or the name of the stored copy without its remarks.

    A last path segment that is a person's name (…さん) is cut: personal names are not carried over.
    """
    addresses = [re.sub(r"/[^/]*さん$", "/", address) for address in re.findall(r"https?://[^\s;()]+", text)]
    return " ".join(addresses) or text.split(",", maxsplit=1)[0].split(" (", maxsplit=1)[0]


def copy_columns(sources: Path, name: str, columns: Mapping[str, str]) -> bytes:
    """Return a gathered CSV with its columns renamed (old → new); a count written 23053.0 becomes 23053."""
    table = read_source(sources, name, tuple(columns))
    return csv_bytes(
        tuple(columns.values()),
        ({new: row[old].removesuffix(".0") for old, new in columns.items()} for row in table),
    )
