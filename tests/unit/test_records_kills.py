"""The records under real kills: what was said to be entered is there whole, and nothing is there in half."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time

import pytest

from kyodo_geo.model.changes import Change
from kyodo_geo.records import Records, export_csv, import_file

ROUNDS = 25
PATIENCE_S = 60  # a child that says nothing for so long is broken; no test waits for it in the ordinary case

CHANGES = """
import sys
from pathlib import Path
from kyodo_geo.model.changes import Change
from kyodo_geo.records import Conflict, Records, import_file
records, child = Records(Path(sys.argv[1])), sys.argv[2]
def change(subject, number, text="清掃"):
    moment = f"2024-06-01T09:{number // 60 % 60:02}:{number % 60:02}+09:00"
    values = {"child": child, "number": str(number), "text": text}
    return Change("activity", subject, values, "FY2024", "架空の報告書", "架空課", moment)
"""

ENTERS_ON_AND_ON = (
    CHANGES
    + """
seen, number = None, 0
while True:
    entered = records.add(change(f"c{child}", number, "地区" * 600), seen=seen)
    print(entered.seq, entered.sha256, flush=True)
    seen, number = entered.seq, number + 1
"""
)

# all children enter about the same subject: who is overtaken looks again
ENTERS_FIVE = (
    CHANGES
    + """
sys.stdin.readline()
number = overtaken = 0
seen = None
while number < 5:
    try:
        entered = records.add(change("c01", number), seen=seen)
    except Conflict as met:
        seen, overtaken = met.came[-1].seq, overtaken + 1
        continue
    print(entered.seq, entered.sha256, flush=True)
    seen, number = entered.seq, number + 1
print("overtaken", overtaken, flush=True)
"""
)

IMPORTS = (
    CHANGES
    + """
records = Records(Path(sys.argv[1]) / child)
print("begun", flush=True)
taken = import_file(records, Path(sys.argv[3]).read_bytes(), name="控え.csv")
print(len(taken.added), taken.already, flush=True)
"""
)

# stops for good before a statement of the entry, or before the COMMIT with the new pages already in the files
STOPS = (
    CHANGES
    + """
import time
from kyodo_geo.ledger import file as ledger_file
def stop(statement):
    if statement.startswith(sys.argv[3]):
        print("stopped", flush=True)
        time.sleep(600)
real = ledger_file._connect
def watched(path, mode):
    connection = real(path, mode)
    connection.execute("PRAGMA cache_size=1")
    connection.set_trace_callback(stop)
    return connection
