from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from types import MappingProxyType

import pytest

from kyodo_geo.errors import InputRefused, KyodoError, LedgerError
from kyodo_geo.ledger import FrozenRun, Ledger, canonical_bytes
from kyodo_geo.ledger import file as ledger_file
from kyodo_geo.model.grant_life import Conditions, EventKind, GrantEvent

# two records of `record` whose sha256 begin with the same eight characters, found by counting
TWINS = (29913, 71475)


def record(number=1, **changes):
    said = {"status": "確定", "frozen_by": "架空 花子", "frozen_at": "2024-06-01T09:00:00+09:00"}
    return said | {"number": number} | changes


def event(amount_yen=1_000, **changes):
    entry = GrantEvent(
        2024, "hitomachi", "01", "架空協働体", EventKind.LIMIT, amount_yen, date(2024, 6, 1), "花子"
    )
    return replace(entry, **changes)


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "作業 1")


@pytest.fixture
def filled(ledger):
    """A ledger of three runs and three events."""
    runs = [ledger.freeze(record(number)) for number in range(3)]
    for entry in (event(), event(unit_code="02", run_id=runs[0].run_id), event(fiscal_year=2025)):
        ledger.append(entry)
    assert ledger.verify() == ()
    return ledger


@contextmanager
def by_hand(ledger):
    """The ledger's file in the hands of somebody with another program, its triggers taken away."""
    with closing(sqlite3.connect(ledger.path, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        assert len(triggers) == 6
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, statement in triggers:
            connection.execute(statement)


def in_japanese(error):
    return re.search("[ぁ-ん]", error.what) and error.todo


def refuses(do, error=LedgerError):
    with pytest.raises(error) as refused:
        do()
    assert in_japanese(refused.value)
    return str(refused.value)


# what is frozen


def test_a_frozen_run_is_its_canonical_bytes_under_the_start_of_their_sha256(ledger):
    said = {"z": [1, None, True], "あ": {"b": "い", "a": -2}}
    run = ledger.freeze(record(said=said))
    content = json.dumps(
        record(said=said), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    ).encode()
    assert run == FrozenRun(run.run_id, hashlib.sha256(content).hexdigest(), content)
    assert run.run_id == run.sha256[:8]
    assert run.record == record(said=said)
    assert ledger.runs() == (run,)


def test_the_order_of_keys_and_the_kind_of_mapping_and_sequence_do_not_count(ledger):
    turned = MappingProxyType(dict(reversed(record(list=(1, 2)).items())))
    assert canonical_bytes(turned) == canonical_bytes(record(list=[1, 2]))
    assert ledger.freeze(turned) == ledger.freeze(record(list=[1, 2]))


def test_freezing_the_same_again_gives_the_same_run_and_no_second_row(filled):
    before = filled.runs()
    assert filled.freeze(record(1)) == before[1]
    assert filled.runs() == before
    assert filled.verify() == ()


def test_runs_come_oldest_first(filled):
    assert [run.record["number"] for run in filled.runs()] == [0, 1, 2]


@pytest.mark.parametrize("value", [0.5, float("nan"), float("inf"), [{"a": [1.0]}], {"a": (1, 2.0)}])
def test_a_float_anywhere_is_refused_and_named(ledger, value):
    with pytest.raises(TypeError, match=r"記録\.share"):
        ledger.freeze(record(share=value))
    assert not ledger.path.parent.exists()


@pytest.mark.parametrize("value", [Decimal("0.5"), Fraction(1, 2), date(2024, 6, 1), {1: "a"}, b"x", {1, 2}])
def test_what_json_does_not_hold_exactly_is_refused(ledger, value):
    with pytest.raises(TypeError):
        ledger.freeze(record(share=value))
    assert not ledger.path.parent.exists()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"status": "試算"}, "試算"),
        ({"status": None}, "状態"),
        ({"frozen_by": " 　"}, "名前"),
        ({"frozen_by": 7}, "名前"),
        ({"frozen_at": ""}, "時刻"),
        ({"frozen_at": "きのう"}, "時刻"),
        ({"frozen_at": "2024-06-01"}, "時刻"),
        ({"frozen_at": None}, "時刻"),
        ({"note": "\ud800"}, "文字"),
    ],
)
def test_a_record_that_is_not_final_or_does_not_say_by_whom_and_when_is_refused(ledger, change, word):
    assert word in refuses(lambda: ledger.freeze(record(**change)), InputRefused)
    assert not ledger.path.parent.exists()


