from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import threading
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyodo_geo.errors import InputRefused, KyodoError, LedgerError
from kyodo_geo.ledger import Ledger
from kyodo_geo.ledger import file as ledger_file
from kyodo_geo.model.changes import Change
from kyodo_geo.records import Conflict, Draft, Records
from kyodo_geo.records.strand import Strand

KEY = "council", "c01"


def change(number=1, **said):
    entry = Change(
        "council", "c01", {"name": f"架空協議会 {number}"}, "2024-04-01", "架空の告示", "架空課",
        f"2024-06-01T09:00:{number:02}+09:00",
    )  # fmt: skip
    return replace(entry, **said)


def undo(number, seq):
    return change(number, values={}, undoes=seq)


def correction(number, seq):
    return change(number, corrects=seq)


@pytest.fixture
def records(tmp_path):
    return Records(tmp_path / "作業 1")


@pytest.fixture
def filled(records):
    """Three entries about c01, and one about c02."""
    for number, seen in ((1, None), (2, 1), (3, 2)):
        records.add(change(number), seen=seen)
    records.add(change(4, subject="c02"), seen=None)
    assert records.broken() == ()
    return records


@contextmanager
def by_hand(records):
    """The file in the hands of somebody with another program, its triggers taken away."""
    with closing(sqlite3.connect(records.path, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        assert len(triggers) == 3
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, statement in triggers:
            connection.execute(statement)


def refuses(do, error=InputRefused):
    with pytest.raises(error) as refused:
        do()
    assert re.search("[ぁ-ん]", refused.value.what)
    assert refused.value.todo
    return str(refused.value)


def numbers(entries):
    return [one.seq for one in entries]


# what is entered


def test_an_entry_comes_back_as_it_was_entered_under_the_sha256_of_its_bytes(records):
    entered = records.add(change(note="備考\n2行目"), seen=None)
    content = Draft(change(note="備考\n2行目")).content
    assert (entered.seq, entered.change) == (1, change(note="備考\n2行目"))
    assert entered.sha256 == hashlib.sha256(content).hexdigest()
    assert json.loads(content)["values"] == {"name": "架空協議会 1"}
    assert records.entries() == (entered,)


def test_entries_of_a_kind_and_of_a_subject_come_oldest_first(filled):
    filled.add(change(5, kind="project"), seen=None)
    assert numbers(filled.entries()) == [1, 2, 3, 4, 5]
    assert numbers(filled.entries("project")) == [5]
    assert numbers(filled.history(*KEY)) == [1, 2, 3]
    assert filled.history("council", "c03") == ()
    assert (filled.newest(*KEY), filled.newest("council", "c02"), filled.newest("council", "x")) == (
        3,
        4,
        None,
    )


def test_the_mark_is_another_after_every_entry_and_the_same_until_then(records):
    marks = [records.mark()]
    for number in range(1, 4):
        records.add(change(number), seen=number - 1 or None)
        marks.append(records.mark())
        assert records.mark() == marks[-1]
    assert marks[0] == ""
    assert len(set(marks)) == 4


def test_absent_records_read_as_empty_ones_and_are_not_made(records):
    assert (records.entries(), records.history(*KEY), records.broken()) == ((), (), ())
    assert records.newest(*KEY) is None
    refuses(lambda: records.undo(1, by="架空課", at="2024-06-01T09:00:00+09:00", source="s", seen=None))
    assert not records.path.parent.exists()


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"note": "\ud800"}, "文字"),
        ({"subject": "a\0b"}, "NUL"),
        ({"note": "あ" * 4_001}, "備考"),
        ({"subject": "あ" * 4_001}, "対象"),
        ({"source": "あ" * 4_001}, "出典"),
        ({"entered_by": "あ" * 4_001}, "部署"),
    ],
)
def test_what_cannot_be_stored_is_refused(records, said, word):
    assert word in refuses(lambda: records.add(change(**said), seen=None))
    assert records.entries() == ()


def test_the_records_are_kept_by_wal_and_sync_each_entry(filled):
    from kyodo_geo.records.rows import BOOK  # noqa: PLC0415 - only here

    with ledger_file.writing(filled.path, book=BOOK) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
