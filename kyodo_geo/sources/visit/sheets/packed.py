"""A zip that holds one table: which member it is, and its bytes."""

from __future__ import annotations

import io
import zipfile

from kyodo_geo.errors import Fault, TableError
from kyodo_geo.sources.visit.damaged import DAMAGED

# A prefecture's small-area table unpacks to about 10 MB; beyond this it is something else
_MOST_BYTES = 200_000_000
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_READABLE = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


def is_zip(content: bytes) -> bool:
    """Tell whether bytes begin as a zip does (XLSX and ODS are zips too)."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def member_names(content: bytes, *, name: str) -> frozenset[str]:
    """Return the names of what a zip holds as they stand in it.

    Raises TableError when it is damaged or would unpack to more than 200 MB.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except DAMAGED as error:
        raise _damaged(name) from error
    size = sum(member.file_size for member in members)
    if size > _MOST_BYTES:
        raise TableError(
            f"{name}: 展開すると {size:,} バイトになります(上限 {_MOST_BYTES:,})。",
            todo="市の分だけの表にして開いてください",
        )
    return frozenset(member.filename for member in members)


def unpack_one(content: bytes, *, name: str) -> tuple[str, bytes]:
    """Return the name (without folders) and the bytes of the only table of a zip.

    Names without the UTF-8 flag are read as cp932. Raises TableError when there is no or more than one table (all
    named), and when the zip is locked, damaged or larger than 200 MB.
    """
    member_names(content, name=name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            path, member = _only_table(archive, name)
            _require_unlocked(member, path, name)
            return path.rpartition("/")[2], archive.read(member)
    except TableError:
        raise  # said above, and a ValueError itself
    except DAMAGED as error:
        raise _damaged(name) from error


def _only_table(archive: zipfile.ZipFile, name: str) -> tuple[str, zipfile.ZipInfo]:
    paths = {_path(member): member for member in archive.infolist() if not member.is_dir()}
    tables = [path for path in paths if path.lower().endswith(_READABLE) and not _left_by_a_tool(path)]
    if len(tables) == 1:
        return tables[0], paths[tables[0]]
    if tables:
        raise TableError(
            f"{name}: zip に表が {len(tables)} つ入っています。",
            faults=[Fault("zip の中の表です", file=path) for path in tables],
            todo="zip を展開し、使う表を1つずつ開いてください",
        )
    raise TableError(
        f"{name}: zip の中に表(CSV・TSV・TXT・Excel・ODS)がありません。",
        faults=[Fault("表ではないファイルです", file=path) for path in list(paths)[:20]],
        todo="表のファイルを取り出して開いてください",
    )


def _left_by_a_tool(path: str) -> bool:
    """Tell what macOS and Excel leave in a folder beside the files themselves."""
    return path.startswith("__MACOSX/") or path.rpartition("/")[2].startswith(("._", "~$"))


def _path(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & _UTF8_NAME:
        return member.filename.replace("\\", "/")
    # Without the flag zipfile takes the name for cp437; Windows in Japan wrote cp932, where 0x5C may be half a letter
    raw = member.filename.encode("cp437", errors="replace")
    return raw.decode("cp932", errors="replace").replace("\\", "/")


def _require_unlocked(member: zipfile.ZipInfo, path: str, name: str) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise TableError(
            f"{name}: zip にパスワードがかかっています。",
            faults=[Fault("暗号化されています", file=path)],
            todo="展開してから、中の表を開いてください",
        )


def _damaged(name: str) -> TableError:
    return TableError(
        f"{name}: zip(または Excel のファイル)が壊れているか、途中までしかありません。",
        todo="もう一度取り直すか、CSV として保存し直してください",
    )
