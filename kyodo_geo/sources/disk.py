"""A file that a person names: its bytes, or in Japanese why it cannot be opened."""

from __future__ import annotations

from pathlib import Path

from kyodo_geo.errors import DataFileError, os_reason


def content_of(path: Path, *, what: str = "ファイル") -> bytes:
    """Return the bytes of a file; DataFileError saying what it was meant to be and why it cannot be opened."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataFileError(
            f"{what}を開けません: {path}({os_reason(error)})", todo="ファイルの場所と名前を確かめてください"
        ) from error
