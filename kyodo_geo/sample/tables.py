"""How the sample writes its tables: CSV that Excel opens in Japanese, the same bytes everywhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def table_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as UTF-8 with BOM and CRLF."""
    return _text(columns, rows).encode("utf-8-sig")


def feed_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table of a GTFS feed: UTF-8 without BOM, CRLF."""
    return _text(columns, rows).encode("utf-8")


def _text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([columns, *rows])
    return out.getvalue()
