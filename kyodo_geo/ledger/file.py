"""An append-only file: opening it, making its tables, and in Japanese why it could not be read or written.

What is said of the ledger holds for every `Book` of this kind. One SQLite file in WAL mode. Each operation opens a connection of its own and closes it: threads and other
programs may use the same file. A workspace must lie on one machine's disk; SQLite's WAL is not for a share
that several machines write to at once.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from kyodo_geo.errors import KyodoError, LedgerError, os_reason

FILE_NAME = "ledger.sqlite3"
SCHEMA_VERSION = 1
BUSY_SECONDS = 10.0

_APPLICATION_ID = 0x4B594F44  # "KYOD": a SQLite file without it is somebody else's

_TABLES = (
    """CREATE TABLE runs (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        run_id TEXT NOT NULL UNIQUE,
        content BLOB NOT NULL,
        sha256 TEXT NOT NULL UNIQUE,
        chain TEXT NOT NULL)""",
    """CREATE TABLE events (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        fiscal_year INTEGER NOT NULL,
        scheme TEXT NOT NULL,
        unit_code TEXT NOT NULL,
        unit TEXT NOT NULL,
        kind TEXT NOT NULL,
        amount_yen INTEGER NOT NULL,
        day TEXT NOT NULL,
        entered_by TEXT NOT NULL,
        reason TEXT NOT NULL,
        run_id TEXT NOT NULL,
        reserve_base_yen INTEGER,
        sha256 TEXT NOT NULL,
        chain TEXT NOT NULL)""",
)
_TRIGGERS = (
    "CREATE TRIGGER runs_no_update BEFORE UPDATE ON runs BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER runs_no_delete BEFORE DELETE ON runs BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    # INSERT OR REPLACE takes a row away without a DELETE that a trigger would see
    """CREATE TRIGGER runs_no_replace BEFORE INSERT ON runs
        WHEN EXISTS (SELECT 1 FROM runs WHERE NEW.seq = seq OR NEW.run_id = run_id OR NEW.sha256 = sha256)
        BEGIN SELECT RAISE(ABORT, 'append-only'); END""",
    """CREATE TRIGGER events_no_replace BEFORE INSERT ON events
        WHEN EXISTS (SELECT 1 FROM events WHERE NEW.seq = seq)
        BEGIN SELECT RAISE(ABORT, 'append-only'); END""",
)


@dataclass(frozen=True)
class Book:
    """A kind of append-only file: its name, its mark and version as SQLite keeps them, what is made in a new one.

    `word` is what people call it.
    """

    file_name: str
    application_id: int
    version: int
    statements: tuple[str, ...]
    word: str


LEDGER = Book(FILE_NAME, _APPLICATION_ID, SCHEMA_VERSION, (*_TABLES, *_TRIGGERS), "台帳")

# no permission, a read-only disk, a full one (SQLite's shared memory is a file there)
_NO_ROOM_BESIDE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}

_SQLITE_REASONS = {
    sqlite3.SQLITE_FULL: "ディスクの空きがありません",
    sqlite3.SQLITE_IOERR: "ディスクの読み書きに失敗しました。空きがないか、接続が切れたおそれがあります",
    sqlite3.SQLITE_READONLY: "書き込みのできない場所です",
    sqlite3.SQLITE_CANTOPEN: "ファイルを開けません。許可がないか、書き込みのできない場所です",
    sqlite3.SQLITE_BUSY: "ほかのプログラムが使用中です",
    sqlite3.SQLITE_LOCKED: "ほかのプログラムが使用中です",
    sqlite3.SQLITE_PERM: "許可がありません",
    sqlite3.SQLITE_NOTADB: "{word}のファイルではありません",
    sqlite3.SQLITE_CORRUPT: "ファイルが壊れています",
    sqlite3.SQLITE_CONSTRAINT: "追記だけの{word}です",
}


@contextlib.contextmanager
def reading(path: Path, *, book: Book = LEDGER) -> Iterator[sqlite3.Connection]:
    """Yield a connection that sees one state of the book; an empty one where there is no file yet.

    Nothing is created. Raises LedgerError when the file is no such book, is a newer one, or cannot be read whole.
    """
    todo = "フォルダーの場所、許可、ほかのプログラムが使っていないかを確かめてください"
    with _in_japanese(book, f"{book.word} {path} を読めません", todo):
        before = _stamp(path)
        connection, unwatched = _open_to_read(path, book)
        with contextlib.closing(connection):
            try:
                yield connection
            finally:
                if unwatched and _stamp(path) != before:
                    raise LedgerError(
                        f"{book.word} {path} は読んでいる間に変わりました。", todo="もう一度開いてください"
                    )


@contextlib.contextmanager
def writing(path: Path, *, book: Book = LEDGER) -> Iterator[sqlite3.Connection]:
    """Yield a connection in one transaction: all of it is on the disk when the block has ended, or nothing.

    Creates the folder and the file. Raises LedgerError when it cannot be written; the book is then as before.
    """
    check = "空き容量、書き込みの許可、ほかのプログラムが使っていないかを確かめてください"
    todo = f"{book.word}は元のままです。{check}"
    with _in_japanese(book, f"{book.word} {path} に書き込めません", todo):
        _exists(path, book)  # refuses what is no file, before anything is made
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(_connect(path, "mode=rwc")) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            _prepare(connection, path, book)
            connection.execute("BEGIN IMMEDIATE")
            yield connection  # closing without the COMMIT takes everything back
            connection.execute("COMMIT")


def _prepare(connection: sqlite3.Connection, path: Path, book: Book) -> None:
    connection.execute("BEGIN")
    missing = _version(connection, path, book) == 0
    connection.execute("ROLLBACK")
    if missing:
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection, path, book) == 0:  # nobody was faster
            _create(connection, book)
        connection.execute("COMMIT")
    # a switch that others are in the way of comes with a later write: the rollback journal is as safe
    with contextlib.suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode=WAL")


def _create(connection: sqlite3.Connection, book: Book) -> None:
    for statement in book.statements:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id={book.application_id}")
    connection.execute(f"PRAGMA user_version={book.version}")


def _version(connection: sqlite3.Connection, path: Path, book: Book) -> int:
    """Return the schema version, 0 for an empty file; LedgerError for a newer one and for a file not ours.

    To be asked inside a transaction: another program may be making the tables between two of the questions.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
    tables = int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if (version, owner, tables) == (0, 0, 0):
        return 0
    if owner != book.application_id or version < 1:
        todo = "別のファイルです。移動するか、別の作業フォルダーを選んでください"
        raise LedgerError(f"{path} はこの{book.word}のファイルではありません。", todo=todo)
    if version > book.version:
        what = f"{path} は新しい版の{book.word}です(版 {version}。このプログラムが読めるのは版 {book.version} まで)。"
        raise LedgerError(what, todo="プログラムを新しくしてください")
    return version