spoken = texts.filter(str.strip)


@st.composite
def changes(draw):
    values = st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), spoken, max_size=4)
    return change(
        subject=draw(spoken.filter(lambda text: "\0" not in text)), values=draw(values), source=draw(spoken),
        entered_by=draw(spoken), note=draw(texts),
    )  # fmt: skip


@settings(max_examples=40)
@given(changes())
def test_any_text_comes_back_and_its_subject_is_found(tmp_path_factory, said):
    records = Records(tmp_path_factory.mktemp("any"))
    entered = records.add(said, seen=None)
    assert entered.change == said
    assert records.history("council", said.subject) == records.entries() == (entered,)
    assert records.broken() == ()


# two at once


def test_who_had_not_seen_the_newest_is_told_who_entered_what_and_when(filled):
    before = filled.entries()
    mine = change(9, values={"name": "架空協議会 9", "form": "振興会"}, since="FY2024")
    with pytest.raises(Conflict) as met:
        filled.add(mine, seen=2)
    assert numbers(met.value.came) == [3]
    said = str(met.value)
    for word in ("3 番", "架空課", "2024-06-01T09:00:03+09:00", "2024-04-01", "何も書き込んでいません"):
        assert word in said
    assert "name 相手「架空協議会 3」・あなた「架空協議会 9」" in said
    assert "form 相手「」・あなた「振興会」" in said
    assert filled.entries() == before
    assert filled.add(mine, seen=3).seq == 5


def test_who_had_seen_nothing_meets_all_that_came(filled):
    with pytest.raises(Conflict) as met:
        filled.add(change(9), seen=None)
    assert numbers(met.value.came) == [1, 2, 3]


@pytest.mark.parametrize("seen", [99, 4])
def test_a_number_of_another_subject_or_another_file_is_no_sight(filled, seen):
    assert f"{seen} 番は、この記録にありません" in refuses(
        partial(filled.add, change(9), seen=seen), Conflict
    )


def test_an_undo_and_a_correction_that_came_in_between_are_named_as_such(filled):
    filled.undo(2, by="別の課", at="2024-06-02T09:00:00+09:00", source="申し出", seen=3)
    filled.add(correction(20, 3), seen=5)
    said = refuses(lambda: filled.add(correction(9, 2), seen=3), Conflict)
    assert "2 番の取消し" in said
    assert "別の課" in said
    assert "3 番の訂正" in said


def test_many_that_came_are_counted(filled):
    for number in range(10, 30):
        filled.add(change(number), seen=filled.newest(*KEY))
    said = refuses(lambda: filled.add(change(9), seen=3), Conflict)
    assert "ほかに 10 件" in said
    assert said.count("番: ") == 10


def test_a_conflict_is_one_of_the_family_and_a_value_error(filled):
    for kind in (KyodoError, ValueError):
        with pytest.raises(kind):
            filled.add(change(9), seen=None)


def test_the_very_same_change_again_is_the_entry_that_stands_there(filled):
    before = filled.entries()
    for seen in (1, None, 3, 99):
        assert filled.add(change(2), seen=seen) == before[1]
    assert filled.entries() == before


def test_the_same_values_entered_again_meet_their_own_entry_as_a_conflict(filled):
    said = refuses(lambda: filled.add(change(3, entered_at="2024-06-01T10:00:00+09:00"), seen=2), Conflict)
    assert "値は同じです" in said


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


@pytest.mark.parametrize("turn", range(10))
def test_of_those_who_saw_the_same_one_enters_and_the_others_see_the_conflict(records, monkeypatch, turn):
    monkeypatch.setattr(ledger_file, "BUSY_SECONDS", 120)  # however slow the disk
    raised = at_once(*(partial(records.add, change(number), seen=None) for number in range(6)))
    assert [type(one) for one in raised] == [Conflict] * 5
    (kept,) = records.entries()
    assert all(one.came == (kept,) for one in raised)
    assert records.broken() == ()


