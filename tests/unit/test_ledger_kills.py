"""The ledger under real kills: what was said to be frozen is there whole, and nothing is there in half."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from datetime import date

import pytest

from kyodo_geo.ledger import Ledger
from kyodo_geo.model.grant_life import EventKind, GrantEvent

ROUNDS = 25
PATIENCE_S = 60  # a child that says nothing for so long is broken; no test waits for it in the ordinary case

RECORDS = """
import sys
from pathlib import Path
from kyodo_geo.ledger import Ledger
def record(child, number):
    said = {"status": "確定", "frozen_by": "架空 花子", "frozen_at": "2024-06-01T09:00:00+09:00"}
    return said | {"child": child, "number": number, "text": "地区" * 2000}
ledger, child = Ledger(Path(sys.argv[1])), sys.argv[2]
"""

FREEZES_ON_AND_ON = (
    RECORDS
    + """
number = 0
while True:
    run = ledger.freeze(record(child, number))
    print(run.run_id, run.sha256, flush=True)
    number += 1
"""
)

FREEZES_FIVE = (
    RECORDS
    + """
sys.stdin.readline()
for number in range(5):
    run = ledger.freeze(record(child, number))
    print(run.run_id, run.sha256, flush=True)
"""
)

# stops for good before a statement of the freeze, or before the COMMIT with the new pages already in the files
STOPS = (
    RECORDS
    + """
import sqlite3, time
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
ledger.freeze(record(child, 0) | {"text": "地区" * 200_000})
print("not stopped", flush=True)
"""
)


@pytest.fixture
def start(repository, tmp_path):
    """Start a child with a script on the ledger of tmp_path; every child is gone at the end."""
    children = []

    def begin(script, *words):
        child = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "ledger"), *words],
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
def ledger(tmp_path):
    return Ledger(tmp_path / "ledger")


def said_by(child):
    """The (id, sha256) of the whole lines of a child that has ended."""
    # not communicate(): it would pass by what an earlier readline() holds in its buffer
    out = child.stdout.read()
    child.wait(timeout=PATIENCE_S)
    return [tuple(line.split()) for line in out.splitlines(keepends=True) if line.endswith("\n")]


def identities(ledger):
    return [(run.run_id, run.sha256) for run in ledger.runs()]


def is_whole(ledger):
    for run in ledger.runs():  # reading proves each sha256
        assert run.record["text"]
        assert run.record["status"] == "確定"
    assert ledger.verify() == ()


def test_what_was_said_to_be_frozen_survives_a_kill_at_any_moment(start, ledger):
    moments = random.Random(20240601)
    promised, with_promise = [], 0
    for turn in range(ROUNDS):
        child = start(FREEZES_ON_AND_ON, str(turn))
        first = child.stdout.readline()  # the child is in its loop; from here on any moment will do
        time.sleep(moments.random() * 0.05)
        child.kill()
        said = [tuple(first.split()), *said_by(child)]
        assert child.returncode != 0
        assert all(len(line) == 2 for line in said)
        with_promise += len(said) > 1
        kept = identities(ledger)
        assert kept[: len(promised)] == promised, "what an earlier round left has changed"
        new = kept[len(promised) :]
        assert new[: len(said)] == said
        assert len(new) - len(said) in {0, 1}, "at most the run that was under way, frozen but not yet said"
        is_whole(ledger)
        promised = kept
    assert with_promise > 0
    assert len(promised) >= ROUNDS


def test_a_kill_before_anything_was_said_leaves_a_ledger_that_works(start, ledger):
    moments = random.Random(7)
    for turn in range(ROUNDS):
        child = start(FREEZES_ON_AND_ON, str(turn))
        time.sleep(moments.random() * 0.15)  # from the start of Python to the first tables and runs
        child.kill()
        said = said_by(child)
        assert set(said) <= set(identities(ledger))
        is_whole(ledger)
    run = ledger.freeze(
        {"status": "確定", "frozen_by": "花子", "frozen_at": "2024-06-01T09:00:00", "text": "後"}
    )
    assert ledger.runs()[-1] == run
    is_whole(ledger)


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize(
    "statement",
    ["PRAGMA user_version", "BEGIN IMMEDIATE", "INSERT INTO runs", "COMMIT"],
)
def test_a_kill_inside_the_transaction_takes_it_back(start, ledger, begun, statement):
    before = ()
    if begun:
        said = {"status": "確定", "frozen_by": "花子", "frozen_at": "2024-06-01T09:00:00", "text": "前"}
        before = (ledger.freeze(said),)
    child = start(STOPS, "0", statement)
    assert child.stdout.readline() == "stopped\n"
    if begun:  # the very first tables are made under a lock that keeps readers waiting
        assert ledger.runs() == before, "others see nothing of it while it lasts"
    child.kill()
    assert said_by(child) == []
    if begun and statement == "COMMIT":
        left = ledger.path.with_name("ledger.sqlite3-wal").stat().st_size
        assert left > 1_000_000, "the pages of the run are in the file, only the COMMIT is not"
    assert ledger.runs() == before
    is_whole(ledger)
    run = ledger.freeze(
        {"status": "確定", "frozen_by": "花子", "frozen_at": "2024-06-01T09:00:00", "text": "後"}
    )
    assert ledger.runs() == (*before, run)
    is_whole(ledger)


@pytest.mark.parametrize("statement", ["CREATE TABLE events", "CREATE TRIGGER", "PRAGMA journal_mode"])
def test_a_kill_while_the_file_is_made_leaves_an_empty_ledger(start, ledger, statement):
    child = start(STOPS, "0", statement)
    assert child.stdout.readline() == "stopped\n"
    child.kill()
    child.wait(timeout=PATIENCE_S)
    assert ledger.path.exists()
    assert (ledger.runs(), ledger.events(), ledger.verify()) == ((), (), ())
    entry = GrantEvent(2024, "hitomachi", "01", "架空協働体", EventKind.LIMIT, 1, date(2024, 6, 1), "花子")
    assert ledger.append(entry) == 1
    assert ledger.verify() == ()


def test_programs_that_begin_the_same_ledger_at_once_share_it(start, ledger):
    children = [start(FREEZES_FIVE, str(number)) for number in range(6)]
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    said = [line for child in children for line in said_by(child)]
    assert [child.returncode for child in children] == [0] * 6
    assert len(said) == 30
    assert sorted(identities(ledger)) == sorted(said)
    is_whole(ledger)


def test_programs_killed_beside_one_that_goes_on_do_it_no_harm(start, ledger):
    steady = start(FREEZES_ON_AND_ON, "steady")
    promised = [tuple(steady.stdout.readline().split())]
    for turn in range(5):
        other = start(FREEZES_ON_AND_ON, str(turn))
        promised.append(tuple(other.stdout.readline().split()))
        other.kill()
        promised += said_by(other)
        promised.append(tuple(steady.stdout.readline().split()))
    assert steady.poll() is None
    steady.kill()
    promised += said_by(steady)
    assert len(promised) >= 11
    assert set(promised) <= set(identities(ledger))
    is_whole(ledger)