@pytest.mark.parametrize(("key", "word"), [("status", "確定"), ("frozen_by", "名前"), ("frozen_at", "時刻")])
def test_a_record_without_one_of_the_three_is_refused(ledger, key, word):
    said = record()
    del said[key]
    assert word in refuses(lambda: ledger.freeze(said), InputRefused)
    assert not ledger.path.exists()


# finding a run


def test_a_run_is_found_by_its_id_its_beginning_and_its_whole_sha256(filled):
    for run in filled.runs():
        for asked in (run.run_id, run.run_id[:4], run.sha256, f" {run.run_id.upper()} "):
            assert filled.run(asked) == run


def test_an_id_that_is_taken_grows_by_four(ledger):
    first, second = (ledger.freeze(record(number)) for number in TWINS)
    assert first.run_id == first.sha256[:8] == second.sha256[:8]
    assert second.run_id == second.sha256[:12]
    assert ledger.verify() == ()
    assert ledger.run(first.run_id) == first
    assert ledger.run(second.run_id) == second
    said = refuses(lambda: ledger.run(first.run_id[:6]), InputRefused)
    assert "2件以上" in said
    assert first.run_id in said
    assert second.run_id in said


def test_an_unknown_or_short_id_is_refused_with_the_near_ones(filled):
    known = filled.runs()[1].run_id
    wrong = known[:6] + "zz"
    assert known in refuses(lambda: filled.run(wrong), InputRefused)
    assert "3 件" in refuses(lambda: filled.run("zzzzzzzz"), InputRefused)
    assert "短すぎ" in refuses(lambda: filled.run(known[:3]), InputRefused)
    assert "短すぎ" in refuses(lambda: filled.run(""), InputRefused)


# events


def test_an_event_comes_back_as_it_was_entered_with_its_number(ledger):
    entries = [
        event(10**14, kind=kind, reason="理由\n二行目 'x'; --", day=date(2024, 4, number))
        for number, kind in enumerate(EventKind, start=1)
    ]
    assert [ledger.append(entry) for entry in entries] == [1, 2, 3, 4, 5, 6, 7]
    assert ledger.events() == tuple(
        replace(entry, seq=number) for number, entry in enumerate(entries, start=1)
    )


def test_events_of_a_year_and_of_a_unit(filled):
    def numbers(**wanted):
        return [entry.seq for entry in filled.events(**wanted)]

    assert numbers() == [1, 2, 3]
    assert numbers(fiscal_year=2024) == [1, 2]
    assert numbers(unit_code="01") == [1, 3]
    assert numbers(fiscal_year=2025, unit_code="01") == [3]
    assert numbers(unit_code="03") == []


def test_an_event_must_be_well_formed_and_name_a_run_that_is_there(filled):
    before = filled.events()
    refuses(lambda: filled.append(event(-1)), InputRefused)
    refuses(lambda: filled.append(event(entered_by=" ")), InputRefused)
    refuses(lambda: filled.append(event(reason="\udfff")), InputRefused)
    assert "0000ffff" in refuses(lambda: filled.append(event(run_id="0000ffff")), InputRefused)
    assert filled.events() == before
    assert filled.verify() == ()


def test_with_conditions_an_event_is_held_against_what_the_ledger_holds(filled):
    ask = event(1_001, kind=EventKind.APPLICATION)
    assert "1,000 円" in refuses(lambda: filled.append(ask, conditions=Conditions()), InputRefused)
    assert filled.append(replace(ask, amount_yen=1_000), conditions=Conditions()) == 4


# nothing is made by looking


def test_an_absent_ledger_reads_as_an_empty_one_and_is_not_made(ledger):
    assert (ledger.runs(), ledger.events(), ledger.verify()) == ((), (), ())
    refuses(lambda: ledger.run("abcd1234"), InputRefused)
    assert not ledger.path.parent.exists()


def test_a_file_cut_off_before_its_tables_reads_as_empty_and_is_written_to(ledger):
    ledger.path.parent.mkdir()
    ledger.path.touch()
    assert (ledger.runs(), ledger.verify()) == ((), ())
    run = ledger.freeze(record())
    assert ledger.runs() == (run,)