def test_threads_on_subjects_of_their_own_are_not_in_each_others_way(records, monkeypatch):
    monkeypatch.setattr(ledger_file, "BUSY_SECONDS", 120)

    def enter(who):
        seen = None
        for number in range(5):
            seen = records.add(change(number, subject=f"c{who}"), seen=seen).seq
            assert records.entries()

    assert at_once(*(partial(enter, who) for who in range(6))) == []
    assert len(records.entries()) == 30
    assert records.broken() == ()


# corrections and undos


def test_a_correction_and_an_undo_name_their_entry_by_number(filled):
    assert filled.add(correction(10, 2), seen=3).change.corrects == 2
    assert filled.undo(5, by="架空課", at="2024-06-02T09:00:00+09:00", source="申し出", seen=5).seq == 6
    assert [(one.change.corrects, one.change.undoes) for one in filled.entries()[4:]] == [
        (2, None),
        (None, 5),
    ]
    assert filled.entries()[5].change.since == "2024-04-01"
    assert filled.broken() == ()


@pytest.mark.parametrize("aimed", [99, 4])
@pytest.mark.parametrize("make", [correction, undo])
def test_what_is_not_of_the_same_subject_cannot_be_corrected_or_undone(filled, make, aimed):
    before = filled.entries()
    assert f"{aimed} 番" in refuses(lambda: filled.add(make(10, aimed), seen=3))
    assert filled.entries() == before


@pytest.mark.parametrize("make", [correction, undo])
@pytest.mark.parametrize("again", [correction, undo])
def test_what_is_corrected_or_undone_cannot_be_so_again(filled, make, again):
    filled.add(make(10, 2), seen=3)
    assert "すでに" in refuses(lambda: filled.add(again(11, 2), seen=5))


def test_undoing_brings_back_and_can_itself_be_undone(filled):
    filled.add(correction(10, 2), seen=3)  # 5
    filled.add(correction(11, 5), seen=5)  # 6 in place of 5, and 2 is not back
    assert "すでに" in refuses(lambda: filled.add(correction(12, 2), seen=6))
    filled.add(undo(12, 6), seen=6)  # 7: 5 is back
    filled.add(undo(13, 5), seen=7)  # 8: 2 is back
    filled.add(undo(14, 8), seen=8)  # 9: 5 is back
    assert "すでに" in refuses(lambda: filled.add(correction(15, 2), seen=9))
    assert filled.add(correction(15, 5), seen=9).seq == 10
    assert "取消しの記録" in refuses(lambda: filled.add(correction(16, 9), seen=10))
    assert filled.broken() == ()


def test_an_undo_is_not_undone_when_its_entry_was_meanwhile_corrected_in_another_way(filled):
    filled.add(correction(10, 2), seen=3)  # 5
    filled.add(undo(11, 5), seen=5)  # 6
    filled.add(correction(12, 2), seen=6)  # 7
    assert "二重" in refuses(lambda: filled.add(undo(13, 6), seen=7))  # else 5 and 7 would both stand for 2


def counting(entries):
    """The numbers in force, told slowly: an entry counts unless an undo in force aims at it or it was replaced."""

    def undone(seq):
        return any(one.change.undoes == seq and not undone(one.seq) for one in entries)

    def replaced(seq):
        return any(one.change.corrects == seq and not undone(one.seq) for one in entries)

    return {one.seq for one in entries if not undone(one.seq) and not replaced(one.seq)}


@settings(max_examples=30)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 12)), max_size=14))
def test_whatever_is_tried_only_what_is_in_force_is_aimed_at_and_nothing_stands_twice(
    tmp_path_factory, tries
):
    records = Records(tmp_path_factory.mktemp("any"))
    seen = records.add(change(0), seen=None).seq
    for number, (corrects, aimed) in enumerate(tries, start=1):
        before = records.entries()
        one = correction(number, aimed) if corrects else undo(number, aimed)
        try:
            seen = records.add(one, seen=seen).seq
        except InputRefused:
            assert records.entries() == before
        else:
            assert aimed in counting(before)
    entries = records.entries()
    plain = counting(entries) & {one.seq for one in entries if one.change.undoes is None}
    assert len(plain) <= 1  # all began with the one entry: it is there, or what took its place, or nothing
    assert records.broken() == ()