ledger_file._connect = watched
many = [change(f"c{number}", number, "地区" * 900) for number in range(300)]
records.add_all(many, seen={})
print("not stopped", flush=True)
"""
)


@pytest.fixture
def start(repository, tmp_path):
    """Start a child with a script on the records of tmp_path; every child is gone at the end."""
    children = []

    def begin(script, *words):
        child = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "records"), *words],
            cwd=repository, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env=os.environ | {"PYTHONPATH": str(repository), "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        children.append(child)
        return child

    yield begin
    for child in children:
        child.kill()
        child.communicate()


@pytest.fixture
def records(tmp_path):
    return Records(tmp_path / "records")


def one(number=0, **said):
    moment = f"2024-05-01T09:00:{number:02}+09:00"
    return Change("activity", said.pop("subject", "前"), said, "FY2024", "架空の報告書", "架空課", moment)


def said_by(child):
    """The (number, sha256) of the whole lines of a child that has ended."""
    # not communicate(): it would pass by what an earlier readline() holds in its buffer
    out = child.stdout.read()
    child.wait(timeout=PATIENCE_S)
    return [tuple(line.split()) for line in out.splitlines(keepends=True) if line.endswith("\n")]


def identities(records):
    return [(str(entry.seq), entry.sha256) for entry in records.entries()]


def test_what_was_said_to_be_entered_survives_a_kill_at_any_moment(start, records):
    moments = random.Random(20240601)
    promised, with_promise = [], 0
    for turn in range(ROUNDS):
        child = start(ENTERS_ON_AND_ON, str(turn))
        first = child.stdout.readline()  # the child is in its loop; from here on any moment will do
        time.sleep(moments.random() * 0.05)
        child.kill()
        said = [tuple(first.split()), *said_by(child)]
        assert child.returncode != 0
        assert all(len(line) == 2 for line in said)
        with_promise += len(said) > 1
        kept = identities(records)
        assert kept[: len(promised)] == promised, "what an earlier round left has changed"
        new = kept[len(promised) :]
        assert new[: len(said)] == said
        assert len(new) - len(said) in {0, 1}, "at most the entry that was under way, stored but not yet said"
        assert records.broken() == ()
        promised = kept
    assert with_promise > 0
    assert len(promised) >= ROUNDS


def test_a_kill_before_anything_was_said_leaves_records_that_work(start, records):
    moments = random.Random(7)
    for turn in range(ROUNDS):
        child = start(ENTERS_ON_AND_ON, str(turn))
        time.sleep(moments.random() * 0.3)  # from the start of Python to the first tables and entries
        child.kill()
        said = said_by(child)
        assert set(said) <= set(identities(records))
        assert records.broken() == ()
    entered = records.add(one(), seen=None)
    assert records.entries()[-1] == entered
    assert records.broken() == ()


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize(
    "statement", ["PRAGMA user_version", "BEGIN IMMEDIATE", "INSERT INTO entries", "COMMIT"]
)
def test_a_kill_inside_the_transaction_takes_all_of_it_back(start, records, begun, statement):
    before = (records.add(one(text="前"), seen=None),) if begun else ()
    child = start(STOPS, "0", statement)
    assert child.stdout.readline() == "stopped\n"
    if begun:  # the very first tables are made under a lock that keeps readers waiting
        assert records.entries() == before, "others see nothing of it while it lasts"
    child.kill()
    assert said_by(child) == []
    if begun and statement == "COMMIT":
        left = records.path.with_name("records.sqlite3-wal").stat().st_size
        assert left > 1_000_000, "the pages of the entries are in the file, only the COMMIT is not"
    assert records.entries() == before
    assert records.broken() == ()
    entered = records.add(one(1, text="後"), seen=records.newest("activity", "前"))
    assert records.entries() == (*before, entered)
    assert records.broken() == ()


def test_an_import_that_was_killed_has_added_all_or_nothing_and_can_be_repeated(start, records, tmp_path):
    source = Records(tmp_path / "source")
    many = [one(number % 60, subject=f"c{number}", text="地区" * 50) for number in range(800)]
    source.add_all(many, seen={})
    file = tmp_path / "控え.csv"
    file.write_bytes(export_csv(source.entries()))
    moments = random.Random(3)
    for turn in range(ROUNDS):
        child = start(IMPORTS, str(turn), str(file))
        assert child.stdout.readline() == "begun\n"
        time.sleep(moments.random() * 0.3)
        child.kill()
        said = said_by(child)
        taken = Records(tmp_path / "records" / str(turn))
        assert len(taken.entries()) in ({800} if said else {0, 800})
        assert taken.broken() == ()
        import_file(taken, file.read_bytes(), name="控え.csv")
        assert taken.entries() == source.entries()


def test_after_a_kill_the_same_call_again_finds_its_own_entry(start, records):
    child = start(ENTERS_ON_AND_ON, "1")
    child.stdout.readline()
    child.kill()
    said_by(child)
    before = records.entries()
    for entry in before:  # whatever was seen: the very same change is recognised
        assert records.add(entry.change, seen=None) == entry
    assert records.entries() == before


def test_programs_that_enter_about_the_same_subject_at_once_lose_nothing(start, records):
    children = [start(ENTERS_FIVE, str(number)) for number in range(4)]
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    said = [line for child in children for line in said_by(child)]
    assert [child.returncode for child in children] == [0] * 4
    entered = [line for line in said if line[0] != "overtaken"]
    assert len(entered) == 20
    assert sorted(entered) == sorted(identities(records))
    assert records.broken() == ()


def test_programs_killed_beside_one_that_goes_on_do_it_no_harm(start, records):
    steady = start(ENTERS_ON_AND_ON, "steady")
    promised = [tuple(steady.stdout.readline().split())]
    for turn in range(5):
        other = start(ENTERS_ON_AND_ON, str(turn))
        promised.append(tuple(other.stdout.readline().split()))
        other.kill()
        promised += said_by(other)
        promised.append(tuple(steady.stdout.readline().split()))
    assert steady.poll() is None
    steady.kill()
    promised += said_by(steady)
    assert len(promised) >= 11
    assert set(promised) <= set(identities(records))
    assert records.broken() == ()
