"""The zip of a feed: which of its members are the tables, whatever folder and encoding they were packed in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from kyodo_geo.errors import Fault, TableError
from kyodo_geo.sources.visit.damaged import DAMAGED

# A municipal feed unpacks to a few MB, the largest Japanese ones to about 100; beyond this it is something else
_MOST_BYTES = 500_000_000
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_TODO = "事業者やカタログのページから GTFS の zip を取り直してください"


def unpack(content: bytes, *, name: str, wanted: frozenset[str]) -> dict[str, bytes]:
    """Return the bytes of each wanted table by its file name (stops.txt).

    The tables may lie in an inner folder, with names in cp932; other members are ignored. Raises TableError when the
    bytes are no zip (a web page is said to be one), when the zip is damaged, locked, too large or holds two feeds.
    """
    if not content.startswith(b"PK"):
        raise TableError(f"{name}: {_what_came(content)}", todo=_TODO)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = _one_feed(archive, name, wanted)
            _require_readable(members, name)
            return {file: archive.read(member) for file, member in members.items()}
    except TableError:
        raise  # said above, and a ValueError itself
    except DAMAGED as error:
        raise TableError(f"{name}: zip が壊れているか、途中までしかありません。", todo=_TODO) from error


def _what_came(content: bytes) -> str:
    start = content[:1000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not start:
        return "ファイルが空です(GTFS の zip が必要です)。"
    if start.startswith(b"<!doctype html") or b"<html" in start:
        return (
            "zip ではなくウェブページ(HTML)です(リンクの先が変わったか、ログインの画面が保存されています)。"
        )
    return "zip ではありません(GTFS は stops.txt などを入れた zip です)。"


def _one_feed(archive: zipfile.ZipFile, name: str, wanted: frozenset[str]) -> dict[str, zipfile.ZipInfo]:
    folders: dict[str, dict[str, zipfile.ZipInfo]] = {}
    inner = []
    for member in archive.infolist():
        folder, _, file = _path(member).rpartition("/")
        if file.lower() in wanted and not folder.startswith("__MACOSX"):
            folders.setdefault(folder, {}).setdefault(file.lower(), member)
        inner += [file] if file.lower().endswith(".zip") else []
    feeds = {folder: files for folder, files in folders.items() if "stops.txt" in files} or folders
    if len(feeds) > 1:
        raise TableError(
            f"{name}: zip に時刻表が {len(feeds)} つ入っています({'、'.join(_shown(folder) for folder in feeds)})。",
            todo="1つずつの zip にして、別々に開いてください",
        )
    if not feeds and inner:
        raise TableError(
            f"{name}: zip の中に別の zip があります({'、'.join(inner)})。",
            todo="中の zip を取り出して開いてください",
        )
    return next(iter(feeds.values()), {})


def _path(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & _UTF8_NAME:
        return member.filename.replace("\\", "/")
    # Without the flag zipfile takes the name for cp437; Windows in Japan wrote cp932, where 0x5C may be half a letter
    raw = member.filename.encode("cp437", errors="replace")
    return raw.decode("cp932", errors="replace").replace("\\", "/")


def _shown(folder: str) -> str:
    return folder or "最上位"


def _require_readable(members: Mapping[str, zipfile.ZipInfo], name: str) -> None:
    locked = [file for file, member in members.items() if member.flag_bits & _ENCRYPTED]
    if locked:
        raise TableError(
            f"{name}: zip にパスワードがかかっています。",
            faults=[Fault("暗号化されています", file) for file in locked],
            todo="パスワードのない zip にしてください",
        )
    size = sum(member.file_size for member in members.values())
    if size > _MOST_BYTES:
        raise TableError(
            f"{name}: 展開すると {size:,} バイトになります(上限 {_MOST_BYTES:,})。",
            todo="市域の事業者の GTFS か確かめてください",
        )