# many in one transaction


def test_many_are_added_in_their_order_or_none(records):
    many = [change(1), change(2), change(3, subject="c02")]
    assert numbers(records.add_all(many, seen={})) == [1, 2, 3]
    again = [change(5), change(2), change(6, subject="c02", corrects=3), change(7, subject="c03")]
    added = records.add_all(again, seen={KEY: 2, ("council", "c02"): 3})
    assert numbers(added) == [4, 2, 5, 6]
    assert records.entries() == (*records.entries()[:3], added[0], added[2], added[3])
    assert records.broken() == ()


def test_of_many_every_fault_and_every_conflict_is_told_and_nothing_written(filled):
    before = filled.entries()
    many = [correction(10, 77), undo(11, 88), change(12), change(12)]
    said = refuses(lambda: filled.add_all(many, seen={KEY: 3}))
    assert said.count("  - ") == 3
    assert "77 番" in said
    assert "88 番" in said
    assert "全く同じ" in said
    with pytest.raises(Conflict) as met:
        filled.add_all([change(10), change(11, subject="c02"), change(12, subject="c03")], seen={KEY: 1})
    assert numbers(met.value.came) == [2, 3, 4]
    assert filled.entries() == before


# nothing is changed


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET sha256 = 'x'",
        "DELETE FROM entries",
        "DELETE FROM entries WHERE seq = 3",
        "INSERT OR REPLACE INTO entries (seq, content, sha256, chain) SELECT seq, content, 'x', 'y' FROM entries",
        "REPLACE INTO entries (content, sha256, chain) SELECT '{}', sha256, 'z' FROM entries",
    ],
)
def test_the_file_itself_refuses_changes_and_removals(filled, statement):
    before = filled.entries()
    with (
        closing(sqlite3.connect(filled.path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(statement)
    assert filled.entries() == before
    assert filled.broken() == ()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("content", Draft(change(2, source="別の出典")).content),
        ("content", Draft(change(2, subject="c09")).content),
        ("content", b"{}"),
        ("content", "{}"),
        ("content", 7),
        ("content", b'{},{"a":1}'[:2]),
        ("sha256", "0" * 64),
    ],
)
def test_a_changed_value_is_found_and_reading_it_is_refused(filled, column, value):
    with by_hand(filled) as connection:
        connection.execute(f"UPDATE entries SET {column} = ? WHERE seq = 2", (value,))
    assert any("記録 2 番" in fault.what for fault in filled.broken())
    said = refuses(filled.entries, LedgerError)
    assert "記録 2 番" in said
    assert "改ざん" in said


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_a_removed_row_is_found_also_the_last(filled, seq):
    with by_hand(filled) as connection:
        connection.execute(f"DELETE FROM entries WHERE seq = {seq}")
    told = f"記録の通し番号 {seq} がありません(削除か破損)"
    assert told in [fault.what for fault in filled.broken()]
    filled.add(change(50, subject="c50"), seen=None)
    assert told in [fault.what for fault in filled.broken()]


def test_a_correction_whose_entry_is_gone_is_refused(filled):
    filled.add(correction(10, 2), seen=3)
    with by_hand(filled) as connection:
        connection.execute("DELETE FROM entries WHERE seq = 2")
    for do in (filled.entries, lambda: filled.history(*KEY), lambda: filled.add(change(11), seen=5)):
        assert "記録 5 番" in refuses(do, LedgerError)
    assert any("元が" in fault.what for fault in filled.broken())


def test_a_row_taken_out_and_the_numbers_closed_up_breaks_the_chain(filled):
    with by_hand(filled) as connection:
        connection.execute("DELETE FROM entries WHERE seq = 2")
        connection.execute("UPDATE entries SET seq = seq - 1 WHERE seq > 2")
        connection.execute("UPDATE sqlite_sequence SET seq = 3 WHERE name = 'entries'")
    assert any("つながり" in fault.what for fault in filled.broken())


def put(records, content, chain="x"):
    sha256 = hashlib.sha256(content).hexdigest()
    with closing(sqlite3.connect(records.path)) as connection, connection:
        if chain != "x":
            last = connection.execute("SELECT chain FROM entries ORDER BY seq DESC").fetchone()[0]
            chain = hashlib.sha256(f"{last}{sha256}".encode()).hexdigest()
        row = (content, sha256, chain)
        connection.execute("INSERT INTO entries (content, sha256, chain) VALUES (?, ?, ?)", row)


def test_a_row_put_in_by_hand_breaks_the_chain(filled):
    put(filled, Draft(change(47)).content)
    (fault,) = filled.broken()
    assert "記録 5 番" in str(fault)
    assert "つながり" in str(fault)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"{}", "記録の形"),
        (b"[1]", "記録の形"),
        (Draft(change(7)).content.replace(b"council", b"nothing"), "記録の形"),
        (Draft(change(7)).content.replace(b"2024-04-01", b"2024-04-31"), "記録の形"),
        (Draft(change(7)).content.replace(b'{"name":', b'{"Name":'), "記録の形"),
        (Draft(change(7)).content.replace(b",", b", ", 1), "書き方"),
        (Draft(change(7, undoes=1, values={}), "0" * 64).content, "元が"),
    ],
)
def test_a_row_put_in_with_right_sums_is_found_when_it_is_no_entry(filled, content, word):
    put(filled, content, chain="right")
    assert [word in str(fault) for fault in filled.broken()] == [True]