def _open_to_read(path: Path, book: Book) -> tuple[sqlite3.Connection, bool]:
    """Return a connection, and whether it reads without locks so that a change meanwhile must be looked for."""
    if not _exists(path, book):
        return _empty(book), False
    try:
        # rw, though nothing is written: what a killed writer left must be taken in or taken back to read on
        return _opened(path, "mode=rw", book), False
    except sqlite3.OperationalError as error:
        if _code(error) not in _NO_ROOM_BESIDE:
            raise
    # a WAL database wants to make two files beside it; where it cannot, it can be read only as one that
    # nobody changes, and what still stands in those files would be left out
    if left := [end for end in ("-wal", "-journal") if _size(_beside(path, end))]:
        part = f"{path.name}{left[0]}"
        what = (
            f"{book.word} {path} を読めません(書き込めない場所に、書き終えていない部分 {part} があります)。"
        )
        raise LedgerError(what, todo="作業フォルダーごと、書き込みのできる場所に写してから開いてください")
    return _opened(path, "mode=ro&immutable=1", book), True


def _opened(path: Path, mode: str, book: Book) -> sqlite3.Connection:
    with contextlib.ExitStack() as unless_kept:
        connection = _connect(path, mode)
        unless_kept.callback(connection.close)
        connection.execute("PRAGMA query_only=ON")
        connection.execute("BEGIN")  # all statements of a reading see the same state
        if _version(connection, path, book):
            unless_kept.pop_all()
            return connection
    return _empty(book)  # a first write was cut off before its tables were there


def _empty(book: Book) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _create(connection, book)
    return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    place = quote(os.fsencode(path.absolute().as_posix()), safe="/:")
    uri = f"file://{'' if place.startswith('/') else '/'}{place}?{mode}"  # C:/ needs a slash more
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def _exists(path: Path, book: Book) -> bool:
    """Say whether the book is there; LedgerError where something else is in its place or half of it is gone."""
    if path.parent.exists() and not path.parent.is_dir():
        todo = "別の作業フォルダーを選んでください"
        raise LedgerError(f"{path.parent} は作業フォルダーではなくファイルです。", todo=todo)
    try:
        path.stat()  # not exists(): a folder without permission is no absent ledger
    except FileNotFoundError:
        if _size(_beside(path, "-wal")):
            what = f"{book.word} {path} がないのに、その一部 {path.name}-wal が残っています。"
            raise LedgerError(what, todo=f"{path.name} を元の場所に戻してください") from None
        return False
    if not path.is_file():
        raise LedgerError(f"{path} はファイルではありません。", todo="別の作業フォルダーを選んでください")
    return True


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        state = path.stat()
    except OSError:  # absent, or soon refused with its reason
        return ()
    return (state.st_size, state.st_mtime_ns, *(_size(_beside(path, end)) for end in ("-wal", "-journal")))


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _code(error: sqlite3.Error) -> int:
    # the lowest byte is the kind, the rest its detail; Python's own complaints carry no code
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


@contextlib.contextmanager
def _in_japanese(book: Book, what: str, todo: str) -> Iterator[None]:
    try:
        yield
    except KyodoError:
        raise
    except sqlite3.Error as error:
        reason = _SQLITE_REASONS.get(_code(error), str(error)).replace("{word}", book.word)
        raise LedgerError(f"{what}({reason})。", todo=todo) from error
    except OSError as error:
        raise LedgerError(f"{what}({os_reason(error)})。", todo=todo) from error