def test_a_second_look_at_the_same_folder_sees_the_same(filled):
    again = Ledger(filled.path.parent)
    assert again.runs() == filled.runs()
    assert again.events() == filled.events()


@pytest.mark.parametrize("name", ["普通", "a b", "百%20", "何?mode=ro", "番#1"])
def test_any_name_of_a_folder_will_do(tmp_path, name):
    run = Ledger(tmp_path / name / "下").freeze(record())
    assert (tmp_path / name / "下" / "ledger.sqlite3").is_file()
    assert Ledger(tmp_path / name / "下").runs() == (run,)


def test_the_ledger_is_kept_by_wal_and_syncs_each_entry(ledger):
    ledger.freeze(record())
    with ledger_file.writing(ledger.path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


# nothing is changed


@pytest.mark.parametrize("table", ["runs", "events"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET sha256 = 'x'",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE seq = 3",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE seq = 2",
        "REPLACE INTO runs (run_id, content, sha256, chain) SELECT run_id, 'x', 'y', 'z' FROM runs -- {table}",
    ],
)
def test_the_file_itself_refuses_changes_and_removals(filled, table, statement):
    before = filled.runs(), filled.events()
    with (
        closing(sqlite3.connect(filled.path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(statement.format(table=table))
    assert (filled.runs(), filled.events()) == before
    assert filled.verify() == ()


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("runs", "content", b"{}"),
        ("runs", "content", "text"),
        ("runs", "sha256", "0" * 64),
        ("runs", "sha256", "0"),
        ("runs", "run_id", "00000000"),
        ("events", "fiscal_year", 2020),
        ("events", "scheme", "x"),
        ("events", "unit_code", "09"),
        ("events", "unit", "x"),
        ("events", "kind", "x"),
        ("events", "amount_yen", 1_001),
        ("events", "amount_yen", 1_000.5),
        ("events", "day", b"x"),
        ("events", "entered_by", "x"),
        ("events", "reason", "x"),
        ("events", "run_id", "x"),
        ("events", "sha256", "0"),
    ],
)
def test_a_changed_value_is_found_and_reading_it_is_refused(filled, table, column, value):
    run_id = filled.runs()[1].run_id
    with by_hand(filled) as connection:
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE seq = 2", (value,))
    name = (value if column == "run_id" else run_id) if table == "runs" else "記録 2 番"
    assert any(name in fault.what for fault in filled.verify())
    said = refuses(filled.runs if table == "runs" else lambda: filled.events(unit_code="01"))
    assert name in said
    assert "改ざん" in said
    if table == "runs" and column == "content":
        assert "改ざん" in refuses(lambda: filled.run(run_id))
        assert "改ざん" in refuses(lambda: filled.freeze(record(1)))


@pytest.mark.parametrize("table", ["runs", "events"])
@pytest.mark.parametrize("seq", [1, 2, 3])
def test_a_removed_row_is_found_also_the_last(filled, table, seq):
    with by_hand(filled) as connection:
        connection.execute(f"DELETE FROM {table} WHERE seq = {seq}")
    label = {"runs": "確定", "events": "記録"}[table]
    assert f"{label}の通し番号 {seq} がありません(削除か破損)" in [fault.what for fault in filled.verify()]
    filled.freeze(record(99))
    filled.append(event(99))
    assert f"{label}の通し番号 {seq} がありません(削除か破損)" in [fault.what for fault in filled.verify()]


@pytest.mark.parametrize("table", ["runs", "events"])
def test_a_row_taken_out_and_the_numbers_closed_up_breaks_the_chain(filled, table):
    with by_hand(filled) as connection:
        connection.execute(f"DELETE FROM {table} WHERE seq = 2")
        connection.execute(f"UPDATE {table} SET seq = 2 WHERE seq = 3")
        connection.execute("UPDATE sqlite_sequence SET seq = 2 WHERE name = ?", (table,))
    assert any("つながり" in fault.what for fault in filled.verify())


def test_a_run_under_another_beginning_of_its_sha256_is_found(filled):
    run = filled.runs()[1]
    with by_hand(filled) as connection:
        connection.execute("UPDATE runs SET run_id = ? WHERE seq = 2", (run.sha256[:12],))
    (fault,) = filled.verify()
    assert f"{run.sha256[:12]}: 番号が" in str(fault)


def test_an_event_whose_run_is_gone_is_found(filled):
    run_id = filled.runs()[0].run_id
    with by_hand(filled) as connection:
        connection.execute("DELETE FROM runs")
        connection.execute("DELETE FROM sqlite_sequence WHERE name = 'runs'")
    (fault,) = filled.verify()
    assert "記録 2 番" in str(fault)
    assert run_id in str(fault)


def test_a_row_put_in_by_hand_breaks_the_chain(filled):
    content = canonical_bytes(record(77))
    sha256 = hashlib.sha256(content).hexdigest()
    with closing(sqlite3.connect(filled.path)) as connection, connection:
        connection.execute(
            "INSERT INTO runs (run_id, content, sha256, chain) VALUES (?, ?, ?, 'x')",
            (sha256[:8], content, sha256),
        )
    (fault,) = filled.verify()
    assert sha256[:8] in str(fault)
    assert "つながり" in str(fault)


# files that are no ledger


def files_in(folder):
    return {path.name: path.read_bytes() if path.is_file() else None for path in folder.iterdir()}


@pytest.mark.parametrize("content", [b"hello", b"x" * 5_000, b"SQLite format 3\0" + b"\0" * 200])
def test_a_file_that_is_no_database_is_refused_and_left_alone(ledger, content):
    ledger.path.parent.mkdir()
    ledger.path.write_bytes(content)
    for do in (ledger.runs, ledger.verify, lambda: ledger.freeze(record()), lambda: ledger.append(event())):
        refuses(do)
    assert files_in(ledger.path.parent) == {ledger.path.name: content}


@pytest.mark.parametrize("statement", ["CREATE TABLE other (a)", "PRAGMA user_version=1"])
def test_somebody_elses_database_is_refused_and_left_alone(ledger, statement):
    ledger.path.parent.mkdir()
    with closing(sqlite3.connect(ledger.path)) as connection, connection:
        connection.execute(statement)
    before = files_in(ledger.path.parent)
    for do in (ledger.runs, lambda: ledger.freeze(record())):
        assert "この台帳のファイルではありません" in refuses(do)
    assert files_in(ledger.path.parent) == before


def test_a_newer_ledger_is_refused_by_its_version(filled):
    with closing(sqlite3.connect(filled.path)) as connection:
        connection.execute("PRAGMA user_version=2")
    for do in (filled.runs, filled.verify, lambda: filled.freeze(record())):
        said = refuses(do)
        assert "版 2" in said
        assert "新しく" in said


def test_a_folder_in_place_of_the_file_and_a_file_in_place_of_the_folder_are_refused(tmp_path):
    (tmp_path / "a" / "ledger.sqlite3").mkdir(parents=True)
    (tmp_path / "b").write_text("x", encoding="utf-8")
    for workspace in (tmp_path / "a", tmp_path / "b", tmp_path / "b" / "c"):
        ledger = Ledger(workspace)
        for do in (ledger.runs, partial(ledger.freeze, record())):
            assert "ファイル" in refuses(do) or "フォルダー" in refuses(do)
    assert (tmp_path / "b").read_text(encoding="utf-8") == "x"


def test_a_broken_page_is_told(filled):
    content = bytearray(filled.path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    filled.path.write_bytes(content)
    try:
        told = str(filled.verify())
    except LedgerError as refused:  # too broken to walk
        told = str(refused)
    assert "壊れ" in told


def test_a_ledger_whose_main_file_is_gone_is_not_begun_anew(filled):
    wal = filled.path.with_name("ledger.sqlite3-wal")
    wal.write_bytes(b"what was not yet in the main file")
    filled.path.unlink()
    for do in (filled.runs, lambda: filled.freeze(record())):
        assert wal.name in refuses(do)
    assert files_in(wal.parent) == {wal.name: b"what was not yet in the main file"}


# places that cannot be written or read


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (sqlite3.SQLITE_FULL, "空き"),
        (sqlite3.SQLITE_IOERR, "読み書き"),
        (sqlite3.SQLITE_READONLY | 8 << 8, "書き込みのできない"),
        (sqlite3.SQLITE_CANTOPEN, "開けません"),
        (sqlite3.SQLITE_BUSY, "使用中"),
        (sqlite3.SQLITE_CORRUPT, "壊れ"),
    ],
)
def test_what_sqlite_says_is_put_into_japanese(filled, code, word):
    def fail():
        with ledger_file.writing(filled.path):
            error = sqlite3.OperationalError("English")
            error.sqlite_errorcode = code
            raise error

    said = refuses(fail)
    assert word in said
    assert "元のまま" in said
    assert "English" not in said
    assert str(filled.path) in said


def test_a_ledger_error_is_one_of_the_family_and_an_os_error(ledger):
    ledger.path.mkdir(parents=True)
    for kind in (KyodoError, OSError):
        with pytest.raises(kind):
            ledger.runs()


def test_a_ledger_that_another_program_holds_can_be_read_but_not_written(filled, monkeypatch):
    monkeypatch.setattr(ledger_file, "BUSY_SECONDS", 0.05)
    before = filled.runs()
    with closing(sqlite3.connect(filled.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "使用中" in refuses(lambda: filled.freeze(record(9)))
        assert filled.runs() == before
        other.execute("ROLLBACK")
    assert filled.freeze(record(9)) in filled.runs()


def test_a_database_without_room_stays_as_it_was(filled, monkeypatch):
    real = ledger_file._connect

    def full(path, mode):
        connection = real(path, mode)
        if mode == "mode=rwc":
            connection.execute("PRAGMA max_page_count=1")  # SQLite takes the present size for the least
        return connection

    before = filled.runs(), filled.events()
    monkeypatch.setattr(ledger_file, "_connect", full)
    assert "空き" in refuses(lambda: filled.freeze(record(text="あ" * 10_000)))
    assert (filled.runs(), filled.events(), filled.verify()) == (*before, ())
    monkeypatch.undo()
    assert filled.freeze(record(text="あ" * 10_000)).run_id == filled.runs()[-1].run_id


LIMITED = """
import resource, sys
from pathlib import Path
from kyodo_geo.errors import LedgerError
from kyodo_geo.ledger import Ledger
workspace, room = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
ledger = Ledger(workspace)
try:
    for number in range(1000):
        said = {"status": "確定", "frozen_by": "花子", "frozen_at": "2024-06-01T09:00:00", "number": number}
        print(ledger.freeze(said | {"text": "あ" * 500}).run_id, flush=True)
except LedgerError as error:
    sys.exit(str(error))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="RLIMIT_FSIZE は POSIX だけ")
@pytest.mark.parametrize("room", [0, 20_000, 60_000, 120_000])
def test_a_file_that_may_not_grow_gives_a_reason_and_keeps_what_it_held(tmp_path, repository, room):
    command = [sys.executable, "-c", LIMITED, tmp_path, str(room)]
    ended = subprocess.run(
        command, cwd=repository, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60,
        env=os.environ | {"PYTHONPATH": str(repository), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert ended.returncode == 1, ended.stderr
    assert "書き込めません" in ended.stderr
    assert "Traceback" not in ended.stderr
    done = ended.stdout.split()
    assert bool(done) == (room >= 60_000)
    ledger = Ledger(tmp_path)
    assert [run.run_id for run in ledger.runs()] == done
    assert ledger.verify() == ()
    ledger.freeze(record())
    assert len(ledger.runs()) == len(done) + 1


AS_NOBODY = """
import os, sys
from pathlib import Path
from kyodo_geo.errors import LedgerError
from kyodo_geo.ledger import Ledger
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
ledger = Ledger(Path(sys.argv[1]))
for do in (lambda: len(ledger.runs()), lambda: ledger.freeze(
    {"status": "確定", "frozen_by": "花子", "frozen_at": "2024-06-01T09:00:00"}
)):
    try:
        print(do())
    except LedgerError as error:
        print(error.what)
"""


@contextmanager
def closed_folder(folder):
    """The folder as one that nobody may write to, reached by a path that a user without rights can pass."""
    folders = [
        folder,
        *(path for path in folder.parents if path.stat().st_uid == os.getuid() and path.parent != path),
    ]
    modes = {path: path.stat().st_mode for path in folders}
    try:
        for path in folders[1:]:
            path.chmod(modes[path] | 0o055)
        folder.chmod(0o555)
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def without_rights(folder, repository):
    """What reading and freezing say to a process that may not write in the folder (root gives its rights up)."""
    with closed_folder(folder):
        ended = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, folder],
            cwd=repository, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60,
            env=os.environ | {"PYTHONPATH": str(repository), "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
    if "PermissionError" in ended.stderr or "ModuleNotFoundError" in ended.stderr:
        pytest.skip(f"権利を捨てたプロセスから Python を起動できません: {ended.stderr.splitlines()[-1]}")
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


posix_rights = pytest.mark.skipif(sys.platform == "win32", reason="利用者を替えるのは POSIX だけ")


@posix_rights
def test_a_folder_without_the_right_to_write_can_still_be_read(filled, repository):
    read, written = without_rights(filled.path.parent, repository)
    assert read == "3"
    assert "書き込めません" in written
    assert len(filled.runs()) == 3


@posix_rights
def test_a_part_that_cannot_be_read_is_refused_rather_than_left_out(filled, repository, tmp_path):
    with closing(sqlite3.connect(filled.path, isolation_level=None)) as other:
        other.execute("PRAGMA wal_autocheckpoint=0")
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO runs (run_id, content, sha256, chain) VALUES ('x', x'00', 'x', 'x')")
        other.execute("COMMIT")
        copied = tmp_path / "copy"
        copied.mkdir()
        for end in ("", "-wal"):  # as a backup would take it: without the shared memory
            part = filled.path.with_name(filled.path.name + end)
            (copied / part.name).write_bytes(part.read_bytes())
    assert (copied / "ledger.sqlite3-wal").stat().st_size > 0
    read, written = without_rights(copied, repository)
    assert "書き終えていない部分" in read
    assert "ledger.sqlite3-wal" in read
    assert "書き込めません" in written
    assert len(Ledger(copied).verify()) > 0  # where it may write, the fourth row is seen


@pytest.mark.parametrize("code", [sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR])
def test_a_ledger_read_without_locks_that_changes_meanwhile_is_refused(filled, monkeypatch, code):
    real = ledger_file._connect

    def no_room_beside(path, mode):
        if "immutable" not in mode:
            error = sqlite3.OperationalError("attempt to write a readonly database")
            error.sqlite_errorcode = code
            raise error
        return real(path, mode)

    other = Ledger(filled.path.parent)
    monkeypatch.setattr(ledger_file, "_connect", no_room_beside)
    assert len(filled.runs()) == 3

    def read_while_another_writes():
        with ledger_file.reading(filled.path) as connection:
            assert connection.execute("SELECT count(*) FROM runs").fetchone() == (3,)
            monkeypatch.undo()
            other.freeze(record(50))

    assert "間に変わりました" in refuses(read_while_another_writes)


# many at once


def at_once(*work):
    """Do all at the same moment, each in a thread; what they raised."""
    raised, gate = [], threading.Barrier(len(work))

    def run(do):
        gate.wait()
        try:
            do()
        except Exception as error:  # noqa: BLE001 - a thread's failure must reach the test
            raised.append(error)

    threads = [threading.Thread(target=run, args=(do,)) for do in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.parametrize("turn", range(15))
def test_threads_that_begin_a_ledger_at_once_all_stand_in_one_chain(ledger, monkeypatch, turn):
    monkeypatch.setattr(ledger_file, "BUSY_SECONDS", 120)  # however slow the disk

    def enter(number):
        ledger.freeze(record(number))
        ledger.append(event(number))
        assert ledger.runs()

    assert at_once(*(partial(enter, number) for number in range(6))) == []
    assert {run.record["number"] for run in ledger.runs()} == set(range(6))
    assert {entry.amount_yen for entry in ledger.events()} == set(range(6))
    assert ledger.verify() == ()


def test_two_at_once_cannot_both_take_the_last_yen(ledger):
    conditions = Conditions(total_limit_yen=50_000, total_years=2)
    asked = [event(30_000, fiscal_year=year, kind=EventKind.APPLICATION) for year in (2024, 2025)]
    (refused,) = at_once(*(partial(ledger.append, entry, conditions=conditions) for entry in asked))
    assert isinstance(refused, InputRefused)
    assert len(ledger.events()) == 1