def test_bytes_that_are_no_json_are_refused_by_the_file_itself(filled):
    with pytest.raises(sqlite3.OperationalError, match="malformed JSON"):
        put(filled, b"no JSON", chain="right")
    assert filled.broken() == ()


@pytest.mark.parametrize("content", [b"no JSON", b"", b"{},{}", b'{"a":1'])
def test_in_a_file_made_by_hand_a_row_that_is_not_one_entry_is_refused_by_name(filled, content):
    with by_hand(filled) as connection:
        plain = "seq INTEGER PRIMARY KEY AUTOINCREMENT, content BLOB, sha256 TEXT, chain TEXT"
        connection.execute(f"CREATE TABLE other ({plain})")
        connection.execute("INSERT INTO other SELECT seq, content, sha256, chain FROM entries")
        connection.execute("DROP TABLE entries")
        connection.execute("ALTER TABLE other RENAME TO entries")
        put(filled, content, chain="right")
        assert "記録 5 番" in refuses(filled.entries, LedgerError)
        assert any("記録 5 番" in fault.what for fault in filled.broken())
        connection.execute("ALTER TABLE entries ADD COLUMN kind")
        connection.execute("ALTER TABLE entries ADD COLUMN subject")


def test_the_ledger_and_the_records_are_not_taken_for_each_other(filled, tmp_path):
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "ledger.sqlite3").write_bytes(filled.path.read_bytes())
    assert "この台帳のファイルではありません" in refuses(Ledger(folder).runs, LedgerError)
    Ledger(tmp_path / "l").freeze({"status": "確定", "frozen_by": "花子", "frozen_at": "2024-06-01T09:00:00"})
    (folder / "records.sqlite3").write_bytes((tmp_path / "l" / "ledger.sqlite3").read_bytes())
    assert "この記録のファイルではありません" in refuses(Records(folder).entries, LedgerError)


def test_records_that_another_program_holds_can_be_read_but_not_written(filled, monkeypatch):
    monkeypatch.setattr(ledger_file, "BUSY_SECONDS", 0.05)
    before = filled.entries()
    with closing(sqlite3.connect(filled.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = refuses(lambda: filled.add(change(9), seen=3), LedgerError)
        assert "使用中" in said
        assert "記録は元のまま" in said
        assert "台帳" not in said
        assert filled.entries() == before
        other.execute("ROLLBACK")
    assert filled.add(change(9), seen=3).seq == 5


def test_a_strand_of_no_entries_has_no_newest():
    assert Strand.of(()).newest is None
